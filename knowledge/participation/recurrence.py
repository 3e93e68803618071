"""Dates of a series: RFC 5545 rules on the local calendar."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from dateutil.rrule import rrule

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS",
}  # fmt: skip
MOST = 1000
"""Occurrences of one series looked at in one go."""


class BadRule(ValueError):
    """Not a rule that a series can have; the message says what is wrong."""


def parse(rule: str, first: datetime, zone: ZoneInfo) -> rrule:
    """The rule of a series whose first session begins at `first`, a local time without zone. Raises BadRule."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - only where there are series

    parts = dict(_parts(rule.removeprefix("RRULE:")))
    if parts.get("FREQ") not in FREQUENCIES:
        raise BadRule(f"FREQ must be one of {', '.join(FREQUENCIES)}")
    if unknown := parts.keys() - PARTS:
        raise BadRule(f"not known: {', '.join(sorted(unknown))}")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and "BYMONTHDAY" in parts:
        raise BadRule("BYMONTHDAY goes with FREQ=MONTHLY or YEARLY")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and (not parts[name].isdigit() or not 1 <= int(parts[name]) <= MOST):
            raise BadRule(f"{name} is a number from 1 to {MOST}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("COUNT and UNTIL exclude each other")
    if "UNTIL" in parts:
        parts["UNTIL"] = _local_until(parts["UNTIL"], zone)
    try:
        parsed = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=first)
        if next(iter(parsed), None) is None:
            raise BadRule("no day fits this rule")
    except BadRule:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BadRule(f"not a rule of RFC 5545: {error}") from None
    return parsed  # type: ignore[return-value]


def _parts(rule: str) -> list[tuple[str, str]]:
    found = re.findall(r"([A-Z]+)=([A-Z0-9,+:-]+)(?:;|$)", rule)
    if ";".join(f"{name}={value}" for name, value in found) != rule.rstrip(";"):
        raise BadRule("write it like FREQ=MONTHLY;BYDAY=2TU")
    if len({name for name, _ in found}) != len(found):
        raise BadRule("every part may stand there once")
    return found


def _local_until(value: str, zone: ZoneInfo) -> str:
    """UNTIL in UTC, as RFC 5545 wants it with a time zone, becomes local; a bare date holds until its end."""
    if re.fullmatch(r"\d{8}", value):
        return f"{value}T235959"
    if re.fullmatch(r"\d{8}T\d{6}Z", value):
        moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return moment.astimezone(zone).strftime("%Y%m%dT%H%M%S")
    return value


def occurrences(
    rule: str,
    first: datetime,
    after: datetime,
    before: datetime,
    zone: ZoneInfo,
    skipped: Collection[datetime] = (),
) -> list[datetime]:
    """Local beginnings from `after` until `before`, both counting, without those `skipped`. All are times without zone.
    A series without rule ("") begins once."""
    if not rule:
        found = [first] if after <= first <= before else []
    else:
        found = list(islice(parse(rule, first, zone).xafter(after, inc=True), MOST))
    return [start for start in found if start <= before and start not in skipped]


def localised(start: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) of a local time. One that does not exist is read with the offset before the gap, of one that comes
    twice the first counts. Source: RFC 5545, 3.3.5."""
    return start.replace(tzinfo=zone, fold=0).astimezone(UTC)


def span(start: datetime, minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments of a session that begins at the local time `start` and ends `minutes` later by the clock on the wall."""
    begins = localised(start, zone)
    ends = localised(start + timedelta(minutes=minutes), zone)
    return begins, ends if ends > begins else begins + timedelta(minutes=minutes)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The local time, without zone, of a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)
