"""Letters that are held while speaking: "merciiii", "شكراااا"."""

from __future__ import annotations

import re

from knowledge.gazetteer.spelling import ordinal, roman

_DRAWL = re.compile(r"([^\W\d_])\1{2,}")


def has_drawl(text: str) -> bool:
    return _DRAWL.search(text) is not None


def shortened(word: str) -> str:
    """A plain word with two of a letter that comes three times or more; roman numerals stay."""
    if not _DRAWL.search(word) or ordinal(word) or roman(word):
        return word
    return _DRAWL.sub(r"\1\1", word)
