"""The first tables: people and talks, what comes in and goes out, the directory, counts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", key, primary_key=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("user_id", sa.String(255), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("platform", "user_id"),
    )
    op.create_table(
        "conversation",
        sa.Column("key", sa.String(600), primary_key=True),
        sa.Column("person_id", key, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("forget_at", time, nullable=False),
    )
    op.create_index("ix_conversation_person_id", "conversation", ["person_id"])
    op.create_index("ix_conversation_forget_at", "conversation", ["forget_at"])
    op.create_table(
        "inbox",
        sa.Column("id", key, primary_key=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("update_id", sa.String(255), nullable=False),
        sa.Column("lane", sa.String(300), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", time, nullable=False),
        sa.Column("received_at", time, nullable=False),
        sa.UniqueConstraint("platform", "update_id"),
    )
    _partial_index("inbox_new", "inbox", ["id"], "status = 'new'")
    _partial_index("inbox_lane", "inbox", ["lane", "id"], "status = 'new'")
    op.create_index("inbox_received", "inbox", ["received_at"])
    op.create_table(
        "outbox",
        sa.Column("id", key, primary_key=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("lane", sa.String(300), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("parts_sent", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", time, nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("expires_at", time),
        sa.Column("message_id", sa.String(255)),
    )
    _partial_index("outbox_waiting", "outbox", ["platform", "priority", "id"], "status in ('queued', 'sending')")
    _partial_index("outbox_lane", "outbox", ["lane", "priority", "id"], "status in ('queued', 'sending')")
    op.create_index("outbox_created", "outbox", ["created_at"])
    op.create_table(
        "stopped_lane",
        sa.Column("lane", sa.String(300), primary_key=True),
        sa.Column("reason", sa.String(255), nullable=False),
        sa.Column("since", time, nullable=False),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("position_quality", sa.String(12), nullable=False),
        sa.Column("opening_hours", sa.Text(), nullable=False),
        sa.Column("last_entry_minutes", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("only_for", sa.Text(), nullable=False),
        sa.Column("admits", sa.Text(), nullable=False),
        sa.Column("refuses", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("closed_from", sa.Date()),
        sa.Column("closed_until", sa.Date()),
        sa.Column("closure_reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.String(10), nullable=False),
        sa.Column("confidence", sa.String(1), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "report",
        sa.Column("id", key, primary_key=True),
        sa.Column("service_id", sa.String(48)),
        sa.Column("person_id", key),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("created_at", time, nullable=False),
    )
    op.create_index("ix_report_service_id", "report", ["service_id"])
    op.create_index("ix_report_person_id", "report", ["person_id"])
    op.create_table(
        "statistic",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("category", sa.String(40), primary_key=True),
        sa.Column("district", sa.String(10), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _partial_index(name: str, table: str, columns: list[str], rows: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
