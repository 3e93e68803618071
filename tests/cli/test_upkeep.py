"""`migrate`, `backup`, `doctor`: the database's upkeep."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.peers.bot_api import TOKEN
from tests.peers.bot_api.remote import Remote


def test_migrate_and_again(command: Command, folder: Path) -> None:
    assert command("migrate").out == "migrated\n"
    assert command("migrate").out == "already up to date\n"
    assert (folder / "solidarity-bot.db").exists()


@pytest.mark.parametrize("name", ["migrate", "doctor", "chat"])
def test_a_file_that_is_no_database(command: Command, folder: Path, name: str) -> None:
    (folder / "solidarity-bot.db").write_text("not a database at all, but long enough to be looked at" * 20)
    ended = command(name)
    assert ended.code == 1
    assert "not an SQLite database" in ended.out + ended.err
    assert "Traceback" not in ended.err


def test_a_server_that_does_not_answer(command: Command) -> None:
    ended = command("migrate", storage__url="postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    assert ended.code == 1
    assert "the server does not answer" in ended.one_line()


def test_a_backup_is_a_database(command: Command, folder: Path) -> None:
    command("chat", stdin=b"/langue\n1\n")
    assert command("backup", "copy.db").code == 0
    with sqlite3.connect(folder / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM person").fetchone() == (1,)


def test_a_backup_that_cannot_be_written(command: Command) -> None:
    command("migrate")
    ended = command("backup", "/nowhere/copy.db")
    assert ended.code == 1
    assert "/nowhere/copy.db" in ended.one_line()


def test_doctor_finds_a_fresh_start_in_order(command: Command) -> None:
    ended = command("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert "✘" not in ended.out
    assert "✔ scheduler: it has not run here yet; nothing is due" in ended.out


def test_doctor_asks_telegram(command: Command, telegram: Remote) -> None:
    ended = command("doctor", telegram__token=TOKEN, telegram__api_url=telegram.url)
    assert ended.code == 0
    assert "✔ telegram: token accepted, @solidarite_test_bot" in ended.out
    assert "✔ clock: right" in ended.out
    assert TOKEN not in ended.out


def test_doctor_says_what_to_mend(command: Command, telegram: Remote) -> None:
    ended = command("doctor", telegram__token="1:wrong", telegram__api_url=telegram.url)
    assert ended.code == 1
    assert "✘ telegram: the token is refused" in ended.out
    assert "1:wrong" not in ended.out
    ended.one_line()
    nobody = "http://127.0.0.1:9"
    ended = command("doctor", telegram__token="1:x", telegram__api_url=nobody, geocoding__url=nobody)
    assert ended.code == 1
    assert "✘ telegram: no answer" in ended.out
    assert "✘ geocoder: " in ended.out
