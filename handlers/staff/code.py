"""The code of a date, to hang on the wall."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.arrival_code import deep_link, picture
from handlers.documents import document
from handlers.staff.buttons import CodeToScan, ManageDate
from handlers.staff.dates import date_of

router = Router()


@router.button(CodeToScan)
def code_to_scan(turn: Turn, button: CodeToScan) -> None:
    """As words, as a link into the bot, and as a picture that says that link."""
    about = date_of(turn, button.session)
    if about is None:
        return
    t, code = turn.texts.t, about.session.code
    lines = [
        t("Code to type on arrival: {code}", code=strong(code)),
        t("Hang it on the wall: it marks whoever types or scans it as there, from 45 minutes before until the end."),
    ]
    if turn.bot_name:
        lines.append(deep_link(turn.bot_name, code))
    turn.say(
        "\n".join(lines),
        [Button(t("Back"), ManageDate(about.session.id).pack())],
        media=document(turn, f"{code}.png", "image/png", picture(turn.bot_name, code)),
    )
