"""A whole month by the clock: a monthly training with forty people, its waiting list, reminders, attendance, what it gives,
and the missions it opens."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from knowledge.participation.kinds import Kind
from knowledge.participation.states import Event, State
from storage import activities, attendance, profiles, qualifications, series, sessions, signups
from storage.activities import Activity
from storage.signups import SignedUp, Waiting
from tests.participation.bot_work import until, work
from tests.participation.conftest import PARIS, World
from tests.participation.test_series import FIRST
from tests.participation.test_signing_up import join
from tests.participation.test_waiting_list import act, sign_up

TRAINING = Activity(
    Kind.TRAINING, {"fr": "Aller vers", "en": "Reaching out"}, rule="FREQ=MONTHLY;BYDAY=2TU", first_start=FIRST, minutes=150,
    capacity=25, gives="aller-vers", gives_months=24, address="8 rue de la Banque",
)  # fmt: skip


async def test_a_month(world: World) -> None:
    def publish(connection: Any) -> list[Any]:
        made = activities.create(connection, TRAINING, None, world.now)
        series.extend(connection, made, None, world.now)
        activities.publish(connection, made, None, world.now)
        return sessions.upcoming(connection, world.now)

    december = (await world.do(publish))[0].session
    people = await world.people(40)
    answers = [await join(world, december.id, one) for one in people]
    assert Counter(type(one) for one in answers) == {SignedUp: 25, Waiting: 15}
    # Over the days before, five leave; who is asked takes it, but for the last, who does not answer in time.
    await work(world)
    for number in range(4):
        world.wait(hours=24)
        await act(world, signups.cancel, december.id, people[number])
        assert list(await work(world)) == [f"chat-p{25 + number}"]
        await act(world, signups.accept, december.id, people[25 + number])
    world.wait(hours=34)  # at ten in the evening
    await act(world, signups.cancel, december.id, people[4])
    heard = await until(world, datetime(2026, 11, 30, 20, 30, tzinfo=PARIS))
    assert [(moment, chat) for moment, chat, _ in heard] == [
        ("30 08:00", "chat-p29"), ("30 20:00", "chat-p29"), ("30 20:00", "chat-p30"),
    ]  # fmt: skip
    await act(world, signups.accept, december.id, people[30])
    await until(world, datetime(2026, 12, 7, 12, tzinfo=PARIS))
    coming = [one.person_id for one in await world.do(lambda c: signups.of_session(c, december.id, (State.CONFIRMED,)))]
    assert len(coming) == 25
    heard = await until(world, datetime(2026, 12, 8, 18, tzinfo=PARIS))
    reminders = Counter((moment, chat) for moment, chat, text in heard if text.startswith(("Rappel", "Vous venez")))
    assert set(reminders.values()) == {1}
    evening = {chat for moment, chat in reminders if moment == "07 18:00"}
    assert evening == {f"chat-p{one - people[0]}" for one in coming}
    # On the day: twenty come, by the code on the wall; the others are marked by staff.
    there = coming[:20]
    for one in there:
        checked = await world.do(lambda c, one=one: attendance.check_in(c, december.code, one, world.now))  # type: ignore[misc]
        assert isinstance(checked, attendance.CheckedIn)
    for one in coming[20:]:
        absent = await sign_up(world, december.id, one)
        await world.do(lambda c, absent=absent: attendance.mark(c, absent.id, Event.MISS, None, world.now))  # type: ignore[misc]
    heard = await until(world, datetime(2026, 12, 9, 12, tzinfo=PARIS))
    told = Counter(chat for _, chat, _ in heard)
    assert told == {f"chat-p{one - people[0]}": 2 for one in there}  # trained, and thanked
    assert {moment for moment, _, text in heard if "⭐" in text or text.startswith("Merci")} == {"09 08:00"}
    held = [await world.do(lambda c, one=one: qualifications.of_person(c, one)) for one in people]  # type: ignore[misc]
    assert sum(map(len, held)) == 20
    # A mission that needs the training: only who was there is asked, and comes.
    mission = await world.session(
        2,
        days=3,
        hour=9,
        kind=Kind.MISSION,
        alerts=True,
        training="aller-vers",
        district="75011",
        title={"fr": "Maraude"},
    )
    first = await work(world)
    assert len(first) == 8
    assert set(first) <= {f"chat-p{one - people[0]}" for one in there}
    number = int(next(iter(first)).removeprefix("chat-p"))
    assert isinstance(await join(world, mission.id, people[number]), SignedUp)
    stranger = next(one for one in people if one not in there)
    assert (await join(world, mission.id, stranger)).reason == "training_needed"
    heard = await until(world, datetime(2026, 12, 24, tzinfo=PARIS))
    assert Counter(chat for _, chat, text in heard if text.startswith("Rappel : Maraude")) == {f"chat-p{number}": 1}
    # The next one is in January, with the same place for all who missed it.
    january = (await world.do(lambda c: sessions.upcoming(c, world.now, ["training"])))[0]
    assert january.session.starts_at.astimezone(PARIS) == datetime(2027, 1, 12, 18, 30, tzinfo=PARIS)
    assert january.free == 25
    assert (await world.do(lambda c: profiles.candidate(c, there[0]))).holds(
        "aller-vers", world.now.date() + timedelta(700)
    )
