"""The desk's pages about judges at work: what was watched, nudges, replacement."""

from collections.abc import Collection, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.people.models import User
from judging import console_queries, jury_actions, permissions, queries
from judging.door import get_round
from judging.models import Look, Round
from judging.progress_queries import JudgeProgress
from judging.scale import scale_of

PAGE = 100


@signed_in
@require_GET
def watching(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Per film and judge: which parts were really played, and why somebody stopped. No scores."""
    found = get_round(request.actor, edition, round)
    rows = console_queries.watching_of(found)
    stopped = request.GET.get("show") == "stopped"
    if stopped:
        rows = rows.exclude(stopped="")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": found.edition,
        "round": found,
        "scale": scale_of(found),
        "page": shown,
        "rows": console_queries.watched_rows(shown),
        "only_stopped": stopped,
    }
    return page(request, "desk/round_watching.html", context)


@signed_in
@require_POST
def nudge(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """One letter to each judge who is behind."""
    found = get_round(request.actor, edition, round)
    count = jury_actions.nudge(round=found, by=request.actor, at=clock.now())
    if count:
        text = ngettext("%(count)d judge gets a letter.", "%(count)d judges get a letter.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(
            request,
            _("Nobody to write to: everybody was at work, or had a letter, within the last 20 hours."),
        )
    return redirect("judging:round", found.edition.slug, found.slug)


@signed_in
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, edition: str, round: str, judge: int) -> HttpResponse:
    """Take a judge off the round and give what is left to others: first what that means, then the deed."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    user = User.objects.filter(pk=judge, looks__round=found).distinct().first()
    if user is None:
        raise Http404
    counts = console_queries.looks_by_state(found, user)
    left = counts.get(Look.State.PENDING, 0)
    if request.method == "GET":
        context = {
            "edition": found.edition,
            "round": found,
            "judge": user,
            "left": left,
            "done": counts.get(Look.State.SCORED, 0),
            "alone": found.gate != Round.Gate.PANEL and not set(queries.jury_of(found)) - {user.pk},
        }
        return page(request, "desk/round_replace.html", context)
    kept = jury_actions.replace_judge(round=found, judge=user, by=request.actor, at=clock.now())
    given = ngettext(
        "%(count)d film went to another judge.", "%(count)d films went to other judges.", kept.looks_made
    )
    messages.success(request, given % {"count": kept.looks_made})
    if kept.looks_made < left:
        missing = ngettext(
            "%(count)d look found nobody: name more judges, then give the missing looks.",
            "%(count)d looks found nobody: name more judges, then give the missing looks.",
            left - kept.looks_made,
        )
        messages.warning(request, missing % {"count": left - kept.looks_made})
    return redirect("judging:round", found.edition.slug, found.slug)


def open_context(
    round: Round, progress: Sequence[JudgeProgress] | None, jury: Collection[int] | None
) -> dict[str, object]:
    """For the page of an open round: how many would get a letter now."""
    return {"behind": len(jury_actions.behind(round, clock.now(), progress, jury))}
