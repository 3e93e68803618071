"""The words around place names, from data/place_words.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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
        explained=around.union(
            ordinary["grammar"], ordinary["never"], ordinary["words"], names["kinds"], names["small"], markers["kind"]
        ),
    )
