"""Every command and button of the team, typed and forged by who may not: a clear no each time, and nothing done."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, select

import handlers
from bot.knowledge import Knowledge
from bot.messages import Kind
from bot.payloads import Payload
from bot.router import Router
from handlers.staff.member_buttons import account_key
from knowledge.announcements.audience import Audience, Everybody
from knowledge.announcements.content import Content, Words
from knowledge.directory import bundled_services
from storage import announcements, roles, signups
from storage.announcements import Announcement
from storage.database import Database
from storage.schema import metadata
from tests.core.conftest import NOON
from tests.dialogues.activities import publish
from tests.talk import PARIS, Talk, words

OPEN_TO_ALL = {"invitation", "chose"}
"""Whoever was invited is not of the team yet; whoever got an announcement answers it."""
MAY_CHANGE = {"conversation", "form", "inbox", "outbox", "person", "setting", "stopped_lane", "statistic"}
"""Tables of the talk itself."""
VALUES: dict[str, tuple[Any, ...]] = {
    "what": (
        "show", "send", "plan", "fix", "drop", "pause", "resume", "stop", "stopped", "report", "answers", "list", "chart", "csv",
        "copy", "urgent", "move", "places", "title", "capacity", "add", "done", "keep", "use",
    ),
    "key": (account_key("telegram", "777"),),
    "was": ("staff",),
    "role": ("admin", ""),
    "value": ("everybody", "-", "1"),
    "template": ("grand_froid", "cold"),
    "step": ("kind", "title"),
    "where": ("again", "skip", "back"),
}  # fmt: skip
NO = ("réservé à l’équipe", "formulaire est fermé", "ne fonctionne plus")


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return Knowledge.of(bundled_services())


def of_the_team() -> Iterator[Router]:
    for name in handlers.ON_DEMAND:
        if name.startswith(("staff.", "announcements.")):
            yield import_module(f"handlers.{name}").router


def typed() -> list[str]:
    return [name for router in of_the_team() for name in router.commands if name not in OPEN_TO_ALL]


def forged() -> list[str]:
    found: list[str] = []
    for router in of_the_team():
        for prefix, (payload, _) in router.buttons.items():
            if prefix not in OPEN_TO_ALL:
                found.extend(_packed(payload))
    return found


def _packed(payload: type[Payload]) -> Iterator[str]:
    names: tuple[str, ...] = payload.__slots__  # type: ignore[assignment]
    for values in product(*(VALUES.get(name, (1,)) for name in names)):
        yield ":".join([payload.prefix, *map(str, values)])


def prepared(connection: Connection) -> None:
    """What those who may not would like to change: all of it is Aurore's, or the Factory's."""
    publish(
        connection,
        {
            "kind": "cafe",
            "title": "Soirée café",
            "dates": ["2026-12-08T18:30"],
            "organiser": "Aurore",
            "minimum_age": 0,
        },
        NOON,
    )
    roles.set_role(connection, "telegram", "777", "staff", NOON)
    for team in ("Aurore", ""):
        content = Content("fr", {"fr": Words("Bonjour")})
        announcements.create(connection, Announcement(Audience(Everybody()), content, team=team, label="Bonjour"), NOON)


def snapshot(connection: Connection) -> dict[str, Any]:
    return {
        table.name: connection.execute(select(table).order_by(*table.primary_key.columns)).all()
        for table in metadata.sorted_tables
        if table.name not in MAY_CHANGE
    }


async def test_a_volunteer(database: Database, whole: Knowledge) -> None:
    talk = Talk(database, whole, NOON)
    await database.write(prepared)
    eve = talk.person("eve")
    await eve.says("/programme")
    await eve.taps("M’inscrire")
    before = await database.read(snapshot)
    assert len(typed()) > 15
    assert len(forged()) > 100
    for name in typed():
        talk.wait(minutes=1)
        said = words(await eve.says(f"/{name} admin"))
        assert any(no in said for no in NO), f"/{name}: {said}"
    for payload in forged():
        said = words(await eve.sends(eve.incoming(kind=Kind.BUTTON, text=payload)))
        assert any(no in said for no in NO), f"{payload}: {said}"
    assert await database.read(snapshot) == before


async def test_a_partner_of_another_association(database: Database, whole: Knowledge) -> None:
    talk = Talk(database, whole, NOON)
    await database.write(prepared)
    bea = talk.person("bea")
    await bea.says("bonjour")
    await database.write(lambda c: roles.set_role(c, "telegram", bea.number, "partner", NOON, "Emmaüs"))
    await database.write(lambda c: signups.sign_up_for(c, 1, 1, 1, NOON.astimezone(PARIS)))
    own = {"compose", "create", "form", "formgo", "aim", "announced", "alert"}
    before = await database.read(snapshot)
    for payload in forged():
        if payload.partition(":")[0] not in own:
            assert await bea.sends(bea.incoming(kind=Kind.BUTTON, text=payload)), payload
    assert await database.read(snapshot) == before
