"""The one thing of telegram.ext that is used, loaded without the rest."""

from __future__ import annotations

from bot.unloaded import parts_only

with parts_only("telegram.ext"):
    from telegram.ext._updater import Updater

__all__ = ["Updater"]
