"""What goes wrong with a database itself, said in one sentence that names what to mend."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

SQLITE_ADVICE: Mapping[int, str] = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only: let the bot's user write there",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or made: check that its folder exists and that the bot's user "
    "may write there",
    sqlite3.SQLITE_PERM: "access is refused: let the bot's user write there",
    sqlite3.SQLITE_NOTADB: "this file is not an SQLite database: check the path in [storage] url",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: put the last backup in its place",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write: check it, and the space left on it",
    sqlite3.SQLITE_BUSY: "another program keeps the file locked: end it",
}
"""Result codes that are about the file, not about a statement. Source: SQLite, Result and Error Codes."""

POSTGRESQL_ADVICE: Mapping[str, str] = {
    "28000": "the server refuses this user: check the user in [storage] url and the server's pg_hba.conf",
    "28P01": "the server refuses the password: check it in [storage] url",
    "3D000": "there is no database of this name: make it with createdb, or check the name in [storage] url",
    "42501": "this user may not do what the bot must do: make it the owner of the database",
    "25006": "this server only lets read: name the primary server in [storage] url",
    "53100": "the server's disk is full: free some space",
    "53300": "the server has no connection left: raise its max_connections, or run fewer replicas",
}
"""States that are about the server or the rights there. Source: PostgreSQL, Appendix A, Error Codes."""

UNREACHABLE = "the server does not answer: check that it runs, and the host and port in [storage] url"


class DatabaseError(Exception):
    """The database cannot be used as it is. The message is one sentence for the person who runs the bot."""


class Unreachable(DatabaseError):
    """There is no server at the address, for now at least."""


def explain_sqlite(error: BaseException, file: str) -> DatabaseError | None:
    """What to mend about the file; None when the error is not about it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the other bits refine it
    advice = SQLITE_ADVICE.get(code)
    return DatabaseError(f"database {file}: {advice} ({cause})") if advice else None


def explain_postgresql(error: DBAPIError, server: str) -> DatabaseError | None:
    """What to mend about the server or the rights there; None when the error is not about them."""
    advice = POSTGRESQL_ADVICE.get(sqlstate(error))
    if advice is None and error.connection_invalidated:
        return Unreachable(f"database {server}: {UNREACHABLE} ({error.orig})")
    return DatabaseError(f"database {server}: {advice} ({error.orig})") if advice else None


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's five letters and digits; empty when the error is not the server's."""
    return getattr(error.orig, "sqlstate", None) or ""
