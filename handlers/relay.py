"""Free answers to announcements come to the team's chat; the team answers from there, without showing who they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from bot.groups import Group
from bot.messages import OUTGOING, Button, Outgoing, Reply, strong
from bot.payloads import Payload
from bot.router import Router
from bot.texts import Texts, texts
from bot.turn import Turn
from handlers.buttons import Cancel
from handlers.privately import in_private
from handlers.replies import destination
from handlers.staff.access import role
from knowledge.text import plain
from storage import announcements, audit, outbox, people, profiles, recipients, relays, roles
from storage.addressees import Addressee, addressees
from storage.announcements import Announcement
from storage.outbox import NewRow
from storage.relays import Relayed

router = Router()

ASKED = "to_the_team"
"""Name of the question whether words that were not understood are an answer. They are remembered, with the rest of the talk,
until it is settled."""
LONGEST = 3000
CORRECTED = "✏️ "
"""Before words that were changed after they were sent."""
TEAM_LANGUAGE = "fr"
"""Of a team whose author is gone."""


@dataclass(frozen=True, slots=True)
class ToTheTeam(Payload):
    """Yes, it is an answer to this announcement."""

    prefix: ClassVar[str] = "toteam"
    announcement: int


def replied(turn: Turn) -> bool:
    """Whether the words were written in reply to an announcement, or to what was relayed, and went on their way."""
    incoming = turn.incoming
    link = relays.by_message(turn.connection, incoming.lane, incoming.answers)
    if link is not None and not (incoming.private and link.person_id == turn.person.id):
        _answer(turn, link)
        return True
    if not incoming.private:
        return _in_group(turn)
    if link is not None:
        known = announcements.by_id(turn.connection, link.announcement_id) if link.announcement_id else None
        _pass_on(turn, known, incoming.text)
        return True
    number = _announced(turn)
    if number is None:
        return False
    _pass_on(turn, announcements.by_id(turn.connection, number), incoming.text)
    return True


def _announced(turn: Turn) -> int | None:
    """The number of the announcement that this replies to, where it can still be answered."""
    platform = turn.incoming.platform
    got = recipients.by_message(turn.connection, turn.person.id, platform, turn.incoming.answers)
    if got is None:
        return relays.just_left(turn.connection, turn.person.id, platform)
    answerable = got.ended_at is not None and turn.now - got.ended_at <= relays.ANSWERABLE
    return got.announcement_id if answerable else None


def _in_group(turn: Turn) -> bool:
    """Words in reply to an announcement that went into a group. In the team's own chat the team reads them anyway."""
    number = relays.into_group(turn.connection, destination(turn), turn.incoming.answers, turn.now - relays.ANSWERABLE)
    known = announcements.by_id(turn.connection, number) if number is not None else None
    if known is None:
        return False
    team = turn.reach.team_chats.get(known.team)
    if team is None or (team.platform, team.chat) != (turn.incoming.platform, turn.incoming.chat):
        _pass_on(turn, known, turn.incoming.text)
    return True


def offer(turn: Turn) -> bool:
    """Words that were not understood, shortly after an announcement, may be an answer to it: asks. Whether it did."""
    got = recipients.latest_to(turn.connection, turn.person.id, turn.now - relays.ANSWERABLE)
    known = announcements.by_id(turn.connection, got.announcement_id) if got is not None else None
    if known is None:
        return False
    t = turn.texts.t
    turn.remember(asking=ASKED, about=turn.incoming.text[:LONGEST], choices=())
    turn.say(
        t("I did not understand. Is it an answer to “{label}”? Then I pass it on to the team.", label=known.label),
        [Button(t("Send it to the team"), ToTheTeam(known.id).pack()), Button(t("No"), Cancel().pack())],
    )
    return True


def offer_too(turn: Turn) -> None:
    """As `offer`, by a button under what was said last. Where a list waits for a choice these words are not remembered: they
    are asked for once more."""
    got = recipients.latest_to(turn.connection, turn.person.id, turn.now - relays.ANSWERABLE)
    if got is None or not turn.replies:
        return
    if not turn.memory.asking:
        turn.remember(asking=ASKED, about=turn.incoming.text[:LONGEST], choices=())
    last = turn.replies[-1]
    button = Button(turn.texts.t("Send it to the team"), ToTheTeam(got.announcement_id).pack())
    turn.replies[-1] = replace(last, buttons=(*last.buttons, (button,)))


@router.answer(ASKED)
def said_instead(turn: Turn) -> bool:
    """Something else: what waited is forgotten, and this is taken for itself."""
    words, waiting = plain(turn.incoming.text), turn.memory.about
    turn.remember(asking="", about="")
    if words in {plain(turn.texts.t("No")), "non", "no"}:
        turn.say(turn.texts.t("All right, nothing is changed."))
        return True
    if words in {plain(turn.texts.t("Yes")), plain(turn.texts.t("Send it to the team")), "oui", "yes"} and waiting:
        got = recipients.latest_to(turn.connection, turn.person.id, turn.now - relays.ANSWERABLE)
        if got is not None:
            _pass_on(turn, announcements.by_id(turn.connection, got.announcement_id), waiting)
            return True
    return False


@router.button(ToTheTeam)
def to_the_team(turn: Turn, button: ToTheTeam) -> None:
    if not in_private(turn):
        return
    words = turn.memory.about if turn.memory.asking == ASKED else ""
    got = recipients.latest_to(turn.connection, turn.person.id, turn.now - relays.ANSWERABLE)
    turn.remember(asking="", about="")
    if not words or got is None or got.announcement_id != button.announcement:
        turn.say(turn.texts.t("Write it once more, please, in reply to the message it answers."))
        return
    _pass_on(turn, announcements.by_id(turn.connection, button.announcement), words)


def _pass_on(turn: Turn, known: Announcement | None, words: str) -> None:
    """To the team that announced, and tells so."""
    t = turn.texts.t
    team, author = (known.team, known.author_id) if known is not None else ("", None)
    group = turn.reach.team_chats.get(team)
    if group is not None and not relays.can_be_written_to(turn.connection, f"{group.platform}:{group.chat}"):
        group = None
    to = None if group is not None else _somebody(turn, team, author)
    if group is None and to is None:
        turn.say(t("I cannot reach the team just now. To talk to somebody, write “{words}”.", words=t("a person")))
        return
    language = to.language if to is not None else _language(turn, author)
    spoken = texts(language, turn.texts.zone)
    words = CORRECTED + words if turn.incoming.edited else words
    text = _to_team(spoken, profiles.profile(turn.connection, turn.person.id).name, known, words)
    chat = group if group is not None else Group(to.account.platform, to.account.chat or "")  # type: ignore[union-attr]
    _send(turn, chat, spoken.laid_out(text), known.id if known else None, turn.person.id, private=group is None)
    turn.say(t("Thank you, the team has it. If they answer, you read it here."))


def _to_team(spoken: Texts, name: str, known: Announcement | None, words: str) -> str:
    who = strong(spoken.apart(name or spoken.t("A volunteer")))
    label = known.label if known is not None else ""
    heading = spoken.t("💬 {who} answers “{label}”:", who=who, label=label)
    hint = spoken.t("Reply to this message to answer: your account is not shown.")
    return f"{heading}\n{spoken.apart(words[:LONGEST])}\n\n{hint}"


def _somebody(turn: Turn, team: str, author: int | None) -> Addressee | None:
    """The author; where they cannot be reached, somebody of the same team."""
    connection = turn.connection
    own = addressees(connection, [author] if author is not None else [])
    if own:
        return next(iter(own.values()))
    if team:
        others = [one.person_id for one in roles.members(connection, team) if one.person_id is not None]
    else:
        named = people.people(connection, list(turn.admins)) if turn.admins else {}
        others = [*roles.people_with(connection, ("staff", "admin")), *(one.id for one in named.values())]
    found = addressees(connection, {*others} - {turn.person.id})
    return next((found[number] for number in others if number in found), None)


def _language(turn: Turn, author: int | None) -> str:
    own = addressees(turn.connection, [author] if author is not None else [])
    return next((one.language for one in own.values()), TEAM_LANGUAGE)


def _send(turn: Turn, to: Group, text: str, announcement: int | None, volunteer: int, *, private: bool) -> None:
    outgoing = Outgoing(to.platform, to.chat, Reply(text), thread=to.thread, private=private)
    row = NewRow(to.platform, outgoing.lane, OUTGOING.dump_json(outgoing).decode())
    number = outbox.add_one(turn.connection, row, turn.now)
    relays.note(turn.connection, announcement, volunteer, outgoing.lane, number, turn.now)


def _answer(turn: Turn, link: Relayed) -> None:
    """Somebody of the team answers a volunteer; who has no right to is told so, and nothing is sent."""
    t, held = turn.texts.t, role(turn)
    known = announcements.by_id(turn.connection, link.announcement_id) if link.announcement_id else None
    own = held is not None and known is not None and held.organisation and held.organisation == known.team
    if held is None or not (held.at_least("staff") or own):
        turn.say(t("That is for the team. If you are one of them, ask an administrator to add you."))
        return
    to = addressees(turn.connection, [link.person_id]).get(link.person_id)
    if to is None:
        turn.say(t("This person cannot be reached any more: nothing is sent."))
        return
    spoken = texts(to.language, turn.texts.zone)
    text = "\n".join(
        [
            spoken.t("💬 The team answers:"),
            spoken.apart((CORRECTED if turn.incoming.edited else "") + turn.incoming.text[:LONGEST]),
            "",
            spoken.t("Reply to this message to write back."),
        ]
    )
    chat = Group(to.account.platform, to.account.chat or "")
    _send(turn, chat, spoken.laid_out(text), link.announcement_id, link.person_id, private=True)
    audit.note(
        turn.connection, turn.now, "answered",
        person_id=link.person_id, actor_id=turn.person.id, announcement_id=link.announcement_id,
    )  # fmt: skip
    turn.say(t("Sent."))
