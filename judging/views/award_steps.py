"""The desk's pages of a confirmed award list: dates, letters, public notice, announcement, withdrawal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import award_permissions as permissions
from judging import award_queries as queries
from judging import award_steps as steps
from judging.award_forms import DatesForm, WithdrawForm
from judging.models import AwardList
from judging.views.awards import existing


@signed_in
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, edition: str) -> HttpResponse:
    """When the public notice stands, and the minute of the announcement."""
    found, award_list = existing(request, edition, permissions.can_tell)
    if award_list.state == AwardList.State.ANNOUNCED:
        raise Refused(
            _("The laureates have been announced: no date is left to set."),
            back=reverse("judging:awards", args=[edition]),
        )
    form = DatesForm(request.POST or None, award_list=award_list)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                steps.set_dates(
                    award_list=award_list, by=request.actor, at=timezone.now(), **form.cleaned_data
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("The dates are set. The clock takes these steps by itself."))
                return redirect("judging:awards", found.slug)
    return page(
        request,
        "desk/awards_dates.html",
        {"edition": found, "award_list": award_list, "form": form},
        status=status,
    )


@signed_in
@require_POST
def tell(request: HttpRequest, edition: str) -> HttpResponse:
    """Tell every entrant of the rounds, before the world learns it."""
    found, award_list = existing(request, edition, permissions.can_tell)
    told = steps.tell_entrants(award_list=award_list, by=request.actor, at=timezone.now())
    text = ngettext("%(count)d letter is on its way.", "%(count)d letters are on their way.", told)
    messages.success(request, text % {"count": told})
    return redirect("judging:awards", found.slug)


@signed_in
@require_POST
def notice(request: HttpRequest, edition: str) -> HttpResponse:
    """Begin the public notice now, until the moment that was set."""
    found, award_list = existing(request, edition, permissions.can_tell)
    steps.start_notice(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("The list is on public notice."))
    return redirect("judging:awards", found.slug)


@signed_in
@require_POST
def end_notice(request: HttpRequest, edition: str) -> HttpResponse:
    """The time for objections is over, and each is decided."""
    found, award_list = existing(request, edition, permissions.can_tell)
    steps.end_notice(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("The public notice is over."))
    return redirect("judging:awards", found.slug)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Take a film's awards away; the frozen order says who moves up."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    award_list = queries.list_of(found)
    held = award_list and queries.verdicts_of(award_list).filter(entry__code=code).first()
    if not held:
        raise Http404
    if award_list.state == AwardList.State.PROPOSED:
        raise Refused(
            _("The chair has not confirmed the list yet: change the place, or propose the list anew.")
        )
    form = WithdrawForm(request.POST or None, edition=found, film=code)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                steps.withdraw(
                    award_list=award_list,
                    entry=held.entry,
                    by=request.actor,
                    at=timezone.now(),
                    **form.cleaned_data,
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                messages.success(
                    request,
                    _("Withdrawn, and the places are filled again. Look whether everybody has been told."),
                )
                return redirect("judging:awards", found.slug)
    context = {"edition": found, "award_list": award_list, "entry": held.entry, "form": form}
    return page(request, "desk/awards_withdraw.html", context, status=status)


@signed_in
@require_POST
def announce(request: HttpRequest, edition: str) -> HttpResponse:
    """Show the world."""
    found, award_list = existing(request, edition, permissions.can_tell)
    steps.announce(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("The laureates are announced."))
    return redirect("awards:laureates", found.slug)
