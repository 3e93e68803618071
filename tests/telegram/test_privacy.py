"""Nothing of what people say or where they are outlives its use."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.app import Application
from bot.memory import REMEMBER_FOR
from bot.pacing import utc_now
from storage.schema import conversation, inbox, metadata, outbox, person
from tests.peers.bot_api import FakeBotApi, User
from tests.telegram.running import Running

SHARED = (48.876543, 2.358765)


def everything(connection: Connection) -> str:
    """All rows of all tables but the directory, as text."""
    rows = [
        f"{table.name}: {tuple(row)}"
        for table in metadata.sorted_tables
        if table.name != "service"
        for row in connection.execute(select(table))
    ]
    return "\n".join(rows)


async def quiet(bot: Running) -> None:
    """Until all is answered and settled."""
    async with asyncio.timeout(5):
        while await bot.database.read(bot.application._unanswered):
            await asyncio.sleep(0.01)


async def test_texts_are_gone_once_answered(bot: Running, ada: User) -> None:
    ada.says("Jean Valjean, mon ami, cherche une douche vers Bastille")
    await ada.hears("Bastille")
    ada.presses("Plus")
    await ada.hears("D’autres")
    ada.says("xyzzy plugh")
    await ada.hears()
    await quiet(bot)
    kept = await bot.database.read(everything)
    for words in ("Valjean", "ami", "xyzzy", "Bains-douches", "Ada"):
        assert words not in kept
    for table in (inbox, outbox):
        bodies = await bot.database.read(lambda c, table=table: list(c.execute(select(table.c.body)).scalars()))
        assert bodies
        assert set(bodies) == {None}


async def test_a_position_is_kept_for_follow_ups_only(bot: Running, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ada.says("douche")
    await ada.hears("près d’où")
    ada.shares(*SHARED)
    await ada.hears("votre position")
    await quiet(bot)
    kept = await bot.database.read(everything)
    assert [line.split(":")[0] for line in kept.splitlines() if "48.87" in line] == ["conversation"]
    later = utc_now() + REMEMBER_FOR + timedelta(minutes=1)
    monkeypatch.setattr("bot.app.utc_now", lambda: later)
    await bot.application.tidy()
    assert "48.87" not in await bot.database.read(everything)


async def test_tidying_up_is_regular_work(bot: Running) -> None:
    assert isinstance(bot.application, Application)
    assert {job.id for job in bot.application.heartbeat._scheduler.get_jobs()} >= {"tidy", "directory"}


async def test_inline_questions_leave_nothing(bot: Running, ada: User) -> None:
    await ada.sees(ada.asks("douche bastille", position=SHARED))
    await quiet(bot)
    kept = await bot.database.read(everything)
    assert "48.87" not in kept
    assert "bastille" not in kept.lower()


async def test_forgotten_means_forgotten(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("douche bastille")
    await ada.hears("Bastille")
    ada.says("/effacer")
    await ada.hears("Dois-je oublier tout")
    ada.says("douche nation")  # all three in one breath
    ada.presses("Oui, oubliez-moi")
    ada.says("et demain ?")
    await ada.hears("Nation")
    await ada.hears("tout est oublié")
    await ada.hears("Que cherchez-vous")
    await quiet(bot)
    people = await bot.database.read(lambda c: c.execute(select(person.c.id)).scalars().all())
    talks = await bot.database.read(lambda c: c.execute(select(conversation.c.person_id, conversation.c.state)).all())
    assert len(people) == 1, "known anew, by the question asked after"
    assert [talk.person_id for talk in talks] == people
    assert "Bastille" not in talks[0].state
    assert "Nation" not in talks[0].state
