"""Accounts on several platforms that are one person."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("linked_to", key))
    op.add_column("person", sa.Column("chat", sa.String(255)))
    op.add_column("person", sa.Column("preferred", sa.String(16)))
    op.create_index("ix_person_linked_to", "person", ["linked_to"])
    op.create_table(
        "link_code",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("account_id", key, nullable=False),
        sa.Column("expires_at", time, nullable=False),
    )
    op.create_index("ix_link_code_account_id", "link_code", ["account_id"])
    op.create_table(
        "link_guess",
        sa.Column("account_id", key, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", time, nullable=False),
    )
