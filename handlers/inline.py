"""`@bot douche bastille` in any other chat: up to three places to share."""

from __future__ import annotations

from bot.memory import Search
from bot.messages import Article, Position
from bot.router import Router
from bot.turn import Turn
from handlers.answer import RESULTS, when_words
from handlers.follow_up import directions_url
from handlers.labels import category_name
from handlers.wording import full_address, service_lines
from knowledge.geocoding import in_service_area
from knowledge.search import Query

router = Router()


@router.kind("inline")
def inline(turn: Turn) -> None:
    """Answers from the words alone: nothing of an inline query is remembered."""
    frame = turn.frame
    place = turn.incoming.position
    if frame is not None and frame.place is not None:
        place = Position(frame.place.latitude, frame.place.longitude)
    elif frame is not None and frame.places:
        place = Position(frame.places[0].latitude, frame.places[0].longitude)
    if frame is None or not frame.categories or place is None or not in_service_area(place.latitude, place.longitude):
        turn.say("", articles=(_how_to(turn),))
        return
    start = frame.when.start if frame.when else turn.now
    query = Query(
        categories=frame.categories[:1],
        latitude=place.latitude,
        longitude=place.longitude,
        start=start,
        end=frame.when.end if frame.when else start,
        needs=frozenset(frame.needs),
        limit=RESULTS,
        now=turn.now,
    )
    search = Search(start=frame.when.start if frame.when else None, end=frame.when.end if frame.when else None)
    articles = []
    for found in turn.knowledge.index.search(query).results:
        text = service_lines(turn.texts, found, turn.now, interval=search.start != search.end)
        service = found.service
        located = service.latitude is not None and not service.confidential
        articles.append(
            Article(
                id=service.id,
                title=service.name,
                description=full_address(turn.texts, service) or category_name(turn.texts, service.category),
                text=f"{text}\n{when_words(turn.texts, search, turn.now)}" if search.start else text,
                url=directions_url(service) if located else "",
            )
        )
    turn.results = []
    turn.say("", articles=tuple(articles) or (_how_to(turn),))


def _how_to(turn: Turn) -> Article:
    t = turn.texts.t
    text = t("Write a need and a place, for example “{example}”.", example=t("shower gare du nord"))
    return Article(id="help", title=t("A need and a place"), description=text, text=text)
