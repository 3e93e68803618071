"""A copy of the database, taken while the bot runs."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from storage.database import Database, DatabaseError
from storage.errors import explain_sqlite
from storage.sqlite import Sqlite
from storage.transactions import BUSY_SECONDS


async def backup(database: Database, file: Path) -> None:
    """Writes all that is committed now into `file`, which takes its name once it is whole and on the disk.

    SQLite: a database like the other, to be put in its place. PostgreSQL: pg_dump's custom format, for pg_restore.
    An older file of that name is replaced. Only the user who runs this can read it: it holds what people wrote.
    Raises DatabaseError, and leaves nothing behind, when it cannot be made.
    """
    backend = database.backend
    if isinstance(backend, Sqlite):
        await asyncio.to_thread(_copy, backend, file)
    else:
        with _in_place_once_whole(file) as part:
            await _dump(backend.url, part)


def _copy(database: Sqlite, file: Path) -> None:
    """One state of the database, without its free space; writers go on meanwhile."""
    source = database.path
    if source is None:
        raise DatabaseError("a database in memory cannot be saved: set [storage] url to a file")
    if file.exists() and source.exists() and file.samefile(source):
        raise DatabaseError(f"backup {file}: this is the database itself: name another file")
    address = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            _in_place_once_whole(file) as part,
            closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection,
        ):
            connection.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.Error as error:
        raise explain_sqlite(error, str(database)) or error from error


async def _dump(url: URL, part: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise DatabaseError("backup needs the program pg_dump: apt-get install postgresql-client")
    process = await asyncio.create_subprocess_exec(
        program, "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={part}",
        env={**os.environ, **_libpq(url)}, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE,
    )  # fmt: skip
    try:
        _, complaint = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode:
        raise DatabaseError(f"backup: {complaint.decode(errors='replace').strip()}")


def _libpq(url: URL) -> dict[str, str]:
    """Where pg_dump connects, kept out of its arguments, which every user of the machine can read."""
    _, options = url.get_dialect()().create_connect_args(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "database": "PGDATABASE",
             "ssl": "PGSSLMODE"}  # fmt: skip
    return {names[key]: str(value) for key, value in options.items() if key in names}


@contextmanager
def _in_place_once_whole(file: Path) -> Iterator[Path]:
    """An empty file beside `file`, private, that takes its name at the end if all went well, and is gone if not."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    except OSError as error:
        raise DatabaseError(f"backup {file}: nothing can be written in that folder ({error})") from error
    part = Path(name)
    try:
        yield part
        os.fsync(handle)
        part.replace(file)
    finally:
        os.close(handle)
        part.unlink(missing_ok=True)
