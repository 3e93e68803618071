"""Matrix: its rooms, what was said there lately, what could not be read yet."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "matrix_room",
        sa.Column("room_id", sa.String(255), primary_key=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("invited_by", sa.String(255), nullable=False),
        sa.Column("replaces", sa.String(255), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "matrix_said",
        sa.Column("id", key, primary_key=True),
        sa.Column("event_id", sa.String(255), nullable=False, unique=True),
        sa.Column("room_id", sa.String(255), nullable=False),
        sa.Column("thread", sa.String(255), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("said_at", time, nullable=False),
    )
    op.create_index("ix_matrix_said_said_at", "matrix_said", ["said_at"])
    op.create_index("matrix_said_room", "matrix_said", ["room_id", "id"])
    op.create_table(
        "matrix_unread",
        sa.Column("event_id", sa.String(255), primary_key=True),
        sa.Column("room_id", sa.String(255), nullable=False),
        sa.Column("session_id", sa.String(255), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_at", time, nullable=False),
    )
    op.create_index("ix_matrix_unread_session_id", "matrix_unread", ["session_id"])
