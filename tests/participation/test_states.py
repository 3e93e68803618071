"""Every state with every event: what the table allows, and nothing else."""

from __future__ import annotations

import pytest

from knowledge.participation.states import ENDED, HOLDING, LIVE, TRANSITIONS, Event, Impossible, State, moved

ALLOWED = """
waiting   offer->offered cancel->cancelled remove->removed attend->attended
offered   accept->confirmed decline->declined expire->expired withdraw->waiting cancel->cancelled remove->removed attend->attended
confirmed look->looking_for_replacement cancel->cancelled remove->removed attend->attended miss->no_show
looking_for_replacement stay->confirmed replaced->cancelled cancel->cancelled remove->removed attend->attended miss->no_show
attended  miss->no_show unmark->confirmed
no_show   attend->attended unmark->confirmed
declined
expired
cancelled
removed
"""
TABLE = {
    (State(line.split()[0]), Event(pair.split("->")[0])): State(pair.split("->")[1])
    for line in ALLOWED.strip().splitlines()
    for pair in line.split()[1:]
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_the_table(state: State, event: Event) -> None:
    if (state, event) in TABLE:
        assert moved(state, event) is TABLE[state, event]
    else:
        with pytest.raises(Impossible):
            moved(state, event)


def test_nothing_leads_out_of_an_end() -> None:
    assert not [state for state, _ in TRANSITIONS if state in ENDED]
    assert LIVE.isdisjoint(ENDED)
    assert HOLDING.isdisjoint(ENDED)
