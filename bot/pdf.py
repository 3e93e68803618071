"""A page of centred lines as a PDF, in every script of the bot's languages.

Written here, in 5 MB and 20 ms: a library for PDFs took 64 MB and half a second for the same page (ran).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.shaping import Glyph, typeface
from bot.texts import MARKS

WIDTH, HEIGHT = 841.9, 595.3
"""Points: A4, lying."""
MARGIN = 90.0
LEADING = 1.45
INK = "0.09 0.22 0.36"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    size: float
    """Points."""
    after: float = 0.0
    """Points of white below it, besides what every line has."""


def _length(glyphs: Sequence[Glyph], size: float) -> float:
    return sum(glyph.advance for glyph in glyphs) * size / 1000


def _wrapped(line: Line, *, right_to_left: bool) -> Iterator[list[Glyph]]:
    """The line in as many as it takes."""
    face, row = typeface(), ""
    for word in face.known(line.text).split():
        longer = f"{row} {word}" if row else word
        if row and _length(face.shaped(longer, right_to_left=right_to_left), line.size) > WIDTH - 2 * MARGIN:
            yield face.shaped(row, right_to_left=right_to_left)
            longer = word
        row = longer
    yield face.shaped(row, right_to_left=right_to_left)


def page(lines: Sequence[Line], *, right_to_left: bool, language: str) -> bytes:
    """One page in a frame, the lines in its middle; the first one is its title."""
    rows = [(glyphs, line) for line in lines for glyphs in _wrapped(line, right_to_left=right_to_left)]
    tall = sum(line.size * LEADING for _, line in rows) + sum(line.after for line in lines)
    content, down = [_frame(), f"BT {INK} rg"], (HEIGHT + tall) / 2
    for number, (glyphs, line) in enumerate(rows):
        down -= line.size * LEADING
        content.append(f"/F {line.size:g} Tf")
        pen = (WIDTH - _length(glyphs, line.size)) / 2
        for glyph in glyphs:
            x, y = pen + glyph.right * line.size / 1000, down + glyph.up * line.size / 1000
            content.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm <{glyph.number:04x}> Tj")
            pen += glyph.advance * line.size / 1000
        if number + 1 == len(rows) or rows[number + 1][1] is not line:
            down -= line.after
    content.append("ET")
    used = [glyph for glyphs, _ in rows for glyph in glyphs]
    return _file("\n".join(content), used, lines[0].text, language, right_to_left=right_to_left)


def _frame() -> str:
    outer, inner = 28.0, 34.0
    return "\n".join(
        f"{INK} RG {width} w {edge} {edge} {WIDTH - 2 * edge:.1f} {HEIGHT - 2 * edge:.1f} re S"
        for edge, width in ((outer, 2.5), (inner, 0.5))
    )


def _file(content: str, used: Sequence[Glyph], title: str, language: str, *, right_to_left: bool) -> bytes:
    """Source: ISO 32000-1, 7.5 (the file) and 9.7 (composite fonts)."""
    widths = {glyph.number: glyph.advance for glyph in used}
    letters = {glyph.number: glyph.stands_for for glyph in reversed(used) if glyph.stands_for}
    direction = "/ViewerPreferences << /Direction /R2L >>" if right_to_left else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Lang ({language}) {direction} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R >> >> >>".encode(),
        _stream(content.encode()),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /DejaVuSans /Encoding /Identity-H /DescendantFonts [6 0 R] "
        b"/ToUnicode 9 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /DejaVuSans /CIDToGIDMap /Identity /FontDescriptor 7 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W ["
        + " ".join(f"{number} [{width:.0f}]" for number, width in sorted(widths.items())).encode()
        + b"] >>",
        b"<< /Type /FontDescriptor /FontName /DejaVuSans /Flags 4 /FontBBox [-1021 -463 1793 1232] /ItalicAngle 0 "
        b"/Ascent 928 /Descent -236 /CapHeight 729 /StemV 80 /FontFile2 8 0 R >>",
        _stream(typeface().content),
        _stream(_to_unicode(letters)),
        b"<< /Title <feff" + title.translate(MARKS).encode("utf-16-be").hex().encode() + b"> >>",
    ]
    written, offsets = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info 10 0 R >>\n" % (len(objects) + 1)
    written += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(written)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Length1 %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (
        len(packed),
        len(content),
        packed,
    )


def _to_unicode(letters: dict[int, str]) -> bytes:
    """So that the words can be searched and read aloud."""
    pairs = [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for number, text in sorted(letters.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]  # no more at once may be given
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n/CMapName /Letters def\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{mapped}\nendcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
