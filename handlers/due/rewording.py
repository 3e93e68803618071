"""An announcement was reworded: the messages that people have are changed, a few at a time behind everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.messages import OUTGOING, Outgoing
from handlers.announcements import message
from handlers.due.context import Context
from storage import announcements, rewording
from storage.addressees import addressees
from storage.due import Schedule, schedule
from storage.outbox import BULK, NewRow

AT_ONCE, EVERY = 40, timedelta(seconds=4)
"""Ten a second: an announcement that goes out meanwhile is not kept from its pace."""


def reword(work: Context) -> None:
    number = rewording.announcement_of(work.connection, work.due.subject)
    known = announcements.by_id(work.connection, number) if number is not None else None
    if known is None:
        return
    found = rewording.got(work.connection, known.id, work.due.subject, AT_ONCE + 1)
    told = addressees(work.connection, [one.person_id for one in found])
    for one in found[:AT_ONCE]:
        to = told.get(one.person_id)
        if to is None or to.account.chat is None or to.account.platform != one.platform:
            continue
        reply = replace(message.reply(known, one.language, work.quiet.zone), edits=one.message_id)
        outgoing = Outgoing(to.account.platform, to.account.chat, reply)
        work.rows.append(NewRow(outgoing.platform, outgoing.lane, OUTGOING.dump_json(outgoing).decode(), BULK))
    if len(found) > AT_ONCE:
        schedule(work.connection, Schedule.REWORD, [found[AT_ONCE].id], work.now + EVERY)
