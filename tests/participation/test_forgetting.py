"""Whoever asks to be forgotten leaves no trace on any list; two accounts that become one person keep their places."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, String, select

from knowledge.participation.kinds import Kind
from knowledge.participation.states import Event, State
from storage import (
    accounts,
    activities,
    alerts,
    attendance,
    audit,
    forms,
    invitations,
    opt_outs,
    outbox,
    participants,
    people,
    profiles,
    qualifications,
    relays,
    roles,
    signups,
)
from storage.people import people as known_people
from storage.schema import metadata
from tests.core.conftest import knowledge, talk  # noqa: F401
from tests.participation.bot_work import work
from tests.participation.conftest import NOW, World
from tests.participation.test_signing_up import join
from tests.participation.test_waiting_list import act, sign_up, states
from tests.talk import Talk


def traces(connection: Connection, person: int) -> list[str]:
    """Where the number of a person still stands."""
    names = (
        "person_id", "actor_id", "created_by", "account_id", "linked_to", "invited_by", "author_id", "confirmed_by",
    )  # fmt: skip
    found = []
    for table in metadata.sorted_tables:
        for name in names:
            if name in table.c and not isinstance(table.c[name].type, String):
                found += [
                    f"{table.name}.{name}" for _ in connection.execute(select(table).where(table.c[name] == person))
                ]
    return found


async def test_forgotten_while_on_lists(world: World) -> None:
    full, offered = await world.session(capacity=1, gives="x"), await world.session(capacity=1, days=9)
    past = await world.session(days=0, gives="x", gives_months=12)
    a, b, c = await world.people(3)
    await join(world, past.id, a)
    one = await sign_up(world, past.id, a)
    await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, a, world.now))
    for person in (a, b):
        await join(world, full.id, person)
    for person in (c, a, b):
        await join(world, offered.id, person)
    await act(world, signups.cancel, offered.id, c)
    await work(world)
    assert (await sign_up(world, offered.id, a)).state is State.OFFERED
    await world.do(lambda c: alerts.note_asked(c, full.id, [a], world.now))
    await world.do(lambda c: forms.keep(c, forms.Form("telegram:x", a, "mission", "{}", "title", world.now)))
    await world.do(lambda c: profiles.keep_calendar_token(c, a, "secret"))
    await world.do(lambda c: activities.create(c, replace(activities.Activity(Kind.CAFE, {"fr": "x"})), a, world.now))

    def forget(connection: Connection) -> None:
        known = known_people(connection, [("telegram", "p0")])["telegram", "p0"]
        participants.erase(connection, known.id, world.now)
        people.erase(connection, known)

    await world.do(forget)
    assert await world.do(lambda c: traces(c, a)) == []
    said = await work(world)
    assert sorted(said) == ["chat-p1"]
    assert len(said["chat-p1"]) == 2  # next in line, on both lists
    assert await states(world, full.id) == [(b, "offered")]
    assert await world.do(lambda c: profiles.calendar_owner(c, "secret")) is None
    entries = await world.do(lambda c: audit.of_session(c, full.id))
    assert [one.what for one in entries if one.after == "removed"] == ["remove"]  # what happened stays


async def _of_the_team(world: World, person: int, name: str) -> None:
    """A role, an invitation, what they do not want, an answer on its way to the team."""
    row = outbox.NewRow("telegram", "telegram:team", "{}")

    def work(connection: Connection) -> None:
        roles.set_role(connection, "telegram", name, "staff", world.now)
        invitations.invite(connection, f"CODE{name}", "partner", "Aurore", person, world.now)
        opt_outs.refuse(connection, person, [opt_outs.DIGEST], world.now)
        relays.note(connection, None, person, "telegram:team", outbox.add_one(connection, row, world.now), world.now)

    await world.do(work)


async def test_forgotten_with_all_that_the_team_is(world: World) -> None:
    a = await world.person("a")
    await _of_the_team(world, a, "a")
    await world.do(lambda c: participants.erase(c, a, world.now))
    await world.do(lambda c: people.erase(c, known_people(c, [("telegram", "a")])["telegram", "a"]))
    assert await world.do(lambda c: traces(c, a)) == []
    assert await world.do(roles.all_roles) == []
    assert await world.do(lambda c: invitations.look(c, "CODEa", world.now)) is None
    assert await world.do(outbox.waiting) == 0  # their words do not leave any more
    noted = await world.do(lambda c: audit.acts(c, None))
    assert [(one.what, one.person_id, one.actor_id) for one in noted] == [("invited", None, None), ("role", None, None)]


async def test_linked_accounts_share_what_the_team_is(world: World) -> None:
    first = await world.person("a")
    second = await world.person("b")
    await _of_the_team(world, second, "b")
    await world.do(lambda c: opt_outs.refuse(c, first, [opt_outs.DIGEST, opt_outs.ALERT], world.now))
    await world.do(lambda c: participants.merge(c, second, first, world.now))
    assert await world.do(lambda c: opt_outs.unwanted(c, first)) == {opt_outs.DIGEST, opt_outs.ALERT}
    found = await world.do(lambda c: invitations.look(c, "CODEb", world.now))
    assert found is not None
    assert found.invited_by == first
    assert not [trace for trace in await world.do(lambda c: traces(c, second)) if not trace.startswith("person")]


async def test_forgotten_while_their_place_is_offered_to_somebody(world: World) -> None:
    session = await world.session(capacity=1)
    a, b = await world.people(2)
    for person in (a, b):
        await join(world, session.id, person)
    await act(world, signups.look_for_replacement, session.id, a)
    await work(world)
    await world.do(lambda c: participants.erase(c, a, world.now))
    await work(world)
    assert await states(world, session.id) == [(b, "offered")]
    await act(world, signups.accept, session.id, b)
    assert await states(world, session.id) == [(b, "confirmed")]


async def test_effacer_through_the_bot(world: World, talk: Talk) -> None:  # noqa: F811
    session = await world.session(capacity=1)
    ada = talk.person("ada")
    await ada.says("/start")
    number = (await world.do(lambda c: known_people(c, [("telegram", ada.number)])))["telegram", ada.number].id
    await world.do(lambda c: profiles.set_age(c, number, NOW.date()))
    bob = await world.person("bob")
    await join(world, session.id, number)
    await join(world, session.id, bob)
    await ada.says("/effacer")
    await ada.taps("Oui")
    assert await world.do(lambda c: traces(c, number)) == []
    assert list(await work(world)) == ["chat-bob"]


async def test_linked_accounts_share_sign_ups(world: World) -> None:
    shared, only = await world.session(capacity=1), await world.session(capacity=2, days=9, gives="x")
    first = await world.person("a")
    second = await world.person("@a:example.org", platform="matrix")
    await join(world, shared.id, second)
    await join(world, shared.id, first)  # waits behind the other account of the same person
    await join(world, only.id, second)
    one = await sign_up(world, only.id, second)
    await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, None, world.now))

    def link(connection: Connection) -> None:
        known = known_people(connection, [("telegram", "a"), ("matrix", "@a:example.org")])
        participants.merge(connection, second, first, world.now)
        accounts.link(connection, known["matrix", "@a:example.org"], known["telegram", "a"])

    await world.do(link)
    assert sorted(await states(world, shared.id)) == [(first, "cancelled"), (first, "confirmed")]
    assert await states(world, only.id) == [(first, "attended")]
    assert [one.name for one in await world.do(lambda c: qualifications.of_person(c, first))] == ["x"]
    assert not [trace for trace in await world.do(lambda c: traces(c, second)) if not trace.startswith("person")]
