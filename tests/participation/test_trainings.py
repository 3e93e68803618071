"""Attendance gives a qualification, which opens missions, and runs out; thanks and hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from knowledge.participation.kinds import Kind
from knowledge.participation.refusals import Reason
from knowledge.participation.states import Event, State
from storage import attendance, own_sign_ups, profiles, qualifications, signups
from storage.attendance import CheckedIn
from storage.signups import Refused, SignedUp
from tests.participation.bot_work import labels, until, work
from tests.participation.conftest import PARIS, World
from tests.participation.test_signing_up import join
from tests.participation.test_waiting_list import act, sign_up


async def test_from_training_to_mission(world: World) -> None:
    training = await world.session(gives="aller-vers", gives_months=24)
    mission = await world.session(days=9, kind=Kind.MISSION, training="aller-vers")
    person = await world.person("a")
    await join(world, training.id, person)
    refused = await join(world, mission.id, person)
    assert (refused.reason, refused.refusal.missing) == (Reason.TRAINING_NEEDED, ("aller-vers",))
    world.now = training.ends_at.astimezone(PARIS)
    one = await sign_up(world, training.id, person)
    marked = await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, None, world.now))
    assert not isinstance(marked, Refused)
    assert marked.state is State.ATTENDED
    [held] = await world.do(lambda c: qualifications.of_person(c, person))
    assert (held.name, held.given_on, held.expires_on) == ("aller-vers", date(2026, 12, 1), date(2028, 12, 1))
    said = (await work(world))["chat-a"]
    assert labels(said[0]) != []
    assert isinstance(await join(world, mission.id, person), SignedUp)
    assert await world.do(lambda c: attendance.engagement(c, person)) == attendance.Engagement(1, 120)


async def test_marked_by_mistake(world: World) -> None:
    training = await world.session(gives="aller-vers")
    person = await world.person("a")
    await join(world, training.id, person)
    one = await sign_up(world, training.id, person)
    for event, state, held in (
        (Event.ATTEND, State.ATTENDED, 1),
        (Event.ATTEND, State.ATTENDED, 1),
        (Event.MISS, State.NO_SHOW, 0),
        (Event.MISS, State.NO_SHOW, 0),
        (Event.ATTEND, State.ATTENDED, 1),
        (Event.UNMARK, State.CONFIRMED, 0),
    ):
        marked = await world.do(lambda c, event=event: attendance.mark(c, one.id, event, None, world.now))  # type: ignore[misc]
        assert marked.state is state
        assert len(await world.do(lambda c: qualifications.of_person(c, person))) == held


async def test_the_code_on_the_wall(world: World) -> None:
    session = await world.session()
    person, stranger = await world.people(2)
    await join(world, session.id, person)

    async def types(code: str, who: int) -> object:
        found = await world.do(lambda c: attendance.check_in(c, code, who, world.now))
        return found.reason if isinstance(found, Refused) else found.again

    assert await types(session.code, person) is Reason.NOT_OPEN_YET
    world.now = session.starts_at.astimezone(PARIS) - timedelta(minutes=45)
    assert await types("XXXXXX", person) is Reason.GONE
    assert await types("", person) is Reason.GONE
    assert await types(session.code, stranger) is Reason.GONE
    assert await types(f" {session.code[:3].lower()}-{session.code[3:].lower()} ", person) is False
    assert await types(session.code, person) is True
    late, other = await world.session(), await world.person("late")
    await join(world, late.id, other)
    world.now = late.ends_at.astimezone(PARIS) + timedelta(seconds=1)
    assert await types(late.code, other) is Reason.OVER
    assert isinstance(await world.do(lambda c: attendance.check_in(c, session.code, person, world.now)), CheckedIn)


async def test_told_a_month_before_it_runs_out_unless_renewed(world: World) -> None:
    first = await world.session(days=0, gives="aller-vers", gives_months=12)
    a, b = await world.people(2)
    for person in (a, b):
        await join(world, first.id, person)
        one = await sign_up(world, first.id, person)
        await world.do(lambda c, one=one: attendance.mark(c, one.id, Event.ATTEND, None, world.now))  # type: ignore[misc]
    world.now = datetime(2027, 6, 1, 12, tzinfo=PARIS)
    await work(world)
    again = await world.session(days=0, gives="aller-vers", gives_months=12)
    await join(world, again.id, b)
    one = await sign_up(world, again.id, b)
    await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, None, world.now))
    await until(world, datetime(2027, 6, 30, tzinfo=PARIS))
    heard = await until(world, datetime(2027, 12, 31, tzinfo=PARIS))
    assert [(moment, chat) for moment, chat, _ in heard] == [("25 10:00", "chat-p0")]
    held = (await world.do(lambda c: profiles.candidate(c, b))).qualifications
    assert held == {"aller-vers": date(2028, 6, 1)}


async def test_a_training_that_ran_out_opens_nothing(world: World) -> None:
    training = await world.session(days=0, gives="aller-vers", gives_months=1)
    person = await world.person("a")
    await join(world, training.id, person)
    one = await sign_up(world, training.id, person)
    await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, None, world.now))
    last = await world.session(days=30, kind=Kind.MISSION, training="aller-vers")  # on 24 December: its last day
    after = await world.session(days=31, kind=Kind.MISSION, training="aller-vers")
    assert isinstance(await join(world, last.id, person), SignedUp)
    assert (await join(world, after.id, person)).reason is Reason.TRAINING_NEEDED


async def test_thanks_and_one_question(world: World) -> None:
    session = await world.session(hour=15)
    a, b = await world.people(2)
    for person in (a, b):
        await join(world, session.id, person)
    world.now = session.ends_at.astimezone(PARIS) - timedelta(minutes=5)
    await work(world)
    one = await sign_up(world, session.id, a)
    await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, None, world.now))
    heard = await until(world, world.now + timedelta(hours=2))
    assert [(moment, chat) for moment, chat, _ in heard] == [("01 18:00", "chat-p0")]
    assert await world.do(lambda c: own_sign_ups.rate(c, one.id, a, 5, "très bien"))
    other = await sign_up(world, session.id, b)
    assert not await world.do(lambda c: own_sign_ups.rate(c, other.id, b, 5))
    await act(world, signups.cancel, session.id, b)
