"""The Telegram adapter."""

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.menu import Menu
from bot.adapters.telegram.webhook import Webhook

__all__ = ["Menu", "TelegramAdapter", "Webhook"]
