"""The two geocoding services behind one question, through geopy.

geopy's aiohttp adapter is used rather than threads: aiohttp is there anyway, and a request that times out is really
cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit
from urllib.request import proxy_bypass

from geopy.adapters import AioHTTPAdapter
from geopy.exc import GeocoderParseError, GeocoderQueryError, GeocoderRateLimited
from geopy.geocoders import BANFrance, Nominatim

from knowledge.geocoding.area import CENTRE, EAST, NORTH, SOUTH, WEST
from knowledge.geocoding.guard import GeocoderUnavailableError

_USER_AGENT = "solidarity-bot"
"""Nominatim's usage policy asks for a name of one's own."""
_MOST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One address a service offers. WGS 84 degrees; `score` from 0 to 1; `town`: it is a whole municipality."""

    label: str
    latitude: float
    longitude: float
    score: float
    city: str = ""
    town: bool = False


class Service(Protocol):
    """A geocoding service. `interval`: least seconds between two requests."""

    name: str
    interval: float

    async def ask(self, text: str) -> Sequence[Answer]:
        """Answers, best first. Raises GeopyError, or whatever reading a nonsensical answer raises."""
        ...

    async def close(self) -> None: ...


async def answers(service: Service, text: str) -> Sequence[Answer]:
    """What `service` answers. Raises GeocoderUnavailableError when it cannot be used now, whatever the reason."""
    try:
        return await service.ask(text)
    except GeocoderQueryError:
        return []  # this text only: the service is well
    except GeocoderRateLimited as error:
        raise GeocoderUnavailableError("asks us to wait", error.retry_after or 0.0) from error
    except Exception as error:
        # geopy lets through whatever a nonsensical answer makes its parsers raise.
        raise GeocoderUnavailableError(type(error).__name__) from error


class Ban:
    """The national geocoder.

    Source: cartes.gouv.fr, Géoplateforme, service de géocodage: `/search`, 50 requests a second and address, a query of
    3 to 200 characters.
    """

    interval = 1 / 50
    _longest_query = 200

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._client = _BanNearParis(**_address(url), **_client(url, timeout_seconds))
        self.name = urlsplit(url).netloc

    async def ask(self, text: str) -> Sequence[Answer]:
        features = await self._client.near_paris(text[: self._longest_query])
        return list(_readable(features))

    async def close(self) -> None:
        await self._client.adapter.__aexit__(None, None, None)


class _BanNearParis(BANFrance):  # type: ignore[misc]  # geopy has no type information
    """geopy's client, asked for places near Paris first, which its own `geocode` cannot say."""

    async def near_paris(self, text: str) -> list[Any]:
        latitude, longitude = CENTRE
        query = urlencode({"q": text, "limit": _MOST_ANSWERS, "lat": latitude, "lon": longitude})
        features: list[Any] = await self._call_geocoder(f"{self.geocode_api}?{query}", _features)
        return features


def _features(answer: Any) -> list[Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
        raise GeocoderParseError("no feature collection")
    features: list[Any] = answer["features"]
    return features


def _readable(features: list[Any]) -> Iterator[Answer]:
    for feature in features:
        try:
            longitude, latitude = map(float, feature["geometry"]["coordinates"][:2])
            known = feature["properties"]
            score, town = float(known.get("score", 0)), known.get("type") == "municipality"
            yield Answer(str(known["label"]), latitude, longitude, score, str(known.get("city", "")), town)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


class OpenStreetMap:
    """A Nominatim server. Source: operations.osmfoundation.org, Nominatim usage policy: one request a second."""

    interval = 1.0

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._client = Nominatim(**_address(url), **_client(url, timeout_seconds))
        self.name = urlsplit(url).netloc

    async def ask(self, text: str) -> Sequence[Answer]:
        found = await self._client.geocode(
            text,
            exactly_one=False,
            limit=_MOST_ANSWERS,
            country_codes="fr",
            viewbox=[(SOUTH, WEST), (NORTH, EAST)],
            bounded=True,
        )
        return [Answer(place.address, place.latitude, place.longitude, 1.0) for place in found or ()]

    async def close(self) -> None:
        await self._client.adapter.__aexit__(None, None, None)


def _address(url: str) -> dict[str, str]:
    """geopy wants "https" and "data.geopf.fr/geocodage", and adds "/search" itself."""
    parts = urlsplit(url)
    return {"scheme": parts.scheme, "domain": (parts.netloc + parts.path).rstrip("/")}


def _client(url: str, timeout_seconds: float) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "timeout": timeout_seconds,
        "user_agent": _USER_AGENT,
        "adapter_factory": AioHTTPAdapter,
    }
    if proxy_bypass(urlsplit(url).hostname or ""):
        # geopy reads http_proxy from the environment and overlooks no_proxy.
        settings["proxies"] = {}
    return settings
