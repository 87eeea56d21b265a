"""Whom an organiser may write to about entries, and what the desk does not see: told to the post at the start."""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import batched
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.edition.calendar import calendar_of
from festival.edition.models import Edition, Track
from festival.post.registry import Audience, Recipient, register, register_shield
from submissions import queries
from submissions.deadline import deadline_of
from submissions.letters import missing_in_draft
from submissions.lifecycle import State
from submissions.models import Entry

ENTRY = ("title", "code")
Extra = Callable[[Entry], dict[str, Any] | None]  # more values; None: this entry is not meant


def entries_in(
    states: Collection[str], extra: Extra | None, edition: Edition, track: Track | None, chunk: int
) -> Iterator[Recipient]:
    """A recipient for each entry of the edition in one of the states."""
    rows = _in_track(_of_people(edition).filter(state__in=states), track)
    for ids in batched(list(rows.order_by("pk").values_list("pk", flat=True)), chunk):
        for entry in queries.with_form(Entry.objects.filter(pk__in=ids)).order_by("pk"):
            more = extra(entry) if extra else {}
            if more is not None:
                yield _recipient(entry, more)


def drafts(missing_only: bool, edition: Edition, track: Track | None, chunk: int) -> Iterator[Recipient]:
    """A recipient for each draft; with what it lacks."""
    calendar = calendar_of(edition.pk, timezone.now())

    def extra(entry: Entry) -> dict[str, Any] | None:
        end = deadline_of(entry, calendar)
        deadline = {"deadline": end.isoformat()} if end else {}
        if not missing_only:
            return deadline
        missing = missing_in_draft(entry)
        return deadline | {"missing": missing} if missing else None

    yield from entries_in((State.DRAFT,), extra, edition, track, chunk)


def until(entry: Entry) -> dict[str, Any]:
    return {"until": entry.fix_until.isoformat()} if entry.fix_until else {}


def people(edition: Edition, track: Track | None, chunk: int) -> Iterator[Recipient]:
    """Everybody with an entry here, each once."""
    rows = _in_track(_of_people(edition).exclude(state=State.WITHDRAWN), track)
    for user in rows.order_by("entrant_id").values_list("entrant_id", flat=True).distinct():
        yield Recipient(user, "/entries/")


def drafts_among(codes: Collection[str]) -> set[str]:
    """The codes of entries that nobody sees but their entrants."""
    rows = Entry.objects.filter(code__in=codes, submitted_at__isnull=True)
    return set(rows.values_list("code", flat=True))


def _of_people(edition: Edition) -> QuerySet[Entry]:
    """Entries of whom somebody can be written to: not of accounts that were closed or deleted."""
    return Entry.objects.filter(edition=edition, entrant__is_active=True)


def _in_track(rows: QuerySet[Entry], track: Track | None) -> QuerySet[Entry]:
    return rows.filter(track=track) if track else rows


def _recipient(entry: Entry, more: dict[str, Any]) -> Recipient:
    return Recipient(
        entry.entrant_id,
        f"/entries/{entry.code}/",
        about=entry.code,
        values={"title": entry.title, "code": entry.code, **more},
    )


def _of(*states: State, extra: Extra | None = None) -> Callable[..., Iterator[Recipient]]:
    return partial(entries_in, states, extra)


AUDIENCES = (
    Audience(
        "drafts",
        _("Drafts"),
        _("A letter for each entry that is not submitted yet."),
        (*ENTRY, "deadline"),
        partial(drafts, False),
    ),
    Audience(
        "drafts_missing",
        _("Drafts that lack something"),
        _("A letter for each draft that could not be submitted as it is; it can say what is missing."),
        (*ENTRY, "deadline", "missing"),
        partial(drafts, True),
    ),
    Audience(
        "submitted",
        _("Submitted, not decided yet"),
        _("A letter for each entry that waits for its inspection or for a decision."),
        ENTRY,
        _of(State.SUBMITTED),
    ),
    Audience(
        "fixing",
        _("To be mended"),
        _("A letter for each entry of which a mended film or subtitles are awaited."),
        (*ENTRY, "deadline"),
        _of(State.FIXING, extra=until),
    ),
    Audience(
        "eligible",
        _("Admitted"),
        _("A letter for each entry that is admitted to the competition."),
        ENTRY,
        _of(State.ELIGIBLE),
    ),
    Audience(
        "refused",
        _("Not admitted"),
        _("A letter for each entry that was not admitted."),
        ENTRY,
        _of(State.REFUSED),
    ),
    Audience(
        "entrants",
        _("All entrants"),
        _("One letter for everybody with an entry, drafts included, unless all they had is withdrawn."),
        (),
        people,
    ),
)


def tell_post() -> None:
    """Called once, when the site starts."""
    register(*AUDIENCES)
    register_shield(drafts_among)
