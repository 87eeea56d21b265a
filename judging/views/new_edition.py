"""Making an edition in the browser: choose a blueprint, say what it is called, see what it means, make it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition.blueprint import FOLDER, Blueprint, BlueprintError, named, parse
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.edition.permissions import can_make_editions, can_organise
from festival.kit import clock
from festival.kit.arriving import takes_small_files, was_too_large
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from festival.people.roles import Role
from judging.blueprint_export import plan_of
from judging.forecast_words import chain, shape
from judging.plan_chart import forecast_of, funnel, timeline
from judging.plan_page import plan_context
from judging.setup import set_up
from judging.setup_forms import EXAMPLE, LONGEST, BlueprintForm, FiguresForm, SetupForm, too_large

KEYS = ("invited-premiere", "short-film", "festival-unit", "tool-makers", "open-call")  # the simplest first


@dataclass(frozen=True, slots=True)
class Source:
    """The blueprint that is worked on, and the fields that carry it from page to page."""

    plan: Blueprint
    fields: dict[str, str]


@takes_small_files(2 * LONGEST)
@signed_in
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The blueprints with their pictures, one's own editions, and a file of one's own."""
    _assert_may(request)
    sent = request.method == "POST"
    form = BlueprintForm(request.POST, request.FILES) if sent else BlueprintForm()
    faults: list[str] = []
    if was_too_large(request):
        raise Refused(too_large(), status=413, code="too_large")
    if sent and form.is_valid():
        try:
            source = _from_texts(form.cleaned_data["plan"], form.cleaned_data["rulebook"])
        except BlueprintError as error:
            faults = error.errors
        else:
            return _form_page(request, source)
    opens = timezone.localdate()
    own = Edition.objects.filter(pk__in=request.actor.editions(Role.ORGANISER))
    context = {
        "cards": [_card(key, _shown(key), opens) for key in _keys()],
        "own": own,
        "form": form,
        "faults": faults,
        "example": f"{EXAMPLE:,}",
    }
    return page(request, "desk/new_edition.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Name, address, days and figures; once they are sent, what they mean."""
    _assert_may(request)
    source = _source(request, request.POST if request.method == "POST" else request.GET)
    if request.method == "GET" or "look" not in request.POST:
        return _form_page(request, source)
    setup, figures = _forms(request, source)
    return _form_page(request, source, setup, figures, ready=setup.is_valid() and figures.is_valid())


@signed_in
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """The edition as it was shown, for whoever makes it."""
    _assert_may(request)
    source = _source(request, request.POST)
    setup, figures = _forms(request, source)
    if not (setup.is_valid() and figures.is_valid()):
        return _form_page(request, source, setup, figures)
    try:
        edition = set_up(plan=source.plan, by=request.actor, **setup.cleaned_data)
    except (BlueprintError, Refused) as error:
        setup.add_error(None, str(error))
        return _form_page(request, source, setup, figures)
    text = _("“%(name)s” is made. Only its team sees it until you show it to everybody.")
    messages.success(request, text % {"name": say(edition.name)})
    return redirect("judging:edition_setup", edition.slug)


def _assert_may(request: HttpRequest) -> None:
    if not can_make_editions(request.actor):
        raise PermissionDenied


def _keys() -> list[str]:
    """The blueprints that come along: those that are known in their order, others behind them."""
    found = sorted(path.stem for path in (FOLDER / "blueprints").glob("*.toml"))
    return sorted(found, key=lambda key: KEYS.index(key) if key in KEYS else len(KEYS))


@cache
def _shown(key: str) -> Blueprint:
    """A blueprint that comes along, read once by each process: to be looked at, never to make an edition of."""
    return named(key)


def _card(key: str, plan: Blueprint, opens: date) -> dict[str, Any]:
    figures = FiguresForm(plan=plan)
    found = forecast_of(plan, figures.expected)
    first = opens + timedelta(days=-opens.weekday() % 7)
    return {
        "key": key,
        "plan": plan,
        "shape": shape(plan),
        "chain": chain(plan),
        "chart": timeline(plan, first, first - timedelta(days=999)),
        "funnel": funnel(plan, found, figures.expected.entries) if plan.rounds else [],
    }


def _source(request: HttpRequest, given: Any) -> Source:
    """What the reader works on: a blueprint by name, an edition she organises, or the texts of her own."""
    if given.get("edition"):
        edition = get_edition(request.actor, given["edition"], can_organise)
        return Source(plan_of(edition), {"edition": edition.slug})
    try:
        if given.get("plan"):
            return _from_texts(given["plan"], given.get("rulebook", ""))
        if given.get("blueprint") in _keys():
            return Source(named(given["blueprint"]), {"blueprint": given["blueprint"]})
    except BlueprintError as error:
        raise Refused("\n".join(error.errors), status=400, code="blueprint") from error
    raise Http404


def _from_texts(text: str, rulebook: str) -> Source:
    text, rulebook = (one.replace("\r\n", "\n") for one in (text, rulebook))
    if max(len(text), len(rulebook)) > LONGEST:
        raise BlueprintError([too_large()])
    plan = parse(text, key="own", folder=None, rulebook=rulebook)
    return Source(plan, {"plan": text, "rulebook": rulebook})


def _forms(request: HttpRequest, source: Source) -> tuple[SetupForm, FiguresForm]:
    return SetupForm(request.POST, plan=source.plan), FiguresForm(request.POST, plan=source.plan)


def _form_page(
    request: HttpRequest,
    source: Source,
    setup: SetupForm | None = None,
    figures: FiguresForm | None = None,
    *,
    ready: bool = False,
) -> HttpResponse:
    """The form alone, or with what it means where everything in it is sound."""
    context: dict[str, Any] = {
        "source": source,
        "shape": shape(source.plan),
        "chain": chain(source.plan),
        "setup": setup or SetupForm(plan=source.plan),
        "figures": figures or FiguresForm(plan=source.plan),
        "ready": ready,
    }
    if ready and setup is not None and figures is not None:
        today = clock.in_zone(clock.now(), setup.cleaned_data["time_zone"]).date()
        opens = setup.cleaned_data["opens"]
        context |= plan_context(source.plan, figures.expected, opens=opens, today=today, made=False)
    failed = setup is not None and not ready
    return page(request, "desk/new_edition_plan.html", context, status=400 if failed else 200)
