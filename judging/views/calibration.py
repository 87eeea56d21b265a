"""Before a round: the welcome and the calibration films for judges, and the chair's page to choose them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import calibration_actions, calibration_queries, jury_words, permissions, queries
from judging.calibration_forms import CalibrationForm, WatchRulesForm
from judging.door import get_own_round, get_round
from judging.models import CalibrationFilm
from judging.scale import scale_of
from judging.views.console import mark_of, read
from judging.views.jury import jury_nav
from submissions.links import media_url
from submissions.player import tracks_with_copy


@signed_in
@require_GET
def welcome(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """What a judge should know before the first film: criteria, how one works, and films to try the scale on."""
    mine = get_own_round(request.actor, edition, round)
    rounds = list(queries.rounds_of_judge(mine.edition, request.actor.id))
    progress = queries.progress_of(request.actor.id, mine.edition).get(mine.pk)
    context = {
        "edition": mine.edition,
        "round": mine,
        "reads": bool(jury_words.reading_rounds(mine.edition, [mine])),
        "criteria": mine.criteria.all(),
        "scale": scale_of(mine),
        "trials": calibration_queries.trials_of(request.actor.id, mine),
        "progress": progress,
        "area_nav": jury_nav(request, mine.edition, rounds),
        "area_title": say(mine.edition.name),
    }
    return page(request, "jury/welcome.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, edition: str, round: str, pk: int) -> HttpResponse:
    """One calibration film: scored alone first, then beside the chair's scores. It counts for nothing."""
    mine = get_own_round(request.actor, edition, round)
    trials = calibration_queries.trials_of(request.actor.id, mine)
    place = next((index for index, row in enumerate(trials) if row.id == pk), None)
    if place is None:
        raise Http404
    error, given = None, {}
    if request.method == "POST":
        try:
            given = dict(read(request).scores)
            film = CalibrationFilm.objects.select_related("round").get(pk=pk)
            calibration_actions.try_scale(film=film, by=request.actor, at=clock.now(), values=given)
        except CalibrationFilm.DoesNotExist:
            raise Http404 from None
        except Refused as refused:
            error = refused
        else:
            return redirect("judging:trial", mine.edition.slug, mine.slug, pk)
    row = trials[place]
    criteria = list(mine.criteria.all())
    context = {
        "edition": mine.edition,
        "round": mine,
        "reads": bool(jury_words.reading_rounds(mine.edition, [mine])),
        "trial": row,
        "place": place + 1,
        "total": len(trials),
        "src": media_url(request.actor, row.copy_key),
        "tracks": tracks_with_copy(request.actor, row.entry_id) if row.copy_key else [],
        "mark": mark_of(request),
        "scale": scale_of(mine),
        "criteria": [(one, str(given.get(one.slug) or row.own.get(one.slug, ""))) for one in criteria],
        "compared": calibration_queries.compared(row, criteria),
        "following": trials[place + 1].id if place + 1 < len(trials) else None,
        "error": error,
    }
    return page(request, "jury/trial.html", context, status=error.status if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """How this round's films are watched, and which films judges try their scale on."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    sent = request.POST if request.method == "POST" else None
    which = request.POST.get("form", "")
    rules = WatchRulesForm(
        sent if which == "rules" else None,
        initial={
            "seconds": found.min_watch_seconds,
            "per_cent": found.min_watch_share,
            "allow_speed": found.allow_speed,
        },
    )
    film = CalibrationForm(sent if which == "film" else None, round=found)
    status = 200
    if which == "rules" and rules.is_valid():
        calibration_actions.set_watch_rules(round=found, by=request.actor, **rules.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("judging:round_console", found.edition.slug, found.slug)
    if which == "film" and film.is_valid():
        try:
            calibration_actions.add_film(
                round=found,
                by=request.actor,
                code=film.cleaned_data["code"],
                reference=film.reference,
                words=film.cleaned_data["words"],
            )
        except Refused as refused:
            if refused.status != 400:
                raise
            film.add_error("code" if refused.code == "film" else None, str(refused.text))
        else:
            messages.success(request, _("Judges find this film before their first look."))
            return redirect("judging:round_console", found.edition.slug, found.slug)
    if sent is not None:
        status = 400
    context = {
        "edition": found.edition,
        "round": found,
        "scale": scale_of(found),
        "rules": rules,
        "form": film,
        "films": calibration_queries.films_of(found),
        "criteria": found.criteria.all(),
        "most": calibration_actions.MOST,
    }
    return page(request, "desk/round_console.html", context, status=status)


@signed_in
@require_POST
def drop(request: HttpRequest, edition: str, round: str, pk: int) -> HttpResponse:
    """Take a calibration film out."""
    found = get_round(request.actor, edition, round, permissions.can_chair)
    film = get_object_or_404(CalibrationFilm.objects.select_related("round__edition"), round=found, pk=pk)
    calibration_actions.drop_film(film=film, by=request.actor)
    return redirect("judging:round_console", found.edition.slug, found.slug)
