"""Somebody taps an answer under an announcement: it is counted, the last tap counts."""

from __future__ import annotations

from bot.router import Router
from bot.turn import Turn
from handlers.announcement_buttons import Chosen
from handlers.announcements import progress
from knowledge.announcements.kinds import Status
from storage import announcements, recipients
from storage.addressees import addressees
from storage.announcements import Announcement

router = Router()


@router.button(Chosen)
def chosen(turn: Turn, button: Chosen) -> None:
    known = announcements.by_id(turn.connection, button.announcement)
    if known is None or not _is_answer(known, button.choice):
        turn.say(turn.texts.t("This button no longer works. Ask me again in a few words: “shower gare du nord”."))
    elif known.status in (Status.DRAFT, Status.SCHEDULED):
        turn.say(turn.texts.t("In the preview, answers are not counted."))
    elif recipients.choose(turn.connection, known.id, turn.person.id, button.choice, turn.now):
        _thank(turn, known, button.choice)
        progress.answered(turn.connection, known, turn.now, turn.texts.zone)
    else:
        turn.say(turn.texts.t("This button no longer works. Ask me again in a few words: “shower gare du nord”."))


def _is_answer(known: Announcement, choice: int) -> bool:
    buttons = known.content.buttons
    return 0 <= choice < len(buttons) and buttons[choice].what == "choice"


def _thank(turn: Turn, known: Announcement, choice: int) -> None:
    """Under a message in a group, in private: who answered what is nobody else's business."""
    content = known.content
    labels = content.words[content.chosen(turn.texts.language)].labels
    if choice >= len(labels):
        labels = content.words[content.default_language].labels
    said = turn.texts.t("Thank you, noted: “{answer}”.", answer=labels[choice])
    if turn.incoming.private:
        turn.say(said)
        return
    to = addressees(turn.connection, [turn.person.id]).get(turn.person.id)
    if to is not None:
        turn.say_elsewhere(to.account, said)
