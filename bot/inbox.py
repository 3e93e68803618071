"""Keeps what arrives before the platform is told so, and has it handled in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.adapters.adapter import Also
from bot.conversation import Batch, Conversation, Fetched, Geocoded, TurnFailed
from bot.health import Metrics
from bot.messages import INCOMING, File, Incoming, whole_characters
from bot.pacing import Clock, utc_now
from knowledge.frame import Place
from knowledge.geocoding import Geocoder
from storage import inbox
from storage.database import Database
from storage.locks import Contended

LANES_AT_ONCE = 48
MAX_ATTEMPTS = 5
BACK_OFF_S = (1, 2, 4, 8)
MAX_GEOCODED = 256
IDLE_S = 1.0
"""Looks for messages that other processes took in at least this often."""

log = structlog.get_logger()


class Inbox:
    """Takes messages in; `arrived` is called after each commit."""

    def __init__(
        self, database: Database, metrics: Metrics, arrived: Callable[[], None], clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._arrived = arrived
        self._clock = clock

    async def receive(self, batch: Sequence[Incoming], also: Also | None = None) -> None:
        """Commits the batch. Repeats of what is known are dropped, and what cannot be written down: it would hold up
        all that comes after it."""
        if not batch and also is None:
            return
        now = self._clock()

        def work(connection: Connection) -> Sequence[Incoming]:
            arrived = [*batch, *also(connection)] if also is not None else batch
            inbox.record(connection, [row for one in arrived if (row := _row(one)) is not None], now)
            return arrived

        arrived = await self._database.write(work)
        if arrived:
            self._metrics.received.labels(arrived[0].platform).inc(len(arrived))
            self._arrived()


def _row(message: Incoming) -> inbox.NewMessage | None:
    try:
        body = INCOMING.dump_json(replace(message, text=whole_characters(message.text)), warnings="error").decode()
    except ValueError as error:
        log.error("message cannot be kept", platform=message.platform, error=type(error).__name__)
        return None
    return inbox.NewMessage(message.platform, message.update_id, message.lane, body)


Fetch = Callable[[str, File], Awaitable[bytes | None]]
"""From a platform, by its name; None for what cannot be had."""


async def _no_files(_platform: str, _file: File) -> bytes | None:
    return None


class Worker:
    """Handles messages batch by batch; failures of one never stop the others."""

    def __init__(
        self,
        database: Database,
        conversation: Conversation,
        geocoder: Geocoder | None,
        metrics: Metrics,
        handled: Callable[[Batch], None],
        zone: ZoneInfo,
        clock: Clock = utc_now,
        fetch: Fetch = _no_files,
    ) -> None:
        self._fetch = fetch
        self._fetched: dict[int, dict[str, bytes | None]] = {}
        self._database = database
        self._conversation = conversation
        self._geocoder = geocoder
        self._metrics = metrics
        self._handled = handled
        self._zone = zone
        self._clock = clock
        self._wake = asyncio.Event()
        self._looking_up: dict[int, asyncio.Task[None]] = {}
        self._geocoded: dict[int, dict[str, Sequence[Place]]] = {}
        self._limit = LANES_AT_ONCE

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Handles messages until cancelled."""
        while True:
            self._wake.clear()
            batch = await self.step()
            if not batch.done and not batch.to_geocode and not batch.to_fetch:
                await self._sleep(batch.next_due)

    async def _sleep(self, due: datetime | None) -> None:
        """Until something arrives or is due; an address that is looked up wakes it as well."""
        wait = IDLE_S if due is None or self._looking_up else (due - self._clock()).total_seconds()
        seconds = min(IDLE_S, max(0.005, wait))
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def drain(self) -> None:
        """Handles all that waits, then returns."""
        while True:
            batch = await self.step()
            if self._looking_up:
                await asyncio.wait(self._looking_up.values())
            elif not batch.done and not batch.to_geocode and not batch.to_fetch:
                if batch.next_due is None:
                    return
                await self._sleep(batch.next_due)

    async def step(self) -> Batch:
        """Handles one batch, in one transaction."""
        now = self._clock().astimezone(self._zone)
        elsewhere = tuple(self._looking_up)
        geocoded: Mapping[int, Geocoded] = self._geocoded
        fetched: Mapping[int, Fetched] = self._fetched
        try:
            batch = await self._database.write(
                lambda c: self._conversation.run_batch(c, now, self._limit, geocoded, elsewhere, fetched)
            )
        except Contended:
            self._limit = 1  # alone, a message may wait for its turn
            return Batch(next_due=now)
        except TurnFailed as failure:
            await self._note_failure(failure)
            self._limit = 1
            return Batch(done=[failure.message.id])
        self._limit = LANES_AT_ONCE
        for number, words in batch.to_geocode.items():
            self._look_up(number, words)
        for number, (platform, file) in batch.to_fetch.items():
            self._get(number, platform, file)
        if batch.done:
            for number in batch.done:
                self._geocoded.pop(number, None)
            if self._fetched:
                self._fetched = {n: found for n, found in self._fetched.items() if n not in batch.done}
            for intent, count in batch.intents.items():
                self._metrics.handled.labels(intent).inc(count)
            self._handled(batch)
        return batch

    async def _note_failure(self, failure: TurnFailed) -> None:
        message, now = failure.message, self._clock()
        log.error(
            "message could not be handled", message=message.id, attempt=message.attempts + 1, exc_info=failure.__cause__
        )
        self._metrics.failed.inc()
        self._fetched.pop(message.id, None)
        if message.attempts + 1 >= MAX_ATTEMPTS:
            self._metrics.parked.inc()

            def give_up(connection: Any) -> None:
                inbox.park(connection, message)
                self._conversation.apologise(connection, message, now)

            await self._database.write(give_up)
            return
        retry_at = now + timedelta(seconds=BACK_OFF_S[message.attempts])
        await self._database.write(lambda c: inbox.failed(c, message, retry_at))

    def _look_up(self, number: int, words: str) -> None:
        """Asks the geocoder outside any transaction; the message is handled again when the answer is there."""

        async def ask() -> None:
            places: Sequence[Place] = ()
            try:
                if self._geocoder is not None:
                    places = await self._geocoder.find(words)
            except Exception:
                log.exception("address could not be looked up")
            finally:
                self._geocoded.setdefault(number, {})[words] = places
                if len(self._geocoded) > MAX_GEOCODED:  # messages that another process handled
                    del self._geocoded[next(iter(self._geocoded))]
                del self._looking_up[number]
                self.wake()

        self._looking_up[number] = asyncio.create_task(ask())

    def _get(self, number: int, platform: str, file: File) -> None:
        """As `_look_up`, for what somebody sent. Only the last is kept: it may be long."""

        async def get() -> None:
            content = None
            try:
                content = await self._fetch(platform, file)
            except Exception:
                log.exception("file could not be fetched")
            finally:
                self._fetched = {number: {file.reference: content}}
                del self._looking_up[number]
                self.wake()

        self._looking_up[number] = asyncio.create_task(get())
