"""Why somebody cannot sign up: the first reason that holds, in the order people can do something about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge.participation.kinds import GROUP, Candidate, Requirements


class Reason(StrEnum):
    CANCELLED = "cancelled"
    OVER = "over"
    CLOSED = "closed"
    """Sign-up has ended, or this is not published."""
    NOT_OPEN_YET = "not_open_yet"
    """Opens at `Refusal.opens_at`."""
    ALREADY = "already"
    """`Refusal.other` is their sign-up."""
    OVERLAPS = "overlaps"
    """`Refusal.other` is their sign-up at that time."""
    AGE_UNKNOWN = "age_unknown"
    """Ask whether they are `Refusal.years` or older, keep it (profiles.set_age), try again."""
    TOO_YOUNG = "too_young"
    TRAINING_NEEDED = "training_needed"
    """`Refusal.missing` names the qualification."""
    CHARTER_NEEDED = "charter_needed"
    """Show the charter, keep their yes (profiles.accept_charter), try again."""
    SKILLS_NEEDED = "skills_needed"
    LANGUAGES_NEEDED = "languages_needed"
    TOO_MANY = "too_many"
    """More people than a group may have, or than the session has places."""
    FULL = "full"
    """And no waiting list is kept."""
    GONE = "gone"
    """The offer has run out, or there is no such sign-up of theirs."""


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    other: int | None = None
    """A sign-up of theirs: the one there is already, the one that overlaps."""
    opens_at: datetime | None = None
    years: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything a verdict depends on but the places left."""

    now: datetime
    day: date
    """The local day of the session."""
    published: bool
    cancelled: bool
    starts_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int
    requirements: Requirements
    candidate: Candidate
    seats: int
    already: int | None = None
    overlapping: int | None = None


def _time(wish: Wish) -> Refusal | None:
    if wish.cancelled:
        return Refusal(Reason.CANCELLED)
    if wish.now >= wish.starts_at:
        return Refusal(Reason.OVER)
    if not wish.published or (wish.closes_at is not None and wish.now >= wish.closes_at):
        return Refusal(Reason.CLOSED)
    if wish.opens_at is not None and wish.now < wish.opens_at:
        return Refusal(Reason.NOT_OPEN_YET, opens_at=wish.opens_at)
    return None


def _twice(wish: Wish) -> Refusal | None:
    if wish.already is not None:
        return Refusal(Reason.ALREADY, other=wish.already)
    if wish.overlapping is not None:
        return Refusal(Reason.OVERLAPS, other=wish.overlapping)
    return None


def _age(wish: Wish) -> Refusal | None:
    years = wish.requirements.minimum_age
    old_enough = wish.candidate.age_at_least(years, wish.day)
    if old_enough:
        return None
    return Refusal(Reason.AGE_UNKNOWN if old_enough is None else Reason.TOO_YOUNG, years=years)


def _qualified(wish: Wish) -> Refusal | None:
    needed, candidate = wish.requirements, wish.candidate
    if needed.training and not candidate.holds(needed.training, wish.day):
        return Refusal(Reason.TRAINING_NEEDED, missing=(needed.training,))
    if missing := needed.skills - candidate.skills:
        return Refusal(Reason.SKILLS_NEEDED, missing=tuple(sorted(missing)))
    if missing := needed.languages - candidate.languages:
        return Refusal(Reason.LANGUAGES_NEEDED, missing=tuple(sorted(missing)))
    if needed.charter and not candidate.charter:
        return Refusal(Reason.CHARTER_NEEDED)
    return None


def _group(wish: Wish) -> Refusal | None:
    if not 1 <= wish.seats <= min(GROUP, max(wish.capacity, 1)):
        return Refusal(Reason.TOO_MANY)
    return None


VERDICTS: tuple[Callable[[Wish], Refusal | None], ...] = (_time, _twice, _age, _qualified, _group)


def refusal(wish: Wish) -> Refusal | None:
    """Why not, None when they may take part if there is room."""
    return next((no for verdict in VERDICTS if (no := verdict(wish)) is not None), None)


def unmet(requirements: Requirements, candidate: Candidate, day: date) -> bool:
    """Whether something asked for is missing, or not known: such people are not asked to come."""
    return not candidate.age_at_least(requirements.minimum_age, day) or bool(
        (requirements.training and not candidate.holds(requirements.training, day))
        or requirements.skills - candidate.skills
        or requirements.languages - candidate.languages
        or (requirements.charter and not candidate.charter)
    )
