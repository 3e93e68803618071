"""Does what is due: each piece in one transaction with its messages, one that fails never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

import structlog
from sqlalchemy import Connection

from handlers.due import announcing, dates, digest, missions, places, training
from handlers.due.context import Context
from knowledge.participation.quiet import Quiet
from storage import due, outbox
from storage.database import Database
from storage.due import Due, Schedule

AT_ONCE = 500
"""Pieces done in a row before the rest waits for the next beat."""

WORK: dict[Schedule, Callable[[Context], None]] = {
    Schedule.PLAN: dates.plan,
    Schedule.PROMOTE: places.promote,
    Schedule.OFFER: places.offer_ends,
    Schedule.TELL_OFFER: places.tell_offer,
    Schedule.EVENING: dates.evening,
    Schedule.BEFORE: dates.before,
    Schedule.THANKS: dates.over,
    Schedule.THANK: dates.thank,
    Schedule.MOVED: dates.moved,
    Schedule.CALLED_OFF: dates.called_off,
    Schedule.REPLACED: places.replaced,
    Schedule.WITHDRAWN: places.withdrawn,
    Schedule.REMOVED: places.removed,
    Schedule.LEFT: places.left,
    Schedule.QUALIFIED: training.qualified,
    Schedule.EXPIRY: training.expiry,
    Schedule.SERIES: training.extend,
    Schedule.ALERT: missions.ask,
    Schedule.DIGEST: digest.digest,
    Schedule.ANNOUNCE: announcing.announce,
}

log = structlog.get_logger()


class WorkFailed(Exception):
    """One piece raised; its transaction is rolled back. The cause is attached."""

    def __init__(self, one: Due) -> None:
        super().__init__(f"{one.schedule} of {one.subject} could not be done")
        self.due = one


class DueWork:
    """Any number of processes may do it at once."""

    def __init__(
        self,
        database: Database,
        quiet: Quiet,
        clock: Callable[[], datetime],
        admins: Collection[tuple[str, str]] = (),
    ) -> None:
        self._database = database
        self._quiet = quiet
        self._clock = clock
        self._admins = admins

    async def run(self) -> int:
        """Does what is due by now; how many messages that made."""
        messages = 0
        for _ in range(AT_ONCE):
            now = self._clock().astimezone(self._quiet.zone)
            # Looked at apart: mostly there is nothing, and looking then costs no write.
            first = await self._database.read(due.next_due)
            if first is None or first > now:
                break
            try:
                made = await self._database.write(lambda c, now=now: self._one(c, now))  # type: ignore[misc]
            except WorkFailed as failure:
                await self._note_failure(failure, now)
                continue
            if made is None:
                break
            messages += made
        return messages

    def _one(self, connection: Connection, now: datetime) -> int | None:
        one = due.claim(connection, now)
        if one is None:
            return None
        work = Context(connection, now, self._quiet, one, self._admins)
        try:
            WORK[one.schedule](work)
            outbox.add(connection, work.rows, now)
        except Exception as error:
            raise WorkFailed(one) from error
        return len(work.rows)

    async def _note_failure(self, failure: WorkFailed, now: datetime) -> None:
        log.error("due work failed", work=failure.due.schedule, subject=failure.due.subject, exc_info=failure.__cause__)
        await self._database.write(lambda c: due.failed(c, failure.due, now))
