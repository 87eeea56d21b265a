"""Feedback to entrants: the desk's pages, the entrant's, and a judge's own words."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.edition.permissions import can_judge
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import one_line, plain_text, whole_number
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import feedback_actions as actions
from judging import feedback_permissions as permissions
from judging import feedback_queries as queries
from judging import feedback_words as words
from judging.feedback_forms import RulesForm
from judging.models import Round
from judging.views.jury import jury_nav
from submissions.completeness import form_of
from submissions.door import get_entry
from submissions.models import Entry
from submissions.permissions import is_entrant, is_maker
from submissions.service import viewings_text


@signed_in
@require_GET
def desk(request: HttpRequest, edition: str) -> HttpResponse:
    """How far it is; for the chair the comments, film by film."""
    place = get_edition(request.actor, edition, permissions.can_follow)
    if request.htmx:  # only the letters' progress asks again
        return page(request, "desk/feedback.html", _post_context(request, place), part="post")
    decides = permissions.can_decide(request.actor, place)
    everything = queries.comments_of(place)
    filters = _filters(request.GET, place)
    context: dict[str, Any] = {
        "rules": words.rules_in_words(queries.rules_of(place)),
        "gives_comments": queries.rules_of(place).comments,
        "counts": queries.counts_of(place),
        "decides": decides,
        **_post_context(request, place),
    }
    context["done"] = context["counts"]["all"] - context["counts"]["open"]
    if decides:
        mine = queries.readable(request.actor, place)
        names = queries.jury_names(place)
        found = queries.films_page(queries.filtered(mine, filters), request.GET.get("page"))
        for entry in found:
            entry.words = [words.comment_of(look, names) for look in entry.comments]
            entry.open_count = sum(not word["choice"] for word in entry.words)
        # Those on her own films are few: counted by themselves they spare a second walk through all looks.
        own = queries.state_counts(everything.filter(entry__in=queries.films_of_chair(request.actor)))
        counts = {state: count - own[state] for state, count in context["counts"].items()}
        context |= {
            "filters": filters,
            "page": found,
            "matching_open": counts["open"]
            if filters == queries.Filters()
            else queries.filtered(mine, filters).filter(queries.STATES["open"]).count(),
            "tracks": place.tracks.all(),
            "rounds": place.rounds.filter(state=Round.State.CLOSED),
            "tabs": [
                ("open", _("To be decided"), counts["open"]),
                *((choice.value, choice.label, counts[choice.value]) for choice in queries.Choice),
                ("", _("All"), counts["all"]),
            ],
        }
    return page(request, "desk/feedback.html", context)


def _post_context(request: HttpRequest, place: Edition) -> dict[str, Any]:
    return {
        "edition": place,
        "post": queries.post_of(place),
        "is_time": queries.is_time(place),
        "sends": permissions.can_send(request.actor, place),
    }


def _filters(given: Any, place: Edition) -> queries.Filters:
    state = given.get("state", "open")
    tracks = place.tracks.values_list("slug", flat=True)
    rounds = place.rounds.values_list("slug", flat=True)
    return queries.Filters(
        search=one_line(given.get("q", ""))[:200],
        state=state if state in queries.STATES else "" if state == "all" else "open",
        track=given.get("track", "") if given.get("track", "") in set(tracks) else "",
        round=given.get("round", "") if given.get("round", "") in set(rounds) else "",
    )


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The chair's word on one comment. htmx gets the comment as it is then; others go back to the list."""
    place = get_edition(request.actor, edition, permissions.can_decide)
    given = request.POST
    error = ""
    try:
        actions.decide(
            edition=place,
            look=pk,
            revision=whole_number(given.get("revision")),
            choice=plain_text(given.get("choice")),
            text=plain_text(given.get("text")),
            reason=plain_text(given.get("reason")),
            by=request.actor,
            at=clock.now(),
        )
    except Refused as refused:
        if not request.htmx or refused.status == 403:
            raise
        if refused.status != 400:  # what the page shows is no longer so
            messages.error(request, refused.text)
            return HttpResponse(headers={"HX-Refresh": "true"})
        error = refused.text
    if not request.htmx:
        return redirect(f"{_back(request, place)}#comment-{pk}")
    look = queries.with_all(queries.readable(request.actor, place)).get(pk=pk)
    word = words.comment_of(look, queries.jury_names(place))
    context = {
        "edition": place,
        "word": word,
        "error": error,
        "typed": given,
        "filters": _filters(given, place),
        "page": {"number": whole_number(given.get("page"))},
    }
    return page(request, "desk/feedback.html", context, part="word")


@signed_in
@require_POST
def release(request: HttpRequest, edition: str) -> HttpResponse:
    """Release all that the filters show and that is not decided; or all of one film."""
    place = get_edition(request.actor, edition, permissions.can_decide)
    done = actions.release_many(
        edition=place,
        filters=_filters(request.POST, place),
        film=plain_text(request.POST.get("film"))[:20],
        seen=whole_number(request.POST.get("seen")),
        by=request.actor,
        at=clock.now(),
    )
    text = ngettext("%(count)d comment is released.", "%(count)d comments are released.", done.count)
    messages.success(request, text % {"count": done.count})
    if done.naming:
        text = ngettext(
            "%(count)d comment names somebody of the jury. Read it, and strike the name out.",
            "%(count)d comments name somebody of the jury. Read them, and strike the names out.",
            done.naming,
        )
        messages.warning(request, text % {"count": done.naming})
    return redirect(_back(request, place))


def _back(request: HttpRequest, place: Edition) -> str:
    query = _filters(request.POST, place).query
    number = whole_number(request.POST.get("page"))
    return f"{reverse('judging:feedback', args=[place.slug])}?{query}" + (f"&page={number}" if number else "")


@signed_in
@require_POST
def send(request: HttpRequest, edition: str) -> HttpResponse:
    """Have the letters written."""
    place = get_edition(request.actor, edition, permissions.can_send)
    actions.send(edition=place, by=request.actor, at=clock.now())
    messages.success(
        request, _("The letters are being written. You can leave this page; it goes on by itself.")
    )
    return redirect("judging:feedback", place.slug)


@signed_in
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, edition: str) -> HttpResponse:
    """What entrants are given."""
    place = get_edition(request.actor, edition, permissions.can_send)
    opened = place.rounds.filter(opened_at__isnull=False).exists()
    form = RulesForm(queries.rules_of(place), request.POST or None, opened=opened)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_rules(
                edition=place,
                rules=form.rules,
                reason=form.cleaned_data.get("reason", ""),
                by=request.actor,
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.text)
            status = refused.status
        else:
            messages.success(request, _("Saved."))
            return redirect("judging:feedback", place.slug)
    context = {"edition": place, "form": form, "changes": words.changes_of(place)}
    return page(request, "desk/feedback_rules.html", context, status=status)


@signed_in
@require_GET
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """What the makers of a film were given; not there before it was sent."""
    entry = get_entry(request.actor, code, may_read)
    found = queries.letter_of(entry)
    if found is None:
        raise Http404
    events = list(entry.events.filter(kind__in=("look_finished", "look_reopened")))
    context = {
        "entry": entry,
        "edition": entry.edition,
        "letter": found,
        "band": words.band_text(found),
        "comments": [row.text for row in found.comments.all() if row.text],
        "viewings": viewings_text(events, form_of(entry.edition), project=entry.is_project),
        "report": found.report and is_entrant(request.actor, entry),
    }
    return page(request, "entrant/feedback.html", context)


def may_read(actor: Any, entry: Entry) -> bool:
    """The makers of the film. To everybody else, the desk too, the page is not there."""
    if not is_maker(actor, entry):
        raise Http404
    return True


@signed_in
@require_GET
def own(request: HttpRequest, edition: str) -> HttpResponse:
    """What a judge wrote to entrants, and what was released in her name."""
    place = get_edition(request.actor, edition, can_judge)
    rounds = list(place.rounds.exclude(state=Round.State.PLANNED))
    context = {
        "edition": place,
        "rows": [words.own_comment(row) for row in queries.own_comments(request.actor, place)],
        "area_nav": jury_nav(request, place, rounds),
        "area_title": say(place.name),
    }
    return page(request, "jury/feedback.html", context)
