"""Forms of one word: which other spellings a word of a sentence may stand under in the phrases of its language.

The rows come from words.toml; a row is one paradigm, whose endings take each other's place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

NO_ENDING = "-"
SHORTEST_BASE = 3
"""Letters that must remain when a prefix is taken off."""

_OneWay = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Forms:
    """`prefixes`: what may stand before a word, the article first; `endings`: (said, written), one direction; `others`: from an ending to
    the endings that may stand in its place, each with the letters that must remain before it."""

    prefixes: tuple[str, ...] = ()
    endings: tuple[tuple[str, str], ...] = ()
    others: Mapping[str, Sequence[tuple[int, str]]] | None = None
    longest_ending: int = 0

    @classmethod
    def of(cls, prefixes: Iterable[str], endings: _OneWay, rows: Mapping[int, Iterable[Sequence[str]]]) -> Forms:
        """`rows`: paradigms by the letters that must remain."""
        others: dict[str, dict[tuple[int, str], None]] = defaultdict(dict)
        for remain, paradigms in rows.items():
            for row in paradigms:
                ends = ["" if end == NO_ENDING else end for end in row]
                for said in ends:
                    others[said].update(((remain, written), None) for written in ends if written != said)
        return cls(
            tuple(prefixes),
            tuple(endings),
            {said: tuple(written) for said, written in others.items()},
            max(map(len, others), default=0),
        )

    def bases(self, word: str, *, twice: bool = True) -> Iterator[str]:
        """`word` without the prefixes that it begins with, one or two of them."""
        for prefix in self.prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_BASE:
                base = word[len(prefix) :]
                yield base
                if twice and len(prefix) == 1:
                    yield from self.bases(base, twice=False)

    def alike(self, word: str) -> Iterator[str]:
        """Every other form of `word`, known or not; some come twice. Any prefix is taken off, only the first is put on."""
        yield from self._with_other_ending(word)
        if len(word) >= SHORTEST_BASE:
            yield from (prefix + word for prefix in self.prefixes[:1])
        for base in self.bases(word):
            yield base
            yield from self._with_other_ending(base)
            yield from (prefix + base for prefix in self.prefixes[:1] if prefix + base != word)

    def every(self, word: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.alike(word)))

    def _with_other_ending(self, word: str) -> Iterator[str]:
        for said, written in self.endings:
            if word.endswith(said) and len(word) > len(said):
                yield word[: len(word) - len(said)] + written
        if not self.others:
            return
        for length in range(min(self.longest_ending, len(word) - 1) + 1):
            stem_length = len(word) - length
            for remain, written in self.others.get(word[stem_length:], ()):
                if stem_length >= remain:
                    yield word[:stem_length] + written
