"""The desk's pages of ties and of further looks: the tie rule applied, a closed round reopened, looks given."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import (
    cut_queries,
    further_actions,
    further_queries,
    permissions,
    tie_actions,
    tie_queries,
)
from judging.door import get_round
from judging.given import say_what_was_given
from judging.models import CutRow, Round
from submissions.models import Entry

MOST_NAMED = 100  # films named by code at once


@signed_in
@require_POST
def apply(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Decide between the films tied at the line, by the round's rule."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    cut = cut_queries.current_cut(found)
    if cut is None:
        raise Refused(_("There is no cut yet. Make it first."))
    kept = tie_actions.apply_tie_rule(
        cut=cut, by=request.actor, at=clock.now(), why=plain_text(request.POST.get("why"))
    )
    on = CutRow.objects.filter(cut=kept.cut, reason=CutRow.Reason.TIE_WON).count()
    text = ngettext(
        "The tie rule is applied: %(count)d of the tied films goes on.",
        "The tie rule is applied: %(count)d of the tied films go on.",
        on,
    )
    messages.success(request, text % {"count": on})
    return redirect("judging:round_cut", found.edition.slug, found.slug)


@signed_in
@require_http_methods(["GET", "POST"])
def further(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """One more look each for films near the line of a closed round, or for those tied at it: what it means, then it.

    `films=tied`, or `cut` and `more` as on the page of the line.
    """
    found = get_round(request.actor, edition, round, permissions.can_chair)
    if found.state != Round.State.CLOSED:
        if request.method == "POST":
            raise Refused(_("This round is not closed. Reload the page."))
        return redirect("judging:round", found.edition.slug, found.slug)
    given = request.POST if request.method == "POST" else request.GET
    chosen = {name: plain_text(given.get(name))[:12] for name in ("films", "cut", "more")}
    entries = _chosen(found, chosen)
    error = None
    if request.method == "POST":
        try:
            kept = further_actions.reopen_for_looks(
                round=found,
                entries=entries,
                reason=plain_text(request.POST.get("reason")),
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            error = refused
        else:
            say_what_was_given(request, kept)
            return redirect("judging:round", found.edition.slug, found.slug)
    standing = found.standing
    ids = [entry.pk for entry in entries]
    free = further_queries.free_judges(found, ids)
    rows = {row.entry_id: row for row in standing.rows.filter(entry_id__in=ids)}
    bar = further_queries.bar_of(found)
    context = {
        "edition": found.edition,
        "round": found,
        "standing": standing,
        "chosen": chosen,
        "films": [(entry, rows.get(entry.pk), free[entry.pk]) for entry in entries],
        "served": sum(1 for count in free.values() if count),
        "bar": further_actions.BARS[bar] if bar else "",
        "error": error,
    }
    return page(request, "desk/round_further.html", context, status=error.status if error else 200)


def _chosen(round: Round, chosen: dict[str, str]) -> list[Entry]:
    if chosen["films"] == "tied":
        cut = cut_queries.current_cut(round)
        tie = tie_queries.tie_of(round, cut) if cut else None
        ids = tie.open_films if tie else ()
        return list(Entry.objects.filter(pk__in=ids).select_related("track").order_by("code"))
    standing = round.standing
    films = standing.rows.filter(value__isnull=False).count()
    cut_at, more = whole_number(chosen["cut"]), whole_number(chosen["more"])
    if not films or not 0 < cut_at <= films or more < 1:
        return []
    return further_queries.nearest(standing, cut=cut_at, more=more)


@signed_in
@require_POST
def give(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """In an open round: one more look for the films named by code, or for all that the scores leave undecided."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    now = clock.now()
    if request.POST.get("films") == "undecided":
        kept = further_actions.give_undecided(round=found, by=request.actor, at=now)
    else:
        codes = plain_text(request.POST.get("codes")).upper().replace(",", " ").split()[:MOST_NAMED]
        entries = list(Entry.objects.filter(rounds=found, code__in=codes).order_by("code"))
        missing = sorted(set(codes) - {entry.code for entry in entries})
        if missing:
            raise Refused(
                _("There is no film with the code “%(code)s” in this round.") % {"code": missing[0][:20]},
                status=400,
            )
        kept = further_actions.give_looks(round=found, entries=entries, by=request.actor, at=now)
    say_what_was_given(request, kept)
    return redirect("judging:round", found.edition.slug, found.slug)
