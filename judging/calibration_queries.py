"""Reads of calibration films: for the judge without names, and the chair's scores only beside one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from judging.models import CalibrationFilm, CalibrationScore, Criterion, Round
from submissions.queries import judge_copies


@dataclass(frozen=True, slots=True)
class Trial:
    """A calibration film as a judge sees it. `own` is empty before the judge has scored it, and so are the others."""

    id: int
    entry_id: int
    title: str
    copy_key: str
    seconds: int
    own: Mapping[str, str]
    reference: Mapping[str, str]
    words: str


def trials_of(judge_id: int, round: Round) -> list[Trial]:
    """The round's calibration films for one judge. Three queries."""
    films = CalibrationFilm.objects.filter(round=round).order_by("position", "pk")
    rows = list(films.values_list("pk", "entry_id", "entry__title", "reference", "words"))
    scores = CalibrationScore.objects.filter(film__round=round, judge_id=judge_id)
    own = dict(scores.values_list("film_id", "values"))
    copies = judge_copies([row[1] for row in rows])
    return [
        Trial(
            id=pk,
            entry_id=entry,
            title=title,
            copy_key=copies.get(entry, ("", 0.0))[0],
            seconds=round_up(copies.get(entry, ("", 0.0))[1]),
            own=own.get(pk, {}),
            reference=reference if pk in own else {},
            words=words if pk in own else "",
        )
        for pk, entry, title, reference, words in rows
    ]


def round_up(seconds: float) -> int:
    return int(-(-seconds // 1))


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion of a calibration film: the judge's score beside the chair's."""

    criterion: Criterion
    own: str
    chair: str

    @property
    def apart(self) -> Decimal:
        """How much higher the judge is than the chair."""
        return Decimal(self.own) - Decimal(self.chair)


def compared(trial: Trial, criteria: list[Criterion]) -> list[Compared]:
    """Every criterion that both have scored."""
    return [
        Compared(row, trial.own[row.slug], trial.reference[row.slug])
        for row in criteria
        if row.slug in trial.own and row.slug in trial.reference
    ]


@dataclass(frozen=True, slots=True)
class ChairsFilm:
    """A calibration film as the chair's page lists it. `tried`: by how many judges."""

    id: int
    code: str
    title: str
    reference: Mapping[str, str]
    words: str
    tried: int


def films_of(round: Round) -> list[ChairsFilm]:
    """Two queries."""
    films = CalibrationFilm.objects.filter(round=round).select_related("entry").prefetch_related("scores")
    return [
        ChairsFilm(
            film.pk, film.entry.code, film.entry.title, film.reference, film.words, len(film.scores.all())
        )
        for film in films
    ]
