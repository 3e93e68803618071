"""How long sending takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta


def duration(people: Mapping[str, int], per_second: Mapping[str, float], messages: int = 1) -> timedelta:
    """Of sending so many people `messages` each, by platform; platforms send side by side. What a platform that does not
    run here would take is not counted."""
    seconds = [count * messages / per_second[name] for name, count in people.items() if name in per_second]
    return timedelta(seconds=max(seconds, default=0.0))


def left(expected: timedelta, waiting: int, ended: int, since: timedelta) -> timedelta:
    """Still to wait: what is to be expected by the permitted pace, unless the last `since` went much slower."""
    if ended < 20 or since < timedelta(seconds=5):
        return expected
    as_before = since / ended * waiting
    return as_before if as_before > 2 * expected else expected
