"""Whom an announcement is for, as a tree that staff build by buttons and that is kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

MAX_DEPTH = 8
MAX_NODES = 50


class BadAudience(ValueError):
    """Not an audience; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Everybody:
    what: Literal["everybody"] = "everybody"


@dataclass(frozen=True, slots=True)
class HasRole:
    """visitor: neither of the others. volunteer: has a profile, or signed up for something."""

    role: Literal["visitor", "volunteer", "partner", "staff", "admin"]
    what: Literal["role"] = "role"


@dataclass(frozen=True, slots=True)
class Qualified:
    name: str
    """A qualification's id, "" for any."""
    valid: bool = True
    """False: they held it and it has run out."""
    what: Literal["qualified"] = "qualified"


@dataclass(frozen=True, slots=True)
class Skilled:
    skill: str
    what: Literal["skilled"] = "skilled"


@dataclass(frozen=True, slots=True)
class Speaks:
    language: str
    """ISO 639 code."""
    offers: bool = False
    """False: the language they are written to in. True: one that they said they speak."""
    what: Literal["speaks"] = "speaks"


@dataclass(frozen=True, slots=True)
class InDistrict:
    """Volunteers who said that they help there."""

    districts: tuple[str, ...]
    """Postcodes."""
    what: Literal["district"] = "district"


@dataclass(frozen=True, slots=True)
class Near:
    """Volunteers who help in a district whose middle is so near: no position of anybody is kept."""

    latitude: float
    longitude: float
    metres: float
    place: str
    """Its name, for staff."""
    what: Literal["near"] = "near"


@dataclass(frozen=True, slots=True)
class OnPlatform:
    platform: str
    what: Literal["platform"] = "platform"


@dataclass(frozen=True, slots=True)
class SignedUp:
    """For a session, or for any session of an activity; exactly one of the two is given."""

    state: Literal["coming", "waiting", "attended"]
    activity_id: int | None = None
    session_id: int | None = None
    what: Literal["signed_up"] = "signed_up"


@dataclass(frozen=True, slots=True)
class OfAssociation:
    """Whoever is, or was, on a list of an activity of this organiser: all that a partner may write to."""

    organiser: str
    what: Literal["association"] = "association"


@dataclass(frozen=True, slots=True)
class Seen:
    """Wrote to the bot since a day, or has not (`silent`); exactly one of `since` and `days` is given."""

    since: date | None = None
    days: int | None = None
    """So many days before the announcement goes out."""
    silent: bool = False
    what: Literal["seen"] = "seen"


@dataclass(frozen=True, slots=True)
class AllOf:
    of: tuple[Node, ...]
    what: Literal["and"] = "and"


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple[Node, ...]
    what: Literal["or"] = "or"


@dataclass(frozen=True, slots=True)
class Not:
    of: Node
    what: Literal["not"] = "not"


Leaf = (
    Everybody
    | HasRole
    | Qualified
    | Skilled
    | Speaks
    | InDistrict
    | Near
    | OnPlatform
    | SignedUp
    | OfAssociation
    | Seen
)
Node = Annotated[
    Everybody | HasRole | Qualified | Skilled | Speaks | InDistrict | Near | OnPlatform | SignedUp | OfAssociation | Seen
    | AllOf | AnyOf | Not,
    Field(discriminator="what"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audience:
    people: Node | None
    """None: only groups."""
    groups: tuple[str, ...] = ()
    """Names of groups, channels, topics and rooms in the settings."""


AUDIENCE: TypeAdapter[Audience] = TypeAdapter(Audience)


def dump(audience: Audience) -> str:
    return AUDIENCE.dump_json(audience).decode()


def load(text: str) -> Audience:
    """Raises BadAudience."""
    try:
        audience = AUDIENCE.validate_json(text)
    except ValidationError as error:
        raise BadAudience(str(error)) from None
    check(audience)
    return audience


def check(audience: Audience) -> None:
    """Raises BadAudience for one that means nothing, or is too large to be asked of a database."""
    if audience.people is None:
        if not audience.groups:
            raise BadAudience("nobody is meant")
        return
    if _check(audience.people, 1) > MAX_NODES:
        raise BadAudience(f"more than {MAX_NODES} conditions")


def _check(node: Node, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise BadAudience(f"nested more than {MAX_DEPTH} times")
    match node:
        case AllOf(of=parts) | AnyOf(of=parts):
            if not parts:
                raise BadAudience(f"{node.what} without conditions")
            return 1 + sum(_check(part, depth + 1) for part in parts)
        case Not(of=part):
            return 1 + _check(part, depth + 1)
        case SignedUp(activity_id=activity, session_id=session) if (activity is None) == (session is None):
            raise BadAudience("signed_up: either an activity or a session")
        case Seen(since=since, days=days) if (since is None) == (days is None):
            raise BadAudience("seen: either a day or a number of days")
        case InDistrict(districts=()):
            raise BadAudience("district: none given")
    return 1
