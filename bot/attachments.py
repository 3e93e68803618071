"""What platforms send besides words, out of the database and only while it is sent."""

from __future__ import annotations

from storage import attachments
from storage.database import Database


class Attachments:
    """`bot.adapters.adapter.Attachments` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def content(self, number: int) -> bytes | None:
        return await self._database.read(lambda c: attachments.content(c, number))

    async def handle(self, number: int, platform: str) -> str:
        kept = await self._database.read(lambda c: attachments.by_id(c, number))
        name = None if kept is None else kept.telegram_file if platform == "telegram" else kept.matrix_file
        return name or ""

    async def note_handle(self, number: int, platform: str, known_as: str) -> None:
        await self._database.write(lambda c: attachments.uploaded(c, number, **{f"{platform}_file": known_as}))
