"""The clock moved through a year: a recurring announcement goes out at the local hour meant, each time once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from handlers.due.work import DueWork
from knowledge.announcements.kinds import Status
from knowledge.announcements.times import following, next_time, occurrence_at
from knowledge.participation.quiet import Quiet
from knowledge.participation.recurrence import localised
from storage import announcements, due, outbox, people, roles
from storage.announcements import Announcement
from storage.database import Database
from storage.schema import announcement
from tests.announcements.engine import HELLO, PARIS

QUIET = Quiet(PARIS)


class Clock:
    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self.admins: list[tuple[str, str]] = []

    async def do(self, act: Callable[[Connection], Any]) -> Any:
        return await self.database.write(act)

    async def planned(self, **values: Any) -> int:
        """A recurring announcement, or one at `send_at`."""
        new = replace(HELLO, **values)

        def work(connection: Connection) -> int:
            made = announcements.create(connection, new, self.now)
            at = new.send_at
            if new.rule:
                assert new.first_start is not None
                first = next_time(new.rule, datetime.fromisoformat(new.first_start), self.now, PARIS)
                assert first is not None
                at = first.moment
            assert at is not None
            return announcements.plan(connection, made, at).id

        return await self.do(work)

    async def go_on(self, until: datetime, *, at_once: bool = False) -> None:
        """Does each thing when it is due; `at_once`: only at the end, after an outage."""
        while True:
            following_due = await self.database.read(due.next_due)
            if at_once or following_due is None or following_due > until:
                break
            self.now = max(self.now, following_due)
            await self._work()
        self.now = until
        await self._work()

    async def _work(self) -> None:
        await DueWork(self.database, QUIET, lambda: self.now, self.admins).run()

    async def sent(self) -> list[Announcement]:
        """What went out, in order."""

        def read(connection: Connection) -> list[Announcement]:
            ids = connection.execute(
                select(announcement.c.id).where(announcement.c.started_at.is_not(None)).order_by(announcement.c.id)
            ).scalars()
            return [found for number in ids.all() if (found := announcements.by_id(connection, number))]

        return await self.database.read(read)

    async def local_times(self) -> list[str]:
        return [f"{one.started_at.astimezone(PARIS):%m-%d %H:%M}" for one in await self.sent() if one.started_at]

    async def status(self, number: int) -> Status:
        found = await self.database.read(lambda c: announcements.by_id(c, number))
        assert found is not None
        return found.status


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc,arg-type]


@pytest.fixture
def clock(database: Database) -> Clock:
    return Clock(database, paris(2026, 1, 1, 12))


async def test_every_thursday_of_a_year_at_six_in_the_evening(clock: Clock) -> None:
    number = await clock.planned(rule="FREQ=WEEKLY;BYDAY=TH;UNTIL=20261231", first_start="2026-01-01T18:00:00")
    await clock.go_on(paris(2027, 1, 31, 12))
    sent = await clock.sent()
    assert len(sent) == 53
    assert {f"{one.started_at:%a}" for one in sent if one.started_at} == {"Thu"}
    assert {time[6:] for time in await clock.local_times()} == {"18:00"}
    assert len({one.occurrence for one in sent}) == 53
    assert {one.series_id for one in sent} == {number}
    utc = {one.started_at.astimezone(UTC).hour for one in sent if one.started_at}
    assert utc == {16, 17}
    assert await clock.status(number) is Status.DONE


async def test_every_day_of_a_year_at_an_hour_that_is_left_out_once_and_comes_twice_once(clock: Clock) -> None:
    """02:30 does not exist on 29 March 2026, and comes twice on 25 October."""
    await clock.planned(rule="FREQ=DAILY;COUNT=365", first_start="2026-01-02T02:30:00", urgent=True)
    await clock.go_on(paris(2027, 2, 1, 12))
    sent = await clock.sent()
    assert len(sent) == len({one.occurrence for one in sent}) == 365
    times = await clock.local_times()
    assert len({time[:5] for time in times}) == 365
    assert [time for time in times if time[6:] != "02:30"] == ["03-29 03:30"]


async def test_in_quiet_hours_it_waits_for_the_morning_on_both_changes_of_the_clock(clock: Clock) -> None:
    await clock.planned(rule="FREQ=DAILY;COUNT=365", first_start="2026-01-02T02:30:00")
    await clock.go_on(paris(2027, 2, 1, 12))
    times = await clock.local_times()
    assert len(times) == 365
    assert {time[6:] for time in times} == {"08:00"}


async def test_once(clock: Clock) -> None:
    number = await clock.planned(send_at=paris(2026, 3, 1, 18))
    await clock.go_on(paris(2026, 3, 1, 17, 59))
    assert await clock.status(number) is Status.SCHEDULED
    await clock.go_on(paris(2026, 6, 1, 12))
    assert await clock.status(number) is Status.SENDING
    assert await clock.local_times() == ["03-01 18:00"]


async def test_after_an_outage_it_goes_out_late_but_only_the_last_time(clock: Clock) -> None:
    await clock.planned(rule="FREQ=WEEKLY;BYDAY=TH", first_start="2026-01-01T18:00:00")
    await clock.go_on(paris(2026, 1, 23, 12), at_once=True)
    assert [one.occurrence for one in await clock.sent()] == ["2026-01-22T18:00:00"]
    assert await clock.local_times() == ["01-23 12:00"]
    await clock.go_on(paris(2026, 1, 30, 12))
    assert [one.occurrence for one in await clock.sent()] == ["2026-01-22T18:00:00", "2026-01-29T18:00:00"]


async def test_after_an_outage_what_is_over_is_left_out(clock: Clock) -> None:
    number = await clock.planned(
        rule="FREQ=WEEKLY;BYDAY=TH", first_start="2026-01-01T18:00:00", lifetime_minutes=5 * 60
    )
    await clock.go_on(paris(2026, 1, 23, 12), at_once=True)
    assert await clock.sent() == []
    await clock.go_on(paris(2026, 1, 30, 12))
    (only,) = await clock.sent()
    assert only.expires_at == paris(2026, 1, 29, 23)
    assert await clock.status(number) is Status.SCHEDULED


async def test_cancelled_planned_anew_or_a_draft_again_it_does_not_go_out_at_the_old_time(clock: Clock) -> None:
    at = paris(2026, 3, 1, 18)
    cancelled, moved, draft = [await clock.planned(send_at=at) for _ in range(3)]

    def known(connection: Connection, number: int) -> Announcement:
        found = announcements.by_id(connection, number)
        assert found is not None
        return found

    await clock.do(lambda c: announcements.cancel(c, known(c, cancelled), clock.now))
    await clock.do(lambda c: announcements.plan(c, known(c, moved), at + timedelta(days=1)))
    await clock.do(lambda c: announcements.unplan(c, known(c, draft)))
    await clock.go_on(paris(2026, 3, 3, 12))
    assert await clock.local_times() == ["03-02 18:00"]


async def test_several_processes_each_time_once(clock: Clock) -> None:
    await clock.planned(rule="FREQ=DAILY;COUNT=5", first_start="2026-01-02T10:00:00")
    other = Clock(clock.database, clock.now)
    for day in range(2, 9):
        for one in (clock, other):
            await one.go_on(paris(2026, 1, day, 11))
    assert len(await clock.sent()) == 5


def test_times_of_a_rule() -> None:
    first = datetime(2026, 3, 27, 2, 30)  # noqa: DTZ001 - on the local calendar
    rule = "FREQ=DAILY;COUNT=3"
    found = [next_time(rule, first, paris(2026, 3, 27), PARIS)]
    while found[-1] is not None:
        found.append(following(rule, first, found[-1].local, PARIS))
    times = [one for one in found if one is not None]
    assert [f"{one.moment:%d %H:%M}" for one in times] == ["27 01:30", "28 01:30", "29 01:30"]
    assert [occurrence_at(rule, first, one.moment, PARIS) for one in times] == [one.local for one in times]
    assert times[-1].moment == localised(times[-1].local, PARIS)
    assert next_time(rule, first, paris(2026, 3, 30), PARIS) is None


async def test_what_somebody_planned_who_is_no_longer_of_the_team_does_not_go_out(clock: Clock) -> None:
    at = paris(2026, 3, 1, 18)

    def team(connection: Connection) -> list[int]:
        names = [("telegram", name) for name in ("staff", "gone", "partner", "other", "boss")]
        known = people.welcome(connection, dict.fromkeys(names, "fr"), clock.now)
        people.found_at(connection, {one.id: one.user_id for one in known.values()})
        for name, rank, organisation in (
            ("staff", "staff", ""), ("partner", "partner", "Aurore"), ("other", "partner", "Emmaüs"),
        ):  # fmt: skip
            roles.set_role(connection, "telegram", name, rank, clock.now, organisation)
        return [known[name].id for name in names]

    authors = await clock.do(team)
    teams = ("", "", "Aurore", "Aurore", "")
    numbers = [
        await clock.planned(send_at=at, author_id=author, team=of, label=f"n° {of}")
        for author, of in zip(authors, teams, strict=True)
    ]
    clock.admins = [("telegram", "boss")]
    await clock.go_on(paris(2026, 3, 2, 12))
    sent, draft = Status.SENDING, Status.DRAFT
    assert [await clock.status(number) for number in numbers] == [sent, draft, sent, draft, sent]
    rows = await clock.do(lambda c: outbox.claim(c, "telegram", clock.now, 10, lambda _: None))
    assert {row.lane for row in rows} == {"telegram:boss", "telegram:staff"}
