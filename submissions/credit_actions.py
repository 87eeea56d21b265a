"""Writes of an entry's credits."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.completeness import form_of
from submissions.correcting import recorded
from submissions.credit_people import Person, digest_of, director_line, most_people, people_of
from submissions.drafts import hold_draft
from submissions.models import Credit, Entry

MOST_DIRECTOR = 200  # characters of Entry.director


@transaction.atomic
def save_credits(
    *, entry: Entry, people: Sequence[Person], by: Actor, at: datetime, seen: str | None = None
) -> Entry:
    """Put these lines in place of the credits: of a draft, or of an entry whose credits may be corrected.

    Refused (400, "too_many") for more people than the edition takes, (400, "incomplete") for a correction that leaves
    out what the edition asks of credits, and (code "changed") when the credits are no longer those with the digest
    `seen`, which the writer had before their eyes: nothing is overwritten unseen.
    """
    fresh = hold_draft(entry=entry, by=by, part="credits", at=at)
    stored = people_of(fresh)
    if tuple(people) == stored:
        return fresh
    if seen is not None and seen != digest_of(stored):
        text = _(
            "The credits were changed in another tab, or by a co-author, after you opened this page. What you wrote "
            "here is still in the form: save once more to keep it instead."
        )
        raise Refused(text, code="changed")
    most = most_people(form_of(fresh.edition).credits)
    if len(people) > most:
        text = ngettext(
            "This contest takes %(most)d person in the credits at most; there are %(count)d.",
            "This contest takes %(most)d people in the credits at most; there are %(count)d.",
            most,
        )
        raise Refused(text % {"most": most, "count": len(people)}, status=400, code="too_many")
    with recorded(entry=fresh, parts=("credits",), by=by, at=at, complete=True):
        write_credits(entry=fresh, people=people, at=at)
    entry.refresh_from_db(fields=["director", "updated_at"])
    getattr(entry, "_prefetched_objects_cache", {}).pop("credits", None)
    return fresh


@transaction.atomic
def write_credits(*, entry: Entry, people: Sequence[Person], at: datetime) -> None:
    """Put these lines in place of the entry's credits. The caller has made sure that nobody else writes them.

    An answer that a co-author gave stays with her address. The directors become `Entry.director`, the line of lists
    and programmes; credits without a director leave it as it is.
    """
    answers = {row.email: row for row in entry.credit_invitations.all()}
    Credit.objects.filter(entry=entry).delete()
    Credit.objects.bulk_create(
        Credit(
            entry=entry,
            position=position,
            name=person.name,
            name_other=person.name_other,
            roles=list(person.roles),
            role_other=person.role_other,
            email=person.email,
            country=person.country,
            is_representative=person.is_representative,
            is_self=person.is_self,
            invitation=None if person.is_self else answers.get(person.email),
        )
        for position, person in enumerate(people)
    )
    getattr(entry, "_prefetched_objects_cache", {}).pop("credits", None)
    line = director_line(people)[:MOST_DIRECTOR]
    if line and line != entry.director:
        entry.director, entry.updated_at = (
            line,
            at,
        )  # a form open elsewhere is told by the time that it is older
        entry.save(update_fields=["director", "updated_at"])
