"""The words around place names, from data/place_words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text import plain

_VERY_LONG = 9
_LONG = 6
"""Letters of a word whose misspellings are recognised."""


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The file's lists, ready to ask; what each is for is written beside it there."""

    spelling: dict[str, str]
    small: frozenset[str]
    kinds: frozenset[str]
    left_out_of_stations: frozenset[str]
    left_out_of_others: frozenset[str]
    towns: tuple[str, ...]
    first_names: frozenset[str]
    never_enough: frozenset[str]
    kind_markers: frozenset[str]
    near_markers: frozenset[str]
    maybe_markers: frozenset[str]
    after_markers: frozenset[str]
    between: frozenset[str]
    street: frozenset[str]
    ordinary: frozenset[str]
    reserved: frozenset[str]
    never: frozenset[str]
    grammar: frozenset[str]
    politeness: frozenset[str]
    district: frozenset[str]
    inside: frozenset[str]
    not_after_ordinal: frozenset[str]
    ordinals: dict[str, int]
    """Ordinals in words, 1 to 20, French and English."""
    around: frozenset[str]
    """Words that may stand around a name without saying anything else."""
    explained: frozenset[str]
    """Words that are never a misspelled name."""
    translated: Mapping[str, str]
    """First words of names in another language to the French ones: "plaza" to "place"."""
    heard_small: frozenset[str]
    """Small words of names as other scripts write them: "дю", "لا"."""
    after_near: frozenset[str] = frozenset()
    """Words that come after a place in other languages: "کې", "ته نږدې"."""
    ordinal_ends: frozenset[str] = frozenset()
    """What is written after the figures of an ordinal: "18-й"."""
    city: frozenset[str] = frozenset({"paris"})
    """What the city is called: "Paris 18"."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Numbers in words, 1 to 20, that follow a word for arrondissement."""
    every: frozenset[str] = frozenset()
    """Every word of another language that says something about places, in the forms that its list has."""
    long: tuple[str, ...] = ()
    """The long words that announce places, to recognise them misspelled."""
    alike: Callable[[str], Iterable[str]] = field(default=lambda _: ())
    """Other forms of a word of that language."""

    def listed(self, word: str, *, forgive: bool = False) -> str:
        """`word`, or the form of it that the lists have: "округе" -> "округ"; with `forgive`, the long word about
        places that it misspells ("arrondissemnt")."""
        if word in self.every:
            return word
        if self.every:
            known = next((other for other in self.alike(word) if other in self.every), None)
            if known is not None:
                return known
        return _nearest(word, self.long) if forgive and len(word) >= _LONG else word

    def of_language(
        self,
        table: Mapping[str, Any],
        function: frozenset[str],
        numbers: Mapping[str, int],
        alike: Callable[[str], Iterable[str]],
    ) -> PlaceWords:
        """These words and those of another language. `table`: its places.toml; `function`: its little words;
        `numbers`: its number words; `alike`: other forms of a word."""

        def words(key: str) -> frozenset[str]:
            return frozenset(plain(phrase) for phrase in table.get(key, ()))

        markers = words("kind") | words("near") | words("maybe") | words("after") | words("between") | words("inside")
        around = self.around | words("near") | words("maybe") | words("between") | words("after")
        grammar = (self.grammar | function | words("grammar")) - markers - self.heard_small
        ordinals = {plain(word): int(number) for number, said in table.get("ordinal", {}).items() for word in said}
        return replace(
            self,
            kind_markers=self.kind_markers | words("kind"),
            near_markers=self.near_markers | words("near"),
            maybe_markers=self.maybe_markers | words("maybe"),
            after_near=words("after"),
            between=self.between | words("between") | self.heard_small,
            district=self.district | words("district"),
            city=self.city | words("city"),
            inside=self.inside | words("inside"),
            not_after_ordinal=self.not_after_ordinal | words("not_after"),
            ordinals=self.ordinals | ordinals,
            translated={plain(word): kind for kind, said in table.get("kinds", {}).items() for word in said},
            ordinal_ends=words("ordinal_ends"),
            numbers={word: value for word, value in numbers.items() if 0 < value <= 20},
            grammar=grammar,
            around=around,
            explained=self.explained | around | grammar | words("kind"),
            every=markers
            | frozenset(plain(word) for said in table.get("kinds", {}).values() for word in said)
            | words("district")
            | words("city")
            | words("not_after")
            | ordinals.keys()
            | numbers.keys(),
            long=_long(self.district | words("district") | words("kind") | words("near")),
            alike=alike,
        )


def _long(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in words if len(word) >= _LONG))


@lru_cache(maxsize=2048)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    """The one of `known` that begins like `word` and has a letter or two wrong, else `word`."""
    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=2 if len(word) > _VERY_LONG else 1)
    return found[0] if found is not None and found[0][0] == word[0] else word


@cache
def place_words() -> PlaceWords:
    """The lists, read once."""
    data = tomllib.loads(files("knowledge.data").joinpath("place_words.toml").read_text(encoding="utf-8"))
    names, markers, ordinary, districts = data["names"], data["markers"], data["ordinary"], data["districts"]
    around = frozenset(ordinary["politeness"] + markers["between"] + markers["maybe"] + markers["near"])
    return PlaceWords(
        spelling=data["spelling"]["words"] | data["spelling"]["numbers"],
        small=frozenset(names["small"]),
        kinds=frozenset(names["kinds"]),
        left_out_of_stations=frozenset(names["left_out_of_stations"]),
        left_out_of_others=frozenset(names["left_out_of_others"]),
        towns=tuple(names["towns"]),
        first_names=frozenset(names["first_names"]),
        never_enough=frozenset(names["never_enough"]),
        kind_markers=frozenset(markers["kind"]),
        near_markers=frozenset(markers["near"]),
        maybe_markers=frozenset(markers["maybe"]),
        after_markers=frozenset(markers["after"]),
        between=frozenset(markers["between"]),
        street=frozenset(markers["street"]),
        ordinary=frozenset(ordinary["words"]),
        reserved=frozenset(ordinary["reserved"]),
        never=frozenset(ordinary["never"]),
        grammar=frozenset(ordinary["grammar"]),
        politeness=frozenset(ordinary["politeness"]),
        district=frozenset(districts["words"]),
        inside=frozenset(districts["inside"]),
        not_after_ordinal=frozenset(districts["not_after"]),
        ordinals={word: n for words in (districts["french"], districts["english"]) for n, word in enumerate(words, 1)},
        around=around,
        translated={},
        long=_long(districts["words"]),
        heard_small=frozenset(map(plain, names["heard_small"])),
        explained=around.union(
            ordinary["grammar"], ordinary["never"], ordinary["words"], names["kinds"], names["small"], markers["kind"]
        ),
    )
