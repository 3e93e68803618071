"""An announcement as people get it; the preview is the same."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.messages import Button, Media, Pin, Reply, formatted
from bot.texts import texts
from handlers.announcement_buttons import Chosen
from handlers.notification_buttons import fewer
from handlers.participation_buttons import Join
from knowledge.announcements.content import Choice, Link, SignUp, Tap
from storage.announcements import Announcement


def reply(announcement: Announcement, language: str, zone: ZoneInfo, *, group: bool = False) -> Reply:
    """For somebody who uses `language`, or for a `group`."""
    content = announcement.content
    language = content.chosen(language)
    words = content.words[language]
    labels = [*words.labels, *content.words[content.default_language].labels[len(words.labels) :]]
    rows: list[tuple[Button, ...]] = [
        (_button(announcement.id, number, tap, label),)
        for number, (tap, label) in enumerate(zip(content.buttons, labels, strict=False))
    ]
    spoken, place, attached = texts(language, zone), content.place, content.attachment
    if not group:
        rows.append(tuple(fewer(spoken, announcement.kind)))
    return Reply(
        spoken.laid_out(formatted(words.text)),
        buttons=tuple(rows),
        media=Media(attached.number, attached.picture, attached.name, attached.media_type) if attached else None,
        pin=Pin(place.latitude, place.longitude, place.title, place.address) if place else None,
    )


def _button(announcement: int, number: int, tap: Tap, label: str) -> Button:
    match tap:
        case Choice():
            return Button(label, Chosen(announcement, number).pack())
        case Link(url=url):
            return Button(label, url=url)
        case SignUp(session_id=session):
            return Button(label, Join(session).pack())
