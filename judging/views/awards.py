"""The desk's page of the awards: proposed, confirmed, told, announced. Nothing of it is public before the last step."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards.queries import slots_of
from festival.edition.door import Need, get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import award_actions as actions
from judging import award_permissions as permissions
from judging import award_queries as queries
from judging.award_forms import VerdictForm
from judging.models import AwardList


@signed_in
@require_GET
def awards(request: HttpRequest, edition: str) -> HttpResponse:
    """The list as it stands, the standing beside it, and the next step."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    award_list = queries.list_of(found)
    standing = award_list.standing if award_list else queries.last_standing(found)
    context = {
        "edition": found,
        "award_list": award_list,
        "standing": standing,
        "rows": queries.rows_for_desk(award_list) if award_list else [],
        "ranking": queries.standing_rows(standing) if standing else [],
        "telling": queries.telling(award_list) if award_list else None,
        "slots": slots_of(found),
        "can_decide": permissions.can_decide(request.actor, found),
        "can_tell": permissions.can_tell(request.actor, found),
    }
    return page(request, "desk/awards.html", context)


@signed_in
@require_POST
def propose(request: HttpRequest, edition: str) -> HttpResponse:
    """Fill the slots from the last round's standing."""
    found = get_edition(request.actor, edition, permissions.can_propose)
    standing = queries.last_standing(found)
    if standing is None:
        raise Refused(_("The last round is not closed yet. Awards are proposed from its frozen standing."))
    actions.propose(standing=standing, by=request.actor, at=timezone.now())
    messages.success(request, _("The list is proposed. The chair looks at every place, then confirms."))
    return redirect("judging:awards", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, edition: str, slot: str, place: int) -> HttpResponse:
    """One place of the list: the film, the reason, the citation."""
    found = get_edition(request.actor, edition, permissions.can_decide)
    award_list = queries.list_of(found)
    if award_list is None or award_list.state != AwardList.State.PROPOSED:
        raise Http404
    row = queries.verdicts_of(award_list).filter(slot__slug=slot, place=place).first()
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
def confirm(request: HttpRequest, edition: str) -> HttpResponse:
    """The chair's word: this is the list."""
    found, award_list = _existing(request, edition, permissions.can_decide)
    actions.confirm(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("Confirmed. Next, an organiser tells the entrants; nobody else knows yet."))
    return redirect("judging:awards", found.slug)


@signed_in
@require_POST
def reopen(request: HttpRequest, edition: str) -> HttpResponse:
    """The chair takes the confirmation back."""
    found, award_list = _existing(request, edition, permissions.can_decide)
    actions.reopen(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("The list is open again."))
    return redirect("judging:awards", found.slug)


@signed_in
@require_POST
def tell(request: HttpRequest, edition: str) -> HttpResponse:
    """Tell every entrant of the round, before the world learns it."""
    found, award_list = _existing(request, edition, permissions.can_tell)
    told = actions.tell_entrants(award_list=award_list, by=request.actor, at=timezone.now())
    text = ngettext("%(count)d letter is on its way.", "%(count)d letters are on their way.", told)
    messages.success(request, text % {"count": told})
    return redirect("judging:awards", found.slug)


@signed_in
@require_POST
def announce(request: HttpRequest, edition: str) -> HttpResponse:
    """Show the world."""
    found, award_list = _existing(request, edition, permissions.can_tell)
    actions.announce(award_list=award_list, by=request.actor, at=timezone.now())
    messages.success(request, _("The laureates are announced."))
    return redirect("awards:laureates", found.slug)


def _existing(request: HttpRequest, edition: str, need: Need) -> tuple[Edition, AwardList]:
    found = get_edition(request.actor, edition, need)
    award_list = queries.list_of(found)
    if award_list is None:
        raise Refused(_("No awards have been proposed yet."))
    return found, award_list
