"""What an activity can say besides what its form asks for: each is one question, asked when staff tap it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.forms import Answers, Question
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.activity_labels import SKILLS, language_name, skill_name
from handlers.staff import reading
from handlers.staff.activity_model import AT_ONCE, LONGEST_DESCRIPTION
from handlers.staff.activity_questions import BRING, QUESTIONS, TITLE

DAY = 24 * 60


def lead(turn: Turn, minutes: int) -> str:
    """A length of time before a date: 14 days, 3 h 00, 45 min."""
    if minutes >= DAY and minutes % DAY == 0:
        return turn.texts.tn("{count} day", "{count} days", minutes // DAY)
    return turn.texts.minutes(minutes)


def _opens(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    before = [(str(days * DAY), lead(turn, days * DAY)) for days in (7, 14, 30)]
    return [(AT_ONCE, turn.texts.t("at once")), *before]


def _closes(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    before = [(str(minutes), lead(turn, minutes)) for minutes in (120, DAY, 2 * DAY)]
    return [("0", turn.texts.t("at the start")), *before]


def _skills(turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return [(one, skill_name(turn.texts, one)) for one in SKILLS]


def _languages(_turn: Turn, _answers: Answers) -> Sequence[tuple[str, str]]:
    return [(one, language_name(one)) for one in LANGUAGES]


def _long(turn: Turn) -> str:
    return turn.texts.t("{count} signs at most, please.", count=LONGEST_DESCRIPTION)


def _lead_hint(turn: Turn) -> str:
    return turn.texts.t("How long before the start? For example “14 days”, “48 h”, “90 min”.")


DESCRIPTION = Question(
    "description",
    lambda turn, _: turn.texts.t("What is it about? A few sentences, in French."),
    _long,
    optional=True,
    free=True,
)
DETAILS = (
    DESCRIPTION,
    Question(
        "minimum",
        lambda turn, _: turn.texts.t(
            "How many people are needed at least? I tell you the evening before if it is fewer."
        ),
        lambda turn: turn.texts.t("A number from 0 to 500, please; 0 for none."),
        read=lambda _, words: reading.whole_number(words),
    ),
    Question(
        "opens",
        lambda turn, _: turn.texts.t("How long before the start does sign-up open?"),
        _lead_hint,
        _opens,
        lambda _, words: reading.lead(words),
    ),
    Question(
        "closes",
        lambda turn, _: turn.texts.t("How long before the start does sign-up close?"),
        _lead_hint,
        _closes,
        lambda _, words: reading.lead(words),
    ),
    Question(
        "skills",
        lambda turn, _: turn.texts.t("What must people know how to do? Tap again to take it out."),
        lambda turn: turn.texts.t("Tap one of the buttons, please."),
        _skills,
        lambda turn, words: reading.skills(turn.texts.zone, words),
    ),
    Question(
        "languages",
        lambda turn, _: turn.texts.t("Which languages must they speak? Tap again to take one out."),
        lambda turn: turn.texts.t("Tap one of the buttons, please."),
        _languages,
        lambda _, words: reading.languages(words),
    ),
)
TICKED = ("skills", "languages")
"""Several at once, by taps."""
ALL = {question.name: question for question in (*QUESTIONS, *DETAILS)}


def in_language(name: str, language: str) -> Question:
    """The question for `title`, `description` or `bring` in another language than French."""
    known = {"title": TITLE, "description": DESCRIPTION, "bring": BRING}[name]

    def ask(turn: Turn, answers: Answers) -> str:
        t, spoken = turn.texts.t, language_name(language)
        return {
            "title": t("What is it called? In {language}:", language=spoken),
            "description": t("What is it about? In {language}:", language=spoken),
            "bring": t("What is there to bring? In {language}:", language=spoken),
        }[name]

    return Question(f"{name}s", ask, known.hint, optional=True, free=True)
