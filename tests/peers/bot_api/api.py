"""A Telegram of our own: strict, on this machine, and in the hands of the tests.

    async with FakeBotApi().serve() as api:        # api.url and api.token are the bot's settings
        user = api.user(1001, language="fr")
        user.says("douche gare du nord")
        answer = await user.hears("Bains-douches")
        user.presses("Plus")

Telegram's cloud cannot run here. What it refuses, in which words, and how it hands out updates follows the public
Bot API server and the documentation.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from tests.peers.bot_api import answering, profile, sending
from tests.peers.bot_api import arguments as read
from tests.peers.bot_api.answering import Query
from tests.peers.bot_api.chats import Chat, Sent, State
from tests.peers.bot_api.errors import ApiError, bad_request, conflict
from tests.peers.bot_api.faults import Fault, Faults, Trouble
from tests.peers.bot_api.feed import MAX_TIMEOUT, Feed, answer
from tests.peers.bot_api.files import File, get_file
from tests.peers.bot_api.people import Group, User
from tests.peers.bot_api.rates import Limits, Rates
from tests.peers.bot_api.server import Server
from tests.peers.bot_api.webhook import LONGEST_WAIT, Webhook

TOKEN = "123456789:AAFakeTokenOfTheTestsOnlyNeverARealOne0"

Method = Callable[["FakeBotApi", read.Arguments], Any]
METHODS: dict[str, Method] = {
    "getme": lambda api, _: api.me() | {
        "can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": True,
    },
    "editmessagetext": sending.edit_text,
    "editmessagereplymarkup": sending.edit_markup,
    "deletemessage": sending.delete,
    "getfile": get_file,
    "sendchataction": sending.chat_action,
    "answercallbackquery": answering.answer_callback,
    "answerinlinequery": answering.answer_inline,
    "setmycommands": profile.set_commands,
    "getmycommands": profile.get_commands,
    "deletemycommands": profile.delete_commands,
    "getchat": profile.get_chat,
    "getchatmember": profile.get_chat_member,
    "getwebhookinfo": lambda api, _: api.webhook.info(),
}  # fmt: skip
WORDS = {f"{verb}my{what}" for verb in ("set", "get") for what in ("name", "description", "shortdescription")}


class FakeBotApi:
    """`clock` gives seconds since the epoch; `dice` decides of faults that come by chance."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "solidarite_test_bot",
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        dice: random.Random | None = None,
        webhook_retry_unit: float = 1.0,
        webhook_longest_wait: float = LONGEST_WAIT,
    ) -> None:
        self.token = token
        self.bot_id = int(token.partition(":")[0])
        self.username = username
        self.url = ""
        self.clock = clock
        self.violations: Counter[str] = Counter()
        """What a well-behaved bot never does: floods, refused calls, two pollers at once..."""
        self.calls: Counter[str] = Counter()
        self.faults = Faults(dice or random.Random(0))
        self.rates = Rates(limits or Limits(), self.violations)
        self.feed = Feed(self.faults, self.violations)
        self.webhook: Webhook = Webhook(self.feed, self.faults, clock, webhook_retry_unit, webhook_longest_wait)
        self.chats: dict[int, Chat] = {}
        self.sent: list[Sent] = []
        """Every message of the bot that counted, in order, those whose answer was lost included."""
        self.callbacks: dict[str, Query] = {}
        self.inline_queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.files: dict[str, File] = {}
        """What was uploaded, by its id."""
        self.words: dict[tuple[str, str], str] = {}
        self.on_sent: Callable[[Sent], None] | None = None
        self._message_ids: Counter[int] = Counter()
        self._query_id = 7_000_000_000
        self._change: asyncio.Event | None = None

    # The phone's side

    def user(self, user_id: int, *, language: str = "fr", first_name: str = "Awa", username: str = "") -> User:
        """The person with this id, known from now on. They have not written to the bot yet."""
        chat = self.chats.get(user_id)
        if chat is None:
            chat = Chat(user_id, "private", first_name, username, language, state=State.NEVER_WROTE)
            self.chats[user_id] = chat
        return User(self, chat)

    def group(self, chat_id: int, *, title: str = "Maraude", forum: bool = False) -> Group:
        """A group the bot is a member of: ids under -100... are supergroups, which alone can be forums."""
        chat = self.chats.get(chat_id)
        if chat is None:
            kind = "supergroup" if chat_id < -1_000_000_000_000 else "group"
            chat = self.chats[chat_id] = Chat(chat_id, kind, title, forum=forum)
            self._message_ids[chat_id] = 1  # the first message of a supergroup tells of its creation
        return Group(self, chat)

    def sent_to(self, chat_id: int) -> list[Sent]:
        return list(self.chats[chat_id].sent.values()) if chat_id in self.chats else []

    async def until(self, condition: Callable[[], bool], within: float = 5.0) -> None:
        """Waits up to `within` seconds for something to become true. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not condition():
                if self._change is None or self._change.is_set():
                    self._change = asyncio.Event()
                await self._change.wait()

    async def until_sent(self, count: int, within: float = 5.0) -> None:
        """Waits until `count` messages counted in all."""
        await self.until(lambda: len(self.sent) >= count, within)

    # The bot's side

    async def call(self, method: str, arguments: read.Arguments) -> bytes:
        """One method, its name in small letters: Telegram's whole answer as JSON. Raises ApiError."""
        self.calls[method] += 1
        try:
            return await self._call(method, arguments)
        except UnicodeEncodeError:
            self.violations["not UTF-8"] += 1
            raise bad_request("Strings must be encoded in UTF-8") from None
        except ApiError as error:
            if error.code not in {403, 429} and not (error.parameters or {}).get("migrate_to_chat_id"):
                self.violations[error.description] += error.code != 409
            raise

    async def _call(self, method: str, arguments: read.Arguments) -> bytes:
        if method in sending.CONTENTS:
            return b'{"ok":true,"result":' + sending.send(self, method, arguments) + b"}"
        if method == "getupdates":
            return await self._get_updates(arguments)
        if method == "setwebhook":
            return _ok(await self.webhook.set(arguments))
        if method == "deletewebhook":
            return _ok(await self.webhook.delete(arguments))
        if method in WORDS:
            words = profile.set_words if method.startswith("set") else profile.get_words
            return _ok(words(self, method, arguments))
        function = METHODS.get(method)
        if function is None:
            raise ApiError(404, "Not Found: method not found")
        result = function(self, arguments)
        return b'{"ok":true,"result":' + result + b"}" if isinstance(result, bytes) else _ok(result)

    async def _get_updates(self, arguments: read.Arguments) -> bytes:
        if self.webhook.target is not None:
            self.violations["conflict"] += 1
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.feed.allow(read.structure(arguments, "allowed_updates", "allowed updates"))
        offset = read.integer(arguments, "offset")
        limit = read.integer(arguments, "limit", 100, 1, 100)
        timeout = read.integer(arguments, "timeout", 0, 0, MAX_TIMEOUT)
        return answer(await self.feed.poll(offset, limit, timeout))

    def me(self) -> dict[str, Any]:
        return {"id": self.bot_id, "is_bot": True, "first_name": "Solidarité", "username": self.username}

    def find_chat(self, arguments: read.Arguments) -> Chat:
        name = read.text(arguments, "chat_id")
        if not name:
            raise bad_request("chat_id is empty")
        chat: Chat | None = None
        if name.startswith("@"):
            chat = next((chat for chat in self.chats.values() if chat.username == name[1:]), None)
        elif name.removeprefix("-").isdigit():
            chat = self.chats.get(int(name))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def next_message_id(self, chat: Chat) -> int:
        """Private chats and basic groups share one count, each supergroup has its own."""
        count = chat.id if chat.kind == "supergroup" else 0
        self._message_ids[count] += 1
        return self._message_ids[count]

    def next_query_id(self) -> str:
        self._query_id += 1
        return str(self._query_id)

    def keep(self, file: File) -> File:
        """As uploaded: under an id of its own."""
        kept = File(file.name, file.content, f"file{len(self.files) + 1}")
        self.files[kept.id] = kept
        return kept

    def record(self, chat: Chat, sent: Sent) -> None:
        chat.sent[sent.id] = sent
        self.sent.append(sent)
        if self.on_sent is not None:
            self.on_sent(sent)
        self.changed()

    def changed(self) -> None:
        if self._change is not None:
            self._change.set()

    # The server

    @contextlib.asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[FakeBotApi]:
        """Listens; port 0 takes a free one. `url` then tells where."""
        server = Server(self)
        await server.start(host, port)
        try:
            yield self
        finally:
            await self.webhook.stop()
            await server.stop()


def _ok(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()


__all__ = ["TOKEN", "FakeBotApi", "Fault", "Limits", "Trouble"]
