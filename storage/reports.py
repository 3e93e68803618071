"""What people say is wrong in the directory, kept for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.schema import report


@dataclass(frozen=True, slots=True)
class Report:
    id: int
    service_id: str | None
    words: str
    created_at: datetime


def add_report(connection: Connection, service_id: str | None, person_id: int, words: str, now: datetime) -> None:
    connection.execute(
        insert(report).values(service_id=service_id, person_id=person_id, words=words, status="open", created_at=now)
    )


def reports_of(connection: Connection, person_id: int) -> list[Report]:
    rows = connection.execute(
        select(report.c.id, report.c.service_id, report.c.words, report.c.created_at)
        .where(report.c.person_id == person_id)
        .order_by(report.c.id)
    )
    return [Report(*row) for row in rows]


def open_reports(connection: Connection) -> int:
    return connection.execute(select(func.count()).where(report.c.status == "open")).scalar_one()


def part_from_person(connection: Connection, person_id: int) -> None:
    """The reports stay, whose they were does not."""
    connection.execute(update(report).where(report.c.person_id == person_id).values(person_id=None))
