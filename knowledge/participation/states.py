"""The states of a sign-up and the moves between them, as data."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    """A place is kept for them until `offered_until`."""
    CONFIRMED = "confirmed"
    LOOKING = "looking_for_replacement"
    """Keeps the place until somebody takes it."""
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """By themselves, or with the whole session."""
    REMOVED = "removed"
    """By staff, or because they asked to be forgotten."""


class Event(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    """The place that was offered is not free any more: back to the head of the list."""
    LOOK = "look"
    STAY = "stay"
    REPLACED = "replaced"
    CANCEL = "cancel"
    REMOVE = "remove"
    ATTEND = "attend"
    MISS = "miss"
    UNMARK = "unmark"
    """Attendance was marked by mistake."""


LIVE = frozenset({State.WAITING, State.OFFERED, State.CONFIRMED, State.LOOKING})
"""Still to come: one such sign-up a person and session."""
HOLDING = frozenset({State.OFFERED, State.CONFIRMED, State.LOOKING, State.ATTENDED, State.NO_SHOW})
"""Their seats are taken."""
COMING = frozenset({State.CONFIRMED, State.LOOKING})
"""Who is expected, and can be nowhere else at that time."""
ENDED = frozenset({State.DECLINED, State.EXPIRED, State.CANCELLED, State.REMOVED})

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.WAITING, Event.OFFER): State.OFFERED,
    (State.OFFERED, Event.ACCEPT): State.CONFIRMED,
    (State.OFFERED, Event.DECLINE): State.DECLINED,
    (State.OFFERED, Event.EXPIRE): State.EXPIRED,
    (State.OFFERED, Event.WITHDRAW): State.WAITING,
    (State.CONFIRMED, Event.LOOK): State.LOOKING,
    (State.LOOKING, Event.STAY): State.CONFIRMED,
    (State.LOOKING, Event.REPLACED): State.CANCELLED,
    **{(state, Event.CANCEL): State.CANCELLED for state in LIVE},
    **{(state, Event.REMOVE): State.REMOVED for state in LIVE},
    **{(state, Event.ATTEND): State.ATTENDED for state in (*LIVE, State.NO_SHOW)},
    **{(state, Event.MISS): State.NO_SHOW for state in (State.CONFIRMED, State.LOOKING, State.ATTENDED)},
    **{(state, Event.UNMARK): State.CONFIRMED for state in (State.ATTENDED, State.NO_SHOW)},
}


class Impossible(Exception):
    """A sign-up in this state cannot do that: most often a button of an old message."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{state} cannot {event}")
        self.state = state
        self.event = event


def moved(state: State, event: Event) -> State:
    """The state after `event`. Raises Impossible."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Impossible(state, event) from None
