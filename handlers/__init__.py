"""What people can do, one file a topic."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from bot.router import Router
from handlers import (
    account,
    code_typed,
    emergency,
    factory,
    find,
    follow_up,
    inline,
    linking,
    platform,
    replies,
    report,
    welcome,
)

TOPICS = (emergency, find, follow_up, report, account, linking, welcome, factory, inline, platform, replies, code_typed)

ON_DEMAND = (
    "my_data", "browse", "sign_up", "company", "my_sign_ups", "mission_answers", "arrival", "profile", "calendar",
    "notifications", "staff.members", "staff.invite", "staff.journal", "relay",
    "announcements.compose", "announcements.alerts", "announcements.choosing",
    "staff.create", "staff.manage", "staff.dates", "staff.presence", "staff.edit", "staff.cancelling", "staff.skipping",
    "staff.asked", "staff.taking_off", "staff.code",
)  # fmt: skip
"""Topics of volunteers and staff, and what reads all they keep: loaded when somebody first comes to one (4 MB; ran)."""


def router() -> Router:
    """Every topic's handlers in one router."""
    everything = Router(more=_more)
    for topic in TOPICS:
        everything.include(topic.router)
    return everything


def commands() -> frozenset[str]:
    """The names of all commands."""
    everything = router()
    everything.load_more()
    return frozenset(everything.commands)


def _more() -> Iterator[Router]:
    for name in ON_DEMAND:
        yield import_module(f"handlers.{name}").router
