"""The Telegram adapter."""

from bot.unloaded import unloaded

with unloaded("click"):
    import httpx as _httpx  # noqa: F401 - its first import decides

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.menu import Menu
from bot.adapters.telegram.webhook import Webhook

__all__ = ["Menu", "TelegramAdapter", "Webhook"]
