"""The desk's pages of the award list while it is made. Nothing of it is public before it is published."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards.models import AwardSlot
from festival.awards.objection_queries import notices_of
from festival.edition.door import Need, get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import award_actions as actions
from judging import award_permissions as permissions
from judging import award_queries as queries
from judging import award_steps as steps
from judging.award_forms import MentionForm, VerdictForm
from judging.models import AwardList

SHOWN = 50  # lines of the standing beside the list; the whole has a page of its own


@signed_in
@require_GET
def awards(request: HttpRequest, edition: str) -> HttpResponse:
    """The list as it stands, the standing beside it, and the next step."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    award_list = queries.list_of(found)
    standing = award_list.standing if award_list else queries.last_standing(found)
    ranking = queries.standing_rows(standing)[: SHOWN + 1] if standing else []
    notices = notices_of(found)
    context = {
        "edition": found,
        "award_list": award_list,
        "standing": standing,
        "rows": queries.rows_for_desk(award_list) if award_list else [],
        "ranking": ranking[:SHOWN],
        "more_ranked": len(ranking) > SHOWN,
        "telling": queries.telling(award_list) if award_list else None,
        "can_reopen": bool(award_list) and queries.can_reopen(award_list),
        "slots": AwardSlot.objects.filter(edition=found).exists(),
        "notice": next((one for one in notices if not one.taken_down_at), None),
        "taken_down": notices[0] if notices and notices[0].taken_down_at else None,
        "needs_notice": bool(award_list) and steps.needs_notice(award_list),
        "changed_since": queries.unpublished(award_list) if award_list else False,
        "steps": queries.steps_of(award_list) if award_list else [],
        "can_decide": permissions.can_decide(request.actor, found),
        "can_tell": permissions.can_tell(request.actor, found),
    }
    return page(request, "desk/awards.html", context)


@signed_in
@require_GET
def slot(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """One award: its places with the reasons, and the films that were passed over."""
    found, award_list = existing(request, edition, permissions.can_follow)
    row = get_object_or_404(AwardSlot.objects.select_related("track"), edition=found, slug=slot)
    context = {
        "edition": found,
        "award_list": award_list,
        "slot": row,
        "found": queries.slot_page(award_list, row),
        "can_decide": permissions.can_decide(request.actor, found),
    }
    return page(request, "desk/awards_slot.html", context)


@signed_in
@require_POST
def propose(request: HttpRequest, edition: str) -> HttpResponse:
    """Fill the slots. Where rules clash, the sentence that names them offers to leave places vacant."""
    found = get_edition(request.actor, edition, permissions.can_propose)
    vacancies = request.POST.get("vacancies") == "on"
    try:
        actions.propose(edition=found, vacancies=vacancies, by=request.actor, at=timezone.now())
    except Refused as refusal:
        if refusal.code != "clash":
            raise
        return page(
            request, "desk/awards_clash.html", {"edition": found, "text": refusal.text}, status=refusal.status
        )
    messages.success(request, _("The list is proposed. The chair looks at every place, then confirms."))
    return redirect("judging:awards", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, edition: str, slot: str, place: int) -> HttpResponse:
    """One place of the list: the film, the reason, the citation."""
    found, award_list = _open(request, edition)
    row = queries.verdicts_of(award_list).filter(slot__slug=slot, place=place, share=0).first()
    if row is None:
        raise Http404
    form = VerdictForm(request.POST or None, award_list=award_list, verdict=row)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.set_verdict(
                    verdict=row,
                    entry=form.entry,
                    reason=form.cleaned_data["reason"],
                    citation=form.cleaned_data["citation"],
                    by=request.actor,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error("reason" if refusal.status == 400 else None, refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("judging:awards", edition)
    return page(
        request, "desk/awards_place.html", {"edition": found, "verdict": row, "form": form}, status=status
    )


@signed_in
@require_POST
def release(request: HttpRequest, edition: str, slot: str, place: int) -> HttpResponse:
    """The chair gives a place back to the rules."""
    found, award_list = _open(request, edition)
    row = get_object_or_404(queries.verdicts_of(award_list), slot__slug=slot, place=place, share=0)
    actions.release(verdict=row, by=request.actor, at=timezone.now())
    messages.success(request, _("The rules fill this place again."))
    return redirect("judging:awards", found.slug)


@signed_in
@require_http_methods(["GET", "POST"])
def mention(request: HttpRequest, edition: str) -> HttpResponse:
    """A special mention that no slot foresaw."""
    found, award_list = _open(request, edition)
    form = MentionForm(request.POST or None, award_list=award_list)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.add_mention(
                    award_list=award_list,
                    name=form.cleaned_data["name"],
                    entry=form.entry,
                    reason=form.cleaned_data["reason"],
                    by=request.actor,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("The special mention is on the list."))
                return redirect("judging:awards", edition)
    return page(request, "desk/awards_mention.html", {"edition": found, "form": form}, status=status)


@signed_in
@require_POST
def confirm(request: HttpRequest, edition: str) -> HttpResponse:
    """The chair's word: this is the list."""
    found, award_list = existing(request, edition, permissions.can_decide)
    number = request.POST.get("version", "")
    actions.confirm(
        award_list=award_list,
        version=int(number) if number.isdecimal() and number.isascii() and len(number) < 6 else None,
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Confirmed. Next, an organiser tells the entrants; nobody else knows yet."))
    return redirect("judging:awards", found.slug)


@signed_in
@require_POST
def reopen(request: HttpRequest, edition: str) -> HttpResponse:
    """The chair takes the confirmation back."""
    found, award_list = existing(request, edition, permissions.can_decide)
    actions.reopen(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("The list is open again."))
    return redirect("judging:awards", found.slug)


def existing(request: HttpRequest, edition: str, need: Need) -> tuple[Edition, AwardList]:
    """The edition with its list, for whoever may do this; refused while there is no list."""
    found = get_edition(request.actor, edition, need)
    award_list = queries.list_of(found)
    if award_list is None:
        raise Refused(_("No awards have been proposed yet."), back=reverse("judging:awards", args=[edition]))
    return found, award_list


def _open(request: HttpRequest, edition: str) -> tuple[Edition, AwardList]:
    """For the chair, while the list is only proposed; afterwards a sentence says so, and leads to the list."""
    found, award_list = existing(request, edition, permissions.can_decide)
    if award_list.state != AwardList.State.PROPOSED:
        text = _("The award list is “%(state)s” now. Places are changed only while it is proposed.")
        raise Refused(
            text % {"state": award_list.get_state_display()}, back=reverse("judging:awards", args=[edition])
        )
    return found, award_list
