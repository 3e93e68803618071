"""Activities and their dates for staff: seen, published, moved, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.forms import NotUnderstood
from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.activity_labels import kind_name
from handlers.announcements.buttons import Compose
from handlers.due.wording import title, when
from handlers.staff import reading
from handlers.staff.access import allowed, may_manage
from handlers.staff.buttons import (
    CancelAll,
    CancelDate,
    ChangeActivity,
    ChangeDate,
    Create,
    Manage,
    ManageDate,
    MoveTo,
    Present,
    Publish,
)
from handlers.staff.member_buttons import Journal, Members
from knowledge.participation.recurrence import localised
from storage import activities, alerts, sessions
from storage.activities import Activity, Outdated
from storage.roles import Role
from storage.sessions import Listing, Session

router = Router()

MOVE, PLACES = "move_date", "change_places"
"""Names of the two questions answered in words; about: session and version."""
LISTED, DATES = 10, 6
MOST_PLACES = 500


@router.command("equipe", "staff", "team")
def overview(turn: Turn) -> None:
    """What is proposed, drafted and published, each with a button."""
    held = allowed(turn)
    if held is None:
        return
    t = turn.texts.t
    own = "" if held.at_least("staff") else held.organisation
    found = activities.activities(turn.connection, ("proposed", "draft", "published"), organiser=own)
    order = {"proposed": 0, "draft": 1, "published": 2}
    found = sorted(found, key=lambda one: order[one.status])[:LISTED] if own or held.at_least("staff") else []
    lines = [f"{number}. {_named(turn, one)}" for number, one in enumerate(found, 1)]
    buttons = [Button(str(number), Manage(one.id).pack()) for number, one in enumerate(found, 1)]
    turn.say(
        "\n".join([t("Your activities:"), *lines]) if lines else t("There is no activity yet."),
        *(buttons[i : i + 5] for i in range(0, len(buttons), 5)),
        [Button(t("New activity"), Create().pack()), Button(t("New announcement"), Compose().pack())],
        _of_the_team(turn, held),
    )


def _of_the_team(turn: Turn, held: Role) -> list[Button]:
    if not held.at_least("staff"):
        return []
    return [
        Button(turn.texts.t("The team"), Members(0).pack()),
        Button(turn.texts.t("Journal"), Journal(0, 0, 0).pack()),
    ]


def _named(turn: Turn, one: Activity) -> str:
    t = turn.texts.t
    status = {
        "draft": t("draft"),
        "proposed": t("proposed, to be approved"),
        "published": t("published"),
        "cancelled": t("cancelled"),
        "done": t("done"),
    }[one.status]
    name = strong(one.words(one.title, turn.texts.language))
    return f"{name} ({kind_name(turn.texts, one.kind)}, {status})"


@router.button(Manage)
def manage(turn: Turn, button: Manage) -> None:
    activity = activities.activity_by_id(turn.connection, button.activity)
    if activity is not None and may_manage(turn, activity) is not None:
        show_activity(turn, activity)
    elif activity is None:
        may_manage(turn, None)


def show_activity(turn: Turn, activity: Activity) -> None:
    """The card of an activity with its next dates. For a draft, its dates are those it will have."""
    t, texts = turn.texts.t, turn.texts
    planned = sessions.planned(turn.connection, activity.id, turn.now, DATES)
    lines = [_named(turn, activity)]
    if activity.address:
        lines.append(f"📍 {texts.apart(activity.address)}")
    lines.extend(f"{number}. {_date_line(turn, one)}" for number, one in enumerate(planned, 1))
    dates = [
        Button(t("Date {number}", number=number), ManageDate(one.session.id).pack())
        for number, one in enumerate(planned, 1)
    ]
    acts = []
    if activity.status in ("draft", "proposed"):
        acts.append(Button(t("Publish"), Publish(activity.id, activity.version).pack()))
    if activity.status not in ("cancelled", "done"):
        acts.append(Button(t("Change"), ChangeActivity(activity.id, activity.version, "").pack()))
    if activity.status != "cancelled":
        acts.append(Button(t("Cancel everything"), CancelAll(activity.id, activity.version, 0).pack()))
    turn.say("\n".join(lines), *(dates[i : i + 3] for i in range(0, len(dates), 3)), acts)


def _date_line(turn: Turn, one: Listing) -> str:
    t = turn.texts.t
    taken = t("{taken} of {capacity}", taken=one.taken, capacity=one.session.capacity)
    line = f"{when(turn.texts, one, turn.now)} · {taken}"
    if one.waiting:
        line += " · " + turn.texts.tn("{count} waiting", "{count} waiting", one.waiting)
    return line


@router.button(Publish)
def publish(turn: Turn, button: Publish) -> None:
    """Partners propose, staff publish."""
    held = allowed(turn, "staff")
    activity = activities.activity_by_id(turn.connection, button.activity) if held is not None else None
    if activity is None:
        return
    if activity.version != button.version or activity.status not in ("draft", "proposed"):
        outdated(turn, activity)
        return
    published = activities.publish(turn.connection, activity, turn.person.id, turn.now)
    turn.say(turn.texts.t("Published: people see it and can sign up."))
    show_activity(turn, published)


def outdated(turn: Turn, activity: Activity) -> None:
    turn.say(turn.texts.t("Somebody changed this meanwhile. This is how it is now:"))
    show_activity(turn, activity)


@router.button(CancelAll)
def cancel_all(turn: Turn, button: CancelAll) -> None:
    activity = activities.activity_by_id(turn.connection, button.activity)
    if may_manage(turn, activity) is None or activity is None:
        return
    t = turn.texts.t
    if activity.version != button.version or activity.status == "cancelled":
        outdated(turn, activity)
    elif not button.sure:
        yes = CancelAll(activity.id, activity.version, 1).pack()
        turn.say(
            t("Cancel {title} with all its dates? Everybody who signed up is told.", title=_named(turn, activity)),
            [Button(t("Yes, cancel it"), yes), Button(t("No"), Manage(activity.id).pack())],
        )
    else:
        told = sessions.cancel_activity(turn.connection, activity, turn.person.id, turn.now)
        turn.say(_told(turn, told))


def _told(turn: Turn, people: int) -> str:
    return turn.texts.tn("Cancelled. {count} person is told.", "Cancelled. {count} people are told.", people)


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
    lines = [f"{title(turn.texts, about)} — {_date_line(turn, about)}"]
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
        [Button(t("Who comes"), Present(one.id, 0).pack()), Button(t("Move"), _change("move", one))],
        [
            Button(t("Places"), _change("places", one)),
            Button(t("Cancel this date"), CancelDate(one.id, one.version, 0).pack()),
        ],
        [Button(t("Back"), Manage(about.activity.id).pack())],
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
    words = turn.incoming.text.strip().casefold()
    if words in ("annuler", "cancel", "retour", "back", turn.texts.t("Cancel").casefold()) or not session.isdecimal():
        turn.remember(asking="", about="")
        turn.say(turn.texts.t("All right, nothing is changed."))
        return None
    about = date_of(turn, int(session))
    if about is None:
        turn.remember(asking="", about="")
        return None
    return about, int(version or 0)


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


@router.button(CancelDate)
def cancel_date(turn: Turn, button: CancelDate) -> None:
    about = date_of(turn, button.session)
    if about is None:
        return
    t, one = turn.texts.t, about.session
    if one.version != button.version or one.status != "planned":
        date_outdated(turn, about)
    elif not button.sure:
        name = f"{title(turn.texts, about)}, {when(turn.texts, about, turn.now)}"
        turn.say(
            t("Cancel {title}? Everybody on its list is told.", title=name),
            [
                Button(t("Yes, cancel it"), CancelDate(one.id, one.version, 1).pack()),
                Button(t("No"), ManageDate(one.id).pack()),
            ],
        )
    else:
        turn.say(_told(turn, sessions.cancel(turn.connection, one.id, turn.person.id, turn.now)))
