"""What a sign-up costs: a rush is as long as its round trips to the database are many."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.conversation import Conversation
from bot.health import Metrics
from bot.inbox import Inbox, Worker
from bot.knowledge import Knowledge
from bot.messages import Incoming, Kind
from handlers import router
from handlers.participation_buttons import Join
from tests.core.conftest import knowledge  # noqa: F401
from tests.participation.conftest import PARIS, World
from tests.participation.test_rush import many_sessions

PEOPLE = 40
A_PERSON, A_BATCH = 8, 40
"""Of a full session: its lock and savepoint, session, standing, candidate, two rows written. It was 15 a person once."""


async def test_a_sign_up_takes_few_statements(world: World, knowledge: Knowledge) -> None:  # noqa: F811
    sessions = await many_sessions(world, 10, 2)
    taps = [
        Incoming(
            platform="telegram", update_id=str(number), chat=str(number), person=str(number), kind=Kind.BUTTON, language="fr",
            text=Join(sessions[number % 10]).pack(), sent_at=world.now.astimezone(UTC), message_id=str(number),
        )
        for number in range(PEOPLE)
    ]  # fmt: skip
    metrics = Metrics()
    await Inbox(world.database, metrics, lambda: None, lambda: world.now).receive(taps)
    worker = Worker(
        world.database, Conversation(router(), knowledge, "fr", PARIS), None, metrics, lambda: None, PARIS,
        lambda: world.now,
    )  # fmt: skip
    seen: Counter[str] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen[statement.split("\n", maxsplit=1)[0][:60]] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await worker.drain()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert seen.total() <= A_PERSON * PEOPLE + A_BATCH, seen.most_common()
