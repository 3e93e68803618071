"""Formatted text: Telegram's HTML, and what it marks by itself in what people write.

Source: Telegram Bot API, "Formatting options"; the errors as the public Bot API server words them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.peers.bot_api.errors import ApiError, bad_request

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "tg-emoji": "custom_emoji", "tg-time": "date_time", "code": "code",
    "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_TAG = re.compile(r"""<(/?)([^\s>]*)((?:[^>"']|"[^"]*"|'[^']*')*)(>?)""")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)\s*(?:=\s*("[^"]*"|'[^']*'|[\w.\-]*))?""")
_USER_ENTITY = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<!\w)@[a-zA-Z0-9_]{2,32}(?!\w))"
    r"|(?P<url>https?://[^\s]+)"
)


def utf16_length(text: str) -> int:
    """Telegram's unit of length: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    argument: str


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The visible text and its entities (offsets in UTF-16 units). Raises "can't parse entities"."""
    if "<" not in source and "&" not in source:
        return source, []
    parts: list[str] = []
    length = 0
    opened: list[_Open] = []
    entities: list[dict[str, Any]] = []
    position = 0
    while position < len(source):
        bracket = source.find("<", position)
        plain = decode(source[position:] if bracket < 0 else source[position:bracket])
        parts.append(plain)
        length += utf16_length(plain)
        if bracket < 0:
            break
        match = _TAG.match(source, bracket)
        assert match is not None
        closing, name, attributes, end = match.groups()
        name = name.lower()
        if closing:
            if not opened:
                raise _cannot_parse("Unexpected end tag", source, bracket)
            if not end or attributes.strip():
                raise _cannot_parse("Unclosed end tag", source, bracket)
            last = opened.pop()
            if name and name != last.tag:
                found = f', expected "</{last.tag}>", found "</{name}>"'
                raise _cannot_parse("Unmatched end tag", source, bracket, found)
            if length > last.start:
                entities.append(_entity(last, length))
        else:
            if not end:
                raise _cannot_parse("Unclosed start tag", source, bracket)
            if name not in TAGS:
                raise _cannot_parse(f'Unsupported start tag "{name}"', source, bracket)
            opened.append(_Open(name, length, _argument(name, attributes, source, bracket)))
        position = match.end()
    if opened:
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1].tag}\"")
    return "".join(parts), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def decode(text: str) -> str:
    """Character references replaced; unknown ones stay as they are written."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def user_entities(text: str) -> list[dict[str, Any]]:
    """What Telegram marks in a text a person wrote: commands, mentions, links."""
    return [
        {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _USER_ENTITY.finditer(text)
    ]


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED.get(name, match.group())
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF else match.group()


def _argument(tag: str, attributes: str, source: str, bracket: int) -> str:
    argument = ""
    position = 0
    while attributes[position:].strip():
        match = _ATTRIBUTE.match(attributes, position)
        if match is None:
            raise _cannot_parse(f'Empty attribute name in the tag "{tag}"', source, bracket)
        name, value = match.group(1), decode((match.group(2) or "").strip("\"'"))
        if (tag, name) in {("a", "href"), ("span", "class"), ("tg-emoji", "emoji-id")}:
            argument = value
        position = match.end()
    if tag == "span" and argument != "tg-spoiler":
        raise _cannot_parse('Tag "span" must have class "tg-spoiler"', source, bracket)
    return argument


def _entity(opened: _Open, end: int) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": TAGS[opened.tag], "offset": opened.start, "length": end - opened.start}
    if opened.tag == "a":
        entity["url"] = opened.argument
    elif opened.tag == "tg-emoji":
        if not opened.argument.isdigit():
            raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = opened.argument
    return entity


def _cannot_parse(what: str, source: str, position: int, found: str = "") -> ApiError:
    offset = len(source[:position].encode("utf-8", "surrogatepass"))
    return bad_request(f"can't parse entities: {what} at byte offset {offset}{found}")
