"""Finds the phrases of the lexicon in a sentence: a tree of words walked once from every token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.understanding.phrases import CLASS_SEPARATOR, GAP, NUMBER

MAX_GAP = 3
SHORTEST_PLURAL = 5
"""Letters; "mois" and "moi", "fois" and "foi" must not meet."""


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


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    entries: list[Entry] = field(default_factory=list)


class Matcher:
    """Add every phrase first, then match."""

    def __init__(self, numbers: Iterable[str] = (), endings: Iterable[tuple[str, str]] = ()) -> None:
        """`numbers`: words that stand for a number beside digits; `endings`: (said, written in the lexicon), so that
        "jouent" finds "jouer"."""
        self._endings = tuple(endings)
        self._edges: set[str] = set()
        self._root = _Node()
        self._stems: set[str] = set()
        self._numbers = frozenset(numbers)
        self._classes: dict[str, list[str]] = defaultdict(list)
        self._symbols = lru_cache(maxsize=8192)(self._find_symbols)

    def add(self, symbols: Sequence[str], entry: Entry) -> None:
        node = self._root
        for symbol in symbols:
            if symbol == GAP:
                node.gap = node.gap or _Node()
                node = node.gap
                continue
            node = node.next.setdefault(self._known_as(symbol), _Node())
        node.entries.append(entry)

    def _known_as(self, symbol: str) -> str:
        """`symbol` as an edge of the tree; stems and the members of a class are kept to be recognised in words."""
        if CLASS_SEPARATOR in symbol:
            for member in map(self._known_as, symbol.split(CLASS_SEPARATOR)):
                if symbol not in self._classes[member]:
                    self._classes[member].append(symbol)
            return symbol
        if symbol.endswith("*"):
            self._stems.add(symbol[:-1])
        if symbol.endswith("!"):
            return symbol
        self._edges.add(singular(symbol))
        return singular(symbol)

    def match(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase found, overlapping ones too."""
        symbols = [self._symbols(word) for word in words]
        hits: list[Hit] = []
        first = self._root.next
        for start, names in enumerate(symbols):
            for name in names:
                node = first.get(name)
                if node is not None:
                    self._walk(node, symbols, start + 1, 1 << start, start, hits)
        return hits

    def knows(self, word: str) -> bool:
        """Whether some phrase has `word`, with this or another ending."""
        return any(symbol in self._edges or symbol.endswith("*") for symbol in self._symbols(word))

    def _walk(
        self, node: _Node, symbols: list[tuple[str, ...]], at: int, mask: int, start: int, hits: list[Hit]
    ) -> None:
        hits.extend([Hit(entry, mask, start, at) for entry in node.entries])
        if at == len(symbols):
            return
        if node.next:
            for name in symbols[at]:
                child = node.next.get(name)
                if child is not None:
                    self._walk(child, symbols, at + 1, mask | 1 << at, start, hits)
        if node.gap is not None:
            for later in range(at, min(at + MAX_GAP + 1, len(symbols))):
                for name in symbols[later]:
                    child = node.gap.next.get(name)
                    if child is not None:
                        self._walk(child, symbols, later + 1, mask | 1 << later, start, hits)

    def _find_symbols(self, word: str) -> tuple[str, ...]:
        symbols = [word, f"{word}!"]
        if (plain := singular(word)) != word:
            symbols.append(plain)
        for said, written in self._endings:
            if word.endswith(said) and (other := word[: -len(said)] + written) in self._edges:
                symbols.append(other)
        if word.isdigit() or word in self._numbers:
            symbols.append(NUMBER)
        symbols.extend(f"{word[:length]}*" for length in range(1, len(word) + 1) if word[:length] in self._stems)
        symbols.extend([name for symbol in symbols for name in self._classes.get(symbol, ())])
        return tuple(symbols)


def singular(word: str) -> str:
    """`word` without the s or x of a plural; short words stay as they are."""
    return word[:-1] if len(word) >= SHORTEST_PLURAL and word[-1] in "sx" else word


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
}
"""What a longer phrase of a kind hides: danger, by nothing but a service or what is known to be harmless."""


def _hides(longer: Hit, hit: Hit) -> bool:
    if hit.entry.kind not in _HIDES[longer.entry.kind]:
        return False
    if longer.entry.kind in ("idle danger", "idle cue", "idle need", "idle category"):
        return longer.start < hit.end and hit.start < longer.end
    if longer.entry.kind == "idle time":
        return longer.start <= hit.start and hit.end <= longer.end
    return hit.mask & longer.mask == hit.mask and hit.mask != longer.mask
