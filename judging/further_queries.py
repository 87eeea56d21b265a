"""Reads of further looks: which films may get one, who may give it, what keeps a closed round closed."""

from collections.abc import Collection
from decimal import Decimal

from judging import cut_page, queries, standing_actions
from judging.conflict_queries import conflicts_of
from judging.models import AwardList, Cut, Look, Meeting, Round, Standing
from submissions.lifecycle import State
from submissions.models import Entry

LOW, HIGH = Decimal("0.1"), Decimal("0.9")  # between them the scores do not say on which side a film belongs
GATES = (Round.Gate.SCORE, Round.Gate.PASS_FAIL)  # in others every film has all the looks there are
MOST = 500  # films that get one more look at once


def bar_of(round: Round) -> str:
    """What keeps a closed round from being reopened, as a code; "" when nothing does.

    `gate`: it has no looks of single judges. `meeting`: its scores lie open to a meeting of the jury. `frozen`: a
    round has opened with its cut, or with the first of its standing. `confirmed`: awards from it have been confirmed.
    """
    if round.gate not in GATES:
        return "gate"
    if Meeting.objects.filter(round=round).exclude(state=Meeting.State.PLANNED).exists():
        return "meeting"
    if Cut.objects.filter(round=round, frozen_at__isnull=False).exists():
        return "frozen"
    later = Round.objects.filter(edition_id=round.edition_id, position__gt=round.position, after__isnull=True)
    if later.exclude(state=Round.State.PLANNED).filter(takes_all=False).exists():
        return "frozen"
    lists = AwardList.objects.filter(standing__round=round).exclude(state=AwardList.State.PROPOSED)
    return "confirmed" if lists.exists() else ""


def free_judges(round: Round, entry_ids: Collection[int]) -> dict[int, int]:
    """By film how many of the round's judges may still see it: nobody who has had it, nobody in conflict with it."""
    jury = queries.judges_of_round(round)
    taken = set(Look.objects.filter(round=round, entry_id__in=entry_ids).values_list("judge_id", "entry_id"))
    taken |= set(conflicts_of(round.edition, list(entry_ids), list(jury)))
    found = dict.fromkeys(entry_ids, len(jury))
    for judge, entry in taken:
        if judge in jury and entry in found:
            found[entry] -= 1
    return found


def undecided(standing: Standing, entry_ids: Collection[int]) -> set[int]:
    """Those of the films that the scores do not decide: more than one chance in ten to pass, and less than nine."""
    rows = standing.rows.filter(entry_id__in=entry_ids, p_cut__gt=LOW, p_cut__lt=HIGH)
    return set(rows.values_list("entry_id", flat=True))


def can_get_looks(round: Round, standing: Standing, entry_ids: Collection[int]) -> list[int]:
    """Those of the films that the scores do not decide and that somebody may still see; none once it is too late."""
    if bar_of(round):
        return []
    found = undecided(standing, entry_ids)
    free = free_judges(round, sorted(found))
    return sorted(pk for pk in found if free[pk])


def nearest(standing: Standing, *, cut: int, more: int) -> list[Entry]:
    """The films for which the page of the line imagines one more look each, nearest the line first."""
    models = standing_actions.modelled(standing.inputs, cut=cut, seed=standing.round.seed)
    if models is None or cut < 1:
        return []
    codes = cut_page.nearest(models, cut, min(more, MOST))
    rows = Entry.objects.filter(
        edition_id=standing.round.edition_id, code__in=codes, state=State.ELIGIBLE
    ).select_related("track")
    place = {code: number for number, code in enumerate(codes)}
    return sorted(rows, key=lambda entry: place[entry.code])


def superseded(round: Round) -> list[Standing]:
    """The standings before the one in force, the first one first."""
    rows = Standing.objects.filter(round=round, superseded_at__isnull=False)
    return list(rows.select_related("made_by").defer("inputs").order_by("number"))
