"""Writes of invitations: sent, sent again, withdrawn; accepted and declined."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from festival.edition.actions import add_member
from festival.edition.models import Edition, Membership
from festival.kit.errors import Refused
from festival.kit.words import time_left
from festival.people.actor import Actor, actor_of
from festival.people.addresses import has_confirmed
from festival.people.models import LANGUAGES, User
from festival.people.roles import Role
from festival.post import actions as post
from festival.team import letters, queries
from festival.team.links import hash_of, nowhere, token_of
from festival.team.models import Invitation
from festival.team.people_list import Person
from festival.team.permissions import can_invite

State = Invitation.State
DAY = timedelta(days=1)
AGAIN = timedelta(hours=1)  # between two letters to the same person
MOST_LETTERS = 6  # of one invitation, reminders included
MOST_OF_EDITION = 300  # letters a day
MOST_TO_ADDRESS = 5  # a day, from all editions together
LONGEST_MESSAGE = 2000
LONGEST_WAIT = timedelta(days=180)


@transaction.atomic
def invite(
    *,
    edition: Edition,
    people: Sequence[Person],
    role: str,
    language: str,
    message: str,
    answer_by: datetime,
    by: Actor,
    at: datetime,
    instead_of: Invitation | None = None,
) -> list[Invitation]:
    """Ask people by mail whether they take a role. All or nobody: one fault refuses the whole list.

    `answer_by` is the first moment that is too late. `instead_of`: one whose place the only person is to take; if
    that one has not answered yet, the question to her is withdrawn.
    """
    _assert_may(by, edition, role)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    faults = faults_of(
        edition=edition,
        people=people,
        role=role,
        language=language,
        message=message,
        answer_by=answer_by,
        at=at,
    )
    if instead_of and (len(people) != 1 or instead_of.edition_id != edition.pk or instead_of.role != role):
        faults.append(_("One person takes the place of one: enter a single address, for the same role."))
    if faults:
        raise Refused(" ".join(faults), status=400, code="faults")
    assert by.user is not None
    if instead_of:
        _withdraw(instead_of)
    for old in queries.overdue(edition, at).filter(role=role, email__in=[one.email for one in people]):
        _withdraw(old)
    rows = []
    for person in people:
        row = Invitation.objects.create(
            edition=edition,
            email=person.email,
            name=person.name,
            role=role,
            language=language,
            message=message,
            answer_by=answer_by,
            instead_of=instead_of,
            by=by.user,
            created_at=at,
            wanted_at=at,
            letters=1,
            token_hash=nowhere(),
        )
        row.token_hash = hash_of(token_of(row))
        row.save(update_fields=["token_hash"])
        letters.post(row)
        rows.append(row)
    return rows


def faults_of(
    *,
    edition: Edition,
    people: Sequence[Person],
    role: str,
    language: str,
    message: str,
    answer_by: datetime,
    at: datetime,
) -> list[str]:
    """What stands against inviting these people, a sentence each. A fixed number of queries."""
    found = []
    emails = [person.email for person in people]
    known = queries.known_already(edition, role, emails, at)
    said = {
        "member": _("%(email)s has this role already."),
        "open": _("%(email)s was invited already and can still answer. Send that letter again instead."),
    }
    found += [said[known[email]] % {"email": email} for email in emails if email in known]
    if language not in dict(LANGUAGES):
        found.append(_("Choose the language of the letter."))
    if len(message) > LONGEST_MESSAGE:
        found.append(_("The message is too long: at most %(most)d characters.") % {"most": LONGEST_MESSAGE})
    if answer_by <= at:
        found.append(_("Choose a day of the answer that has not passed."))
    elif answer_by > at + LONGEST_WAIT:
        found.append(_("Choose a day of the answer within half a year."))
    recent = Invitation.objects.filter(wanted_at__gt=at - DAY)
    if recent.filter(edition=edition).count() + len(people) > MOST_OF_EDITION:
        found.append(_("That is enough letters for one day. Write the others tomorrow."))
    asked: dict[str, int] = {}
    for email in recent.filter(email__in=emails).order_by().values_list("email", flat=True):
        asked[email] = asked.get(email, 0) + 1
    text = _("%(email)s was written to often enough today. Try again tomorrow.")
    found += [text % {"email": email} for email in emails if asked.get(email, 0) >= MOST_TO_ADDRESS]
    return found


@transaction.atomic
def send_again(*, invitation: Invitation, answer_by: datetime, by: Actor, at: datetime) -> Invitation:
    """The letter once more with a new link; the old one leads nowhere. `answer_by` may only become later."""
    row = _held(invitation)
    _assert_may(by, row.edition, row.role)
    if row.state != State.OPEN:
        raise Refused(_("This invitation is no longer open. Invite the person anew."), code="over")
    if row.letters >= MOST_LETTERS:
        text = _("We have written to this address as often as we do. Talk to the person, then invite anew.")
        raise Refused(text, status=429, code="too_many_letters")
    if not row.problem and at < row.wanted_at + AGAIN:
        text = _("We have just written to this address. You can send the letter again in %(left)s.")
        left = time_left(row.wanted_at + AGAIN, at)
        raise Refused(text % {"left": left}, status=429, code="too_soon")
    row.number += 1
    row.token_hash = hash_of(token_of(row))
    row.answer_by = max(row.answer_by, answer_by)
    row.letters += 1
    row.wanted_at, row.mailed_at, row.attempts, row.problem, row.reminded_at = at, None, 0, "", None
    row.save()
    letters.post(row)
    return row


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Actor) -> None:
    """Take an unanswered question back: its link leads nowhere. Twice is once; an answer stays."""
    row = _held(invitation)
    _assert_may(by, row.edition, row.role)
    if row.state == State.WITHDRAWN:
        return
    if row.state != State.OPEN:
        raise Refused(_("This invitation was just answered. Look at the page again."), code="answered")
    _withdraw(row)


def _withdraw(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, state=State.OPEN).update(
        state=State.WITHDRAWN, number=F("number") + 1, token_hash=nowhere()
    )


@transaction.atomic
def accept(*, invitation: Invitation, by: Actor, at: datetime, other_account: str = "") -> Invitation:
    """Take the role. `invitation` is as it was found by its link: a newer letter makes it void.

    The account must have the invited address among its confirmed ones. Another account accepts only when its holder
    said so, naming it: `other_account` is its address.
    """
    row = _held_open(invitation, at)
    if by.user is None:
        raise Refused(_("Log in, or create an account, to accept."), status=403, code="no_account")
    if not fits(by.user, row.email) and other_account.strip().lower() != by.user.email:
        text = _(
            "The invitation went to %(invited)s, and you are logged in as %(account)s. Log in with the invited "
            "address, or say that this account is to take the role."
        )
        raise Refused(text % {"invited": row.email, "account": by.user.email}, code="other_account")
    row.state, row.user, row.answered_at = State.ACCEPTED, by.user, at
    row.save()
    add_member(edition=row.edition, user=by.user, role=Role(row.role))
    _tell(row, "team_accepted", at)
    return row


@transaction.atomic
def decline(*, invitation: Invitation, at: datetime, reason: str = "", words: str = "") -> Invitation:
    """Say no. It needs no account: who has the link got the letter. The organisers are told."""
    row = _held_open(invitation, at)
    if reason not in Invitation.Reason.values:
        reason = Invitation.Reason.UNSAID
    row.state, row.answered_at = State.DECLINED, at
    row.reason, row.words = reason, words.strip()[:LONGEST_MESSAGE]
    row.save()
    _tell(row, "team_declined", at)
    return row


def fits(user: User, email: str) -> bool:
    """Whether the account is that of the invited address; the letter itself proved whose that is."""
    return user.email == email or has_confirmed(user, email)


def gone() -> Refused:
    """What everybody reads whose link is wrong, replaced or withdrawn: nothing of whether there ever was one."""
    text = _(
        "This link leads to no open invitation. It may be cut short, replaced by a newer letter, or withdrawn. Open "
        "the link of the newest letter; if that does not help, write to whoever invited you."
    )
    return Refused(text, status=404, code="no_invitation")


def closed(row: Invitation, at: datetime) -> str:
    """Why an invitation can no longer be answered, in words; empty while it can."""
    if row.state in (State.ACCEPTED, State.DECLINED):
        return _("This invitation has been answered. To change the answer, write to whoever invited you.")
    if at >= row.answer_by:
        return _("The time to answer this invitation is over. Ask whoever invited you to send it again.")
    return ""


def _held(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("edition", "by")
    return rows.get(pk=invitation.pk)


def _held_open(invitation: Invitation, at: datetime) -> Invitation:
    row = _held(invitation)
    if row.state == State.WITHDRAWN or row.token_hash != invitation.token_hash:
        raise gone()
    if text := closed(row, at):
        raise Refused(text, status=410, code="over")
    return row


def _assert_may(by: Actor, edition: Edition, role: str) -> None:
    if role not in Role.values or not can_invite(by, edition, role):
        text = _("Only organisers invite to the team; the jury chair invites judges.")
        raise Refused(text, status=403, code="not_allowed")


def _tell(row: Invitation, kind: str, at: datetime) -> None:
    """To who invited, while she may; else to the owners."""
    users = [row.by]
    if not row.by.is_active or not can_invite(actor_of(row.by), row.edition, row.role):
        owners = Membership.objects.filter(edition=row.edition, role=Role.OWNER, user__is_active=True)
        users = [owner.user for owner in owners.select_related("user")]
    for user in users:
        post.notify(
            user=user,
            edition=row.edition,
            kind=kind,
            path=f"/{row.edition.slug}/desk/invitations/",
            at=at,
            person=row.who,
            role=row.role,
            cause=row.reason,
            reason=row.words,
        )
