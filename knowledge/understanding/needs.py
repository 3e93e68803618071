"""Conditions that the service must meet: words of the lexicon, and ages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from knowledge.understanding.counting import number_at
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence

_FAMILY_SERVICES = frozenset({"child_care", "baby_parcel"})
"""Services that are for the child: saying that there is one adds no condition."""
_ANIMAL_SERVICES = frozenset({"animal_care"})
_OLDEST = 120
_AGE_GROUPS = ((16, 17, "minors"), (18, 25, "young_adults"), (60, 99, "seniors"))
"""First and last age, need. Source: the frame contract."""


def find(hits: Sequence[Hit], ages: Collection[int], services: Collection[str]) -> tuple[str, ...]:
    """The needs said, sorted. `hits`: those of kind need; `ages`: in years; `services`: categories asked for."""
    needs = {hit.id for hit in hits}
    needs.update(need for first, last, need in _AGE_GROUPS for age in ages if first <= age <= last)
    if services and _FAMILY_SERVICES.issuperset(services):
        needs.discard("families")
    if services and _ANIMAL_SERVICES.issuperset(services):
        needs.discard("pets")
    if "pregnant" in needs and not any(hit.id == "women" and hit.mask.bit_count() > 1 for hit in hits):
        needs.discard("women")
    if "minors" in needs:
        needs.discard("young_adults")
    return tuple(sorted(needs))


def ages(sentence: Sentence, hits: Sequence[Hit], numbers: Mapping[str, int]) -> list[int]:
    """The years that `hits`, those of kind age, tell: "j'ai 17 ans", "he's 70"."""
    found = []
    for hit in hits:
        index = hit.start
        while index < hit.end:
            age = number_at(sentence.words, index, numbers)
            if age is not None and age[0] < _OLDEST:
                found.append(age[0])
            index = age[1] if age is not None else index + 1
    return found
