"""Events of a room, and what the bot makes of each."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.matrix.addressed import Me
from bot.adapters.matrix.receive import Chosen, Heard, Upgraded, happened
from bot.messages import File, Kind, Position
from storage.matrix import Said

ME = Me("@solidarite:example.org", "Solidarité", ("aide", "help"))
ROOM = "!room"


def event(content: dict[str, Any], kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    return {"type": kind, "event_id": "$1", "sender": "@ada:example.org", "origin_server_ts": 1_700_000_000_000,
            "content": content, **more}  # fmt: skip


def text(body: str, **more: Any) -> dict[str, Any]:
    return event({"msgtype": "m.text", "body": body, **more})


def heard(raw: dict[str, Any], *, private: bool = True) -> Heard | None:
    one = happened(raw, ROOM, ME, private=private)
    assert one is None or isinstance(one, Heard)
    return one


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("douche bastille", "douche bastille"),
        ("!aide", "/aide"),
        ("!Aide moi", "/Aide moi"),
        ("!anything else", "/anything else"),
        ("/aide", "/aide"),
        ("!!!", "!!!"),
        ("solidarite: douche", "douche"),
        ("@solidarite douche", "douche"),
        ("> <@x:y> before\n> more\n\ndouche", "> <@x:y> before\n> more\n\ndouche"),
    ],
)
def test_words_in_private(body: str, said: str) -> None:
    one = heard(text(body))
    assert one is not None
    assert one.incoming.text == said
    assert one.incoming.addressed


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ("douche bastille", {}, None),
        ("/aide", {}, None),
        ("!meteo", {}, None),
        ("!aide", {}, "/aide"),
        ("@Solidarite douche", {}, "douche"),
        ("@solidarité, douche", {}, "douche"),
        ("Solidarité : douche", {}, ": douche"),
        ("solidarité entre voisins", {}, None),
        ("une douche, Solidarité ?", {}, "une douche, ?"),
        ("@solidarite:example.org douche", {}, "douche"),
        ("xsolidarite: douche", {}, None),
        ("douche", {"m.mentions": {"user_ids": ["@solidarite:example.org"]}}, "douche"),
        ("douche", {"m.mentions": {"room": True}}, None),
        ("douche", {"m.mentions": "bad"}, None),
        ("douche", {"formatted_body": '<a href="https://matrix.to/#/@solidarite:example.org">x</a> douche'}, "douche"),
        ("douche", {"formatted_body": "https://matrix.to/#/%40solidarite%3Aexample.org"}, "douche"),
    ],
)
def test_words_in_a_room(body: str, more: dict[str, Any], said: str | None) -> None:
    one = heard(text(body, **more), private=False)
    if said is None:
        assert one is None
    else:
        assert one is not None
        assert one.incoming.text == said.lstrip(",;: ")


def test_an_answer_in_a_room_is_kept_until_it_is_known_to_whom() -> None:
    one = heard(
        text("> <@a:b> said\n\nplus loin", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}), private=False
    )
    assert one is not None
    assert (one.answers, one.incoming.text, one.incoming.addressed) == ("$0", "plus loin", False)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"geo_uri": "geo:48.88,2.35"}, Position(48.88, 2.35)),
        ({"geo_uri": "geo:48.88,2.35,30;u=20"}, Position(48.88, 2.35)),
        ({"geo_uri": "geo:-1,-2.5"}, Position(-1, -2.5)),
        ({"org.matrix.msc3488.location": {"uri": "geo:1,2"}}, Position(1, 2)),
        ({"geo_uri": "geo:91,2"}, None),
        ({"geo_uri": "here"}, None),
        ({"geo_uri": 3}, None),
        ({}, None),
    ],
)
def test_positions(content: dict[str, Any], where: Position | None) -> None:
    one = heard(event({"msgtype": "m.location", "body": "here"} | content))
    assert one is not None
    assert one.incoming.position == where
    assert one.incoming.kind is (Kind.POSITION if where else Kind.UNSUPPORTED)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (event({"msgtype": "m.image", "body": "a.jpg"}), Kind.UNSUPPORTED),
        (event({"msgtype": "m.audio", "body": "voice", "org.matrix.msc3245.voice": {}}), Kind.UNSUPPORTED),
        (event({"msgtype": "m.image", "filename": "a.jpg", "body": "a.jpg"}), Kind.UNSUPPORTED),
        (event({"msgtype": "m.image", "filename": "a.jpg", "body": "douche"}), Kind.TEXT),
        (event({"body": "cat", "url": "mxc://a/b"}, "m.sticker"), Kind.UNSUPPORTED),
        (event({}, "org.matrix.msc3381.poll.start"), Kind.UNSUPPORTED),
        (event({"msgtype": "m.emote", "body": "cherche une douche"}), Kind.TEXT),
        (event({"msgtype": "m.notice", "body": "douche"}), None),
        (event({"msgtype": "m.key.verification.request", "body": "verify"}), None),
        (event({"msgtype": "m.text", "body": ""}), None),
        (event({"msgtype": "m.text"}), None),
        (event({}), None),
        (event({"membership": "join"}, "m.room.member", state_key="@ada:example.org"), None),
        (text("douche") | {"unsigned": {"redacted_because": {}}}, None),
        (text("douche") | {"content": "odd"}, None),
    ],
)  # fmt: skip
def test_kinds(raw: dict[str, Any], kind: Kind | None) -> None:
    one = heard(raw)
    assert (one.incoming.kind if one else None) is kind


def test_an_edit_says_what_is_new() -> None:
    new = {"msgtype": "m.text", "body": "douche nation"}
    one = heard(
        text("* douche nation", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}})
    )
    assert one is not None
    assert (one.incoming.text, one.incoming.edited, one.incoming.message_id) == ("douche nation", True, "$0")


def test_a_thread() -> None:
    relation = {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$9"},
    }
    one = heard(text("douche", **{"m.relates_to": relation}))
    assert one is not None
    assert (one.incoming.thread, one.answers) == ("$root", "")


def test_reactions() -> None:
    relation = {"rel_type": "m.annotation", "event_id": "$9", "key": "1️⃣"}
    one = happened(event({"m.relates_to": relation}, "m.reaction"), ROOM, ME, private=False)
    assert isinstance(one, Chosen)
    assert (one.under, one.incoming.text, one.incoming.kind) == ("$9", "1️⃣", Kind.BUTTON)
    assert happened(event({"m.relates_to": {}}, "m.reaction"), ROOM, ME, private=True) is None
    mine = event({"m.relates_to": relation}, "m.reaction", sender=ME.user_id)
    assert happened(mine, ROOM, ME, private=True) is None


def test_what_the_bot_says_comes_back_with_its_choices() -> None:
    content = {"msgtype": "m.notice", "body": "…", "org.solidarity-bot.choices": [["Plus", "more:1"], "odd"]}
    one = happened(event(content, sender=ME.user_id), ROOM, ME, private=True)
    assert isinstance(one, Said)
    assert one.choices == (("Plus", "more:1"),)
    forged = happened(event(content), ROOM, ME, private=True)
    assert forged is None


def test_an_upgrade() -> None:
    one = happened(event({"replacement_room": "!new"}, "m.room.tombstone", state_key=""), ROOM, ME, private=True)
    assert isinstance(one, Upgraded)
    assert (one.incoming.kind, one.incoming.text, one.successor) == (Kind.MIGRATED, "!new", "!new")
    assert happened(event({"replacement_room": 3}, "m.room.tombstone", state_key=""), ROOM, ME, private=True) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"msgtype": "m.image", "body": "a.png", "url": "mxc://a/b", "info": {"size": 9, "mimetype": "image/png"}},
            File('{"url": "mxc://a/b"}', True, "a.png", "image/png", 9),
        ),
        (
            {"msgtype": "m.file", "body": "x", "filename": "a.pdf", "file": {"url": "mxc://a/b", "iv": "i", "v": "v2"}},
            File('{"url": "mxc://a/b", "iv": "i"}', False, "a.pdf", "", 0),
        ),
        (
            {"msgtype": "m.image", "body": 3, "url": "mxc://a/b", "info": "odd"},
            File('{"url": "mxc://a/b"}', True, "", "", 0),
        ),
        ({"msgtype": "m.image", "body": "a.png", "url": "https://a/b"}, None),
        ({"msgtype": "m.image", "body": "a.png", "file": {"url": 3}}, None),
        ({"msgtype": "m.video", "body": "a.mp4", "url": "mxc://a/b"}, None),
    ],
)
def test_pictures_and_documents(content: dict[str, Any], expected: File | None) -> None:
    one = heard(event(content))
    assert one is not None
    assert one.incoming.file == expected
