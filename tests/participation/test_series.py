"""Series in the database: made ahead, excepted, changed one by one, edited as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from knowledge.participation.kinds import Kind
from knowledge.participation.recurrence import local
from knowledge.participation.states import State
from storage import activities, own_sign_ups, series, sessions
from storage.activities import Activity
from storage.schema import session as session_table
from storage.sessions import Session
from storage.signups import SignedUp
from tests.participation.bot_work import until, work
from tests.participation.conftest import PARIS, World
from tests.participation.test_signing_up import join

FIRST = datetime(2026, 12, 8, 18, 30)  # noqa: DTZ001 - local, as a series counts


async def made(world: World, rule: str = "FREQ=MONTHLY;BYDAY=2TU", first: datetime = FIRST, **values: Any) -> Activity:
    new = Activity(Kind.TRAINING, {"fr": "Aller vers"}, rule=rule, first_start=first, minutes=150, capacity=3, **values)

    def work(connection: Any) -> Activity:
        kept = activities.create(connection, new, None, world.now)
        series.extend(connection, kept, None, world.now)
        return activities.publish(connection, kept, None, world.now)

    return await world.do(work)


async def dates(world: World, status: str = "planned") -> list[str]:
    rows = await world.do(
        lambda c: (
            c.execute(
                select(session_table.c.starts_at)
                .where(session_table.c.status == status)
                .order_by(session_table.c.starts_at)
            )
            .scalars()
            .all()
        )
    )
    return [local(one, PARIS).strftime("%m-%d %H:%M") for one in rows]


async def all_sessions(world: World) -> list[Session]:
    found = await world.do(lambda c: sessions.upcoming(c, world.now, limit=100))
    return [one.session for one in found]


async def test_sessions_exist_half_a_year_ahead_and_go_on(world: World) -> None:
    await made(world)
    assert await dates(world) == [
        "12-08 18:30", "01-12 18:30", "02-09 18:30", "03-09 18:30", "04-13 18:30", "05-11 18:30", "06-08 18:30",
    ]  # fmt: skip
    await until(world, world.now + timedelta(days=60))
    assert (await dates(world, "done")) == ["12-08 18:30", "01-12 18:30"]
    assert (await dates(world))[-1] == "07-13 18:30"


async def test_extending_twice_makes_nothing_twice(world: World) -> None:
    activity = await made(world)
    before = await dates(world)
    assert await world.do(lambda c: series.extend(c, activity, None, world.now)) == []
    assert await dates(world) == before


async def test_exceptions_stay_exceptions(world: World) -> None:
    activity = await made(world, "FREQ=WEEKLY;COUNT=5")
    person = await world.person("a")
    second = (await all_sessions(world))[1]
    await join(world, second.id, person)
    assert await world.do(lambda c: series.skip(c, activity, FIRST + timedelta(days=7), None, world.now)) == 1
    assert list(await work(world)) == ["chat-a"]
    await world.do(lambda c: series.extend(c, activity, None, world.now))
    assert await dates(world) == ["12-08 18:30", "12-22 18:30", "12-29 18:30", "01-05 18:30"]
    far = await made(world, "FREQ=YEARLY", FIRST)
    await world.do(lambda c: series.skip(c, far, FIRST.replace(year=2027), None, world.now))
    world.now = datetime(2027, 7, 1, tzinfo=PARIS)
    assert await world.do(lambda c: series.extend(c, far, None, world.now)) == []


async def test_a_single_change_is_kept_when_the_series_is_edited(world: World) -> None:
    activity = await made(world, "FREQ=WEEKLY;COUNT=3")
    second = (await all_sessions(world))[1]
    shift = timedelta(hours=1)
    await world.do(
        lambda c: sessions.change(
            c, second, None, world.now, starts_at=second.starts_at + shift, ends_at=second.ends_at + shift
        )
    )
    changed = await world.do(lambda c: activities.change(c, activity, None, world.now, capacity=9))
    edited = await world.do(lambda c: series.edit(c, changed, None, world.now))
    assert (len(edited.moved), edited.added, edited.removed, edited.kept) == (2, (), (), ())
    assert await dates(world) == ["12-08 18:30", "12-15 19:30", "12-22 18:30"]
    assert [one.capacity for one in await all_sessions(world)] == [9, 3, 9]


async def test_another_time_keeps_everybody_and_tells_them(world: World) -> None:
    activity = await made(world, "FREQ=WEEKLY;COUNT=3")
    person = await world.person("a")
    first = (await all_sessions(world))[0]
    await join(world, first.id, person)
    await work(world)
    changed = await world.do(
        lambda c: activities.change(c, activity, None, world.now, first_start=FIRST.replace(hour=19, minute=0))
    )
    await world.do(lambda c: series.edit(c, changed, None, world.now))
    assert await dates(world) == ["12-08 19:00", "12-15 19:00", "12-22 19:00"]
    assert list(await work(world)) == ["chat-a"]
    [mine] = await world.do(lambda c: own_sign_ups.my_sign_ups(c, person, world.now))
    assert (mine.sign_up.state, mine.listing.session.id) == (State.CONFIRMED, first.id)
    assert await world.do(lambda c: series.extend(c, changed, None, world.now)) == []


async def test_other_days_never_throw_away_who_signed_up(world: World) -> None:
    activity = await made(world, "FREQ=WEEKLY;COUNT=4")
    person = await world.person("a")
    numbers = [one.id for one in await all_sessions(world)]
    assert isinstance(await join(world, numbers[1], person), SignedUp)
    changed = await world.do(
        lambda c: activities.change(
            c, activity, None, world.now, rule="FREQ=WEEKLY;COUNT=4", first_start=FIRST + timedelta(days=2)
        )
    )
    edited = await world.do(lambda c: series.edit(c, changed, None, world.now))
    assert edited.kept == (numbers[1],)
    assert edited.removed == (numbers[0], *numbers[2:])
    assert await dates(world) == ["12-10 18:30", "12-15 18:30", "12-17 18:30", "12-24 18:30", "12-31 18:30"]
    assert len(await world.do(lambda c: own_sign_ups.my_sign_ups(c, person, world.now))) == 1
    again = await world.do(lambda c: series.edit(c, changed, None, world.now))
    assert (again.added, again.moved, again.removed, again.kept) == ((), (), (), ())


async def test_edited_over_the_change_of_the_clock(world: World) -> None:
    activity = await made(world, "FREQ=WEEKLY;BYDAY=SU;COUNT=3", FIRST.replace(year=2027, month=3, day=21))
    assert await dates(world) == ["03-21 18:30", "03-28 18:30", "04-04 18:30"]
    changed = await world.do(lambda c: activities.change(c, replace(activity), None, world.now, minutes=60))
    await world.do(lambda c: series.edit(c, changed, None, world.now))
    assert {one.ends_at - one.starts_at for one in await all_sessions(world)} == {timedelta(hours=1)}
