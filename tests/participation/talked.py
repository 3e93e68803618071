"""Time passing in a talk: the bot says what is due when it is due, and everybody keeps what they heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.messages import Reply
from handlers.due.work import DueWork
from knowledge.participation.quiet import Quiet
from storage import due
from tests.talk import PARIS, Someone, Talk, words


async def until(talk: Talk, moment: datetime) -> list[tuple[str, str, str]]:
    """(local time, name of the chat, text) of all that the bot says on its own until `moment`."""
    heard: list[tuple[str, str, str]] = []
    while True:
        await DueWork(talk.database, Quiet(PARIS), talk.clock).run()
        at = talk.now.astimezone(PARIS).strftime("%d %H:%M")
        for outgoing in await talk.answers("telegram"):
            talk.letters.setdefault(outgoing.chat, []).append(outgoing)
            heard.append((at, outgoing.chat, words([outgoing.reply])))
        following = await talk.database.read(due.next_due)
        if following is None or following > moment:
            talk.now = moment
            return heard
        talk.now = max(following, talk.now + timedelta(microseconds=1))


def reads(someone: Someone) -> list[Reply]:
    """What the bot wrote to them since they looked last; its buttons can be tapped."""
    someone.heard = someone.talk.letters.pop(someone.number, [])
    return [outgoing.reply for outgoing in someone.heard]


async def fills_in(someone: Someone, command: str, answers: dict[str, str]) -> str:
    """Answers each question of a form that holds one of these words, by its button or typed; skips the rest. What is said
    when it is done."""
    said = words(await someone.says(command))
    for _ in range(30):
        labels = [button.label for out in someone.heard for row in out.reply.buttons for button in row]
        if any("Publier" in label for label in labels):
            return said
        answer = next((answer for question, answer in answers.items() if question in said), "Passer")
        said = words(await (someone.taps(answer) if answer in labels else someone.says(answer)))
    raise AssertionError(f"the form does not end: {said}")
