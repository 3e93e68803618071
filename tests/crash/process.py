"""The real program as a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import socket
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.bot_api import FakeBotApi

ROOT = Path(__file__).parents[2]

CONFIG = """\
[telegram]
token = "{token}"
api_url = "{api_url}"
mode = "{mode}"
messages_per_second = {per_second}
{webhook}
[storage]
url = "{database_url}"

[geocoding]
url = ""

[health]
listen = ""
"""
WEBHOOK = """\
webhook_url = "http://127.0.0.1:{port}/hook"
webhook_listen = "127.0.0.1:{port}"
webhook_secret = "a-long-random-word"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_config(
    folder: Path, api: FakeBotApi, database_url: str, mode: str = "polling", per_second: float = 1000
) -> Path:
    webhook = WEBHOOK.format(port=free_port()) if mode == "webhook" else ""
    config = folder / "config.toml"
    config.write_text(
        CONFIG.format(
            token=api.token,
            api_url=api.url,
            mode=mode,
            webhook=webhook,
            database_url=database_url,
            per_second=per_second,
        ),
        encoding="utf-8",
    )
    return config


@dataclass(slots=True)
class BotProcess:
    """A program that is started again after each kill; all its lives write to one log."""

    command: list[str]
    log: Path
    _process: Process | None = field(default=None)

    @classmethod
    def of(cls, config: Path) -> BotProcess:
        return cls([sys.executable, "-m", "bot", "run", "--config", str(config)], config.with_suffix(".log"))

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*self.command, cwd=ROOT, stdout=log, stderr=log)

    async def kill(self) -> None:
        """SIGKILL. Raises AssertionError when it had ended by itself."""
        assert self._process is not None
        assert self._process.returncode is None, f"it ended with {self._process.returncode}: {self.last_words()}"
        self._process.kill()
        await self._process.wait()

    async def terminate(self) -> int:
        """SIGTERM; its exit code. Raises TimeoutError when it does not end within the 10 s that are promised."""
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(10):
            return await self._process.wait()

    async def end(self) -> None:
        """However it is doing."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
