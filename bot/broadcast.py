"""Announcements on their way: people are written down, the outbox is fed a little ahead of the senders, the end is noted."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.groups import Group
from bot.health import Metrics
from bot.messages import OUTGOING, Outgoing
from handlers.announcements import message, progress
from knowledge.announcements import pace
from knowledge.announcements.kinds import Status
from knowledge.participation.quiet import Quiet
from storage import announcements, outbox, recipients
from storage.accounts import Account
from storage.announcements import Announcement
from storage.audiences import Scope
from storage.database import Database
from storage.outbox import BULK, NewRow
from storage.outcomes import going_out
from storage.recipients import NO_PLATFORM, Waiting

AHEAD_S = 2.0
"""What can leave within so many seconds is in the outbox: never thousands of rows, never too few."""
LEAST_AHEAD = 8
FREEZES = 5
"""Batches written down before the next are sent: sending begins before the last of many thousands is."""
MOST_WINDOWS = 10
"""What was tried in vain and waits for its next try holds up nobody else, up to so many times as much."""
PROGRESS_EVERY = timedelta(seconds=2)

_CHAT = "(chat)"

log = structlog.get_logger()


class Letters:
    """The messages of one announcement, made once a language; only the chat differs."""

    def __init__(
        self, known: Announcement, groups: Mapping[str, Group], platforms: Collection[str], quiet: Quiet
    ) -> None:
        """`platforms`: those that something is sent on here."""
        self._known = known
        self._platforms = platforms
        self._groups = groups
        self._zone = quiet.zone
        self._bodies: dict[tuple[str, str], tuple[str, str]] = {}

    def write(self, one: Waiting, account: Account | None) -> NewRow | str:
        try:
            made = self._to_person(one, account) if account is not None else self._to_group(one)
        except Exception:
            log.exception("announcement cannot be written", announcement=self._known.id, language=one.language)
            return "cannot be written"
        return made if isinstance(made, str) or made.platform in self._platforms else NO_PLATFORM

    def _to_person(self, one: Waiting, account: Account) -> NewRow:
        assert account.chat is not None
        language = self._known.content.chosen(one.language)
        if (account.platform, language) not in self._bodies:
            reply = message.reply(self._known, one.language, self._zone)
            body = OUTGOING.dump_json(Outgoing(account.platform, _CHAT, reply)).decode()
            before, _, after = body.partition(f'"{_CHAT}"')
            self._bodies[account.platform, language] = (before, after)
        before, after = self._bodies[account.platform, language]
        return self._row(account.platform, account.lane, before + json.dumps(account.chat) + after, one.id)

    def _to_group(self, one: Waiting) -> NewRow | str:
        group = self._groups.get(one.destination)
        if group is None:
            return "not in the settings"
        reply = message.reply(self._known, self._known.content.default_language, self._zone, group=True)
        outgoing = Outgoing(group.platform, group.chat, reply, thread=group.thread, private=False)
        return self._row(group.platform, outgoing.lane, OUTGOING.dump_json(outgoing).decode(), one.id)

    def _row(self, platform: str, lane: str, body: str, recipient: int) -> NewRow:
        return NewRow(platform, lane, body, BULK, self._known.expires_at, recipient)


class Broadcast:
    """Runs in the process that leads; harmless in another."""

    def __init__(
        self,
        database: Database,
        per_second: Mapping[str, float],
        groups: Mapping[str, Group],
        quiet: Quiet,
        clock: Callable[[], datetime],
        metrics: Metrics,
        wake: Callable[[], None],
        admins: Collection[tuple[str, str]] = (),
    ) -> None:
        """`per_second`: messages, by platform; `wake`: there is something to send."""
        self._database = database
        self._per_second = per_second
        self._groups = groups
        self._quiet = quiet
        self._clock = clock
        self._metrics = metrics
        self._wake = wake
        self._admins = admins
        self._letters: dict[int, tuple[int, Letters]] = {}
        self._shown: dict[int, datetime] = {}
        self._since: dict[int, tuple[datetime, int]] = {}
        """When this process first looked at each, and how many had it by then."""
        self._waiting: dict[int, int] = {}

    async def step(self) -> bool:
        """One beat; whether something still goes out."""
        now = self._clock().astimezone(self._quiet.zone)
        numbers = await self._database.read(going_out)
        scope = Scope(now, self._admins)
        for number in numbers:
            for _ in range(FREEZES):
                if await self._database.write(lambda c, number=number: recipients.freeze(c, number, scope)):  # type: ignore[misc]
                    break
        fed, ended = await self._database.write(lambda c: self._beat(c, numbers, now))
        for kept in (self._letters, self._shown, self._since, self._waiting):
            for number in kept.keys() - set(numbers) | kept.keys() & set(ended):  # ended, or paused
                del kept[number]
        self._metrics.announcements.set(len(numbers) - len(ended))
        self._metrics.recipients_waiting.set(sum(self._waiting.values()))
        if fed:
            self._wake()
        return len(numbers) > len(ended)

    def _beat(self, connection: Connection, numbers: list[int], now: datetime) -> tuple[bool, list[int]]:
        """Feeds the outbox, ends what is over, shows how it goes; whether anything is to be sent, and which ended."""
        known = [one for number in numbers if (one := announcements.by_id(connection, number)) is not None]
        known.sort(key=lambda one: (not one.urgent, one.id))
        for one in known:
            recipients.expire(connection, one, now)
        fed = self._feed(connection, [one for one in known if one.urgent or not self._quiet.holds(now)], now)
        ended = [one.id for one in known if announcements.finish(connection, one.id, now)]
        shown = [row for one in known for row in self._progress(connection, one.id, now, over=one.id in ended)]
        outbox.add(connection, shown, now)
        return bool(fed or shown), ended

    def _feed(self, connection: Connection, known: list[Announcement], now: datetime) -> int:
        out = recipients.under_way(connection) if known else {}
        fed = 0
        for platform, per_second in self._per_second.items():
            window = max(LEAST_AHEAD, math.ceil(per_second * AHEAD_S))
            all_out, tried = out.get(platform, (0, 0))
            room = min(window - (all_out - tried), MOST_WINDOWS * window - all_out)
            for one in known:
                if room <= 0:
                    break
                gone = recipients.feed(connection, one, platform, room, self._letters_of(one).write, now)
                room -= gone
                fed += gone
        if not fed:
            for one in known:
                recipients.strand(connection, one.id, [*self._per_second], now)
        return fed

    def _letters_of(self, known: Announcement) -> Letters:
        version, letters = self._letters.get(known.id, (0, None))
        if letters is None or version != known.version:
            letters = Letters(known, self._groups, self._per_second, self._quiet)
            self._letters[known.id] = (known.version, letters)
        return letters

    def _progress(self, connection: Connection, number: int, now: datetime, *, over: bool) -> list[NewRow]:
        last = self._shown.get(number)
        if not over and last is not None and now - last < PROGRESS_EVERY:
            return []
        self._shown[number] = now
        known = announcements.by_id(connection, number)
        assert known is not None
        counted = recipients.counts(connection, number)
        self._waiting[number] = counted.waiting
        if over:
            for state, count in counted.by_state.items():
                self._metrics.recipients.labels(state.value).inc(count)
        return list(
            progress.beat(
                connection, known, counted, self._left(connection, known, counted, now), now, self._quiet.zone
            )
        )

    def _left(
        self, connection: Connection, known: Announcement, counted: recipients.Counts, now: datetime
    ) -> timedelta:
        if known.status is not Status.SENDING or not counted.waiting:
            self._since.pop(known.id, None)
            return timedelta(0)
        waiting = recipients.waiting_on(connection, known.id)
        expected = pace.duration(waiting, self._per_second, known.content.messages)
        if not known.urgent and self._quiet.holds(now):
            self._since.pop(known.id, None)
            return self._quiet.over(now) - now + expected
        began, ended = self._since.setdefault(known.id, (now, counted.ended))
        return pace.left(expected, counted.waiting, counted.ended - ended, now - began)
