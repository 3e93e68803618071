"""Rows of a spreadsheet, as people save them: CSV of any program, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path


class UnreadableFileError(Exception):
    """Not a spreadsheet with the columns needed; the message says what is wrong."""


def rows(file: Path, known: Collection[str], needed: Collection[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Row number as a spreadsheet shows it, and the cells by column. Raises OSError, UnreadableFileError."""
    table = _xlsx(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _csv(file.read_bytes())
    header = [str(cell).strip().lower() for cell in next(table, [])]
    if missing := sorted(set(needed) - set(header)):
        raise UnreadableFileError(f"no column {', '.join(missing)}; the columns are {', '.join(known)}")
    if unknown := sorted({name for name in header if name} - set(known)):
        raise UnreadableFileError(f"unknown column {', '.join(unknown)}; the columns are {', '.join(known)}")
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
