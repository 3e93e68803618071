"""The answer to a search: at most three places, the one to go to first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.memory import Search
from bot.messages import Button, strong
from bot.texts import Texts
from bot.turn import Turn
from handlers.buttons import Call, More, Route, Tomorrow, Wrong
from handlers.labels import category_label, category_rows
from handlers.wording import service_lines
from knowledge.categories import categories
from knowledge.search import Answer, Found, Query, Status, search_each

RESULTS = 3
AT_LEAST = timedelta(minutes=1)
RESULTS_EACH = 2
"""When several needs are asked at once."""
USABLE = (Status.OPEN, Status.CLOSING_SOON)
DAY_CENTRE = "day_centre"
SHELTER = ("shelter", "emergency_accommodation", "night_stop")
INSTEAD: dict[str, tuple[str, ...]] = {
    "shelter": ("day_centre", "social_support"),
    "health": ("general_practitioner", "health_coverage"),
    "food": ("food_distribution", "food_parcel"),
    "hygiene": ("shower", "laundry"),
    "belongings": ("clothing", "luggage_storage"),
    "rights": ("social_support", "day_centre"),
}
"""What to offer when the directory has nothing of a kind, by its parent."""
ANYWAY = ("day_centre", "social_support")


@dataclass(frozen=True, slots=True)
class Part:
    """The answer for one need."""

    category: str
    answer: Answer


def answer(turn: Turn, search: Search) -> None:
    """Searches and says what was found. The search is remembered for follow-ups."""
    assert search.position is not None
    wanted = search.categories
    search = _not_over(search, turn.now)
    if is_shelter(wanted) and search.offset == 0 and turn.memory.asking != "place":
        call_115(turn)
    together, parts = _look(turn, search)
    parts = [_or_day_centres(turn, search, part) for part in parts]
    told = [*together]
    for part in parts:
        told.extend(found for found in part.answer.results if found not in told)
    turn.results = told
    turn.searches.extend((category, _district(turn)) for category in wanted)
    distances = [found.distance_m for found in told if found.distance_m is not None]
    search = replace(
        search,
        shown=tuple(found.service.id for found in told),
        nearest_m=min(distances, default=None),
    )
    turn.remember(search=search, asking="", choices=(), misses=0)
    blocks, number = [], 1
    if together:
        blocks.append(_list(turn, search, strong(turn.texts.t("Both in one place:")), together, number))
        number += len(together)
    for part in parts:
        rest = [found for found in part.answer.results if found not in together]
        blocks.append(_part(turn, search, part, rest, number))
        number += len(rest)
    turn.say("\n\n".join(blocks), *_buttons(turn, search, told, parts))


def _not_over(search: Search, now: datetime) -> Search:
    """ "This morning", asked in the afternoon, is the next morning."""
    if search.start is None or search.end is None or search.end > now - AT_LEAST:
        return search
    days = timedelta(days=(now.date() - search.end.astimezone(now.tzinfo).date()).days)
    while search.end.astimezone(now.tzinfo) + days <= now:
        days += timedelta(days=1)
    return replace(
        search, start=search.start.astimezone(now.tzinfo) + days, end=search.end.astimezone(now.tzinfo) + days
    )


def page(search: Search) -> int:
    """How many places of each need one answer shows."""
    return RESULTS if len(search.categories) == 1 else RESULTS_EACH


def _look(turn: Turn, search: Search) -> tuple[tuple[Found, ...], list[Part]]:
    """The best place that serves every need, as its entry for each, and the answers need by need."""
    wanted, index = search.categories, turn.knowledge.index
    if len(wanted) == 1:
        found = index.search(_query(turn, search, RESULTS))
        if search.radius_m is not None:
            nearer = [one for one in found.results if one.distance_m is not None and one.distance_m < search.radius_m]
            found = replace(found, results=tuple(nearer), next_to_open=None)
        return (), [Part(wanted[0], found)]
    both = search_each(index, _query(turn, search, RESULTS_EACH))
    best = both.together[0] if both.together and search.offset == 0 else ()
    return best, [Part(category, found) for category, found in zip(wanted, both.each, strict=True)]


def _or_day_centres(turn: Turn, search: Search, part: Part) -> Part:
    """Nobody publishes where beds are free. 115 was named first; a day centre is where one can go meanwhile."""
    if part.category not in SHELTER or part.answer.results or DAY_CENTRE in search.categories:
        return part
    first = replace(_query(turn, search, 1), categories=(part.category,), offset=0)
    if search.offset and turn.knowledge.index.search(first).results:
        return part
    query = replace(_query(turn, search, RESULTS), categories=(DAY_CENTRE,))
    return Part(DAY_CENTRE, turn.knowledge.index.search(query))


def _query(turn: Turn, search: Search, limit: int) -> Query:
    assert search.position is not None
    start = search.start or turn.now
    return Query(
        categories=search.categories,
        latitude=search.position.latitude,
        longitude=search.position.longitude,
        start=start,
        end=search.end or start,
        needs=frozenset(search.needs),
        radius_m=search.radius_m,
        limit=limit,
        offset=search.offset,
        now=turn.now,
    )


def _part(turn: Turn, search: Search, part: Part, results: Sequence[Found], number: int) -> str:
    t = turn.texts.t
    title = strong(category_label(turn.texts, part.category))
    if not results:
        return _nothing(turn, search, part, title)
    lines = [_heading(turn, search, part.answer, title)]
    listed = _list(turn, search, "\n".join(lines), results, number)
    later = part.answer.next_to_open if not search.offset else None
    if later is not None and later.opens_at is not None and later not in results and later.distance_m is not None:
        listed += "\n" + t(
            "The first to open near here: {name}, {day} at {time} ({distance}).",
            name=strong(later.service.name),
            day=turn.texts.day(later.opens_at, turn.now),
            time=turn.texts.time(later.opens_at),
            distance=turn.texts.distance(later.distance_m),
        )
    return listed


def _list(turn: Turn, search: Search, title: str, results: Sequence[Found], number: int) -> str:
    blocks = [
        f"{position}. {service_lines(turn.texts, found, turn.now, interval=_is_interval(search))}"
        for position, found in enumerate(results, number)
    ]
    return "\n".join([title, *blocks])


def _heading(turn: Turn, search: Search, found: Answer, title: str) -> str:
    t = turn.texts.t
    place = strong(search.place) if search.place else t("your position")
    usable = any(one.status in USABLE and not one.too_late for one in found.results)
    when = when_words(turn.texts, search, turn.now)
    if search.offset:
        line = t("More, near {place}:", place=place)
    elif search.radius_m is not None:
        line = t("Nearer to {place}:", place=place)
    elif not usable:
        line = t("Nothing is known to be open {when}. Near {place}:", when=when, place=place)
    elif found.widened and found.radius_m is not None:
        line = t(
            "Nothing open {when} within {near} of {place}. A little farther:",
            when=when, near=turn.texts.distance(1500), place=place,
        )  # fmt: skip
    elif found.widened:
        line = t(
            "Nothing open {when} within {near} of {place}. The nearest in the city:",
            when=when, near=turn.texts.distance(5000), place=place,
        )  # fmt: skip
    else:
        line = t("Open {when}, near {place}:", when=when, place=place)
    return f"{title}\n{line}"


def when_words(texts: Texts, search: Search, now: datetime) -> str:
    """The time asked about, as it stands in a sentence: "now", "tomorrow from 06:00 to 12:00"."""
    t = texts.t
    if search.start is None or search.end is None:
        return t("now")
    day = texts.day(search.start, now)
    if search.start == search.end:
        if abs((search.start - now).total_seconds()) < 60:
            return t("now")
        return t("{day} at {time}", day=day, time=texts.time(search.start))
    span = search.end - search.start
    if span.days >= 1:
        return t("from {day} to {end_day}", day=day, end_day=texts.day(search.end, now))
    local = search.start.astimezone(texts.zone)
    if span.total_seconds() >= 23.9 * 3600 and local.hour == 0:
        return day
    return t("{day} between {start} and {end}", day=day, start=texts.time(search.start), end=texts.time(search.end))


def _is_interval(search: Search) -> bool:
    return search.start is not None and search.end is not None and search.start != search.end


def _nothing(turn: Turn, search: Search, part: Part, title: str) -> str:
    """Never a dead end: why there is nothing, and what to do."""
    t = turn.texts.t
    if search.offset:
        return f"{title}\n" + t("That is all I know of.")
    if search.radius_m is not None:
        return f"{title}\n" + t("I know of none nearer.")
    anybody = replace(_query(turn, search, 1), categories=(part.category,), needs=frozenset(), offset=0)
    if turn.knowledge.index.search(anybody).results:
        return f"{title}\n" + t(
            "I know of none that admits the people you speak of. A day centre or a social service can tell you where to go."
        )
    return f"{title}\n" + t(
        "I do not know any yet: nobody publishes them openly. A day centre or a social service can tell you where to go."
    )


def is_shelter(wanted: Sequence[str]) -> bool:
    """Whether a bed is wanted: then 115 comes first."""
    return any(category in SHELTER for category in wanted)


def call_115(turn: Turn) -> None:
    t = turn.texts.t
    turn.say(
        t("🛏️ For a bed tonight call {number}: free, day and night, in every language.", number=strong("115"))
        + "\n"
        + t("The wait is often long: stay on the line, call again."),
        [Button("☎️ 115", Call("115").pack())],
    )


def _district(turn: Turn) -> str:
    return turn.results[0].service.postcode if turn.results else ""


def _buttons(turn: Turn, search: Search, told: Sequence[Found], parts: Sequence[Part]) -> list[list[Button]]:
    t = turn.texts.t
    if not told:
        return category_rows(turn.texts, _alternatives(search.categories)) if not search.offset else []
    routes = [
        Button(t("Route {number}", number=number), Route(found.service.id).pack())
        for number, found in enumerate(told, 1)
        if found.service.latitude is not None and not found.service.confidential
    ]
    second = []
    if any(part.answer.more for part in parts):
        second.append(Button(t("More"), More(search.number).pack()))
    second.append(Button(t("Open tomorrow?"), Tomorrow(search.number).pack()))
    return [routes[:3], routes[3:6], second, [Button(t("Report an error"), Wrong(search.number).pack())]]


def _alternatives(wanted: Sequence[str]) -> list[str]:
    offered: list[str] = []
    for category in wanted:
        parent = categories()[category].parent or category
        offered.extend(other for other in INSTEAD.get(parent, ANYWAY) if other not in (*wanted, *offered))
    return offered or list(ANYWAY)
