"""From words to places: the gazetteer asked for a whole name, or for the names inside a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from knowledge.frame import Place
from knowledge.gazetteer import kept
from knowledge.gazetteer.context import Context
from knowledge.gazetteer.districts import district, postcode
from knowledge.gazetteer.forgiving import misspelled
from knowledge.gazetteer.heard import HeardNames, spots_heard
from knowledge.gazetteer.name_table import LONGEST_PART, NameTable
from knowledge.gazetteer.names import Name
from knowledge.gazetteer.spelling import canonical, is_small
from knowledge.gazetteer.spots import Spot, judged, longest_first, surest_first
from knowledge.gazetteer.typos import NearNames
from knowledge.gazetteer.words import PlaceWords, place_words
from knowledge.text import Token
from knowledge.text import tokens as tokens_of

_LONGEST_NAME_WORDS = 12
_WHOLE_LIKENESS = 0.8
"""Least likeness of a text that is taken as one misspelled name."""


class Gazetteer:
    """Names of stations, squares, landmarks, quartiers and arrondissements in any usual spelling."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._names = NameTable(packed["names"])
        self._near = NearNames(packed["near"], self._names)
        self._heard = HeardNames(packed["heard"], self._names)
        self._districts = {postcode: Place(*place) for postcode, place in packed["districts"].items()}

    @classmethod
    def load(cls) -> Gazetteer:
        """From the bundled places."""
        return cls(kept.packed())

    def look_up(self, name: str) -> list[Place]:
        """The places that a text which should be one place name may mean, best first; empty when none is good enough."""
        said = tokens_of(name)
        around = place_words().around | place_words().kind_markers
        for spot in sorted(self.spot(said), key=lambda spot: -spot.length):
            if all(token.word in around for token in (*said[: spot.start], *said[spot.end :])):
                return list(spot.places)
        whole = self._near.nearest([canonical(token.word) for token in said], expected=True) if said else None
        return list(whole[0].places) if whole and whole[1] >= _WHOLE_LIKENESS else []

    def spot(
        self,
        tokens: Sequence[Token],
        taken: Collection[int] = (),
        said: PlaceWords | None = None,
        pauses: Collection[int] = (),
    ) -> list[Spot]:
        """Place names in a sentence, best first, none overlapping another; of two readings the longer wins.

        `taken`: indexes of tokens that have another meaning already. They are not corrected, and make a name only with
        other words, after a marker, or with the score `UNSURE`. `said`: what the language of the sentence says around places; `pauses`: tokens that a comma comes after.
        """
        words = [token.word for token in tokens]
        context = Context(words, taken, said or place_words(), pauses)
        translated = context.said.translated
        canon = [translated.get(said_as) or canonical(word) for said_as, word in zip(context.words, words, strict=True)]
        exact = longest_first((*self._exact(context, canon), *spots_heard(context, words, self._heard)))
        meant = surest_first(misspelled(context, canon, exact, self._near))
        return surest_first(longest_first((*exact, *meant)))

    def _exact(self, context: Context, canon: Sequence[str]) -> Iterator[Spot]:
        for start, word in enumerate(canon):
            arrondissement = district(context, start)
            if arrondissement is not None:
                number, end, marked = arrondissement
                yield Spot(start, end, (self._districts[postcode(number)],), 1.0 if marked else 0.9, marked)
            if word[:2] in self._names.beginnings:
                for end, name in self._names_from(canon, start):
                    spot = judged(context, start, end, name)
                    if spot is not None:
                        yield spot

    def _names_from(self, canon: Sequence[str], start: int) -> Iterator[tuple[int, Name]]:
        """Every name that begins at `start`, spelled in full or without its small words, with its end."""
        may_begin = self._names.may_begin
        full = short = ""
        for end in range(start + 1, min(len(canon), start + _LONGEST_NAME_WORDS) + 1):
            word = canon[end - 1]
            small = is_small(word)
            full += word
            short = short if small else short + word
            if len(short) > self._names.longest or not (
                may_begin(full[:LONGEST_PART]) or may_begin(short[:LONGEST_PART])
            ):
                return
            name = self._names.get(full)
            if name is not None and name.fits(canon[start:end]):
                yield end, name
            elif not small and short != full and not is_small(canon[start]):
                name = self._names.get(short)
                if name is not None and name.fits([word for word in canon[start:end] if not is_small(word)]):
                    yield end, name
