"""The outbox: every reply once, in order, whatever the platform does. The platform here is a script."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.adapters.adapter import Delivered, Delivery, Migrated, Receive, Refused, Retry, Stopped, Uncertain
from bot.health import Metrics
from bot.messages import OUTGOING, Limits, Outgoing, Reply
from bot.outbox import Sender
from bot.pacing import Pacer
from storage import outbox
from storage.database import Database
from storage.schema import outbox as table


class Scripted:
    """A platform that answers each send of a chat as the test says, then delivers."""

    name = "test"

    def __init__(self) -> None:
        self.limits = Limits(text=4096)
        self.script: dict[str, list[Delivery]] = defaultdict(list)
        self.sent: list[tuple[str, str]] = []
        self.tried: list[tuple[str, str]] = []
        self.seconds = 0.001
        self.under_way = 0
        self.most_under_way = 0
        self.while_sending: Callable[[], None] = lambda: None

    async def start(self, receive: Receive) -> None: ...

    async def listen(self) -> None: ...

    async def stop(self) -> None: ...

    def not_ready(self) -> str:
        return ""

    def render(self, outgoing: Outgoing) -> list[tuple[str, str]]:
        return [(outgoing.chat, part) for part in outgoing.reply.text.split("|")]

    async def send(self, part: tuple[str, str], key: str) -> Delivery:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.seconds)
        self.while_sending()
        self.under_way -= 1
        self.tried.append(part)
        chat = part[0]
        delivery = self.script[chat].pop(0) if self.script[chat] else Delivered("1")
        if isinstance(delivery, Delivered | Uncertain):
            self.sent.append(part)
        return delivery

    def to(self, chat: str) -> list[str]:
        return [text for target, text in self.sent if target == chat]


async def say(database: Database, chat: str, *texts: str, priority: int = outbox.LIVE) -> None:
    rows = []
    for text in texts:
        outgoing = Outgoing("test", chat, Reply(text))
        rows.append(outbox.NewRow("test", outgoing.lane, OUTGOING.dump_json(outgoing).decode(), priority))
    await database.write(lambda c: outbox.add(c, rows, datetime.now(UTC)))


async def statuses(database: Database) -> list[str]:
    return await database.read(lambda c: list(c.execute(select(table.c.status).order_by(table.c.id)).scalars()))


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


class Sending:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.platform = Scripted()
        self.running: asyncio.Task[None] | None = None

    def start(self, per_second: float = 10_000) -> None:
        pacer = Pacer(self.platform.limits, per_second)
        sender = Sender(self.database, self.platform, pacer, Metrics(), jitter=lambda: -0.49)
        self.running = asyncio.create_task(sender.run())

    async def stop(self) -> None:
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)
            self.running = None

    async def settled(self) -> list[str]:
        """Once nothing waits any more."""
        async with asyncio.timeout(15):
            while True:
                found = await statuses(self.database)
                if not set(found) & {"queued", "sending"}:
                    return found
                await asyncio.sleep(0.01)


@pytest.fixture
async def sending(database: Database) -> AsyncIterator[Sending]:
    started = Sending(database)
    yield started
    await started.stop()


async def test_in_order_in_a_chat_side_by_side_between_chats(sending: Sending) -> None:
    for chat in "abcdefgh":
        await say(sending.database, chat, *(str(number) for number in range(20)))
    sending.start()
    await sending.settled()
    for chat in "abcdefgh":
        assert sending.platform.to(chat) == [str(number) for number in range(20)]
    assert 1 < sending.platform.most_under_way <= sending.platform.limits.in_flight


async def test_words_are_deleted_once_they_left(sending: Sending) -> None:
    await say(sending.database, "a", "secret")
    sending.start()
    assert await sending.settled() == ["sent"]
    bodies = await sending.database.read(lambda c: list(c.execute(select(table.c.body)).scalars()))
    assert bodies == [None]


async def test_live_before_bulk(sending: Sending) -> None:
    await say(sending.database, "a", "bulk 1", "bulk 2", priority=outbox.BULK)
    await say(sending.database, "a", "live")
    sending.start()
    await sending.settled()
    assert sending.platform.to("a") == ["live", "bulk 1", "bulk 2"]


async def test_a_retry_keeps_the_order_of_its_chat_and_holds_no_other(sending: Sending) -> None:
    sending.platform.script["a"] = [Retry(0.3), Retry(None)]
    await say(sending.database, "a", "1", "2")
    await say(sending.database, "b", "1", "2")
    sending.start()
    await until(lambda: sending.platform.to("b") == ["1", "2"])
    assert sending.platform.to("a") == []
    await sending.settled()
    assert sending.platform.to("a") == ["1", "2"]


async def test_the_platform_asks_for_silence(sending: Sending) -> None:
    sending.platform.script["a"] = [Retry(0.4, whole_platform=True)]
    await say(sending.database, "a", "1")
    sending.start()
    await until(lambda: len(sending.platform.tried) == 1)
    began = asyncio.get_running_loop().time()
    await say(sending.database, "b", "1")
    await sending.settled()
    assert asyncio.get_running_loop().time() - began > 0.3
    assert sending.platform.to("a") == sending.platform.to("b") == ["1"]


async def test_blocked_nothing_more_goes_there(sending: Sending) -> None:
    sending.platform.script["a"] = [Stopped("blocked")]
    await say(sending.database, "a", "1", "2", "3")
    sending.start()
    assert await sending.settled() == ["stopped"] * 3
    assert len(sending.platform.tried) == 1


async def test_refused_the_next_goes_on(sending: Sending) -> None:
    sending.platform.script["a"] = [Refused("bad")]
    await say(sending.database, "a", "1", "2")
    sending.start()
    assert await sending.settled() == ["refused", "sent"]
    assert sending.platform.to("a") == ["2"]


async def test_uncertain_live_is_sent_again_a_few_times_bulk_never(sending: Sending) -> None:
    sending.platform.script["live"] = [Uncertain()] * 9
    sending.platform.script["bulk"] = [Uncertain()] * 9
    await say(sending.database, "live", "1")
    await say(sending.database, "bulk", "1", priority=outbox.BULK)
    sending.start()
    assert await sending.settled() == ["uncertain", "uncertain"]
    assert sending.platform.to("live") == ["1"] * 5
    assert sending.platform.to("bulk") == ["1"]


async def test_a_chat_that_moved_takes_its_queue_along(sending: Sending) -> None:
    sending.platform.script["old"] = [Migrated("new")]
    await say(sending.database, "old", "1", "2")
    sending.start()
    assert await sending.settled() == ["sent", "sent"]
    assert sending.platform.to("new") == ["1", "2"]
    assert sending.platform.to("old") == []


async def test_parts_that_left_are_not_sent_again(sending: Sending) -> None:
    sending.platform.script["a"] = [Delivered("1"), Retry(0.05), Delivered("2")]
    await say(sending.database, "a", "first|second|third")
    sending.start()
    assert await sending.settled() == ["sent"]
    assert sending.platform.to("a") == ["first", "second", "third"]


async def test_after_a_crash_live_is_sent_again_bulk_is_reported(sending: Sending) -> None:
    database = sending.database
    await say(database, "a", "live")
    await say(database, "b", "bulk", priority=outbox.BULK)
    now = datetime.now(UTC)
    await database.write(lambda c: outbox.claim(c, "test", now, 10, lambda _lane: None))
    assert await statuses(database) == ["sending", "sending"]
    sending.start()
    assert await sending.settled() == ["sent", "uncertain"]
    assert sending.platform.sent == [("a", "live")]


async def test_what_is_too_late_is_not_sent(sending: Sending) -> None:
    outgoing = Outgoing("test", "a", Reply("good morning"))
    past = datetime.now(UTC) - timedelta(minutes=1)
    row = outbox.NewRow("test", outgoing.lane, OUTGOING.dump_json(outgoing).decode(), outbox.BULK, past)
    await sending.database.write(lambda c: outbox.add(c, [row], past))
    sending.start()
    assert await sending.settled() == ["expired"]
    assert sending.platform.tried == []


async def test_told_to_stop_it_finishes_and_writes_down_what_is_under_way(sending: Sending) -> None:
    sending.platform.seconds = 0.3
    await say(sending.database, "a", "1")
    sending.start()
    await until(lambda: sending.platform.under_way > 0)
    await sending.stop()
    assert sending.platform.sent == [("a", "1")]
    assert await statuses(sending.database) == ["sent"]


async def test_one_chat_is_paced(sending: Sending) -> None:
    sending.platform.limits = Limits(text=4096, chat_interval=0.2)
    left: list[float] = []
    sending.platform.while_sending = lambda: left.append(asyncio.get_running_loop().time())
    await say(sending.database, "a", "1", "2", "3")
    sending.start()
    await sending.settled()
    assert all(later - earlier > 0.18 for earlier, later in itertools.pairwise(left))
