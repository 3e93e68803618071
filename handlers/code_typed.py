"""Six signs typed alone: the code of a session, on arrival."""

from __future__ import annotations

import re

from bot.memory import FORM
from bot.router import Router
from bot.turn import Turn

router = Router()

CODE = re.compile("[A-HJKMNP-Z2-9]{6}")
"""As storage/sessions.py makes them."""


@router.first
def code_typed(turn: Turn) -> bool:
    """Before any question that is open: a name may be asked for at the door. Of letters alone it may as well be a word, and
    anything may be the answer to a form: only a code that is one counts."""
    typed = turn.incoming.text.strip().upper()
    if not CODE.fullmatch(typed) or not turn.incoming.private:
        return False
    from handlers.arrival import check_in  # noqa: PLC0415 - few talks need it

    plainly = any(letter.isdigit() for letter in typed) and any(letter.isalpha() for letter in typed)
    return check_in(turn, typed, sure=plainly and turn.memory.asking != FORM)
