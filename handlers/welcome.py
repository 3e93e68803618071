"""Hello, help, thanks, and what to say when a sentence was not understood."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers import find
from handlers.buttons import Pick
from handlers.emergency import explained
from handlers.factory import FACTORY
from handlers.labels import MOST_ASKED, category_label, category_rows
from handlers.wording import full_address
from knowledge.text import plain
from storage import relays

router = Router()

MISSES_BEFORE_A_PERSON = 2
READINGS = 3


@router.command("start")
def start(turn: Turn) -> None:
    """Greets; a deep link (`/start douche`) goes straight to what it asks for."""
    _, _, payload = turn.incoming.text.partition(" ")
    words = payload.replace("_", " ").strip()
    if words.startswith("code "):
        from handlers.arrival import check_in  # noqa: PLC0415 - few talks need it

        check_in(turn, words.removeprefix("code "), sure=True)
        return
    if words.startswith("inv "):
        from handlers.staff.invite import accept  # noqa: PLC0415 - few talks need it

        accept(turn, words.removeprefix("inv "))
        return
    if words:
        frame = turn.knowledge.understanding.understand(words, turn.now, hint=turn.person.language)
        if frame.intent in ("find_service", "refine"):
            turn.frame = frame
            turn.incoming = replace(turn.incoming, text=words)
            find.find(turn)
            return
    greet(turn)


@router.intent("greeting")
def greet(turn: Turn) -> None:
    t = turn.texts.t
    turn.say(
        "\n".join(
            [
                t("👋 Hello! I find the nearest service that is open when you get there: shower, meal, luggage, care…"),
                t(
                    "Write what you need and where, for example “{example}”, or send your position 📍.",
                    example=t("shower gare du nord"),
                ),
                t(
                    "In danger: {number}. For shelter tonight: {shelter}. Help: /aide",
                    number=strong("112"),
                    shelter=strong("115"),
                ),
            ]
        ),
        *category_rows(turn.texts),
    )


@router.command("help", "aide")
@router.intent("help")
def explain(turn: Turn) -> None:
    """What the bot can do, or what answers at the number asked about ("c'est quoi le 115 ?")."""
    t = turn.texts.t
    about = [line for word in plain(turn.incoming.text).split() if (line := explained(turn, word))]
    if about and turn.frame is not None:
        turn.say("\n".join(about), *category_rows(turn.texts, MOST_ASKED[:4]))
        return
    turn.say(
        "\n".join(
            [
                t(
                    "I know showers, meals, luggage stores, toilets, drinking water, day centres, social services, care in Paris."
                ),
                "• " + t("Write: “{example}”.", example=t("free meal tonight near République")),
                "• "
                + t(
                    "Then: “{one}”, “{two}”, “{three}”.",
                    one=t("and tomorrow?"),
                    two=t("farther"),
                    three=t("with a dog"),
                ),
                "• " + t("Or send your position 📍 and tap what you need."),
                t(
                    "Volunteers: /formations trainings · /missions · /programme · /inscriptions my sign-ups · /profil · /moi"
                ),
                t("/langue language · /stop no more alerts · /mesdonnees what I keep · /effacer forget me"),
                t(
                    "In danger: 15 (ambulance), 17 (police), 18 (fire), 112. Deaf or unable to speak: SMS 114. Shelter: 115."
                ),
            ]
        ),
        *category_rows(turn.texts),
    )


@router.intent("thanks")
def thanks(turn: Turn) -> None:
    turn.say(turn.texts.t("With pleasure. Take care, and write whenever you need something."))


@router.intent("human")
def human(turn: Turn) -> None:
    """How to reach a person: the Factory itself, and the number that answers day and night."""
    t = turn.texts.t
    factory = turn.knowledge.index.get(FACTORY)
    lines = [t("A person answers at {number}, free, day and night (shelter and orientation).", number=strong("115"))]
    if factory is not None:
        lines.append(
            t(
                "By day, the team of {name}: {address}.",
                name=strong(factory.name),
                address=full_address(turn.texts, factory),
            )
        )
    turn.say("\n".join(lines), *category_rows(turn.texts, ("social_support", "day_centre")))


def _may_be_an_answer(turn: Turn) -> bool:
    """To an announcement they lately got."""
    if not turn.incoming.private or not relays.announced_lately(
        turn.connection, turn.person.id, turn.now - relays.ANSWERABLE
    ):
        return False
    from handlers.relay import offer  # noqa: PLC0415 - few talks need it

    return offer(turn)


@router.intent("unknown")
def not_understood(turn: Turn) -> None:
    """Says what was understood, offers the likeliest readings, and after two misses how to reach a person."""
    assert turn.frame is not None
    if _may_be_an_answer(turn):
        return
    t = turn.texts.t
    misses = turn.memory.misses + 1
    turn.remember(misses=misses, asking="")
    if misses > MISSES_BEFORE_A_PERSON:
        turn.say(t("I am only a program and I do not understand. Let us see who can help."))
        human(turn)
        return
    place = turn.frame.place
    if place is not None:
        line = t(
            "I understood the place, {place}, but not what you need. Is it one of these?", place=strong(place.name)
        )
    else:
        line = t(
            "I did not understand. Is it one of these? Or write a need and a place: “{example}”.",
            example=t("shower gare du nord"),
        )
    turn.say(line, *_readings(turn))


def _readings(turn: Turn) -> list[list[Button]]:
    assert turn.frame is not None
    readings = [category for reading in turn.frame.readings for category in reading.categories][:READINGS]
    if readings:
        return [
            [Button(category_label(turn.texts, category), Pick(category).pack())]
            for category in dict.fromkeys(readings)
        ]
    return category_rows(turn.texts, MOST_ASKED[:4])
