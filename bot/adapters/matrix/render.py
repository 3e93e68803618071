"""Replies as events of a room. Pure: the same reply renders to the same events."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.adapters.markup import Part, parts
from bot.adapters.matrix.choices import CHOICES, choices, sign
from bot.messages import Button, Limits, Media, Outgoing, Pin, strong

MAX_TEXT = 6000
"""UTF-16 units of one message: written twice, in the longest letters, encrypted, it stays below 65,536 bytes.
Source: Client-Server API, "Size limits"."""

LIMITS = Limits(text=MAX_TEXT, in_flight=32, buttons_per_row=1, exactly_once=True)
"""Homeservers set a pace for a whole account (`messages_per_second`), none for a room."""

_LINKS = ("http://", "https://", "mailto:")
"""Source: Client-Server API, allowed HTML: schemes of links. Any other (`tel:`) is taken out, and the words beside it stay."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event to be sent. `content` may be encrypted, a reaction never is: it carries a digit and nothing else."""

    room_id: str
    type: str
    content: Mapping[str, Any]
    media: Media | None = None
    """Where it lies is put in as it is sent."""


def render(outgoing: Outgoing) -> list[Event]:
    """The events one reply takes, in order: picture or document, text, place on the map. Choices stand under the last text."""
    reply, room_id = outgoing.reply, outgoing.chat
    if reply.reactions:
        return [_reaction(room_id, outgoing.reply_to, key) for key in reply.reactions]
    text = "\n".join(line for line in (reply.text, *_place(reply.pin, reply.text), *_phone(outgoing)) if line)
    if not text and (reply.ask_position or reply.buttons):
        text = reply.ask_position or "…"
    written = parts(text, MAX_TEXT)
    pictures = [] if reply.media is None else [_media(reply.media)]
    if not written and not pictures:
        return []
    links = [button for row in reply.buttons for button in row if button.url.startswith(_LINKS)]
    offered = choices(reply.buttons)
    contents = [_notice(part) for part in written]
    if (offered or links) and contents:
        contents[-1] = _with_choices(written[-1], offered, links)
    if reply.pin is not None:
        contents.append(_location(reply.pin))
    if reply.edits:
        return [Event(room_id, "m.room.message", _changed(contents[0], reply.edits))]
    contents = [*pictures, *contents]
    relation = _relation(outgoing)
    if relation:
        contents[0] = contents[0] | {"m.relates_to": relation}
        if outgoing.thread:
            contents = [content | {"m.relates_to": relation} for content in contents]
    events = [Event(room_id, "m.room.message", content) for content in contents]
    return events if reply.media is None else [replace(events[0], media=reply.media), *events[1:]]


def _media(media: Media) -> dict[str, Any]:
    """The words follow in a message of their own: not every program shows those that come with a picture."""
    name = media.name or ("image" if media.picture else "document")
    content: dict[str, Any] = {"msgtype": "m.image" if media.picture else "m.file", "body": name, "m.mentions": {}}
    return content | ({"info": {"mimetype": media.media_type}} if media.media_type else {})


def _changed(content: dict[str, Any], message: str) -> dict[str, Any]:
    """Source: Client-Server API, "Event replacements"; programs that know none show it as a message with a star."""
    starred = {"body": f"* {content['body']}", "formatted_body": f"* {content['formatted_body']}"}
    relation = {"rel_type": "m.replace", "event_id": message}
    return content | starred | {"m.new_content": content, "m.relates_to": relation}


def _notice(part: Part) -> dict[str, Any]:
    """A notice, which no other bot answers. `m.mentions` is empty: nobody's phone rings louder for it."""
    return {
        "msgtype": "m.notice",
        "body": part.plain,
        "format": "org.matrix.custom.html",
        "formatted_body": part.html.replace("\n", "<br>"),
        "m.mentions": {},
    }


def _with_choices(part: Part, offered: tuple[tuple[str, str], ...], links: list[Button]) -> dict[str, Any]:
    numbered = [f"{sign(number)} {label}" for number, (label, _) in enumerate(offered, 1)]
    plain = [*numbered, *(f"{button.label}: {button.url}" for button in links)]
    linked = [f'<a href="{html.escape(button.url)}">{html.escape(button.label)}</a>' for button in links]
    shown = [*(html.escape(line, quote=False) for line in numbered), *linked]
    content = _notice(Part("\n".join([part.html, "", *shown]), "\n".join([part.plain, "", *plain])))
    return content | ({CHOICES: [list(pair) for pair in offered]} if offered else {})


def _place(pin: Pin | None, text: str) -> list[str]:
    """The place in words, for programs that show no map."""
    if pin is None or (pin.title in text and pin.address in text):
        return []
    return [f"📍 {strong(pin.title)}" + (f" — {pin.address}" if pin.address.strip() else "")]


def _phone(outgoing: Outgoing) -> list[str]:
    contact = outgoing.reply.contact
    return [f"☎️ {contact.name}: {contact.phone}"] if contact is not None else []


def _location(pin: Pin) -> dict[str, Any]:
    """Source: Client-Server API, m.location; MSC3488 for programs that draw the pin with its name."""
    where = ", ".join(name for name in (pin.title, pin.address) if name.strip())
    uri = f"geo:{pin.latitude:.6f},{pin.longitude:.6f}"
    return {
        "msgtype": "m.location",
        "body": where or uri,
        "geo_uri": uri,
        "org.matrix.msc3488.location": {"uri": uri, "description": where},
        "org.matrix.msc3488.asset": {"type": "m.pin"},
        "m.mentions": {},
    }


def _relation(outgoing: Outgoing) -> dict[str, Any]:
    """In a thread the answer stays there; in a room it names what it answers."""
    answered = {"event_id": outgoing.reply_to} if outgoing.reply_to and not outgoing.private else None
    if outgoing.thread:
        return {
            "rel_type": "m.thread",
            "event_id": outgoing.thread,
            "is_falling_back": answered is None,
            "m.in_reply_to": answered or {"event_id": outgoing.thread},
        }
    return {"m.in_reply_to": answered} if answered else {}


def _reaction(room_id: str, under: str, key: str) -> Event:
    relation = {"rel_type": "m.annotation", "event_id": under, "key": key}
    return Event(room_id, "m.reaction", {"m.relates_to": relation})
