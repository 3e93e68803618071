"""Who may change a session's sign-ups now: one transaction at a time.

SQLite has a single writer, so nothing is to be done there. On PostgreSQL these are advisory locks that end with the
transaction. Places are counted only under the lock of their session; that somebody is not elsewhere at that time is looked
at only under the lock of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

Lock = tuple[int, int]
PERSON, SESSION = 0x50B1, 0x50B2
"""The first half of a lock's number. People come before sessions, in all transactions alike: that is what rules
deadlocks out."""

TAKE = text("SELECT pg_advisory_xact_lock(:class, :number)")
TRY = text("SELECT pg_try_advisory_xact_lock(:class, :number)")
TRY_TWO = text(
    "SELECT pg_try_advisory_xact_lock(:class, :number) AND pg_try_advisory_xact_lock(:other_class, :other_number)"
)
SAVEPOINT, BACK = text("SAVEPOINT attempt"), text("ROLLBACK TO SAVEPOINT attempt")
"""The next of the same name hides the one before, which so needs no releasing: a round trip less each."""


class Contended(Exception):
    """Another transaction holds this lock, and this one, which holds later ones, may not wait for it: it is rolled back and
    run again, with less in it."""


class Postponed(Contended):
    """As Contended, and what was done within `attempt` is undone: the rest of the transaction stands."""


@contextmanager
def attempt(connection: Connection) -> Iterator[None]:
    """Several pieces of work share a transaction: when one of them cannot have its locks, only that one is undone, and
    raises Postponed. The first has nothing to give way for, and waits."""
    if connection.dialect.name != "postgresql" or not _held(connection):
        yield
        return
    before = set(_held(connection))
    connection.execute(SAVEPOINT)
    try:
        yield
    except BaseException as error:
        connection.execute(BACK)  # gives up the locks taken since
        _held(connection).intersection_update(before)
        if isinstance(error, Contended):
            raise Postponed from None
        raise


def lock(connection: Connection, *, people: Iterable[int] = (), sessions: Iterable[int] = ()) -> None:
    """Waits until the people and sessions are this transaction's. Called before anything of them is read.

    Within a savepoint only by `attempt`: rolling it back gives up locks. Raises Contended."""
    if connection.dialect.name != "postgresql":
        return
    wanted = {(PERSON, number) for number in people} | {(SESSION, number) for number in sessions}
    held = _held(connection)
    missing = sorted(wanted - held)
    if len(missing) == 2 and held and missing[0] < max(held):  # somebody signs up, and is not the first of the batch
        _take_two(connection, *missing)
        held.update(missing)
        return
    for each in missing:
        _take(connection, each, wait=not held or each > max(held))
        held = _held(connection)  # anew: the first statement is what begins the transaction
        held.add(each)


def _take(connection: Connection, each: Lock, *, wait: bool) -> None:
    parameters = {"class": each[0], "number": each[1] & 0x7FFFFFFF}
    if wait:
        connection.execute(TAKE, parameters)
    elif not connection.execute(TRY, parameters).scalar():
        raise Contended


def _take_two(connection: Connection, one: Lock, other: Lock) -> None:
    """Without waiting for either, in one statement."""
    parameters = {"class": one[0], "number": one[1] & 0x7FFFFFFF, "other_class": other[0],
                  "other_number": other[1] & 0x7FFFFFFF}  # fmt: skip
    if not connection.execute(TRY_TWO, parameters).scalar():
        raise Contended


def _held(connection: Connection) -> set[Lock]:
    """The locks of the transaction that is open."""
    transaction: Any = connection.get_transaction()
    known: tuple[Any, set[Lock]] | None = connection.info.get("locks")
    if known is None or transaction is None or known[0] is not transaction:
        known = (transaction, set())
        connection.info["locks"] = known
    return known[1]
