"""Rules over cues, the same for every language: "cancel + signup", "sleep_outside + tonight - past"."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Set
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


class RuleError(ValueError):
    """A rule that cannot be read; the message shows it."""


@dataclass(frozen=True, slots=True)
class Rule:
    needed: frozenset[str]
    absent: frozenset[str]
    text: str

    @classmethod
    def read(cls, text: str) -> Rule:
        """From "a + b - c": all of a and b, without c."""
        wanted, *unwanted = (part.strip() for part in text.split(" - "))
        needed = frozenset(word.strip() for word in wanted.split(" + "))
        if not all(word.isidentifier() for word in [*needed, *unwanted]):
            raise RuleError(f"cannot read the rule {text!r}")
        return cls(needed, frozenset(unwanted), text)

    def holds(self, present: Set[str]) -> bool:
        return self.needed <= present and self.absent.isdisjoint(present)


def first(rules: Iterable[Rule], present: Set[str]) -> Rule | None:
    """The first rule that holds for the cues `present`."""
    for rule in rules:
        if rule.holds(present):
            return rule
    return None


def load(name: str) -> dict[str, Any]:
    """The rules file `name` of this package."""
    text = files("knowledge.understanding").joinpath("rules", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
