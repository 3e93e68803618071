"""The words of every language, read once from the files of `lexicon/`.

`lexicon/<language>/` holds categories, needs, cues, danger, time and words, each a TOML file of `id = [phrases]`
(notation: phrases.py). A language is added by adding its folder; a file that is missing is an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.understanding import lexicon_files
from knowledge.understanding.lexicon_files import LexiconError, Words
from knowledge.understanding.matcher import Matcher
from knowledge.understanding.phrases import CLASS_SEPARATOR, GAP, NUMBER

_NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Lexicon:
    matcher: Matcher
    words: Mapping[str, Words]
    """By language."""
    vocabulary: Mapping[str, frozenset[str]]
    """Whole words of the phrases, by language."""
    shorthand: Mapping[str, tuple[str, ...]]
    """What people shorten ("mtn"), to what they mean, of every language."""
    numbers: Mapping[str, int]
    """Number words of every language."""
    hour_words: frozenset[str]
    """What follows a number to make it an hour: "heures", "o'clock"."""
    labels: Mapping[str, Mapping[str, str]]
    """Firm phrases of one word for services, to their category, by language: only those that have any."""

    def words_of(self, language: str) -> Words:
        """What is known of `language` beside its phrases; nothing for a language without a folder."""
        return self.words.get(language, _NO_WORDS)

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Lexicon:
        """Reads every language of `folder`, the bundled one by default. LexiconError names what cannot be used."""
        tables = lexicon_files.read_folder(folder or files("knowledge.understanding").joinpath("lexicon"))
        words = {language: lexicon_files.words(each) for language, each in tables.items()}
        shorthand = {short: full for each in tables.values() for short, full in lexicon_files.shorthand(each).items()}
        numbers = {word: value for each in tables.values() for word, value in lexicon_files.numbers(each).items()}
        matcher = Matcher(
            (word for word, value in numbers.items() if value > 1),
            dict.fromkeys(pair for each in words.values() for pair in each.endings),
        )
        vocabulary: dict[str, frozenset[str]] = {}
        labels: dict[str, dict[str, str]] = {}
        for language, each in tables.items():
            seen: set[str] = set()
            labels[language] = {}
            for entry, written in lexicon_files.entries(language, each):
                for symbols in (_written_out(symbols, shorthand) for symbols in written):
                    matcher.add(symbols, entry)
                    seen.update(_whole_words(symbols))
                    if entry.kind == "category" and not (entry.weak or entry.alone) and len(symbols) == 1:
                        labels[language].update((word, entry.id) for word in _whole_words(symbols))
            vocabulary[language] = frozenset(seen)
            if not labels[language]:
                del labels[language]
        hour_words = frozenset().union(*map(lexicon_files.hour_words, tables.values()))
        return cls(matcher, words, vocabulary, shorthand, numbers, hour_words, labels)


def _written_out(symbols: Iterable[str], shorthand: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """`symbols` without shorthand, as sentences are read."""
    return tuple(part for symbol in symbols for part in shorthand.get(symbol, (symbol,)))


def _whole_words(symbols: Iterable[str]) -> Iterator[str]:
    for symbol in symbols:
        for word in symbol.split(CLASS_SEPARATOR):
            if word not in (GAP, NUMBER) and not word.endswith("*"):
                yield word.rstrip("!")


__all__ = ["Lexicon", "LexiconError", "Words"]
