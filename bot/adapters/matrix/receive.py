"""What a room's timeline holds, in the bot's own words. Pure: event in, one thing that happened or nothing out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.adapters.matrix.addressed import Me, addressed, without_quote
from bot.adapters.matrix.choices import from_content
from bot.messages import File, Incoming, Kind, Position, whole_characters
from storage.matrix import Said

PLATFORM = "matrix"

_GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:[,;].*)?", re.ASCII)
"""Source: RFC 5870; a third coordinate and parameters may follow."""
_TEXT = ("m.text", "m.emote")
_MEDIA = ("m.image", "m.audio", "m.video", "m.file")
_POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said something. In a room it is kept only when it is meant for the bot, which `incoming.addressed` says, or
    when it answers a message of the bot (`answers`), which is to be looked up."""

    incoming: Incoming
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody put a sign under a message."""

    incoming: Incoming
    """Its text is the sign."""
    under: str


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The room goes on as another."""

    incoming: Incoming
    successor: str
    by: str


Happened = Heard | Chosen | Upgraded | Said


def happened(event: Mapping[str, Any], room_id: str, me: Me, *, private: bool) -> Happened | None:
    """`event` (decrypted where it was encrypted) as the rest of the bot reads it; None for what is not said to it."""
    content = event.get("content")
    if not isinstance(content, Mapping) or "redacted_because" in _part(event, "unsigned"):
        return None
    kind, mine = event.get("type"), event.get("sender") == me.user_id
    if kind == "m.room.message":
        return _ours(event, content, room_id) if mine else _message(event, content, room_id, me, private)
    if kind == "m.room.tombstone" and "state_key" in event:
        return _upgraded(event, content, room_id)
    if mine:
        return None
    if kind == "m.reaction":
        return _reaction(event, content, room_id, private)
    if kind == "m.sticker" or kind in _POLLS:
        incoming = _incoming(event, content, room_id, private, kind=Kind.UNSUPPORTED)
        return Heard(incoming, _answered(content)) if private or _answered(content) else None
    return None


def _message(event: Mapping[str, Any], content: Mapping[str, Any], room_id: str, me: Me, private: bool) -> Heard | None:
    edited = _part(content, "m.relates_to").get("rel_type") == "m.replace"
    said = _part(content, "m.new_content") if edited else content
    words = addressed(said, me, private=private)
    kind, text, position = _content(said, words.text, edited=edited)
    if kind is None:
        return None
    answers = _answered(content)
    if not private and not words.to_us and not answers:
        return None
    incoming = _incoming(
        event, content, room_id, private, kind=kind, text=text, position=position, edited=edited, to_us=words.to_us
    )
    file = None if edited else _file(said)
    return Heard(incoming if file is None else replace(incoming, file=file), answers)


def _file(said: Mapping[str, Any]) -> File | None:
    """A picture or document; in an encrypted room with its key."""
    if said.get("msgtype") not in ("m.image", "m.file"):
        return None
    sealed, info = _part(said, "file"), _part(said, "info")
    where = {name: sealed[name] for name in ("url", "key", "iv", "hashes") if name in sealed} or {
        "url": said.get("url")
    }
    if not isinstance(where.get("url"), str) or not where["url"].startswith("mxc://"):
        return None
    name, size, media_type = said.get("filename") or said.get("body"), info.get("size"), info.get("mimetype")
    return File(
        json.dumps(where),
        said["msgtype"] == "m.image",
        whole_characters(name) if isinstance(name, str) else "",
        media_type if isinstance(media_type, str) else "",
        size if isinstance(size, int) and size > 0 else 0,
    )


def _content(said: Mapping[str, Any], words: str, *, edited: bool) -> tuple[Kind | None, str, Position | None]:
    """Words win over what they are written on: a photo with a question under it is a question."""
    match said.get("msgtype"):
        case "m.location":
            place = None if edited else position(said)
            if place is None and not edited:
                return Kind.UNSUPPORTED, "", None
            return (Kind.POSITION if place else None), "", place
        case kind if kind in _TEXT and words:
            return Kind.TEXT, words, None
        case kind if kind in _MEDIA:
            captioned = isinstance(said.get("filename"), str) and said.get("filename") != said.get("body")
            if captioned and words:
                return Kind.TEXT, words, None
            return (None if edited else Kind.UNSUPPORTED), "", None
    return None, "", None


def position(content: Mapping[str, Any]) -> Position | None:
    """Source: Client-Server API, m.location, `geo_uri`; MSC3488, `m.location.uri`."""
    for uri in (content.get("geo_uri"), *(_part(content, key).get("uri") for key in _LOCATIONS)):
        found = _GEO.fullmatch(uri) if isinstance(uri, str) else None
        if found:
            latitude, longitude = float(found[1]), float(found[2])
            if abs(latitude) <= 90 and abs(longitude) <= 180 and math.isfinite(latitude + longitude):
                return Position(latitude, longitude)
    return None


_LOCATIONS = ("m.location", "org.matrix.msc3488.location")


def _ours(event: Mapping[str, Any], content: Mapping[str, Any], room_id: str) -> Said | None:
    """The bot's own words come back with everything else: what it said, in the order in which people saw it."""
    if content.get("msgtype") != "m.notice" or _part(content, "m.relates_to").get("rel_type") == "m.replace":
        return None
    return Said(str(event["event_id"]), room_id, _thread(content), from_content(content), _sent_at(event))


def _reaction(event: Mapping[str, Any], content: Mapping[str, Any], room_id: str, private: bool) -> Chosen | None:
    relation = _part(content, "m.relates_to")
    under, key = relation.get("event_id"), relation.get("key")
    if not isinstance(under, str) or not isinstance(key, str):
        return None
    return Chosen(_incoming(event, content, room_id, private, kind=Kind.BUTTON, text=key), under)


def _upgraded(event: Mapping[str, Any], content: Mapping[str, Any], room_id: str) -> Upgraded | None:
    successor = content.get("replacement_room")
    if not isinstance(successor, str) or not successor.startswith("!"):
        return None
    incoming = _incoming(event, {}, room_id, False, kind=Kind.MIGRATED, text=successor)
    return Upgraded(incoming, successor, incoming.person)


def _incoming(
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    room_id: str,
    private: bool,
    *,
    kind: Kind,
    text: str = "",
    position: Position | None = None,
    edited: bool = False,
    to_us: bool = True,
) -> Incoming:
    relation = _part(content, "m.relates_to")
    return Incoming(
        platform=PLATFORM,
        update_id=str(event["event_id"]),
        chat=room_id,
        person=str(event["sender"]),
        sent_at=_sent_at(event),
        kind=kind,
        text=text,
        position=position,
        private=private,
        addressed=private or to_us,
        edited=edited,
        thread=_thread(content),
        message_id=str(relation.get("event_id")) if edited else str(event["event_id"]),
        answers=_answered(content),
    )


def _sent_at(event: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
    except (KeyError, OSError, OverflowError, TypeError, ValueError):
        return datetime.now(UTC)


def _thread(content: Mapping[str, Any]) -> str:
    relation = _part(content, "m.relates_to")
    root = relation.get("event_id")
    return root if relation.get("rel_type") == "m.thread" and isinstance(root, str) else ""


def _answered(content: Mapping[str, Any]) -> str:
    """The message answered. In a thread programs name its last message for those that know no threads: that is no answer."""
    relation = _part(content, "m.relates_to")
    if relation.get("rel_type") == "m.thread" and relation.get("is_falling_back"):
        return ""
    answered = _part(relation, "m.in_reply_to").get("event_id")
    return answered if isinstance(answered, str) else ""


def _part(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = content.get(key)
    return part if isinstance(part, Mapping) else {}


__all__ = ["PLATFORM", "Chosen", "Happened", "Heard", "Upgraded", "happened", "position", "without_quote"]
