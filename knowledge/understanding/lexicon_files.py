"""The lexicon files as tables and entries: what may stand in them, and what is refused with a name and a reason."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from itertools import chain, product
from typing import Any

from knowledge.categories import categories
from knowledge.frame import NEEDS
from knowledge.text import plain
from knowledge.understanding.drawls import shortened
from knowledge.understanding.forms import NO_ENDING, Forms
from knowledge.understanding.matcher import Entry
from knowledge.understanding.phrases import CLASS_SEPARATOR, PhraseError, variants

KINDS = {"categories": "category", "needs": "need", "cues": "cue", "danger": "danger", "time": "time"}
"""File name to kind of entry. `words` is the one file beside them."""

SECTIONS: dict[str, dict[str, Any]] = {"weak": {"weak": True}, "second": {"rank": 2}, "alone": {"alone": True}}
"""Section of a file to what it says of its entries."""

IDLE = "idle"
"""Phrases to pass over whatever their words mean elsewhere: "mourir de faim" in danger, "hier" in time."""

AGE = "age"
"""In needs files: ways to tell an age."""

NUMBER_SECTIONS = ("number", "minutes", "minutes_before")
"""In time files: value to words, no phrases."""

OTHER_FILES = ("words", "places")
"""Files that hold other things than phrases by what they mean."""

NAMES = "names"
"""In places files: names of the gazetteer to phrases for them."""

Tables = Mapping[str, Mapping[str, Any]]
"""The files of one language by name."""


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names language, file and phrase."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one language needs beside its phrases, all plain words."""

    function: frozenset[str] = frozenset()
    """Little words: they tell the language, say nothing else, and are no misspellings."""
    ordinary: Container[str] = frozenset()
    """Common words that say nothing to the bot, and are no misspellings either."""
    endings: tuple[tuple[str, str], ...] = ()
    """Ends of words that mean the same in phrases, (said, written there): "jouent" is found under "jouer"."""
    forms: Forms = field(default_factory=Forms)
    """Other endings and prefixes under which a word is found."""
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
    asking: frozenset[str] = frozenset()
    """Words that begin the clause where one asks, after one that tells, without any comma: "cherche"."""
    purpose: frozenset[str] = frozenset()
    """Words before what a service is for: "pour", "para"."""
    joins: frozenset[str] = frozenset()
    """Words that put two services side by side: "et", "and"."""
    towards: frozenset[str] = frozenset()
    """Words before a body that one tells of: "téléphoner à la préfecture"."""
    reaching: frozenset[str] = frozenset()
    """Words before those that make it asked for: "aller à"."""
    determiners: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    """Words of one's own: "mon", "my"."""
    contrary: frozenset[str] = frozenset()
    """Words that deny what comes after them: "pas", "not"."""
    contrary_after: frozenset[str] = frozenset()
    """Words that deny what comes before them."""
    articles: frozenset[str] = frozenset()
    """Words that may stand between those and what is denied."""
    habit_articles: frozenset[str] = frozenset()
    """Articles that make a part of the day a habit: "le soir"."""
    joins_next: frozenset[str] = frozenset()
    """Words that belong to the next one though they are written apart."""
    joins_previous: frozenset[str] = frozenset()
    joined_openers: frozenset[str] = frozenset()
    """Letters that mean "and" before the first word of a follow-up, written on it."""
    letters: frozenset[str] = frozenset()
    """Letters that no other language of the script has."""
    silent: str = ""
    """Letters added to or left off the end of words unheard."""


def read_folder(folder: Traversable) -> dict[str, Tables]:
    """The files of every language in `folder`."""
    return {language.name: read_language(language) for language in language_folders(folder)}


def language_folders(folder: Traversable) -> list[Traversable]:
    folders = (entry for entry in folder.iterdir() if entry.is_dir() and entry.name.isalpha())
    return sorted(folders, key=lambda entry: entry.name)


def read_language(folder: Traversable) -> Tables:
    tables: dict[str, Mapping[str, Any]] = {}
    for file in language_files(folder):
        name = file.name.removesuffix(".toml")
        if name not in KINDS and name not in OTHER_FILES:
            raise LexiconError(f"{folder.name}/{file.name}: no lexicon file has this name")
        try:
            tables[name] = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"{folder.name}/{file.name}: {error}") from error
    return tables


def language_files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def entries(language: str, tables: Tables) -> Iterator[tuple[Entry, list[tuple[str, ...]]]]:
    """Every phrase of one language as an entry, with the sequences of symbols that it stands for.

    LexiconError where a phrase cannot be read, points to nothing known, or to two services of the same rank. It may
    tell of two needs: "mère seule".
    """
    known = {"category": set(categories()), "need": set(NEEDS)}
    where: dict[tuple[object, ...], str] = {}
    for name, kind in KINDS.items():
        for entry in _entries(language, name, kind, tables.get(name, {})):
            if entry.kind in known and entry.id not in known[entry.kind]:
                raise LexiconError(f"{language}/{name}.toml: no {entry.kind} is called {entry.id!r}")
            written = _variants(language, name, entry.phrase)
            if entry.kind == "category":
                _refuse_double(where, entry, name, written)
            yield entry, written
    for name, phrases in tables.get("places", {}).get(NAMES, {}).items():
        for phrase in phrases:
            yield Entry("place", name, language, phrase), _variants(language, "places", phrase)


def _variants(language: str, name: str, phrase: str) -> list[tuple[str, ...]]:
    try:
        return variants(phrase)
    except PhraseError as error:
        raise LexiconError(f"{language}/{name}.toml: {error}") from error


def _entries(language: str, name: str, kind: str, table: Mapping[str, Any]) -> Iterator[Entry]:
    for key, value in table.items():
        if kind == "time":
            if key not in NUMBER_SECTIONS:
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


def _refuse_double(
    where: dict[tuple[object, ...], str], entry: Entry, name: str, written: Iterable[tuple[str, ...]]
) -> None:
    for symbols in chain.from_iterable(map(_without_classes, written)):
        other = where.setdefault((entry.weak, entry.rank, entry.alone, symbols), entry.id)
        if other != entry.id:
            raise LexiconError(
                f"{entry.language}/{name}.toml: {' '.join(symbols)!r} points to {other} and to {entry.id}; "
                "put the less likely one under [second]"
            )


def _without_classes(symbols: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    if not any(CLASS_SEPARATOR in symbol for symbol in symbols):
        return (symbols,)
    return product(*(symbol.split(CLASS_SEPARATOR) for symbol in symbols))


def words(tables: Tables) -> Words:
    table = tables.get("words", {})
    return Words(
        function=_set(table, "function"),
        ordinary=ordinary(tables),
        forms=_forms(table),
        elisions=frozenset(table.get("elisions", ())),
        sounds=_pairs(table, "sounds"),
        request=_set(table, "request"),
        telling=_set(table, "telling"),
        breaks=_set(table, "breaks"),
        asking=_set(table, "asking"),
        purpose=_set(table, "purpose"),
        joins=_set(table, "joins"),
        towards=_set(table, "towards"),
        reaching=_set(table, "reaching"),
        determiners=_set(table, "determiners"),
        own=_set(table, "own"),
        contrary=_set(table, "contrary"),
        contrary_after=_set(table, "contrary_after"),
        articles=_set(table, "articles"),
        habit_articles=_set(table, "habit_articles"),
        joins_next=_set(table, "joins_next"),
        joins_previous=_set(table, "joins_previous"),
        joined_openers=_set(table, "joined_openers"),
        letters=frozenset(table.get("letters", "").replace(" ", "")),
        silent=table.get("silent", ""),
    )


def ordinary(tables: Tables) -> frozenset[str]:
    return _set(tables.get("words", {}), "ordinary")


def _forms(table: Mapping[str, Any]) -> Forms:
    rows = {int(remain): [_plain_endings(row) for row in rows] for remain, rows in table.get("forms", {}).items()}
    endings = ((_plain_ending(said), _plain_ending(written)) for said, written in _pairs(table, "endings"))
    return Forms.of(plain(table.get("prefixes", "")).split(), tuple(endings), rows)


def _plain_endings(row: str) -> list[str]:
    return list(dict.fromkeys(map(_plain_ending, row.split())))


def _plain_ending(ending: str) -> str:
    return ending if ending == NO_ENDING else plain(ending)


def shorthand(tables: Tables) -> dict[str, tuple[str, ...]]:
    """What people shorten, to what they mean: "mtn" to "maintenant"."""
    table = tables.get("words", {}).get("shorthand", {})
    return {plain(short): tuple(plain(full).split()) for short, full in table.items()}


def numbers(tables: Tables) -> dict[str, int]:
    """Number words to their values."""
    return {" ".join(words): value for words, value in _valued(tables, "number").items()}


def minutes(tables: Tables, *, before: bool = False) -> dict[tuple[str, ...], int]:
    """What is said after (or before) an hour, to the minutes that it adds: "et demie" to 30."""
    return _valued(tables, "minutes_before" if before else "minutes")


def _valued(tables: Tables, section: str) -> dict[tuple[str, ...], int]:
    table = tables.get("time", {}).get(section, {})
    return {tuple(plain(phrase).split()): int(value) for value, written in table.items() for phrase in written}


def hour_words(tables: Tables) -> set[str]:
    """First words of what follows a number to make it an hour: "heures", "o'clock"."""
    units = tables.get("time", {}).get("unit", {})
    return {plain(phrase).split()[0] for unit in ("hour", "clock") for phrase in units.get(unit, ())}


def _set(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(map(shortened, plain(table.get(key, "")).split()))


def _pairs(table: Mapping[str, Any], key: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(a), str(b)) for a, b in table.get(key, ()))
