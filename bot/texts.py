"""What people read, in their language: gettext catalogs, and dates, distances and phone numbers as they are written there."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from bot.locale_data import locale
from bot.messages import STRONG_ON
from knowledge.kept import Shelf, fingerprint

SOURCE_LANGUAGE = "en"
LANGUAGES = {
    "fr": "Français", "en": "English", "ar": "العربية", "es": "Español", "pt": "Português", "ro": "Română",
    "ru": "Русский", "uk": "Українська", "fa": "فارسی", "ps": "پښتو",
}  # fmt: skip
"""Languages with a complete catalog, each by its own name."""

# Marks of the Unicode bidirectional algorithm (UAX 9).
RIGHT_TO_LEFT, ISOLATE, END_ISOLATE = "\u200f", "\u2068", "\u2069"
MARKS = dict.fromkeys(map(ord, (RIGHT_TO_LEFT, ISOLATE, END_ISOLATE)))
"""For `str.translate`, where nobody reads from right to left: terminals show the marks."""

_COMMAND = re.compile(r"(?<![\w/<])[/!][a-z]+\b")

_ELIDED = re.compile(f"\\b([dD])e ({STRONG_ON}?[AEIOUYÀÂÉÈÊËÎÏÔÛaeiouyàâéèêëîïôû])")
"""In French "près de" and "Oberkampf" make "près d’Oberkampf"; a catalog cannot know what a placeholder begins with."""


def _translations(language: str) -> gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    catalog = files("bot.locales").joinpath(language, "LC_MESSAGES", "messages.po")
    shelf, name, now = Shelf(files("bot.locales")), f"{language}.mo", fingerprint([catalog])
    compiled = shelf.take(name, now)
    if compiled is None:
        compiled = _compiled(catalog.read_bytes(), language)
        shelf.keep(name, now, compiled)
    return gettext.GNUTranslations(io.BytesIO(compiled))


def _compiled(catalog: bytes, language: str) -> bytes:
    """What gettext reads, of what translators write."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - 1 MB of memory, for a first start only
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(catalog), locale=language))
    return compiled.getvalue()


class Texts:
    """Texts in one language. Sentences are written in English in the code; catalogs translate whole sentences."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone
        self._locale = locale(language)
        self.right_to_left = self._locale.character_order == "right-to-left"
        self._translations = _translations(language)

    def t(self, message: str, **values: object) -> str:
        """`message` in this language with its named placeholders filled in."""
        translated = self._translations.gettext(message)
        if not values:
            return translated
        if self.right_to_left:
            return translated.format(**{name: self.apart(value) for name, value in values.items()})
        said = translated.format(**values)
        return _ELIDED.sub(r"\1’\2", said) if self.language == "fr" and "de {" in translated else said

    def apart(self, value: object) -> str:
        """A name, an address or a number as it stands within a sentence: where one writes from right to left, it keeps its
        own direction, or "01 46 06 46 47" is read from its end."""
        return f"{ISOLATE}{value}{END_ISOLATE}" if self.right_to_left else str(value)

    def laid_out(self, text: str) -> str:
        """`text` with every line in the direction of this language, whatever letter it begins with, and every /command in
        its own."""
        if not self.right_to_left:
            return text
        apart = _COMMAND.sub(f"{ISOLATE}\\g<0>{END_ISOLATE}", text)
        return "\n".join(f"{RIGHT_TO_LEFT}{line}" for line in apart.split("\n"))

    def tn(self, one: str, many: str, count: int, **values: object) -> str:
        """As `t`, the form for `count`, which is also the placeholder `{count}`."""
        return self._translations.ngettext(one, many, count).format(count=count, **values)

    def tc(self, context: str, message: str) -> str:
        """As `t`, for words that mean different things in different places."""
        return self._translations.pgettext(context, message)

    def time(self, moment: datetime) -> str:
        """The local time of day: 18:00, 6:00 PM."""
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M}" if self.language != "en" else str(format_time(local, "short", locale=self._locale))

    def day(self, moment: datetime, now: datetime) -> str:
        """The local day of `moment` as one says it at `now`: "today", "tomorrow", "Tuesday 8 Dec"."""
        local, today = moment.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        if local == today:
            return self.t("today")
        if (local - today).days == 1:
            return self.t("tomorrow")
        return str(format_date(local, "EEEE d MMM", locale=self._locale))

    @lru_cache(maxsize=1024)  # noqa: B019 - as many instances as languages
    def date(self, iso: str, today: date) -> str:
        """A possibly partial ISO date ("2014-10") as short as it stays clear: 15/09, 15/09/2025, 10/2014, 2014."""
        parts = iso.split("-")
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            return f"{parts[1]}/{parts[0]}"
        if int(parts[0]) == today.year:
            return str(format_date(date.fromisoformat(iso), self.tc("date of this year", "d MMM"), locale=self._locale))
        return str(format_date(date.fromisoformat(iso), "d MMM y", locale=self._locale))

    def minutes(self, minutes: int) -> str:
        """12 min, 1 h 36."""
        if minutes < 60:
            return self._translations.gettext("{minutes} min").format(minutes=minutes)
        return self._translations.gettext("{hours} h {minutes}").format(
            hours=minutes // 60, minutes=f"{minutes % 60:02d}"
        )

    @lru_cache(maxsize=4096)  # noqa: B019 - as many instances as languages
    def distance(self, metres: int) -> str:
        """450 m, 1.6 km."""
        if metres < 1000:
            return self._translations.gettext("{metres} m").format(metres=max(10, round(metres, -1)))
        kilometres = format_decimal(round(metres / 1000, 1), locale=self._locale)
        return self._translations.gettext("{kilometres} km").format(kilometres=kilometres)


@cache
def texts(language: str, zone: ZoneInfo) -> Texts:
    """The texts of `language`, or of the source language when there is no catalog for it; kept once read."""
    return Texts(language if language in LANGUAGES else SOURCE_LANGUAGE, zone)


def few_words(language: str) -> Callable[[str], str]:
    """`t` without values for a few texts, once: nothing is kept, nothing about dates and numbers is read."""
    return _translations(language if language in LANGUAGES else SOURCE_LANGUAGE).gettext
