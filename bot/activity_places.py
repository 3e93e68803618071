"""Where the addresses of a spreadsheet are: as the directory has them, by the name of a place, or by the geocoder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.staff.activity_model import Where
from knowledge.gazetteer import Gazetteer
from knowledge.geocoding import Geocoder, in_service_area
from knowledge.service import Service
from knowledge.text import plain

_TOWN = re.compile(r"[\s,]*\b(?:\d{5}\b[\s,]*(?:paris)?|paris)[\s,]*$", re.I)
"""What stands behind the street."""
_PART = re.compile(r"\s+[/–—-]\s+")


class Places:
    """The directory's own entries come first; confidential ones are never found."""

    def __init__(self, services: Iterable[Service], gazetteer: Gazetteer, geocoder: Geocoder | None) -> None:
        known = [one for one in services if not one.confidential and one.latitude is not None]
        self._at = {(_street(one.address), one.postcode): one for one in reversed(known)}
        self._named: dict[str, Service | None] = {}
        for one in known:
            for name in {plain(one.name), plain(_PART.split(one.name)[0])}:
                other = self._named.get(name, one)
                same = other is not None and other.address == one.address
                self._named[name] = other if same else None  # several of that name: which is not known
        self._gazetteer = gazetteer
        self._geocoder = geocoder

    async def locate(self, where: Where) -> Where:
        """With postcode and position, as far as they can be known."""
        known = self._entry(where)
        if known is not None:
            named = known.address and _street(where.words) != _street(known.address)
            return Where(
                words=f"{where.words}, {known.address}" if named else where.words,
                postcode=known.postcode,
                latitude=known.latitude,
                longitude=known.longitude,
                service=known.id,
            )
        whole = where.words if where.postcode in where.words else f"{where.words} {where.postcode}"
        found = self._gazetteer.look_up(_TOWN.sub("", where.words))[:1]
        if not found and self._geocoder is not None:
            found = [one for one in await self._geocoder.find(whole) if in_service_area(one.latitude, one.longitude)]
        if not found:
            return where
        postcode = where.postcode or _postcode(found[0].name)
        return where.model_copy(
            update={"postcode": postcode, "latitude": found[0].latitude, "longitude": found[0].longitude}
        )

    def _entry(self, where: Where) -> Service | None:
        postcode = where.postcode or _postcode(where.words)
        return self._at.get((_street(where.words), postcode)) or self._named.get(plain(where.words))


def _street(words: str) -> str:
    return plain(_TOWN.sub("", words))


def _postcode(words: str) -> str:
    found = re.search(r"\b\d{5}\b", words)
    return found[0] if found else ""
