"""Buttons on Matrix: numbered lines, chosen by a reaction, by the number typed, or by the words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.messages import Button

CHOICES = "org.solidarity-bot.choices"
"""Where a message of the bot keeps what its numbers stand for: [[label, payload], ...]. So whoever reads the room from the
homeserver, this program after a crash above all, knows it as soon as it sees the message."""
MAX_CHOICES = 20
MAX_REACTIONS = 9
"""There is a sign for each digit, none for ten."""

_KEYCAP = "\ufe0f\u20e3"
_REACTION = re.compile("([1-9])\ufe0f?\u20e3?")
_TYPED = re.compile(r"(\d{1,2})[.)]?|(\d)\ufe0f?\u20e3")
_NO_WORDS = re.compile(r"^[^\w]+|[^\w]+$")

Choices = Sequence[tuple[str, str]]
"""(label, payload), in the order of their numbers."""


def choices(rows: Iterable[Iterable[Button]]) -> tuple[tuple[str, str], ...]:
    """Links are none: they are written out."""
    return tuple((button.label, button.payload) for row in rows for button in row if button.payload)[:MAX_CHOICES]


def sign(number: int) -> str:
    """1 -> 1️⃣ ; 10 -> 10."""
    return f"{number}{_KEYCAP}" if number <= MAX_REACTIONS else f"{number}."


def signs(count: int) -> tuple[str, ...]:
    """What is put under a message with so many choices."""
    return tuple(sign(number) for number in range(1, min(count, MAX_REACTIONS) + 1))


def from_content(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The choices of a message of the bot's own."""
    kept = content.get(CHOICES)
    if not isinstance(kept, list):
        return ()
    pairs = (pair for pair in kept if isinstance(pair, list) and len(pair) == 2)
    return tuple((str(label), str(payload)) for label, payload in pairs)[:MAX_CHOICES]


def by_reaction(key: str, among: Choices) -> str | None:
    """The payload that the sign stands for. Programs differ in the variation selector within it."""
    found = _REACTION.fullmatch(key.strip())
    return _numbered(int(found[1]), among) if found else None


def by_words(text: str, among: Choices) -> str | None:
    """The payload of the number typed, or of the label's words; None when the text is neither."""
    number = _TYPED.fullmatch(text.strip())
    if number:
        return _numbered(int(number[1] or number[2]), among)
    wanted = _plain(text)
    return next((payload for label, payload in among if wanted and _plain(label) == wanted), None)


def _numbered(number: int, among: Choices) -> str | None:
    return among[number - 1][1] if 0 < number <= len(among) else None


def _plain(label: str) -> str:
    """Emoji and punctuation around the words do not count."""
    return _NO_WORDS.sub("", label.replace("’", "'")).casefold()
