"""The author's message on how it goes: one message, edited as it goes, nothing when nothing changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.messages import OUTGOING, Outgoing
from handlers.announcements import progress
from knowledge.announcements.kinds import State, Status
from storage import announcements, outbox, people
from storage.announcements import Announcement
from storage.database import Database
from storage.recipients import Counts
from tests.announcements.engine import HELLO, NOON, PARIS


def counts(delivered: int, waiting: int, **more: int) -> Counts:
    states = {State.DELIVERED: delivered, State.QUEUED: waiting, **{State(name): n for name, n in more.items()}}
    return Counts(Counter({state: n for state, n in states.items() if n}), Counter(), Counter())


class Author:
    """Whose announcement it is, on Telegram, and what they are shown."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.known: Announcement | None = None
        self.now = NOON

    async def announces(self) -> None:
        def work(c: Connection) -> Announcement:
            ada = people.welcome(c, {("telegram", "7"): "fr"}, self.now)[("telegram", "7")]
            people.found_at(c, {ada.account: "7"})
            made = announcements.create(c, replace(HELLO, author_id=ada.id, label="Bonjour"), self.now)
            return announcements.start(c, made, self.now)

        self.known = await self.database.write(work)

    async def beat(self, seen: Counts, status: Status = Status.SENDING) -> list[Outgoing]:
        """What is to be sent after it."""
        assert self.known is not None
        number = self.known.id

        def work(c: Connection) -> None:
            known = announcements.by_id(c, number)
            assert known is not None
            progress.beat(c, replace(known, status=status), seen, timedelta(seconds=9), self.now, PARIS)

        self.now += timedelta(seconds=2)
        await self.database.write(work)
        rows = await self.database.read(lambda c: outbox.waiting_in(c, "telegram:7"))
        return [OUTGOING.validate_json(row.body) for row in rows]

    async def arrives(self, message_id: str) -> None:
        """All that waits left."""

        def work(c: Connection) -> None:
            rows = outbox.waiting_in(c, "telegram:7")
            outbox.settle(c, [outbox.Settled(row.id, "sent", message_id) for row in rows], [])

        await self.database.write(work)


@pytest.fixture
async def author(database: Database) -> Author:
    made = Author(database)
    await made.announces()
    return made


def text(sent: Outgoing) -> str:
    return sent.reply.text.replace("\ue000", "").replace("\ue001", "")


async def test_one_message_that_changes(author: Author) -> None:
    [first] = await author.beat(counts(0, 214))
    assert text(first) == "Bonjour\nEnvoi… 0/214\n░░░░░░░░░░\nencore ~9 s"
    assert first.reply.edits == ""
    await author.arrives("55")
    [second] = await author.beat(counts(120, 94))
    assert text(second) == "Bonjour\nEnvoi… 120/214\n▓▓▓▓▓░░░░░\nencore ~9 s"
    assert second.reply.edits == "55"
    await author.arrives("55")
    [last] = await author.beat(counts(209, 0, blocked=5), Status.DONE)
    assert text(last) == "Bonjour\nEnvoyé : 209 reçus, 5 ont bloqué le bot."
    assert last.reply.edits == "55"
    assert [button.label for row in last.reply.buttons for button in row] == ["Rapport"]


async def test_nothing_when_nothing_changed(author: Author) -> None:
    await author.beat(counts(0, 3))
    await author.arrives("55")
    assert await author.beat(counts(0, 3)) == []


async def test_no_second_message_while_the_first_is_on_its_way(author: Author) -> None:
    assert len(await author.beat(counts(0, 3))) == 1
    assert len(await author.beat(counts(1, 2))) == 1
    await author.arrives("55")
    [edit] = await author.beat(counts(2, 1))
    assert edit.reply.edits == "55"
    assert await author.beat(counts(2, 1)) == [edit], "one edit at a time"


async def test_the_end_is_told_though_the_first_message_never_left(author: Author) -> None:
    await author.beat(counts(0, 3))
    told = await author.beat(counts(3, 0), Status.DONE)
    assert [text(one).splitlines()[-1] for one in told][-1] == "Envoyé : 3 reçus."
    assert told[-1].reply.edits == ""


@pytest.mark.parametrize("author_id", [None, 999])
async def test_an_author_who_is_no_more_is_told_nothing(author: Author, author_id: int | None) -> None:
    assert author.known is not None
    known = replace(author.known, author_id=author_id)
    made = await author.database.write(lambda c: progress.beat(c, known, counts(0, 3), timedelta(0), NOON, PARIS))
    assert made == []
    assert await author.database.read(lambda c: outbox.waiting_in(c, "telegram:7")) == []
