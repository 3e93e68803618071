"""What people take part in: trainings, missions, evenings. Their dates are in storage/sessions.py."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, insert, select, update

from knowledge.participation.kinds import Kind, Requirements
from knowledge.participation.reminders import Reminding
from storage import audit
from storage.due import Schedule, schedule
from storage.schema import activity, session


class Outdated(Exception):
    """Somebody else changed it meanwhile: show them what it is now."""


@dataclass(frozen=True, slots=True)
class Activity:
    """`title`, `description` and `bring`: language code -> words; French is always there."""

    kind: Kind
    title: Mapping[str, str]
    id: int = 0
    status: str = "draft"
    """draft, proposed (by a partner, for staff to approve), published, cancelled, done."""
    description: Mapping[str, str] = field(default_factory=dict)
    bring: Mapping[str, str] = field(default_factory=dict)
    organiser: str = ""
    contact: str = ""
    service_id: str | None = None
    address: str = ""
    district: str = ""
    """Postcode."""
    latitude: float | None = None
    longitude: float | None = None
    capacity: int = 10
    """Of each session made from now on, like `minimum`, `opens_minutes` and `closes_minutes`."""
    minimum: int = 0
    opens_minutes: int | None = None
    """Sign-up opens so long before the start; None: at once."""
    closes_minutes: int = 0
    waiting_list: bool = True
    minimum_age: int = 18
    training: str = ""
    """The qualification needed, "" for none."""
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    charter: bool = False
    gives: str = ""
    """The qualification that attendance gives."""
    gives_months: int | None = None
    """It is valid so long; None: for ever."""
    rule: str = ""
    """RFC 5545 RRULE without its name (`FREQ=MONTHLY;BYDAY=2TU`), "" for no series."""
    first_start: datetime | None = None
    """The local time, without zone, that the rule counts from."""
    minutes: int = 120
    remind_evening: bool = True
    remind_minutes: int = 120
    alerts: bool = False
    """People whom it fits are asked, in waves, until it is full."""
    created_by: int | None = None
    created_at: datetime | None = None
    version: int = 1

    def words(self, what: Mapping[str, str], language: str) -> str:
        """`title`, `description` or `bring` in a language, in French where it is not translated."""
        return what.get(language) or what.get("fr") or next(iter(what.values()), "")

    @property
    def requirements(self) -> Requirements:
        return Requirements(self.minimum_age, self.training, self.skills, self.languages, self.charter)

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude, degrees."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def reminding(self) -> Reminding:
        return Reminding(self.remind_evening, self.remind_minutes)


_JSON = ("title", "description", "bring")
_SETS = ("skills", "languages")


def zone_of(now: datetime) -> ZoneInfo:
    """The city's time zone: every `now` comes in it."""
    if not isinstance(now.tzinfo, ZoneInfo):
        raise ValueError(f"the moment must come in the city's time zone: {now!r}")
    return now.tzinfo


def values_of(one: Activity) -> dict[str, Any]:
    values = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "id"}
    for name in _JSON:
        values[name] = json.dumps(dict(values[name]), ensure_ascii=False)
    for name in _SETS:
        values[name] = " ".join(sorted(values[name]))
    values["first_start"] = one.first_start.isoformat() if one.first_start else None
    return values


def activity_of(row: RowMapping) -> Activity:
    values = {each.name: row[each.name] for each in fields(Activity)}
    for name in _JSON:
        values[name] = json.loads(values[name])
    for name in _SETS:
        values[name] = frozenset(values[name].split())
    values["kind"] = Kind(values["kind"])
    values["first_start"] = datetime.fromisoformat(values["first_start"]) if values["first_start"] else None
    return Activity(**values)


def create(connection: Connection, new: Activity, actor: int | None, now: datetime) -> Activity:
    """Keeps a new activity, as a draft unless its status says otherwise (partners: `proposed`). Without sessions yet:
    `series.extend` makes those of its rule, `sessions.add` single ones."""
    made = replace(new, created_by=actor, created_at=now, version=1)
    number = connection.execute(insert(activity).values(**values_of(made)).returning(activity.c.id)).scalar_one()
    audit.note(connection, now, "created", "", made.status, activity_id=number, actor_id=actor)
    return replace(made, id=number)


def activity_by_id(connection: Connection, activity_id: int) -> Activity | None:
    row = connection.execute(select(activity).where(activity.c.id == activity_id)).one_or_none()
    return activity_of(row._mapping) if row else None


def activities(
    connection: Connection, statuses: Collection[str], kinds: Collection[str] = (), organiser: str = ""
) -> list[Activity]:
    """For staff: all of these states, newest first; those of one organiser for partners."""
    chosen = select(activity).where(activity.c.status.in_([*statuses])).order_by(activity.c.id.desc())
    if kinds:
        chosen = chosen.where(activity.c.kind.in_([*kinds]))
    if organiser:
        chosen = chosen.where(activity.c.organiser == organiser)
    return [activity_of(row._mapping) for row in connection.execute(chosen)]


def change(connection: Connection, old: Activity, actor: int | None, now: datetime, **values: Any) -> Activity:
    """Writes `values` (fields of Activity) over `old`, as it was shown to whoever changes it. Raises Outdated when somebody
    else changed it since. Sessions keep their own capacity and times: see `series.edit` and `sessions.change`."""
    changed = replace(old, **values, version=old.version + 1)
    written = connection.execute(
        update(activity).where(activity.c.id == old.id, activity.c.version == old.version).values(**values_of(changed))
    )
    if written.rowcount == 0:
        raise Outdated
    audit.note(connection, now, "changed", old.status, changed.status, activity_id=old.id, actor_id=actor)
    return changed


def publish(connection: Connection, old: Activity, actor: int | None, now: datetime) -> Activity:
    """From a draft or a proposal: people see it, reminders and alerts are set. Raises Outdated."""
    published = change(connection, old, actor, now, status="published")
    plan_anew(connection, old.id, now)
    if published.rule:
        schedule(connection, Schedule.SERIES, [old.id], now)
    return published


def plan_anew(connection: Connection, activity_id: int, now: datetime) -> None:
    """Reminders and alerts of all dates to come are set by what the activity says now."""
    planned = select(session.c.id).where(session.c.activity_id == activity_id, session.c.status == "planned")
    schedule(connection, Schedule.PLAN, connection.execute(planned).scalars().all(), now)


def qualifications_given(connection: Connection, name: str) -> list[Activity]:
    """Published trainings that give a qualification: what to offer somebody who lacks it."""
    chosen = select(activity).where(activity.c.gives == name, activity.c.status == "published").order_by(activity.c.id)
    return [activity_of(row._mapping) for row in connection.execute(chosen)]
