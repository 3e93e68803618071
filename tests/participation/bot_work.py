"""The due work in tests: done at the moment of the world's clock, its messages taken out of the outbox."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.messages import OUTGOING, STRONG_OFF, STRONG_ON, Reply
from handlers.due.work import DueWork
from storage import due, outbox
from tests.participation.conftest import PARIS, QUIET, World


async def work(world: World) -> dict[str, list[Reply]]:
    """Does what is due now; chat -> what is said there."""
    await DueWork(world.database, QUIET, lambda: world.now).run()
    said: dict[str, list[Reply]] = defaultdict(list)
    for platform in ("telegram", "matrix"):
        while rows := await world.do(lambda c, p=platform: outbox.claim(c, p, world.now, 1000, lambda _: None)):  # type: ignore[misc]
            for row in rows:
                outgoing = OUTGOING.validate_json(row.body)
                said[outgoing.chat].append(outgoing.reply)
            ended = [outbox.Settled(row.id, "sent") for row in rows]
            await world.do(lambda c, ended=ended: outbox.settle(c, ended, []))  # type: ignore[misc]
    return dict(said)


async def until(world: World, moment: datetime) -> list[tuple[str, str, str]]:
    """Lets time pass, doing each thing when it is due; (local time, chat, text) of all that is said."""
    heard: list[tuple[str, str, str]] = []
    while True:
        heard += [
            (world.now.strftime("%d %H:%M"), chat, plain(reply))
            for chat, replies in sorted((await work(world)).items())
            for reply in replies
        ]
        following = await world.database.read(due.next_due)
        if following is None or following > moment:
            world.now = moment.astimezone(PARIS)
            return heard
        world.now = max(following, world.now + timedelta(microseconds=1)).astimezone(PARIS)


def plain(reply: Reply) -> str:
    return reply.text.replace(STRONG_ON, "").replace(STRONG_OFF, "").replace("\u202f", " ").replace("\u00a0", " ")


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]
