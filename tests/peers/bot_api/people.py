"""The phones of the tests: people who write to the bot, press its buttons and read its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.peers.bot_api.answering import Query
from tests.peers.bot_api.chats import Chat, Sent, State
from tests.peers.bot_api.entities import user_entities
from tests.peers.bot_api.files import File

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi

MEDIA: dict[str, Any] = {
    "sticker": {
        "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 512, "height": 512, "is_animated": False,
        "is_video": False, "emoji": "👍",
    },
    "voice": {"file_id": "v", "file_unique_id": "v", "duration": 3, "mime_type": "audio/ogg"},
    "photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}],
    "video": {"file_id": "f", "file_unique_id": "f", "width": 90, "height": 90, "duration": 3},
    "document": {"file_id": "d", "file_unique_id": "d", "file_name": "liste.pdf"},
    "contact": {"phone_number": "+33100000000", "first_name": "Awa"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {
        "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
        "type": "regular", "allows_multiple_answers": False, "allows_revoting": False,
    },
}  # fmt: skip


@dataclass(slots=True)
class Group:
    """A group the bot is in."""

    api: FakeBotApi
    chat: Chat

    @property
    def sent(self) -> list[Sent]:
        return list(self.chat.sent.values())

    def topic(self, name: str) -> int:
        """Opens a topic of a forum: its id."""
        thread = self.api.next_message_id(self.chat)
        self.chat.topics[thread] = name
        return thread

    def becomes_supergroup(self) -> Group:
        """The group goes on under another id, as when its history is made visible."""
        grown = self.api.group(-1_000_000_000_000 + self.chat.id, title=self.chat.title)
        self.chat.state, self.chat.moved_to = State.UPGRADED, grown.chat.id
        admin = self.api.user(1).chat
        for chat, what, other in (
            (self.chat, "migrate_to_chat_id", grown.chat.id),
            (grown.chat, "migrate_from_chat_id", self.chat.id),
        ):
            message = _message(self.api, admin, chat) | {what: other}
            self.api.feed.put("message", message, lane=str(chat.id))
        return grown

    def removes_bot(self) -> None:
        self.chat.state = State.KICKED
        _membership(self.api, self.api.user(1).chat, self.chat, "member", "kicked")

    def is_deleted(self) -> None:
        self.chat.state = State.DELETED


@dataclass(slots=True)
class User:
    """One person. Each act returns the update's id, None when the bot had not asked for such updates."""

    api: FakeBotApi
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def screen(self) -> list[Sent]:
        """What the private chat shows of the bot, oldest first, as edited, without the deleted."""
        return [sent for sent in self.chat.sent.values() if not sent.deleted]

    def says(
        self, text: str, *, where: Group | None = None, topic: int = 0, reply_to: Sent | int | None = None
    ) -> int | None:
        return self._sends({"text": text}, text, where, topic, reply_to)

    def shares(
        self, latitude: float, longitude: float, *, live: bool = False, where: Group | None = None
    ) -> int | None:
        """A position; `live` goes on moving for an hour (see `moves`)."""
        location: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        return self._sends({"location": location | {"live_period": 3600} if live else location}, "", where)

    def moves(self, latitude: float, longitude: float) -> int | None:
        """The next step of a live position."""
        location = {"latitude": latitude, "longitude": longitude, "live_period": 3600}
        return self._edits(self.last_id(), {"location": location})

    def sends(
        self, kind: str, *, caption: str = "", where: Group | None = None, file: bytes = b"", size: int = 0
    ) -> int | None:
        """A sticker, voice, photo, video, document, contact, dice or poll; of photos and documents also the bytes, `size` of
        them as far as the bot is told."""
        what = MEDIA[kind]
        if file:
            kept = self.api.keep(File("plan.pdf" if kind == "document" else "", file))
            about = {"file_id": kept.id, "file_unique_id": kept.id, "file_size": size or len(file)}
            what = what | about if kind == "document" else [*what, what[0] | about]
        content = {kind: what} | ({"caption": caption} if caption else {})
        return self._sends(content, caption, where)

    def edits(self, text: str, message_id: int | None = None) -> int | None:
        """Changes the person's last message, or the one with this id."""
        message_id = message_id or self.last_id()
        self.chat.received[message_id] = text
        return self._edits(message_id, {"text": text} | _entities(text))

    def presses(self, button: str, *, on: Sent | None = None, where: Group | None = None) -> int | str | None:
        """Presses the newest button with this label, callback data, or part of a label.

        A button of the keyboard says its label; a link is returned, not followed. Raises LookupError.
        """
        chat = where.chat if where else self.chat
        sent, found = _find(button, [on] if on else list(chat.sent.values())[::-1])
        if "url" in found:
            return str(found["url"])
        if "callback_data" in found:
            return self.forges(str(found["callback_data"]), on=sent, where=where)
        return self.says(str(found["text"]), where=where)

    def forges(self, data: str, *, on: Sent | None = None, where: Group | None = None) -> int | None:
        """Sends any callback data, as a manipulated client can."""
        chat = where.chat if where else self.chat
        query = self._asks(self.api.callbacks)
        content: dict[str, Any] = {
            "id": query.id, "from": self.chat.as_user(), "chat_instance": str(chat.id), "data": data,
        }  # fmt: skip
        message = on or next(reversed(chat.sent.values()), None)
        if message is not None:
            content["message"] = message.message
            if message.deleted:
                content["message"] = {"chat": chat.as_chat(), "message_id": message.id, "date": 0}
        return self.api.feed.put("callback_query", content, lane=str(chat.id))

    def asks(self, text: str, *, position: tuple[float, float] | None = None) -> Query:
        """An inline question, `@bot text` typed in some other chat."""
        query = self._asks(self.api.inline_queries)
        content: dict[str, Any] = {"id": query.id, "from": self.chat.as_user(), "query": text, "offset": ""}
        if position:
            content["location"] = {"latitude": position[0], "longitude": position[1]}
        self.api.feed.put("inline_query", content, lane=f"inline-{self.id}")
        return query

    def blocks(self) -> int | None:
        self.chat.state = State.BLOCKED
        return _membership(self.api, self.chat, self.chat, "member", "kicked")

    def unblocks(self) -> int | None:
        self.chat.state, self.chat.warned = State.OPEN, False
        return _membership(self.api, self.chat, self.chat, "kicked", "member")

    def deactivates(self) -> None:
        """Deletes their account."""
        self.chat.state = State.DEACTIVATED

    async def hears(self, words: str = "", *, where: Group | None = None, within: float = 5.0) -> Sent:
        """The next message of the bot that has these words; what came before it will not be heard any more.

        Raises AssertionError, telling what came instead.
        """
        chat = where.chat if where else self.chat
        passed = chat.heard

        def found() -> Sent | None:
            return next((sent for sent in list(chat.sent.values())[passed:] if words in sent.text), None)

        try:
            await self.api.until(lambda: found() is not None, within)
        except TimeoutError:
            came = [sent.text for sent in list(chat.sent.values())[passed:]]
            raise AssertionError(f"{words!r} was not heard within {within} s, but {came}") from None
        sent = found()
        assert sent is not None
        chat.heard = list(chat.sent).index(sent.id) + 1
        return sent

    async def sees(self, query: Query, within: float = 5.0) -> list[dict[str, Any]]:
        """The results of an inline question. Raises TimeoutError."""
        await self.api.until(lambda: query.answered, within)
        return query.results

    def last_id(self) -> int:
        """The id of the person's last message to the bot."""
        return next(reversed(self.chat.received))

    def _sends(
        self, content: dict[str, Any], text: str, where: Group | None = None, topic: int = 0,
        reply_to: Sent | int | None = None,
    ) -> int | None:  # fmt: skip
        chat = where.chat if where else self.chat
        if chat.state in {State.NEVER_WROTE, State.BLOCKED}:
            chat.state, chat.warned = State.OPEN, False
        message = _message(self.api, self.chat, chat) | content
        if "text" in content:
            message |= _entities(text)
        elif "caption" in content:
            message["caption_entities"] = []
        if topic:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if isinstance(reply_to, Sent):
            message["reply_to_message"] = reply_to.message
        elif reply_to:
            message["reply_to_message"] = _message(self.api, self.chat, chat) | {"message_id": reply_to}
        chat.received[message["message_id"]] = text
        return self.api.feed.put("message", message, lane=str(chat.id))

    def _edits(self, message_id: int, content: dict[str, Any]) -> int | None:
        message = _message(self.api, self.chat, self.chat, message_id) | content
        message["edit_date"] = int(self.api.clock())
        return self.api.feed.put("edited_message", message, lane=str(self.id))

    def _asks(self, queries: dict[str, Query]) -> Query:
        query = Query(self.api.next_query_id(), self.id, self.api.clock())
        queries[query.id] = query
        return query


def _find(button: str, messages: list[Sent]) -> tuple[Sent, dict[str, Any]]:
    visible = [(sent, found) for sent in messages if not sent.deleted for found in sent.buttons]
    for matches in (
        [pair for pair in visible if button in {pair[1].get("text"), pair[1].get("callback_data")}],
        [pair for pair in visible if button in str(pair[1].get("text"))],
    ):
        if matches:
            return matches[0]
    raise LookupError(f"no button {button!r} among {[found.get('text') for _, found in visible]}")


def _entities(text: str) -> dict[str, Any]:
    found = user_entities(text)
    return {"entities": found} if found else {}


def _message(api: FakeBotApi, person: Chat, chat: Chat, message_id: int | None = None) -> dict[str, Any]:
    return {
        "message_id": message_id or api.next_message_id(chat),
        "from": person.as_user(),
        "chat": chat.as_chat(),
        "date": int(api.clock()),
    }


def _membership(api: FakeBotApi, person: Chat, chat: Chat, before: str, after: str) -> int | None:
    def member(status: str) -> dict[str, Any]:
        return {"user": api.me(), "status": status} | ({"until_date": 0} if status == "kicked" else {})

    content = {
        "chat": chat.as_chat(),
        "from": person.as_user(),
        "date": int(api.clock()),
        "old_chat_member": member(before),
        "new_chat_member": member(after),
    }
    return api.feed.put("my_chat_member", content, lane=str(chat.id))
