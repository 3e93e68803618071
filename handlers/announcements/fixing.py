"""What can be changed on a draft, one button each."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.announcements import aim, enclosing, labels, offering, planning, writing
from handlers.announcements.buttons import Draft, Part
from handlers.announcements.drafting import Open, ask, change, close, note, write
from handlers.announcements.preview import ask_confirmed, show
from handlers.notifications import kind_name
from knowledge.announcements import audience as audiences
from knowledge.announcements.kinds import Kind, Status
from storage import announcements, sessions
from storage.announcements import Announcement, Changed, NotPossible
from storage.roles import Role

LONGEST_TITLE = 80


def menu(turn: Turn, known: Announcement) -> None:
    t = turn.texts.t

    def one(label: str, what: str) -> Button:
        return Button(label, Draft(what, known.id, known.version).pack())

    turn.say(
        t("What do you want to change?"),
        [one(t("For whom"), "to"), one(t("Message"), "text")],
        [one(t("Photo or document"), "file"), one(t("Place"), "place")],
        [one(t("Buttons"), "buttons"), one(t("Translations"), "words")],
        [one(t("Not urgent") if known.urgent else t("Urgent"), "urgent"), one(t("Of use until…"), "expires")],
        [one(t("Kind of message"), "kind"), one(t("Title"), "title")],
        [one(t("Back"), "show")],
    )


def part(turn: Turn, held: Role, known: Announcement, what: str) -> bool:
    """Opens what was tapped; False for what there is not."""
    one = Open("", turn.texts.language, known.id, known.version)
    match what:
        case "to":
            aim.ask_whom(turn, replace(one, audience=audiences.dump(known.audience)), held)
        case "text":
            writing.ask_message(turn, one)
        case "file":
            enclosing.ask_file(turn, one)
        case "place":
            enclosing.ask_place(turn, one)
        case "buttons":
            offering.ask_buttons(turn, one)
        case "words":
            _languages(turn, known)
        case "urgent":
            _urgent(turn, known)
        case "expires":
            planning.ask_expiry(turn, one)
        case "kind":
            _kinds(turn, known)
        case "title":
            ask_title(turn, one)
        case _:
            return False
    return True


def _languages(turn: Turn, known: Announcement) -> None:
    rest = [code for code in LANGUAGES if code != known.content.default_language]
    found = [
        Button(
            f"{'☑ ' if code in known.content.words else ''}{LANGUAGES[code]}",
            Part("words", code, known.id, known.version).pack(),
        )
        for code in rest
    ]
    rows = [found[i : i + 3] for i in range(0, len(found), 3)]
    back = Button(turn.texts.t("Back"), Draft("show", known.id, known.version).pack())
    turn.say(turn.texts.t("Which language? Everybody gets theirs, others the first."), *rows, [back])


def _kinds(turn: Turn, known: Announcement) -> None:
    rows = [[Button(kind_name(turn.texts, kind), Part("kind", kind, known.id, known.version).pack())] for kind in Kind]
    back = Button(turn.texts.t("Back"), Draft("show", known.id, known.version).pack())
    turn.say(turn.texts.t("What kind is it? Who wants none of that kind does not get it."), *rows, [back])


def _urgent(turn: Turn, known: Announcement) -> None:
    """Whoever makes it so confirms that by name."""
    if known.urgent:
        _show(turn, change(turn, known, urgent=False, confirmed_by=None))
    else:
        ask_confirmed(turn, known)


def ask_title(turn: Turn, one: Open, said: str = "") -> None:
    ask(turn, replace(one, step="title"), turn.texts.t("What is it called, for the team?"), said=said)


def title(turn: Turn, one: Open, _held: Role) -> None:
    name = " ".join(turn.incoming.text.split())
    if not 2 <= len(name) <= LONGEST_TITLE:
        ask_title(turn, one, turn.texts.t("{count} signs at most, please.", count=LONGEST_TITLE))
        return
    write(turn, one, lambda _known: {"label": name})


def chosen(turn: Turn, held: Role, known: Announcement, button: Part) -> bool:
    """One thing within a part; False for what there is not."""
    what, _, about = button.what.partition(".")
    content = known.content
    one = Open("", turn.texts.language, known.id, known.version)
    if what == "words" and not about and button.value in LANGUAGES and button.value != content.default_language:
        writing.ask_words(turn, one, button.value)
        return True
    if what == "kind" and button.value in list(Kind):
        _show(turn, change(turn, known, kind=Kind(button.value)))
        return True
    if what == "date" and button.value.isdecimal():
        return _sign_up(turn, known, int(button.value[:12]))
    if button.value != "-":
        return False
    match what:
        case "place":
            content = replace(content, place=None)
        case "file":
            content = replace(content, attachment=None)
        case "buttons":
            content = labels.with_buttons(content, (), ())
        case "words" if about in content.words and about != content.default_language:
            content = replace(content, words={code: one for code, one in content.words.items() if code != about})
        case _:
            show(turn, known)
            return True
    if not (content.words[content.default_language].text or content.attachment or content.place):
        show(turn, known, turn.texts.t("Then nothing would be left: change it instead."))
        return True
    _show(turn, change(turn, known, content=content))
    return True


def _sign_up(turn: Turn, known: Announcement, session: int) -> bool:
    about = sessions.listing(turn.connection, session)
    if about is None or about.session.status != "planned" or about.session.starts_at <= turn.now:
        return False
    content = labels.with_sign_up(known.content, session, turn.texts.t("Sign me up"))
    if content is None:
        show(turn, known, turn.texts.t("One to three buttons, please."))
    else:
        _show(turn, change(turn, known, content=content))
    return True


def _show(turn: Turn, changed: Announcement | None) -> None:
    if changed is not None:
        show(turn, changed)


def drop(turn: Turn, known: Announcement) -> None:
    """A draft is deleted, a planned one called off."""
    close(turn)
    try:
        if known.status is Status.DRAFT:
            announcements.delete_draft(turn.connection, known)
        else:
            note(turn, announcements.cancel(turn.connection, known, turn.now), "cancelled")
    except (Changed, NotPossible):
        show(turn, announcements.by_id(turn.connection, known.id) or known)
        return
    turn.say(turn.texts.t("All right, nothing is sent."))
