"""The judge's pages around the console: rounds, what is to be seen, and in which sittings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.edition.permissions import can_judge
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import console_queries, jury_words, meeting_queries, queries, round_words
from judging.door import get_own_round
from judging.models import Round
from judging.scale import scale_of


@signed_in
@require_GET
def home(request: HttpRequest, edition: str) -> HttpResponse:
    """The judge's rounds with progress, the next film, and what is being judged by which criteria."""
    place = get_edition(request.actor, edition, can_judge)
    rounds = list(queries.rounds_of_judge(place, request.actor.id).prefetch_related("criteria"))
    progress = queries.progress_of(request.actor.id, place)
    longest = console_queries.own_sitting(request.actor.id, place.pk)
    sittings = {
        round.pk: next(
            iter(console_queries.batches_of(queries.queue_of(request.actor.id, round), longest)), None
        )
        for round in rounds
        if round.state == Round.State.OPEN and round.pk in progress
    }
    reading = jury_words.reading_rounds(place, rounds)
    context = {
        "edition": place,
        "reading_only": bool(rounds) and len(reading) == len(rounds),
        "heading": jury_words.heading(place, rounds, reading),
        "meetings": meeting_queries.of_judge(request.actor, place),
        "rows": [
            (round, progress.get(round.pk), scale_of(round), sittings.get(round.pk), round.pk in reading)
            for round in rounds
        ],
        "changes": round_words.changes_by_round(place),
        "area_nav": jury_nav(request, place, rounds),
        "area_title": say(place.name),
    }
    return page(request, "jury/home.html", context)


@signed_in
@require_GET
def queue(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """All films of the judge in a round, in the order drawn for them; of a ballot round the ballot."""
    mine = get_own_round(request.actor, edition, round)
    if mine.gate == Round.Gate.BALLOT:  # nothing is handed out there
        return redirect(_place_of(mine))
    rounds = list(queries.rounds_of_judge(mine.edition, request.actor.id))
    rows = queries.queue_of(request.actor.id, mine)
    longest = console_queries.own_sitting(request.actor.id, mine.edition_id)
    batches = console_queries.batches_of(rows, longest) if mine.state == Round.State.OPEN else []
    later = {row.id for batch in batches for row in batch.rows}
    context = {
        "edition": mine.edition,
        "round": mine,
        "reads": bool(jury_words.reading_rounds(mine.edition, [mine])),
        "rows": rows,
        "batches": batches,
        "rest": [row for row in rows if row.id not in later],
        "progress": queries.progress_of(request.actor.id, mine.edition).get(mine.pk),
        "criteria_count": mine.criteria.count(),
        "area_nav": jury_nav(request, mine.edition, rounds),
        "area_title": say(mine.edition.name),
    }
    return page(request, "jury/queue.html", context)


def _place_of(round: Round) -> str:
    """Where a round is judged: in a queue of films, or on a ballot."""
    name = "judging:ballot" if round.gate == Round.Gate.BALLOT else "judging:queue"
    return reverse(name, args=[round.edition.slug, round.slug])


def jury_nav(request: HttpRequest, edition: Edition, rounds: list[Round]) -> list[dict[str, object]]:
    rows = [(_("Your rounds"), reverse("judging:jury", args=[edition.slug]))]
    rows += [(say(row.name), _place_of(row)) for row in rounds]
    rows += [
        (say(row.name), reverse("judging:meeting", args=[edition.slug, row.pk]))
        for row in meeting_queries.of_judge(request.actor, edition)
    ]
    rows += [(_("Words for entrants"), reverse("judging:feedback_own", args=[edition.slug]))]
    rows += [(_("Languages and hours"), reverse("judging:availability", args=[edition.slug]))]
    return [{"label": label, "url": url, "current": url == request.path} for label, url in rows]
