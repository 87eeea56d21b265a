"""Writes of entries. `move` is the only writer of an entry's state."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition.form_rules import FIELDS as COMMON_FIELDS
from festival.edition.models import Edition, Track
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from submissions import letters, permissions
from submissions.acceptance import is_accepted
from submissions.codes import assert_late_here, assert_track_taken, codes_of, find_code, redeem
from submissions.completeness import missing_for_submission
from submissions.doubles import hold_doubles
from submissions.event_log import log_event as log_event
from submissions.in_time import assert_in_time, assert_track_open
from submissions.lifecycle import MOVES, State
from submissions.limits import hold_limits
from submissions.models import Correction, Entry, Event, SubtitleFile
from submissions.question_actions import freeze_answers, save_answers
from submissions.statement.facts import Use
from submissions.statement_actions import write_statement_findings, write_uses
from submissions.statement_view import rulebook_of, uses_of

FIELDS = ("title", *COMMON_FIELDS, "ai_statement")


def create_entry(
    *, edition: Edition, track: Track, title: str, by: Actor, at: datetime, code: str = "", **fields: Any
) -> Entry:
    """A draft. Refused while its track takes no films, and without a code where entering is by invitation.

    `code` is what an organiser handed out; a late code opens its track after the deadline.
    """
    found = find_code(edition=edition, text=code, by=by, at=at, track=track) if code else None
    assert_track_open(track, edition, at, late_until=found.until if found else None)
    assert_track_taken(track, edition, codes=[found] if found else [])
    with transaction.atomic():
        entry = begin_draft(edition=edition, track=track, title=title, by=by, at=at, **fields)
        if found:
            redeem(code=found, entry=entry, by=by, at=at)
    return entry


def begin_draft(
    *, edition: Edition, track: Track, title: str, by: Actor, at: datetime, **fields: Any
) -> Entry:
    """A draft of the actor's. Whether the track takes one is for the caller to know: a cohort's place stands for it."""
    for _attempt in range(5):
        try:
            with transaction.atomic():
                entry = Entry.objects.create(
                    edition=edition,
                    track=track,
                    entrant=by.user,
                    code=new_code(),
                    title=title,
                    created_at=at,
                    updated_at=at,
                    **fields,
                )
                log_event(entry=entry, kind="created", by=by, at=at)
                return entry
        except IntegrityError:  # a code drawn twice
            continue
    raise RuntimeError("no free entry code after five draws")


@transaction.atomic
def save_entry(
    *,
    entry: Entry,
    by: Actor,
    at: datetime,
    track: Track,
    seen: datetime | None = None,
    uses: Sequence[Use] | None = None,
    answers: Mapping[int, Any] | None = None,
    **fields: Any,
) -> Entry:
    """Save a draft: one compare-and-set. `uses` are the lines of its AI statement; None leaves them as they are.

    `answers` are those to the edition's own questions, by question id; None takes one back.

    Refused when its new track takes no films, when it was submitted meanwhile, and (code "changed") when it was
    saved elsewhere after `seen`, the `updated_at` that the writer had before their eyes: nothing is overwritten
    unseen.
    """
    if track.pk != entry.track_id:
        assert_track_open(track, entry.edition, at, late_until=entry.late_until)
        codes = codes_of(entry)
        assert_track_taken(track, entry.edition, codes=codes)
        assert_late_here(codes, track)
    given = {name: value for name, value in fields.items() if name in FIELDS}
    drafts = Entry.objects.filter(pk=entry.pk, state=State.DRAFT)
    if seen is not None:
        drafts = drafts.filter(updated_at=seen)
    changed = drafts.update(track=track, updated_at=at, **given)
    entry.refresh_from_db()
    if changed:
        if uses is not None and tuple(uses) != uses_of(entry):
            write_uses(entry=entry, uses=uses)
        if answers:
            save_answers(entry=entry, values=answers)
        return entry
    if entry.state == State.DRAFT:
        raise Refused(
            _(
                "This draft was saved in another tab or on another device after you opened this page. "
                "What you wrote here is still in the form: save once more to keep it instead of the other version."
            ),
            code="changed",
        )
    raise Refused(
        _("This entry is no longer a draft, so its text can no longer be changed."), code="not_a_draft"
    )


@transaction.atomic
def submit(*, entry: Entry, by: Actor, at: datetime) -> Entry:
    """Send the entry in: before the deadline, or within the fix window. Twice is once: the second tab is told.

    A film that was being uploaded at the deadline has the edition's grace minutes more (see `window`). Of two tabs
    that submit at once, beyond what one person may, one gets through (see `limits.hold_limits`).
    """
    # Not joined to its track, which may change while one waits (see `drafts.hold_parts`).
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    fresh = rows.get(pk=entry.pk)
    if fresh.state in (State.DRAFT, State.FIXING):
        assert_in_time(fresh, at)
    elif fresh.state in (State.SUBMITTED, State.ELIGIBLE):
        raise Refused(
            _("This entry has already been submitted. There is nothing more to do."), code="already"
        )
    missing = missing_for_submission(fresh)
    if missing:
        raise Refused(" ".join(missing), status=400, code="incomplete")
    if fresh.state == State.DRAFT:
        freeze_answers(entry=fresh)
    hold_limits(fresh)
    move(entry=fresh, name="submit", by=by, at=at, set_fields={"submitted_at": at})
    write_statement_findings(entries={fresh.pk: uses_of(fresh)}, rulebook=rulebook_of(fresh.edition))
    letters.tell(fresh, "project_submitted" if fresh.is_project else "entry_submitted", at)
    settle(entry=fresh, at=at)
    return fresh


@transaction.atomic
def withdraw(*, entry: Entry, by: Actor, at: datetime) -> Entry:
    """The entrant takes the film out of the competition. It cannot be undone.

    Refused once the festival shows the film: what was announced and printed does not vanish by a click.
    """
    assert_not_public(entry)
    move(entry=entry, name="withdraw", by=by, at=at)
    letters.tell(entry, "entry_withdrawn", at)
    return entry


def assert_not_public(entry: Entry) -> None:
    """Refuses when the film has its public page, as a laureate or in the programme."""
    if Film.objects.filter(edition=entry.edition_id, source=entry.code, published_at__isnull=False).exists():
        raise Refused(
            _(
                "The festival already shows this film to the public. Write to the organiser if it must not be shown."
            ),
            code="public",
        )


@transaction.atomic
def move(
    *,
    entry: Entry,
    name: str,
    by: Actor,
    at: datetime,
    set_fields: dict[str, Any] | None = None,
    **values: Any,
) -> Entry:
    """Make the move `name` of the life-cycle table: one compare-and-set, one line in the log.

    Refused with 409 when the entry is no longer in the state the caller saw; with 403 when the move is not open to
    the actor. `entry` is refreshed in place.
    """
    step = MOVES[name]
    if not permissions.acts_as(by, entry) & set(step.by):
        raise Refused(_("You cannot do this with this entry."), status=403, code="not_allowed")
    source = entry.state
    changed = 0
    if source in step.sources:
        changed = Entry.objects.filter(pk=entry.pk, state=source).update(
            state=step.target, updated_at=at, **(set_fields or {})
        )
    if not changed:
        entry.refresh_from_db(fields=["state"])
        raise Refused(
            _("Somebody was faster: the entry is now “%(state)s”. Reload the page and look again.")
            % {"state": entry.get_state_display()}
        )
    Event.objects.create(
        entry=entry, kind=name, actor=by.user, at=at, source=source, target=step.target, values=values
    )
    if step.target in (State.REFUSED, State.WITHDRAWN):  # nothing of it can be corrected any more
        rows = Correction.objects.filter(entry=entry, state__in=Correction.OPEN)
        rows.update(state=Correction.State.OVER, closed_at=at)
    entry.refresh_from_db()
    return entry


@transaction.atomic
def take_back(*, entry: Entry, name: str, source: str, event: int, by: Actor, at: datetime) -> Entry:
    """Undo the move `name`, before anybody was written to about it: the one way against the table of moves.

    `event` is the move's line in the log, which stays; the new line names it. 409 when the entry has moved on.
    """
    target = MOVES[name].target
    forgotten = {"fix_until": None} if target == State.FIXING else {}
    changed = Entry.objects.filter(pk=entry.pk, state=target).update(state=source, updated_at=at, **forgotten)
    if not changed:
        raise Refused(_("Somebody was faster with this entry. Reload the page and look again."))
    Event.objects.create(
        entry=entry,
        kind="taken_back",
        actor=by.user,
        at=at,
        source=target,
        target=source,
        values={"move": name, "event": event},
    )
    entry.refresh_from_db()
    return entry


@transaction.atomic
def settle(*, entry: Entry, at: datetime) -> None:
    """Decide over a submitted entry by its newest inspection: admit, or ask for a mended film.

    A project has nothing to be inspected and is admitted at once. A film whose faults a technician has waived passes.
    Called when an inspection's report is in, when an entry is submitted, and when the last subtitle file beside the
    film was read, whichever comes last; calling it again changes nothing.
    """
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    entry = rows.get(pk=entry.pk)
    if entry.state != State.SUBMITTED:
        return
    if entry.is_project:
        move(entry=entry, name="admit", by=SYSTEM, at=at)  # told by the letter that it was submitted
        return
    version = entry.versions.order_by("-number").first()
    inspection = version.inspections.order_by("-pk").first() if version else None
    if inspection is None or not inspection.verdict:
        return
    if entry.subtitle_files.filter(state=SubtitleFile.State.WAITING).exists():
        return
    if is_accepted(inspection):
        admit_by_itself(entry=entry, at=at)
    else:
        ask_fix(entry=entry, by=SYSTEM, at=at)


@transaction.atomic
def admit_by_itself(*, entry: Entry, at: datetime) -> None:
    """Admit what the inspection found good; but where the same file was entered elsewhere, a technician decides."""
    if not hold_doubles(entry=entry, at=at):
        admit(entry=entry, by=SYSTEM, at=at)


@transaction.atomic
def admit(*, entry: Entry, by: Actor, at: datetime, reason: str = "") -> Entry:
    """Admit to the competition; by a technician with a reason when findings are waived."""
    move(entry=entry, name="admit", by=by, at=at, **({"reason": reason} if reason else {}))
    letters.tell_admitted(entry, at)
    return entry


@transaction.atomic
def ask_fix(*, entry: Entry, by: Actor, at: datetime, reason: str = "") -> Entry:
    """Open a fix window of the edition's length, counted from now."""
    until = at + timedelta(days=entry.edition.fix_days)
    version = entry.versions.order_by("-number").first()
    values: dict[str, Any] = {"version": version.number if version else 0}
    if reason:
        values["reason"] = reason
    move(entry=entry, name="ask_fix", by=by, at=at, set_fields={"fix_until": until}, **values)
    letters.tell_to_mend(entry, at, until=until, reason=reason)
    return entry


@transaction.atomic
def refuse(*, entry: Entry, by: Actor, at: datetime, reason: str) -> Entry:
    """Do not admit, with a reason that the entrant reads."""
    if not reason.strip():
        raise Refused(_("Say why the film is not admitted: the entrant reads it."), status=400)
    move(entry=entry, name="refuse", by=by, at=at, reason=reason)
    letters.tell(entry, "entry_refused", at, reason=reason)
    return entry
