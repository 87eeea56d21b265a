"""The desk's pages of judging: open a round, see how far it is, close it, read the standing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition, Track
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import whole_number
from festival.kit.pages import page
from festival.kit.sheets import MIME, csv_lines
from festival.kit.words import say
from festival.people.actor import Actor
from festival.people.door import signed_in
from judging import (
    adaptive_actions,
    allocation_words,
    ballot_queries,
    conflict_actions,
    conflict_queries,
    cut_queries,
    desk_words,
    further_queries,
    gate_results,
    permissions,
    plan_queries,
    plan_words,
    progress_queries,
    queries,
    round_words,
    rounds_actions,
    standing_actions,
    tie_actions,
    tie_words,
)
from judging.door import get_round
from judging.given import say_what_was_given
from judging.hand_out import replay_allocation
from judging.models import Round, TieBreak
from judging.scale import scale_of
from judging.time_plan import TimePlan
from judging.views.jury_desk import open_context
from submissions.models import Entry

PAGE = 50
CSV_COLUMNS = {  # of a standing for spreadsheets: its heading, and where it stands
    "rank": "place",
    "code": "entry__code",
    "title": "entry__title",
    "track": "entry__track_id",
    "mean": "mean",
    "looks": "looks",
    "spread": "spread",
    "adjusted": "value",
    "adjusted_sd": "value_sd",
    "adjusted_rank": "adjusted_rank",
    "chance": "p_cut",
    "rank_low": "rank_low",
    "rank_high": "rank_high",
    "own_scale": "own_value",
    "depends_on_model": "flips",
}


def may_follow(actor: Actor, edition: Edition) -> bool:
    return edition_permissions.can_organise(actor, edition) or edition_permissions.can_chair(actor, edition)


@signed_in
@require_GET
def rounds(request: HttpRequest, edition: str) -> HttpResponse:
    """The edition's rounds and how far each is."""
    place = get_edition(request.actor, edition, may_follow)
    context = {
        "edition": place,
        "rounds": queries.rounds_for_desk(place),
        "judges": queries.judges_of(place),
        "takes_projects": place.tracks.filter(enters=Track.Enters.PROJECT).exists(),
        "may_organise": edition_permissions.can_organise(request.actor, place),
    }
    return page(request, "desk/rounds.html", context)


@signed_in
@require_GET
def round(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """One round: its plan before it opens, its progress while it is open, its standing once it is closed."""
    found = get_round(request.actor, edition, round)
    context: dict[str, Any] = {
        "edition": found.edition,
        "round": found,
        "scale": scale_of(found),
        "criteria": found.criteria.all(),
        "may_chair": permissions.can_chair(request.actor, found),
        "may_plan_here": found.state != Round.State.CLOSED and not found.reopened_at,
        "changes": round_words.changes_of(found),
        "tie_rule": tie_words.rule_words(found),
        "pass_words": round_words.pass_words(found),
        "cut_words": round_words.cut_words(found.cut_kind, found.cut_value, reads=desk_words.is_read(found)),
        "panels": list(found.panels.prefetch_related("judges")) if found.gate == Round.Gate.PANEL else [],
        "open_conflicts": conflict_queries.open_count(found.edition),
    }
    if context["may_chair"]:
        context["recusals"] = queries.recusals_of(found)
    if found.state == Round.State.PLANNED:
        return page(request, "desk/round_planned.html", context | _plan(found))
    if found.state == Round.State.OPEN:
        progress = _progress(request, found)
        seen_by = progress["judges"] if found.gate != Round.Gate.BALLOT else None
        return page(
            request,
            "desk/round_open.html",
            context | progress | open_context(found, seen_by, progress.get("jury")),
        )
    return page(request, "desk/round_closed.html", context | _standing(request, found))


def _plan(round: Round) -> dict[str, Any]:
    intake, plan = plan_queries.before_opening(round, clock.now())
    judges = queries.jury_of(round)
    named = queries.named_for(round)
    scored = round.gate in (Round.Gate.SCORE, Round.Gate.PASS_FAIL)
    return {
        "films": intake.films,
        "intake": intake,
        "judges": judges,
        "named": named,
        "who_judges": round_words.who_judges(named, judges),
        "too_few": scored and 0 < len(judges) < round.looks_per_film,
        "earlier": queries.earlier_standing(round) if round.after_id is None else None,
        "warnings": round_words.warnings(round),
        **_time(plan),
    }


def _time(plan: TimePlan) -> dict[str, Any]:
    return {
        "plan": plan,
        "plan_summary": plan_words.summary(plan),
        "plan_warnings": plan_words.warnings(plan),
    }


def _progress(request: HttpRequest, round: Round) -> dict[str, Any]:
    jury = queries.jury_of(round)
    if round.gate == Round.Gate.BALLOT:
        return {
            "ballots": ballot_queries.ballots_cast(round),
            "judges": jury,
            "who_judges": round_words.who_judges(queries.named_for(round), jury),
            "shortlist": round.films.filter(state="eligible").order_by("code"),
        }
    adaptive = round.adaptive and round.gate == Round.Gate.SCORE and not round.reopened_at
    # On a panel every judge sees every film: none is missing unless nobody can see it.
    wanted = 1 if round.gate == Round.Gate.PANEL else round.looks_per_film
    only = request.GET.get("show", "")
    unserved = allocation_words.unserved_of(round)
    if only == "missing":
        films = progress_queries.short_of_looks(round, wanted)
    else:
        films = progress_queries.films_progress(round)
        films = films.filter(code__in=list(unserved)) if only == "unserved" else films
    pages = Paginator(films, PAGE)
    round_films = round.films.count()
    if only not in ("missing", "unserved"):
        pages.count = round_films  # without looking each of them up
    shown = pages.get_page(request.GET.get("page"))
    judges = progress_queries.judges_progress(round, round_films)
    done = sum(row.done for row in judges)
    pending = sum(row.films - row.done for row in judges)
    waiting = sum(row.films - row.done for row in judges if row.judge_id in jury)
    return {
        "judges": judges,
        "jury": jury,
        "who_judges": round_words.who_judges(queries.named_for(round), jury),
        "former": any(row.films > row.done and row.judge_id not in jury for row in judges),
        "done": done,
        "pending": pending,
        "per_cent": 100 * done // (done + pending) if done + pending else 0,
        "seconds_left": sum(row.seconds_left for row in judges),
        "short_count": progress_queries.short_count(round, wanted, round_films),
        "late_count": queries.late_films(round).count(),
        "only": only if only in ("missing", "unserved") else "",
        "unserved": unserved,
        "drawn": allocation_words.page_of(round, {row.judge_id: row.name for row in judges} | jury),
        "page": shown,
        "films": progress_queries.film_rows(round, list(shown)),
        "adaptive": adaptive_actions.plan_shown(round, round_films, waiting) if adaptive else None,
        "may_give": round.gate in further_queries.GATES,
        **_time(plan_queries.while_open(round, judges, clock.now())),
    }


def _standing(request: HttpRequest, round: Round) -> dict[str, Any]:
    standing = round.standing
    judges = progress_queries.judges_progress(round)
    shown = Paginator(queries.ordered(standing), PAGE).get_page(request.GET.get("page"))
    return {
        "standing": standing,
        "superseded": further_queries.superseded(round),
        "rule": Round.Official(standing.method).label if round.gate == Round.Gate.SCORE else "",
        "page": shown,
        "notes": queries.notes_of(round, [row.entry_id for row in shown])
        if permissions.can_chair(request.actor, round)
        else {},
        "judges": judges,
        "drawn": allocation_words.page_of(round, {row.judge_id: row.name for row in judges}),
        "unserved": allocation_words.unserved_of(round),
        "said": queries.answers_of(round, [row.entry_id for row in shown]),
        "cut": cut_queries.current_cut(round),
        "through": cut_queries.through(round),
        "passing": gate_results.passing(standing.inputs) if round.gate == Round.Gate.PASS_FAIL else (),
    }


@signed_in
@require_POST
def open_round(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Open it with all admitted films, or with the first of an earlier round."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    entries: list[Entry] | None = None
    if request.POST.get("films") == "first":
        entries = _first_of_earlier(found, request.POST.get("first", ""))
    with transaction.atomic():
        kept = rounds_actions.open_round(round=found, by=request.actor, at=clock.now(), entries=entries)
        conflict_actions.search(edition=found.edition, at=clock.now())
    say_what_was_given(request, kept)
    return redirect("judging:round", found.edition.slug, found.slug)


def _first_of_earlier(round: Round, text: str) -> list[Entry]:
    """The films ranked up to the number given; films that share that rank all come."""
    earlier = queries.earlier_standing(round)
    first = whole_number(text)
    if earlier is None or first < 1:
        raise Refused(
            _("Say how many films of the earlier round this one takes: a whole number from 1."), status=400
        )
    rows = queries.ordered(earlier).filter(place__lte=first, looks__gt=0)
    return [row.entry for row in rows]


@signed_in
@require_POST
def add_late_films(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Give out the looks that are missing."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    with transaction.atomic():
        kept = rounds_actions.add_late_films(round=found, by=request.actor, at=clock.now())
        conflict_actions.search(edition=found.edition, at=clock.now())
    say_what_was_given(request, kept)
    return redirect("judging:round", found.edition.slug, found.slug)


@signed_in
@require_POST
def give_next(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Give the next batch of an adaptive round now, if one is due."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    kept = adaptive_actions.give_next(round=found, by=request.actor, at=clock.now())
    if kept:
        say_what_was_given(request, kept)
    else:
        messages.info(request, _("No batch is due now."))
    return redirect("judging:round", found.edition.slug, found.slug)


@signed_in
@require_http_methods(["GET", "POST"])
def close_round(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """What closing means, how many looks would be lost, and then the closing itself."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    error = None
    if request.method == "POST":
        agreed = whole_number(request.POST.get("pending")) if request.POST.get("agree") else 0
        # What goes to others here is unfinished now, and the chair is asked once more.
        conflict_actions.sweep(edition=found.edition, by=request.actor, at=clock.now())
        try:
            rounds_actions.close_round(
                round=found, by=request.actor, at=clock.now(), confirmed_pending=agreed
            )
        except Refused as refused:
            if refused.code not in ("pending", "quorum"):
                raise
            error = refused
        else:
            messages.success(request, _("The round is closed and its standing is frozen."))
            return redirect("judging:round", found.edition.slug, found.slug)
    context = {
        "edition": found.edition,
        "round": found,
        "judges": progress_queries.judges_progress(found),
        "pending": queries.pending_looks(found),
        "error": error,
    }
    return page(request, "desk/round_close.html", context, status=error.status if error else 200)


@signed_in
@require_POST
def replay(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Compute standing and allocations again from what was kept, and say whether they agree."""
    found = get_round(request.actor, edition, round, permissions.can_see_standing)
    same = all(standing_actions.replay(kept) for kept in found.standings.select_related("round"))
    same = same and all(
        tie_actions.replay(kept) for kept in TieBreak.objects.filter(cut__round=found).select_related("cut")
    )
    drawn = all(replay_allocation(kept) for kept in found.allocations.iterator(1))
    if same and drawn:
        messages.success(
            request,
            _(
                "Computed again from the kept scores and seed: the same standing and allocation, to the last digit."
            ),
        )
    if not same:
        messages.error(
            request, _("The standing does not follow from the kept scores: something was changed by hand.")
        )
    if not drawn:
        messages.error(
            request, _("The allocation does not follow from the kept seed: something was changed by hand.")
        )
    return redirect("judging:round", found.edition.slug, found.slug)


@signed_in
@require_GET
def standing_csv(request: HttpRequest, edition: str, round: str) -> StreamingHttpResponse:
    """The standing as a table for spreadsheets (UTF-8 with a byte order mark, as Excel wants it)."""
    found = get_round(request.actor, edition, round, permissions.can_see_standing)
    number = whole_number(request.GET.get("standing"))
    standing = found.standings.filter(number=number).first() if number else found.standing
    if standing is None:
        raise Http404
    tracks = {track.pk: say(track.name) for track in found.edition.tracks.all()}
    rows = queries.ordered(standing).values_list(*CSV_COLUMNS.values()).iterator(2000)
    lines = ((*row[:3], tracks[row[3]], *row[4:-1], "x" if row[-1] else "") for row in rows)
    name = f"standing-{found.edition.slug}-{found.slug}-{standing.number}.csv"
    return StreamingHttpResponse(
        csv_lines(list(CSV_COLUMNS), lines, found.edition.time_zone),
        content_type=MIME["csv"],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
