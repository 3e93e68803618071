"""When a process last did its regular work: written down for `doctor`, which is another process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from storage.schema import setting
from storage.upsert import Upsert

KEY = "pulse"

_set = Upsert(
    setting,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[setting.c.key], set_={"value": insert.excluded["value"]}
    ),
)


def beat(connection: Connection, now: datetime) -> None:
    _set.execute(connection, [{"key": KEY, "value": now.isoformat(timespec="seconds")}])


def last(connection: Connection) -> datetime | None:
    value = connection.execute(select(setting.c.value).where(setting.c.key == KEY)).scalar()
    return None if value is None else datetime.fromisoformat(value)
