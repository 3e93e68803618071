"""The buttons under a message, and their words in other languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.messages import Button
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.announcements import labels
from handlers.announcements.buttons import Draft, Part
from handlers.announcements.drafting import Open, ask, none, write
from handlers.announcements.labels import BadButton
from handlers.announcements.naming import moment_name
from storage import announcements, sessions
from storage.announcements import Announcement
from storage.roles import Role

SHOWN_SESSIONS = 6


def ask_buttons(turn: Turn, one: Open, said: str = "") -> None:
    t = turn.texts.t
    text = t(
        "The buttons, one a line, three at most: words alone are an answer; with a link after them they lead there. For "
        "signing up tap a date."
    )
    rows = [
        [Button(label, Part("date", str(number), one.draft, one.version).pack())] for number, label in _coming(turn)
    ]
    ask(turn, replace(one, step="buttons"), text, *rows, none(turn, one, "buttons"), said=said)


def _coming(turn: Turn) -> list[tuple[int, str]]:
    """The next dates to sign up for."""
    found = sessions.upcoming(turn.connection, turn.now, limit=SHOWN_SESSIONS)
    return [
        (
            each.session.id,
            f"{each.activity.words(each.activity.title, turn.texts.language)}, "
            f"{moment_name(turn.texts, each.session.starts_at, turn.now)}",
        )
        for each in found
    ]


def buttons(turn: Turn, one: Open, _held: Role) -> None:
    try:
        taps, names = labels.read(turn.incoming.text)
    except BadButton as error:
        ask_buttons(turn, one, labels.wrong(turn.texts, error))
        return
    write(turn, one, lambda known: {"content": labels.with_buttons(known.content, taps, names)})


def ask_labels(turn: Turn, one: Open, said: str = "") -> None:
    """Of the buttons, in that language."""
    text = turn.texts.t("And the words on the buttons in {language}, one a line?", language=LANGUAGES[one.about])
    skip = Button(turn.texts.t("Skip"), Draft("show", one.draft, one.version).pack())
    ask(turn, replace(one, step="labels"), text, [skip], said=said)


def button_words(turn: Turn, one: Open, _held: Role) -> None:
    lines = [line.strip() for line in turn.incoming.text.splitlines() if line.strip()]
    found = announcements.by_id(turn.connection, one.draft)
    wanted = len(found.content.buttons) if found is not None else 0
    if len(lines) != wanted or any(len(line) > labels.LONGEST for line in lines):
        ask_labels(turn, one, turn.texts.tn("{count} line, please.", "{count} lines, please.", wanted))
        return

    def written(known: Announcement) -> dict[str, Any]:
        old = known.content.words[one.about]
        named = replace(old, labels=tuple(lines))
        return {"content": replace(known.content, words={**known.content.words, one.about: named})}

    write(turn, one, written)
