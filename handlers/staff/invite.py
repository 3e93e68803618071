"""Invitations to the team: a link or a code that gives a role once."""

from __future__ import annotations

import secrets

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.linking import ALPHABET
from handlers.privately import in_private
from handlers.staff.access import allowed, role, role_of_person
from handlers.staff.member_buttons import Invite, Members
from handlers.staff.members import may_give, role_name
from knowledge.text import plain
from storage import accounts, invitations, roles
from storage.addressees import addressees
from storage.invitations import LIFE, Invitation
from storage.roles import RANKS, Role

router = Router()

CODE_LETTERS = 12
START = "inv_"
"""What a link for Telegram begins with: t.me/<bot>?start=inv_CODE."""
ASSOCIATION = "invite_association"
LONGEST_NAME = 80
NAMES = {
    "admin": ("admin", "administrateur", "administratrice", "administrator"),
    "staff": ("staff", "equipe", "team"),
    "partner": ("partner", "partenaire", "association"),
}


@router.command("inviter", "invite")
def invite(turn: Turn) -> None:
    """`/inviter staff`, `/inviter partner Aurore`, `/inviter admin`; alone, asks which."""
    held = allowed(turn, "staff")
    if held is None:
        return
    _, _, typed = turn.incoming.text.partition(" ")
    word, _, rest = typed.strip().partition(" ")
    wanted = next((rank for rank, names in NAMES.items() if plain(word) in names), "")
    _begin(turn, held, wanted, rest.strip())


@router.button(Invite)
def invite_tapped(turn: Turn, button: Invite) -> None:
    held = allowed(turn, "staff")
    if held is not None:
        _begin(turn, held, button.role if button.role in RANKS else "", "")


def _begin(turn: Turn, held: Role, wanted: str, association: str) -> None:
    t = turn.texts.t
    if not wanted:
        turn.say(
            t("Invite whom? Or write “{example}”.", example="/inviter partner Aurore"),
            [Button(role_name(turn.texts, rank), Invite(rank).pack()) for rank in RANKS if may_give(held, rank)],
        )
    elif not may_give(held, wanted):
        turn.say(t("That is for administrators."))
    elif wanted == "partner" and not association:
        turn.remember(asking=ASSOCIATION, about="")
        turn.say(t("Of which association? As it stands on its activities. “{cancel}” leaves it.", cancel=t("Cancel")))
    elif len(association) > LONGEST_NAME:
        turn.say(t("{count} signs at most, please.", count=LONGEST_NAME))
    else:
        _give(turn, wanted, association if wanted == "partner" else "")


@router.answer(ASSOCIATION)
def association_said(turn: Turn) -> bool:
    held = allowed(turn, "staff")
    words = " ".join(turn.incoming.text.split())
    if held is None or plain(words) in {plain(turn.texts.t("Cancel")), "annuler", "cancel"}:
        turn.remember(asking="", about="")
        if held is not None:
            turn.say(turn.texts.t("All right, nothing is changed."))
        return True
    if len(words) <= LONGEST_NAME:
        turn.remember(asking="", about="")
    _begin(turn, held, "partner", words)
    return True


def _give(turn: Turn, rank: str, association: str) -> None:
    t = turn.texts.t
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    invitations.invite(turn.connection, code, rank, association, turn.person.id, turn.now)
    what = role_name(turn.texts, rank) + (f", {turn.texts.apart(association)}" if association else "")
    lines = [t("Give this to one person: whoever opens it first becomes “{role}”, within {days} days.", role=what,
               days=LIFE.days)]  # fmt: skip
    typed = "-".join(code[i : i + 4] for i in range(0, CODE_LETTERS, 4))
    link = f"https://t.me/{turn.bot_name}?start={START}{code}"
    lines.append(f"Telegram: {link if turn.bot_name else strong(f'/invitation {typed}')}")
    lines.append(f"Matrix: {strong(f'!invitation {typed}')}")
    turn.say("\n".join(lines), [Button(t("Back"), Members(0).pack())])


@router.command("invitation")
def accept_typed(turn: Turn) -> None:
    _, _, typed = turn.incoming.text.partition(" ")
    accept(turn, typed)


def accept(turn: Turn, typed: str) -> None:
    """Gives the role of an invitation to the account that opens it."""
    if not in_private(turn):
        return
    t, connection, person = turn.texts.t, turn.connection, turn.person
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if not accounts.may_guess(connection, person.account, turn.now):
        turn.say(t("Too many wrong codes. Try again in an hour."))
        return
    found = invitations.look(connection, code, turn.now) if code else None
    if found is None or not _still_may(turn, found):
        accounts.note_guess(connection, person.account, turn.now)
        turn.say(t("This invitation is wrong, used or too old. Ask for a new one."))
        return
    held = role(turn)
    if held is not None and held.at_least(found.role) and held.role != "partner":
        turn.say(t("You are of the team already: {role}. The invitation stays good for somebody else.",
                   role=role_name(turn.texts, held.role)))  # fmt: skip
        return
    if not invitations.use_up(connection, code):
        turn.say(t("This invitation is wrong, used or too old. Ask for a new one."))
        return
    roles.set_role(
        connection, person.platform, person.user_id, found.role, turn.now, found.organisation, found.invited_by
    )
    what = role_name(turn.texts, found.role) + (
        f", {turn.texts.apart(found.organisation)}" if found.organisation else ""
    )
    turn.say(t("Welcome to the team! You are now: {role}. What you can do: /equipe", role=strong(what)))
    _tell(turn, found)


def _still_may(turn: Turn, found: Invitation) -> bool:
    """Who made it must still have the right to."""
    held = role_of_person(turn.connection, turn.admins, found.invited_by) if found.invited_by is not None else None
    return held is not None and may_give(held, found.role)


def _tell(turn: Turn, found: Invitation) -> None:
    """Whoever invited learns that it was used: was it not whom they meant, they can put them out."""
    from bot.texts import texts  # noqa: PLC0415 - the turn speaks another person's language

    for to in addressees(turn.connection, [found.invited_by] if found.invited_by is not None else []).values():
        words = texts(to.language, turn.texts.zone)
        turn.say_elsewhere(
            to.account,
            words.t("Your invitation was used: {role}.", role=role_name(words, found.role)),
            [Button(words.t("The team"), Members(0).pack())],
        )
