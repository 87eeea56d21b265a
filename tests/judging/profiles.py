"""A thousand juries' ballots with ties, and what pref_voting makes of them.

pref_voting (MIT) needs numba, matplotlib and thirty more packages, of which some ask for an older numpy than ours. So
its answers are kept in pref_voting_winners.json. They are made anew in an environment that has nothing else in it:

    python -m venv /tmp/oracle && /tmp/oracle/bin/pip install pref_voting==1.18.2
    /tmp/oracle/bin/python -m tests.judging.profiles > tests/judging/pref_voting_winners.json
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

FILMS = ("A", "B", "C", "D", "E")
NUMBER = 1000
KEPT = Path(__file__).with_name("pref_voting_winners.json")
METHODS = ("schulze", "instant_runoff", "approval", "points")

Sheet = dict[str, int | None]


def ranked(seed: int) -> list[Sheet]:
    """A few jurors with ties and films without a place."""
    draw = Random(seed)
    return [{film: draw.choice((1, 2, 3, 4, None)) for film in FILMS} for _juror in range(draw.randint(1, 9))]


def approval(seed: int) -> list[Sheet]:
    """Zeros and ones."""
    draw = Random(seed)
    return [{film: draw.randint(0, 1) for film in FILMS} for _juror in range(draw.randint(1, 9))]


def points(seed: int) -> list[Sheet]:
    """Zero to five points; some jurors have no line for a film, as they may not vote on it."""
    draw = Random(seed)
    sheets = [
        {film: draw.randint(0, 5) for film in FILMS if draw.random() < 0.8}
        for _juror in range(draw.randint(1, 9))
    ]
    return [*sheets, dict.fromkeys(FILMS, 1)]


def profiles_digest() -> str:
    """Of all the profiles, so that kept answers are not held against others."""
    whole = [[make(seed) for seed in range(NUMBER)] for make in (ranked, approval, points)]
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def main() -> None:
    """Print the winners by pref_voting."""
    from pref_voting.grade_methods import approval as most_approved
    from pref_voting.grade_methods import score_voting
    from pref_voting.grade_profiles import GradeProfile
    from pref_voting.iterative_methods import instant_runoff
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.profiles_with_ties import ProfileWithTies

    def placed(sheets: Iterable[Sheet], last: int | None) -> Any:
        rows = [
            {FILMS.index(film): value or last for film, value in sheet.items() if value or last}
            for sheet in sheets
        ]
        return ProfileWithTies(rows, candidates=range(len(FILMS)))

    def graded(sheets: Iterable[Sheet], most: int) -> Any:
        rows = [{FILMS.index(film): value for film, value in sheet.items()} for sheet in sheets]
        return GradeProfile(rows, list(range(most + 1)), candidates=list(range(len(FILMS))))

    def said(winners: Iterable[int]) -> str:
        return "".join(FILMS[number] for number in winners)

    found: dict[str, list[str]] = {method: [] for method in METHODS}
    for seed in range(NUMBER):
        profile = placed(ranked(seed), 99)
        found["schulze"].append(said(beat_path(profile, strength_function=profile.support)))
        profile = placed(ranked(seed), None)
        found["instant_runoff"].append(said(instant_runoff(profile, score_method="split")))
        found["approval"].append(said(most_approved(graded(approval(seed), 1))))
        found["points"].append(said(score_voting(graded(points(seed), 5), evaluation_method="mean")))
    library = f"pref_voting {version('pref_voting')}"
    print(json.dumps({"library": library, "profiles": profiles_digest(), **found}))


if __name__ == "__main__":
    main()
