"""Text as the HTML that Telegram and Matrix share, cut into parts that one message can carry."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from bot.messages import LINK_OFF, LINK_ON, LINK_TO, STRONG_OFF, STRONG_ON, whole_characters

MAX_TEXT = 4096
"""UTF-16 code units. Source: Telegram Bot API, sendMessage.text, "1-4096 characters after entities parsing". Tags and
escapes are counted in here, so that no way of counting finds a part too long."""

_OPEN, _CLOSE = "<b>", "</b>"
_MARKS = re.compile(
    f"({LINK_ON}[^{LINK_ON}{LINK_TO}{LINK_OFF}]*{LINK_TO}|[{STRONG_ON}{STRONG_OFF}{LINK_ON}{LINK_TO}{LINK_OFF}])"
)
"""The address of a link is no text: it goes with the marks around it."""
_ESCAPED = {character: len(html.escape(character, quote=False)) for character in "&<>"}


@dataclass(frozen=True, slots=True)
class Part:
    """`plain` is what `html` shows, for a server that cannot parse it."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters `start` to `end` that are strong, or lead to `url`, or both."""

    start: int
    end: int
    strong: bool
    url: str

    @property
    def open(self) -> str:
        link = f'<a href="{html.escape(self.url)}">' if self.url else ""
        return (_OPEN if self.strong else "") + link

    @property
    def close(self) -> str:
        return ("</a>" if self.url else "") + (_CLOSE if self.strong else "")


@dataclass(frozen=True, slots=True)
class _Text:
    """What is seen, and which runs of it are marked: in order, apart."""

    visible: str
    runs: tuple[_Run, ...]

    def part(self, start: int, end: int) -> Part:
        """Characters `start` to `end`, without the white space around them, which Telegram drops anyway."""
        stretch = self.visible[start:end]
        end -= len(stretch) - len(stretch.rstrip())
        start = min(end, start + len(stretch) - len(stretch.lstrip()))
        return Part("".join(self._html(start, end)), "".join(self._plain(start, end)))

    def _html(self, start: int, end: int) -> Iterator[str]:
        at = start
        for run in self.runs:
            first, last = max(run.start, start), min(run.end, end)
            if first < last:
                yield html.escape(self.visible[at:first], quote=False)
                yield run.open + html.escape(self.visible[first:last], quote=False) + run.close
                at = last
        yield html.escape(self.visible[at:end], quote=False)

    def _plain(self, start: int, end: int) -> Iterator[str]:
        at = start
        for run in self.runs:
            if run.url and start < run.end <= end:
                yield f"{self.visible[at : run.end]} ({run.url})"
                at = run.end
        yield self.visible[at:end]

    def costs(self) -> list[int]:
        """UTF-16 units of HTML up to each character."""
        each = [_ESCAPED.get(character, 1 + (character > "\uffff")) for character in self.visible]
        for run in self.runs:
            each[run.start] += units(run.open)
            each[run.end - 1] += len(run.close)
        return list(accumulate(each, initial=0))

    def reopening(self) -> int:
        """UTF-16 units that a run costs once more where it is cut."""
        return max(len(_OPEN) + len(_CLOSE), *(units(run.open) + len(run.close) for run in self.runs), 0)

    def stretch_around(self, at: int) -> tuple[int, int] | None:
        """The run that a cut at `at` would break."""
        return next(((run.start, run.end) for run in self.runs if run.start < at < run.end), None)


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
    runs: list[_Run] = []
    length, strong, url = 0, False, ""
    for number, piece in enumerate(_MARKS.split(text)):
        if number % 2 == 0:
            if piece and (strong or url):
                last = runs[-1] if runs else None
                joins = last is not None and (last.end, last.strong, last.url) == (length, strong, url)
                since = runs.pop().start if joins else length
                runs.append(_Run(since, length + len(piece), strong, url))
            pieces.append(piece)
            length += len(piece)
        elif piece in (STRONG_ON, STRONG_OFF):
            strong = piece == STRONG_ON
        else:
            url = piece[1:-1] if len(piece) > 1 else ""
    return _Text("".join(pieces), tuple(runs))


def _cuts(text: _Text, limit: int) -> Iterator[int]:
    costs = text.costs()
    room = limit - text.reopening()  # a run that is cut opens and closes once more
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
