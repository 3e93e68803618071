"""Dates of series. Rules after RFC 5545 (its examples, in our own words) on the calendar of Paris."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.participation.kinds import months_later, of_age_on, years_later
from knowledge.participation.recurrence import BadRule, local, localised, occurrences, parse, span
from tests.participation.conftest import PARIS


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        # the second Tuesday of each month
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08T18:30", "2026-12-08 2027-01-12 2027-02-09 2027-03-09 2027-04-13"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T18:30", "2026-11-27 2026-12-25 2027-01-29 2027-02-26 2027-03-26"),
        # the fifth Monday: only in months that have one
        ("FREQ=MONTHLY;BYDAY=5MO", "2026-11-30T18:30", "2026-11-30 2027-03-29 2027-05-31 2027-08-30 2027-11-29"),
        # every second Friday, over the end of the year
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-12-04T09:00", "2026-12-04 2026-12-18 2027-01-01 2027-01-15 2027-01-29"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "2026-12-05T09:00", "2026-12-05 2026-12-06 2026-12-12 2026-12-13 2026-12-19"),
        # every second week from a Tuesday: the week's first day decides (RFC 5545, WKST)
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05T09:00", "1997-08-05 1997-08-10 1997-08-19 1997-08-24"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"),
        # the 31st: months without one are left out, not moved
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31T10:00", "2026-12-31 2027-01-31 2027-03-31 2027-05-31 2027-07-31"),
        ("FREQ=MONTHLY", "2026-12-31T10:00", "2026-12-31 2027-01-31 2027-03-31 2027-05-31 2027-07-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31T10:00", "2026-12-31 2027-01-31 2027-02-28 2027-03-31 2027-04-30"),
        # 29 February: only in leap years
        ("FREQ=YEARLY", "2024-02-29T10:00", "2024-02-29 2028-02-29 2032-02-29"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2027-02-28T10:00", "2027-02-28 2028-02-29 2029-02-28"),
        # the last working day of the month; Friday the 13th
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30T10:00", "2026-11-30 2026-12-31 2027-01-29 2027-02-26"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-11-13T10:00", "2026-11-13 2027-08-13 2028-10-13"),
        ("FREQ=DAILY;COUNT=3", "2026-12-30T10:00", "2026-12-30 2026-12-31 2027-01-01"),
        ("FREQ=DAILY;UNTIL=20261231T090000Z", "2026-12-30T10:00", "2026-12-30 2026-12-31"),  # 10:00 in Paris, counting
        ("FREQ=DAILY;UNTIL=20261231T085959Z", "2026-12-30T10:00", "2026-12-30"),
        ("FREQ=DAILY;UNTIL=20261231", "2026-12-30T10:00", "2026-12-30 2026-12-31"),
        ("", "2026-12-30T10:00", "2026-12-30"),
    ],
)  # fmt: skip
def test_dates(rule: str, first: str, expected: str) -> None:
    start = at(first)
    found = occurrences(rule, start, start, start + timedelta(days=365 * 9), PARIS)
    dates = [one.date().isoformat() for one in found]
    assert dates[: len(expected.split())] == expected.split()
    assert {one.time() for one in found} == {start.time()}
    if "COUNT" in rule or "UNTIL" in rule or not rule:
        assert len(found) == len(expected.split())


def test_exceptions_and_windows() -> None:
    first = at("2026-12-04T18:30")
    found = occurrences(
        "FREQ=WEEKLY", first, at("2026-12-11T18:30"), at("2027-01-01T18:30"), PARIS, [at("2026-12-25T18:30")]
    )
    assert [one.day for one in found] == [11, 18, 1]


@pytest.mark.parametrize(
    ("local_start", "utc"),
    [
        ("2027-03-27T18:30", "17:30"),  # the day before the clocks go forward, and the day itself
        ("2027-03-28T18:30", "16:30"),
        ("2026-10-24T18:30", "16:30"),  # and back
        ("2026-10-25T18:30", "17:30"),
        ("2027-03-28T02:30", "01:30"),  # does not exist: by the offset before the gap it is 03:30 (RFC 5545, 3.3.5)
        ("2026-10-25T02:30", "00:30"),  # comes twice: the first
    ],
)
def test_both_changes_of_the_clock(local_start: str, utc: str) -> None:
    assert localised(at(local_start), PARIS).strftime("%H:%M") == utc


def test_a_weekly_session_keeps_its_local_time_over_both_changes() -> None:
    for first in ("2027-03-14T18:30", "2026-10-11T18:30"):
        starts = occurrences("FREQ=WEEKLY;COUNT=5", at(first), at(first), at(first) + timedelta(days=60), PARIS)
        assert {local(localised(one, PARIS), PARIS).time().isoformat() for one in starts} == {"18:30:00"}
        assert len({localised(one, PARIS).time() for one in starts}) == 2


def test_a_night_lasts_by_the_clock_on_the_wall() -> None:
    """22:00 to 6:00 is nine hours when the clocks go back, seven when they go forward."""
    begins, ends = span(at("2026-10-24T22:00"), 8 * 60, PARIS)
    assert (ends - begins, local(ends, PARIS).hour) == (timedelta(hours=9), 6)
    begins, ends = span(at("2027-03-27T22:00"), 8 * 60, PARIS)
    assert (ends - begins, local(ends, PARIS).hour) == (timedelta(hours=7), 6)
    begins, ends = span(at("2027-03-28T02:30"), 30, PARIS)
    assert ends > begins


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=HOURLY", "monthly", "FREQ=MONTHLY;BYDAY=XX", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=3", "FREQ=DAILY;COUNT=-1", "BYDAY=MO", "FREQ=DAILY;UNTIL=soon", "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=DAILY;COUNT=0", "FREQ=WEEKLY;BYMONTH=13", "FREQ=DAILY\nEXDATE=20261212",
    ],
)  # fmt: skip
def test_rules_that_are_none_are_refused(rule: str) -> None:
    with pytest.raises(BadRule):
        parse(rule, at("2026-12-04T18:30"), PARIS)


def test_a_name_before_the_rule_is_taken_off() -> None:
    assert occurrences(
        "RRULE:FREQ=DAILY;COUNT=1", at("2026-12-04T18:30"), at("2026-12-04T00:00"), at("2027-01-01T00:00"), PARIS
    )


def test_birthdays_and_months() -> None:
    day = datetime(2026, 11, 24, tzinfo=UTC).date()
    assert years_later(day.replace(year=2008, month=2, day=29), 18).isoformat() == "2026-03-01"
    assert of_age_on(day.replace(year=1990), day) == day  # of adults, no birthday is kept
    assert of_age_on(day.replace(year=2010, month=5, day=3), day).isoformat() == "2028-05-03"
    assert months_later(day.replace(month=1, day=31), 1).isoformat() == "2026-02-28"
    assert months_later(day.replace(year=2024, month=2, day=29), 12).isoformat() == "2025-02-28"
    assert months_later(day.replace(month=12, day=31), 24).isoformat() == "2028-12-31"
