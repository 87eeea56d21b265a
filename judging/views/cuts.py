"""The desk's page of a cut: drawn by a rule, moved by the chair with a reason."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from festival.edition.change_forms import given_reason
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import (
    cut_actions,
    cut_queries,
    desk_words,
    gate_results,
    permissions,
    round_words,
    team_lists,
    tie_queries,
    tie_words,
)
from judging.door import get_round
from judging.models import Cut, CutRow, Round, TieBreak
from submissions.models import Entry

PAGE = 100


@signed_in
@require_GET
def cut(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Which films of a closed round go on, and why."""
    found = get_round(request.actor, edition, round, permissions.can_see_standing)
    return page(request, "desk/round_cut.html", context_of(request, found))


def context_of(request: HttpRequest, round: Round) -> dict[str, Any]:
    current = cut_queries.current_cut(round)
    only = request.GET.get("show", "")
    only = only if only in CutRow.Reason.values else ""
    kinds = [(kind, Round.Cut(kind).label) for kind in gate_results.fitting_cuts(round.gate)]
    context: dict[str, Any] = {
        "edition": round.edition,
        "round": round,
        "cut": current,
        "kinds": kinds,
        "kind": current.kind if current else round.cut_kind,
        "value": current.value if current else round.cut_value,
        "may_chair": permissions.can_chair(request.actor, round),
        "may_play": permissions.can_play_wild_card(request.actor, round),
        "only": only,
        "older": Cut.objects.filter(round=round, set_aside_at__isnull=False).select_related(
            "made_by", "standing"
        ),
        "standing_id": round.standing.pk if round.state == Round.State.CLOSED else None,
        "followers": list(round.followers.all()),
    }
    if current:
        shown = Paginator(cut_queries.rows_of(current, only), PAGE).get_page(request.GET.get("page"))
        context |= {
            "counts": cut_queries.counts_of(current),
            "team_lists": team_lists.lists_of(current),
            "page": shown,
            "rule": round_words.cut_words(current.kind, current.value, reads=desk_words.is_read(round)),
            **_ties(round, current, list(shown)),
        }
    if current and not current.frozen_at:
        context["earlier_moves"] = cut_queries.earlier_moves(current)
    return context


def _ties(round: Round, cut: Cut, rows: list[CutRow]) -> dict[str, Any]:
    """What is tied and what the rule says next; or what the tie rule has decided, of these rows and of all."""
    kept = TieBreak.objects.filter(cut=cut).select_related("made_by").first()
    titles = tie_words.titles_of(round.edition_id, rows)
    name = tie_words.criterion_name(round)
    return {
        "tie": None if kept or cut.frozen_at else tie_queries.tie_of(round, cut),
        "tie_break": kept,
        "tie_rule": tie_words.rule_words(round),
        "between": {row.pk: tie_words.between_words(row.between, titles, name) for row in rows},
    }


@signed_in
@require_POST
def make(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Draw the line by a rule."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    made = cut_actions.make_cut(
        round=found,
        by=request.actor,
        at=clock.now(),
        kind=plain_text(request.POST.get("kind")),
        value=_number(request.POST.get("value", "")),
        public=given_reason(request),
    )
    count = cut_queries.counts_of(made).through
    messages.success(request, desk_words.counted(found, "go_on", count))
    return redirect("judging:round_cut", found.edition.slug, found.slug)


@signed_in
@require_POST
def list_teams(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Write the teams that go on, and the next after them, on the list of the cohort that this cut fills."""
    found = get_round(request.actor, edition, round, permissions.can_list_teams)
    current = cut_queries.current_cut(found)
    if current is None:
        raise Refused(_("There is no cut yet. Make it first."))
    added = team_lists.list_teams(cut=current, at=clock.now())
    text = ngettext("%(count)d team was added to the list.", "%(count)d teams were added to the list.", added)
    messages.success(request, text % {"count": added})
    return redirect("judging:round_cut", found.edition.slug, found.slug)


def _number(text: str) -> Decimal | None:
    """What was typed as a number; nothing is none."""
    text = text.strip().replace(",", ".")[:20]
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.as_tuple().exponent not in range(-3, 9):
        raise Refused(_("“%(text)s” is not a number.") % {"text": text}, status=400)
    return number


@signed_in
@require_POST
def move(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Let a film go on, or take it out, with a reason."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    current, film = _named(request, found)
    goes_on = request.POST.get("goes") == "on"
    cut_actions.move_film(
        cut=current,
        entry=film,
        goes_on=goes_on,
        why=plain_text(request.POST.get("why")),
        by=request.actor,
        at=clock.now(),
    )
    text = _("“%(title)s” goes on.") if goes_on else _("“%(title)s” is taken out.")
    messages.success(request, text % {"title": film.title})
    return redirect("judging:round_cut", found.edition.slug, found.slug)


def _named(request: HttpRequest, round: Round) -> tuple[Cut, Entry]:
    """The cut in force, and the film of the round with the code that was typed."""
    current = cut_queries.current_cut(round)
    if current is None:
        raise Refused(_("There is no cut yet. Make it first."))
    code = plain_text(request.POST.get("code")).strip().upper()
    film = Entry.objects.filter(edition=round.edition, rounds=round, code=code).first()
    if film is None:
        raise Refused(
            _("There is no film with the code “%(code)s” in this round.") % {"code": code[:20]}, status=400
        )
    return current, film


@signed_in
@require_POST
def wild_card(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Let a film go on past the gate, with a reason."""
    found = get_round(request.actor, edition, round, permissions.can_play_wild_card)
    current, film = _named(request, found)
    cut_actions.play_wild_card(
        cut=current, entry=film, why=plain_text(request.POST.get("why")), by=request.actor, at=clock.now()
    )
    messages.success(request, _("“%(title)s” goes on by a wild card.") % {"title": film.title})
    return redirect("judging:round_cut", found.edition.slug, found.slug)
