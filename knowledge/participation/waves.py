"""Whom to ask for a mission, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from knowledge.participation.kinds import Candidate, Requirements
from knowledge.participation.nearness import NEAR_M, WITHIN_REACH_M, near
from knowledge.participation.quiet import Quiet
from knowledge.participation.refusals import unmet

WAVE = 8
"""People asked at once, at least; three for each free place."""
ASKED_A_PLACE = 3
LONGEST_WAIT = timedelta(hours=4)
SHORTEST_WAIT = timedelta(minutes=10)
NEAR_WAVES = timedelta(hours=48)
"""A drop-out so close to the start has people asked at once."""
REST = timedelta(hours=20)
"""Nobody is asked for another mission sooner."""

PARTS = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (0, 6)}
"""Local hours [from, to) of the parts of a day that people say they have time in."""


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who could be asked."""

    person_id: int
    candidate: Candidate
    districts: frozenset[str] = frozenset()
    """Postcodes; empty: anywhere."""
    times: frozenset[str] = frozenset()
    """Like "sat-morning"; empty: any."""
    near_only: bool = False
    """In their districts, or next to them, and nowhere else."""
    weekends_only: bool = False
    paused_until: date | None = None
    last_asked_at: datetime | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Mission:
    starts_at: datetime
    ends_at: datetime
    district: str
    """Postcode, "" where it is not known."""
    requirements: Requirements
    position: tuple[float, float] | None = None
    """Latitude and longitude, degrees."""


def fits(volunteer: Volunteer, mission: Mission, now: datetime, zone: ZoneInfo) -> bool:
    """Whether to ask them at all."""
    start = mission.starts_at.astimezone(zone)
    if volunteer.paused_until is not None and now.astimezone(zone).date() < volunteer.paused_until:
        return False
    if volunteer.last_asked_at is not None and now - volunteer.last_asked_at < REST:
        return False
    if volunteer.weekends_only and start.weekday() < 5:
        return False
    if not _near_enough(volunteer, mission):
        return False
    if volunteer.times and part_of_week(start) not in volunteer.times:
        return False
    if any(begins < mission.ends_at and mission.starts_at < ends for begins, ends in volunteer.busy):
        return False
    return not unmet(mission.requirements, volunteer.candidate, start.date())


def _near_enough(volunteer: Volunteer, mission: Mission) -> bool:
    """Who wants to be asked near them only is not asked for what may be anywhere."""
    if not volunteer.districts:
        return not volunteer.near_only
    reach = NEAR_M if volunteer.near_only else WITHIN_REACH_M
    found = near(volunteer.districts, mission.district, mission.position, reach)
    return not volunteer.near_only if found is None else found


def part_of_week(local: datetime) -> str:
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]
    part = next(name for name, (begins, ends) in PARTS.items() if begins <= local.hour < ends)
    return f"{day}-{part}"


def next_wave(volunteers: Iterable[Volunteer], mission: Mission, free: int, now: datetime, zone: ZoneInfo) -> list[int]:
    """The persons to ask now, least recently asked first; more of them the more places are free."""
    if free <= 0:
        return []
    long_ago = datetime.min.replace(tzinfo=zone)
    fitting = [one for one in volunteers if fits(one, mission, now, zone)]
    fitting.sort(key=lambda one: (one.last_asked_at or long_ago, one.person_id))
    return [one.person_id for one in fitting[: max(WAVE, ASKED_A_PLACE * free)]]


def next_at(now: datetime, starts_at: datetime, quiet: Quiet) -> datetime | None:
    """When the next wave goes out, None when it is too late for one."""
    due = quiet.over(now + min(LONGEST_WAIT, max(SHORTEST_WAIT, (starts_at - now) / 12)))
    return due if due < starts_at else None
