"""Whom each condition means, alone and together; who of them is written to; audiences under a name; being forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, update

from knowledge.announcements.audience import (
    AllOf,
    AnyOf,
    Audience,
    BadAudience,
    Everybody,
    HasRole,
    InDistrict,
    Near,
    Node,
    Not,
    OfAssociation,
    OnPlatform,
    Qualified,
    Seen,
    SignedUp,
    Skilled,
    Speaks,
    check,
    dump,
    load,
)
from knowledge.announcements.content import Attached
from knowledge.announcements.districts import around
from knowledge.announcements.kinds import Exclusion, Kind, State
from knowledge.participation.states import Event
from storage import (
    accounts,
    announced,
    announcements,
    attachments,
    attendance,
    audiences,
    opt_outs,
    outbox,
    participants,
    people,
    profiles,
    qualifications,
    recipients,
    roles,
)
from storage.audiences import Scope
from storage.schema import person
from tests.announcements.engine import HELLO, Engine
from tests.participation.conftest import NOW, PARIS, World
from tests.participation.test_signing_up import join
from tests.participation.test_waiting_list import sign_up

SCOPE = Scope(NOW)


async def meant(world: World, node: Node, scope: Scope = SCOPE) -> set[int]:
    """Also as it comes back from being kept."""
    kept = load(dump(Audience(node))).people
    assert kept == node
    return set(await world.do(lambda c: c.execute(audiences.members(node, scope)).scalars().all()))


async def change(world: World, number: int, **values: object) -> None:
    await world.do(lambda c: c.execute(update(person).where(person.c.id == number).values(**values)) and None)


async def test_roles(world: World) -> None:
    visitor, volunteer, partner, staff, named = [
        await world.person(name, adult=name == "volunteer") for name in ("v", "volunteer", "p", "s", "boss")
    ]
    await world.do(lambda c: roles.set_role(c, "telegram", "p", "partner", NOW, "Aurore"))
    await world.do(lambda c: roles.set_role(c, "telegram", "s", "staff", NOW))
    scope = Scope(NOW, [("telegram", "boss")])
    assert await meant(world, HasRole("visitor"), scope) == {visitor}
    assert await meant(world, HasRole("volunteer"), scope) == {volunteer}
    assert await meant(world, HasRole("partner"), scope) == {partner}
    assert await meant(world, HasRole("staff"), scope) == {staff}
    assert await meant(world, HasRole("admin"), scope) == {named}
    assert await meant(world, HasRole("admin")) == set()
    assert len(await meant(world, Everybody())) == 5


async def test_qualifications_valid_and_expired(world: World) -> None:
    for_ever, expired, renewed, none = await world.people(4)
    lasting, yearly = [await world.activity(gives="aid", gives_months=months) for months in (None, 12)]
    long_ago, lately = NOW.date() - timedelta(days=400), NOW.date() - timedelta(days=10)
    for number, (by, who, day) in enumerate(
        [
            (lasting, for_ever, long_ago),
            (yearly, expired, long_ago),
            (yearly, renewed, long_ago),
            (yearly, renewed, lately),
        ]
    ):
        await world.do(
            lambda c, by=by, who=who, day=day, number=number: qualifications.give(c, who, by, number, day, NOW, PARIS)  # type: ignore[misc]
        )
    assert await meant(world, Qualified("aid")) == {for_ever, renewed}
    assert await meant(world, Qualified("aid", valid=False)) == {expired}
    assert await meant(world, Qualified("")) == {for_ever, renewed}
    assert await meant(world, Qualified("other")) == set()
    assert none in await meant(world, Not(Qualified("aid")))


async def test_skills_languages_districts(world: World) -> None:
    cook, driver, neither = await world.people(3)
    await world.do(
        lambda c: profiles.change(
            c,
            cook,
            skills=frozenset({"cooking", "first_aid"}),
            languages=frozenset({"ar"}),
            districts=frozenset({"75010"}),
        )
    )
    await world.do(
        lambda c: profiles.change(c, driver, skills=frozenset({"driving"}), districts=frozenset({"75018", "75019"}))
    )
    await change(world, neither, language="en")
    assert await meant(world, Skilled("cooking")) == {cook}
    assert await meant(world, Skilled("cook")) == set()
    assert await meant(world, Skilled("first%aid")) == set()
    assert await meant(world, Speaks("ar", offers=True)) == {cook}
    assert await meant(world, Speaks("en")) == {neither}
    assert await meant(world, InDistrict(("75010",))) == {cook}
    assert await meant(world, InDistrict(("75010", "75019"))) == {cook, driver}
    assert await meant(world, Near(48.8809, 2.3553, 1500, "Gare du Nord")) == {cook, driver}
    assert await meant(world, Near(48.8809, 2.3553, 700, "Gare du Nord")) == {cook}


def test_districts_around_a_place() -> None:
    assert around(48.8809, 2.3553, 100) == ("75010",)
    assert len(around(48.8566, 2.3522, 20_000)) == 20


async def test_platforms_and_linked_accounts(world: World) -> None:
    alone = await world.person("a")
    both = await world.person("b")
    other = await world.person("@b:x", platform="matrix")

    def link(connection: Connection) -> None:
        known = people.people(connection, [("telegram", "b"), ("matrix", "@b:x")])
        accounts.link(connection, known["matrix", "@b:x"], known["telegram", "b"])
        participants.merge(connection, other, both, NOW)

    await world.do(link)
    assert await meant(world, OnPlatform("telegram")) == {alone, both}
    assert await meant(world, OnPlatform("matrix")) == {both}
    assert await meant(world, Everybody()) == {alone, both}
    forecast = await world.do(lambda c: audiences.forecast(c, Audience(Everybody()), Kind.ANNOUNCEMENT, SCOPE))
    assert forecast.by_platform == {"telegram": 2}
    await world.do(lambda c: accounts.prefer(c, both, "matrix"))
    await world.do(lambda c: outbox.stop_lane(c, "telegram:chat-a", "blocked", NOW))
    forecast = await world.do(lambda c: audiences.forecast(c, Audience(Everybody()), Kind.ANNOUNCEMENT, SCOPE))
    assert forecast.by_platform == {"matrix": 1}
    assert forecast.excluded == {Exclusion.BLOCKED: 1}
    await world.do(lambda c: outbox.stop_lane(c, "matrix:chat-@b:x", "gone", NOW))
    forecast = await world.do(lambda c: audiences.forecast(c, Audience(Everybody()), Kind.ANNOUNCEMENT, SCOPE))
    assert forecast.by_platform == {"telegram": 1}


async def test_on_lists(world: World) -> None:
    first, second, third, nobody = await world.people(4)
    about = await world.session(capacity=1, organiser="Aurore")
    elsewhere = await world.session(days=9)
    await join(world, about.id, first)
    await join(world, about.id, second)
    await join(world, elsewhere.id, third)
    mine = about.activity_id
    assert await meant(world, SignedUp("coming", session_id=about.id)) == {first}
    assert await meant(world, SignedUp("waiting", session_id=about.id)) == {second}
    assert await meant(world, SignedUp("coming", activity_id=mine)) == {first}
    assert await meant(world, SignedUp("coming", session_id=elsewhere.id)) == {third}
    assert await meant(world, OfAssociation("Aurore")) == {first, second}
    assert await meant(world, OfAssociation("Emmaüs")) == set()
    one = await sign_up(world, about.id, first)
    world.now = about.ends_at
    await world.do(lambda c: attendance.mark(c, one.id, Event.ATTEND, None, world.now))
    assert await meant(world, SignedUp("attended", activity_id=mine)) == {first}
    assert await meant(world, SignedUp("coming", activity_id=mine)) == set()
    assert nobody


async def test_active_or_silent(world: World) -> None:
    old, new = await world.people(2)
    await change(world, old, seen_on=date(2026, 9, 1))
    assert await meant(world, Seen(since=date(2026, 11, 1))) == {new}
    assert await meant(world, Seen(days=30)) == {new}
    assert await meant(world, Seen(days=30, silent=True)) == {old}
    assert await meant(world, Seen(days=300)) == {old, new}


async def test_and_or_not(world: World) -> None:
    a, b, c = await world.people(3)
    await change(world, a, language="en")
    await change(world, b, language="ar")
    assert await meant(world, AnyOf((Speaks("en"), Speaks("ar")))) == {a, b}
    assert await meant(world, AllOf((Everybody(), Not(AnyOf((Speaks("en"), Speaks("ar"))))))) == {c}
    assert await meant(world, AllOf((Speaks("en"), Speaks("ar")))) == set()


@pytest.mark.parametrize(
    "audience",
    [
        Audience(None),
        Audience(AllOf(())),
        Audience(SignedUp("coming")),
        Audience(SignedUp("coming", 1, 2)),
        Audience(Seen()),
        Audience(InDistrict(())),
        Audience(AnyOf(tuple(Speaks("fr") for _ in range(60)))),
        Audience(Not(Not(Not(Not(Not(Not(Not(Not(Not(Everybody())))))))))),
    ],
)
def test_what_means_nothing_is_refused(audience: Audience) -> None:
    with pytest.raises(BadAudience):
        check(audience)


def test_what_is_no_audience_is_refused() -> None:
    for text in ("", "{}", '{"people":{"what":"sql"}}', '{"people":{"what":"role","role":"king"}}'):
        with pytest.raises(BadAudience):
            load(text)


async def test_missions_follow_what_volunteers_said(world: World) -> None:
    _wants, never, later, nothing = await world.people(4)
    await world.do(lambda c: profiles.change(c, never, missions=False))
    await world.do(lambda c: profiles.change(c, later, paused_until=date(2026, 12, 24)))
    await world.do(lambda c: opt_outs.refuse(c, nothing, [Kind.MISSION], NOW))

    async def excluded(kind: Kind) -> dict[Exclusion, int]:
        found = await world.do(lambda c: audiences.forecast(c, Audience(Everybody()), kind, SCOPE))
        assert found.reached + found.excluded.total() == 4
        return dict(found.excluded)

    assert await excluded(Kind.MISSION) == {Exclusion.OPTED_OUT: 2, Exclusion.PAUSED: 1}
    assert await excluded(Kind.DIGEST) == {Exclusion.PAUSED: 1}
    assert await excluded(Kind.ALERT) == {}


async def test_saved_under_a_name_of_the_team(world: World) -> None:
    audience, other = Audience(Speaks("fr")), Audience(Speaks("en"), ("café",))
    await world.do(lambda c: audiences.save(c, "", "Francophones", audience, None, NOW))
    await world.do(lambda c: audiences.save(c, "", "Francophones", other, None, NOW))
    await world.do(lambda c: audiences.save(c, "Aurore", "À nous", audience, None, NOW))
    (ours,) = await world.do(lambda c: audiences.saved(c, ""))
    assert (ours.name, ours.audience) == ("Francophones", other)
    await world.do(lambda c: audiences.delete_saved(c, "Aurore", ours.id))
    assert len(await world.do(lambda c: audiences.saved(c, ""))) == 1
    await world.do(lambda c: audiences.delete_saved(c, "", ours.id))
    assert await world.do(lambda c: audiences.saved(c, "")) == []


async def test_forgotten_the_counts_stay_without_the_person(engine: Engine) -> None:
    first, second = await engine.crowd(2)
    engine.start()
    number = await engine.announce(author_id=first)
    await engine.run(number)
    assert await engine.do(lambda c: recipients.choose(c, number, first, 1, engine.now))
    await engine.do(lambda c: announced.forget(c, first))
    counts = await engine.counts(number)
    assert counts.by_state == {State.DELIVERED: 2}
    assert counts.choices == {1: 1}
    assert (await engine.known(number)).author_id is None
    assert await engine.do(lambda c: recipients.of_person(c, first)) == []
    assert [one.announcement_id for one in await engine.do(lambda c: recipients.of_person(c, second))] == [number]


async def test_forgotten_while_it_is_in_the_outbox_it_does_not_go_out(engine: Engine) -> None:
    first, second = await engine.crowd(2)
    number = await engine.announce()
    await engine.broadcast.step()
    assert (await engine.counts(number)).by_state == {State.OUT: 2}
    await engine.do(lambda c: announced.forget(c, first))
    engine.start()
    assert (await engine.run(number)).by_state == {State.DELIVERED: 1, State.CANCELLED: 1}
    assert engine.got() == ["chat-1"]
    assert set(await engine.states(number)) == {None, second}


async def test_linked_while_it_waits_it_goes_out_once(engine: Engine) -> None:
    first, second = await engine.crowd(2)
    engine.broadcast._per_second = {}  # type: ignore[misc]
    number = await engine.announce()
    await engine.do(lambda c: recipients.freeze(c, number, Scope(engine.now)))
    await engine.do(lambda c: announced.hand_over(c, second, first))
    await engine.do(lambda c: c.execute(update(person).where(person.c.id == second).values(linked_to=first)) and None)
    engine.broadcast._per_second = {"test": 100}  # type: ignore[misc]
    engine.start()
    assert (await engine.run(number)).by_state == {State.DELIVERED: 1}


async def test_choices_the_last_tap_counts_also_from_a_group(engine: Engine) -> None:
    first, second = await engine.crowd(2)
    stranger = (await engine.crowd(1, start=50, language="en"))[0]
    number = await engine.announce(audience=Audience(Speaks("fr")))
    await engine.do(lambda c: recipients.freeze(c, number, Scope(engine.now)))
    moments = [engine.now + timedelta(minutes=minute) for minute in range(3)]
    assert await engine.do(lambda c: recipients.choose(c, number, first, 0, moments[0]))
    assert await engine.do(lambda c: recipients.choose(c, number, first, 1, moments[1]))
    assert await engine.do(lambda c: recipients.choose(c, number, second, 1, moments[2]))
    assert not await engine.do(lambda c: recipients.choose(c, number, stranger, 1, moments[2]))
    assert (await engine.counts(number)).choices == {1: 2}
    assert [one.person_id for one in await engine.do(lambda c: recipients.answers(c, number, 1))] == [first, second]
    both = await engine.announce(audience=Audience(Speaks("fr"), ("café",)))
    await engine.do(lambda c: recipients.freeze(c, both, Scope(engine.now)))
    assert await engine.do(lambda c: recipients.choose(c, both, stranger, 1, moments[2]))
    counts = await engine.counts(both)
    assert (counts.meant, counts.choices, counts.by_state[State.EXCLUDED]) == (3, {1: 1}, 0)


async def test_two_staff_on_one_draft(engine: Engine) -> None:
    draft = await engine.do(lambda c: announcements.create(c, replace(HELLO, label="x"), engine.now))
    changed = await engine.do(lambda c: announcements.change(c, draft, label="y"))
    with pytest.raises(announcements.Changed):
        await engine.do(lambda c: announcements.change(c, draft, label="z"))
    started = await engine.do(lambda c: announcements.start(c, changed, engine.now))
    with pytest.raises(announcements.NotPossible):
        await engine.do(lambda c: announcements.change(c, started, label="z"))
    with pytest.raises(announcements.Changed):
        await engine.do(lambda c: announcements.start(c, changed, engine.now))
    assert (await engine.known(draft.id)).label == "y"


async def test_half_a_year_later_nobody_knows_who_got_it(engine: Engine) -> None:
    ids = await engine.crowd(3)
    engine.start()
    number = await engine.announce()
    await engine.run(number)
    await engine.do(lambda c: recipients.choose(c, number, ids[0], 0, engine.now))
    await engine.do(lambda c: announced.forget_old(c, engine.now + timedelta(days=180)))
    assert set(await engine.states(number)) == set(ids)
    await engine.do(lambda c: announced.forget_old(c, engine.now + timedelta(days=190)))
    assert set(await engine.states(number)) == {None}
    counts = await engine.counts(number)
    assert (counts.by_state, counts.choices) == ({State.DELIVERED: 3}, {0: 1})


async def test_pictures_are_kept_as_long_as_something_is_to_go_out_with_them(engine: Engine) -> None:
    kept, left, fresh = [
        await engine.do(lambda c, at=at: attachments.add(c, "photo", "a.png", "image/png", b"...", at))  # type: ignore[misc]
        for at in (engine.now - timedelta(days=70), engine.now - timedelta(days=70), engine.now)
    ]
    content = replace(HELLO.content, attachment=Attached(kept, True, "a.png", "image/png"))
    await engine.do(lambda c: announcements.create(c, replace(HELLO, content=content), engine.now))
    await engine.do(lambda c: attachments.forget(c, engine.now))
    found = [await engine.do(lambda c, n=n: attachments.by_id(c, n)) for n in (kept, left, fresh)]  # type: ignore[misc]
    assert [one is not None for one in found] == [True, False, True]
