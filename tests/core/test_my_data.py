"""What is long comes as a file, which does not outlive its person."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import Connection, func, select

from storage import attachments, audit
from storage.database import Database
from storage.schema import attachment
from tests.core.conftest import NOON
from tests.talk import Talk, words


async def test_of_somebody_who_did_much(talk: Talk, database: Database) -> None:
    ada = talk.person("ada")
    await ada.says("bonjour")
    assert '"acts": []' in words(await ada.says("/mesdonnees"))

    def busy(connection: Connection) -> None:
        for _ in range(300):
            audit.note(connection, NOON, "changed", "draft", "published", actor_id=1)

    await database.write(busy)
    [reply] = await ada.says("/mesdonnees")
    assert reply.media is not None
    assert "/effacer" in reply.text
    number = reply.media.attachment
    content = await database.read(lambda c: attachments.content(c, number))
    assert content is not None
    assert len(json.loads(content)["acts"]) == 300
    await database.write(lambda c: attachments.forget(c, NOON + timedelta(hours=23)))
    assert await database.read(lambda c: attachments.content(c, number)) is not None
    await ada.says("/effacer")
    await ada.taps("Oui")
    assert await database.read(lambda c: c.execute(select(func.count()).select_from(attachment)).scalar()) == 0


async def test_kept_for_a_day(talk: Talk, database: Database) -> None:
    ada = talk.person("ada")
    await ada.says("bonjour")
    await database.write(lambda c: [audit.note(c, NOON, "x" * 20, actor_id=1) for _ in range(300)] and None)
    [reply] = await ada.says("/mesdonnees")
    assert reply.media is not None
    await database.write(lambda c: attachments.forget(c, NOON + timedelta(hours=25)))
    number = reply.media.attachment
    assert await database.read(lambda c: attachments.content(c, number)) is None
