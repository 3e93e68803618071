"""Whom a mission is offered to, in which order, and when that stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from knowledge.participation.kinds import Candidate, Kind, Requirements
from knowledge.participation.waves import Mission, Volunteer, fits, next_wave, part_of_week
from storage import alerts, people, profiles, sessions, signups
from storage.people import people as known_people
from tests.participation.bot_work import labels, until, work
from tests.participation.conftest import NOW, PARIS, World
from tests.participation.test_signing_up import join
from tests.participation.test_waiting_list import act

FRIDAY = datetime(2026, 12, 4, 7, 0, tzinfo=PARIS)
BASTILLE = (48.8530, 2.3690)
MISSION = Mission(FRIDAY, FRIDAY + timedelta(hours=3), "75011", Requirements(minimum_age=18), BASTILLE)
ADA = Volunteer(1, Candidate(of_age_on=date(2020, 1, 1)))


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, True),
        ({"districts": frozenset({"75011", "75012"})}, True),
        ({"districts": frozenset({"75018"})}, False),
        ({"near_only": True, "districts": frozenset({"75011"})}, True),
        ({"near_only": True}, False),  # near what is not known
        ({"districts": frozenset({"75012"})}, True),  # 1.9 km from its town hall to Bastille
        ({"near_only": True, "districts": frozenset({"75012"})}, False),
        ({"districts": frozenset({"75003"})}, True),  # 1.3 km from its middle
        ({"near_only": True, "districts": frozenset({"75003"})}, True),
        ({"districts": frozenset({"75017", "75013"})}, True),  # the 13th is 2.8 km away
        ({"times": frozenset({"fri-morning"})}, True),
        ({"times": frozenset({"fri-evening"})}, False),
        ({"weekends_only": True}, False),
        ({"paused_until": date(2026, 11, 25)}, False),
        ({"paused_until": date(2026, 11, 24)}, True),
        ({"last_asked_at": NOW - timedelta(hours=19)}, False),
        ({"last_asked_at": NOW - timedelta(hours=21)}, True),
        ({"busy": ((FRIDAY + timedelta(hours=2), FRIDAY + timedelta(hours=5)),)}, False),
        ({"busy": ((FRIDAY + timedelta(hours=3), FRIDAY + timedelta(hours=5)),)}, True),
        ({"candidate": Candidate()}, False),  # their age was never asked
        ({"candidate": Candidate(of_age_on=date(2026, 12, 5))}, False),
        ({"candidate": Candidate(of_age_on=date(2026, 12, 4))}, True),
    ],
)
def test_who_is_asked(changes: dict[str, Any], asked: bool) -> None:
    assert fits(replace(ADA, **changes), MISSION, NOW, PARIS) is asked


@pytest.mark.parametrize(
    ("mission", "near_only", "asked"),
    [
        ({"district": "75004"}, True, True),  # on the other side of the square, in another arrondissement
        ({"district": "75018", "position": (48.8926, 2.3482)}, False, False),
        ({"district": "75018", "position": None}, False, False),  # by the middle of the 18th
        ({"district": "75003", "position": None}, False, True),
        ({"district": "93200", "position": (48.9362, 2.3574)}, False, False),
        ({"district": "93100", "position": None}, False, False),
        ({"district": "", "position": None}, False, True),  # anywhere: may be next door
        ({"district": "", "position": None}, True, False),
    ],
)
def test_near_by_distance_where_no_position_is_known(mission: dict[str, Any], near_only: bool, asked: bool) -> None:
    """Of somebody who said "11e"."""
    eleventh = replace(ADA, districts=frozenset({"75011"}), near_only=near_only)
    assert fits(eleventh, replace(MISSION, **mission), NOW, PARIS) is asked


def test_what_a_mission_needs() -> None:
    needing = replace(MISSION, requirements=Requirements(training="x", skills=frozenset({"cook"}), charter=True))
    assert not fits(ADA, needing, NOW, PARIS)
    trained = Candidate(qualifications={"x": date(2026, 12, 4)}, skills=frozenset({"cook", "drive"}), charter=True)
    assert fits(replace(ADA, candidate=trained), needing, NOW, PARIS)
    assert not fits(
        replace(ADA, candidate=replace(trained, qualifications={"x": date(2026, 12, 3)})), needing, NOW, PARIS
    )


def test_least_recently_asked_first_and_no_more_than_needed() -> None:
    crowd = [replace(ADA, person_id=n, last_asked_at=NOW - timedelta(days=40 - n)) for n in range(1, 31)]
    never = replace(ADA, person_id=99)
    assert next_wave([*crowd, never], MISSION, 1, NOW, PARIS) == [99, 1, 2, 3, 4, 5, 6, 7]
    assert len(next_wave(crowd, MISSION, 5, NOW, PARIS)) == 15
    assert next_wave(crowd, MISSION, 0, NOW, PARIS) == []


def test_parts_of_the_week() -> None:
    assert part_of_week(FRIDAY) == "fri-morning"
    assert part_of_week(datetime(2026, 12, 6, 2, 0, tzinfo=PARIS)) == "sun-night"
    assert part_of_week(datetime(2026, 12, 5, 18, 0, tzinfo=PARIS)) == "sat-evening"


async def volunteers(world: World, count: int) -> list[int]:
    numbers = await world.people(count)
    for number in numbers:
        await world.do(lambda c, number=number: profiles.change(c, number, skills=frozenset()))  # type: ignore[misc]
    return numbers


async def mission(world: World, capacity: int = 2, **values: Any) -> sessions.Session:
    return await world.session(capacity, hour=14, kind=Kind.MISSION, alerts=True, district="75011", **values)


async def test_in_waves_until_it_is_full(world: World) -> None:
    people_ = await volunteers(world, 20)
    session = await mission(world, days=2)
    first = await work(world)
    assert sorted(first) == sorted(f"chat-p{n}" for n in range(8))
    assert len(labels(first["chat-p0"][0])) == 3
    assert await work(world) == {}
    await join(world, session.id, people_[3])
    assert await world.do(lambda c: alerts.answer(c, session.id, people_[3], "coming", world.now))
    assert await world.do(lambda c: alerts.answer(c, session.id, people_[4], "not_now", world.now))
    assert not await world.do(lambda c: alerts.answer(c, session.id, people_[15], "coming", world.now))
    world.wait(hours=4, minutes=13)
    second = await work(world)
    assert sorted(second) == sorted(f"chat-p{n}" for n in range(8, 16))
    asked = await world.do(lambda c: alerts.asked_for(c, session.id))
    assert [(one.wave, one.answer) for one in asked if one.answer] == [(1, "coming"), (1, "not_now")]
    assert {one.wave for one in asked} == {1, 2}
    await join(world, session.id, people_[9])
    heard = await until(world, world.now + timedelta(hours=24))
    assert [chat for _, chat, _ in heard if chat not in ("chat-p3", "chat-p9")] == []  # full: nobody more is asked


async def test_who_drops_out_shortly_before_has_others_asked_at_once(world: World) -> None:
    people_ = await volunteers(world, 12)
    session = await mission(world, capacity=1, days=1)
    await join(world, session.id, people_[0])
    assert await work(world) == {}
    world.wait(hours=6)
    await act(world, signups.cancel, session.id, people_[0])
    said = await work(world)
    assert len(said) == 8


async def test_who_waits_comes_before_who_is_asked(world: World) -> None:
    people_ = await volunteers(world, 12)
    session = await mission(world, capacity=1, days=1)
    await join(world, session.id, people_[0])
    await join(world, session.id, people_[11])
    await work(world)
    await act(world, signups.cancel, session.id, people_[0])
    assert list(await work(world)) == ["chat-p11"]


async def test_nobody_is_asked_at_night_nor_who_does_not_want_it(world: World) -> None:
    await volunteers(world, 4)
    known = await world.do(lambda c: known_people(c, [("telegram", f"p{n}") for n in range(4)]))
    await world.do(lambda c: people.change(c, known["telegram", "p0"], alerts=False))
    await world.do(lambda c: profiles.change(c, known["telegram", "p1"].id, missions=False))
    await world.do(lambda c: profiles.change(c, known["telegram", "p2"].id, paused_until=date(2026, 12, 24)))
    world.wait(hours=11)
    await mission(world, days=3)
    assert await work(world) == {}
    heard = await until(world, world.now + timedelta(hours=12))
    assert [(moment, chat) for moment, chat, _ in heard] == [("25 08:00", "chat-p3")]


async def test_asked_from_a_week_before(world: World) -> None:
    await volunteers(world, 1)
    await mission(world, days=20)
    heard = await until(world, world.now + timedelta(days=14))
    assert [(moment, chat) for moment, chat, _ in heard] == [("07 14:30", "chat-p0")]
