"""Writes that keep a jury moving: nudges, reminders before the phase ends, and the replacement of a judge."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.edition.models import Edition, Phase
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.models import User
from festival.post.actions import notify_many
from festival.post.models import Notice, Reminder
from judging import permissions, progress_queries, queries, rounds_actions
from judging.judge_queries import own_phases
from judging.models import Allocation, Look, Round

DAY = timedelta(days=1)
REMIND_DAYS = 3  # before the jury's phase ends
QUIET = timedelta(hours=20)  # nobody is nudged twice within it, nor who was at work within it
NUDGE, REMINDER = "judge_nudge", "judge_reminder"


def _letter(edition: Edition, judge: int, kind: str, films: int, seconds: int, at: datetime) -> Notice:
    return Notice(
        user_id=judge,
        edition=edition,
        kind=kind,
        path=f"/{edition.slug}/jury/",
        created_at=at,
        values={"films": films, "seconds": seconds},
    )


def behind(
    round: Round,
    at: datetime,
    progress: Sequence[progress_queries.JudgeProgress] | None = None,
    jury: Collection[int] | None = None,
) -> list[progress_queries.JudgeProgress]:
    """Judges with films left who have neither worked nor been nudged in the last hours; nobody while the round is new.

    `progress`: that of the round, and `jury`, its members, where they were read already. One query then, else five.
    """
    jury = queries.jury_of(round) if jury is None else jury
    told = set(
        Notice.objects.filter(
            edition_id=round.edition_id, kind__in=[NUDGE, REMINDER], created_at__gt=at - QUIET
        ).values_list("user_id", flat=True)
    )
    return [
        row
        for row in (progress_queries.judges_progress(round) if progress is None else progress)
        if row.films > row.done
        and row.judge_id in jury
        and row.judge_id not in told
        and (row.last_saved or round.opened_at or at) <= at - QUIET
    ]


@transaction.atomic
def nudge(*, round: Round, by: Actor, at: datetime) -> int:
    """Write to the judges who are behind; gives how many. Pressed twice it writes once."""
    if not permissions.can_follow(by, round):
        raise Refused(_("Only organisers and the jury chair write to the judges."), status=403)
    if Round.objects.select_for_update().get(pk=round.pk).state != Round.State.OPEN:
        raise Refused(_("This round is not open."))
    return notify_many(
        notices=[
            _letter(round.edition, row.judge_id, NUDGE, row.films - row.done, row.seconds_left, at)
            for row in behind(round, at)
        ]
    )


def remind_judges(*, at: datetime) -> int:
    """Three days before the jury's phase ends, once: a letter to every judge with films left. Run by the beat."""
    low, high = at + (REMIND_DAYS - 1) * DAY, at + REMIND_DAYS * DAY
    phases = Phase.objects.filter(kind=Phase.Kind.JURY, ends_at__gt=low, ends_at__lte=high)
    return sum(_remind(phase, at) for phase in phases.select_related("edition"))


def _remind(phase: Phase, at: datetime) -> int:
    edition = phase.edition
    if Reminder.objects.filter(edition=edition, deadline=phase.ends_at, days=REMIND_DAYS).exists():
        return 0
    left: dict[int, list[int]] = {}
    jury = queries.judges_of(edition)
    pending = Look.objects.filter(
        queries.LIVE, round__edition=edition, round__state=Round.State.OPEN, state=Look.State.PENDING
    )
    own = own_phases(edition)
    if own:  # the end of another round's days is no deadline of this one
        pending = pending.filter(round_id__in=[pk for pk, one in own.items() if one == phase])
    for judge, seconds in pending.filter(judge_id__in=jury).values_list("judge_id", "seconds"):
        left.setdefault(judge, []).append(seconds)
    letters = [
        _letter(edition, judge, REMINDER, len(films), sum(films), at) for judge, films in sorted(left.items())
    ]
    for letter in letters:
        letter.values["deadline"] = phase.ends_at.isoformat()
    try:
        with transaction.atomic():
            Reminder.objects.create(
                edition=edition, deadline=phase.ends_at, days=REMIND_DAYS, at=at, count=len(letters)
            )
            return notify_many(notices=letters)
    except IntegrityError:
        return 0


@transaction.atomic
def replace_judge(*, round: Round, judge: User, by: Actor, at: datetime) -> Allocation:
    """Take a judge off one round: films not finished go to others, finished looks stay and count.

    The judge stays on the jury for other rounds.
    """
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair replaces a judge."), status=403)
    if Round.objects.select_for_update().get(pk=round.pk).state != Round.State.OPEN:
        raise Refused(_("This round is not open."))
    changed = Look.objects.filter(round=round, judge=judge, state=Look.State.PENDING).update(
        state=Look.State.RECUSED, taken=Look.Taken.REPLACED, saved_at=at, answer="", nominated=False
    )
    if not changed:
        raise Refused(_("This judge has nothing left to do in this round."))
    return rounds_actions.add_late_films(round=round, by=by, at=at)
