"""The order of results, as one whole number a place and a fraction: smaller is better.

Read from its highest bits down: tier, distance band, verified or not, needs not known to be met, only for some people,
position approximate, how far beyond the last band, freshness, distance. So within a distance band an unverified place
never precedes a verified one, and a place checked lately does not send anybody much farther beyond the last band.
"""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum

from knowledge.service import Service


class Tier(IntEnum):
    """What matters most: can one go in?"""

    REACHABLE = 0
    LATER = 1
    UNKNOWN = 2
    CLOSED = 3


BANDS_M = (500, 1_000, 2_000)
"""Upper ends of the distance bands, metres, each belonging to the next band; the last band has no end."""

FAR_M = (2_500, 3_200, 4_000, 5_000, 6_300, 8_000, 10_000)
"""Steps of the last band: within one, freshness counts before distance, as it does within a band."""

NO_DISTANCE_BAND = len(BANDS_M) + 1
"""For what has no distance while other results have one."""

LATER_WITHIN_S = 24 * 3_600
"""A place that opens within a day of the time asked about "opens later"; after that it is closed."""

CLOSING_SOON_S = 30 * 60


class Freshness(IntEnum):
    """How long ago a fact was last checked."""

    RECENT = 0
    """Six months at most."""
    DATED = 1
    """Two years at most."""
    OLD = 2
    """Longer, or no date."""


RECENT_DAYS, DATED_DAYS = 183, 731

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

# Bits to the right of each part of the key. Metres are below 2 ** 26; nine bits of their fraction fit a float too.
_FRESHNESS, _FAR, _APPROXIMATE, _EXCLUSIVE, _NEEDS, _UNVERIFIED, _BAND, _TIER = 26, 28, 31, 32, 33, 38, 39, 42

TIER_UNIT = 1 << _TIER
BAND_UNIT = 1 << _BAND
FAR_UNIT = 1 << _FAR
NEED_UNIT = 1 << _NEEDS
EXCLUSIVE_UNIT = 1 << _EXCLUSIVE
FRESHNESS_UNIT = 1 << _FRESHNESS


def verified_day(verified_on: str) -> int:
    """The earliest day an ISO date, possibly partial, may stand for, as `date.toordinal`; 0 where there is none."""
    match = _DATE.fullmatch(verified_on)
    if match is None:
        return 0
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return 0


def freshness(verified_on: str, today: date) -> Freshness:
    """How fresh a fact checked on `verified_on` (ISO date, possibly partial) is on `today`."""
    age = today.toordinal() - verified_day(verified_on)
    return Freshness((age > RECENT_DAYS) + (age > DATED_DAYS))


def lasting_key(service: Service, approximate: bool) -> int:
    """The part of a place's key that depends on nothing asked."""
    return (not service.verified) << _UNVERIFIED | bool(service.only) << _EXCLUSIVE | approximate << _APPROXIMATE
