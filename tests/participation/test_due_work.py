"""Due work is done once, by whoever comes first; what fails is tried again and holds nothing up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.due import work as due_work
from handlers.due.context import Context
from handlers.due.work import DueWork
from knowledge.participation.quiet import Quiet
from storage import activities, due, outbox, sessions
from storage.database import Database
from storage.due import Schedule
from tests.participation.bot_work import plain, until, work
from tests.participation.conftest import PARIS, QUIET, World
from tests.participation.test_signing_up import join


async def test_several_processes_send_each_message_once(world: World, database_url: str) -> None:
    session = await world.session(capacity=30)
    for person in await world.people(20):
        await join(world, session.id, person)
    await work(world)
    world.now = session.starts_at.astimezone(PARIS) - timedelta(hours=24)
    others = [Database.open(database_url) for _ in range(3)]
    try:
        every = [DueWork(one, QUIET, lambda: world.now) for one in (world.database, *others)]
        made = await asyncio.gather(*(one.run() for one in every))
    finally:
        for one in others:
            await one.close()
    assert sum(made) == 20
    assert await world.do(outbox.waiting) == 20


async def test_what_fails_is_tried_again_and_holds_nothing_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = await world.session()
    await join(world, session.id, await world.person("a"))
    await work(world)
    world.now = session.starts_at.astimezone(PARIS) - timedelta(hours=24)
    right, tries = due_work.WORK[Schedule.EVENING], []

    def wrong(context: Context) -> None:
        tries.append(context.now)
        right(context)
        if len(tries) < 3:
            raise RuntimeError("of this test")

    monkeypatch.setitem(due_work.WORK, Schedule.EVENING, wrong)
    other = await world.session(days=1, capacity=1)
    await join(world, other.id, await world.person("b"))
    assert await work(world) == {}  # nothing of a try that failed is kept
    heard = await until(world, world.now + timedelta(minutes=5))
    assert len(tries) == 3
    assert [chat for _, chat, _ in heard] == ["chat-a"]


async def test_given_up_after_five_tries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def wrong(context: Context) -> None:
        tries.append(context.due.id)
        raise RuntimeError("of this test")

    monkeypatch.setitem(due_work.WORK, Schedule.PLAN, wrong)
    await world.session()
    assert await until(world, world.now + timedelta(days=1)) == []
    assert len(tries) == 5
    assert await world.database.read(due.next_due) is None


async def test_what_is_of_nobody_any_more_is_nothing(world: World) -> None:
    """Every kind of due work, about a number that does not exist."""
    for what in Schedule:
        await world.do(lambda c, what=what: due.schedule(c, what, [4711], world.now))  # type: ignore[misc]
    assert await work(world) == {}
    assert await world.database.read(due.next_due) is None


async def test_forgotten_after_a_while(world: World) -> None:
    await world.do(lambda c: due.schedule(c, Schedule.EVENING, [1], world.now))
    await work(world)
    await world.do(lambda c: due.schedule(c, Schedule.EVENING, [1], world.now))
    assert not await world.do(lambda c: due.pending(c, Schedule.EVENING, 1))  # once for a moment
    world.wait(days=41)
    await world.do(lambda c: due.forget(c, world.now))
    assert not await world.do(lambda c: due.known(c, Schedule.EVENING, 1))


async def test_staff_hear_of_too_few_people(world: World) -> None:
    staff = await world.person("staff")
    activity = await world.activity(minimum=3)
    await world.do(lambda c: activities.change(c, replace(activity), None, world.now, created_by=staff))
    start = world.now.replace(hour=18) + timedelta(days=3)
    session = await world.do(lambda c: sessions.add(c, activity, start, start + timedelta(hours=2), staff, world.now))
    await join(world, session.id, await world.person("a"))
    heard = await until(world, start - timedelta(hours=23))
    assert [chat for _, chat, _ in heard] == ["chat-a", "chat-staff"]


async def test_administrators_of_the_settings_hear_where_nobody_made_it(world: World) -> None:
    await world.person("boss")
    session = await world.session(minimum=3)
    world.now = session.starts_at.astimezone(PARIS) - timedelta(hours=24)
    works = DueWork(world.database, Quiet(PARIS), lambda: world.now, [("telegram", "boss"), ("matrix", "@none:x")])
    assert await works.run() == 1
    [said] = (await work(world))["chat-boss"]
    assert "3" in plain(said)
