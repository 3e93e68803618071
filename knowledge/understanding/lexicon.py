"""The words of every language, read once from the files beside this one.

`lexicon/<language>/` holds categories, needs, cues, danger, time and words, each a TOML file of `id = [phrases]`
(notation: phrases.py). A language is added by adding its folder; a file that is missing is an empty one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.categories import categories
from knowledge.frame import NEEDS
from knowledge.text import plain
from knowledge.understanding.matcher import Entry, Matcher
from knowledge.understanding.phrases import CLASS_SEPARATOR, GAP, NUMBER, PhraseError, variants

KINDS = {"categories": "category", "needs": "need", "cues": "cue", "danger": "danger", "time": "time"}
"""File name to kind of entry."""

SECTIONS = {"": (False, 1), "weak": (True, 1), "second": (False, 2)}
"""Section of a file to (weak, rank)."""

IDLE = "idle"
"""Phrases to pass over whatever their words mean elsewhere: "mourir de faim" in danger, "hier" in time."""


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names language, file and phrase."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one language needs beside its phrases, all plain words."""

    function: frozenset[str]
    """Common little words: they tell the language and are never misspellings of something else."""
    elisions: frozenset[str]
    """Letters that stand before a word where the apostrophe was forgotten ("dhebergement")."""
    sounds: tuple[tuple[str, str], ...]
    """Spellings that sound alike, (written, heard), applied in order."""
    request: frozenset[str]
    """Words of asking: "cherche", "où", "need"."""
    telling: frozenset[str]
    """Words of telling about oneself: "je", "suis", "my"."""
    breaks: frozenset[str]
    """Words that begin another clause, as commas do: "mais", "because"."""


NO_WORDS = Words(*[frozenset()] * 2, (), *[frozenset()] * 3)


@dataclass(frozen=True, slots=True)
class Lexicon:
    matcher: Matcher
    words: Mapping[str, Words]
    """By language."""
    vocabulary: Mapping[str, frozenset[str]]
    """Whole words of the phrases, by language."""
    shorthand: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    """Number words of every language."""
    hour_words: frozenset[str]
    """What follows a number to make it an hour: "heures", "o'clock"."""
    labels: Mapping[str, Mapping[str, str]]
    """Firm phrases of one word for services, by language, to their category."""

    def words_of(self, language: str) -> Words:
        """What is known of `language` beside its phrases; nothing for a language without a folder."""
        return self.words.get(language, NO_WORDS)

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Lexicon:
        """Reads every language of `folder`, the bundled one by default. LexiconError names what cannot be used."""
        folder = folder or files("knowledge.understanding").joinpath("lexicon")
        known = {"category": set(categories()), "need": set(NEEDS)}
        languages = sorted((entry for entry in folder.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
        tables = {language.name: _tables(language) for language in languages}
        numbers = {
            plain(word): int(value)
            for files_ in tables.values()
            for value, words in files_.get("time", {}).get("number", {}).items()
            for word in words
        }
        hour_words = frozenset(
            word
            for files_ in tables.values()
            for unit in ("hour", "clock")
            for phrase in files_.get("time", {}).get("unit", {}).get(unit, ())
            for word in plain(phrase).split()[:1]
        )
        short = {plain(w): tuple(plain(full).split()) for files_ in tables.values()
                 for w, full in files_.get("words", {}).get("shorthand", {}).items()}
        matcher = Matcher(word for word, value in numbers.items() if value > 1)
        vocabulary: dict[str, frozenset[str]] = {}
        words: dict[str, Words] = {}
        labels: dict[str, dict[str, str]] = {}
        for language, files_ in tables.items():
            seen: set[str] = set()
            where: dict[tuple[str, tuple[str, ...], bool, int], str] = {}
            for name, kind in KINDS.items():
                for entry in _entries(language, name, kind, files_.get(name, {})):
                    if entry.kind in known and entry.id not in known[entry.kind]:
                        raise LexiconError(f"{language}/{name}.toml: no {entry.kind} is called {entry.id!r}")
                    try:
                        written = variants(entry.phrase)
                    except PhraseError as error:
                        raise LexiconError(f"{language}/{name}.toml: {error}") from error
                    for symbols in written:
                        symbols = tuple(part for symbol in symbols for part in short.get(symbol, (symbol,)))
                        matcher.add(symbols, entry)
                        if kind == "category" and not entry.weak and len(symbols) == 1:
                            labels.setdefault(language, {})[symbols[0].rstrip("*")] = entry.id
                        seen.update(_whole_words(symbols))
                    _refuse_double(where, entry, name)
            vocabulary[language] = frozenset(seen)
            words[language] = _words(files_.get("words", {}))
        return cls(matcher, words, vocabulary, short, numbers, hour_words, labels)


def _tables(folder: Traversable) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            try:
                read[file.name.removesuffix(".toml")] = tomllib.loads(file.read_text(encoding="utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise LexiconError(f"{folder.name}/{file.name}: {error}") from error
    return read


def _entries(language: str, name: str, kind: str, table: Mapping[str, Any]) -> Iterator[Entry]:
    for key, value in table.items():
        if kind == "time":
            if key != "number":
                for id_, phrases in value.items():
                    idle = key == IDLE
                    for phrase in phrases:
                        yield Entry(f"{IDLE} {kind}" if idle else kind, f"{key}:{id_}", language, phrase)
        elif isinstance(value, Mapping):
            if key not in SECTIONS:
                raise LexiconError(f"{language}/{name}.toml: no section is called {key!r}")
            weak, rank = SECTIONS[key]
            for id_, phrases in value.items():
                for phrase in phrases:
                    yield Entry(kind, id_, language, phrase, weak, rank)
        else:
            for phrase in value:
                yield Entry(f"{IDLE} {kind}" if key == IDLE else kind, key, language, phrase)


def _whole_words(symbols: Iterable[str]) -> Iterator[str]:
    for symbol in symbols:
        for word in symbol.split(CLASS_SEPARATOR):
            if word not in (GAP, NUMBER) and not word.endswith("*"):
                yield word


def _refuse_double(where: dict[tuple[str, tuple[str, ...], bool, int], str], entry: Entry, name: str) -> None:
    """A phrase may point to one category and to one need; a second one is told apart by its rank."""
    if entry.kind not in ("category", "need"):
        return
    for symbols in variants(entry.phrase, classes=False):
        other = where.setdefault((entry.kind, symbols, entry.weak, entry.rank), entry.id)
        if other != entry.id:
            raise LexiconError(
                f"{entry.language}/{name}.toml: {' '.join(symbols)!r} points to {other} and to {entry.id}; "
                "put the less likely one under [second]"
            )


def _words(table: Mapping[str, Any]) -> Words:
    return Words(
        function=_set(table, "function"),
        elisions=frozenset(table.get("elisions", ())),
        sounds=tuple((str(a), str(b)) for a, b in table.get("sounds", ())),
        request=_set(table, "request"),
        telling=_set(table, "telling"),
        breaks=_set(table, "breaks"),
    )


def _set(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(plain(table.get(key, "")).split())
