"""The code of a session, to hang on the wall: typed, or scanned with a phone, on arrival."""

from __future__ import annotations

import io

SIDE = 12
"""Pixels of one module: sharp on a sheet of paper."""


def deep_link(bot_name: str, code: str) -> str:
    """What opens the bot on Telegram and says the code to it; the code alone where the bot is not there.
    Source: Telegram, "Deep links", bot links."""
    return f"https://t.me/{bot_name}?start=code_{code}" if bot_name else code


def picture(bot_name: str, code: str) -> bytes:
    """A QR code as PNG, still read with a seventh of it dirty."""
    import segno  # noqa: PLC0415 - only for whoever wants one

    written = io.BytesIO()
    segno.make_qr(deep_link(bot_name, code), error="m").save(written, kind="png", scale=SIDE, border=4)
    return written.getvalue()
