"""Every table. Times are aware and stored in UTC; JSON is text, written by its owner."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table, Text, UniqueConstraint

from storage.announcement_tables import (
    announcement,
    attachment,
    invitation,
    opt_out,
    recipient,
    relayed,
    saved_audience,
)
from storage.columns import Key, UtcDateTime, for_postgresql, metadata, partial
from storage.participation_tables import (
    activity,
    asked,
    audit,
    due,
    form,
    qualification,
    role,
    session,
    sign_up,
    volunteer,
)

# One row an account. Accounts linked to another share its settings and all that is kept under its number: they are one
# person, whose number is that of the account they are linked to.
person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("user_id", String(255), nullable=False),
    Column("language", String(8), nullable=False),
    Column("language_chosen", Boolean, nullable=False, default=False),
    Column("alerts", Boolean, nullable=False, default=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_on", Date, nullable=False),
    Column("linked_to", Key, index=True),
    Column("chat", String(255)),  # where they talk in private; NULL until they have
    Column("preferred", String(16)),  # the platform to write to first, for a person with several
    UniqueConstraint("platform", "user_id"),
)

# Codes that join the account they are typed in to the one that asked for them.
link_code = Table(
    "link_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("account_id", Key, nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
)

# Wrong codes an account has typed lately.
link_guess = Table(
    "link_guess",
    metadata,
    Column("account_id", Key, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

# What the bot remembers of a talk: the last search, a question asked back. Short-lived: `forget_at`.
conversation = Table(
    "conversation",
    metadata,
    Column("key", String(600), primary_key=True),
    Column("person_id", Key, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("forget_at", UtcDateTime, nullable=False, index=True),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("update_id", String(255), nullable=False),
    Column("lane", String(300), nullable=False),
    Column("body", Text),  # a bot.messages.Incoming as JSON; NULL once handled
    Column("status", String(8), nullable=False, default="new"),  # new, done, parked
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("platform", "update_id"),
    partial("inbox_new", "id", where="status = 'new'"),
    partial("inbox_lane", "lane", "id", where="status = 'new'"),
    Index("inbox_received", "received_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("lane", String(300), nullable=False),
    Column("priority", Integer, nullable=False, default=0),  # 0 live answers, 1 bulk
    Column("body", Text),  # a bot.messages.Outgoing as JSON; NULL once it left
    Column("parts_sent", Integer, nullable=False, default=0),
    Column("status", String(9), nullable=False, default="queued"),
    # queued -> sending -> sent | refused | stopped | uncertain | expired; sending -> queued on a retry
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("message_id", String(255)),
    Column("recipient", Key),  # of an announcement: whose outcome this message decides
    partial("outbox_waiting", "platform", "priority", "id", where="status in ('queued', 'sending')"),
    partial("outbox_lane", "lane", "priority", "id", where="status in ('queued', 'sending')"),
    Index("outbox_created", "created_at"),
)  # fmt: skip

# Destinations nothing may be sent to for now. Others need no row.
stopped_lane = Table(
    "stopped_lane",
    metadata,
    Column("lane", String(300), primary_key=True),
    Column("reason", String(255), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

service = Table(
    "service",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("name", Text, nullable=False),
    Column("category", String(40), nullable=False),
    Column("address", Text, nullable=False),
    Column("postcode", String(10), nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("position_quality", String(12), nullable=False),
    Column("opening_hours", Text, nullable=False),
    Column("last_entry_minutes", Integer, nullable=False),
    Column("phone", Text, nullable=False),
    Column("conditions", Text, nullable=False),  # JSON object language -> words
    Column("only_for", Text, nullable=False),  # need ids separated by spaces, like the next two
    Column("admits", Text, nullable=False),
    Column("refuses", Text, nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("closed_from", Date),
    Column("closed_until", Date),
    Column("closure_reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("verified_on", String(10), nullable=False),
    Column("confidence", String(1), nullable=False),
    Column("notes", Text, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
)

report = Table(
    "report",
    metadata,
    Column("id", Key, primary_key=True),
    Column("service_id", String(48), index=True),
    Column("person_id", Key, index=True),  # NULL once the person asked to be forgotten
    Column("words", Text, nullable=False),
    Column("status", String(8), nullable=False, default="open"),
    Column("created_at", UtcDateTime, nullable=False),
)

# Counts, never people: what was asked for, where roughly, on which day.
statistic = Table(
    "statistic",
    metadata,
    Column("day", Date, primary_key=True),
    Column("category", String(40), primary_key=True),
    Column("district", String(10), primary_key=True),
    Column("count", Integer, nullable=False),
)

# Rooms of Matrix that the bot is in, or is to join.
matrix_room = Table(
    "matrix_room",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("status", String(8), nullable=False),  # invited, joined, left
    Column("direct", Boolean, nullable=False),  # a talk with one person, as the invite said
    Column("encrypted", Boolean, nullable=False, default=False),  # once true, for ever
    Column("invited_by", String(255), nullable=False, default=""),
    Column("replaces", String(255), nullable=False, default=""),  # the room that this one is the upgrade of
    Column("told", Boolean, nullable=False, default=False),  # that something there could not be read
)

# What the bot said on Matrix lately, and what the numbers under it stand for.
matrix_said = Table(
    "matrix_said",
    metadata,
    Column("id", Key, primary_key=True),
    Column("event_id", String(255), nullable=False, unique=True),
    Column("room_id", String(255), nullable=False),
    Column("thread", String(255), nullable=False, default=""),
    Column("choices", Text, nullable=False),  # JSON: [[label, payload], ...]
    Column("said_at", UtcDateTime, nullable=False, index=True),
    Index("matrix_said_room", "room_id", "id"),
)

# Encrypted messages on Matrix whose key has not come yet, as they came.
matrix_unread = Table(
    "matrix_unread",
    metadata,
    Column("event_id", String(255), primary_key=True),
    Column("room_id", String(255), nullable=False),
    Column("session_id", String(255), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)

# Single values: the directory's version, how far Matrix has been read...
setting = Table(
    "setting",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

__all__ = [
    "UtcDateTime", "activity", "announcement", "asked", "attachment", "audit", "conversation", "due", "for_postgresql", "form",
    "inbox", "invitation", "link_code", "link_guess", "matrix_room", "matrix_said", "matrix_unread", "metadata", "opt_out", "outbox",
    "person", "qualification", "recipient", "relayed", "report", "role", "saved_audience", "service", "session", "setting", "sign_up",
    "statistic", "stopped_lane", "volunteer",
]  # fmt: skip
