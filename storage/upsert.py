"""Inserts that may meet a row already there: the two databases spell them alike, in modules of their own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Executable, Table


class Upsert:
    """One statement, built once for the database in use.

    `finish` says what happens to a row that is already there, on the dialect's own insert (its methods have the same
    names in both): `lambda insert: insert.on_conflict_do_nothing()`.
    """

    def __init__(self, table: Table, finish: Callable[[Any], Executable]) -> None:
        self._table = table
        self._finish = finish
        self._statements: dict[str, Executable] = {}

    def execute(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        name = connection.dialect.name
        if name not in self._statements:
            dialect = import_module(f"sqlalchemy.dialects.{name}")
            self._statements[name] = self._finish(dialect.insert(self._table))
        connection.execute(self._statements[name], rows)
