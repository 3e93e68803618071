"""Who may do what: administrators by the settings, staff and partners by their role."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from bot.turn import Turn
from handlers.privately import in_private
from storage import people, roles
from storage.activities import Activity
from storage.roles import Role


def role(turn: Turn) -> Role | None:
    person = turn.person
    if (person.platform, person.user_id) in turn.admins:
        return Role(person.platform, person.user_id, "admin", "")
    return roles.role_of(turn.connection, person.id)


def role_of_person(connection: Connection, admins: Collection[tuple[str, str]], person_id: int) -> Role | None:
    """As `role`, of somebody else. `admins`: (platform, user id) of administrators by the settings."""
    named = people.people(connection, list(admins)) if admins else {}
    for one in named.values():
        if one.id == person_id:
            return Role(one.platform, one.user_id, "admin", "")
    return roles.role_of(connection, person_id)


def allowed(turn: Turn, rank: str = "partner") -> Role | None:
    """The person's role if it is at least this one, in private; a polite no otherwise."""
    if not in_private(turn):
        return None
    held = role(turn)
    if held is None or not held.at_least(rank):
        turn.say(turn.texts.t("That is for the team. If you are one of them, ask an administrator to add you."))
        return None
    return held


def may_manage(turn: Turn, activity: Activity | None) -> Role | None:
    """Staff may change everything, partners what their own association does."""
    held = allowed(turn)
    if held is None:
        return None
    own = activity is not None and held.organisation and activity.organiser == held.organisation
    if activity is None or not (held.at_least("staff") or own):
        turn.say(turn.texts.t("There is no such activity that you may change. Yours: /equipe"))
        return None
    return held
