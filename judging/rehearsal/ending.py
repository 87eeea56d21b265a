"""The end of a rehearsal: awards from proposal to announcement, and a timetable for the premiere."""

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from festival.catalogue.models import FileFormat, Film
from festival.edition.form_rules import read_form
from festival.edition.models import Phase
from festival.kit.clock import in_zone, last_minute
from festival.kit.errors import Refused
from festival.kit.words import joined, short_language
from festival.post.template_actions import LANGUAGES
from festival.premiere import clash_words, copy_actions, proposal_actions, release_actions
from festival.premiere.models import Item, Proposal
from judging import award_actions, award_queries, award_steps
from judging.award_inputs import may_have
from judging.cut_queries import current_cut
from judging.models import AwardList, CutRow, Verdict
from judging.rehearsal import meetings
from judging.rehearsal.contest import Contest
from submissions.catalogue_actions import put_in_catalogue
from submissions.lifecycle import State
from submissions.models import Entry

Row = dict[str, Any]
MOST_TRIED = 20  # films offered to a place before it stays vacant
MOST_SHOWN = 60  # films for which a timetable is made
MOST_DAYS = 31
SOLVER_SECONDS = (5, 60)  # of the first try; of the second, where the first found nothing in its time


def give_awards(made: Contest, at: datetime) -> Row:
    """The jury meets where awards go by its vote; then propose, confirm, tell, put on notice where the calendar asks
    for it, announce. A refusal ends it.
    """
    row: Row = {"reached": "", "refused": "", "why": "", "laureates": [], "vacant": 0, "meeting": {}}
    try:
        row["meeting"] = meetings.award(made, at)
        if row["meeting"]:
            at += meetings.AFTERWARDS
        _give(made, at, row)
    except Refused as refused:
        row |= {"refused": refused.code or "refused", "why": str(refused)}
    award_list = AwardList.objects.filter(edition=made.edition).first()
    if award_list:
        verdicts = award_list.verdicts.order_by("slot__position", "slot_id", "place", "share")
        held = list(verdicts.values_list("entry_id", flat=True))
        row["laureates"] = sorted({made.films[pk] for pk in held if pk})
        row["vacant"] = held.count(None)
    return row


def _give(made: Contest, at: datetime, row: Row) -> None:
    award_list = award_actions.propose(edition=made.edition, by=made.organiser, at=at, vacancies=True)
    row["reached"] = "proposed"
    row["by_hand"] = _decide_open(made, award_list, at)
    at += timedelta(hours=2)
    award_list = award_actions.confirm(award_list=award_list, by=made.chair, at=at)
    row["reached"] = "confirmed"
    at += timedelta(hours=2)
    row["told"] = award_steps.tell_entrants(award_list=award_list, by=made.organiser, at=at)
    row["reached"] = "told"
    notice = made.edition.phases.filter(kind=Phase.Kind.NOTICE).order_by("starts_at").first()
    if award_steps.needs_notice(award_list):
        begins = max(at, notice.starts_at) if notice else at
        until = max(notice.ends_at, begins + timedelta(days=1)) if notice else begins + timedelta(days=7)
        award_list = award_steps.start_notice(
            award_list=award_list, by=made.organiser, at=begins, until=until
        )
        row["reached"], at = "notice", until
        award_list = award_steps.end_notice(award_list=award_list, by=made.organiser, at=at)
    awards = made.edition.phases.filter(kind=Phase.Kind.AWARDS).order_by("starts_at").first()
    at = max(at, awards.starts_at) if awards else at
    award_steps.announce(award_list=award_list, by=made.organiser, at=at)
    row["reached"] = "announced"


def _decide_open(made: Contest, award_list: AwardList, at: datetime) -> int:
    """What a meeting left open, and what waits for the organiser, the chair decides: by the last standing, each film
    once. Gives how many places.
    """
    standing = award_queries.last_standing(made.edition)
    order = [row.entry for row in award_queries.standing_rows(standing)] if standing else []
    decided = 0
    while True:
        verdicts = list(award_queries.verdicts_of(award_list))
        verdict = next((one for one in verdicts if one.why.get("code") == "undecided"), None)
        if verdict is None:
            return decided
        taken = {one.entry_id for one in verdicts}
        fit = may_have(verdict.slot, [entry.pk for entry in order if entry.pk not in taken])
        _give_place(made, verdict, [entry for entry in order if entry.pk in fit], at)
        decided += 1


class _AgainstARule(Exception):
    """A chair may decide against the contest's own rules; the one of a rehearsal does not."""


def _give_place(made: Contest, verdict: Verdict, films: list[Entry], at: datetime) -> None:
    """To the best film that the rules allow; vacant where there is none."""
    for entry in (*films[:MOST_TRIED], None):
        try:
            with transaction.atomic():
                given = award_actions.set_verdict(
                    verdict=verdict, entry=entry, reason="By the last standing.", by=made.chair, at=at
                )
                if given.why.get("breaks"):
                    raise _AgainstARule
            return
        except _AgainstARule:
            continue
        except Refused:
            if entry is None:
                raise


def plan_premiere(made: Contest, at: datetime) -> Row:
    """The films that came through are put into the catalogue, the solver makes a timetable, and it is released."""
    films = _shown(made)[:MOST_SHOWN]
    row: Row = {
        "films": len(films),
        "placed": 0,
        "screenings": 0,
        "refused": "",
        "why": "",
        "released": False,
    }
    try:
        for entry in films:
            _make_copy(made, put_in_catalogue(entry=entry, by=made.organiser, at=at), at)
        proposal = _solve(made, at)
        row["state"] = proposal.state
        if proposal.draft is None:
            clash = (proposal.answer or {}).get("clash") or ()
            row["clash"] = [{"rule": one["rule"], "code": one["code"]} for one in clash]
            row["why"] = _why_none(proposal)
            return row
        release_actions.use_draft(draft=proposal.draft, by=made.organiser, at=at)
        screenings = made.edition.screenings.all()
        row["screenings"] = screenings.count()
        shown = Item.objects.filter(screening__in=screenings, film__isnull=False)
        row["placed"] = shown.values("film").distinct().count()
        release_actions.make_release(edition=made.edition, note={}, by=made.organiser, at=at)
        row["released"] = True
    except Refused as refused:
        row |= {"refused": refused.code or "refused", "why": str(refused)}
    return row


def _why_none(proposal: Proposal) -> dict[str, str]:
    """Why there is no timetable, in both languages: films, halls and guests are known by name only while the copy is
    there, so the words are made now."""
    said = {}
    for language, code in LANGUAGES:
        with translation.override(code):
            said[language] = _why_words(proposal)
    return said


def _why_words(proposal: Proposal) -> str:
    if proposal.answer is None:
        return _("The solver stopped by a fault; whoever runs the site finds it in its log.")
    text, rules = clash_words.why(proposal)
    between = "；" if short_language() == "zh" else "; "
    return joined(text, between.join(rule for rule, _relax in rules))


def _solve(made: Contest, at: datetime) -> Proposal:
    """A timetable of the films in the catalogue; without one, why there is none."""
    wishes = asdict(read_form(made.edition.form).programme) | _when(made, at)
    for seconds in SOLVER_SECONDS:
        proposal = proposal_actions.ask(
            edition=made.edition,
            mode=Proposal.Mode.NEW,
            wishes=wishes | {"seconds": seconds},
            by=made.organiser,
            at=at,
        )
        proposal_actions.make(pk=proposal.pk, now=lambda: at)
        proposal.refresh_from_db()
        if proposal.draft or (proposal.answer or {}).get("clash"):
            break
    return proposal


def _make_copy(made: Contest, film: Film, at: datetime) -> None:
    """A copy for the cinema: a package in the flat format, here and approved."""
    sha256 = hashlib.sha256(f"{made.edition.slug} copy of {film.source}".encode()).hexdigest()
    copy = copy_actions.write_copy(
        film=film,
        by=made.organiser,
        at=at,
        arrived=True,
        name=f"{film.code} DCP",
        file_format=FileFormat.DCP,
        sha256=sha256,
        width=1998,
        height=1080,
        frame_rate=24,
        channels=6,
    )
    copy_actions.approve(copy=copy, sha256=sha256, by=made.organiser, at=at)


def _when(made: Contest, at: datetime) -> Row:
    """The days of the premieres, as the calendar has them; three days from `at` where it has none."""
    zone = made.edition.time_zone
    phase = made.edition.phases.filter(kind=Phase.Kind.PREMIERE).order_by("starts_at").first()
    first = in_zone(phase.starts_at if phase else at, zone).date()
    last = in_zone(last_minute(phase.ends_at), zone).date() if phase else first + timedelta(days=2)
    return {
        "first_day": first.isoformat(),
        "days": min((last - first).days + 1, MOST_DAYS),
    }


def _shown(made: Contest) -> list[Entry]:
    """What the last cut let through; the best of the last standing where there is none; without any round all."""
    eligible = Entry.objects.filter(edition=made.edition, state=State.ELIGIBLE).order_by("code")
    for round in made.edition.rounds.order_by("-position"):
        cut = current_cut(round) if round.state == round.State.CLOSED else None
        if cut:
            rows = CutRow.objects.filter(cut=cut).exclude(reason__in=CutRow.OUT)
            return list(eligible.filter(pk__in=rows.values("entry_id")))
    standing = award_queries.last_standing(made.edition)
    if standing:
        return [row.entry for row in award_queries.standing_rows(standing)[:MOST_SHOWN]]
    return list(eligible)
