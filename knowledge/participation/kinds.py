"""What an activity asks for, and what is known of whoever wants to take part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    TRAINING = "training"
    MISSION = "mission"
    CAFE = "cafe"
    DEBATE = "debate"
    CULTURE = "culture"
    COLLECTION = "collection"


GROUP = 5
"""The most people one person may sign up, themselves among them."""


@dataclass(frozen=True, slots=True)
class Requirements:
    minimum_age: int = 0
    """Years; 0 for everybody."""
    training: str = ""
    """The qualification that must be held on the day, "" for none."""
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    charter: bool = False
    """The charter of volunteers must be accepted."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a person that requirements ask about."""

    of_age_on: date | None = None
    """When they are, or were, eighteen; the day they confirmed it for those who said they are. None: never asked."""
    qualifications: Mapping[str, date | None] = frozenset()  # type: ignore[assignment]
    """What they hold -> the last day it is valid, None for ever."""
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    charter: bool = False

    def age_at_least(self, years: int, day: date) -> bool | None:
        """None where their age is not known."""
        if years <= 0:
            return True
        if self.of_age_on is None:
            return None
        return day >= years_later(self.of_age_on, years - 18)

    def holds(self, qualification: str, day: date) -> bool:
        if qualification not in self.qualifications:
            return False
        until = self.qualifications[qualification]
        return until is None or day <= until


def years_later(day: date, years: int) -> date:
    """The same day `years` later, or earlier; born on 29 February, one is a year older on 1 March in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, the last one where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def of_age_on(born: date, today: date) -> date:
    """What is kept in place of a date of birth: for minors the day they will be eighteen, for adults only today, the day
    they said so."""
    eighteen = years_later(born, 18)
    return eighteen if eighteen > today else today
