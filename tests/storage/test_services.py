"""The directory in the database: what an import writes, and what is read back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, select

from knowledge.directory import bundled_services
from knowledge.service import Service
from storage.database import Database
from storage.schema import service
from storage.services import (
    ImportCounts,
    bundled_needed,
    directory_version,
    import_services,
    load_services,
    service_by_id,
)

FULL = Service(
    id="bath-1",
    name="Bains-douches Les Amiraux",
    category="shower",
    address="6 rue Hermann-Lachapelle",
    postcode="75018",
    latitude=48.894437,
    longitude=2.350684,
    position_quality="approximate",
    opening_hours="Tu-Sa 12:00-18:00",
    last_entry_minutes=30,
    phone="01 46 06 46 47",
    conditions={"fr": "gratuit, apporter une serviette", "ar": "مجاني"},
    only=frozenset({"women", "minors"}),
    admits=frozenset({"free", "pets"}),
    refuses=frozenset({"men"}),
    confidential=True,
    closed_from=date(2026, 8, 1),
    closed_until=date(2026, 8, 31),
    closure_reason="travaux",
    source="staff",
    licence="ODbL 1.0",
    verified_on="2026-07",
    confidence="A",
    notes="à rappeler",
)
BARE = Service(id="meal-1", name="Soupe", category="food_distribution", source="feed", position_quality="unknown")


async def imported(database: Database, *services: Service, scope: str | None = None) -> ImportCounts:
    return await database.write(lambda connection: import_services(connection, services, scope))


async def test_what_is_imported_is_loaded(database: Database) -> None:
    assert await imported(database, BARE, FULL) == ImportCounts(read=2, added=2, changed=0, unchanged=0)
    assert await database.read(load_services) == (FULL, BARE)


async def test_bundled_directory_survives_unchanged(database: Database) -> None:
    bundled = bundled_services()
    await imported(database, *bundled)
    assert await database.read(load_services) == tuple(sorted(bundled, key=lambda entry: entry.id))


async def test_second_import_changes_nothing(database: Database) -> None:
    bundled = bundled_services()
    await imported(database, *bundled)
    version = await database.read(directory_version)
    assert await imported(database, *bundled) == ImportCounts(len(bundled), 0, 0, len(bundled))
    assert await database.read(directory_version) == version


async def test_only_what_differs_is_written(database: Database) -> None:
    await imported(database, FULL, BARE)
    version = await database.read(directory_version)
    moved = replace(FULL, latitude=48.9, conditions={"fr": "payant"}, only=frozenset(), closed_until=None)
    assert await imported(database, moved, BARE) == ImportCounts(read=2, added=0, changed=1, unchanged=1)
    assert await database.read(directory_version) == version + 1
    assert await database.read(lambda connection: service_by_id(connection, "bath-1")) == moved


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x"},
        {"latitude": None, "longitude": None},
        {"opening_hours": ""},
        {"last_entry_minutes": 0},
        {"conditions": {}},
        {"admits": frozenset({"free"})},
        {"confidential": False},
        {"closed_from": None},
        {"verified_on": "2026-08-01"},
        {"notes": ""},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_every_cell_counts(database: Database, change: dict[str, object]) -> None:
    await imported(database, FULL)
    changed = replace(FULL, **change)  # type: ignore[arg-type]
    assert (await imported(database, changed)).changed == 1
    assert await database.read(load_services) == (changed,)


async def test_other_sources_are_left_alone(database: Database) -> None:
    await imported(database, FULL, BARE)
    assert await imported(database, scope="feed") == ImportCounts(0, 0, 0, 0, removed=1)
    assert await database.read(load_services) == (FULL,)


async def test_without_a_scope_nothing_goes(database: Database) -> None:
    await imported(database, FULL, BARE)
    assert await imported(database, BARE) == ImportCounts(1, 0, 0, 1)
    assert await database.read(load_services) == (FULL, BARE)


async def test_what_left_its_source_is_gone_once_and_may_come_back(database: Database) -> None:
    await imported(database, BARE)
    await imported(database, scope="feed")
    version = await database.read(directory_version)
    assert await imported(database, scope="feed") == ImportCounts(0, 0, 0, 0)
    assert await database.read(directory_version) == version
    assert await database.read(lambda connection: service_by_id(connection, BARE.id)) is None
    assert (await imported(database, BARE, scope="feed")).changed == 1
    assert await database.read(load_services) == (BARE,)


async def test_last_of_two_with_one_id_counts(database: Database) -> None:
    assert (await imported(database, BARE, replace(BARE, name="Repas"))).added == 1
    assert [entry.name for entry in await database.read(load_services)] == ["Repas"]


async def test_failed_import_leaves_no_trace(database: Database) -> None:
    await imported(database, FULL)

    def fail(connection: Connection) -> None:
        import_services(connection, [BARE, replace(FULL, name="x")])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await database.read(load_services) == (FULL,)
    assert await database.read(directory_version) == 1


async def test_imports_at_once_follow_each_other(database: Database) -> None:
    """Two processes that both find the directory empty load it both: neither fails, it is there once."""
    bundled = bundled_services()
    counts = await asyncio.gather(*(imported(database, *bundled) for _ in range(4)))
    assert sorted(count.added for count in counts) == [0, 0, 0, len(bundled)]
    assert await database.read(directory_version) == 1


async def test_version_goes_up_once_an_import(database: Database) -> None:
    assert await database.read(directory_version) == 0
    await asyncio.gather(*(imported(database, replace(BARE, id=f"meal-{number}")) for number in range(8)))
    assert await database.read(directory_version) == 8


async def test_bundled_directory_is_needed_only_at_first(database: Database) -> None:
    assert await database.read(bundled_needed)
    await imported(database, BARE)
    await imported(database, scope="feed")
    assert not await database.read(bundled_needed), "an emptied directory stays empty"


async def test_unknown_service(database: Database) -> None:
    assert await database.read(lambda connection: service_by_id(connection, "nothing")) is None


async def test_conditions_are_readable_in_the_table(database: Database) -> None:
    """Staff may look with SQL: words are not escaped."""
    await imported(database, FULL)
    words = await database.read(lambda connection: connection.execute(select(service.c.conditions)).scalar_one())
    assert "مجاني" in words
