"""The terminal: lines in, answers out, buttons by their number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from bot.messages import (
    LINK_OFF,
    LINK_ON,
    LINK_TO,
    STRONG_OFF,
    STRONG_ON,
    Button,
    Incoming,
    Kind,
    Limits,
    Outgoing,
    Position,
)
from bot.texts import MARKS

_POSITION = re.compile(r"^\(?\s*(-?\d{1,2}\.\d+)\s*[,; ]\s*(-?\d{1,3}\.\d+)\s*\)?$")
_LINKED = re.compile(f"{LINK_ON}([^{LINK_TO}]*){LINK_TO}([^{LINK_OFF}]*){LINK_OFF}")
_SIGNS = re.compile(r"^\W+")
_BOLD_ON, _BOLD_OFF = "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Printed:
    """An answer as lines of a terminal, and what its numbers stand for."""

    text: str
    buttons: tuple[Button, ...]


def render(outgoing: Outgoing, *, bold: bool) -> Printed:
    """Pure: an answer as text; buttons numbered in brackets under it."""
    reply = outgoing.reply
    lines = [f"📎 {reply.media.name or reply.media.media_type}"] if reply.media is not None else []
    lines += [_LINKED.sub(r"\2 (\1)", reply.text)] if reply.text else []
    if reply.pin is not None:
        lines.append(
            f"🗺  {reply.pin.title} — {reply.pin.address} ({reply.pin.latitude:.6f}, {reply.pin.longitude:.6f})"
        )
    if reply.contact is not None:
        lines.append(f"☎️  {reply.contact.name}: {reply.contact.phone}")
    lines.extend(f"• {article.title} — {article.description}" for article in reply.articles)
    buttons: list[Button] = []
    for row in reply.buttons:
        shown = []
        for button in row:
            if button.payload:
                buttons.append(button)
                shown.append(f"[{len(buttons)}. {button.label}]")
            else:
                shown.append(f"[{button.label}: {button.url}]")
        lines.append(" ".join(shown))
    if reply.ask_position:
        lines.append(f"[{reply.ask_position}: 48.8809, 2.3553]")
    text = "\n".join(lines)
    on, off = (_BOLD_ON, _BOLD_OFF) if bold else ("", "")
    return Printed(text.replace(STRONG_ON, on).replace(STRONG_OFF, off).translate(MARKS), tuple(buttons))


def _label(text: str) -> str:
    """Keyboards have no ’, and no signs like ☐ or 📍."""
    return _SIGNS.sub("", text).replace("’", "'").casefold()


class Console:
    """One person at one terminal: turns lines into messages."""

    name = "console"
    limits = Limits(text=100_000)

    def __init__(self, person: str, language: str) -> None:
        self.person = person
        self._language = language
        self._count = count()
        self._started = datetime.now(UTC).isoformat()
        self._buttons: tuple[Button, ...] = ()

    def shown(self, printed: Printed) -> None:
        """The buttons of the last message on the screen: after one without, numbers are words."""
        self._buttons = printed.buttons

    def read(self, line: str, now: datetime) -> Incoming:
        """A number presses a button, "48.88, 2.35" is a position, anything else is said."""
        text, kind, position = line.strip(), Kind.TEXT, None
        if text.isdecimal() and 0 < int(text) <= len(self._buttons):
            text, kind = self._buttons[int(text) - 1].payload, Kind.BUTTON
        else:
            label = _label(text.strip("[] "))
            pressed = next((b for b in self._buttons if label and _label(b.label) == label), None)
            if pressed is not None:
                text, kind = pressed.payload, Kind.BUTTON
            elif match := _POSITION.match(text):
                text, kind = "", Kind.POSITION
                position = Position(float(match[1]), float(match[2]))
        return Incoming(
            platform=self.name,
            update_id=f"{self._started}-{next(self._count)}",
            chat=self.person,
            person=self.person,
            sent_at=now,
            kind=kind,
            text=text,
            position=position,
            language=self._language,
        )
