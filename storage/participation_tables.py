"""The tables of taking part: activities, their sessions, who comes, what is due."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table, Text, UniqueConstraint

from storage.columns import Key, UtcDateTime, metadata, partial

activity = Table(
    "activity",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("status", String(10), nullable=False),  # draft, proposed, published, cancelled, done
    Column("title", Text, nullable=False),  # JSON object language -> words, like the next two
    Column("description", Text, nullable=False),
    Column("bring", Text, nullable=False),
    Column("organiser", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("service_id", String(48)),  # the place, where the directory has it
    Column("address", Text, nullable=False),
    Column("district", String(10), nullable=False),  # the postcode
    Column("latitude", Float),
    Column("longitude", Float),
    Column("capacity", Integer, nullable=False),  # of each session, unless that says otherwise; like the next three
    Column("minimum", Integer, nullable=False),
    Column("opens_minutes", Integer),  # sign-up opens so long before the start; NULL: at once
    Column("closes_minutes", Integer, nullable=False),  # and closes so long before it
    Column("waiting_list", Boolean, nullable=False),
    Column("minimum_age", Integer, nullable=False),
    Column("training", String(40), nullable=False),  # the qualification needed, "" for none
    Column("skills", Text, nullable=False),  # needed; ids separated by spaces, like the next
    Column("languages", Text, nullable=False),
    Column("charter", Boolean, nullable=False),
    Column("gives", String(40), nullable=False),  # the qualification that attendance gives, "" for none
    Column("gives_months", Integer),  # valid so long, NULL: for ever
    Column("rule", Text, nullable=False),  # RFC 5545 RRULE, "" for a series of one or of sessions made singly
    Column("first_start", String(19)),  # the local time, without zone, that the rule counts from
    Column("minutes", Integer, nullable=False),
    Column("remind_evening", Boolean, nullable=False),
    Column("remind_minutes", Integer, nullable=False),  # before the start, 0 for none
    Column("alerts", Boolean, nullable=False),  # people it fits are asked
    Column("created_by", Key),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index("activity_status", "status", "kind"),
)

session = Table(
    "session",
    metadata,
    Column("id", Key, primary_key=True),
    Column("activity_id", Key, nullable=False),
    Column("occurrence", String(19)),  # the local start by the rule; NULL for one made singly
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("minimum", Integer, nullable=False),
    Column("opens_at", UtcDateTime),
    Column("closes_at", UtcDateTime),
    Column("status", String(9), nullable=False),  # planned, cancelled, done
    Column("changed", Boolean, nullable=False),  # by itself: the series no longer changes it
    Column("note", Text, nullable=False),  # words to all who come: where to meet, why it is cancelled
    Column("code", String(12), nullable=False),  # typed or scanned on arrival
    Column("version", Integer, nullable=False),
    UniqueConstraint("activity_id", "occurrence"),
    Index("session_starts", "starts_at"),
    Index("session_code", "code"),
)

# One row each time somebody joins; a person has one live row a session.
sign_up = Table(
    "sign_up",
    metadata,
    Column("id", Key, primary_key=True),
    Column("session_id", Key, nullable=False),
    Column("person_id", Key, nullable=False),
    Column("state", String(24), nullable=False),
    Column("seats", Integer, nullable=False),  # with friends, 1 to 5
    Column("joined_at", UtcDateTime, nullable=False),
    Column("offered_until", UtcDateTime),
    Column("replaces", Key),  # offered the place of this sign-up, whose person looks for somebody
    Column("because", String(16), nullable=False),  # why it ended: session, replaced, erased, staff...; "" by themselves
    Column("answered_at", UtcDateTime),  # said "I will be there" to the reminder
    Column("arrived_at", UtcDateTime),
    Column("rating", Integer),
    Column("words", Text, nullable=False),
    partial(
        "sign_up_live", "session_id", "person_id",
        where="state in ('waiting', 'offered', 'confirmed', 'looking_for_replacement')", unique=True,
    ),
    Index("sign_up_session", "session_id", "state"),
    Index("sign_up_person", "person_id", "state"),
)  # fmt: skip

# Every change of a sign-up, a session or an activity. People who asked to be forgotten are no longer in it.
audit = Table(
    "participation_audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("what", String(24), nullable=False),
    Column("before", String(24), nullable=False),
    Column("after", String(24), nullable=False),
    Column("activity_id", Key),
    Column("session_id", Key, index=True),
    Column("sign_up_id", Key),
    Column("person_id", Key, index=True),  # whose sign-up
    Column("actor_id", Key, index=True),  # who did it; NULL: the bot
    Column("announcement_id", Key),
    Column("words", Text),  # what else is worth knowing: a role, a place, an audience; never a name
)

qualification = Table(
    "qualification",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, nullable=False),
    Column("name", String(40), nullable=False),
    Column("session_id", Key, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("expires_on", Date),  # the last day; NULL: never
    UniqueConstraint("person_id", "name", "session_id"),
)

# What a volunteer offers, and how they want to be asked.
volunteer = Table(
    "volunteer",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),  # how they want to be called on lists, "" where they did not say
    Column("skills", Text, nullable=False),  # ids separated by spaces, like the next three
    Column("languages", Text, nullable=False),
    Column("districts", Text, nullable=False),
    Column("times", Text, nullable=False),
    Column("can_lead", Boolean, nullable=False),
    Column("of_age_on", Date),  # minors: when they will be eighteen; adults: the day they said that they are
    Column("charter_on", Date),
    Column("missions", Boolean, nullable=False),  # wants to be asked at all
    Column("near_only", Boolean, nullable=False),
    Column("weekends_only", Boolean, nullable=False),
    Column("paused_until", Date),
    Column("last_asked_at", UtcDateTime),
    Column("calendar_hash", String(64), unique=True),  # of the token in the address of their calendar
)

# Who was asked to come, in which wave, and what they said.
asked = Table(
    "mission_asked",
    metadata,
    Column("session_id", Key, primary_key=True, autoincrement=False),
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("wave", Integer, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answer", String(8), nullable=False),  # "" none yet, coming, not_now, fewer
    Column("answered_at", UtcDateTime),
    Index("mission_asked_person", "person_id"),
)

# What is to be done at a moment, once.
due = Table(
    "due",
    metadata,
    Column("id", Key, primary_key=True),
    Column("schedule", String(12), nullable=False),  # what is to be done: storage/due.py lists them
    Column("subject", Key, nullable=False),  # the number of the session, sign-up, activity... it is about
    Column("due_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    UniqueConstraint("schedule", "subject", "due_at"),
    partial("due_waiting", "not_before", "id", where="claimed_at is null"),
)

# Who may do more than others. By account: they may be named before they ever wrote.
role = Table(
    "role",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("user_id", String(255), primary_key=True),
    Column("role", String(8), nullable=False),  # admin, staff, partner
    Column("organisation", Text, nullable=False),  # partners: their association
    Column("added_at", UtcDateTime, nullable=False),
)

# Forms half filled in: they wait for days, where the rest of a talk is forgotten.
form = Table(
    "form",
    metadata,
    Column("key", String(600), primary_key=True),  # the conversation
    Column("person_id", Key, nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("answers", Text, nullable=False),  # JSON
    Column("step", String(40), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
