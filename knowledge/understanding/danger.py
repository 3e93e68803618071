"""Danger, which comes before everything else: what somebody must be told to call, and whether at all."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from knowledge.emergency import emergency_numbers
from knowledge.understanding import rules
from knowledge.understanding.rules import Rule, RuleError


@dataclass(frozen=True, slots=True)
class Danger:
    """`numbers`: most useful first. `shelter`: the call is about a night's shelter, so who needs it and when count."""

    id: str
    numbers: tuple[str, ...]
    shelter: bool
    because: str
    """The rule that held, for --explain."""


class Dangers:
    """The rules of rules/danger.toml. `shelter_needs`: needs that count when somebody must be sheltered."""

    def __init__(self) -> None:
        table = rules.load("danger")
        self._rules = [
            (danger["id"], tuple(danger["numbers"]), tuple(Rule.read(text) for text in danger["when"]))
            for danger in table["danger"]
        ]
        self._deaf: str = table["deaf"]["cue"]
        self._deaf_number: str = table["deaf"]["number"]
        self._shelter = frozenset(table["shelter"]["ids"])
        self.shelter_needs = frozenset(table["shelter"]["needs"])
        called = {number for _, numbers, _ in self._rules for number in numbers} | {self._deaf_number}
        if unknown := called - set(emergency_numbers()):
            raise RuleError(f"rules/danger.toml: numbers that emergency.csv does not have: {sorted(unknown)}")

    def find(self, present: Set[str]) -> Danger | None:
        """The gravest danger that the cues `present` tell of, None where there is none."""
        for id_, numbers, ways in self._rules:
            rule = rules.first(ways, present)
            if rule is not None:
                first = (self._deaf_number,) if self._deaf in present else ()
                return Danger(id_, (*first, *numbers), id_ in self._shelter, f"{id_}: {rule.text}")
        return None

    def nearly(self, present: Set[str]) -> bool:
        """Whether a single cue is missing for some danger that takes several."""
        return any(
            len(rule.needed) > 1 and len(rule.needed - present) == 1 and rule.absent.isdisjoint(present)
            for _, _, ways in self._rules
            for rule in ways
        )
