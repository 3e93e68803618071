"""`activities certificates` and `activities qr`: what staff print."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import Connection

from storage import attendance, people, profiles, signups
from storage.database import Database
from tests.cli.conftest import Command
from tests.dialogues.activities import publish

NOW = datetime(2026, 12, 8, 18, 20, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def code(command: Command, folder: Path) -> str:
    """Of a training that two people came to, one of whom reads from right to left, and a third did not."""
    assert command("migrate").code == 0

    def work(connection: Connection) -> str:
        training = {
            "kind": "training", "title": "Aller vers", "dates": ["2026-12-08T18:30"], "minimum_age": 0,
            "gives": "volunteer", "gives_months": 24, "organiser": "Aurore",
        }  # fmt: skip
        (code,) = publish(connection, training, NOW - timedelta(days=10))
        for name, language in (("Nadia", "fr"), ("أحمد", "ar"), ("Eve", "en")):
            known = people.welcome(connection, {("telegram", name): language}, NOW)["telegram", name]
            people.found_at(connection, {known.id: name})
            profiles.change(connection, known.id, name=name)
            signups.sign_up_for(connection, 1, known.id, 1, NOW - timedelta(days=1))
            if name != "Eve":
                attendance.check_in(connection, code, known.id, NOW)
        return code

    async def write() -> str:
        database = Database.open(f"sqlite:///{folder / 'solidarity-bot.db'}")
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(write())


def test_everybody_who_was_there_has_a_certificate_in_their_language(command: Command, folder: Path, code: str) -> None:
    ended = command("activities", "certificates", code.lower(), "-o", "papers")
    assert (ended.code, ended.out) == (0, "2 certificates written to papers\n")
    files = sorted((folder / "papers").iterdir())
    assert [file.name for file in files] == ["certificate-1.pdf", "certificate-2.pdf"]
    french, arabic = (PdfReader(file, strict=True) for file in files)
    text = french.pages[0].extract_text()
    for wanted in (
        "Attestation",
        "Nadia",
        "a suivi la formation Aller vers, 8 déc. 2026, 2 h 00.",
        "8 déc. 2028",
        "Aurore",
    ):
        assert wanted in text.replace("\u00a0", " ").replace("\u202f", " ")
    assert arabic.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert "Aller vers" in arabic.pages[0].extract_text()


def test_the_code_for_the_wall(command: Command, folder: Path, code: str) -> None:
    ended = command("activities", "qr", code, "code.png", "--bot", "@SolidariteParisBot")
    assert (ended.code, ended.out) == (0, f"https://t.me/SolidariteParisBot?start=code_{code} written to code.png\n")
    picture = Image.open(io.BytesIO((folder / "code.png").read_bytes()))
    assert picture.format == "PNG"
    assert picture.width == picture.height > 300
    assert command("activities", "qr", code, "code.png").out == f"{code} written to code.png\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("certificates", "NNNNNN", "-o", "papers"), ("qr", "NNNNNN", "code.png"), ("qr", "NNNNNN", "code.png", "--bot", "é b"),
        ("certificates", "NNNNNN"), ("qr", "", "code.png"),
    ],
)  # fmt: skip
def test_what_is_no_code_is_refused_in_a_line(command: Command, code: str, arguments: tuple[str, ...]) -> None:
    ended = command("activities", *arguments)
    assert ended.code == 2
    ended.one_line()


def test_what_cannot_be_written_is_said_in_a_line(command: Command, folder: Path, code: str) -> None:
    (folder / "papers").write_text("a file")
    assert "papers" in command("activities", "certificates", code, "-o", "papers").one_line()
    assert "nowhere" in command("activities", "qr", code, "nowhere/code.png").one_line()
