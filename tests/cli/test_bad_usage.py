"""Wrong arguments and settings: exit code 2, and one line that names what to mend."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.crash.process import free_port
from tests.peers.bot_api import TOKEN
from tests.peers.bot_api.remote import Remote


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nonsense"], "nonsense"),
        (["ask"], "text"),
        (["ask", "x", "--colour", "red"], "--colour"),
        (["ask", "x", "--near", "1"], "--near 1"),
        (["ask", "x", "--near", "91,0"], "--near"),
        (["ask", "x", "--near", "nan,nan"], "--near"),
        (["ask", "x", "--near", "a,b"], "--near"),
        (["ask", "x", "--at", "yesterday"], "--at yesterday"),
        (["ask", "x", "--at", "9999-12-31"], "--at"),
        (["ask", "x", "--at", "0001-01-01"], "--at"),
        (["ask", "x", "--lang", "xx"], "--lang xx"),
        (["chat", "--lang", "xx"], "--lang xx"),
        (["chat", "--near", "north"], "--near north"),
        (["understand", "nowhere.jsonl"], "nowhere.jsonl"),
        (["understand", "."], "cannot be read"),
        (["directory", "check", "nowhere.csv"], "nowhere.csv"),
        (["directory", "import", "nowhere.csv"], "nowhere.csv"),
        (["directory", "import", "x.csv", "--format", "xls"], "--format xls"),
        (["directory", "export", "--format", "xls"], "--format xls"),
        (["run", "--config", "nowhere.toml"], "nowhere.toml"),
        (["run", "--config", "."], "cannot be read"),
        (["run"], "[telegram] token"),
    ],
)
def test_arguments(command: Command, arguments: list[str], named: str) -> None:
    ended = command(*arguments)
    assert ended.code == 2
    assert named in ended.one_line()
    assert ended.out == ""


def test_without_arguments_it_says_what_there_is(command: Command) -> None:
    ended = command()
    assert ended.code == 2
    assert all(name in ended.out + ended.err for name in ("run", "chat", "ask", "understand", "directory", "doctor"))


def test_help(command: Command) -> None:
    ended = command("--help")
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("name", ["run", "chat", "doctor", "migrate"])
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[telegram]\ntokn = 'x'", "telegram.tokn"),
        ("[telegramm]", "telegramm"),
        ("[telegram]\nmode = 'push'", "telegram.mode"),
        ("[telegram]\nmode = 'webhook'", "telegram.webhook_url"),
        ("[telegram]\ntoken = '12 34'", "telegram.token"),
        ("[telegram]\nwebhook_secret = 'é'", "telegram.webhook_secret"),
        ("[storage]\nurl = 'mysql://x'", "storage.url"),
        ("[health]\nlisten = '8080'", "health.listen"),
        ("[bot", "TOML"),
        ("\x00", "TOML"),
    ],
)
def test_settings(command: Command, folder: Path, name: str, text: str, key: str) -> None:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    ended = command(name)
    assert ended.code == 2
    assert key in ended.one_line()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("telegram__tokn", "x"), ("telegramm__token", "x"), ("nonsense", "1"), ("telegram", "x"), ("staff__admins", "x")],
)
def test_environment(command: Command, variable: str, value: str) -> None:
    ended = command("doctor", **{variable: value})
    assert ended.code == 2
    assert variable.split("__", maxsplit=1)[0] in ended.one_line().lower()


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def last_line(err: str) -> str:
    """`run` logs before it ends: what stands after that must be one line."""
    said = [line for line in err.splitlines() if not line.startswith("{")]
    assert len(said) == 1, err
    assert '"error"' not in err.partition("solidarity-bot:")[2]
    return said[0]


def test_a_port_that_is_taken(command: Command, telegram: Remote, taken: str) -> None:
    ended = command("run", telegram__token=TOKEN, telegram__api_url=telegram.url, health__listen=taken)
    assert ended.code == 2
    assert f"health.listen: cannot listen on {taken}" in last_line(ended.err)
    ended = command(
        "run",
        telegram__token=TOKEN,
        telegram__api_url=telegram.url,
        telegram__mode="webhook",
        telegram__webhook_url="https://bot.example.org/telegram",
        telegram__webhook_secret="long-random-word",
        telegram__webhook_listen=taken,
        health__listen="",
    )
    assert ended.code == 2
    assert "telegram.webhook_listen" in last_line(ended.err)


def test_a_token_that_telegram_refuses(command: Command, telegram: Remote) -> None:
    ended = command("run", telegram__token="1:wrong", telegram__api_url=telegram.url, health__listen="")
    assert ended.code == 2
    assert "telegram.token" in last_line(ended.err)
    assert "1:wrong" not in ended.err


def test_a_webhook_address_that_telegram_refuses(command: Command, telegram: Remote) -> None:
    ended = command(
        "run",
        telegram__token=TOKEN,
        telegram__api_url=telegram.url,
        telegram__mode="webhook",
        telegram__webhook_url="http://bot.example.org/telegram",
        telegram__webhook_secret="long-random-word",
        telegram__webhook_listen=f"127.0.0.1:{free_port()}",
        health__listen="",
    )
    assert ended.code == 2
    assert "telegram.webhook_url" in last_line(ended.err)
