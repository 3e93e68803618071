"""Serves every platform that has a token."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import structlog

import handlers
from bot.adapters.adapter import Fatal
from bot.adapters.telegram import Menu, TelegramAdapter, Webhook
from bot.app import Application
from bot.attachments import Attachments
from bot.config import Settings
from bot.logs import note_unhandled
from bot.texts import LANGUAGES, few_words
from storage.database import Database

if TYPE_CHECKING:
    from bot.adapters.matrix import Account, MatrixAdapter

DRAIN_S = 5.0
CLOSE_S = 1.0
"""SIGTERM ends the program within 10 s: these, and the seconds that the sender gives to what is under way."""

log = structlog.get_logger()


class NothingToServe(Exception):
    """No platform has a token."""


def menu(language: str) -> Menu:
    """The bot's own commands and descriptions in one language."""
    t = few_words(language)
    return Menu(
        commands=(
            ("start", t("Find a service")),
            ("formations", t("Trainings")),
            ("missions", t("Missions")),
            ("inscriptions", t("My sign-ups")),
            ("moi", t("My profile")),
            ("aide", t("What I can do")),
            ("langue", t("Change language")),
            ("mesdonnees", t("What I keep about you")),
            ("effacer", t("Forget me")),
            ("stop", t("No more alerts")),
        ),
        short_description=t("Showers, meals, luggage, care in Paris: the nearest that is open when you get there."),
        description=t(
            "Write what you need and where, or send your position: I find the nearest service that is open when you get "
            "there. In danger: 112. For shelter tonight: 115."
        ),
    )


def telegram(settings: Settings, database: Database) -> TelegramAdapter:
    """The adapter as the settings want it."""
    own = settings.telegram
    webhook = Webhook(own.webhook_url, own.webhook_listen, own.webhook_secret.get_secret_value())
    return TelegramAdapter(
        own.token.get_secret_value(),
        texts=menu,
        languages=list(LANGUAGES),
        default_language=settings.bot.default_language,
        api_url=own.api_url,
        webhook=webhook if own.mode == "webhook" else None,
        attachments=Attachments(database),
        per_second=own.messages_per_second,
    )


def matrix_account(settings: Settings) -> Account:
    """The account as the settings have it. The platform's library is loaded only here: nobody else pays for it."""
    from bot.adapters.matrix import Account  # noqa: PLC0415

    own = settings.matrix
    return Account(
        own.homeserver,
        own.user,
        own.store,
        own.passphrase.get_secret_value(),
        own.password.get_secret_value(),
        own.access_token.get_secret_value(),
        own.device_name,
    )


def matrix(settings: Settings, database: Database) -> MatrixAdapter:
    """The adapter as the settings want it."""
    from bot.adapters.matrix import MatrixAdapter, Policy  # noqa: PLC0415

    staff = [admin.removeprefix("matrix:") for admin in settings.staff.admins if admin.startswith("matrix:")]
    policy = Policy(staff, settings.matrix.allowed_rooms)
    return MatrixAdapter(matrix_account(settings), database, policy, commands=handlers.commands())


async def serve(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; what has arrived is answered, as far as 10 s allow. Raises NothingToServe or Fatal."""
    if not settings.telegram.token.get_secret_value() and not settings.matrix.homeserver:
        raise NothingToServe("no platform has a token: set [telegram] token or [matrix] homeserver in config.toml")
    asyncio.get_running_loop().set_exception_handler(note_unhandled)
    application = await Application.open(settings)
    try:
        if settings.telegram.token.get_secret_value():
            on_telegram = telegram(settings, application.database)
            application.add(on_telegram, settings.telegram.messages_per_second)
            application.conversation.bot_name = lambda: on_telegram.username
        if settings.matrix.homeserver:
            application.add(matrix(settings, application.database), settings.matrix.messages_per_second)
        serving = asyncio.create_task(application.run())
        told_to_stop = asyncio.create_task(_signal())
        log.info("serving", platforms=list(application.senders))
        try:
            await asyncio.wait({serving, told_to_stop}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                await application.drain(DRAIN_S)
                serving.cancel()
            await serving
        except asyncio.CancelledError:
            log.info("stopped")
        except BaseExceptionGroup as group:
            fatal = group.subgroup(Fatal)
            if fatal is None:
                raise
            raise _first(fatal) from None
    finally:
        async with asyncio.timeout(CLOSE_S):
            await application.close()


async def _signal() -> None:
    """Waits for SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
