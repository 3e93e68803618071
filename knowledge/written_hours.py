"""Opening hours as people and feeds write them -> OSM opening_hours syntax, spelling only: nothing is guessed."""

from __future__ import annotations

import re

_DAYS = {
    "lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th", "vendredi": "Fr", "samedi": "Sa", "dimanche": "Su",
    "lun": "Mo", "mer": "We", "jeu": "Th", "ven": "Fr", "sam": "Sa", "dim": "Su",
}  # fmt: skip
"""French days. "mar" is left out: it is also the English month of March."""

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_TIME = r"\d{1,2}:\d{2}"

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, flags), replacement)
    for pattern, replacement, flags in (
        (r"[‐‑‒–—−]", "-", 0),
        (r"\s+", " ", 0),
        # "24h/24", "24 h / 24", "24/24h", with "7j/7" or not
        (r"\b24 ?h? ?/ ?24 ?h?\b(?:,? ?\b7 ?j? ?/ ?7 ?j?\b)?", "24/7", re.IGNORECASE),
        # "9h", "09H30", "9 h 30"
        (r"\b(\d{1,2}) ?h ?(\d{2})\b", r"\1:\2", re.IGNORECASE),
        (r"\b(\d{1,2}) ?h\b", r"\1:00", re.IGNORECASE),
        (r"\b(\d{1,2})\.(\d{2})\b", r"\1:\2", 0),
        (r"\bferm[ée]e?s?\b", "off", re.IGNORECASE),
        (rf"\b(?:du|de|le) (?={_DAY}\b|{_TIME})", "", re.IGNORECASE),
        (rf"(?<=[a-z\d]) (?:au|à|a) (?={_DAY}\b|{_TIME})", "-", re.IGNORECASE),
        (rf" et (?={_DAY}\b|{_TIME})", ",", re.IGNORECASE),
        # "Mo - Fr 09:00 - 12:00"; "easter -2 days" keeps its space
        (rf" ?- (?=\w)| -(?={_TIME})", "-", 0),
        # "Mo-Fr : 09:00-12:00"
        (rf" ?: (?={_TIME})", " ", 0),
        # ", 14:00-18:00" would open a rule for every day of the week; within one rule the comma stands alone
        (rf"({_TIME}) ?, ?(?={_TIME})", r"\1,", 0),
        # "09:00-12:00,Sa 10:00-12:00" lacks the space of a new rule
        (rf"({_TIME}),(?={_DAY}\b)", r"\1, ", 0),
        (r" ?; ?(?:; ?)*", "; ", 0),
    )
)
_FRENCH_DAY = re.compile(rf"\b({'|'.join(_DAYS)})\b\.?", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` in OSM spelling where the meaning is plain ("9h–12h ;" -> "9:00-12:00"); quoted comments stay as they are.

    What is already OSM syntax keeps its meaning, and cleaning twice changes nothing more.
    """
    parts = text.split('"')
    parts[::2] = [_clean_rules(part) for part in parts[::2]]
    return '"'.join(parts).strip(" ;,")


def _clean_rules(rules: str) -> str:
    rules = _FRENCH_DAY.sub(lambda match: _DAYS[match[1].lower()], rules)
    for pattern, replacement in _STEPS:
        rules = pattern.sub(replacement, rules)
    return rules
