"""People who block the bot, come back, or delete their account."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from storage.schema import outbox, stopped_lane
from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import Running


async def stopped(bot: Running) -> list[str]:
    return await bot.database.read(lambda c: list(c.execute(select(stopped_lane.c.lane)).scalars()))


async def waiting(bot: Running) -> int:
    statuses = await bot.database.read(lambda c: list(c.execute(select(outbox.c.status)).scalars()))
    return sum(status in ("queued", "sending") for status in statuses)


async def test_blocked_while_an_answer_is_on_its_way(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("merci")
    await ada.hears()
    ada.says("douche bastille")
    ada.says("douche nation")
    ada.blocks()
    bob = api.user(1002)
    bob.says("douche gare du nord")
    await bob.hears("Gare du Nord")
    async with asyncio.timeout(5):
        while not await stopped(bot) or await waiting(bot):
            await asyncio.sleep(0.02)
    assert len(ada.screen) == 1
    assert not api.violations


async def test_they_write_again_and_are_answered(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("merci")
    await ada.hears()
    ada.blocks()
    async with asyncio.timeout(5):
        while not await stopped(bot):
            await asyncio.sleep(0.02)
    ada.unblocks()
    ada.says("douche bastille")
    await ada.hears("Bastille")
    assert await stopped(bot) == []
    assert not api.violations


async def test_an_account_that_is_deleted(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("douche bastille")
    ada.says("douche nation")
    ada.deactivates()
    bob = api.user(1002)
    bob.says("merci")
    await bob.hears()
    async with asyncio.timeout(5):
        while not await stopped(bot) or await waiting(bot):
            await asyncio.sleep(0.02)
    assert not api.violations
