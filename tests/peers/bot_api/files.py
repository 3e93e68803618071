"""Files that people and the bot put on Telegram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.peers.bot_api import arguments as read
from tests.peers.bot_api.errors import bad_request

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi

MAX_FETCHED = 20 << 20
"""Bytes. Source: Telegram Bot API, getFile."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes
    id: str = ""


def get_file(api: FakeBotApi, arguments: read.Arguments) -> dict[str, Any]:
    file = api.files.get(read.text(arguments, "file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > MAX_FETCHED:
        raise bad_request("file is too big")
    return {
        "file_id": file.id, "file_unique_id": file.id, "file_size": len(file.content), "file_path": f"files/{file.id}",
    }  # fmt: skip
