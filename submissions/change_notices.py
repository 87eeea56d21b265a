"""Entrants are told when something was changed that concerns their drafts and entries."""

from collections.abc import Sequence

from festival.edition.frozen import FROZEN
from festival.edition.models import EditionChange
from festival.post import actions as post
from festival.post.models import Notice
from submissions.lifecycle import State
from submissions.models import Entry

KIND = "edition_changed"
HAVE_ENTERED = (State.SUBMITTED, State.FIXING, State.ELIGIBLE)


def tell_entrants(changes: Sequence[EditionChange]) -> None:
    """One notice for each person, however many drafts and changes. Three queries.

    Who has not read the last one is not told again: the page it leads to shows everything.
    """
    first = changes[0]
    rows = Entry.objects.filter(edition=first.edition, state__in=_states(changes))
    tracks = {slug for one in changes for slug in one.tracks}
    if all(one.tracks for one in changes):
        rows = rows.filter(track__slug__in=tracks)
    unread = Notice.objects.filter(edition=first.edition, kind=KIND, read_at__isnull=True).values("user")
    people = rows.exclude(entrant__in=unread).order_by("entrant").values_list("entrant", flat=True).distinct()
    post.notify_many(
        notices=[
            Notice(
                user_id=person,
                edition=first.edition,
                kind=KIND,
                path=f"/{first.edition.slug}/changes/",
                created_at=first.at,
                values={"reason": first.reason},
            )
            for person in people
        ]
    )


def _states(changes: Sequence[EditionChange]) -> tuple[str, ...]:
    only_drafts = all(FROZEN[one.what].concerns == "drafts" for one in changes)
    return (State.DRAFT,) if only_drafts else (State.DRAFT, *HAVE_ENTERED)
