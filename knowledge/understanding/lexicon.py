"""The words of every language, read once from the files of `lexicon/`.

`lexicon/<language>/` holds categories, needs, cues, danger, time and words, each a TOML file of `id = [phrases]`
(notation: phrases.py). A language is added by adding its folder; a file that is missing is an empty one.
Nothing of one language leaks into another: each has its own phrases, forms, numbers and shorthand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.gazetteer.words import PlaceWords, place_words
from knowledge.understanding import lexicon_cache, lexicon_files
from knowledge.understanding.lexicon_files import LexiconError, Tables, Words
from knowledge.understanding.matcher import Matcher, PhraseBook
from knowledge.understanding.phrases import CLASS_SEPARATOR, GAP, NUMBER


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of one language."""

    name: str
    matcher: Matcher
    words: Words
    shorthand: Mapping[str, tuple[str, ...]]
    """What people shorten ("mtn"), to what they mean."""
    numbers: Mapping[str, int]
    hour_words: frozenset[str]
    """What follows a number to make it an hour: "heures", "o'clock"."""
    minutes: Mapping[tuple[str, ...], int]
    """Said after an hour: "et demie" 30."""
    minutes_before: Mapping[tuple[str, ...], int]
    """Said before an hour: "half past" 30."""
    around_places: PlaceWords
    """What stands around names of places."""
    labels: Mapping[str, str]
    """Firm phrases of one word for services, to their category."""

    def is_familiar(self, word: str) -> bool:
        """Whether the language has the very word."""
        words = self.words
        return word in words.function or word in words.ordinary or self.matcher.has(word) or word in self.numbers

    def knows(self, word: str) -> bool:
        """Whether the language has the word in some form."""
        return self.is_familiar(word) or self.matcher.knows(word)


@dataclass(frozen=True, slots=True)
class Lexicon:
    languages: Mapping[str, Language]

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Lexicon:
        """Reads every language of `folder`, the bundled one by default. LexiconError names what cannot be used."""
        folder = folder or files("knowledge.understanding").joinpath("lexicon")
        folders = lexicon_files.language_folders(folder)
        packed = {each.name: lexicon_cache.kept(each, pack) for each in folders}
        return cls({name: _language(name, each) for name, each in packed.items()})

    def named(self, language: str) -> Language | None:
        return self.languages.get(language)


def pack(folder: Traversable) -> dict[str, Any]:
    """The language of `folder` as plain values, ready to be kept in a file."""
    tables = lexicon_files.read_language(folder)
    shorthand, words = lexicon_files.shorthand(tables), lexicon_files.words(tables)
    book = PhraseBook()
    labels: dict[str, str] = {}
    for entry, written in lexicon_files.entries(folder.name, tables):
        for symbols in (written_out(symbols, shorthand, words) for symbols in written):
            book.add(symbols, entry)
            if entry.kind == "category" and not (entry.weak or entry.alone) and len(symbols) == 1:
                labels.update((word, entry.id) for word in _whole_words(symbols[0]))
    return {"phrases": book.packed(), "labels": labels, "tables": _without_phrases(tables)}


def _without_phrases(tables: Tables) -> dict[str, Any]:
    time = tables.get("time", {})
    sections = (*lexicon_files.NUMBER_SECTIONS, "unit")
    places = {key: value for key, value in tables.get("places", {}).items() if key != lexicon_files.NAMES}
    return {
        "words": dict(tables.get("words", {})),
        "time": {key: time[key] for key in sections if key in time},
        "places": places,
    }


def _language(name: str, packed: Mapping[str, Any]) -> Language:
    tables = packed["tables"]
    words, numbers = lexicon_files.words(tables), lexicon_files.numbers(tables)
    counting = (word for word, value in numbers.items() if value > 1)
    return Language(
        name,
        Matcher(name, packed["phrases"], counting, words.forms),
        words,
        lexicon_files.shorthand(tables),
        numbers,
        frozenset(lexicon_files.hour_words(tables)),
        lexicon_files.minutes(tables),
        lexicon_files.minutes(tables, before=True),
        place_words().of_language(tables["places"], words.function, numbers, lru_cache(1024)(words.forms.every))
        if tables["places"]
        else place_words(),
        packed["labels"],
    )


def written_out(symbols: Sequence[str], shorthand: Mapping[str, tuple[str, ...]], words: Words) -> tuple[str, ...]:
    """`symbols` without shorthand and without words torn apart, as sentences are read."""
    full = [part for symbol in symbols for part in shorthand.get(symbol, (symbol,))]
    if not (words.joins_next or words.joins_previous):
        return tuple(full)
    result: list[str] = []
    for symbol in full:
        joins = result and (result[-1] in words.joins_next or symbol in words.joins_previous)
        if joins and symbol[0].isalnum() and result[-1][-1].isalnum():
            result[-1] += symbol
        else:
            result.append(symbol)
    return tuple(result)


def _whole_words(symbol: str) -> Iterator[str]:
    for word in symbol.split(CLASS_SEPARATOR):
        if word not in (GAP, NUMBER) and not word.endswith("*"):
            yield word.rstrip("!")


__all__ = ["Language", "Lexicon", "LexiconError", "Words"]
