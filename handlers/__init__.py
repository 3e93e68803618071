"""What people can do, one file a topic."""

from __future__ import annotations

from bot.router import Router
from handlers import (
    account,
    arrival,
    browse,
    calendar,
    emergency,
    factory,
    find,
    follow_up,
    inline,
    linking,
    mission_answers,
    my_sign_ups,
    platform,
    profile,
    report,
    sign_up,
    welcome,
)
from handlers.staff import create, edit, manage, presence

TOPICS = (
    emergency, find, follow_up, report, account, linking, welcome, factory, inline, platform, browse, sign_up, my_sign_ups,
    mission_answers, arrival, profile, calendar, create, edit, manage, presence,
)  # fmt: skip


def router() -> Router:
    """Every topic's handlers in one router."""
    everything = Router()
    for topic in TOPICS:
        everything.include(topic.router)
    return everything
