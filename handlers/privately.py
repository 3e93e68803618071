"""What is personal is said to one person alone."""

from __future__ import annotations

from bot.turn import Turn


def in_private(turn: Turn) -> bool:
    """Whether this is a talk with one person; says so where it is not."""
    if not turn.incoming.private:
        turn.say(turn.texts.t("That is personal: write to me in private."))
    return turn.incoming.private
