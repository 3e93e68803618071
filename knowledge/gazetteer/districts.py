"""Arrondissements as people say them: "75018", "18eme", "XVIIIe", "dans le dix-huitième", "in the 18th"."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from knowledge.gazetteer.context import Context
from knowledge.gazetteer.spelling import ordinal, roman
from knowledge.gazetteer.words import PlaceWords

DISTRICTS = 20

_MOST_WORDS_BETWEEN = 3
"""From "dans" to the number: "dans le 18"."""


_APART = frozenset({"e", "er", "ere", "em", "eme", "ieme", "th", "nd", "rd"})
"""Endings that are written apart from the figures: "18 eme"; "4 a" is "4 à"."""


_ROOMS_AND_FLOORS = 4
"""Ordinals in words of other languages that mean a room or a floor as well: "no quarto"."""
_ALSO_COUNTED = 2
"""Ordinals up to this one number anything."""


class _Form(Enum):
    """How a number is written; each needs more around it to be an arrondissement than the one before."""

    ORDINAL = "18e"
    WORDS = "dix-huitième"
    FIGURES = "18"
    CARDINAL = "dix-huit"


def postcode(number: int) -> str:
    return f"750{number:02d}"


def number_of_postcode(word: str) -> int:
    """1 to 20 for a postcode of Paris, else 0. 75116 is the 16th's second one."""
    if word == "75116":
        return 16
    number = int(word[3:]) if len(word) == 5 and word.startswith("750") and word.isdigit() else 0
    return number if number <= DISTRICTS else 0


def district(context: Context, start: int) -> tuple[int, int, bool] | None:
    """The arrondissement said from word `start` on: (number, end, marked), None where there is none."""
    words, said = context.words, context.said
    if number := number_of_postcode(words[start]):
        return number, start + 1, True
    named = words[start] in said.district or words[start] in said.city
    if named and start in context.pauses:
        return None
    found = _number(words, start + named, said, named=named)
    if found is None:
        return None
    number, end, form = found
    if end < len(words) and words[end] in said.district and end - 1 not in context.pauses:
        return number, end + 1, True
    if form is _Form.CARDINAL and words[start] in said.city:
        return None
    if end < len(words) and words[end] in said.not_after_ordinal and end - 1 not in context.pauses:
        return None
    if form is _Form.FIGURES and end < len(words) and words[end].isdigit() and len(words[end]) == 1:
        return None  # "le 9-3" is a department
    ambiguous = form is _Form.WORDS and bool(said.every) and number <= _ROOMS_AND_FLOORS
    if named or (not ambiguous and _inside(words, start, said)):
        return number, end, True
    if form is not _Form.FIGURES and number > _ALSO_COUNTED and _after_in(context, start, end):
        return number, end, True
    if form is _Form.ORDINAL and _stands_free(context, start, end):
        return number, end, False
    return None


def _number(words: Sequence[str], at: int, said: PlaceWords, *, named: bool) -> tuple[int, int, _Form] | None:
    """(1 to 20, end, form) of the number at `at`. `named`: "arrondissement" comes before it."""
    while named and at < len(words) and words[at] in said.between and words[at] not in said.ordinals:
        at += 1
    if at >= len(words):
        return None
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    number, end, form = 0, at + 1, _Form.ORDINAL
    if word.isdigit():
        number, form = (int(word), _Form.FIGURES) if len(word) <= 2 else (0, _Form.FIGURES)
        if following in _APART or following in said.ordinal_ends:
            end, form = at + 2, _Form.ORDINAL
    elif number := said.ordinals.get(f"{word} {following}", 0):
        end, form = at + 2, _Form.WORDS
    elif number := said.ordinals.get(word, 0):
        form = _Form.WORDS
    elif named and (number := said.numbers.get(f"{word} {following}", 0) or said.numbers.get(word, 0)):
        end, form = at + (2 if f"{word} {following}" in said.numbers else 1), _Form.CARDINAL
    else:
        numeral = named or following in said.district or len(word) > 1
        number = ordinal(word) or _with_end(word, said) or (roman(word) if numeral else 0)
        form = _Form.FIGURES if number and not ordinal(word) and not _with_end(word, said) else form
    return (number, end, form) if 0 < number <= DISTRICTS else None


def _with_end(word: str, said: PlaceWords) -> int:
    """The number of figures with an ending of the language: "18مه", "18й"."""
    figures = word[:2] if word[:2].isdigit() else word[:1]
    return int(figures) if figures.isdigit() and word[len(figures) :] in said.ordinal_ends else 0


def _inside(words: Sequence[str], start: int, said: PlaceWords) -> bool:
    """Whether "dans", "in", "near" come before, with articles between."""
    for index in range(start - 1, max(-1, start - 1 - _MOST_WORDS_BETWEEN), -1):
        if words[index] in said.inside:
            return True
        if words[index] not in said.between:
            return False
    return False


def _after_in(context: Context, start: int, end: int) -> bool:
    """Whether an ordinal of another language comes after "in" and nothing that it numbers: "в двадцатом"."""
    words, said = context.words, context.said
    if not said.every or not start or words[start - 1] not in said.maybe_markers:
        return False
    return end == len(words) or end in context.taken or words[end] in said.around


def _stands_free(context: Context, start: int, end: int) -> bool:
    """Whether a bare ordinal can only be an arrondissement: "le 18e", "douche 18eme", but not "the 18th" (a day)."""
    words = context.words
    if words[start].endswith(("th", "st", "nd", "rd")):
        return context.alone(start, end) or context.telegraphic(start, end)
    if start and words[start - 1] in ("le", "du", "au"):
        return not words[start].startswith("1e")
    return context.may_start(start)
