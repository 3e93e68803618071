"""`chat`: the bot in the terminal, also from a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.console import Console, Printed
from bot.messages import Button
from tests.cli.conftest import Command
from tests.crash.process import ROOT


def test_a_transcript(command: Command) -> None:
    ended = command("chat", stdin=b"douche gare du nord\nPlus\net demain matin ?\n/quit\nnever read\n")
    assert (ended.code, ended.err) == (0, "")
    before, *turns = ended.out.split("\n> ")
    assert "Bonjour" in before
    questions = [turn.splitlines()[0] for turn in turns]
    assert questions == ["douche gare du nord", "Plus", "et demain matin ?"]
    assert "Gare du Nord" in turns[0]
    assert "[1. Itinéraire 1]" in turns[0]
    assert "D’autres, près de Gare du Nord" in turns[1]
    assert "demain entre 06:00 et 12:00" in turns[2]


def test_buttons_by_number_and_positions(command: Command) -> None:
    ended = command("chat", stdin=b"48.8809, 2.3553\n1\n1\n")
    turns = ended.out.split("\n> ")
    assert "Que cherchez-vous près d’ici" in turns[1]
    assert "votre position" in turns[2]
    assert "🗺" in turns[3]
    assert "https://www.openstreetmap.org/directions" in turns[3]


def test_buttons_by_their_words_without_the_signs_before_them() -> None:
    console = Console("ada", "fr")
    console.shown(Printed("", (Button("☐ English", "words:en"), Button("📍 Près d’ici", "near"))))
    now = datetime.now(UTC)
    assert [console.read(said, now).text for said in ("english", "près d'ici", "[☐ English]")] == [
        "words:en", "near", "words:en",
    ]  # fmt: skip


def test_where_one_is_and_in_what_language(command: Command) -> None:
    ended = command("chat", "--lang", "en", "--near", "48.8809,2.3553", stdin=b"shower\n")
    assert "your position" in ended.out.split("\n> ")[1]
    assert "Hello" in ended.out


def test_each_name_is_another_person(command: Command) -> None:
    command("chat", "--as", "ada", stdin=b"douche bastille\n")
    assert "Bastille" in command("chat", "--as", "ada", stdin=b"et demain ?\n").out.split("\n> ")[1]
    assert "Bastille" not in command("chat", "--as", "bob", stdin=b"et demain ?\n").out.split("\n> ")[1]


def test_bytes_that_are_no_text(command: Command) -> None:
    ended = command("chat", stdin=b"\xff\xfe\x00 douche bastille\n")
    assert ended.code == 0, ended.err
    assert "Bastille" in ended.out


def test_the_database_cannot_be_written(command: Command) -> None:
    ended = command("chat", storage__url="sqlite:////nowhere/at/all.db")
    assert ended.code == 1
    assert "/nowhere/at/all.db" in ended.one_line()


def test_in_a_process_of_its_own_from_a_pipe(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "chat"], cwd=folder, input="douche gare du nord\n", env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Gare du Nord" in ended.stdout
