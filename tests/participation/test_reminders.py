"""Reminders at the right local times, re-checked as they go out; news of sessions that moved or are cancelled."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from knowledge.participation.quiet import Quiet
from knowledge.participation.reminders import Reminding, reminders, told_at
from storage import activities, people, sessions, signups
from storage.accounts import link, prefer
from storage.activities import Outdated
from storage.outbox import stop_lane
from storage.people import people as known_people
from tests.participation.bot_work import labels, plain, until, work
from tests.participation.conftest import PARIS, QUIET, World
from tests.participation.test_signing_up import join
from tests.participation.test_waiting_list import act


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "evening", "minutes", "expected"),
    [
        ("2026-12-08T18:30", True, 120, {"evening": "2026-12-07T18:00", "before": "2026-12-08T16:30"}),
        ("2026-12-08T10:00", True, 120, {"evening": "2026-12-07T18:00", "before": "2026-12-08T08:00"}),
        # 07:00 is too early to be told, 08:00 is not too late.
        ("2026-12-08T09:00", True, 120, {"evening": "2026-12-07T18:00", "before": "2026-12-08T08:00"}),
        ("2026-12-08T09:00", False, 120, {"before": "2026-12-08T08:00"}),
        ("2026-12-08T08:45", True, 120, {"evening": "2026-12-07T18:00"}),
        ("2027-03-28T09:30", True, 120, {"evening": "2027-03-27T18:00", "before": "2027-03-28T08:00"}),
        ("2026-12-08T08:20", True, 15, {"evening": "2026-12-07T18:00", "before": "2026-12-08T08:05"}),
        # Two hours before breakfast nobody is woken: the evening's reminder does.
        ("2026-12-11T07:00", True, 120, {"evening": "2026-12-10T18:00"}),
        ("2026-12-11T07:00", False, 120, {"before": "2026-12-10T21:30"}),
        ("2026-12-08T18:30", True, 0, {"evening": "2026-12-07T18:00"}),
        ("2026-12-08T18:30", False, 0, {}),
        ("2026-12-08T00:30", True, 120, {"evening": "2026-12-07T18:00"}),
        # The day after the clocks changed, and the day itself: 18:00 on the wall.
        ("2027-03-28T10:00", True, 60, {"evening": "2027-03-27T18:00", "before": "2027-03-28T09:00"}),
        ("2027-03-29T10:00", True, 60, {"evening": "2027-03-28T18:00", "before": "2027-03-29T09:00"}),
        ("2026-10-25T12:00", True, 120, {"evening": "2026-10-24T18:00", "before": "2026-10-25T10:00"}),
        ("2026-10-26T12:00", True, 120, {"evening": "2026-10-25T18:00", "before": "2026-10-26T10:00"}),
        ("2027-01-01T18:00", True, 120, {"evening": "2026-12-31T18:00", "before": "2027-01-01T16:00"}),
    ],
)
def test_table(start: str, evening: bool, minutes: int, expected: dict[str, str]) -> None:
    found = reminders(at(start), Reminding(evening, minutes), QUIET)
    assert {name: moment.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M") for name, moment in found.items()} == expected


def test_quiet_hours_within_a_day() -> None:
    quiet = Quiet(PARIS, time(12), time(14))
    found = reminders(at("2026-12-08T15:00"), Reminding(evening=False), quiet)
    assert found["before"] == at("2026-12-08T14:00")
    found = reminders(at("2026-12-08T14:30"), Reminding(evening=False), quiet)
    assert found["before"] == at("2026-12-08T12:00")


async def test_reminders_of_a_training(world: World) -> None:
    session = await world.session()
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    heard = await until(world, world.now + timedelta(days=6, hours=7))
    assert [(moment, chat) for moment, chat, _ in heard] == [("30 18:00", "chat-p0"), ("30 18:00", "chat-p1")]
    await act(world, signups.coming, session.id, a)
    heard = await until(world, world.now + timedelta(hours=22))
    assert [(moment, chat) for moment, chat, _ in heard] == [("01 16:30", "chat-p0"), ("01 16:30", "chat-p1")]
    assert heard[0][2] != heard[1][2]  # who has not answered is asked again


async def test_nothing_is_said_twice(world: World) -> None:
    session = await world.session()
    await join(world, session.id, await world.person("a"))
    world.now = session.starts_at.astimezone(PARIS) - timedelta(hours=24)
    assert list(await work(world)) == ["chat-a"]
    activity = (await world.do(lambda c: sessions.listing(c, session.id))).activity  # type: ignore[union-attr]
    await world.do(lambda c: activities.publish(c, activity, None, world.now))  # set anew
    assert await work(world) == {}


async def test_after_an_outage_only_the_last_reminder_comes(world: World) -> None:
    session = await world.session()
    await join(world, session.id, await world.person("a"))
    await work(world)
    world.now = session.starts_at.astimezone(PARIS) - timedelta(hours=1)
    assert len((await work(world))["chat-a"]) == 1
    world.now = session.starts_at.astimezone(PARIS) + timedelta(minutes=1)
    assert await work(world) == {}


async def test_who_left_is_not_reminded_and_who_waits_neither(world: World) -> None:
    session = await world.session(capacity=1)
    a, b, c = await world.people(3)
    for person in (a, b, c):
        await join(world, session.id, person)
    await work(world)
    await act(world, signups.cancel, session.id, b)
    world.now = session.starts_at.astimezone(PARIS) - timedelta(hours=24)
    assert list(await work(world)) == ["chat-p0"]


async def test_moved_all_are_told_at_once_and_reminded_of_the_new_time(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    await work(world)
    later = timedelta(days=1)
    await world.do(
        lambda c: sessions.change(
            c, session, None, world.now, starts_at=session.starts_at + later, ends_at=session.ends_at + later
        )
    )
    said = await work(world)
    assert sorted(said) == ["chat-p0", "chat-p1"]
    assert len(labels(said["chat-p0"][0])) == 2
    assert labels(said["chat-p1"][0]) == []
    heard = await until(world, session.ends_at + later)
    assert [(moment, chat) for moment, chat, _ in heard] == [("01 18:00", "chat-p0"), ("02 16:30", "chat-p0")]


async def test_moved_a_moment_before_its_reminder(world: World) -> None:
    """The reminder finds the session elsewhere, even before new ones are set."""
    session = await world.session()
    await join(world, session.id, await world.person("a"))
    await work(world)
    world.now = at("2026-11-30T18:00")
    shift = timedelta(days=3)
    await world.do(
        lambda c: sessions.change(
            c, session, None, world.now, starts_at=session.starts_at + shift, ends_at=session.ends_at + shift
        )
    )
    said = await work(world)
    assert len(said["chat-a"]) == 1
    assert "4" in plain(said["chat-a"][0])


async def test_cancelled_all_are_told_with_what_there_is_instead(world: World) -> None:
    session = await world.session()
    activity = (await world.do(lambda c: sessions.listing(c, session.id))).activity  # type: ignore[union-attr]
    other = at("2026-12-15T18:30")
    await world.do(lambda c: sessions.add(c, activity, other, other + timedelta(hours=2), None, world.now))
    await join(world, session.id, await world.person("a"))
    await work(world)
    assert await world.do(lambda c: sessions.cancel(c, session.id, None, world.now)) == 1
    assert await world.do(lambda c: sessions.cancel(c, session.id, None, world.now)) == 0
    [said] = (await work(world))["chat-a"]
    assert "15" in plain(said)
    assert len(labels(said)) == 1
    assert await until(world, session.ends_at + timedelta(days=1)) == []


async def test_two_staff_edit_the_same_session(world: World) -> None:
    session = await world.session()
    await world.do(lambda c: sessions.change(c, session, None, world.now, capacity=12))
    with pytest.raises(Outdated):
        await world.do(lambda c: sessions.change(c, session, None, world.now, capacity=8))
    shown = await world.do(lambda c: sessions.listing(c, session.id))
    assert shown is not None
    assert shown.session.capacity == 12
    with pytest.raises(Outdated):
        await world.do(lambda c: activities.change(c, replace_version(shown.activity), None, world.now, capacity=3))


def replace_version(activity: activities.Activity) -> activities.Activity:
    from dataclasses import replace

    return replace(activity, version=activity.version - 1)


async def test_who_wants_nothing_sent_gets_what_they_signed_up_for(world: World) -> None:
    session = await world.session()
    person = await world.person("a")
    await join(world, session.id, person)
    await world.do(lambda c: people.change(c, known_people(c, [("telegram", "a")])["telegram", "a"], alerts=False))
    heard = await until(world, session.starts_at - timedelta(hours=1))
    assert [(moment, chat) for moment, chat, _ in heard] == [("30 18:00", "chat-a"), ("01 16:30", "chat-a")]
    await world.do(lambda c: sessions.cancel(c, session.id, None, world.now))
    assert list(await work(world)) == ["chat-a"]


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("2026-12-01T12:00", "2026-12-01T18:30", "2026-12-01T12:00"),
        ("2026-12-01T22:00", "2026-12-02T18:30", "2026-12-02T08:00"),
        ("2026-12-02T03:00", "2026-12-02T09:00", "2026-12-02T08:00"),
        # Too late in the morning: when people get up for it.
        ("2026-12-01T22:00", "2026-12-02T07:00", "2026-12-02T05:00"),
        ("2026-12-01T22:00", "2026-12-02T08:30", "2026-12-02T06:30"),
        # It begins tonight: at once.
        ("2026-12-01T22:00", "2026-12-01T23:00", "2026-12-01T22:00"),
        # The nights in which the clocks change.
        ("2027-03-27T23:00", "2027-03-28T10:00", "2027-03-28T08:00"),
        ("2026-10-24T23:00", "2026-10-25T10:00", "2026-10-25T08:00"),
    ],
)
def test_what_is_late_waits_for_the_morning(now: str, start: str, expected: str) -> None:
    assert told_at(at(now), at(start), QUIET).astimezone(PARIS) == at(expected)


async def test_a_reminder_after_an_outage_does_not_come_at_night(world: World) -> None:
    session = await world.session()
    await join(world, session.id, await world.person("a"))
    await work(world)
    world.now = at("2026-11-30T23:00")
    assert await work(world) == {}
    heard = await until(world, at("2026-12-01T12:00"))
    assert [(moment, chat) for moment, chat, _ in heard] == [("01 08:00", "chat-a")]


async def test_a_reminder_of_this_night_comes_at_night(world: World) -> None:
    session = await world.session(hour=23, days=1)
    await join(world, session.id, await world.person("a"))
    await work(world)
    world.now = at("2026-11-25T22:30")
    assert list(await work(world)) == ["chat-a"]


async def test_on_the_platform_they_prefer_or_the_one_that_is_left(world: World) -> None:
    session = await world.session()
    first = await world.person("a")
    await world.person("@a:example.org", platform="matrix")

    def join_accounts(connection):  # type: ignore[no-untyped-def]
        known = known_people(connection, [("telegram", "a"), ("matrix", "@a:example.org")])
        link(connection, known["matrix", "@a:example.org"], known["telegram", "a"])
        prefer(connection, first, "matrix")

    await world.do(join_accounts)
    await join(world, session.id, first)
    world.now = at("2026-11-30T18:00")
    assert list(await work(world)) == ["chat-@a:example.org"]
    await world.do(lambda c: stop_lane(c, "matrix:chat-@a:example.org", "gone", world.now))
    world.now = at("2026-12-01T16:30")
    assert list(await work(world)) == ["chat-a"]


async def test_staff_learn_who_is_silent_and_who_left_shortly_before(world: World) -> None:
    staff = await world.person("staff")
    activity = await world.activity(capacity=5)
    await world.do(lambda c: activities.change(c, activity, None, world.now, created_by=staff))
    start = at("2026-12-01T18:30")
    session = await world.do(lambda c: sessions.add(c, activity, start, start + timedelta(hours=2), staff, world.now))
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    await until(world, at("2026-12-01T09:00"))
    await act(world, signups.cancel, session.id, a)
    assert list(await work(world)) == ["chat-staff"]
    heard = await until(world, at("2026-12-01T17:00"))
    assert [chat for _, chat, _ in heard] == ["chat-p1", "chat-staff"]
    heard = await until(world, at("2026-12-01T22:00"))
    assert [(moment, chat) for moment, chat, _ in heard] == [("01 21:00", "chat-staff")]  # who was there?
