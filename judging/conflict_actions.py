"""Writes of conflicts: declared, found, decided. What is confirmed in an open round takes the judge's looks away."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.models import User
from judging import conflict_queries, looks_actions, permissions, queries, rounds_actions
from judging.conflict_queries import HOUSES
from judging.logic.names import house_key, key
from judging.models import BallotLine, Conflict, Look, Round, Vote
from submissions.models import Entry, Event

REASON_MAX = 500
Source, State = Conflict.Source, Conflict.State


@transaction.atomic
def declare(
    *, edition: Edition, judge: User, kind: str, party: str, by: Actor, at: datetime, reason: str = ""
) -> tuple[Conflict, int]:
    """A person, company, school or team that a judge is too near to; declared by herself or for her.

    Every film that names it is barred at once, and her looks at it in open rounds go to others. Gives the conflict and
    how many looks were taken away. Declaring twice is declaring once.
    """
    itself = by.id == judge.pk and edition_permissions.can_judge(by, edition)
    if not itself and not permissions.can_plan(by, edition):
        raise Refused(_("A conflict is declared by the judge, the jury chair or an organiser."), status=403)
    party = " ".join(party.split())[:200]
    found = house_key(party) if kind in HOUSES else key(party)
    if kind not in Conflict.NAMED or not found:
        raise Refused(
            _("Write the name of a person, a company, a school or a team."), status=400, code="party"
        )
    row, made = Conflict.objects.get_or_create(
        edition=edition,
        judge=judge,
        kind=kind,
        party_key=found[:200],
        entry=None,
        defaults={
            "source": Source.DECLARED,
            "party": party,
            "state": State.CONFIRMED,
            "reason": reason.strip()[:REASON_MAX],
            "by": by.user,
            "at": at,
        },
    )
    if not made and row.state == State.DISMISSED:
        row.state, row.decided_by, row.decided_at = State.CONFIRMED, by.user, at
        row.save(update_fields=["state", "decided_by", "decided_at"])
    return row, take_away(conflict=row, by=by, at=at)


@transaction.atomic
def search(*, edition: Edition, at: datetime) -> int:
    """Look for conflicts in names and addresses; gives how many new ones wait for a person.

    Called when a round opens and from the desk. Films are barred by what is found whether it stands here or not: the
    rows are what somebody has to decide about.
    """
    facts = conflict_queries.film_facts(edition)
    have = set(
        Conflict.objects.filter(edition=edition, source=Source.DETECTED, entry__isnull=True).values_list(
            "judge_id", "kind", "party_key"
        )
    )
    new = [
        Conflict(
            edition=edition,
            judge_id=judge.id,
            source=Source.DETECTED,
            kind=kind,
            party=party,
            party_key=party[:200],
            at=at,
        )
        for judge in conflict_queries.judge_facts(queries.judges_of(edition)).values()
        for kind, party, _films in conflict_queries.detected(judge, facts)
        if (judge.id, kind, party[:200]) not in have
    ]
    Conflict.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


@transaction.atomic
def decide(
    *,
    conflict: Conflict,
    confirmed: bool,
    by: Actor,
    at: datetime,
    reason: str = "",
    entry: Entry | None = None,
) -> tuple[Conflict, int]:
    """Confirm a conflict, or dismiss it with a reason; with an `entry` for that film alone.

    Gives the row and how many looks were taken from the judge. What a judge declared herself is not dismissed by
    anybody but the chair.
    """
    edition = conflict.edition
    if not permissions.can_plan(by, edition):
        raise Refused(_("Only organisers and the jury chair decide about conflicts."), status=403)
    if conflict.judge_id == by.id and not confirmed:
        raise Refused(_("Nobody dismisses a conflict of her own. Ask somebody else of the team."), status=403)
    if (
        not confirmed
        and conflict.source != Source.DETECTED
        and not edition_permissions.can_chair(by, edition)
    ):
        raise Refused(_("Only the jury chair dismisses what a judge has declared."), status=403)
    reason = reason.strip()[:REASON_MAX]
    if not confirmed and not reason:
        raise Refused(_("Say why this is no conflict: the reason is kept."), status=400, code="reason")
    row = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if entry is not None and row.entry_id is None:
        row = Conflict(
            edition=edition,
            judge_id=row.judge_id,
            source=row.source,
            kind=row.kind,
            party=row.party,
            party_key=row.party_key,
            entry=entry,
            by=by.user,
            at=at,
        )
        old = Conflict.objects.filter(
            edition=edition, judge_id=row.judge_id, kind=row.kind, party_key=row.party_key, entry=entry
        ).first()
        row = old or row
    row.state = State.CONFIRMED if confirmed else State.DISMISSED
    row.decided_by, row.decided_at = by.user, at
    row.reason = reason or row.reason
    row.save()
    return row, take_away(conflict=row, by=by, at=at) if confirmed else 0


@transaction.atomic
def take_away(*, conflict: Conflict, by: Actor, at: datetime) -> int:
    """Give the judge's looks in open rounds that the conflict is about to others; gives how many.

    What she has given for them is dropped, as with a recusal, and so is what she has voted: a conflict is absolute.
    """
    # Held before anything is read: who is handing out looks or casting a ballot comes before, or sees the conflict.
    held = Round.objects.select_for_update(of=("self",)).select_related("edition").order_by("pk")
    rounds = list(held.filter(edition=conflict.edition).exclude(state=Round.State.CLOSED))
    films = conflict_queries.films_of(conflict)
    BallotLine.objects.filter(
        ballot__round__in=[round for round in rounds if round.state == Round.State.OPEN],
        ballot__juror=conflict.judge_id,
        entry__in=films,
    ).delete()
    looks = conflict_queries.looks_in_conflict(conflict.edition, conflict.judge_id, films)
    by_round: dict[int, dict[int, int]] = {}
    for look, round, entry in looks.values_list("pk", "round_id", "entry_id"):
        by_round.setdefault(round, {})[look] = entry
    return sum(_take(round, by_round[round.pk], by, at) for round in rounds if round.pk in by_round)


@transaction.atomic
def sweep(*, edition: Edition, by: Actor, at: datetime) -> int:
    """Give to others every look in an open round whose judge has come too near to its film since she got it, as
    co-author, say, or because a credit was corrected; gives how many. What somebody has to decide about first stays.
    """
    held = Round.objects.select_for_update(of=("self",)).select_related("edition").order_by("pk")
    rounds = list(held.filter(edition=edition, state=Round.State.OPEN))
    if not rounds:
        return 0
    pairs = conflict_queries.conflicts_of(edition, settled=True)
    looks = Look.objects.filter(round__in=rounds, judge_id__in={judge for judge, _entry in pairs})
    by_round: dict[int, dict[int, int]] = {}
    for pk, round, judge, entry in looks.exclude(state=Look.State.RECUSED).values_list(
        "pk", "round_id", "judge_id", "entry_id"
    ):
        if (judge, entry) in pairs:
            by_round.setdefault(round, {})[pk] = entry
    votes = Vote.objects.filter(meeting__edition=edition, state=Vote.State.OPEN)
    lines = BallotLine.objects.filter(Q(ballot__round__in=rounds) | Q(ballot__vote__in=votes))
    rows = lines.values_list("pk", "ballot__juror_id", "entry_id")
    gone = [pk for pk, juror, entry in rows if (juror, entry) in pairs]
    BallotLine.objects.filter(pk__in=gone).delete()
    return sum(_take(round, by_round[round.pk], by, at) for round in rounds if round.pk in by_round)


def _take(round: Round, films: Mapping[int, int], by: Actor, at: datetime) -> int:
    """`films`: the entry of each look."""
    taken = looks_actions.give_up(films, taken=Look.Taken.CONFLICT, at=at)
    kind = "look_recused"
    Event.objects.bulk_create(
        Event(
            entry_id=films[look], kind=kind, actor=by.user, at=at, values={"round": round.slug, "look": look}
        )
        for look in taken
    )
    rounds_actions.replace_looks(round=round, entry_ids=[films[look] for look in taken], by=by, at=at)
    return len(taken)
