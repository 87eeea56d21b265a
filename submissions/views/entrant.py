"""The entrant's pages: enter, my entries, one entry, its form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards.queries import laurels_of
from festival.edition.calendar import calendar_of, calendars_of
from festival.edition.door import get_edition
from festival.edition.rulebook import sentences
from festival.edition.track_words import takes_projects
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.pages import page
from festival.kit.words import joined, short_language, time_left
from festival.people.door import signed_in
from festival.post import queries as post_queries
from festival.post.words import render
from submissions import actions, enter_view, permissions, queries, status, timeline
from submissions.attachment_view import file_views, in_order
from submissions.code_actions import redeem_code
from submissions.cohorts import mentor_queries, place_queries
from submissions.completeness import form_of, gaps
from submissions.correction_view import view_of
from submissions.credit_view import answer_context, grouped
from submissions.deadline import deadline_of, takes_now
from submissions.door import get_entry
from submissions.fields import facts_of
from submissions.forms import BeginForm, CodeForm, EntryForm, SubtitleForm
from submissions.intake.queries import has_unfinished
from submissions.lifecycle import State
from submissions.limits import hindrances, limits_of, used_by
from submissions.links import media_url
from submissions.models import Attachment, Entry, Inspection, SubtitleFile
from submissions.player import poster_of, tracks_beside
from submissions.question_queries import answer_views, questions_open
from submissions.rights_view import declared_views
from submissions.service import turn_of, viewings_text
from submissions.statement_view import rulebook_of, statement_of
from submissions.steps import steps_of
from submissions.subtitle_view import asked_subtitles, lacks_only_subtitles, subtitle_rows

# Refusals that are said beside the code's field; the others are pages of their own.
CODE_REFUSALS = ("no_such_code", "code_not_valid", "code_not_needed", "code_missing", "too_many_codes")


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, edition: str) -> HttpResponse:
    """What is asked and by when; a title and a track begin a draft, with a code where one is needed."""
    place = get_edition(request.actor, edition)
    at = clock.now()
    calendar = calendar_of(place.pk, at)
    begin = enter_view.begin_of(place, calendar, code=request.GET.get("code", ""))
    form = BeginForm(
        place,
        request.POST or None,
        among=begin.among,
        code=begin.code,
        initial={"code": one_line(request.GET.get("code", ""))[:40]},
    )
    if request.method == "POST":
        if not request.actor.known:
            return redirect_to_login(request.get_full_path())
        if form.is_valid():
            try:
                entry = actions.create_entry(edition=place, by=request.actor, at=at, **form.cleaned_data)
            except Refused as error:
                if not begin.code or error.code not in CODE_REFUSALS:
                    raise
                form.add_error("code", error.text)
            else:
                messages.success(request, _("Your draft is kept. Only you can see it."))
                return redirect("submissions:edit", code=entry.code)
    said = sentences(rulebook_of(place), short_language())
    limits = limits_of(place)
    context = {
        "edition": place,
        "calendar": calendar,
        "form": form,
        "begin": begin,
        "rules": [rule for rule in said if rule.severity != "note" and not rule.about_ai],
        "wished": [rule for rule in said if rule.severity == "note" and not rule.about_ai],
        "ai_rules": [rule for rule in said if rule.severity != "note" and rule.about_ai],
        "ai_wished": [rule for rule in said if rule.severity == "note" and rule.about_ai],
        "left": time_left(calendar.deadline, at) if calendar.call_is_open else "",
        "limits": enter_view.limit_sentences(limits, place),
        "films_left": joined(
            enter_view.left_sentence(
                limits, used_by(request.actor.id, place.pk), projects=takes_projects(place)
            ),
            _("Drafts do not count before they are submitted."),
        )
        if request.actor.known and limits.per_person
        else "",
        "mine": list(Entry.objects.filter(edition=place, entrant_id=request.actor.id))
        if request.actor.known
        else [],
    }
    return page(request, "entrant/enter.html", context, status=400 if form.errors else 200)


@signed_in
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """My entries in every edition: state, what happens next, news."""
    at = clock.now()
    mine = list(queries.of_entrant(request.actor))
    named = list(queries.of_co_author(request.actor))
    inspections = queries.inspections_of(mine, reports=True)
    calendars = calendars_of({one.edition_id for one in [*mine, *named]}, at)
    public = queries.public_codes([one for one in [*mine, *named] if one.told])
    rows = []
    for one in mine:
        missing = one.state in (State.DRAFT, State.FIXING) and bool(gaps(one))
        standing = status.status_of(
            one,
            inspections.get(one.pk),
            calendars[one.edition_id],
            missing=missing,
            public=one.code in public,
            subtitles=lacks_only_subtitles(inspections.get(one.pk)),
        )
        rows.append((one, status.BADGES[State(one.state)], standing))
    only = all(one.is_project for one in [*mine, *named])
    fresh = post_queries.notices_of(request.actor).filter(read_at__isnull=True)[:3]
    news = [(notice, render(notice)) for notice in fresh]
    as_co_author = [
        (
            one,
            status.BADGES[State(one.state)],
            status.status_for_co_author(one, calendars[one.edition_id], public=one.code in public),
        )
        for one in named
    ]
    context = {
        "rows": rows,
        "only_projects": bool(rows or named) and only,
        "as_co_author": as_co_author,
        "news": news,
        "accompanies": mentor_queries.accompanies(request.actor),
    }
    return page(request, "entrant/entries.html", context)


@signed_in
@require_GET
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """Did it arrive, is the film good, how is it mended, was it watched, what was decided.

    A co-author reads where it stands and what was written, and answers for her own line; no more.
    """
    mine = get_entry(request.actor, code, permissions.is_maker, whole=True)
    if not permissions.is_entrant(request.actor, mine):
        return page(request, "entrant/entry_read.html", co_author_context(request, mine))
    context = entry_context(request, mine)
    response = page(request, "entrant/entry.html", context, part="live")
    if request.htmx and not (context["watching"] or context["reading"]) and mine.state != State.DRAFT:
        response.headers["HX-Refresh"] = "true"  # the entry may be admitted now: its forms are others
    return response


def entry_context(request: HttpRequest, mine: Entry) -> dict[str, Any]:
    """What the entry's page shows; `mine` was fetched whole."""
    at = clock.now()
    rules = form_of(mine.edition)
    calendar = calendar_of(mine.edition_id, at)
    versions = list(mine.versions.all())
    newest = next(iter(versions[0].inspections.all()), None) if versions else None
    open_to_edit = mine.state in (State.DRAFT, State.FIXING)
    missing = gaps(mine) if open_to_edit else []
    public = mine.code in queries.public_codes([mine])
    in_time = takes_now(mine, calendar)
    subtitles = list(mine.subtitle_files.all())
    only_subtitles = open_to_edit and lacks_only_subtitles(newest, waivers=True)
    changes = permissions.can_upload(request.actor, mine) and in_time
    draft = mine.state == State.DRAFT
    corrected = not draft and permissions.can_change(request.actor, mine, "subtitles", at)
    subtitles_open = (changes or corrected) and not mine.is_project
    corrections = [view_of(row, mine.edition, at) for row in mine.corrections.all()]
    arriving = in_time or (open_to_edit and has_unfinished(mine, at))
    # A draft whose own track has closed is edited to choose another one.
    can_edit = permissions.can_edit(request.actor, mine) and (in_time or calendar.call_is_open)
    limits = limits_of(mine.edition)
    hindered = hindrances(mine) if open_to_edit and in_time and (versions or mine.is_project) else []
    return {
        "entry": mine,
        "edition": mine.edition,
        "calendar": calendar,
        "badge": status.BADGES[State(mine.state)],
        "status": status.status_of(
            mine, newest, calendar, missing=bool(missing), public=public, subtitles=only_subtitles
        ),
        "steps": steps_of(mine, missing) if can_edit else [],
        "hindered": [one.sentence for one in hindered],
        "films_left": enter_view.left_for(mine, limits) if draft and in_time and not hindered else "",
        "extended": enter_view.announcement_for(mine, at) if draft and in_time else "",
        "deadline": deadline_of(mine, calendar) if draft and in_time else None,
        "code_form": CodeForm(),
        "asks_code": draft and enter_view.asks_code(mine, calendar, in_time=in_time),
        "missing": missing if in_time and not (only_subtitles and mine.state == State.FIXING) else [],
        "only_subtitles": only_subtitles and changes,
        "facts": facts_of(mine, rules),
        "answers": answer_views(mine),
        "questions_open": questions_open(mine, at),
        "statement": statement_of(mine),
        "credits": grouped(mine.credits.all()),
        "can_choose_showing": permissions.can_choose_showing(request.actor, mine),
        "showing": mine.online_showing,  # type: ignore[attr-defined]  # annotated
        "can_hand_over": permissions.can_hand_over(request.actor, mine),
        "versions": versions,
        "inspection": newest,
        "copy": media_url(request.actor, newest.copy_key) if newest else "",
        "tracks": tracks_beside(request.actor, mine, newest),
        "poster": poster_of(request.actor, newest),
        "feedback": has_feedback(mine),
        "accompanied": list(mentor_queries.accepted_of(mine.pk)),
        "laurels": laurels_of(mine.code) if mine.told == Entry.Decision.LAUREATE else [],
        "files": file_views(in_order(_beside(mine)), request.actor),
        "declared": declared_views(mine, request.actor),
        "subtitles": subtitle_rows(subtitles),
        "subtitle_form": SubtitleForm() if subtitles_open else None,
        "asked_subtitles": asked_subtitles(mine.edition) if subtitles_open else "",
        "team_places": list(place_queries.of_entry(mine)),
        "correction": next((view for view in corrections if view.waiting or view.running), None),
        "corrections": corrections,
        "can_ask_correction": permissions.can_ask_correction(request.actor, mine),
        "reading": any(file.state == SubtitleFile.State.WAITING for file in subtitles),
        "watching": newest is not None
        and newest.state in (Inspection.State.QUEUED, Inspection.State.RUNNING),
        "happened": timeline.happened(list(mine.events.all())),
        "turn": turn_of(mine, newest, calendar, rules),
        "viewings": viewings_text(list(mine.events.all()), rules, project=mine.is_project),
        "coming": timeline.coming(mine, calendar),
        "can_edit": can_edit,
        "can_upload": permissions.can_upload(request.actor, mine) and arriving,
        "can_submit": permissions.can_submit(request.actor, mine)
        and in_time
        and not missing
        and not hindered,
        "can_withdraw": permissions.can_withdraw(request.actor, mine) and not public,
    }


def _beside(entry: Entry) -> list[Attachment]:
    """The files beside its film; what was delivered for milestones stands on their pages."""
    return [file for file in entry.attachments.all() if file.kind != "delivery"]


def has_feedback(entry: Entry) -> bool:
    """Whether the jury's feedback was sent to its makers, as the log says; the log was fetched."""
    return any(event.kind == "feedback_sent" for event in entry.events.all())


def co_author_context(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What a co-author reads of an entry, fetched whole: no report, no film, no log."""
    calendar = calendar_of(entry.edition_id, clock.now())
    public = entry.code in queries.public_codes([entry])
    own = next(
        row for row in entry.credits.all() if row.invitation and row.invitation.user_id == request.actor.id
    )
    age = form_of(entry.edition).credits.age_least
    return {
        "entry": entry,
        "edition": entry.edition,
        "badge": status.BADGES[State(entry.state)],
        "status": status.status_for_co_author(entry, calendar, public=public),
        "statement": statement_of(entry),
        "credits": grouped(entry.credits.all()),
        "coming": timeline.coming(entry, calendar),
        "running": permissions.is_running(entry),
        "feedback": has_feedback(entry),
        **answer_context(own, age, may_correct=entry.state == State.DRAFT),
    }


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a draft. The same address takes the text as it is typed (JSON asked) and the form as sent."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    if request.method == "GET" and not permissions.can_edit(request.actor, mine):
        messages.info(request, _("This entry is no longer a draft, so its text can no longer be changed."))
        return redirect("submissions:entry", code=mine.code)
    at = clock.now()
    typed = request.method == "POST" and "application/json" in request.headers.get("Accept", "")
    form = EntryForm(mine, request.POST or None, at=at)
    http_status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.save_entry(entry=mine, by=request.actor, at=at, **form.cleaned_data)
            except Refused as error:
                if typed or error.code != "changed":
                    raise
                form.add_error(None, error.text)
                form.data = form.data.copy()
                form.data["seen"] = mine.updated_at.isoformat()
                http_status = error.status
            else:
                if typed:
                    fresh = get_entry(request.actor, code, permissions.is_entrant, whole=True)
                    missing = [gap.sentence for gap in gaps(fresh) if gap.step == "about"]
                    return JsonResponse({"seen": fresh.updated_at.isoformat(), "missing": missing})
                messages.success(request, _("Saved."))
                return redirect("submissions:entry", code=mine.code)
        elif typed:
            text = " ".join(error for errors in form.errors.values() for error in errors)
            return JsonResponse({"error": "invalid", "text": text}, status=400)
        else:
            http_status = 400
    missing = gaps(mine)
    context = {
        "entry": mine,
        "edition": mine.edition,
        "steps": steps_of(mine, missing, "about"),
        "missing": [gap.sentence for gap in missing if gap.step == "about"],
        "form": form,
        "ai_rules": [
            rule for rule in sentences(rulebook_of(mine.edition), short_language()) if rule.about_ai
        ],
    }
    return page(request, "entrant/edit.html", context, status=http_status)


@signed_in
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Send the entry in."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    actions.submit(entry=mine, by=request.actor, at=clock.now())
    messages.success(request, _("Submitted. We have written to you as well."))
    return redirect("submissions:entry", code=mine.code)


@signed_in
@require_POST
def redeem(request: HttpRequest, code: str) -> HttpResponse:
    """Use a code from the organiser for a draft."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    form = CodeForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["code"]))
        return redirect("submissions:entry", code=mine.code)
    try:
        used = redeem_code(entry=mine, text=form.cleaned_data["code"], by=request.actor, at=clock.now())
    except Refused as error:
        messages.error(request, error.text)
        return redirect("submissions:entry", code=mine.code)
    if used.track_id not in (None, mine.track_id):
        messages.success(request, _("The code is used. Choose the track it opens in the form."))
        return redirect("submissions:edit", code=mine.code)
    messages.success(request, _("The code is used."))
    return redirect("submissions:entry", code=mine.code)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask once more, then take the film out of the competition."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    if request.method == "POST":
        actions.withdraw(entry=mine, by=request.actor, at=clock.now())
        messages.success(request, _("The entry is withdrawn."))
        return redirect("submissions:entry", code=mine.code)
    if not permissions.can_withdraw(request.actor, mine):
        return redirect("submissions:entry", code=mine.code)
    actions.assert_not_public(mine)
    return page(request, "entrant/withdraw.html", {"entry": mine, "edition": mine.edition})
