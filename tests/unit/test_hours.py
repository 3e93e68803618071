"""Opening hours: what is open when, on the clock of Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from knowledge.hours import PARIS, Opening, State, Timetable, check
from knowledge.service import Service
from knowledge.written_hours import clean

BATH = "Tu-Sa 07:30-13:00; Su 08:00-12:30; Jan 01,May 01,Jul 14,Aug 15,Dec 25 off"


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def written(openings: tuple[Opening, ...]) -> list[str]:
    """Openings as "18 22:00+1 > 19 04:00+1": day, time and hours ahead of UTC."""
    return [f"{_moment(opening.opens_at)} > {_moment(opening.closes_at)}" for opening in openings]


def _moment(at: datetime | None) -> str:
    if at is None:
        return "on"
    offset = at.utcoffset()
    assert offset is not None
    return f"{at:%d %H:%M}+{offset // timedelta(hours=1)}"


STATES = [
    ("24/7", "2026-01-01T03:00", "open"),
    (BATH, "2026-09-15T07:29", "closed"),
    (BATH, "2026-09-15T07:30", "open"),
    (BATH, "2026-09-15T12:59", "open"),
    (BATH, "2026-09-15T13:00", "closed"),
    (BATH, "2026-09-14T10:00", "closed"),  # Monday
    (BATH, "2026-09-13T12:15", "open"),  # Sunday
    (BATH, "2026-07-14T10:00", "closed"),  # a Tuesday, one of the five days
    (BATH, "2026-04-06T10:00", "closed"),  # Easter Monday, a Monday like others
    (BATH, "2026-11-11T10:00", "open"),  # a public holiday on which baths open
    ("Mo-Fr 12:00-18:00; PH off", "2026-05-14T13:00", "closed"),  # Ascension
    ("Mo-Fr 12:00-18:00; PH off", "2026-05-15T13:00", "open"),
    ("Mo-Su,PH 10:00-12:00", "2026-05-14T11:00", "open"),
    ("Mo-Su 06:00-01:00", "2026-09-16T00:59", "open"),
    ("Mo-Su 06:00-01:00", "2026-09-16T01:00", "closed"),
    ("Mo-Su 06:00-26:00", "2026-09-16T01:59", "open"),
    ("Fr 22:00-04:00", "2026-09-19T03:30", "open"),  # the night of Friday
    ("Fr 22:00-04:00", "2026-09-18T03:30", "closed"),
    ("Su[1] 10:00-12:00", "2026-09-06T11:00", "open"),
    ("Su[1] 10:00-12:00", "2026-09-13T11:00", "closed"),
    ("week 01-20 Mo-Fr 10:00-12:00", "2026-05-15T11:00", "open"),
    ("week 01-20 Mo-Fr 10:00-12:00", "2026-05-18T11:00", "closed"),
    ("Dec 01-Mar 31 Mo-Su 19:30-20:30", "2026-11-30T20:00", "closed"),
    ("Dec 01-Mar 31 Mo-Su 19:30-20:30", "2026-12-01T20:00", "open"),
    ("Dec 01-Mar 31 Mo-Su 19:30-20:30", "2028-02-29T20:00", "open"),
    ("Dec 01-Mar 31 Mo-Su 19:30-20:30", "2027-04-01T20:00", "closed"),
    ("Mo-Fr 08:00-12:00,14:00-18:00", "2026-09-15T13:00", "closed"),
    ("Mo-Fr 08:00-12:00,14:00-18:00", "2026-09-15T14:00", "open"),
    ("Mo-Fr 08:00-12:00 , 14:00-18:00", "2026-09-13T15:00", "closed"),  # no rule for Sundays
    ("2026 Jul 01-2026 Aug 31 Mo-Fr 10:00-12:00", "2027-07-05T11:00", "closed"),
    ("off", "2026-09-15T12:00", "closed"),
    ("fermé", "2026-09-15T12:00", "closed"),
    ("9h – 12h ;", "2026-09-15T11:59", "open"),
    ('Mo-Fr 10:00-12:00 "sur rendez-vous"', "2026-09-15T11:00", "unknown"),
    ('Mo-Fr 10:00-12:00 "sur rendez-vous"', "2026-09-15T13:00", "closed"),
    ("Mo-Fr 10:00-12:00 unknown", "2026-09-15T11:00", "unknown"),
    ("", "2026-09-15T12:00", "unknown"),
    ("-", "2026-09-15T12:00", "unknown"),
    ('"selon la météo"', "2026-09-15T12:00", "unknown"),
    ("sunrise-sunset", "2026-09-15T12:00", "unknown"),
    ("Mo-Fr 10:00-12:00; SH off", "2026-09-15T11:00", "unknown"),
    ("Mo-Fr 18:00+", "2026-09-15T19:00", "unknown"),
    ("ouvert le matin", "2026-09-15T12:00", "unknown"),
]


@pytest.mark.parametrize(("text", "at", "state"), STATES)
def test_state(text: str, at: str, state: str) -> None:
    assert Timetable(text).state(paris(at)) == State(state)


def test_state_takes_a_moment_of_any_zone_but_not_of_none() -> None:
    assert Timetable(BATH).state(datetime(2026, 9, 15, 5, 30, tzinfo=UTC)) is State.OPEN
    with pytest.raises(ValueError, match="time zone"):
        Timetable(BATH).state(datetime(2026, 9, 15, 7, 30))  # noqa: DTZ001


OPENINGS = [
    ("Mo-Fr 08:00-12:00,14:00-18:00", "2026-09-18", 4, [
        "18 08:00+2 > 18 12:00+2", "18 14:00+2 > 18 18:00+2", "21 08:00+2 > 21 12:00+2", "21 14:00+2 > 21 18:00+2",
    ]),
    ("24/7", "2026-09-18", 8, ["17 00:00+2 > on"]),
    # The night that began the day before, and the end of the last one
    ("Mo-Su 22:00-04:00", "2026-09-18", 1, ["17 22:00+2 > 18 04:00+2", "18 22:00+2 > 19 04:00+2"]),
    # The clock goes from 2:00 to 3:00 on 29 March 2026
    ("Mo-Su 22:00-04:00", "2026-03-29", 1, ["28 22:00+1 > 29 04:00+2", "29 22:00+2 > 30 04:00+2"]),
    ("Mo-Su 02:30-05:00", "2026-03-29", 1, ["29 03:00+2 > 29 05:00+2"]),
    ("Mo-Su 01:00-02:30", "2026-03-29", 1, ["29 01:00+1 > 29 03:00+2"]),
    ("Mo-Su 02:10-02:40", "2026-03-29", 1, []),
    # It goes from 3:00 back to 2:00 on 25 October 2026: the first of the two hours counts
    ("Mo-Su 22:00-04:00", "2026-10-25", 1, ["24 22:00+2 > 25 04:00+1", "25 22:00+1 > 26 04:00+1"]),
    ("Mo-Su 02:30-05:00", "2026-10-25", 1, ["25 02:30+2 > 25 05:00+1"]),
    ("Mo-Su 01:00-02:30", "2026-10-25", 1, ["25 01:00+2 > 25 02:30+2"]),
    ("Mo-Su 02:10-02:40", "2026-10-25", 1, ["25 02:10+2 > 25 02:40+2"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "days", "expected"), OPENINGS)
def test_openings(text: str, first: str, days: int, expected: list[str]) -> None:
    assert written(Timetable(text).openings(date.fromisoformat(first), days)) == expected


CLOSURES = [
    # from, until, inclusive
    ("Mo-Su 10:00-12:00", "2026-09-15", "2026-09-16", ["14 10:00+2 > 14 12:00+2", "17 10:00+2 > 17 12:00+2"]),
    ("Mo-Su 10:00-12:00", "2026-09-15", "", ["14 10:00+2 > 14 12:00+2"]),
    ("Mo-Su 10:00-12:00", "", "2026-09-16", ["17 10:00+2 > 17 12:00+2"]),
    ("24/7", "2026-09-15", "2026-09-16", ["13 00:00+2 > 15 00:00+2", "17 00:00+2 > on"]),
    # Nobody is in on the closed days after midnight, and the night of the last closed day is not held
    ("Mo-Su 22:00-04:00", "2026-09-15", "2026-09-16",
     ["13 22:00+2 > 14 04:00+2", "14 22:00+2 > 15 00:00+2", "17 22:00+2 > 18 04:00+2"]),
    # Hours that are not known are at least not those of the closed days
    ("", "2026-09-15", "2026-09-16", ["13 00:00+2 > 15 00:00+2", "17 00:00+2 > on"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "closed_from", "closed_until", "expected"), CLOSURES)
def test_temporary_closure(text: str, closed_from: str, closed_until: str, expected: list[str]) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (closed_from, closed_until))
    timetable = Timetable(text, closed_from=first, closed_until=last)
    assert written(timetable.openings(date(2026, 9, 14), 4)) == expected
    assert timetable.closed_on(date(2026, 9, 16))


def test_without_a_closure_no_day_is_closed() -> None:
    assert not Timetable("24/7").closed_on(date(2026, 9, 16))


LAST_ENTRIES = [
    (BATH, 30, "12:30"),
    (BATH, 0, None),
    ("24/7", 30, None),
    ("Mo-Su 11:00-12:00", 60, "11:00"),
]


@pytest.mark.parametrize(("text", "minutes", "expected"), LAST_ENTRIES)
def test_last_entry(text: str, minutes: int, expected: str | None) -> None:
    last = Timetable(text, minutes).openings(date(2026, 9, 15), 1)[0].last_entry_at
    assert (last and f"{last:%H:%M}") == expected


def test_an_opening_shorter_than_its_last_entry_lets_nobody_in() -> None:
    assert Timetable("Mo-Su 11:00-11:20", 30).openings(date(2026, 9, 15), 1) == ()


def test_a_timetable_holds_what_a_service_says() -> None:
    service = Service("a", "A", "shower", opening_hours=BATH, last_entry_minutes=30, closed_until=date(2026, 9, 1))
    assert Timetable.of(service) == Timetable(BATH, 30, None, date(2026, 9, 1))


CLEAN = [
    ("9h-12h", "9:00-12:00"),
    ("09h00-12h30", "09:00-12:30"),
    ("9H30 - 17H", "9:30-17:00"),
    ("07h30 – 13h00", "07:30-13:00"),
    ("Mo-Fr 09.00-12.00", "Mo-Fr 09:00-12:00"),
    ("Mo - Fr 09:00 - 12:00 ; ", "Mo-Fr 09:00-12:00"),
    ("Mo-Fr 09:00-12:00;;Sa 10:00-12:00", "Mo-Fr 09:00-12:00; Sa 10:00-12:00"),
    ("Mo-Fr : 09:00-12:00", "Mo-Fr 09:00-12:00"),
    ("Mo-Fr 09:00-12:00, 14:00-18:00", "Mo-Fr 09:00-12:00,14:00-18:00"),
    ("Mo-Fr 09:00-12:00,Sa 10:00-12:00", "Mo-Fr 09:00-12:00, Sa 10:00-12:00"),
    ("24 h / 24", "24/7"),
    ("24/24h", "24/7"),
    ("24h/24, 7j/7", "24/7"),
    ("lundi au vendredi de 9h à 12h et de 14h à 18h", "Mo-Fr 9:00-12:00,14:00-18:00"),
    ("mardi et jeudi 10h-12h", "Tu,Th 10:00-12:00"),
    ("lun-ven 9h-12h; sam. 10h-12h30", "Mo-Fr 9:00-12:00; Sa 10:00-12:30"),
    ("Fermé", "off"),
    # Already OSM syntax
    (BATH, BATH),
    ("Mo-Su 10:00-12:00; easter -2 days off", "Mo-Su 10:00-12:00; easter -2 days off"),
    ("2026 Jul 01-2026 Aug 31 Mo-Fr 10:00-12:00", "2026 Jul 01-2026 Aug 31 Mo-Fr 10:00-12:00"),
    ("week 01-20 Su[1] 10:00-12:00", "week 01-20 Su[1] 10:00-12:00"),
    ('Mo 10:00-12:00 "accueil – 9h, puis ; fermé"', 'Mo 10:00-12:00 "accueil – 9h, puis ; fermé"'),
]


@pytest.mark.parametrize(("text", "expected"), CLEAN)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected
    assert clean(expected) == expected


CHECKS = [
    (BATH, None),
    ("", None),
    ("  ", None),
    ("9h-12h", None),
    ("-", "not published"),
    ("sunrise-sunset", "hours that follow the sun: write times"),
    ("Mo-Fr 10:00-12:00; SH off", "school holidays (SH) are not known here: write dates"),
    ("Mo-Fr 18:00+", "no closing time is given: write one"),
    ('"appeler"', "only a comment"),
    ("Mo-Fr 10:00-", "ends too early: 'Mo-Fr 10:00-'"),
    ("Mo-Fr 09:00-12:00; le soir", "not understood from 'le soir' on"),
]


@pytest.mark.parametrize(("text", "reason"), CHECKS)
def test_check_says_what_is_wrong(text: str, reason: str | None) -> None:
    assert check(text) == reason
    if text.strip():
        assert Timetable(text).unknown_because == reason


@given(st.text() | st.from_regex(r"[MTWFSPHuoehra0-9:;, \-\[\]+/\"]{0,40}"))
def test_any_text_at_all_gives_a_state(text: str) -> None:
    state = Timetable(text).state(paris("2026-09-15T12:00"))
    if check(text) is not None:
        assert state is State.UNKNOWN
    assert clean(clean(text)) == clean(text)


_TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(10, 20 * 60)).map(
    lambda t: (t[0] * 60 + t[1], (t[0] * 60 + t[1] + t[2]) % 1440)
)
_RULES = st.lists(
    st.tuples(
        st.sampled_from(["Mo-Su", "Mo-Fr", "Sa", "Su[2]", "Tu,Th", "Nov 01-Mar 31 Mo-Su", "week 30-45 We", "PH"]),
        _TIMES,
    ).map(lambda rule: f"{rule[0]} {_clock(rule[1][0])}-{_clock(rule[1][1])}"),
    min_size=1,
    max_size=3,
).map("; ".join)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@given(_RULES, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001
def test_agrees_with_the_library_but_for_the_hours_of_the_clock_changes(rules: str, clock: datetime) -> None:
    at = clock.replace(tzinfo=PARIS)
    if clock.month in (3, 10) and clock.day >= 25 and clock.hour < 4:
        return
    expected = OpeningHours(rules, timezone=PARIS, country="FR").is_open(at)
    assert (Timetable(rules).state(at) is State.OPEN) == expected
