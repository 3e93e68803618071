"""An announcement's moment has come: it starts, once or again; in quiet hours it waits for the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.due.context import Context
from handlers.staff.access import role_of_person
from knowledge.announcements.kinds import Status
from knowledge.announcements.times import following, occurrence_at
from storage import announcements, attachments, audit
from storage.announcements import Announcement
from storage.due import Schedule, schedule


def announce(work: Context) -> None:
    known = announcements.by_id(work.connection, work.due.subject)
    if known is None or known.status is not Status.SCHEDULED or known.send_at is None:
        return
    if work.quiet.holds(work.now) and not known.urgent:
        schedule(work.connection, Schedule.ANNOUNCE, [known.id], work.quiet.over(work.now))
        return
    if not _may_still(work, known):
        announcements.unplan(work.connection, known)
        audit.note(work.connection, work.now, "changed", "scheduled", "draft", announcement_id=known.id)
        work.tell_team(
            lambda words: (
                words.t(
                    "Not sent: {title}. Who planned it is no longer of the team. It is a draft again: /annonces",
                    title=words.apart(known.label),
                ),
                (),
            )
        )
        return
    if known.content.attachment is not None:
        attachments.used(work.connection, known.content.attachment.number, work.now)
    if known.rule:
        _again(work, known, known.send_at)
    else:
        announcements.start(work.connection, known, work.now)


def _may_still(work: Context, known: Announcement) -> bool:
    """Whoever planned it still may: a right that is taken away ends at once."""
    if known.author_id is None:
        return True
    held = role_of_person(work.connection, work.admins, known.author_id)
    return held is not None and (
        held.at_least("staff") or (held.organisation != "" and held.organisation == known.team)
    )


def _again(work: Context, series: Announcement, moment: datetime) -> None:
    """One time of a recurring announcement, and when the next is. One so late that it is over, or that the next one has come
    meanwhile, is left out."""
    zone = work.quiet.zone
    assert series.first_start is not None
    first = datetime.fromisoformat(series.first_start)
    local = occurrence_at(series.rule, first, moment, zone)
    then = following(series.rule, first, local, zone)
    expires_at = None if series.lifetime_minutes is None else moment + timedelta(minutes=series.lifetime_minutes)
    over = (expires_at is not None and expires_at <= work.now) or (then is not None and then.moment <= work.now)
    if not over:
        announcements.occurrence(work.connection, series, local.isoformat(), expires_at, work.now)
    if then is None:
        announcements.series_over(work.connection, series, work.now)
    else:
        announcements.plan(work.connection, series, then.moment)
