"""The command `solidarity-bot`, run in an empty folder."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.cli import main
from bot.config import ENVIRONMENT_PREFIX
from tests.peers.bot_api.remote import Remote, started


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str

    def one_line(self) -> str:
        """What standard error says, which must be one line and no traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("solidarity-bot: ")
        assert "Traceback" not in self.err
        assert "this is a bug" not in self.err
        return lines[0]


Command = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder that commands run in, with no setting but that no geocoder is asked."""
    for name in os.environ:
        if name.startswith(ENVIRONMENT_PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.setenv(f"{ENVIRONMENT_PREFIX}GEOCODING__URL", "")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Runs the command in this process: without the second that Python takes to start."""
    logs = structlog.get_config()

    def run(*arguments: str, stdin: bytes = b"", **settings: str) -> Ended:
        monkeypatch.setattr("sys.argv", ["solidarity-bot", *arguments])
        monkeypatch.setattr(
            "sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", errors="surrogateescape")
        )
        capsys.readouterr()
        with monkeypatch.context() as patched:
            for name, value in settings.items():
                patched.setenv(ENVIRONMENT_PREFIX + name.upper(), value)
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    yield run
    structlog.configure(**logs)


@pytest.fixture(scope="session")
def telegram() -> Iterator[Remote]:
    """A fake Telegram in a process of its own."""
    with started() as remote:
        yield remote
