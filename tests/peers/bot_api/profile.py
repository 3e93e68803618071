"""What the bot says of itself: commands, descriptions; and what it may ask about chats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.peers.bot_api import arguments as read
from tests.peers.bot_api.errors import bad_request

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi

MAX_COMMANDS = 100
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
"""Characters. Source: Telegram Bot API, setMyCommands, setMyName, setMyDescription, setMyShortDescription."""


def set_commands(api: FakeBotApi, arguments: read.Arguments) -> bool:
    commands = read.structure(arguments, "commands", "commands")
    if not isinstance(commands, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    cleaned = [_command(command) for command in commands]
    api.commands[_scope(arguments), _language(arguments)] = cleaned
    return True


def get_commands(api: FakeBotApi, arguments: read.Arguments) -> list[dict[str, str]]:
    return api.commands.get((_scope(arguments), _language(arguments)), [])


def delete_commands(api: FakeBotApi, arguments: read.Arguments) -> bool:
    api.commands.pop((_scope(arguments), _language(arguments)), None)
    return True


def set_words(api: FakeBotApi, method: str, arguments: read.Arguments) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    field = method.removeprefix("setmy")
    name, limit = {
        "name": ("name", MAX_NAME),
        "description": ("description", MAX_DESCRIPTION),
        "shortdescription": ("short_description", MAX_SHORT_DESCRIPTION),
    }[field]
    words = read.text(arguments, name)
    if len(words) > limit:
        raise bad_request(f"{name.upper()}_TOO_LONG")
    api.words[name, _language(arguments)] = words
    return True


def get_words(api: FakeBotApi, method: str, arguments: read.Arguments) -> dict[str, str]:
    name = method.removeprefix("getmy").replace("shortdescription", "short_description")
    return {name: api.words.get((name, _language(arguments)), api.words.get((name, ""), ""))}


def get_chat(api: FakeBotApi, arguments: read.Arguments) -> dict[str, Any]:
    return api.find_chat(arguments).as_chat() | {"accent_color_id": 0, "max_reaction_count": 11}


def get_chat_member(api: FakeBotApi, arguments: read.Arguments) -> dict[str, Any]:
    api.find_chat(arguments)
    user_id = read.integer(arguments, "user_id")
    if user_id == api.bot_id:
        return {"status": "member", "user": api.me()}
    if user_id not in api.chats:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return {"status": "member", "user": api.chats[user_id].as_user()}


def _command(command: Any) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).strip().removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not name:
        raise bad_request("Command must be non-empty")
    if len(name) > 32:
        raise bad_request("Command length must not exceed 32")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise bad_request("Command description length must not exceed 256")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _scope(arguments: read.Arguments) -> str:
    scope = read.structure(arguments, "scope", "BotCommandScope") or {"type": "default"}
    return ":".join(str(scope[key]) for key in sorted(scope, reverse=True))


def _language(arguments: read.Arguments) -> str:
    language = read.text(arguments, "language_code")
    if not re.fullmatch("([a-z]{2})?", language):
        raise bad_request("Invalid language code specified")
    return language
