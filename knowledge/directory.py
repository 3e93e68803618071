"""The directory as a file that staff can read and correct, and as GeoJSON for other people's maps."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from knowledge.directory_row import CONDITIONS, check_row
from knowledge.service import Service

_FIRST_ROW = 2
"""Rows are numbered as a spreadsheet shows them, under the line of column names."""

_REQUIRED = ("id", "name", "category", "source", "licence", "confidence")
_PLAIN = tuple(field.name for field in fields(Service) if field.name != "conditions")
_LANGUAGE_COLUMN = re.compile(CONDITIONS + "[a-z]{2,3}")
_UNPUBLISHED = ("id", "latitude", "longitude", "notes")  # GeoJSON has its own members for the first three


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out. `id` is "" where it could not be read."""

    row_number: int
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadResult:
    services: tuple[Service, ...]
    rejected: tuple[Rejected, ...] = ()


class UnreadableDirectoryError(ValueError):
    """Not a directory file at all: the message says what to mend."""


def read_services(source: str | bytes | Path) -> ReadResult:
    """The services of a CSV file, given as its text, its bytes or its path.

    Comma or semicolon, with or without a BOM, in any order of columns. A bad row is rejected with its reason and never
    stops the others. Raises UnreadableDirectoryError, or OSError for a path that cannot be read.
    """
    text = _decoded(source.read_bytes()) if isinstance(source, Path) else source
    text = _decoded(text) if isinstance(text, bytes) else text.removeprefix("\ufeff")
    header_line = text.partition("\n")[0]
    delimiter = ";" if header_line.count(";") > header_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = _columns(reader)
    services: dict[str, Service] = {}
    rejected: list[Rejected] = []
    for row_number, row in _numbered(reader):
        if isinstance(row, csv.Error):
            rejected.append(Rejected(row_number, "", f"quotes do not close: {row}"))
            continue
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(columns, row, strict=False))
        try:
            if len(row) > len(columns):
                raise ValueError(f"{len(row)} cells for {len(columns)} columns: words with a {delimiter!r} need quotes")
            service = check_row(cells)
            if service.id in services:
                raise ValueError("id: another row has it already")
            services[service.id] = service
        except ValueError as error:
            rejected.append(Rejected(row_number, cells.get("id", "").strip(), str(error)))
    return ReadResult(tuple(services.values()), tuple(rejected))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableDirectoryError('not UTF-8: in the spreadsheet, save it as "CSV UTF-8"') from None


def _columns(reader: Iterator[list[str]]) -> list[str]:
    try:
        columns = [name.strip() for name in next(reader)]
    except (StopIteration, csv.Error):
        raise UnreadableDirectoryError("no line of column names at the top") from None
    if missing := [name for name in _REQUIRED if name not in columns]:
        raise UnreadableDirectoryError(f"no column {missing[0]!r}: the first line names the columns")
    for position, name in enumerate(columns):
        if name not in _PLAIN and not _LANGUAGE_COLUMN.fullmatch(name):
            raise UnreadableDirectoryError(f"unknown column {name!r}")
        if name in columns[:position]:
            raise UnreadableDirectoryError(f"column {name!r} comes twice")
    return columns


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Rows with their number; the reader goes on after a row whose quotes are wrong."""
    row_number = _FIRST_ROW
    while True:
        try:
            yield row_number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield row_number, error
        row_number += 1


def bundled_services() -> tuple[Service, ...]:
    """The directory that comes with the program, data/services.csv."""
    return read_services(files("knowledge.data").joinpath("services.csv").read_bytes()).services


def write_services(services: Sequence[Service]) -> str:
    """The CSV that `read_services` reads back: everything, staff's notes and confidential addresses included."""
    spoken = {language for service in services for language in service.conditions}
    languages = ["fr", "en", *sorted(spoken - {"fr", "en"})]
    columns: list[str] = []
    for field in fields(Service):
        columns += [CONDITIONS + code for code in languages] if field.name == "conditions" else [field.name]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for service in services:
        conditions = {CONDITIONS + code: words for code, words in service.conditions.items()}
        writer.writerow(
            [conditions.get(name, "") if name not in _PLAIN else _cell(getattr(service, name)) for name in columns]
        )
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    return "" if value is None or (value == 0 and isinstance(value, int)) else str(value)


def to_geojson(services: Iterable[Service]) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) to publish: no notes of staff, and nothing on where a confidential service is."""
    return {"type": "FeatureCollection", "features": [_feature(service) for service in services]}


def _feature(service: Service) -> dict[str, Any]:
    properties = {name: _plain_json(getattr(service, name)) for name in _PLAIN if name not in _UNPUBLISHED}
    properties["conditions"] = dict(service.conditions)
    geometry = None
    if service.confidential:
        properties["address"] = properties["postcode"] = ""
    elif service.latitude is not None and service.longitude is not None:
        geometry = {"type": "Point", "coordinates": [service.longitude, service.latitude]}
    return {"type": "Feature", "id": service.id, "geometry": geometry, "properties": properties}


def _plain_json(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def district_centres() -> dict[str, tuple[float, float]]:
    """Postcode of each arrondissement -> its centre (latitude, longitude), from data/places.csv."""
    text = files("knowledge.data").joinpath("places.csv").read_text(encoding="utf-8")
    return {
        row["postcode"]: (float(row["latitude"]), float(row["longitude"]))
        for row in csv.DictReader(text.splitlines())
        if row["kind"] == "arrondissement"
    }
