"""What is wanted of the bot, from the cues of the sentence and the rules of rules/intents.toml."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from knowledge.frame import INTENTS
from knowledge.understanding import rules
from knowledge.understanding.rules import Rule, RuleError


@dataclass(frozen=True, slots=True)
class Asked:
    """What else the sentence holds, for an intent to be chosen."""

    firm: bool
    """A service is named."""
    hinted: bool
    """A service is hinted at."""
    somewhere: bool
    sometime: bool
    someone: bool
    """Needs are named."""
    words: int
    unexplained: int
    """Words that nothing explains: too many, and a place or a time is not the point of the sentence."""
    opens_as_follow_up: bool
    """ "et...", "plutôt...", "what about..." at the start."""
    distance: Literal["closer", "farther"] | None


class Intents:
    def __init__(self) -> None:
        table = rules.load("intents")
        if unknown := {name for section in table.values() for name in section} - set(INTENTS):
            raise RuleError(f"rules/intents.toml: unknown intents {sorted(unknown)}")
        self._strong = _read(table["strong"])
        self._gentle = _read(table["gentle"])

    def find(self, present: Collection[str], asked: Asked) -> tuple[str, str]:
        """The intent, and why. `present`: cues, and "category" or "weak" where services were named or hinted at."""
        for name, ways in self._strong:
            if (rule := rules.first(ways, present)) is not None:
                return name, f"{name}: {rule.text}"
        if asked.firm:
            if asked.opens_as_follow_up and asked.words <= FOLLOW_UP_WORDS:
                return "refine", "a follow-up that names a service"
            if "thanks_for" in present:
                return "thanks", "thanks for a service"
            return "find_service", ""
        for name, ways in self._gentle:
            if (rule := rules.first(ways, present)) is not None:
                return name, f"{name}: {rule.text}"
        if asked.distance is not None:
            return "refine", f"distance: {asked.distance}"
        if asked.hinted and not (asked.opens_as_follow_up and asked.words <= FOLLOW_UP_WORDS):
            return "find_service", "a hint"
        allowed = MAY_STAY_UNEXPLAINED["somewhere" if asked.somewhere else "someone" if asked.someone else "sometime"]
        if (asked.somewhere or asked.sometime or asked.someone) and asked.unexplained <= allowed:
            return "refine", "place, time or need alone"
        if "others" in present or "instead" in present:
            return "refine", "others"
        for name in ("thanks", "help_alone", "greeting"):
            if name in present:
                return name.removesuffix("_alone"), name
        return "unknown", ""


MAY_STAY_UNEXPLAINED = {"somewhere": 2, "someone": 1, "sometime": 0}
"""Words beside a place, a need or a time that alone make a follow-up."""
FOLLOW_UP_WORDS = 7
"""Words up to which a sentence that begins with "et" goes on with the last search."""


def _read(section: dict[str, list[str]]) -> list[tuple[str, tuple[Rule, ...]]]:
    return [(name, tuple(Rule.read(text) for text in ways)) for name, ways in section.items()]
