"""One person on two platforms: a code joins their accounts, /delier parts them again."""

from __future__ import annotations

import secrets

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.buttons import Prefer
from handlers.privately import in_private
from storage import accounts
from storage.accounts import Account
from storage.people import Person

router = Router()

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without what is mistaken for something else: I and 1, L, O and 0."""
CODE_LETTERS = 8
PLATFORMS = {"telegram": "Telegram", "matrix": "Matrix", "console": "Terminal"}


@router.command("lier", "link")
def link(turn: Turn) -> None:
    """Alone, gives a code; with a code, joins this account to the one that asked for it."""
    if not in_private(turn):
        return
    _, _, typed = turn.incoming.text.partition(" ")
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if code:
        _join(turn, code)
    else:
        _give_code(turn)


def _give_code(turn: Turn) -> None:
    t = turn.texts.t
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    accounts.keep_code(turn.connection, turn.person.account, code, turn.now)
    shown = f"{code[:4]}-{code[4:]}"
    turn.say(
        t("Within {minutes} minutes, write this to me from your other app:", minutes=10)
        + f"\n{strong(f'/lier {shown}')}\n"
        + t(
            "On Matrix: {command}. Give this code to nobody: it makes that account one with yours.",
            command=f"!lier {shown}",
        )
    )


def _join(turn: Turn, code: str) -> None:
    t, connection, person = turn.texts.t, turn.connection, turn.person
    if not accounts.may_guess(connection, person.account, turn.now):
        turn.say(t("Too many wrong codes. Try again in an hour."))
        return
    account = accounts.take_code(connection, code, turn.now)
    other = accounts.owner(connection, account) if account is not None else None
    if other is None:
        accounts.note_guess(connection, person.account, turn.now)
        turn.say(
            t("This code is wrong, used, or older than {minutes} minutes. Ask for a new one with /lier.", minutes=10)
        )
        return
    if other.id == person.id:
        turn.say(t("These accounts are the same person already. Write the code from your other app."))
        return
    taken = _platforms(turn, other) & _platforms(turn, person)
    if taken:
        name = PLATFORMS[sorted(taken)[0]]
        turn.say(
            t(
                "Both already have an account on {platform}: only one each can be linked. /delier parts them.",
                platform=name,
            )
        )
        return
    from storage import participants  # noqa: PLC0415 - few talks need it

    participants.merge(connection, person.id, other.id, turn.now)
    accounts.link(connection, person, other)
    turn.person = accounts.owner(connection, person.account) or person
    turn.speak(turn.person.language)
    linked = accounts.accounts_of(connection, other.id)
    joined = turn.texts.t("Done: you are one person on {platforms} now. Sign-ups, language and settings are the same.",
                          platforms=_names(linked))  # fmt: skip
    turn.say(joined, choice(turn, linked))
    for one in linked:
        if one.id == account:
            turn.say_elsewhere(
                one,
                turn.texts.t(
                    "Your account on {platform} is linked with this one now. Was it not you? /delier parts them.",
                    platform=PLATFORMS[person.platform],
                ),
            )


def choice(turn: Turn, linked: list[Account]) -> list[Button]:
    """Buttons to say where alerts should come first; none for a person with one account."""
    if len(linked) < 2:
        return []
    t = turn.texts.t
    return [
        Button(t("Alerts on {platform}", platform=PLATFORMS[one.platform]), Prefer(one.platform).pack())
        for one in linked
    ]


@router.button(Prefer)
def prefer(turn: Turn, button: Prefer) -> None:
    t = turn.texts.t
    if button.platform not in _platforms(turn, turn.person):
        turn.say(t("You have no account there. /lier links one."))
        return
    accounts.prefer(turn.connection, turn.person.id, button.platform)
    turn.say(
        t(
            "Alerts come on {platform} first, on the other when that one cannot be reached.",
            platform=PLATFORMS[button.platform],
        )
    )


@router.command("delier", "unlink")
def unlink(turn: Turn) -> None:
    if not in_private(turn):
        return
    t = turn.texts.t
    linked = accounts.accounts_of(turn.connection, turn.person.id)
    if len(linked) < 2:
        turn.say(t("This account is not linked with another one. /lier links one."))
        return
    accounts.unlink(turn.connection, turn.person)
    turn.person = accounts.owner(turn.connection, turn.person.account) or turn.person
    turn.say(t("Done: your accounts on {platforms} are apart again.", platforms=_names(linked)))


def _platforms(turn: Turn, person: Person) -> set[str]:
    return {account.platform for account in accounts.accounts_of(turn.connection, person.id)}


def _names(linked: list[Account]) -> str:
    return ", ".join(PLATFORMS[account.platform] for account in linked)
