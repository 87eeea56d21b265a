"""Writes of technical rehearsals: they book the hall of the screening that they rehearse."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.premiere.booking import clash_in_words, lock
from festival.premiere.models import Rehearsal, Screening


@transaction.atomic
def plan_rehearsal(*, screening: Screening, starts_at: datetime, minutes: int, at: datetime) -> Rehearsal:
    """Book the screening's hall for a rehearsal before it. Refused with the first free time when it is taken."""
    fresh = lock(screening)
    if fresh.cancelled_at:
        raise Refused(_("This screening is cancelled; there is nothing to rehearse."), code="cancelled")
    ends_at = starts_at + timedelta(minutes=minutes)
    if ends_at > fresh.starts_at:
        raise Refused(
            _("A rehearsal ends before its screening begins. Choose an earlier time."),
            status=400,
            code="late",
        )
    rehearsal = Rehearsal(
        edition=fresh.edition,
        hall=fresh.hall,
        kind=Screening.Kind.REHEARSAL,
        rehearses=fresh,
        code=new_code(),
        starts_at=starts_at,
        ends_at=ends_at,
        busy_until=ends_at,
        updated_at=at,
    )
    with clash_in_words(rehearsal):
        rehearsal.save()
    return rehearsal


def drop_rehearsal(*, rehearsal: Rehearsal) -> None:
    """The rehearsal is off, the hall free."""
    Rehearsal.objects.filter(pk=rehearsal.pk).delete()
