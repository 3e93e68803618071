"""Codes of sessions that read like words."""

from __future__ import annotations

import pytest

from bot.knowledge import Knowledge
from bot.messages import Kind
from knowledge.directory import bundled_services
from storage import roles
from storage.database import Database
from tests.dialogues.activities import publish
from tests.participation.conftest import NOW, PARIS
from tests.talk import Talk, words


async def test_a_code_of_letters_alone_is_known_where_there_is_such_a_session(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sessions.new_code", lambda: "DECHUS")
    evening = {"kind": "cafe", "title": "Soirée café", "minimum_age": 0, "dates": ["2026-11-24T12:30"]}
    talk = Talk(database, Knowledge.of(bundled_services()), NOW)
    await database.write(lambda c: publish(c, evening, talk.now.astimezone(PARIS)))
    ada, eve = talk.person("ada"), talk.person("eve")
    await ada.says("/programme")
    await ada.taps("M’inscrire 1")
    assert "Vous êtes noté présent" in words(await ada.says("dechus"))
    assert "vous n’êtes pas sur cette liste" in words(await eve.says("dechus"))
    assert "code" not in words(await eve.says("déchue"))


async def test_a_code_comes_before_the_question_that_is_open_and_no_code_is_its_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sessions.new_code", lambda: "AB23CD")
    evening = {"kind": "cafe", "title": "Soirée café", "minimum_age": 0, "dates": ["2026-11-24T12:30"]}
    talk = Talk(database, Knowledge.of(bundled_services()), NOW)
    now = talk.now.astimezone(PARIS)
    await database.write(lambda c: publish(c, evening, now))
    ada = talk.person("ada")
    await database.write(lambda c: roles.set_role(c, "telegram", ada.number, "staff", now))
    await ada.says("/programme")
    assert "Je ne connais pas ce code" in words(await ada.says("XY45ZW"))
    await ada.sends(ada.incoming(kind=Kind.BUTTON, text="join:1"))
    await ada.says("/creer")
    await ada.taps("débat")
    assert "Vous êtes noté présent" in words(await ada.says("ab23cd"))
    assert "Quand commence-t-elle" in words(await ada.says("XY45ZW"))
