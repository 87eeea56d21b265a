"""A running edition as a blueprint: what it is now, read from every floor, with its days counted from the call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from festival.edition.blueprint import Blueprint, PhasePlan, TrackPlan
from festival.edition.blueprint_awards import AwardPlan, AwardRulePlan, PoolPlan
from festival.edition.blueprint_cohorts import CohortPlan, DeliverablePlan, MilestonePlan, SupportPlan
from festival.edition.blueprint_form import QuestionPlan
from festival.edition.blueprint_rounds import AnchorPlan, CriterionPlan, CutPlan, PanelPlan, RoundPlan
from festival.edition.blueprint_venues import HallPlan, HoursPlan, TravelPlan, VenuePlan
from festival.edition.declarations import DeclarationPlan
from festival.edition.form_rules import read_form
from festival.edition.models import Edition, Phase
from festival.edition.objection_rules import read_objections
from festival.premiere.hall_actions import HALL_FIELDS
from festival.premiere.models import Checklist, Hall, Travel
from judging.models import Round
from submissions.cohorts.models import Milestone
from submissions.models import Question


def plan_of(edition: Edition) -> Blueprint:
    """The plan by which this edition could be made again, with everything that was changed since.

    What belongs to this one run is left out: people, films, screenings; awards that the jury made while it
    deliberated; questions and declarations that are no longer asked; a track that was closed early. So is what a
    blueprint has no word for: how much of a film must be watched and how fast, until when a question can be answered
    and which files it takes, when entrants are reminded, letters of the edition's own.
    """
    phases = sorted(edition.phases.all(), key=lambda phase: phase.pk)
    tracks = list(edition.tracks.all())
    day = _Days(edition, phases)
    venues, travel = _venues(edition, day)
    checklist = Checklist.objects.filter(edition=edition).first()
    return Blueprint(
        key=edition.blueprint,
        name=edition.name,
        tagline=edition.tagline,
        about=edition.about,
        contact=edition.contact,
        time_zone=edition.time_zone,
        blind=edition.blind,
        fix_days=edition.fix_days,
        four_eyes=edition.four_eyes,
        rulebook=edition.rulebook,
        prize_pool=PoolPlan.of(edition.prize_pool),
        form=read_form(edition.form),
        objections=read_objections(edition.objections),
        declarations=tuple(_declarations(edition)),
        questions=tuple(_questions(edition)),
        tracks=tuple(
            TrackPlan(
                slug=track.slug,
                name=track.name,
                about=track.about,
                enters=track.enters,
                invitation_only=track.invitation_only,
                most_entries=track.most_entries,
                ends_day=None if track.ends_at is None else day.last(track.ends_at),
            )
            for track in tracks
        ),
        phases=tuple(
            PhasePlan(phase.kind, phase.name, day.of(phase.starts_at), day.last(phase.ends_at))
            for phase in phases
        ),
        rounds=tuple(rounds_of(edition)),
        awards=tuple(awards_of(edition)),
        award_rules=tuple(award_rules_of(edition)),
        cohorts=tuple(_cohorts(edition, {track.pk: track.slug for track in tracks}, day)),
        venues=venues,
        travel=travel,
        checks=checklist.levels if checklist else {},
    )


def first_day(edition: Edition, phases: Sequence[Phase]) -> date:
    """Day 0: the first day of the call on the edition's clocks; without a call that of the first phase, else the day it
    was made."""
    calls = [phase for phase in phases if phase.kind == Phase.Kind.CALL]
    opening = min(calls or phases, key=lambda phase: phase.starts_at, default=None)
    moment = edition.created_at if opening is None else opening.starts_at
    return moment.astimezone(ZoneInfo(edition.time_zone)).date()


class _Days:
    """Days of the edition's calendar: 0 is the first day of the call, on the clocks of its zone."""

    def __init__(self, edition: Edition, phases: list[Phase]) -> None:
        self.zone = ZoneInfo(edition.time_zone)
        self.first = first_day(edition, phases)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def of(self, moment: datetime) -> int:
        return (self.local(moment).date() - self.first).days

    def last(self, end: datetime) -> int:
        """The day that an end belongs to: midnight is the end of the day before."""
        return self.of(end - timedelta(microseconds=1))


def _declarations(edition: Edition) -> Iterator[DeclarationPlan]:
    for row in edition.declarations.filter(retired_at=None).select_related("track"):
        yield DeclarationPlan(
            key=row.key,
            title=row.title,
            text=row.text,
            required=row.required,
            if_applicable=row.if_applicable,
            document=row.document,
            track=row.track.slug if row.track else "",
        )


def _questions(edition: Edition) -> Iterator[QuestionPlan]:
    for row in edition.questions.filter(retired_at=None).prefetch_related("wordings", "tracks"):
        words = row.wording
        yield QuestionPlan(
            text=words.text,
            help=words.help,
            kind=row.kind,
            asked=row.asked,
            required=row.required,
            for_judges=row.for_judges,
            tracks=tuple(track.slug for track in row.tracks.all()),
            options=tuple({"en": option["en"], "zh": option["zh"]} for option in words.options),
            limits={} if row.kind == Question.Kind.FILE else words.limits,
        )


def rounds_of(edition: Edition) -> Iterator[RoundPlan]:
    """The rounds as they would be planned. Three queries."""
    named = Round.jury.through.objects.filter(round_id=OuterRef("pk")).order_by().values("round_id")
    rows = edition.rounds.annotate(
        named=Coalesce(Subquery(named.annotate(n=Count("user_id")).values("n")), 0)
    )
    for row in rows.select_related("after", "cohort").prefetch_related("criteria", "panels"):
        scored = row.gate == Round.Gate.SCORE
        yield RoundPlan(
            slug=row.slug,
            name=row.name,
            looks=row.looks_per_film,
            scale=tuple(map(_plain, (row.scale_min, row.scale_max, row.scale_step))),
            criteria=tuple(
                CriterionPlan(
                    one.slug,
                    one.name,
                    one.about,
                    _plain(one.weight),
                    tuple(AnchorPlan(Decimal(anchor["value"]), anchor["text"]) for anchor in one.anchors),
                )
                for one in row.criteria.all()
            ),
            gate=row.gate,
            after=row.after.slug if row.after else "",
            cohort=row.cohort.slug if row.cohort else "",
            blind=row.blind,
            overhead=row.overhead_seconds,
            reading_minutes=row.reading_minutes,
            adaptive=row.adaptive and scored,
            most_looks=row.most_looks,
            budget=row.looks_budget or 0,
            second_look=row.second_look,
            official=row.official_rule,
            decides=row.decides,
            pass_rule=row.pass_rule,
            pass_least=row.pass_least,
            nominations=row.most_nominations,
            panels=tuple(PanelPlan(one.name, one.most_nominations or 0) for one in row.panels.all()),
            ballot=row.ballot,
            ballot_points=row.ballot_points,
            quorum=row.quorum,
            cut=CutPlan(row.cut_kind, _plain(row.cut_value)) if row.cut_kind else None,
            wild_cards=row.wild_cards,
            expects=row.expects,
            judges=row.expects_judges or row.named,
            tie_criterion=row.tie_criterion,
            tie_last=row.tie_last,
        )


def awards_of(edition: Edition) -> Iterator[AwardPlan]:
    """The awards as they would be planned, in their order; not those that the jury adds. One query."""
    for slot in edition.award_slots.filter(added=False).select_related("track").order_by("position", "pk"):
        yield AwardPlan(
            slug=slot.slug,
            name=slot.name,
            tier=slot.tier,
            places=slot.places,
            prize=slot.prize,
            prizes=tuple(slot.prizes),
            track=slot.track.slug if slot.track else "",
            sponsor=slot.sponsor,
            decided_by=slot.decided_by,
            source=slot.source,
            may_be_vacant=slot.may_be_vacant,
            ex_aequo=slot.ex_aequo,
            combines_with=tuple(slot.combines),
            least_score=_plain(slot.least_score),
            last_rank=slot.last_rank,
            require=tuple(slot.require),
        )


def award_rules_of(edition: Edition) -> Iterator[AwardRulePlan]:
    """The rules over awards. One query."""
    for rule in edition.award_rules.all():
        yield AwardRulePlan(rule.slug, rule.name, rule.kind, rule.data, tuple(rule.slots))


def _cohorts(edition: Edition, tracks: Mapping[int, str], day: _Days) -> Iterator[CohortPlan]:
    rows = list(edition.cohorts.all())
    prefetch_related_objects(rows, "milestones__deliverables", "promises")
    for row in rows:
        yield CohortPlan(
            slug=row.slug,
            name=row.name,
            about=row.about,
            places=row.places,
            source=row.source,
            track=tracks[row.track_id] if row.track_id else "",
            answer_days=row.answer_days,
            offers_next=row.offers_next,
            starts_day=day.of(row.starts_at),
            ends_day=day.last(row.ends_at),
            milestones=tuple(
                _milestone(one, day) for one in sorted(row.milestones.all(), key=lambda one: one.position)
            ),
            support=tuple(SupportPlan(one.kind, _plain(one.amount), one.unit) for one in row.promises.all()),
        )


def _milestone(row: Milestone, day: _Days) -> MilestonePlan:
    return MilestonePlan(
        slug=row.slug,
        name=row.name,
        about=row.about,
        due_day=day.last(row.due_at),
        grant=_plain(row.grant),
        grant_unit=row.grant_unit,
        deliverables=tuple(
            DeliverablePlan(one.slug, one.name, one.about, one.kind, one.required)
            for one in row.deliverables.all()
        ),
    )


def _venues(edition: Edition, day: _Days) -> tuple[tuple[VenuePlan, ...], tuple[TravelPlan, ...]]:
    """Venues are named venue-1, venue-2 … where ways lead between them."""
    rows = list(edition.venues.order_by("pk").prefetch_related("halls__openings"))
    ways = list(Travel.objects.filter(first__edition=edition))
    on_the_way = {pk for way in ways for pk in (way.first_id, way.second_id)}
    slugs = {venue.pk: f"venue-{n}" for n, venue in enumerate(rows, 1) if venue.pk in on_the_way}
    venues = tuple(
        VenuePlan(
            slugs.get(venue.pk, ""),
            venue.name,
            venue.address,
            tuple(_hall(hall, day) for hall in sorted(venue.halls.all(), key=lambda hall: hall.pk)),
        )
        for venue in rows
    )
    return venues, tuple(TravelPlan((slugs[way.first_id], slugs[way.second_id]), way.minutes) for way in ways)


def _hall(hall: Hall, day: _Days) -> HallPlan:
    given = {name: getattr(hall, name) for name in HALL_FIELDS}
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return HallPlan(**given | lists, hours=tuple(_hours(hall, day)))


def _hours(hall: Hall, day: _Days) -> list[HoursPlan]:
    """A line for days in a row with the same hours."""
    lines: list[HoursPlan] = []
    for row in hall.openings.all():
        here = day.of(row.opens_at)
        line = HoursPlan(here, here, day.local(row.opens_at).time(), day.local(row.closes_at).time())
        before = lines[-1] if lines else line
        if (before.last_day, before.opens, before.closes) == (here - 1, line.opens, line.closes):
            line = replace(lines.pop(), last_day=here)
        lines.append(line)
    return lines


def _plain(number: Any) -> Any:
    """Without zeros at the end: 0.5, not 0.50, and 100, not 1E+2."""
    if number is None:
        return None
    short = number.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
