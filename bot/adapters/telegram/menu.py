"""The commands and the words about itself that Telegram shows beside the bot, in each language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from telegram import Bot, BotCommand
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.adapters.telegram.errors import seconds

log = structlog.get_logger(__name__)

PAUSES = (1.0, 5.0, 30.0, 300.0)
"""Seconds before each new try. Telegram lets a bot change these words only so often, so starts in a row meet a 429."""

BETWEEN = 0.3
"""Seconds between two languages: what waits at the start is answered first."""

Call = Callable[[], Awaitable[bool]]

DEFAULT = ""
"""The language key of what is shown to everybody else."""


@dataclass(frozen=True, slots=True)
class Menu:
    """Source of the lengths: Telegram Bot API, BotCommand, setMyShortDescription, setMyDescription."""

    commands: tuple[tuple[str, str], ...]
    """Names (1-32 of a-z 0-9 _, without slash) and descriptions (1-256 characters)."""
    short_description: str
    """Up to 120 characters, on the bot's profile and beside links to it."""
    description: str
    """Up to 512 characters, in the empty chat."""


async def publish(bot: Bot, words: Callable[[str], Menu], languages: Mapping[str, str]) -> None:
    """Best effort: the bot works without, and what was set at an earlier start stays.

    `languages`: Telegram's code to ours. One at a time, as questions that wait are answered meanwhile.
    """
    calls: dict[Call, float] = {}
    for code, language in languages.items():
        calls |= await _try_all(_calls(bot, words(language), code or None))
        await asyncio.sleep(BETWEEN)
    for pause in PAUSES:
        if not calls:
            return
        await asyncio.sleep(max(pause, *calls.values()))
        calls = await _try_all(list(calls))
    log.warning("telegram.menu_not_set", calls=len(calls))


def _calls(bot: Bot, menu: Menu, code: str | None) -> list[Call]:
    commands = [BotCommand(name, description) for name, description in menu.commands]
    return [
        partial(bot.set_my_commands, commands, language_code=code),
        partial(bot.set_my_short_description, menu.short_description, language_code=code),
        partial(bot.set_my_description, menu.description, language_code=code),
    ]


async def _try_all(calls: Sequence[Call]) -> dict[Call, float]:
    """Those to be tried again, with the seconds to wait at least."""
    return {call: wait for call in calls if (wait := await _try(call)) is not None}


async def _try(call: Call) -> float | None:
    """Seconds to wait at least before it is tried again; None when it is done, or there is no use in trying."""
    try:
        await call()
    except RetryAfter as error:
        return seconds(error.retry_after)
    except TelegramError as error:
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            return 0.0
        log.warning("telegram.menu_refused", error=type(error).__name__)
    return None
