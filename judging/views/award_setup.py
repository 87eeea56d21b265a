"""The desk's pages of what can be won: awards by tier, one award, the rules over them. Before there are laureates."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards.models import AwardRule, AwardSlot
from festival.edition import permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.frozen_actions import is_frozen
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import award_rules
from judging import award_setup_actions as actions
from judging import award_setup_page as shown
from judging.award_setup_forms import AwardForm, RuleForm


@signed_in
@require_GET
def setup(request: HttpRequest, edition: str) -> HttpResponse:
    """What can be won, by tier, with the rules over all of it."""
    place = _place(request, edition)
    slots = shown.slots_of(place)
    context = {
        "edition": place,
        "tiers": shown.tiers_of(place, slots),
        "all_places": sum(slot.places for slot in slots),
        "rules": shown.rules_of(place),
        "pool": award_rules.pool_text(place),
        "fixed": actions.why_fixed(place),
        "frozen": is_frozen(place, clock.now()),
    }
    return page(request, "desk/award_setup.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, edition: str) -> HttpResponse:
    """One more award."""
    place = _place(request, edition)
    return _award(request, place, None)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """One award, all that a blueprint says of it but for its prizes."""
    place, row = _slot(request, edition, slot)
    return _award(request, place, row)


@signed_in
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """What goes with the award; then it goes."""
    place, row = _slot(request, edition, slot)
    error = ""
    if request.method == "POST":
        try:
            actions.remove_award(slot=row, by=request.actor, at=clock.now(), reason=given_reason(request))
        except Refused as refusal:
            error = refusal.text
        else:
            messages.success(request, _("The award has been removed."))
            return redirect("judging:award_setup", edition)
    context = {
        "edition": place,
        "slot": row,
        "found": shown.removal_of(row, shown.slots_of(place), clock.now()),
        "fixed": actions.why_fixed(place),
        "error": error,
    }
    return page(request, "desk/award_remove.html", context, status=409 if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def add_rule(request: HttpRequest, edition: str, kind: str) -> HttpResponse:
    """One more rule over awards: a limit, a quota, a condition."""
    place = _place(request, edition)
    if kind not in AwardRule.Kind.values:
        raise Http404
    return _rule(request, place, kind, None)


@signed_in
@require_http_methods(["GET", "POST"])
def change_rule(request: HttpRequest, edition: str, rule: str) -> HttpResponse:
    """One rule over awards."""
    place, row = _rule_row(request, edition, rule)
    return _rule(request, place, row.kind, row)


@signed_in
@require_POST
def remove_rule(request: HttpRequest, edition: str, rule: str) -> HttpResponse:
    """The rule holds no longer."""
    _place, row = _rule_row(request, edition, rule)
    try:
        actions.remove_rule(rule=row, by=request.actor, at=clock.now(), reason=given_reason(request))
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The rule has been removed."))
    return redirect("judging:award_setup", edition)


def _place(request: HttpRequest, edition: str) -> Edition:
    """The edition with its tracks, which conditions name again and again."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    prefetch_related_objects([place], "tracks")
    return place


def _slot(request: HttpRequest, edition: str, slug: str) -> tuple[Edition, AwardSlot]:
    place = _place(request, edition)
    row = get_object_or_404(AwardSlot.objects.select_related("track"), edition=place, slug=slug, added=False)
    row.edition = place
    return place, row


def _rule_row(request: HttpRequest, edition: str, slug: str) -> tuple[Edition, AwardRule]:
    place = _place(request, edition)
    row = get_object_or_404(AwardRule, edition=place, slug=slug)
    row.edition = place
    return place, row


def _award(request: HttpRequest, place: Edition, slot: AwardSlot | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = AwardForm(data, edition=place, slots=shown.slots_of(place), slot=slot)

    def save() -> None:
        given = form.cleaned_data
        actions.save_award(
            edition=place, slug=slot.slug if slot else "", given=form.given, after=given["after"],
            follows=given.get("follows", False), by=request.actor, at=clock.now(), reason=given_reason(request),
        )  # fmt: skip

    return _answer(request, place, form, save, "desk/award_form.html", {"slot": slot})


def _rule(request: HttpRequest, place: Edition, kind: str, rule: AwardRule | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, edition=place, slots=shown.slots_of(place), kind=kind, rule=rule)

    def save() -> None:
        actions.save_rule(
            edition=place, slug=rule.slug if rule else "", given=form.given, by=request.actor, at=clock.now(),
            reason=given_reason(request),
        )  # fmt: skip

    return _answer(request, place, form, save, "desk/award_rule.html", {"rule": rule, "kind": kind})


def _answer(
    request: HttpRequest,
    place: Edition,
    form: AwardForm | RuleForm,
    save: Callable[[], None],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form, what is wrong with it, or back to the list once it is saved."""
    if form.is_bound and form.is_valid():
        try:
            save()
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("judging:award_setup", place.slug)
    context |= {"edition": place, "form": form, "fixed": actions.why_fixed(place)}
    return page(request, template, context, status=400 if form.errors else 200)
