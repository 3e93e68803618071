"""Misspelled names in a sentence: where to look for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.gazetteer.context import Context, Mark
from knowledge.gazetteer.names import Name
from knowledge.gazetteer.spelling import is_small
from knowledge.gazetteer.spots import Spot, judged
from knowledge.gazetteer.typos import NearNames
from knowledge.gazetteer.words import PlaceWords

_LONGEST_NAME_WORDS = 6
_ARTICLES = ("la", "le", "les", "l")
"""The small words that names begin with."""
_TELEGRAM_WORDS = 10
"""In longer sentences a misspelled name needs a marker: people who write whole sentences write "vers" too."""
_MOST_WINDOWS = 60
"""Runs of words compared in one sentence: bounds the work on long texts."""


def misspelled(context: Context, canon: Sequence[str], exact: Sequence[Spot], near: NearNames) -> Iterator[Spot]:
    """Spots of names with typing errors: where a place is expected or may stand, and around names found `exact`ly of
    which they may be the whole ("prte de pantin").
    """
    inside = {index: spot for spot in exact for index in range(spot.start, spot.end)}
    open_words = [index not in inside and _open(context, index) for index in range(len(canon))]
    if not any(open_words):
        return
    windows = 0
    for start in range(len(canon)):
        if _cuts_before(inside, start) or not _may_begin(canon, start):
            continue
        expected = _expected(context, start)
        possible = expected or _possible(context, start)
        open_seen, within = False, None
        for end in range(start + 1, min(len(canon), start + _LONGEST_NAME_WORDS) + 1):
            open_seen = open_seen or open_words[end - 1]
            within = inside.get(end - 1, within)
            if (
                not open_seen
                or not (possible or within)
                or not _may_end(canon, end, context.said)
                or _cuts_before(inside, end)
            ):
                continue
            windows += 1
            if windows > _MOST_WINDOWS:
                return
            found = near.nearest(canon[start:end], expected=expected or within is not None)
            if found is None or (within and within.places == found[0].places) or not _begins(found[0], canon[start]):
                continue
            spot = judged(context, start, end, *found)
            if spot is not None:
                yield spot


def _begins(name: Name, word: str) -> bool:
    """Whether a name may be meant that begins with `word`: "la plaie" is not "Laplace"."""
    return word not in _ARTICLES or any(spelling.startswith(f"{word} ") for spelling in name.spellings)


def _open(context: Context, index: int) -> bool:
    """Whether the word may be part of a misspelled name: nothing else explains it."""
    word = context.words[index]
    return len(word) > 2 and index not in context.taken and word not in context.said.explained


def _cuts_before(inside: dict[int, Spot], index: int) -> bool:
    """Whether a limit before the word `index` cuts a name found exactly in two."""
    spot = inside.get(index)
    return spot is not None and spot.start < index


def _may_begin(canon: Sequence[str], start: int) -> bool:
    return not is_small(canon[start]) or canon[start] in _ARTICLES


def _may_end(canon: Sequence[str], end: int, said: PlaceWords) -> bool:
    return canon[end - 1] not in said.grammar and not is_small(canon[end - 1])


def _expected(context: Context, start: int) -> bool:
    return context.words[start] in context.said.kinds or context.mark(start, start + 1)[0] >= Mark.NEAR


def _possible(context: Context, start: int) -> bool:
    """Whether a misspelled name may begin at `start` though no word says that a place comes."""
    word = context.words[start]
    if word in context.said.grammar and word not in _ARTICLES:
        return False
    if len(context.words) <= _TELEGRAM_WORDS:
        return context.may_start(start) or context.mark(start, start + 1)[0] == Mark.MAYBE
    return context.mark(start, start + 1) == (Mark.MAYBE, True)
