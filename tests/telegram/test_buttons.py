"""Under an answer: the way there, more, tomorrow, what is wrong; and taps that no button of ours makes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.schema import report
from tests.peers.bot_api import FakeBotApi, Fault, Trouble, User
from tests.telegram.running import Running


@pytest.fixture
async def answered(bot: Running, ada: User) -> User:
    """Ada, with an answer on her screen."""
    ada.says("douche gare du nord")
    await ada.hears("Gare du Nord")
    return ada


async def test_the_way_there_is_a_place_on_the_map_and_a_link(answered: User) -> None:
    answered.presses("Itinéraire 1")
    pin = await answered.hears()
    assert pin.method == "sendvenue"
    assert pin.message["venue"]["title"] in answered.screen[0].text
    link = answered.presses("Itinéraire à pied")
    location = pin.message["location"]
    assert isinstance(link, str)
    assert f"{location['latitude']:.6f},{location['longitude']:.6f}" in link


async def test_more_shows_others(answered: User) -> None:
    answered.presses("Plus")
    more = await answered.hears("D’autres, près de Gare du Nord")
    first_names = [line for line in answered.screen[0].text.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert not any(name[3:] in more.text for name in first_names)


async def test_tomorrow(answered: User) -> None:
    answered.presses("Ouvert demain ?")
    await answered.hears("demain")


async def test_an_error_reported_is_kept_for_staff(answered: User, bot: Running) -> None:
    answered.presses("Signaler une erreur")
    question = await answered.hears("Quel lieu")
    answered.presses(question.labels[0])
    await answered.hears("Qu’est-ce qui ne va pas")
    answered.presses("Horaires faux")
    await answered.hears("Merci")
    kept = await bot.database.read(lambda c: c.execute(select(report.c.service_id, report.c.words)).all())
    assert len(kept) == 1
    assert kept[0].words == "hours"
    assert kept[0].service_id in [button["callback_data"].split(":")[1] for button in question.buttons]


async def test_the_spinner_stops_at_once_however_late_the_answer(answered: User, bot: Running, api: FakeBotApi) -> None:
    api.faults.add(Fault(Trouble.LATE, "sendmessage", seconds=0.5))
    answered.presses("Plus")
    await api.until(lambda: all(query.answered for query in api.callbacks.values()), within=0.4)
    assert len(answered.screen) == 1
    await answered.hears("D’autres")


async def test_a_spinner_that_cannot_be_stopped_stops_nothing_else(answered: User, api: FakeBotApi) -> None:
    api.faults.add(Fault(Trouble.ERROR, "answercallbackquery", times=None))
    answered.presses("Plus")
    await answered.hears("D’autres")


async def test_a_tap_delivered_twice_is_one_tap(answered: User, bot: Running, api: FakeBotApi) -> None:
    api.faults.redeliver = 1.0
    answered.presses("Plus")
    await answered.hears("D’autres")
    api.faults.redeliver = 0.0
    answered.says("merci")
    await answered.hears("Avec plaisir")
    assert [sent.text for sent in answered.screen if "D’autres" in sent.text] == [answered.screen[1].text]
    assert not api.violations


async def test_buttons_of_an_older_answer_say_so(answered: User, bot: Running) -> None:
    first = answered.screen[0]
    answered.says("douche bastille")
    await answered.hears("Bastille")
    answered.presses("Plus", on=first)
    await answered.hears("trop ancienne")
    answered.presses("Itinéraire 1", on=first)
    assert (await answered.hears()).method == "sendvenue"


@pytest.mark.parametrize(
    "data",
    [
        "x", "💥" * 16, "more:", "more:99999999999999999999999999", "more:-1", "place:-1", "place:1e3", "go:", "go:../../etc/passwd",
        "pick:'; DROP TABLE person; --", "because:closed:", "because::", "lang:", "lang:🏳", "erase", "erase:1", "call:0033",
        "wrong:0", "wrongat:<b>", "read:human", "read:", ":", "::::::::", "\u202e" * 20, "more:१", "a" * 64,
        "place:٣", "more:1_0", "more: 1",
    ],
)  # fmt: skip
async def test_forged_data_is_answered_in_words(answered: User, bot: Running, api: FakeBotApi, data: str) -> None:
    answered.forges(data)
    await answered.hears()
    assert bot.metric("solidarity_failed_total") == 0
    answered.says("/aide")
    await answered.hears("Je connais")
    assert not api.violations


async def test_a_tap_on_a_message_that_is_gone(answered: User, bot: Running) -> None:
    first = answered.screen[0]
    first.deleted = True
    answered.forges("more:1", on=first)
    await answered.hears("D’autres")
