"""Announcements: what is said to many, who gets it, what they answered, who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
time = sa.DateTime(timezone=True)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", key, primary_key=True),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("author_id", key),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", key),
        sa.Column("send_at", time),
        sa.Column("expires_at", time),
        sa.Column("lifetime_minutes", sa.Integer()),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_start", sa.String(19)),
        sa.Column("series_id", key),
        sa.Column("occurrence", sa.String(19)),
        sa.Column("frozen_to", key, nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.Text()),
        sa.Column("created_at", time, nullable=False),
        sa.Column("started_at", time),
        sa.Column("ended_at", time),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("series_id", "occurrence"),
    )
    op.create_index("ix_announcement_author_id", "announcement", ["author_id"])
    _partial("announcement_running", "announcement", ["id"], "status = 'sending'")
    op.create_index("announcement_created", "announcement", ["created_at"])
    op.create_table(
        "recipient",
        sa.Column("id", key, primary_key=True),
        sa.Column("announcement_id", key, nullable=False),
        sa.Column("person_id", key),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("message_id", sa.String(255)),
        sa.Column("ended_at", time),
        sa.Column("choice", sa.Integer()),
        sa.Column("answered_at", time),
        sa.UniqueConstraint("announcement_id", "person_id"),
    )
    op.create_index("ix_recipient_person_id", "recipient", ["person_id"])
    _partial("recipient_group", "recipient", ["announcement_id", "destination"], "destination <> ''", unique=True)
    op.create_index("recipient_state", "recipient", ["announcement_id", "state", "id"])
    op.create_table(
        "attachment",
        sa.Column("id", key, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("telegram_file", sa.String(255)),
        sa.Column("matrix_file", sa.Text()),
        sa.Column("created_by", key),
        sa.Column("used_at", time, nullable=False),
    )
    op.create_index("ix_attachment_used_at", "attachment", ["used_at"])
    op.create_table(
        "saved_audience",
        sa.Column("id", key, primary_key=True),
        sa.Column("team", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("created_by", key),
        sa.Column("created_at", time, nullable=False),
        sa.UniqueConstraint("team", "name"),
    )
    op.create_table(
        "opt_out",
        sa.Column("person_id", key, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("since", time, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("invited_by", key),
        sa.Column("expires_at", time, nullable=False),
    )
    op.create_index("ix_invitation_invited_by", "invitation", ["invited_by"])
    op.create_table(
        "relayed",
        sa.Column("id", key, primary_key=True),
        sa.Column("announcement_id", key),
        sa.Column("person_id", key, nullable=False),
        sa.Column("lane", sa.String(300), nullable=False),
        sa.Column("outbox_id", key, nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("forget_at", time, nullable=False),
    )
    op.create_index("ix_relayed_person_id", "relayed", ["person_id"])
    op.create_index("ix_relayed_outbox_id", "relayed", ["outbox_id"])
    op.create_index("ix_relayed_forget_at", "relayed", ["forget_at"])
    op.add_column("outbox", sa.Column("recipient", key))
    op.add_column("participation_audit", sa.Column("announcement_id", key))
    op.add_column("participation_audit", sa.Column("words", sa.Text()))
