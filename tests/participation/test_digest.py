"""The week's missions: on Thursday at 18:00, to each what fits, once, and nothing where there is nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from knowledge.participation.digest import next_at
from knowledge.participation.kinds import Kind
from storage import due, opt_outs, people, profiles
from storage.due import Schedule
from tests.participation.bot_work import labels, plain, work
from tests.participation.conftest import PARIS, World
from tests.participation.test_signing_up import join

THURSDAY = datetime(2026, 11, 26, 18, 0, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T12:00", "2026-11-26T18:00"),
        ("2026-11-26T17:59", "2026-11-26T18:00"),
        ("2026-11-26T18:00", "2026-12-03T18:00"),
        ("2027-03-26T12:00", "2027-04-01T18:00"),
        ("2026-10-23T12:00", "2026-10-29T18:00"),
    ],
)
def test_the_local_hour_is_the_one_meant(now: str, expected: str) -> None:
    moment = next_at(datetime.fromisoformat(now).replace(tzinfo=PARIS), "thursday", time(18), PARIS)
    assert moment.astimezone(PARIS) == datetime.fromisoformat(expected).replace(tzinfo=PARIS)


async def mission(world: World, **values: Any) -> Any:
    return await world.session(**{"days": 4, "kind": Kind.MISSION, **values})


async def planned(world: World) -> None:
    """As the program does every minute."""
    for _ in range(2):
        await world.do(lambda c: due.plan(c, Schedule.DIGEST, THURSDAY, world.now))


async def at_six(world: World) -> dict[str, Any]:
    await planned(world)
    assert await work(world) == {}
    world.now = THURSDAY
    said = await work(world)
    assert await work(world) == {}
    return said


async def test_to_each_what_fits(world: World) -> None:
    await mission(world, title={"fr": "Maraude"}, district="75013")
    await mission(world, title={"fr": "Petit-déjeuner"}, district="75018", days=3)
    await mission(world, title={"fr": "Trop tard"}, days=12)
    await world.session(days=4, title={"fr": "Une formation"})
    north, anywhere, nowhere, nobody = [await world.person(name) for name in ("north", "anywhere", "nowhere", "nobody")]
    await world.do(lambda c: profiles.change(c, north, districts=frozenset({"75018"})))
    await world.do(lambda c: profiles.change(c, nowhere, districts=frozenset({"75016"})))
    said = await at_six(world)
    assert sorted(said) == ["chat-anywhere", "chat-nobody", "chat-north"]
    assert "Petit-déjeuner" in plain(said["chat-north"][0])
    assert "Maraude" not in plain(said["chat-north"][0])
    both = plain(said["chat-anywhere"][0])
    assert both.index("Petit-déjeuner") < both.index("Maraude")
    assert "Trop tard" not in both
    assert "formation" not in both
    assert "Moins de messages" in labels(said["chat-anywhere"][0])
    assert "M’inscrire 2" in labels(said["chat-anywhere"][0])
    assert anywhere != nobody


async def test_nothing_where_there_is_nothing(world: World) -> None:
    await world.person("a")
    assert await at_six(world) == {}


async def test_who_does_not_want_it_gets_none(world: World) -> None:
    await mission(world)
    a, b, c, d, e = await world.people(5)

    def refuse(connection: Any) -> None:
        opt_outs.refuse(connection, a, [opt_outs.DIGEST], world.now)
        known = people.people(connection, [("telegram", "p1")])["telegram", "p1"]
        people.change(connection, known, alerts=False)
        profiles.change(connection, c, paused_until=(world.now + timedelta(days=14)).date())
        opt_outs.refuse(connection, d, [opt_outs.ANNOUNCEMENT, opt_outs.MISSION], world.now)

    await world.do(refuse)
    assert b
    assert e
    assert sorted(await at_six(world)) == ["chat-p3", "chat-p4"]


async def test_who_is_busy_then_or_comes_already_is_told_of_the_others(world: World) -> None:
    one = await mission(world, title={"fr": "Maraude"})
    await mission(world, title={"fr": "Collecte à la même heure"})
    await join(world, one.id, await world.person("a"))
    assert await at_six(world) == {}


async def test_in_batches_each_person_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.due.digest.BATCH", 3)
    await mission(world, capacity=20)
    await world.people(8)
    await planned(world)
    world.now = THURSDAY
    heard: list[str] = []
    for _ in range(4):
        heard += await work(world)
        world.wait(seconds=4)
    assert sorted(heard) == [f"chat-p{number}" for number in range(8)]


@pytest.mark.parametrize(
    ("back", "heard"),
    [
        ("2026-11-26T20:00", "26 20:00"),
        ("2026-11-26T23:00", "27 08:00"),
        ("2026-11-27T17:00", "27 17:00"),
        ("2026-11-27T19:00", ""),
    ],
)
async def test_after_an_outage(world: World, back: str, heard: str) -> None:
    await mission(world)
    await world.person("a")
    await planned(world)
    world.now = datetime.fromisoformat(back).replace(tzinfo=PARIS)
    for _ in range(40):
        if await work(world):
            assert world.now.strftime("%d %H:%M") == heard
            return
        world.wait(minutes=30)
    assert not heard


async def test_another_day_in_the_settings_replaces_the_one_planned(world: World) -> None:
    await mission(world)
    await world.person("a")
    await planned(world)
    friday = THURSDAY + timedelta(days=1)
    await world.do(lambda c: due.plan(c, Schedule.DIGEST, friday, world.now))
    world.now = THURSDAY
    assert await work(world) == {}
    world.now = friday
    assert list(await work(world)) == ["chat-a"]
