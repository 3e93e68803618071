"""How an announcement goes, and what came of it, in words."""

from __future__ import annotations

from datetime import timedelta

from bot.texts import Texts
from knowledge.announcements.content import Content
from knowledge.announcements.kinds import State
from storage.recipients import Counts

BAR = 10


def bar(done: int, of: int) -> str:
    """▓▓▓▓▓▓░░░░"""
    full = BAR * done // of if of else 0
    return "▓" * full + "░" * (BAR - full)


def lasting(words: Texts, time: timedelta) -> str:
    """9 s, 12 min, 1 h 36."""
    seconds = round(time.total_seconds())
    return words.t("{seconds} s", seconds=max(1, seconds)) if seconds < 90 else words.minutes(round(seconds / 60))


def ends(words: Texts, counts: Counts) -> list[str]:
    """What became of those who are written to: only what there is, who got it always."""
    tn, by = words.tn, counts.by_state
    lines = [tn("{count} received", "{count} received", by[State.DELIVERED])]
    if by[State.BLOCKED]:
        lines.append(tn("{count} stopped the bot", "{count} stopped the bot", by[State.BLOCKED]))
    if by[State.GONE]:
        lines.append(tn("{count} is gone", "{count} are gone", by[State.GONE]))
    if by[State.FAILED]:
        lines.append(tn("{count} failed", "{count} failed", by[State.FAILED]))
    if by[State.UNCERTAIN]:
        lines.append(tn("{count} uncertain", "{count} uncertain", by[State.UNCERTAIN]))
    if by[State.EXPIRED]:
        lines.append(tn("{count} too late, not sent", "{count} too late, not sent", by[State.EXPIRED]))
    if by[State.CANCELLED]:
        lines.append(tn("{count} not sent", "{count} not sent", by[State.CANCELLED]))
    return lines


def label(content: Content, number: int) -> str:
    """Of a button, as its author wrote it."""
    labels = content.words[content.default_language].labels
    return labels[number] if number < len(labels) else str(number + 1)


def answers(words: Texts, content: Content, counts: Counts) -> str:
    """61 answers: Je viens 40, Pas cette fois 21. "" where nobody could answer."""
    taps = [number for number, tap in enumerate(content.buttons) if tap.what == "choice"]
    if not taps:
        return ""
    total = words.tn("{count} answer", "{count} answers", counts.choices.total())
    each = ", ".join(f"{words.apart(label(content, number))} {counts.choices[number]}" for number in taps)
    return words.t("{answers}: {choices}", answers=total, choices=each)
