"""Reads of the judge's console: own notes, own scale, own batches; and, for the chair, what was watched.

Like everything a judge reads, these are rows of named columns: of the judge's own looks, and without names of people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from festival.people.models import User
from judging.logic import coverage
from judging.models import JudgeProfile, Look, LookNote, Round, Score
from judging.queries import LIVE, QueueRow, out_of_competition
from submissions.models import Inspection

BATCH_SECONDS = 45 * 60  # of film in one sitting
BATCH_FILMS = 15
BREAK_SECONDS = 50 * 60  # after so much film without a pause, one is suggested
BREAK_FILMS = 12
OWN_MOST = 300  # films on the judge's own scale, the latest


@dataclass(frozen=True, slots=True)
class Batch:
    """Films for one sitting, in the order drawn."""

    rows: tuple[QueueRow, ...]

    @property
    def films(self) -> int:
        return len(self.rows)

    @property
    def seconds(self) -> int:
        return sum(row.seconds for row in self.rows)


def own_sitting(judge_id: int, edition_id: int) -> int | None:
    """Seconds of film that a judge watches at a stretch, as she has said herself; None where she has not."""
    said = JudgeProfile.objects.filter(user_id=judge_id, edition_id=edition_id)
    minutes = said.values_list("sitting_minutes", flat=True).first()
    return None if minutes is None else 60 * minutes


def batches_of(rows: Iterable[QueueRow], longest: int | None = None) -> list[Batch]:
    """What is still to be seen, cut into sittings of `longest` seconds: a film that would make one too long begins
    the next.
    """
    longest = longest or BATCH_SECONDS
    batches: list[list[QueueRow]] = []
    length = 0
    for row in rows:
        if row.state != Look.State.PENDING:
            continue
        full = batches and (length + row.seconds > longest or len(batches[-1]) >= BATCH_FILMS)
        if not batches or full:
            batches.append([])
            length = 0
        batches[-1].append(row)
        length += row.seconds
    return [Batch(tuple(batch)) for batch in batches]


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    number: int
    seconds: float
    text: str
    for_jury: bool

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "number": self.number,
            "seconds": self.seconds,
            "text": self.text,
            "jury": self.for_jury,
        }


def notes_of_look(look_id: int) -> list[Note]:
    """The judge's notes at moments of the film, in the film's order. One query."""
    rows = LookNote.objects.filter(look_id=look_id).exclude(text="").order_by("seconds", "pk")
    return [
        Note(str(client), number, float(seconds), text, jury)
        for client, number, seconds, text, jury in rows.values_list(
            "client_id", "number", "seconds", "text", "for_jury"
        )
    ]


@dataclass(frozen=True, slots=True)
class OwnScore:
    """A film that the judge has scored in every criterion. `total` is the weighted sum, on the round's scale."""

    look: int
    title: str
    total: Decimal
    still: str  # storage key; empty without one


def own_scores(judge_id: int, round: Round) -> list[OwnScore]:
    """The judge's own films of the round by total, lowest first; nothing of anybody else's. Four queries at most."""
    weights = dict(round.criteria.values_list("pk", "weight"))
    looks = Look.objects.filter(LIVE, judge_id=judge_id, round=round).exclude(state=Look.State.RECUSED)
    rows = list(looks.order_by("-saved_at", "-pk").values_list("pk", "entry_id", "entry__title")[:OWN_MOST])
    given: dict[int, dict[int, Decimal]] = {}
    scores = Score.objects.filter(look_id__in=[pk for pk, _entry, _title in rows])
    for look, criterion, value in scores.values_list("look_id", "criterion_id", "value"):
        given.setdefault(look, {})[criterion] = value
    whole = [row for row in rows if given.get(row[0], {}).keys() == weights.keys()]
    stills = _stills([entry for _pk, entry, _title in whole])
    found = [
        OwnScore(
            look=pk,
            title=title,
            total=sum((weights[key] * value for key, value in given[pk].items()), Decimal(0)) / 100,
            still=stills.get(entry, ""),
        )
        for pk, entry, title in whole
    ]
    return sorted(found, key=lambda row: (row.total, row.look))


def _stills(entry_ids: list[int]) -> dict[int, str]:
    """Storage key of the report's best still, by entry. One query."""
    rows = (
        Inspection.objects.filter(version__entry_id__in=entry_ids, state=Inspection.State.DONE)
        .exclude(folder="")
        .order_by("version__number", "pk")
        .values_list("version__entry_id", "folder", "report__stills")
    )
    keys = {}
    for entry, folder, stills in rows:
        best = next((still.get("file") for still in stills or [] if still.get("about") == "poster"), None)
        if best:
            keys[entry] = f"{folder}/{best}"
    return keys


@dataclass(frozen=True, slots=True)
class Column:
    """One whole step of the judge's scale with the films on it, lowest first."""

    low: int
    rows: tuple[OwnScore, ...]


def columns_of(rows: Iterable[OwnScore], round: Round, most: int = 10) -> list[Column]:
    """The scale cut into at most `most` columns; a film stands in the one its total falls into."""
    low, high = int(round.scale_min), int(round.scale_max)
    count = high - low + 1
    width = -(-count // most)
    places: dict[int, list[OwnScore]] = {start: [] for start in range(low, high + 1, width)}
    for row in rows:
        place = low + (int(row.total) - low) // width * width
        places[min(place, max(places))].append(row)
    return [Column(start, tuple(films)) for start, films in places.items()]


@dataclass(frozen=True, slots=True)
class Watched:
    """How one judge watched one film: for the chair, without any score."""

    code: str
    title: str
    judge: str
    state: str
    seconds: int
    watched: int
    declared: bool
    parts: tuple[tuple[float, float], ...]
    stopped: str
    stop_words: str

    @property
    def share(self) -> int:
        return coverage.share(self.watched, self.seconds)

    @property
    def bars(self) -> list[tuple[float, float]]:
        """Start and width of each part, in per mille of the film."""
        if not self.seconds:
            return []
        return [
            (round(1000 * start / self.seconds, 1), round(1000 * (end - start) / self.seconds, 1))
            for start, end in self.parts
        ]


def looks_by_state(round: Round, judge: User) -> dict[str, int]:
    """How many looks a judge has in a round at films in the competition, by their state. One query."""
    looks = Look.objects.filter(round=round, judge=judge)
    counted = looks.exclude(entry__in=out_of_competition(round.edition)).order_by().values("state")
    return dict(counted.annotate(count=Count("pk")).values_list("state", "count"))


def watching_of(round: Round) -> QuerySet[Look, int]:
    """Every look of the round that is not recused, finished ones first, film by film as they were entered. Numbers for
    `watched_rows`, page by page: an index alone has them in this order, however many there are.
    """
    seen = Look.objects.filter(round=round, state__in=(Look.State.SCORED, Look.State.PENDING))
    seen = seen.exclude(entry__in=out_of_competition(round.edition))
    return seen.order_by("-state", "entry_id", "pk").values_list("pk", flat=True)


def watched_rows(numbers: Iterable[int]) -> list[Watched]:
    """The looks of these numbers, in their order. One query."""
    order = list(numbers)
    found = {
        row["pk"]: row
        for row in Look.objects.filter(pk__in=order).values(
            "pk",
            "state",
            "seconds",
            "watched_seconds",
            "watched_declared",
            "played",
            "stopped",
            "stop_words",
            "entry__code",
            "entry__title",
            "judge__name",
            "judge__email",
        )
    }
    return [
        Watched(
            code=row["entry__code"],
            title=row["entry__title"],
            judge=row["judge__name"] or row["judge__email"],
            state=row["state"],
            seconds=row["seconds"],
            watched=row["watched_seconds"],
            declared=row["watched_declared"],
            parts=tuple((start, end) for start, end in row["played"]),
            stopped=str(Look.Stop(row["stopped"]).label) if row["stopped"] else "",
            stop_words=row["stop_words"],
        )
        for row in map(found.__getitem__, order)
    ]
