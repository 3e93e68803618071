"""Counts by day, category and district: never about a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from storage.schema import statistic
from storage.upsert import Upsert

_add = Upsert(
    statistic,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[statistic.c.day, statistic.c.category, statistic.c.district],
        set_={"count": statistic.c.count + insert.excluded.count},
    ),
)


def count(connection: Connection, day: date, searches: Mapping[tuple[str, str], int]) -> None:
    """Adds `searches`, {(category, district postcode or ""): how many}, to the day's counts."""
    if searches:
        _add.execute(
            connection,
            [
                {"day": day, "category": category, "district": district, "count": number}
                for (category, district), number in searches.items()
            ],
        )
