"""The desk's ledger of a cohort: what teams were promised and given."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.clock import in_zone
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.sheets import MIME, csv_lines
from festival.kit.words import amount_text, say
from festival.people.door import signed_in
from submissions.cohorts import place_queries, support_actions, support_queries
from submissions.cohorts.door import get_cohort, get_place
from submissions.cohorts.forms import LineForm, TakeBackForm
from submissions.cohorts.models import Place, SupportLine
from submissions.correction_fields import listed
from submissions.links import disposition

FIELDS = {
    "kind": "kind",
    "amount": "amount",
    "currency": "unit",
    "no_reason": "note",
    "too_much": "amount",
    "milestone": "milestone",
}


@signed_in
@require_GET
def ledger(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """Every team with its sums, what all of them have together, and the tranches that wait to be paid."""
    found = get_cohort(request.actor, edition, cohort)
    by_place = support_queries.balances_by_place(found)
    places = place_queries.places_of(found).exclude(entry=None).exclude(answered_at=None)
    teams = [place for place in places if place.state != Place.State.DECLINED]
    context = {
        "edition": found.edition,
        "cohort": found,
        "figures": place_queries.figures_of(found.edition)[found.pk],
        "rows": [(place, by_place.get(place.pk, [])) for place in teams],
        "totals": support_queries.totals(by_place),
        "due": support_queries.tranches_due(found),
        "left": support_queries.left_open(Place.objects.filter(cohort=found)),
        "withheld": support_queries.withheld(found),
        "tab": "support",
    }
    return page(request, "desk/cohort_support.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def of_team(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """One team's lines; a POST adds one."""
    place = get_place(request.actor, edition, cohort, pk)
    if place.entry is None or place.answered_at is None:
        raise Http404
    milestones = list(place.cohort.milestones.all())
    at = clock.now()
    if request.method == "GET":
        form = LineForm(milestones, initial=_initial(request, place))
        return _page(request, place, form)
    form = LineForm(milestones, request.POST)
    if not form.is_valid():
        return _page(request, place, form, status=400)
    try:
        support_actions.add_line(place=place, by=request.actor, at=at, **form.cleaned_data)
    except Refused as error:
        if error.code not in FIELDS:
            raise
        form.add_error(FIELDS[error.code], error.text)
        return _page(request, place, form, status=error.status)
    messages.success(request, _("The line is in the ledger."))
    return redirect("cohorts:team_support", edition=edition, cohort=cohort, pk=pk)


def _initial(request: HttpRequest, place: Place) -> dict[str, object]:
    """Today's day; and the tranche that the address names, so that it only has to be confirmed."""
    today = in_zone(clock.now(), place.cohort.edition.time_zone).date()
    initial: dict[str, object] = {"on": today, "side": SupportLine.Side.GIVEN, "kind": SupportLine.Kind.CASH}
    asked = request.GET.get("milestone", "")
    for one in support_queries.tranches_due(place.cohort):
        if one.place.pk == place.pk and str(one.milestone.pk) == asked:
            initial |= {"milestone": asked, "amount": one.amount, "unit": one.unit}
    return initial


@signed_in
@require_POST
def take_back(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Take back what is still open of a team that has left."""
    place = get_place(request.actor, edition, cohort, pk)
    if place.entry is None or place.answered_at is None:
        raise Http404
    form = TakeBackForm(_due(place), request.POST)
    if not form.is_valid():
        lines = LineForm(list(place.cohort.milestones.all()), initial=_initial(request, place))
        return _page(request, place, lines, back=form, status=400)
    given = form.cleaned_data
    support_actions.take_back_open(
        place=place,
        note=given["note"],
        earned=given.get("earned", False),
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("What was open is taken back; the lines are in the ledger."))
    return redirect("cohorts:team_support", edition=edition, cohort=cohort, pk=pk)


def _due(place: Place) -> str:
    """The tranches that are due to the team, in words."""
    due = support_queries.tranches_due_to(place)
    return listed([f"{say(one.milestone.name)} {amount_text(one.amount)} {one.unit}" for one in due])


def _page(
    request: HttpRequest, place: Place, form: LineForm, *, back: TakeBackForm | None = None, status: int = 200
) -> HttpResponse:
    left = support_queries.left_open(Place.objects.filter(pk=place.pk))
    context = {
        "edition": place.cohort.edition,
        "cohort": place.cohort,
        "place": place,
        "entry": place.entry,
        "lines": support_queries.lines_of(place),
        "balances": support_queries.balances_of(place),
        "form": form,
        "left": left[0] if left else None,
        "taking": (back or TakeBackForm(_due(place))) if left else None,
    }
    return page(request, "desk/cohort_team_support.html", context, status=status)


@signed_in
@require_GET
def table(request: HttpRequest, edition: str, cohort: str) -> StreamingHttpResponse:
    """Every line of the ledger as CSV."""
    found = get_cohort(request.actor, edition, cohort)
    lines = csv_lines(support_queries.head(), support_queries.sheet(found), found.edition.time_zone)
    name = f"{found.edition.slug}-{found.slug}-support.csv"
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(lines, content_type=MIME["csv"], headers=headers)
