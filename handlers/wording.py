"""How an answer reads: one service in a few lines, most important first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.messages import strong
from bot.texts import SOURCE_LANGUAGE, Texts
from handlers.labels import need_name
from knowledge.search import Closure, Found, Status
from knowledge.service import Service

A_DAY = timedelta(days=1)
STALE = timedelta(days=183)
"""Checked longer ago than half a year: call first."""


def service_lines(texts: Texts, found: Found, now: datetime, *, interval: bool) -> str:
    """One service in a few lines. `interval`: hours of a time asked about, not of now."""
    lines = [_headline(texts, found)]
    lines.append("   " + _hours_line(texts, found, now, interval=interval))
    lines.extend("   " + line for line in _where_lines(texts, found.service))
    lines.extend("   " + line for line in _admission_lines(texts, found))
    lines.append("   " + checked_line(texts, found.service, now.date()))
    return "\n".join(lines)


def _headline(texts: Texts, found: Found) -> str:
    name = strong(found.service.name)
    if found.walk_minutes is None or found.distance_m is None or (found.approximate and found.service.address):
        return name  # the address says more than a guess at the distance
    if found.approximate:
        return texts.t("{name} — somewhere in the district", name=name)
    distance = texts.distance(found.distance_m)
    return texts.t(
        "{name} — {time} on foot ({distance})",
        name=name,
        time=texts.minutes(found.walk_minutes),
        distance=distance,
    )


def _hours_line(texts: Texts, found: Found, now: datetime, *, interval: bool) -> str:
    t = texts.t
    if found.temporarily_closed is not None:
        return _closure_line(texts, found.temporarily_closed, now)
    if found.too_late and found.closes_at and found.arrives_at:
        return _too_late_line(texts, found, now, found.last_entry_at or found.closes_at, found.arrives_at)
    if found.status is Status.UNKNOWN:
        if found.service.phone:
            return t("🕐 hours not published, call first: {phone}", phone=found.service.phone)
        return t("🕐 hours not published")
    if found.status is Status.OPENS_LATER and found.opens_at:
        return t("🕐 opens {day} at {time}", day=texts.day(found.opens_at, now), time=texts.time(found.opens_at))
    if found.status in (Status.OPEN, Status.CLOSING_SOON):
        return _open_line(texts, found, now, interval=interval)
    return t("🕐 closed")


def _too_late_line(texts: Texts, found: Found, now: datetime, last: datetime, arrival: datetime) -> str:
    if found.opens_at is None:
        return texts.t(
            "🕐 last entry {last}, you would arrive at {arrival}: too late",
            last=texts.time(last),
            arrival=texts.time(arrival),
        )
    return texts.t(
        "🕐 last entry {last}, you would arrive at {arrival}: too late; opens again {day} at {opens}",
        last=texts.time(last),
        arrival=texts.time(arrival),
        day=texts.day(found.opens_at, now),
        opens=texts.time(found.opens_at),
    )


def _closure_line(texts: Texts, closure: Closure, now: datetime) -> str:
    t, reason = texts.t, closure.reason
    if closure.until is None:
        if reason:
            return t("⛔ closed until further notice: {reason}", reason=reason)
        return t("⛔ closed until further notice")
    until = texts.date(closure.until.isoformat(), now.date())
    if reason:
        return t("⛔ closed until {date}: {reason}", date=until, reason=reason)
    return t("⛔ closed until {date}", date=until)


def _open_line(texts: Texts, found: Found, now: datetime, *, interval: bool) -> str:
    t = texts.t
    if found.closes_at is None:
        return t("🕐 open day and night")
    closes = texts.time(found.closes_at)
    if found.closes_at - now > A_DAY and not interval:
        return t("🕐 open day and night until {day}, {time}", day=texts.day(found.closes_at, now), time=closes)
    if interval and found.opens_at is not None:
        return t(
            "🕐 {day} from {opens} to {closes}",
            day=texts.day(found.opens_at, now),
            opens=texts.time(found.opens_at),
            closes=closes,
        )
    has_last_entry = found.last_entry_at is not None and found.last_entry_at != found.closes_at
    if has_last_entry and found.last_entry_at is not None:
        return t("🕐 open until {closes}, last entry {last}", closes=closes, last=texts.time(found.last_entry_at))
    if found.status is Status.CLOSING_SOON:
        return t("🕐 closes soon, at {closes}", closes=closes)
    return t("🕐 open until {closes}", closes=closes)


def _where_lines(texts: Texts, service: Service) -> list[str]:
    t = texts.t
    if service.confidential:
        if service.phone:
            return [t("☎️ address not shown, call: {phone}", phone=service.phone)]
        return [t("📍 address not shown, a social service can refer you")]
    address = full_address(texts, service)
    lines = [f"📍 {texts.apart(address)}"] if address else []
    if service.position_quality == "disputed":
        lines.append(t("⚠️ the address is to be confirmed"))
    if service.phone:
        lines.append(f"☎️ {texts.apart(service.phone)}")
    return lines


def full_address(texts: Texts, service: Service) -> str:
    """Street and district: "6 rue Hermann-Lachapelle, 18e"; "" for a confidential place."""
    if service.confidential:
        return ""
    place = district(texts, service.postcode)
    return ", ".join(part for part in (service.address, place) if part)


def district(texts: Texts, postcode: str) -> str:
    """ "18e" for 75018, the postcode itself outside Paris."""
    if len(postcode) == 5 and postcode.startswith("75"):
        number = int(postcode[3:])
        return texts.t("Paris 1") if number == 1 else texts.t("Paris {number}", number=number)
    return postcode


def _admission_lines(texts: Texts, found: Found) -> list[str]:
    service, lines = found.service, []
    words = conditions(texts, service)
    if words:
        lines.append(f"ℹ️ {texts.apart(words)}")
    if service.only:
        people = ", ".join(need_name(texts, need) for need in sorted(service.only))
        lines.append(texts.t("👤 only for: {people}", people=people))
    if found.unknown_needs:
        needs = ", ".join(need_name(texts, need) for need in found.unknown_needs)
        lines.append(texts.t("❔ not known, ask them: {needs}", needs=needs))
    return lines


def conditions(texts: Texts, service: Service) -> str:
    """Who is admitted and what to bring: as the directory says it in this language, or translated from English; as it
    says it in another one where nobody has."""
    said = service.conditions
    if texts.language in said:
        return said[texts.language]
    english = said.get(SOURCE_LANGUAGE, "")
    return texts.tc("conditions", english) if english else said.get("fr", "")


def checked_line(texts: Texts, service: Service, today: date) -> str:
    """When the facts were last checked, and what to do about it."""
    t = texts.t
    checked = texts.date(service.verified_on, today) if service.verified_on else ""
    if not service.verified:
        if checked:
            return t("⚠️ to be checked, call first (last known: {date})", date=checked)
        return t("⚠️ to be checked, call first")
    if not checked:
        return t("⚠️ date of last check not known, call first")
    if is_stale(service, today):
        if service.phone:
            return t("⚠️ checked {date}, call before you go", date=checked)
        return t("⚠️ checked {date}, may have changed since", date=checked)
    return t("✔️ checked {date}", date=checked)


def is_stale(service: Service, today: date) -> bool:
    padded = (
        (service.verified_on + "-01-01")[:10] if len(service.verified_on) == 4 else (service.verified_on + "-01")[:10]
    )
    try:
        return today - date.fromisoformat(padded) > STALE
    except ValueError:
        return True
