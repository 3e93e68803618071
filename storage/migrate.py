"""Brings the tables to what this version of the program expects."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, func, insert, inspect, select, table, text

from storage.database import Database, DatabaseError
from storage.schema import metadata

HEAD = "0005"
"""The newest file of migrations/versions. Known here so that an ordinary start need not load alembic (a third of a
second); numbers, so that what comes later sorts later."""

LOCK = 0x736F6C69  # any number, the same in every process

_versions = table("alembic_version", column("version_num"))


async def migrate(database: Database) -> bool:
    """Migrates where needed; whether it was. Several processes may do so at once.

    Raises DatabaseError when the tables come from a newer version of the program.
    """
    if _is_current(await database.read(_revision)):
        return False
    return await database.write(_upgrade)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(_versions.c.version_num))


def _is_current(revision: str | None) -> bool:
    if revision is not None and revision > HEAD:
        raise DatabaseError(
            f"the database was made by a newer version of solidarity-bot (its tables are at {revision}, "
            f"this program knows them up to {HEAD}): install that version"
        )
    return revision == HEAD


def _upgrade(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":  # SQLite's transaction already excludes the others
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    revision = _revision(connection)
    if _is_current(revision):
        return False
    if revision is None:
        _create(connection)
    else:
        by_steps(connection)
    return True


def _create(connection: Connection) -> None:
    """All tables at once: what the migrations make one after the other, without loading alembic."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(text(f"CREATE TABLE {_versions.name} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(insert(_versions).values(version_num=HEAD))


def by_steps(connection: Connection) -> None:
    """Every migration that is still to be done."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    command.upgrade(config, HEAD)
