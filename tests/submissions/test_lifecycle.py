"""The table of moves, and what is said to be made from it."""

import re
from pathlib import Path

from submissions.lifecycle import MOVES, By, State, diagram, moves_from
from submissions.models import Entry
from submissions.status import BADGES
from submissions.timeline import SENTENCES

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_state_is_reached_from_draft() -> None:
    reached, fresh = set(), {State.DRAFT}
    while fresh:
        reached |= fresh
        fresh = {
            move.target
            for move in MOVES.values()
            if reached & set(move.sources) and move.target not in reached
        }
    assert reached == set(State)


def test_moves_are_named_as_their_keys_and_leave_where_they_start() -> None:
    for name, move in MOVES.items():
        assert name == move.name
        assert move.target not in move.sources
        assert move.sources and move.by


def test_nothing_leads_out_of_the_final_states() -> None:
    final = {state for state in State if not any(moves_from(state, by) for by in By)}
    assert final == {State.REFUSED, State.WITHDRAWN}


def test_who_may_do_what() -> None:
    table = {
        (state.value, by.value): [move.name for move in moves_from(state, by)] for state in State for by in By
    }
    assert {key: names for key, names in table.items() if names} == {
        ("draft", "entrant"): ["submit", "withdraw"],
        ("draft", "system"): ["bring_in"],
        ("submitted", "entrant"): ["withdraw"],
        ("submitted", "technician"): ["admit", "ask_fix", "refuse"],
        ("submitted", "system"): ["admit", "ask_fix"],
        ("fixing", "entrant"): ["submit", "withdraw"],
        ("fixing", "technician"): ["admit", "refuse"],
        ("fixing", "system"): ["admit"],
        ("eligible", "entrant"): ["withdraw"],
    }


def test_the_database_knows_the_same_states() -> None:
    constraint = next(one for one in Entry._meta.constraints if one.name == "entry_known_state")
    assert set(dict(constraint.condition.children)["state__in"]) == set(State.values)


def test_every_state_has_a_badge_and_every_move_a_sentence() -> None:
    assert set(BADGES) == set(State)
    assert set(MOVES) - set(SENTENCES) == set()


def test_the_diagram_in_the_docs_is_the_table() -> None:
    drawn = re.search(
        r"```mermaid\n(stateDiagram.*?)\n```", (ROOT / "docs/architecture.md").read_text(), re.S
    )
    assert drawn and drawn[1] == diagram()
