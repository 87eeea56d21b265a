"""Writes of what may be watched on public pages: the entrant's choice, and the copies that follow from it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions, published_actions
from submissions.actions import log_event
from submissions.lifecycle import State
from submissions.models import Attachment, Entry, Inspection, OnlineShowing, PublishedCopy
from submissions.showing_words import VERSION

PURPOSES = (PublishedCopy.Purpose.FILM, PublishedCopy.Purpose.TRAILER)


@transaction.atomic
def choose(*, entry: Entry, what: str, seen: int, by: Actor, at: datetime) -> None:
    """Let everybody watch the film ("film"), its trailer ("trailer"), or nothing (""), from now on.

    `seen` is the number of the wording that stood on the page: nobody agrees to what they have not read. Taking it
    back needs none, and removes what was made for the page: links that are out lead nowhere.
    """
    if not permissions.can_choose_showing(by, entry):
        raise Refused(_("Only the entrant decides what may be watched."), status=403, code="not_allowed")
    if what not in ("", *OnlineShowing.What.values):
        raise Refused(_("Choose one of the three answers."), status=400, code="bad_answer")
    if what and seen != VERSION:
        raise Refused(
            _("A text has changed since you opened this page. Read it again, then save."), code="changed"
        )
    held = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    before = OnlineShowing.objects.filter(entry=held, until__isnull=True).first()
    if (before.what if before else "") == what and (before is None or before.version == VERSION):
        return
    end(entry=held, at=at)
    if what:
        OnlineShowing.objects.create(entry=held, what=what, version=VERSION, by=by.user, at=at)
    log_event(entry=held, kind="showing_chosen", by=by, at=at, what=what)
    settle(at=at, entry=held)


@transaction.atomic
def end(*, entry: Entry, at: datetime) -> None:
    """Nothing may be watched any more. What was agreed to stays on record; the copies go at once."""
    OnlineShowing.objects.filter(entry=entry, until__isnull=True).update(until=at)
    published_actions.forget(entry=entry.pk, purposes=PURPOSES)


def settle(*, at: datetime, entry: Entry | None = None) -> None:
    """Have the copies made that public pages may show now, and remove those they may not; of one entry, or of all.

    Only of films that are public: before the announcement nothing is made for a page. Run by the reaper.
    """
    shown = _shown()
    rows = PublishedCopy.objects.filter(purpose__in=PURPOSES)
    if entry is not None:
        shown, rows = shown.filter(entry=entry.pk), rows.filter(entry=entry.pk)
    wanted: dict[tuple[int, str], int] = {}
    editions = {}
    for showing in shown:
        original = showing.film if showing.what == "film" else showing.trailer
        if original is not None:
            wanted[showing.entry_id, showing.what] = original
            editions[showing.entry_id] = showing.entry.edition
    for pk, purpose in rows.values_list("entry", "purpose"):
        if (pk, purpose) not in wanted:
            published_actions.forget(entry=pk, purposes=[purpose])
    for edition, purpose, some in _grouped(wanted, editions):
        published_actions.ask(purpose=purpose, wanted=some, edition=edition, at=at)


def _shown() -> QuerySet:
    """The choices that count, of public films in the running, with the id of the original to be shown."""
    public = Film.objects.filter(
        edition=OuterRef("entry__edition"), source=OuterRef("entry__code"), published_at__isnull=False
    )
    film = Inspection.objects.filter(
        version__entry=OuterRef("entry"), version__asset__isnull=False, state=Inspection.State.DONE
    )
    film = film.exclude(copy_key="").order_by("-version__number", "-pk").values("version__asset")[:1]
    trailer = Attachment.objects.filter(
        entry=OuterRef("entry"), kind="trailer", state=Attachment.State.READY
    ).values("asset")[:1]
    rows = OnlineShowing.objects.filter(Exists(public), until__isnull=True)
    rows = rows.exclude(entry__state__in=(State.WITHDRAWN, State.REFUSED)).select_related("entry__edition")
    return rows.annotate(film=Subquery(film), trailer=Subquery(trailer))


def _grouped(wanted: dict[tuple[int, str], int], editions: dict) -> Iterator[tuple]:
    groups: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for (pk, purpose), asset in wanted.items():
        groups[editions[pk].pk, purpose][pk] = asset
    named = {edition.pk: edition for edition in editions.values()}
    for (edition, purpose), some in groups.items():
        yield named[edition], purpose, some
