"""One person on two platforms."""

from __future__ import annotations

import re

import pytest

from storage import accounts, outbox, people
from storage.accounts import GUESSES
from tests.core.conftest import NOON
from tests.talk import Someone, Talk, words


def on_matrix(talk: Talk, name: str = "ada", **fields: object) -> Someone:
    place = {"platform": "matrix", "chat": f"!{name}:example.org", "person": f"@{name}:example.org"}
    return talk.person(name, **place, **fields)


def code_in(text: str) -> str:
    found = re.search(r"/lier ([A-Z2-9]{4}-[A-Z2-9]{4})", text)
    assert found, text
    return found[1]


async def linked(talk: Talk) -> tuple[Someone, Someone]:
    here, there = talk.person("ada"), on_matrix(talk)
    code = code_in(words(await here.says("/lier")))
    answer = words(await there.says(f"/lier {code}"))
    assert "une seule personne sur Telegram, Matrix" in answer
    return here, there


async def test_a_code_joins_two_accounts_and_both_are_told(talk: Talk) -> None:
    here, _ = await linked(talk)
    told = words([outgoing.reply for outgoing in await talk.answers("telegram") if outgoing.chat == here.number])
    assert "Votre compte sur Matrix est maintenant lié" in told


async def test_the_code_is_read_however_it_is_typed(talk: Talk) -> None:
    code = code_in(words(await talk.person("ada").says("/lier")))
    sloppy = code.lower().replace("-", " ")
    assert "une seule personne" in words(await on_matrix(talk).says(f"/lier  {sloppy} "))


async def test_settings_are_one_afterwards(talk: Talk) -> None:
    here, there = await linked(talk)
    await there.says("/langue")
    await there.taps("English")
    assert "Done: I send nothing more" in words(await here.says("/stop"))
    kept = words(await there.says("/mesdonnees"))
    assert '"alerts": false' in kept
    assert '"linked_with": [\n  "telegram"' in kept


async def test_whoever_wanted_no_alerts_on_one_platform_gets_none_on_both(talk: Talk) -> None:
    there = on_matrix(talk)
    await there.says("/stop")
    code = code_in(words(await talk.person("ada").says("/lier")))
    await there.says(f"/lier {code}")
    assert '"alerts": false' in words(await talk.person("ada").says("/mesdonnees"))


async def test_a_code_works_once(talk: Talk) -> None:
    code = code_in(words(await talk.person("ada").says("/lier")))
    await on_matrix(talk).says(f"/lier {code}")
    assert "faux, déjà utilisé" in words(await on_matrix(talk, "eve").says(f"/lier {code}"))


async def test_a_code_lasts_ten_minutes(talk: Talk) -> None:
    code = code_in(words(await talk.person("ada").says("/lier")))
    talk.wait(minutes=10)
    assert "faux, déjà utilisé" in words(await on_matrix(talk).says(f"/lier {code}"))


async def test_a_new_code_ends_the_one_before(talk: Talk) -> None:
    ada = talk.person("ada")
    first = code_in(words(await ada.says("/lier")))
    second = code_in(words(await ada.says("/lier")))
    assert "faux" in words(await on_matrix(talk).says(f"/lier {first}"))
    assert "une seule personne" in words(await on_matrix(talk).says(f"/lier {second}"))


async def test_guessing_is_limited_and_the_right_code_is_of_no_use_then(talk: Talk) -> None:
    code, eve = code_in(words(await talk.person("ada").says("/lier"))), on_matrix(talk, "eve")
    for guess in range(GUESSES):
        assert "faux" in words(await eve.says(f"/lier AAAA-AAA{guess + 2}"))
    assert "Trop de codes faux" in words(await eve.says(f"/lier {code}"))
    talk.wait(minutes=61)
    fresh = code_in(words(await talk.person("ada").says("/lier")))
    assert "une seule personne" in words(await eve.says(f"/lier {fresh}"))


async def test_ones_own_code_joins_nothing(talk: Talk) -> None:
    ada = talk.person("ada")
    code = code_in(words(await ada.says("/lier")))
    assert "déjà la même personne" in words(await ada.says(f"/lier {code}"))


async def test_two_accounts_of_one_platform_are_not_linked(talk: Talk) -> None:
    code = code_in(words(await talk.person("ada").says("/lier")))
    assert "un seul de chaque" in words(await talk.person("bob").says(f"/lier {code}"))


async def test_in_a_group_nothing_is_linked(talk: Talk) -> None:
    ada = talk.person("ada", private=False, chat="-100")
    assert "écrivez-moi en privé" in words(await ada.says("/lier"))


@pytest.mark.parametrize("platform", ["telegram", "matrix"])
async def test_delier_parts_them_from_either_side(talk: Talk, platform: str) -> None:
    here, there = await linked(talk)
    await talk.answers("telegram")
    one = here if platform == "telegram" else there
    assert "à nouveau séparés" in words(await one.says("/delier"))
    await here.says("/stop")
    assert '"alerts": true' in words(await there.says("/mesdonnees"))
    assert "n’est lié à aucun autre" in words(await there.says("/delier"))


async def test_forgetting_the_person_forgets_both_accounts(talk: Talk) -> None:
    here, there = await linked(talk)
    await talk.answers("telegram")
    await there.says("douche bastille")
    await here.says("/effacer")
    await here.taps("Oui, oubliez-moi")
    known = await talk.database.read(
        lambda c: people.people(c, [("telegram", here.number), ("matrix", "@ada:example.org")])
    )
    assert known == {}
    assert "Que cherchez-vous" in words(await there.says("et demain ?"))


async def test_alerts_go_where_they_are_preferred_and_elsewhere_when_that_is_stopped(talk: Talk) -> None:
    here, there = await linked(talk)
    await there.taps("Alertes sur Matrix")
    person = (await talk.database.read(lambda c: people.people(c, [("telegram", here.number)])))[
        "telegram", here.number
    ]

    async def where() -> str | None:
        found = await talk.database.read(lambda c: accounts.reachable(c, [person.id]))
        return found[person.id].lane if found else None

    assert await where() == "matrix:!ada:example.org"
    await talk.database.write(lambda c: outbox.stop_lane(c, "matrix:!ada:example.org", "left", NOON))
    assert await where() == f"telegram:{here.number}"
    await talk.database.write(lambda c: outbox.stop_lane(c, f"telegram:{here.number}", "blocked", NOON))
    assert await where() is None
