"""Letters as glyphs of the one font there is: put in order as UAX 9 says, joined by HarfBuzz."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import uharfbuzz
from anyascii import anyascii
from bidi import get_display

from bot.texts import MARKS

_ARABIC = "\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff"
"""But for its digits, which are written from left to right."""
_RUNS = re.compile(f"[{_ARABIC}\u200c\u200d]+(?: +[{_ARABIC}\u200c\u200d]+)*|[^{_ARABIC}\u200c\u200d]+")


_PAIRED = "()[]{}<>«»‹›"
_MIRRORED = str.maketrans(_PAIRED, ")(][}{><»«›‹")
_TAG = "\u2980"
"""Stands after what is mirrored where one writes from right to left, and comes before it there: the library only orders."""
_SPELLED = {"ۍ": "ی"}
"""A letter of Pashto that the font lacks, as it is often written."""


@dataclass(frozen=True, slots=True)
class Glyph:
    number: int
    """In the font."""
    right: float
    up: float
    """From where the pen is, in thousandths of the size, like `advance`."""
    advance: float
    stands_for: str
    """Its letters; "" for the second glyph of a letter."""


class Typeface:
    """Source of the figures of the descriptor: DejaVu Sans 2.37, tables OS/2 and head."""

    def __init__(self) -> None:
        self.content = files("bot.fonts").joinpath("DejaVuSans.ttf").read_bytes()
        face = uharfbuzz.Face(self.content)
        self._font = uharfbuzz.Font(face)
        self._unit = 1000 / face.upem

    def known(self, text: str) -> str:
        """`text` with letters that it has not in Latin ones, and without other signs."""

        def drawn(letter: str) -> str:
            if ord(letter) in MARKS or self._font.get_nominal_glyph(ord(letter)):
                return letter
            return _SPELLED.get(letter) or (anyascii(letter) if letter.isalpha() else "")

        return "".join(map(drawn, text))

    def shaped(self, text: str, *, right_to_left: bool) -> list[Glyph]:
        """From left to right as they stand on the page."""
        return [glyph for run in _RUNS.findall(visual(text, right_to_left=right_to_left)) for glyph in self._run(run)]

    def _run(self, run: str) -> Iterator[Glyph]:
        """One direction, one script."""
        arabic = re.match(f"[{_ARABIC}]", run) is not None
        written = run[::-1] if arabic else run
        buffer = uharfbuzz.Buffer()
        buffer.add_str(written)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if arabic else "ltr"
        uharfbuzz.shape(self._font, buffer)
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(written)], strict=True))
        told: set[int] = set()
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            letters = "" if info.cluster in told else written[info.cluster : ends[info.cluster]]
            told.add(info.cluster)
            yield Glyph(
                info.codepoint, position.x_offset * self._unit, position.y_offset * self._unit,
                position.x_advance * self._unit, letters,
            )  # fmt: skip


def visual(text: str, *, right_to_left: bool) -> str:
    """The letters from left to right as they stand on the page."""
    tagged = re.sub(f"[{re.escape(_PAIRED)}]", f"\\g<0>{_TAG}", text)
    ordered = str(get_display(tagged, base_dir="R" if right_to_left else "L"))
    mirrored = re.sub(
        f"{_TAG}(.)|([{re.escape(_PAIRED)}]){_TAG}",
        lambda found: found[1].translate(_MIRRORED) if found[1] else found[2],
        ordered,
    )
    return mirrored.translate(MARKS)


typeface = cache(Typeface)
