"""Real panel scores for tests: figure skating 2016 to 2017 (BuzzFeed News, CC BY 4.0), 1,726 performances, nine
judges each, 214 in all. They are no part of this repository: FIRSTLIGHT_DATA names the folder that holds
`skating_components.csv` (or it stands in ../shared/data beside the repository); without it the tests are skipped.
"""

import csv
import os
from pathlib import Path

import pytest

from judging.logic.scores import Look

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def skating() -> dict[str, list[Look]]:
    """The looks by performance, judges in random places of the panel, as published."""
    file = Path(os.environ.get("FIRSTLIGHT_DATA", BESIDE)) / "skating_components.csv"
    if not file.exists():
        pytest.skip(f"{file.name} is not at hand: name its folder in FIRSTLIGHT_DATA")
    found: dict[str, list[Look]] = {}
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            look = Look(row["jid"], row["performance_id"], float(row["y"]))
            found.setdefault(look.entry, []).append(look)
    return found
