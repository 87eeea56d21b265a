"""Co-authors are asked by mail whether they agree to be named, and answer with an account of their own."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.queue import enqueue
from festival.people.actor import Actor
from festival.people.models import LANGUAGES
from festival.post import actions as post
from submissions import permissions, signed_letters
from submissions.actions import log_event
from submissions.completeness import form_of
from submissions.credit_actions import write_credits
from submissions.credit_declarations import declare_own_age
from submissions.credit_names import name_fault
from submissions.credit_people import people_of
from submissions.lifecycle import State
from submissions.models import Credit, CreditInvitation, Entry

VALID = timedelta(days=30)
Answer = CreditInvitation.State


@transaction.atomic
def invite(*, entry: Entry, email: str, language: str, by: Actor, at: datetime) -> CreditInvitation:
    """Ask the person at an address of the saved credits, or ask again; the letter is in `language`.

    Refused (429) beyond the limits of `signed_letters`, for one who agreed already or declined, and for the
    account's own address.
    """
    fresh = _hold(entry)
    if not permissions.can_invite(by, fresh):
        raise Refused(_("Nobody can be invited to this entry now."), status=403, code="not_allowed")
    credit = _credit_at(fresh, email)
    if not credit.name:
        raise Refused(_("Give the person a name first, and save."), status=400, code="no_name")
    if email == fresh.entrant.email:
        text = _("This is the address of your own account. Tick “This is me” in that line instead.")
        raise Refused(text, status=400, code="own_address")
    if language not in dict(LANGUAGES):
        raise Refused(_("Choose the language of the letter."), status=400, code="no_language")
    row = credit.invitation or CreditInvitation(entry=fresh, email=email)
    if credit.agreed:
        raise Refused(_("%(name)s has agreed already.") % {"name": credit.name}, code="agreed")
    if row.state == Answer.DECLINED:
        text = _("%(name)s has declined. Talk to each other; the link in our letter still takes a yes.")
        raise Refused(text % {"name": credit.name}, code="declined")
    signed_letters.assert_not_again(row, at)
    signed_letters.assert_may_write(entry=fresh, email=email, by=by, at=at)
    if row.state == Answer.REVOKED:
        row.state = Answer.OPEN
    row.language, row.by = language, by.user
    signed_letters.want(row, at, VALID)
    row.save()
    Credit.objects.filter(pk=credit.pk).update(invitation=row)
    log_event(entry=fresh, kind="credit_invited", by=by, at=at, name=credit.name)
    _post(row)
    return row


def _hold(entry: Entry) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    return rows.get(pk=entry.pk)


def _credit_at(entry: Entry, email: str) -> Credit:
    rows = entry.credits.select_related("invitation").filter(email=email, is_self=False).exclude(email="")
    credit = rows.first()
    if credit is None:
        text = _("Nobody with this address stands in the credits as they were last saved.")
        raise Refused(text, status=404, code="nobody")
    return credit


def _post(row: CreditInvitation) -> None:
    from submissions.tasks import send_invitation

    enqueue(send_invitation, str(row.pk))


@transaction.atomic
def revoke(*, entry: Entry, email: str, by: Actor, at: datetime) -> None:
    """Take an unanswered invitation back: its link leads nowhere. Twice is once."""
    fresh = _hold(entry)
    if not permissions.can_invite(by, fresh):
        raise Refused(_("You cannot do this with this entry."), status=403, code="not_allowed")
    row = CreditInvitation.objects.select_for_update().filter(entry=fresh, email=email).first()
    if row is None or row.state != Answer.OPEN:
        return
    row.state = Answer.REVOKED
    signed_letters.void_link(row)
    row.save()
    log_event(entry=fresh, kind="credit_uninvited", by=by, at=at, name=_credit_at(fresh, email).name)


@transaction.atomic
def accept(
    *,
    invitation: CreditInvitation,
    by: Actor,
    at: datetime,
    name: str = "",
    old_enough: bool = False,
    shown: str | None = None,
) -> None:
    """Agree to be named as the credits name her now. She may correct how her name is written while it is a draft.

    `shown` is what the page showed (`shown_of`): refused ("changed") when the line says something else by now.
    Where the edition asks about age she declares hers.
    """
    entry, row, credit = _hold_answer(invitation, by, at)
    if shown is not None and shown != shown_of(credit):
        text = _("What the credits say about you was just changed. Look at it again, then answer.")
        raise Refused(text, code="changed")
    others = CreditInvitation.objects.filter(entry=entry, user=by.user, state=Answer.ACCEPTED)
    if others.exclude(pk=row.pk).exists():
        text = _(
            "This account has agreed for another person of this film already. Every person has an account."
        )
        raise Refused(text, code="same_account")
    age = form_of(entry.edition).credits.age_least
    if age and not old_enough:
        text = _("This contest takes only people who are at least %(age)d years old: declare that you are.")
        raise Refused(text % {"age": age}, status=400, code="age")
    name = one_line(name)
    if name and name != credit.name and entry.state == State.DRAFT:
        _correct(entry, credit, name, at)
    if age:
        declare_own_age(entry=entry, email=row.email, age=age, by=by, at=at)
    first = row.state != Answer.ACCEPTED
    row.state, row.user, row.answered_at = Answer.ACCEPTED, by.user, at
    row.agreed_name, row.agreed_roles = credit.name, credit.held
    row.save()
    if first:
        log_event(entry=entry, kind="credit_accepted", by=by, at=at, name=credit.name)
    _tell(entry, "credit_accepted", credit.name, at)


@transaction.atomic
def decline(*, invitation: CreditInvitation, by: Actor, at: datetime) -> None:
    """She does not want to be named. Nothing is removed: the entrant is told, and talks to her."""
    entry, row, credit = _hold_answer(invitation, by, at)
    if row.state == Answer.DECLINED:
        return
    row.state, row.user, row.answered_at = Answer.DECLINED, by.user, at
    row.agreed_name, row.agreed_roles = "", []
    row.save()
    log_event(entry=entry, kind="credit_declined", by=by, at=at, name=credit.name)
    _tell(entry, "credit_declined", credit.name, at)


def shown_of(credit: Credit) -> str:
    """Name and roles as one text, to be sent back with the answer."""
    return "\n".join([credit.name, *credit.held])


def _hold_answer(
    invitation: CreditInvitation, by: Actor, at: datetime
) -> tuple[Entry, CreditInvitation, Credit]:
    """Entry, invitation and line, held; refused for whoever cannot answer it, or can no longer."""
    entry = _hold(invitation.entry)
    row = CreditInvitation.objects.select_for_update().get(pk=invitation.pk)
    credit = entry.credits.select_related("invitation").filter(invitation=row).first()
    if reason := closed(row, credit, entry, at):
        raise Refused(reason, status=410, code="over")
    assert credit is not None
    if not by.known or permissions.is_entrant(by, entry):
        text = _(
            "This account entered the film; co-authors answer with accounts of their own. Log out, then open the "
            "link again."
        )
        raise Refused(text, status=403, code="own_entry")
    if row.user_id is not None and row.user_id != by.id:
        text = _("Another account has answered this invitation. Log in with that one to change the answer.")
        raise Refused(text, status=403, code="other_account")
    return entry, row, credit


def closed(row: CreditInvitation, credit: Credit | None, entry: Entry, at: datetime) -> str:
    """Why an invitation can no longer be answered, in words; empty while it can."""
    if credit is None or row.state == Answer.REVOKED:
        return _("You are no longer asked to be named in this film. Its entrant has changed the credits.")
    if not permissions.is_running(entry):
        return _("This film is no longer in the competition: nothing has to be answered.")
    if row.user_id is None and at >= row.expires_at:
        return _("This link is over. Ask the person who invited you to send the letter again.")
    return ""


def _correct(entry: Entry, credit: Credit, name: str, at: datetime) -> None:
    """A new spelling, by the rules of the form; the line of directors follows."""
    if fault := name_fault(name):
        raise Refused(fault, status=400, code="name")
    people = [
        replace(person, name=name) if person.email == credit.email else person for person in people_of(entry)
    ]
    write_credits(entry=entry, people=people, at=at)
    credit.name = name


def _tell(entry: Entry, kind: str, name: str, at: datetime) -> None:
    post.notify(
        user=entry.entrant,
        edition=entry.edition,
        kind=kind,
        path=f"/entries/{entry.code}/credits/",
        at=at,
        title=entry.title,
        code=entry.code,
        person=name,
    )
