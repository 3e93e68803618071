"""From the library's answer to a sync to what the bot keeps of it."""

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

ENCRYPTION = "m.room.encryption"


@dataclass(slots=True)
class Read:
    arrival: Arrival
    refused: list[str] = field(default_factory=list)
    """Invites that the policy does not take."""
    left: list[str] = field(default_factory=list)
    unread: list[Any] = field(default_factory=list)
    """Events whose key is to be asked for."""


class Reader:
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

    def read(self, response: Any, gaps: Mapping[str, list[Any]], waiting: Iterable[Unread]) -> Read:
        """`gaps`: events that came before the timeline of a room; `waiting`: messages whose key may have come by now."""
        found = Read(Arrival(self._me.user_id, response.next_batch))
        for unread in waiting:
            self._again(unread, found)
        for room_id, info in response.rooms.join.items():
            self._joined(room_id, info, gaps.get(room_id, []), found)
        for room_id, info in response.rooms.invite.items():
            self._invited(room_id, info, found)
        for room_id in response.rooms.leave:
            self._left(room_id, response.next_batch, found)
        return found

    def invites(self, response: Any) -> Read:
        """Of an account that has never been read: it begins here, nothing older is answered, but whoever invited it is."""
        found = Read(Arrival(self._me.user_id, response.next_batch))
        for room_id, info in response.rooms.invite.items():
            self._invited(room_id, info, found)
        return found

    def _joined(self, room_id: str, info: Any, gap: list[Any], found: Read) -> None:
        before = self._room(room_id)
        new = before is None or before.status != JOINED
        encrypted = self._encrypted(room_id, info, gap) or (before is not None and before.encrypted)
        direct = before.direct if before is not None else _direct_once(info, self._me.user_id)
        room = replace(before or Room(room_id, JOINED), status=JOINED, direct=direct, encrypted=encrypted)
        if room != before:
            found.arrival.rooms[room_id] = room
        events = [*gap, *info.timeline.events]
        if new:
            events = _since_invited(events, self._me.user_id)
        for event in info.state:
            if event.source.get("type") == "m.room.tombstone":
                self._take(event, room_id, found, private=False)
        private = self._private(room)
        for event in events:
            self._take(event, room_id, found, private=private)

    def _take(self, event: Any, room_id: str, found: Read, *, private: bool) -> None:
        if isinstance(event, MegolmEvent):
            if event.sender != self._me.user_id:
                source = json.dumps(event.source)
                found.arrival.unread.append(
                    Unread(event.event_id, room_id, event.session_id or "", source, self._now())
                )
                found.unread.append(event)
            return
        try:
            one = happened(event.source, room_id, self._named(room_id), private=private)
        except (KeyError, TypeError, ValueError):
            return  # not an event as any homeserver makes them
        if isinstance(one, Upgraded):
            after = found.arrival.rooms.get(one.successor) or self._room(one.successor)
            if after is not None and after.status == JOINED:
                return
            before = found.arrival.rooms.get(room_id) or self._room(room_id)
            found.arrival.rooms[one.successor] = Room(
                one.successor, INVITED, before is not None and before.direct, invited_by=one.by, replaces=room_id
            )
        if one is not None:
            found.arrival.happened.append(one)

    def _again(self, unread: Unread, found: Read) -> None:
        event = MegolmEvent.from_dict(json.loads(unread.source))
        if not isinstance(event, MegolmEvent):
            return
        event.room_id = unread.room_id
        try:
            decrypted = self._client.decrypt_event(event)
        except EncryptionError:
            return
        found.arrival.now_read.append(unread.event_id)
        room = self._room(unread.room_id)
        self._take(decrypted, unread.room_id, found, private=room is not None and self._private(room))

    def _invited(self, room_id: str, info: Any, found: Read) -> None:
        known = found.arrival.rooms.get(room_id) or self._room(room_id)
        aliases = [alias for event in info.invite_state if (alias := getattr(event, "canonical_alias", None))]
        for event in info.invite_state:
            if getattr(event, "state_key", None) == self._me.user_id and event.membership == "invite":
                room = Room(
                    room_id,
                    INVITED,
                    direct=event.content.get("is_direct") is True
                    or (known is not None and bool(known.replaces) and known.direct),
                    encrypted=known is not None and known.encrypted,
                    invited_by=event.sender,
                    replaces=known.replaces if known is not None else "",
                )
                if self._policy.takes(room, aliases):
                    found.arrival.rooms[room_id] = room
                else:
                    found.refused.append(room_id)

    def _left(self, room_id: str, token: str, found: Read) -> None:
        """Left, or put out. A person who ends the talk is not written to any more."""
        room = self._room(room_id)
        self._client.rooms.pop(room_id, None)
        self._client.invited_rooms.pop(room_id, None)
        found.left.append(room_id)
        if room is None or room.status == LEFT:
            return
        found.arrival.rooms[room_id] = replace(room, status=LEFT)
        if room.status == JOINED and room.direct:
            found.arrival.more.append(
                Incoming(PLATFORM, f"left {room_id} {token}"[:255], room_id, room.invited_by, self._now(), Kind.BLOCKED)
            )

    def _encrypted(self, room_id: str, info: Any, gap: list[Any]) -> bool:
        """Also by an event that the library cannot read: better silence than plain words."""
        room = self._client.rooms.get(room_id)
        events = (*info.state, *gap, *info.timeline.events)
        return bool(room is not None and room.encrypted) or any(
            event.source.get("type") == ENCRYPTION for event in events
        )

    def _private(self, room: Room) -> bool:
        """What an invite called a talk with one person is none when others are there."""
        known = self._client.rooms.get(room.room_id)
        return room.direct and (known is None or known.member_count <= 2)

    def _named(self, room_id: str) -> Me:
        room = self._client.rooms.get(room_id)
        user = room.users.get(self._me.user_id) if room is not None else None
        name = (user.display_name if user is not None else None) or self._me.name
        return self._me if name == self._me.name else replace(self._me, name=name)


def _direct_once(info: Any, user_id: str) -> bool:
    """For a room joined before this database was: what the invite said is there, or kept beside the membership it led to."""
    for event in (*info.state, *info.timeline.events):
        source = event.source
        if source.get("type") == "m.room.member" and source.get("state_key") == user_id:
            said = (source.get("content"), source.get("unsigned", {}).get("prev_content"))
            if any(isinstance(content, dict) and content.get("is_direct") is True for content in said):
                return True
    return False


def _since_invited(events: list[Any], user_id: str) -> list[Any]:
    """What was said before the bot was called is none of its business."""
    for number, event in enumerate(events):
        if event.source.get("type") == "m.room.member" and event.source.get("state_key") == user_id:
            return events[number + 1 :]
    return events
