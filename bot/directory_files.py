"""The directory to and from files, for the command line."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from bot.config import Settings
from knowledge.directory import Rejected, bundled_services, read_services, to_geojson, write_services
from knowledge.service import Service
from storage import services
from storage.database import Database
from storage.migrate import migrate


def check(file: Path | None) -> tuple[int, list[str]]:
    """How many rows are good, and one line for each that is not. Raises OSError, UnreadableDirectoryError."""
    found = read_services(_text(file))
    return len(found.services), [_line(rejected) for rejected in found.rejected]


def _text(file: Path | None) -> bytes:
    if file is None:
        return files("knowledge.data").joinpath("services.csv").read_bytes()
    return file.read_bytes()


def _line(rejected: Rejected) -> str:
    return f"row {rejected.row_number} ({rejected.id or 'no id'}): {rejected.reason}"


async def import_file(settings: Settings, file: Path) -> tuple[services.ImportCounts, list[str]]:
    """Brings the good rows of `file` into the database; a line for each bad one. Raises OSError, UnreadableDirectoryError."""
    found = read_services(_text(file))
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        counts = await database.write(lambda c: services.import_services(c, found.services))
    finally:
        await database.close()
    return counts, [_line(rejected) for rejected in found.rejected]


async def export(settings: Settings, form: str) -> str:
    """The directory as csv or geojson, without confidential places."""
    database = Database.open(settings.storage.url)
    try:
        await migrate(database)
        found = await database.read(services.load_services)
    finally:
        await database.close()
    public: list[Service] = [service for service in found or bundled_services() if not service.confidential]
    if form == "csv":
        return write_services(public)
    return json.dumps(to_geojson(public), ensure_ascii=False, indent=1) + "\n"
