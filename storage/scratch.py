"""A database in memory for one question, thrown away after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, StaticPool, create_engine

from storage.schema import metadata


@contextmanager
def connection() -> Iterator[Connection]:
    """An open transaction on empty tables."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as opened:
            metadata.create_all(opened)
            yield opened
    finally:
        engine.dispose()


def exists(path: str | None) -> bool:
    """Whether an SQLite database is there already."""
    return bool(path) and path != ":memory:" and Path(str(path)).exists()
