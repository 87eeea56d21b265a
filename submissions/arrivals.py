"""How entries arrive over the days of the call, and what the edition before lets expect."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from festival.edition.models import Edition, Phase
from festival.kit import remembered
from submissions.desk_filters import submitted

LEAST = 30  # entries of an earlier edition from which a shape can be read
EARLY = 0.05  # of its entries: before that nothing can be said
MOST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Submitted entries by day in the edition's place, from the first day of the call to its last, or to today.

    `expected` are those of an earlier edition, stretched to this call and to `estimate`, the entries that are
    to be expected in all; empty without one. `like` is its name. `late` came in the last three days of the call.
    """

    days: list[tuple[date, int]]
    expected: list[float]
    estimate: int | None
    like: dict[str, str]
    ends: datetime | None
    late: int
    total: int

    @property
    def most(self) -> tuple[date, int]:
        return max(self.days, key=lambda row: row[1])


def arrivals_of(edition: Edition, call: Phase | None, at: datetime) -> Arrivals | None:
    """None before anything has arrived. Four queries at most; of many as it was at most a minute ago."""
    return remembered.figures(
        f"arrivals-{edition.pk}",
        lambda: _count(edition, call, at),
        lambda found: found.total if found else 0,
    )


def _count(edition: Edition, call: Phase | None, at: datetime) -> Arrivals | None:
    times = list(submitted(edition).order_by("submitted_at").values_list("submitted_at", flat=True))
    if not times:
        return None
    zone = ZoneInfo(edition.time_zone)
    counts = Counter(time.astimezone(zone).date() for time in times)
    begins = min(call.starts_at.astimezone(zone).date(), min(counts)) if call else min(counts)
    end = call.ends_at - timedelta(seconds=1) if call else at  # a call ends before its last moment
    last = max(end.astimezone(zone).date(), max(counts))
    first = max(begins, last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    like, shape = _earlier(edition) if call else (None, [])
    expected: list[float] = []
    estimate = None
    if call and shape and call.starts_at < at:
        through = (min(at, call.ends_at) - call.starts_at) / (call.ends_at - call.starts_at)
        share = _share(shape, through)
        if share >= EARLY:
            estimate = round(len(times) / share)
            edges = [
                (datetime.combine(day, datetime.min.time(), zone) - call.starts_at)
                / (call.ends_at - call.starts_at)
                for day in [*days, days[-1] + timedelta(days=1)]
            ]
            shares = [_share(shape, edge) for edge in edges]
            expected = [estimate * (shares[place + 1] - shares[place]) for place in range(len(days))]
    since = call.ends_at - timedelta(days=3) if call else at
    return Arrivals(
        days=[(day, counts[day]) for day in days],
        expected=expected,
        estimate=estimate if at < (call.ends_at if call else at) else None,
        like=like.name if like and expected else {},
        ends=call.ends_at if call else None,
        late=len(times) - bisect_right(times, since) if call else 0,
        total=len(times),
    )


def _earlier(edition: Edition) -> tuple[Edition | None, list[float]]:
    """The last edition whose call is over, and when in its call its entries came: 0 at its beginning, 1 at its end."""
    calls = Phase.objects.filter(kind=Phase.Kind.CALL).exclude(edition=edition).select_related("edition")
    mine = edition.phases.filter(kind=Phase.Kind.CALL).values_list("starts_at", flat=True).first()
    call = calls.filter(ends_at__lte=mine).order_by("-ends_at").first() if mine else None
    if call is None or call.ends_at <= call.starts_at:
        return None, []
    times = submitted(call.edition).order_by("submitted_at").values_list("submitted_at", flat=True)
    shape = [(time - call.starts_at) / (call.ends_at - call.starts_at) for time in times]
    return (call.edition, shape) if len(shape) >= LEAST else (None, [])


def _share(shape: list[float], through: float) -> float:
    return bisect_right(shape, through) / len(shape)
