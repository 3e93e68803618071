"""What a volunteer offers, and how they want to be asked: shown, changed by taps or words, erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta

from bot.forms import NotUnderstood
from bot.messages import Button, strong
from bot.router import Router
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.activity_buttons import EditProfile, Fewer, MySignUps, Toggle
from handlers.activity_labels import SKILLS, TIMES, days_of, language_name, skill_name, time_name
from handlers.calendar import calendar_row
from handlers.notifications import accept
from handlers.participation_buttons import Certificate
from handlers.privately import in_private
from handlers.wording import district
from knowledge.text import plain
from storage import attendance, opt_outs, profiles, qualifications
from storage.profiles import Profile

router = Router()

NAME, DISTRICTS, TICKS = "name", "districts", "ticks"
"""Names of the questions that are answered in words."""
LONGEST_NAME = 40
PAUSE = timedelta(days=14)
ARRONDISSEMENTS = 20


@router.command("moi", "me")
def me(turn: Turn) -> None:
    """Hours given, trainings done, what to do next."""
    if not in_private(turn):
        return
    t = turn.texts.t
    given = attendance.engagement(turn.connection, turn.person.id)
    time = strong(turn.texts.minutes(given.minutes))
    lines = [
        turn.texts.tn(
            "You took part {count} time: {time}.", "You took part {count} times: {time}.", given.sessions, time=time
        )
        if given.sessions
        else t("You have not taken part yet.")
    ]
    held = qualifications.of_person(turn.connection, turn.person.id)
    lines.extend(f"🎓 {held_line(turn, one)}" for one in held)
    buttons = [[Button(t("My certificate"), Certificate(one.id).pack())] for one in held[:3]]
    turn.say(
        "\n".join(lines),
        [Button(t("My sign-ups"), MySignUps().pack()), Button(t("My profile"), EditProfile("").pack())],
        *buttons,
        *calendar_row(turn),
    )


def held_line(turn: Turn, one: qualifications.Qualification) -> str:
    from handlers.arrival import training_title  # noqa: PLC0415 - arrival shows profiles in turn

    words = training_title(turn, one)
    if one.expires_on is None:
        return words
    return turn.texts.t(
        "{title}, valid until {date}",
        title=words,
        date=turn.texts.date(one.expires_on.isoformat(), turn.now.date()),
    )


@router.command("profil", "profile")
def profile(turn: Turn) -> None:
    if in_private(turn):
        show(turn)


def show(turn: Turn) -> None:
    t, mine = turn.texts.t, profiles.profile(turn.connection, turn.person.id)
    anything = t("not said")
    texts, anywhere, any_time = turn.texts, t("anywhere"), t("any time")
    said = {
        t("Name on lists"): mine.name or anything,
        t("I can"): _list(skill_name(texts, one) for one in sorted(mine.skills)) or anything,
        t("I speak"): _list(language_name(one) for one in sorted(mine.languages)) or anything,
        t("Districts"): _list(district(texts, one) for one in sorted(mine.districts)) or anywhere,
        t("Times"): _list(time_name(texts, one) for one in _times(mine)) or any_time,
        t("I can lead a team"): t("yes") if mine.can_lead else t("no"),
        t("Ask me for missions"): _asked(turn, mine),
    }
    lines = [t("What you offer. All of it is up to you; it decides which missions I ask you for.")]
    lines.extend(t("{what}: {said}", what=what, said=answer) for what, answer in said.items())
    parts = [
        Button(t("Name on lists"), EditProfile(NAME).pack()),
        Button(t("I can"), EditProfile("skills").pack()),
        Button(t("I speak"), EditProfile("languages").pack()),
        Button(t("Districts"), EditProfile(DISTRICTS).pack()),
        Button(t("Times"), EditProfile("times").pack()),
        Button(t("I can lead a team"), Toggle("lead", "").pack()),
        Button(t("Ask me for missions"), EditProfile("missions").pack()),
        Button(t("Erase my profile"), EditProfile("erase").pack()),
    ]
    turn.remember(asking="", about="")
    turn.say("\n".join(lines), *(parts[i : i + 2] for i in range(0, len(parts), 2)))


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _times(mine: Profile) -> list[str]:
    return [one for one in TIMES if days_of(one) <= mine.times]


def _asked(turn: Turn, mine: Profile) -> str:
    t = turn.texts.t
    if not turn.person.alerts or opt_outs.MISSION in opt_outs.unwanted(turn.connection, turn.person.id):
        return t("no")
    said = [t("yes")]
    if mine.near_only:
        said.append(t("near me only"))
    if mine.weekends_only:
        said.append(t("weekends only"))
    if mine.paused_until and mine.paused_until >= turn.now.date():
        said.append(t("paused until {date}", date=turn.texts.date(mine.paused_until.isoformat(), turn.now.date())))
    return ", ".join(said)


@router.button(EditProfile)
def edit(turn: Turn, button: EditProfile) -> None:
    if not in_private(turn):
        return
    t, mine = turn.texts.t, profiles.profile(turn.connection, turn.person.id)
    choices: dict[str, Callable[[], list[Button]]] = {
        "skills": lambda: _ticks("skills", [(one, skill_name(turn.texts, one)) for one in SKILLS], mine.skills),
        "languages": lambda: _ticks("languages", list(LANGUAGES.items()), mine.languages),
        "times": lambda: _ticks("times", [(one, time_name(turn.texts, one)) for one in TIMES], _times(mine)),
    }
    if button.part in choices:
        buttons = choices[button.part]()
        rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
        turn.remember(asking=TICKS, about=button.part)
        turn.say(t("Tap what is right; tap again to take it out."), *rows, [Button(t("Done"), EditProfile("").pack())])
    elif button.part == NAME:
        turn.remember(asking=NAME)
        turn.say(t("What name shall stand on the lists? A first name is enough."))
    elif button.part == DISTRICTS:
        ask_districts(turn)
    elif button.part == "missions":
        fewer_choices(turn)
    elif button.part == "erase":
        profiles.erase(turn.connection, turn.person.id)
        turn.remember(asking="", about="")
        turn.say(t("Your profile is erased. Your sign-ups stay; to be forgotten altogether: /effacer"))
    else:
        show(turn)


def _ticks(part: str, choices: Sequence[tuple[str, str]], chosen: Collection[str]) -> list[Button]:
    return [
        Button(f"{'☑' if value in chosen else '☐'} {label}", Toggle(part, value).pack()) for value, label in choices
    ]


@router.button(Toggle)
def toggle(turn: Turn, button: Toggle) -> None:
    """What is not one of the choices changes nothing."""
    if not in_private(turn):
        return
    mine, number = profiles.profile(turn.connection, turn.person.id), turn.person.id
    if button.part == "lead":
        profiles.change(turn.connection, number, can_lead=not mine.can_lead)
        show(turn)
        return
    if button.part == "skills" and button.value in SKILLS:
        profiles.change(turn.connection, number, skills=mine.skills ^ {button.value})
    elif button.part == "languages" and button.value in LANGUAGES:
        profiles.change(turn.connection, number, languages=mine.languages ^ {button.value})
    elif button.part == "times" and button.value in TIMES:
        days = days_of(button.value)
        profiles.change(turn.connection, number, times=mine.times - days if days <= mine.times else mine.times | days)
    edit(turn, EditProfile(button.part))


@router.answer(TICKS)
def ticks_said(turn: Turn) -> bool:
    """ "cuisine et soins", "arabe, anglais": what is known of it is ticked."""
    part, words = turn.memory.about, turn.incoming.text
    turn.remember(asking="", about="")
    found = {one for said in re.split(r"[,;/\n]| et | and ", words) for one in _meant(turn, part, said)}
    if not found or not turn.incoming.private:
        return False
    mine, number = profiles.profile(turn.connection, turn.person.id), turn.person.id
    if part == "times":
        profiles.change(turn.connection, number, times=mine.times.union(*(days_of(one) for one in found)))
    else:
        profiles.change(turn.connection, number, **{part: getattr(mine, part) | found})
    edit(turn, EditProfile(part))
    return True


def _meant(turn: Turn, part: str, said: str) -> frozenset[str]:
    from handlers.staff import reading  # noqa: PLC0415 - few talks need it

    if part == "times":
        return frozenset(one for one in TIMES if plain(time_name(turn.texts, one)) == plain(said))
    try:
        return reading.languages(said) if part == "languages" else reading.skills(turn.texts.zone, said)
    except NotUnderstood:
        return frozenset()


def ask_name(turn: Turn) -> None:
    """Once, after the first sign-up, where no name stands on lists yet."""
    if profiles.profile(turn.connection, turn.person.id).name or not turn.incoming.private:
        return
    turn.remember(asking=NAME)
    turn.say(turn.texts.t("What name shall stand on the lists? A first name is enough."))


@router.answer(NAME)
def name_said(turn: Turn) -> bool:
    """Words that begin with capitals are a name; others only when they mean nothing else."""
    words = turn.incoming.text.split()
    capitals = all(word[0].isupper() for word in words)
    means_something = turn.frame is None or turn.frame.intent != "unknown" or bool(turn.frame.categories)
    turn.remember(asking="", about="")
    if not words or len(words) > 3 or len(turn.incoming.text) > LONGEST_NAME or (means_something and not capitals):
        return False
    if any(letter.isdigit() for letter in turn.incoming.text):
        if means_something:
            return False
        edit(turn, EditProfile(NAME))
        return True
    name = " ".join(words)
    profiles.change(turn.connection, turn.person.id, name=name)
    turn.say(
        turn.texts.t("Thank you, {name}. You can change it in your profile.", name=name),
        [Button(turn.texts.t("My profile"), EditProfile("").pack())],
    )
    return True


def ask_districts(turn: Turn) -> None:
    turn.remember(asking=DISTRICTS)
    turn.say(turn.texts.t("Which arrondissements? Write their numbers, for example “10 18 19”, or 0 for anywhere."))


@router.answer(DISTRICTS)
def districts_said(turn: Turn) -> bool:
    numbers = [int(one) for one in re.findall(r"\d{1,5}", turn.incoming.text)]
    chosen = [one - 75000 if one > 75000 else one for one in numbers]
    if not chosen or any(not 0 <= one <= ARRONDISSEMENTS for one in chosen):
        if turn.frame is not None and turn.frame.intent not in ("unknown", "refine"):
            turn.remember(asking="", about="")
            return False
        ask_districts(turn)
        return True
    postcodes = frozenset(f"75{one:03d}" for one in chosen if one)
    profiles.change(turn.connection, turn.person.id, districts=postcodes)
    show(turn)
    return True


def fewer_choices(turn: Turn) -> None:
    t = turn.texts.t
    labels = {
        "near": t("Near me only"),
        "weekends": t("Weekends only"),
        "pause": t("Pause two weeks"),
        "stop": t("No more missions"),
        "all": t("All missions"),
    }
    turn.say(
        t("How shall I ask you for missions?"), *([Button(label, Fewer(how).pack())] for how, label in labels.items())
    )


@router.button(Fewer)
def fewer(turn: Turn, button: Fewer) -> None:
    if not in_private(turn):
        return
    changes: dict[str, dict[str, object]] = {
        "near": {"near_only": True},
        "weekends": {"weekends_only": True},
        "pause": {"paused_until": (turn.now + PAUSE).date()},
        "stop": {},
        "all": {"near_only": False, "weekends_only": False},
    }
    if button.how not in changes:
        fewer_choices(turn)
        return
    changed = profiles.change(turn.connection, turn.person.id, **changes[button.how])
    if button.how == "stop":
        opt_outs.refuse(turn.connection, turn.person.id, [opt_outs.MISSION], turn.now)
    elif button.how == "all" or (button.how != "pause" and _asked(turn, changed) == turn.texts.t("no")):
        accept(turn, opt_outs.MISSION)
    changed = profiles.profile(turn.connection, turn.person.id)
    turn.say(turn.texts.t("Noted. Asked for missions: {how}.", how=_asked(turn, changed)))
    if changed.near_only and not changed.districts and button.how == "near":
        ask_districts(turn)
