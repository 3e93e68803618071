"""What is wanted of the bot, from the cues of the sentence and the rules of rules/intents.toml."""

from __future__ import annotations

from collections.abc import Set
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

    @property
    def follows_up(self) -> bool:
        """Whether a service named only changes the last search: "et un dentiste ?"."""
        return self.opens_as_follow_up and self.words <= FOLLOW_UP_WORDS


class Intents:
    def __init__(self) -> None:
        table = rules.load("intents")
        if unknown := {name for section in table.values() for name in section} - set(INTENTS):
            raise RuleError(f"rules/intents.toml: unknown intents {sorted(unknown)}")
        self._strong = _read(table["strong"])
        self._gentle = _read(table["gentle"])

    def find(self, present: Set[str], asked: Asked) -> tuple[str, str]:
        """The intent, and why. `present`: cues, and "category" or "hint" where services were named or hinted at."""
        return (
            _by_rules(self._strong, present)
            or _named_service(present, asked)
            or _by_rules(self._gentle, present)
            or _follow_up_or_hint(present, asked)
            or _politeness(present)
            or ("unknown", "")
        )


_Found = tuple[str, str] | None


def _by_rules(section: list[tuple[str, tuple[Rule, ...]]], present: Set[str]) -> _Found:
    for name, ways in section:
        if (rule := rules.first(ways, present)) is not None:
            return name, f"{name}: {rule.text}"
    return None


def _named_service(present: Set[str], asked: Asked) -> _Found:
    if not asked.firm:
        return None
    if asked.follows_up:
        return "refine", "a follow-up that names a service"
    return ("thanks", "thanks for a service") if "thanks_for" in present else ("find_service", "")


def _follow_up_or_hint(present: Set[str], asked: Asked) -> _Found:
    if asked.distance is not None:
        return "refine", f"distance: {asked.distance}"
    if asked.hinted and not asked.follows_up:
        return "find_service", "a hint"
    allowed = MAY_STAY_UNEXPLAINED["somewhere" if asked.somewhere else "someone" if asked.someone else "sometime"]
    if not asked.somewhere and asked.words > FOLLOW_UP_WORDS:
        allowed = 0
    allowed += MORE_IN_FOLLOW_UP if asked.follows_up else 0
    if (asked.somewhere or asked.sometime or asked.someone) and asked.unexplained <= allowed:
        return "refine", "place, time or need alone"
    return ("refine", "others") if present & {"others", "instead"} else None


def _politeness(present: Set[str]) -> _Found:
    for cue in ("thanks", "help_alone", "greeting"):
        if cue in present:
            return cue.removesuffix("_alone"), cue
    return None


MAY_STAY_UNEXPLAINED = {"somewhere": 2, "someone": 1, "sometime": 0}
"""Words beside a place, a need or a time that alone make a follow-up."""
MORE_IN_FOLLOW_UP = 2
FOLLOW_UP_WORDS = 7
"""Words up to which a sentence that begins with "et" goes on with the last search."""


def _read(section: dict[str, list[str]]) -> list[tuple[str, tuple[Rule, ...]]]:
    return [(name, tuple(Rule.read(text) for text in ways)) for name, ways in section.items()]
