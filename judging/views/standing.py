"""The chair's pages about a result: the cut line and the panel."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from festival.kit.incoming import whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import further_actions, further_queries, permissions
from judging.cut_page import cut_page, titles
from judging.door import get_round
from judging.models import Round
from judging.panel_figures import panel_of
from judging.scale import scale_of

MOST_MORE = 500


@signed_in
@require_GET
def line(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """The films around the cut. `?cut=` asks about another number, `?more=` about one more look at so many films."""
    found = get_round(request.actor, edition, round, permissions.can_see_standing)
    standing = found.standing
    films = standing.rows.filter(value__isnull=False).count()
    error = ""
    number = standing.cut or max(films // 2, 1)
    if request.GET.get("cut", "").strip():
        number = whole_number(request.GET["cut"])
        if not 0 < number < max(films, 2):
            error = _("Write how many films pass: a number from 1 to %(most)d.") % {"most": max(films - 1, 1)}
            number = min(max(number, 1), max(films - 1, 1))
    more = min(whole_number(request.GET.get("more") or "0"), MOST_MORE)
    cut = cut_page(standing, cut=number, more=max(more, 0)) if films else None
    context = {
        "edition": found.edition,
        "round": found,
        "scale": scale_of(found),
        "standing": standing,
        "cut": cut,
        "titles": titles(cut) if cut else {},
        "number": number,
        "missed": _decimals(standing.figures.get("missed")),
        "more": more or 40,
        "may_further": permissions.can_chair(request.actor, found),
        "further_bar": further_actions.BARS.get(further_queries.bar_of(found), ""),
        "error": error,
    }
    return page(request, "desk/round_line.html", context, status=400 if error else 200)


def _decimals(missed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if missed is None:
        return None
    return {key: value if isinstance(value, int) else Decimal(value) for key, value in missed.items()}


@signed_in
@require_GET
def panel(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """The judges beside each other: while the round is open for the chair alone, then for organisers too."""
    found = get_round(request.actor, edition, round, permissions.can_see_panel)
    scored = found.gate == Round.Gate.SCORE and found.state != Round.State.PLANNED
    context = {
        "edition": found.edition,
        "round": found,
        "scale": scale_of(found),
        "panel": panel_of(found) if scored else None,
    }
    return page(request, "desk/round_panel.html", context)
