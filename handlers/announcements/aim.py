"""Whom it is for: conditions by buttons, one after the other, or in words."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button, strong
from bot.turn import Turn
from handlers.announcements import conditions, naming
from handlers.announcements.buttons import Aim
from handlers.announcements.drafting import Open, ask, audience_of, change, keep, mine, opened, scope, within
from handlers.staff.access import allowed
from knowledge.announcements import audience as trees
from knowledge.announcements.audience import Audience, BadAudience, Node, Not
from knowledge.announcements.kinds import Kind
from knowledge.announcements.said import Named, NotAnAudience, added, joined, read
from knowledge.frame import Place
from storage import activities, audiences
from storage.announcements import Announcement
from storage.roles import Role

LONGEST_NAME = 60


def ask_whom(turn: Turn, one: Open, held: Role, said: str = "") -> None:
    """The question, or how it stands."""
    t = turn.texts.t
    audience = audience_of(one)
    rows = conditions.main(turn, held)
    if audience is None:
        question = t("For whom?")
        hint = t("Tap, or write it: “trained, 10e or 18e, except English”.")
        ask(turn, replace(one, step="audience"), f"{question}\n{hint}", *rows, said=said)
        return
    counted = audiences.forecast(turn.connection, audience, Kind.ANNOUNCEMENT, scope(turn))
    whom = naming.audience_name(turn.connection, turn.texts, audience)
    reached = turn.texts.tn("{count} person would get it.", "{count} people would get it.", counted.reached)
    but = t("Leave out…") if not one.but else t("Add…")
    choices = [
        [Button(t("Continue"), Aim("done", "").pack()), Button(but, Aim("but", "").pack())],
        [Button(t("Start again"), Aim("again", "").pack()), Button(t("Save this choice"), Aim("keep", "").pack())],
    ]
    text = t("For: {whom}.", whom=strong(whom))
    if counted.reached or not counted.groups:
        text += f"\n{reached}"
    if one.but:
        text += "\n" + t("Whom to leave out?")
    ask(turn, replace(one, step="audience"), text, *choices, *rows, said=said)


def tapped(turn: Turn, button: Aim) -> None:
    held = allowed(turn)
    one = opened(turn) if held is not None else None
    if held is None:
        return
    if one is None:
        turn.say(turn.texts.t("This form is closed. A new one: /annonce"))
        return
    match button.what:
        case "add":
            _add(turn, one, held, button.value)
        case "near":
            ask(
                turn, replace(one, step="audience"), turn.texts.t("Which place? For example “within 2 km of Bastille”.")
            )
        case "menu":
            _menu(turn, one, held, button.value)
        case "but":
            ask_whom(turn, replace(one, but=not one.but), held)
        case "again":
            ask_whom(turn, replace(one, audience="", but=False), held)
        case "use":
            _use(turn, one, held, button.value)
        case "keep" if audience_of(one) is not None:
            _ask_name(turn, one)
        case "done" if audience_of(one) is not None:
            _done(turn, one, held)
        case _:
            ask_whom(turn, one, held)


def _menu(turn: Turn, one: Open, held: Role, name: str) -> None:
    rows = conditions.rows(turn, held, name)
    if not rows:
        ask_whom(turn, one, held, turn.texts.t("There is nothing to choose from."))
        return
    keep(turn, replace(one, step="audience"))
    turn.say(turn.texts.t("Which?"), *rows, [Button(turn.texts.t("Back"), Aim("menu", "back").pack())])


def _add(turn: Turn, one: Open, held: Role, value: str) -> None:
    what, _, about = value.partition(":")
    groups = list(turn.reach.groups)
    if what == "group" and held.at_least("staff") and about.isdecimal() and int(about[:6]) < len(groups):
        known = audience_of(one) or Audience(None)
        names = dict.fromkeys((*known.groups, groups[int(about[:6])]))
        _keep_and_ask(turn, one, held, Audience(known.people, tuple(names)))
        return
    node = conditions.condition(value)
    if node is None:
        ask_whom(turn, one, held)
        return
    _combine(turn, one, held, node)


def _combine(turn: Turn, one: Open, held: Role, node: Node) -> None:
    """One condition more."""
    known = audience_of(one)
    people = known.people if known is not None else None
    if one.but:
        people = joined(people or trees.Everybody(), Not(node))
    else:
        people = node if people is None else added(people, node)
    _keep_and_ask(turn, one, held, Audience(people, known.groups if known is not None else ()))


def _keep_and_ask(turn: Turn, one: Open, held: Role, audience: Audience) -> None:
    try:
        audience = within(held, audience)
        trees.check(audience)
    except BadAudience:
        ask_whom(turn, one, held, turn.texts.t("That is too much at once. Start again with fewer conditions."))
        return
    ask_whom(turn, replace(one, audience=trees.dump(audience), but=False), held)


def _use(turn: Turn, one: Open, held: Role, value: str) -> None:
    kept = [each for each in audiences.saved(turn.connection, held.organisation) if str(each.id) == value]
    if not kept:
        ask_whom(turn, one, held, turn.texts.t("There is nothing to choose from."))
        return
    audience = kept[0].audience
    if audience.people is not None and (one.but or audience_of(one) is not None):
        _combine(turn, one, held, audience.people)
    else:
        _keep_and_ask(turn, one, held, audience)


def typed(turn: Turn, one: Open, held: Role) -> None:
    read_words(turn, one, held, turn.incoming.text)


def read_words(turn: Turn, one: Open, held: Role, words: str) -> None:
    """ "formés, 10e ou 18e, sauf anglophones"."""
    own = "" if held.at_least("staff") else held.organisation
    titles = [
        (each.id, title)
        for each in activities.activities(turn.connection, ("published",), organiser=own)
        for title in each.title.values()
    ]
    saved = [(each.name, each.audience.people) for each in audiences.saved(turn.connection, held.organisation)]

    def place(name: str) -> Place | None:
        return next(iter(turn.knowledge.gazetteer.look_up(name)), None)

    try:
        node = read(words, Named(titles, [(name, people) for name, people in saved if people is not None], place))
    except NotAnAudience as error:
        said = turn.texts.t("I do not know whom you mean by “{words}”.", words=error.words[:60])
        ask_whom(turn, one, held, said)
        return
    _combine(turn, one, held, node)


def _ask_name(turn: Turn, one: Open) -> None:
    ask(turn, replace(one, step="save"), turn.texts.t("Under which name?"))


def named(turn: Turn, one: Open, held: Role) -> None:
    """The name that the audience is kept under."""
    name, audience = " ".join(turn.incoming.text.split()), audience_of(one)
    if audience is None:
        ask_whom(turn, one, held)
    elif not 2 <= len(name) <= LONGEST_NAME:
        _ask_name(turn, one)
    else:
        audiences.save(turn.connection, held.organisation, name, audience, turn.person.id, turn.now)
        ask_whom(turn, one, held, turn.texts.t("Saved as “{name}”.", name=name))


def _done(turn: Turn, one: Open, held: Role) -> None:
    """On to the message, or back to the draft that it is for."""
    from handlers.announcements import preview, writing  # noqa: PLC0415 - they lead back here

    audience = audience_of(one)
    assert audience is not None
    if not one.draft:
        writing.ask_message(turn, one)
        return
    found = mine(turn, one.draft)
    known: Announcement | None = found[1] if found is not None else None
    if known is None:
        return
    changed = change(turn, replace(known, version=one.version), audience=within(held, audience))
    if changed is not None:
        preview.show(turn, changed)
