"""The words of every language, read once from the files of `lexicon/`.

`lexicon/<language>/` holds categories, needs, cues, danger, time and words, each a TOML file of `id = [phrases]`
(notation: phrases.py). A language is added by adding its folder; a file that is missing is an empty one.
Nothing of one language leaks into another: each has its own phrases, forms, numbers and shorthand.
A language takes one or two megabytes once it is read, and nothing before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import RLock
from typing import Any, TypeVar

from knowledge.gazetteer.words import PlaceWords, place_words
from knowledge.text import plain
from knowledge.understanding import lexicon_files
from knowledge.understanding.lexicon_cache import Kept, Packed
from knowledge.understanding.lexicon_files import LexiconError, Tables, Words
from knowledge.understanding.matcher import Matcher, PhraseBook
from knowledge.understanding.near_words import NearWords
from knowledge.understanding.phrases import CLASS_SEPARATOR, GAP, NUMBER
from knowledge.understanding.word_marks import WordMarks

ALWAYS = ("fr", "en")
"""Languages that are ready from the start; any sentence in Latin letters may be theirs."""
LATIN_TOO = ("ar",)
"""Languages of another script that people also type in Latin letters, with digits for sounds that those lack."""

_KEPT_WORDS = 1024
_ABOUT_PLACES = ("near", "kind", "district", "after")
"""Lists of places.toml whose words tell the language too."""


_Read = TypeVar("_Read")

log = logging.getLogger(__name__)


class Language:
    """What is known of one language.

    `shorthand`: what people shorten ("mtn"), to what they mean; `numbers`: words to values; `hour_words`: what follows a
    number to make it an hour; `minutes`, `minutes_before`: said after or before an hour, to the minutes that it adds;
    `names`: places that the language translates; `near_words`: the words that a misspelling may have meant.
    """

    def __init__(self, name: str, packed: Packed) -> None:
        tables = packed["tables"]
        self.name = name
        self.words: Words = replace(lexicon_files.words(tables), ordinary=WordMarks.read(packed["ordinary"]))
        self.shorthand = lexicon_files.shorthand(tables)
        self.numbers = lexicon_files.numbers(tables)
        self.hour_words = frozenset(lexicon_files.hour_words(tables))
        self.minutes = lexicon_files.minutes(tables)
        self.minutes_before = lexicon_files.minutes(tables, before=True)
        self._labels: str = packed["labels"]
        self.near_words = NearWords(packed["heard"], self.words.sounds, self._labels)
        self._places: dict[str, Any] = tables["places"]
        self._about_places = frozenset(
            word for key in _ABOUT_PLACES for word in plain(" ".join(self._places.get(key, ()))).split()
        )
        counting = (word for word, value in self.numbers.items() if value > 1)
        self.matcher = Matcher(name, packed["phrases"], counting, self.words.forms)
        self.is_familiar = lru_cache(maxsize=_KEPT_WORDS)(self._is_familiar)
        self.knows = lru_cache(maxsize=_KEPT_WORDS)(self._knows)
        self.names = Matcher(name, packed["names"], (), self.words.forms)

    @cached_property
    def around_places(self) -> PlaceWords:
        """What stands around names of places."""
        if not self._places:
            return place_words()
        alike = lru_cache(1024)(self.words.forms.every)
        return place_words().of_language(self._places, self.words.function, self.numbers, alike)

    @property
    def has_labels(self) -> bool:
        return bool(self._labels.strip())

    def labels(self) -> dict[str, str]:
        """Firm phrases of one word for services, to their category."""
        return dict(line.split("\t", 1) for line in self._labels.splitlines() if line)

    def means(self, word: str) -> bool:
        """Whether the very word says something to the bot."""
        return word in self.numbers or word in self._about_places or self.matcher.has(word)

    def _is_familiar(self, word: str) -> bool:
        """Whether the language has the very word."""
        return word in self.words.function or self.means(word) or word in self.words.ordinary

    def _knows(self, word: str) -> bool:
        """Whether the language has the word in some form."""
        if self.is_familiar(word) or self.matcher.knows(word):
            return True
        words = self.words
        return any(base in words.function or base in words.ordinary for base in words.forms.bases(word))


class Languages(Mapping[str, Language]):
    """Languages by name; each is read when it is first asked for. One that cannot be read is as if it were not there:
    it is left out, which is logged once, and everybody else is understood."""

    def __init__(self, kept: Mapping[str, Kept]) -> None:
        self._kept = dict(kept)
        self._ready: dict[str, Language] = {}
        self._telling: dict[str, tuple[WordMarks, WordMarks]] = {}
        self._lock = RLock()
        self.faults: dict[str, str] = {}
        """What is wrong with the languages left out."""

    def __getitem__(self, name: str) -> Language:
        ready = self._ready.get(name)
        if ready is None:
            with self._lock:
                ready = self._ready.get(name) or self._read(name, lambda kept: Language(name, kept.packed()))
                self._ready[name] = ready
        return ready

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, name: object) -> bool:
        if name in self._ready or name in self._telling:
            return True
        try:
            return isinstance(name, str) and self._marks(name) is not None
        except KeyError:
            return False

    def is_ready(self, name: str) -> bool:
        """Whether `name` can be read without waiting for it to be made ready."""
        return name in self._telling or (name in self._kept and self._kept[name].is_ready())

    def has_word(self, name: str, word: str, *, little: bool = False) -> bool:
        """Whether the language `name` has `word`, among its `little` words, without reading the language."""
        telling = self._telling.get(name)
        if telling is None:
            if name not in self:
                return False
            telling = self._telling.get(name) or self._marks(name)
        return word in telling[little]

    def _marks(self, name: str) -> tuple[WordMarks, WordMarks]:
        with self._lock:
            telling = self._telling[name] = self._read(name, Kept.telling)
            return telling

    def _read(self, name: str, reading: Callable[[Kept], _Read]) -> _Read:
        """KeyError where there is no such language, or none that can be used."""
        try:
            return reading(self._kept[name])
        except LexiconError as error:
            del self._kept[name]
            self.faults[name] = str(error)
            log.error("%s; nothing said in %r is understood until it is mended", error, name)
            raise KeyError(name) from error


@dataclass(frozen=True, slots=True)
class Lexicon:
    languages: Languages

    @classmethod
    def load(cls, folder: Traversable | None = None, *, first: Iterable[str] = ALWAYS) -> Lexicon:
        """The languages of `folder`, the bundled one by default; those of `first` are read at once, others when they
        are called for. LexiconError names what cannot be used where the first one of ALWAYS cannot be read."""
        languages = Languages(kept_languages(folder))
        for name in first:
            if name in languages:
                _ = languages[name]
        if ALWAYS[0] in languages.faults:
            raise LexiconError(languages.faults[ALWAYS[0]])
        return cls(languages)


def kept_languages(folder: Traversable | None = None) -> dict[str, Kept]:
    """The languages of `folder`, the bundled one by default."""
    folder = folder or files("knowledge.understanding").joinpath("lexicon")
    return {each.name: Kept(each, pack) for each in lexicon_files.language_folders(folder)}


def pack(folder: Traversable) -> tuple[Packed, tuple[set[str], frozenset[str]]]:
    """The language of `folder` as plain values, ready to be kept in a file, and the words that it has."""
    tables = lexicon_files.read_language(folder)
    shorthand, words = lexicon_files.shorthand(tables), lexicon_files.words(tables)
    book, names = PhraseBook(), PhraseBook()
    labels: dict[str, str] = {}
    for entry, written in lexicon_files.entries(folder.name, tables):
        for symbols in (written_out(symbols, shorthand, words) for symbols in written):
            (names if entry.kind == "place" else book).add(symbols, entry)
            if entry.kind == "category" and not (entry.weak or entry.alone) and len(symbols) == 1:
                labels.update((word, entry.id) for word in _whole_words(symbols[0]))
    vocabulary = set(book.vocabulary())
    ordinary = lexicon_files.ordinary(tables)
    own_names = {word for name, said in _names(tables) for word in said if word not in plain(name).split()}
    packed = {
        "phrases": book.packed(),
        "names": names.packed(),
        "labels": "\n" + "".join(f"{word}\t{category}\n" for word, category in labels.items()),
        "ordinary": WordMarks.of(ordinary).written(),
        "tables": _without_phrases(tables),
        "heard": NearWords.packed(vocabulary | own_names | set(book.stems()), words.sounds),
    }
    every = vocabulary | words.function | ordinary | set(lexicon_files.numbers(tables)) | set(shorthand) | own_names
    return packed, (every, words.function)


def _names(tables: Tables) -> Iterator[tuple[str, set[str]]]:
    """Names that are translated, with the words of the translations."""
    for name, phrases in tables.get("places", {}).get(lexicon_files.NAMES, {}).items():
        yield name, {word for phrase in phrases for word in plain(phrase).split()}


def _without_phrases(tables: Tables) -> Packed:
    time = tables.get("time", {})
    sections = (*lexicon_files.NUMBER_SECTIONS, "unit")
    places = {key: value for key, value in tables.get("places", {}).items() if key != lexicon_files.NAMES}
    return {
        "words": {key: value for key, value in tables.get("words", {}).items() if key != "ordinary"},
        "time": {key: time[key] for key in sections if key in time},
        "places": places,
    }


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


__all__ = ["Language", "Languages", "Lexicon", "LexiconError", "Words", "kept_languages"]
