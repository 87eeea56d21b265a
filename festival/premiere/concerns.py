"""What a programmer should know of one screening before it is released: in words, none of it forbidden."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.kit.words import clock_time, say
from festival.premiere.fits import misfits
from festival.premiere.models import Guest, Item, Opening, Screening

MISFITS = {
    "format": gettext_lazy("the hall cannot play its format"),
    "frame_rate": gettext_lazy("the hall does not take its frame rate"),
    "aspect": gettext_lazy("it does not fill the screen"),
    "sound": gettext_lazy("the hall has fewer channels of sound"),
}


def concerns_of(screening: Screening, items: Sequence[Item]) -> list[str]:
    """Sentences, those about the whole first. Two queries and the guests' times, however many films."""
    found = []
    openings = list(screening.hall.openings.all())
    if openings and not _within(screening, openings):
        found.append(_("The hall is not open for the whole time of this screening."))
    for item in items:
        if item.film is None:
            continue
        if item.seconds != item.film.seconds:
            text = _("“%(title)s” now lasts %(new)s, and is planned with %(old)s.")
            old, new = clock_time(item.seconds), clock_time(item.film.seconds)
            found.append(text % {"title": item.film.heading, "new": new, "old": old})
        for misfit in misfits(item.film, screening.hall):
            text = _("“%(title)s”: %(what)s.")
            found.append(text % {"title": item.film.heading, "what": MISFITS[misfit]})
    if any(item.kind == Item.Kind.QA for item in items):
        found += [
            _("%(guest)s is needed at the Q&A and is not there then.") % {"guest": say(guest.name)}
            for guest in _needed(items)
            if guest.times.all() and not any(_covers(screening, row) for row in guest.times.all())
        ]
    return found


def _within(screening: Screening, openings: Sequence[Opening]) -> bool:
    return any(row.opens_at <= screening.starts_at and screening.ends_at <= row.closes_at for row in openings)


def _covers(screening: Screening, row: object) -> bool:
    return row.starts_at <= screening.starts_at and screening.ends_at <= row.ends_at


def _needed(items: Sequence[Item]) -> Sequence[Guest]:
    films = [item.film_id for item in items if item.film_id]
    rows = Guest.objects.filter(links__needed=True, links__film__in=films).distinct()
    return rows.prefetch_related("times").order_by("pk")
