"""Activities from a spreadsheet, for the command line: each row is checked by the model of the form that staff fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from bot.config import Settings
from handlers.staff.activity_form import NewActivity, Where, activity_of
from storage import activities, series
from storage.activities import Activity
from storage.database import Database
from storage.migrate import migrate

COLUMNS = (
    "kind", "title", "title_en", "starts", "minutes", "repeat", "address", "postcode", "capacity", "minimum_age", "gives",
    "training", "charter", "alerts", "bring", "contact", "organiser",
)  # fmt: skip
NEEDED = frozenset({"kind", "title", "starts", "address", "capacity"})
WORDS = {
    "kind": {"formation": "training", "soirée café": "cafe", "café": "cafe", "débat": "debate", "collecte": "collection"},
    "repeat": {
        "une fois": "once", "": "once", "semaine": "week", "chaque semaine": "week", "quinzaine": "fortnight",
        "mois": "month", "chaque mois": "month",
    },
    "gives": {"": "no", "non": "no"},
    **{name: {"oui": "yes", "non": "no", "": "no"} for name in ("training", "charter", "alerts")},
    "minimum_age": {"": "18"},
    "minutes": {"": "120"},
}  # fmt: skip
"""What people write in cells, and what the model takes."""
_DAYS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%d/%m/%Y %H:%M:%S")


class UnreadableFileError(Exception):
    """Not a spreadsheet with the columns needed; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Read:
    good: list[tuple[int, Activity]]
    rejected: list[str]


@dataclass(frozen=True, slots=True)
class Imported:
    read: int
    added: int
    known: int
    rejected: list[str]


def rows(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Row number as a spreadsheet shows it, and the cells by column. Raises OSError, UnreadableFileError."""
    table = _xlsx(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _csv(file.read_bytes())
    header = [str(cell).strip().lower() for cell in next(table, [])]
    if missing := sorted(NEEDED - set(header)):
        raise UnreadableFileError(f"no column {', '.join(missing)}; the columns are {', '.join(COLUMNS)}")
    if unknown := sorted({name for name in header if name} - set(COLUMNS)):
        raise UnreadableFileError(f"unknown column {', '.join(unknown)}; the columns are {', '.join(COLUMNS)}")
    for number, cells in enumerate(table, 2):
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        if any(row.values()):
            yield number, row


def _csv(content: bytes) -> Iterator[list[str]]:
    """As spreadsheets write it: commas or semicolons, UTF-8 or Windows' letters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")


def _xlsx(file: Path) -> Iterator[list[str]]:
    from zipfile import BadZipFile  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415 - only for whoever imports one
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError) as error:
        raise UnreadableFileError(f"not a spreadsheet: {error}") from None
    for cells in book.worksheets[0].iter_rows(values_only=True):
        yield [_cell(cell) for cell in cells]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def read(file: Path, now: datetime) -> Read:
    """The good rows as drafts, and a line for each bad one. Raises OSError, UnreadableFileError."""
    found = Read([], [])
    for number, row in rows(file):
        try:
            found.good.append((number, _activity(row, now)))
        except ValidationError as error:
            problem = error.errors()[0]
            name = {"place": "address"}.get(str(problem["loc"][0]), str(problem["loc"][0]))
            found.rejected.append(f"row {number}: {name}: {problem['msg']}")
    return found


def _activity(row: Mapping[str, str], now: datetime) -> Activity:
    values: dict[str, Any] = {}
    for name in (*WORDS, "title", "starts", "capacity", "bring", "contact"):
        cell = row.get(name, "")
        values[name] = WORDS.get(name, {}).get(cell.casefold(), cell.casefold() if name in WORDS else cell)
    values["starts"] = _moment(values["starts"])
    values["place"] = {"words": row.get("address", ""), "postcode": row.get("postcode", "")}
    filled = NewActivity.model_validate(values, context={"now": now})
    made = activity_of(filled, "draft", row.get("organiser", ""))
    place = filled.place
    assert isinstance(place, Where)
    title = {**made.title, **({"en": row["title_en"]} if row.get("title_en") else {})}
    return replace(made, title=title, address=place.words, district=place.postcode)


def _moment(cell: str) -> str:
    for written in _DAYS:
        try:
            return datetime.strptime(cell, written).isoformat()  # noqa: DTZ007 - local, as the series counts
        except ValueError:
            continue
    return cell


async def import_file(settings: Settings, file: Path, now: datetime, *, dry_run: bool, publish: bool) -> Imported:
    """Brings the good rows into the database; those already there (same title and first date) are left alone."""
    found = read(file, now)
    database = Database.open(settings.storage.url)

    def work(connection: Connection) -> int:
        kept = activities.activities(connection, ("draft", "proposed", "published"))
        known = {(one.title.get("fr"), one.first_start) for one in kept}
        added = 0
        for _, new in found.good:
            if (new.title["fr"], new.first_start) in known:
                continue
            added += 1
            known.add((new.title["fr"], new.first_start))
            if not dry_run:
                _keep(connection, new, now, publish=publish)
        return added

    try:
        await migrate(database)
        added = await (database.read(work) if dry_run else database.write(work))
    finally:
        await database.close()
    return Imported(len(found.good) + len(found.rejected), added, len(found.good) - added, found.rejected)


def _keep(connection: Connection, new: Activity, now: datetime, *, publish: bool) -> None:
    made = activities.create(connection, new, None, now)
    series.extend(connection, made, None, now)
    if publish:
        activities.publish(connection, made, None, now)
