"""How long sending takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta


def duration(messages: Mapping[str, int], per_second: Mapping[str, float]) -> timedelta:
    """Of sending so many messages, by platform; platforms send side by side. What a platform that does not run here
    would take is not counted."""
    seconds = [count / per_second[name] for name, count in messages.items() if name in per_second]
    return timedelta(seconds=max(seconds, default=0.0))


def left(waiting: int, ended: int, since: timedelta, expected: timedelta) -> timedelta:
    """Still to wait: by the pace so far once that means something, by what was expected before."""
    if ended < 20 or since < timedelta(seconds=2):
        return expected
    return since / ended * waiting
