"""The notation of lexicon phrases, made so that somebody who is no programmer can read and mend it.

    "bains douches"         these words, one after the other
    "(douche|lavabo)"       one of these
    "[petit] dejeuner"      the word in brackets may be missing
    "respire .. plus"       up to three other words in between
    "mes # enfants"         a number, in digits or as a word
    "vaccin*"               any ending
    "mondays!"              this very word, not "monday"

Case, accents, hyphens and apostrophes do not matter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, product

from knowledge.text import plain
from knowledge.understanding.drawls import shortened

GAP = ".."
NUMBER = "#"

CLASS_SEPARATOR = "|"
SMALLEST_CLASS = 4
"""Words from which "(a|b|c|d)" is kept as one symbol instead of being written out."""

MAX_VARIANTS = 2048
"""A phrase that stands for more is a mistake."""

_GLUED = re.compile(r"\w[(\[]|[)\]][\w*#]")
_PART = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|([^()\[\]]+)")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message shows it."""


def variants(phrase: str, *, classes: bool = True) -> list[tuple[str, ...]]:
    """Every sequence of symbols that `phrase` stands for. PhraseError when it is malformed, empty or too wide.

    With `classes`, a choice between many single words stays one symbol: the words joined by CLASS_SEPARATOR.
    """
    if _GLUED.search(phrase):
        raise PhraseError(f"{phrase!r} has a bracket inside a word: plurals need none, other endings take a star")
    choices: list[list[tuple[str, ...]]] = []
    read = 0
    for part in _PART.finditer(phrase):
        if part.start() != read:
            raise PhraseError(f"cannot read {phrase!r}")
        read = part.end()
        one_of, optional, words = part.groups()
        if words is not None:
            choices.append([_symbols(words)])
        elif optional is not None:
            options = [_symbols(words) for words in optional.split("|")]
            choices.append([(), *(_with_class(options) if classes else options)])
        else:
            options = [_symbols(words) for words in one_of.split("|")]
            choices.append(_with_class(options) if classes else options)
    if read != len(phrase):
        raise PhraseError(f"cannot read {phrase!r}")
    written = dict.fromkeys([tuple(chain.from_iterable(parts)) for parts in product(*choices)])
    if classes and len(written) > MAX_VARIANTS:
        raise PhraseError(f"{phrase!r} stands for {len(written)} phrases, more than {MAX_VARIANTS}")
    for symbols in written:
        if not symbols or symbols[0] == GAP or symbols[-1] == GAP:
            raise PhraseError(f"{phrase!r} may be empty or begins or ends with {GAP!r}")
    return list(written)


def _with_class(options: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """`options` with the single words among them as one symbol, where they are many."""
    single = sorted({option[0] for option in options if len(option) == 1})
    if len(single) < SMALLEST_CLASS or GAP in single:
        return options
    return [(CLASS_SEPARATOR.join(single),), *(option for option in options if len(option) != 1)]


@lru_cache(maxsize=2048)
def _symbols(words: str) -> tuple[str, ...]:
    symbols: list[str] = []
    for word in words.split():
        if word in (GAP, NUMBER):
            symbols.append(word)
        elif word[-1] in "*!":
            stem = _plain_words(word)
            if not stem:
                raise PhraseError(f"nothing before {word[-1]!r} in {words!r}")
            symbols.extend([*stem[:-1], stem[-1] + word[-1]])
        else:
            symbols.extend(_plain_words(word))
    return tuple(symbols)


def _plain_words(text: str) -> list[str]:
    """As sentences are read."""
    return [shortened(word) for word in plain(text).split()]
