"""A rehearsal from beginning to end, and what is left of it taken away again."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.queue import silence
from festival.people.models import User
from festival.post.models import Notice
from judging.rehearsal import calendar, filmed
from judging.rehearsal.contest import PREFIX, Contest, Size, calls, make, slug_of, whose
from judging.rehearsal.film_rows import FOLDER
from judging.rehearsal.filmed import Filmed
from judging.rehearsal.load import Weight
from judging.rehearsal.report import Film, Prices, Row, report
from judging.rehearsal.team_files import AS_SENT
from judging.rehearsal.team_truth import HABITS, TeamHabits
from judging.rehearsal.truth import Habits
from judging.rehearsal.weights import measured, weight_here
from submissions.models import Asset, Inspection


@dataclass(frozen=True)
class Wishes:
    """How a contest is to be rehearsed. `weight` None: as this site has measured, else as the benchmarks have."""

    size: Size
    seed: int
    opens: date
    habits: Habits | None = None
    team_habits: TeamHabits = HABITS
    prices: Prices = field(default_factory=Prices)
    weight: Weight | None = None
    workers: int = 2
    asks: int = 5  # times that each page is asked
    slug: str = ""  # of the copy; without one it is that of the blueprint and the seed
    films: Filmed | None = None


def rehearse(plan: Blueprint, wishes: Wishes, *, say: calendar.Say = lambda *_: None) -> Row:
    """Make the contest, go through its calendar, and give the report. The edition stays until it is removed.

    Nothing of it is put on the queue: no worker hears of it, and no letter is sent.
    """
    films = wishes.films
    with silence():
        made = make(
            plan,
            slug=wishes.slug or slug_of(plan, wishes.seed),
            size=wishes.size,
            seed=wishes.seed,
            opens=wishes.opens,
            reports=filmed.usable(films.reports) if films else (),
            habits=wishes.habits,
        )
        made.asks, made.team_habits = wishes.asks, wishes.team_habits
        stages = calendar.run(made, say=say)
        Notice.objects.filter(edition=made.edition).update(state=Notice.State.MUTED)
    days = {
        round.slug: (round.closed_at - round.opened_at).total_seconds() / 86_400
        for round in made.edition.rounds.all()
        if round.opened_at and round.closed_at
    }
    return report(
        facts={
            "blueprint": plan.key,
            "edition": made.edition.slug,
            "entries": made.edition.entries.count(),  # by invitation alone fewer than were asked for
            "judges": wishes.size.judges,
            "seed": wishes.seed,
            "opens": wishes.opens.isoformat(),
        },
        quality=made.jury.quality,
        admitted=calendar.admitted(made),
        films=_films(made),
        cuts=_cuts(made),
        pages_quality=made.jury.pages,
        stages=[
            {"kind": one.kind, "slug": one.slug, "seconds": one.seconds, "cpu": one.cpu, "row": one.row}
            for one in stages
        ],
        round_days=days,
        pages=made.pages,
        not_rehearsed=calendar.not_rehearsed(plan),
        filmed=films.row if films else None,
        workers=wishes.workers,
        prices=wishes.prices,
        weight=wishes.weight or _weight(films),
        seed=wishes.seed,
    )


def _weight(films: Filmed | None) -> Weight:
    if films and films.weighs:
        return measured(films.reports, source="films")
    return weight_here()


def _films(made: Contest) -> list[Film]:
    """Every entry that was sent in, the mended ones again; a project as one of no length."""
    opens = calls(made.edition)[0]
    reports = Inspection.objects.filter(
        version__entry__edition=made.edition,
        version__entry__track__enters=Track.Enters.FILM,
        version__number__in=(1, AS_SENT),
    )
    lengths = dict(reports.values_list("version__entry", "length"))
    sent = [(one.entry, at) for one in made.arrivals for at in (one.at, one.mended_at) if at and at >= opens]
    return [Film((at - opens).total_seconds(), float(lengths.get(entry) or 0)) for entry, at in sent]


def _cuts(made: Contest) -> list[Film]:
    """The films and cuts that teams delivered for their milestones."""
    opens = calls(made.edition)[0]
    return [Film((at - opens).total_seconds(), seconds) for at, seconds in made.cuts]


@transaction.atomic
def remove(slug: str) -> int:
    """Delete a rehearsal with everything that belongs to it; gives how many rows. The accounts of its team
    and its judges stay for the next one: lots are drawn by their numbers.

    Refused for an edition that is no rehearsal.
    """
    edition = Edition.objects.filter(slug=slug).first() if slug.startswith(PREFIX) else None
    if edition is None:
        raise Refused(_("There is no rehearsal “%(slug)s”.") % {"slug": slug}, status=404)
    gone = 0
    # Constraints are checked when the transaction ends: rows may point at rows that are gone already.
    for model, ways in reversed(_ways()):
        rows = model._base_manager.filter(reduce(or_, (Q(**{way: edition.pk}) for way in ways)))
        gone += model._base_manager.filter(pk__in=rows.values("pk"))._raw_delete("default")
    gone += User.objects.filter(email__endswith=f"@{whose(slug)}")._raw_delete("default")
    gone += Asset.objects.filter(key__startswith=f"{FOLDER}{slug}/")._raw_delete("default")
    return gone + Edition.objects.filter(pk=edition.pk)._raw_delete("default")


def _ways() -> list[tuple[type[models.Model], list[str]]]:
    """Every table that hangs on an edition, nearest first, with the ways from it to the edition: one over columns that
    are never empty, or where there is none all over those that may be.
    """
    found: dict[type[models.Model], list[str]] = {Edition: [""]}
    everything = apps.get_models(include_auto_created=True)
    for may_be_empty in (False, True):
        queue = deque[type[models.Model]](found)
        while queue:
            queue.popleft()
            for model in everything:
                if model in found:
                    continue
                ways = [
                    "__".join(filter(None, (column.name, way)))
                    for column in model._meta.concrete_fields
                    if column.remote_field and (may_be_empty or not column.null)
                    for way in found.get(column.remote_field.model, ())
                ]
                if ways:
                    found[model] = ways if may_be_empty else [min(ways, key=lambda way: way.count("__"))]
                    queue.append(model)
    return [(model, ways) for model, ways in found.items() if model is not Edition]
