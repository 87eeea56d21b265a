"""One move with many entries at the desk: what it would do, the deed, what came of it, taking it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.incoming import at_most, plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import bulk_moves, permissions
from submissions.desk_filters import filtered
from submissions.models import BulkStep, Entry
from submissions.views.desk_table import filters_of

NAMED = 20  # by reason
LISTED = 500
WHY: dict[str, str | Promise] = {
    "state": gettext_lazy("in their state this cannot be done"),
    "own": gettext_lazy("your own film: somebody else of the team decides over it"),
    "correction": gettext_lazy("a correction is asked for or open: decide over it on its own page"),
}
KEPT: dict[str, str | Promise] = {
    "moved_on": gettext_lazy("something has happened since"),
    "letter_gone": gettext_lazy("the letter is on its way already"),
}


@signed_in
@require_http_methods(["GET", "POST"])
def move_many(request: HttpRequest, edition: str, move: str) -> HttpResponse:
    """Whom it would move and tell, and whom not and why; then the deed. The filters stand in the address."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    if move not in BulkStep.Move.values:
        raise Http404
    filters = filters_of(request, place)
    plan = bulk_moves.plan_for(filtered(place, filters), edition=place, move=move, by=request.actor)
    changed = False
    if request.method == "POST":
        changed = request.POST.get("seen") != plan.digest
        if not changed:
            step = bulk_moves.move_many(
                edition=place,
                plan=plan,
                move=move,
                query=filters.query,
                reason=at_most(plain_text(request.POST.get("reason")).strip(), 2000),
                by=request.actor,
                at=clock.now(),
            )
            return redirect("submissions:desk_step", edition=edition, pk=step.pk)
    named = [pk for ids in (plan.entries, plan.faulty, *plan.refused.values()) for pk in ids[:NAMED]]
    titles = {row.pk: row for row in Entry.objects.filter(pk__in=named).only("code", "title", "state")}

    def shown(ids: list[int]) -> tuple[list[Entry], int]:
        return [titles[pk] for pk in ids[:NAMED]], max(len(ids) - NAMED, 0)

    context = {
        "edition": place,
        "move": move,
        "label": BulkStep.Move(move).label,
        "plan": plan,
        "narrowed": filters.any,
        "changed": changed,
        "reason": plain_text(request.POST.get("reason", "")),
        "able": shown(plan.entries),
        "faulty": shown(plan.faulty),
        "refused": [(WHY[why], len(ids), *shown(ids)) for why, ids in plan.refused.items()],
        "minutes": int(bulk_moves.UNDO.total_seconds() // 60),
        "most": bulk_moves.AT_MOST,
        "query": filters.query,
        "back": reverse("submissions:desk_entries", args=[edition]) + filters.query,
    }
    return page(request, "desk/move_many.html", context, status=409 if changed else 200)


@signed_in
@require_GET
def step(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """What a step changed, until when it can be taken back, and what that left as it was."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    found = get_object_or_404(place.bulk_steps.select_related("by", "undone_by", "edition"), pk=pk)
    ids = [row[0] for row in found.changed]
    kept = dict(found.kept)
    rows = Entry.objects.filter(pk__in=ids[:LISTED], edition=place).order_by("submitted_at", "pk")
    at = clock.now()
    context = {
        "edition": place,
        "step": found,
        "label": found.get_move_display(),
        "count": len(ids),
        "rows": [(row, KEPT.get(kept.get(row.pk, ""))) for row in rows],
        "kept": len(kept),
        "restored": len(ids) - len(kept),
        "can_undo": found.undone_at is None
        and at < found.undo_until
        and permissions.can_undo_step(request.actor, found),
        "over": at >= found.undo_until,
        "back": reverse("submissions:desk_entries", args=[edition]) + found.query,
    }
    return page(request, "desk/step.html", context)


@signed_in
@require_POST
def undo_step(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take it back for all to which nothing has happened since."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    found = get_object_or_404(place.bulk_steps, pk=pk)
    done = bulk_moves.undo(step=found, by=request.actor, at=clock.now())
    count = len(done.changed) - len(done.kept)
    text = ngettext("Taken back for %(count)d entry.", "Taken back for %(count)d entries.", count)
    messages.success(request, text % {"count": count})
    return redirect("submissions:desk_step", edition=edition, pk=pk)
