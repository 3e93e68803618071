"""What `doctor` says of regular work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.doctor import scheduler

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("beat", "first", "good", "says"),
    [
        (None, None, True, "it has not run here yet; nothing is due"),
        (-12, None, True, "last beat 12 s ago; nothing is due"),
        (-12, 3600, True, "last beat 12 s ago; next due 2026-11-24 14:00"),
        (-12, -60, True, "last beat 12 s ago; next due 2026-11-24 12:59"),
        (-7200, -3600, False, "last beat 120 min ago; work is due since 2026-11-24 12:00: is the bot running?"),
    ],
)
def test_scheduler(beat: int | None, first: int | None, good: bool, says: str) -> None:
    moments = [None if seconds is None else NOW + timedelta(seconds=seconds) for seconds in (beat, first)]
    found = scheduler(moments[0], moments[1], NOW, ZoneInfo("Europe/Paris"))
    assert (found.good, found.says) == (good, says)
