"""Rooms and what happened in them, in one order for all."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

BOT = "@bot:fake.test"


@dataclass(slots=True)
class FakeRoom:
    id: str
    person: str
    direct: bool = True
    joined: bool = True
    joined_at: int = 0
    events: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """(position in the stream, event)"""

    def state(self) -> list[dict[str, Any]]:
        return [_member(self.id, self.person, "join"), _member(self.id, BOT, "join", self.direct)]

    def said(self, by: str = BOT, kind: str = "m.room.message") -> list[dict[str, Any]]:
        return [event for _, event in self.events if event["sender"] == by and event["type"] == kind]

    @property
    def answers(self) -> list[str]:
        return [event["content"]["body"] for event in self.said()]


def _member(room_id: str, user: str, membership: str, direct: bool = False) -> dict[str, Any]:
    before = {"prev_content": {"membership": "invite", "is_direct": True}} if direct else {}
    return {
        "type": "m.room.member", "state_key": user, "sender": user, "event_id": f"$member-{user}-{room_id}",
        "origin_server_ts": 1, "content": {"membership": membership}, "unsigned": before,
    }  # fmt: skip


class Stream:
    def __init__(self) -> None:
        self.rooms: dict[str, FakeRoom] = {}
        self.position = 1
        self.transactions: dict[tuple[str, str], str] = {}
        self._numbers = count(1)
        self._changed: list[tuple[int, str]] = []

    def room(self, person: str = "@ada:fake.test", *, direct: bool = True, joined: bool = True) -> FakeRoom:
        room = FakeRoom(f"!room{len(self.rooms) + 1}:fake.test", person, direct, joined)
        self.rooms[room.id] = room
        self.touch(room)
        return room

    def touch(self, room: FakeRoom) -> None:
        """The bot is in it from now on, or invited."""
        self.position += 1
        room.joined_at = self.position
        self._changed.append((self.position, room.id))

    def add(self, room_id: str, sender: str, kind: str, content: dict[str, Any], txn: str = "") -> dict[str, Any]:
        """An event, or the one that this transaction made before."""
        known = self.transactions.get((room_id, txn)) if txn else None
        if known is not None:
            return {"event_id": known}
        self.position += 1
        event = {
            "type": kind, "sender": sender, "content": content, "event_id": f"${next(self._numbers)}",
            "origin_server_ts": int(time.time() * 1000),
        }  # fmt: skip
        if txn:
            self.transactions[room_id, txn] = event["event_id"]
            event["unsigned"] = {"transaction_id": txn}
        self.rooms[room_id].events.append((self.position, event))
        self._changed.append((self.position, room_id))
        return event

    def sync(self, since: int, limit: int, *, full_state: bool) -> dict[str, Any]:
        """What a client that has read up to `since` is told."""
        join: dict[str, Any] = {}
        invite: dict[str, Any] = {}
        changed = dict.fromkeys(self.rooms) if full_state or not since else dict.fromkeys(self._since(since))
        for room_id in changed:
            room = self.rooms[room_id]
            if not room.joined:
                invite[room_id] = {"invite_state": {"events": [_invite(room)]}}
                continue
            fresh = _after(room.events, since)
            timeline = fresh[-limit:]
            before = timeline[0][0] - 1 if timeline else self.position
            join[room_id] = {
                "timeline": {
                    "events": [e for _, e in timeline],
                    "limited": len(fresh) > limit,
                    "prev_batch": f"s{before}",
                },
                "state": {"events": room.state() if full_state or since < room.joined_at else []},
            }
        return {"next_batch": f"s{self.position}", "rooms": {"join": join, "invite": invite}}

    def messages(self, room_id: str, start: int, end: int, limit: int) -> dict[str, Any]:
        """Backwards from `start` to `end`."""
        found = [(at, event) for at, event in reversed(self.rooms[room_id].events) if end < at <= start]
        chunk = found[:limit]
        more = {"end": f"s{chunk[-1][0] - 1}"} if len(found) > limit else {}
        return {"chunk": [event for _, event in chunk], "start": f"s{start}", "state": [], **more}

    def _since(self, since: int) -> list[str]:
        found = []
        for position, room_id in reversed(self._changed):
            if position <= since:
                break
            found.append(room_id)
        return found[::-1]


def _after(events: list[tuple[int, dict[str, Any]]], since: int) -> list[tuple[int, dict[str, Any]]]:
    start = len(events)
    while start and events[start - 1][0] > since:
        start -= 1
    return events[start:]


def _invite(room: FakeRoom) -> dict[str, Any]:
    content = {"membership": "invite"} | ({"is_direct": True} if room.direct else {})
    return {"type": "m.room.member", "state_key": BOT, "sender": room.person, "content": content}
