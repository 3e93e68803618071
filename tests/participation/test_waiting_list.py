"""Waiting lists, as scenarios: who is offered what, when, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from knowledge.participation.refusals import Reason
from knowledge.participation.states import LIVE, State
from storage import audit, sessions, signups
from storage.signups import Refused, SignedUp, SignUp, Waiting
from tests.participation.bot_work import labels, plain, until, work
from tests.participation.conftest import World
from tests.participation.test_signing_up import join


async def states(world: World, session: int) -> list[tuple[int, str]]:
    found = await world.do(lambda c: signups.of_session(c, session, tuple(State)))
    return [(one.person_id, one.state.value) for one in found]


async def sign_up(world: World, session: int, person: int) -> SignUp:
    found = await world.do(lambda c: signups.of_session(c, session, tuple(State)))
    return [one for one in found if one.person_id == person][-1]


async def act(world: World, what: Any, session: int, person: int) -> Any:
    one = await sign_up(world, session, person)
    return await world.do(lambda c: what(c, one.id, person, world.now))


async def test_who_leaves_makes_room_for_the_next_who_takes_it(world: World) -> None:
    session = await world.session(capacity=1)
    a, b, c = await world.people(3)
    for person in (a, b, c):
        await join(world, session.id, person)
    await work(world)
    await act(world, signups.cancel, session.id, a)
    said = await work(world)
    assert list(said) == ["chat-p1"]
    [offer] = said["chat-p1"]
    assert "Aller vers" in plain(offer)
    assert len(labels(offer)) == 2
    assert await states(world, session.id) == [(a, "cancelled"), (b, "offered"), (c, "waiting")]
    # The place is kept: a newcomer waits behind c.
    late = await join(world, session.id, await world.person("late"))
    assert isinstance(late, Waiting)
    assert late.position == 2
    assert isinstance(await act(world, signups.accept, session.id, b), SignedUp)
    assert await work(world) == {}
    assert isinstance(await act(world, signups.accept, session.id, b), SignedUp)  # tapped twice
    assert (await states(world, session.id))[1] == (b, "confirmed")


async def test_an_offer_declined_or_run_out_goes_to_the_next(world: World) -> None:
    session = await world.session(capacity=1)
    a, b, c, d = await world.people(4)
    for person in (a, b, c, d):
        await join(world, session.id, person)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    await act(world, signups.decline, session.id, b)
    await work(world)
    offered = await sign_up(world, session.id, c)
    assert offered.state is State.OFFERED
    assert offered.offered_until is not None
    world.now = offered.offered_until.astimezone(world.now.tzinfo)
    gone = await act(world, signups.accept, session.id, c)  # at the very moment it ends, and before anybody looked
    assert isinstance(gone, Refused)
    assert gone.reason is Reason.GONE
    said = await work(world)
    assert sorted(said) == ["chat-p2", "chat-p3"]
    assert [state for _, state in await states(world, session.id)] == ["cancelled", "declined", "expired", "offered"]
    again = await join(world, session.id, c)  # whoever missed it joins at the end
    assert isinstance(again, Waiting)


async def test_a_group_waits_until_all_fit_and_is_passed_over_meanwhile(world: World) -> None:
    session = await world.session(capacity=3)
    a, b, c, group, single = await world.people(5)
    for person in (a, b, c):
        await join(world, session.id, person)
    await join(world, session.id, group, 2)
    await join(world, session.id, single)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    assert (await sign_up(world, session.id, group)).state is State.WAITING
    assert (await sign_up(world, session.id, single)).state is State.OFFERED
    await act(world, signups.cancel, session.id, b)
    await work(world)
    assert (await sign_up(world, session.id, group)).state is State.WAITING
    await act(world, signups.decline, session.id, single)
    await work(world)
    assert (await sign_up(world, session.id, group)).state is State.OFFERED
    await act(world, signups.accept, session.id, group)
    shown = await world.do(lambda c: sessions.listing(c, session.id))
    assert shown is not None
    assert (shown.taken, shown.free) == (3, 0)


async def test_looking_for_a_replacement_keeps_the_place_until_it_is_taken(world: World) -> None:
    session = await world.session(capacity=1)
    a, b, c = await world.people(3)
    await join(world, session.id, a)
    await act(world, signups.look_for_replacement, session.id, a)
    assert (await sign_up(world, session.id, a)).state is State.LOOKING
    assert isinstance(await join(world, session.id, b), SignedUp)  # nobody waits: the newcomer takes it
    assert (await sign_up(world, session.id, a)).because == "replaced"
    assert list(await work(world)) == ["chat-p0"]  # who is told, and thanked
    await join(world, session.id, c)
    await act(world, signups.look_for_replacement, session.id, b)
    await work(world)
    assert (await sign_up(world, session.id, c)).state is State.OFFERED
    shown = await world.do(lambda c: sessions.listing(c, session.id))
    assert shown is not None
    assert shown.taken == 1
    await act(world, signups.stay, session.id, b)  # after all
    said = await work(world)
    assert list(said) == ["chat-p2"]
    assert await states(world, session.id) == [(a, "cancelled"), (b, "confirmed"), (c, "waiting")]
    await act(world, signups.look_for_replacement, session.id, b)
    await work(world)
    await act(world, signups.accept, session.id, c)
    assert await states(world, session.id) == [(a, "cancelled"), (b, "cancelled"), (c, "confirmed")]


async def test_who_looked_for_a_replacement_and_leaves_meanwhile_leaves_the_place(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    await act(world, signups.look_for_replacement, session.id, a)
    await work(world)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    assert await states(world, session.id) == [(a, "cancelled"), (b, "offered")]
    await act(world, signups.accept, session.id, b)
    shown = await world.do(lambda c: sessions.listing(c, session.id))
    assert shown is not None
    assert shown.taken == 1


async def test_part_of_a_group_is_replaced(world: World) -> None:
    session = await world.session(capacity=3)
    group, single = await world.people(2)
    await join(world, session.id, group, 3)
    await act(world, signups.look_for_replacement, session.id, group)
    assert isinstance(await join(world, session.id, single), SignedUp)
    left = await sign_up(world, session.id, group)
    assert (left.state, left.seats) == (State.LOOKING, 2)


async def test_cancelled_in_the_middle_of_an_offer(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    await world.do(lambda c: sessions.cancel(c, session.id, None, world.now, "Salle fermée"))
    refused = await act(world, signups.accept, session.id, b)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.CANCELLED
    said = await work(world)
    assert list(said) == ["chat-p1"]
    assert "Salle fermée" in plain(said["chat-p1"][0])
    world.wait(days=2)
    assert await work(world) == {}  # the offer no longer runs out
    assert [one.state for one in await world.do(lambda c: signups.of_session(c, session.id, tuple(LIVE)))] == []


async def test_who_is_expected_elsewhere_is_passed_over_and_cannot_accept(world: World) -> None:
    session = await world.session(capacity=1)
    meanwhile = await world.session(capacity=5, hour=19)
    a, b, c = await world.people(3)
    for person in (a, b, c):
        await join(world, session.id, person)
    await join(world, meanwhile.id, b)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    assert (await sign_up(world, session.id, b)).state is State.WAITING
    assert (await sign_up(world, session.id, c)).state is State.OFFERED
    await join(world, meanwhile.id, c)
    refused = await act(world, signups.accept, session.id, c)
    assert (refused.reason, refused.other.session.id) == (Reason.OVERLAPS, meanwhile.id)
    await act(world, signups.cancel, meanwhile.id, c)
    assert isinstance(await act(world, signups.accept, session.id, c), SignedUp)


async def test_at_night_a_place_is_kept_and_its_person_told_in_the_morning(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    world.wait(hours=14)  # two in the morning
    await act(world, signups.cancel, session.id, a)
    assert await work(world) == {}
    assert (await sign_up(world, session.id, b)).state is State.OFFERED
    heard = await until(world, world.now + timedelta(hours=7))
    assert [(moment, chat) for moment, chat, _ in heard] == [("25 08:00", "chat-p1")]


async def test_told_in_the_morning_only_what_still_holds(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    world.wait(hours=14)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    await act(world, signups.cancel, session.id, b)
    assert await until(world, world.now + timedelta(hours=12)) == []


async def test_shortly_before_the_start_nobody_is_asked_and_a_newcomer_gets_the_place(world: World) -> None:
    session = await world.session(capacity=1, days=0)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    world.now = session.starts_at.astimezone(world.now.tzinfo) - timedelta(minutes=40)
    await act(world, signups.cancel, session.id, a)
    said = await work(world)
    assert "chat-p1" not in said
    assert isinstance(await join(world, session.id, await world.person("late")), SignedUp)


async def test_shortly_before_the_start_who_waits_may_take_the_place_as_well(world: World) -> None:
    session = await world.session(capacity=1, days=0)
    a, b, c = await world.people(3)
    for person in (a, b, c):
        await join(world, session.id, person)
    assert (await join(world, session.id, c)).reason is Reason.ALREADY
    world.now = session.starts_at.astimezone(world.now.tzinfo) - timedelta(minutes=40)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    assert isinstance(await join(world, session.id, c), SignedUp)
    assert (await join(world, session.id, b)).reason is Reason.ALREADY
    assert await states(world, session.id) == [(a, "cancelled"), (b, "waiting"), (c, "confirmed")]


async def test_who_cannot_be_reached_is_passed_over(world: World) -> None:
    session = await world.session(capacity=1)
    a, gone, c = await world.person("a"), await world.person("gone", chat=False), await world.person("c")
    for person in (a, gone, c):
        await join(world, session.id, person)
    await act(world, signups.cancel, session.id, a)
    assert list(await work(world)) == ["chat-c"]
    assert await states(world, session.id) == [(a, "cancelled"), (gone, "expired"), (c, "offered")]


async def test_a_larger_capacity_is_offered_in_order(world: World) -> None:
    session = await world.session(capacity=1)
    people = await world.people(4)
    for person in people:
        await join(world, session.id, person)
    larger = await world.do(lambda c: sessions.change(c, session, None, world.now, capacity=3))
    assert sorted(await work(world)) == ["chat-p1", "chat-p2"]
    await world.do(lambda c: sessions.change(c, larger, None, world.now, capacity=1))
    assert await work(world) == {}  # nobody loses what they were offered
    assert isinstance(await act(world, signups.accept, session.id, people[1]), SignedUp)


async def test_every_change_is_in_the_audit(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    await join(world, session.id, a)
    await join(world, session.id, b)
    await act(world, signups.cancel, session.id, a)
    await work(world)
    await act(world, signups.accept, session.id, b)
    entries = await world.do(lambda c: audit.of_session(c, session.id))
    assert [(one.what, one.before, one.after, one.person_id, one.actor_id) for one in entries if one.person_id] == [
        ("joined", "", "confirmed", a, a),
        ("joined", "", "waiting", b, b),
        ("cancel", "confirmed", "cancelled", a, a),
        ("offer", "waiting", "offered", b, None),
        ("accept", "offered", "confirmed", b, b),
    ]
