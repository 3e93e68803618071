"""The buttons under an announcement, as staff write them: one a line."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from bot.texts import Texts
from knowledge.announcements.content import MAX_BUTTONS, Choice, Content, Link, SignUp, Tap

LONGEST = 40
"""Characters of a label: what a phone's width shows."""
LONGEST_LINK = 300
_LINK = re.compile(r"\s*(\S+://\S*|www\.\S+)$")


class BadButton(ValueError):
    """`why`: many, label, link; `words`: the line."""

    def __init__(self, why: str, words: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.words = words


def read(text: str) -> tuple[tuple[Tap, ...], tuple[str, ...]]:
    """What each does, and its words. Raises BadButton."""
    lines = [line.strip(" -•[]") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines or len(lines) > MAX_BUTTONS:
        raise BadButton("many")
    read_lines = [_line(line) for line in lines]
    return tuple(tap for tap, _ in read_lines), tuple(label for _, label in read_lines)


def _line(line: str) -> tuple[Tap, str]:
    found = _LINK.search(line)
    label = line[: found.start()].strip(" :") if found else line
    if not label or len(label) > LONGEST:
        raise BadButton("label", line)
    if found is None:
        return Choice(), label
    url = found[1] if "://" in found[1] else f"https://{found[1]}"
    return Link(_checked(url, line)), label


def _checked(url: str, line: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(url) <= LONGEST_LINK
    except ValueError:
        good = False
    if not good:
        raise BadButton("link", line)
    return url


def wrong(words: Texts, error: BadButton) -> str:
    t = words.t
    if error.why == "many":
        return t("One to three buttons, please.")
    if error.why == "link":
        return t("“{line}”: a link begins with https:// and has a name with a dot.", line=error.words[:80])
    return t("“{line}”: 1 to {most} signs on a button, please.", line=error.words[:80], most=LONGEST)


def with_buttons(content: Content, taps: tuple[Tap, ...], labels: tuple[str, ...]) -> Content:
    """In place of those there were; other languages have new ones to be written."""
    words = {code: replace(one, labels=()) for code, one in content.words.items()}
    own = content.default_language
    words[own] = replace(words[own], labels=labels)
    return replace(content, buttons=taps, words=words)


def with_sign_up(content: Content, session: int, label: str) -> Content | None:
    """One button more; None when there are three."""
    if len(content.buttons) >= MAX_BUTTONS:
        return None
    labels = content.words[content.default_language].labels
    return with_buttons(content, (*content.buttons, SignUp(session)), (*labels, label))
