"""Replies -> calls."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.telegram.render import AnswerInline, Call, Destination, SendContact, SendText, SendVenue, render
from bot.messages import Article, Button, Contact, Outgoing, Pin, Reply, strong

PIN = Pin(48.89, 2.34, "Les Amiraux", "6 rue Hermann-Lachapelle")
BUTTONS = ((Button("Plus", payload="more"), Button("Itinéraire", url="https://example.org")), (Button("Ici", "here"),))


def private(**reply: Any) -> list[Call]:
    return render(Outgoing("telegram", "7", Reply(**reply)))


def markups(calls: list[Call]) -> list[dict[str, Any] | None]:
    return [call.markup for call in calls if not isinstance(call, AnswerInline)]


def test_text_is_html() -> None:
    assert private(text=f"{strong('Amiraux')} & co") == [
        SendText(Destination(7), "<b>Amiraux</b> &amp; co", "Amiraux & co")
    ]


@pytest.mark.parametrize(
    "reply",
    [{}, {"text": "  \n"}, {"buttons": BUTTONS}, {"articles": (Article("1", "t", "d", "x"),)}],
)
def test_nothing_to_see_is_never_sent(reply: dict[str, Any]) -> None:
    assert private(**reply) == []


def test_text_then_map_then_phone() -> None:
    calls = private(text="x", pin=PIN, contact=Contact("115", "115"), buttons=BUTTONS)
    assert [type(call) for call in calls] == [SendText, SendVenue, SendContact]
    assert [bool(markup) for markup in markups(calls)] == [True, False, False]


def test_a_map_alone_carries_the_buttons() -> None:
    [call] = private(pin=PIN, buttons=BUTTONS)
    assert isinstance(call, SendVenue)
    assert call.markup is not None
    assert "inline_keyboard" in call.markup


def test_rows_of_buttons() -> None:
    assert markups(private(text="x", buttons=BUTTONS)) == [
        {
            "inline_keyboard": [
                [{"text": "Plus", "callback_data": "more"}, {"text": "Itinéraire", "url": "https://example.org"}],
                [{"text": "Ici", "callback_data": "here"}],
            ]
        }
    ]


def test_buttons_that_telegram_would_refuse_are_left_out() -> None:
    call_the_115 = Button("☎️ 115", url="tel:115")
    assert markups(private(text="x", buttons=((call_the_115,),))) == [None]
    [markup] = markups(private(text="x", buttons=((call_the_115, Button("Ici", "here")),)))
    assert markup == {"inline_keyboard": [[{"text": "Ici", "callback_data": "here"}]]}


def test_buttons_stand_under_the_last_part_of_a_long_text() -> None:
    calls = private(text="mot " * 3000, buttons=BUTTONS)
    assert len(calls) > 2
    assert [bool(markup) for markup in markups(calls)] == [False] * (len(calls) - 1) + [True]


def test_the_position_is_asked_for_in_private_only() -> None:
    [call] = private(text="Où êtes-vous ?", ask_position="📍 Envoyer ma position")
    assert isinstance(call, SendText)
    assert call.markup is not None
    assert call.markup == {
        "keyboard": [[{"text": "📍 Envoyer ma position", "request_location": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    group = render(Outgoing("telegram", "-5", Reply(text="Où ?", ask_position="📍"), private=False))
    assert markups(group) == [None]


def test_in_a_group_the_first_part_answers_the_message_in_its_topic() -> None:
    calls = render(
        Outgoing("telegram", "-5", Reply(text="mot " * 1500, pin=PIN), thread="12", private=False, reply_to="9")
    )
    assert [call.to for call in calls if not isinstance(call, AnswerInline)] == [
        Destination(-5, 12, 9), Destination(-5, 12), Destination(-5, 12),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "address", "shown"),
    [("A", "B", ("A", "B")), ("A", "", ("A", "A")), ("", "B", ("B", "B")), ("", " ", ("📍", "📍"))],
)
def test_a_place_always_has_a_title_and_an_address(title: str, address: str, shown: tuple[str, str]) -> None:
    [call] = private(pin=Pin(48.0, 2.0, title, address))
    assert isinstance(call, SendVenue)
    assert (call.pin.title, call.pin.address) == shown


def inline(articles: tuple[Article, ...], token: str = "q1") -> list[Call]:
    return render(Outgoing("telegram", "inline-7", Reply(articles=articles), token=token))


def test_inline_articles() -> None:
    [call] = inline((Article("a1", "Amiraux", "22 min", strong("Amiraux") + " <18e>", "https://example.org"),))
    assert isinstance(call, AnswerInline)
    assert call.query == "q1"
    [article] = [result.to_dict() for result in call.results]
    assert article["input_message_content"]["message_text"] == "<b>Amiraux</b> &lt;18e&gt;"
    assert article["input_message_content"]["parse_mode"] == "HTML"
    assert (article["id"], article["title"], article["url"]) == ("a1", "Amiraux", "https://example.org")


def test_inline_limits() -> None:
    [call] = inline(tuple(Article(str(n), "t", "d", "mot " * 3000) for n in range(60)))
    assert isinstance(call, AnswerInline)
    assert len(call.results) == 50
    assert len(call.results[0].to_dict()["input_message_content"]["message_text"]) <= 4096


def test_an_inline_question_without_answers_is_answered_empty() -> None:
    assert inline(()) == [AnswerInline("q1", ())]
    assert inline((), token="") == []


def test_a_button_s_token_is_no_inline_answer() -> None:
    assert render(Outgoing("telegram", "7", Reply(text="x"), token="q1")) == [SendText(Destination(7), "x", "x")]
