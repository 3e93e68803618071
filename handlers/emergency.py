"""Danger comes first: the number to call, alone in its message."""

from __future__ import annotations

from dataclasses import replace

from bot.memory import FORM
from bot.messages import Button, Contact, strong
from bot.router import Router
from bot.turn import Turn
from handlers.answer import DAY_CENTRE
from handlers.buttons import Call
from handlers.find import find

router = Router()

VOICE_NUMBERS = ("15", "17", "18", "112", "115", "119", "3919", "3114")
MAX_WANTED = 2


@router.intent("emergency")
def danger(turn: Turn) -> None:
    """Nothing else in that message; what was asked with it is answered in a second one."""
    assert turn.frame is not None
    frame = turn.frame
    numbers = frame.numbers or ("112",)
    turn.say(_call_for_help(turn, numbers), _call_buttons(turn, numbers))
    turn.remember(misses=0, asking="" if turn.memory.asking == FORM else turn.memory.asking)  # a form can wait
    wanted = tuple(category for reading in frame.readings for category in reading.categories)
    if not wanted and numbers[0] == "115" and frame.place is not None:
        wanted = (DAY_CENTRE,)  # nobody publishes where beds are free: where one can go meanwhile
    if wanted:
        turn.frame = replace(frame, intent="find_service", categories=wanted[:MAX_WANTED])
        find(turn)
        turn.frame = frame


def explained(turn: Turn, number: str) -> str:
    """What answers at a number, for somebody who asks; "" for a number that is none of ours."""
    t = turn.texts.t
    return {
        "15": t("{number}: ambulance and emergency doctors (SAMU), free, day and night.", number=strong("15")),
        "17": t("{number}: police, free, day and night.", number=strong("17")),
        "18": t("{number}: fire brigade and first aid, free, day and night.", number=strong("18")),
        "112": t("{number}: every emergency, anywhere in Europe, free, day and night.", number=strong("112")),
        "114": t(
            "{number}: emergencies by SMS, video or chat, for whoever cannot hear or speak.", number=strong("114")
        ),
        "115": t(
            "{number}: emergency accommodation for people without a home, free, day and night, in every language. The wait "
            "is often long: stay on the line, call again.",
            number=strong("115"),
        ),
        "119": t("{number}: children in danger, free, day and night.", number=strong("119")),
        "3919": t("{number}: violence against women, free, anonymous, day and night.", number=strong("3919")),
        "3114": t(
            "{number}: somebody listens to whoever thinks of suicide, free, day and night.", number=strong("3114")
        ),
    }.get(number, "")


def _call_for_help(turn: Turn, numbers: tuple[str, ...]) -> str:
    t = turn.texts.t
    first = numbers[0]
    lines = {
        "15": (
            t("🆘 Call {first} (ambulance, SAMU) or {second}, now.", first=strong("15"), second=strong("112")),
            t("If you cannot speak: text {sms}.", sms=strong("114")),
            t(
                "Stay with the person. If they breathe, lay them on their side. If they do not, press hard and fast on "
                "the middle of the chest. Against bleeding, press on the wound."
            ),
        ),
        "18": (
            t("🆘 Call {first} (fire brigade) or {second}, now.", first=strong("18"), second=strong("112")),
            t("If you cannot speak: text {sms}.", sms=strong("114")),
            t("Get away from fire and smoke, warn the others, do not go back."),
        ),
        "17": (
            t("🆘 Call {first} (police) or {second}, now.", first=strong("17"), second=strong("112")),
            t("If you cannot speak: text {sms}.", sms=strong("114")),
            t("Get to a place with people if you can."),
        ),
        "112": (
            t("🆘 Call {first}, now.", first=strong("112")),
            t("If you cannot speak: text {sms}.", sms=strong("114")),
        ),
        "114": (
            t("🆘 Text {sms} now: emergencies by SMS, video or chat, day and night, free.", sms=strong("114")),
            t("Write where you are and what is happening. Somebody with you can call {number}.", number=strong("112")),
        ),
        "115": (
            t("🆘 For shelter tonight call {number}: free, day and night, in every language.", number=strong("115")),
            t("The wait is often long: stay on the line, call again."),
            t("If somebody is in danger from the cold: {number}.", number=strong("15")),
        ),
        "3919": (
            t("🆘 Call {number}: violence against women, free, anonymous, day and night.", number=strong("3919")),
            t("In danger right now: {police}, or text {sms}.", police=strong("17"), sms=strong("114")),
        ),
        "119": (
            t("🆘 Call {number}: children in danger, free, day and night.", number=strong("119")),
            t("In danger right now: {police}, or text {sms}.", police=strong("17"), sms=strong("114")),
        ),
        "3114": (
            t("🆘 Call {number}: somebody listens, free, day and night.", number=strong("3114")),
            t("You are not alone. If life is in danger right now: {number}.", number=strong("15")),
        ),
    }
    text = "\n".join(lines.get(first, lines["112"]))
    if first == "15" and "115" in numbers:
        text += "\n" + t("Then, for shelter: {number}.", number=strong("115"))
    return text


def _call_buttons(turn: Turn, numbers: tuple[str, ...]) -> list[Button]:
    return [Button(f"☎️ {number}", Call(number).pack()) for number in numbers if number in VOICE_NUMBERS]


@router.button(Call)
def call(turn: Turn, button: Call) -> None:
    """A card that the phone can dial."""
    number = button.number
    if number not in VOICE_NUMBERS:
        turn.say(turn.texts.t("Call {number}.", number="112"))
        return
    turn.say("", contact=Contact(phone=number, name=turn.texts.t("Emergency {number}", number=number)))
