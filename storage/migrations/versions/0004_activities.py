"""Trainings and missions: activities, sessions, who comes, what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", key, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("service_id", sa.String(48)),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("district", sa.String(10), nullable=False),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("opens_minutes", sa.Integer()),
        sa.Column("closes_minutes", sa.Integer(), nullable=False),
        sa.Column("waiting_list", sa.Boolean(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("training", sa.String(40), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("charter", sa.Boolean(), nullable=False),
        sa.Column("gives", sa.String(40), nullable=False),
        sa.Column("gives_months", sa.Integer()),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_start", sa.String(19)),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("remind_evening", sa.Boolean(), nullable=False),
        sa.Column("remind_minutes", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("created_by", key),
        sa.Column("created_at", time, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("activity_status", "activity", ["status", "kind"])
    op.create_table(
        "session",
        sa.Column("id", key, primary_key=True),
        sa.Column("activity_id", key, nullable=False),
        sa.Column("occurrence", sa.String(19)),
        sa.Column("starts_at", time, nullable=False),
        sa.Column("ends_at", time, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("opens_at", time),
        sa.Column("closes_at", time),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("activity_id", "occurrence"),
    )
    op.create_index("session_code", "session", ["code"])
    op.create_index("session_starts", "session", ["starts_at"])
    op.create_table(
        "sign_up",
        sa.Column("id", key, primary_key=True),
        sa.Column("session_id", key, nullable=False),
        sa.Column("person_id", key, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("joined_at", time, nullable=False),
        sa.Column("offered_until", time),
        sa.Column("replaces", key),
        sa.Column("because", sa.String(16), nullable=False),
        sa.Column("answered_at", time),
        sa.Column("arrived_at", time),
        sa.Column("rating", sa.Integer()),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.create_index(
        "sign_up_live",
        "sign_up",
        ["session_id", "person_id"],
        sqlite_where=sa.text("state in ('waiting', 'offered', 'confirmed', 'looking_for_replacement')"),
        postgresql_where=sa.text("state in ('waiting', 'offered', 'confirmed', 'looking_for_replacement')"),
        unique=True,
    )
    op.create_index("sign_up_person", "sign_up", ["person_id", "state"])
    op.create_index("sign_up_session", "sign_up", ["session_id", "state"])
    op.create_table(
        "participation_audit",
        sa.Column("id", key, primary_key=True),
        sa.Column("at", time, nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("before", sa.String(24), nullable=False),
        sa.Column("after", sa.String(24), nullable=False),
        sa.Column("activity_id", key),
        sa.Column("session_id", key),
        sa.Column("sign_up_id", key),
        sa.Column("person_id", key),
        sa.Column("actor_id", key),
    )
    op.create_index("ix_participation_audit_actor_id", "participation_audit", ["actor_id"])
    op.create_index("ix_participation_audit_person_id", "participation_audit", ["person_id"])
    op.create_index("ix_participation_audit_session_id", "participation_audit", ["session_id"])
    op.create_table(
        "qualification",
        sa.Column("id", key, primary_key=True),
        sa.Column("person_id", key, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("session_id", key, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.UniqueConstraint("person_id", "name", "session_id"),
    )
    op.create_table(
        "volunteer",
        sa.Column("person_id", key, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("districts", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("can_lead", sa.Boolean(), nullable=False),
        sa.Column("of_age_on", sa.Date()),
        sa.Column("charter_on", sa.Date()),
        sa.Column("missions", sa.Boolean(), nullable=False),
        sa.Column("near_only", sa.Boolean(), nullable=False),
        sa.Column("weekends_only", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date()),
        sa.Column("last_asked_at", time),
        sa.Column("calendar_hash", sa.String(64), unique=True),
    )
    op.create_table(
        "mission_asked",
        sa.Column("session_id", key, primary_key=True, autoincrement=False),
        sa.Column("person_id", key, primary_key=True, autoincrement=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("asked_at", time, nullable=False),
        sa.Column("answer", sa.String(8), nullable=False),
        sa.Column("answered_at", time),
    )
    op.create_index("mission_asked_person", "mission_asked", ["person_id"])
    op.create_table(
        "due",
        sa.Column("id", key, primary_key=True),
        sa.Column("schedule", sa.String(12), nullable=False),
        sa.Column("subject", key, nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("claimed_at", time),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", time, nullable=False),
        sa.UniqueConstraint("schedule", "subject", "due_at"),
    )
    op.create_index(
        "due_waiting",
        "due",
        ["not_before", "id"],
        sqlite_where=sa.text("claimed_at is null"),
        postgresql_where=sa.text("claimed_at is null"),
    )
    op.create_table(
        "role",
        sa.Column("platform", sa.String(16), primary_key=True),
        sa.Column("user_id", sa.String(255), primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("added_at", time, nullable=False),
    )
    op.create_table(
        "form",
        sa.Column("key", sa.String(600), primary_key=True),
        sa.Column("person_id", key, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("updated_at", time, nullable=False),
    )
    op.create_index("ix_form_person_id", "form", ["person_id"])
