"""What objectors write: an objection, the confirmation of an address, answers to questions and further evidence.

An account's objection is received at once. Without an account it is only sent, until the link in our letter is
followed: it holds no step, nobody else knows of it, no file is taken with it, and after a day it is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.forms import ValidationError
from django.utils.translation import gettext as _

from festival.awards import evidence
from festival.awards import objection_keys as keys
from festival.awards import objection_queries as queries
from festival.awards.models import Objection, ObjectionStep, PublicNotice
from festival.awards.objection_letters import (
    CONFIRM,
    CONFIRM_WITHIN,
    confirm_by,
    tell_objector,
    tell_organisers,
)
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.kit.incoming import one_line, plain_text
from festival.kit.words import moment_text
from festival.kit.workdays import end_after_workdays
from festival.people.actor import Actor
from festival.people.models import GONE, LANGUAGES

State = Objection.State
DAY = timedelta(days=1)
KEPT = timedelta(days=365)  # names and addresses of objectors after the decision
PER_OBJECTOR, PER_NETWORK = 5, 20  # objections in a day
SAME_AGAIN = 3  # letters that ask to confirm the same objection
ANSWERS = 20  # of an objector to one objection
TEXT_MAX, NAME_MAX, CONTACT_MAX = 5000, 120, 200


@dataclass(frozen=True, slots=True)
class Objector:
    """Who objects: an account, or an address without one. `network` is the keyed hash of where from."""

    actor: Actor
    name: str = ""
    contact: str = ""
    email: str = ""
    language: str = "en"
    network: str = ""

    @property
    def holder(self) -> str:
        """The keyed hash of her mailbox."""
        return keys.holder_of(self.actor.user.email if self.actor.user else self.email)


def object_to(
    *,
    notice: PublicNotice,
    film: str,
    ground: str,
    text: str,
    objector: Objector,
    at: datetime,
    files: Sequence[UploadedFile] = (),
) -> Objection | None:
    """Take an objection. `film`: the code of one on the list, or empty: the list as a whole.

    The same words sent twice are one objection; without an account the letter goes out again. Files come with an
    account alone, and are removed again when the rest cannot be written: nothing is half there. None, and nothing is
    written or sent, when a stranger's address has had its share: anybody can type it, and is to learn nothing of it.
    """
    if files and not objector.actor.known:
        raise Refused(
            _("Confirm your address first; then add your files on the page of the objection."), status=403
        )
    with evidence.kept(files) as kept, transaction.atomic():
        fresh = _hold_open(notice, at)
        objection = _written(fresh, film, ground, text, objector, at)
        if same := _same(objection):
            return _once_more(same, at)
        _assert_rate(objector, at)
        if not objector.actor.known and _had_its_share(objector, at):
            return None
        objection.save()
        if objection.state == State.SENT:
            objection.token_hash = keys.hash_of(keys.token_of(objection))
            objection.save(update_fields=["token_hash"])
            tell_objector(objection, CONFIRM, at)
        else:
            evidence.write(objection, kept)
            _receive(objection, at)
        return objection


@transaction.atomic
def confirm(*, objection: Objection, by: Actor, at: datetime) -> Objection:
    """Somebody has followed the link and says that the objection is hers: from now on it counts. Twice is once."""
    fresh = Objection.objects.select_for_update(of=("self",)).filter(pk=objection.pk).first()
    notice = _hold_open(objection.notice, at)
    if fresh is None or (fresh.state == State.SENT and confirm_by(fresh) <= at):
        raise Refused(
            _("The link was good for a day. What you sent has been deleted; please object anew."),
            status=410,
            code="late",
        )
    fresh.notice = notice
    if fresh.state == State.SENT:
        _receive(fresh, at)
    return fresh


@transaction.atomic
def _receive(objection: Objection, at: datetime) -> None:
    """From now on it holds the steps, and is to be decided within the edition's working days."""
    edition = objection.notice.edition
    rules = queries.rules_of(edition)
    objection.state, objection.received_at = State.RECEIVED, at
    objection.due_at = end_after_workdays(
        at, rules.days, edition.time_zone, holidays=rules.holidays, workdays=rules.workdays
    )
    objection.save()
    ObjectionStep.objects.create(objection=objection, kind="received", by=objection.user, at=at)
    tell_objector(objection, "objection_received", at)
    tell_organisers(objection, "objection_arrived", at)


def answer(*, objection: Objection, text: str, files: Sequence[UploadedFile], at: datetime) -> ObjectionStep:
    """The objector answers a question, or adds to what she has sent, until it is decided."""
    text = plain_text(text).strip()[:TEXT_MAX]
    if not text:
        raise Refused(_("Write your answer first."), status=400, code="text")
    with evidence.kept(files) as kept, transaction.atomic():
        rows = Objection.objects.select_for_update(of=("self",)).select_related("notice__edition")
        fresh = rows.get(pk=objection.pk)
        if not fresh.is_open:
            raise Refused(_("This objection is decided: nothing can be added to it."), code="decided")
        if fresh.steps.filter(kind="answer").count() >= ANSWERS:
            raise Refused(
                _("You have written often enough about this objection. It will now be decided."),
                status=429,
                code="rate",
            )
        evidence.write(fresh, kept)
        step = ObjectionStep.objects.create(objection=fresh, kind="answer", by=fresh.user, at=at, text=text)
        tell_organisers(fresh, "objection_answered", at)
        return step


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Forget objections whose address nobody confirmed within a day; gives how many.

    One that is being confirmed at this moment is passed over: it counts, or is forgotten the next time.
    """
    rows = Objection.objects.select_for_update(skip_locked=True)
    late = rows.filter(state=State.SENT, sent_at__lte=at - CONFIRM_WITHIN).values_list("pk", flat=True)
    return Objection.objects.filter(pk__in=list(late)).delete()[1].get(Objection._meta.label, 0)


def forget_people(*, at: datetime) -> int:
    """Empty what says who objected, a year after the decision; what was decided, and why, stays. Gives how many."""
    said = ~Q(name="") | ~Q(contact="") | ~Q(holder="") | ~Q(network="")
    rows = Objection.objects.filter(said, decided_at__lte=at - KEPT)
    gone = {"name": "", "contact": "", "holder": "", "network": "", "token_hash": ""}
    nobody = Concat(Value("gone-"), Cast(F("pk"), CharField()), Value(GONE))
    letters = rows.filter(user=None).update(**gone, email=nobody)
    return letters + rows.exclude(user=None).update(**gone)


def _hold_open(notice: PublicNotice, at: datetime) -> PublicNotice:
    """The notice, held: what ends it comes before or after."""
    rows = PublicNotice.objects.select_for_update(of=("self",)).select_related("edition")
    fresh = rows.get(pk=notice.pk)
    if fresh.taken_down_at:
        raise Refused(
            _("This list is no longer on public notice. The next one will be announced there."), code="over"
        )
    if fresh.closed_at or fresh.ends_at <= at:
        raise Refused(
            _("The time for objections is over: they were taken until %(end)s.")
            % {"end": moment_text(fresh.ends_at, fresh.edition.time_zone)},
            code="over",
        )
    return fresh


def _written(
    notice: PublicNotice, film: str, ground: str, text: str, objector: Objector, at: datetime
) -> Objection:
    """The objection as it was sent, checked, not saved."""
    text = plain_text(text).strip()[:TEXT_MAX]
    if not text:
        raise Refused(_("Say what you object to, and how you know."), status=400, code="text")
    if ground not in Objection.Ground.values:
        raise Refused(_("Choose what the objection is about."), status=400, code="ground")
    titles = {row["film"]: row["title"] for row in notice.rows}
    if film and film not in titles:
        raise Refused(_("This film is not on the list."), status=400, code="film")
    name = one_line(objector.name)[:NAME_MAX]
    if not name and not queries.rules_of(notice.edition).anonymous:
        raise Refused(
            _(
                "Give your name: this contest takes up no objections without one. Only the organisers read it."
            ),
            status=400,
            code="name",
        )
    known = objector.actor.known
    return Objection(
        notice=notice,
        code=new_code(),
        film=film,
        title=titles.get(film, ""),
        ground=ground,
        text=text,
        name=name,
        contact=one_line(objector.contact)[:CONTACT_MAX],
        user=objector.actor.user,
        email="" if known else _address(objector.email),
        language=objector.language if objector.language in dict(LANGUAGES) else "en",
        holder=objector.holder,
        network=objector.network,
        sent_at=at,
        received_at=at if known else None,
        due_at=at if known else None,
        state=State.RECEIVED if known else State.SENT,
    )


def _address(email: str) -> str:
    email = plain_text(email).strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(
            _("Give a mail address: your objection counts once you confirm it there."),
            status=400,
            code="email",
        ) from None
    return email


def _same(objection: Objection) -> Objection | None:
    """What the same person has sent about the same, in the same words."""
    rows = Objection.objects.filter(notice=objection.notice, user=objection.user, email=objection.email)
    rows = rows.filter(film=objection.film, ground=objection.ground, text=objection.text)
    return rows.select_related("notice__edition").first()


def _once_more(objection: Objection, at: datetime) -> Objection:
    if objection.state == State.SENT and objection.letters.count() < SAME_AGAIN:
        tell_objector(objection, CONFIRM, at)
    return objection


def _assert_rate(objector: Objector, at: datetime) -> None:
    """Of an account only what is surely hers counts: what others send in her name must not shut her out."""
    lately = _lately(at)
    network = objector.network
    many = bool(network) and lately.filter(network=network).count() >= PER_NETWORK
    if objector.actor.known and not many:
        confirmed = Q(holder=objector.holder) & ~Q(state=State.SENT)
        many = lately.filter(Q(user_id=objector.actor.id) | confirmed).count() >= PER_OBJECTOR
    if many:
        raise Refused(
            _(
                "Many objections came from you today. Put what you have into one of them, or come back tomorrow."
            ),
            status=429,
            code="rate",
        )


def _had_its_share(objector: Objector, at: datetime) -> bool:
    return _lately(at).filter(holder=objector.holder).count() >= PER_OBJECTOR


def _lately(at: datetime) -> QuerySet[Objection]:
    return Objection.objects.filter(sent_at__gt=at - DAY)
