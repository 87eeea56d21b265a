"""Reads of judging.

What judges read are rows of named columns, never entries. In a blind round the columns that name people are not asked
for before the look is scored: no template can show what is not there.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from festival.edition.models import Edition, Membership
from festival.kit import remembered
from festival.kit.words import clock_time
from festival.people.actor import Actor
from festival.people.roles import Role
from judging.models import Ballot, Look, LookNote, Round, Score, Standing, StandingRow
from submissions.cohorts.models import Place
from submissions.lifecycle import State
from submissions.models import Entry
from submissions.queries import judge_copies
from submissions.statement_view import statement_lines

BATCH = 2000  # entries asked for at once
LIVE = Q(entry__state=State.ELIGIBLE)  # a withdrawn film is no longer shown, counted or ranked
PENDING, SCORED, RECUSED = Look.State.PENDING, Look.State.SCORED, Look.State.RECUSED

QUEUE_COLUMNS = {
    "id": F("pk"),
    "code": F("entry__code"),
    "title": F("entry__title"),
    "title_en": F("entry__title_en"),
    "track": F("entry__track__name"),
}
NAMED_COLUMNS = {
    "director": F("entry__director"),
    "country": F("entry__country"),
    "synopsis": F("entry__synopsis"),
    "ai_statement": F("entry__ai_statement"),
    "rulebook": F("entry__edition__rulebook"),  # names the tools of the statement
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One of a judge's looks, as the list shows it."""

    id: int
    code: str
    title: str
    title_en: str
    track: dict[str, str]
    state: str
    position: int
    seconds: int
    watched_seconds: int
    scores_given: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a judge is in a round."""

    films: int
    done: int
    recused: int
    seconds_left: int
    next_look: int | None

    @property
    def left(self) -> int:
        return self.films - self.done


@dataclass(frozen=True, slots=True)
class Film:
    """The film of a look: what every judge may know of it."""

    entry_id: int
    code: str
    title: str
    title_en: str
    track: dict[str, str]
    seconds: int
    copy_key: str


@dataclass(frozen=True, slots=True)
class NamedFilm(Film):
    """In a round that is not judged blind, or once the look is scored."""

    director: str
    country: str
    synopsis: dict[str, str]
    ai_statement: str
    tools: list[dict[str, Any]]


def visible_to(actor: Actor) -> QuerySet[Look]:
    """The set of which `permissions.can_see` is the predicate. Reaching for the entry from here raises."""
    if not actor.known:
        return Look.objects.none()
    return Look.objects.fetch_mode(models.FETCH_RAISE).filter(
        judge_id=actor.id, round__edition_id__in=actor.editions(Role.JUDGE)
    )


def queue_of(judge_id: int, round: Round) -> list[QueueRow]:
    """A judge's looks in the order drawn for them. One query."""
    rows = (
        Look.objects.filter(LIVE, judge_id=judge_id, round=round)
        .order_by("position", "pk")
        .values("state", "position", "seconds", "watched_seconds")
        .annotate(**QUEUE_COLUMNS, scores_given=Count("scores"))
    )
    return [QueueRow(**row) for row in rows]


def progress_of(judge_id: int, edition: Edition) -> dict[int, Progress]:
    """The judge's progress by round id, for every round of the edition with looks of theirs. Two queries."""
    looks = Look.objects.filter(LIVE, judge_id=judge_id, round__edition=edition)
    first = Min("position", filter=Q(state=PENDING))
    rows = list(looks.order_by().values("round_id").annotate(**look_counts(), first=first))
    wanted = Q(pk__in=[])
    for row in rows:
        if row["first"] is not None:
            wanted |= Q(round_id=row["round_id"], position=row["first"])
    following = dict(looks.filter(wanted, state=PENDING).order_by("-pk").values_list("round_id", "pk"))
    return {
        row["round_id"]: Progress(
            films=row["done"] + row["pending"],
            done=row["done"],
            recused=row["recused"],
            seconds_left=row["seconds_left"] or 0,
            next_look=following.get(row["round_id"]),
        )
        for row in rows
    }


def look_counts() -> dict[str, Any]:
    """Looks by state, and the seconds that are left, as columns of a query over looks."""
    return {
        "done": Count("state", filter=Q(state=SCORED)),
        "pending": Count("state", filter=Q(state=PENDING)),
        "recused": Count("state", filter=Q(state=RECUSED)),
        "seconds_left": Sum("seconds", filter=Q(state=PENDING)),
    }


def hides_names(look: Look) -> bool:
    """Whether a judge does not see yet who made the film of her look: in a blind round, until it is scored."""
    return look.round.hides_names and look.state != SCORED


def film_of(look: Look, *, blind: bool) -> Film | None:
    """The film to be judged; None when it has been withdrawn. Two queries, three where names are not hidden."""
    columns = {name: QUEUE_COLUMNS[name] for name in ("code", "title", "title_en", "track")}
    kind: type[Film] = Film if blind else NamedFilm
    row = (
        Look.objects.filter(LIVE, pk=look.pk)
        .values("entry_id", "seconds")
        .annotate(**columns, **({} if blind else NAMED_COLUMNS))
        .first()
    )
    if row is None:
        return None
    key, _seconds = judge_copies([row["entry_id"]]).get(row["entry_id"], ("", 0.0))
    if not blind:
        row["tools"] = statement_lines(row["entry_id"], row.pop("rulebook"))
    return kind(copy_key=key, **row)


def scores_of(look_id: int) -> dict[str, Decimal]:
    """What the judge has given so far, by criterion."""
    return dict(Score.objects.filter(look_id=look_id).values_list("criterion__slug", "value"))


def panel_result(look: Look, entry_id: int) -> StandingRow | None:
    """The panel's line for a film. Ask `permissions.can_see_scores` first."""
    return StandingRow.objects.filter(
        standing__round_id=look.round_id, standing__superseded_at__isnull=True, entry_id=entry_id
    ).first()


def pending_looks(round: Round) -> int:
    """Looks that would be lost if the round closed now. Two queries."""
    count, _seconds = _live_looks(round.edition, [round.pk]).get((round.pk, PENDING), (0, 0))
    return count


def judges_of(edition: Edition) -> dict[int, str]:
    """The members of the jury: account id and name. The chair is among them only when also named a judge."""
    rows = Membership.objects.filter(edition=edition, role=Role.JUDGE, user__is_active=True)
    return {
        pk: name or email
        for pk, name, email in rows.order_by("user__name", "user_id").values_list(
            "user_id", "user__name", "user__email"
        )
    }


def jury_of(round: Round) -> dict[int, str]:
    """The members of the jury who judge this round: those who are named for it, else all. Two queries."""
    jury, named = judges_of(round.edition), named_for(round)
    return {pk: name for pk, name in jury.items() if pk in named} if named else jury


def named_for(round: Round) -> set[int]:
    """The accounts that are named for this round, members of the jury or no longer; of panels nobody, as who sits on
    them judges. One query, remembered on the round.
    """
    if round.gate == Round.Gate.PANEL:
        return set()
    if not hasattr(round, "_named"):
        rows = Round.jury.through.objects.filter(round=round)
        round._named = set(rows.values_list("user_id", flat=True))  # type: ignore[attr-defined]
    return round._named  # type: ignore[attr-defined]


def rounds_of_judge(edition: Edition, judge_id: int) -> QuerySet[Round]:
    """The rounds that have opened and that this member of the jury judges, or may look back at."""
    others = Round.jury.through.objects.filter(round=OuterRef("pk")).order_by()
    own = ~Exists(others) | Exists(others.filter(user=judge_id)) | Q(gate=Round.Gate.PANEL)
    return edition.rounds.filter(own).exclude(state=Round.State.PLANNED)  # with the edition at hand


def judges_of_round(round: Round) -> dict[int, str]:
    """The round's jury without those who were taken off it: who may be given looks. Three queries."""
    off = set(
        Look.objects.filter(round=round, state=RECUSED, taken=Look.Taken.REPLACED).values_list(
            "judge_id", flat=True
        )
    )
    return {pk: name for pk, name in jury_of(round).items() if pk not in off}


def late_films(round: Round) -> QuerySet[Entry]:
    """Films admitted to the competition that a round of all films does not have yet. One that was reopened for further
    looks takes none any more.
    """
    if not round.takes_all or round.reopened_at:
        return Entry.objects.none()
    return Entry.objects.filter(edition_id=round.edition_id, state=State.ELIGIBLE).exclude(rounds=round)


def admitted(edition: Edition) -> QuerySet[Entry]:
    """The entries that are in the competition."""
    return Entry.objects.filter(edition=edition, state=State.ELIGIBLE).order_by()


def teams_of(round: Round) -> QuerySet[Entry]:
    """The entries in the competition whose teams have their place in the cohort that the round takes."""
    return Entry.objects.filter(
        state=State.ELIGIBLE,
        cohort_places__cohort=round.cohort_id,
        cohort_places__state=Place.State.ACCEPTED,
    ).order_by()


def last_positions(looks: QuerySet[Look]) -> dict[int, int]:
    """The last place in each judge's queue."""
    return dict(looks.order_by().values_list("judge_id").annotate(Max("position")))


def running_times(entry_ids: list[int]) -> dict[int, int]:
    """Whole seconds by entry, rounded up; 0 for a film without a judge copy."""
    times = dict.fromkeys(entry_ids, 0)
    for start in range(0, len(entry_ids), BATCH):
        for entry, (_key, seconds) in judge_copies(entry_ids[start : start + BATCH]).items():
            times[entry] = ceil(seconds)
    return times


def rounds_for_desk(edition: Edition, *, criteria: bool = True) -> list[Round]:
    """The rounds in their order, with counts of films, looks and ballots, and with their criteria if asked. Four
    queries. Ten thousand looks or more are counted as they were at most a quarter of a minute ago, or when looks were
    last given.
    """
    link = Round.films.through.objects.filter(round_id=OuterRef("pk")).order_by().values("round_id")
    cast = Ballot.objects.filter(round_id=OuterRef("pk")).order_by().values("round_id")
    counted = edition.rounds.annotate(
        film_count=Coalesce(Subquery(link.annotate(n=Count("*")).values("n")), 0),
        ballot_count=Coalesce(Subquery(cast.annotate(n=Count("*")).values("n")), 0),
    )
    if criteria:
        counted = counted.prefetch_related("criteria")
    rounds = list(counted.order_by("position", "pk"))
    looks = remembered.figures(
        live_name(edition.pk),
        lambda: _live_looks(edition, [round.pk for round in rounds]),
        rows=lambda found: sum(count for count, _seconds in found.values()) // LOOKS_A_FILM,
        seconds=remembered.AT_WORK,
    )
    for round in rounds:
        round.looks_done, _seconds = looks.get((round.pk, SCORED), (0, 0))
        round.looks_pending, round.seconds_left = looks.get((round.pk, PENDING), (0, 0))
    return rounds


LOOKS_A_FILM = 10  # in all rounds together, about: what is much is told by films


def live_name(edition_id: int) -> str:
    """Under which name the looks of all rounds are remembered."""
    return f"live-looks:{edition_id}"


def _live_looks(edition: Edition, round_ids: list[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """Looks and seconds of film by round and state. Two queries.

    All are counted, and those of films that are out of the competition taken off: these are few, and asking each of
    a hundred thousand looks for its film is what costs.
    """
    looks = Look.objects.filter(round_id__in=round_ids).order_by()
    out = looks.filter(entry__in=out_of_competition(edition))
    figures = {"count": Count("*"), "sum": Sum("seconds")}  # rows: an index alone counts them
    columns = ("round_id", "state", "count", "sum")
    found = {
        (round, state): (count, seconds)
        for round, state, count, seconds in looks.values("round_id", "state")
        .annotate(**figures)
        .values_list(*columns)
    }
    for round, state, count, seconds in (
        out.values("round_id", "state").annotate(**figures).values_list(*columns)
    ):
        every, all_seconds = found[round, state]
        found[round, state] = every - count, all_seconds - seconds
    return found


def out_of_competition(edition: Edition | int) -> QuerySet[Entry]:
    """The entries that are not admitted, or no longer. The states are named, so that an index finds them."""
    others = [state for state in State.values if state != State.ELIGIBLE]
    return Entry.objects.filter(edition=edition, state__in=others).order_by()


RANK_BY = {
    Round.Decides.OFFICIAL: "rank",
    Round.Decides.ADJUSTED: "adjusted_rank",
    Round.Decides.OWN: "own_rank",
}
MARGIN = Decimal("1.645")  # standard deviations on either side that hold nine chances in ten


def ordered(standing: Standing) -> QuerySet[StandingRow]:
    """The rows of a standing, best first by what decides (`place`). Where that is equal the code comes first, so that
    lists stay as they are; it decides nothing.

    `margin`: half the width of the interval that holds the film's adjusted score with nine chances in ten.
    """
    by = RANK_BY[Round.Decides(standing.decides)]
    rows = standing.rows.select_related("entry__track").annotate(place=F(by), margin=F("value_sd") * MARGIN)
    return rows.order_by(F("place").asc(nulls_last=True), "entry__code")


def standing_rows(round: Round) -> QuerySet[StandingRow]:
    """The frozen standing of a closed round. Ask `permissions.can_see_standing` before."""
    return ordered(round.standing)


@dataclass(frozen=True, slots=True)
class Recusal:
    judge: str
    code: str
    title: str
    reason: str  # in her words, or why the look was taken from her


def recusals_of(round: Round) -> list[Recusal]:
    """Who stood aside from what, and why: for the chair alone. One query."""
    rows = Look.objects.filter(round=round, state=RECUSED).order_by("saved_at", "pk")
    return [
        Recusal(
            judge=name or email,
            code=code,
            title=title,
            reason=str(Look.Taken(taken).label) if taken else reason,
        )
        for name, email, code, title, reason, taken in rows.values_list(
            "judge__name", "judge__email", "entry__code", "entry__title", "reason", "taken"
        )
    ]


def notes_of(round: Round, entry_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Judges' notes to the jury by entry, as (judge, note), from finished looks: the whole first, then moments.

    What a judge kept to herself is not asked for. Two queries.
    """
    looks = Look.objects.filter(round=round, entry_id__in=entry_ids, state=SCORED)
    columns = ("entry_id", "judge__name", "judge__email", "comment")
    rows = looks.exclude(comment="").order_by("judge__name", "pk").values_list(*columns)
    notes: dict[int, list[tuple[str, str]]] = {}
    for entry, name, email, comment in rows:
        notes.setdefault(entry, []).append((name or email, comment))
    moments = LookNote.objects.filter(look__in=looks, for_jury=True).exclude(text="")
    for entry, name, email, seconds, text in moments.order_by("seconds", "pk").values_list(
        "look__entry_id", "look__judge__name", "look__judge__email", "seconds", "text"
    ):
        notes.setdefault(entry, []).append((name or email, f"{clock_time(float(seconds))} {text}"))
    return notes


def answers_of(round: Round, entry_ids: list[int]) -> dict[int, dict[str, int]]:
    """How often each answer was given, by entry: pass, fail, unsure, nominated. One query; none where films are
    scored."""
    if round.gate not in (Round.Gate.PASS_FAIL, Round.Gate.PANEL):
        return {}
    rows = Look.objects.filter(round=round, entry_id__in=entry_ids, state=SCORED).order_by()
    counted = rows.values("entry_id").annotate(
        passed=Count("answer", filter=Q(answer="pass")),
        failed=Count("answer", filter=Q(answer="fail")),
        unsure=Count("answer", filter=Q(answer="unsure")),
        nominated=Count("nominated", filter=Q(nominated=True)),
    )
    return {row.pop("entry_id"): row for row in counted}


def earlier_standing(round: Round) -> Standing | None:
    """The frozen standing of the latest closed round before this one."""
    return (
        Standing.objects.filter(
            round__edition_id=round.edition_id,
            round__position__lt=round.position,
            round__state=Round.State.CLOSED,
            superseded_at__isnull=True,
        )
        .select_related("round")
        .defer("inputs")  # megabytes
        .order_by("-round__position")
        .first()
    )
