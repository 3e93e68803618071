"""Activities that dialogues begin with, as data: `activities:` of a dialogue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from knowledge.participation.kinds import Kind
from storage import activities, sessions
from storage.activities import Activity

PARIS = ZoneInfo("Europe/Paris")


def publish(connection: Connection, given: dict[str, Any], now: datetime) -> list[str]:
    """Publishes one activity with its `dates` (local), each `hours` long; the arrival codes of its sessions."""
    values = dict(given)
    dates, hours = values.pop("dates"), values.pop("hours", 2)
    title = {"fr": values.pop("title"), "en": values.pop("title_en", "")}
    for name in ("skills", "languages"):
        if name in values:
            values[name] = frozenset(values[name])
    activity = Activity(Kind(values.pop("kind")), {k: v for k, v in title.items() if v}, **values)
    activity = activities.create(connection, activity, None, now)
    activity = activities.publish(connection, activity, None, now)
    codes = []
    for date in dates:
        start = datetime.fromisoformat(date).replace(tzinfo=PARIS)
        codes.append(sessions.add(connection, activity, start, start + timedelta(hours=hours), None, now).code)
    return codes
