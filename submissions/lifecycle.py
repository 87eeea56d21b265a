"""The life of an entry: one table of moves. Buttons, checks and the diagram in the docs come from it."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    FIXING = "fixing", _("Waiting for a mended film")
    ELIGIBLE = "eligible", _("Admitted to the competition")
    REFUSED = "refused", _("Not admitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class By(models.TextChoices):
    """Who may make a move."""

    ENTRANT = "entrant", _("Entrant")
    TECHNICIAN = "technician", _("Technician")
    SYSTEM = "system", _("System")


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    sources: tuple[State, ...]
    target: State
    by: tuple[By, ...]
    label: str


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("submit", (State.DRAFT, State.FIXING), State.SUBMITTED, (By.ENTRANT,), _("Submit")),
        Move("bring_in", (State.DRAFT,), State.SUBMITTED, (By.SYSTEM,), _("Submit an imported entry")),
        Move(
            "admit", (State.SUBMITTED, State.FIXING), State.ELIGIBLE, (By.SYSTEM, By.TECHNICIAN), _("Admit")
        ),
        Move(
            "ask_fix",
            (State.SUBMITTED,),
            State.FIXING,
            (By.SYSTEM, By.TECHNICIAN),
            _("Ask for a mended film"),
        ),
        Move("refuse", (State.SUBMITTED, State.FIXING), State.REFUSED, (By.TECHNICIAN,), _("Do not admit")),
        Move(
            "withdraw",
            (State.DRAFT, State.SUBMITTED, State.FIXING, State.ELIGIBLE),
            State.WITHDRAWN,
            (By.ENTRANT,),
            _("Withdraw"),
        ),
    )
}


def moves_from(state: str, by: By) -> list[Move]:
    """The moves open in `state` to `by`: the buttons of the page."""
    return [move for move in MOVES.values() if state in move.sources and by in move.by]


def diagram() -> str:
    """The table as a Mermaid state diagram, for docs/architecture.md (a test keeps them equal)."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for move in MOVES.values():
        who = ", ".join(by.value for by in move.by)
        lines += [
            f"    {source.value} --> {move.target.value}: {move.name} ({who})" for source in move.sources
        ]
    return "\n".join(lines)
