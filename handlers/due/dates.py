"""Sessions: reminders, what moved or is cancelled, thanks."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Button
from bot.texts import Texts
from handlers.activity_buttons import Leave
from handlers.due.context import Context, Message, Rows
from handlers.due.wording import answers, details, title, when
from handlers.participation_buttons import Attendance, Dates, Join, Rate
from knowledge.participation import reminders
from knowledge.participation.reminders import evening_before
from knowledge.participation.states import COMING, LIVE, State
from storage import attendance, sessions, signups
from storage.due import Schedule, schedule, unschedule
from storage.sessions import Listing, listing
from storage.signups import SignUp

ALTERNATIVES = 2
HALF_A_YEAR = timedelta(days=183)


def _running(about: Listing | None) -> bool:
    return about is not None and about.session.status == "planned" and about.activity.status == "published"


def plan(work: Context) -> None:
    """Sets what is due for a session, in place of what was."""
    connection, number = work.connection, work.due.subject
    about = listing(connection, number)
    unschedule(connection, (Schedule.EVENING, Schedule.BEFORE, Schedule.THANKS), number)
    if about is None or not _running(about):
        return
    session = about.session
    moments = reminders.reminders(session.starts_at, about.activity.reminding, work.quiet)
    for name, moment in moments.items():
        if moment > work.due.due_at:  # what was missed since, in an outage, is made up for while it is of use
            schedule(connection, Schedule(name), [number], moment)
    schedule(connection, Schedule.THANKS, [number], reminders.thanks_at(session.ends_at, work.quiet))
    if about.activity.alerts and session.starts_at > work.now:
        unschedule(connection, [Schedule.ALERT], number)
        schedule(connection, Schedule.ALERT, [number], max(work.now, session.starts_at - signups.ASK_AGAIN))


def _remindable(work: Context, which: str) -> Listing | None:
    """The session, unless it moved since (then other reminders are set), is cancelled or has begun."""
    about = listing(work.connection, work.due.subject)
    if about is None or not _running(about) or about.session.starts_at <= work.now:
        return None
    expected = reminders.reminders(about.session.starts_at, about.activity.reminding, work.quiet)
    return about if expected.get(which) == work.due.due_at else None


def _held(work: Context, about: Listing) -> bool:
    """A reminder that comes late, after an outage, does not come in quiet hours."""
    moment = reminders.told_at(work.now, about.session.starts_at, work.quiet)
    if moment > work.now:
        work.hold(moment)
    return moment > work.now


def evening(work: Context) -> None:
    about = _remindable(work, "evening")
    if about is None:
        return
    moments = reminders.reminders(about.session.starts_at, about.activity.reminding, work.quiet)
    if moments.get("before", about.session.starts_at) <= work.now:
        return  # so late that the next reminder goes out as well
    if _held(work, about):
        return
    expected = signups.of_session(work.connection, about.session.id, COMING)
    work.tell_each(
        {one.person_id: _reminder(work, about, one) for one in expected},
        bulk=True,
        expires_at=about.session.starts_at,
    )
    coming = sum(one.seats for one in expected)
    if coming < about.session.minimum:
        work.tell_staff(
            about,
            lambda words: (
                words.t(
                    "Too few people: {title}, {when}. Coming: {coming}, needed: {minimum}.",
                    title=title(words, about),
                    when=when(words, about, work.now),
                    coming=coming,
                    minimum=about.session.minimum,
                ),
                (),
            ),
        )


def _reminder(work: Context, about: Listing, one: SignUp, *, ask: bool = True) -> Message:
    def message(words: Texts) -> tuple[str, Rows]:
        text = words.t("Reminder: {title}, {when}.", title=title(words, about), when=when(words, about, work.now))
        return text + details(words, about), answers(words, one.id) if ask else ()

    return message


def _nudge(work: Context, about: Listing, one: SignUp) -> Message:
    def message(words: Texts) -> tuple[str, Rows]:
        text = words.t("Are you coming? {title}, {when}.", title=title(words, about), when=when(words, about, work.now))
        return text + details(words, about), answers(words, one.id)

    return message


def before(work: Context) -> None:
    """Who has not answered the evening's reminder is asked once more; staff learn how many those are."""
    about = _remindable(work, "before")
    if about is None or _held(work, about):
        return
    asked_at = evening_before(about.session.starts_at, work.quiet.zone)
    silent = {
        one.id
        for one in attendance.unanswered(work.connection, about.session.id)
        if about.activity.remind_evening and one.joined_at < asked_at
    }
    expected = signups.of_session(work.connection, about.session.id, COMING)
    work.tell_each(
        {
            one.person_id: _nudge(work, about, one) if one.id in silent else _reminder(work, about, one, ask=False)
            for one in expected
        },
        bulk=True,
        expires_at=about.session.starts_at,
    )
    if silent:
        work.tell_staff(
            about,
            lambda words: (
                words.tn(
                    "{title}, {when}: {count} person has not answered the reminder.",
                    "{title}, {when}: {count} people have not answered the reminder.",
                    len(silent),
                    title=title(words, about),
                    when=when(words, about, work.now),
                ),
                (),
            ),
        )


def moved(work: Context) -> None:
    about = listing(work.connection, work.due.subject)
    if about is None or not _running(about) or about.session.starts_at <= work.now:
        return
    signups.forget_answers(work.connection, about.session.id)

    people = signups.of_session(work.connection, about.session.id, LIVE)
    coming = [one.person_id for one in people if one.state in COMING]
    elsewhere = signups.busy(work.connection, coming, about.session)
    work.tell_each({one.person_id: _moved(work, about, one, elsewhere.get(one.person_id)) for one in people})


def _moved(work: Context, about: Listing, one: SignUp, elsewhere: int | None) -> Message:
    """`elsewhere`: their sign-up for something that is at the same time now; they choose."""
    known = signups.by_id(work.connection, elsewhere) if elsewhere is not None else None
    other = listing(work.connection, known.session_id) if known is not None else None

    def say(words: Texts) -> tuple[str, Rows]:
        text = words.t(
            "New date or time: {title} is {when}.", title=title(words, about), when=when(words, about, work.now)
        )
        text += details(words, about)
        rows = answers(words, one.id) if one.state in COMING else ()
        if known is None or other is None:
            return text, rows
        text += "\n" + words.t("You are signed up for something else at that time. Which one do you leave?")
        both = ((1, about, one.id), (2, other, known.id))
        text += "".join(f"\n{n}. {title(words, which)}, {when(words, which, work.now)}" for n, which, _ in both)
        leave = tuple(Button(words.t("Leave {number}", number=n), Leave(number).pack()) for n, _, number in both)
        return text, (*rows, leave)

    return say


def called_off(work: Context) -> None:
    about = listing(work.connection, work.due.subject)
    if about is None:
        return
    others = sessions.upcoming(
        work.connection, work.now, activity_id=about.activity.id, free_only=True, limit=ALTERNATIVES
    ) or sessions.upcoming(
        work.connection, work.now, [about.activity.kind], end=work.now + HALF_A_YEAR, free_only=True, limit=ALTERNATIVES
    )  # fmt: skip

    def say(words: Texts) -> tuple[str, Rows]:
        text = words.t("Cancelled: {title}, {when}.", title=title(words, about), when=when(words, about, work.now))
        if about.session.note:
            text += f"\n{words.apart(about.session.note)}"
        lines = [f"{number}. {title(words, one)}, {when(words, one, work.now)}" for number, one in enumerate(others, 1)]
        if lines:
            text += "\n" + "\n".join([words.t("Instead, there is:"), *lines])
        buttons = [
            Button(words.t("Sign up {number}", number=number), Join(one.session.id).pack())
            for number, one in enumerate(others, 1)
        ]
        return text, (buttons,)

    gone = signups.who_left_with(work.connection, about.session.id)
    work.tell_each({one.person_id: say for one in gone})


def over(work: Context) -> None:
    """Closes the session; staff are asked who was there where that is not marked yet."""
    about = listing(work.connection, work.due.subject)
    if about is None or about.session.status != "planned" or work.now < about.session.ends_at:
        return
    sessions.close(work.connection, about.session.id, work.now)
    unmarked = signups.of_session(work.connection, about.session.id, COMING)
    if unmarked:
        work.tell_staff(
            about,
            lambda words: (
                words.t(
                    "Who was there? {title}, {when}.", title=title(words, about), when=when(words, about, work.now)
                ),
                ((Button(words.t("Mark attendance"), Attendance(about.session.id).pack()),),),
            ),
        )


def thank(work: Context) -> None:
    """One question with it: how was it?"""
    if work.quiet.holds(work.now):
        schedule(work.connection, Schedule.THANK, [work.due.subject], work.quiet.over(work.now))
        return
    one = signups.by_id(work.connection, work.due.subject)
    about = listing(work.connection, one.session_id) if one is not None else None
    if one is None or about is None or one.state is not State.ATTENDED or one.rating is not None:
        return

    def say(words: Texts) -> tuple[str, Rows]:
        text = words.t("Thank you for coming: {title}. How was it, from 1 to 5?", title=title(words, about))
        stars = [Button(f"{number} ⭐", Rate(one.id, number).pack()) for number in range(1, 6)]
        return text, (stars, (Button(words.t("Other dates"), Dates(about.activity.id).pack()),))

    work.tell(one.person_id, say, wanted=False)
