"""The desk's page that puts a track with too few entries together with another: what it means, then the deed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from festival.edition import permissions
from festival.edition.calendar import calendar_of
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging.merge_actions import merge_track
from judging.merge_queries import Merge, plan_merge
from submissions.code_queries import usable
from submissions.models import Entry
from submissions.track_moves import WHY, asked_only_here

NAMED = 20  # entries that are named; of more their number is said


@signed_in
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, edition: str, track: str) -> HttpResponse:
    """Which track its entries could go to, what would become of them, and moving them."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    tracks = list(place.tracks.select_related("edition"))
    source = next((one for one in tracks if one.slug == track), None)
    if source is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    target = next((one for one in tracks if one.slug == given.get("into") and one != source), None)
    refused: Refused | None = None
    if request.method == "POST" and target is not None:
        try:
            merge_track(
                source=source, target=target, seen=given.get("seen", ""), by=request.actor, at=clock.now(),
                reason=given_reason(request),
            )  # fmt: skip
        except Refused as refusal:
            refused = refusal
        else:
            text = _("The entries of “%(track)s” are in “%(other)s” now, and their entrants are told.")
            messages.success(request, text % {"track": say(source.name), "other": say(target.name)})
            return redirect("judging:edition_parts", edition)
    context: dict[str, Any] = {
        "edition": place,
        "track": source,
        "others": [one for one in tracks if one != source],
        "target": target,
        "changed": refused if refused and refused.code == "changed" else None,
    }
    if target is not None:
        context |= _shown(plan_merge(source, target, calendar_of(place.pk, clock.now())))
    return page(request, "desk/track_merge.html", context, status=refused.status if refused else 200)


def _shown(plan: Merge) -> Mapping[str, Any]:
    """The plan with a few of its entries by name. `lists`: who goes and who stays, with how many are not named."""
    named = [("entries", "", plan.move.entries), ("drafts", "", plan.move.drafts)]
    named += [("staying", str(WHY[why]), rows) for why, rows in plan.move.staying.items()]
    return {
        "plan": plan,
        "lists": [(kind, why, len(rows), *_some(rows)) for kind, why, rows in named if rows],
        "only_here": asked_only_here(plan.source),
        "codes": usable(plan.source, clock.now()),
    }


def _some(rows: list[Entry]) -> tuple[list[Entry], int]:
    return rows[:NAMED], max(0, len(rows) - NAMED)
