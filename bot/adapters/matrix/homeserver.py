"""Calls of the client-server API that the bot makes itself: lean, and with the headers that say when to come back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

TIMEOUT_S = 30.0
CONNECTIONS = 40
MEDIA_TIMEOUT_S = 120.0
MAX_PAUSE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the homeserver said. `data` is empty when it was no JSON object."""

    status: int
    data: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None
    """Seconds."""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """`M_FORBIDDEN` and the like; "" for an answer that is not the homeserver's own, such as a proxy's."""
        code = self.data.get("errcode")
        return code if isinstance(code, str) else ""


class NotSentError(Exception):
    """No connection could be made: nothing left."""


class CutOffError(Exception):
    """The connection ended before an answer came."""


class Homeserver:
    """`token` is set once there is one."""

    def __init__(self, url: str, timeout: float = TIMEOUT_S) -> None:
        self.url = url.rstrip("/")
        self.token = ""
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        patience: float | None = None,
    ) -> Answer:
        """`path` begins after /_matrix/client, as `route` writes it; `patience`: seconds, where an answer takes longer than
        others. Raises NotSentError or CutOffError."""
        data, headers = None, {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        url = f"{self.url}/_matrix/client{path}"
        status, read, answered = await self._request(method, url, data, headers, query, patience or self._timeout)
        return _answer(status, read or b"", answered)

    async def upload(self, content: bytes, media_type: str, name: str) -> Answer:
        """Its address is `content_uri`. Raises NotSentError or CutOffError."""
        url = f"{self.url}/_matrix/media/v3/upload"
        headers = {"Content-Type": media_type}
        status, read, answered = await self._request(
            "POST", url, content, headers, {"filename": name} if name else None, MEDIA_TIMEOUT_S
        )
        return _answer(status, read or b"", answered)

    async def download(self, uri: str, most: int) -> bytes | None:
        """What is at an mxc address; None when that is not to be had, or is longer than `most` bytes. Raises NotSentError or
        CutOffError."""
        server, _, media = uri.removeprefix("mxc://").partition("/")
        url = f"{self.url}/_matrix/client{route('media', 'download', server, media, version='v1')}"
        status, read, _ = await self._request("GET", url, None, {}, None, MEDIA_TIMEOUT_S, most)
        return read if 200 <= status < 300 else None

    async def _request(
        self,
        method: str,
        url: str,
        data: bytes | None,
        headers: dict[str, str],
        query: Mapping[str, str] | None,
        patience: float,
        most: int | None = None,
    ) -> tuple[int, bytes | None, Mapping[str, str]]:
        """Status, body and headers; None for a body of more than `most` bytes."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True).update_query(query or {}),
                data=data,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=patience),
            ) as response:
                if most is None:
                    return response.status, await response.read(), response.headers
                kept = bytearray()
                async for chunk in response.content.iter_chunked(1 << 16):
                    kept += chunk
                    if len(kept) > most:
                        return response.status, None, response.headers
                return response.status, bytes(kept), response.headers
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CutOffError(type(error).__name__) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def route(*segments: str, version: str = "v3") -> str:
    """Each segment escaped: room ids and transaction ids hold all sorts of signs."""
    return "/".join(("", version, *(quote(segment, safe="") for segment in segments)))


def _answer(status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    try:
        data = json.loads(body)
    except ValueError:
        data = {}
    data = data if isinstance(data, dict) else {}
    return Answer(status, data, None if status < 400 else retry_after(data.get("retry_after_ms"), headers))


def retry_after(milliseconds: object, headers: Mapping[str, str]) -> float | None:
    """Seconds the homeserver asks for, by header or in the older way in the body; the longer of them."""
    asked = [milliseconds / 1000] if isinstance(milliseconds, int | float) else []
    header = headers.get("Retry-After", "").strip()
    try:
        asked.append(float(header))
    except ValueError:
        when = _moment(header)
        if when is not None:
            asked.append((when - datetime.now(UTC)).total_seconds())
    return min(MAX_PAUSE_S, max(0.0, *asked)) if asked else None


def _moment(written: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
