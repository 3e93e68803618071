"""How a session is named in messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Button, strong
from bot.texts import Texts
from handlers.participation_buttons import CannotCome, Coming
from storage.sessions import Listing


def title(words: Texts, about: Listing) -> str:
    return strong(about.activity.words(about.activity.title, words.language))


def when(words: Texts, about: Listing, now: datetime) -> str:
    """Tuesday 8 Dec, 18:30–21:00."""
    begins, ends = about.session.starts_at, about.session.ends_at
    return f"{words.day(begins, now)}, {words.time(begins)}–{words.time(ends)}"


def details(words: Texts, about: Listing) -> str:
    """Where, whom to ask for, what to bring, and what staff added; lines that are there."""
    activity = about.activity
    lines = [f"📍 {words.apart(activity.address)}"] if activity.address else []
    if bring := activity.words(activity.bring, words.language):
        lines.append(words.t("To bring: {what}", what=bring))
    if activity.contact:
        lines.append("👤 " + words.t("contact: {name}", name=activity.contact))
    if about.session.note:
        lines.append(words.apart(about.session.note))
    return "".join(f"\n{line}" for line in lines)


def answers(words: Texts, sign_up: int) -> Sequence[Sequence[Button]]:
    return (
        (
            Button(words.t("I will be there"), Coming(sign_up).pack()),
            Button(words.t("I cannot come"), CannotCome(sign_up).pack()),
        ),
    )
