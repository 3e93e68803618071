"""One row of a directory file, checked cell by cell before it becomes a `Service`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from knowledge.categories import categories, leaves
from knowledge.frame import NEEDS
from knowledge.hours import check
from knowledge.service import PositionQuality, Service

MAX_ID_BYTES = 48
"""Leaves room for the rest of a button's 64 bytes. Source: Telegram Bot API, InlineKeyboardButton.callback_data."""

CONDITIONS = "conditions_"
"""Starts the name of a column of conditions; the language code follows."""

_ID = re.compile(r"[A-Za-z0-9_-]+")  # Source: Telegram, deep links: characters of a start parameter
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PARTIAL_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # PostgreSQL takes no NUL, nobody needs the others
_SPREADSHEET_BOOLEANS = {"oui": "yes", "vrai": "yes", "non": "no", "faux": "no"}


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("directory", "{message}", {"message": message})


def _id(value: str) -> str:
    if len(value.encode()) > MAX_ID_BYTES:
        raise _wrong(f"longer than {MAX_ID_BYTES} bytes")
    if not _ID.fullmatch(value):
        raise _wrong(f"only letters without accents, digits, - and _ may be used: {value!r}")
    return value


def _category(value: str) -> str:
    known = categories().get(value)
    if known is None:
        raise _wrong(f"unknown category {value!r}")
    if not known.parent:
        raise _wrong(f"{value!r} is a group, take one of: {', '.join(leaves(value))}")
    return value


def _hours(value: str) -> str:
    if reason := check(value):
        raise _wrong(reason)
    return value


def _decimal_point(value: object) -> object:
    return value.replace(",", ".") if isinstance(value, str) else value


def _day(value: object) -> object:
    """ISO days only: pydantic itself would take "1700000000" for a moment in 2023."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise _wrong(f"not a date like 2026-12-31: {value!r}")
    return value


def _partial_day(value: str) -> str:
    if not value:
        return value
    try:
        if _PARTIAL_DAY.fullmatch(value):
            date.fromisoformat(value + "-01-01"[len(value) - 4 :])
            return value
    except ValueError:
        pass
    raise _wrong(f"not a date like 2026-12-31, 2026-12 or 2026: {value!r}")


def _boolean(value: object) -> object:
    return _SPREADSHEET_BOOLEANS.get(value.lower(), value.lower()) if isinstance(value, str) else value


def _needs(value: object) -> frozenset[str]:
    found = frozenset(str(value).replace(",", " ").split())
    if unknown := sorted(found - set(NEEDS)):
        raise _wrong(f"unknown need {unknown[0]!r}")
    return found


Day = Annotated[date, BeforeValidator(_day)]
Needs = Annotated[frozenset[str], BeforeValidator(_needs)]
Text = Annotated[str, Field(min_length=1)]


class DirectoryRow(BaseModel):
    """The cells that are not empty, under the names of `Service`. What it refuses, it refuses naming the column."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # built by the first file, not at start

    id: Annotated[str, AfterValidator(_id)]
    name: Text
    category: Annotated[str, AfterValidator(_category)]
    address: str = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    latitude: Annotated[float, BeforeValidator(_decimal_point), Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, BeforeValidator(_decimal_point), Field(ge=-180, le=180)] | None = None
    position_quality: PositionQuality = "exact"
    opening_hours: Annotated[str, AfterValidator(_hours)] = ""
    last_entry_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    phone: str = ""
    conditions: dict[str, str] = Field(default_factory=dict)
    only: Needs = frozenset()
    admits: Needs = frozenset()
    refuses: Needs = frozenset()
    confidential: Annotated[bool, BeforeValidator(_boolean)] = False
    closed_from: Day | None = None
    closed_until: Day | None = None
    closure_reason: str = ""
    source: Text
    licence: Text
    verified_on: Annotated[str, AfterValidator(_partial_day)] = ""
    confidence: Literal["A", "B", "C", "D"]
    notes: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _printable(cls, value: object) -> object:
        if isinstance(value, str) and _CONTROL.search(value):
            raise _wrong("has a control character in it")
        return value

    @model_validator(mode="after")
    def _cells_agree(self) -> DirectoryRow:
        if self.latitude is None and self.longitude is not None:
            raise _wrong("latitude: empty although there is a longitude")
        if self.longitude is None and self.latitude is not None:
            raise _wrong("longitude: empty although there is a latitude")
        if both := sorted(self.admits & self.refuses):
            raise _wrong(f"refuses: {both[0]!r} is in admits too")
        if self.closed_from and self.closed_until and self.closed_until < self.closed_from:
            raise _wrong("closed_until: before closed_from")
        if self.conditions and "fr" not in self.conditions:
            raise _wrong("conditions_fr: empty although there are conditions in another language")
        return self

    def service(self) -> Service:
        values = {name: getattr(self, name) for name in type(self).model_fields}
        if self.latitude is None:
            values["position_quality"] = "unknown"
        return Service(**values)


def check_row(cells: Mapping[str, str]) -> Service:
    """The service that `cells` (column -> words) describe. Raises ValueError with one sentence for staff."""
    filled: dict[str, Any] = {column: cell.strip() for column, cell in cells.items() if cell.strip()}
    languages = [column for column in filled if column.startswith(CONDITIONS)]
    conditions = {column.removeprefix(CONDITIONS): filled.pop(column) for column in languages}
    try:
        return DirectoryRow(**filled, conditions=conditions).service()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        column = str(first["loc"][0]) if first["loc"] else ""
        message = "empty" if first["type"] == "missing" else first["msg"]
        raise ValueError(f"{column}: {message}" if column else message) from None
