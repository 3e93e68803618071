"""What holds for every conversation: order, failures, floods, and who is remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from bot.messages import Kind
from bot.turn import Turn
from storage.schema import inbox, outbox, person
from tests.core.conftest import NOON
from tests.talk import Talk, words


def failing_at(word: str, usual: Callable[[Turn], None]) -> Callable[[Turn], None]:
    def handle(turn: Turn) -> None:
        if word in turn.incoming.text:
            raise RuntimeError("a bug")
        usual(turn)

    return handle


async def test_a_poison_message_keeps_its_place_and_its_patience(talk: Talk) -> None:
    """Its apology comes after the answer before it and before the answer behind it, and it is tried for 15 s."""
    talk.conversation._router.commands["help"] = failing_at("poison", talk.conversation._router.commands["help"])
    ada, bob = talk.person("ada"), talk.person("bob")
    await talk.inbox.receive([ada.incoming(text="merci"), ada.incoming(text="/poison"), ada.incoming(text="bonjour")])
    await talk.inbox.receive([bob.incoming(text="merci")])
    for _ in range(40):
        await talk.worker.step()
        talk.wait(seconds=1)
        if await talk.database.read(lambda c: c.scalar(select(func.count()).where(inbox.c.status == "parked"))):
            break
    assert (talk.now - NOON).total_seconds() >= 15
    await talk.worker.drain()
    answers = await talk.answers("telegram")
    said = [words([outgoing.reply]) for outgoing in answers if outgoing.chat == ada.number]
    assert [text.split()[0] for text in said] == ["Avec", "Désolé,", "👋"]
    assert [words([outgoing.reply]) for outgoing in answers if outgoing.chat == bob.number] == [said[0]]


async def test_a_steady_flood_is_told_once_and_danger_is_heard(talk: Talk) -> None:
    ada, bob = talk.person("ada"), talk.person("bob")
    answered = 0
    for _ in range(60):
        answered += bool(await ada.says("bonjour"))
        talk.wait(seconds=2.8)
    assert answered == 21
    assert "🆘" in words(await ada.says("il respire plus"))
    assert await bob.says("bonjour")
    talk.wait(minutes=2)
    assert "👋" in words(await ada.says("bonjour"))


async def test_whose_words_they_were_is_forgotten_with_them(talk: Talk) -> None:
    await talk.person("ada").says("douche bastille")
    rows = await talk.database.read(
        lambda c: [*c.execute(select(inbox.c.lane, inbox.c.body)), *c.execute(select(outbox.c.lane, outbox.c.body))]
    )
    assert [tuple(row) for row in rows] == [("", None), ("", None)]


async def test_an_inline_question_or_a_block_makes_nobody_known(talk: Talk) -> None:
    ada = talk.person("ada")
    await talk.inbox.receive(
        [
            ada.incoming(kind=Kind.INLINE, chat="inline-7", text="douche bastille", token="5"),
            ada.incoming(kind=Kind.BLOCKED),
        ]
    )
    await talk.worker.drain()
    assert await talk.database.read(lambda c: c.scalar(select(func.count()).select_from(person))) == 0


async def test_inline_places_are_open_when_one_gets_there_and_only_here(talk: Talk) -> None:
    talk.now += timedelta(hours=8, minutes=30)
    ada = talk.person("ada")
    await talk.inbox.receive(
        [ada.incoming(kind=Kind.INLINE, chat="inline-7", text="douche bastille aujourd'hui", token="5")]
    )
    await talk.worker.drain()
    [answer] = await talk.answers("telegram")
    assert all("aujourd’hui de 12:00" not in article.text for article in answer.reply.articles)


async def test_every_button_of_the_last_search_goes_on_working(talk: Talk) -> None:
    ada = talk.person("ada")
    await ada.says("douche bastille")
    first = {label: ada.button(label) for label in ("Plus", "Ouvert demain")}
    assert "D’autres" in words(await ada.taps("Plus"))
    for label in ("Ouvert demain", "Plus"):
        said = words(await ada.sends(ada.incoming(kind=Kind.BUTTON, text=first[label].payload)))
        assert "Bains-douches" in said
        assert "trop ancienne" not in said
