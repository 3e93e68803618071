"""Activities from a spreadsheet, for the command line: each row is checked by the model of the form that staff fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import Connection

from bot.activity_places import Places
from bot.config import Settings
from bot.forms import NotUnderstood
from bot.spreadsheets import UnreadableFileError, rows
from bot.texts import LANGUAGES
from handlers.activity_labels import SKILLS
from handlers.staff import reading
from handlers.staff.activity_model import AT_ONCE, NewActivity, Where, activity_of
from knowledge.directory import bundled_services
from knowledge.gazetteer import Gazetteer
from knowledge.geocoding import Geocoder
from storage import activities, series, services
from storage.activities import Activity
from storage.database import Database
from storage.migrate import migrate

OTHERS = [code for code in LANGUAGES if code != "fr"]
TRANSLATED = {"title": "titles", "description": "descriptions", "bring": "brings"}
COLUMNS = (
    "kind", "title", "starts", "minutes", "repeat", "address", "postcode", "capacity", "minimum", "opens", "closes",
    "minimum_age", "skills", "languages", "gives", "training", "charter", "alerts", "description", "bring", "contact",
    "organiser", *(f"{name}_{code}" for name in TRANSLATED for code in OTHERS),
)  # fmt: skip
NEEDED = frozenset({"kind", "title", "starts", "address", "capacity"})
WORDS = {
    "kind": {
        "formation": "training", "soirée café": "cafe", "café": "cafe", "débat": "debate", "collecte": "collection",
    },
    "repeat": {
        "une fois": "once", "": "once", "semaine": "week", "chaque semaine": "week", "quinzaine": "fortnight",
        "mois": "month", "chaque mois": "month",
    },
    "gives": {"": "no", "non": "no"},
    **{name: {"oui": "yes", "non": "no", "": "no"} for name in ("training", "charter", "alerts")},
    "minimum_age": {"": "18"},
    "minimum": {"": "0"},
}  # fmt: skip
"""What people write in cells, and what the model takes."""
NUMBERS = {
    "capacity": "a number from 1 to 500", "minimum": "a number from 0 to 500", "minutes": "from 15 minutes to a day",
}  # fmt: skip
SHAPES = {
    "kind": "take formation, mission, café, débat, culture, collecte", "title": "3 to 100 signs",
    "starts": "a day and an hour, like 31/12/2026 18:30", "repeat": "take semaine, quinzaine, mois, or leave it empty",
    "address": "3 to 200 signs", "minimum_age": "0, 16 or 18", "gives": "months: 12, 24, or 0 for ever; or non",
    **dict.fromkeys(("training", "charter", "alerts"), "oui or non"),
}  # fmt: skip
"""What a cell takes whose words are no number."""
SAID_WELL = ("past", "far", "too_few_places", "no_window")
NO_NUMBER = ("int_parsing", "greater_than_equal", "less_than_equal")
"""Types of errors of pydantic."""
_DAYS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%d/%m/%Y %H:%M:%S")


class BadCellError(ValueError):
    """The message names the column and says what it takes."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    activity: Activity
    """Without its place."""
    place: Where


@dataclass(frozen=True, slots=True)
class Read:
    good: list[Row]
    rejected: list[str]


@dataclass(frozen=True, slots=True)
class Imported:
    read: int
    added: int
    known: int
    rejected: list[str]
    unplaced: list[str]
    """Rows whose address is not found on the map: nobody finds them "near me"."""


def read(file: Path, now: datetime, zone: ZoneInfo) -> Read:
    """The good rows as drafts, and a line for each bad one. Raises OSError, UnreadableFileError."""
    found = Read([], [])
    for number, row in rows(file, COLUMNS, NEEDED):
        try:
            found.good.append(_row(number, row, now, zone))
        except BadCellError as error:
            found.rejected.append(f"row {number}: {error}")
        except ValidationError as error:
            problem = error.errors()[0]
            place = [str(part) for part in problem["loc"]]
            column = f"{place[0].removesuffix('s')}_{place[1]}" if place[0] in TRANSLATED.values() else place[0]
            column = {"place": "address"}.get(column, column)
            said = (NUMBERS if problem["type"] in NO_NUMBER else SHAPES).get(column, problem["msg"])
            said = problem["msg"] if problem["type"] in SAID_WELL else said
            found.rejected.append(f"row {number}: {column}: {said}")
    return found


def _row(number: int, row: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Row:
    values: dict[str, Any] = {}
    for name in (*WORDS, "title", "starts", "capacity", "description", "bring", "contact"):
        cell = row.get(name, "")
        values[name] = WORDS.get(name, {}).get(cell.casefold(), cell.casefold() if name in WORDS else cell)
    values["starts"] = _moment(values["starts"])
    values["place"] = {"words": row.get("address", ""), "postcode": row.get("postcode", "")}
    values["minutes"] = _cell(row, "minutes", reading.minutes, "write it like 2h30, 90 min", 120)
    before = "write it like 14 days, 48 h, 90 min"
    values["opens"] = _cell(row, "opens", reading.lead, before, AT_ONCE)
    values["closes"] = _cell(row, "closes", reading.lead, before, 0)
    skills = f"take {', '.join(SKILLS)}, with commas between"
    values["skills"] = _cell(row, "skills", lambda cell: reading.skills(zone, cell), skills, frozenset())
    languages = f"take {', '.join(LANGUAGES)}, with commas between"
    values["languages"] = _cell(row, "languages", reading.languages, languages, frozenset())
    for name, field in TRANSLATED.items():
        values[field] = {code: words for code in OTHERS if (words := row.get(f"{name}_{code}"))}
    filled = NewActivity.model_validate(values, context={"now": now})
    assert isinstance(filled.place, Where)
    return Row(number, activity_of(filled, "draft", row.get("organiser", "")), filled.place)


def _cell(row: Mapping[str, str], name: str, take: Callable[[str], object], hint: str, empty: object) -> object:
    cell = row.get(name, "")
    try:
        return take(cell) if cell else empty
    except NotUnderstood:
        raise BadCellError(f"{name}: {hint}") from None


def _moment(cell: str) -> str:
    for written in _DAYS:
        try:
            return datetime.strptime(cell, written).isoformat()  # noqa: DTZ007 - local, as the series counts
        except ValueError:
            continue
    return cell


async def import_file(settings: Settings, file: Path, now: datetime, *, dry_run: bool, publish: bool) -> Imported:
    """Brings the good rows into the database; those already there (same title and first date) are left alone."""
    found = read(file, now, settings.bot.zone)
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        located, unplaced = await _located(settings, database, found.good)

        def work(connection: Connection) -> int:
            return _keep_all(connection, located, now, dry_run=dry_run, publish=publish)

        added = await (database.read(work) if dry_run else database.write(work))
    finally:
        await database.close()
    return Imported(len(located) + len(found.rejected), added, len(located) - added, found.rejected, unplaced)


async def _located(settings: Settings, database: Database, good: list[Row]) -> tuple[list[Activity], list[str]]:
    geocoder = Geocoder(settings.geocoding.url, settings.geocoding.nominatim_url)
    directory = await database.read(services.load_services) or bundled_services()
    places = Places(directory, Gazetteer.load(), geocoder)
    located, unplaced = [], []
    try:
        for row in good:
            place = await places.locate(row.place)
            if place.latitude is None:
                unplaced.append(f"row {row.number}: address: not found on the map, so not found “near me” either")
            located.append(
                replace(
                    row.activity, address=place.words, district=place.postcode, latitude=place.latitude,
                    longitude=place.longitude, service_id=place.service,
                )
            )  # fmt: skip
    finally:
        await geocoder.close()
    return located, unplaced


def _keep_all(connection: Connection, new: list[Activity], now: datetime, *, dry_run: bool, publish: bool) -> int:
    """How many were not there yet."""
    kept = activities.activities(connection, ("draft", "proposed", "published"))
    known = {(one.title.get("fr"), one.first_start) for one in kept}
    added = 0
    for one in new:
        if (one.title["fr"], one.first_start) in known:
            continue
        added += 1
        known.add((one.title["fr"], one.first_start))
        if not dry_run:
            made = activities.create(connection, one, None, now)
            series.extend(connection, made, None, now)
            if publish:
                activities.publish(connection, made, None, now)
    return added


__all__ = ["Imported", "UnreadableFileError", "import_file", "read"]
