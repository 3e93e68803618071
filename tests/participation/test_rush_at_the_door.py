"""The rush through the real entry: taps on [M'inscrire], the inbox, several workers at once, the outbox."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC

from sqlalchemy import select

from bot.conversation import Conversation
from bot.health import Metrics
from bot.inbox import Inbox, Worker
from bot.knowledge import Knowledge
from bot.messages import OUTGOING, Incoming, Kind
from handlers import router
from handlers.participation_buttons import Join
from storage import inbox
from storage.schema import outbox, sign_up
from tests.core.conftest import knowledge  # noqa: F401
from tests.participation.conftest import PARIS, World
from tests.participation.test_rush import double_booked, many_sessions, taken

PEOPLE, SESSIONS, PLACES = 5_000, 350, 5


async def test_the_rush_through_the_inbox(world: World, knowledge: Knowledge) -> None:  # noqa: F811
    sessions = await many_sessions(world, SESSIONS, PLACES)
    chance = random.Random(11)
    taps = [
        Incoming(
            platform="telegram", update_id=str(number), chat=str(number), person=str(number), kind=Kind.BUTTON, language="fr",
            text=Join(chance.choice(sessions)).pack(), sent_at=world.now.astimezone(UTC), message_id=str(number),
        )
        for number in range(PEOPLE)
    ]  # fmt: skip
    metrics = Metrics()
    door = Inbox(world.database, metrics, lambda: None, lambda: world.now)
    conversation = Conversation(router(), knowledge, "fr", PARIS)
    workers = [
        Worker(world.database, conversation, None, metrics, lambda: None, PARIS, lambda: world.now) for _ in range(3)
    ]
    for start in range(0, PEOPLE, 500):
        await door.receive(taps[start : start + 500])
    await asyncio.gather(*(worker.drain() for worker in workers))
    assert await world.do(inbox.waiting) == 0
    assert await world.do(inbox.parked) == 0
    bodies = await world.do(lambda c: c.execute(select(outbox.c.lane, outbox.c.body)).all())
    answered = {row.lane for row in bodies}
    assert len(answered) == PEOPLE  # nobody is left without a word
    assert all(OUTGOING.validate_json(row.body).reply.text for row in bodies)
    states = Counter(await world.do(lambda c: c.execute(select(sign_up.c.state)).scalars().all()))
    assert states.total() == PEOPLE
    seats = await taken(world)
    assert max(seats.values()) <= PLACES
    assert states["confirmed"] == sum(seats.values())
    assert await double_booked(world) == []
