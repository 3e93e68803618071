"""The names made ready once and kept (knowledge/kept.py)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge import preparing
from knowledge.gazetteer.entries import entries
from knowledge.gazetteer.heard import HeardNames
from knowledge.gazetteer.name_table import NameTable
from knowledge.gazetteer.names import all_names
from knowledge.gazetteer.spelling import canonical, sound
from knowledge.gazetteer.typos import NearNames
from knowledge.kept import Shelf, fingerprint

_NAME = "places.json"
_MADE_BY = ("entries", "heard", "kept", "name_table", "names", "spelling", "typos", "words")
_MADE_OF = ("places.csv", "place_words.toml")

Packed = dict[str, Any]
"""The gazetteer as plain values."""


def packed() -> Packed:
    if not is_ready() and preparing.may_wait():
        preparing.wait(is_ready)
    found = _shelf().take(_NAME, _print()) or make()
    result: Packed = json.loads(found)
    return result


def is_ready() -> bool:
    return _shelf().has(_NAME, _print())


def make() -> bytes:
    """The gazetteer made ready from its files, and kept where that can be."""
    rows = entries()
    table, names = NameTable.packed(all_names(rows))
    arrondissements = (row for row in rows if row.place.kind == "arrondissement")
    whole = {
        "names": table,
        "near": NearNames.packed(names),
        "heard": HeardNames.packed(names),
        "districts": {
            row.postcode: (row.place.name, row.place.latitude, row.place.longitude, row.place.kind)
            for row in arrondissements
        },
    }
    for remembered in (canonical, sound):
        remembered.cache_clear()  # filled with every name, while people say a few
    content = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    _shelf().keep(_NAME, _print(), content)
    return content


@cache
def _shelf() -> Shelf:
    return Shelf(files("knowledge.data"))


def _print() -> bytes:
    here, above = files("knowledge.gazetteer"), files("knowledge")
    return fingerprint(
        (
            *(here.joinpath(f"{name}.py") for name in _MADE_BY),
            *(above.joinpath(name) for name in ("text.py", "letters.py", "kept.py")),
            *(above.joinpath("data", name) for name in _MADE_OF),
        )
    )
