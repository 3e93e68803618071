"""An audience in words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.texts import Texts
from handlers.activity_labels import language_name, skill_name
from handlers.staff.members import role_name
from knowledge.announcements import audience as trees
from knowledge.announcements.audience import Audience, Node
from storage import activities, sessions

PLATFORMS = {"telegram": "Telegram", "matrix": "Matrix"}


def moment_name(words: Texts, moment: datetime, now: datetime) -> str:
    """Thursday 3 Dec, 18:00"""
    return f"{words.day(moment, now)}, {words.time(moment)}"


def audience_name(connection: Connection, words: Texts, audience: Audience) -> str:
    """Whom it is for: trained, 10e or 18e; group Maraudes."""
    parts = [] if audience.people is None else [name(connection, words, audience.people)]
    parts += [words.t("group {name}", name=group) for group in audience.groups]
    return "; ".join(parts)


def name(connection: Connection, words: Texts, node: Node, *, within: bool = False) -> str:  # noqa: PLR0912
    """One condition, or several; `within` others, in brackets where it needs them."""
    t = words.t
    match node:
        case trees.Everybody():
            return t("everybody")
        case trees.HasRole(role="volunteer"):
            return t("all volunteers")
        case trees.HasRole(role="visitor"):
            return t("people who are no volunteers")
        case trees.HasRole(role=role):
            return role_name(words, role)
        case trees.Qualified(valid=valid):
            return t("trained") if valid else t("training run out")
        case trees.Skilled(skill=skill):
            return skill_name(words, skill)
        case trees.Speaks(language=language, offers=offers):
            return t("speaking {language}", language=language_name(language)) if offers else language_name(language)
        case trees.InDistrict(districts=districts):
            said = _either(words, [district(one) for one in districts])
            return f"({said})" if within and len(districts) > 1 else said
        case trees.Near(place=place, metres=metres):
            return t("within {distance} of {place}", distance=words.distance(round(metres)), place=words.apart(place))
        case trees.OnPlatform(platform=platform):
            return PLATFORMS.get(platform, platform)
        case trees.SignedUp():
            return _signed_up(connection, words, node)
        case trees.OfAssociation(organiser=organiser):
            return t("people of the activities of {who}", who=words.apart(organiser))
        case trees.Seen(since=since, days=days, silent=silent):
            when = words.date(since.isoformat(), since) if since else words.tn("{count} day", "{count} days", days or 0)
            return t("silent since {when}", when=when) if silent else t("active since {when}", when=when)
        case trees.AllOf(of=parts):
            # who is left out comes last: "except English, 10e" would read as if both were
            ordered = sorted(parts, key=lambda part: isinstance(part, trees.Not))
            said = ", ".join(name(connection, words, part, within=True) for part in ordered)
        case trees.AnyOf(of=parts):
            said = _either(words, [name(connection, words, part, within=True) for part in parts])
        case trees.Not(of=part):
            return t("not: {whom}", whom=name(connection, words, part, within=True))
    return f"({said})" if within else said


def _either(words: Texts, names: list[str]) -> str:
    said = names[0]
    for one in names[1:]:
        said = words.t("{one} or {other}", one=said, other=one)
    return said


def district(postcode: str) -> str:
    """75018 -> 18e"""
    number = int(postcode[-2:]) if postcode.startswith("750") else 0
    return postcode if not number else "1er" if number == 1 else f"{number}e"


def _signed_up(connection: Connection, words: Texts, node: trees.SignedUp) -> str:
    about = sessions.listing(connection, node.session_id) if node.session_id is not None else None
    activity = about.activity if about else activities.activity_by_id(connection, node.activity_id or 0)
    title = activity.words(activity.title, words.language) if activity is not None else "?"
    if about is not None:
        day = about.session.starts_at.astimezone(words.zone).date()
        title = f"{title} ({words.date(day.isoformat(), day)})"
    named = words.apart(title)
    return {
        "coming": words.t("signed up for {title}", title=named),
        "waiting": words.t("waiting for {title}", title=named),
        "attended": words.t("were at {title}", title=named),
    }[node.state]
