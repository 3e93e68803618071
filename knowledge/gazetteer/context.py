"""What stands around a name in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum

from knowledge.gazetteer.words import place_words

_MOST_STREET_WORDS = 2
"""Of a street's name before the part that is a place's as well: "avenue Franklin D. Roosevelt"."""


class Mark(IntEnum):
    """How surely a place is expected."""

    NONE = 0
    MAYBE = 1
    """ "à", "dans", "at"."""
    NEAR = 2
    """ "vers", "près de", "near", or a kind of place ("parc", "hôpital")."""
    KIND = 3
    """ "métro", "quartier"."""


class Context:
    """The plain words of a sentence, asked about a name that stands at [start, end)."""

    __slots__ = ("_said", "taken", "words")

    def __init__(self, words: Sequence[str], taken: Collection[int]) -> None:
        self.words = words
        self.taken = frozenset(taken)
        self._said = place_words()

    def mark(self, start: int, end: int) -> tuple[Mark, bool]:
        """The strongest marker beside the name, and whether it touches it or articles stand between."""
        said, words = self._said, self.words
        if end < len(words) and words[end] in said.after_markers:
            return Mark.KIND, True
        mark, direct = Mark.NONE, False
        for index in range(start - 1, -1, -1):
            word = words[index]
            if word in said.kind_markers:
                return Mark.KIND, index == start - 1
            if word in said.near_markers or word in said.kinds:
                return Mark.NEAR, index == start - 1
            if word in said.maybe_markers and mark < Mark.MAYBE:
                mark, direct = Mark.MAYBE, index == start - 1
            elif word not in said.between:
                break
        return mark, direct

    def in_street(self, start: int) -> bool:
        """Whether the name is, or ends, a street's: "rue de ...", "avenue Jean ..."."""
        said, others = self._said, 0
        for index in range(start - 1, -1, -1):
            word = self.words[index]
            if word in said.street:
                return True
            if word not in said.between:
                others += 1
                if others > _MOST_STREET_WORDS or word in said.around or word in said.grammar:
                    return False
        return False

    def all_taken(self, start: int, end: int) -> bool:
        return bool(self.taken) and all(index in self.taken for index in range(start, end))

    def alone(self, start: int, end: int) -> bool:
        """Whether nothing else is said: greetings, markers and articles do not count."""
        around = self._said.around
        return all(word in around for word in self.words[:start]) and all(word in around for word in self.words[end:])

    def telegraphic(self, start: int, end: int) -> bool:
        """Whether the name follows another word without any grammar, and what follows has a meaning of its own:
        "douche temple", "douche temple demain"."""
        explained = all(
            index in self.taken or self.words[index] in self._said.around for index in range(end, len(self.words))
        )
        return explained and start > 0 and (start <= 4 or start - 1 in self.taken) and self.may_start(start)

    def may_start(self, start: int) -> bool:
        """Whether no article, pronoun or preposition before `start` claims the word for something else."""
        return start == 0 or self.words[start - 1] not in self._said.grammar
