"""What the desk's overview draws: the funnel, the days of arrival, the queue, the judges, what films are made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from festival.awards.models import Laureate
from festival.edition.models import Edition
from festival.kit import remembered
from festival.kit.names import country_text, language_text
from festival.kit.plots import Bar, bars
from festival.kit.words import say
from judging.models import Cut, CutRow, Look, Round
from submissions import desk_queries, statement_queries
from submissions.lifecycle import State
from submissions.models import Inspection

SHOWN = 8  # countries, languages, tools
RATE_OVER = timedelta(hours=1)


def funnel_of(edition: Edition, counts: dict[str, int], rounds: list[Round], *, links: bool) -> list[Bar]:
    """From entries begun to laureates; of rounds those that have films, with what goes on after their cuts.

    Two queries. `links`: whether the reader may open the table of entries.
    """
    table = reverse("submissions:desk_entries", args=[edition.slug])

    def to(**asked: str) -> str:
        return f"{table}?{urlencode(asked)}" if links else ""

    passing = dict(
        CutRow.objects.filter(
            ~Q(reason__in=CutRow.OUT),
            cut__in=Cut.objects.filter(round__edition=edition, set_aside_at__isnull=True),
        )
        .order_by()
        .values_list("cut__round_id")
        .annotate(Count("pk"))
    )
    begun = sum(counts.values())
    rows = [
        (_("Begun"), begun, ""),
        (_("Submitted"), begun - counts.get(State.DRAFT, 0), table if links else ""),
        (_("Admitted"), counts.get(State.ELIGIBLE, 0), to(state=State.ELIGIBLE.value)),
    ]
    for round in rounds:
        if round.film_count:
            rows.append((say(round.name), round.film_count, to(list=f"in-{round.slug}")))
        if round.pk in passing:
            label = _("Going on after “%(round)s”") % {"round": say(round.name)}
            rows.append((label, passing[round.pk], to(list=f"after-{round.slug}")))
    laureates = Laureate.objects.filter(slot__edition=edition).aggregate(n=Count("film", distinct=True))["n"]
    if laureates:
        rows.append(
            (_("Laureates"), laureates, reverse("judging:awards", args=[edition.slug]) if links else "")
        )
    return bars(rows, whole=begun)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast inspections are done: finished in the last hour, and when the last that waits will be; None unknown."""

    finished: int
    until: datetime | None


def pace_of(edition: Edition, waiting: int, at: datetime) -> Pace:
    """By how many were finished in the last hour. One query, and none where nothing waits."""
    if not waiting:
        return Pace(0, None)
    done = Inspection.objects.filter(
        version__entry__edition=edition, state=Inspection.State.DONE, finished_at__gt=at - RATE_OVER
    ).count()
    return Pace(done, at + RATE_OVER * (waiting / done) if done else None)


@dataclass(frozen=True, slots=True)
class JudgesLine:
    """The judges of an open round: how many have begun, and finished; how many of its looks are done."""

    round: Round
    judges: int
    idle: int
    finished: int
    done: int
    looks: int

    @property
    def share(self) -> float:
        return self.done / self.looks if self.looks else 0.0


def judges_of_open(edition: Edition, rounds: list[Round]) -> list[JudgesLine]:
    """A line for each open round; of many looks as it was at most a minute ago. One query."""
    open_ones = {round.pk: round for round in rounds if round.state == Round.State.OPEN}
    counted = remembered.figures(
        f"judges-{edition.pk}-{'-'.join(map(str, open_ones))}",
        lambda: _count_judges(list(open_ones)),
        lambda found: sum(line[4] for line in found),
    )
    return [JudgesLine(open_ones[pk], *figures) for pk, *figures in counted if pk in open_ones]


def _count_judges(rounds: list[int]) -> list[tuple[int, int, int, int, int, int]]:
    looks = Look.objects.filter(round__in=rounds).exclude(state=Look.State.RECUSED).order_by()
    rows = looks.values_list("round_id", "judge_id").annotate(
        done=Count("state", filter=Q(state=Look.State.SCORED)), every=Count("*")
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for round, _judge, done, every in rows:
        found.setdefault(round, []).append((done, every))
    return [
        (
            round,
            len(judges),
            sum(not done for done, _every in judges),
            sum(done == every for done, every in judges),
            sum(done for done, _every in judges),
            sum(every for _done, every in judges),
        )
        for round, judges in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """One of the small tables: what films come from, speak, or are made with. `more`: values that are not shown."""

    key: str
    title: str
    rows: list[Bar]
    more: int


def shares_of(edition: Edition, submitted: int, *, links: bool) -> list[Share]:
    """Countries, languages and tools of the submitted entries, most first. Three queries."""
    countries, languages = desk_queries.origin_counts(edition)
    tools = statement_queries.tool_counts(edition)
    table = reverse("submissions:desk_entries", args=[edition.slug])

    def rows(name: str, found: list[tuple[str, str, int]]) -> tuple[list[Bar], int]:
        shown = [
            (label or _("Others"), count, f"{table}?{urlencode({name: key})}" if links else "")
            for key, label, count in found[:SHOWN]
        ]
        return bars(shown, whole=submitted), max(len(found) - SHOWN, 0)

    given = (
        (
            "country",
            _("Countries and regions"),
            [(key, country_text(key), count) for key, count in countries.items()],
        ),
        (
            "language",
            _("Languages"),
            [(key, language_text(key), count) for key, count in languages.items()],
        ),
        ("tool", _("AI tools"), tools),
    )
    return [Share(name, title, *rows(name, found)) for name, title, found in given if found]
