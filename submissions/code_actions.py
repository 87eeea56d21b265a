"""Writes of codes: made in bulk, revoked, redeemed for a draft."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.deadline_actions import assert_organises
from festival.edition.models import Edition, Track
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.codes import find_code, plain_code, redeem
from submissions.drafts import hold_draft
from submissions.models import Code, Entry

LENGTH = 12
MOST_CODES = 1000  # made at once
MOST_USES = 100_000


@transaction.atomic
def create_codes(
    *,
    edition: Edition,
    kind: str,
    label: str,
    by: Actor,
    at: datetime,
    count: int = 1,
    emails: Sequence[str] = (),
    track: Track | None = None,
    uses: int = 1,
    until: datetime | None = None,
    expires_at: datetime | None = None,
) -> list[Code]:
    """`count` new codes, or one for each address in `emails`, which only that account can redeem.

    `until` is the deadline that a late code gives; `expires_at` the first moment at which a code is no longer taken.
    """
    assert_organises(by, edition)
    owners = list(dict.fromkeys(email.lower() for email in emails)) or [""] * count
    if not 1 <= len(owners) <= MOST_CODES or not 1 <= uses <= MOST_USES:
        text = _("From 1 to %(most)d codes can be made at once.")
        raise Refused(text % {"most": MOST_CODES}, status=400, code="bad_count")
    if (kind == Code.Kind.LATE) != (until is not None):
        raise Refused(_("Say until when a late entry may be submitted."), status=400, code="until_missing")
    if any(end is not None and end <= at for end in (until, expires_at)):
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    drawn: set[str] = set()
    while len(drawn) < len(owners):
        fresh = {new_code(LENGTH) for _number in range(len(owners) - len(drawn))}
        taken = Code.objects.filter(edition=edition, code__in=fresh).values_list("code", flat=True)
        drawn |= fresh - set(taken)
    common = {
        "edition": edition, "kind": kind, "label": label, "track": track, "uses": uses, "until": until,
        "expires_at": expires_at, "by": by.user, "created_at": at,
    }  # fmt: skip
    return Code.objects.bulk_create(
        Code(code=code, email=email, **common) for code, email in zip(drawn, owners, strict=True)
    )


def revoke_code(*, code: Code, by: Actor, at: datetime) -> None:
    """Nobody can redeem it any more. What it has opened stays open: it was promised."""
    assert_organises(by, code.edition)
    if not Code.objects.filter(pk=code.pk, revoked_at__isnull=True).update(revoked_at=at):
        raise Refused(_("This code has been withdrawn already."), code="already")


def redeem_code(*, entry: Entry, text: str, by: Actor, at: datetime) -> Code:
    """Use a code for a draft: it opens tracks by invitation to it, or gives it time after the deadline."""
    before = Code.objects.filter(redemptions__entry=entry, code=plain_code(text)).first()
    if before is not None:
        return before
    code = find_code(edition=entry.edition, text=text, by=by, at=at, track=_track_for(entry, text))
    with transaction.atomic():
        draft = hold_draft(entry=entry, by=by, part="about")
        redeem(code=code, entry=draft, by=by, at=at)
    entry.late_until = draft.late_until
    return code


def _track_for(entry: Entry, text: str) -> Track:
    """An invitation to another track than the draft's is taken too: the draft is moved there afterwards."""
    rows = Code.objects.filter(edition=entry.edition_id, code=plain_code(text), kind=Code.Kind.INVITATION)
    code = rows.select_related("track").first()
    return code.track if code and code.track else entry.track
