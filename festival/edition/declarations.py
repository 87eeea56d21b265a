"""What an edition has its entrants declare, as plain data: a blueprint's tables `[[declarations]]`, or the usual ones.

Parsed without Django. The rows that are made of it stand in `declaration_models`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOCUMENTS = ("none", "may", "must")  # whether a document goes with it
MOST = 30  # declarations that an edition asks for at the same time
TITLE_MOST, TEXT_MOST = 120, 4000

Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class DeclarationPlan:
    """One declaration. `if_applicable`: the entrant first says whether it concerns the film at all.

    `track` is the slug of the only track that it is asked in; empty: in all.
    """

    key: str
    title: Text
    text: Text
    required: bool = True
    if_applicable: bool = False
    document: str = "none"
    track: str = ""


@cache
def usual_declarations() -> tuple[DeclarationPlan, ...]:
    """What an edition asks whose blueprint says nothing of it (declarations.toml)."""
    data = tomllib.loads(Path(__file__).with_name("declarations.toml").read_text(encoding="utf-8"))
    return tuple(DeclarationPlan(**row) for row in data["declarations"])
