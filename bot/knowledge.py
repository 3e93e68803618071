"""Everything the bot knows, ready to be asked: the directory's index is swapped for a new one while answers go on."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.directory import district_centres
from knowledge.emergency import EmergencyNumber, emergency_numbers
from knowledge.gazetteer import Gazetteer
from knowledge.search import Index
from knowledge.service import Service
from knowledge.understanding import Understanding


@dataclass(slots=True)
class Knowledge:
    gazetteer: Gazetteer
    understanding: Understanding
    numbers: dict[str, EmergencyNumber]
    index: Index
    version: int = 0
    """The directory's version that `index` was built from."""

    @classmethod
    def of(cls, services: tuple[Service, ...], version: int = 0) -> Knowledge:
        gazetteer = Gazetteer.load()
        return cls(gazetteer, Understanding.load(gazetteer), emergency_numbers(), build_index(services), version)


def build_index(services: tuple[Service, ...]) -> Index:
    return Index.build(services, district_centres())
