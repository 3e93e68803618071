"""What came of an announcement, as a picture: bars in the colours that the words beside it name. No letters are drawn: no
font has those of all languages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

SIGNS = {
    "🟩": (46, 160, 67), "🟥": (209, 52, 56), "🟧": (230, 126, 34), "🟨": (241, 196, 15), "🟦": (41, 121, 255),
    "🟪": (142, 68, 173), "🟫": (121, 85, 72), "⬛": (60, 60, 60),
}  # fmt: skip
WIDTH, BAR, GAP, MARGIN, FIGURES = 800, 56, 18, 30, 130
"""Pixels; FIGURES: room for the number beside a bar."""
BEHIND, INK = (255, 255, 255), (40, 40, 40)


@dataclass(frozen=True, slots=True)
class Bar:
    sign: str
    count: int


def picture(groups: Sequence[Sequence[Bar]]) -> bytes:
    """A PNG; each group's bars are as long as they are among their own."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - 10 MB, for whoever asks for a chart

    bars = sum(len(group) for group in groups)
    height = 2 * MARGIN + bars * (BAR + GAP) - GAP + (len(groups) - 1) * 2 * GAP
    image = Image.new("RGB", (WIDTH, height), BEHIND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(30)
    top = MARGIN
    for group in groups:
        most = max(1, *(bar.count for bar in group))
        for bar in group:
            long = round((WIDTH - 2 * MARGIN - FIGURES) * bar.count / most)
            draw.rounded_rectangle((MARGIN, top, MARGIN + max(6, long), top + BAR), 6, fill=SIGNS[bar.sign])
            draw.text((MARGIN + max(6, long) + 14, top + BAR / 2), str(bar.count), fill=INK, font=font, anchor="lm")
            top += BAR + GAP
        top += 2 * GAP
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
