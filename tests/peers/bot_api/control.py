"""/control/...: the phones of the tests, for a fake that runs as a process of its own.

Every path takes POST with a JSON object of keyword arguments and answers JSON.
/control/user/<id>/<act>, /control/group/<id>/<act>: an act of User or Group, e.g. {"text": "douche"} for `says`.
/control/sent, wait, state, crowd, faults, load, timings: see the functions below.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.peers.bot_api.chats import State
from tests.peers.bot_api.faults import Fault, Trouble
from tests.peers.bot_api.load import Load

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi

USER_ACTS = {
    "says", "shares", "moves", "sends", "edits", "presses", "forges", "asks", "blocks", "unblocks", "deactivates",
}  # fmt: skip
GROUP_ACTS = {"topic", "becomes_supergroup", "removes_bot", "is_deleted"}
IDENTITY = {"language", "first_name", "username"}


class Control:
    def __init__(self, api: FakeBotApi) -> None:
        self._api = api
        self._load = Load(api)

    async def stop(self) -> None:
        await self._load.stop()

    async def handle(self, request: web.BaseRequest, path: str) -> web.Response:
        body = await request.read()
        try:
            given = json.loads(body) if body else {}
            found = await self._dispatch(path.split("/"), given)
        except (LookupError, TypeError, ValueError, TimeoutError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(found)

    async def _dispatch(self, path: list[str], given: dict[str, Any]) -> Any:
        match path:
            case ["user", user_id, act] if act in USER_ACTS:
                return self._user_act(int(user_id), act, given)
            case ["group", chat_id, act] if act in GROUP_ACTS:
                group = self._api.group(int(chat_id), forum=bool(given.pop("forum", False)))
                found = getattr(group, act)(**given)
                return found if isinstance(found, int) else found and found.chat.id
            case ["sent"]:
                return self._sent(**given)
            case ["wait"]:
                await self._api.until_sent(int(given["count"]), float(given.get("within", 5.0)))
                return len(self._api.sent)
            case ["state"]:
                return self._state()
            case ["crowd"]:
                return self._crowd(**given)
            case ["faults"]:
                return self._faults(**given)
            case ["load"]:
                return self._load.begin(**given)
            case ["timings"]:
                return await self._load.finished(float(given.get("within", 0.0)))
        raise LookupError(f"no such control: {'/'.join(path)}")

    def _user_act(self, user_id: int, act: str, given: dict[str, Any]) -> Any:
        identity = {name: given.pop(name) for name in IDENTITY & given.keys()}
        user = self._api.user(user_id, **identity)
        if "where" in given:
            given["where"] = self._api.group(int(given["where"]))
        if "on" in given:
            chat = given["where"].chat if "where" in given else user.chat
            given["on"] = chat.sent[int(given["on"])]
        if "reply_to" in given:
            chat = given["where"].chat if "where" in given else user.chat
            given["reply_to"] = chat.sent.get(int(given["reply_to"]), given["reply_to"])
        found = getattr(user, act)(**given)
        return {"query": found.id} if act == "asks" else found

    def _sent(self, chat: int | None = None, after: int = 0) -> list[dict[str, Any]]:
        """What counted, in order: to one chat or all, from the `after`-th on."""
        found = self._api.sent if chat is None else self._api.sent_to(chat)
        return [sent.summary() for sent in found[after:]]

    def _crowd(self, first: int, count: int, blocked: float = 0.0, gone: float = 0.0) -> dict[str, int]:
        """So many people who have written to the bot, a share of whom blocked it or is no more; how many of each."""
        dice, found = random.Random(first), Counter[str]()
        for chat in range(first, first + count):
            share = dice.random()
            state = State.BLOCKED if share < blocked else State.DEACTIVATED if share < blocked + gone else State.OPEN
            self._api.user(chat).chat.state = state
            found[state.value] += 1
        return found

    def _state(self) -> dict[str, Any]:
        api = self._api
        return {
            "sent": len(api.sent),
            "unanswered": self._load.unanswered,
            "pending": len(api.feed.pending),
            "delivered": api.feed.delivered,
            "violations": dict(api.violations),
            "calls": dict(api.calls),
            "faults_met": [[method, trouble] for method, trouble in api.faults.met],
            "unanswered_presses": sum(not query.answered for query in api.callbacks.values()),
            "inline": {query.id: query.results for query in api.inline_queries.values() if query.answered},
            "webhook": api.webhook.info(),
        }

    def _faults(
        self, add: list[dict[str, Any]] | None = None, redeliver: float | None = None, clear: bool = False
    ) -> int:
        """Adds faults, each with the fields of Fault; `redeliver`: probability of an update coming twice."""
        if clear:
            self._api.faults.clear()
        known = {item.name for item in fields(Fault)}
        for fault in add or []:
            if fault.keys() - known:
                raise ValueError(f"unknown: {fault.keys() - known}")
            self._api.faults.add(Fault(**fault | {"trouble": Trouble(fault["trouble"])}))
        if redeliver is not None:
            self._api.faults.redeliver = redeliver
        return len(self._api.faults.rules)
