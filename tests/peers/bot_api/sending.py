"""The methods that put messages into chats, edit and delete them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.peers.bot_api import arguments as read
from tests.peers.bot_api import markup
from tests.peers.bot_api.chats import Chat, Sent, State
from tests.peers.bot_api.entities import parse_html, utf16_length
from tests.peers.bot_api.errors import bad_request, too_many_requests
from tests.peers.bot_api.files import File

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""UTF-16 units after entities. Source: Telegram Bot API, sendMessage and sendPhoto."""
MAX_PHOTO = 10 << 20
"""Bytes. Source: Telegram Bot API, "Sending files"."""
IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
FILES = {"sendphoto": "photo", "senddocument": "document"}
MAX_SOURCE = 1 << 15
"""Bytes before entities. Source: the public Bot API server, get_formatted_text."""
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip

Content = Callable[[read.Arguments], tuple[str, dict[str, Any]]]
"""Reads a message's content: what a person sees of it, and the fields of the Message object."""


def formatted(source: str, mode: str, entities: Any = None) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of `source` in a parse mode."""
    if len(source) > MAX_SOURCE // 4 and len(source.encode()) > MAX_SOURCE:
        raise bad_request("Text is too long")
    if not mode or mode.lower() == "none":
        return source, list(entities or [])
    if mode.lower() != "html":
        raise bad_request("Unsupported parse_mode" if "markdown" not in mode.lower() else "this fake reads HTML only")
    return parse_html(source)


def text_content(arguments: read.Arguments) -> tuple[str, dict[str, Any]]:
    source = read.text(arguments, "text")
    if not source:
        raise bad_request("Message text is empty")
    entities = read.structure(arguments, "entities", "entities")
    text, found = formatted(source, read.text(arguments, "parse_mode"), entities)
    if not text.strip():
        raise bad_request("Text must be non-empty" if text else "Message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("Message is too long")
    return text, {"text": text, "entities": found} if found else {"text": text}


def location_content(arguments: read.Arguments) -> tuple[str, dict[str, Any]]:
    return "", {"location": _location(arguments)}


def venue_content(arguments: read.Arguments) -> tuple[str, dict[str, Any]]:
    location = _location(arguments)
    title, address = read.required(arguments, "title"), read.required(arguments, "address")
    return f"{title}\n{address}", {
        "location": location,
        "venue": {"location": location, "title": title, "address": address},
    }


def contact_content(arguments: read.Arguments) -> tuple[str, dict[str, Any]]:
    phone, name = read.required(arguments, "phone_number"), read.required(arguments, "first_name")
    return f"{name}\n{phone}", {"contact": {"phone_number": phone, "first_name": name}}


def photo_content(arguments: read.Arguments) -> tuple[str, dict[str, Any]]:
    file = _file(arguments, "photo")
    if len(file.content) > MAX_PHOTO:
        raise bad_request("file is too big for a photo")
    if not file.content.startswith(IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    small, large = (
        {
            "file_id": f"{file.id}{tail}",
            "file_unique_id": f"{file.id}{tail}",
            "width": side,
            "height": side,
            "file_size": size,
        }
        for tail, side, size in (("s", 90, 900), ("", 1280, len(file.content)))
    )
    return _captioned(arguments, {"photo": [small, large]})


def document_content(arguments: read.Arguments) -> tuple[str, dict[str, Any]]:
    file = _file(arguments, "document")
    about = {"file_id": file.id, "file_unique_id": file.id, "file_name": file.name, "file_size": len(file.content)}
    return _captioned(arguments, {"document": about})


CONTENTS: dict[str, Content] = {
    "sendmessage": text_content,
    "sendlocation": location_content,
    "sendvenue": venue_content,
    "sendcontact": contact_content,
    "sendphoto": photo_content,
    "senddocument": document_content,
}


def send(api: FakeBotApi, method: str, arguments: read.Arguments) -> bytes:
    """Any method of CONTENTS. The Message object, as JSON."""
    if method in FILES:
        arguments = arguments | {FILES[method]: _uploaded(api, arguments.get(FILES[method]), FILES[method])}
    text, content = CONTENTS[method](arguments)
    raw_markup = read.structure(arguments, "reply_markup", "reply keyboard markup")
    reply = read.structure(arguments, "reply_parameters", "reply parameters")
    chat = writable(api, arguments)
    keyboard = markup.check(raw_markup, chat.private)
    thread = chat.check_thread(read.integer(arguments, "message_thread_id"))
    replied = _replied(chat, reply or {"message_id": arguments.get("reply_to_message_id")})
    _pace(api, chat)
    message = {
        "message_id": api.next_message_id(chat),
        "from": api.me(),
        "chat": chat.as_chat(),
        "date": int(api.clock()),
        **content,
    }
    if replied:
        message["reply_to_message"] = replied
    if thread:
        message |= {"message_thread_id": thread, "is_topic_message": True}
    if keyboard and "inline_keyboard" in keyboard:
        message["reply_markup"] = keyboard
    body = json.dumps(message, ensure_ascii=False).encode()
    sent = Sent(chat.id, message["message_id"], method, api.clock(), body, text, keyboard, thread)
    api.record(chat, sent)
    return body


def edit_text(api: FakeBotApi, arguments: read.Arguments) -> bytes:
    text, content = text_content(arguments)
    keyboard = markup.check_inline(read.structure(arguments, "reply_markup", "reply keyboard markup"))
    sent = _own(api, arguments, "edit")
    if "text" not in sent.message:
        raise bad_request("there is no text in the message to edit")
    return _edit(api, sent, text, content, keyboard)


def edit_markup(api: FakeBotApi, arguments: read.Arguments) -> bytes:
    keyboard = markup.check_inline(read.structure(arguments, "reply_markup", "reply keyboard markup"))
    sent = _own(api, arguments, "edit")
    return _edit(api, sent, sent.text, {}, keyboard)


def delete(api: FakeBotApi, arguments: read.Arguments) -> bool:
    chat = writable(api, arguments)
    message_id = read.integer(arguments, "message_id")
    if chat.received.pop(message_id, None) is None:
        _own(api, arguments, "delete").deleted = True
    api.changed()
    return True


def chat_action(api: FakeBotApi, arguments: read.Arguments) -> bool:
    if read.text(arguments, "action") not in ACTIONS:
        raise bad_request("Wrong parameter action in request")
    writable(api, arguments)
    return True


def writable(api: FakeBotApi, arguments: read.Arguments) -> Chat:
    """The chat a call names, if the bot may write there."""
    chat = api.find_chat(arguments)
    refusal = chat.refusal()
    if refusal is not None:
        if chat.warned and chat.state is not State.UPGRADED:
            api.violations["wrote to a chat that is gone"] += 1
        chat.warned = True
        raise refusal
    return chat


def _edit(api: FakeBotApi, sent: Sent, text: str, content: dict[str, Any], keyboard: dict[str, Any] | None) -> bytes:
    message = sent.message
    before = json.dumps(message, sort_keys=True)
    message.pop("reply_markup", None)
    if content:
        message.pop("entities", None)
    message |= content
    if keyboard:
        message["reply_markup"] = keyboard
    if json.dumps({key: message[key] for key in message if key != "edit_date"}, sort_keys=True) == json.dumps(
        {key: value for key, value in json.loads(before).items() if key != "edit_date"}, sort_keys=True
    ):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    _pace(api, api.chats[sent.chat])
    message["edit_date"] = int(api.clock())
    sent.edits.append(sent.text)
    sent.text, sent.markup = text, keyboard
    sent.body = json.dumps(message, ensure_ascii=False).encode()
    api.changed()
    return sent.body


def _own(api: FakeBotApi, arguments: read.Arguments, what: str) -> Sent:
    """The bot's message a call names."""
    if read.text(arguments, "inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable(api, arguments)
    message_id = read.integer(arguments, "message_id")
    sent = chat.sent.get(message_id)
    if sent is None and message_id in chat.received:
        raise bad_request(f"message can't be {what}ed")
    if sent is None or sent.deleted:
        raise bad_request(f"message to {what} not found")
    return sent


def _pace(api: FakeBotApi, chat: Chat) -> None:
    wait = api.rates.refuse(chat.id, chat.private, api.clock())
    if wait:
        raise too_many_requests(wait)


def _replied(chat: Chat, reply: dict[str, Any]) -> dict[str, Any] | None:
    message_id = read.integer(reply, "message_id")
    if not message_id:
        return None
    if message_id in chat.sent and not chat.sent[message_id].deleted:
        return chat.sent[message_id].message
    if message_id in chat.received:
        return {
            "message_id": message_id, "date": 0, "chat": chat.as_chat(), "text": chat.received[message_id],
        }  # fmt: skip
    if read.flag(reply, "allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _location(arguments: read.Arguments) -> dict[str, float]:
    return {
        "latitude": read.coordinate(arguments, "latitude", 90),
        "longitude": read.coordinate(arguments, "longitude", 180),
    }


def _uploaded(api: FakeBotApi, value: Any, what: str) -> File:
    """The file that a call brings or names."""
    if isinstance(value, File):
        return api.keep(value)
    if not value:
        raise bad_request(f"There is no {what} in the request")
    if str(value) not in api.files:
        raise bad_request("Wrong file identifier/HTTP URL specified")
    return api.files[str(value)]


def _file(arguments: read.Arguments, name: str) -> File:
    file = arguments[name]
    assert isinstance(file, File)
    return file


def _captioned(arguments: read.Arguments, content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    text, entities = formatted(read.text(arguments, "caption"), read.text(arguments, "parse_mode"))
    if utf16_length(text) > MAX_CAPTION:
        raise bad_request("Message caption is too long")
    if text:
        content |= {"caption": text, "caption_entities": entities}
    return text, content
