"""On the day and after: the code typed on arrival, how it was, what it gave."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import Browse, MySignUps
from handlers.certificate import certificate as pdf
from handlers.certificate import file_name, sentences
from handlers.documents import document
from handlers.due.wording import title
from handlers.participation_buttons import Certificate, Dates, Rate
from handlers.privately import in_private
from handlers.profile import ask_name
from handlers.refusals import refused
from knowledge.participation.refusals import Reason, Refusal
from storage import attendance, own_sign_ups, profiles, qualifications, sessions
from storage.qualifications import Qualification
from storage.sessions import Listing
from storage.signups import Refused

router = Router()

WORDS = "how_was_it"
MAX_WORDS = 1000


def check_in(turn: Turn, code: str, *, sure: bool) -> bool:
    t = turn.texts.t
    answer = attendance.check_in(turn.connection, code, turn.person.id, turn.now)
    if isinstance(answer, Refused):
        number = attendance.session_of(turn.connection, code)
        return _not_in(turn, answer, None if number is None else sessions.listing(turn.connection, number), sure=sure)
    about = sessions.listing(turn.connection, answer.sign_up.session_id)
    assert about is not None
    if answer.again:
        text = t("You are marked as there already: {title}.", title=title(turn.texts, about))
    else:
        text = t("Welcome! You are marked as there: {title}.", title=title(turn.texts, about))
    turn.say(text, [Button(t("My sign-ups"), MySignUps().pack())])
    return True


def _not_in(turn: Turn, answer: Refused, about: Listing | None, *, sure: bool) -> bool:
    """`about`: the session of the code. Who is not on its list may still join it."""
    t, no = turn.texts.t, answer.refusal
    if no.reason is Reason.NOT_OPEN_YET and no.opens_at is not None:
        opens = no.opens_at
        turn.say(
            t(
                "It is too early for this code: type it {day} from {time} on.",
                day=turn.texts.day(opens, turn.now),
                time=turn.texts.time(opens),
            )
        )
    elif no.reason is Reason.OVER:
        turn.say(t("This is over. If you were there, tell the team: they mark you."))
    elif sure or about is not None:
        row = [Button(t("My sign-ups"), MySignUps().pack())]
        if about is not None and about.activity.status == "published":
            row.append(Button(t("See the dates"), Dates(about.activity.id).pack()))
        turn.say(t("I know no such code, or you are not on that list. Check it, or ask the team on the spot."), row)
    else:
        return False
    return True


@router.button(Rate)
def rate(turn: Turn, button: Rate) -> None:
    if not in_private(turn):
        return
    t = turn.texts.t
    good = 1 <= button.stars <= 5
    if not good or not own_sign_ups.rate(turn.connection, button.sign_up, turn.person.id, button.stars):
        refused(turn, Refused(Refusal(Reason.GONE)), None)
        return
    turn.remember(asking=WORDS, about=str(button.sign_up))
    turn.say(
        t("Thank you! Anything to add for the team? Write it here."),
        [Button(t("What comes up"), Browse("programme").pack())],
    )


@router.answer(WORDS)
def words(turn: Turn) -> bool:
    """Anything but a question of its own."""
    about, frame = turn.memory.about, turn.frame
    turn.remember(asking="", about="")
    asks = frame is not None and (frame.intent == "find_service" and bool(frame.place or frame.readings))
    if asks or not about.isdecimal() or (frame is not None and frame.intent in ("human", "help", "language", "thanks")):
        return False
    if not own_sign_ups.rate(turn.connection, int(about), turn.person.id, None, turn.incoming.text[:MAX_WORDS]):
        return False
    turn.say(turn.texts.t("Thank you, the team reads it."))
    return True


def training_title(turn: Turn, one: Qualification) -> str:
    about = sessions.listing(turn.connection, one.session_id)
    return one.name if about is None else about.activity.words(about.activity.title, turn.texts.language)


@router.button(Certificate)
def certificate(turn: Turn, button: Certificate) -> None:
    """In words, to show on the phone, and as a document to keep."""
    if not in_private(turn):
        return
    t, held = turn.texts.t, qualifications.by_id(turn.connection, button.qualification)
    about = sessions.listing(turn.connection, held.session_id) if held is not None else None
    if held is None or about is None or held.person_id != turn.person.id:
        refused(turn, Refused(Refusal(Reason.GONE)), None)
        return
    name = profiles.profile(turn.connection, turn.person.id).name
    lines = [strong(t("Certificate")), *([name] if name else []), *sentences(turn.texts, about, held)]
    made = document(turn, file_name(held), "application/pdf", pdf(turn.texts, about, held, name))
    turn.say("\n".join(lines), media=made)
    if not name:
        ask_name(turn)
