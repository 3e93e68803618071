"""The rows of data/places.csv, and the names by which each is known."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files

from knowledge.frame import Place
from knowledge.gazetteer.spelling import canonical, is_small
from knowledge.gazetteer.words import place_words
from knowledge.text import plain

STATIONS = ("metro", "rer", "train", "tram")

_PART = re.compile(r"\s+[-–—]\s+|\s+/\s+")
_SHORTEST_PART = 5
_REMARK = re.compile(r"\s*\([^)]*\)")


class Tier(IntEnum):
    """How far a name is the place's own; a lower tier hides the higher ones of the same spelling."""

    STATION = 0
    NAME = 1
    """The name of a square, landmark or quartier."""
    PART = 2
    """Part of a station's name that stands for it: "Clignancourt", "Cluny"."""
    HINT = 3
    """A word that means the place only where a place is expected: "vers Tenon"."""


Words = tuple[str, ...]
"""A name as canonical words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: the place, its name in canonical words, and its other spellings."""

    place: Place
    words: Words
    aliases: tuple[str, ...]
    postcode: str

    @property
    def is_station(self) -> bool:
        return self.place.kind in STATIONS


def entries() -> tuple[Entry, ...]:
    """Every place of the file, in its order."""
    text = files("knowledge.data").joinpath("places.csv").read_text(encoding="utf-8")
    return tuple(
        Entry(
            Place(row["name"], float(row["latitude"]), float(row["longitude"]), row["kind"]),
            canonical_words(row["name"]),
            tuple(filter(None, row["aliases"].split("|"))),
            row["postcode"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def canonical_words(name: str) -> Words:
    return tuple(map(canonical, plain(name).split()))


def names(rows: Iterable[Entry]) -> Iterator[tuple[Words, Tier, Entry]]:
    """Every name of every row with its tier; the same name may come several times."""
    known = tuple(rows)
    rare = _rare_words(known)
    for entry in known:
        if entry.place.kind == "arrondissement":
            # Their aliases are old names ("Temple") that now mean a station to most people.
            yield entry.words, Tier.NAME, entry
            for alias in entry.aliases:
                yield canonical_words(alias), Tier.HINT, entry
            continue
        own = Tier.STATION if entry.is_station else Tier.NAME
        spelled = [(entry.place.name, entry.words), *((alias, canonical_words(alias)) for alias in entry.aliases)]
        for name, words in spelled:
            yield words, own, entry
            yield from ((shorter, tier, entry) for shorter, tier in _shorter(name, words, entry))
        if entry.is_station:
            yield from (((word,), Tier.HINT, entry) for word in entry.words if word in rare)


def _shorter(name: str, words: Words, entry: Entry) -> Iterator[tuple[Words, Tier]]:
    """What people make of a long name."""
    said = place_words()
    heads = said.left_out_of_stations if entry.is_station else said.left_out_of_others
    part = Tier.PART if entry.is_station else Tier.HINT
    remark = _REMARK.sub("", name)
    for piece in dict.fromkeys((remark, *_PART.split(remark))):
        if piece != name:
            piece_words = canonical_words(piece)
            yield piece_words, part if _is_enough(piece_words) else Tier.HINT
    if words[0] in heads:
        rest = words[1:]
        while rest and is_small(rest[0]):
            rest = rest[1:]
        if _is_enough(rest):
            yield rest, part
    elif is_small(words[0]) and _is_enough(words[1:]):
        yield words[1:], Tier.HINT
    if entry.is_station:
        for town in said.towns:
            start = tuple(town.split())
            if words[: len(start)] == start and len(words) > len(start):
                yield start, Tier.PART


def _is_enough(part: Words) -> bool:
    """Whether a part of a name is long enough to stand for it."""
    return len("".join(part)) >= _SHORTEST_PART


def _rare_words(rows: Iterable[Entry]) -> frozenset[str]:
    """Words of six letters and more that only one station's name has: they are enough to mean it."""
    said = place_words()
    names_of_stations = {entry.words for entry in rows if entry.is_station}
    counts = Counter(word for words in names_of_stations for word in set(words))
    ordinary = {word for phrase in said.ordinary | said.reserved for word in phrase.split()}
    shunned = said.first_names | said.never_enough | said.kinds | said.kind_markers | said.never | ordinary
    return frozenset(word for word, count in counts.items() if count == 1 and len(word) > 5 and word not in shunned)
