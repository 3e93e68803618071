"""The preview: the message exactly as people get it, and a card: whom it goes to, whom not and why, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.messages import Button, strong
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.announcements import message
from handlers.announcements.buttons import Draft
from handlers.announcements.drafting import Open, close, keep, scope
from handlers.announcements.naming import audience_name, moment_name
from handlers.announcements.outcome import lasting
from handlers.announcements.planning import times
from knowledge.announcements import pace
from knowledge.announcements.kinds import Exclusion, Status
from storage import audiences, recipients
from storage.announcements import Announcement
from storage.audiences import Forecast

CAPTION = 1024
"""What Telegram holds under a picture."""
GROUPS_PER_MINUTE = 20


def show(turn: Turn, known: Announcement, said: str = "") -> None:
    """The message, then the card; of one that has gone out, how it went."""
    if known.status not in (Status.DRAFT, Status.SCHEDULED):
        if known.status is Status.PAUSED:
            turn.replies.append(message.reply(known, known.content.default_language, turn.texts.zone))
        from handlers.announcements.running import show_running  # noqa: PLC0415 - that leads back here

        close(turn)
        show_running(turn, known)
        return
    close(turn)
    languages = list(known.content.words)
    for language in sorted(languages, key=lambda code: code != known.content.default_language):
        turn.replies.append(message.reply(known, language, turn.texts.zone))
    card(turn, known, said)


def card(turn: Turn, known: Announcement, said: str = "") -> None:
    t = turn.texts.t
    counted = audiences.forecast(turn.connection, known.audience, known.kind, scope(turn))
    whom = audience_name(turn.connection, turn.texts, known.audience)
    lines = [
        said,
        t("Preview of {title}", title=strong(turn.texts.apart(known.label))),
        t("For: {whom}.", whom=whom),
        _reach(turn, known, counted),
        *_notes(turn, known, counted),
    ]
    nobody = not counted.reached and not counted.groups
    act = [] if nobody else _acts(turn, known)
    change = [_button(t("Correct"), "fix", known), _button(t("Cancel"), "drop", known)]
    turn.say("\n".join(line for line in lines if line), act, change)


def _acts(turn: Turn, known: Announcement) -> list[Button]:
    t = turn.texts.t
    return [_button(t("Send now"), "send", known), _button(t("Schedule"), "plan", known)]


def _button(label: str, what: str, known: Announcement) -> Button:
    return Button(label, Draft(what, known.id, known.version).pack())


def _reach(turn: Turn, known: Announcement, counted: Forecast) -> str:
    """214 people get it (9 paused, 3 not to be reached). Sending: about 9 s."""
    t, tn = turn.texts.t, turn.texts.tn
    if not counted.reached and not counted.groups:
        said = t("Nobody would get it: change whom it is for.")
    else:
        said = tn("{count} person gets it", "{count} people get it", counted.reached)
        if counted.groups:
            said = tn("{people} and {count} group", "{people} and {count} groups", counted.groups, people=said)
    out = list(_left_out(turn, counted))
    if out:
        said += f" ({', '.join(out)})"
    if counted.reached or counted.groups:
        said = t("{who}. Sending: about {time}.", who=said, time=lasting(turn.texts, duration(turn, known, counted)))
    return said


def duration(turn: Turn, known: Announcement, counted: Forecast) -> timedelta:
    return pace.duration(counted.by_platform, turn.reach.per_second, known.content.messages)


def _left_out(turn: Turn, counted: Forecast) -> Iterable[str]:
    tn, why = turn.texts.tn, counted.excluded
    if why[Exclusion.PAUSED]:
        yield tn("{count} paused", "{count} paused", why[Exclusion.PAUSED])
    if why[Exclusion.OPTED_OUT]:
        yield tn("{count} wants none of this kind", "{count} want none of this kind", why[Exclusion.OPTED_OUT])
    if why[Exclusion.BLOCKED]:
        yield tn("{count} stopped the bot", "{count} stopped the bot", why[Exclusion.BLOCKED])
    if why[Exclusion.NO_CHAT]:
        yield tn("{count} not to be reached", "{count} not to be reached", why[Exclusion.NO_CHAT])


def _notes(turn: Turn, known: Announcement, counted: Forecast) -> Iterable[str]:
    """What else is worth knowing before it goes."""
    t, content = turn.texts.t, known.content
    if len(content.words) > 1:
        yield t("Languages: {languages}.", languages=", ".join(LANGUAGES.get(code, code) for code in content.words))
    others = sum(count for code, count in counted.by_language.items() if code not in content.words)
    if others:
        yield turn.texts.tn(
            "{count} person uses another language, without a translation.",
            "{count} people use another language, without a translation.",
            others,
        )
    unlabelled = [code for code, words in content.words.items() if len(words.labels) < len(content.buttons)]
    if unlabelled:
        names = ", ".join(LANGUAGES.get(code, code) for code in unlabelled)
        yield t("Buttons are not translated: {languages}.", languages=names)
    if turn.incoming.platform != "matrix":
        if content.buttons:
            yield t("On Matrix the buttons are numbers to choose from.")
    elif content.buttons:
        yield t("On Telegram the numbers are buttons.")
    if content.attachment is not None and any(len(words.text) > CAPTION for words in content.words.values()):
        yield t("The text is too long to stand under the picture: it comes after it.")
    if known.urgent:
        yield t("⚠️ Urgent: also in quiet hours.")
    elif known.status is Status.DRAFT and turn.reach.quiet is not None and turn.reach.quiet.holds(turn.now):
        morning = moment_name(turn.texts, turn.reach.quiet.over(turn.now), turn.now)
        yield t("Quiet hours: it would leave {when}.", when=morning)
    if known.expires_at is not None:
        yield t("Not sent any more after: {when}.", when=moment_name(turn.texts, known.expires_at, turn.now))
    if known.status is Status.SCHEDULED:
        yield t("Scheduled: {when}.", when=times(turn, known))


def ask_confirmed(turn: Turn, known: Announcement) -> None:
    """Urgent is asked twice: a button, then a name."""
    counted = audiences.forecast(turn.connection, known.audience, known.kind, scope(turn))
    t, tn = turn.texts.t, turn.texts.tn
    keep(turn, Open("confirm", turn.texts.language, known.id, known.version))
    people = tn("{count} person", "{count} people", counted.reached + counted.groups)
    turn.say(
        t("⚠️ Urgent: it leaves also at night, for {people}. Write your name to confirm.", people=people),
        [_button(t("Back"), "show", known)],
    )


def counts(turn: Turn, known: Announcement) -> recipients.Counts:
    return recipients.counts(turn.connection, known.id)
