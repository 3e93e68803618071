"""Counts by day, category and district: never about a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import statistic


def count(connection: Connection, day: date, searches: Mapping[tuple[str, str], int]) -> None:
    """Adds `searches`, {(category, district postcode or ""): how many}, to the day's counts."""
    if not searches:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(statistic)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[statistic.c.day, statistic.c.category, statistic.c.district],
            set_={"count": statistic.c.count + statement.excluded.count},
        ),
        [
            {"day": day, "category": category, "district": district, "count": number}
            for (category, district), number in searches.items()
        ],
    )
