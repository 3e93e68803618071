"""What stands around a name in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum

from knowledge.gazetteer.words import PlaceWords

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

    __slots__ = ("pauses", "said", "taken", "words")

    def __init__(
        self, words: Sequence[str], taken: Collection[int], said: PlaceWords, pauses: Collection[int] = ()
    ) -> None:
        """`said`: what the language of the sentence says around places; words are brought to the forms that it lists."""
        self.taken = frozenset(taken)
        self.words = [said.listed(word, forgive=index not in self.taken) for index, word in enumerate(words)]
        self.said = said
        self.pauses = frozenset(pauses)

    def mark(self, start: int, end: int) -> tuple[Mark, bool]:
        """The strongest marker beside the name, and whether it touches it or articles stand between."""
        said, words = self.said, self.words
        if end < len(words) and words[end] in said.after_markers:
            return Mark.KIND, True
        mark, direct = self.mark_after(end), True
        for index in range(start - 1, -1, -1):
            word = words[index]
            if word in said.kind_markers:
                return Mark.KIND, index == start - 1
            if word in said.near_markers or word in said.kinds or self._pair(index - 1) in said.near_markers:
                return Mark.NEAR, index == start - 1
            if word in said.maybe_markers and mark < Mark.MAYBE:
                mark, direct = Mark.MAYBE, index == start - 1
            elif word not in said.between:
                break
        return mark, direct

    def mark_after(self, end: int) -> Mark:
        """The marker that begins at `end`: "X ته نږدې"."""
        after = self.said.after_near
        if not after or end >= len(self.words):
            return Mark.NONE
        return Mark.NEAR if self.words[end] in after or self._pair(end) in after else Mark.NONE

    def _pair(self, index: int) -> str:
        return f"{self.words[index]} {self.words[index + 1]}" if 0 <= index < len(self.words) - 1 else ""

    def is_grammar(self, index: int) -> bool:
        """Whether the word is no name: a little word, or one that says something about places."""
        word = self.words[index]
        return word in self.said.explained or word in self.said.district

    def in_street(self, start: int) -> bool:
        """Whether the name is, or ends, a street's: "rue de ...", "avenue Jean ..."."""
        said, others = self.said, 0
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
        around = self.said.around
        return all(word in around for word in self.words[:start]) and all(word in around for word in self.words[end:])

    def telegraphic(self, start: int, end: int) -> bool:
        """Whether the name follows another word without any grammar, and what follows has a meaning of its own:
        "douche temple", "douche temple demain"."""
        explained = all(
            index in self.taken or self.words[index] in self.said.around for index in range(end, len(self.words))
        )
        return explained and start > 0 and (start <= 4 or start - 1 in self.taken) and self.may_start(start)

    def may_start(self, start: int) -> bool:
        """Whether no article, pronoun or preposition before `start` claims the word for something else."""
        return start == 0 or self.words[start - 1] not in self.said.grammar
