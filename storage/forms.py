"""Forms half filled in: kept for days, whatever else of a talk is forgotten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from storage.schema import form
from storage.upsert import Upsert

KEEP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    """The conversation it is filled in in."""
    person_id: int
    name: str
    answers: str
    """JSON, written by its owner."""
    step: str
    updated_at: datetime


_keep = Upsert(
    form,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[form.c.key],
        set_={each: insert.excluded[each] for each in ("person_id", "name", "answers", "step", "updated_at")},
    ),
)
_fields = (form.c.key, form.c.person_id, form.c.name, form.c.answers, form.c.step, form.c.updated_at)


def keep(connection: Connection, one: Form) -> None:
    """In place of any other form of this conversation."""
    row = {"key": one.key, "person_id": one.person_id, "name": one.name, "answers": one.answers, "step": one.step,
           "updated_at": one.updated_at}  # fmt: skip
    _keep.execute(connection, [row])


def form_of(connection: Connection, key: str) -> Form | None:
    row = connection.execute(select(*_fields).where(form.c.key == key)).one_or_none()
    return Form(*row) if row else None


_half_filled = select(form.c.key).where(form.c.key.in_(bindparam("keys", expanding=True)))


def half_filled(connection: Connection, keys: Collection[str]) -> list[str]:
    """Those of the conversations in which a form waits for its next answer."""
    if not keys:
        return []
    return list(connection.execute(_half_filled, {"keys": [*keys]}).scalars())


def drop(connection: Connection, key: str) -> None:
    connection.execute(delete(form).where(form.c.key == key))


def forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(form).where(form.c.updated_at < now - KEEP))
