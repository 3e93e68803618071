"""How long a place is kept, and what quiet hours do to it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.participation.offers import SHORTEST, deadline
from knowledge.participation.quiet import Quiet, local_moment
from tests.participation.conftest import PARIS, QUIET


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "start", "told", "until"),
    [
        ("12-01 08:00", "12-08 18:30", "12-01 08:00", "12-01 20:00"),  # far ahead: twelve hours
        ("12-01 12:00", "12-08 18:30", "12-01 12:00", "12-02 09:00"),  # midnight is no time to run out
        ("12-01 23:00", "12-08 18:30", "12-02 08:00", "12-02 20:00"),  # told in the morning, twelve hours from then
        ("12-01 03:00", "12-08 18:30", "12-01 08:00", "12-01 20:00"),
        ("12-08 10:00", "12-08 18:00", "12-08 10:00", "12-08 12:00"),  # a quarter of what is left
        ("12-08 16:30", "12-08 18:30", "12-08 16:30", "12-08 17:00"),  # never less than half an hour
        ("12-08 17:45", "12-08 18:30", None, None),  # too late to be of use
        ("12-08 19:00", "12-08 18:30", None, None),  # begun
        ("12-10 20:00", "12-11 07:00", "12-10 20:00", "12-10 21:30"),  # an early start: before the quiet hours
        ("12-10 21:15", "12-11 07:00", None, None),
        ("12-10 23:00", "12-11 08:30", None, None),
        ("12-10 23:00", "12-11 12:00", "12-11 08:00", "12-11 09:00"),
    ],
)
def test_table(now: str, start: str, told: str | None, until: str | None) -> None:
    found = deadline(at(now), at(start), QUIET)
    if told is None or until is None:
        assert found is None
    else:
        assert found is not None
        assert (found.tell_at, found.until) == (at(told), at(until))


@given(
    st.integers(0, 60 * 24 * 730),
    st.integers(0, 60 * 24 * 20),
    st.sampled_from([QUIET, Quiet(PARIS, time(0), time(6)), Quiet(PARIS, time(22), time(22))]),
)
def test_no_offer_runs_out_in_quiet_hours_or_after_the_start(since: int, minutes: int, quiet: Quiet) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=since)
    start = now + timedelta(minutes=minutes)
    found = deadline(now, start, quiet)
    if found is None:
        return
    assert not quiet.holds(found.tell_at)
    assert not quiet.holds(found.until - timedelta(microseconds=1)) or found.until == quiet.over(found.tell_at)
    assert found.tell_at + SHORTEST <= found.until < start
    assert found.until - found.tell_at <= timedelta(hours=13) or quiet.holds(found.tell_at + timedelta(hours=12))


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        ("2027-03-28", "02:30", "01:00"),  # does not exist: the first moment after the gap, 03:00
        ("2027-03-28", "03:00", "01:00"),
        ("2026-10-25", "02:30", "00:30"),  # comes twice: the first
        ("2026-12-01", "18:00", "17:00"),
        ("2026-07-01", "18:00", "16:00"),
    ],
)
def test_local_moments(day: str, clock: str, utc: str) -> None:
    found = local_moment(datetime.fromisoformat(day).date(), time.fromisoformat(clock), PARIS)
    assert found == datetime.fromisoformat(f"{day}T{utc}:00+00:00")


def test_no_quiet_hours_where_they_begin_when_they_end() -> None:
    quiet = Quiet(PARIS, time(8), time(8))
    assert not any(quiet.holds(at("12-01 00:00") + timedelta(hours=hour)) for hour in range(24))
