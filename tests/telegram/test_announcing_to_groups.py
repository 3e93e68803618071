"""An announcement into groups and topics of the settings, before the strict server; one of them changed its id meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.knowledge import Knowledge
from bot.pacing import utc_now
from knowledge.announcements.audience import Audience
from knowledge.announcements.content import Choice, Content, Words
from knowledge.announcements.kinds import State
from storage import announcements, recipients
from tests.announcements.engine import HELLO
from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import running, until

FORUM = -1_000_000_004_002
CONTENT = Content("fr", {"fr": Words("Maraude *ce soir* ?", ("Je viens",))}, buttons=(Choice(),))


async def test_groups_topics_and_one_that_moved(
    api: FakeBotApi, database_url: str, knowledge: Knowledge, ada: User
) -> None:
    small, forum, left = api.group(-4001), api.group(FORUM, forum=True), api.group(-4003)
    topic = forum.topic("Le fil")
    grown = small.becomes_supergroup()
    left.removes_bot()
    groups = {
        "10e": "telegram:-4001", "café": f"telegram:{FORUM}/{topic}", "18e": "telegram:-4003", "parti": "telegram:-4099",
    }  # fmt: skip
    new = replace(HELLO, audience=Audience(None, tuple(groups)), content=CONTENT, urgent=True)
    async with running(api, database_url, knowledge, groups=groups) as bot:
        number = await bot.database.write(
            lambda c: announcements.start(c, announcements.create(c, new, utc_now()), utc_now()).id
        )
        await until(lambda: bot.metric("solidarity_recipients_total", outcome="delivered") == 2, within=15)
        found = await bot.database.read(lambda c: recipients.all_of(c, number))
        assert {one.destination: one.state for one in found} == {
            "10e": State.DELIVERED, "café": State.DELIVERED, "18e": State.BLOCKED, "parti": State.GONE,
        }  # fmt: skip
        (moved,), (in_topic,) = api.sent_to(grown.chat.id), api.sent_to(FORUM)
        assert moved.text == in_topic.text == "Maraude ce soir ?"
        assert moved.labels == ["Je viens"]
        assert (in_topic.thread, moved.thread) == (topic, 0)
        assert set(api.violations) <= {"Bad Request: chat not found"}

        ada.presses("Je viens", where=grown)
        async with asyncio.timeout(5):
            while not await bot.database.read(lambda c: recipients.answers(c, number)):
                await asyncio.sleep(0.02)
