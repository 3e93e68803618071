"""Audiences as queries: whom a tree means, who of them can be written to and who not, why; audiences kept under a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    tuple_,
)

from knowledge.announcements import audience as trees
from knowledge.announcements.audience import Audience, Node
from knowledge.announcements.districts import around
from knowledge.announcements.kinds import Exclusion, Kind
from knowledge.participation.states import COMING, LIVE, State
from storage.schema import (
    activity,
    opt_out,
    person,
    qualification,
    role,
    saved_audience,
    session,
    sign_up,
    stopped_lane,
    volunteer,
)

SIGN_UP_STATES = {
    "coming": tuple(COMING),
    "waiting": (State.WAITING, State.OFFERED),
    "attended": (State.ATTENDED,),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """When an audience is looked at, and what only the settings know."""

    now: datetime
    """Aware, in the city's time zone."""
    admins: Collection[tuple[str, str]] = ()
    """(platform, user id) of administrators by the settings."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Somebody the audience means."""

    person_id: int
    language: str
    platform: str
    """Where they would be written to, "" nowhere."""
    exclusion: Exclusion | None


_account = person.alias("account")
_whole = person.alias("whole")
_number = func.coalesce(_account.c.linked_to, _account.c.id)


def condition(node: Node, scope: Scope) -> ColumnElement[bool]:  # noqa: PLR0912 - one case a kind of condition
    """What `node` asks of a row of `person` that is linked to no other."""
    match node:
        case trees.Everybody():
            return true()
        case trees.AllOf(of=parts):
            return and_(*(condition(part, scope) for part in parts))
        case trees.AnyOf(of=parts):
            return or_(*(condition(part, scope) for part in parts))
        case trees.Not(of=part):
            return not_(condition(part, scope))
        case trees.HasRole(role="visitor"):
            return not_(or_(_volunteers(), _of_team(("partner", "staff", "admin"), scope)))
        case trees.HasRole(role="volunteer"):
            return _volunteers()
        case trees.HasRole(role=rank):
            return _of_team((rank,), scope)
        case trees.Qualified(name=name, valid=valid):
            return _qualified(name, valid=valid, scope=scope)
        case trees.Skilled(skill=skill):
            return _says(volunteer.c.skills, [skill])
        case trees.Speaks(language=language, offers=True):
            return _says(volunteer.c.languages, [language])
        case trees.Speaks(language=language):
            return person.c.language == language
        case trees.InDistrict(districts=districts):
            return _says(volunteer.c.districts, districts)
        case trees.Near(latitude=latitude, longitude=longitude, metres=metres):
            return _says(volunteer.c.districts, around(latitude, longitude, metres))
        case trees.OnPlatform(platform=platform):
            return exists().where(_number == person.c.id, _account.c.platform == platform)
        case trees.SignedUp():
            return _signed_up(node)
        case trees.OfAssociation(organiser=organiser):
            return _association(organiser)
        case trees.Seen(since=since, days=days, silent=silent):
            first = since if since is not None else (scope.now - timedelta(days=days or 0)).date()
            return person.c.seen_on < first if silent else person.c.seen_on >= first
    raise TypeError(f"no such condition: {node}")


def _volunteers() -> ColumnElement[bool]:
    return or_(
        exists().where(volunteer.c.person_id == person.c.id),
        exists().where(sign_up.c.person_id == person.c.id),
    )


def _of_team(ranks: Collection[str], scope: Scope) -> ColumnElement[bool]:
    listed = exists().where(
        _number == person.c.id,
        role.c.platform == _account.c.platform,
        role.c.user_id == _account.c.user_id,
        role.c.role.in_(ranks),
    )
    if "admin" not in ranks or not scope.admins:
        return listed
    keys = tuple_(_account.c.platform, _account.c.user_id).in_([*scope.admins])
    return or_(listed, exists().where(_number == person.c.id, keys))


def _qualified(name: str, *, valid: bool, scope: Scope) -> ColumnElement[bool]:
    named = (qualification.c.name == name,) if name else ()
    held = (qualification.c.person_id == person.c.id, *named)
    lasts = or_(qualification.c.expires_on.is_(None), qualification.c.expires_on >= scope.now.date())
    if valid:
        return exists().where(*held, lasts)
    return and_(exists().where(*held), not_(exists().where(*held, lasts)))


def _says(column: ColumnElement[str], ids: Collection[str]) -> ColumnElement[bool]:
    """One of `ids` is among those of a column that holds them separated by spaces."""
    padded = " " + column + " "
    among = [padded.contains(f" {one} ", autoescape=True) for one in ids]
    return exists().where(volunteer.c.person_id == person.c.id, or_(false(), *among))


def _signed_up(node: trees.SignedUp) -> ColumnElement[bool]:
    mine = (sign_up.c.person_id == person.c.id, sign_up.c.state.in_(SIGN_UP_STATES[node.state]))
    if node.session_id is not None:
        return exists().where(*mine, sign_up.c.session_id == node.session_id)
    return exists().where(*mine, sign_up.c.session_id == session.c.id, session.c.activity_id == node.activity_id)


def _association(organiser: str) -> ColumnElement[bool]:
    return exists().where(
        sign_up.c.person_id == person.c.id,
        sign_up.c.state.in_([*LIVE, State.ATTENDED]),
        sign_up.c.session_id == session.c.id,
        session.c.activity_id == activity.c.id,
        activity.c.organiser == organiser,
    )


def members(node: Node, scope: Scope) -> Select[tuple[int]]:
    """The numbers of all persons that `node` means, each once."""
    return select(person.c.id).where(person.c.linked_to.is_(None), condition(node, scope))


def meant(
    connection: Connection, node: Node, kind: Kind, scope: Scope, *, after: int = 0, limit: int | None = None
) -> list[Meant]:
    """Whom `node` means, by number, from `after` on; with why somebody would not be written to."""
    chosen = members(node, scope).where(person.c.id > after).order_by(person.c.id)
    ids = (chosen.limit(limit) if limit is not None else chosen).subquery("chosen")
    unwanted = exists().where(opt_out.c.person_id == _whole.c.id, opt_out.c.kind == kind)
    rows = connection.execute(
        select(
            _whole.c.id, _whole.c.language, _whole.c.alerts, unwanted, *_mission_pause(kind, scope),
            _account.c.platform, _account.c.chat, stopped_lane.c.lane,
        )
        .join_from(ids, _whole, _whole.c.id == ids.c.id)
        .join(_account, or_(_account.c.id == _whole.c.id, _account.c.linked_to == _whole.c.id))
        .outerjoin(stopped_lane, stopped_lane.c.lane == _account.c.platform + ":" + _account.c.chat)
        .order_by(
            _whole.c.id, func.coalesce(_whole.c.preferred, _whole.c.platform) != _account.c.platform, _account.c.id
        )
    )  # fmt: skip
    found: dict[int, Meant] = {}
    for number, language, alerts, opted_out, no_missions, paused, platform, chat, stopped in rows:
        known = found.get(number)
        if known is not None and known.exclusion not in (Exclusion.NO_CHAT, Exclusion.BLOCKED):
            continue
        before = known is not None and known.exclusion is Exclusion.BLOCKED
        why = None
        if not alerts or paused:
            why = Exclusion.PAUSED
        elif opted_out or no_missions:
            why = Exclusion.OPTED_OUT
        elif stopped is not None or (chat is None and before):
            why = Exclusion.BLOCKED
        elif chat is None:
            why = Exclusion.NO_CHAT
        found[number] = Meant(number, language, "" if why else platform, why)
    return list(found.values())


def _mission_pause(kind: Kind, scope: Scope) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What volunteers said of missions: none at all, none for a while."""
    mine = volunteer.c.person_id == _whole.c.id
    none: ColumnElement[bool] = false()
    paused: ColumnElement[bool] = false()
    if kind is Kind.MISSION:
        none = exists().where(mine, not_(volunteer.c.missions))
    if kind in (Kind.MISSION, Kind.DIGEST):
        paused = exists().where(mine, volunteer.c.paused_until > scope.now.date())
    return none.label("no_missions"), paused.label("paused")


@dataclass(frozen=True, slots=True)
class Forecast:
    """Who would get it if it went out now. Nothing is kept of it."""

    reached: int
    """People written to."""
    groups: int
    by_platform: Counter[str]
    """People written to, by platform."""
    by_language: Counter[str]
    """People written to, by the language they use: `Content.chosen` says in which one they get it."""
    excluded: Counter[Exclusion]
    """People meant and not written to."""


def forecast(connection: Connection, audience: Audience, kind: Kind, scope: Scope) -> Forecast:
    people = [] if audience.people is None else meant(connection, audience.people, kind, scope)
    reached = [one for one in people if one.exclusion is None]
    return Forecast(
        len(reached),
        len(set(audience.groups)),
        Counter(one.platform for one in reached),
        Counter(one.language for one in reached),
        Counter(one.exclusion for one in people if one.exclusion is not None),
    )


@dataclass(frozen=True, slots=True)
class Saved:
    id: int
    team: str
    name: str
    audience: Audience


_SAVED = (saved_audience.c.id, saved_audience.c.team, saved_audience.c.name, saved_audience.c.audience)


def save(connection: Connection, team: str, name: str, audience: Audience, by: int | None, now: datetime) -> int:
    """Under a name of the team (an association, "" for the Factory), in place of what had it."""
    trees.check(audience)
    connection.execute(delete(saved_audience).where(saved_audience.c.team == team, saved_audience.c.name == name))
    row = {"team": team, "name": name, "audience": trees.dump(audience), "created_by": by, "created_at": now}
    number: int = connection.execute(insert(saved_audience).values(**row).returning(saved_audience.c.id)).scalar_one()
    return number


def saved(connection: Connection, team: str) -> list[Saved]:
    """Those of a team, by name."""
    rows = connection.execute(select(*_SAVED).where(saved_audience.c.team == team).order_by(saved_audience.c.name))
    return [Saved(number, of, name, trees.load(tree)) for number, of, name, tree in rows]


def delete_saved(connection: Connection, team: str, number: int) -> None:
    connection.execute(delete(saved_audience).where(saved_audience.c.team == team, saved_audience.c.id == number))
