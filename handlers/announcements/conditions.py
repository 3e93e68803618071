"""Conditions of an audience as buttons: the main ones, and menus with the others."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.activity_labels import SKILLS, skill_name
from handlers.announcements.buttons import Aim
from handlers.announcements.naming import PLATFORMS, district, moment_name
from handlers.staff.members import role_name
from knowledge.announcements.audience import (
    Everybody,
    HasRole,
    InDistrict,
    Node,
    OnPlatform,
    Qualified,
    Seen,
    SignedUp,
    Skilled,
    Speaks,
)
from knowledge.gazetteer.districts import DISTRICTS, number_of_postcode, postcode
from storage import activities, audiences, sessions
from storage.roles import RANKS, Role

MONTHS = (30, 90, 180)
ACTIVITIES, DATES = 10, 5


def add(label: str, value: str) -> Button:
    return Button(label, Aim("add", value).pack())


def _label(words: str) -> str:
    """A condition's words at the beginning of a button."""
    return words[:1].upper() + words[1:]


def menu(label: str, name: str) -> Button:
    return Button(label, Aim("menu", name).pack())


def main(turn: Turn, held: Role) -> list[list[Button]]:
    """What is asked for most, in the order of the chat's examples."""
    t = turn.texts.t
    first = add(_label(t("all volunteers")), "role:volunteer")
    return [
        [first, add(_label(t("trained")), "trained")],
        [menu(t("By district"), "district"), menu(t("By language"), "language")],
        [menu(t("Signed up for…"), "signed"), menu(t("More choices"), "more" if held.at_least("staff") else "some")],
    ]


def rows(turn: Turn, held: Role, name: str) -> list[list[Button]]:
    """A menu's buttons; none for one that there is not."""
    name, _, about = name.partition(":")
    t = turn.texts.t
    match name:
        case "district":
            return _wide([add(district(postcode(n)), f"d:{postcode(n)}") for n in range(1, DISTRICTS + 1)], 5)
        case "language":
            return _wide([add(own, f"lang:{code}") for code, own in LANGUAGES.items()], 3)
        case "offers":
            return _wide([add(own, f"offers:{code}") for code, own in LANGUAGES.items()], 3)
        case "signed":
            return _activities(turn, held)
        case "of" if about.isdecimal():
            return _activity(turn, held, int(about))
        case "date" if about.isdecimal():
            return _date(turn, held, int(about[:12]))
        case "skill":
            return _wide([add(skill_name(turn.texts, one), f"skill:{one}") for one in SKILLS], 2)
        case "role":
            ranks = [add(role_name(turn.texts, rank), f"role:{rank}") for rank in RANKS]
            return _wide([*ranks, add(_label(t("people who are no volunteers")), "role:visitor")], 2)
        case "seen":
            tn = turn.texts.tn
            active = [add(tn("Active: {count} day", "Active: {count} days", n), f"seen:{n}") for n in MONTHS]
            silent = [add(tn("Silent: {count} day", "Silent: {count} days", n), f"silent:{n}") for n in MONTHS]
            return [[one, other] for one, other in zip(active, silent, strict=True)]
        case "group":
            return _wide([add(group, f"group:{n}") for n, group in enumerate(turn.reach.groups)], 2)
        case "saved":
            kept = audiences.saved(turn.connection, held.organisation)
            return _wide([Button(one.name, Aim("use", str(one.id)).pack()) for one in kept], 1)
        case "more" | "some":
            return _more(turn, held)
    return []


def _more(turn: Turn, held: Role) -> list[list[Button]]:
    t = turn.texts.t
    found = [
        add(_label(t("training run out")), "expired"),
        menu(t("By skill"), "skill"),
        menu(t("Languages spoken"), "offers"),
        menu(t("Active or silent"), "seen"),
        Button(t("Near a place"), Aim("near", "").pack()),
        *(add(label, f"platform:{name}") for name, label in PLATFORMS.items()),
    ]
    if audiences.saved(turn.connection, held.organisation):
        found.append(menu(t("Saved"), "saved"))
    if held.at_least("staff"):
        found += [menu(t("By role"), "role"), add(_label(t("everybody")), "everybody")]
        if turn.reach.groups:
            found.append(menu(t("Groups"), "group"))
    return _wide(found, 2)


def _activities(turn: Turn, held: Role) -> list[list[Button]]:
    own = "" if held.at_least("staff") else held.organisation
    found = activities.activities(turn.connection, ("published",), organiser=own)[:ACTIVITIES]
    return [[menu(one.words(one.title, turn.texts.language), f"of:{one.id}")] for one in found]


def _activity(turn: Turn, held: Role, number: int) -> list[list[Button]]:
    """Its lists, and its dates, that have lists of their own."""
    activity = activities.activity_by_id(turn.connection, number)
    if activity is None or not (held.at_least("staff") or activity.organiser == held.organisation):
        return []
    coming = sessions.planned(turn.connection, number, turn.now, DATES)
    dates = ((moment_name(turn.texts, one.session.starts_at, turn.now), one.session.id) for one in coming)
    return [_lists(turn, f"{{}}:{number}"), *([menu(when, f"date:{session}")] for when, session in dates)]


def _lists(turn: Turn, value: str) -> list[Button]:
    t = turn.texts.t
    labels = {"coming": t("Signed up"), "waiting": t("Waiting"), "attended": t("Were there")}
    return [add(label, value.format(state)) for state, label in labels.items()]


def _date(turn: Turn, held: Role, number: int) -> list[list[Button]]:
    about = sessions.listing(turn.connection, number)
    if about is None or not (held.at_least("staff") or about.activity.organiser == held.organisation):
        return []
    return [_lists(turn, f"on.{{}}:{number}")]


def _wide(buttons: Sequence[Button], wide: int) -> list[list[Button]]:
    return [list(buttons[i : i + wide]) for i in range(0, len(buttons), wide)]


def condition(value: str) -> Node | None:
    """What a button's value asks of people; None for a forged one."""
    what, _, about = value.partition(":")
    number = int(about) if about.isdecimal() and len(about) < 12 else 0
    match what:
        case "everybody":
            return Everybody()
        case "trained":
            return Qualified("")
        case "expired":
            return Qualified("", valid=False)
        case "role" if about in ("visitor", "volunteer", *RANKS):
            return HasRole(about)  # type: ignore[arg-type]
        case "skill" if about in SKILLS:
            return Skilled(about)
        case "lang" | "offers" if about in LANGUAGES:
            return Speaks(about, offers=what == "offers")
        case "d" if number_of_postcode(about):
            return InDistrict((about,))
        case "platform" if about in PLATFORMS:
            return OnPlatform(about)
        case "seen" | "silent" if 0 < number <= 3650:
            return Seen(days=number, silent=what == "silent")
        case "coming" | "waiting" | "attended" if number:
            return SignedUp(what, activity_id=number)
        case "on.coming" | "on.waiting" | "on.attended" if number:
            return SignedUp(what.removeprefix("on."), session_id=number)  # type: ignore[arg-type]
    return None
