"""The lexicon files as tables and entries: what may stand in them, and what is refused with a name and a reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.categories import categories
from knowledge.frame import NEEDS
from knowledge.text import plain
from knowledge.understanding.matcher import Entry
from knowledge.understanding.phrases import PhraseError, variants

KINDS = {"categories": "category", "needs": "need", "cues": "cue", "danger": "danger", "time": "time"}
"""File name to kind of entry. `words` is the one file beside them."""

SECTIONS: dict[str, dict[str, Any]] = {"weak": {"weak": True}, "second": {"rank": 2}, "alone": {"alone": True}}
"""Section of a file to what it says of its entries."""

IDLE = "idle"
"""Phrases to pass over whatever their words mean elsewhere: "mourir de faim" in danger, "hier" in time."""

AGE = "age"
"""In needs files: ways to tell an age."""

NUMBER_SECTION = "number"
"""In time files: value to words, no phrases."""

Tables = Mapping[str, Mapping[str, Any]]
"""The files of one language by name."""


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names language, file and phrase."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one language needs beside its phrases, all plain words."""

    function: frozenset[str] = frozenset()
    """Little words: they tell the language, say nothing else, and are no misspellings."""
    ordinary: frozenset[str] = frozenset()
    """Common words that say nothing to the bot, and are no misspellings either."""
    endings: tuple[tuple[str, str], ...] = ()
    """Ends of words that mean the same in phrases, (said, written there): "jouent" is found under "jouer"."""
    elisions: frozenset[str] = frozenset()
    """Letters that stand before a word where the apostrophe was forgotten ("dhebergement")."""
    sounds: tuple[tuple[str, str], ...] = ()
    """Spellings that sound alike, (written, heard), applied in order."""
    request: frozenset[str] = frozenset()
    """Words of asking: "cherche", "où", "need"."""
    telling: frozenset[str] = frozenset()
    """Words of telling about oneself: "je", "suis", "my"."""
    breaks: frozenset[str] = frozenset()
    """Words that begin another clause, as commas do: "mais", "because"."""


def read_folder(folder: Traversable) -> dict[str, Tables]:
    """The files of every language in `folder`."""
    languages = sorted((entry for entry in folder.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    return {language.name: _read_language(language) for language in languages}


def _read_language(folder: Traversable) -> Tables:
    tables: dict[str, Mapping[str, Any]] = {}
    for file in folder.iterdir():
        name = file.name.removesuffix(".toml")
        if name not in KINDS and name not in ("words", "places"):
            raise LexiconError(f"{folder.name}/{file.name}: no lexicon file has this name")
        try:
            tables[name] = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"{folder.name}/{file.name}: {error}") from error
    return tables


def entries(language: str, tables: Tables) -> Iterator[tuple[Entry, list[tuple[str, ...]]]]:
    """Every phrase of one language as an entry, with the sequences of symbols that it stands for.

    LexiconError where a phrase cannot be read, points to nothing known, or to two things of the same rank.
    """
    known = {"category": set(categories()), "need": set(NEEDS)}
    where: dict[tuple[object, ...], str] = {}
    for name, kind in KINDS.items():
        for entry in _entries(language, name, kind, tables.get(name, {})):
            if entry.kind in known and entry.id not in known[entry.kind]:
                raise LexiconError(f"{language}/{name}.toml: no {entry.kind} is called {entry.id!r}")
            try:
                written = variants(entry.phrase)
            except PhraseError as error:
                raise LexiconError(f"{language}/{name}.toml: {error}") from error
            if entry.kind in known:
                _refuse_double(where, entry, name)
            yield entry, written


def _entries(language: str, name: str, kind: str, table: Mapping[str, Any]) -> Iterator[Entry]:
    for key, value in table.items():
        if kind == "time":
            if key != NUMBER_SECTION:
                shown = f"{IDLE} {kind}" if key == IDLE else kind
                for id_, phrases in value.items():
                    yield from (Entry(shown, f"{key}:{id_}", language, phrase) for phrase in phrases)
        elif key == AGE:
            yield from (Entry(AGE, AGE, language, phrase) for phrase in value)
        elif key == IDLE:
            yield from (Entry(f"{IDLE} {kind}", key, language, phrase) for phrase in value)
        elif isinstance(value, Mapping):
            if key not in SECTIONS:
                raise LexiconError(f"{language}/{name}.toml: no section is called {key!r}")
            for id_, phrases in value.items():
                yield from (Entry(kind, id_, language, phrase, **SECTIONS[key]) for phrase in phrases)
        else:
            yield from (Entry(kind, key, language, phrase) for phrase in value)


def _refuse_double(where: dict[tuple[object, ...], str], entry: Entry, name: str) -> None:
    for symbols in variants(entry.phrase, classes=False):
        other = where.setdefault((entry.kind, entry.weak, entry.rank, entry.alone, symbols), entry.id)
        if other != entry.id:
            raise LexiconError(
                f"{entry.language}/{name}.toml: {' '.join(symbols)!r} points to {other} and to {entry.id}; "
                "put the less likely one under [second]"
            )


def words(tables: Tables) -> Words:
    table = tables.get("words", {})
    return Words(
        function=_set(table, "function"),
        ordinary=_set(table, "ordinary"),
        endings=_pairs(table, "endings"),
        elisions=frozenset(table.get("elisions", ())),
        sounds=_pairs(table, "sounds"),
        request=_set(table, "request"),
        telling=_set(table, "telling"),
        breaks=_set(table, "breaks"),
    )


def shorthand(tables: Tables) -> dict[str, tuple[str, ...]]:
    """What people shorten, to what they mean: "mtn" to "maintenant"."""
    table = tables.get("words", {}).get("shorthand", {})
    return {plain(short): tuple(plain(full).split()) for short, full in table.items()}


def numbers(tables: Tables) -> dict[str, int]:
    """Number words to their values."""
    table = tables.get("time", {}).get(NUMBER_SECTION, {})
    return {plain(word): int(value) for value, written in table.items() for word in written}


def hour_words(tables: Tables) -> set[str]:
    """First words of what follows a number to make it an hour: "heures", "o'clock"."""
    units = tables.get("time", {}).get("unit", {})
    return {plain(phrase).split()[0] for unit in ("hour", "clock") for phrase in units.get(unit, ())}


def _set(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(plain(table.get(key, "")).split())


def _pairs(table: Mapping[str, Any], key: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(a), str(b)) for a, b in table.get(key, ()))
