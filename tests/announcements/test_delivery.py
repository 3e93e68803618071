"""Everybody meant gets it once, whatever happens on the way, and what became of each is known."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from bot.adapters.adapter import Migrated, Refused, Retry, Stopped, Uncertain
from bot.groups import Group
from bot.messages import OUTGOING, Limits, Outgoing, Reply
from knowledge.announcements.audience import AllOf, Audience, Everybody, Not, OnPlatform, Speaks
from knowledge.announcements.kinds import Exclusion, Kind, State, Status
from storage import announcements, opt_outs, outbox, people, recipients, relays
from storage.schema import outbox as outbox_table
from storage.schema import person
from storage.schema import recipient as recipient_table
from tests.announcements.engine import NOON, Engine
from tests.core.test_sender import until

FIGURES = ("announcements_sending", "recipients_waiting")


async def test_everybody_gets_it_once_in_their_language(engine: Engine) -> None:
    await engine.crowd(150)
    await engine.crowd(50, language="en", start=150)
    await engine.crowd(10, language="ar", start=200)
    engine.start()
    counts = await engine.run(await engine.announce())
    assert counts.by_state == {State.DELIVERED: 210}
    assert engine.got() == sorted(f"chat-{number}" for number in range(210))
    texts = dict(engine.platform.sent)
    assert [texts[f"chat-{number}"] for number in (0, 160, 205)] == ["Bonjour", "Hello", "Bonjour"]


async def test_each_ends_as_the_platform_says(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox.BACK_OFF_S", (0.01,))
    ids = await engine.crowd(8)
    engine.platform.script |= {
        "chat-0": [Stopped("bot was blocked by the user")],
        "chat-1": [Stopped("user is deactivated", gone=True)],
        "chat-2": [Refused("too odd")],
        "chat-3": [Uncertain()],
        "chat-4": [Retry(0.05), Retry(None)],
        "chat-5": [Migrated("chat-new")],
    }
    engine.start()
    number = await engine.announce()
    counts = await engine.run(number)
    expected = [State.BLOCKED, State.GONE, State.FAILED, State.UNCERTAIN, *[State.DELIVERED] * 4]
    assert await engine.states(number) == dict(zip(ids, expected, strict=True))
    assert counts.by_reason == {"too odd": 1}
    assert engine.got() == ["chat-3", "chat-4", "chat-6", "chat-7", "chat-new"]
    assert engine.metrics.registry.get_sample_value("solidarity_recipients_total", {"outcome": "delivered"}) == 4
    assert [engine.metrics.registry.get_sample_value(f"solidarity_{name}") for name in FIGURES] == [0, 0]


async def test_a_reply_may_come_before_the_delivery_is_written_down(engine: Engine) -> None:
    """What has left but is not settled concerns a reply to a message nobody knows, and no reply to an answer of the bot."""
    one, other = await engine.crowd(2)
    engine.start()
    number = await engine.announce()
    await engine.run(number)

    def under_way(connection: Connection) -> None:
        mine = update(recipient_table).where(recipient_table.c.person_id == one)
        connection.execute(mine.values(state=State.OUT, message_id=None))
        outbox.add(connection, [outbox.NewRow("test", "test:chat-0", "")], NOON)
        connection.execute(update(outbox_table).where(outbox_table.c.status == "queued").values(message_id="answer"))

    await engine.do(under_way)

    async def concerned(person_id: int, message: str) -> bool:
        return await engine.do(lambda c: relays.concerns(c, person_id, "test", "test:chat-0", "", message))

    assert await concerned(one, "unknown")
    assert not await concerned(one, "answer")
    assert not await concerned(other, "unknown")
    assert await engine.do(lambda c: relays.just_left(c, one, "test")) == number
    assert await engine.do(lambda c: relays.just_left(c, other, "test")) is None


async def test_who_is_left_out_and_why(engine: Engine) -> None:
    ids = await engine.crowd(6)
    silent = await engine.do(lambda c: people.welcome(c, {("test", "silent"): "fr"}, NOON)["test", "silent"].id)

    def work(connection: object) -> None:
        connection.execute(update(person).where(person.c.id == ids[0]).values(alerts=False))  # type: ignore[attr-defined]
        opt_outs.refuse(connection, ids[1], [Kind.ANNOUNCEMENT], NOON)  # type: ignore[arg-type]
        opt_outs.refuse(connection, ids[2], [Kind.DIGEST], NOON)  # type: ignore[arg-type]
        outbox.stop_lane(connection, "test:chat-3", "blocked", NOON)  # type: ignore[arg-type]

    await engine.do(work)
    engine.start()
    number = await engine.announce()
    counts = await engine.run(number)
    assert engine.got() == ["chat-2", "chat-4", "chat-5"]
    assert counts.meant == counts.ended == 3
    assert counts.by_reason == {
        Exclusion.PAUSED: 1, Exclusion.OPTED_OUT: 1, Exclusion.BLOCKED: 1, Exclusion.NO_CHAT: 1,
    }  # fmt: skip
    assert (await engine.states(number))[silent] is State.EXCLUDED


async def test_who_says_stop_while_it_goes_out_gets_nothing(engine: Engine) -> None:
    ids = await engine.crowd(300)
    engine.per_second = 4
    engine.broadcast._per_second = {"test": 4}  # type: ignore[misc]
    number = await engine.announce()
    await engine.broadcast.step()
    assert (await engine.counts(number)).by_state == {State.OUT: 8, State.QUEUED: 292}
    await engine.do(lambda c: c.execute(update(person).where(person.c.id == ids[100]).values(alerts=False)) and None)
    await engine.do(lambda c: outbox.stop_lane(c, "test:chat-101", "blocked", NOON))
    await engine.do(lambda c: outbox.stop_lane(c, "test:chat-1", "blocked", NOON))
    engine.per_second = 10_000
    engine.broadcast._per_second = {"test": 10_000}  # type: ignore[misc]
    engine.start()
    await engine.run(number)
    states = await engine.states(number)
    assert [states[ids[n]] for n in (1, 100, 101)] == [State.BLOCKED, State.EXCLUDED, State.BLOCKED]
    assert len(engine.got()) == 297


async def test_the_outbox_never_holds_many(engine: Engine) -> None:
    await engine.crowd(500)
    engine.broadcast._per_second = {"test": 25}  # type: ignore[misc]
    await engine.announce()
    for _ in range(5):
        await engine.broadcast.step()
    assert await engine.database.read(outbox.waiting) == 50
    figures = {name: engine.metrics.registry.get_sample_value(f"solidarity_{name}") for name in FIGURES}
    assert figures == {"announcements_sending": 1, "recipients_waiting": 500}


async def test_chats_that_the_platform_cannot_serve_just_now_hold_up_nobody_else(engine: Engine) -> None:
    await engine.crowd(100)
    engine.broadcast._per_second = {"test": 5}  # type: ignore[misc]
    for number in range(20):
        engine.platform.script[f"chat-{number}"] = [Retry(60)]
    engine.start()
    number = await engine.announce()
    async with asyncio.timeout(10):
        while (await engine.counts(number)).by_state[State.DELIVERED] < 80:
            await engine.broadcast.step()
            await asyncio.sleep(0.01)
    assert (await engine.counts(number)).by_state == {State.DELIVERED: 80, State.OUT: 20}


async def test_out_of_order_altogether_the_outbox_still_never_holds_many(engine: Engine) -> None:
    await engine.crowd(300)
    engine.broadcast._per_second = {"test": 5}  # type: ignore[misc]
    for number in range(300):
        engine.platform.script[f"chat-{number}"] = [Retry(60)]
    engine.start()
    number = await engine.announce()
    for _ in range(30):
        await engine.broadcast.step()
        await asyncio.sleep(0.03)
    assert (await engine.counts(number)).by_state[State.OUT] == 100


async def test_linked_accounts_are_one_person(engine: Engine) -> None:
    first, second, third = await engine.crowd(3)
    await engine.do(lambda c: c.execute(update(person).where(person.c.id == second).values(linked_to=first)) and None)
    engine.start()
    await engine.run(await engine.announce())
    assert engine.got() == ["chat-0", "chat-2"]
    assert third


async def test_frozen_in_batches_resumed_anywhere(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.broadcast.FREEZES", 2)
    freeze = recipients.freeze
    monkeypatch.setattr("bot.broadcast.recipients.freeze", lambda c, n, scope: freeze(c, n, scope, 10))
    await engine.crowd(35)
    number = await engine.announce()
    await engine.broadcast.step()
    assert (await engine.counts(number)).meant == 20
    engine.start()
    assert (await engine.run(number)).by_state == {State.DELIVERED: 35}
    assert len(engine.got()) == len(set(engine.got())) == 35


async def test_pause_resume_cancel_at_once(engine: Engine) -> None:
    await engine.crowd(60)
    engine.broadcast._per_second = {"test": 10}  # type: ignore[misc]
    number = await engine.announce()
    await engine.broadcast.step()
    known = await engine.known(number)
    paused = await engine.do(lambda c: announcements.pause(c, known))
    assert await engine.database.read(outbox.waiting) == 0
    assert (await engine.counts(number)).by_state == {State.QUEUED: 60}
    assert await engine.broadcast.step() is False
    with pytest.raises(announcements.Changed):
        await engine.do(lambda c: announcements.pause(c, known))
    resumed = await engine.do(lambda c: announcements.resume(c, paused))
    engine.start()
    await engine.broadcast.step()
    await until(lambda: len(engine.got()) == 20)
    await engine.broadcast.step()
    await engine.do(lambda c: announcements.cancel(c, resumed, NOON))
    await asyncio.sleep(0.2)
    assert await engine.broadcast.step() is False
    counts = await engine.counts(number)
    assert counts.waiting == 0
    assert counts.by_state[State.CANCELLED] == 60 - counts.by_state[State.DELIVERED] >= 20
    assert len(engine.got()) == len(set(engine.got())) == counts.by_state[State.DELIVERED]


async def test_too_late_is_dropped_and_reported(engine: Engine) -> None:
    await engine.crowd(40)
    engine.broadcast._per_second = {"test": 10}  # type: ignore[misc]
    number = await engine.announce(expires_at=NOON + timedelta(hours=1))
    await engine.broadcast.step()
    engine.now = NOON + timedelta(hours=2)
    engine.start()
    counts = await engine.run(number)
    assert counts.by_state == {State.EXPIRED: 40}
    assert engine.got() == []


@pytest.mark.parametrize(("hour", "urgent", "sent"), [(23, False, 0), (7, False, 0), (9, False, 3), (23, True, 3)])
async def test_quiet_hours_hold_it_unless_urgent(engine: Engine, hour: int, urgent: bool, sent: int) -> None:
    await engine.crowd(3)
    engine.now = NOON.replace(hour=hour)
    await engine.announce(urgent=urgent)
    await engine.broadcast.step()
    assert await engine.database.read(outbox.waiting) == sent


async def test_after_a_crash_those_under_way_are_uncertain_and_not_sent_again(engine: Engine) -> None:
    await engine.crowd(30)
    number = await engine.announce()
    await engine.broadcast.step()
    lost = await engine.do(lambda c: outbox.claim(c, "test", engine.now, 5, lambda _: None))
    assert len(lost) == 5
    engine.start()
    counts = await engine.run(number)
    assert counts.by_state == {State.UNCERTAIN: 5, State.DELIVERED: 25}
    assert len(engine.got()) == 25


async def test_after_a_crash_they_are_sent_again_where_repeats_are_known(engine: Engine) -> None:
    engine.platform.limits = Limits(text=4096, in_flight=16, exactly_once=True)
    await engine.crowd(30)
    number = await engine.announce()
    await engine.broadcast.step()
    await engine.do(lambda c: outbox.claim(c, "test", engine.now, 5, lambda _: None))
    engine.start()
    assert (await engine.run(number)).by_state == {State.DELIVERED: 30}


async def test_two_processes_each_person_once(engine: Engine) -> None:
    """On one database file the second waits for the first, on a server they overlap."""
    await engine.crowd(200)
    number = await engine.announce()
    other = Engine(engine.database)
    engine.start()
    async with asyncio.timeout(20):
        while any(await asyncio.gather(engine.broadcast.step(), other.broadcast.step())):
            await asyncio.sleep(0.01)
    assert (await engine.counts(number)).by_state == {State.DELIVERED: 200}
    assert len(engine.got()) == len(set(engine.got())) == 200


async def test_answers_overtake_what_many_get(engine: Engine) -> None:
    engine.platform.seconds = 0.02
    engine.per_second = 100
    engine.broadcast._per_second = {"test": 100}  # type: ignore[misc]
    await engine.crowd(100)
    number = await engine.announce()
    await engine.broadcast.step()
    engine.start()
    await until(lambda: len(engine.got()) > 5)
    before = len(engine.platform.tried)
    answer = Outgoing("test", "asked", Reply("answer"))
    row = outbox.NewRow("test", answer.lane, OUTGOING.dump_json(answer).decode())
    await engine.do(lambda c: outbox.add(c, [row], engine.now))
    engine._wake()
    await until(lambda: ("asked", "answer") in engine.platform.sent)
    assert len(engine.platform.tried) - before <= 16 + 5
    await engine.run(number)


async def test_groups_topics_and_names_no_longer_there(engine: Engine) -> None:
    engine.groups |= {"café": Group.of("test:room"), "nuit": Group("test", "-100", "45"), "off": Group("other", "x")}
    engine.start()
    number = await engine.announce(audience=Audience(None, ("café", "nuit", "gone", "café", "off")))
    counts = await engine.run(number)
    assert counts.by_state == {State.DELIVERED: 2, State.FAILED: 2}
    assert engine.got() == ["-100", "room"]
    assert counts.by_reason == {"not in the settings": 1, "no such platform": 1}


async def test_a_platform_that_nothing_serves_any_more(engine: Engine) -> None:
    await engine.crowd(3)
    await engine.crowd(2, platform="other")
    engine.start()
    counts = await engine.run(await engine.announce())
    assert counts.by_state == {State.DELIVERED: 3, State.FAILED: 2}


async def test_the_second_time_to_another_audience(engine: Engine) -> None:
    await engine.crowd(5)
    await engine.crowd(5, language="en", start=5)
    engine.start()
    audience = Audience(AllOf((Everybody(), OnPlatform("test"), Not(Speaks("en")))))
    await engine.run(await engine.announce(audience=audience))
    assert engine.got() == [f"chat-{number}" for number in range(5)]


async def test_nothing_of_a_message_stays_in_the_outbox(engine: Engine) -> None:
    await engine.crowd(5)
    engine.start()
    number = await engine.announce()
    await engine.run(number)
    kept = await engine.database.read(
        lambda c: c.execute(select(func.count()).where((outbox_table.c.lane != "") | outbox_table.c.body.is_not(None)))
    )
    assert kept.scalar() == 0
    assert (await engine.known(number)).status is Status.DONE
    assert {one.message_id for one in await engine.database.read(lambda c: recipients.all_of(c, number))} == {"1"}
