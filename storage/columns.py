"""What tables are made of: times, row numbers, partial indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, MetaData, TypeDecorator, text


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC and given back in UTC: SQLite's own type drops the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite, the text that SQLAlchemy would make, in a quarter of its time: many rows share a moment (ran)."""
        return _sqlite_text if dialect.name == "sqlite" else super().bind_processor(dialect)


@lru_cache(maxsize=64)
def _sqlite_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


Key = BigInteger().with_variant(Integer, "sqlite")
"""A row number: SQLite counts up by itself only in a column of type INTEGER."""

metadata = MetaData()


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that `where` holds for. SQLAlchemy loads a whole dialect for one option of it, so PostgreSQL's
    is set by `for_postgresql`, only where that is used."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={"where": where})


def for_postgresql() -> None:
    """Tells PostgreSQL's dialect what each partial index holds."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options["postgresql"]["where"] = text(index.info["where"])
