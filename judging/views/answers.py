"""The judge's answers in rounds without scores: pass or fail, nominate or not, and the ballot."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import answer_actions, ballot_actions, jury_words, permissions, queries
from judging.ballot_queries import offered_to, own_ballot
from judging.door import get_look, get_own_round
from judging.models import Round
from judging.views import console, jury

PARTS_MAX = 100_000  # characters


@signed_in
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the answer, go on to the next film."""
    look = get_look(request.actor, pk)
    said = plain_text(request.POST.get("answer"))
    shared: dict[str, Any] = {
        "look": look,
        "by": request.actor,
        "at": clock.now(),
        "revision": whole_number(request.POST.get("revision")),
        "comment": plain_text(request.POST.get("comment")),
        "played": _parts(request.POST.get("played")),
        "declared": bool(request.POST.get("declared")),
    }
    try:
        if look.round.gate == Round.Gate.PANEL:
            if said not in ("yes", "no"):
                raise Refused(_("Choose: nominate this film, or not."), status=400, code="answer")
            answer_actions.nominate(nominated=said == "yes", **shared)
        else:
            answer_actions.give_answer(answer=said, **shared)
    except Refused as error:
        return console.show(
            request,
            look,
            console.Given(shared["revision"], words={"comment": shared["comment"]}, played=shared["played"]),
            error,
        )
    following = console.next_of(queries.queue_of(look.judge_id, look.round), pk)
    if following is None:
        messages.success(request, _("That was the last film. Thank you: everything is in."))
        return redirect("judging:queue", look.round.edition.slug, look.round.slug)
    return redirect("judging:console", pk=following)


def _parts(value: object) -> object:
    """The parts played, as the console's script wrote them into the form; nothing where they cannot be read."""
    try:
        return json.loads(str(value or "[]")[:PARTS_MAX])
    except ValueError:
        return ()


@signed_in
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """The juror's ballot: the shortlist with a place, a tick or points for each film."""
    mine = get_own_round(request.actor, edition, round)
    films = offered_to(mine, request.actor.id) if mine.gate == Round.Gate.BALLOT else []
    cast, values = own_ballot(mine, request.actor.id)
    error = None
    if request.method == "POST":
        values = read_ballot(request, mine.ballot, [film.entry_id for film in films])
        try:
            ballot_actions.cast_ballot(
                round=mine,
                by=request.actor,
                at=clock.now(),
                revision=whole_number(request.POST.get("revision")),
                values=values,
            )
        except Refused as refused:
            if refused.status == 403:
                raise
            error = refused
            if refused.code == ballot_actions.CHANGED:
                cast, values = own_ballot(mine, request.actor.id)
        else:
            messages.success(request, _("Your ballot is in. Until the round closes you can change it."))
            return redirect("judging:ballot", mine.edition.slug, mine.slug)
    rounds = list(queries.rounds_of_judge(mine.edition, request.actor.id))
    context = {
        "edition": mine.edition,
        "round": mine,
        "reads": bool(jury_words.reading_rounds(mine.edition, [mine])),
        "rows": [(film, values.get(film.entry_id)) for film in films],
        "cast": cast,
        "left_out": mine.films.filter(state="eligible").count() - len(films),
        "ranks": range(1, len(films) + 1),
        "can_vote": permissions.can_vote(request.actor, mine),
        "error": error,
        "area_nav": jury.jury_nav(request, mine.edition, rounds),
        "area_title": say(mine.edition.name),
    }
    return page(request, "jury/ballot.html", context, status=error.status if error else 200)


def read_ballot(request: HttpRequest, kind: str, entry_ids: Iterable[int]) -> dict[int, int | None]:
    """The form's values by entry, of a round's ballot or a meeting's; an empty place stays without one."""
    empty = None if kind == Round.Ballot.RANKED else 0
    values: dict[int, int | None] = {}
    for pk in entry_ids:
        text = request.POST.get(f"film-{pk}", "").strip()
        values[pk] = whole_number(text) if text else empty
    return values
