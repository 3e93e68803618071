"""Signing up friends along: how many, and whether what is asked for is so of each of them. Of them only the number is kept."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import EachOfUs, Seats, Together
from handlers.due.wording import when
from handlers.privately import in_private
from handlers.sign_up import OF_AGE, sign_up
from knowledge.participation.kinds import GROUP
from storage import activities, profiles, sessions
from storage.activities import Activity

router = Router()


@router.button(Together)
def together(turn: Turn, button: Together) -> None:
    """Which of those shown, if there are several; then how many."""
    numbers = [int(part) for part in button.sessions.split(".") if part.isdecimal()][:5]
    known = sessions.listings(turn.connection, numbers)
    shown = [known[number] for number in numbers if number in known]
    if len(shown) == 1:
        how_many(turn, shown[0].session.id)
        return
    if not shown:
        turn.say(turn.texts.t("This list is too old. Ask me again: /programme"))
        return
    turn.say(
        turn.texts.t("Which one?"),
        *(
            [Button(f"{one.activity.words(one.activity.title, turn.texts.language)}, {when(turn.texts, one, turn.now)}",
                    Seats(one.session.id, 0).pack())]
            for one in shown
        ),
    )  # fmt: skip


@router.button(Seats)
def seats(turn: Turn, button: Seats) -> None:
    if button.seats == 0:
        how_many(turn, button.session)
    elif not 1 < button.seats <= GROUP or not _asked_of_each(turn, button):
        sign_up(turn, button.session, button.seats)


def how_many(turn: Turn, session: int, said: str = "") -> None:
    text = turn.texts.t("How many are you in all? Five at most.")
    turn.say(
        f"{said}\n{text}" if said else text,
        [Button(str(number), Seats(session, number).pack()) for number in range(1, GROUP + 1)],
    )


def _asked_of_each(turn: Turn, button: Seats) -> bool:
    """Asks, before a group is signed up, for what the bot knows of nobody but the person who writes. False: nothing to
    ask for."""
    about = sessions.listing(turn.connection, button.session) if in_private(turn) else None
    needed = [] if about is None else _needed(turn, about.activity)
    if not needed:
        return False
    t = turn.texts.t
    turn.say(
        "\n".join([t("Is this so of each of you?"), *(f"• {one}" for one in needed)]),
        [
            Button(t("Yes, of each"), EachOfUs(button.session, button.seats, 1).pack()),
            Button(t("No"), EachOfUs(button.session, button.seats, 0).pack()),
        ],
    )
    return True


def _needed(turn: Turn, activity: Activity) -> list[str]:
    """Age, training and charter; skills and languages are asked of one among them."""
    t, needed = turn.texts.t, []
    if activity.minimum_age:
        needed.append(t("{years} or older", years=activity.minimum_age))
    if activity.training:
        given = activities.qualifications_given(turn.connection, activity.training)
        name = given[0].words(given[0].title, turn.texts.language) if given else activity.training
        needed.append(t("has done the training {title}", title=strong(name)))
    if activity.charter:
        needed.append(t("accepts the volunteers’ charter"))
    return needed


def _of_age(turn: Turn, session: int) -> None:
    """Who says so of each says it of themselves."""
    about = sessions.listing(turn.connection, session) if in_private(turn) else None
    if about is None or about.activity.minimum_age < OF_AGE:
        return
    if profiles.profile(turn.connection, turn.person.id).of_age_on is None:
        profiles.set_age(turn.connection, turn.person.id, turn.now.date())


@router.button(EachOfUs)
def each_of_us(turn: Turn, button: EachOfUs) -> None:
    if button.yes:
        _of_age(turn, button.session)
        sign_up(turn, button.session, button.seats)
    else:
        how_many(turn, button.session, turn.texts.t("Then only the others can come this time."))
