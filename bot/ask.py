"""One question, one answer: no platform, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import make_url

from bot.config import Settings
from bot.conversation import Batch, Conversation
from bot.knowledge import Knowledge
from bot.messages import INCOMING, STRONG_OFF, STRONG_ON, Incoming, Position, whole_characters
from bot.texts import MARKS
from bot.turn import Turn
from handlers import router
from handlers.wording import conditions, full_address
from knowledge.directory import bundled_services
from knowledge.frame import Place
from knowledge.geocoding import Geocoder
from knowledge.search import Found
from storage import scratch, services
from storage.database import Database
from storage.inbox import Message
from storage.migrate import migrate

MAX_LOOK_UPS = 3


@dataclass(frozen=True, slots=True)
class Answered:
    frame: dict[str, Any]
    results: list[dict[str, Any]]
    text: str

    def as_dict(self) -> dict[str, Any]:
        return {"frame": self.frame, "results": self.results, "text": self.text}


async def ask(settings: Settings, text: str, near: Position | None, now: datetime, language: str) -> Answered:
    """The bot's answer to `text`, asked at `now` (aware) by somebody at `near`.

    Uses the directory of the configured database where there is one, else the bundled directory."""
    knowledge = await _knowledge(settings)
    conversation = Conversation(router(), knowledge, settings.bot.default_language, settings.bot.zone)
    question = Incoming(
        platform="console",
        update_id="1",
        chat="ask",
        person="ask",
        sent_at=now,
        text=whole_characters(text),
        position=near,
        language=language,
    )
    message = Message(1, question.lane, INCOMING.dump_json(question).decode(), 0, now)
    geocoder = Geocoder(settings.geocoding.url, settings.geocoding.nominatim_url)
    looked_up: dict[str, list[Place]] = {}
    try:
        for _ in range(MAX_LOOK_UPS):
            batch = Batch()
            with scratch.connection() as connection:
                conversation.handle(connection, now.astimezone(settings.bot.zone), [message], {1: looked_up}, batch)
            if not batch.to_geocode:
                break
            looked_up[batch.to_geocode[1]] = await geocoder.find(batch.to_geocode[1])
    finally:
        await geocoder.close()
    return _answered(batch.turns[0])


async def _knowledge(settings: Settings) -> Knowledge:
    url = make_url(settings.storage.url)
    if url.drivername == "sqlite" and not scratch.exists(url.database):
        return Knowledge.of(bundled_services())
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        found = await database.read(services.load_services)
    finally:
        await database.close()
    return Knowledge.of(found or bundled_services())


def _answered(turn: Turn) -> Answered:
    frame = turn.frame.as_dict() if turn.frame is not None else {}
    words = "\n\n".join(reply.text for reply in turn.replies if reply.text)
    text = words.replace(STRONG_ON, "").replace(STRONG_OFF, "").translate(MARKS)
    return Answered(frame, [result(turn, found) for found in turn.results], text)


def result(turn: Turn, found: Found) -> dict[str, Any]:
    """One service in the words of the outside interface."""
    service = found.service
    hidden = service.confidential
    return {
        "id": service.id,
        "name": service.name,
        "category": service.category,
        "address": full_address(turn.texts, service),
        "latitude": None if hidden else service.latitude,
        "longitude": None if hidden else service.longitude,
        "distance_m": found.distance_m,
        "walk_minutes": found.walk_minutes,
        "status": found.status.value,
        "closes_at": found.closes_at.isoformat() if found.closes_at else None,
        "opens_at": found.opens_at.isoformat() if found.opens_at else None,
        "verified_on": service.verified_on,
        "phone": service.phone,
        "conditions": conditions(turn.texts, service),
    }
