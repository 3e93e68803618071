"""A word that only this bot knows: what it signs links with."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select

from storage.schema import setting
from storage.upsert import Upsert

_KEY = "link_secret"
_keep = Upsert(setting, lambda insert: insert.on_conflict_do_nothing())
_get = select(setting.c.value).where(setting.c.key == _KEY)


def known_secret(connection: Connection) -> bytes | None:
    """None where nothing was ever signed."""
    value = connection.execute(_get).scalar()
    return None if value is None else str(value).encode()


def secret(connection: Connection) -> bytes:
    """Made when it is first wanted."""
    known = known_secret(connection)
    if known is None:
        _keep.execute(connection, [{"key": _KEY, "value": secrets.token_urlsafe(32)}])
        known = known_secret(connection)
    assert known is not None
    return known
