"""The tables of speaking to many: announcements, who gets them, what they said, who wants none."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from storage.columns import Key, UtcDateTime, metadata, partial

# One row a sending. A recurring announcement is a row with a rule, and one more row for each time it went out.
announcement = Table(
    "announcement",
    metadata,
    Column("id", Key, primary_key=True),
    Column("status", String(9), nullable=False),  # draft, scheduled, sending, paused, done, cancelled
    Column("kind", String(12), nullable=False),  # what one can opt out of: announcement, mission, alert, digest
    Column("author_id", Key, index=True),  # NULL: the bot, or somebody who asked to be forgotten
    Column("team", Text, nullable=False),  # the association of a partner, "" for the Factory
    Column("label", Text, nullable=False),  # what staff call it
    Column("audience", Text, nullable=False),  # JSON: knowledge.announcements.audience.Audience
    Column("content", Text, nullable=False),  # JSON: knowledge.announcements.content.Content
    Column("urgent", Boolean, nullable=False),  # also in quiet hours
    Column("confirmed_by", Key),  # who confirmed, by name, that it is urgent
    Column("send_at", UtcDateTime),  # the moment chosen; NULL: at once
    Column("expires_at", UtcDateTime),  # what has not left by then is dropped
    Column("lifetime_minutes", Integer),  # of each time a recurring one goes out, counted from its moment
    Column("rule", Text, nullable=False),  # RFC 5545 RRULE, "" for once
    Column("first_start", String(19)),  # the local time, without zone, that the rule counts from
    Column("series_id", Key),  # one time of this recurring announcement
    Column("occurrence", String(19)),  # which: the local time by the rule
    Column("frozen_to", Key, nullable=False),  # everybody up to this number has their row
    Column("frozen", Boolean, nullable=False),  # everybody has
    Column("progress", Text),  # JSON: where the author is shown how it goes
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),  # two staff on one draft: the second is told
    UniqueConstraint("series_id", "occurrence"),
    partial("announcement_running", "id", where="status = 'sending'"),
    Index("announcement_created", "created_at"),
)

# Who an announcement is for: a person once, or a group, channel or room of the settings.
recipient = Table(
    "recipient",
    metadata,
    Column("id", Key, primary_key=True),
    Column("announcement_id", Key, nullable=False),
    Column("person_id", Key, index=True),  # NULL: a group, or somebody who asked to be forgotten
    Column("destination", String(64), nullable=False),  # the group's name in the settings, "" for a person
    Column("state", String(9), nullable=False),
    # queued -> out -> delivered | blocked | gone | failed | uncertain | expired; queued -> cancelled; excluded
    Column("reason", String(64), nullable=False),  # why excluded or failed
    Column("language", String(8), nullable=False),  # theirs when it was frozen
    Column("platform", String(16), nullable=False),  # where it went, "" not yet
    Column("message_id", String(255)),  # the platform's number of it
    Column("ended_at", UtcDateTime),
    Column("choice", Integer),  # the button of the content that they tapped, from 0
    Column("answered_at", UtcDateTime),
    UniqueConstraint("announcement_id", "person_id"),
    partial("recipient_group", "announcement_id", "destination", where="destination <> ''", unique=True),
    Index("recipient_state", "announcement_id", "state", "id"),
)

# Photos and documents of announcements: to be sent on every platform, so the bytes are kept.
attachment = Table(
    "attachment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(8), nullable=False),  # photo, document
    Column("name", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("content", LargeBinary, nullable=False),
    Column("telegram_file", String(255)),  # once uploaded there: Telegram's own number of it
    Column("matrix_file", Text),  # once uploaded there in clear: its mxc address
    Column("created_by", Key),
    Column("used_at", UtcDateTime, nullable=False, index=True),  # last; long unused ones are deleted
)

saved_audience = Table(
    "saved_audience",
    metadata,
    Column("id", Key, primary_key=True),
    Column("team", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("audience", Text, nullable=False),
    Column("created_by", Key),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("team", "name"),
)

# Kinds of message that a person does not want.
opt_out = Table(
    "opt_out",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("kind", String(12), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)

# Links that give a role to whoever opens them first.
invitation = Table(
    "invitation",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("role", String(8), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("invited_by", Key, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
)

# What people wrote back, on its way between them and the team's chat. Short-lived: `forget_at`.
relayed = Table(
    "relayed",
    metadata,
    Column("id", Key, primary_key=True),
    Column("announcement_id", Key),
    Column("person_id", Key, nullable=False, index=True),
    Column("lane", String(300), nullable=False),  # the team's chat
    Column("outbox_id", Key, nullable=False, index=True),  # the message there: staff answer by replying to it
    Column("created_at", UtcDateTime, nullable=False),
    Column("forget_at", UtcDateTime, nullable=False, index=True),
)
