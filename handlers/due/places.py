"""Places that come free, are offered, run out, change hands."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import Button
from bot.texts import Texts
from handlers.due.context import Context, Rows
from handlers.due.wording import title, when
from handlers.participation_buttons import Dates, Join, LeavePlace, TakePlace
from knowledge.participation.states import State
from storage import signups, waiting_list
from storage.due import Schedule, schedule
from storage.sessions import Listing, listing
from storage.signups import SignUp


def promote(work: Context) -> None:
    for offered in waiting_list.promote(work.connection, work.due.subject, work.now, work.quiet):
        if offered.deadline.tell_at > work.now:
            schedule(work.connection, Schedule.TELL_OFFER, [offered.sign_up.id], offered.deadline.tell_at)
        else:
            _tell_offer(work, offered.sign_up)


def tell_offer(work: Context) -> None:
    one = signups.by_id(work.connection, work.due.subject)
    if one is not None:
        _tell_offer(work, one)


def _tell_offer(work: Context, one: SignUp) -> None:
    about, until = listing(work.connection, one.session_id), one.offered_until
    if about is None or one.state is not State.OFFERED or until is None or until <= work.now:
        return

    def message(words: Texts) -> tuple[str, Rows]:
        today = until.astimezone(words.zone).date() == work.now.astimezone(words.zone).date()
        kept = words.time(until) if today else f"{words.day(until, work.now)}, {words.time(until)}"
        text = words.t(
            "A place is free for you: {title}, {when}. It is yours until {until}.",
            **_named(work, words, about),
            until=kept,
        )
        take = Button(words.t("I take it"), TakePlace(one.id).pack())
        return text, ((take, Button(words.t("I leave it"), LeavePlace(one.id).pack())),)

    if not work.tell(one.person_id, message, expires_at=until):
        schedule(work.connection, Schedule.PROMOTE, [one.session_id], work.now)
        signups.expire_unreachable(work.connection, one.id, work.now)


def offer_ends(work: Context) -> None:
    one = signups.expire(work.connection, work.due.subject, work.now)
    about = listing(work.connection, one.session_id) if one is not None else None
    if one is None or about is None:
        return

    def message(words: Texts) -> tuple[str, Rows]:
        text = words.t(
            "Your place for {title}, {when}, went to the next in line. You can join the list again.",
            **_named(work, words, about),
        )
        return text, ((Button(words.t("Sign up again"), Join(about.session.id).pack()),),)

    work.tell(one.person_id, message)


def replaced(work: Context) -> None:
    _tell(
        work,
        lambda words, named: words.t(
            "Somebody takes your place: {title}, {when}. Thank you for having told us.", **named
        ),
    )


def withdrawn(work: Context) -> None:
    found = _about(work)
    if found is not None and found[0].state is State.WAITING:
        _tell(
            work,
            lambda words, named: words.t(
                "The place for {title}, {when}, is not free after all. You keep your rank on the list.", **named
            ),
        )


def removed(work: Context) -> None:
    _tell(
        work,
        lambda words, named: words.t("The team took you off the list: {title}, {when}.", **named),
        other_dates=True,
    )


def left(work: Context) -> None:
    """Staff learn of a drop-out shortly before the start, unless it was them who took somebody off."""
    found = _about(work)
    if found is None or found[0].because == "staff" or found[1].session.starts_at <= work.now:
        return
    about = found[1]
    work.tell_staff(
        about,
        lambda words: (
            words.t(
                "Somebody cannot come: {title}, {when}. Coming: {taken} of {capacity}.",
                **_named(work, words, about),
                taken=about.taken,
                capacity=about.session.capacity,
            ),
            (),
        ),
    )


def _tell(work: Context, say: Callable[[Texts, dict[str, str]], str], *, other_dates: bool = False) -> None:
    """Whose sign-up it is about."""
    found = _about(work)
    if found is None:
        return
    one, about = found

    def message(words: Texts) -> tuple[str, Rows]:
        others = ((Button(words.t("Other dates"), Dates(about.activity.id).pack()),),) if other_dates else ()
        return say(words, _named(work, words, about)), others

    work.tell(one.person_id, message)


def _named(work: Context, words: Texts, about: Listing) -> dict[str, str]:
    return {"title": title(words, about), "when": when(words, about, work.now)}


def _about(work: Context) -> tuple[SignUp, Listing] | None:
    one = signups.by_id(work.connection, work.due.subject)
    about = listing(work.connection, one.session_id) if one is not None else None
    return None if one is None or about is None else (one, about)
