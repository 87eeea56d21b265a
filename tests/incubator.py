"""An incubator at three moments of its way, for tests that look at all its pages: nobody has made a film yet."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from festival.edition.blueprint import Blueprint, named
from festival.edition.blueprint_rounds import CutPlan
from festival.edition.models import Edition
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging import cut_queries, looks_actions, rounds_actions, team_lists
from judging.models import Look, Round
from judging.setup import make_edition
from submissions.cohorts import interview_actions, mentor_actions, place_actions
from submissions.cohorts.models import Mentor, Place
from submissions.models import Entry
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_code,
    make_draft,
    make_entry,
    make_member,
    make_rehearsal,
    make_user,
    make_uses,
)
from tests.meetings import make_meeting

PROJECTS = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """One edition and its people. `looks` are the judge's own, `place` the first team's."""

    edition: Edition
    people: dict[str, User]
    entries: list[Entry]
    draft: Entry | None = None
    round: Round | None = None
    look: Look | None = None
    place: Place | None = None
    extra: dict[str, Any] | None = None

    def parts(self) -> dict[str, Any]:
        """What addresses are made of."""
        entry = self.entries[0]
        found: dict[str, Any] = {"slug": self.edition.slug, "edition": self.edition.slug, "code": entry.code}
        if self.round is not None:
            found |= {"round": self.round.slug}
        return found | (self.extra or {})


def small(camp: int = 4, production: int = 2) -> Blueprint:
    """The incubator's blueprint with fewer places."""
    plan = named("incubator")
    reading, interviews, jury = plan.rounds
    first, second = plan.cohorts
    cut = [
        replace(row, cut=CutPlan("count", Decimal(n)))
        for row, n in ((reading, camp), (interviews, production))
    ]
    return replace(
        plan, rounds=(*cut, jury), cohorts=(replace(first, places=camp), replace(second, places=production))
    )


def own_words(value: Any) -> Iterator[str]:
    """Everything that the organisers wrote into a blueprint, in both languages."""
    if isinstance(value, dict) and value and set(value) <= {"en", "zh"}:
        yield from (text for text in value.values() if text)
    elif is_dataclass(value):
        for field in fields(value):
            yield from own_words(getattr(value, field.name))
    elif isinstance(value, (list, tuple)):
        for row in value:
            yield from own_words(row)
    elif isinstance(value, dict):
        for row in value.values():
            yield from own_words(row)


def _begun(slug: str, days: int) -> tuple[Edition, dict[str, User], Actor, dict[int, Actor]]:
    owner = make_user("Owner")
    opens = date.today() - timedelta(days=days)
    edition = make_edition(plan=small(), slug=slug, opens=opens, owner=owner, public=True)
    chair = make_member(edition, Role.CHAIR, "Chair")
    technician = make_member(edition, Role.TECHNICIAN, "Technician")
    jury = {one.id: one for one in (make_member(edition, Role.JUDGE, f"Reader {n}") for n in range(3))}
    people = {
        "organiser": owner, "chair": chair.user, "technician": technician.user, "mentor": make_user("Mentor"),
        "judge": next(iter(jury.values())).user,
    }  # fmt: skip
    return edition, people, chair, jury


def _projects(edition: Edition) -> list[Entry]:
    rows = []
    for n in range(PROJECTS):
        entry = make_entry(
            edition, code=f"{edition.slug.upper()}{n}", title=f"Lamp {n}", director="Somebody",
            synopsis={"en": "A lamp goes out.", "zh": "灯灭了。"},
        )  # fmt: skip
        make_attachment(entry, "document", form="pdf")
        make_uses(entry, Use("video", "kling", share=90))
        rows.append(entry)
    return rows


def in_the_call() -> Stage:
    """Projects come in; one is a draft, one waits to be looked at."""
    edition, people, _chair, _jury = _begun("call", 3)
    entries = _projects(edition)
    Entry.objects.filter(pk=entries[1].pk).update(state="submitted")
    people["entrant"] = entries[0].entrant
    draft = make_draft(edition, entrant=entries[0].entrant, title="Draft")
    make_code(edition)
    return Stage(edition, people, entries, draft=draft, round=edition.rounds.get(slug="reading"))


def in_the_reading() -> Stage:
    """The first round is open, and half read."""
    edition, people, chair, _jury = _begun("reading", 50)
    entries = _projects(edition)
    people["entrant"] = entries[0].entrant
    round_ = edition.rounds.get(slug="reading")
    rounds_actions.open_round(round=round_, by=chair, at=timezone.now(), seed=1)
    round_.refresh_from_db()
    look = Look.objects.filter(judge=people["judge"]).first()
    return Stage(edition, people, entries, round=round_, look=look)


def judge_all(round: Round, jury: dict[int, Actor], at: datetime, comment: str = "") -> None:
    """Every look of a round scored: the lower the number in the code, the better."""
    criteria = list(round.criteria.values_list("slug", flat=True))
    for look in Look.objects.filter(round=round, state="pending").select_related("round__edition", "entry"):
        judge, scores = jury[look.judge_id], dict.fromkeys(criteria, Decimal(9 - int(look.entry.code[-1])))
        kept = looks_actions.save_scores(
            look=look, by=judge, at=at, revision=look.revision, scores=scores, comment=comment, watched=0
        )
        looks_actions.finish_look(look=look, by=judge, at=at, revision=kept.revision)


def in_the_camp() -> Stage:
    """Four teams are in the camp, with mentors and times for interviews; the second round is open."""
    edition, people, chair, jury = _begun("camp", 86)
    entries = _projects(edition)
    people["entrant"] = entries[0].entrant
    owner = actor_of(people["organiser"])
    now = timezone.now()
    reading = edition.rounds.get(slug="reading")
    rounds_actions.open_round(round=reading, by=chair, at=now - timedelta(days=36), seed=1)
    judge_all(reading, jury, now - timedelta(days=30))
    rounds_actions.close_round(round=reading, by=chair, at=now - timedelta(days=26))
    reading.refresh_from_db()
    team_lists.list_teams(cut=cut_queries.current_cut(reading), at=now - timedelta(days=25))
    cohort = edition.cohorts.get(slug="camp")
    for _number in range(4):
        place = place_actions.offer_next(cohort=cohort, by=owner, at=now - timedelta(days=19))
        place_actions.accept(place=place, by=actor_of(place.entry.entrant), at=now - timedelta(days=18))
    places = list(cohort.all_places.filter(state="accepted").order_by("rank"))
    Mentor.objects.create(place=places[0], user=people["mentor"], added_at=now)
    mentor = actor_of(people["mentor"])
    session = mentor_actions.write_session(
        place=places[0], held_at=now - timedelta(days=1), minutes=40, notes="Begin later.", inner="Strong.",
        by=mentor, at=now,
    )  # fmt: skip
    mentor_actions.add_item(
        place=places[0],
        text="Cut scene one",
        of_team=True,
        due_on=date.today(),
        session=session,
        by=mentor,
        at=now,
    )
    slots = interview_actions.make_slots(
        cohort=cohort, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=3), minutes=30,
        gap=10, room="Room 1", link="", interviewers=[one.user for one in jury.values()], by=owner, at=now,
    )  # fmt: skip
    interview_actions.announce(cohort=cohort, by=owner, at=now)
    interview_actions.book(place=places[0], slot=slots[0], by=actor_of(places[0].entry.entrant), at=now)
    second = edition.rounds.get(slug="interviews")
    rounds_actions.open_round(round=second, by=chair, at=now, seed=2)
    meeting = make_meeting(
        edition, members=list(jury.values()), films=entries[:2], round=reading, opened_at=now
    )
    rehearsal = make_rehearsal(edition, by=people["organiser"])
    look = Look.objects.filter(judge=people["judge"], round=second).first()
    extra = {"meeting": meeting.pk, "number": rehearsal.number, "cohort": "camp", "place": places[0].pk}
    return Stage(edition, people, entries, round=reading, look=look, place=places[0], extra=extra)
