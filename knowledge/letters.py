"""Letters that people type one for another, brought to one: what is left tells words apart, keyboards do not."""

from __future__ import annotations

import re

_ARABIC_MARKS = "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
"""Short vowels, hamza above or below typed apart, the stretching tatweel, joiners and marks of direction."""

_ARABIC_SAME = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ی", "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ے": "ی", "ۓ": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ټ": "ت", "ډ": "د", "ړ": "ر", "ڼ": "ن",
    "ڤ": "ف", "ڨ": "گ",
    **{chr(0x660 + n): str(n) for n in range(10)},
    **{chr(0x6F0 + n): str(n) for n in range(10)},
})  # fmt: skip
"""One letter of several keyboards; Pashto letters that a Persian keyboard lacks; digits."""

_CYRILLIC_MARKS = "[\u0300\u0301\u0483-\u0487]"
_CYRILLIC_SAME = str.maketrans({"ё": "е", "ѐ": "е", "ґ": "г", "ѝ": "и"})
_LOOKALIKES = str.maketrans("aceiopxykmhtb", "асеіорхукмнтв")
"""Latin letters typed inside Cyrillic words."""

ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
CYRILLIC = re.compile("[\u0400-\u052f]")

_ARABIC_MARK = re.compile(_ARABIC_MARKS)
_CYRILLIC_MARK = re.compile(_CYRILLIC_MARKS)


def is_mark(character: str) -> bool:
    """Whether `character` stands inside words without being a letter."""
    return _ARABIC_MARK.match(character) is not None or _CYRILLIC_MARK.match(character) is not None


def folded_arabic(character: str) -> str:
    return character.translate(_ARABIC_SAME)


def folded_cyrillic(character: str) -> str:
    return character.lower().translate(_CYRILLIC_SAME)


def in_one_script(word: str) -> str:
    """A folded word; Latin letters among Cyrillic ones become Cyrillic ("cироп" with a Latin c)."""
    return word if word.isascii() or not CYRILLIC.search(word) else word.translate(_LOOKALIKES)
