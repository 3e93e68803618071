"""Activities for staff: all of them, one with its dates, published."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import Button, strong
from bot.router import Router
from bot.texts import Texts, texts
from bot.turn import Turn
from handlers.activity_labels import kind_name
from handlers.announcements.buttons import Compose
from handlers.due.wording import when
from handlers.staff.access import allowed, may_manage, role
from handlers.staff.buttons import CancelAll, ChangeActivity, Create, Manage, ManageDate, Overview, Publish, SkipDay
from handlers.staff.member_buttons import Journal, Members
from storage import activities, sessions
from storage.activities import Activity
from storage.addressees import addressees
from storage.roles import Role
from storage.sessions import Listing

router = Router()

LISTED, DATES = 10, 6
ORDER = {"proposed": 0, "draft": 1, "published": 2}


@router.command("equipe", "staff", "team")
def overview(turn: Turn) -> None:
    """What is proposed, drafted and published, each with a button."""
    show_all(turn, 0)


@router.button(Overview)
def more(turn: Turn, button: Overview) -> None:
    show_all(turn, button.offset)


def show_all(turn: Turn, offset: int) -> None:
    held = allowed(turn)
    if held is None:
        return
    t = turn.texts.t
    own = "" if held.at_least("staff") else held.organisation
    found = activities.activities(turn.connection, tuple(ORDER), organiser=own) if own or held.at_least("staff") else []
    found.sort(key=lambda one: ORDER[one.status])
    offset = max(0, offset) if offset < len(found) else 0
    page = list(enumerate(found[offset : offset + LISTED], offset + 1))
    lines = [f"{number}. {named(turn, one)}" for number, one in page]
    buttons = [Button(str(number), Manage(one.id).pack()) for number, one in page]
    last = [Button(t("New activity"), Create().pack())]
    if offset + LISTED < len(found):
        last.append(Button(t("More"), Overview(offset + LISTED).pack()))
    turn.say(
        "\n".join([t("Your activities:"), *lines]) if lines else t("There is no activity yet."),
        *(buttons[i : i + 5] for i in range(0, len(buttons), 5)),
        [*last, Button(t("New announcement"), Compose().pack())],
        _of_the_team(turn, held),
    )


def _of_the_team(turn: Turn, held: Role) -> list[Button]:
    if not held.at_least("staff"):
        return []
    return [
        Button(turn.texts.t("The team"), Members(0).pack()),
        Button(turn.texts.t("Journal"), Journal(0, 0, 0).pack()),
    ]


def named(turn: Turn, one: Activity) -> str:
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
    lines = [named(turn, activity)]
    if activity.address:
        lines.append(f"📍 {texts.apart(activity.address)}")
        if activity.latitude is None:
            lines.append(t("⚠️ not found on the map: nobody finds it “near me”. Change the place, with its postcode."))
    if description := activity.words(activity.description, texts.language):
        lines.append(texts.apart(description))
    lines.extend(f"{number}. {date_line(turn, one)}" for number, one in enumerate(planned, 1))
    dates = [
        Button(t("Date {number}", number=number), ManageDate(one.session.id).pack())
        for number, one in enumerate(planned, 1)
    ]
    acts = []
    held = role(turn)
    if activity.status in ("draft", "proposed") and held is not None and held.at_least("staff"):
        acts.append(Button(t("Publish"), Publish(activity.id, activity.version).pack()))
    if activity.status not in ("cancelled", "done"):
        acts.append(Button(t("Change"), ChangeActivity(activity.id, activity.version, "").pack()))
    if activity.status != "cancelled":
        acts.append(Button(t("Cancel everything"), CancelAll(activity.id, activity.version, 0).pack()))
    more = []
    if activity.rule and activity.status not in ("cancelled", "done"):
        more.append(Button(t("Skip a date"), SkipDay(activity.id, activity.version, 0).pack()))
    turn.say("\n".join(lines), *(dates[i : i + 3] for i in range(0, len(dates), 3)), acts, more)


def date_line(turn: Turn, one: Listing) -> str:
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
    if activity.status == "proposed":
        tell_proposer(
            turn, published, lambda words, title: words.t("The team publishes {title}. Thank you!", title=title)
        )
    turn.say(turn.texts.t("Published: people see it and can sign up."))
    show_activity(turn, published)


def tell_proposer(turn: Turn, activity: Activity, say: Callable[[Texts, str], str]) -> None:
    """What became of a proposal, to whoever made it."""
    maker = activity.created_by
    if maker is None or maker == turn.person.id:
        return
    for to in addressees(turn.connection, [maker]).values():
        words = texts(to.language, turn.texts.zone)
        title = strong(activity.words(activity.title, to.language))
        turn.say_elsewhere(to.account, say(words, title), [Button(words.t("See it"), Manage(activity.id).pack())])


def outdated(turn: Turn, activity: Activity) -> None:
    turn.say(turn.texts.t("Somebody changed this meanwhile. This is how it is now:"))
    show_activity(turn, activity)
