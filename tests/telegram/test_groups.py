"""In groups the bot speaks when spoken to, where it was spoken to, and goes on when the group's id changes."""

from __future__ import annotations

import asyncio

import pytest

from tests.peers.bot_api import FakeBotApi, Group, State, User
from tests.telegram.running import Running


@pytest.fixture
def group(api: FakeBotApi) -> Group:
    return api.group(-4001, title="Maraude du 18e")


async def test_silent_unless_spoken_to(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    name = api.username
    for text in ("douche gare du nord", "il est où le bot ?", "/aide@autre_bot", f"mail@{name}", f"/aide@{name}x"):
        ada.says(text, where=group)
    ada.sends("sticker", where=group)
    ada.shares(48.88, 2.35, where=group)
    ada.says(f"@{name} douche bastille", where=group)
    await ada.hears("Bastille", where=group)
    assert len(group.sent) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@{name} douche bastille", "Bastille"),
        ("douche bastille @{name}", "Bastille"),
        ("@{NAME}, douche bastille ?", "Bastille"),
        ("/aide@{name}", "Je connais"),
        ("/start@{name} douche_bastille", "Bastille"),
        ("/aide", "Je connais"),
    ],
)
async def test_mentioned_or_commanded(
    bot: Running, api: FakeBotApi, ada: User, group: Group, text: str, words: str
) -> None:
    ada.says(text.format(name=api.username, NAME=api.username.upper()), where=group)
    answer = await ada.hears(words, where=group)
    assert answer.message["reply_to_message"]["message_id"] in group.chat.received
    assert not api.violations


async def test_replied_to(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    ada.says(f"@{api.username} douche bastille", where=group)
    answer = await ada.hears("Bastille", where=group)
    ada.says("et demain ?", where=group, reply_to=answer)
    await ada.hears("demain", where=group)
    ada.shares(48.8809, 2.3553, where=group)
    await asyncio.sleep(0.2)
    assert len(group.sent) == 2


async def test_each_has_a_talk_of_their_own(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    bob = api.user(1002, first_name="Bob")
    ada.says(f"@{api.username} douche bastille", where=group)
    await ada.hears("Bastille", where=group)
    bob.says(f"@{api.username} et demain ?", where=group)
    assert "Bastille" not in (await bob.hears(where=group)).text


async def test_buttons_work_there(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    ada.says(f"@{api.username} douche bastille", where=group)
    await ada.hears("Bastille", where=group)
    ada.presses("Plus", where=group)
    await ada.hears("D’autres", where=group)
    ada.presses("Itinéraire 1", where=group)
    assert (await ada.hears(where=group)).method == "sendvenue"
    assert not api.violations


@pytest.mark.parametrize("command", ["/mesdonnees", "/effacer"])
async def test_nothing_personal_is_said_there(
    bot: Running, api: FakeBotApi, ada: User, group: Group, command: str
) -> None:
    ada.says(f"{command}@{api.username}", where=group)
    await ada.hears("écrivez-moi en privé", where=group)


async def test_no_position_button_where_telegram_refuses_it(
    bot: Running, api: FakeBotApi, ada: User, group: Group
) -> None:
    ada.says(f"@{api.username} douche", where=group)
    assert (await ada.hears("près d’où", where=group)).buttons == []
    assert not api.violations


async def test_in_a_forum_the_answer_is_in_the_topic(bot: Running, api: FakeBotApi, ada: User) -> None:
    forum = api.group(-1001234567890, forum=True)
    north, south = forum.topic("Nord"), forum.topic("Sud")
    ada.says("bonjour à tous", where=forum, topic=south)
    ada.says(f"@{api.username} douche bastille", where=forum, topic=north)
    ada.says(f"@{api.username} douche nation", where=forum, topic=south)
    assert (await ada.hears("Bastille", where=forum)).thread == north
    answer = await ada.hears("Nation", where=forum)
    assert answer.thread == south
    ada.presses("Plus", on=answer, where=forum)
    assert (await ada.hears("D’autres, près de Nation", where=forum)).thread == south
    assert not api.violations


async def test_the_talk_goes_on_in_the_supergroup(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    ada.says(f"@{api.username} douche bastille", where=group)
    await ada.hears("Bastille", where=group)
    grown = group.becomes_supergroup()
    ada.says(f"@{api.username} et demain ?", where=grown)
    await ada.hears("Bastille", where=grown)


async def test_the_talk_goes_on_when_all_arrives_at_once(
    bot: Running, api: FakeBotApi, ada: User, group: Group
) -> None:
    ada.says(f"@{api.username} douche bastille", where=group)
    grown = group.becomes_supergroup()
    api.feed.pending.popitem()  # Telegram tells it twice, in the old chat and in the new: once must do
    ada.says(f"@{api.username} et demain ?", where=grown)
    await ada.hears("Bastille", where=grown)
    await ada.hears("Bastille", where=grown)
    assert len(grown.sent) == 2
    assert not api.violations


async def test_a_refusal_alone_tells_the_new_address(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    ada.says(f"@{api.username} douche bastille", where=group)
    grown = api.group(-1001234567890)
    group.chat.state, group.chat.moved_to = State.UPGRADED, grown.chat.id
    await ada.hears("Bastille", where=grown)
    ada.says(f"@{api.username} et demain ?", where=grown)
    await ada.hears("Bastille", where=grown)


async def test_put_out_of_a_group_it_stays_silent(bot: Running, api: FakeBotApi, ada: User, group: Group) -> None:
    ada.says(f"@{api.username} douche bastille", where=group)
    group.removes_bot()
    await asyncio.sleep(0.3)
    ada.says("merci")
    await ada.hears("Avec plaisir")
    assert group.sent == []
    assert not api.violations
