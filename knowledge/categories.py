"""The categories of services: parents and leaves, from data/categories.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    parent: str
    """"" for a parent itself."""
    emoji: str
    label_en: str
    """English label, the key of its translations."""


@cache
def categories() -> dict[str, Category]:
    """Every category by id, in the order of the file."""
    text = files("knowledge.data").joinpath("categories.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["id"]: Category(row["id"], row["parent"], row["emoji"], row["label_en"]) for row in rows}


@cache
def leaves(category: str) -> tuple[str, ...]:
    """The leaves under `category`, itself if it is one. KeyError for an id that does not exist."""
    known = categories()[category]
    return (category,) if known.parent else tuple(c.id for c in categories().values() if c.parent == category)
