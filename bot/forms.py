"""Forms: a model filled in question by question in the chat, for days if need be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError

from bot.memory import FORM, REMEMBER_FOR
from bot.messages import Button
from bot.payloads import Payload
from bot.texts import SOURCE_LANGUAGE, texts
from bot.turn import Turn
from knowledge.text import plain
from storage import forms
from storage.forms import Form

SOCIAL = ("greeting", "thanks", "language")
Answers = Mapping[str, Any]
"""Field -> what was answered, as the model takes it."""


NOTHING = frozenset({"rien", "aucun", "aucune", "nothing", "none"})
"""Said to a question that may be skipped."""


class NotUnderstood(ValueError):
    """Words that are no answer to the question: its hint is said."""


@dataclass(frozen=True, slots=True)
class FormChoice(Payload):
    """An answer tapped; `step` tells those of an earlier question apart."""

    prefix: ClassVar[str] = "form"
    step: str
    value: str


@dataclass(frozen=True, slots=True)
class FormMove(Payload):
    """back, cancel, again (from the start), skip; said: what was taken for a question is the answer."""

    prefix: ClassVar[str] = "formgo"
    step: str
    where: str


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the model."""

    name: str
    ask: Callable[[Turn, Answers], str]
    hint: Callable[[Turn], str]
    """What is expected, said when the answer is not that."""
    choices: Callable[[Turn, Answers], Sequence[tuple[str, str]]] = lambda _turn, _answers: ()
    """(value, label) of buttons."""
    read: Callable[[Turn, str], Any] = lambda _turn, words: words
    """What the model takes, from what was typed. Raises NotUnderstood."""
    asked: Callable[[Answers], bool] = lambda _answers: True
    optional: bool = False
    free: bool = False
    """Any words may be its answer: a title, an address."""
    in_figures: bool = False
    """Asked without buttons: where one chooses by typing a number, a number would be one of them."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    model: type[BaseModel]
    questions: tuple[Question, ...]
    done: Callable[[Turn, Any], None]
    """Called with the whole model, once."""
    explain: Mapping[str, Callable[[Turn], str]] = field(default_factory=dict)
    """Types of errors that say more than the question's hint."""
    may: Callable[[Turn], bool] = lambda _turn: True
    """Whether this person may still fill it in; says so where not. Asked at every step: rights end at once."""

    def question(self, name: str) -> Question | None:
        return next((one for one in self.questions if one.name == name), None)


def half_filled(turn: Turn) -> Form | None:
    kept = forms.form_of(turn.connection, turn.incoming.conversation)
    return kept if kept is not None and kept.person_id == turn.person.id else None


def _forbidden(turn: Turn, kind: Kind) -> bool:
    """Says so and drops the form, where the rights to it have ended."""
    if kind.may(turn):
        return False
    drop(turn)
    return True


def start(turn: Turn, kind: Kind) -> None:
    """From the first question, in place of any other form of this talk."""
    _ask(turn, kind, {}, kind.questions[0])


def resume(turn: Turn, kind: Kind, kept: Form) -> None:
    """Asks again what was asked last."""
    question = kind.question(kept.step) or kind.questions[0]
    _ask(turn, kind, _answers(kept), question)


def _answers(kept: Form) -> dict[str, Any]:
    """None but an object of JSON is written; one of another version of the bot starts anew."""
    try:
        answers = json.loads(kept.answers)
    except ValueError:
        return {}
    return answers if isinstance(answers, dict) else {}


def _ask(turn: Turn, kind: Kind, answers: Answers, question: Question, said: str = "") -> None:
    t = turn.texts.t
    forms.keep(
        turn.connection,
        Form(turn.incoming.conversation, turn.person.id, kind.name, json.dumps(answers), question.name, turn.now),
    )
    turn.remember(asking=FORM, about="", choices=(), misses=0)
    choices = [
        Button(label, FormChoice(question.name, value).pack()) for value, label in question.choices(turn, answers)
    ]
    move = [Button(t("Back"), FormMove(question.name, "back").pack())] if answers else []
    if question.optional:
        move.append(Button(t("Skip"), FormMove(question.name, "skip").pack()))
    move.append(Button(t("Cancel"), FormMove(question.name, "cancel").pack()))
    text = question.ask(turn, answers)
    if question.in_figures:
        text += " " + t("(Or write “{back}” or “{cancel}”.)", back=t("Back"), cancel=t("Cancel"))
        move = []
    turn.say(f"{said}\n{text}" if said else text, *(choices[i : i + 3] for i in range(0, len(choices), 3)), move)


def same(turn: Turn, words: str, label: str) -> bool:
    """Whether somebody typed a button's label, in the language of the talk, French or English."""
    spoken = (turn.texts, texts("fr", turn.texts.zone), texts(SOURCE_LANGUAGE, turn.texts.zone))
    return plain(words) in {plain(each.t(label)) for each in spoken}


def answered(turn: Turn, kinds: Mapping[str, Kind], otherwise: Callable[[Turn], None]) -> bool:
    """Takes the words as the answer to the open question. `otherwise` answers those that ask for something else, then the
    form's question is asked again. False when there is none, or when somebody says hello or thanks after a long silence: the
    form waits on."""
    kept = half_filled(turn)
    kind = kinds.get(kept.name) if kept is not None else None
    if kept is None or kind is None:
        return False
    words = turn.incoming.text.strip()
    for label, where in (("Back", "back"), ("Cancel", "cancel"), ("Skip", "skip"), ("Start again", "again")):
        if same(turn, words, label):
            move(turn, kinds, FormMove(kept.step, where))
            return True
    silent = turn.now - kept.updated_at > REMEMBER_FOR
    if silent and turn.frame is not None and turn.frame.intent in SOCIAL:
        return False
    if _forbidden(turn, kind):
        return True
    question = kind.question(kept.step) or kind.questions[0]
    if question.optional and (same(turn, words, "No") or plain(words) in NOTHING):
        move(turn, kinds, FormMove(kept.step, "skip"))
        return True
    chosen = _chosen(turn, question, kept, words)
    if chosen is None and (asks_something_else(turn) or (question.free and _goes_on_asking(turn))):
        otherwise(turn)
        _ask_again(turn, kind, kept, question, words)
        return True
    try:
        value = chosen or question.read(turn, words)
    except NotUnderstood:
        _ask(turn, kind, _answers(kept), question, question.hint(turn))
        return True
    _take(turn, kind, kept, question, value)
    return True


def _ask_again(turn: Turn, kind: Kind, kept: Form, question: Question, words: str) -> None:
    """After the answer to something else; where a title or an address reads like a question, it may still be one."""
    choices = turn.memory.choices
    _ask(turn, kind, _answers(kept), question)
    turn.remember(choices=choices)
    if question.free:
        turn.remember(about=words)
        again, said = turn.replies[-1], FormMove(question.name, "said").pack()
        mine = (Button(turn.texts.t("It was my answer"), said),)
        turn.replies[-1] = replace(again, buttons=(mine, *again.buttons))


def forgotten(turn: Turn, kept: Form) -> bool:
    """Whether somebody comes back after a long silence with something else to say: the form waits on."""
    if turn.frame is None or turn.now - kept.updated_at <= REMEMBER_FOR:
        return False
    return asks_something_else(turn) or turn.frame.intent in SOCIAL


def _goes_on_asking(turn: Turn) -> bool:
    """ "Et demain ?", "plus loin", right after something else was answered."""
    frame = turn.frame
    return bool(turn.memory.about) and frame is not None and frame.intent == "refine" and not frame.address


def asks_something_else(turn: Turn) -> bool:
    """ "Douche gare du Nord", "aide"; a title may well read like "petit-déjeuner à Bastille"."""
    frame = turn.frame
    if frame is None:
        return False
    somewhere = bool(frame.place or frame.places or frame.address or "?" in turn.incoming.text)
    search = frame.intent == "find_service" and bool(frame.categories) and somewhere
    return search or frame.intent in ("help", "human")


def _chosen(turn: Turn, question: Question, kept: Form, words: str) -> str | None:
    """The value of the button whose label was typed."""
    choices = question.choices(turn, _answers(kept))
    return next((value for value, label in choices if plain(label) == plain(words)), None)


def choose(turn: Turn, kinds: Mapping[str, Kind], button: FormChoice) -> bool:
    """False when no form waits for it. A tap on an earlier question, or on a choice that is none, repeats the open one."""
    kept = half_filled(turn)
    kind = kinds.get(kept.name) if kept is not None else None
    if kept is None or kind is None:
        return False
    if _forbidden(turn, kind):
        return True
    question = kind.question(kept.step) or kind.questions[0]
    values = [value for value, _ in question.choices(turn, _answers(kept))]
    if button.step != question.name or button.value not in values:
        _ask(turn, kind, _answers(kept), question)
    else:
        _take(turn, kind, kept, question, button.value)
    return True


def move(turn: Turn, kinds: Mapping[str, Kind], button: FormMove) -> bool:
    """Back, skip, cancel, from the start; False when no form is open."""
    kept = half_filled(turn)
    kind = kinds.get(kept.name) if kept is not None else None
    if kept is None or kind is None:
        return False
    question = kind.question(kept.step) or kind.questions[0]
    if button.where == "cancel":
        drop(turn)
        turn.say(turn.texts.t("All right, nothing is changed."))
    elif _forbidden(turn, kind):
        return True
    elif button.where == "again":
        start(turn, kind)
    elif button.where == "back":
        answers = _answers(kept)
        before = [one for one in kind.questions[: kind.questions.index(question)] if one.asked(answers)]
        _ask(turn, kind, answers, before[-1] if before else question)
    elif button.where == "skip" and question.optional and button.step == question.name:
        _take(turn, kind, kept, question, "")
    elif button.where == "said" and question.free and button.step == question.name and turn.memory.about:
        _take(turn, kind, kept, question, question.read(turn, turn.memory.about))
    else:
        _ask(turn, kind, _answers(kept), question)
    return True


def checked(turn: Turn, kind: Kind, name: str, value: Any, known: Answers | None = None) -> Any:
    """One field of the model, from an answer; `known`: other fields that it must agree with. Raises ValidationError."""
    one = kind.model.model_construct(None, **(known or {}))
    kind.model.__pydantic_validator__.validate_assignment(one, name, value, context={"now": turn.now})
    return getattr(one, name)


def drop(turn: Turn) -> None:
    forms.drop(turn.connection, turn.incoming.conversation)
    turn.remember(asking="", about="", choices=())


def _take(turn: Turn, kind: Kind, kept: Form, question: Question, value: Any) -> None:
    """Checks one answer, then asks the next question that is still open."""
    answers = _answers(kept)
    try:
        checked(turn, kind, question.name, value)
    except ValidationError as error:
        explained = kind.explain.get(error.errors()[0]["type"])
        _ask(turn, kind, answers, question, explained(turn) if explained else question.hint(turn))
        return
    answers[question.name] = value
    wanted = [one for one in kind.questions if one.asked(answers)]
    answers = {one.name: answers[one.name] for one in wanted if one.name in answers}
    following = next((one for one in wanted if one.name not in answers), None)
    if following is not None:
        _ask(turn, kind, answers, following)
        return
    try:
        filled = kind.model.model_validate(answers, context={"now": turn.now})
    except ValidationError as error:  # time has passed since: what was right is no longer
        wrong = kind.question(str(error.errors()[0]["loc"][0])) if error.errors()[0]["loc"] else None
        again = wrong or kind.questions[0]
        _ask(turn, kind, {n: v for n, v in answers.items() if n != again.name}, again, again.hint(turn))
        return
    drop(turn)
    kind.done(turn, filled)
