"""A name found in a sentence, and whether what stands around it makes it a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.frame import Place
from knowledge.gazetteer.context import Context, Mark
from knowledge.gazetteer.entries import Tier
from knowledge.gazetteer.names import Name

UNSURE = 0.5
"""The score of an ordinary word that may be a place only because of where it stands: "douche temple"."""

_TIER_SCORE = {Tier.STATION: 1.0, Tier.NAME: 0.95, Tier.PART: 0.9, Tier.HINT: 0.8}
_UNMARKED = 0.1
"""Taken from the score where no word says that a place comes."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place name in a sentence: tokens [start, end).

    `places`: what it may mean, best first; several only when they are far apart.
    `score`: 1 is certain; `UNSURE` and below is a guess that any other reading of the words should beat.
    `marked`: a word before or after it says that it is a place, or its own first word does.
    """

    start: int
    end: int
    places: tuple[Place, ...]
    score: float
    marked: bool

    @property
    def length(self) -> int:
        return self.end - self.start


def judged(context: Context, start: int, end: int, name: Name, likeness: float = 1.0) -> Spot | None:
    """The spot of `name` at [start, end), None where what stands around speaks against a place.

    `likeness`: 1 for a name spelled right, less for one guessed from a misspelling.
    """
    mark, direct = context.mark(start, end)
    if end - start > 1 and context.words[start] in context.said.kinds:
        mark = max(mark, Mark.NEAR)
    elif context.in_street(start):
        return None
    if name.reserved and mark < Mark.KIND:
        return None
    expected, alone = mark >= Mark.NEAR, context.alone(start, end)
    weak = name.ordinary or name.tier == Tier.HINT
    if context.all_taken(start, end) and not expected:
        return _guess(context, start, end, name, likeness) if likeness == 1 else None
    if weak and not expected and not alone:
        if mark == Mark.MAYBE and direct and likeness == 1:
            return Spot(start, end, name.places, UNSURE, True)
        return _guess(context, start, end, name, likeness)
    score = _TIER_SCORE[name.tier] * likeness
    return Spot(start, end, name.places, score if mark else score - _UNMARKED, mark > Mark.NONE)


def _guess(context: Context, start: int, end: int, name: Name, likeness: float) -> Spot | None:
    if name.tier == Tier.HINT or not (context.telegraphic(start, end) or context.alone(start, end)):
        return None
    return Spot(start, end, name.places, UNSURE * likeness, False)


def longest_first(spots: Iterable[Spot]) -> list[Spot]:
    """Of overlapping `spots` the longer, then the surer."""
    return _apart(sorted(spots, key=lambda spot: (-spot.length, -spot.score)))


def surest_first(spots: Iterable[Spot]) -> list[Spot]:
    """Of overlapping `spots` the surer, then the longer."""
    return _apart(sorted(spots, key=lambda spot: (-spot.score, -spot.length, spot.start)))


def _apart(spots: Iterable[Spot]) -> list[Spot]:
    kept: list[Spot] = []
    for spot in spots:
        if all(spot.end <= other.start or other.end <= spot.start for other in kept):
            kept.append(spot)
    return kept
