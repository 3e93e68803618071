"""People whom a mission fits are asked to come, some at a time, until it is full."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Button
from bot.texts import Texts
from handlers.due.context import Context, Message, Rows
from handlers.due.wording import details, title, when
from handlers.participation_buttons import FewerAlerts, JoinMission, NotThisTime
from knowledge.participation import waves
from knowledge.participation.waves import Mission
from storage import alerts, due, signups
from storage.addressees import addressees
from storage.due import Schedule, schedule, unschedule
from storage.locks import lock
from storage.sessions import Listing, listing

WAITING_FIRST = timedelta(seconds=10)
"""Who waits is offered a place before others are asked."""


def ask(work: Context) -> None:
    """One wave; the next is due when these people have had some time to answer."""
    connection, number = work.connection, work.due.subject
    lock(connection, sessions=[number])
    about = listing(connection, number)
    if about is None or not _wanted(work, about):
        return
    unschedule(connection, [Schedule.ALERT], number)
    if work.quiet.holds(work.now):
        schedule(connection, Schedule.ALERT, [number], work.quiet.over(work.now))
        return
    wanted = about.free + sum(one.seats for one, _ in signups.looking(connection, number))
    if about.waiting and due.pending(connection, Schedule.PROMOTE, number):
        schedule(connection, Schedule.ALERT, [number], work.now + WAITING_FIRST)
        return
    if wanted <= 0:
        return
    chosen = _reachable(work, about, wanted)
    alerts.note_asked(connection, number, chosen, work.now)
    work.tell_each(dict.fromkeys(chosen, _invitation(work, about)), wanted=False, expires_at=about.session.starts_at)
    following = waves.next_at(work.now, about.session.starts_at, work.quiet)
    if following is not None:
        schedule(connection, Schedule.ALERT, [number], following)


def _wanted(work: Context, about: Listing) -> bool:
    session, activity = about.session, about.activity
    closed = session.closes_at is not None and session.closes_at <= work.now
    return (
        activity.alerts
        and activity.status == "published"
        and session.status == "planned"
        and session.starts_at > work.now
        and not closed
    )


def _reachable(work: Context, about: Listing, free: int) -> list[int]:
    """Who is asked now. Nobody who cannot be written to takes up a place in a wave."""
    session, activity = about.session, about.activity
    mission = Mission(session.starts_at, session.ends_at, activity.district, activity.requirements, activity.position)
    willing = alerts.volunteers(work.connection, session, work.now.date())
    places = addressees(work.connection, [one.person_id for one in willing])
    there = [one for one in willing if one.person_id in places]
    return waves.next_wave(there, mission, free, work.now, work.quiet.zone)


def _invitation(work: Context, about: Listing) -> Message:
    session = about.session.id

    def say(words: Texts) -> tuple[str, Rows]:
        free = words.tn("{count} person wanted", "{count} people wanted", max(1, about.free))
        lines = [f"🤝 {title(words, about)}", f"{when(words, about, work.now)} · {free}"]
        if description := about.activity.words(about.activity.description, words.language):
            lines.append(words.apart(description))
        return "\n".join(lines) + details(words, about), (
            (
                Button(words.t("I come"), JoinMission(session).pack()),
                Button(words.t("Not this time"), NotThisTime(session).pack()),
            ),
            (Button(words.t("Fewer alerts"), FewerAlerts(session).pack()),),
        )

    return say
