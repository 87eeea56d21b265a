"""The technicians' table of entries: filters, columns and what is kept of both."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.incoming import one_line, plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import desk_queries, table_actions, table_view
from submissions.desk_filters import Filters, read_filters
from submissions.lifecycle import State
from submissions.list_registry import FilmList, lists_of
from submissions.models import BulkStep, SavedFilter


@signed_in
@require_GET
def entries(request: HttpRequest, edition: str) -> HttpResponse:
    """Every submitted entry that the filters in the address show, in the columns that somebody chose."""
    place = get_edition(request.actor, edition, permissions.can_inspect)
    prefetch_related_objects([place], "tracks")  # read by filters, fields and rows alike
    lists = lists_for(request, place)
    filters = read_filters(request.GET, place, lists)
    counts = desk_queries.state_counts(place)
    fields = table_view.fields_of(place, filters, lists)
    columns, known = table_view.columns_shown(request.GET, request.actor, place)
    order = desk_queries.order_of(request.GET.get("sort", ""))
    said = f"-{order.name}" if order.falling else order.name
    rest = [] if order == desk_queries.USUAL_ORDER else [("sort", said)]
    in_address = [("column", column.name) for column in columns if "column" in request.GET]
    kept = [*filters.pairs, *rest, *in_address]
    at = clock.now()
    steps = place.bulk_steps.filter(undone_at__isnull=True, undo_until__gt=at).select_related("by")
    total = desk_queries.count_fitting(place, filters, counts)
    found = desk_queries.entries_page(place, filters, request.GET, columns, total)
    context = {
        "edition": place,
        "filters": filters,
        "fields": fields,
        "chips": table_view.chips_of(filters, fields, [*rest, *in_address]),
        "rest": [*rest, *in_address],
        "kept": kept,
        "kept_query": urlencode(kept),
        "saved": table_view.saved_for(request.actor, place),
        "columns": columns,
        "known": [(column, column in columns) for column in known],
        "shared_address": urlencode([*filters.pairs, *rest, *(("column", one.name) for one in columns)]),
        "csv": urlencode(
            [
                *filters.pairs,
                ("format", "csv"),
                *(("column", name) for name in (*table_view.IN_FILM, *(one.name for one in columns))),
            ]
        ),
        "order": order,
        "sorted_by": table_view.SORTED_BY,
        "rising": _sorted_addresses(request.GET, ""),
        "falling": _sorted_addresses(request.GET, "-"),
        "can_catalogue": permissions.can_organise(request.actor, place),
        "moves": BulkStep.Move.choices,
        "steps": list(steps[:3]),
        "tabs": [
            (state, State(state).label if state else _("All"), count) for state, count in counts.items()
        ],
        "total": counts[""],
        "late": desk_queries.late_count(place, at, counts.get(State.SUBMITTED, 0)),
        "page": found,
        "lines": table_view.lines_of(found, columns, place.time_zone),
    }
    return page(request, "desk/entries.html", context)


def _sorted_addresses(asked: QueryDict, sign: str) -> dict[str, str]:
    """By order the address of the table in it, from its first page."""
    found = {}
    for name in table_view.SORTED_BY.values():
        query = asked.copy()
        for mark in ("before", "after"):
            query.pop(mark, None)
        query["sort"] = f"{sign}{name}"
        found[name] = query.urlencode()
    return found


def lists_for(request: HttpRequest, place: Edition) -> list[FilmList]:
    """The jury's lists, for organisers alone: whom the jury took is not the technicians' business."""
    organises = permissions.can_organise(request.actor, place)
    return lists_of(place) if organises else []


def filters_of(request: HttpRequest, place: Edition) -> Filters:
    """The filters in the address. A query for the tracks, and what the lists take if one is asked for."""
    lists = lists_for(request, place) if request.GET.get("list") else []
    return read_filters(request.GET, place, lists)


@signed_in
@require_http_methods(["GET", "POST"])
def saved_filters(request: HttpRequest, edition: str) -> HttpResponse:
    """One's own saved filters and the team's; POST keeps those in the address under a name."""
    place = get_edition(request.actor, edition, permissions.can_inspect)
    lists = lists_for(request, place)
    if request.method == "POST":
        asked = QueryDict(plain_text(request.POST.get("query", ""))[:4000])
        filters = read_filters(asked, place, lists)
        order = desk_queries.order_of(asked.get("sort", ""))
        sort = [("sort", asked["sort"])] if order != desk_queries.USUAL_ORDER else []
        known = {column.name for column in table_view.columns_shown(asked, request.actor, place)[1]}
        columns = [("column", name) for name in asked.getlist("column") if name in known]
        pairs = [pair for pair in filters.pairs if pair[0] != "code"]
        saved = table_actions.save_filter(
            edition=place,
            name=one_line(request.POST.get("name", "")),
            query=urlencode([*pairs, *sort, *columns]) if pairs else "",
            shared=request.POST.get("shared") == "yes",
            by=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
        return redirect(f"{reverse('submissions:desk_entries', args=[edition])}?{saved.query}")
    fields = table_view.fields_of(place, Filters(), lists)
    rows = [
        (saved, table_view.described(saved, fields)) for saved in table_view.saved_for(request.actor, place)
    ]
    return page(request, "desk/saved_filters.html", {"edition": place, "rows": rows})


@signed_in
@require_POST
def saved_filter(request: HttpRequest, edition: str, pk: int, what: str) -> HttpResponse:
    """Rename and share one, or delete it."""
    place = get_edition(request.actor, edition, permissions.can_inspect)
    known = {row.pk: row for row in table_view.saved_for(request.actor, place)}
    if pk not in known or what not in ("change", "delete"):
        raise Http404
    saved: SavedFilter = known[pk]
    if what == "delete":
        table_actions.delete_filter(saved=saved, by=request.actor)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": saved.name})
    else:
        table_actions.change_filter(
            saved=saved,
            name=one_line(request.POST.get("name", "")),
            shared=request.POST.get("shared") == "yes",
            by=request.actor,
        )
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
    return redirect("submissions:desk_saved_filters", edition=edition)


@signed_in
@require_POST
def columns(request: HttpRequest, edition: str) -> HttpResponse:
    """Keep the chosen columns for oneself; the table comes back with the same filters."""
    place = get_edition(request.actor, edition, permissions.can_inspect)
    _shown, known = table_view.columns_shown(request.GET, request.actor, place)
    asked = request.POST.getlist("column") if request.POST.get("what") != "usual" else []
    chosen = [column.name for column in known if column.name in asked]
    table_actions.choose_columns(columns=chosen, by=request.actor, at=clock.now())
    query = request.GET.copy()
    for name in ("column", "before", "after"):
        query.pop(name, None)
    address = reverse("submissions:desk_entries", args=[edition])
    return redirect(f"{address}?{query.urlencode()}" if query else address)
