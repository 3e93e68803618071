"""Documents at private addresses (handlers/private_links.py), on the health endpoint where the outside reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.config import Settings
from bot.texts import texts
from handlers import arrival_code
from handlers.certificate import certificate
from handlers.private_links import CERTIFICATE, PATH, Asked, opened
from storage import profiles, qualifications, sessions
from storage.addressees import addressees
from storage.database import Database
from storage.secret import known_secret


@dataclass(frozen=True, slots=True)
class _Document:
    name: str
    media_type: str
    make: Callable[[], bytes]
    """Takes some milliseconds: done outside the database's time."""


class PrivateFiles:
    """Answers GET /private/TOKEN."""

    def __init__(self, database: Database, settings: Settings, bot_name: Callable[[], str]) -> None:
        self._bot_name = bot_name
        self._database = database
        self._settings = settings.bot

    def route(self, application: web.Application) -> None:
        application.router.add_get(f"{PATH}{{token:[A-Za-z0-9_.-]{{30,120}}}}", self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], datetime.now(self._settings.zone)

        def look(connection: Connection) -> _Document | None:
            key = known_secret(connection)
            asked = opened(token, key, now) if key is not None else None
            return None if asked is None else self._document(connection, asked)

        found = await self._database.read(look)
        if found is None:
            return web.Response(status=404, text="this address is too old; ask the bot for a new one\n")
        headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'inline; filename="{found.name}"'}
        content = await asyncio.to_thread(found.make)
        return web.Response(body=content, content_type=found.media_type, headers=headers)

    def _document(self, connection: Connection, asked: Asked) -> _Document | None:
        """None where it is no longer there to be had."""
        if asked.what == CERTIFICATE:
            return self._certificate(connection, asked)
        about = sessions.listing(connection, asked.number)
        if about is None:
            return None
        code = about.session.code
        return _Document(f"{code}.png", "image/png", lambda: arrival_code.picture(self._bot_name(), code))

    def _certificate(self, connection: Connection, asked: Asked) -> _Document | None:
        held = qualifications.by_id(connection, asked.number)
        about = sessions.listing(connection, held.session_id) if held is not None else None
        if held is None or about is None or held.person_id != asked.person_id:
            return None
        known = addressees(connection, [held.person_id]).get(held.person_id)
        words = texts(known.language if known else self._settings.default_language, self._settings.zone)
        name = profiles.profile(connection, held.person_id).name
        return _Document(f"certificate-{held.id}.pdf", "application/pdf", lambda: certificate(words, about, held, name))
