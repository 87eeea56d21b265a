"""What is declared about the age and the identity of people, and how long it is kept.

The texts are fixed. Whoever changes one gives it a new version: what was agreed to is stored word for word.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.completeness import form_of
from submissions.credit_gaps import standing
from submissions.credit_people import in_order, representative_of
from submissions.drafts import hold_draft
from submissions.lifecycle import State
from submissions.models import CreditDeclaration, Entry, RepresentativeIdentity

Kind = CreditDeclaration.Kind
VERSION = "1"
KEPT = timedelta(days=30)  # after an entry is out of the running, or its draft can no longer be submitted
KEPT_OF_LAUREATES = timedelta(days=365)  # after the result was told: prizes are paid and taxed meanwhile


def age_of_everybody(age: int) -> str:
    text = _("Everybody named in the credits of this film is at least %(age)d years old today.")
    return text % {"age": age}


def age_of_oneself(age: int) -> str:
    return _("I am at least %(age)d years old today.") % {"age": age}


def identity_text() -> str:
    return _(
        "This is the legal name of the person who represents the team, and the document named here proves it. "
        "The document itself is shown when a prize is handed over, and not before."
    )


@transaction.atomic
def declare_age(*, entry: Entry, by: Actor, at: datetime) -> None:
    """The account declares for everybody who is named now; who is added later is not covered."""
    fresh = hold_draft(entry=entry, by=by, part="credits")
    age = form_of(fresh.edition).credits.age_least
    if not age:
        raise Refused(_("This contest does not ask about age."), code="not_asked")
    names = [credit.name for credit in in_order(fresh.credits.all()) if credit.name]
    if not names:
        raise Refused(_("Name the people in the credits first, and save them."), status=400, code="nobody")
    _write(fresh, Kind.AGE, by, at, text=age_of_everybody(age), values={"age": age, "names": names})


def declare_own_age(*, entry: Entry, email: str, age: int, by: Actor, at: datetime) -> None:
    """A co-author declares for herself. The caller holds the entry's row."""
    _write(entry, Kind.AGE, by, at, text=age_of_oneself(age), values={"age": age}, email=email)


@transaction.atomic
def declare_identity(*, entry: Entry, legal_name: str, document: str, by: Actor, at: datetime) -> None:
    """Keep the representative's legal name and kind of document, in place of what was given before."""
    fresh = hold_draft(entry=entry, by=by, part="credits")
    if not form_of(fresh.edition).credits.identity:
        raise Refused(_("This contest does not ask for legal names."), code="not_asked")
    representative = representative_of(fresh)
    if representative is None or not representative.name:
        text = _("Say in the credits who represents the team, and save them first.")
        raise Refused(text, status=400, code="nobody")
    RepresentativeIdentity.objects.update_or_create(
        entry=fresh,
        defaults={
            "legal_name": legal_name,
            "document": document,
            "by": by.user,
            "at": at,
            "checked_at": None,
            "checked_by": None,
        },
    )
    values = {"name": representative.name}
    _write(fresh, Kind.IDENTITY, by, at, text=identity_text(), values=values)


def _write(
    entry: Entry, kind: str, by: Actor, at: datetime, *, text: str, values: dict[str, Any], email: str = ""
) -> None:
    """Said twice in the same words is said once."""
    before = [row for row in standing(entry, kind) if row.email == email]
    if before and (before[-1].text, before[-1].values, before[-1].by_id) == (text, values, by.id):
        return
    CreditDeclaration.objects.create(
        entry=entry, kind=kind, email=email, by=by.user, at=at, version=VERSION, text=text, values=values
    )
    getattr(entry, "_prefetched_objects_cache", {}).pop("credit_declarations", None)


def void_declarations(*, entry: Entry, at: datetime) -> None:
    """Another account answers for the draft now: what the one before declared for others counts no longer."""
    rows = CreditDeclaration.objects.filter(entry=entry, email="", void_at__isnull=True)
    rows.update(void_at=at)
    RepresentativeIdentity.objects.filter(entry=entry).delete()


def identity_of(actor: Actor, entry: Entry) -> RepresentativeIdentity | None:
    """The legal name, for an organiser who judges nothing here; None for everybody else. One query at most."""
    if not permissions.can_see_identity(actor, entry):
        return None
    return RepresentativeIdentity.objects.filter(entry=entry).first()


@transaction.atomic
def check_identity(*, entry: Entry, by: Actor, at: datetime) -> RepresentativeIdentity:
    """An organiser has seen the document that proves the legal name; award rules may ask for it."""
    if not permissions.can_see_identity(by, entry):
        raise Refused(_("Only organisers check identities."), status=403)
    identity = RepresentativeIdentity.objects.select_for_update().filter(entry=entry).first()
    if identity is None:
        raise Refused(_("There is no legal name to check."), code="nobody")
    if identity.checked_at is None:
        identity.checked_at, identity.checked_by = at, by.user
        identity.save(update_fields=["checked_at", "checked_by"])
    return identity


def forget_identities(*, at: datetime) -> int:
    """Delete legal names that are no longer needed; gives how many.

    KEPT after an entry was withdrawn or refused, after its entrant was told that it is not among the laureates, and
    after the call for a draft ended; KEPT_OF_LAUREATES after a laureate was told.
    """
    late = at - KEPT
    open_calls = Phase.objects.filter(kind=Phase.Kind.CALL, ends_at__gte=late).values("edition_id")
    gone = (
        Q(entry__state__in=(State.WITHDRAWN, State.REFUSED), entry__updated_at__lt=late)
        | Q(entry__told=Entry.Decision.NOT_SELECTED, entry__told_at__lt=late)
        | Q(entry__told=Entry.Decision.LAUREATE, entry__told_at__lt=at - KEPT_OF_LAUREATES)
        | (Q(entry__state=State.DRAFT) & ~Q(entry__edition_id__in=open_calls))
    )
    return RepresentativeIdentity.objects.filter(gone).delete()[0]
