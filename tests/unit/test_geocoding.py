"""The geocoder against small servers that answer as the real ones do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from knowledge.gazetteer.entries import entries
from knowledge.geocoding import Geocoder, geocoder, guard, in_service_area

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]

CHARONNE = ("12 Rue de Charonne 75011 Paris", 48.853062, 2.373912, 0.97)
REPUBLIQUE_PARIS = ("Avenue de la République 75011 Paris", 48.865, 2.375, 0.72)
REPUBLIQUE_MONTREUIL = ("Rue de la République 93100 Montreuil", 48.857, 2.437, 0.70)
LYON = ("12 Rue de la Charité 69002 Lyon", 45.755, 4.831, 0.95)


def feature(
    label: str, latitude: float, longitude: float, score: float, kind: str = "housenumber"
) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {
            "label": label,
            "score": score,
            "type": kind,
            "city": label.rsplit(" ", 1)[-1],
            "_type": "address",
        },
    }


def collection(*addresses: tuple[str, float, float, float]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": [feature(*address) for address in addresses]}


def answering(body: object) -> Respond:
    async def respond(_: web.Request) -> web.StreamResponse:
        return web.json_response(body)

    return respond


def failing(status: int, headers: dict[str, str] | None = None) -> Respond:
    async def respond(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="12 rue secrète", headers=headers)

    return respond


def saying(text: str) -> Respond:
    async def respond(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type="application/json")

    return respond


async def hanging(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass
class Peer:
    """A server whose behaviour a test sets; remembers what it was asked."""

    url: str = ""
    respond: Respond = field(default_factory=lambda: answering(collection()))
    asked: list[web.Request] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self.respond(request)


class Clock:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _serve(path: str) -> AsyncIterator[Peer]:
    peer = Peer()
    app = web.Application()
    app.router.add_get(f"{path}/search", peer.handle)
    async with TestServer(app) as server:
        peer.url = str(server.make_url(path)).rstrip("/")
        yield peer


@pytest.fixture
async def ban() -> AsyncIterator[Peer]:
    async for peer in _serve("/geocodage"):
        yield peer


@pytest.fixture
async def osm() -> AsyncIterator[Peer]:
    async for peer in _serve(""):
        yield peer


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def national(ban: Peer, clock: Clock) -> AsyncIterator[Geocoder]:
    geocoder = Geocoder(ban.url, clock=clock)
    yield geocoder
    await geocoder.close()


async def test_asks_the_search_path_near_paris(ban: Peer, national: Geocoder) -> None:
    ban.respond = answering(collection(CHARONNE))

    places = await national.find("  12 rue de\nCharonne ")

    assert [(p.name, p.latitude, p.longitude, p.kind) for p in places] == [(*CHARONNE[:3], "address")]
    request = ban.asked[0]
    assert request.path == "/geocodage/search"
    assert request.query["q"] == "12 rue de Charonne"
    assert in_service_area(float(request.query["lat"]), float(request.query["lon"]))


ANSWERS = [
    pytest.param([], [], id="none"),
    pytest.param(
        [REPUBLIQUE_MONTREUIL, REPUBLIQUE_PARIS], [REPUBLIQUE_PARIS, REPUBLIQUE_MONTREUIL], id="several, best first"
    ),
    pytest.param([CHARONNE, REPUBLIQUE_PARIS], [CHARONNE], id="much worse than the best"),
    pytest.param([LYON, REPUBLIQUE_PARIS], [REPUBLIQUE_PARIS], id="a better match far away"),
    pytest.param([("Rue X 75011 Paris", 48.86, 2.37, 0.3)], [], id="matched badly"),
    pytest.param([CHARONNE, ("12b Rue de Charonne 75011 Paris", 48.8531, 2.3740, 0.95)], [CHARONNE], id="next door"),
]


@pytest.mark.parametrize(("offered", "expected"), ANSWERS)
async def test_offers_good_answers_around_paris(
    ban: Peer,
    national: Geocoder,
    offered: list[tuple[str, float, float, float]],
    expected: list[tuple[str, float, float, float]],
) -> None:
    ban.respond = answering(collection(*offered))
    assert [place.name for place in await national.find("rue de la République")] == [label for label, *_ in expected]


async def test_paris_itself_is_no_address(ban: Peer, national: Geocoder) -> None:
    ban.respond = answering({"features": [feature("Paris", 48.859, 2.347, 0.97, "municipality")]})
    assert await national.find("paris") == []


async def test_one_unreadable_feature_does_not_hide_the_others(ban: Peer, national: Geocoder) -> None:
    broken: list[object] = [
        None,
        {},
        {"geometry": None, "properties": {}},
        {"geometry": {"coordinates": ["x", 1]}, "properties": {}},
    ]
    ban.respond = answering({"features": [*broken, feature(*CHARONNE)]})
    assert [place.name for place in await national.find("12 rue de charonne")] == [CHARONNE[0]]


FAILURES = [
    pytest.param(failing(429, {"Retry-After": "5"}), id="429"),
    pytest.param(failing(500), id="500"),
    pytest.param(failing(503), id="503"),
    pytest.param(failing(403), id="403"),
    pytest.param(cut, id="connection cut"),
    pytest.param(saying("<html>12 rue secrète"), id="not JSON"),
    pytest.param(saying('["12 rue secrète"]'), id="JSON of another shape"),
    pytest.param(saying('{"error": "12 rue secrète"}'), id="an error with status 200"),
]


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failing_service_gives_nothing_and_rests_a_minute(
    ban: Peer, national: Geocoder, clock: Clock, failure: Respond
) -> None:
    ban.respond = failure
    with capture_logs() as logs:
        assert await national.find("12 rue secrète") == []
        asked = len(ban.asked)
        assert await national.find("14 rue secrète") == []
    assert len(ban.asked) == asked
    assert [entry["event"] for entry in logs] == ["geocoder unavailable"]
    assert "secr" not in str(logs)

    ban.respond = answering(collection(CHARONNE))
    clock.now += 59
    assert await national.find("12 rue de Charonne") == []
    clock.now += 2
    assert await national.find("12 rue de Charonne") != []


async def test_waits_as_long_as_it_is_told(ban: Peer, national: Geocoder, clock: Clock) -> None:
    ban.respond = failing(429, {"Retry-After": "300"})
    await national.find("12 rue de Charonne")
    clock.now += 299
    await national.find("12 rue de Charonne")
    assert len(ban.asked) == 1
    clock.now += 2
    await national.find("12 rue de Charonne")
    assert len(ban.asked) == 2


async def test_a_silent_service_is_given_up(ban: Peer, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocoder, "TIMEOUT_SECONDS", 0.05)
    asked = Geocoder(ban.url, clock=clock)
    ban.respond = hanging
    try:
        assert await asked.find("12 rue de Charonne") == []
    finally:
        await asked.close()


async def test_an_unreachable_service_is_no_error() -> None:
    asked = Geocoder("http://127.0.0.1:9")
    try:
        assert await asked.find("12 rue de Charonne") == []
        assert (await asked.check() or "").startswith("127.0.0.1:9: ")
    finally:
        await asked.close()


async def test_a_refused_question_does_not_stop_the_others(ban: Peer, national: Geocoder) -> None:
    ban.respond = failing(400)
    assert await national.find("???? rue") == []
    ban.respond = answering(collection(CHARONNE))
    assert await national.find("12 rue de Charonne") != []


async def test_the_same_question_is_asked_once_an_hour(ban: Peer, national: Geocoder, clock: Clock) -> None:
    ban.respond = answering(collection(CHARONNE))
    first = await national.find("12 rue de Charonne")
    assert await national.find("12, RUE DE CHARONNE") == first
    assert len(ban.asked) == 1
    clock.now += 3601
    await national.find("12 rue de Charonne")
    assert len(ban.asked) == 2


async def test_a_failure_is_not_remembered_as_an_answer(ban: Peer, national: Geocoder, clock: Clock) -> None:
    ban.respond = failing(500)
    await national.find("12 rue de Charonne")
    ban.respond = answering(collection(CHARONNE))
    clock.now += 61
    assert await national.find("12 rue de Charonne") != []


async def test_too_many_questions_at_once_are_not_queued_for_long(
    ban: Peer, national: Geocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock stands still: 50 requests a second and a tenth of a second's wait leave 6.
    monkeypatch.setattr(guard, "LONGEST_WAIT_SECONDS", 0.11)
    ban.respond = answering(collection(CHARONNE))
    found = await asyncio.gather(*(national.find(f"{number} rue de Charonne") for number in range(20)))
    assert len(ban.asked) == 6
    assert sum(map(bool, found)) == 6


@pytest.mark.parametrize("text", ["", "  ", "?!", "a1", "🙂🙂🙂🙂"])
async def test_texts_without_an_address_are_not_asked(ban: Peer, national: Geocoder, text: str) -> None:
    assert await national.find(text) == []
    assert ban.asked == []


async def test_long_texts_are_cut_to_what_the_service_reads(ban: Peer, national: Geocoder) -> None:
    await national.find("rue " * 1000)
    assert len(ban.asked[0].query["q"]) == 200


NOMINATIM = [
    {"display_name": "12, Rue de Charonne, 75011 Paris", "lat": "48.853062", "lon": "2.373912", "importance": 0.4}
]


@pytest.mark.parametrize("first", [answering(collection()), failing(500)], ids=["finds nothing", "is down"])
async def test_nominatim_is_asked_when_the_national_geocoder(
    ban: Peer, osm: Peer, clock: Clock, first: Respond
) -> None:
    ban.respond, osm.respond = first, answering(NOMINATIM)
    both = Geocoder(ban.url, osm.url, clock=clock)
    try:
        assert [place.name for place in await both.find("12 rue de Charonne")] == ["12, Rue de Charonne, 75011 Paris"]
    finally:
        await both.close()
    assert osm.asked[0].query["bounded"] == "1"
    assert osm.asked[0].headers["User-Agent"] == "solidarity-bot"


async def test_nothing_is_asked_when_both_are_off() -> None:
    off = Geocoder("")
    assert await off.find("12 rue de Charonne") == []
    assert await off.check() is None
    await off.close()


@pytest.mark.parametrize(
    ("respond", "problem"),
    [
        (answering(collection(("Place de l'Hôtel de Ville 75004 Paris", 48.8566, 2.3522, 0.9))), None),
        (answering(collection()), "does not find Paris city hall"),
        (failing(429), "asks us to wait"),
    ],
)
async def test_the_doctor_is_told(ban: Peer, national: Geocoder, respond: Respond, problem: str | None) -> None:
    ban.respond = respond
    told = await national.check()
    assert told == (problem and f"{ban.url.split('/')[2]}: {problem}")


POSITIONS = [
    ("Notre-Dame", 48.853, 2.3499, True),
    ("Stade de France", 48.9245, 2.3602, True),
    ("Lyon", 45.76, 4.83, False),
    ("London", 51.5, -0.12, False),
    ("the Channel", 50.0, 0.0, False),
    ("no position", 0.0, 0.0, False),
]


@pytest.mark.parametrize(("_name", "latitude", "longitude", "inside"), POSITIONS)
def test_service_area(_name: str, latitude: float, longitude: float, inside: bool) -> None:
    assert in_service_area(latitude, longitude) is inside


def test_every_bundled_place_lies_in_the_service_area() -> None:
    outside = [row.place for row in entries() if not in_service_area(row.place.latitude, row.place.longitude)]
    assert outside == []
