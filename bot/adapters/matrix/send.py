"""Makes the calls that `render` decided on: each event once, and never readable in an encrypted room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.adapters.adapter import Delivered, Delivery, Migrated, Retry, Stopped, Uncertain
from bot.adapters.matrix.courtesies import Courtesies
from bot.adapters.matrix.encryption import Encryption, NotSealedError
from bot.adapters.matrix.errors import delivery
from bot.adapters.matrix.homeserver import Answer, CutOffError, Homeserver, NotSentError, route
from bot.adapters.matrix.media import NotPlacedError, Uploads
from bot.adapters.matrix.render import Event
from bot.adapters.matrix.rooms import Rooms
from storage.matrix import INVITED

log = structlog.get_logger(__name__)

TIGHT_S = 600.0
"""A homeserver that asked for silence gets no reactions for so long: they would use up what it allows for answers."""
JOINING_S = 1.0


class Sending:
    """`successor`: the room that goes on as another, if it does."""

    def __init__(
        self,
        homeserver: Homeserver,
        encryption: Encryption,
        rooms: Rooms,
        courtesies: Courtesies,
        successor: Callable[[str], str | None],
        clock: Callable[[], float],
        uploads: Uploads,
    ) -> None:
        self._homeserver = homeserver
        self._encryption = encryption
        self._rooms = rooms
        self._courtesies = courtesies
        self._successor = successor
        self._clock = clock
        self._uploads = uploads
        self._tight_until = 0.0

    async def send(self, event: Event, key: str) -> Delivery:
        """`key` is the transaction id: the homeserver knows a repeat by it, for a day."""
        room = self._rooms.get(event.room_id)
        if room is not None and room.status == INVITED:
            return Retry(JOINING_S)
        trimming = event.type == "m.reaction"
        if trimming and self._clock() < self._tight_until:
            return Delivered()
        self._courtesies.answering(event.room_id)
        try:
            kind, content = event.type, event.content
            sealed = room is not None and room.encrypted
            if event.media is not None:
                content = {**content, **await self._uploads.place(event.media, sealed=sealed)}
            if sealed and not trimming:
                kind, content = await self._encryption.seal(event.room_id, kind, content)
            outcome = await self._put(event.room_id, kind, content, key)
        except NotSealedError as error:
            outcome = delivery(error.answer) if error.answer is not None and not error.answer.good else Retry()
            outcome = outcome if isinstance(outcome, Retry) else Retry()
        except NotPlacedError as error:
            outcome = error.outcome
        except NotSentError:
            outcome = Retry()
        except CutOffError:
            outcome = Uncertain()
        if isinstance(outcome, Delivered):
            return outcome
        if isinstance(outcome, Stopped) and (successor := self._successor(event.room_id)):
            return Migrated(successor)
        log.info("matrix.not_sent", type=event.type, outcome=type(outcome).__name__)
        if isinstance(outcome, Retry) and outcome.whole_platform:
            self._tight_until = self._clock() + TIGHT_S
            if trimming:
                return Delivered()
        return outcome

    async def _put(self, room_id: str, kind: str, content: Mapping[str, Any], key: str) -> Delivery:
        answer: Answer = await self._homeserver.call("PUT", route("rooms", room_id, "send", kind, key), content)
        return delivery(answer)
