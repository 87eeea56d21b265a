"""An entry goes to another account: offered by its entrant and accepted by the other, or given by an organiser."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.models import Membership
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import Actor
from festival.people.addresses import account_with, has_confirmed
from festival.people.models import LANGUAGES, User
from festival.people.roles import Role
from festival.post import actions as post
from submissions import permissions, signed_letters
from submissions.actions import log_event
from submissions.consent_actions import void_consents
from submissions.credit_declarations import void_declarations
from submissions.lifecycle import State
from submissions.models import Credit, CreditInvitation, Entry, TransferOffer, Upload
from submissions.showing_actions import end as end_showing

VALID = timedelta(days=14)
Offer = TransferOffer.State


def assert_may_receive(*, entry: Entry, user: User, at: datetime) -> None:
    """Whether this account may have the entry. Limits of entries by account belong here, and nowhere else.

    Refused for the account that has it, and for judges and the chair of the edition: nobody judges where they enter.
    """
    if user.pk == entry.entrant_id:
        raise Refused(_("The entry belongs to this account already."), code="own_entry")
    jury = Membership.objects.filter(edition=entry.edition_id, user=user, role__in=(Role.JUDGE, Role.CHAIR))
    if jury.exists():
        text = _("A member of the jury of this contest cannot have an entry in it.")
        raise Refused(text, status=403, code="jury")


@transaction.atomic
def offer(*, entry: Entry, email: str, language: str, by: Actor, at: datetime) -> TransferOffer:
    """Offer the entry to the account with this address, which may not exist yet; an earlier offer is taken back.

    Nothing changes hands before the other accepts. Refused (429) beyond the limits of `signed_letters`.
    """
    fresh = _hold(entry)
    if not permissions.can_hand_over(by, fresh):
        raise Refused(_("This entry cannot be handed over now."), status=403, code="not_allowed")
    email = email.strip().lower()
    if has_confirmed(by.user, email) or email == by.user.email:
        raise Refused(_("The entry belongs to this account already."), status=400, code="own_entry")
    if language not in dict(LANGUAGES):
        raise Refused(_("Choose the language of the letter."), status=400, code="no_language")
    signed_letters.assert_may_write(entry=fresh, email=email, by=by, at=at)
    for row in TransferOffer.objects.select_for_update().filter(entry=fresh, state=Offer.OPEN):
        if row.email == email:
            signed_letters.assert_not_again(row, at)
        _take_back(row)
    row = TransferOffer(entry=fresh, email=email, language=language, by=by.user)
    signed_letters.want(row, at, VALID)
    row.save()
    log_event(entry=fresh, kind="transfer_offered", by=by, at=at)
    _post(row)
    return row


def _hold(entry: Entry, *, uploads: bool = False) -> Entry:
    """The entry's row until the transaction ends; its uploads before, in the order in which they are completed."""
    if uploads:
        rows_of = Upload.objects.select_for_update().filter(entry=entry).order_by("pk")
        list(rows_of.values_list("pk", flat=True))
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    return rows.get(pk=entry.pk)


def _take_back(row: TransferOffer) -> None:
    row.state = Offer.WITHDRAWN
    signed_letters.void_link(row)
    row.save()


def _post(row: TransferOffer) -> None:
    from submissions.tasks import send_offer

    enqueue(send_offer, str(row.pk))


@transaction.atomic
def take_back(*, entry: Entry, by: Actor, at: datetime) -> None:
    """The entrant keeps the entry: the offer's link leads nowhere. Twice is once."""
    fresh = _hold(entry)
    if not permissions.is_entrant(by, fresh):
        raise Refused(_("You cannot do this with this entry."), status=403, code="not_allowed")
    row = TransferOffer.objects.select_for_update().filter(entry=fresh, state=Offer.OPEN).first()
    if row is not None:
        _take_back(row)
        log_event(entry=fresh, kind="transfer_taken_back", by=by, at=at)


def over(row: TransferOffer, entry: Entry, at: datetime) -> str:
    """Why an offer can no longer be answered, in words; empty while it can."""
    if row.state != Offer.OPEN or row.by_id != entry.entrant_id:
        return _("This offer was taken back, or has been answered.")
    if not permissions.is_running(entry):
        return _("This film is no longer in the competition: it cannot be handed over.")
    if at >= row.expires_at:
        return _("This offer is over. Ask the person who made it to offer the entry again.")
    return ""


@transaction.atomic
def accept(*, offer: TransferOffer, by: Actor, at: datetime) -> Entry:
    """Take the entry over: with the account to which the offered address was proved to belong, and no other."""
    entry, row = _hold_offer(offer, by, at)
    row.state, row.user, row.answered_at = Offer.ACCEPTED, by.user, at
    row.save()
    _hand_over(entry, by.user, by, at)
    return entry


@transaction.atomic
def decline(*, offer: TransferOffer, by: Actor, at: datetime) -> None:
    """The other does not want it: it stays where it is, and the entrant is told."""
    entry, row = _hold_offer(offer, by, at)
    row.state, row.user, row.answered_at = Offer.DECLINED, by.user, at
    row.save()
    log_event(entry=entry, kind="transfer_declined", by=by, at=at)
    _tell(entry.entrant, entry, "transfer_declined", at, path=f"/entries/{entry.code}/")


def _hold_offer(offer: TransferOffer, by: Actor, at: datetime) -> tuple[Entry, TransferOffer]:
    entry = _hold(offer.entry, uploads=True)
    row = TransferOffer.objects.select_for_update().get(pk=offer.pk)
    if reason := over(row, entry, at):
        raise Refused(reason, status=410, code="over")
    if not by.known or not has_confirmed(by.user, row.email):
        text = _(
            "This entry was offered to %(email)s. Log in with the account that has this confirmed address."
        )
        raise Refused(text % {"email": row.email}, status=403, code="other_account")
    return entry, row


@transaction.atomic
def reassign(*, entry: Entry, email: str, reason: str, by: Actor, at: datetime) -> Entry:
    """An organiser gives the entry to another account, at its entrant's request; both are told the reason."""
    fresh = _hold(entry, uploads=True)
    if not permissions.can_reassign(by, fresh):
        raise Refused(_("Only organisers give an entry to another account."), status=403, code="not_allowed")
    if not reason.strip():
        raise Refused(_("Say why: both accounts read it."), status=400, code="no_reason")
    user = account_with(email.strip())
    if user is None:
        text = _("No account has this confirmed address. Ask the person to create one first.")
        raise Refused(text, status=400, code="no_account")
    for row in TransferOffer.objects.select_for_update().filter(entry=fresh, state=Offer.OPEN):
        _take_back(row)
    _hand_over(fresh, user, by, at, reason=reason.strip())
    return fresh


def _hand_over(entry: Entry, to: User, by: Actor, at: datetime, reason: str = "") -> None:
    """Entry and uploads belong to `to` from now on. In a draft, rights and declarations are to be given anew.

    Who had it stays as a co-author where the credits name that account's own person, and loses access otherwise.
    """
    if not permissions.is_running(entry):
        raise Refused(_("This film is no longer in the competition: it cannot be handed over."))
    assert_may_receive(entry=entry, user=to, at=at)
    before = entry.entrant
    _keep_as_co_author(entry, before, at)
    Credit.objects.filter(
        entry=entry, invitation__user=to, invitation__state=CreditInvitation.State.ACCEPTED
    ).update(is_self=True, invitation=None)
    changed: dict[str, Any] = {"entrant": to, "updated_at": at}
    if entry.state == State.DRAFT:
        void_consents(entry=entry, at=at)
        void_declarations(entry=entry, at=at)
    end_showing(entry=entry, at=at)  # whom it belongs to now says anew what may be watched
    Entry.objects.filter(pk=entry.pk).update(**changed)
    Upload.objects.filter(entry=entry).update(user=to)
    entry.refresh_from_db()
    given = {"reason": reason} if reason else {}
    log_event(
        entry=entry,
        kind="transferred",
        by=by,
        at=at,
        before=str(before),
        after=str(to),
        before_id=before.pk,
        after_id=to.pk,
        **given,
    )
    _tell(before, entry, "entry_handed_over", at, path="/entries/", name=str(to), reason=reason)
    path = f"/entries/{entry.code}/"
    _tell(to, entry, "entry_received", at, path=path, name=str(before), reason=reason)


def _keep_as_co_author(entry: Entry, user: User, at: datetime) -> None:
    """The line "this is me" becomes a co-author's, who has agreed by standing in it; its address is the account's."""
    credit = Credit.objects.filter(entry=entry, is_self=True).first()
    if credit is None:
        return
    rows = CreditInvitation.objects.filter(entry=entry)
    said_yes = rows.filter(user=user, state=CreditInvitation.State.ACCEPTED).first()
    row = said_yes or rows.filter(email=user.email).first()
    row = row or CreditInvitation(entry=entry, email=user.email, language=user.language)
    credit.is_self = False
    if not Credit.objects.filter(entry=entry, email=row.email).exclude(pk=credit.pk).exists():
        row.by = row.user = user
        row.state, row.answered_at = CreditInvitation.State.ACCEPTED, at
        row.agreed_name, row.agreed_roles = credit.name, credit.held
        row.wanted_at = row.expires_at = row.mailed_at = at  # no letter is owed
        signed_letters.void_link(row)
        row.save()
        credit.email, credit.invitation = row.email, row
    credit.save()


def _tell(
    user: User, entry: Entry, kind: str, at: datetime, *, path: str, name: str = "", reason: str = ""
) -> None:
    post.notify(
        user=user,
        edition=entry.edition,
        kind=kind,
        path=path,
        at=at,
        title=entry.title,
        code=entry.code,
        person=name,
        reason=reason,
    )
