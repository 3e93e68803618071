"""The missions of the coming week, to each the ones that fit them; nothing where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.messages import Button
from bot.texts import Texts
from handlers.activity_buttons import Browse
from handlers.due.context import Context, Message, Rows
from handlers.due.wording import title, when
from handlers.notification_buttons import fewer
from handlers.participation_buttons import Join
from knowledge.participation import waves
from knowledge.participation.digest import AHEAD, LATE
from knowledge.participation.kinds import Kind
from knowledge.participation.waves import Mission, Volunteer
from storage import alerts, opt_outs, sessions
from storage.due import Schedule, schedule
from storage.sessions import Listing

BATCH = 100
"""People looked at in one transaction."""
PAUSE = timedelta(seconds=4)
"""Between two batches: about what it takes to send one."""
LISTED = 5
MISSIONS = 200


def digest(work: Context) -> None:
    """One batch; the next has the last person of this one as its subject, so that a crash in between loses nobody."""
    moment = work.due.due_at
    if work.now - moment > LATE:
        return
    if work.quiet.holds(work.now):
        work.hold(work.quiet.over(work.now))
        return
    until = work.now + AHEAD
    readers = alerts.readers(work.connection, work.due.subject, BATCH, work.now, until)
    if len(readers) == BATCH:
        schedule(work.connection, Schedule.DIGEST, [readers[-1].person_id], moment, work.now + PAUSE)
    missions = sessions.upcoming(work.connection, work.now, [Kind.MISSION], end=until, free_only=True, limit=MISSIONS)
    open_ones = [one for one in missions if one.session.closes_at is None or one.session.closes_at > work.now]
    theirs = {reader.person_id: _fitting(work, reader, open_ones) for reader in readers}
    work.tell_each(
        {number: _message(work, found) for number, found in theirs.items() if found},
        wanted=False,
        expires_at=moment + LATE,
    )


def _fitting(work: Context, reader: Volunteer, missions: list[Listing]) -> list[Listing]:
    """Soonest first. That they were asked for another one lately does not matter here."""
    rested = replace(reader, last_asked_at=None)
    found = (
        about
        for about in missions
        if waves.fits(
            rested,
            Mission(
                about.session.starts_at,
                about.session.ends_at,
                about.activity.district,
                about.activity.requirements,
                about.activity.position,
            ),
            work.now,
            work.quiet.zone,
        )
    )
    return [about for _, about in zip(range(LISTED), found, strict=False)]


def _message(work: Context, found: list[Listing]) -> Message:
    def say(words: Texts) -> tuple[str, Rows]:
        lines = [words.t("🤝 This week, missions that fit you:")]
        for number, about in enumerate(found, 1):
            wanted = words.tn("{count} person wanted", "{count} people wanted", about.free)
            lines.append(f"{number}. {title(words, about)}, {when(words, about, work.now)} · {wanted}")
        buttons = [
            Button(words.t("Sign up {number}", number=number), Join(about.session.id).pack())
            for number, about in enumerate(found, 1)
        ]
        return "\n".join(lines), (
            *(buttons[i : i + 3] for i in range(0, len(buttons), 3)),
            (Button(words.t("See the missions"), Browse("missions").pack()),),
            fewer(words, opt_outs.DIGEST),
        )

    return say
