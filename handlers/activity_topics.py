"""What can be browsed, and how sessions are listed: at most three, with what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.messages import Button, strong
from bot.texts import Texts
from bot.turn import Turn
from handlers.activity_buttons import Browse, NearMe, Together
from handlers.due.wording import title, when
from handlers.participation_buttons import Join
from handlers.wording import district
from knowledge.participation.kinds import Kind
from storage import sessions
from storage.sessions import Listing

SHOWN = 3
TOPICS: dict[str, tuple[Kind, ...]] = {
    "trainings": (Kind.TRAINING,),
    "missions": (Kind.MISSION,),
    "collections": (Kind.COLLECTION,),
    "programme": tuple(Kind),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    topic: str
    start: datetime | None = None
    end: datetime | None = None
    district: str = ""
    near: tuple[float, float] | None = None
    offset: int = 0
    activity: int | None = None

    @property
    def narrowed(self) -> bool:
        return bool(self.start or self.district)

    @property
    def minutes(self) -> tuple[int, int]:
        """From when until when, in minutes since 1970, 0 for any."""
        return _minutes(self.start), _minutes(self.end)

    def packed(self, offset: int) -> str:
        north, east = self.near or (0, 0)
        return Browse(
            self.topic, offset, *self.minutes, self.district,
            round(north * 1000), round(east * 1000),
        ).pack()  # fmt: skip


def _minutes(moment: datetime | None) -> int:
    return int(moment.timestamp()) // 60 if moment else 0


def unpacked(button: Browse, now: datetime) -> Wanted:
    """Nonsense in a forged one finds nothing, or everything."""

    def moment(minutes: int) -> datetime | None:
        good = 0 < minutes < 10**8
        return datetime.fromtimestamp(minutes * 60, UTC).astimezone(now.tzinfo) if good else None

    near = (button.latitude / 1000, button.longitude / 1000) if button.latitude else None
    offset = min(max(button.offset, 0), 10_000)
    return Wanted(button.topic, moment(button.start), moment(button.end), button.district, near, offset)


def look(turn: Turn, wanted: Wanted) -> list[Listing]:
    """One more than is shown, to know whether there are more."""
    return sessions.upcoming(
        turn.connection, turn.now, TOPICS.get(wanted.topic, ()), start=wanted.start, end=wanted.end,
        district=wanted.district, near=wanted.near, activity_id=wanted.activity, limit=SHOWN + 1, offset=wanted.offset,
    )  # fmt: skip


def show(turn: Turn, wanted: Wanted, found: Sequence[Listing], heading: str) -> None:
    """The list, with its buttons: sign up, several people, more dates, near me."""
    t = turn.texts.t
    shown = found[:SHOWN]
    cards = [f"{number}. {card(turn.texts, one, turn.now)}" for number, one in enumerate(shown, 1)]
    more = []
    if shown and turn.incoming.private:
        more.append(Button(t("We are several"), Together(".".join(str(one.session.id) for one in shown)).pack()))
    if len(found) > SHOWN:
        following = replace(wanted, offset=wanted.offset + SHOWN)
        more.append(Button(t("More dates"), following.packed(following.offset)))
    near = wanted.near is None and turn.incoming.private and any(one.activity.latitude for one in shown)
    turn.say(
        "\n".join([heading, *cards]),
        [join_button(turn.texts, number, one) for number, one in enumerate(shown, 1)],
        more,
        [Button(t("📍 Near me"), NearMe(wanted.topic).pack())] if near else (),
    )


def join_button(texts: Texts, number: int, one: Listing) -> Button:
    packed = Join(one.session.id).pack()
    if one.free:
        return Button(texts.t("Sign up {number}", number=number), packed)
    return Button(texts.t("Waiting list {number}", number=number), packed)


def card(texts: Texts, one: Listing, now: datetime) -> str:
    """Title, when, where, how far, how many places."""
    parts = [f"{title(texts, one)} — {when(texts, one, now)}"]
    if one.activity.address or one.activity.district:
        where = one.activity.address
        place = district(texts, one.activity.district)
        known = one.activity.district in where or where.endswith(place)
        parts.append(texts.apart(where if known else ", ".join(part for part in (where, place) if part)))
    if one.distance_m is not None:
        parts.append(texts.distance(one.distance_m))
    closes = one.session.closes_at
    closed = closes is not None and closes <= now
    parts.append(strong(texts.t("Sign-up for this is closed.").rstrip(".") if closed else seats_left(texts, one)))
    return " · ".join(parts)


def seats_left(texts: Texts, one: Listing) -> str:
    if one.free:
        return texts.tn("{count} place", "{count} places", one.free)
    if one.waiting:
        return texts.tn("full, {count} waiting", "full, {count} waiting", one.waiting)
    return texts.t("full")
