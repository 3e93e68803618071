"""Text as the HTML that Telegram and Matrix share, cut into parts that one message can carry."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from bot.messages import STRONG_OFF, STRONG_ON, whole_characters

MAX_TEXT = 4096
"""UTF-16 code units. Source: Telegram Bot API, sendMessage.text, "1-4096 characters after entities parsing". Tags and
escapes are counted in here, so that no way of counting finds a part too long."""

_OPEN, _CLOSE = "<b>", "</b>"
_MARKS = re.compile(f"[{STRONG_ON}{STRONG_OFF}]")
_ESCAPED = {character: len(html.escape(character, quote=False)) for character in "&<>"}


@dataclass(frozen=True, slots=True)
class Part:
    """`plain` is what `html` shows, for a server that cannot parse it."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class _Text:
    """What is seen, and which stretches of it are strong: (start, end) character offsets, in order, apart."""

    visible: str
    strong: tuple[tuple[int, int], ...]

    def part(self, start: int, end: int) -> Part:
        """Characters `start` to `end`, without the white space around them, which Telegram drops anyway."""
        stretch = self.visible[start:end]
        end -= len(stretch) - len(stretch.rstrip())
        start = min(end, start + len(stretch) - len(stretch.lstrip()))
        return Part("".join(self._html(start, end)), self.visible[start:end])

    def _html(self, start: int, end: int) -> Iterator[str]:
        at = start
        for first, last in self.strong:
            first, last = max(first, start), min(last, end)  # noqa: PLW2901
            if first < last:
                yield html.escape(self.visible[at:first], quote=False)
                yield _OPEN + html.escape(self.visible[first:last], quote=False) + _CLOSE
                at = last
        yield html.escape(self.visible[at:end], quote=False)

    def costs(self) -> list[int]:
        """UTF-16 units of HTML up to each character."""
        each = [_ESCAPED.get(character, 1 + (character > "\uffff")) for character in self.visible]
        for first, last in self.strong:
            each[first] += len(_OPEN)
            each[last - 1] += len(_CLOSE)
        return list(accumulate(each, initial=0))

    def stretch_around(self, at: int) -> tuple[int, int] | None:
        """The strong stretch that a cut at `at` would break."""
        return next(((first, last) for first, last in self.strong if first < at < last), None)


def parts(text: str, limit: int = MAX_TEXT) -> list[Part]:
    """`text` in as few messages as its paragraph, line and word ends allow; none when there is nothing to see.

    `limit`: UTF-16 units, well above the longest escape and both tags.
    """
    read = _read(text)
    whole = read.part(0, len(read.visible))
    if not whole.plain:
        return []
    if units(whole.html) <= limit:
        return [whole]
    cuts = list(_cuts(read, limit))
    pieces = (read.part(start, end) for start, end in zip([0, *cuts], [*cuts, len(read.visible)], strict=True))
    return [piece for piece in pieces if piece.plain]


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _read(text: str) -> _Text:
    """Marks that open twice or never close are mended; halves of surrogate pairs, which no server takes, replaced."""
    text = whole_characters(text)
    pieces: list[str] = []
    strong: list[tuple[int, int]] = []
    length, since = 0, None
    for piece in re.split(f"({_MARKS.pattern})", text):
        if piece == STRONG_ON:
            since = length if since is None else since
        elif piece == STRONG_OFF:
            if since is not None and since < length:
                strong.append((since, length))
            since = None
        else:
            pieces.append(piece)
            length += len(piece)
    if since is not None and since < length:
        strong.append((since, length))
    return _Text("".join(pieces), tuple(strong))


def _cuts(text: _Text, limit: int) -> Iterator[int]:
    costs = text.costs()
    room = limit - len(_OPEN) - len(_CLOSE)  # a strong stretch that is cut opens and closes once more
    start = 0
    while costs[-1] - costs[start] > room:
        furthest = bisect_right(costs, costs[start] + room) - 1
        start = _best_cut(text, start, furthest)
        yield start


def _best_cut(text: _Text, start: int, furthest: int) -> int:
    """Where to cut after `start`, at `furthest` at most: a paragraph's end, a line's, a word's, or as it comes."""
    for separator in ("\n\n", "\n", " "):
        at = text.visible.rfind(separator, start + 1, furthest + len(separator))
        while at > start:
            stretch = text.stretch_around(at)
            if stretch is None:
                return at
            at = text.visible.rfind(separator, start + 1, stretch[0] + len(separator))
    stretch = text.stretch_around(furthest)
    return stretch[0] if stretch is not None and stretch[0] > start else furthest
