"""The geocoder that handlers ask: always an answer, soon, whatever the services do."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from knowledge.frame import Place
from knowledge.gazetteer.distance import metres_between
from knowledge.geocoding.area import in_service_area
from knowledge.geocoding.cache import AnswerCache
from knowledge.geocoding.guard import Clock, GeocoderUnavailableError, Guard
from knowledge.text import plain

if TYPE_CHECKING:
    from knowledge.geocoding.services import Answer, Service

TIMEOUT_SECONDS = 3.0
LEAST_SCORE = 0.5
"""The national geocoder always answers something; below this the person is asked again. A choice, not a measure."""
_SCORE_MARGIN = 0.1
"""Answers this much worse than the best are not offered beside it."""
_APART_METRES = 150.0
_CACHED_ANSWERS = 1024
_CACHE_SECONDS = 3600.0
_SHORTEST_TEXT = 3
"""Letters and figures; the national geocoder refuses less."""

log = structlog.get_logger()


class Geocoder:
    """Addresses in and around Paris.

    `url`: the national geocoder, up to its version without `/search`; `nominatim_url`: asked where that one finds
    nothing. "" turns either off. `clock`: seconds that never go back.
    """

    def __init__(self, url: str, nominatim_url: str = "", *, clock: Clock = time.monotonic) -> None:
        # geopy logs addresses of requests and texts of errors, and both hold what people wrote.
        logging.getLogger("geopy").setLevel(logging.WARNING)
        self._url = url
        self._nominatim_url = nominatim_url
        self._clock = clock
        self._opened: list[tuple[Service, Guard]] | None = None
        self._cache = AnswerCache(_CACHED_ANSWERS, _CACHE_SECONDS, clock)

    @property
    def _guarded(self) -> list[tuple[Service, Guard]]:
        if self._opened is None:
            # Only now: most questions name a station, and geopy loads every geocoder there is (ran: 7 MB, 60 ms).
            from knowledge.geocoding.services import Ban, OpenStreetMap  # noqa: PLC0415

            services: list[Service] = []
            if self._url:
                services.append(Ban(self._url, TIMEOUT_SECONDS))
            if self._nominatim_url:
                services.append(OpenStreetMap(self._nominatim_url, TIMEOUT_SECONDS))
            self._opened = [(service, Guard(service.interval, self._clock)) for service in services]
        return self._opened

    async def find(self, text: str) -> list[Place]:
        """Places of kind "address" that `text` may mean, best first; empty when there is none or nobody answers."""
        if sum(map(str.isalnum, text)) < _SHORTEST_TEXT:
            return []
        asked = plain(text)
        known = self._cache.get(asked)
        if known is not None:
            return list(known)
        answered = 0
        places: tuple[Place, ...] = ()
        for service, guard in self._guarded:
            if places or not await guard.passes():
                continue
            try:
                places = _best(await _ask(service, " ".join(text.split())))
                answered += 1
            except GeocoderUnavailableError as problem:
                guard.rest(problem.retry_after)
                log.warning("geocoder unavailable", service=service.name, reason=str(problem))
        if places or answered == len(self._guarded):
            self._cache.put(asked, places)
        return list(places)

    async def check(self) -> str | None:
        """For the doctor: None when every service set answers, else what is wrong with the first that does not."""
        for service, _ in self._guarded:
            try:
                answers = await _ask(service, "place de l'Hôtel de Ville, Paris")
            except GeocoderUnavailableError as problem:
                return f"{service.name}: {problem}"
            if not _best(answers):
                return f"{service.name}: does not find Paris city hall"
        return None

    async def close(self) -> None:
        for service, _ in self._opened or ():
            await service.close()


async def _ask(service: Service, text: str) -> Sequence[Answer]:
    from knowledge.geocoding.services import answers  # noqa: PLC0415 - loaded with the services

    return await answers(service, text)


def _best(answers: Sequence[Answer]) -> tuple[Place, ...]:
    """The answers worth offering: near Paris, well matched, apart from each other."""
    kept: list[Place] = []
    good = [answer for answer in answers if answer.score >= LEAST_SCORE and _is_place(answer)]
    best_score = max((answer.score for answer in good), default=0.0)
    for answer in sorted(good, key=lambda answer: -answer.score):
        place = Place(answer.label, answer.latitude, answer.longitude)
        if answer.score >= best_score - _SCORE_MARGIN and all(metres_between(place, p) > _APART_METRES for p in kept):
            kept.append(place)
    return tuple(kept)


def _is_place(answer: Answer) -> bool:
    """Whether the answer is somewhere to go: around Paris, and not Paris itself."""
    paris_itself = answer.town and answer.city == "Paris"
    return in_service_area(answer.latitude, answer.longitude) and not paris_itself
