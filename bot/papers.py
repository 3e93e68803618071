"""What staff print, for the command line: certificates of a session, its code for the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.config import Settings
from bot.texts import texts
from handlers import arrival_code
from handlers.certificate import certificate, file_name
from storage import attendance, profiles, qualifications, sessions
from storage.addressees import addressees
from storage.database import Database
from storage.migrate import migrate

T = TypeVar("T")


class NoSuchCodeError(Exception):
    """No session has this code."""


async def certificates(settings: Settings, code: str) -> dict[str, bytes]:
    """A file for each person whom the session of this code gave a qualification, in their language, by its name, which tells
    nothing of theirs. Raises NoSuchCodeError."""

    def work(connection: Connection) -> dict[str, bytes]:
        about = sessions.listing(connection, _session(connection, code))
        assert about is not None
        given = qualifications.of_session(connection, about.session.id)
        speak = addressees(connection, [one.person_id for one in given])
        made = {}
        for one in given:
            known = speak.get(one.person_id)
            words = texts(known.language if known else settings.bot.default_language, settings.bot.zone)
            name = profiles.profile(connection, one.person_id).name
            made[file_name(one)] = certificate(words, about, one, name)
        return made

    return await _read(settings, work)


async def code_picture(settings: Settings, code: str, bot_name: str) -> tuple[str, bytes]:
    """The QR code of the session of this code: what it says, and the picture. Raises NoSuchCodeError."""
    await _read(settings, lambda c: _session(c, code))
    typed = attendance.typed(code)
    return arrival_code.deep_link(bot_name, typed), arrival_code.picture(bot_name, typed)


def _session(connection: Connection, code: str) -> int:
    found = attendance.session_of(connection, code)
    if found is None:
        raise NoSuchCodeError(f"no session has the code {code}; /equipe shows those there are")
    return found


async def _read(settings: Settings, work: Callable[[Connection], T]) -> T:
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        return await database.read(work)
    finally:
        await database.close()
