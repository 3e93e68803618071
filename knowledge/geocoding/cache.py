"""Answers kept a while in memory, never on disk: addresses are private."""

from __future__ import annotations

from collections import OrderedDict

from knowledge.frame import Place
from knowledge.geocoding.guard import Clock


class AnswerCache:
    """The `size` answers last asked for, each for `seconds`."""

    def __init__(self, size: int, seconds: float, clock: Clock) -> None:
        self._size = size
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, tuple[Place, ...]]] = OrderedDict()

    def get(self, text: str) -> tuple[Place, ...] | None:
        """None when not known or too old; an empty answer is an answer."""
        expires, places = self._kept.get(text, (0.0, ()))
        if expires <= self._clock():
            self._kept.pop(text, None)
            return None
        self._kept.move_to_end(text)
        return places

    def put(self, text: str, places: tuple[Place, ...]) -> None:
        self._kept[text] = (self._clock() + self._seconds, places)
        self._kept.move_to_end(text)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
