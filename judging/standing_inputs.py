"""What a round's standing is computed from: read in sets, brought into its canonical form."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum, TextField
from django.db.models.functions import Cast

from festival.awards.models import AwardSlot
from judging.logic import standing
from judging.models import Look, Round, Score
from submissions.lifecycle import State


class _Marks(dict[str, Decimal]):
    """Marks as they are written, each with its number."""

    def __missing__(self, mark: str) -> Decimal:
        self[mark] = number = Decimal(mark)
        return number


def of_round(round: Round) -> dict[str, Any]:
    """Criteria, films still in the competition with their tracks, and their finished looks."""
    criteria = list(round.criteria.values_list("pk", "slug", "weight"))
    films = dict(round.films.filter(state=State.ELIGIBLE).values_list("code", "track__slug"))
    # Looks and scores are read apart: a join would read each look's columns once for every score.
    rows = Look.objects.filter(round=round, state=Look.State.SCORED, entry__state=State.ELIGIBLE).order_by()
    whose = {
        look: (film, str(judge)) for look, film, judge in rows.values_list("pk", "entry__code", "judge_id")
    }
    slugs = {pk: slug for pk, slug, _weight in criteria}
    given: dict[int, dict[str, Decimal]] = {}
    scores = Score.objects.filter(look__round=round, look__state=Look.State.SCORED).order_by()
    marks = _Marks()
    # As text: few different marks are given very often, and each is made a number once.
    for look, criterion, mark in scores.values_list("look_id", "criterion_id", Cast("value", TextField())):
        given.setdefault(look, {})[slugs[criterion]] = marks[mark]
    inputs = standing.inputs(
        weights={slug: weight for _pk, slug, weight in criteria},
        films=films,
        looks=(
            standing.ScoredLook(*whose[look], scores=values)
            for look, values in given.items()
            if look in whose
        ),
        method=round.official_rule,
    )
    if len(set(films.values())) > 1:
        inputs["tracks"] = films
    return inputs


def finished(round: Round) -> dict[tuple[str, str], tuple[int, int]]:
    """By (judge, film): the how-manieth film it was that the judge finished, and the hour of the day there."""
    rows = Look.objects.filter(round=round, state=Look.State.SCORED).order_by("judge_id", "scored_at", "pk")
    # As text, which every database writes in UTC: a moment for each look would take longer than reading it.
    moments = Cast("scored_at", TextField())
    return in_order(rows.values_list("judge_id", "entry__code", moments), round.edition.time_zone)


def in_order(
    rows: Iterable[tuple[int, str, str | None]], time_zone: str
) -> dict[tuple[str, str], tuple[int, int]]:
    """The same from judge, film and moment (UTC, as ISO 8601 writes it, with a blank or a T) of each finished look, in
    the order in which they were finished.
    """
    offset = lru_cache(maxsize=None)(partial(_minutes_ahead, zone=ZoneInfo(time_zone)))
    found: dict[tuple[str, str], tuple[int, int]] = {}
    count: dict[int, int] = {}
    for judge, film, at in rows:
        count[judge] = place = count.get(judge, 0) + 1
        minutes = int(at[11:13]) * 60 + int(at[14:16]) + offset(at[:13]) if at else 0
        found[str(judge), film] = (place, minutes // 60 % 24)
    return found


def _minutes_ahead(hour: str, zone: ZoneInfo) -> int:
    """How far the clocks of a zone are ahead of UTC in an hour of UTC; they are set at its beginning."""
    ahead = datetime.fromisoformat(f"{hour}:00+00:00").astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) // 60 if ahead else 0


def cut_of(round: Round, films: int) -> int | None:
    """How many films pass, as planned: by number or share; else as many as there are award places. None where all
    would, or none.
    """
    if round.cut_kind == Round.Cut.COUNT and round.cut_value:
        passing = int(round.cut_value)
    elif round.cut_kind == Round.Cut.SHARE and round.cut_value:
        passing = ceil(Fraction(round.cut_value) * films / 100)
    else:
        slots = AwardSlot.objects.filter(edition_id=round.edition_id)
        passing = slots.aggregate(all=Sum("places"))["all"] or 0
    return passing if 0 < passing < films else None
