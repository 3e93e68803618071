"""Why somebody cannot take part, and what to do about it: a text and a next step for each reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.messages import Button, strong
from bot.turn import Turn
from handlers.activity_buttons import Able, Age, Agree, Browse, LeaveFor, MySignUps, Seats
from handlers.activity_labels import language_name, skill_name
from handlers.due.wording import title, when
from handlers.participation_buttons import Dates
from knowledge.participation.refusals import Reason
from storage import activities
from storage.sessions import Listing
from storage.signups import Refused

AGE = "age"
"""Name of the question, which a number typed answers as well."""
Said = tuple[str, Sequence[Sequence[Button]]]


def refused(turn: Turn, no: Refused, about: Listing | None, seats: int = 1) -> None:
    turn.remember(asking="", about="")
    text, rows = SAYING[no.reason](turn, no, about, seats)
    turn.say(text, *rows)


def _others(turn: Turn, about: Listing | None) -> list[list[Button]]:
    packed = Browse("programme").pack() if about is None else Dates(about.activity.id).pack()
    return [[Button(turn.texts.t("Other dates"), packed)]]


def _cancelled(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    return turn.texts.t("This was cancelled."), _others(turn, about)


def _over(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    return turn.texts.t("This has begun already, or is over."), _others(turn, about)


def _closed(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    return turn.texts.t("Sign-up for this is closed."), _others(turn, about)


def _not_open_yet(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t, opens = turn.texts.t, no.refusal.opens_at
    assert opens is not None
    text = t(
        "Sign-up opens {day} at {time}. Come back then.",
        day=turn.texts.day(opens, turn.now),
        time=turn.texts.time(opens),
    )
    return text, _others(turn, about)


def _mine(turn: Turn) -> Button:
    return Button(turn.texts.t("My sign-ups"), MySignUps().pack())


def _already(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    return turn.texts.t("You are on this list already."), [[_mine(turn)]]


def _overlaps(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    other = no.other
    if other is None or no.refusal.other is None or about is None:
        return t("You are signed up for something else at that time."), [[_mine(turn)]]
    text = t(
        "You are signed up for {title}, {when}: one cannot be at both.",
        title=title(turn.texts, other),
        when=when(turn.texts, other, turn.now),
    )
    leave = LeaveFor(no.refusal.other, about.session.id, seats).pack()
    return text, [[Button(t("Leave that one"), leave), *_others(turn, about)[0]]]


def _age_unknown(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    assert about is not None
    session = about.session.id
    turn.remember(asking=AGE, about=f"{session} {seats}")
    ages = [(18, t("18 or older")), (17, "17"), (16, "16"), (15, t("younger"))]
    return (
        t("How old are you? I only keep whether you are of age, not your date of birth."),
        [[Button(label, Age(years, session, seats).pack()) for years, label in ages]],
    )


def _too_young(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    text = t("This is for people of {years} and older. Other dates are open to you.", years=no.refusal.years)
    return text, [[Button(t("What comes up"), Browse("programme").pack())]]


def _training_needed(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    given = [a for name in no.refusal.missing for a in activities.qualifications_given(turn.connection, name)]
    if not given:
        text = t("This needs a training first. No date is planned yet: look again in a while.")
        return text, [[Button(t("See the trainings"), Browse("trainings").pack())]]
    first = given[0]
    text = t("This needs a training first: {title}.", title=strong(first.words(first.title, turn.texts.language)))
    return text, [[Button(t("See the dates"), Dates(first.id).pack())]]


def _charter_needed(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    assert about is not None
    text = "\n".join(
        [
            strong(t("The volunteers’ charter")),
            "• " + t("I respect everyone I meet: no judgement, no preaching, no photos."),
            "• " + t("What people tell me stays between us."),
            "• " + t("I never go alone, I follow the team, I take no risk; in danger I call 112."),
            "• " + t("I come when I said I would, or say so in time."),
        ]
    )
    return text, [[Button(t("I agree, sign me up"), Agree(about.session.id, seats).pack())]]


def _skills_needed(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    names = [skill_name(turn.texts, one) for one in no.refusal.missing]
    return _able(turn, names, about, seats)


def _languages_needed(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    return _able(turn, [language_name(one) for one in no.refusal.missing], about, seats)


def _able(turn: Turn, names: Sequence[str], about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    assert about is not None
    text = t("This asks for: {what}. Is that you?", what=strong(", ".join(names)))
    return text, [[Button(t("Yes"), Able(about.session.id, seats).pack()), *_others(turn, about)[0]]]


def _too_many(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    t = turn.texts.t
    places = min(5, about.session.capacity) if about is not None else 5
    text = turn.texts.tn(
        "That is too many: {count} person at most.", "That is too many: {count} people at most.", places
    )
    row = [Button(t("Sign up alone"), Seats(about.session.id, 1).pack())] if about is not None else []
    return text, [[*row, *_others(turn, about)[0]]]


def _full(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    return turn.texts.t("It is full, and there is no waiting list."), _others(turn, about)


def _gone(turn: Turn, no: Refused, about: Listing | None, seats: int) -> Said:
    text = turn.texts.t("That is no longer possible: this place has gone, or the button is too old.")
    return text, [[_mine(turn), *_others(turn, about)[0]]]


SAYING: dict[Reason, Callable[[Turn, Refused, Listing | None, int], Said]] = {
    Reason.CANCELLED: _cancelled,
    Reason.OVER: _over,
    Reason.CLOSED: _closed,
    Reason.NOT_OPEN_YET: _not_open_yet,
    Reason.ALREADY: _already,
    Reason.OVERLAPS: _overlaps,
    Reason.AGE_UNKNOWN: _age_unknown,
    Reason.TOO_YOUNG: _too_young,
    Reason.TRAINING_NEEDED: _training_needed,
    Reason.CHARTER_NEEDED: _charter_needed,
    Reason.SKILLS_NEEDED: _skills_needed,
    Reason.LANGUAGES_NEEDED: _languages_needed,
    Reason.TOO_MANY: _too_many,
    Reason.FULL: _full,
    Reason.GONE: _gone,
}
