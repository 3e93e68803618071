"""Where one writes from right to left: lines keep that direction, and what is written the other way stands apart."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.adapters.console import render as on_console
from bot.adapters.telegram.render import SendText
from bot.adapters.telegram.render import render as on_telegram
from bot.messages import Button, Outgoing, Reply
from bot.texts import END_ISOLATE, ISOLATE, LANGUAGES, RIGHT_TO_LEFT, Texts, texts

PARIS = ZoneInfo("Europe/Paris")
PHONE = "01 46 06 46 47"
SIDES = {"ar": True, "fa": True, "ps": True}


def outgoing(text: str) -> Outgoing:
    return Outgoing("telegram", "1", Reply(text, buttons=((Button("ok", "ok"),),)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_direction(language: str) -> None:
    assert texts(language, PARIS).right_to_left is SIDES.get(language, False)


@pytest.mark.parametrize("language", [name for name, turned in SIDES.items() if turned])
def test_a_phone_number_is_not_read_from_its_end(language: str) -> None:
    spoken = texts(language, PARIS)
    assert f"{ISOLATE}{PHONE}{END_ISOLATE}" in spoken.t("🕐 hours not published, call first: {phone}", phone=PHONE)
    assert spoken.apart(PHONE) == f"{ISOLATE}{PHONE}{END_ISOLATE}"


def test_every_line_has_the_direction_of_the_language_whatever_it_begins_with() -> None:
    laid_out = texts("ar", PARIS).laid_out("Les Amiraux\n🕐 08:00\n")
    assert laid_out == f"{RIGHT_TO_LEFT}Les Amiraux\n{RIGHT_TO_LEFT}🕐 08:00\n{RIGHT_TO_LEFT}"


def test_a_command_keeps_its_slash_in_front() -> None:
    assert texts("ar", PARIS).laid_out("x: /aide") == f"{RIGHT_TO_LEFT}x: {ISOLATE}/aide{END_ISOLATE}"
    assert ISOLATE not in texts("ar", PARIS).laid_out("https://example.org/aide 24/7")


@pytest.mark.parametrize("spoken", [texts(language, PARIS) for language in LANGUAGES if language not in SIDES])
def test_elsewhere_nothing_is_added(spoken: Texts) -> None:
    assert spoken.apart(PHONE) == PHONE
    assert spoken.laid_out("1. Les Amiraux\n08:00") == "1. Les Amiraux\n08:00"


def test_telegram_gets_the_marks_and_a_terminal_does_not() -> None:
    text = texts("fa", PARIS).laid_out(texts("fa", PARIS).apart(PHONE))
    (call,) = on_telegram(outgoing(text))
    assert isinstance(call, SendText)
    assert call.html is not None
    assert ISOLATE in call.html
    assert on_console(outgoing(text), bold=False).text.startswith(PHONE)
