"""Updates as Telegram sends them -> what the rest of the bot reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.adapters.telegram.addressed import Me
from bot.adapters.telegram.receive import incoming
from bot.adapters.telegram.usual import usual
from bot.messages import Incoming, Kind, Position

NOW = datetime(2027, 1, 15, 8, 5, tzinfo=UTC)
SENT, SENT_AT = 1_800_000_000, datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
EDITED, EDITED_AT = 1_800_000_060, datetime(2027, 1, 15, 8, 1, tzinfo=UTC)
ME = Me(42, "solidarity_bot")

AWA = {"id": 7, "is_bot": False, "first_name": "Awa", "language_code": "pt-BR"}
BOT = {"id": 42, "is_bot": True, "first_name": "Solidarité", "username": "solidarity_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Awa"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Maraude"}
FORUM = GROUP | {"is_forum": True}
HERE = {"latitude": 48.88, "longitude": 2.35}
PHOTO = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}
FILE = {"file_id": "f", "file_unique_id": "u"}
NAMED = {"type": "text_mention", "offset": 3, "length": 10, "user": BOT}
FROM_US = {"message_id": 3, "date": SENT, "chat": GROUP, "from": BOT, "text": "?"}
TOPIC_OPENED_BY_US = FROM_US | {"text": None, "forum_topic_created": {"name": "Nord", "icon_color": 1}}


def read(update: dict[str, Any]) -> Incoming | None:
    """However it is read: what the shorter way reads at all, it reads as the longer one does."""
    whole = {"update_id": 500} | update
    read = incoming(Update.de_json(whole, None), ME, NOW)
    assert usual(whole) in (None, read)
    return read


def message(chat: dict[str, Any], **content: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": SENT, "chat": chat, "from": AWA} | content


def said(chat: dict[str, Any], **content: Any) -> Incoming | None:
    return read({"message": message(chat, **content)})


def test_a_text_in_private() -> None:
    assert said(PRIVATE, text="douche gare du nord") == Incoming(
        platform="telegram", update_id="500", chat="7", person="7", sent_at=SENT_AT, kind=Kind.TEXT,
        text="douche gare du nord", message_id="9", language="pt",
    )  # fmt: skip


def test_the_usual_update_is_read_the_short_way() -> None:
    update = {"update_id": 500, "message": message(PRIVATE, text="douche gare du nord")}
    assert usual(update) == read(update)


@pytest.mark.parametrize(
    "odd",
    [
        None, [], "x", {}, {"update_id": 5}, {"message": {}}, {"update_id": "5", "message": message(PRIVATE, text="a")},
        {"update_id": 5, "message": message(PRIVATE, text=5)}, {"update_id": 5, "message": message(PRIVATE, text="")},
        {"update_id": 5, "message": message(PRIVATE, text="a") | {"date": 10**30}},
        {"update_id": 5, "message": message(PRIVATE, text="a") | {"from": AWA | {"language_code": 5}}},
        {"update_id": 5, "message": message(PRIVATE, text="a") | {"from": BOT}},
        {"update_id": 5, "message": message(GROUP, text="a")},
    ],
)  # fmt: skip
def test_anything_odd_is_left_to_the_long_way(odd: Any) -> None:
    assert usual(odd) is None


def test_an_edited_text_is_dated_by_its_edit() -> None:
    got = read({"edited_message": message(PRIVATE, text="douche", edit_date=EDITED)})
    assert got is not None
    assert (got.edited, got.sent_at, got.message_id, got.update_id) == (True, EDITED_AT, "9", "500")


@pytest.mark.parametrize(
    ("content", "kind", "text", "position"),
    [
        pytest.param({"text": "/start lieu_12"}, Kind.TEXT, "/start lieu_12", None, id="deep link"),
        pytest.param({"text": "/aide@Solidarity_Bot"}, Kind.TEXT, "/aide", None, id="command to us by name"),
        pytest.param({"text": "@solidarity_bot douche"}, Kind.TEXT, "douche", None, id="mention in private"),
        pytest.param({"location": HERE}, Kind.POSITION, "", Position(48.88, 2.35), id="position"),
        pytest.param(
            {"location": HERE | {"live_period": 900}}, Kind.POSITION, "", Position(48.88, 2.35), id="live position"
        ),
        pytest.param(
            {"location": HERE, "venue": {"location": HERE, "title": "Gare", "address": "x"}},
            Kind.POSITION, "", Position(48.88, 2.35), id="venue",
        ),
        pytest.param(PHOTO | {"caption": "une douche ?"}, Kind.TEXT, "une douche ?", None, id="photo with words"),
        pytest.param(PHOTO, Kind.UNSUPPORTED, "", None, id="photo"),
        pytest.param({"voice": FILE | {"duration": 3}}, Kind.UNSUPPORTED, "", None, id="voice"),
        pytest.param({"document": FILE}, Kind.UNSUPPORTED, "", None, id="document"),
        pytest.param(
            {"contact": {"phone_number": "0102030405", "first_name": "A"}}, Kind.UNSUPPORTED, "", None, id="contact"
        ),
        pytest.param({"dice": {"value": 3, "emoji": "🎲"}}, Kind.UNSUPPORTED, "", None, id="dice"),
    ],
)  # fmt: skip
def test_content(content: dict[str, Any], kind: Kind, text: str, position: Position | None) -> None:
    got = said(PRIVATE, **content)
    assert got is not None
    assert (got.kind, got.text, got.position) == (kind, text, position)


@pytest.mark.parametrize(
    "update",
    [
        pytest.param({"edited_message": message(PRIVATE, location=HERE, edit_date=EDITED)}, id="live position moves"),
        pytest.param({"edited_message": message(PRIVATE, edit_date=EDITED, **PHOTO)}, id="photo edited"),
        pytest.param({"message": message(PRIVATE, text="x", via_bot=BOT)}, id="posted through our inline mode"),
        pytest.param({"message": message(PRIVATE, text="x") | {"from": BOT | {"id": 99}}}, id="another bot"),
        pytest.param({"message": message(GROUP, new_chat_members=[AWA])}, id="service message"),
        pytest.param({"message": message(GROUP, new_chat_title="x")}, id="title changed"),
        pytest.param({"channel_post": message({"id": -1, "type": "channel", "title": "c"}, text="x")}, id="channel"),
        pytest.param({"message": message({"id": -1, "type": "channel", "title": "c"}, text="/aide")}, id="in channel"),
        pytest.param(
            {
                "message": message(
                    GROUP,
                    text="/aide",
                    is_automatic_forward=True,
                    sender_chat={"id": -5, "type": "channel", "title": "c"},
                )
            },
            id="post of the linked channel",
        ),
        pytest.param({"message": message(GROUP, text="bonjour à tous")}, id="group talk"),
        pytest.param({"message": message(GROUP, text="/aide@other_bot")}, id="command to another bot"),
        pytest.param(
            {"message": message(GROUP, text="/aide@other_bot", reply_to_message=FROM_US)},
            id="command to another bot in answer to us",
        ),
        pytest.param({"message": message(GROUP, text="écrire à a@solidarity_bot")}, id="no mention but an address"),
        pytest.param({"message": message(GROUP, text="@solidarity_bots douche")}, id="longer name"),
        pytest.param({"message": message(GROUP, text="voir /home/x")}, id="path"),
        pytest.param({"message": message(GROUP, location=HERE)}, id="position in a group"),
        pytest.param(
            {
                "message": message(
                    FORUM,
                    text="salut",
                    is_topic_message=True,
                    message_thread_id=3,
                    reply_to_message=TOPIC_OPENED_BY_US,
                )
            },
            id="in a topic that we opened",
        ),
        pytest.param(
            {"callback_query": {"id": "q", "from": AWA, "chat_instance": "c", "game_short_name": "g"}}, id="game button"
        ),
        pytest.param(
            {"chat_join_request": {"chat": GROUP, "from": AWA, "user_chat_id": 7, "date": SENT}}, id="other kind"
        ),
    ],
)
def test_not_for_the_bot(update: dict[str, Any]) -> None:
    assert read(update) is None


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"text": "@solidarity_bot douche gare du nord"}, "douche gare du nord"),
        ({"text": "@Solidarity_Bot, une douche"}, "une douche"),
        ({"text": "une douche @solidarity_bot svp"}, "une douche svp"),
        ({"text": "une douche\n@solidarity_bot\nsvp"}, "une douche\n \nsvp"),
        ({"text": "@solidarity_bot"}, ""),
        ({"text": "/aide"}, "/aide"),
        ({"text": "/aide@solidarity_bot maintenant"}, "/aide maintenant"),
        ({"text": "et demain ?", "reply_to_message": FROM_US}, "et demain ?"),
        ({"text": "😀 Solidarité douche", "entities": [NAMED]}, "😀 douche"),
        (PHOTO | {"caption": "@solidarity_bot douche"}, "douche"),
    ],
)
def test_spoken_to_in_a_group(content: dict[str, Any], text: str) -> None:
    got = said(GROUP, **content)
    assert got is not None
    assert (got.text, got.addressed, got.private, got.chat, got.person) == (text, True, False, "-100123", "7")


@pytest.mark.parametrize(
    ("content", "thread"),
    [
        ({"is_topic_message": True, "message_thread_id": 12}, "12"),
        ({"message_thread_id": 12}, ""),
        ({}, ""),
    ],
)
def test_only_topics_are_threads(content: dict[str, Any], thread: str) -> None:
    got = said(FORUM, text="/aide", **content)
    assert got is not None
    assert got.thread == thread


def test_an_anonymous_administrator_is_the_group() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    got = read({"message": message(GROUP, text="/aide", sender_chat=GROUP) | {"from": anonymous}})
    assert got is not None
    assert (got.person, got.language) == ("-100123", "")


def test_an_album_without_words_has_one_key() -> None:
    keys = {
        got.update_id
        for update_id in (500, 501, 502)
        if (got := read({"update_id": update_id, "message": message(PRIVATE, media_group_id="77", **PHOTO)}))
    }
    assert keys == {"album-77"}
    question = said(PRIVATE, media_group_id="77", caption="douche", **PHOTO)
    assert question is not None
    assert question.update_id == "500"


BUTTON = {"id": "q1", "from": AWA, "chat_instance": "c", "data": "plus:2"}


@pytest.mark.parametrize(
    ("query", "chat", "private", "thread", "message_id"),
    [
        pytest.param(BUTTON | {"message": message(PRIVATE, text="x")}, "7", True, "", "9", id="private"),
        pytest.param(
            BUTTON | {"message": message(FORUM, text="x", is_topic_message=True, message_thread_id=12)},
            "-100123", False, "12", "9", id="topic",
        ),
        pytest.param(
            BUTTON | {"message": {"chat": GROUP, "message_id": 4, "date": 0}}, "-100123", False, "", "4", id="too old"
        ),
        pytest.param(BUTTON | {"inline_message_id": "i"}, "7", True, "", "", id="no message"),
    ],
)  # fmt: skip
def test_buttons(query: dict[str, Any], chat: str, private: bool, thread: str, message_id: str) -> None:
    assert read({"callback_query": query}) == Incoming(
        platform="telegram", update_id="500", chat=chat, person="7", sent_at=NOW, kind=Kind.BUTTON, text="plus:2",
        private=private, thread=thread, message_id=message_id, language="pt", token="q1",
    )  # fmt: skip


@pytest.mark.parametrize(("location", "position"), [({}, None), ({"location": HERE}, Position(48.88, 2.35))])
def test_an_inline_question_has_its_own_lane(location: dict[str, Any], position: Position | None) -> None:
    query = {"id": "q2", "from": AWA, "query": "douche bastille", "offset": ""} | location
    assert read({"inline_query": query}) == Incoming(
        platform="telegram", update_id="500", chat="inline-7", person="7", sent_at=NOW, kind=Kind.INLINE,
        text="douche bastille", position=position, language="pt", token="q2",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("chat", "status", "kind"),
    [
        (PRIVATE, {"status": "kicked", "until_date": 0}, Kind.BLOCKED),
        (PRIVATE, {"status": "member"}, Kind.UNBLOCKED),
        (GROUP, {"status": "kicked", "until_date": 0}, None),
        (GROUP, {"status": "member"}, None),
    ],
)
def test_blocked_and_unblocked(chat: dict[str, Any], status: dict[str, Any], kind: Kind | None) -> None:
    before = {"status": "member", "user": BOT}
    change = {"old_chat_member": before, "new_chat_member": before | status}
    got = read({"my_chat_member": {"chat": chat, "from": AWA, "date": SENT} | change})
    assert (got.kind if got else None) == kind


@pytest.mark.parametrize(
    "content",
    [
        {"chat": {"id": -55, "type": "group", "title": "m"}, "migrate_to_chat_id": -100123},
        {"chat": GROUP, "migrate_from_chat_id": -55},
    ],
)
def test_both_sides_of_a_migration_say_the_same(content: dict[str, Any]) -> None:
    got = read({"message": message(GROUP) | content})
    assert got is not None
    assert (got.kind, got.chat, got.text, got.private) == (Kind.MIGRATED, "-55", "-100123", False)


@pytest.mark.parametrize(
    ("text", "entities", "marked"),
    [
        ("Ce soir 😀 20 h", [{"type": "bold", "offset": 0, "length": 7}], "*Ce soir* 😀 20 h"),
        ("😀 ici", [{"type": "text_link", "offset": 3, "length": 3, "url": "https://a.fr"}], "😀 [ici](https://a.fr)"),
        ("a b ", [{"type": "bold", "offset": 1, "length": 3}], "a *b* "),
        ("a b", [{"type": "italic", "offset": 0, "length": 1}], ""),
        ("a\nb", [{"type": "bold", "offset": 0, "length": 3}], "a\nb"),
        (
            "ab c",
            [
                {"type": "bold", "offset": 0, "length": 2},
                {"type": "text_link", "offset": 0, "length": 2, "url": "https://a.fr"},
            ],
            "*ab* c",
        ),
    ],
)
def test_what_phones_make_bold(text: str, entities: list[dict[str, Any]], marked: str) -> None:
    found = read({"message": message(PRIVATE, text=text, entities=entities)})
    assert found is not None
    assert (found.text, found.marked) == (text, marked)
