"""One date for staff: seen, moved, its places changed."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import forms
from bot.forms import NotUnderstood
from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.due.wording import title
from handlers.staff import reading
from handlers.staff.access import may_manage
from handlers.staff.buttons import CancelDate, ChangeDate, CodeToScan, Manage, ManageDate, MoveTo, Present, WhoWasAsked
from handlers.staff.create import otherwise
from handlers.staff.manage import date_line
from knowledge.participation.recurrence import localised
from storage import alerts, sessions
from storage.activities import Outdated
from storage.sessions import Listing, Session

router = Router()

MOVE, PLACES = "move_date", "change_places"
"""Names of the two questions answered in words; about: session and version."""
MOST_PLACES = 500


def date_of(turn: Turn, session: int) -> Listing | None:
    """One date, of an activity that this person may change; says so where it is not."""
    about = sessions.listing(turn.connection, session)
    return about if may_manage(turn, about.activity if about is not None else None) is not None else None


@router.button(ManageDate)
def manage_date(turn: Turn, button: ManageDate) -> None:
    about = date_of(turn, button.session)
    if about is not None:
        show_date(turn, about)


def show_date(turn: Turn, about: Listing) -> None:
    t, one = turn.texts.t, about.session
    lines = [f"{title(turn.texts, about)} — {date_line(turn, about)}"]
    if one.status == "cancelled":
        lines.append(t("cancelled"))
        turn.say("\n".join(lines), [Button(t("Back"), Manage(about.activity.id).pack())])
        return
    lines.append(t("Code to type on arrival: {code}", code=strong(one.code)))
    asked = alerts.asked_for(turn.connection, one.id)
    if asked:
        coming = sum(each.answer == "coming" for each in asked)
        answered = sum(bool(each.answer) for each in asked)
        lines.append(
            t(
                "Asked: {asked}; answered: {answered}; coming: {coming}.",
                asked=len(asked),
                answered=answered,
                coming=coming,
            )
        )
    turn.say(
        "\n".join(lines),
        [
            Button(t("Who comes"), Present(one.id, 0).pack()),
            Button(t("Move"), _change("move", one)),
            *([Button(t("Who was asked"), WhoWasAsked(one.id, 0).pack())] if asked else []),
        ],
        [
            Button(t("Places"), _change("places", one)),
            Button(t("Cancel this date"), CancelDate(one.id, one.version, 0).pack()),
        ],
        [
            Button(t("Code to scan"), CodeToScan(one.id).pack()),
            Button(t("Back"), Manage(about.activity.id).pack()),
        ],
    )


def _change(what: str, one: Session) -> str:
    return ChangeDate(what, one.id, one.version).pack()


@router.button(ChangeDate)
def change_date(turn: Turn, button: ChangeDate) -> None:
    about = date_of(turn, button.session)
    if about is None:
        return
    t = turn.texts.t
    turn.remember(asking=MOVE if button.what == "move" else PLACES, about=f"{button.session} {button.version}")
    if button.what == "move":
        turn.say(t("When is it now? For example “Tuesday 8 December 18:30”. “Cancel” leaves it as it is."))
    else:
        turn.say(t("How many people can come? Nobody loses a place they have."))


def _asked_about(turn: Turn) -> tuple[Listing, int] | None:
    """The date and version a question is about; None where the words leave it, or it is not theirs (any more)."""
    session, _, version = turn.memory.about.partition(" ")
    words = turn.incoming.text.strip()
    if not session.isdecimal() or any(forms.same(turn, words, leaves) for leaves in ("Cancel", "Back")):
        turn.remember(asking="", about="")
        turn.say(turn.texts.t("All right, nothing is changed."))
        return None
    about = date_of(turn, int(session))
    if about is None:
        turn.remember(asking="", about="")
        return None
    return about, int(version or 0)


def _meanwhile(turn: Turn) -> bool:
    """Somebody who needs something else is answered; the question waits on."""
    asking, about = turn.memory.asking, turn.memory.about
    if not forms.asks_something_else(turn):
        return False
    otherwise(turn)
    turn.remember(asking=asking, about=about)
    return True


@router.answer(MOVE)
def moved_to(turn: Turn) -> bool:
    found = _asked_about(turn)
    if found is None:
        return True
    about, version = found
    t, texts = turn.texts.t, turn.texts
    try:
        start = localised(reading.moment(turn, turn.incoming.text), texts.zone)
        if start <= turn.now:
            raise NotUnderstood
    except NotUnderstood:
        if _meanwhile(turn):
            return True
        turn.say(t("I need a day and an hour to come, for example “Tuesday 8 December 18:30” or “8/12/2026 18:30”."))
        return True
    turn.remember(asking="", about="")
    minutes = int(start.timestamp()) // 60
    moment = f"{texts.day(start, turn.now)}, {texts.time(start)}"
    turn.say(
        t("Move {title} to {when}? Everybody on its list is told.", title=title(texts, about), when=moment),
        [
            Button(t("Yes, move it"), MoveTo(about.session.id, version, minutes).pack()),
            Button(t("No"), ManageDate(about.session.id).pack()),
        ],
    )
    return True


@router.button(MoveTo)
def move_now(turn: Turn, button: MoveTo) -> None:
    about = date_of(turn, button.session)
    if about is None:
        return
    old = about.session
    start = datetime.fromtimestamp(button.minutes % 10**8 * 60, UTC).astimezone(turn.texts.zone)
    if old.version != button.version or old.status != "planned" or start <= turn.now:
        date_outdated(turn, about)
        return
    _write(turn, old, starts_at=start, ends_at=start + (old.ends_at - old.starts_at))


def _write(turn: Turn, old: Session, **values: object) -> None:
    """Changes one date, unless somebody else just did."""
    try:
        sessions.change(turn.connection, old, turn.person.id, turn.now, **values)
        said = turn.texts.t("Done.")
    except Outdated:
        said = turn.texts.t("Somebody changed this meanwhile. This is how it is now:")
    about = sessions.listing(turn.connection, old.id)
    turn.say(said)
    if about is not None:
        show_date(turn, about)


def date_outdated(turn: Turn, about: Listing) -> None:
    turn.say(turn.texts.t("Somebody changed this meanwhile. This is how it is now:"))
    show_date(turn, about)


@router.answer(PLACES)
def places_said(turn: Turn) -> bool:
    found = _asked_about(turn)
    if found is None:
        return True
    about, version = found
    if _meanwhile(turn):
        return True
    try:
        places = reading.whole_number(turn.incoming.text)
        if not 1 <= places <= MOST_PLACES:
            raise NotUnderstood
    except NotUnderstood:
        turn.say(turn.texts.t("A number from 1 to 500, please."))
        return True
    turn.remember(asking="", about="")
    if about.session.version != version or about.session.status != "planned":
        date_outdated(turn, about)
    else:
        _write(turn, about.session, capacity=places)
    return True
