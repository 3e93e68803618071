"""Wires settings, storage, knowledge, handlers and platforms into one running bot."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Connection

import handlers
from bot.adapters.adapter import Adapter, Fatal
from bot.config import Settings
from bot.conversation import Conversation
from bot.groups import Group
from bot.health import HealthServer, Metrics
from bot.inbox import Inbox, Worker
from bot.knowledge import Knowledge, build_index
from bot.messages import File
from bot.outbox import Sender
from bot.pacing import Pacer, utc_now
from bot.schedule import Beat, Heartbeat
from bot.texts import texts
from bot.turn import Reach
from knowledge.directory import bundled_services
from knowledge.geocoding import Geocoder
from knowledge.participation.digest import next_at
from knowledge.participation.quiet import Quiet
from knowledge.service import Service
from storage import announced, attachments, due, forms, inbox, matrix, outbox, people, pulse, relays, services
from storage.database import Database, DatabaseError
from storage.lease import Lease
from storage.migrate import migrate
from storage.outcomes import going_out

if TYPE_CHECKING:
    from aiohttp import web

    from bot.broadcast import Broadcast
    from handlers.due.work import DueWork

LEASE_RETRY_S = 1.0
LEASE_CHECK_S = 5.0
DRAIN_CHECK_S = 0.02
DATABASE_ANSWERS_S = 3.0
"""A database that takes longer to answer one question holds up everything."""
ANNOUNCE_S, ANNOUNCE_IDLE_S = 0.5, 1.0
"""Between two looks at announcements, while some go out and while none does."""
RESTART_S = (0.2, 1, 5, 15)
"""Pauses before a part that failed is started again."""

log = structlog.get_logger()


class Application:
    """One process of the bot. `open` it, add adapters, `run` it, `close` it."""

    def __init__(self, settings: Settings, database: Database, knowledge: Knowledge) -> None:
        self.settings = settings
        self.database = database
        self.metrics = Metrics()
        admins = [_platform_and_id(admin) for admin in settings.staff.admins]
        self.conversation = Conversation(
            handlers.router(),
            knowledge,
            settings.bot.default_language,
            settings.bot.zone,
            admins,
            settings.health.public_url,
            self._reach({}),
        )
        geocoding = settings.geocoding
        self.geocoder = Geocoder(geocoding.url, geocoding.nominatim_url)
        self.inbox = Inbox(database, self.metrics, self._arrived)
        self.worker = Worker(
            database,
            self.conversation,
            self.geocoder,
            self.metrics,
            self._said,
            settings.bot.zone,
            fetch=self._fetch,
        )
        self.senders: dict[str, Sender] = {}
        self._admins = admins
        self._due: DueWork | None = None
        self._per_second: dict[str, float] = {}
        self._broadcast: Broadcast | None = None
        self.heartbeat = Heartbeat()
        self._health = HealthServer(
            settings.health.listen,
            self.metrics,
            self.not_ready,
            *self._calendar_feed(),
        )
        self._lease = Lease(database, "platforms")
        self._adapters: list[Adapter[Any]] = []
        self._listening: set[asyncio.Task[None]] = set()
        self._leading = False
        self._draining = False

    @classmethod
    async def open(cls, settings: Settings) -> Application:
        """Opens and migrates the database, loads the bundled directory into an empty one, builds the index.

        Raises DatabaseError with what to mend."""
        texts(
            settings.bot.default_language, settings.bot.zone
        )  # first: what reading it needs is then free for the rest
        database = Database.open(settings.storage.url)
        try:
            await migrate(database)
            found, version = await database.write(_first_directory)
            return cls(settings, database, Knowledge.of(found, version))
        except BaseException:
            await database.close()
            raise

    def add(self, adapter: Adapter[Any], messages_per_second: float) -> None:
        """Takes part in a platform."""
        self._adapters.append(adapter)
        pacer = Pacer(adapter.limits, messages_per_second)
        self._per_second[adapter.name] = messages_per_second
        self.conversation.reach = self._reach(self._per_second)
        self.senders[adapter.name] = Sender(self.database, adapter, pacer, self.metrics)

    def _reach(self, per_second: Mapping[str, float]) -> Reach:
        staff = self.settings.staff
        chats = {"": staff.thread, **staff.threads} if staff.thread else staff.threads
        team_chats = {team: Group.of(address) for team, address in chats.items()}
        groups = {name: Group.of(address) for name, address in self.settings.groups.items()}
        return Reach(self._quiet(), {**per_second}, groups, team_chats)

    async def _fetch(self, platform: str, file: File) -> bytes | None:
        """What somebody sent."""
        adapter = next((one for one in self._adapters if one.name == platform), None)
        return None if adapter is None else await adapter.fetch(file)

    def _arrived(self) -> None:
        self.worker.wake()

    def _said(self) -> None:
        for sender in self.senders.values():
            sender.wake()

    @property
    def knowledge(self) -> Knowledge:
        return self.conversation.knowledge

    async def refresh_directory(self) -> None:
        """Builds a new index when the directory changed; answers go on from the old one meanwhile."""
        version = await self.database.read(services.directory_version)
        if version == self.knowledge.version:
            return
        found, version = await self.database.read(lambda c: (services.load_services(c), services.directory_version(c)))
        self.knowledge.index = await asyncio.to_thread(build_index, found)
        self.knowledge.version = version
        self.metrics.services.set(len(found))
        log.info("directory loaded", services=len(found), version=version)

    async def tidy(self) -> None:
        """Forgets what was kept only for a while; brings the gauges up to date."""
        now = utc_now()

        def work(connection: Connection) -> tuple[int, int, int]:
            people.forget_conversations(connection, now)
            inbox.forget(connection, now - inbox.REMEMBER_UPDATES, now - inbox.KEEP_PARKED)
            outbox.forget(connection, now - outbox.FORGET_AFTER)
            matrix.forget(connection, now)
            due.forget(connection, now)
            attachments.forget(connection, now)
            announced.forget_old(connection, now)
            forms.forget(connection, now)
            relays.forget(connection, now)
            pulse.beat(connection, now)
            if self.settings.digest.day:
                moment = next_at(now, self.settings.digest.day, self.settings.digest.at, self.settings.bot.zone)
                due.plan(connection, due.Schedule.DIGEST, moment, now)
            return inbox.waiting(connection), inbox.parked(connection), outbox.waiting(connection)

        waiting, parked, to_send = await self.database.write(work)
        self.metrics.inbox_waiting.set(waiting)
        self.metrics.inbox_parked.set(parked)
        self.metrics.outbox_waiting.set(to_send)

    async def do_what_is_due(self) -> None:
        """Offers, reminders, news of sessions, alerts for missions; loaded once there is anything of the kind to do."""
        if self._due is None:
            first = await self.database.read(due.next_due)
            if first is None or first > utc_now():
                return
            self._due = self._due_work()
        if await self._due.run():
            self._said()

    def _calendar_feed(self) -> list[Callable[[web.Application], None]]:
        """The routes of people's own calendars, where the outside can reach it."""
        if not self.settings.health.public_url:
            return []
        from bot.calendar_feed import CalendarFeed  # noqa: PLC0415

        return [CalendarFeed(self.database, self.settings).route]

    def _due_work(self) -> DueWork:
        from handlers.due.work import DueWork  # noqa: PLC0415

        return DueWork(self.database, self._quiet(), utc_now, self._admins)

    def _quiet(self) -> Quiet:
        hours = self.settings.quiet_hours
        return Quiet(self.settings.bot.zone, hours.start, hours.end)

    async def announce(self) -> None:
        """Sees to announcements on their way; what that takes is loaded once there is one."""
        while not self._draining:
            if await self.database.read(going_out):
                self._broadcast = self._broadcast or self._broadcasting()
                await self._broadcast.step()
                await asyncio.sleep(ANNOUNCE_S)
            else:
                await asyncio.sleep(ANNOUNCE_IDLE_S)

    def _broadcasting(self) -> Broadcast:
        from bot.broadcast import Broadcast  # noqa: PLC0415

        return Broadcast(
            self.database,
            self._per_second,
            {name: Group.of(address) for name, address in self.settings.groups.items()},
            self._quiet(),
            utc_now,
            self.metrics,
            self._said,
            self._admins,
        )

    async def not_ready(self) -> list[str]:
        """Why the bot cannot do its work now."""
        reasons = [
            problem for problem in (await self._database_problem(), self.heartbeat.problem(utc_now())) if problem
        ]
        if self._leading:
            platforms = ((adapter.name, adapter.not_ready()) for adapter in self._adapters)
            reasons.extend(f"{name}: {reason}" for name, reason in platforms if reason)
        return reasons

    async def _database_problem(self) -> str:
        try:
            async with asyncio.timeout(DATABASE_ANSWERS_S):
                await self.database.read(services.directory_version)
        except (DatabaseError, TimeoutError) as error:
            return str(error) or f"the database does not answer within {DATABASE_ANSWERS_S:.0f} s"
        return ""

    async def run(self) -> None:
        """Serves until cancelled. Raises Fatal when a platform can never work."""
        self.metrics.services.set(len(self.knowledge.index))
        self.heartbeat.add(Beat("directory", timedelta(seconds=5), self.refresh_directory))
        self.heartbeat.add(Beat("due", timedelta(seconds=2), self.do_what_is_due))
        self.heartbeat.add(Beat("tidy", timedelta(seconds=60), self.tidy))
        self.heartbeat.add(Beat("health", timedelta(seconds=5), self._answer_health))
        try:
            for adapter in self._adapters:
                await adapter.start(self.inbox.receive)
            await self._answer_health(or_fail=await self._may_lead())
            await self._serve()
        finally:
            self.heartbeat.stop()
            for adapter in self._adapters:
                await adapter.stop()
            await self._health.stop()
            with contextlib.suppress(DatabaseError):
                await self._lease.release()

    async def _may_lead(self) -> bool:
        """Whether the lease is this process's, taken if it was free."""
        try:
            return await self._lease.try_acquire()
        except DatabaseError as error:
            log.warning("no lease can be had", reason=str(error))
            return False

    async def _answer_health(self, *, or_fail: bool = False) -> None:
        """Started with the same settings as the process that leads, this one does without the endpoint as long as that
        one lives."""
        try:
            await self._health.start()
        except Fatal:
            if or_fail:
                raise

    async def _serve(self) -> None:
        self.heartbeat.start()
        # What was loaded at start stays for ever: the collector need not look at it again (ran: a third of the time).
        gc.collect()
        gc.freeze()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_up("worker", self.worker.run))
            group.create_task(self._lead())

    async def drain(self, seconds: float) -> None:
        """Listens no more; returns once all that arrived is answered, after `seconds` at the latest."""
        self._draining = True
        for task in self._listening:
            task.cancel()
        try:
            async with asyncio.timeout(seconds):
                while await self.database.read(self._unanswered):  # noqa: ASYNC110 - it is the database that tells
                    await asyncio.sleep(DRAIN_CHECK_S)
        except (TimeoutError, DatabaseError):
            log.warning("not all is answered; the rest is, after the next start")

    def _unanswered(self, connection: Connection) -> int:
        """Messages to handle, and replies to send where that is for this process to do."""
        return inbox.waiting(connection) + (outbox.waiting(connection) if self._leading else 0)

    async def _lead(self) -> None:
        """Listens and sends while this process holds the lease; waits for it otherwise."""
        waiting = False
        while True:
            if not await self._may_lead():
                if not waiting:
                    log.info("another process leads; waiting to take over")
                    waiting = True
                await asyncio.sleep(LEASE_RETRY_S)
                continue
            waiting = False
            self._leading = True
            try:
                await self._while_leading()
            except _LeaseLost:
                log.warning("the lease is lost; another process may lead now")
            finally:
                self._leading = False
                with contextlib.suppress(DatabaseError):
                    await self._lease.release()
            await asyncio.sleep(LEASE_RETRY_S)

    async def _while_leading(self) -> None:
        """Not a task group: one that is cancelled while a task of its own fails forgets that it was cancelled."""
        self._listening = (
            set() if self._draining else {asyncio.create_task(self._listen(adapter)) for adapter in self._adapters}
        )
        announcing = asyncio.create_task(self._keep_up("announcements", self.announce))
        tasks = {asyncio.create_task(self._while_held()), announcing, *self._listening}
        for name, sender in self.senders.items():
            tasks.add(asyncio.create_task(self._keep_up(f"{name} sender", sender.run)))
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in ended:
                if not task.cancelled():
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _while_held(self) -> None:
        while True:
            await asyncio.sleep(LEASE_CHECK_S)
            if not await self._lease.held():
                raise _LeaseLost

    async def _listen(self, adapter: Adapter[Any]) -> None:
        async def listen() -> None:
            try:
                await adapter.listen()
            except ConnectionError:
                raise _LeaseLost from None

        await self._keep_up(adapter.name, listen)

    async def _keep_up(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Starts a part again when it fails: one failure never ends the bot."""
        failures = 0
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await work()
                return
            except (Fatal, _LeaseLost):
                raise
            except Exception:
                current = asyncio.current_task()
                if current is not None and current.cancelling():
                    raise
                if asyncio.get_running_loop().time() - started > 60:
                    failures = 0
                log.exception("part failed; starting it again", part=name)
                await asyncio.sleep(RESTART_S[min(failures, len(RESTART_S) - 1)])
                failures += 1

    async def close(self) -> None:
        await self.geocoder.close()
        await self.database.close()


class _LeaseLost(Exception):
    pass


def _platform_and_id(admin: str) -> tuple[str, str]:
    platform, _, user = admin.partition(":")
    return platform, user


def _first_directory(connection: Connection) -> tuple[tuple[Service, ...], int]:
    """The directory of the database; the bundled one is put into a database that has none."""
    if services.directory_version(connection) == 0:
        services.import_services(connection, bundled_services())
    return services.load_services(connection), services.directory_version(connection)
