"""Pictures and documents on Matrix: each uploaded once in clear, and once sealed for all encrypted rooms."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError

from bot.adapters.adapter import Attachments, Delivery, Refused, Retry, Uncertain
from bot.adapters.matrix.errors import delivery
from bot.adapters.matrix.homeserver import CutOffError, Homeserver, NotSentError
from bot.adapters.matrix.receive import PLATFORM
from bot.messages import File, Media

MAX_FETCHED = 20 << 20
"""Bytes."""
KNOWN = 256
SEALED = "application/octet-stream"


class NotPlacedError(Exception):
    """It could not be uploaded: what that means for the message that carries it."""

    def __init__(self, outcome: Delivery) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


UNDER_WAY_S = 1.0


class Uploads:
    """While one message uploads a file, others with the same file come back later: waiting here, they would keep answers
    from leaving."""

    def __init__(self, homeserver: Homeserver, attachments: Attachments) -> None:
        self._homeserver = homeserver
        self._attachments = attachments
        self._placed: dict[tuple[int, bool], dict[str, Any]] = {}
        self._locks: defaultdict[tuple[int, bool], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def place(self, media: Media, *, sealed: bool) -> Mapping[str, Any]:
        """What the event says of where the file lies. The key of a sealed one goes only into sealed events; it is the same
        for all of them, as what it opens is. Raises NotPlacedError."""
        key = (media.attachment, sealed)
        if key not in self._placed:
            if self._locks[key].locked():
                raise NotPlacedError(Retry(UNDER_WAY_S))
            async with self._locks[key]:
                found = await self._upload(media, sealed=sealed)
                if len(self._placed) >= KNOWN:
                    del self._placed[next(iter(self._placed))]
                self._placed[key] = found
        return self._placed[key]

    async def _upload(self, media: Media, *, sealed: bool) -> dict[str, Any]:
        if not sealed and (uri := await self._attachments.handle(media.attachment, PLATFORM)):
            return {"url": uri}
        content = await self._attachments.content(media.attachment)
        if content is None:
            raise NotPlacedError(Refused("the file is not kept any more"))
        if not sealed:
            uri = await self._put(content, media.media_type or SEALED, media.name)
            await self._attachments.note_handle(media.attachment, PLATFORM, uri)
            return {"url": uri}
        sealed_content, keys = await asyncio.to_thread(encrypt_attachment, content)
        return {"file": {**keys, "url": await self._put(sealed_content, SEALED, "")}}

    async def _put(self, content: bytes, media_type: str, name: str) -> str:
        try:
            answer = await self._homeserver.upload(content, media_type, name)
        except (NotSentError, CutOffError):
            raise NotPlacedError(Retry()) from None  # one that counted unheard lies there for nobody
        uri = answer.data.get("content_uri")
        if answer.good and isinstance(uri, str):
            return uri
        outcome = delivery(answer)
        raise NotPlacedError(Retry() if isinstance(outcome, Uncertain) else outcome)


async def fetch(homeserver: Homeserver, file: File) -> bytes | None:
    """None when it cannot be had, is longer than it may be, or is not what its sender sealed."""
    try:
        where = json.loads(file.reference)
        content = await homeserver.download(where["url"], MAX_FETCHED)
        if content is None or "key" not in where:
            return content
        opened = await asyncio.to_thread(
            decrypt_attachment, content, where["key"]["k"], where["hashes"]["sha256"], where["iv"]
        )
        return bytes(opened)
    except (NotSentError, CutOffError, EncryptionError, KeyError, TypeError, ValueError):
        return None
