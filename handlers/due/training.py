"""What a training gave: told, and told again before it runs out; sessions of series made in time."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.texts import Texts
from handlers.due.context import Context, Rows
from handlers.participation_buttons import Certificate, Dates
from storage import activities, qualifications, series
from storage.activities import Activity
from storage.due import Schedule, schedule
from storage.qualifications import Qualification
from storage.sessions import listing


def _training(work: Context, held: Qualification) -> Activity | None:
    about = listing(work.connection, held.session_id)
    return about.activity if about is not None else None


def qualified(work: Context) -> None:
    if work.quiet.holds(work.now):
        work.hold(work.quiet.over(work.now))
        return
    held = qualifications.by_id(work.connection, work.due.subject)
    training = _training(work, held) if held is not None else None
    if held is None or training is None:
        return

    def say(words: Texts) -> tuple[str, Rows]:
        name = strong(training.words(training.title, words.language))
        text = words.t("You have done the training {title}. Missions that need it are open to you now.", title=name)
        if held.expires_on is not None:
            text += "\n" + words.t("It is valid until {date}.", date=_date(work, words, held))
        return text, ((Button(words.t("My certificate"), Certificate(held.id).pack()),),)

    work.tell(held.person_id, say)


def _date(work: Context, words: Texts, held: Qualification) -> str:
    return words.date(held.expires_on.isoformat(), work.now.date()) if held.expires_on is not None else ""


def expiry(work: Context) -> None:
    if work.quiet.holds(work.now):
        schedule(work.connection, Schedule.EXPIRY, [work.due.subject], work.quiet.over(work.now))
        return
    held = qualifications.by_id(work.connection, work.due.subject)
    training = _training(work, held) if held is not None else None
    if held is None or training is None or qualifications.renewed(work.connection, held):
        return
    offered = activities.qualifications_given(work.connection, held.name)
    dates = offered[0] if offered else training

    def say(words: Texts) -> tuple[str, Rows]:
        text = words.t(
            "Your training {title} is valid until {date}. Shall we find you a new date?",
            title=strong(training.words(training.title, words.language)),
            date=_date(work, words, held),
        )
        return text, ((Button(words.t("See the dates"), Dates(dates.id).pack()),),)

    work.tell(held.person_id, say, wanted=False)


def extend(work: Context) -> None:
    activity = activities.activity_by_id(work.connection, work.due.subject)
    if activity is not None and activity.status == "published":
        series.extend(work.connection, activity, None, work.now)
