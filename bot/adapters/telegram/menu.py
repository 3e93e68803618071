"""The commands and the words about itself that Telegram shows beside the bot, in each language."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommand
from telegram.error import TelegramError

log = structlog.get_logger(__name__)

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


async def publish(bot: Bot, menus: Mapping[str, Menu]) -> None:
    """Best effort: the bot works without, and what was set at an earlier start stays."""
    for language, menu in menus.items():
        code = language or None
        commands = [BotCommand(name, description) for name, description in menu.commands]
        await _try(language, "commands", bot.set_my_commands(commands, language_code=code))
        await _try(language, "short", bot.set_my_short_description(menu.short_description, language_code=code))
        await _try(language, "description", bot.set_my_description(menu.description, language_code=code))


async def _try(language: str, what: str, call: Awaitable[bool]) -> None:
    try:
        await call
    except TelegramError as error:
        log.warning("telegram.menu_not_set", language=language, what=what, error=type(error).__name__)
