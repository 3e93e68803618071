"""The directory as the database keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update

from knowledge.service import Service
from storage.schema import service, setting
from storage.upsert import Upsert

VERSION_KEY = "directory_version"

_NEEDS = {"only": "only_for", "admits": "admits", "refuses": "refuses"}


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did. `removed` are those of its scope that the import no longer holds."""

    read: int
    added: int
    changed: int
    unchanged: int
    removed: int = 0


def load_services(connection: Connection) -> tuple[Service, ...]:
    """Every service in use, by id."""
    rows = connection.execute(select(service).where(service.c.active))
    return tuple(sorted((_service(row) for row in rows), key=attrgetter("id")))  # databases differ in their alphabets


def service_by_id(connection: Connection, service_id: str) -> Service | None:
    """The service of that id, None when there is none in use."""
    row = connection.execute(select(service).where(service.c.id == service_id, service.c.active)).one_or_none()
    return None if row is None else _service(row)


def directory_version(connection: Connection) -> int:
    """Goes up by one with every import that changed something: whoever holds an index of an older one rebuilds it."""
    value = connection.execute(select(setting.c.value).where(setting.c.key == VERSION_KEY)).scalar_one_or_none()
    return 0 if value is None else int(value)


def bundled_needed(connection: Connection) -> bool:
    """Whether no directory was ever loaded, so that the bundled one is to be imported."""
    return not connection.execute(select(exists(select(service.c.id)))).scalar_one()


def import_services(
    connection: Connection, services: Iterable[Service], source_scope: str | None = None
) -> ImportCounts:
    """Writes the services that are new or differ from what is kept; of two with one id the last counts.

    With `source_scope`, `services` is all that this `source` holds: others of it go out of use. They come back when an
    import holds them again. Two imports at once follow each other.
    """
    version = _lock_version(connection)
    wanted = {entry.id: _values(entry) for entry in services}
    kept = {row.id: dict(row._mapping) for row in connection.execute(select(service))}
    added = [values for key, values in wanted.items() if key not in kept]
    changed = [values for key, values in wanted.items() if key in kept and kept[key] != values]
    removed = [
        key
        for key, values in kept.items()
        if source_scope is not None and values["source"] == source_scope and values["active"] and key not in wanted
    ]
    if added:
        connection.execute(insert(service), added)
    if changed:
        connection.execute(
            update(service).where(service.c.id == bindparam("key")),
            [{"key": values["id"], **values} for values in changed],
        )
    if removed:
        connection.execute(
            update(service).where(service.c.id == bindparam("key")).values(active=False),
            [{"key": key} for key in removed],
        )
    if added or changed or removed:
        connection.execute(update(setting).where(setting.c.key == VERSION_KEY).values(value=str(version + 1)))
    unchanged = len(wanted) - len(added) - len(changed)
    return ImportCounts(len(wanted), len(added), len(changed), unchanged, len(removed))


_first_version = Upsert(setting, lambda insert: insert.on_conflict_do_nothing())


def _lock_version(connection: Connection) -> int:
    """The version, whose row other imports now wait for until this transaction ends."""
    _first_version.execute(connection, [{"key": VERSION_KEY, "value": "0"}])
    locked = select(setting.c.value).where(setting.c.key == VERSION_KEY).with_for_update()
    return int(connection.execute(locked).scalar_one())


def _values(entry: Service) -> dict[str, Any]:
    values: dict[str, Any] = {column.name: getattr(entry, column.name, None) for column in service.columns}
    for name, column in _NEEDS.items():
        values[column] = " ".join(sorted(getattr(entry, name)))
    values["conditions"] = json.dumps(entry.conditions, ensure_ascii=False, sort_keys=True)
    values["active"] = True
    return values


def _service(row: Row[Any]) -> Service:
    values = dict(row._mapping)
    del values["active"]
    for name, column in _NEEDS.items():
        values[name] = frozenset(values.pop(column).split())
    values["conditions"] = json.loads(values["conditions"])
    return Service(**values)
