"""Killed at any moment under load, the bot answers every question, in order, and repeats next to nothing."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from bot.adapters.telegram import TelegramAdapter
from tests.crash.process import BotProcess, write_config
from tests.peers.bot_api import FakeBotApi, Fault, Limits, Trouble

QUESTIONS = ("douche gare du nord", "toilettes bastille", "bagagerie gare de lyon")
"""Far apart in need and place, so that an answer shows which of them it is for."""
CHATS = range(1001, 1061)
ROUND = 0.5
"""Seconds in which each person asks once."""
KILLS = 3
TELEGRAM_ANSWERS_IN = 0.05
"""Seconds from a message counting to the answer that says so: what is under way at a kill lies in between."""


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi(limits=Limits(overall=0), webhook_retry_unit=0.05, webhook_longest_wait=0.1).serve() as api:
        api.faults.add(Fault(Trouble.SLOW, seconds=TELEGRAM_ANSWERS_IN, times=None))
        api.faults.redeliver = 0.05
        yield api


@pytest.fixture(params=["polling", "webhook"])
async def bot(
    request: pytest.FixtureRequest, api: FakeBotApi, database_url: str, tmp_path: Path
) -> AsyncIterator[BotProcess]:
    bot = BotProcess.of(write_config(tmp_path, api, database_url, request.param))
    yield bot
    await bot.end()


async def test_every_question_is_answered_in_order(
    api: FakeBotApi, bot: BotProcess, request: pytest.FixtureRequest
) -> None:
    heard = await ask_and_kill(api, bot, random.Random(request.node.name))
    assert heard.unanswered == 0, bot.last_words()
    assert heard.out_of_order == 0
    assert heard.repeated <= KILLS * TelegramAdapter.limits.in_flight
    assert not api.violations


async def test_a_bare_echo_bot_would_lose_questions(api: FakeBotApi, tmp_path: Path) -> None:
    """The control run: the same kills, and the way most bots are written."""
    command = [sys.executable, "-m", "benchmarks.echo_bot", api.url, api.token]
    bot = BotProcess(command, tmp_path / "echo.log")
    try:
        heard = await ask_and_kill(api, bot, random.Random(1), patience=1.0)
    finally:
        await bot.end()
    assert heard.unanswered > 0


@dataclass(frozen=True, slots=True)
class Heard:
    """Counts over all chats, of questions or messages."""

    unanswered: int
    out_of_order: int
    repeated: int


async def ask_and_kill(api: FakeBotApi, bot: BotProcess, dice: random.Random, patience: float = 15.0) -> Heard:
    """Every person of CHATS asks QUESTIONS in turn while the bot dies KILLS times, then it has `patience` seconds.

    It dies while it answers, or soon after its start: while it starts, or takes up what it had left.
    """
    await bot.start()
    examples = await example_answers(api)
    asking = asyncio.create_task(ask_all(api, dice))
    for kill in range(KILLS):
        if kill % 2:
            await asyncio.sleep(dice.uniform(0.2, 1.0))
        else:
            await api.until_sent(len(api.sent) + dice.randint(5, 35), within=15)
            await asyncio.sleep(dice.uniform(0, 2 * TELEGRAM_ANSWERS_IN))
        await bot.kill()
        await bot.start()
    await asking
    answers = {chat: Answers(api, chat, examples) for chat in CHATS}
    with contextlib.suppress(TimeoutError):
        await api.until(lambda: all(each.complete() for each in answers.values()), within=patience)
    return Heard(
        unanswered=sum(len(set(QUESTIONS) - set(each.questions())) for each in answers.values()),
        out_of_order=sum(not each.in_order() for each in answers.values()),
        repeated=sum(len(each.questions()) - len(set(each.questions())) for each in answers.values()),
    )


async def example_answers(api: FakeBotApi) -> dict[str, str]:
    """What the bot says to each question when nothing happens."""
    people = [api.user(number) for number in range(1, len(QUESTIONS) + 1)]
    for person, question in zip(people, QUESTIONS, strict=True):
        person.says(question)
    examples = [(await person.hears(within=15)).text for person in people]
    assert len(set(examples)) == len(QUESTIONS)
    return dict(zip(QUESTIONS, examples, strict=True))


async def ask_all(api: FakeBotApi, dice: random.Random) -> None:
    for question in QUESTIONS:
        for chat in dice.sample(CHATS, len(CHATS)):
            api.user(chat).says(question)
            await asyncio.sleep(ROUND / len(CHATS))


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person got, told by which question's example it is most like: hours may have changed meanwhile."""

    api: FakeBotApi
    chat: int
    examples: dict[str, str]

    def questions(self) -> list[str]:
        """The questions answered, message by message."""
        texts = [sent.text for sent in self.api.sent_to(self.chat)]
        return [process.extractOne(text, self.examples, scorer=fuzz.ratio)[2] for text in texts]

    def complete(self) -> bool:
        return len(self.api.sent_to(self.chat)) >= len(QUESTIONS) and set(self.questions()) == set(QUESTIONS)

    def in_order(self) -> bool:
        """Repeats aside, as they were asked."""
        found = [question for question, _ in groupby(self.questions())]
        return found == [question for question in QUESTIONS if question in found]
