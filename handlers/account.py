"""What is kept about a person, and their say over it: language, leaving things as they are."""

from __future__ import annotations

from bot.messages import Button
from bot.router import Router
from bot.texts import LANGUAGES, texts
from bot.turn import Turn
from handlers.buttons import Cancel, Language
from storage import people

router = Router()


@router.command("langue", "language", "lang")
@router.intent("language")
def language(turn: Turn) -> None:
    """Asks which; `/langue es` takes it at once."""
    _, _, wanted = turn.incoming.text.partition(" ")
    if turn.incoming.text.startswith("/") and wanted.strip().lower() in LANGUAGES:
        speak(turn, Language(wanted.strip().lower()))
        return
    buttons = [Button(name, Language(code).pack()) for code, name in LANGUAGES.items()]
    turn.say(turn.texts.t("Which language shall I speak?"), *(buttons[i : i + 2] for i in range(0, len(buttons), 2)))


@router.button(Language)
def speak(turn: Turn, button: Language) -> None:
    if button.code not in LANGUAGES:
        language(turn)
        return
    turn.person = people.change(turn.connection, turn.person, language=button.code, language_chosen=True)
    turn.speak(button.code)
    turn.say(turn.texts.t("I speak English now. What do you need?"))


@router.afterwards
def offer(turn: Turn) -> None:
    """Asks somebody who chose a language, and now clearly writes in another, whether to change; once."""
    frame = turn.frame
    if frame is None or not frame.language_certain or frame.intent == "emergency" or frame.language not in LANGUAGES:
        return
    if frame.language in (turn.texts.language, turn.memory.offered):
        return
    turn.remember(offered=frame.language)
    theirs = texts(frame.language, turn.texts.zone)
    turn.say(
        theirs.laid_out(theirs.t("Shall I speak English?")), [Button(theirs.t("Yes"), Language(frame.language).pack())]
    )


@router.button(Cancel)
def cancel(turn: Turn, _button: Cancel) -> None:
    turn.remember(asking="", about="", choices=())
    turn.say(turn.texts.t("All right, nothing is changed."))
