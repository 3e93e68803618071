"""People who ask, so many at once: as soon as one is answered, the next one asks."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.peers.homeserver.server import FakeHomeserver

EACH = 10


@dataclass(slots=True)
class Load:
    homeserver: FakeHomeserver
    questions: Sequence[str]
    count: int
    rooms: deque[str] = field(default_factory=deque)
    asked: int = 0
    waiting: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    def prepare(self) -> None:
        """Their rooms, which the bot is in: each person asks a few times only, or they would be a flood."""
        people = -(-self.count // EACH)
        self.rooms = deque(self.homeserver.stream.room(f"@person{number}:fake.test").id for number in range(people))
        self.homeserver.stream.position += 1
        self.homeserver._tell()

    def start(self, in_flight: int) -> None:
        """`in_flight` questions at any time, until `count` are answered."""
        self.homeserver.on_sent = self._answered
        self.began = time.perf_counter()
        for _ in range(in_flight):
            self._ask()

    def _ask(self) -> None:
        if self.asked >= self.count:
            return
        self.rooms.rotate(-1)
        room_id = self.rooms[-1]
        question = self.questions[self.asked % len(self.questions)]
        self.asked += 1
        self.waiting[room_id] = time.perf_counter()
        self.homeserver.says(self.homeserver.stream.rooms[room_id], question)

    def _answered(self, room_id: str, event: dict[str, Any]) -> None:
        if event["type"] == "m.room.message" and room_id in self.waiting:
            self.ended = time.perf_counter()
            self.delays.append(self.ended - self.waiting.pop(room_id))
            self._ask()

    def result(self) -> dict[str, Any]:
        done = len(self.delays)
        seconds = self.ended - self.began
        return {
            "done": done,
            "finished": done >= self.count,
            "seconds": seconds,
            "delays": self.delays if done >= self.count else [],
        }
