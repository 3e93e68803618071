"""Replies, and the events they become."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.adapters.matrix.choices import by_reaction, by_words
from bot.adapters.matrix.render import MAX_TEXT, render
from bot.messages import Button, Contact, Outgoing, Pin, Reply, strong

PIN = Pin(48.8809, 2.3553, "Les Amiraux", "6 rue Hermann-Lachapelle, 18e")
BUTTONS = (
    (Button("🚿 Douche", "pick:shower"), Button("L'eau", "pick:water")),
    (Button("Site", url="https://a.org/?a&b"),),
)


def events(reply: Reply, **more: Any) -> list[dict[str, Any]]:
    return [dict(event.content) for event in render(Outgoing("matrix", "!room", reply, **more))]


def test_text_is_a_notice_escaped_and_strong() -> None:
    (content,) = events(Reply(f"a < b & {strong('c > d')}\nnext"))
    assert content["msgtype"] == "m.notice"
    assert content["body"] == "a < b & c > d\nnext"
    assert content["formatted_body"] == "a &lt; b &amp; <b>c &gt; d</b><br>next"
    assert content["m.mentions"] == {}
    assert "m.relates_to" not in content


def test_choices_are_numbered_and_links_written_out() -> None:
    (content,) = events(Reply("Que cherchez-vous ?", BUTTONS))
    assert content["body"] == "Que cherchez-vous ?\n\n1️⃣ 🚿 Douche\n2️⃣ L'eau\nSite: https://a.org/?a&b"
    assert content["formatted_body"].endswith('2️⃣ L\'eau<br><a href="https://a.org/?a&amp;b">Site</a>')
    assert content["org.solidarity-bot.choices"] == [["🚿 Douche", "pick:shower"], ["L'eau", "pick:water"]]


def test_a_link_that_programs_take_out_is_left_out() -> None:
    (content,) = events(Reply("Appelez le 15", ((Button("15", url="tel:15"),),)))
    assert "tel:" not in content["formatted_body"]


def test_a_place_is_a_line_and_a_location() -> None:
    line, place = events(Reply(pin=PIN))
    assert line["body"] == "📍 Les Amiraux — 6 rue Hermann-Lachapelle, 18e"
    assert place["msgtype"] == "m.location"
    assert place["geo_uri"] == "geo:48.880900,2.355300"
    assert place["body"] == "Les Amiraux, 6 rue Hermann-Lachapelle, 18e"
    said, _ = events(Reply("Les Amiraux, 6 rue Hermann-Lachapelle, 18e : par là", pin=PIN))
    assert "📍" not in said["body"]


def test_a_number_to_call_is_a_line() -> None:
    (content,) = events(Reply(contact=Contact("115", "Samu social")))
    assert content["body"] == "☎️ Samu social: 115"


def test_nothing_to_see_is_nothing_to_send() -> None:
    assert events(Reply()) == []
    assert events(Reply("  \n ")) == []


def test_a_long_text_is_cut_and_its_choices_stand_last() -> None:
    cut = events(Reply("\n\n".join(f"{number} " + "é" * 900 for number in range(20)), BUTTONS))
    assert len(cut) == 4
    assert all(len(json.dumps(content).encode()) < 65_536 for content in cut)
    assert all(len(content["body"]) <= MAX_TEXT + 100 for content in cut)
    assert ["org.solidarity-bot.choices" in content for content in cut] == [False] * 3 + [True]


def test_in_a_room_it_answers_and_in_a_thread_it_stays() -> None:
    (content,) = events(Reply("a"), private=False, reply_to="$1")
    assert content["m.relates_to"] == {"m.in_reply_to": {"event_id": "$1"}}
    both = events(Reply("a", pin=PIN), thread="$root")
    assert [c["m.relates_to"]["event_id"] for c in both] == ["$root", "$root"]
    assert both[0]["m.relates_to"]["is_falling_back"] is True
    (content,) = events(Reply("a"), private=False, reply_to="$1", thread="$root")
    assert content["m.relates_to"]["m.in_reply_to"] == {"event_id": "$1"}
    assert content["m.relates_to"]["is_falling_back"] is False


def test_signs_are_reactions() -> None:
    one, two = render(Outgoing("matrix", "!room", Reply(reactions=("1️⃣", "2️⃣")), reply_to="$1"))
    assert one.type == two.type == "m.reaction"
    assert one.content["m.relates_to"] == {"rel_type": "m.annotation", "event_id": "$1", "key": "1️⃣"}


CHOICES = (("🚿 Douche", "a"), ("L’eau", "b"), *((f"n{number}", f"p{number}") for number in range(3, 13)))


@pytest.mark.parametrize(
    ("key", "payload"), [("1️⃣", "a"), ("2⃣", "b"), ("2", "b"), ("9️⃣", "p9"), ("0️⃣", None), ("👍", None), ("", None)]
)
def test_reactions_choose(key: str, payload: str | None) -> None:
    assert by_reaction(key, CHOICES) == payload


@pytest.mark.parametrize(
    ("said", "payload"),
    [("1", "a"), ("2.", "b"), (" 12 ", "p12"), ("13", None), ("0", None), ("douche", "a"), ("🚿 DOUCHE !", "a"),
     ("l'eau", "b"), ("eau", None), ("", None), ("1️⃣", "a"), ("!", None)],
)  # fmt: skip
def test_words_choose(said: str, payload: str | None) -> None:
    assert by_words(said, CHOICES) == payload
