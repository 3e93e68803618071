"""What people can do, one file a topic."""

from __future__ import annotations

from bot.router import Router
from handlers import account, emergency, factory, find, follow_up, inline, linking, platform, report, welcome


def router() -> Router:
    """Every topic's handlers in one router."""
    everything = Router()
    for topic in (emergency, find, follow_up, report, account, linking, welcome, factory, inline, platform):
        everything.include(topic.router)
    return everything
