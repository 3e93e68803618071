"""The search: which places, in which order, and what is said of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.frame import NEEDS
from knowledge.hours import PARIS
from knowledge.search import (
    RADII_M,
    Answer,
    Closure,
    Freshness,
    Index,
    Query,
    Status,
    freshness,
    search_each,
    walk_minutes,
)  # fmt: skip
from knowledge.search.distance import Origin
from knowledge.service import Service
from tests.unit.search_reference import Expected, expected

HERE = (48.8566, 2.3522)
TUESDAY_NOON = datetime(2026, 9, 15, 12, 0, tzinfo=PARIS)
CENTRES = {"75011": (48.8590, 2.3780), "75018": (48.8925, 2.3444)}


def north(metres: float) -> tuple[float, float]:
    return HERE[0] + metres / 111_195, HERE[1]


def place(name: str, metres: float = 100, hours: str = "24/7", **more: Any) -> Service:
    """A service `metres` north of HERE; "" as hours for hours that are not known."""
    latitude, longitude = north(metres)
    return Service(
        **{
            "id": name, "name": name, "category": "shower", "opening_hours": hours, "latitude": latitude,
            "longitude": longitude, "confidence": "A", "verified_on": "2026-09-01", **more,
        }
    )  # fmt: skip


def ask(at: datetime = TUESDAY_NOON, end: datetime | None = None, **more: Any) -> Query:
    return Query(**{
        "categories": ("shower",), "latitude": HERE[0], "longitude": HERE[1], "start": at, "end": end or at, "limit": 10,
        **more,
    })  # fmt: skip


def search(services: Sequence[Service], query: Query) -> Answer:
    return Index.build(services, CENTRES).search(query)


def names(answer: Answer) -> list[str]:
    return [found.service.name for found in answer.results]


def clock(at: datetime | None) -> str | None:
    return at and f"{at:%d %H:%M}"


ORDERS = [
    # Each list is the order wanted; the index is built from its reverse.
    ("reachable, then later, then unknown, then closed, however near", [
        place("open far", 9_000), place("later", 10, "Mo-Su 14:00-15:00"), place("unknown", 5, ""),
        place("closed", 1, "off"),
    ]),
    ("open now but shut on arrival comes after what can be reached", [
        place("open far", 1_900), place("shut on arrival", 1_800, "Tu 08:00-12:10"),
    ]),
    ("past the last entry on arrival comes after what can be reached", [
        place("open far", 1_900), place("no entry", 400, "Tu 08:00-12:30", last_entry_minutes=30),
    ]),
    ("opens by the time one arrives", [
        place("opens on the way", 1_100, "Tu 12:15-14:00"), place("opens too late", 1_100, "Tu 12:30-14:00"),
    ]),
    ("distance bands come before everything but openness", [
        place("D within 500", 499, confidence="D"), place("A within 1,000", 501), place("D within 1,000", 502,
        confidence="D"), place("A within 2,000", 1_001), place("A beyond", 2_001),
    ]),
    ("verified before unverified in a band, before needs, freshness and distance", [
        place("A", 400, verified_on="2020"), place("C", 300, confidence="C"),
    ]),
    ("a disputed position is not verified", [
        place("A", 400), place("disputed", 300, position_quality="disputed"),
    ]),
    ("fresh before old in a band", [
        place("five months", 450, verified_on="2026-04-15"), place("a year", 400, verified_on="2025-09-15"),
        place("three years", 300, verified_on="2023"), place("who knows", 350, verified_on="long ago"),
    ]),
    ("far away freshness sends nobody twice as far", [
        place("old, 3 km", 3_000, verified_on="2020"), place("fresh, 5 km", 5_000, verified_on="2026-04-15"),
        place("old, 6 km", 6_000, verified_on="2020"), place("fresh, 9 km", 9_000, verified_on="2026-04-15"),
    ]),
    ("the same freshness: the nearer first", [
        place("near", 200, verified_on="2026-04-15"), place("far", 300, verified_on="2026-09-14"),
    ]),
    ("an approximate position after exact ones in its band", [
        place("exact", 4_000), place("approximate", latitude=None, longitude=None, postcode="75018"),
    ]),
    ("no position at all: after the others that are as open", [
        place("far", 9_000), place("nowhere", latitude=None, longitude=None), place("closed", 10, "off"),
    ]),
    ("confidential: after the others that are as open", [
        place("far", 9_000), place("confidential", 10, confidential=True), place("closed", 10, "off"),
    ]),
    ("only for some, who were not named: after those open to all", [
        place("all", 400), place("women only", 300, only=frozenset({"women"})),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "services"), ORDERS, ids=[rule for rule, _ in ORDERS])
def test_order(rule: str, services: list[Service]) -> None:
    wanted = [service.name for service in services]
    assert names(search(services[::-1], ask())) == wanted


AUDIENCES = [
    # only, admits, refuses, needs asked -> shown? with which needs not known
    ("", "", "", "", ()),
    ("women", "", "", "", ()),
    ("women", "", "", "women", ()),
    ("women", "", "", "men", None),
    ("women", "", "", "couples", None),
    ("women", "", "", "families", None),
    ("women families", "", "", "families", ()),
    ("women", "", "", "pregnant", ("pregnant",)),
    ("women", "", "", "pets", ("pets",)),
    ("men", "", "", "pregnant", None),
    ("minors", "", "", "minors", ()),
    ("minors", "", "", "women", None),
    ("minors", "", "", "seniors", None),
    ("minors", "", "", "minors women", ("women",)),
    ("young_adults", "", "", "minors", None),
    ("", "", "minors", "minors", None),
    ("", "", "minors", "", ()),
    ("", "pets", "", "pets", ()),
    ("", "pets", "", "pets free", ("free",)),
    ("", "", "", "wheelchair", ("wheelchair",)),
    ("", "", "pets", "pets free", None),
    ("people from the 15th", "", "", "men", ("men",)),
]


@pytest.mark.parametrize(("only", "admits", "refuses", "needs", "unknown"), AUDIENCES)
def test_audience(only: str, admits: str, refuses: str, needs: str, unknown: tuple[str, ...] | None) -> None:
    words = [frozenset(text.split()) if text != "people from the 15th" else {text} for text in (only, admits, refuses)]
    service = place("a", only=frozenset(words[0]), admits=words[1], refuses=words[2])
    answer = search([service], ask(needs=frozenset(needs.split())))
    assert [found.unknown_needs for found in answer.results] == ([] if unknown is None else [unknown])


def test_a_place_only_for_the_people_asked_for_ranks_like_one_that_is_known_to_admit_them() -> None:
    services = [
        place("women only", 300, only=frozenset({"women"})),
        place("women too", 400, admits=frozenset({"women"})),
    ]
    assert names(search(services[::-1], ask(needs=frozenset({"women"})))) == ["women only", "women too"]


def test_places_known_to_meet_a_need_come_first_in_their_band() -> None:
    services = [
        place("known", 450, admits=frozenset({"pets", "free"})),
        place("half known", 400, admits=frozenset({"pets"})),
        place("not known", 300),
        place("known, further", 600, admits=frozenset({"pets", "free"})),
    ]
    assert names(search(services[::-1], ask(needs=frozenset({"pets", "free"})))) == [s.name for s in services]


BATH = "Tu-Sa 07:30-13:00; Jan 01 off"
DETAILS = [
    # hours, last entry, metres, setting out -> status, opens, closes, last entry, too late
    (BATH, 30, 300, "2026-09-15T08:00", "open", None, "15 13:00", "15 12:30", False),
    (BATH, 30, 300, "2026-09-15T07:20", "opens_later", "15 07:30", "15 13:00", "15 12:30", False),
    (BATH, 30, 300, "2026-09-15T07:25", "open", "15 07:30", "15 13:00", "15 12:30", False),
    (BATH, 30, 300, "2026-09-15T12:24", "closing_soon", None, "15 13:00", "15 12:30", False),
    (BATH, 30, 300, "2026-09-15T12:25", "opens_later", "16 07:30", "15 13:00", "15 12:30", True),
    (BATH, 0, 300, "2026-09-15T12:53", "closing_soon", None, "15 13:00", None, False),
    (BATH, 0, 300, "2026-09-15T12:54", "opens_later", "16 07:30", "15 13:00", None, True),
    (BATH, 30, 300, "2026-09-15T13:00", "opens_later", "16 07:30", "16 13:00", "16 12:30", False),
    (BATH, 30, 300, "2026-09-19T12:54", "closed", "22 07:30", "19 13:00", "19 12:30", True),
    (BATH, 30, 300, "2026-09-20T10:00", "closed", "22 07:30", "22 13:00", "22 12:30", False),
    ("24/7", 30, 300, "2026-09-15T12:00", "open", None, None, None, False),
    ("Mo-Su 06:00-01:00", 0, 300, "2026-09-16T00:20", "open", None, "16 01:00", None, False),
    ("Mo-Su 06:00-01:00", 0, 300, "2026-09-16T00:30", "closing_soon", None, "16 01:00", None, False),
    ("Dec 01-Mar 31 Mo-Su 19:30-20:30", 0, 300, "2026-09-15T12:00", "closed", None, None, None, False),
    ("Dec 01-Mar 31 Mo-Su 19:30-20:30", 0, 300, "2026-11-30T20:00", "opens_later", "01 19:30", "01 20:30", None, False),
    ("Mo-Fr 12:00-18:00; PH off", 0, 300, "2026-05-14T13:00", "opens_later", "15 12:00", "15 18:00", None, False),
    ("", 0, 300, "2026-09-15T12:00", "unknown", None, None, None, False),
    # Open, but the last entry was the day before
    ("Mo-Su 20:00-00:10", 30, 10, "2026-09-16T00:05", "opens_later", "16 20:00", "16 00:10", "15 23:40", True),
    # What is missed was not certain to be open
    (
        'Tu 08:00-12:05 "sur rendez-vous"; We 08:00-10:00',
        0,
        300,
        "2026-09-15T12:00",
        "opens_later",
        "16 08:00",
        "16 10:00",
        None,
        False,
    ),
    ("selon saison", 0, 300, "2026-09-15T12:00", "unknown", None, None, None, False),
    ("off", 0, 300, "2026-09-15T12:00", "closed", None, None, None, False),
    # Uncertain the day after tomorrow: closed, and no time is promised
    ('Fr 08:00-10:00 "sur rendez-vous"', 0, 300, "2026-09-15T12:00", "closed", None, None, None, False),
    # Walking through the hour that does not exist: 30 minutes after 1:50 it is 3:20, not 2:20
    ("Mo-Su 01:00-03:15", 0, 1_730, "2026-03-29T01:50", "opens_later", "30 01:00", "29 03:15", None, True),
    # and through the one that comes twice: 30 minutes after 2:50 it is 2:20
    ("Mo-Su 01:00-03:15", 0, 1_730, "2026-10-25T02:50", "open", None, "25 03:15", None, False),
]


@pytest.mark.parametrize(("hours", "entry", "metres", "at", "status", "opens", "closes", "last", "too_late"), DETAILS)
def test_details(
    *,
    hours: str, entry: int, metres: float, at: str, status: str,
    opens: str | None, closes: str | None, last: str | None, too_late: bool,
) -> None:  # fmt: skip
    start = datetime.fromisoformat(at).replace(tzinfo=PARIS)
    (found,) = search([place("a", metres, hours, last_entry_minutes=entry)], ask(start)).results
    assert found.status == status
    assert (clock(found.opens_at), clock(found.closes_at), clock(found.last_entry_at)) == (opens, closes, last)
    assert found.too_late == too_late
    assert found.distance_m == pytest.approx(metres, abs=1)
    assert found.arrives_at is not None
    assert found.arrives_at.timestamp() - start.timestamp() == 60 * walk_minutes(metres)


INTERVALS = [
    # hours, from, to, setting out -> status, opens
    (BATH, "16T06:00", "16T12:00", None, "open", "16 07:30"),
    (BATH, "16T12:00", "16T18:00", None, "open", None),
    (BATH, "16T12:45", "16T18:00", None, "opens_later", "17 07:30"),  # past the last entry
    (BATH, "16T06:00", "16T07:30", None, "opens_later", "16 07:30"),  # opens as the interval ends
    (BATH, "15T12:00", "15T18:00", "15T12:28", "opens_later", "16 07:30"),  # walking counts when leaving now
    (BATH, "15T12:00", "15T18:00", "15T12:24", "closing_soon", None),
    (BATH, "16T10:00", "16T10:00", "15T12:00", "open", None),  # tomorrow at ten: there is time to walk
    (BATH, "19T00:00", "20T23:59", None, "open", "19 07:30"),  # the weekend
    (BATH, "20T00:00", "21T23:59", None, "opens_later", "22 07:30"),
    ("Fr 22:00-04:00", "18T22:00", "19T06:00", None, "open", None),
    ("Fr 22:00-04:00", "19T22:00", "20T06:00", None, "closed", "25 22:00"),
    ("Sep 30 10:00-11:00", "15T00:00", "30T23:59", None, "open", "30 10:00"),  # further ahead than a week
]


@pytest.mark.parametrize(("hours", "start", "end", "now", "status", "opens"), INTERVALS)
def test_interval(*, hours: str, start: str, end: str, now: str | None, status: str, opens: str | None) -> None:
    first, last, setting_out = (
        datetime.fromisoformat(f"2026-09-{at}").replace(tzinfo=PARIS) if at else None for at in (start, end, now)
    )
    assert first
    (found,) = search([place("a", 300, hours, last_entry_minutes=30)], ask(first, last, now=setting_out)).results
    assert (found.status, clock(found.opens_at)) == (status, opens)
    assert (found.arrives_at is None) == (setting_out is None)


def test_a_temporary_closure_is_respected_and_told() -> None:
    service = place(
        "a",
        closed_from=date(2026, 9, 14),
        closed_until=date(2026, 9, 16),
        closure_reason="travaux",
        hours="Mo-Su 10:00-14:00",
    )
    (found,) = search([service], ask()).results
    assert (found.status, clock(found.opens_at)) == (Status.CLOSED, "17 10:00")
    assert found.temporarily_closed == Closure(date(2026, 9, 16), "travaux")
    (found,) = search([service], ask(TUESDAY_NOON + timedelta(days=2))).results
    assert (found.status, found.temporarily_closed) == (Status.OPEN, None)


NEAR = [
    # places, radius asked -> radius used, widened, results, next to open
    ([place("a", 1_400)], None, 1_500, False, ["a"], None),
    ([place("a", 1_600)], None, 5_000, True, ["a"], None),
    ([place("a", 1_600), place("b", 300, "Tu 14:00-15:00"), place("c", 400, "Tu 13:00-15:00")], None,
     5_000, True, ["a", "b", "c"], "c"),
    ([place("a", 6_000), place("b", 1_600, "Tu 13:00-15:00")], None, None, True, ["a", "b"], None),
    ([place("a", 300, "off")], None, None, True, ["a"], None),
    ([place("a", 300, "")], None, None, True, ["a"], None),
    ([place("a", 300, "Fr 10:00-12:00")], None, None, True, ["a"], "a"),
    ([place("a", 300), place("b", 700)], 500, 500, False, ["a"], None),
    ([place("a", 300, "off"), place("b", 700), place("c", 1_600)], 500, 1_500, True, ["b", "a"], None),
    ([place("a", 3_000), place("b", 7_000)], 4_000, 4_000, False, ["a"], None),
    ([place("a", 7_000), place("b", 300, confidential=True)], 4_000, None, True, ["a", "b"], None),
]  # fmt: skip


@pytest.mark.parametrize(("services", "asked", "used", "widened", "results", "first"), NEAR)
def test_widening(
    *,
    services: list[Service],
    asked: int | None,
    used: int | None,
    widened: bool,
    results: list[str],
    first: str | None,
) -> None:
    answer = search(services, ask(radius_m=asked))
    assert (answer.radius_m, answer.widened, names(answer)) == (used, widened, results)
    assert (answer.next_to_open and answer.next_to_open.service.name) == first


def test_a_low_ranking_place_nearby_still_counts_as_near() -> None:
    services = [place(f"{number}", 1_800) for number in range(200)] + [place("unverified", 1_200, confidence="D")]
    answer = search(services, ask(limit=3))
    assert (answer.radius_m, answer.widened) == (1_500, False)


def test_without_a_position_the_whole_city_is_ranked_by_what_else_is_known() -> None:
    services = [
        place("fresh", verified_on="2026-09-01"),
        place("old", verified_on="2020"),
        place("unverified", confidence="C"),
        place("nowhere", latitude=None, longitude=None),
        place("later", hours="Tu 13:00-14:00"),
    ]
    answer = search(services[::-1], ask(latitude=None, longitude=None))
    assert names(answer) == [service.name for service in services]
    assert (answer.radius_m, answer.widened, answer.next_to_open) == (None, False, None)
    assert {(found.distance_m, found.walk_minutes, found.arrives_at) for found in answer.results} == {
        (None, None, None)
    }


def test_the_position_of_a_confidential_place_never_shows() -> None:
    services = [
        place("near", 10, confidential=True, phone="01"),
        place("far", 9_000, confidential=True, postcode="75018"),
    ]
    answers = [search(services, ask(latitude=latitude)) for latitude in (HERE[0], north(9_000)[0])]
    assert names(answers[0]) == names(answers[1])
    for found in answers[0].results:
        assert (found.distance_m, found.walk_minutes, found.arrives_at, found.approximate) == (None, None, None, False)


def test_the_centre_of_the_district_stands_in_for_a_missing_position() -> None:
    service = place("a", latitude=None, longitude=None, postcode="75018")
    (found,) = search([service], ask()).results
    assert found.approximate
    assert found.distance_m == pytest.approx(4_035, abs=30)


def test_a_parent_means_all_its_leaves_and_several_categories_any_of_them() -> None:
    services = [place(category, category=category) for category in ("shower", "laundry", "day_centre", "food_parcel")]
    assert set(names(search(services, ask(categories=("hygiene",))))) == {"shower", "laundry"}
    assert set(names(search(services, ask(categories=("laundry", "day_centre"))))) == {"laundry", "day_centre"}
    assert names(search(services, ask(categories=("hairdresser",)))) == []
    with pytest.raises(KeyError):
        search(services, ask(categories=("sauna",)))


def test_two_categories_at_one_place() -> None:
    services = [
        place("shower alone", 100),
        place("shower", 700, address="10 rue X", postcode="75001"),
        place("meal, same address", category="food_distribution", latitude=None, longitude=None, address="10, rue X",
              postcode="75001"),
        place("shower further", 1_500),
        place("meal next door", 1_525, category="food_distribution"),
        place("shower in the evening", 1_900, "Tu 20:00-21:00"),
        place("meal there", 1_900, category="food_distribution"),
    ]  # fmt: skip
    index = Index.build(services, {})
    answer = search_each(index, ask(categories=("shower", "food_distribution"), limit=2))
    assert [[found.service.name for found in places] for places in answer.together] == [
        ["shower", "meal, same address"],
        ["shower further", "meal next door"],
    ]
    assert [names(each) for each in answer.each] == [["shower alone", "shower"], ["meal next door", "meal there"]]
    assert search_each(index, ask()).together == ()


def test_get() -> None:
    index = Index.build([place("a")], {})
    assert index.get("a") == place("a")
    assert index.get("gone") is None
    assert len(index) == 1


def test_an_empty_directory_answers_with_nothing() -> None:
    assert search([], ask()) == Answer((), False, None, True, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": TUESDAY_NOON.replace(tzinfo=None)},
        {"now": TUESDAY_NOON.replace(tzinfo=None)},
        {"latitude": None},
    ],
)
def test_a_query_without_time_zone_or_with_half_a_position_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"time zone|position"):
        ask(**wrong)


WALKS = [(0, 0), (1, 1), (57.6, 1), (57.8, 2), (1_000, 18), (1_543, 27)]


@pytest.mark.parametrize(("metres", "minutes"), WALKS)
def test_walk_minutes(metres: float, minutes: int) -> None:
    assert walk_minutes(metres) == minutes


FRESHNESS = [
    ("2026-09-15", Freshness.RECENT), ("2026-03-16", Freshness.RECENT), ("2026-03-15", Freshness.DATED),
    ("2026-03", Freshness.DATED), ("2024-09-14", Freshness.DATED), ("2024-09-13", Freshness.OLD),
    ("2024", Freshness.OLD), ("", Freshness.OLD), ("2026-13-01", Freshness.OLD), ("undated page", Freshness.OLD),
]  # fmt: skip


@pytest.mark.parametrize(("verified_on", "expected_class"), FRESHNESS)
def test_freshness(verified_on: str, expected_class: Freshness) -> None:
    assert freshness(verified_on, date(2026, 9, 15)) is expected_class


_POSITIONS = st.tuples(st.floats(48.80, 48.91), st.floats(2.20, 2.48))


@given(_POSITIONS, _POSITIONS)
def test_distances_are_those_of_the_great_circle(one: tuple[float, float], other: tuple[float, float]) -> None:
    (a, b), (c, d) = ((radians(x) for x in position) for position in (one, other))
    metres = 2 * 6_371_008.8 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))
    there = Origin.at(*other)
    assert Origin.at(*one).metres_to(there.x, there.y) == pytest.approx(metres, abs=0.2 if metres < 2_000 else 20)


# The rules once more, place by place, against the index on random directories.

HOURS = [
    "24/7", "", "off", "Mo-Fr 08:00-12:00,14:00-18:00", "Mo-Su 22:00-04:00", "Tu,Th 07:30-09:30", "Mo-Su 06:00-01:00",
    "Mo-Sa 09:00-17:00; PH off", "Dec 01-Mar 31 Mo-Su 19:30-20:30", 'Mo-Fr 10:00-16:00 "sur rendez-vous"', "le matin",
]  # fmt: skip
_GROUPS = st.frozensets(st.sampled_from(NEEDS[:8]), max_size=1)
_FEW_NEEDS = st.frozensets(st.sampled_from((*NEEDS[:7], "wheelchair", "pets")), max_size=2)
_SERVICES = st.lists(
    st.builds(
        Service,
        id=st.just(""),
        name=st.just(""),
        category=st.sampled_from(["shower", "laundry", "day_centre"]),
        postcode=st.sampled_from(["", "75018", "75099"]),
        latitude=st.none() | st.floats(48.82, 48.90),
        longitude=st.floats(2.27, 2.41),
        position_quality=st.sampled_from(["exact", "exact", "disputed"]),
        opening_hours=st.sampled_from(HOURS),
        last_entry_minutes=st.sampled_from([0, 30]),
        only=_GROUPS,
        admits=_FEW_NEEDS,
        refuses=_GROUPS,
        confidential=st.sampled_from([False, False, False, True]),
        closed_from=st.none() | st.dates(date(2026, 9, 1), date(2026, 11, 1)),
        closed_until=st.none() | st.dates(date(2026, 9, 1), date(2026, 11, 1)),
        verified_on=st.sampled_from(["2026-09-01", "2025-10", "2019", ""]),
        confidence=st.sampled_from(["A", "B", "C"]),
    ),
    max_size=40,
).map(lambda services: [replace(service, id=f"{number:04}") for number, service in enumerate(services)])
_MOMENTS = st.integers(0, 47 * 86_400).map(lambda seconds: (_FIRST + timedelta(seconds=seconds)).astimezone(PARIS))
_FIRST = datetime(2026, 9, 10, tzinfo=UTC)


@st.composite
def _queries(draw: st.DrawFn) -> Query:
    start = draw(_MOMENTS)
    minutes = draw(st.sampled_from([0, 0, 0, 20, 360, 3_000]))
    latitude = draw(st.none() | st.floats(48.80, 48.92))
    return Query(
        categories=draw(st.sampled_from([("shower",), ("hygiene",), ("laundry", "welcome")])),
        latitude=latitude,
        longitude=None if latitude is None else draw(st.floats(2.25, 2.43)),
        start=start,
        end=start + timedelta(minutes=minutes),
        needs=draw(_FEW_NEEDS),
        radius_m=draw(st.sampled_from([None, None, 700, 3_000])),
        limit=draw(st.integers(1, 6)),
        offset=draw(st.sampled_from([0, 0, 3])),
        now=draw(st.sampled_from([None, start, start - timedelta(hours=1), start + timedelta(minutes=10)])),
    )


def compare(index: Index, services: Sequence[Service], query: Query) -> None:
    """The index says of `query` what the rules say."""
    answer = index.search(query)
    known = [one for one in (expected(service, query, CENTRES) for service in services) if one]
    placed = [one for one in known if one.metres is not None]
    radii = (query.radius_m, *(r for r in RADII_M if r > query.radius_m)) if query.radius_m else RADII_M
    nearest = min((one.metres for one in placed if one.key[0] == 0 and one.metres is not None), default=float("inf"))
    used = next((radius for radius in radii if nearest < radius), None)
    somewhere = query.latitude is not None
    assert answer.radius_m == (used if somewhere else None)
    assert answer.widened == (somewhere and used != radii[0])
    if query.radius_m and somewhere and used:
        known = [one for one in placed if one.metres is not None and one.metres < used]
    known.sort(key=lambda one: one.key)
    by_id = {one.service.id: one for one in known}
    shown = [by_id[found.service.id] for found in answer.results]
    assert [one.key for one in shown] == [one.key for one in known[query.offset : query.offset + query.limit]]
    assert all(one.matches(found) for one, found in zip(shown, answer.results, strict=True)), (shown, answer)
    assert answer.more == (len(known) > query.offset + query.limit)
    near = [one for one in placed if (one.metres or 0) < radii[0]] if somewhere else known
    first = None if any(one.key[0] == 0 for one in near) else _first_to_open(near)
    found = answer.next_to_open
    assert (found and (found.opens_at, by_id[found.service.id].key)) == (first and (first.opens_at, first.key))


def _first_to_open(places: list[Expected]) -> Expected | None:
    coming = [one for one in places if one.key[0] in (1, 3) and one.opens_at and one.key[1] < 4]
    return min(coming, key=lambda one: (one.opens_at.timestamp() if one.opens_at else 0, one.key), default=None)


@settings(max_examples=150, deadline=None)
@given(_SERVICES, st.lists(_queries(), min_size=1, max_size=4))
def test_agrees_with_the_rules_place_by_place(services: list[Service], queries: list[Query]) -> None:
    index = Index.build(services, CENTRES)
    for query in queries:
        compare(index, services, query)


def _directory(size: int) -> tuple[Index, list[Service]]:
    """Enough places of one category that the index looks at the best and the near ones first; some far out of town."""
    chance = random.Random(size)
    services = [
        Service(
            id=f"{number:05}",
            name="",
            category="shower",
            latitude=chance.gauss(48.86, 0.02) if number % 50 else chance.uniform(43, 50),
            longitude=chance.gauss(2.34, 0.03),
            opening_hours=chance.choice(HOURS),
            last_entry_minutes=chance.choice([0, 30]),
            only=frozenset(chance.sample(["women", "minors"], chance.choice([0, 0, 0, 1]))),
            confidence=chance.choice(["A", "B", "C", "D"]),
            verified_on=chance.choice(["2026-09-01", "2025-10", "2019"]),
        )
        for number in range(size)
    ]
    return Index.build(services, CENTRES), services


@pytest.fixture(scope="module", params=[300, 2_500])
def big(request: pytest.FixtureRequest) -> tuple[Index, list[Service]]:
    return _directory(request.param)


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_the_rules_in_a_big_directory(big: tuple[Index, list[Service]], seed: int) -> None:
    chance = random.Random(seed)
    start = datetime(2026, 9, 15, chance.randrange(24), chance.randrange(60), tzinfo=PARIS)
    query = ask(
        start,
        latitude=chance.uniform(48.80, 48.92),
        longitude=chance.uniform(2.24, 2.44),
        needs=frozenset(chance.sample(["men", "women", "pets"], seed % 2)),
        limit=chance.choice([1, 3, 40]),
        offset=chance.choice([0, 3, 6]),
        radius_m=chance.choice([None, None, 800]),
    )
    compare(*big, query)


def test_there_is_more_when_all_that_is_near_is_shown() -> None:
    services = [
        place(f"{number:04}", 100 if number < 3 else 2_500, "24/7" if number < 3 else "off") for number in range(1_200)
    ]
    services += [place(f"near {number}", 400, "off") for number in range(40)]
    assert search(services, ask(limit=3)).more
    assert search(services, ask(limit=1_300)).more is False


@pytest.mark.parametrize("size", [60, 300, 1_200])
def test_pages_never_overlap_and_leave_nothing_out(size: int) -> None:
    services = [place(f"{number:04}", 100 * (number // 40)) for number in range(size)]  # many at one and the same place
    index = Index.build(services, {})
    pages = [index.search(ask(limit=7, offset=offset)) for offset in range(0, size, 7)]
    assert [name for page in pages for name in names(page)] == [service.name for service in services]
    assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
