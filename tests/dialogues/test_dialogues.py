"""Every dialogue of the .yaml files beside this one, on each database."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection

from bot.knowledge import Knowledge
from bot.messages import Kind, Reply
from knowledge.directory import bundled_services
from knowledge.frame import Place
from storage import roles
from storage.database import Database
from tests.dialogues.activities import publish
from tests.talk import PARIS, Addresses, Someone, Talk, words

DIALOGUES = [
    pytest.param(dialogue, id=f"{file.stem}: {dialogue['title']}")
    for file in sorted(Path(__file__).parent.glob("*.yaml"))
    for dialogue in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="session")
def bundled_knowledge() -> Knowledge:
    return Knowledge.of(bundled_services())


@pytest.mark.parametrize("dialogue", DIALOGUES)
async def test_dialogue(dialogue: dict[str, Any], database: Database, bundled_knowledge: Knowledge) -> None:
    known = {
        text: [Place(p["name"], p["latitude"], p["longitude"]) for p in places]
        for text, places in dialogue.get("addresses", {}).items()
    }
    talk = Talk(database, bundled_knowledge, datetime.fromisoformat(dialogue["at"]), Addresses(known))
    await _set_up(talk, dialogue)
    people: dict[str, Someone] = {}
    kept: dict[str, str] = {}
    for step in dialogue["talk"]:
        name = step.get("person", "ada")
        if name not in people:
            group = {"private": False, "chat": "-100"} if dialogue.get("group") else {}
            people[name] = talk.person(name, dialogue.get("language", "fr"), **group)
        answer = await _take(talk, people[name], step, kept)
        _compare(step, answer)
        if "keep" in step:
            found = re.search(step["keep"], words(answer))
            assert found, f"nothing like {step['keep']!r} in the answer to {step}"
            kept["kept"] = found[1]


async def _set_up(talk: Talk, dialogue: dict[str, Any]) -> None:
    """What is published, and who has a role, before the talk begins."""
    now = talk.now.astimezone(PARIS)

    def work(connection: Connection) -> None:
        for given in dialogue.get("activities", []):
            talk.codes.extend(publish(connection, given, now))
        _give_roles(connection, talk, dialogue.get("roles", {}))

    for name in dialogue.get("known", []):
        someone = talk.person(name)
        await someone.says("/profil")
        await someone.sends(someone.incoming(kind=Kind.BUTTON, text="toggle:lead:"))
    if "activities" in dialogue or "roles" in dialogue:
        await talk.database.write(work)


def _give_roles(connection: Connection, talk: Talk, held: dict[str, str]) -> None:
    """Name -> role, of partners with their association; "" takes it away."""
    for name, role in held.items():
        rank, _, organisation = role.partition(" ")
        if rank:
            roles.set_role(connection, "telegram", talk.person(name).number, rank, talk.now, organisation)
        else:
            roles.take_role(connection, "telegram", talk.person(name).number, talk.now)


async def _take(talk: Talk, person: Someone, step: dict[str, Any], kept: dict[str, str]) -> list[Reply]:
    if "wait" in step:
        talk.now += timedelta(minutes=step["wait"])
    if "roles" in step:
        await talk.database.write(lambda c: _give_roles(c, talk, step["roles"]))
        return []
    if "due" in step:
        return await person.hears_what_is_due()
    if "me" in step:
        codes = kept | {f"code{number}": code for number, code in enumerate(talk.codes, 1)}
        return await person.says(step["me"].format(**codes) if codes else step["me"])
    if "replies" in step:
        return await person.replies(step["replies"], step.get("to", ""), step.get("chat", ""))
    if "posted" in step:
        return [outgoing.reply for outgoing in talk.letters.pop(step["posted"], [])]
    if "tap" in step:
        return await person.taps(step["tap"])
    if "position" in step:
        return await person.is_at(*step["position"])
    if "sends" in step:
        return await person.sends(person.incoming(kind=Kind.UNSUPPORTED))
    if "forged" in step:
        return await person.sends(person.incoming(kind=Kind.BUTTON, text=step["forged"]))
    return []


def _compare(step: dict[str, Any], answer: list[Reply]) -> None:
    said = words(answer)
    if "wait" not in step and "due" not in step and "messages" not in step and "roles" not in step:
        assert answer, f"no answer to {step}"
    for wanted in step.get("bot", []):
        assert wanted in said, f"{wanted!r} is not in the answer to {step}:\n{said}"
    for unwanted in step.get("never", []):
        assert unwanted not in said, f"{unwanted!r} is in the answer to {step}:\n{said}"
    for pattern in step.get("like", []):
        assert re.search(pattern, said, re.S), f"nothing like {pattern!r} in the answer to {step}:\n{said}"
    labels = [button.label for reply in answer for row in reply.buttons for button in row]
    for wanted in step.get("buttons", []):
        assert any(wanted in label for label in labels), f"no button {wanted!r} in the answer to {step}: {labels}"
    for unwanted in step.get("no_buttons", []):
        assert not any(unwanted in label for label in labels), f"button {unwanted!r} in the answer to {step}: {labels}"
    if "messages" in step:
        assert len(answer) == step["messages"]
