"""Asking for a correction, deciding over it, closing it. What is changed meanwhile is put on record by `correcting`.

Everybody who writes here holds the entry's row first: of two who decide at once, or of a save and the end, one comes
second and is told so.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.models import Membership
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from festival.people.roles import Role
from festival.post import actions as post
from festival.post.models import Notice
from festival.post.template_actions import both_languages
from submissions import letters, permissions, queries
from submissions.correction_fields import correctable, labels_of
from submissions.correction_queries import is_running, open_of
from submissions.event_log import log_event
from submissions.models import Correction, Entry

MOST_A_DAY = 5
MOST_DAYS = 60
REAP_AT_MOST = 200
State = Correction.State


@transaction.atomic
def ask_correction(
    *, entry: Entry, names: Sequence[str], message: str, by: Actor, at: datetime
) -> Correction:
    """The entrant asks for these fields to be opened, and says why. The organisers are told in the site and by mail.

    Refused while another request waits or is open, and (429) beyond MOST_A_DAY.
    """
    fresh = _hold(entry)
    if not permissions.can_ask_correction(by, fresh):
        text = _(
            "A correction can be asked for by the entrant, of an entry that is submitted and in the running."
        )
        raise Refused(text, status=403, code="not_allowed")
    end_of_time(entry=fresh, at=at)
    if open_of(fresh) is not None:
        raise Refused(
            _("There is a correction already that waits or is open. Look at it first."), code="open"
        )
    asked = _known(fresh, names, at)
    if not message.strip():
        raise Refused(
            _("Say what is wrong and why: the organisers decide by it."), status=400, code="no_message"
        )
    recent = Correction.objects.filter(entry=fresh, asked_by=by.user, asked_at__gt=at - timedelta(days=1))
    if recent.count() >= MOST_A_DAY:
        text = _("You have asked %(count)d times within a day. Ask again tomorrow, for everything at once.")
        raise Refused(text % {"count": MOST_A_DAY}, status=429, code="too_many")
    row = Correction.objects.create(
        entry=fresh, asked=asked, message=message.strip(), asked_by=by.user, asked_at=at
    )
    log_event(entry=fresh, kind="correction_asked", by=by, at=at, correction=row.pk, fields=asked)
    _tell_organisers(row, at)
    return row


@transaction.atomic
def take_back(*, entry: Entry, by: Actor, at: datetime) -> None:
    """The entrant needs it no longer. Twice is once; refused when it was decided meanwhile."""
    fresh = _hold(entry)
    if not permissions.is_entrant(by, fresh):
        raise Refused(_("You cannot do this with this entry."), status=403, code="not_allowed")
    row = open_of(fresh)
    if row is None:
        return
    if row.state != State.ASKED:
        raise Refused(_("The organisers have decided meanwhile. Reload the page."))
    _set(row, State.OVER, closed_at=at, closed_by=by.user)
    log_event(entry=fresh, kind="correction_taken_back", by=by, at=at, correction=row.pk)


@transaction.atomic
def grant_correction(
    *,
    entry: Entry,
    names: Sequence[str],
    until: datetime,
    by: Actor,
    at: datetime,
    request: int | None = None,
    reason: str = "",
) -> Correction:
    """Open these fields to the entrant until then. `request` is the id of the request that it answers, None for none.

    Refused when the request was decided or taken back meanwhile, or when one stands there that the organiser has not
    seen. `reason` is a word to the entrant, who is told.
    """
    fresh = _hold_to_decide(entry, by)
    end_of_time(entry=fresh, at=at)
    row = _as_seen(fresh, request)
    granted = _known(fresh, names, at)
    if not at < until <= at + timedelta(days=MOST_DAYS):
        text = _("Choose a time that lies ahead, %(count)d days at most.")
        raise Refused(text % {"count": MOST_DAYS}, status=400, code="bad_until")
    decided: dict[str, Any] = {
        "granted": granted,
        "until": until,
        "decided_by": by.user,
        "decided_at": at,
        "reason": reason.strip(),
    }
    if row is None:
        row = Correction.objects.create(
            entry=fresh, state=State.GRANTED, asked_by=by.user, asked_at=at, **decided
        )
    else:
        _set(row, State.GRANTED, **decided)
    log_event(
        entry=fresh,
        kind="correction_granted",
        by=by,
        at=at,
        correction=row.pk,
        fields=granted,
        deadline=until.isoformat(),
        **_said(reason),
    )
    letters.tell(
        fresh,
        "correction_granted",
        at,
        fields=fields_text(fresh, granted),
        deadline=until.isoformat(),
        reason=reason.strip(),
    )
    return row


@transaction.atomic
def refuse_correction(*, entry: Entry, request: int, reason: str, by: Actor, at: datetime) -> Correction:
    """Do not open anything, with a reason that the entrant reads."""
    fresh = _hold_to_decide(entry, by)
    if not reason.strip():
        text = _("Say why the correction is not granted: the entrant reads it.")
        raise Refused(text, status=400, code="reason_missing")
    row = _as_seen(fresh, request)
    assert row is not None
    _set(row, State.REFUSED, decided_by=by.user, decided_at=at, reason=reason.strip())
    log_event(entry=fresh, kind="correction_refused", by=by, at=at, correction=row.pk, reason=reason.strip())
    letters.tell(fresh, "correction_refused", at, fields=fields_text(fresh, row.asked), reason=reason.strip())
    return row


@transaction.atomic
def finish_correction(*, entry: Entry, by: Actor, at: datetime) -> None:
    """The entrant has corrected everything: nothing can be changed any more. Twice is once."""
    fresh = _hold(entry)
    if not permissions.is_entrant(by, fresh):
        raise Refused(_("You cannot do this with this entry."), status=403, code="not_allowed")
    row = open_of(fresh)
    if row is None or not is_running(row, at):
        return
    _set(row, State.DONE, closed_at=at, closed_by=by.user)
    log_event(entry=fresh, kind="correction_done", by=by, at=at, correction=row.pk)


@transaction.atomic
def close_correction(*, entry: Entry, by: Actor, at: datetime, reason: str = "") -> None:
    """An organiser ends a granted correction before its time; what was corrected stays. The entrant is told."""
    fresh = _hold_to_decide(entry, by)
    row = open_of(fresh)
    if row is None or not is_running(row, at):
        raise Refused(_("This correction is over already. Reload the page."))
    _set(row, State.OVER, closed_at=at, closed_by=by.user)
    log_event(entry=fresh, kind="correction_closed", by=by, at=at, correction=row.pk, **_said(reason))
    _tell_closed(row, at, reason.strip())


def end_of_time(*, entry: Entry, at: datetime) -> None:
    """Write down that a granted correction is over, where its time is. The caller holds the entry's row."""
    row = Correction.objects.filter(entry=entry, state=State.GRANTED, until__lte=at).first()
    if row is None or row.until is None:
        return
    row.entry = entry
    _set(row, State.OVER, closed_at=row.until)
    log_event(entry=entry, kind="correction_over", by=SYSTEM, at=row.until, correction=row.pk)
    _tell_closed(row, at, "")


def end_all(*, at: datetime) -> int:
    """The same for every correction whose time is over; nothing could be changed since. Run by the reaper."""
    late = Correction.objects.filter(state=State.GRANTED, until__lte=at).order_by("until")
    ids = list(late.values_list("entry_id", flat=True)[:REAP_AT_MOST])
    for pk in ids:
        with transaction.atomic():
            end_of_time(entry=_hold(Entry(pk=pk)), at=at)
    return len(ids)


def fields_text(entry: Entry, names: Collection[str]) -> dict[str, str]:
    """What these fields are called, a line each, in both languages: for letters."""
    return both_languages(lambda: "\n".join(f"– {label}" for label in labels_of(entry.edition, names)))


def _hold(entry: Entry) -> Entry:
    """The entry's row until the transaction ends."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    return rows.get(pk=entry.pk)


def _hold_to_decide(entry: Entry, by: Actor) -> Entry:
    fresh = _hold(entry)
    if not permissions.can_decide_correction(by, fresh):
        text = _("Organisers decide over corrections, and nobody over a film of their own.")
        raise Refused(text, status=403, code="not_allowed")
    if not permissions.is_running(fresh):
        text = _("Nothing can be corrected now: the entry is “%(state)s”.")
        raise Refused(text % {"state": fresh.get_state_display()}, code="not_running")
    return fresh


def _as_seen(entry: Entry, request: int | None) -> Correction | None:
    """The request that was on the decider's page; refused when something else stands there now."""
    row = open_of(entry)
    if (row.pk if row else None) == request and (row is None or row.state == State.ASKED):
        return row
    raise Refused(
        _(
            "Somebody was faster: a request was made, decided or taken back meanwhile. "
            "Reload the page and look again."
        )
    )


def _set(row: Correction, state: str, **columns: Any) -> None:
    """Compare and set: one that is in another state by now is not touched."""
    changed = Correction.objects.filter(pk=row.pk, state=row.state).update(state=state, **columns)
    if not changed:
        raise Refused(_("Somebody was faster: this correction has changed. Reload the page and look again."))
    row.state = state
    for name, value in columns.items():
        setattr(row, name, value)


def _known(entry: Entry, names: Sequence[str], at: datetime) -> list[str]:
    """The fields in the order of the form. Refused for none, and for one that is not corrected this way."""
    known = [field.name for field in correctable(entry, at)]
    if not names:
        raise Refused(_("Choose at least one field."), status=400, code="no_fields")
    if set(names) - set(known):
        text = _("One of these fields cannot be corrected this way. Reload the page and choose again.")
        raise Refused(text, status=400, code="bad_fields")
    return [name for name in known if name in names]


def _said(reason: str) -> dict[str, str]:
    return {"reason": reason.strip()} if reason.strip() else {}


def _tell_organisers(row: Correction, at: datetime) -> None:
    """Those who may decide, each once; nobody who also judges here, and nobody of the film's own makers."""
    entry = row.entry
    members = Membership.objects.filter(edition=entry.edition_id)
    judging = members.filter(role=Role.JUDGE).values("user_id")
    makers = [entry.entrant_id, *queries.co_authors_of([entry.pk]).get(entry.pk, [])]
    deciding = members.filter(role__in=(Role.ORGANISER, Role.OWNER))
    users = deciding.exclude(user_id__in=judging).exclude(user_id__in=makers)
    values = {"title": entry.title, "code": entry.code, "fields": fields_text(entry, row.asked)}
    post.notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=entry.edition,
                kind="correction_asked",
                path=f"/{entry.edition.slug}/desk/entries/{entry.code}/correction/",
                created_at=at,
                values=values,
            )
            for user in users.order_by("user_id").values_list("user_id", flat=True).distinct()
        ]
    )


def _tell_closed(row: Correction, at: datetime, reason: str) -> None:
    changed = set(row.changes.values_list("field", flat=True))
    nothing = both_languages(lambda: f"– {_('Nothing was changed.')}")
    fields = fields_text(row.entry, changed) if changed else nothing
    letters.tell(row.entry, "correction_closed", at, fields=fields, reason=reason)
