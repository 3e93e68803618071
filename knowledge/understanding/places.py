"""Where: the place names and addresses of a sentence, set against its other words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from knowledge.frame import Place
from knowledge.gazetteer import UNSURE, Spot
from knowledge.gazetteer.districts import DISTRICTS
from knowledge.understanding.address import Address
from knowledge.understanding.categories import denied
from knowledge.understanding.lexicon_files import Words
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence

_HAVE_A_DAY = frozenset(
    {"training", "activity", "outreach", "event", "meeting", "volunteer", "collections", "trainings"}
)
_GO_ON = frozenset({"au", "a", "h", "et"})
"""Words after a day of the month: "du 18 au 20"."""
_WEAK_KINDS = ("cue", "danger", "idle danger")
"""Kinds of words that a place name overrides: "Solidarité", "Nation"."""


@dataclass(frozen=True, slots=True)
class Where:
    """`tokens`: indexes that the place or the address explains."""

    spot: Spot | None
    address: Address | None
    tokens: frozenset[int]

    @property
    def place(self) -> Place | None:
        """The place when it is certain."""
        return self.spot.places[0] if self.spot is not None and len(self.spot.places) == 1 else None

    @property
    def candidates(self) -> tuple[Place, ...]:
        """The places that an ambiguous name may mean."""
        return self.spot.places if self.spot is not None and len(self.spot.places) > 1 else ()


def choose(
    sentence: Sentence, spots: Sequence[Spot], address: Address | None, hits: Sequence[Hit], words: Words
) -> Where:
    """The place meant. `hits`: what the lexicon makes of the same words; the longer explanation of a word wins, a place
    that is marked as one wins a draw. Of several, one that is denied ("pas Bastille, Nation") is not meant."""
    if address is not None:
        covering = [spot for spot in spots if spot.start < address.end and spot.end > address.start]
        named = next(
            (spot for spot in covering if spot.start <= address.end - 2 and _covers_street(spot, address)), None
        )
        if named is not None and not address.numbered:
            return Where(named, None, frozenset(range(named.start, named.end)))
        return Where(named, address, frozenset(range(address.start, address.end)))
    for spot in spots:
        if _beaten(spot, hits) or (len(spots) > 1 and denied(sentence, spot.start, spot.end, words)):
            continue
        return Where(spot, None, frozenset(range(spot.start, spot.end)))
    return Where(None, None, frozenset())


def district_of_service(sentence: Sentence, hits: Iterable[Hit]) -> tuple[int, int, int] | None:
    """The arrondissement of "la PMI du 18", and its tokens; activities have a day there, "la maraude du 18"."""
    words = (*sentence.words, "", "")
    told = list(hits)
    if any(hit.entry.kind == "cue" and hit.id in _HAVE_A_DAY for hit in told):
        return None
    for hit in told:
        at = hit.end + 1
        if hit.entry.kind != "category" or words[hit.end] != "du" or not words[at].isdigit():
            continue
        number = int(words[at]) if len(words[at]) <= 2 else 0
        counted = any(each.id.startswith(("month:", "unit:")) and each.start == at + 1 for each in told)
        if 0 < number <= DISTRICTS and not counted and words[at + 1] not in _GO_ON:
            return number, hit.end + 1, at + 1
    return None


def without(hits: Sequence[Hit], tokens: Collection[int]) -> list[Hit]:
    """The hits that do not live on words of the place."""
    if not tokens:
        return list(hits)
    mask = sum(1 << index for index in tokens)
    return [hit for hit in hits if hit.mask & ~mask or hit.entry.kind.startswith("idle")]


def _covers_street(spot: Spot, address: Address) -> bool:
    """Whether the spot takes in the kind of street too ("place de la Nation"), not the name alone ("rue de Charonne")."""
    return spot.start <= address.start + (1 if address.numbered else 0) and spot.end >= address.end - 1


def _beaten(spot: Spot, hits: Sequence[Hit]) -> bool:
    own = sum(1 << index for index in range(spot.start, spot.end))
    for hit in hits:
        if not hit.mask & own or hit.entry.kind in _WEAK_KINDS:
            continue
        if hit.mask & own == own and hit.mask != own:
            return True
        if hit.mask == own and (not spot.marked or spot.score <= UNSURE) and not hit.entry.weak:
            return True
    return False
