"""What is known of a running edition that a plan can only expect: entries, judges, what rounds took and let through."""

from django.db.models import Avg, Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from festival.edition.models import Edition, Membership, Track
from festival.kit import remembered
from festival.people.roles import Role
from judging import queries
from judging.logic.forecast import Expected
from judging.models import CutRow, Panel, Round
from submissions.lifecycle import State
from submissions.models import Entry, Inspection

ENTERED = (State.SUBMITTED, State.FIXING, State.ELIGIBLE)


def known_of(edition: Edition, jury: int | None = None) -> Expected:
    """Entries that were submitted and are in it still, the mean length of their films, members of the jury, films of
    rounds that have opened, and cuts in force. Five queries. `jury`: how many its members are, where they were counted
    already; of a thousand entries or more as they were at most a minute ago."""
    kinds = remembered.figures(
        f"entered-{edition.pk}",
        lambda: _entered(edition),
        rows=lambda found: sum(count for count, _length in found.values()),
    )
    films, length = kinds.get(Track.Enters.FILM, (0, 0))
    members = Membership.objects.filter(edition=edition, role=Role.JUDGE, user__is_active=True)
    still = Q(user_id__in=members.order_by().values("user_id"))
    named = Round.jury.through.objects.filter(round_id=OuterRef("pk")).order_by().values("round_id")
    link = Round.films.through.objects.filter(round_id=OuterRef("pk")).order_by().values("round_id")
    seats = Panel.judges.through.objects.filter(panel__round_id=OuterRef("pk"))
    seats = seats.order_by().values("panel__round_id")
    rounds = edition.rounds.annotate(
        taken=Coalesce(Subquery(link.annotate(n=Count("*")).values("n")), 0),
        on_panels=Coalesce(Subquery(seats.annotate(n=Count("user_id", distinct=True)).values("n")), 0),
        named=Coalesce(Subquery(named.annotate(n=Count("user_id")).values("n")), 0),
        named_still=Coalesce(Subquery(named.annotate(n=Count("user_id", filter=still)).values("n")), 0),
    )
    jury = len(queries.judges_of(edition)) if jury is None else jury
    intakes, judges = {}, {}
    for row in rounds:
        judges[row.slug] = _judges_of(row, jury)
        if row.state != Round.State.PLANNED and row.gate != Round.Gate.BALLOT:
            intakes[row.slug] = row.taken
    going = CutRow.objects.filter(cut__round__edition=edition, cut__set_aside_at__isnull=True)
    going = going.exclude(reason__in=CutRow.OUT).order_by()
    goes_on = dict(going.values_list("cut__round__slug").annotate(Count("pk")))
    return Expected(
        films=films,
        film_seconds=round(length),
        projects=kinds.get(Track.Enters.PROJECT, (0, 0))[0],
        judges=judges,
        goes_on=goes_on,
        intakes=intakes,
    )


def _entered(edition: Edition) -> dict[str, tuple[int, float]]:
    """By kind how many entries are in it, and the mean length of their films. One query.

    Of every version that was inspected: a mended film is about as long as before, and one join is quick. Not of
    projects: a team's first cuts say little of its film.
    """
    measured = Q(versions__inspections__state=Inspection.State.DONE, versions__inspections__copy_key__gt="")
    entered = Entry.objects.filter(edition=edition, state__in=ENTERED).order_by().values_list("track__enters")
    counted = entered.annotate(
        count=Count("pk", distinct=True), length=Avg("versions__inspections__length", filter=measured)
    )
    return {kind: (count, float(length or 0)) for kind, count, length in counted}


def _judges_of(row: Round, jury: int) -> int:
    """Who sits on its panels; who is named for it and in the jury still; or everybody."""
    if row.gate == Round.Gate.PANEL:
        return int(row.on_panels)  # type: ignore[attr-defined]
    return int(row.named_still) if row.named else jury  # type: ignore[attr-defined]
