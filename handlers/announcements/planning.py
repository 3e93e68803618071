"""When it goes out: once, or again and again, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.forms import NotUnderstood
from bot.messages import Button
from bot.turn import Turn
from handlers.announcements.buttons import Draft
from handlers.announcements.drafting import Open, ask, change, close, draft_of, may_send, note, write
from handlers.announcements.naming import moment_name
from handlers.staff import reading
from knowledge.announcements import recurring
from knowledge.announcements.times import following, next_time
from knowledge.participation.recurrence import BadRule, local, localised
from knowledge.text import plain
from storage import announcements
from storage.announcements import Announcement
from storage.roles import Role

FARTHEST = timedelta(days=400)
SHOWN = 3


_PAST = re.compile(r"\b(hier|yesterday)\b")
"""Sentences that ask for a place look only ahead: "hier 9h" would be tomorrow's 9:00."""
_IN = re.compile(r"\b(?:dans|in) (\d{1,3}) ?(minutes?|mins?|mn|heures?|hours?|h)\b")


class BadMoment(ValueError):
    """`why`: past, far, never."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Planned:
    first: datetime
    """Local, without zone."""
    rule: str
    """RFC 5545, "" for once."""


def read(turn: Turn, words: str) -> Planned:
    """ "demain 9h", "tous les jeudis 18h jusqu'au 31 mars". Raises NotUnderstood, BadMoment."""
    again = recurring.read(words)
    zone = turn.texts.zone
    now = local(turn.now, zone)
    if again is None:
        return Planned(moment_to_come(turn, words), "")
    hour = reading.hour_of(again.rest)
    if hour is None or not again.rule:
        raise NotUnderstood
    rule = again.rule
    if again.until:
        last = reading.day(turn, again.until)
        if last < now.date() and not re.search(r"\d{4}", again.until):
            last = last.replace(year=last.year + 1)
        if last < now.date():
            raise BadMoment("past")
        rule += f";UNTIL={last:%Y%m%d}"
    try:
        start = now.replace(hour=hour[0], minute=hour[1], second=0, microsecond=0)
        found = next_time(
            rule.replace(";INTERVAL=2", ""), start, turn.now, zone
        )  # every other week from the coming one
    except BadRule:  # no day fits it
        raise BadMoment("never") from None
    except ValueError:  # 25 o'clock
        raise NotUnderstood from None
    if found is None:
        raise BadMoment("never")
    return Planned(found.local, rule)


def moment_to_come(turn: Turn, words: str) -> datetime:
    """Local, without zone. Raises NotUnderstood, BadMoment."""
    if _PAST.search(plain(words)):
        raise BadMoment("past")
    soon = _IN.search(plain(words))
    if soon is not None:
        wait = timedelta(**{"minutes" if soon[2].startswith("m") else "hours": int(soon[1])})
        if not wait:
            raise BadMoment("past")
        return local(turn.now + wait, turn.texts.zone)
    found = reading.moment(turn, words)
    if localised(found, turn.texts.zone) <= turn.now:
        raise BadMoment("past")
    if found > local(turn.now, turn.texts.zone) + FARTHEST:
        raise BadMoment("far")
    return found


def ask_when(turn: Turn, one: Open, said: str = "") -> None:
    question = turn.texts.t("When does it go out?")
    hint = turn.texts.t("For example “tomorrow 9:00” or “every Thursday 18:00 until 31 March”.")
    ask(turn, replace(one, step="when"), f"{question}\n{hint}", said=said)


def wrong(turn: Turn, error: BadMoment) -> str:
    t = turn.texts.t
    if error.why == "past":
        return t("That moment is over. Which day and hour to come?")
    if error.why == "far":
        return t("That is more than a year ahead. Which day and hour?")
    return t("That would never come.")


def said(turn: Turn, one: Open, _held: Role) -> None:
    """Plans it, and says when that is."""
    from handlers.announcements.preview import card  # noqa: PLC0415 - its buttons lead back here

    try:
        planned = read(turn, turn.incoming.text)
    except BadMoment as error:
        ask_when(turn, one, wrong(turn, error))
        return
    except NotUnderstood:
        ask_when(turn, one)
        return
    found = draft_of(turn, one.draft, one.version)
    if found is None or not allowed_to_send(turn, *found):
        return
    begins, ends = localised(planned.first, turn.texts.zone), found[1].expires_at
    if ends is not None and begins >= ends:
        close(turn)
        card(turn, found[1], too_late(turn))
        return
    changed = change(
        turn,
        found[1],
        rule=planned.rule,
        first_start=planned.first.isoformat() if planned.rule else None,
        lifetime_minutes=_lifetime(begins, ends) if planned.rule else None,
    )
    if changed is None:
        return
    known = announcements.plan(turn.connection, changed, begins)
    note(turn, known, "scheduled")
    close(turn)
    card(turn, known)


def _lifetime(begins: datetime, ends: datetime | None) -> int | None:
    """Minutes that each time of a recurring one is of use."""
    return None if ends is None else max(1, round((ends - begins).total_seconds() / 60))


def too_late(turn: Turn) -> str:
    return turn.texts.t("The moment until which it is of use is over: change that first.")


def allowed_to_send(turn: Turn, held: Role, known: Announcement) -> bool:
    """Says so where the audience reaches further than this role."""
    if may_send(held, known):
        return True
    turn.say(
        turn.texts.t("It is for people that you may not write to: choose anew."),
        [Button(turn.texts.t("Correct"), Draft("to", known.id, known.version).pack())],
    )
    return False


def times(turn: Turn, known: Announcement) -> str:
    """Its moment; of a recurring one the next three, and that it goes on."""
    if known.send_at is None:
        return ""
    words, zone = turn.texts, turn.texts.zone
    found = [moment_name(words, known.send_at, turn.now)]
    if known.rule and known.first_start is not None:
        first, at = datetime.fromisoformat(known.first_start), local(known.send_at, zone)
        while len(found) <= SHOWN:
            then = following(known.rule, first, at, zone)
            if then is None:
                return "; ".join(found)
            at = then.local
            found.append(moment_name(words, then.moment, turn.now))
        return "; ".join(found[:SHOWN]) + "…"
    quiet = turn.reach.quiet
    if quiet is not None and not known.urgent and quiet.holds(known.send_at):
        morning = moment_name(words, quiet.over(known.send_at), turn.now)
        return words.t("{when}, held by quiet hours until {morning}", when=found[0], morning=morning)
    return found[0]


def ask_expiry(turn: Turn, one: Open, said: str = "") -> None:
    text = turn.texts.t("Until when is it of use? For example “today 22:00”. What has not left by then is not sent.")
    ask(turn, replace(one, step="expires"), text, said=said)


def expiry(turn: Turn, one: Open, _held: Role) -> None:
    try:
        moment = localised(moment_to_come(turn, turn.incoming.text), turn.texts.zone)
    except BadMoment as error:
        ask_expiry(turn, one, wrong(turn, error))
        return
    except NotUnderstood:
        ask_expiry(turn, one)
        return

    found = draft_of(turn, one.draft, one.version)
    if found is None:
        return
    if found[1].send_at is not None and moment <= found[1].send_at:
        ask_expiry(turn, one, too_late(turn))
        return

    def written(known: Announcement) -> dict[str, object]:
        lifetime = _lifetime(known.send_at or turn.now, moment) if known.rule else None
        return {"expires_at": moment, "lifetime_minutes": lifetime}

    write(turn, one, written)
