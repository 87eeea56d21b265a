"""The films of rounds and of their cuts, as lists for the desk's table of entries."""

from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.words import say
from judging.models import Cut, CutRow, Round
from submissions.list_registry import FilmList


def film_lists(edition: Edition) -> list[FilmList]:
    """For each round the films that it has, and once a cut is in force those that go on. Three queries."""
    films = Round.films.through.objects.filter(round__edition=edition).order_by()
    filled = set(films.values_list("round_id", flat=True).distinct())
    cuts = dict(
        Cut.objects.filter(round__edition=edition, set_aside_at__isnull=True).values_list("round_id", "pk")
    )
    found = []
    for round in edition.rounds.order_by("position", "pk"):
        name = say(round.name)
        if round.pk in filled:
            label = _("In “%(round)s”") % {"round": name}
            found.append(FilmList(f"in-{round.slug}", label, partial(_in, round.pk)))
        if round.pk in cuts:
            label = _("Going on after “%(round)s”") % {"round": name}
            found.append(FilmList(f"after-{round.slug}", label, partial(_after, cuts[round.pk])))
    return found


def _in(round: int) -> QuerySet:
    return Round.films.through.objects.filter(round_id=round).order_by().values("entry_id")


def _after(cut: int) -> QuerySet:
    rows = CutRow.objects.filter(~Q(reason__in=CutRow.OUT), cut_id=cut)
    return rows.order_by().values("entry_id")
