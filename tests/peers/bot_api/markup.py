"""Keyboards under a message: what Telegram accepts."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from tests.peers.bot_api.errors import bad_request

MAX_CALLBACK_DATA = 64
"""Bytes. Source: Telegram Bot API, InlineKeyboardButton.callback_data."""
MAX_BUTTONS = 100
MAX_ROW = 8
"""Source: limits of messages, documented for clients at core.telegram.org."""
MAX_MARKUP = 10_240
"""Bytes of a keyboard in all."""
OTHER_ACTIONS = (
    "callback_game", "pay", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "login_url", "web_app", "copy_text",
)  # fmt: skip
REQUESTS = {
    "request_location": "Location can be requested in private chats only",
    "request_contact": "Phone number can be requested in private chats only",
    "request_poll": "Poll can be requested in private chats only",
}


def check(markup: Any, private: bool) -> dict[str, Any] | None:
    """The keyboard as it will stand, None for an absent or empty one. Raises what Telegram raises."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("Object expected as reply markup")
    if "inline_keyboard" in markup:
        return check_inline(markup)
    if "keyboard" in markup:
        for button in _buttons(markup["keyboard"], "keyboard"):
            _check_key(button, private)
    return markup


def check_inline(markup: Any) -> dict[str, Any] | None:
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad_request("Inline keyboard expected")
    buttons = _buttons(markup["inline_keyboard"], "inline_keyboard")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": markup["inline_keyboard"]} if buttons else None


def _buttons(rows: Any, field: str) -> list[Any]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'Field "{field}" must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS or (len(buttons) > MAX_ROW and len(json.dumps(rows).encode()) > MAX_MARKUP):
        raise bad_request("reply markup is too long")
    if any(len(row) > MAX_ROW for row in rows):
        raise bad_request("REPLY_MARKUP_INVALID")
    return buttons


def _check_key(button: Any, private: bool) -> None:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not button.get("text"):
        raise bad_request("Keyboard button text must be non-empty")
    for name, refusal in REQUESTS.items():
        if button.get(name) and not private:
            raise bad_request(refusal)


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("Can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not button.get("text"):
        raise bad_request("Inline keyboard button text must be non-empty")
    if button.get("url"):
        _check_url(str(button["url"]))
    elif button.get("callback_data"):
        if len(str(button["callback_data"]).encode()) > MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif not any(name in button for name in OTHER_ACTIONS):
        raise bad_request("Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    """Links must be http, https or tg; `tel:` is taken for a host without a dot and refused."""
    scheme, separator, _ = url.partition("://")
    if url.lower().startswith(("tg:", "ton:")):
        return
    if separator and scheme.lower() not in {"http", "https"}:
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    try:
        host = urlsplit(url if separator else f"http://{url}").hostname or ""
    except ValueError:
        host = ""
    if "." not in host and ":" not in host:
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if any(character.isspace() for character in host):
        raise bad_request("BUTTON_URL_INVALID")
