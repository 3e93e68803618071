"""The Telegram adapter."""

from bot.unloaded import names_only, unloaded

with names_only("httpx"), unloaded("cryptography"):  # another HTTP client; passports
    import telegram as _telegram  # noqa: F401 - its first import decides


from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.menu import Menu
from bot.adapters.telegram.webhook import Webhook

__all__ = ["Menu", "TelegramAdapter", "Webhook"]
