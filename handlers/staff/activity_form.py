"""The form that makes an activity: what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.forms import Kind
from bot.messages import Button, strong
from bot.texts import Texts, texts
from bot.turn import Turn
from handlers.factory import FACTORY
from handlers.staff.access import allowed
from handlers.staff.activity_model import NewActivity, Where, activity_of
from handlers.staff.activity_questions import QUESTIONS
from handlers.staff.buttons import Manage
from handlers.staff.manage import show_activity
from handlers.wording import full_address
from storage import activities, people, roles, series
from storage.activities import Activity
from storage.addressees import addressees


def _done(turn: Turn, filled: NewActivity) -> None:
    """Kept as a draft, which staff publish; of partners as a proposal, which staff approve."""
    held = allowed(turn)
    if held is None:
        return
    staff = held.at_least("staff")
    new = located(turn, activity_of(filled, "draft" if staff else "proposed", held.organisation), filled.place)
    made = activities.create(turn.connection, new, turn.person.id, turn.now)
    series.extend(turn.connection, made, turn.person.id, turn.now)
    if not staff:
        turn.say(turn.texts.t("Thank you: the team looks at it, and publishes it."))
        who = made.organiser
        tell_staff(
            turn, made, lambda words, title: words.t("{who} proposes an activity: {title}.", who=who, title=title)
        )
    turn.say(
        turn.texts.t(
            "It is kept. Under “{change}” you can add a description, a minimum, when sign-up opens and closes, skills, "
            "languages, translations.",
            change=turn.texts.t("Change"),
        )
    )
    show_activity(turn, made)


def tell_staff(turn: Turn, about: Activity, say: Callable[[Texts, str], str]) -> None:
    """What a partner did. Each in their own language, with the button that opens it."""
    named = people.people(turn.connection, list(turn.admins)) if turn.admins else {}
    everybody = {*roles.people_with(turn.connection, ("staff", "admin")), *(one.id for one in named.values())}
    for to in addressees(turn.connection, everybody).values():
        words = texts(to.language, turn.texts.zone)
        title = strong(about.words(about.title, to.language))
        turn.say_elsewhere(
            to.account,
            say(words, title),
            [Button(words.t("See it"), Manage(about.id).pack())],
        )


def located(turn: Turn, new: Activity, place: Where | str) -> Activity:
    """With its address, postcode and position, as far as they are known."""
    if isinstance(place, Where):
        return replace(
            new, address=place.words, district=place.postcode, latitude=place.latitude, longitude=place.longitude,
            service_id=place.service,
        )  # fmt: skip
    factory = turn.knowledge.index.get(FACTORY)
    if factory is None:
        return new
    return replace(
        new, service_id=factory.id, address=full_address(turn.texts, factory), district=factory.postcode,
        latitude=factory.latitude, longitude=factory.longitude,
    )  # fmt: skip


FORM = Kind(
    "activity",
    NewActivity,
    QUESTIONS,
    _done,
    {
        "past": lambda turn: turn.texts.t("That moment is over. Which day and hour to come?"),
        "far": lambda turn: turn.texts.t("That is more than a year ahead. Which day and hour?"),
        "too_few_places": lambda turn: turn.texts.t("That would be fewer places than people needed at least."),
        "no_window": lambda turn: turn.texts.t("Sign-up must open before it closes."),
    },
    may=lambda turn: allowed(turn) is not None,
)
