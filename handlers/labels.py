"""Names of categories and needs in the person's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button
from bot.texts import Texts
from handlers.buttons import Pick
from knowledge.categories import categories

MOST_ASKED = (
    "shower", "food_distribution", "luggage_storage", "toilets", "drinking_water", "day_centre", "social_support",
    "general_practitioner",
)  # fmt: skip


def category_name(texts: Texts, category: str) -> str:
    """KeyError for a category that does not exist."""
    return texts.tc("category", categories()[category].label_en)


def category_label(texts: Texts, category: str) -> str:
    """With its signpost: 🚿 Public bath or shower."""
    return f"{categories()[category].emoji} {category_name(texts, category)}"


def category_rows(texts: Texts, chosen: Sequence[str] = MOST_ASKED) -> list[list[Button]]:
    """Buttons for categories, two a row."""
    buttons = [Button(category_label(texts, category), Pick(category).pack()) for category in chosen]
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]


def need_name(texts: Texts, need: str) -> str:
    names = {
        "women": texts.t("women"),
        "men": texts.t("men"),
        "families": texts.t("families"),
        "minors": texts.t("under 18"),
        "young_adults": texts.t("18 to 25"),
        "couples": texts.t("couples"),
        "pregnant": texts.t("pregnant women"),
        "seniors": texts.t("over 60"),
        "lgbt": texts.t("LGBT people"),
        "asylum": texts.t("asylum seekers"),
        "undocumented": texts.t("people without papers"),
        "wheelchair": texts.t("wheelchair access"),
        "pets": texts.t("animals admitted"),
        "no_appointment": texts.t("without appointment"),
        "free": texts.t("free of charge"),
        "violence": texts.t("victims of violence"),
        "halal": texts.t("halal"),
        "vegetarian": texts.t("vegetarian"),
    }
    return names[need]
