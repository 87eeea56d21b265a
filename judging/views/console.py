"""The console: one film, its scores, notes at moments of the film, and what was really watched."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused, refusal
from festival.kit.incoming import json_object, plain_text, whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import console_queries, looks_actions, note_actions, permissions, queries, watch_actions
from judging.answering import answer_context
from judging.door import get_look
from judging.models import Look, Round
from judging.reading import material_of
from judging.scale import scale_of, shown
from submissions.links import media_url
from submissions.player import tracks_with_copy
from submissions.queries import judge_copies

WORDS = ("comment", "feedback", "confidence", "stopped", "stop_words")
NUMBER = "score-"  # the names of the form's score fields begin so
NUMERAL = re.compile(r"[+-]?(\d{1,4}(\.\d{0,6})?|\.\d{1,6})")


@dataclass(frozen=True, slots=True)
class Given:
    """What a console sends: the whole of it each time."""

    revision: int
    scores: Mapping[str, Decimal | None] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    played: object = ()
    declared: bool = False


@signed_in
@require_GET
def console(request: HttpRequest, pk: int) -> HttpResponse:
    """One film and its scores."""
    look = get_look(request.actor, pk)
    watch_actions.mark_opened(look=look, at=clock.now())
    return show(request, look)


def show(
    request: HttpRequest, look: Look, given: Given | None = None, error: Refused | None = None
) -> HttpResponse:
    """The console; with `given` and `error` it shows again what was sent and could not be kept."""
    round, edition = look.round, look.round.edition
    now = looks_actions.kept(look.pk)
    blind = queries.hides_names(look)
    film = queries.film_of(look, blind=blind)
    rows = queries.queue_of(look.judge_id, round)
    ids = [row.id for row in rows]
    place = ids.index(look.pk) if look.pk in ids else -1
    closed = round.state == Round.State.CLOSED
    scores: Mapping[str, Decimal | None] = given.scores if given else now.scores
    following = next(iter(ids[place + 1 : place + 2]), None) if closed else next_of(rows, look.pk)
    open_here = permissions.can_score(request.actor, look) and film is not None
    plays = bool(film and film.copy_key and not look.to_read)
    context = {
        "edition": edition,
        "round": round,
        "look": look,
        "now": now,
        "film": film,
        "src": media_url(request.actor, film.copy_key) if plays else "",
        "tracks": tracks_with_copy(request.actor, film.entry_id) if film and plays else [],
        "scale": scale_of(round),
        "criteria": [(row, shown(scores.get(row.slug))) for row in round.criteria.all()],
        "words": given.words if given else now.words,
        "confidences": Look.Confidence.choices,
        "stops": Look.Stop.choices,
        "can_note": open_here and not look.to_read,
        "material": material_of(request.actor, film.entry_id) if film and look.to_read else None,
        "played": json.dumps(now.played),
        "notes": console_queries.notes_of_look(look.pk),
        "note_id": uuid4(),
        "least": watch_actions.least_of(look),
        "has_least": not look.to_read and bool(round.min_watch_seconds or round.min_watch_share),
        "own": own_scale(request, look),
        "mark": mark_of(request),
        "break_seconds": console_queries.own_sitting(look.judge_id, round.edition_id)
        or console_queries.BREAK_SECONDS,
        "break_films": console_queries.BREAK_FILMS,
        "can_write": open_here and now.state == Look.State.PENDING,
        "can_reopen": open_here and now.state == Look.State.SCORED and not looks_actions.was_counted(look),
        "place": place + 1,
        "total": len(rows),
        "done": sum(row.state == Look.State.SCORED for row in rows),
        "seconds_left": 0 if closed else sum(row.seconds for row in rows if row.state == Look.State.PENDING),
        "next": following,
        "next_src": next_copy(request, look, following),
        "previous": ids[place - 1] if place > 0 else None,
        "panel": queries.panel_result(look, film.entry_id)
        if film and permissions.can_see_scores(request.actor, look)
        else None,
        "blind": blind,
        "error": error,
        **answer_context(look),
    }
    return page(request, "jury/console.html", context, status=error.status if error else 200)


def own_scale(request: HttpRequest, look: Look) -> list[dict[str, Any]]:
    """The judge's own films on their scale, column by column, as the strip shows them."""
    if look.round.gate != Round.Gate.SCORE:
        return []
    rows = console_queries.own_scores(look.judge_id, look.round)
    return [
        {
            "low": column.low,
            "films": [{"row": row, "still": media_url(request.actor, row.still)} for row in column.rows],
        }
        for column in console_queries.columns_of(rows, look.round)
    ]


def mark_of(request: HttpRequest) -> str:
    """What is laid over the picture: who is watching, so that a filmed screen names its seat."""
    return f"{request.actor.user.name or request.actor.user.email} · {request.actor.id}"


def next_copy(request: HttpRequest, look: Look, following: int | None) -> str:
    """The address of the next film's copy, so that the console can fetch its beginning while this one plays."""
    if following is None:
        return ""
    entry = Look.objects.values_list("entry_id", flat=True).get(pk=following)
    key, _seconds = judge_copies([entry]).get(entry, ("", 0.0))
    return media_url(request.actor, key)


def next_of(rows: list[queries.QueueRow], look_id: int) -> int | None:
    """The next film to be seen after this one, going round to those that were put off."""
    place = next((index for index, row in enumerate(rows) if row.id == look_id), -1)
    for row in rows[place + 1 :] + rows[: max(place, 0)]:
        if row.state == Look.State.PENDING:
            return row.id
    return None


@signed_in
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the scores as they are now: by the console's script while the judge works, or by the form's button."""
    look = get_look(request.actor, pk)
    given = read(request)
    try:
        now = keep(request, look, given)
    except Refused as error:
        return sorry(request, look, given, error)
    if is_json(request):
        return JsonResponse(now.as_json())
    messages.success(request, _("Saved."))
    return redirect("judging:console", pk=pk)


@signed_in
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the scores, be done with the film, go on to the next."""
    look = get_look(request.actor, pk)
    given = read(request)
    try:
        with transaction.atomic():
            now = keep(request, look, given)
            now = looks_actions.finish_look(
                look=look, by=request.actor, at=clock.now(), revision=now.revision
            )
    except Refused as error:
        return sorry(request, look, given, error)
    following = next_of(queries.queue_of(look.judge_id, look.round), pk)
    if following is None:
        messages.success(request, _("That was the last film. Thank you: everything is in."))
    url = (
        reverse("judging:console", args=[following])
        if following
        else reverse("judging:queue", args=[look.round.edition.slug, look.round.slug])
    )
    return JsonResponse({**now.as_json(), "next": url}) if is_json(request) else redirect(url)


def keep(request: HttpRequest, look: Look, given: Given) -> looks_actions.Kept:
    return looks_actions.save_scores(
        look=look,
        by=request.actor,
        at=clock.now(),
        revision=given.revision,
        scores=given.scores,
        **{name: given.words.get(name, "") for name in WORDS},
        played=given.played,
        declared=given.declared,
    )


def sorry(request: HttpRequest, look: Look, given: Given | None, error: Refused) -> HttpResponse:
    """The refusal with nothing lost: to the script with the fresh state, to a form as the page it was on."""
    if is_json(request):
        answer: dict[str, Any] = {"error": error.code, "text": str(error.text)}
        if isinstance(error, looks_actions.Stale):
            answer["fresh"] = error.fresh.as_json()
        return JsonResponse(answer, status=error.status)
    return show(request, look, given, error)


@signed_in
@require_POST
def watched(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of the film that were really played so far."""
    look = get_look(request.actor, pk)
    kept = watch_actions.record_watching(
        look=look, by=request.actor, played=body(request).get("played"), at=clock.now()
    )
    return JsonResponse({"watched": kept})


@signed_in
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, change or take away (no text) a note at a moment of the film."""
    look = get_look(request.actor, pk)
    data = body(request)
    try:
        note_actions.write_note(
            look=look,
            by=request.actor,
            at=clock.now(),
            client_id=identity(data.get("id")),
            number=whole_number(data.get("number")),
            seconds=moment(data.get("seconds")),
            text=plain_text(data.get("text")),
            for_jury=bool(data.get("jury")),
        )
    except Refused as error:
        return sorry(request, look, None, error)
    if is_json(request):
        return JsonResponse({"notes": [row.as_json() for row in console_queries.notes_of_look(look.pk)]})
    messages.success(request, _("Saved."))
    return redirect("judging:console", pk=pk)


def identity(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Refused(
            _("This could not be read. Reload the page and try again."), status=400, code="bad_request"
        ) from None


TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(\.\d)?|\d{1,5}(?:\.\d{1,3})?")


def moment(value: object) -> Decimal:
    """A time into the film: seconds, or minutes and seconds as people write them (1:05)."""
    text = str(value if value is not None else "").strip().replace("：", ":")
    if not TIME.fullmatch(text):
        raise Refused(_("Write the moment as minutes and seconds, for example 1:05."), status=400)
    total = Decimal(0)
    for part in text.split(":"):
        total = total * 60 + Decimal(part)
    return round(total, 1)


@signed_in
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back into the queue, scores kept."""
    look = get_look(request.actor, pk)
    looks_actions.reopen_look(look=look, by=request.actor, at=clock.now())
    return redirect("judging:console", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand aside from a film, with a reason. A page of its own; the console shows the same form in a dialog."""
    look = get_look(request.actor, pk)
    error = None
    if request.method == "POST":
        try:
            looks_actions.recuse(
                look=look, by=request.actor, at=clock.now(), reason=plain_text(request.POST.get("reason"))
            )
        except Refused as refused:
            if refused.code != "reason":
                return refusal(request, refused)
            error = refused
        else:
            messages.success(request, _("You have stood aside. The film is no longer yours to judge."))
            following = next_of(queries.queue_of(look.judge_id, look.round), pk)
            if following:
                return redirect("judging:console", pk=following)
            return redirect("judging:queue", look.round.edition.slug, look.round.slug)
    context = {
        "edition": look.round.edition,
        "look": look,
        "film": queries.film_of(look, blind=queries.hides_names(look)),
        "error": error,
    }
    return page(request, "jury/recuse.html", context, status=error.status if error else 200)


def is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def body(request: HttpRequest) -> Mapping[str, Any]:
    """The fields of a form, or of a JSON object."""
    return json_object(request) if is_json(request) else request.POST


def read(request: HttpRequest) -> Given:
    """What the console sent. Raises Refused when it is no scores at all."""
    data = body(request)
    if is_json(request):
        raw = data.get("scores")
        rows = raw if isinstance(raw, dict) else {}
    else:
        rows = {name.removeprefix(NUMBER): data[name] for name in data if name.startswith(NUMBER)}
    return Given(
        revision=whole_number(data.get("revision")),
        scores={str(slug): number(value) for slug, value in rows.items()},
        words={name: plain_text(data.get(name)) for name in WORDS},
        played=data.get("played"),
        declared=bool(data.get("declared")),
    )


def number(value: object) -> Decimal | None:
    """A score as sent; a comma counts as the point. Nothing is no score."""
    text = str(value if value is not None else "").strip().replace(",", ".")
    if not text:
        return None
    # Figures and a point only: written out, an exponent can be a billion digits long.
    if not NUMERAL.fullmatch(text):
        raise Refused(_("“%(text)s” is not a number.") % {"text": text[:20]}, status=400)
    return Decimal(text)
