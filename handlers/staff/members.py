"""Who is of the team: seen, given another role, put out. What somebody may no longer do ends with the next thing they try."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.router import Router
from bot.texts import Texts
from bot.turn import Turn
from handlers.linking import PLATFORMS
from handlers.staff.access import allowed
from handlers.staff.member_buttons import ChangeRole, Invite, Members, account_key
from handlers.staff.member_buttons import Member as MemberButton
from storage import invitations, roles
from storage.roles import RANKS, Member, Role

router = Router()

PAGE = 8


def role_name(texts: Texts, role: str) -> str:
    return {"admin": texts.t("administrator"), "staff": texts.t("team"), "partner": texts.t("partner")}.get(
        role, texts.t("no role")
    )


def named(one: Member) -> str:
    """As the team knows them: by the name they gave, or by the end of their number."""
    if one.name:
        return one.name
    platform = PLATFORMS.get(one.role.platform, one.role.platform)
    known = one.role.user_id if one.role.platform != "telegram" else f"…{one.role.user_id[-4:]}"
    return f"{platform} {known}"


def _line(texts: Texts, one: Member) -> str:
    line = texts.t("{what}: {said}", what=strong(named(one)), said=role_name(texts, one.role.role))
    if one.role.organisation:
        line += f", {texts.apart(one.role.organisation)}"
    return line if one.person_id is not None else line + " · " + texts.t("has not written yet")


@router.command("membres", "members")
def members(turn: Turn) -> None:
    show(turn, 0)


@router.button(Members)
def members_tapped(turn: Turn, button: Members) -> None:
    show(turn, button.offset)


def show(turn: Turn, offset: int) -> None:
    held = allowed(turn, "staff")
    if held is None:
        return
    t = turn.texts.t
    everybody = roles.members(turn.connection)
    offset = offset if 0 <= offset < len(everybody) else 0
    page = everybody[offset : offset + PAGE]
    lines = [f"{number}. {_line(turn.texts, one)}" for number, one in enumerate(page, offset + 1)]
    if turn.admins:
        lines.append(
            turn.texts.tn(
                "And {count} administrator by the settings.",
                "And {count} administrators by the settings.",
                len(turn.admins),
            )
        )
    buttons = [
        Button(str(number), MemberButton(account_key(one.role.platform, one.role.user_id)).pack())
        for number, one in enumerate(page, offset + 1)
    ]
    last = [Button(t("Invite"), Invite("").pack())]
    if offset + PAGE < len(everybody):
        last.append(Button(t("More"), Members(offset + PAGE).pack()))
    text = "\n".join([t("The team:"), *lines]) if lines else t("Nobody is of the team yet.")
    turn.say(text, *(buttons[i : i + 5] for i in range(0, len(buttons), 5)), last)


def may_give(held: Role, role: str) -> bool:
    """Administrators give every role; staff make partners."""
    return role in RANKS and (held.at_least("admin") or (held.at_least("staff") and role == "partner"))


def _member(turn: Turn, key: str) -> Member | None:
    """Says so where there is none (any more)."""
    everybody = roles.members(turn.connection)
    found = next((one for one in everybody if account_key(one.role.platform, one.role.user_id) == key), None)
    if found is None:
        turn.say(turn.texts.t("This person is not of the team any more."), [_back(turn)])
    return found


def _back(turn: Turn) -> Button:
    return Button(turn.texts.t("Back"), Members(0).pack())


@router.button(MemberButton)
def member(turn: Turn, button: MemberButton) -> None:
    held = allowed(turn, "staff")
    one = _member(turn, button.key) if held is not None else None
    if held is not None and one is not None:
        _show_member(turn, held, one)


def _show_member(turn: Turn, held: Role, one: Member) -> None:
    t, key = turn.texts.t, account_key(one.role.platform, one.role.user_id)
    choices: list[Button] = []
    if may_give(held, one.role.role):
        choices = [
            Button(role_name(turn.texts, role), ChangeRole(key, one.role.role, role, 0).pack())
            for role in RANKS
            if role != one.role.role and may_give(held, role) and (role != "partner" or one.role.organisation)
        ]
        choices.append(Button(t("Take the role away"), ChangeRole(key, one.role.role, "", 0).pack()))
    turn.say(_line(turn.texts, one), choices, [_back(turn)])


@router.button(ChangeRole)
def change_role(turn: Turn, button: ChangeRole) -> None:
    held = allowed(turn, "staff")
    one = _member(turn, button.key) if held is not None else None
    if held is None or one is None:
        return
    t, old = turn.texts.t, one.role
    if not may_give(held, old.role) or (button.role and not may_give(held, button.role)):
        turn.say(t("That is for administrators."), [_back(turn)])
        return
    if old.role != button.was or (button.role == "partner" and not old.organisation):
        turn.say(t("Somebody changed this meanwhile. This is how it is now:"))
        _show_member(turn, held, one)
        return
    if old.role == "admin" and not turn.admins and _administrators(turn) == 1:
        turn.say(t("There must be an administrator: name another one first."), [_back(turn)])
        return
    if not button.sure:
        ask = t("{who}: from “{before}” to “{after}”?", who=named(one), before=role_name(turn.texts, old.role),
                after=role_name(turn.texts, button.role))  # fmt: skip
        yes = ChangeRole(button.key, button.was, button.role, 1).pack()
        turn.say(ask, [Button(t("Yes"), yes), Button(t("No"), MemberButton(button.key).pack())])
        return
    _write(turn, one, button.role)
    turn.say(t("Done."))
    show(turn, 0)


def _administrators(turn: Turn) -> int:
    return sum(one.role == "admin" for one in roles.all_roles(turn.connection))


def _write(turn: Turn, one: Member, role: str) -> None:
    """Links they made are withdrawn with the right to make them."""
    platform, user, actor = one.role.platform, one.role.user_id, turn.person.id
    if role:
        organisation = one.role.organisation if role == "partner" else ""
        roles.set_role(turn.connection, platform, user, role, turn.now, organisation, actor)
    else:
        roles.take_role(turn.connection, platform, user, turn.now, actor)
    lower = not role or RANKS.index(role) < RANKS.index(one.role.role)
    if one.person_id is not None and lower:
        invitations.withdraw(turn.connection, one.person_id)
