"""From the homeserver's answer to a sync to what the bot keeps of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nio import AsyncClient
from nio.events import MegolmEvent
from nio.exceptions import EncryptionError

from bot.adapters.matrix.addressed import Me
from bot.adapters.matrix.arrival import Arrival
from bot.adapters.matrix.receive import PLATFORM, Upgraded, happened
from bot.adapters.matrix.rooms import Policy
from bot.messages import Incoming, Kind
from storage.matrix import INVITED, JOINED, LEFT, Room, Unread

ENCRYPTION, ENCRYPTED, MEMBER = "m.room.encryption", "m.room.encrypted", "m.room.member"

Event = dict[str, Any]
"""As the homeserver sent it."""


@dataclass(slots=True)
class Read:
    arrival: Arrival
    refused: list[str] = field(default_factory=list)
    """Invites that the policy does not take."""
    unread: list[Any] = field(default_factory=list)
    """Events whose key is to be asked for."""


class Reader:
    """`room`: what the bot knows of a room."""

    def __init__(
        self,
        client: AsyncClient,
        me: Me,
        policy: Policy,
        room: Callable[[str], Room | None],
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._me = me
        self._policy = policy
        self._room = room
        self._now = now

    def read(self, data: Mapping[str, Any], gaps: Mapping[str, list[Event]], waiting: Iterable[Unread]) -> Read:
        """`data`: a sync, which the library has been fed; `gaps`: events that came before the timeline of a room; `waiting`:
        messages whose key may have come by now."""
        found = Read(Arrival(self._me.user_id, data["next_batch"]))
        rooms = data.get("rooms", {})
        for unread in waiting:
            self._again(unread, found)
        for room_id, info in rooms.get("join", {}).items():
            self._joined(room_id, info, gaps.get(room_id, []), found)
        for room_id, info in rooms.get("invite", {}).items():
            self._invited(room_id, info, found)
        for room_id in rooms.get("leave", {}):
            self._left(room_id, data["next_batch"], found)
        return found

    def invites(self, data: Mapping[str, Any]) -> Read:
        """Of an account that has never been read: it begins here, nothing older is answered, but whoever invited it is."""
        found = Read(Arrival(self._me.user_id, data["next_batch"]))
        for room_id, info in data.get("rooms", {}).get("invite", {}).items():
            self._invited(room_id, info, found)
        return found

    def _joined(self, room_id: str, info: Mapping[str, Any], gap: list[Event], found: Read) -> None:
        before = self._room(room_id)
        new = before is None or before.status != JOINED
        state, timeline = events_of(info)
        encrypted = self._encrypted(room_id, [*state, *gap, *timeline]) or (before is not None and before.encrypted)
        direct = before.direct if before is not None else _direct_once([*state, *timeline], self._me.user_id)
        room = replace(before or Room(room_id, JOINED), status=JOINED, direct=direct, encrypted=encrypted)
        if room != before:
            found.arrival.rooms[room_id] = room
        events = [*gap, *timeline]
        if new:
            events = _since_invited(events, self._me.user_id)
        me, private = self._named(room_id), self._private(room)
        for event in state:
            if event.get("type") == "m.room.tombstone":
                self._take(event, room_id, me, found, private=private)
        for event in events:
            self._take(event, room_id, me, found, private=private)

    def _take(self, event: Event, room_id: str, me: Me, found: Read, *, private: bool) -> None:
        try:
            if event.get("type") == ENCRYPTED:
                decrypted = self._decrypted(event, room_id, found)
                one = None if decrypted is None else happened(decrypted, room_id, me, private=private)
            else:
                one = happened(event, room_id, me, private=private)
        except (AttributeError, KeyError, TypeError, ValueError):
            return  # not an event as any homeserver makes them
        if isinstance(one, Upgraded):
            after = found.arrival.rooms.get(one.successor) or self._room(one.successor)
            if after is not None and after.status != INVITED:
                return  # it is there already, or was put out: the old room says the same at every start
            before = found.arrival.rooms.get(room_id) or self._room(room_id)
            found.arrival.rooms[one.successor] = Room(
                one.successor, INVITED, before is not None and before.direct, invited_by=one.by, replaces=room_id
            )
        if one is not None:
            found.arrival.happened.append(one)

    def _decrypted(self, event: Event, room_id: str, found: Read) -> Event | None:
        """What the message says; None, and it is kept, as long as its key is missing."""
        sealed = MegolmEvent.from_dict(event)
        if not isinstance(sealed, MegolmEvent):
            return None
        sealed.room_id = room_id
        try:
            return dict(self._client.decrypt_event(sealed).source)
        except EncryptionError:
            pass
        if sealed.sender != self._me.user_id:
            source = json.dumps(event)
            found.arrival.unread.append(Unread(sealed.event_id, room_id, sealed.session_id or "", source, self._now()))
            found.unread.append(sealed)
        return None

    def _again(self, unread: Unread, found: Read) -> None:
        sealed = MegolmEvent.from_dict(json.loads(unread.source))
        sealed.room_id = unread.room_id
        try:
            event = dict(self._client.decrypt_event(sealed).source)
        except EncryptionError:
            return
        found.arrival.now_read.append(unread.event_id)
        room = self._room(unread.room_id)
        private = room is not None and self._private(room)
        self._take(event, unread.room_id, self._named(unread.room_id), found, private=private)

    def _invited(self, room_id: str, info: Mapping[str, Any], found: Read) -> None:
        known = found.arrival.rooms.get(room_id) or self._room(room_id)
        replaces = known.replaces if known is not None else ""
        state = [
            event for event in info.get("invite_state", {}).get("events", []) if isinstance(event.get("content"), dict)
        ]
        aliases = [event["content"].get("alias") for event in state if event.get("type") == "m.room.canonical_alias"]
        for event in state:
            if event.get("type") == MEMBER and event.get("state_key") == self._me.user_id:
                room = Room(
                    room_id,
                    INVITED,
                    direct=event["content"].get("is_direct") is True
                    or (known is not None and bool(replaces) and known.direct),
                    encrypted=known is not None and known.encrypted,
                    invited_by=str(event.get("sender", "")),
                    replaces=replaces,
                )
                if self._policy.takes(room, aliases):
                    found.arrival.rooms[room_id] = room
                else:
                    found.refused.append(room_id)

    def _left(self, room_id: str, token: str, found: Read) -> None:
        """Left, or put out. A person who ends the talk is not written to any more."""
        room = self._room(room_id)
        self._client.rooms.pop(room_id, None)
        if room is None or room.status == LEFT:
            return
        found.arrival.rooms[room_id] = replace(room, status=LEFT)
        if room.status == JOINED and room.direct:
            found.arrival.more.append(
                Incoming(PLATFORM, f"left {room_id} {token}"[:255], room_id, room.invited_by, self._now(), Kind.BLOCKED)
            )

    def _encrypted(self, room_id: str, events: list[Event]) -> bool:
        """Also by an event that the library cannot read: better silence than plain words."""
        room = self._client.rooms.get(room_id)
        return bool(room is not None and room.encrypted) or any(event.get("type") == ENCRYPTION for event in events)

    def _private(self, room: Room) -> bool:
        """What an invite called a talk with one person is none when others are there."""
        known = self._client.rooms.get(room.room_id)
        return room.direct and (known is None or known.member_count <= 2)

    def _named(self, room_id: str) -> Me:
        room = self._client.rooms.get(room_id)
        user = room.users.get(self._me.user_id) if room is not None else None
        name = (user.display_name if user is not None else None) or self._me.name
        return self._me if name == self._me.name else replace(self._me, name=name)


def events_of(info: Mapping[str, Any]) -> tuple[list[Event], list[Event]]:
    """State and timeline of a room in a sync."""
    state, timeline = info.get("state", {}).get("events", []), info.get("timeline", {}).get("events", [])
    return [e for e in state if isinstance(e, dict)], [e for e in timeline if isinstance(e, dict)]


def _direct_once(events: Iterable[Event], user_id: str) -> bool:
    """For a room joined before this database was: what the invite said is there, or kept beside the membership it led to."""
    for event in events:
        if event.get("type") == MEMBER and event.get("state_key") == user_id:
            said = (event.get("content"), (event.get("unsigned") or {}).get("prev_content"))
            if any(isinstance(content, dict) and content.get("is_direct") is True for content in said):
                return True
    return False


def _since_invited(events: list[Event], user_id: str) -> list[Event]:
    """What was said before the bot was called is none of its business."""
    for number, event in enumerate(events):
        if event.get("type") == MEMBER and event.get("state_key") == user_id:
            return events[number + 1 :]
    return events
