"""Pictures and documents: each uploaded once, then known by the name that Telegram gave it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from telegram import Bot, InputFile
from telegram.error import BadRequest, TelegramError

from bot.adapters.adapter import Attachments
from bot.adapters.telegram.errors import unknown_file
from bot.adapters.telegram.receive import PLATFORM
from bot.adapters.telegram.request import NotSentError
from bot.messages import File, Media

MAX_PHOTO = 10 << 20
MAX_FETCHED = 20 << 20
"""Bytes. Source: Telegram Bot API, "Sending files" and getFile."""
MEDIA_TIMEOUT_S = 120.0
"""For 20 MB over a slow line."""
KNOWN = 256


class Uploads:
    """While one message uploads a file, others with the same file come back later: waiting here, they would keep answers
    from leaving, and then leave all at once."""

    def __init__(self, attachments: Attachments) -> None:
        self._attachments = attachments
        self._names: dict[int, str] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(self, bot: Bot, media: Media, **message: Any) -> str:
        """The message's id."""
        name = self._names.get(media.attachment)
        if name is None:
            if self._locks[media.attachment].locked():
                raise NotSentError("its file is being uploaded")
            async with self._locks[media.attachment]:
                name = await self._attachments.handle(media.attachment, PLATFORM)
                if not name:
                    return await self._upload(bot, media, message)
                self._note(media.attachment, name)
        try:
            return str((await _post(bot, media, name, message))["message_id"])
        except BadRequest as error:
            if not unknown_file(error):
                raise
        self._names.pop(media.attachment, None)
        if self._locks[media.attachment].locked():
            raise NotSentError("its file is being uploaded")
        async with self._locks[media.attachment]:
            return await self._upload(bot, media, message)

    async def _upload(self, bot: Bot, media: Media, message: dict[str, Any]) -> str:
        content = await self._attachments.content(media.attachment)
        if content is None:
            raise BadRequest("the file is not kept any more")
        file = InputFile(content, filename=media.name or None)
        file.mimetype = media.media_type or file.mimetype
        sent = await _post(bot, media, file, message)
        name = _name(sent)
        if name:
            self._note(media.attachment, name)
            await self._attachments.note_handle(media.attachment, PLATFORM, name)
        return str(sent["message_id"])

    def _note(self, attachment: int, name: str) -> None:
        if len(self._names) >= KNOWN:
            del self._names[next(iter(self._names))]
        self._names[attachment] = name


async def _post(bot: Bot, media: Media, file: str | InputFile, message: dict[str, Any]) -> Any:
    method, field = ("sendPhoto", "photo") if media.picture else ("sendDocument", "document")
    given = {name: value for name, value in message.items() if value is not None}
    return await bot._post(method, {field: file, **given}, write_timeout=MEDIA_TIMEOUT_S)


def _name(sent: Any) -> str:
    sizes, document = sent.get("photo"), sent.get("document")
    found = sizes[-1] if sizes else document
    return str(found["file_id"]) if found else ""


async def fetch(bot: Bot, file: File) -> bytes | None:
    try:
        found = await bot.get_file(file.reference)
        return bytes(await found.download_as_bytearray(write_timeout=MEDIA_TIMEOUT_S))
    except TelegramError:
        return None
