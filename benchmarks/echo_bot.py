"""The bare python-telegram-bot bot that ours is compared with: python -m benchmarks.echo_bot API_URL TOKEN."""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

CONCURRENT = 4
"""Its best setting: 612 updates/s at 4 in flight, 148 at 256."""


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    if message is not None and message.text:
        await message.reply_text(message.text)


def main() -> None:
    url, token = sys.argv[1:]
    application: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder().token(token).base_url(f"{url}/bot").concurrent_updates(CONCURRENT).build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
