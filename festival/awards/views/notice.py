"""The public notice of the award list, and the page of an objection for the person who made it."""

from itertools import groupby

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from festival.awards import objection_actions as actions
from festival.awards.models import AwardSlot, Objection, PublicNotice
from festival.awards.objection_forms import ObjectionForm
from festival.edition.door import get_edition
from festival.kit.arriving import takes_small_files, was_too_large
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in


@require_GET
def notice(request: HttpRequest, edition: str) -> HttpResponse:
    """The list as it stands on public notice, its dates, and what has changed since, with the reasons."""
    found = get_edition(request.actor, edition)
    posted = PublicNotice.objects.filter(edition=found).first()
    order = {tier: n for n, tier in enumerate(AwardSlot.Tier.values)}
    labels = dict(AwardSlot.Tier.choices)
    rows = sorted(posted.rows, key=lambda row: order.get(row["tier"], 99)) if posted else []
    context = {
        "edition": found,
        "notice": posted,
        "is_open": posted is not None and posted.closed_at is None and timezone.now() < posted.ends_at,
        "tiers": [
            (labels.get(tier, tier), list(group))
            for tier, group in groupby(rows, key=lambda row: row["tier"])
        ],
        "mine": Objection.objects.filter(notice=posted, user=request.actor.user)
        if posted and request.actor.known
        else [],
    }
    return page(request, "public/notice.html", context)


@signed_in
@takes_small_files(actions.FILES * actions.FILE_BYTES)
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, edition: str) -> HttpResponse:
    """The form. After the last moment the page says that it is over."""
    found = get_edition(request.actor, edition)
    posted = PublicNotice.objects.filter(edition=found).first()
    if posted is None:
        raise Http404
    form = ObjectionForm(
        request.POST or None,
        request.FILES or None,
        notice=posted,
        initial={"film": request.GET.get("film", "")},
    )
    status = 200
    if request.method == "POST":
        status = 400
        if was_too_large(request):
            form.add_error("files", _("The files are too large together. Send fewer, or smaller ones."))
            status = 413
        elif form.is_valid():
            try:
                objection = actions.object_to(
                    notice=posted,
                    by=request.actor,
                    at=timezone.now(),
                    network=actions.network_of(get_adapter().get_client_ip(request)),
                    **form.cleaned_data,
                )
            except Refused as refusal:
                form.add_error("files" if refusal.code in ("files", "size", "kind") else None, refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("Your objection has arrived."))
                return redirect("awards:objection_own", found.slug, objection.code)
    is_open = posted.closed_at is None and timezone.now() < posted.ends_at
    context = {"edition": found, "notice": posted, "form": form, "is_open": is_open}
    return page(request, "public/object.html", context, status=status)


@signed_in
@require_GET
def own(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """How far one’s own objection has come."""
    found = get_edition(request.actor, edition)
    rows = Objection.objects.filter(notice__edition=found, user=request.actor.user, code=code)
    objection = rows.prefetch_related("evidence").first()
    if objection is None:
        raise Http404
    return page(request, "public/objection.html", {"edition": found, "objection": objection})
