"""The numbers to call when somebody is in danger, from data/emergency.csv. All of them are free of charge."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """`channel` says how it is reached: 114 takes no voice calls. `hours`: OSM opening_hours syntax."""

    number: str
    purpose_en: str
    """What it is for, in English: the key of its translations."""
    hours: str
    channel: str
    source: str
    source_date: str
    """ISO date, possibly partial ("2023")."""
    confidence: str
    """A to D, as in `Service.confidence`."""
    notes: str
    """For staff, never shown to the public."""


@cache
def emergency_numbers() -> dict[str, EmergencyNumber]:
    """Every number by its digits, in the order of the file."""
    text = files("knowledge.data").joinpath("emergency.csv").read_text(encoding="utf-8")
    return {row["number"]: EmergencyNumber(**row) for row in csv.DictReader(text.splitlines())}
