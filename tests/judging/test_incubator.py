"""The incubator from its blueprint to the first tranche; and the lists of teams that a cut fills."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from festival.edition.actions import add_member
from festival.edition.blueprint import named
from festival.edition.blueprint_rounds import CutPlan
from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from judging import cut_actions, cut_queries, looks_actions, rounds_actions, team_lists
from judging.conflict_queries import conflicts_of
from judging.models import Look, Round
from judging.plan_queries import intake_of
from judging.round_forms import RoundForm
from judging.setup import make_edition
from judging.setup_actions import change_round
from submissions.cohorts import (
    delivery_actions,
    interview_actions,
    mentor_actions,
    place_actions,
    place_queries,
    support_actions,
)
from submissions.cohorts.models import Mentor, SupportLine
from submissions.models import Entry
from tests.factories import make_attachment, make_entry, make_member, make_round, make_user
from tests.factories import make_edition as bare_edition
from tests.submissions.cohorts.making import make_cohort, make_place

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
OPENS = date(2027, 3, 1)


def day(number, hour=12):
    return datetime.combine(OPENS + timedelta(days=number), datetime.min.time(), ZONE).replace(hour=hour)


def small(camp=4, production=2):
    """The incubator's blueprint with fewer places."""
    plan = named("incubator")
    reading, interviews, jury = plan.rounds
    first, second = plan.cohorts
    return replace(
        plan,
        rounds=(
            replace(reading, cut=CutPlan("count", Decimal(camp))),
            replace(interviews, cut=CutPlan("count", Decimal(production))),
            jury,
        ),
        cohorts=(replace(first, places=camp), replace(second, places=production)),
    )


def judge_all(round, worth, jury, at):
    """Every look of a round scored: by entry code, the same mark from everybody."""
    criteria = list(round.criteria.values_list("slug", flat=True))
    for look in Look.objects.filter(round=round, state="pending").select_related("round__edition", "entry"):
        judge, scores = jury[look.judge_id], dict.fromkeys(criteria, Decimal(worth[look.entry.code]))
        kept = looks_actions.save_scores(
            look=look, by=judge, at=at, revision=look.revision, scores=scores, comment="", watched=0
        )
        looks_actions.finish_look(look=look, by=judge, at=at, revision=kept.revision)


def codes(places):
    return [place.entry.code for place in places]


def test_from_the_call_to_the_first_tranche(settings):
    settings.SITE_URL = "https://incubator.example"
    owner = make_user("owner")
    edition = make_edition(plan=small(), slug="inc", opens=OPENS, owner=owner, public=True)
    assert Rulebook.from_toml(edition.rulebook).duration.min == 900
    desk, chair = make_member(edition, Role.ORGANISER), make_member(edition, Role.CHAIR)
    jury = {one.id: one for one in (make_member(edition, Role.JUDGE, f"Reader {n}") for n in range(3))}
    projects = [make_entry(edition, code=f"PROJ{n}", title=f"Project {n}") for n in range(8)]
    reading, interviews = edition.rounds.get(slug="reading"), edition.rounds.get(slug="interviews")
    camp, production = edition.cohorts.get(slug="camp"), edition.cohorts.get(slug="production")

    # Projects are read; four are through, the next four wait.
    rounds_actions.open_round(round=reading, by=chair, at=day(45), seed=1)
    judge_all(reading, {f"PROJ{n}": 9 - n for n in range(8)}, jury, day(50))
    rounds_actions.close_round(round=reading, by=chair, at=day(60))
    reading.refresh_from_db()
    assert team_lists.list_teams(cut=cut_queries.current_cut(reading), at=day(61)) == 8
    assert codes(place_queries.places_of(camp)) == [f"PROJ{n}" for n in range(8)]

    # Four places are offered; the second does not come, and the fifth moves up by itself.
    for _number in range(4):
        place_actions.offer_next(cohort=camp, by=desk, at=day(67))
    with pytest.raises(Refused):
        place_actions.offer_next(cohort=camp, by=desk, at=day(67))
    by_code = {place.entry.code: place for place in place_queries.places_of(camp)}
    team_of = {entry.code: actor_of(entry.entrant) for entry in projects}
    place_actions.decline(place=by_code["PROJ1"], by=team_of["PROJ1"], at=day(68))
    for code in ("PROJ0", "PROJ2", "PROJ3", "PROJ4"):
        place_actions.accept(place=by_code[code], by=team_of[code], at=day(69))
    in_camp = camp.all_places.filter(state="accepted").order_by("rank")
    assert codes(in_camp) == ["PROJ0", "PROJ2", "PROJ3", "PROJ4"]

    # Mentors, a session, what is to be done; times for interviews, of which each team takes one.
    mentor = make_user("mentor")
    Mentor.objects.create(place=in_camp[0], user=mentor, added_at=day(70))
    session = mentor_actions.write_session(
        place=in_camp[0], held_at=day(84), minutes=40, notes="Begin later.", inner="Strong.",
        by=actor_of(mentor), at=day(85),
    )  # fmt: skip
    item = mentor_actions.add_item(
        place=in_camp[0], text="Cut scene one", of_team=True, due_on=day(86).date(), session=session,
        by=actor_of(mentor), at=day(85),
    )  # fmt: skip
    mentor_actions.tick_item(item=item, done=True, by=team_of["PROJ0"], at=day(86))
    slots = interview_actions.make_slots(
        cohort=camp, starts_at=day(88, 9), ends_at=day(88, 12), minutes=30, gap=10, room="Room 1", link="",
        interviewers=[one.user for one in jury.values()], by=desk, at=day(80),
    )  # fmt: skip
    assert len(slots) == 4
    assert interview_actions.announce(cohort=camp, by=desk, at=day(81)) == 4
    for place, slot in zip(in_camp, slots, strict=True):
        interview_actions.book(place=place, slot=slot, by=team_of[place.entry.code], at=day(82))

    # The second gate judges the teams of the camp, not the cut of the first.
    assert (intake_of(interviews).films, intake_of(interviews).sure) == (4, True)
    rounds_actions.open_round(round=interviews, by=chair, at=day(88), seed=2)
    assert sorted(interviews.films.values_list("code", flat=True)) == ["PROJ0", "PROJ2", "PROJ3", "PROJ4"]
    judge_all(interviews, {"PROJ0": 5, "PROJ2": 7, "PROJ3": 9, "PROJ4": 3}, jury, day(89))
    rounds_actions.close_round(round=interviews, by=chair, at=day(90))
    interviews.refresh_from_db()
    team_lists.list_teams(cut=cut_queries.current_cut(interviews), at=day(93))
    for _number in range(2):
        place = place_actions.offer_next(cohort=production, by=desk, at=day(94))
        place_actions.accept(place=place, by=actor_of(place.entry.entrant), at=day(95))
    produced = production.all_places.filter(state="accepted").order_by("rank")
    assert codes(produced) == ["PROJ3", "PROJ2"]

    # The first milestone is accepted: its tranche is due, and paid.
    place, contract = produced[0], production.milestones.get(slug="contract")
    for part in contract.deliverables.all():
        file = make_attachment(place.entry, "document", form="pdf")
        delivery_actions.collect(
            place=place, deliverable=part, attachment=file, by=team_of["PROJ3"], at=day(100)
        )
    delivery = delivery_actions.hand_in(place=place, milestone=contract, by=team_of["PROJ3"], at=day(101))
    delivery_actions.review(delivery=delivery, outcome="accepted", text="", by=desk, at=day(102))
    support_actions.add_line(
        place=place, kind="cash", side="given", amount=Decimal(50000), unit="CNY", on=day(103).date(),
        reference="T-1", by=desk, at=day(103),
    )  # fmt: skip
    lines = SupportLine.objects.filter(place=place, kind="cash").order_by("pk")
    assert [(line.side, line.amount, line.milestone_id) for line in lines] == [
        ("promised", Decimal(50000), contract.pk),
        ("given", Decimal(50000), None),
    ]

    # The last gate takes the finished films of those that were produced.
    jury_round = edition.rounds.get(slug="jury")
    rounds_actions.open_round(round=jury_round, by=chair, at=day(269), seed=3)
    assert sorted(jury_round.films.values_list("code", flat=True)) == ["PROJ2", "PROJ3"]


@pytest.fixture
def judged():
    """A closed round with five projects, the first of which is the best, and a cohort of two that it fills."""
    edition = bare_edition()
    edition.tracks.update(enters="project")
    chair = make_member(edition, Role.CHAIR)
    jury = {one.id: one for one in (make_member(edition, Role.JUDGE, f"Reader {n}") for n in range(2))}
    for number in range(5):
        make_entry(edition, code=f"PROJ{number}")
    round = make_round(edition, "reading", looks_per_film=2, cut_kind="count", cut_value=2)
    cohort = make_cohort(edition, places=2, source="reading", slug="camp")
    at = day(50)
    rounds_actions.open_round(round=round, by=chair, at=at, seed=1)
    judge_all(round, {f"PROJ{n}": 9 - n for n in range(5)}, jury, at)
    rounds_actions.close_round(round=round, by=chair, at=at)
    return Round.objects.get(pk=round.pk), cohort, chair


def test_the_cut_and_as_many_of_the_next_as_there_are_places_are_listed_once(judged):
    round, cohort, _chair = judged
    cut = cut_queries.current_cut(round)
    [before] = team_lists.lists_of(cut)
    assert (before.listed, before.missing, before.beyond) == (0, 2, [])
    assert team_lists.list_teams(cut=cut, at=day(51)) == 4
    assert team_lists.list_teams(cut=cut, at=day(52)) == 0
    assert codes(place_queries.places_of(cohort)) == ["PROJ0", "PROJ1", "PROJ2", "PROJ3"]
    assert set(cohort.all_places.values_list("state", flat=True)) == {"waiting"}
    [after] = team_lists.lists_of(cut)
    assert (after.listed, after.missing, after.beyond) == (4, 0, [])


def test_whom_the_chair_takes_out_is_not_next_and_who_was_listed_stays_and_is_named(judged):
    round, cohort, chair = judged
    cut = cut_queries.current_cut(round)
    team_lists.list_teams(cut=cut, at=day(51))
    out, on = Entry.objects.get(code="PROJ0"), Entry.objects.get(code="PROJ4")
    cut_actions.move_film(cut=cut, entry=out, goes_on=False, why="Made elsewhere.", by=chair, at=day(52))
    cut_actions.move_film(cut=cut, entry=on, goes_on=True, why="A wild card.", by=chair, at=day(52))
    [seen] = team_lists.lists_of(cut)
    assert (seen.missing, codes(seen.beyond)) == (1, ["PROJ0"])
    assert team_lists.list_teams(cut=cut, at=day(53)) == 1
    # Those of the cut come first, then the next in the standing; who is no longer in it is not taken away.
    assert codes(place_queries.places_of(cohort)) == ["PROJ1", "PROJ4", "PROJ2", "PROJ3", "PROJ0"]
    [seen] = team_lists.lists_of(cut)
    assert (seen.listed, seen.missing, codes(seen.beyond)) == (5, 0, ["PROJ0"])


def test_an_offered_place_keeps_its_rank_when_the_list_is_written_again(judged):
    round, cohort, chair = judged
    cut = cut_queries.current_cut(round)
    team_lists.list_teams(cut=cut, at=day(51))
    cohort.ends_at = day(200)
    cohort.save()
    offered = place_actions.offer_next(
        cohort=cohort, by=make_member(round.edition, Role.ORGANISER), at=day(52)
    )
    cut_actions.move_film(
        cut=cut, entry=offered.entry, goes_on=False, why="Made elsewhere.", by=chair, at=day(52)
    )
    team_lists.list_teams(cut=cut, at=day(53))
    offered.refresh_from_db()
    assert (offered.state, offered.rank) == ("offered", 1)


def test_below_a_line_of_quality_nobody_waits(judged):
    round, cohort, chair = judged
    cut = cut_actions.make_cut(round=round, by=chair, at=day(51), kind="score", value=Decimal(7))
    team_lists.list_teams(cut=cut, at=day(52))
    assert codes(place_queries.places_of(cohort)) == ["PROJ0", "PROJ1", "PROJ2"]


def test_the_list_is_written_when_the_cut_is_frozen(judged):
    round, cohort, chair = judged
    nxt = make_round(round.edition, "next", looks_per_film=1, after=round, position=1)
    rounds_actions.open_round(round=nxt, by=chair, at=day(51), seed=1)
    assert cohort.all_places.count() == 4


def test_organisers_and_the_chair_write_the_list_from_the_cut_page(judged):
    round, cohort, chair = judged
    url = reverse("judging:cut_teams", args=[round.edition.slug, round.slug])
    for role, status in ((Role.TECHNICIAN, 403), (Role.ORGANISER, 302)):
        client = Client()
        client.force_login(make_member(round.edition, role).user)
        assert client.post(url).status_code == status
    assert cohort.all_places.count() == 4
    client = Client()
    client.force_login(chair.user)
    page = client.get(reverse("judging:round_cut", args=[round.edition.slug, round.slug]))
    assert b"All that go on are on it." in page.content


def test_a_round_takes_a_cohort_or_a_round_and_says_which():
    edition = bare_edition()
    cohort = make_cohort(edition, places=3, source="first", slug="camp")
    first, second = make_round(edition, "first"), make_round(edition, "second", position=1)
    desk = make_member(edition, Role.ORGANISER)
    assert f"cohort-{cohort.pk}" not in dict(RoundForm(round=first).fields["after"].choices)
    assert f"cohort-{cohort.pk}" in dict(RoundForm(round=second).fields["after"].choices)
    change_round(round=second, by=desk, at=day(1), settings={"cohort": cohort})
    second.refresh_from_db()
    assert RoundForm(round=second).initial["after"] == f"cohort-{cohort.pk}"
    with pytest.raises(Refused) as error:
        change_round(round=second, by=desk, at=day(1), settings={"after": first})
    assert error.value.code == "two_intakes"
    assert (intake_of(second).films, intake_of(second).sure) == (3, False)


def test_a_cohort_without_teams_opens_no_round():
    edition = bare_edition()
    chair = make_member(edition, Role.CHAIR)
    make_member(edition, Role.JUDGE)
    round = make_round(edition, cohort=make_cohort(edition))
    make_entry(edition)
    with pytest.raises(Refused, match="No team has taken its place"):
        rounds_actions.open_round(round=round, by=chair, at=day(1))


def test_a_mentor_does_not_judge_her_team():
    edition = bare_edition()
    judge = make_member(edition, Role.JUDGE)
    place = make_place(make_cohort(edition))
    assert conflicts_of(edition) == set()
    Mentor.objects.create(place=place, user=judge.user, added_at=day(1))
    assert conflicts_of(edition) == {(judge.id, place.entry_id)}
    add_member(edition=edition, user=make_user(), role=Role.JUDGE)
    assert conflicts_of(edition) == {(judge.id, place.entry_id)}
