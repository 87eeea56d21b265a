"""The pages of plans, cuts, answers, ballots, judges and conflicts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.edition.models import Phase
from festival.people.models import User
from festival.people.roles import Role
from judging import ballot_actions, conflict_actions, rounds_actions
from judging.cut_queries import current_cut
from judging.models import BallotLine, Conflict, JudgeProfile, Look, Panel, Round, RoundChange, Score
from tests.factories import make_edition, make_entry, make_member, make_panel, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def judge(edition):
    return make_member(edition, Role.JUDGE, "Judge")


def url(name, edition, *args):
    return reverse(f"judging:{name}", args=[edition.slug, *args])


def open_screening(edition, chair, **fields):
    round = make_round(edition, gate="pass_fail", looks_per_film=1, weights={}, **fields)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    return round


def test_a_round_is_planned_in_the_browser(client, edition, chair):
    client.force_login(chair.user)
    made = client.post(url("round_new", edition), {"name_en": "Final", "name_zh": "", "gate": "score"})
    assert made["Location"] == url("round_plan", edition, "final")
    plan = {
        "name_en": "Final", "name_zh": "终评", "looks_per_film": "3", "scale": "0:100:1", "official_rule": "median",
        "decides": "official", "cut_kind": "count", "cut_value": "5", "blind": "no", "overhead_seconds": "30",
            "tie_criterion": "", "tie_last": "lot",
        "after": "", "criterion_new-name_en": "Whole", "criterion_new-weight": "100",
        "criterion_new-anchors_en": "50: fair",
    }  # fmt: skip
    answer = client.post(made["Location"], plan, follow=True)
    text = answer.content.decode()
    round = Round.objects.get()
    assert (round.looks_per_film, round.scale_max, round.cut_value, round.blind) == (3, 100, 5, False)
    assert round.criteria.get().anchors == [{"value": "50", "text": {"en": "fair"}}]
    assert "the median chooses worse than the plain mean" in text
    assert "the first 5 films" in text
    wrong = client.post(
        made["Location"], plan | {"criterion-whole-weight": "", "criterion-whole-name_en": "Whole"}
    )
    assert wrong.status_code == 400
    assert "Say how much it weighs" in wrong.content.decode()
    client.post(url("round_gate", edition, "final"), {"gate": "ballot"})
    round.refresh_from_db()
    assert (round.gate, round.cut_kind) == ("ballot", "")
    client.post(url("round_remove", edition, "final"))
    assert not Round.objects.exists()


def test_a_change_of_an_open_round_is_asked_a_reason_and_shown_to_its_judges(client, edition, chair, judge):
    make_entry(edition)
    round = open_screening(edition, chair)
    client.force_login(chair.user)
    page = url("round_plan", edition, round.slug)
    plan = {
        "name_en": "Jury", "name_zh": "评审", "looks_per_film": "2", "pass_rule": "all", "pass_least": "1",
        "cut_kind": "", "cut_value": "", "tie_last": "shared", "blind": "", "overhead_seconds": "40", "reason": "",
    }  # fmt: skip
    refused = client.post(page, plan)
    assert refused.status_code == 400
    assert "say why this is changed" in refused.content.decode()
    client.post(page, plan | {"reason": "More care."})
    assert RoundChange.objects.count() == 2
    client.force_login(judge.user)
    text = client.get(url("jury", edition)).content.decode()
    assert "Looks per film: 1 → 2" in text
    assert "More care." in text


def test_panels_are_named_in_the_browser(client, edition, chair, judge):
    round = make_round(edition, gate="panel")
    client.force_login(chair.user)
    page = url("round_panels", edition, round.slug)
    client.post(page, {"panel-new-name_en": "One", "panel-new-judges": [judge.id], "panel-new-most": "4"})
    panel = Panel.objects.get()
    assert (panel.most, list(panel.judges.all())) == (4, [judge.user])
    client.post(page, {f"panel-{panel.pk}-remove": "on"})
    assert not Panel.objects.exists()


def test_a_judge_screens_and_goes_on(client, edition, chair, judge):
    for _number in range(2):
        make_entry(edition)
    open_screening(edition, chair)
    first, second = Look.objects.order_by("position")
    client.force_login(judge.user)
    text = client.get(reverse("judging:console", args=[first.pk])).content.decode()
    assert "Should this film go on?" in text
    assert "Somebody" not in text
    answer = reverse("judging:answer", args=[first.pk])
    assert client.post(answer, {"revision": "0", "answer": "perhaps"}).status_code == 400
    sent = client.post(answer, {"revision": "0", "answer": "unsure", "comment": "The end?"})
    assert sent["Location"] == reverse("judging:console", args=[second.pk])
    stale = client.post(answer, {"revision": "0", "answer": "pass", "comment": "No."})
    assert stale.status_code == 409
    text = client.get(reverse("judging:console", args=[first.pk])).content.decode()
    assert "Unsure" in text and "The end?" in text
    assert "Somebody" in text  # scored: names are no longer hidden


def test_a_judge_nominates(client, edition, chair, judge):
    for _number in range(2):
        make_entry(edition)
    round = make_round(edition, gate="panel", most_nominations=1)
    make_panel(round, "One", [judge])
    rounds_actions.open_round(round=round, by=chair, at=AT)
    first, second = Look.objects.order_by("position")
    client.force_login(judge.user)
    client.post(reverse("judging:answer", args=[first.pk]), {"revision": "0", "answer": "yes"})
    text = client.get(reverse("judging:console", args=[second.pk])).content.decode()
    assert "You have 1 nomination; 1 given." in text
    refused = client.post(reverse("judging:answer", args=[second.pk]), {"revision": "0", "answer": "yes"})
    assert refused.status_code == 409
    assert client.post(reverse("judging:answer", args=[second.pk]), {"revision": "0"}).status_code == 400
    assert Look.objects.get(pk=second.pk).state == "pending"
    client.post(reverse("judging:answer", args=[second.pk]), {"revision": "0", "answer": "no"})
    assert list(Look.objects.order_by("position").values_list("nominated", flat=True)) == [True, False]


@pytest.mark.parametrize("kind", ["ranked", "approval", "points"])
def test_a_juror_votes(client, edition, chair, judge, kind):
    films = [make_entry(edition) for _number in range(2)]
    round = make_round(edition, gate="ballot", ballot=kind)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    client.force_login(judge.user)
    page = url("ballot", edition, round.slug)
    assert client.post(page, {"revision": "0"}).status_code == 400
    client.post(page, {"revision": "0", f"film-{films[0].pk}": "1"})
    assert dict(BallotLine.objects.values_list("entry_id", "value")) == {
        films[0].pk: 1, films[1].pk: None if kind == "ranked" else 0,
    }  # fmt: skip
    text = client.get(page).content.decode()
    assert "Change my ballot" in text
    client.force_login(chair.user)
    desk = client.get(url("round", edition, round.slug)).content.decode()
    assert "1 of 1 ballots cast" in desk
    rounds_actions.close_round(round=round, by=chair, at=AT)
    for name in ("rounds", "desk"):  # nobody looks in such a round: what was done is voting
        assert "1 ballot</td>" in client.get(url(name, edition)).content.decode()
    shown = client.get(url("awards", edition)).content.decode()
    assert "Ballots</th>" in shown and "Mean" not in shown
    client.force_login(judge.user)
    assert client.post(page, {"revision": "1", f"film-{films[1].pk}": "1"}).status_code == 409


def test_the_chair_makes_and_moves_a_cut(client, edition, chair, judge):
    films = [make_entry(edition, code=f"FILM00{number}") for number in range(2)]
    round = open_screening(edition, chair)
    Look.objects.filter(entry=films[0]).update(state="scored", answer="pass", scored_at=AT)
    rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=1)
    client.force_login(chair.user)
    page = url("round_cut", edition, round.slug)
    assert "No cut yet" in client.get(page).content.decode()
    client.post(url("cut_make", edition, round.slug), {"kind": "passed", "value": ""})
    assert (
        client.post(url("cut_make", edition, round.slug), {"kind": "count", "value": "1e9"}).status_code
        == 400
    )
    moves = url("cut_move", edition, round.slug)
    assert client.post(moves, {"code": "nothing", "goes": "on", "why": "So."}).status_code == 400
    client.post(moves, {"code": "film001", "goes": "on", "why": "Bold beyond its form."})
    text = client.get(page).content.decode()
    assert "Bold beyond its form." in text and f"“{films[1].title}” goes on." in text
    assert "No round follows." in text and url("awards", edition) in text
    make_round(edition, "final", position=1, after=round)
    assert "No round follows." not in client.get(page).content.decode()
    assert set(current_cut(round).rows.values_list("entry__code", "reason")) == {
        ("FILM000", "by_rule"), ("FILM001", "added_by_chair"),
    }  # fmt: skip


def test_a_judge_writes_her_hours_and_whom_she_is_too_near_to(client, edition, judge):
    start = datetime(2027, 3, 1, tzinfo=UTC)
    Phase.objects.create(edition=edition, kind="jury", starts_at=start, ends_at=start + timedelta(days=2))
    client.force_login(judge.user)
    page = url("availability", edition)
    track = edition.tracks.get()
    client.post(
        page,
        {
            "languages": "Chinese, en", "tracks": [track.pk], "genres": ["essay"], "hours_per_day": "1.5",
            "sitting_minutes": "45", "day-2027-03-02": "0",
        },
    )  # fmt: skip
    profile = JudgeProfile.objects.get()
    assert (profile.languages, profile.forms, profile.minutes_per_day, profile.sitting_minutes) == (
        "zh, en", ["essay"], 90, 45,
    )  # fmt: skip
    assert [(str(row.day), row.minutes) for row in profile.days.all()] == [("2027-03-02", 0)]
    assert client.post(page, {"hours_per_day": "25"}).status_code == 400
    client.post(url("declare", edition), {"declare-kind": "company", "declare-party": "Paper Boat"})
    text = client.get(page).content.decode()
    assert "Paper Boat" in text


def test_what_was_detected_is_never_shown_to_the_judge(client, edition, judge):
    Conflict.objects.create(
        edition=edition, judge=judge.user, source="detected", kind="surname", party="Vermeer",
        party_key="vermeer", at=AT,
    )  # fmt: skip
    client.force_login(judge.user)
    for page in (url("availability", edition), url("jury", edition)):
        assert "Vermeer" not in client.get(page).content.decode()


def test_the_desk_decides_about_conflicts(client, edition, chair):
    judge = make_member(edition, Role.JUDGE, "Ada Vermeer")
    film = make_entry(edition, director="Jan Vermeer")
    client.force_login(make_member(edition, Role.ORGANISER).user)
    client.post(url("conflicts_search", edition))
    row = Conflict.objects.get()
    text = client.get(url("conflicts", edition)).content.decode()
    assert film.title in text
    assert "To be confirmed" in text
    desk = client.get(url("desk", edition)).content.decode()
    assert "1 possible conflict of a judge waits for a decision." in desk
    decide = url("conflict_decide", edition, row.pk)
    assert client.post(decide, {"answer": "dismiss", "reason": ""}).status_code == 400
    client.post(decide, {"answer": "dismiss", "reason": "No relation.", "entry": film.pk})
    assert Conflict.objects.get(entry=film).state == "dismissed"
    client.post(decide, {"answer": "confirm"})
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert "No relation." in client.get(url("conflict", edition, row.pk)).content.decode()
    client.post(
        url("conflicts", edition),
        {"judge": judge.id, "kind": "school", "party": "Film Academy", "reason": ""},
    )
    assert Conflict.objects.filter(kind="school", judge=judge.user).exists()


def test_reasons_of_recusals_are_the_chairs_alone(client, edition, chair, judge):
    Conflict.objects.create(
        edition=edition, judge=judge.user, source="recused", kind="film", entry=make_entry(edition),
        state="confirmed", reason="An old quarrel.", at=AT,
    )  # fmt: skip
    seen = {}
    for who in (chair, make_member(edition, Role.ORGANISER)):
        client.force_login(who.user)
        pages = (url("conflicts", edition), url("conflict", edition, Conflict.objects.get().pk))
        seen[who.id] = ["An old quarrel." in client.get(page).content.decode() for page in pages]
    assert list(seen.values()) == [[True, True], [False, False]]


def test_a_look_that_a_conflict_took_says_so_in_the_reader_s_language(client, edition, chair, judge):
    make_entry(edition, director="Ada Lum")
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    conflict_actions.declare(
        edition=edition, judge=judge.user, kind="person", party="Ada Lum", by=judge, at=AT
    )
    User.objects.filter(pk=chair.id).update(language="zh-hans")
    client.force_login(chair.user)
    page = client.get(url("round", edition, round.slug))
    assert '<td data-label="原因">利益冲突</td>' in page.content.decode()


def test_the_planned_round_says_whether_the_hours_are_enough(client, edition, chair, judge):
    make_entry(edition)
    round = make_round(edition, cut_kind="share", cut_value=Decimal(10))
    client.force_login(chair.user)
    text = client.get(url("round", edition, round.slug)).content.decode()
    assert "2 minutes of judging, 1 judge: 2 minutes each. No days of the jury are left" in text
    assert "1 judge has not stated any hours and counts with none." in text
    assert "the first 10% of the films" in text


@pytest.mark.parametrize("judges", ["is only 1 judge:", "are only 2 judges:"])
def test_too_few_judges_are_counted_as_one_counts(client, edition, chair, judge, judges):
    make_entry(edition)
    if "2" in judges:
        make_member(edition, Role.JUDGE)
    round = make_round(edition, looks_per_film=3)
    client.force_login(chair.user)
    text = client.get(url("round", edition, round.slug)).content.decode()
    assert f"Every film should get 3 looks, but there {judges} every film will miss some." in text


OPEN_PAGES = ("", "watching/", "plan/", "panels/", "close/", "console/", "panel/")
CLOSED_PAGES = (*OPEN_PAGES, "cut/", "line/", "standing.csv")


@pytest.mark.parametrize("gate", Round.Gate.values)
def test_every_page_of_every_gate_answers(client, edition, chair, judge, gate):
    films = [make_entry(edition) for _number in range(2)]
    round = make_round(edition, gate=gate, looks_per_film=1, weights=None if gate == "score" else {})
    if gate == "panel":
        make_panel(round, "One", [judge])
    rounds_actions.open_round(round=round, by=chair, at=AT)
    if gate == "ballot":
        ballot_actions.cast_ballot(round=round, by=judge, at=AT, revision=0, values={films[0].pk: 1})
    client.force_login(chair.user)

    def answers(pages):
        found = {name: client.get(f"/{edition.slug}/desk/rounds/{round.slug}/{name}") for name in pages}
        return {name: response.status_code for name, response in found.items()}

    assert answers(OPEN_PAGES) == dict.fromkeys(OPEN_PAGES, 200)
    rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=2)
    assert answers(CLOSED_PAGES) == dict.fromkeys(CLOSED_PAGES, 200)


def test_a_page_of_an_open_round_leaves_what_looks_were_drawn_from_where_it_is(client, edition, chair, judge):
    """The inputs of a drawing name every film and judge: of ten thousand films, megabytes."""
    make_entry(edition)
    round = make_round(edition, looks_per_film=1, adaptive=True)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.get()
    Look.objects.filter(pk=look.pk).update(state="scored", scored_at=AT)
    Score.objects.bulk_create(Score(look=look, criterion=row, value=7) for row in round.criteria.all())
    client.force_login(chair.user)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url("round", edition, round.slug)).status_code == 200
    asked = [query["sql"] for query in seen if 'FROM "judging_allocation"' in query["sql"]]
    assert asked
    assert not [sql for sql in asked if '"judging_allocation"."inputs",' in sql]
