"""A tree of phrases in a few flat arrays: ten languages of them cost little memory and load at once."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.understanding import word_marks

GAP = 0
"""The symbol that stands for up to MAX_GAP other words."""
MAX_GAP = 3

ROOT = 0

_FEW = 3
"""Children up to which looking at each is faster than searching."""

Packed = Sequence[str]
"""A tree as text, for a file."""


Found = tuple[int, int, int]
"""A phrase found: the number of its entry, a bit for each token that it explains, the index after its last one."""


class _Growing:
    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[int, _Growing] = {}
        self.entries: list[int] = []


class Grower:
    """Collects phrases; `grown` makes the tree."""

    def __init__(self) -> None:
        self._root = _Growing()

    def add(self, symbols: Sequence[int], entry: int) -> None:
        node = self._root
        for symbol in symbols:
            node = node.next.setdefault(symbol, _Growing())
        if entry not in node.entries:
            node.entries.append(entry)

    def grown(self) -> Tree:
        nodes = [self._root]
        symbols, targets, entries = array("I"), array("I"), array("I")
        first_child, first_entry = array("I", [0]), array("I", [0])
        for node in nodes:  # grows while it is walked: breadth first
            for symbol, child in sorted(node.next.items(), key=lambda item: item[0]):
                symbols.append(symbol)
                targets.append(len(nodes))
                nodes.append(child)
            entries.extend(node.entries)
            first_child.append(len(symbols))
            first_entry.append(len(entries))
        return Tree(symbols, targets, first_child, entries, first_entry)


@dataclass(frozen=True, slots=True)
class Tree:
    """Node n has the children `first_child[n]` to `first_child[n + 1]` of `symbols` (sorted) and `targets`, and the
    entries `first_entry[n]` to `first_entry[n + 1]` of `entries`. Node 0 is the root."""

    symbols: array[int]
    targets: array[int]
    first_child: array[int]
    entries: array[int]
    first_entry: array[int]

    def packed(self) -> Packed:
        arrays = (self.symbols, self.targets, self.first_child, self.entries, self.first_entry)
        return [word_marks.written(each) for each in arrays]

    @classmethod
    def unpacked(cls, packed: Packed) -> Tree:
        return cls(*map(word_marks.read, packed))

    def child(self, node: int, symbol: int) -> int:
        """The node under `symbol`, 0 where there is none."""
        low, high = self.first_child[node], self.first_child[node + 1]
        at = bisect_left(self.symbols, symbol, low, high)
        return self.targets[at] if at < high and self.symbols[at] == symbol else 0

    def find(self, node: int, said: Sequence[Sequence[int]], at: int, mask: int, found: list[Found]) -> None:
        """Adds to `found` every phrase that goes on from `node` with the symbols `said` from token `at` on."""
        low, high = self.first_entry[node], self.first_entry[node + 1]
        if low < high:
            found.extend([(number, mask, at) for number in self.entries[low:high]])
        low, high = self.first_child[node], self.first_child[node + 1]
        if low == high or at == len(said):
            return
        for target in self._under(low, high, said[at]):
            self.find(target, said, at + 1, mask | 1 << at, found)
        if self.symbols[low] == GAP:
            after = self.targets[low]
            low, high = self.first_child[after], self.first_child[after + 1]
            for later in range(at, min(at + MAX_GAP + 1, len(said))):
                for target in self._under(low, high, said[later]):
                    self.find(target, said, later + 1, mask | 1 << later, found)

    def _under(self, low: int, high: int, said: Sequence[int]) -> list[int]:
        """The children at [low, high) that one of the symbols `said` leads to."""
        symbols, targets = self.symbols, self.targets
        if high - low <= _FEW:
            return [targets[place] for place in range(low, high) if symbols[place] in said]
        places = [(bisect_left(symbols, symbol, low, high), symbol) for symbol in said]
        return [targets[place] for place, symbol in places if place < high and symbols[place] == symbol]
