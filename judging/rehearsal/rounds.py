"""A round as it goes in a rehearsal: opened, judged, closed, cut, through the actions that the site itself uses."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import (
    adaptive_actions,
    answer_actions,
    ballot_actions,
    jury_actions,
    looks_actions,
    queries,
    rounds_actions,
    setup_actions,
    tie_actions,
    tie_queries,
)
from judging.ballot_queries import offered_to
from judging.cut_queries import current_cut
from judging.logic.scores import Floats
from judging.models import Allocation, Criterion, CutRow, Look, Round
from judging.reading import judging_times, to_read
from judging.rehearsal import in_bulk, meetings, pages
from judging.rehearsal.arriving import Tick
from judging.rehearsal.contest import Contest
from judging.rehearsal.truth import mark

PASSES_FROM = -0.25  # an opinion that is enough for a pass: about three films of five
UNSURE = 0.1  # so near to it a judge does not know
NOMINATES = 0.5  # of her films at most, where she may nominate more than that
SEATS = 3  # of a panel, as at the contest in Pingtan
VOTERS = 9  # named for a ballot: a final jury is small, whoever selected before
RANKED = 10  # places that a juror fills on a ranked ballot
ASIDE = "I know somebody who made this film."
APPROVES = 0.3  # of the films on an approval ballot

Row = dict[str, Any]


def judge_round(
    made: Contest,
    round: Round,
    stage: int,
    opens: datetime,
    closes: datetime,
    tick: Tick = lambda _share: None,
) -> Row:
    """Open the round, have everybody judge, close it, make its cut. Gives what happened as plain values.

    A refusal of the site ends the round; it is part of what a rehearsal is to find.
    """
    row: Row = {"slug": round.slug, "name": round.name, "gate": round.gate, "refused": "", "why": ""}
    try:
        if round.gate == Round.Gate.PANEL:
            _seat(made, round, opens)
        else:
            _name(made, round, opens)
        given = rounds_actions.open_round(round=round, by=made.chair, at=opens, seed=made.seed * 100 + stage)
        row["unserved"] = unserved(given)
        reads = _reads(round)
        row |= {"films": round.films.count(), "reads": len(reads)}
        row["intake"] = sorted(made.films[pk] for pk in round.films.values_list("pk", flat=True))
        made.pages += pages.ask(pages.of_round(made, round), round.slug, made.asks)
        if round.gate == Round.Gate.BALLOT:
            row |= _vote(made, round, stage, opens + (closes - opens) / 2, reads)
        else:
            row["one_by_one"] = _Hall(made, round, stage, closes, reads, tick).see_all(opens)
        pending = queries.pending_looks(round)
        rounds_actions.close_round(round=round, by=made.chair, at=closes, confirmed_pending=pending)
    except Refused as refused:
        row |= {"refused": refused.code or "refused", "why": str(refused)}
        return _effort(round) | row
    return _effort(round) | row | {"pending": pending} | _cut(made, round, stage, closes)


def unserved(given: Allocation | None) -> Row | None:
    """How many looks of how many films nobody could be given when the round opened, and what was most often missing."""
    if given is None or not given.unserved:
        return None
    reasons = Counter[str]()
    for row in given.unserved:
        reasons[row["reason"]] += row["looks"]
    return {
        "looks": reasons.total(),
        "films": len(given.unserved),
        "reason": reasons.most_common(1)[0][0],
    }


def _seat(made: Contest, round: Round, at: datetime) -> None:
    """As many of the jury as the plan says sit down on the round's panels, else three on each."""
    panels = list(round.panels.order_by("position", "pk"))
    ids = _next(made, list(made.jurors), max(round.expects_judges or SEATS * len(panels), len(panels)))
    setup_actions.set_panels(
        round=round,
        by=made.chair,
        at=at,
        panels=[
            setup_actions.PanelGiven(
                panel.pk, panel.name, tuple(ids[place :: len(panels)]), panel.most_nominations
            )
            for place, panel in enumerate(panels)
        ],
    )


def _name(made: Contest, round: Round, at: datetime) -> None:
    """As many of the jury as the plan says judge the round, else everybody. A small jury votes in any case: of those
    who have not dropped out, no fewer than the quorum.
    """
    there, most = list(made.jurors), round.expects_judges
    if round.gate == Round.Gate.BALLOT:
        there = [pk for pk, number in made.jurors.items() if made.jury.stops_after[number] >= 1]
        most = max(most or VOTERS, round.quorum)
    if 0 < most < len(made.jurors):
        setup_actions.choose_jury(round=round, judges=_next(made, there, most), by=made.chair, at=at)


def _next(made: Contest, there: Sequence[int], count: int) -> list[int]:
    """So many of the jury, or all: those behind whom the rounds before have named, and from the beginning again."""
    first = made.seated % max(len(there), 1)
    made.seated += count
    return [*there[first:], *there[:first]][:count]


@dataclass
class _Hall:
    """The judges of a round at work. The first looks go through the actions one by one, the others in bulk."""

    made: Contest
    round: Round
    stage: int
    closes: datetime
    reads: set[int]
    tick: Tick
    single: int = 0
    done: int = 0

    def see_all(self, opens: datetime) -> int:
        """Looks are done batch by batch until none is left; who stops on the way is replaced by the chair. Gives how
        many went one by one.
        """
        moment, gone = opens, set[int]()
        while True:
            waiting: dict[int, list[Look]] = defaultdict(list)
            rows = Look.objects.filter(queries.LIVE, round=self.round, state=Look.State.PENDING)
            for look in rows.exclude(judge_id__in=gone).order_by("position", "pk"):
                waiting[look.judge_id].append(look)
            left = sum(map(len, waiting.values()))
            until = moment + (self.closes - moment) / 2
            if waiting:
                for judge, looks in waiting.items():
                    self.tick(0.9 * self.done / (self.done + left))
                    if self._see(judge, looks, moment, until):
                        gone.add(judge)
                    self.done += len(looks)
                    left -= len(looks)
                moment = until
                for judge in sorted(gone):
                    _replace(self.made, self.round, judge, moment)
                continue
            allocation = adaptive_actions.give_next(round=self.round, by=self.made.chair, at=moment)
            if allocation is None or not allocation.looks_made:
                return self.single

    def _see(self, judge: int, looks: Sequence[Look], start: datetime, end: datetime) -> bool:
        """A judge goes through her films; gives whether she has stopped before the last."""
        made, round, stage = self.made, self.round, self.stage
        number = made.jurors[judge]
        most = int(len(looks) * made.jury.stops_after[number])
        criteria = list(round.criteria.order_by("position", "pk"))
        films = {look.pk: made.films[look.entry_id] for look in looks}
        seen = looks[:most]
        kept = [look for look in seen if not made.jury.stands_aside(stage, films[look.pk], number)]
        opinions = {
            look.pk: made.jury.opinions(
                stage,
                films[look.pk],
                number,
                done=place / len(looks),
                count=max(len(criteria), 1),
                reads=look.entry_id in self.reads,
            )
            for place, look in enumerate(kept)
        }
        chosen = _nominees(round, kept, {pk: float(row[0]) for pk, row in opinions.items()})
        step = (end - start) / (len(looks) + 1)
        finished: list[in_bulk.Seen] = []
        aside: list[Look] = []
        for place, look in enumerate(seen, 1):
            look.round = round
            if look.pk not in opinions:
                aside.append(look)
                continue
            opinion = _seen(round, look, start + step * place, opinions[look.pk], look.pk in chosen, criteria)
            if self.single < made.size.one_by_one:
                self.single += 1
                _act(round, opinion, made.judges[number])
            else:
                finished.append(opinion)
        in_bulk.finish_looks(round=round, by=made.judges[number], seen=finished)
        in_bulk.stand_aside(round=round, by=made.judges[number], looks=aside, at=end, reason=ASIDE)
        return most < len(looks)


def _replace(made: Contest, round: Round, judge: int, at: datetime) -> None:
    user = made.judges[made.jurors[judge]].user
    if user and Look.objects.filter(round=round, judge_id=judge, state=Look.State.PENDING).exists():
        jury_actions.replace_judge(round=round, judge=user, by=made.chair, at=at)


def _seen(
    round: Round, look: Look, at: datetime, opinion: Floats, chosen: bool, criteria: Sequence[Criterion]
) -> in_bulk.Seen:
    """What the judge says of the film, as the round asks."""
    if round.gate == Round.Gate.PASS_FAIL:
        return in_bulk.Seen(look, at, answer=_answer(float(opinion[0])))
    if round.gate == Round.Gate.PANEL:
        return in_bulk.Seen(look, at, nominated=chosen)
    scale = [float(value) for value in (round.scale_min, round.scale_max, round.scale_step)]
    scores = {
        one.slug: Decimal(str(round_to(mark(float(value), *scale))))
        for one, value in zip(criteria, opinion, strict=True)
    }
    return in_bulk.Seen(look, at, scores=scores, saves=2)


def _act(round: Round, seen: in_bulk.Seen, by: Actor) -> None:
    """The same through the actions of the console."""
    look = seen.look
    watched = {"watched": look.seconds, "at": seen.at, "by": by, "look": look, "revision": look.revision}
    if round.gate == Round.Gate.PASS_FAIL:
        answer_actions.give_answer(answer=seen.answer, **watched)
    elif round.gate == Round.Gate.PANEL:
        answer_actions.nominate(nominated=seen.nominated, **watched)
    else:
        kept = looks_actions.save_scores(scores=seen.scores, comment="", **watched)
        looks_actions.finish_look(look=look, by=by, at=seen.at, revision=kept.revision)


def round_to(value: float) -> float:
    """Two digits behind the point, as scores are kept."""
    return round(value, 2)


def _answer(opinion: float) -> str:
    if abs(opinion - PASSES_FROM) < UNSURE:
        return Look.Answer.UNSURE
    return Look.Answer.PASS if opinion > PASSES_FROM else Look.Answer.FAIL


def _nominees(round: Round, looks: Sequence[Look], opinions: dict[int, float]) -> set[int]:
    """The looks whose films the judge nominates: those she thinks best, as many as she has left."""
    if round.gate != Round.Gate.PANEL or not looks:
        return set()
    most, given = answer_actions.nominations_of(looks[0])
    best = sorted(opinions, key=lambda pk: (-opinions[pk], pk))
    return set(best[: max(0, min(most - given, int(len(looks) * NOMINATES + 0.5)))])


def _reads(round: Round) -> set[int]:
    """The projects of the round that have no film yet: their pages are judged."""
    return to_read(round.edition_id, round.films.values_list("pk", flat=True))


def _vote(made: Contest, round: Round, stage: int, at: datetime, reads: set[int]) -> Row:
    """Who has not dropped out watches every film on her ballot and casts it. Gives how many, and their hours."""
    times = judging_times(round, list(round.films.values_list("pk", flat=True)))
    watched: dict[int, int] = {}
    named = queries.jury_of(round)
    for number, by in enumerate(made.judges):
        if by.id not in named:
            continue
        films = offered_to(round, by.id or 0)
        if made.jury.stops_after[number] < 1 or not films:
            continue
        opinions = {
            film.entry_id: float(
                made.jury.opinions(
                    stage, made.films[film.entry_id], number, done=0, reads=film.entry_id in reads
                )[0]
            )
            for film in films
        }
        best = sorted(opinions, key=lambda pk: (-opinions[pk], pk))
        ballot_actions.cast_ballot(round=round, by=by, at=at, revision=0, values=_values(round, best))
        watched[by.id or 0] = sum(times[pk] + round.overhead_seconds for pk in opinions)
    return {"ballots": len(watched), **_hours(watched)}


def _hours(seconds: Mapping[int, int]) -> Row:
    """How long judges were at work, all together, the busiest, and each; `seconds` by judge."""
    return {
        "judges": len(seconds),
        "judge_hours": sum(seconds.values()) / 3600,
        "most_hours": max(seconds.values(), default=0) / 3600,
        "hours": {judge: each / 3600 for judge, each in seconds.items()},
    }


def _values(round: Round, best: Sequence[int]) -> dict[int, int | None]:
    if round.ballot == Round.Ballot.RANKED:
        return {pk: place for place, pk in enumerate(best[:RANKED], 1)}
    if round.ballot == Round.Ballot.APPROVAL:
        return dict.fromkeys(best[: max(1, int(len(best) * APPROVES))], 1)
    return {pk: max(round.ballot_points - place, 0) for place, pk in enumerate(best)}


def _effort(round: Round) -> Row:
    """Looks by state, and the hours of the judges: films as long as they are, with what is needed around each."""
    looks = Look.objects.filter(round=round)
    counts = {state: looks.filter(state=state).count() for state in Look.State.values}
    done = looks.filter(state=Look.State.SCORED)
    by_judge = done.values("judge_id").annotate(sum=Sum(F("seconds") + round.overhead_seconds)).order_by()
    return {
        "looks": counts["scored"],
        "asides": looks.filter(state=Look.State.RECUSED, taken="").count(),
        "taken": looks.exclude(taken="").count(),
        **_hours({each["judge_id"]: each["sum"] for each in by_judge}),
    }


def _cut(made: Contest, round: Round, stage: int, at: datetime) -> Row:
    """What goes on. Films tied across the line are settled by a vote of the jury where the rule says so, else by the
    rule's other steps.
    """
    cut = current_cut(round)
    if cut is None:
        return {"goes_on": None, "tied": 0}
    tied = CutRow.objects.filter(cut=cut, reason=CutRow.Reason.TIE).count()
    voted = meetings.break_tie(made, round, stage, cut, at)
    if tie_queries.tie_of(round, cut) is not None:
        tie_actions.apply_tie_rule(cut=cut, by=made.chair, at=at + meetings.AFTERWARDS, why="A rehearsal.")
    rows = CutRow.objects.filter(cut=cut).exclude(reason__in=CutRow.OUT)
    films = sorted(made.films[pk] for pk in rows.values_list("entry_id", flat=True))
    return {"goes_on": films, "tied": tied, "voted": voted}
