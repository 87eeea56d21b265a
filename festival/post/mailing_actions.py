"""Writes of letters to many: written, recipients gathered and read, sent, paused, ended. Each step once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import batched, islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import Actor
from festival.people.models import User
from festival.post.kinds import ALWAYS
from festival.post.models import Mailing, Notice
from festival.post.registry import AUDIENCES, Recipient
from festival.post.template_actions import faults_in

State = Mailing.State
Letter = Notice.State
CHUNK = 500  # recipients gathered in a transaction
SILENT = timedelta(minutes=2)  # who gathers and says nothing for so long is taken for dead


def allowed_in(audience: str) -> tuple[str, ...]:
    """The placeholders that a letter to this audience may use."""
    return (*AUDIENCES[audience].given, *ALWAYS)


def mailing_faults(
    *,
    audience: str,
    topic: str,
    about: Mapping[str, str],
    subject: Mapping[str, str],
    body: Mapping[str, str],
) -> dict[str, list[str]]:
    """What is wrong with a letter, by field, in the reader's language."""
    found = faults_in(subject, body, allowed_in(audience))
    if topic == Mailing.Topic.ENTRY and not all(about.get(key, "").strip() for key in ("en", "zh")):
        found["about"] = [
            _("Say in both languages what of their entry it concerns: the letter says so to everybody.")
        ]
    return found


def write_mailing(
    *,
    edition: Edition,
    by: Actor,
    at: datetime,
    audience: str,
    track: Track | None,
    topic: str,
    about: Mapping[str, str],
    subject: Mapping[str, str],
    body: Mapping[str, str],
    mailing: Mailing | None = None,
    seen: datetime | None = None,
) -> Mailing:
    """A new letter to many, or another text of one that is still being written.

    Refused with faults in the text; and (code "changed") when somebody saved it after `seen`, or made it ready.
    """
    _assert_may(by, edition)
    wrong = mailing_faults(audience=audience, topic=topic, about=about, subject=subject, body=body)
    if wrong:
        raise Refused(" ".join(text for texts in wrong.values() for text in texts), status=400, code="faults")
    fields: dict[str, Any] = {
        "audience": audience,
        "track": track,
        "topic": topic,
        "about": dict(about) if topic == Mailing.Topic.ENTRY else {},
        "subject": dict(subject),
        "body": dict(body),
        "by": by.user,
        "written_at": at,
    }
    if mailing is None:
        return Mailing.objects.create(edition=edition, **fields)
    drafts = Mailing.objects.filter(pk=mailing.pk, state=State.DRAFT)
    if seen is not None:
        drafts = drafts.filter(written_at=seen)
    if not drafts.update(**fields):
        raise Refused(
            _(
                "Somebody else changed this letter, or made it ready, after you opened the page. Look at it again."
            ),
            code="changed",
        )
    mailing.refresh_from_db()
    return mailing


def make_ready(*, mailing: Mailing, by: Actor, at: datetime) -> None:
    """Fix the text and gather the recipients, so that each letter can be read before any is sent."""
    from festival.post.tasks import gather_recipients

    _move(mailing, by, (State.DRAFT,), state=State.GATHERING, gathered_at=at)
    enqueue(gather_recipients, mailing.pk)


def gather(*, pk: int) -> None:
    """Write a held letter for everybody of the audience. Safe to run twice, also at once: each is written once."""
    mailing = Mailing.objects.select_related("edition", "track").filter(pk=pk, state=State.GATHERING).first()
    if mailing is None:
        return
    audience = AUDIENCES[mailing.audience]
    for batch in batched(audience.recipients(mailing.edition, mailing.track, CHUNK), CHUNK):
        with transaction.atomic():
            if not _still_gathering(mailing):
                return
            letters = [letter_to(mailing, recipient, timezone.now()) for recipient in batch]
            Notice.objects.bulk_create(letters, ignore_conflicts=True)
    _gathered(mailing).update(state=State.READY, gathered_at=timezone.now())


def _gathered(mailing: Mailing) -> QuerySet[Mailing]:
    """The mailing, as long as it is gathered and nobody has written at it since: else this is another's work."""
    return Mailing.objects.filter(pk=mailing.pk, state=State.GATHERING, written_at=mailing.written_at)


def _still_gathering(mailing: Mailing) -> bool:
    """Holds the mailing until the transaction ends: whoever takes it back waits, and then finds all letters."""
    held = _gathered(mailing)
    return bool(held.select_for_update().first() and held.update(gathered_at=timezone.now()))


def letter_to(mailing: Mailing, recipient: Recipient, at: datetime) -> Notice:
    """One letter of a mailing, not yet sent."""
    return Notice(
        user_id=recipient.user_id,
        edition=mailing.edition,
        kind="mailing",
        mailing=mailing,
        about=recipient.about,
        path=recipient.path,
        values=dict(recipient.values),
        state=Letter.HELD,
        created_at=at,
    )


def sample_letter(mailing: Mailing, at: datetime) -> Notice | None:
    """The letter to the first of the audience as it is now, not written down; None when nobody is there."""
    found = AUDIENCES[mailing.audience].recipients(mailing.edition, mailing.track, 1)
    recipient = next(islice(found, 1), None)
    if recipient is None:
        return None
    letter = letter_to(mailing, recipient, at)
    letter.user = User.objects.get(pk=recipient.user_id)
    return letter


@transaction.atomic
def back_to_draft(*, mailing: Mailing, by: Actor) -> None:
    """Write at it again: the gathered recipients are let go, and gathered anew later."""
    _move(mailing, by, (State.READY, State.GATHERING), state=State.DRAFT, gathered_at=None)
    Notice.objects.filter(mailing=mailing).delete()


@transaction.atomic
def strike(*, letter: Notice, out: bool, by: Actor) -> None:
    """Take one recipient out of a letter that is ready, or back in."""
    _move(letter.mailing, by, (State.READY,), state=State.READY)
    before, after = (Letter.HELD, Letter.STRUCK) if out else (Letter.STRUCK, Letter.HELD)
    Notice.objects.filter(pk=letter.pk, state=before).update(state=after)


@transaction.atomic
def start(*, mailing: Mailing, by: Actor, at: datetime) -> None:
    """Send it, or go on with one that was paused."""
    from festival.post.tasks import send_waiting

    _move(mailing, by, (State.READY, State.PAUSED), state=State.SENDING, started_by=by.user, started_at=at)
    _free(mailing, at)
    held = Notice.objects.filter(mailing=mailing, state=Letter.HELD)
    going = held.update(state=Letter.WAITING, created_at=at, due_at=at)
    if not going and not Notice.objects.filter(mailing=mailing, state=Letter.WAITING).exists():
        raise Refused(_("There is nobody left to send this to."), code="nobody")
    enqueue(send_waiting)


def _free(mailing: Mailing, at: datetime) -> None:
    """Letters that a dead worker held wait again: nobody takes them while their mailing does not go out."""
    dead = Notice.objects.filter(mailing=mailing, state=Letter.SENDING, lease_until__lt=at)
    dead.update(state=Letter.WAITING, lease_token=None, lease_until=None)


def pause(*, mailing: Mailing, by: Actor) -> None:
    """Send no more for now. Letters that a worker holds already, a chunk at most, still go out."""
    _move(mailing, by, (State.SENDING,), state=State.PAUSED)


@transaction.atomic
def end(*, mailing: Mailing, by: Actor, at: datetime) -> None:
    """Leave it at what went out: the rest is struck out. Refused while a worker still holds letters of it."""
    _move(mailing, by, (State.PAUSED,), state=State.DONE, ended_at=at)
    _free(mailing, at)
    if Notice.objects.filter(mailing=mailing, state=Letter.SENDING).exists():
        raise Refused(_("Some letters are just being handed over. Try again in a minute."), code="under_way")
    Notice.objects.filter(mailing=mailing, state=Letter.WAITING).update(state=Letter.STRUCK, error="")


@transaction.atomic
def try_failed_again(*, mailing: Mailing, by: Actor, at: datetime) -> int:
    """Send once more what could not be delivered; gives how many."""
    from festival.post.tasks import send_waiting

    _move(mailing, by, (State.SENDING, State.DONE), state=State.SENDING, ended_at=None)
    failed = Notice.objects.filter(mailing=mailing, state=Letter.FAILED)
    count = failed.update(state=Letter.WAITING, attempts=0, due_at=at, error="")
    if not count:
        raise Refused(_("Nothing failed that could be sent again."), code="nobody")
    enqueue(send_waiting)
    return count


def delete_mailing(*, mailing: Mailing, by: Actor) -> None:
    """Throw a letter away that is still being written."""
    _assert_may(by, mailing.edition)
    if not Mailing.objects.filter(pk=mailing.pk, state=State.DRAFT).delete()[0]:
        raise _moved(mailing)


def remind(*, at: datetime) -> int:
    """Have recipients gathered whose task was lost or whose worker died. Run by the beat."""
    from festival.post.tasks import gather_recipients

    silent = Mailing.objects.filter(state=State.GATHERING, gathered_at__lt=at - SILENT)
    ids = list(silent.values_list("pk", flat=True))
    for pk in ids:
        if silent.filter(pk=pk).update(gathered_at=at):
            enqueue(gather_recipients, pk)
    return len(ids)


def _move(mailing: Mailing, by: Actor, sources: tuple[State, ...], **fields: Any) -> None:
    """One compare-and-set; refused when the mailing is in another state by now."""
    _assert_may(by, mailing.edition)
    if not Mailing.objects.filter(pk=mailing.pk, state__in=sources).update(**fields):
        raise _moved(mailing)
    mailing.refresh_from_db()


def _moved(mailing: Mailing) -> Refused:
    mailing.refresh_from_db(fields=["state"])
    text = _("Somebody was faster: the letter is now “%(state)s”. Reload the page and look again.")
    return Refused(text % {"state": mailing.get_state_display()})


def _assert_may(by: Actor, edition: Edition) -> None:
    if not permissions.can_organise(by, edition):
        raise Refused(
            _("Only the organisers of this contest write to its entrants."), status=403, code="not_allowed"
        )
