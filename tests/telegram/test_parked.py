"""A message that this program fails to handle: tried five times, then parked with an apology. Nobody else notices."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from bot.turn import Turn
from storage.schema import conversation, inbox, outbox
from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import Running


@pytest.fixture
def broken(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/aide` fails, and the pauses between attempts are short."""

    def fail(turn: Turn) -> None:
        turn.say("never seen: this turn is undone")
        raise RuntimeError(turn.incoming.text)

    monkeypatch.setitem(bot.application.conversation._router.commands, "aide", fail)
    monkeypatch.setattr("bot.inbox.BACK_OFF_S", (0.02, 0.02, 0.02, 0.02))


@pytest.mark.usefixtures("broken")
async def test_parked_with_an_apology_and_the_lane_goes_on(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("/aide")
    ada.says("douche bastille")
    bob = api.user(1002)
    bob.says("douche nation")
    await bob.hears("Nation")
    await ada.hears("112")
    await ada.hears("Bastille")
    assert len(ada.screen) == 2
    assert bot.metric("solidarity_parked_total") == 1
    assert bot.metric("solidarity_failed_total") == 5
    rows = await bot.database.read(
        lambda c: c.execute(select(inbox.c.status, inbox.c.attempts).order_by(inbox.c.id)).all()
    )
    assert [tuple(row) for row in rows] == [("parked", 5), ("done", 0), ("done", 0)]


@pytest.mark.usefixtures("broken")
async def test_many_at_once_hold_nobody_up(bot: Running, api: FakeBotApi) -> None:
    unlucky = [api.user(number) for number in range(2001, 2011)]
    lucky = [api.user(number) for number in range(3001, 3011)]
    for one, other in zip(unlucky, lucky, strict=True):
        one.says("/aide")
        other.says("douche bastille")
    for other in lucky:
        await other.hears("Bastille")
    for one in unlucky:
        await one.hears("112")
    assert bot.metric("solidarity_parked_total") == len(unlucky)


async def test_a_row_that_cannot_be_read_is_parked(
    bot: Running, api: FakeBotApi, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.BACK_OFF_S", (0.02, 0.02, 0.02, 0.02))
    monkeypatch.setattr(bot.application.worker, "_limit", 0)  # nothing is taken until the row is spoilt
    monkeypatch.setattr("bot.inbox.LANES_AT_ONCE", 0)
    ada.says("douche nation")
    async with asyncio.timeout(5):
        while not await bot.database.write(lambda c: c.execute(update(inbox).values(body='{"platform": 7')).rowcount):
            await asyncio.sleep(0.01)
    monkeypatch.setattr("bot.inbox.LANES_AT_ONCE", 12)
    bob = api.user(1002)
    bob.says("douche bastille")
    await bob.hears("Bastille")
    async with asyncio.timeout(5):
        while bot.metric("solidarity_parked_total") != 1:
            await asyncio.sleep(0.01)
    assert bot.metric("solidarity_failed_total") == 5


async def test_a_memory_of_another_version_is_forgotten(bot: Running, ada: User) -> None:
    ada.says("douche bastille")
    await ada.hears("Bastille")
    await bot.database.write(lambda c: c.execute(update(conversation).values(state='{"search": {"number": "many"}}')))
    ada.says("douche nation")
    await ada.hears("Nation")


async def test_a_reply_that_cannot_be_sent_is_given_up_and_the_chat_goes_on(
    bot: Running, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.BACK_OFF_S", (0.02,))
    adapter = bot.application._adapters[0]
    render = adapter.render

    def spoilt(outgoing):
        if "Nation" in outgoing.reply.text:
            raise KeyError("nothing to render this with")
        return render(outgoing)

    monkeypatch.setattr(adapter, "render", spoilt)
    ada.says("douche nation")
    ada.says("douche bastille")
    await ada.hears("Bastille")
    statuses = await bot.database.read(
        lambda c: list(c.execute(select(outbox.c.status).order_by(outbox.c.id)).scalars())
    )
    assert statuses[0] == "refused"
