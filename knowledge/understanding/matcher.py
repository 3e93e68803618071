"""Finds the phrases of one language in a sentence."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from knowledge.understanding import word_marks
from knowledge.understanding.forms import Forms
from knowledge.understanding.phrases import CLASS_SEPARATOR, NUMBER
from knowledge.understanding.symbols import RESERVED, Symbols
from knowledge.understanding.tree import ROOT, Found, Grower, Tree

_LONGEST_END = 3
"""Letters after a stem; a word with more of them may be a misspelling of another one."""
_KEPT_WORDS = 2048
"""Words whose symbols are remembered, of each language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of the lexicon and what it points to.

    `kind`: category, need, age, cue, danger, time, or "idle time", "idle need"... for what is passed over; `weak`: counts only where nothing firmer was said; `rank`: 1 first, where
    a phrase points to several ids of a kind; `alone`: counts only where it is all that is said, and then before others.
    """

    kind: str
    id: str
    language: str
    phrase: str
    weak: bool = False
    rank: int = 1
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found; `mask` has one bit a token that it explains, `start` and `end` are token indexes, end excluded."""

    entry: Entry
    mask: int
    start: int
    end: int

    @property
    def id(self) -> str:
        return self.entry.id


class PhraseBook:
    """Phrases of one language being collected for a Matcher."""

    def __init__(self) -> None:
        self._ids = dict(RESERVED)
        self._classes: list[tuple[int, int]] = []
        self._class_ids: dict[str, int] = {}
        self._tree = Grower()
        self._meanings: dict[tuple[str, str, bool, int, bool], int] = {}
        self._entries: dict[tuple[int, str], int] = {}

    def add(self, symbols: Sequence[str], entry: Entry) -> None:
        meaning = (entry.kind, entry.id, entry.weak, entry.rank, entry.alone)
        number = self._meanings.setdefault(meaning, len(self._meanings))
        entry_number = self._entries.setdefault((number, entry.phrase), len(self._entries))
        self._tree.add([self._id(symbol) for symbol in symbols], entry_number)

    def _id(self, symbol: str) -> int:
        if CLASS_SEPARATOR not in symbol:
            return self._ids.setdefault(symbol, len(self._ids) + len(self._class_ids))
        if symbol not in self._class_ids:
            members = symbol.split(CLASS_SEPARATOR)
            for member in members:
                self._id(member)
            number = self._class_ids[symbol] = len(self._ids) + len(self._class_ids)
            for member in dict.fromkeys(members):
                self._classes.append((self._ids[member], number))
        return self._class_ids[symbol]

    def vocabulary(self) -> Iterator[str]:
        """The whole words of the phrases."""
        return (word.rstrip("!") for word in self._ids if word not in RESERVED and not word.endswith("*"))

    def stems(self) -> Iterator[str]:
        """The stems of words, each with a star."""
        return (symbol for symbol in self._ids if symbol.endswith("*"))

    def packed(self) -> dict[str, Any]:
        """Everything as plain values, for a file or a Matcher."""
        return {
            "symbols": Symbols.packed(self._ids, self._classes),
            "stems": sorted({len(symbol) - 1 for symbol in self._ids if symbol.endswith("*")}),
            "tree": self._tree.grown().packed(),
            "meanings": list(self._meanings),
            "entries": word_marks.written(array("I", [meaning for meaning, _ in self._entries])),
            "phrases": "".join(phrase for _, phrase in self._entries),
            "ends": word_marks.written(array("I", accumulate(len(phrase) for _, phrase in self._entries))),
        }


class Matcher:
    """The phrases of `language`, ready to be found. `numbers`: words that stand for a number beside digits."""

    def __init__(self, language: str, packed: Mapping[str, Any], numbers: Iterable[str], forms: Forms) -> None:
        self._language = language
        self._forms = forms
        self._numbers = frozenset(numbers)
        self._symbols = Symbols(packed["symbols"])
        self._tree = Tree.unpacked(packed["tree"])
        self._meanings: list[tuple[str, str, bool, int, bool]] = packed["meanings"]
        self._entry_meanings = word_marks.read(packed["entries"])
        self._phrases: str = packed["phrases"]
        self._phrase_ends = word_marks.read(packed["ends"])
        self._entries: dict[int, Entry] = {}
        self._stem_lengths: list[int] = packed["stems"]
        self._said_as = lru_cache(maxsize=_KEPT_WORDS)(self._find_symbols)

    @classmethod
    def of(
        cls, language: str, phrases: Iterable[tuple[Sequence[str], Entry]], numbers: Iterable[str] = (),
        forms: Forms | None = None,
    ) -> Matcher:  # fmt: skip
        book = PhraseBook()
        for symbols, entry in phrases:
            book.add(symbols, entry)
        return cls(language, book.packed(), numbers, forms or Forms())

    def match(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase found, overlapping ones too."""
        looked_up = [self._said_as(word) for word in words]
        said = [symbols for symbols, _, _ in looked_up]
        hits: list[Hit] = []
        for start, (_, nodes, _) in enumerate(looked_up):
            if nodes:
                found: list[Found] = []
                for node in nodes:
                    self._tree.find(node, said, start + 1, 1 << start, found)
                hits.extend([Hit(self._entry(number), mask, start, end) for number, mask, end in found])
        return hits

    def has(self, word: str) -> bool:
        """Whether `word` itself stands in some phrase."""
        return self._symbols.number(word) is not None or self._symbols.number(f"{word}!") is not None

    def knows(self, word: str) -> bool:
        """Whether some phrase has `word` in this or another form."""
        return self._said_as(word)[2]

    def stem(self, word: str) -> str:
        """The longest stem that some phrase has of `word`: "vaccin*"; "" where there is none."""
        lengths = range(len(word), len(word) - _LONGEST_END - 1, -1)
        return next((word[:length] for length in lengths if self._symbols.number(f"{word[:length]}*") is not None), "")

    def _entry(self, number: int) -> Entry:
        entry = self._entries.get(number)
        if entry is None:
            kind, id_, weak, rank, alone = self._meanings[self._entry_meanings[number]]
            phrase = self._phrases[self._phrase_ends[number - 1] if number else 0 : self._phrase_ends[number]]
            entry = self._entries[number] = Entry(kind, id_, self._language, phrase, weak, rank, alone)
        return entry

    def _find_symbols(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
        """The symbols that `word` stands for, the nodes of the tree where a phrase begins with it, and whether it is
        some form of a whole word."""
        number = self._symbols.number
        names = dict.fromkeys((word, f"{word}!", *self._forms.alike(word)))
        ids = dict.fromkeys([found for name in names if (found := number(name)) is not None])
        whole = bool(ids)
        for base in (word, *self._forms.bases(word)):
            stems = (base[:length] for length in self._stem_lengths if length <= len(base))
            ids.update((found, None) for stem in stems if (found := number(f"{stem}*")) is not None)
        if word.isdigit() or word in self._numbers:
            ids[RESERVED[NUMBER]] = None
        ids.update([(found, None) for each in list(ids) for found in self._symbols.classes_of(each)])
        return tuple(ids), tuple(node for each in ids if (node := self._tree.child(ROOT, each))), whole


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that no longer one hides, in the order said."""
    found = list(dict.fromkeys(hits))
    over: dict[int, list[Hit]] = defaultdict(list)
    for hit in found:
        for index in range(hit.start, hit.end):
            over[index].append(hit)
    kept = [
        hit
        for hit in found
        if not any(_hides(other, hit) for index in {hit.start, hit.end - 1} for other in over[index])
    ]
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


SHELTER = frozenset({"shelter", "emergency_accommodation", "night_stop"})
"""Services that tell of a danger as much as of a wish: "a bed for tonight"."""

_NIGHT = ("tonight", "sleep")
_NEEDS_OF_PERSONS = frozenset({"women", "men", "pregnant"})
"""Needs that another one tells better or denies: "sans hommes", "ma femme attend un bébé"."""
_HIDES = {
    "category": ("category", "cue", "danger"),
    "need": ("need", "category", "cue"),
    "cue": ("category", "time"),
    "danger": (),
    "time": ("time", "category", "need"),
    "idle time": ("time", "need", "age", "category"),
    "idle cue": ("cue",),
    "idle need": ("need", "age"),
    "age": (),
    "idle category": ("category",),
    "idle danger": ("danger",),
    "place": ("category", "cue", "time", "need"),
}
"""What a longer phrase of a kind hides: danger, by nothing but a service or what is known to be harmless."""


def _hides(longer: Hit, hit: Hit) -> bool:
    if hit.entry.kind not in _HIDES[longer.entry.kind]:
        return False
    if longer.entry.kind == "need" and (
        (hit.entry.kind == "category" and hit.start == longer.start)
        or (hit.entry.kind == "need" and hit.id != longer.id and _NEEDS_OF_PERSONS.isdisjoint((hit.id, longer.id)))
    ):
        return False
    if hit.id in _NIGHT and hit.entry.kind == "danger" and longer.id in SHELTER:
        return False
    if longer.entry.kind in ("idle danger", "idle cue", "idle need", "idle category"):
        return longer.start < hit.end and hit.start < longer.end
    if longer.entry.kind == "idle time":
        same = hit.start == longer.start and hit.end == longer.end
        return longer.start <= hit.start and hit.end <= longer.end and not (same and hit.entry.kind == "category")
    return hit.mask & longer.mask == hit.mask and hit.mask != longer.mask
