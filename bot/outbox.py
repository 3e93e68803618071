"""Sends what is to be said: claims rows in order, paced, and writes down how each ended."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import lanes
from bot.adapters.adapter import Adapter, Delivered, Migrated, Refused, Retry, Stopped, Uncertain
from bot.health import Metrics
from bot.messages import OUTGOING, Outgoing
from bot.pacing import Clock, Pacer, utc_now
from storage import outbox
from storage.database import Database
from storage.outcomes import Outcome

LIVE_LIFETIME = timedelta(hours=24)
"""A live answer that could not be delivered for so long is no answer any more."""
BACK_OFF_S = (0.5, 1, 2, 4, 8, 15)
UNCERTAIN_ATTEMPTS = 4
"""How often a live answer that may or may not have arrived is sent again: one unanswered is worse than one answered twice.
Where a tenth of all connections is cut, this leaves one question in 100,000 unanswered. Bulk is never sent again."""
MAX_FAILURES = 5
"""After so many attempts, a row that this program fails to send is given up."""
FINISH_S = 3.0
"""Told to stop, what is under way is given so long; what became of it is not known then, and it is sent again."""
QUIET_S, QUIET_AFTER_MANY_S = 0.25, 2.0
"""Trimmings (signs to choose by) wait until no message has left for so long: answers go first, whatever the load. The
second figure holds after MANY messages within MANY_WITHIN."""
MANY, MANY_WITHIN, BUSY_WITHIN = 8, timedelta(seconds=5), timedelta(seconds=0.2)
GATHER_S, GATHER_BULK_S = 0.005, 0.03
"""Those that end within so many seconds are written down together, in one transaction, where many do. The second figure is for what many
people get, as long as nothing else is said and half of it is still under way."""
BULK_AHEAD_S = 0.05
"""Only so much of what many people get is taken on as may leave within so many seconds: an answer never waits behind more."""
FOR_ANSWERS = 8
"""One in so many of those that may be under way at once is kept for answers."""
SAME_KEPT = 16
"""Messages to many that are kept read: a few announcements in a few languages."""
IDLE_S = 1.0
"""Looks for rows that other processes added at least this often."""

log = structlog.get_logger()


class Sender:
    """Sends one platform's rows. Runs only in the process that holds the lease."""

    def __init__(
        self,
        database: Database,
        adapter: Adapter[Any],
        pacer: Pacer,
        metrics: Metrics,
        clock: Clock = utc_now,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._adapter = adapter
        self._pacer = pacer
        self._metrics = metrics
        self._clock = clock
        self._jitter = jitter
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._gathering = False
        self._bulk_until = 0
        self._ended: list[outbox.Settled] = []
        self._postponed: list[outbox.Postponed] = []
        self._uncertain: Counter[int] = Counter()
        self._same: dict[str, Outgoing] = {}
        self._quiet_at = clock()
        self._left: deque[datetime] = deque(maxlen=MANY)

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Sends until cancelled; what is under way is finished and written down first."""
        platform = self._adapter.name
        surely = self._adapter.limits.exactly_once
        await self._database.write(lambda c: outbox.recover(c, platform, self._clock(), bulk_again=surely))
        try:
            while True:
                self._wake.clear()
                claimed, due = await self._settle_and_claim(self._adapter.limits.in_flight - len(self._under_way))
                for row in claimed:
                    task = asyncio.create_task(self._deliver(row))
                    self._under_way.add(task)
                    task.add_done_callback(self._finished)
                bulk = bool(claimed) and claimed[-1].recipient is not None
                self._bulk_until = len(self._under_way) // 2 if bulk else 0
                if bulk:
                    await self._sleep(self._clock() + timedelta(seconds=GATHER_BULK_S))
                elif not claimed:
                    await self._sleep(due)
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=FINISH_S)
            try:
                await self._settle_and_claim(0)
            except Exception:  # being told to stop must not turn into a failure; what is not written down is sent again
                log.exception("what was sent could not be written down")

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._bulk_until:
            if len(self._under_way) <= self._bulk_until:
                self._wake.set()
        elif not self._busy():
            self._wake.set()
        elif not self._gathering:
            self._gathering = True
            asyncio.get_running_loop().call_later(GATHER_S, self._gathered)

    def _busy(self) -> bool:
        """Otherwise an end is written down at once: somebody may reply to a message the moment they see it."""
        return len(self._left) == MANY and self._clock() - self._left[0] < BUSY_WITHIN

    def _gathered(self) -> None:
        self._gathering = False
        self._wake.set()

    async def _sleep(self, due: datetime | None) -> None:
        seconds = IDLE_S if due is None else min(IDLE_S, max(0.005, (due - self._clock()).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _settle_and_claim(self, room: int) -> tuple[list[outbox.Row], datetime | None]:
        ended, self._ended = self._ended, []
        postponed, self._postponed = self._postponed, []
        platform, now = self._adapter.name, self._clock()
        bulk = min(room - self._adapter.limits.in_flight // FOR_ANSWERS, self._pacer.free(BULK_AHEAD_S))
        wanted = outbox.TRIM if now >= self._quiet_at else outbox.BULK
        least = wanted if bulk > 0 else outbox.LIVE

        def work(connection: Any) -> tuple[list[outbox.Row], datetime | None]:
            outbox.settle(connection, ended, postponed)
            if room <= 0:
                return [], None
            rows = outbox.claim(connection, platform, now, room, self._pacer.paced_until, least, bulk)
            return rows, None if rows else outbox.next_due(connection, platform, wanted)

        try:
            rows, due = await self._database.write(work)
        except Exception:
            self._ended[:0] = ended
            self._postponed[:0] = postponed
            raise
        self._left.extend(now for row in rows if row.priority < outbox.TRIM)
        if self._left and self._left[-1] == now:
            many = len(self._left) == MANY and now - self._left[0] < MANY_WITHIN
            self._quiet_at = now + timedelta(seconds=QUIET_AFTER_MANY_S if many else QUIET_S)
        if bulk <= 0 and due is not None:
            due = max(due, now + timedelta(seconds=max(self._pacer.busy() - BULK_AHEAD_S, BULK_AHEAD_S / 2)))
        if wanted < outbox.TRIM:
            due = self._quiet_at if due is None else min(due, self._quiet_at)
        return rows, due

    async def _deliver(self, row: outbox.Row) -> None:
        """A row that cannot even be tried waits as any other, or its chat would never hear anything again."""
        try:
            await self._send(row)
        except Exception:
            log.exception("reply could not be sent", outbox=row.id, attempt=row.attempts + 1)
            if row.attempts + 1 >= MAX_FAILURES:
                self._end(row, "refused")
            else:
                self._again(row, row.parts_sent, None)

    async def _send(self, row: outbox.Row) -> None:
        now = self._clock()
        if (row.expires_at or row.created_at + LIVE_LIFETIME) < now:
            self._end(row, "expired")
            return
        outgoing = self._read(row)
        parts = self._adapter.render(outgoing)
        delivery: object = Delivered()
        for number in range(row.parts_sent, len(parts)):
            await self._pacer.turn()
            delivery = await self._adapter.send(parts[number], _key(row, number))
            if not outgoing.token:  # an inline answer is no message in a chat
                self._pacer.note(row.lane, outgoing.private)  # by when it arrived: an answer may be long in coming
            if not isinstance(delivery, Delivered):
                await self._not_delivered(row, number, delivery)
                return
            if number + 1 < len(parts):
                await self._between_parts(row, number + 1)
        self._end(row, "sent", delivery.message_id if isinstance(delivery, Delivered) else "")
        if row.recipient is None:
            self._metrics.answer_seconds.observe((self._clock() - row.created_at).total_seconds())

    def _read(self, row: outbox.Row) -> Outgoing:
        """What many get differs only in its chat, and is read once."""
        if row.recipient is None:
            return OUTGOING.validate_json(row.body)
        _, _, same = row.body.partition(',"reply":')
        if same not in self._same:
            if len(self._same) >= SAME_KEPT:
                self._same.clear()
            self._same[same] = OUTGOING.validate_json(row.body)
        known = self._same[same]
        chat = row.lane.partition(":")[2]
        return known if known.chat == chat else replace(known, chat=chat)

    async def _between_parts(self, row: outbox.Row, parts_sent: int) -> None:
        await self._database.write(lambda c: outbox.note_part(c, row.id, parts_sent))
        ready = self._pacer.paced_until(row.lane)
        if ready is not None:
            await asyncio.sleep(max(0.0, (ready - self._clock()).total_seconds()))

    async def _not_delivered(self, row: outbox.Row, part: int, delivery: object) -> None:
        match delivery:
            case Retry(after=after, whole_platform=whole):
                if whole:
                    self._pacer.hold(after or BACK_OFF_S[0])
                self._again(row, part, after)
            case Uncertain() if self._adapter.limits.exactly_once:
                self._again(row, part, None)
            case Uncertain() if row.priority == outbox.LIVE and self._uncertain[row.id] < UNCERTAIN_ATTEMPTS:
                after = self._back_off(self._uncertain[row.id])
                self._uncertain[row.id] += 1
                self._again(row, part, after)
            case Uncertain():
                self._end(row, "uncertain")
            case Stopped(reason=reason, gone=gone):
                now = self._clock()
                await self._database.write(lambda c: outbox.stop_lane(c, row.lane, reason, now))
                self._end(row, "stopped", gone=gone)
            case Migrated(chat=chat):
                platform, old = row.lane.split(":", 1)
                await self._database.write(lambda c: lanes.migrate(c, platform, old, chat))
                self._postponed.append(outbox.Postponed(row.id, self._clock(), part))
            case Refused(reason=reason):
                log.error("message refused", platform=self._adapter.name, outbox=row.id, reason=reason)
                self._end(row, "refused", reason=reason)

    def _again(self, row: outbox.Row, part: int, after: float | None) -> None:
        seconds = after if after is not None else self._back_off(row.attempts)
        self._metrics.retries.inc()
        self._postponed.append(outbox.Postponed(row.id, self._clock() + timedelta(seconds=seconds), part))

    def _back_off(self, failures: int) -> float:
        """Seconds to wait after so many failures and one more."""
        return BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)] * (0.5 + self._jitter())

    def _end(self, row: outbox.Row, status: str, message_id: str = "", *, reason: str = "", gone: bool = False) -> None:
        self._uncertain.pop(row.id, None)
        outcome = None
        if row.recipient is not None:
            outcome = Outcome(row.recipient, "gone" if gone else status, message_id, reason, self._clock())
        self._ended.append(outbox.Settled(row.id, status, message_id, outcome))
        self._metrics.sent.labels(self._adapter.name, status).inc()


def _key(row: outbox.Row, part: int) -> str:
    """The moment is in it because a database put back from a backup, or made anew, counts its rows from an earlier number."""
    return f"{row.id}.{int(row.created_at.timestamp() * 1000):x}.{part}"
