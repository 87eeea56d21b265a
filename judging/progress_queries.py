"""How far a round is: a line for each judge, one for each film, and what misses looks. Figures only, no scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from festival.kit import remembered
from festival.people.models import User
from judging.models import Look, Round
from judging.queries import PENDING, RECUSED, SCORED, live_name, look_counts, out_of_competition
from submissions.lifecycle import State
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    judge_id: int
    name: str
    films: int
    done: int
    recused: int
    seconds_left: int
    seconds_watched: int
    seconds_done: int  # length of the films scored
    last_saved: datetime | None


@dataclass(frozen=True, slots=True)
class FilmProgress:
    code: str
    title: str
    track: dict[str, str]
    state: str
    done: int
    pending: int
    recused: int


def judges_progress(round: Round, films: int = 0) -> list[JudgeProgress]:
    """A line per judge who was given looks at films that are in the competition. Figures only: no scores. Three
    queries. Of a closed round, where nobody works any more, a thousand looks or more are remembered for a minute. Of an
    open one only the page that names how many `films` it has is given what may be some seconds old, where these are a
    thousand or more.
    """
    if round.state == Round.State.CLOSED:
        closed_at = round.closed_at.timestamp() if round.closed_at else 0
        name, seconds = f"judges-progress:{round.pk}:{closed_at}", remembered.SECONDS
    elif films >= remembered.MANY:
        name, seconds = progress_name(round.pk), remembered.AT_WORK
    else:
        return _judges_progress(round)
    return remembered.figures(
        name,
        lambda: _judges_progress(round),
        rows=lambda lines: sum(line.films for line in lines),
        seconds=seconds,
    )


def progress_name(round_id: int) -> str:
    """Under which name the lines of an open round's judges are remembered."""
    return f"judges-progress:{round_id}"


def short_name(round_id: int) -> str:
    """Under which name it is remembered how many films of an open round miss looks."""
    return f"short-of-looks:{round_id}"


def next_name(round_id: int) -> str:
    """Under which name it is remembered which looks an adaptive round would give next."""
    return f"next-looks:{round_id}"


def forget_figures(round: Round) -> None:
    """Looks were handed out: what is remembered of the open round is counted anew."""
    remembered.forget(progress_name(round.pk))
    remembered.forget(short_name(round.pk))
    remembered.forget(next_name(round.pk))
    remembered.forget(live_name(round.edition_id))


def _judges_progress(round: Round) -> list[JudgeProgress]:
    """As in `_live_looks`, what belongs to films out of the competition is taken off."""
    sums = {
        **look_counts(),
        "seconds_watched": Sum("watched_seconds"),
        "seconds_done": Sum("seconds", filter=Q(state=SCORED, to_read=False)),
    }
    looks = Look.objects.filter(round=round).order_by()
    out = looks.filter(entry__in=out_of_competition(round.edition)).values("judge_id").annotate(**sums)
    taken_off = {row["judge_id"]: row for row in out}
    found = {}
    for row in looks.values("judge_id").annotate(**sums, last_saved=Max("saved_at")):
        less = taken_off.get(row["judge_id"], {})
        live = {name: (row[name] or 0) - (less.get(name) or 0) for name in sums}
        if live["done"] or live["pending"] or live["recused"]:
            found[row["judge_id"]] = live | {"last_saved": row["last_saved"]}
    names = User.objects.filter(pk__in=found).order_by("name", "pk").values_list("pk", "name", "email")
    return [
        JudgeProgress(
            judge_id=pk,
            name=name or email,
            films=found[pk]["done"] + found[pk]["pending"],
            **{key: value for key, value in found[pk].items() if key != "pending"},
        )
        for pk, name, email in names
    ]


def films_progress(round: Round) -> QuerySet[Entry]:
    """The round's films, those with the fewest finished looks first; rows for `film_rows`, page by page."""
    shown = Entry.objects.filter(rounds=round).values(
        "pk", "code", "title", "state", track_name=F("track__name")
    )
    return shown.annotate(done=_looks_at(round, SCORED)).order_by("done", "code")


def _looks_at(round: Round, *states: str) -> Coalesce:
    """How many looks in these states a film has in the round; an index alone answers it."""
    looks = Look.objects.filter(round=round, entry=OuterRef("pk"), state__in=states).order_by()
    return Coalesce(Subquery(looks.values("entry_id").annotate(n=Count("*")).values("n")), 0)


def short_of_looks(round: Round, wanted: int) -> QuerySet[Entry]:
    """The rows of `films_progress` of films in the competition that neither have nor await as many looks."""
    rows = films_progress(round).filter(state=State.ELIGIBLE)
    return rows.annotate(given=_looks_at(round, SCORED, PENDING)).filter(given__lt=wanted)


def short_count(round: Round, wanted: int, films: int) -> int:
    """How many films `short_of_looks` has: those of the competition that are not among those with enough. One query. Of
    a round of a thousand films or more remembered as `judges_progress` is.
    """
    if wanted < 1:
        return 0
    if films < remembered.MANY:
        return _short_count(round, wanted)
    name = short_name(round.pk)
    return remembered.figures(
        name, lambda: _short_count(round, wanted), lambda _count: films, seconds=remembered.AT_WORK
    )


def _short_count(round: Round, wanted: int) -> int:
    looks = Look.objects.filter(round=round, state__in=(SCORED, PENDING)).order_by()
    enough = looks.values("entry_id").annotate(n=Count("*")).filter(n__gte=wanted).values("entry_id")
    return round.films.filter(state=State.ELIGIBLE).exclude(pk__in=enough).count()


def film_rows(round: Round, rows: list[Mapping[str, Any]]) -> list[FilmProgress]:
    """The films of a page with all their looks counted. One query."""
    looks = Look.objects.filter(round=round, entry_id__in=[row["pk"] for row in rows]).order_by()
    counts = {
        (entry, state): count
        for entry, state, count in looks.values_list("entry_id", "state").annotate(n=Count("*"))
    }
    return [
        FilmProgress(
            code=row["code"],
            title=row["title"],
            track=row["track_name"],
            state=row["state"],
            done=row["done"],
            pending=counts.get((row["pk"], PENDING), 0),
            recused=counts.get((row["pk"], RECUSED), 0),
        )
        for row in rows
    ]
