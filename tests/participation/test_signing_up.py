"""Signing up, and why not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.participation.kinds import Kind
from knowledge.participation.refusals import Reason
from knowledge.participation.states import State
from storage import activities, own_sign_ups, profiles, sessions, signups
from storage.signups import Refused, SignedUp, Waiting
from tests.participation.conftest import World


async def join(world: World, session: int, person: int, seats: int = 1) -> Any:
    return await world.do(lambda c: signups.sign_up_for(c, session, person, seats, world.now))


async def test_places_are_given_until_there_are_none_then_people_wait_in_order(world: World) -> None:
    session = await world.session(capacity=2)
    a, b, c, d = await world.people(4)
    assert isinstance(await join(world, session.id, a), SignedUp)
    assert isinstance(await join(world, session.id, b), SignedUp)
    third, fourth = await join(world, session.id, c), await join(world, session.id, d)
    assert isinstance(third, Waiting)
    assert isinstance(fourth, Waiting)
    assert (third.position, fourth.position) == (1, 2)
    shown = await world.do(lambda c: sessions.listing(c, session.id))
    assert shown is not None
    assert (shown.taken, shown.waiting, shown.free) == (2, 2, 0)


async def test_every_no_has_its_reason(world: World) -> None:
    person, child, unknown = (
        await world.person("ada"),
        await world.person("kid", adult=False),
        await world.person("x", adult=False),
    )
    await world.do(lambda c: profiles.set_minor(c, child, date(2028, 1, 1)))
    plain = await world.session()
    asked = {
        Reason.NOT_OPEN_YET: await world.session(opens_minutes=60),
        Reason.CLOSED: await world.session(closes_minutes=60 * 24 * 30),
        Reason.TRAINING_NEEDED: await world.session(training="aller-vers"),
        Reason.CHARTER_NEEDED: await world.session(charter=True),
        Reason.SKILLS_NEEDED: await world.session(skills=frozenset({"cooking"})),
        Reason.LANGUAGES_NEEDED: await world.session(languages=frozenset({"ps"})),
        Reason.OVER: await world.session(days=-1),
    }
    for reason, session in asked.items():
        answer = await join(world, session.id, person)
        assert isinstance(answer, Refused), reason
        assert answer.reason is reason
    assert (await join(world, plain.id, child)).reason is Reason.TOO_YOUNG
    assert (await join(world, plain.id, unknown)).reason is Reason.AGE_UNKNOWN
    assert (await join(world, plain.id, person, 6)).reason is Reason.TOO_MANY
    assert (await join(world, plain.id, person, 0)).reason is Reason.TOO_MANY
    assert (await join(world, 4711, person)).reason is Reason.CLOSED
    first = await join(world, plain.id, person)
    again = await join(world, plain.id, person)
    assert (again.reason, again.refusal.other, again.other.session.id) == (Reason.ALREADY, first.sign_up.id, plain.id)
    meanwhile = await world.session(hour=19)
    overlapping = await join(world, meanwhile.id, person)
    assert (overlapping.reason, overlapping.other.session.id) == (Reason.OVERLAPS, plain.id)
    await world.do(lambda c: sessions.cancel(c, meanwhile.id, None, world.now))
    assert (await join(world, meanwhile.id, person)).reason is Reason.CANCELLED
    full = await world.session(capacity=1, days=9, waiting_list=False)
    await join(world, full.id, person)
    assert (await join(world, full.id, await world.person("eve"))).reason is Reason.FULL


async def test_next_to_each_other_is_not_overlapping(world: World) -> None:
    person = await world.person("ada")
    first, second = await world.session(hour=16, hours=2), await world.session(hour=18)
    assert isinstance(await join(world, first.id, person), SignedUp)
    assert isinstance(await join(world, second.id, person), SignedUp)


async def test_sixteen_is_enough_where_it_is_allowed(world: World) -> None:
    child = await world.person("kid", adult=False)
    await world.do(lambda c: profiles.set_minor(c, child, date(2028, 11, 1)))  # sixteen since 1 November 2026
    assert isinstance(await join(world, (await world.session(minimum_age=16)).id, child), SignedUp)
    assert (await join(world, (await world.session(minimum_age=18, days=9)).id, child)).reason is Reason.TOO_YOUNG


async def test_a_draft_cannot_be_joined_and_is_not_listed(world: World) -> None:
    person = await world.person("ada")
    draft = await world.do(
        lambda c: activities.create(c, activities.Activity(Kind.CAFE, {"fr": "Café"}), person, world.now)
    )
    start = world.now + timedelta(days=3)
    session = await world.do(lambda c: sessions.add(c, draft, start, start + timedelta(hours=2), person, world.now))
    assert (await join(world, session.id, person)).reason is Reason.CLOSED
    assert await world.do(lambda c: sessions.upcoming(c, world.now)) == []


async def test_listing_by_kind_date_district_and_position(world: World) -> None:
    near = await world.session(days=9, district="75011", latitude=48.853, longitude=2.369, kind=Kind.MISSION)
    far = await world.session(days=2, district="75018", latitude=48.892, longitude=2.344, kind=Kind.MISSION)
    training = await world.session(days=5)

    async def found(*args: Any, **more: Any) -> list[int]:
        return [one.session.id for one in await world.do(lambda c: sessions.upcoming(c, world.now, *args, **more))]

    assert await found() == [far.id, training.id, near.id]
    assert await found(["mission"]) == [far.id, near.id]
    assert await found(["mission"], near=(48.8532, 2.3693)) == [near.id, far.id]
    assert await found(district="75018") == [far.id]
    assert await found(start=world.now + timedelta(days=3), end=world.now + timedelta(days=6)) == [training.id]
    assert await found(limit=1, offset=1) == [training.id]


async def test_mine(world: World) -> None:
    ada, bob = await world.people(2)
    session = await world.session(capacity=1)
    await join(world, session.id, ada)
    await join(world, session.id, bob)
    [mine] = await world.do(lambda c: own_sign_ups.my_sign_ups(c, bob, world.now))
    assert (mine.sign_up.state, mine.position, mine.listing.session.id) == (State.WAITING, 1, session.id)
    assert await world.do(lambda c: own_sign_ups.mine(c, mine.sign_up.id, ada)) is None


@pytest.mark.parametrize("language", ["fr", "en", "ps"])
async def test_words_fall_back_to_french(world: World, language: str) -> None:
    activity = await world.activity()
    assert activity.words(activity.title, language) == {"fr": "Aller vers", "en": "Reaching out"}.get(
        language, "Aller vers"
    )
