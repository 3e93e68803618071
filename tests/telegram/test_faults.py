"""Telegram fails in every way it can: each question is answered, in order, and nobody waits for another's trouble."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.knowledge import Knowledge
from tests.peers.bot_api import FakeBotApi, Fault, Limits, Trouble, User
from tests.telegram.running import Running, running, until


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox.BACK_OFF_S", (0.1, 0.2, 0.4, 0.8))
    monkeypatch.setattr("bot.app.LEASE_RETRY_S", 0.1)
    monkeypatch.setattr("bot.adapters.telegram.polling.RESTART_PAUSE", 0.1)


PLACES = ("Gare du Nord", "Bastille", "Nation")


@pytest.mark.parametrize(
    "fault",
    [
        Fault(Trouble.ERROR, code=500),
        Fault(Trouble.ERROR, code=502),
        Fault(Trouble.ERROR, code=504),
        Fault(Trouble.CUT_BEFORE),
        Fault(Trouble.FLOOD, seconds=1.0),
        Fault(Trouble.SLOW, seconds=0.5),
        Fault(Trouble.LATE, seconds=0.5),
    ],
    ids=lambda fault: f"{fault.trouble}-{fault.code}",
)
async def test_an_answer_that_failed_comes_once_and_before_the_next(
    bot: Running, api: FakeBotApi, ada: User, fault: Fault
) -> None:
    api.faults.add(fault)
    for place in PLACES:
        ada.says(f"douche {place}")
    for place in PLACES:
        await ada.hears(place)
    assert len(ada.screen) == len(PLACES)
    assert api.faults.met
    assert not api.violations


@pytest.mark.parametrize("trouble", [Trouble.CUT_AFTER, Trouble.GARBAGE])
async def test_an_answer_that_counted_unheard_comes_twice_at_most(
    bot: Running, api: FakeBotApi, ada: User, trouble: Trouble
) -> None:
    api.faults.add(Fault(trouble))
    for place in PLACES:
        ada.says(f"douche {place}")
    await ada.hears(PLACES[-1])
    shown = [next(place for place in PLACES if place in sent.text) for sent in ada.screen]
    assert shown == [PLACES[0], *PLACES]


async def test_earlier_failures_do_not_make_a_cut_connection_the_end(bot: Running, api: FakeBotApi, ada: User) -> None:
    api.faults.add(Fault(Trouble.ERROR, times=4), Fault(Trouble.CUT_BEFORE))
    ada.says("douche bastille")
    await ada.hears("Bastille")


async def test_one_chat_that_must_wait_delays_no_other(patient_bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("merci")
    await ada.hears()
    api.faults.add(Fault(Trouble.FLOOD, chat=ada.id, seconds=2.0))
    ada.says("douche bastille")
    await until(lambda: bool(api.faults.met))
    others = [api.user(number) for number in range(2001, 2011)]
    for other in others:
        other.says("douche nation")
    for other in others:
        await other.hears("Nation")
    assert len(ada.screen) == 1, "they waited for Ada"
    await ada.hears("Bastille")
    assert not api.violations


async def test_telegram_s_limits_are_kept(sqlite_url: str, knowledge: Knowledge) -> None:
    """One message a second in a chat, 25 a second in all: a strict Telegram refuses nothing."""
    async with FakeBotApi(limits=Limits(overall=30, private=1.0, private_burst=1)).serve() as api:
        async with running(api, sqlite_url, knowledge, patient=True):
            people = [api.user(number) for number in range(2001, 2041)]
            for person in people:
                person.says("merci")
            people[0].says("douche bastille")
            people[0].says("douche nation")
            for person in people:
                await person.hears("Avec plaisir")
            await people[0].hears("Bastille")
            await people[0].hears("Nation")
        assert not api.violations


async def test_everything_at_once(bot: Running, api: FakeBotApi) -> None:
    """A bad evening: a fifth of all calls fail in one way or another, updates come twice."""
    dice = random.Random(7)
    for trouble in (Trouble.ERROR, Trouble.CUT_BEFORE, Trouble.CUT_AFTER, Trouble.FLOOD):
        api.faults.add(Fault(trouble, probability=0.05, times=None, seconds=0.5))
    for method in ("getupdates", "answercallbackquery"):
        api.faults.add(Fault(Trouble.ERROR, method, probability=0.1, times=None))
    api.faults.redeliver = 0.2
    people = [api.user(number) for number in range(2001, 2021)]
    for place in PLACES:
        for person in dice.sample(people, len(people)):
            person.says(f"douche {place}")
    for person in people:
        for place in PLACES:
            await person.hears(place, within=20)
    for person in people:
        shown = [next(place for place in PLACES if place in sent.text) for sent in person.screen]
        assert list(dict.fromkeys(shown)) == list(PLACES), "out of order"


async def test_an_update_delivered_twice_is_answered_once(bot: Running, api: FakeBotApi, ada: User) -> None:
    api.faults.redeliver = 1.0
    ada.says("douche bastille")
    await ada.hears("Bastille")
    bob = api.user(1002)
    bob.says("merci")
    await bob.hears()
    api.faults.redeliver = 0.0
    ada.says("merci")
    await ada.hears("Avec plaisir")
    assert len(ada.screen) == 2
    assert api.feed.delivered > 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault(Trouble.ERROR, "getupdates", code=500),
        Fault(Trouble.ERROR, "getupdates", code=409),
        Fault(Trouble.ERROR, "getupdates", code=404),
        Fault(Trouble.GARBAGE, "getupdates"),
        Fault(Trouble.CUT_AFTER, "getupdates"),
    ],
    ids=lambda fault: f"{fault.trouble}-{fault.code}",
)
async def test_the_poller_lives_on(bot: Running, api: FakeBotApi, ada: User, fault: Fault) -> None:
    ada.says("douche nation")
    await ada.hears("Nation")
    api.faults.add(fault, Fault(Trouble.NONE, "getupdates"))
    ada.says("merci")  # ends the poll under way: the next one meets the fault
    await ada.hears("Avec plaisir")
    ada.says("douche bastille")
    await ada.hears("Bastille", within=10)
    assert len(ada.screen) == 3


@pytest.mark.parametrize("code", [500, 409])
async def test_it_can_be_stopped_while_telegram_fails(
    api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, code: int
) -> None:
    api.faults.add(Fault(Trouble.ERROR, "getupdates", code=code, times=None))
    async with running(api, sqlite_url, knowledge) as bot:
        await until(lambda: len(api.faults.met) >= 2)
        bot.task.cancel()
        await asyncio.wait({bot.task}, timeout=3)
        assert bot.task.done()


async def test_telegram_out_of_reach_at_the_start(
    api: FakeBotApi, ada: User, sqlite_url: str, knowledge: Knowledge
) -> None:
    api.faults.add(Fault(Trouble.ERROR, "getme", times=2), Fault(Trouble.CUT_BEFORE, "deletewebhook"))
    ada.says("douche bastille")
    async with running(api, sqlite_url, knowledge):
        await ada.hears("Bastille", within=10)


async def test_another_poller_with_the_same_token(bot: Running, api: FakeBotApi, ada: User) -> None:
    """A colleague tries the token elsewhere for a moment: the bot gives way and comes back."""
    ada.says("merci")
    await ada.hears()
    await until(lambda: not api.feed.pending)  # an answer may be there before the bot asks for more
    with pytest.raises(Exception, match="Conflict"):
        await asyncio.gather(api.feed.poll(0, 1, 2.0), api.feed.poll(0, 1, 2.0))
    ada.says("douche bastille")
    await ada.hears("Bastille", within=10)
