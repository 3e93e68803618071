"""Times that come again, in words: "tous les jeudis 18h jusqu'au 31 mars". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text import plain

DAYS = {
    "lundi": "MO", "mardi": "TU", "mercredi": "WE", "jeudi": "TH", "vendredi": "FR", "samedi": "SA", "dimanche": "SU",
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA", "sunday": "SU",
}  # fmt: skip
ORDINALS = {
    "premier": 1, "1er": 1, "first": 1, "deuxieme": 2, "2e": 2, "second": 2, "troisieme": 3, "3e": 3, "third": 3,
    "quatrieme": 4, "4e": 4, "fourth": 4, "dernier": -1, "last": -1,
}  # fmt: skip
_DAY = rf"(?:{'|'.join(DAYS)})s?"
_LIST = rf"{_DAY}(?: (?:et |and )?{_DAY})*"
_MONTHLY = re.compile(rf"({'|'.join(ORDINALS)}) ({_DAY}) (?:du mois|de chaque mois|of (?:the|each|every) month)")
_DATE_OF_MONTH = re.compile(r"(?:tous les mois|chaque mois|every month)(?: le| on the)? (\d{1,2})\b")
_FORTNIGHT = re.compile(
    rf"(?:toutes les (?:deux|2) semaines|tous les (?:quinze|15) jours|une semaine sur (?:deux|2)|every (?:two|2|other) weeks?)(?: le| on)? ?({_LIST})?"
    rf"|(?:un ({_DAY}) sur (?:deux|2)|every other ({_DAY}))"
)
_WEEKLY = re.compile(rf"(?:tous les|toutes les|chaque|every|each) ({_LIST})")
_WORKDAYS = re.compile("(?:tous les|chaque) jours? (?:de semaine|ouvrables?)|(?:every|each) (?:weekday|working day)")
_DAILY = re.compile("(?:tous les|chaque|every|each) (?:jours?|day|matins?|soirs?|morning|evening)|daily")
_AGAIN = re.compile(
    r"\b(?:tous les|toutes les|chaque|every|each|par (?:jour|semaine|mois|an)|hebdomadaire|weekly|monthly)\b"
)
_BUT = re.compile(rf"(?:sauf|except) (?:les? |on )?({_LIST})?")
_COUNT = re.compile(r"\b(\d{1,3}) (?:fois|times)\b")
_UNTIL = re.compile(r"\b(?:jusqu(?:['’]| )?(?:au|à|a|en)|until|till)\s+(.+)$", re.I)


@dataclass(frozen=True, slots=True)
class Recurring:
    rule: str
    """RFC 5545, without its end but for COUNT; "" for something that comes again in a way not known here."""
    until: str
    """The words of its last day, "" for none."""
    rest: str
    """The words without those."""


def read(words: str) -> Recurring | None:
    """None where nothing comes again."""
    until = _UNTIL.search(words)
    rest = words[: until.start()] if until else words
    said = plain(rest)
    rule = _rule(said)
    if not rule and not _AGAIN.search(said):
        return None
    count = _COUNT.search(said)
    if rule and count:
        rule += f";COUNT={count[1]}"
        rest = re.sub(r"\b\d{1,3} (?:fois|times)\b", "", rest)
    return Recurring(rule, until[1].strip() if until else "", rest)


def _rule(said: str) -> str:
    if found := _MONTHLY.search(said):
        return f"FREQ=MONTHLY;BYDAY={ORDINALS[found[1]]}{_days(found[2])}"
    if found := _DATE_OF_MONTH.search(said):
        return f"FREQ=MONTHLY;BYMONTHDAY={found[1]}" if 1 <= int(found[1]) <= 31 else ""
    if found := _FORTNIGHT.search(said):
        days = _days(found[1] or found[2] or found[3] or "")
        return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={days}" if days else ""
    if found := _BUT.search(said):
        without = _days(found[1] or "").split(",")
        kept = [day for day in dict.fromkeys(DAYS.values()) if day not in without]
        return f"FREQ=WEEKLY;BYDAY={','.join(kept)}" if found[1] and kept and _DAILY.search(said) else ""
    if _WORKDAYS.search(said):
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    if found := _WEEKLY.search(said):
        return f"FREQ=WEEKLY;BYDAY={_days(found[1])}"
    return "FREQ=DAILY" if _DAILY.search(said) else ""


def _days(said: str) -> str:
    named = [DAYS[word.removesuffix("s")] for word in said.split() if word.removesuffix("s") in DAYS]
    return ",".join(dict.fromkeys(named))
