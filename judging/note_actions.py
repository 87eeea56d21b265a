"""Writes of a judge's notes at moments of a film."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging.models import Look, LookNote
from judging.watch_actions import DAY, own, still_open

TEXT_MAX = 1000
MOST = 200  # notes of one look, those taken away included


@transaction.atomic
def write_note(
    *,
    look: Look,
    by: Actor,
    at: datetime,
    client_id: UUID,
    number: int,
    seconds: Decimal,
    text: str,
    for_jury: bool,
) -> None:
    """Write a note, change it, or take it away (no text). Of two sends for one note the higher `number` stands."""
    own(look, by)
    text = text.strip()
    if len(text) > TEXT_MAX:
        raise Refused(
            _("A note holds %(max)d characters. Shorten it; it is kept on this page.") % {"max": TEXT_MAX},
            status=400,
        )
    held = Look.objects.select_for_update().values_list("state", "seconds").get(pk=look.pk)
    still_open(look)
    state, length = held
    if state == Look.State.RECUSED:
        raise Refused(_("You have stood aside from this film meanwhile; it is no longer yours to score."))
    values = {
        "number": max(number, 1),
        "seconds": min(max(seconds, Decimal(0)), Decimal(length or DAY)),
        "text": text,
        "for_jury": for_jury,
        "written_at": at,
    }
    known = LookNote.objects.filter(look=look, client_id=client_id)
    if known.filter(Q(number__lt=values["number"])).update(**values) or known.exists():
        return
    if LookNote.objects.filter(look=look).count() >= MOST:
        raise Refused(
            _("A film takes %(max)d notes. Put the rest into the note to the jury.") % {"max": MOST},
            status=400,
        )
    try:
        with transaction.atomic():
            LookNote.objects.create(look=look, client_id=client_id, **values)
    except IntegrityError:  # the same send, at the same moment
        known.filter(number__lt=values["number"]).update(**values)
