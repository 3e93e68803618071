"""What only a server does: connections that end, transactions that collide, several processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import Connection, insert, select, text, update

from storage.database import Database, DatabaseError
from storage.schema import setting
from tests.postgresql_server import PostgresqlServer

OWN_END = text("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.fixture
async def server_database(postgresql_server: PostgresqlServer) -> AsyncIterator[Database]:
    database = Database.open(await asyncio.to_thread(postgresql_server.create_database))
    await database.write(setting.create)
    yield database
    await database.close()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again as often, without waiting."""
    monkeypatch.setattr("storage.postgresql.PAUSES", (0.0, 0.0, 0.0))


def put(key: str) -> Callable[[Connection], None]:
    def function(connection: Connection) -> None:
        connection.execute(insert(setting).values(key=key, value=""))

    return function


def values(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(setting))}


async def test_connections_that_ended_are_replaced(server_database: Database) -> None:
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await asyncio.gather(*(server_database.read(values) for _ in range(8)))
    await server_database.write(lambda connection: connection.execute(others).all())
    assert await asyncio.gather(*(server_database.read(values) for _ in range(8))) == [{}] * 8


async def test_a_transaction_whose_connection_ends_is_run_again_and_kept_once(server_database: Database) -> None:
    runs: list[int] = []

    def fragile(connection: Connection) -> None:
        runs.append(len(runs))
        put(f"run {len(runs)}")(connection)
        if len(runs) == 1:
            connection.execute(OWN_END)

    await server_database.write(fragile)
    assert await server_database.read(values) == {"run 2": ""}


@pytest.mark.usefixtures("no_pauses")
async def test_a_connection_that_always_ends_is_told(server_database: Database) -> None:
    with pytest.raises(DatabaseError, match="does not answer"):
        await server_database.write(lambda connection: connection.execute(OWN_END) and None)


async def test_a_connection_that_ends_in_the_commit_is_not_tried_again(server_database: Database) -> None:
    """The commit may have been kept: a second run could do everything twice."""
    await server_database.write(at_commit_the_connection_ends)
    runs: list[int] = []

    def counted(connection: Connection) -> None:
        runs.append(1)
        put("a")(connection)

    with pytest.raises(DatabaseError, match="not known"):
        await server_database.write(counted)
    assert len(runs) == 1


def at_commit_the_connection_ends(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
    )
    connection.exec_driver_sql(
        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION end_connection()"
    )


async def test_deadlocked_transactions_both_succeed(server_database: Database) -> None:
    for key in "ab":
        await server_database.write(put(key))

    def both(first: str, second: str) -> Callable[[Connection], None]:
        def function(connection: Connection) -> None:
            for key in (first, second):
                connection.execute(update(setting).where(setting.c.key == key).values(value=setting.c.value + first))
                connection.execute(text("SELECT pg_sleep(0.05)"))

        return function

    await asyncio.gather(server_database.write(both("a", "b")), server_database.write(both("b", "a")))
    assert {key: "".join(sorted(value)) for key, value in (await server_database.read(values)).items()} == {
        "a": "ab",
        "b": "ab",
    }


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (("127.0.0.1", "nowhere.invalid"), "does not answer"),
        (("postgres:secret@", "stranger:secret@"), "refuses this user"),
        (("/template1", "/nothing"), "no database of this name"),
        (("/template1", "/template1?sslmode=disable"), "what follows '?'"),
        (("/template1", "/template1?ssl=perhaps"), "what follows '?'"),
        (("/template1", "/template1?ssl=require"), "does not answer"),
    ],
    ids=str,
)
async def test_a_server_out_of_reach_is_named(
    postgresql_server: PostgresqlServer, change: tuple[str, str], advice: str
) -> None:
    url = postgresql_server.url("template1").replace("postgres@", "postgres:secret@").replace(*change)
    database = Database.open(url)
    with pytest.raises(DatabaseError, match=advice) as refusal:
        await database.read(lambda connection: connection.scalar(text("SELECT 1")))
    assert "secret" not in str(refusal.value)
    assert "[storage] url" in str(refusal.value)
    await database.close()


async def test_rights_that_are_missing_are_named(
    server_database: Database, postgresql_server: PostgresqlServer
) -> None:
    await server_database.write(lambda connection: connection.exec_driver_sql("CREATE ROLE guest LOGIN") and None)
    url = str(server_database.backend).replace("postgres@", "guest@")
    guest = Database.open(url)
    with pytest.raises(DatabaseError, match="owner of the database"):
        await guest.write(lambda connection: connection.exec_driver_sql("CREATE TABLE mine ()") and None)
    await guest.close()


async def test_more_writers_than_connections_all_get_their_turn(server_database: Database) -> None:
    await asyncio.gather(*(server_database.write(put(str(n))) for n in range(100)))
    assert len(await server_database.read(values)) == 100
