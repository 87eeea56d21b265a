"""Letters about objections: to accounts as notices, to an address without an account by a row of their own."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation

from festival.awards.models import Objection, ObjectionLetter
from festival.awards.objection_keys import link_of
from festival.edition.models import Edition
from festival.kit.incoming import one_line
from festival.kit.queue import enqueue
from festival.kit.words import deadline_text
from festival.people.models import GONE
from festival.people.roles import Role
from festival.post.actions import notify_many
from festival.post.direct import Outcome, hand_over, words_for
from festival.post.models import Notice

CONFIRM = "objection_confirm"
CONFIRM_WITHIN = timedelta(days=1)
ATTEMPTS = 6  # over a day
WAIT = timedelta(minutes=5)  # until the second; four times as long each time
AT_MOST = 200
WAIT_REAPS = 4


def tell_objector(objection: Objection, kind: str, at: datetime) -> None:
    """A letter in her language: a notice to her account, else one to her address."""
    edition = objection.notice.edition
    if objection.user_id:
        _notices(objection, edition, kind, [objection.user_id], f"notice/{objection.code}/", at)
    elif not objection.email.endswith(GONE):
        letter = ObjectionLetter.objects.create(objection=objection, kind=kind, due_at=at)
        _queue(letter)


def tell_organisers(objection: Objection, kind: str, at: datetime) -> None:
    edition = objection.notice.edition
    organisers = edition.memberships.filter(role__in=(Role.OWNER, Role.ORGANISER))
    users = set(organisers.values_list("user_id", flat=True)) - {objection.user_id}
    _notices(objection, edition, kind, sorted(users), f"desk/objections/{objection.code}/", at)


def _notices(
    objection: Objection, edition: Edition, kind: str, users: Iterable[int], path: str, at: datetime
) -> None:
    values = {
        "code": objection.code,
        "deadline": objection.due_at.isoformat() if objection.due_at else "",
        "decision": decision_of(objection),
    }
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=edition,
                kind=kind,
                path=f"/{edition.slug}/{path}",
                created_at=at,
                values=values,
            )
            for user in users
        ]
    )


def decision_of(objection: Objection) -> dict[str, str]:
    """What was decided, in both languages, and the reasons as they were written; empty before."""
    if not objection.decision:
        return {}
    said = {}
    for key, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            said[key] = f"{objection.get_state_display()}\n{objection.decision}"
    return said


def confirm_by(objection: Objection) -> datetime:
    """The first moment that is too late to confirm the address: a day after it was sent, or the notice's end."""
    return min(objection.sent_at + CONFIRM_WITHIN, objection.notice.ends_at)


def _queue(letter: ObjectionLetter) -> None:
    from festival.awards.tasks import send_objection_letter

    enqueue(send_objection_letter, letter.pk)


def send(pk: int, *, at: datetime) -> None:
    """Mail one letter. Claimed by compare-and-set: a second worker finds nothing to do.

    One that asks for the confirmation is not sent any more once it was given, or can no longer be. It greets with
    the address: the name may be a stranger's words, which we would carry to anybody.
    """
    rows = ObjectionLetter.objects.filter(pk=pk)
    row = rows.select_related("objection__notice__edition").first()
    if row is None or row.mailed_at or row.problem:
        return
    objection = row.objection
    edition = objection.notice.edition
    late = row.kind == CONFIRM and (objection.state != Objection.State.SENT or confirm_by(objection) <= at)
    free = Q(attempts=0) | Q(due_at__lte=at)
    claim = rows.filter(free, mailed_at=None, problem="", attempts=row.attempts)
    if late or objection.email.endswith(GONE):
        claim.update(problem=ObjectionLetter.Problem.GAVE_UP)
        return
    if not claim.update(attempts=F("attempts") + 1, due_at=at + WAIT * 4**row.attempts):
        return
    with translation.override(objection.language):
        end = objection.due_at or confirm_by(objection)
        words = words_for(
            kind=row.kind,
            edition=edition,
            link=link_of(objection, edition),
            values={
                "name": objection.email
                if row.kind == CONFIRM
                else one_line(objection.name) or objection.email,
                "code": objection.code,
                "deadline": deadline_text(end, edition.time_zone),
                "decision": decision_of(objection).get(
                    "zh" if objection.language.startswith("zh") else "en", ""
                ),
            },
        )
    match hand_over(to=objection.email, words=words, language=objection.language, uid=row.uid):
        case Outcome.SENT:
            rows.update(mailed_at=at)
        case Outcome.REFUSED:
            rows.update(problem=ObjectionLetter.Problem.REFUSED)
        case Outcome.AWAY:
            rows.filter(attempts__gte=ATTEMPTS).update(problem=ObjectionLetter.Problem.GAVE_UP)


def send_lost(*, at: datetime) -> int:
    """Queue letters again that nobody sent: a task was lost, or the mail server was away. Gives how many."""
    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    rows = list(ObjectionLetter.objects.filter(mailed_at=None, problem="", due_at__lt=late)[:AT_MOST])
    for row in rows:
        _queue(row)
    return len(rows)
