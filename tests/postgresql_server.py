"""A PostgreSQL server that lives as long as the tests, in a temporary folder."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg

START_SECONDS = 30.0
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB",
        "deadlock_timeout": "50ms"}  # fmt: skip
"""Durability given up for speed: this server is never to survive anything. Deadlocks are found soon."""


@dataclass(frozen=True, slots=True)
class PostgresqlServer:
    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    numbers: count[int]

    @classmethod
    def start(cls) -> PostgresqlServer:
        """Raises RuntimeError, with what to do, where there are no PostgreSQL programs or the server does not start."""
        programs = _programs()
        owner = _owner()
        folder = Path(tempfile.mkdtemp(prefix="solidarity-bot-pg-"))
        data = folder / "data"
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        try:
            initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
            if _run_as(owner, [*initdb, "--no-sync"], folder).wait():
                raise RuntimeError("PostgreSQL's initdb fails")
            for _attempt in range(3):  # another program may take the port that was just found free
                port = _free_port()
                settings = {**FAST, "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
                command = [programs / "postgres", "-D", data, *(f"--{k}={v}" for k, v in settings.items())]
                server = cls(folder, port, _run_as(owner, command, folder), count(1))
                if server._wait():
                    return server
            raise RuntimeError("PostgreSQL does not start")
        except RuntimeError as error:
            error.add_note((folder / "log").read_text(errors="replace"))
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def create_database(self, name: str = "") -> str:
        """The address of a new, bare database."""
        name = name or f"bare_{next(self.numbers)}"
        asyncio.run(self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """At once: nothing of it is needed again."""
        self.process.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> bool:
        """Whether the server answers before the time is up."""
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                asyncio.run(self._execute("SELECT 1"))
            except (OSError, asyncpg.PostgresError):
                time.sleep(0.05)
            else:
                return True
        self.process.kill()
        return False

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user="postgres", database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def _programs() -> Path:
    """The folder of initdb and postgres: Debian keeps one for each version, out of PATH."""
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if debian:
        return max(debian, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise RuntimeError("the tests need PostgreSQL's programs: apt-get install postgresql")


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _run_as(owner: pwd.struct_passwd | None, command: list[object], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            preexec_fn=_end_with_the_tests,  # noqa: PLW1509
        )


def _end_with_the_tests() -> None:
    """Has the kernel end the server even when the tests are killed. Source: Linux, prctl(2), PR_SET_PDEATHSIG."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
