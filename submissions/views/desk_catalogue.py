"""Everything that the filters show into the catalogue: what it would do, how far it is, what came of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.kit import clock, remembered
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import catalogue_run as orders
from submissions.catalogue_undo import take_out, untouched
from submissions.desk_filters import filtered
from submissions.models import CatalogueRun, Entry
from submissions.views.desk_table import filters_of

NAMED = 20  # of those that cannot be put in, by reason, before it begins
LISTED = 500  # afterwards
WHY: dict[str, str | Promise] = {
    "not_admitted": _("not admitted to the competition, or withdrawn"),
    "no_length": _("no inspection has been finished, so that the running time is not known"),
    "no_film": _("a project, which has no film yet"),
    "not_allowed": _("who ordered this is no longer an organiser"),
    "fault": _("a fault of the site, which the log of the worker names; do it again"),
}


@signed_in
@require_http_methods(["GET", "POST"])
def catalogue_many(request: HttpRequest, edition: str) -> HttpResponse:
    """What it would do to the entries that the filters in the address show, then the order.

    What it would do to a thousand entries or more is remembered for a minute, or until an order is over or undone; the
    order counts anew.
    """
    place = get_edition(request.actor, edition, permissions.can_organise)
    filters = filters_of(request, place)
    rows = filtered(place, filters)
    if request.method == "POST":
        run = orders.begin(
            edition=place,
            entries=rows,
            query=filters.query,
            renew=request.POST.get("renew") == "yes",
            by=request.actor,
            at=clock.now(),
        )
        return redirect("submissions:desk_catalogue_run", edition=edition, pk=run.pk)
    runs = list(place.catalogue_runs.select_related("by").defer("entries")[:5])
    last = [(run.pk, run.state, run.taken_out_at) for run in runs[:1]]
    plan = remembered.figures(
        remembered.name("catalogue", place.pk, filters.query, last),
        lambda: orders.plan_for(rows, place),
        rows=lambda found: sum(map(len, (found.fresh, found.there, *found.refused.values()))),
    )
    named = [pk for ids in plan.refused.values() for pk in ids[:NAMED]]
    titles = {row["pk"]: row for row in Entry.objects.filter(pk__in=named).values("pk", "code", "title")}
    context = {
        "edition": place,
        "plan": plan,
        "query": filters.query,
        "narrowed": filters.any,
        "back": reverse("submissions:desk_entries", args=[edition]) + filters.query,
        "refused": [
            (WHY[why], len(ids), [titles[pk] for pk in ids[:NAMED]], len(ids) - NAMED)
            for why, ids in plan.refused.items()
        ],
        "runs": runs,
    }
    return page(request, "desk/catalogue_many.html", context)


@signed_in
@require_GET
def catalogue_run(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """How far it is; then how many are new, were changed, are as they were, and who could not be put in, and why."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    run = CatalogueRun.objects.filter(pk=pk, edition=place).select_related("by").defer("entries").first()
    if run is None:
        raise Http404
    codes = [code for code, _why in run.refused[:LISTED]]
    titles = dict(Entry.objects.filter(edition=place, code__in=codes).values_list("code", "title"))
    over = run.state == CatalogueRun.State.DONE and run.taken_out_at is None
    context = {
        "edition": place,
        "run": run,
        "untouched": len(untouched(run)) if over and run.new else 0,
        "refused": [(code, titles.get(code, code), WHY[why]) for code, why in run.refused[:LISTED]],
        "unlisted": max(len(run.refused) - LISTED, 0),
        "again": reverse("submissions:desk_catalogue_many", args=[edition]) + run.query,
    }
    return page(request, "desk/catalogue_run.html", context, part="run")


@signed_in
@require_POST
def catalogue_undo(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take out again what the order put in and nobody has touched since."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    run = CatalogueRun.objects.filter(pk=pk, edition=place).select_related("edition").defer("entries").first()
    if run is None:
        raise Http404
    take_out(run=run, by=request.actor, at=clock.now())
    return redirect("submissions:desk_catalogue_run", edition=edition, pk=pk)
