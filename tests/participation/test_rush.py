"""5,000 people rush 350 sessions of 5 places: nobody overbooked, nobody lost, every no explained. With the lock off, the
race that the lock prevents is seen to happen."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from knowledge.participation.refusals import Reason
from knowledge.participation.states import HOLDING, State
from storage import locks, sessions, signups
from storage.schema import due as due_table
from storage.schema import person as person_table
from storage.schema import sign_up as sign_up_table
from storage.signups import Refused, SignedUp, Waiting
from tests.participation.bot_work import work
from tests.participation.conftest import World

PEOPLE, SESSIONS, PLACES = 5_000, 350, 5


async def crowd(world: World, count: int) -> list[int]:
    rows = [
        {"platform": "telegram", "user_id": str(n), "language": "fr", "language_chosen": False, "alerts": True,
         "created_at": world.now, "seen_on": world.now.date()}
        for n in range(count)
    ]  # fmt: skip

    def work(connection: Connection) -> list[int]:
        connection.execute(insert(person_table), rows)
        return list(connection.execute(select(person_table.c.id).order_by(person_table.c.id)).scalars())

    return await world.do(work)


async def many_sessions(world: World, count: int, capacity: int, *, waiting_list: bool = True) -> list[int]:
    """Ten at a time begin together, so that many of them overlap."""
    activity = await world.activity(capacity=capacity, minimum_age=0, waiting_list=waiting_list)

    def work(connection: Connection) -> list[int]:
        made = []
        for number in range(count):
            start = world.now + timedelta(days=10, hours=3 * (number // 10))
            made.append(sessions.add(connection, activity, start, start + timedelta(hours=2), None, world.now).id)
        return made

    return await world.do(work)


async def taken(world: World) -> dict[int, int]:
    """Session -> seats held."""
    held = (
        select(sign_up_table.c.session_id, func.sum(sign_up_table.c.seats))
        .where(sign_up_table.c.state.in_([*HOLDING]))
        .group_by(sign_up_table.c.session_id)
    )
    return dict(await world.do(lambda c: c.execute(held).all()))  # type: ignore[arg-type]


async def test_the_rush(world: World) -> None:
    people, all_sessions = await crowd(world, PEOPLE), await many_sessions(world, SESSIONS, PLACES)
    chance = random.Random(5)
    wishes = [(one, chance.choice(all_sessions), chance.choice((1, 1, 1, 2, 3))) for one in people]
    wishes += [(one, chance.choice(all_sessions), 1) for one in chance.sample(people, 500)]  # who wants two
    wishes += chance.sample(wishes, 200)  # who taps twice
    chance.shuffle(wishes)

    async def wish(one: int, session: int, seats: int) -> Any:
        return await world.do(lambda c: signups.sign_up_for(c, session, one, seats, world.now))

    answers = await asyncio.gather(*(wish(*each) for each in wishes))
    outcome: Counter[str] = Counter()
    for answer in answers:
        assert isinstance(answer, SignedUp | Waiting | Refused)
        outcome[answer.reason if isinstance(answer, Refused) else type(answer).__name__] += 1
        if isinstance(answer, Refused):
            assert answer.reason in (Reason.ALREADY, Reason.OVERLAPS)
            assert answer.other is not None
    assert sum(outcome.values()) == len(wishes)
    kept = await world.do(lambda c: c.execute(select(func.count()).select_from(sign_up_table)).scalar_one())
    assert kept == outcome["SignedUp"] + outcome["Waiting"]
    assert outcome[Reason.ALREADY] >= 190
    seats = await taken(world)
    assert max(seats.values()) <= PLACES
    # Where anybody waits alone, every place is taken.
    alone = await world.do(
        lambda c: set(
            c.execute(
                select(sign_up_table.c.session_id).where(
                    sign_up_table.c.state == State.WAITING, sign_up_table.c.seats == 1
                )
            ).scalars()
        )
    )
    assert {seats[session] for session in alone} == {PLACES}
    assert await double_booked(world) == []


async def double_booked(world: World) -> list[tuple[int, int]]:
    from storage.schema import session as session_table

    one, other = sign_up_table.alias("one"), sign_up_table.alias("other")
    first, second = session_table.alias("first"), session_table.alias("second")
    both = (
        select(one.c.id, other.c.id)
        .join_from(one, other, (one.c.person_id == other.c.person_id) & (one.c.id < other.c.id))
        .join(first, first.c.id == one.c.session_id)
        .join(second, second.c.id == other.c.session_id)
        .where(
            one.c.state == State.CONFIRMED,
            other.c.state == State.CONFIRMED,
            first.c.starts_at < second.c.ends_at,
            second.c.starts_at < first.c.ends_at,
        )
    )
    return [(row[0], row[1]) for row in await world.do(lambda c: c.execute(both).all())]


async def test_one_person_on_two_phones_is_not_booked_twice(world: World) -> None:
    people, all_sessions = await crowd(world, 60), await many_sessions(world, 10, 100)
    wishes = [(one, session) for one in people for session in all_sessions]
    random.Random(7).shuffle(wishes)

    async def wish(one: int, session: int) -> Any:
        return await world.do(lambda c: signups.sign_up_for(c, session, one, 1, world.now))

    answers = await asyncio.gather(*(wish(*each) for each in wishes))
    assert sum(isinstance(answer, SignedUp) for answer in answers) == len(people)
    assert await double_booked(world) == []


async def test_rush_of_leaving_and_accepting(world: World) -> None:
    """People come, leave, accept and decline all at once while places are being offered: the places always hold."""
    people, [session] = await crowd(world, 120), await many_sessions(world, 1, 10)

    async def life(one: int, chance: random.Random) -> None:
        for _ in range(4):
            found = await world.do(lambda c: signups.sign_up_for(c, session, one, chance.choice((1, 2)), world.now))
            mine = found.refusal.other if isinstance(found, Refused) else found.sign_up.id
            if mine is None:
                continue
            act: Callable[..., object] = chance.choice(
                (signups.cancel, signups.accept, signups.decline, signups.look_for_replacement, signups.stay)
            )
            await world.do(lambda c, mine=mine, act=act: act(c, mine, one, world.now))  # type: ignore[misc]

    async def offers() -> None:
        for _ in range(40):
            await work(world)
            await asyncio.sleep(0)

    await asyncio.gather(offers(), *(life(one, random.Random(one)) for one in people))
    await work(world)
    shown = await world.do(lambda c: sessions.listing(c, session))
    assert shown is not None
    assert shown.taken <= 10
    confirmed = await world.do(lambda c: signups.of_session(c, session, (State.CONFIRMED, State.LOOKING)))
    assert sum(one.seats for one in confirmed) <= 10


async def test_without_the_lock_people_are_overbooked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same rush on few sessions, counting outside the lock."""
    people, all_sessions = await crowd(world, 400), await many_sessions(world, 4, PLACES, waiting_list=False)
    wishes = [(one, all_sessions[number % 4]) for number, one in enumerate(people)]
    monkeypatch.setattr(locks, "_take", lambda *_args, **_more: None)

    async def wish(one: int, session: int) -> None:
        if world.database.kind == "postgresql":
            await world.do(lambda c: signups.sign_up_for(c, session, one, 1, world.now))
            return
        # SQLite's lock is its single writer: without it one counts in a transaction of its own, and writes in the next.
        shown = await world.database.read(lambda c: sessions.listing(c, session))
        assert shown is not None
        if shown.free:
            await world.do(lambda c: signups._join(c, shown.session, one, State.CONFIRMED, 1, world.now))

    await asyncio.gather(*(wish(*each) for each in wishes))
    assert max((await taken(world)).values()) > PLACES


async def test_locks_out_of_order_give_way(world: World) -> None:
    """A transaction that holds later locks never waits for an earlier one: that would be a deadlock in the making."""
    if world.database.kind != "postgresql":
        return
    held, release = asyncio.Event(), asyncio.Event()

    async def holder() -> None:
        from sqlalchemy import text

        backend = world.database.backend
        async with backend._engine.connect() as connection:  # type: ignore[union-attr]
            await connection.run_sync(lambda c: locks.lock(c, sessions=[1]))
            held.set()
            await release.wait()
            await connection.execute(text("select 1"))

    task = asyncio.create_task(holder())
    await held.wait()

    def work(connection: Connection) -> None:
        locks.lock(connection, sessions=[2])
        locks.lock(connection, sessions=[1])

    with pytest.raises(locks.Contended):
        await world.do(work)

    def in_pieces(connection: Connection) -> list[int]:
        """Only what cannot have its lock is undone; what came before it, and comes after, stands."""
        done = []
        for number in (2, 1, 3):
            try:
                with locks.attempt(connection):
                    connection.execute(insert(due_table), piece(number))
                    locks.lock(connection, sessions=[number])
                    done.append(number)
            except locks.Postponed:
                continue
        try:
            with locks.attempt(connection):
                connection.execute(insert(due_table), piece(4))
                raise KeyError
        except KeyError:
            return done

    def piece(number: int) -> dict[str, object]:
        return {"schedule": "x", "subject": number, "due_at": world.now, "attempts": 0, "not_before": world.now}

    assert await world.do(in_pieces) == [2, 3]
    assert await world.do(lambda c: sorted(c.execute(select(due_table.c.subject)).scalars())) == [2, 3]
    release.set()
    await task
    await world.do(work)
