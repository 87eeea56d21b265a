"""Rounds of projects: every gate opens, reading takes the place of watching, and the console shows what is read."""

import html
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.edition.form_rules import read_form
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import (
    answer_actions,
    ballot_actions,
    calibration_actions,
    desk,
    looks_actions,
    plan_queries,
    rounds_actions,
    watch_actions,
)
from judging.desk_words import is_read
from judging.hand_out import replay_allocation
from judging.models import Look, Round
from judging.progress_queries import judges_progress
from judging.reading import judging_times
from judging.results_export import _looks
from judging.round_forms import RoundForm
from submissions.models import Answer, Event
from submissions.question_actions import Words, change_question
from submissions.service import viewings_text
from tests.factories import (
    make_attachment,
    make_declaration,
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_panel,
    make_question,
    make_round,
)
from tests.submissions.cohorts.making import make_cohort, make_place

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
SCORES = {"story": Decimal(8), "craft": Decimal(7)}


def make_stage(
    *, projects: int = 3, judges: int = 2, blind: bool = True, **settings: Any
) -> tuple[Edition, Round, Any, list[Any]]:
    """A planned round of projects with its chair and judges."""
    edition = make_edition(blind=blind)
    edition.tracks.update(enters="project")
    chair = make_member(edition, Role.CHAIR)
    jury = [make_member(edition, Role.JUDGE) for _number in range(judges)]
    for number in range(projects):
        make_entry(edition, code=f"P00000{number}", director="Secret", synopsis={"en": "A lamp goes out."})
    weights = {} if settings.get("gate", "score") != "score" else None
    return edition, make_round(edition, looks_per_film=2, weights=weights, **settings), chair, jury


def own(judge: Any) -> Look:
    return Look.objects.filter(judge=judge.user).select_related("round__edition").order_by("position")[0]


@pytest.mark.parametrize("gate", ["score", "pass_fail", "panel"])
def test_looks_at_projects_are_given_with_the_reading_time(gate: str) -> None:
    _edition, round, chair, jury = make_stage(gate=gate, reading_minutes=25)
    if gate == "panel":
        make_panel(round, "A", jury)
    drawn = rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    assert drawn is not None and drawn.looks_made == 6 and drawn.unserved == []
    assert replay_allocation(drawn)
    assert set(Look.objects.values_list("seconds", "to_read")) == {(1500, True)}


def test_projects_are_shared_out_evenly_among_panels() -> None:
    _edition, round, chair, jury = make_stage(projects=6, gate="panel")
    make_panel(round, "A", jury[:1])
    make_panel(round, "B", jury[1:])
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    assert sorted(panel.films.count() for panel in round.panels.all()) == [3, 3]


def test_a_jury_votes_on_projects() -> None:
    edition, round, chair, jury = make_stage(gate="ballot", ballot="ranked")
    assert rounds_actions.open_round(round=round, by=chair, at=AT, seed=1) is None
    ids = list(edition.entries.order_by("code").values_list("pk", flat=True))
    for judge in jury:
        values = {pk: place for place, pk in enumerate(ids, 1)}
        ballot_actions.cast_ballot(round=round, by=judge, at=AT, revision=0, values=values)
    closed = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert closed.rows.count() == 3


def test_a_project_is_scored_without_watching_where_a_film_is_not() -> None:
    edition, round, chair, jury = make_stage(projects=1, min_watch_seconds=60)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    look = own(jury[0])
    assert watch_actions.least_of(look) == 0
    assert watch_actions.record_watching(look=look, by=jury[0], played=[[0, 30]], at=AT) == 0
    make_inspection(look.round.films.get(), seconds=90)  # its film comes while the round is open: still read
    saved = looks_actions.save_scores(look=look, by=jury[0], at=AT, revision=0, scores=SCORES, comment="")
    done = looks_actions.finish_look(look=look, by=jury[0], at=AT, revision=saved.revision)
    assert done.state == "scored"
    assert Event.objects.get(kind="look_finished").values["watched"] is None

    edition.tracks.update(enters="film")
    film = make_entry(edition)
    make_inspection(film, seconds=90)
    rounds_actions.add_late_films(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round__edition").get(judge=jury[0].user, entry=film)
    assert (look.seconds, look.to_read) == (90, False)
    with pytest.raises(Refused) as refused:
        looks_actions.save_scores(look=look, by=jury[0], at=AT, revision=0, scores=SCORES, comment="")
    assert refused.value.code == "not_watched"


def test_passing_and_nominating_a_project() -> None:
    _edition, round, chair, jury = make_stage(projects=1, gate="pass_fail", min_watch_share=100)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    look = own(jury[0])
    given = answer_actions.give_answer(look=look, by=jury[0], at=AT, revision=0, answer="pass")
    assert given.state == "scored"


def test_a_project_with_a_film_is_judged_as_a_film() -> None:
    edition, round, chair, _jury = make_stage(projects=2)
    made, unmade = edition.entries.order_by("code")
    make_inspection(made, seconds=900)
    assert judging_times(round, [made.pk, unmade.pk]) == {made.pk: 900, unmade.pk: 600}
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    rows = Look.objects.values_list("entry_id", "seconds", "to_read")
    assert set(rows) == {(made.pk, 900, False), (unmade.pk, 600, True)}


def test_reading_is_planned_and_never_counts_as_film_that_was_not_watched() -> None:
    _edition, round, chair, jury = make_stage(projects=2, reading_minutes=30)
    assert plan_queries.intake_of(round) == plan_queries.Intake(2, 3600, sure=True)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    look = own(jury[0])
    saved = looks_actions.save_scores(look=look, by=jury[0], at=AT, revision=0, scores=SCORES, comment="")
    looks_actions.finish_look(look=look, by=jury[0], at=AT, revision=saved.revision)
    line = next(row for row in judges_progress(round) if row.judge_id == jury[0].id)
    assert (line.done, line.seconds_done, line.seconds_left) == (1, 0, 1800)
    assert [row[4] for row in _looks(round)] == [0] * 4


@pytest.mark.parametrize("blind", [True, False])
@pytest.mark.parametrize("gate", ["score", "pass_fail", "panel"])
def test_the_console_shows_what_is_read_and_no_player(client: Any, gate: str, blind: bool) -> None:
    edition, round, chair, jury = make_stage(
        projects=1, gate=gate, blind=blind, min_watch_seconds=60, allow_speed=True
    )
    entry = edition.entries.get()
    make_attachment(entry, "document", form="pdf", filename="Treatment by Secret.pdf")
    make_attachment(entry, "evidence", form="pdf", filename="evidence.pdf")
    make_attachment(
        entry, "rights", form="pdf", filename="licence.pdf", declaration=make_declaration(edition)
    )
    make_attachment(entry, "document", form="pdf", filename="broken.pdf", state="refused")
    if gate == "panel":
        make_panel(round, "A", jury)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    client.force_login(jury[0].user)
    shown = client.get(reverse("judging:console", args=[own(jury[0]).pk]))
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "A lamp goes out." in text
    assert [paper.name for paper in shown.context["material"].papers] == ["P000000-1.pdf"]
    assert text.count(shown.context["material"].papers[0].url) == 1
    assert "by Secret" not in text and ("Secret" in text) == (not blind)
    assert (shown.context["src"], shown.context["has_least"], shown.context["can_note"]) == ("", False, False)
    for word in ("<video", "no judge copy", "I have watched", "Watched 0:00", "data-has-least"):
        assert word not in text, word
    client.get(reverse("judging:queue", args=[edition.slug, round.slug]))


def test_answers_that_are_for_judges_are_read_and_no_others(client: Any) -> None:
    edition, round, chair, jury = make_stage(projects=1, judges=1)
    entry = edition.entries.get()
    for text, for_judges in (("What will it cost?", True), ("Whom do we call?", False)):
        question = make_question(edition, text=text, for_judges=for_judges)
        Answer.objects.create(entry=entry, question=question, wording=question.wording, value=f"Of “{text}”")
    draft = make_draft(edition)
    client.force_login(draft.entrant)
    assert client.get(f"/entries/{draft.code}/edit/").content.decode().count("Judges read your answer.") == 1
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    client.force_login(jury[0].user)
    text = html.unescape(client.get(reverse("judging:console", args=[own(jury[0]).pk])).content.decode())
    assert "Of “What will it cost?”" in text and "Whom do we call?" not in text
    # What was answered without knowing that judges read it stays among the organisers.
    kept = edition.questions.get(for_judges=False)
    words = Words(kept.wording.text, {}, (), {})
    with pytest.raises(Refused, match="were not told"):
        change_question(question=kept, kind="line", words=words, by=chair, at=AT, for_judges=True)
    assert not edition.questions.get(pk=kept.pk).for_judges


def test_a_film_in_the_console_is_as_it_was(client: Any) -> None:
    edition, round, chair, jury = make_stage(projects=1)
    edition.tracks.update(enters="film")
    make_inspection(edition.entries.get())
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    client.force_login(jury[0].user)
    shown = client.get(reverse("judging:console", args=[own(jury[0]).pk]))
    assert shown.context["material"] is None and "A lamp goes out." not in shown.content.decode()
    assert shown.context["src"] and "<video" in shown.content.decode()


def test_the_console_of_a_project_asks_the_same_for_one_file_and_for_many(client: Any) -> None:
    edition, round, chair, jury = make_stage(projects=1)
    make_attachment(edition.entries.get(), "document", form="pdf")
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    client.force_login(jury[0].user)
    address, counts = reverse("judging:console", args=[own(jury[0]).pk]), []
    client.get(address)
    for more in (0, 5):
        for _number in range(more):
            make_attachment(edition.entries.get(), "document", form="pdf")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_reading_time_is_asked_only_where_projects_are_entered() -> None:
    edition, round, _chair, _jury = make_stage()
    assert RoundForm(round=round).initial["reading_minutes"] == 10
    assert "reading_minutes" in RoundForm(round=round).fields
    edition.tracks.update(enters="film")
    assert "reading_minutes" not in RoundForm(round=round).fields


def test_the_jurys_pages_say_project_where_a_round_reads_and_film_where_it_watches() -> None:
    edition, round, chair, jury = make_stage()
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    client = Client()
    client.force_login(jury[0].user)

    def text(name: str, *arguments: str) -> str:
        return client.get(reverse(f"judging:{name}", args=[edition.slug, *arguments])).content.decode()

    home, queue, welcome = text("jury"), text("queue", "jury"), text("welcome", "jury")
    assert "<h1>Your projects</h1>" in home and "0 of 3 projects scored" in home and "left to read" in home
    assert "Time to read" in queue and "To be read" in queue and "Watched" not in queue
    assert "Read the first project" in welcome and "Check your sound" not in welcome
    console = client.get(reverse("judging:console", args=[own(jury[0]).pk])).content.decode()
    assert "Next project" in console and "left to read" in console
    edition.tracks.update(enters="film")
    home, queue, welcome = text("jury"), text("queue", "jury"), text("welcome", "jury")
    assert "<h1>Your films</h1>" in home and "0 of 3 films scored" in home
    assert "Watched" in queue and "Watch the first film" in welcome


def test_calibration_leads_back_to_projects_and_the_desk_is_told_when_all_are_scored() -> None:
    edition, round, chair, jury = make_stage(projects=1, judges=1)
    round.looks_per_film = 1
    round.save()
    sample = make_entry(edition, state="draft", entrant=chair.user, title="Sample")
    make_inspection(sample)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    film = calibration_actions.add_film(
        round=round, by=chair, code=sample.code, reference=SCORES, words="So."
    )
    client = Client()
    client.force_login(jury[0].user)
    url = reverse("judging:trial", args=[edition.slug, round.slug, film.pk])
    client.post(url, {"score-story": "9", "score-craft": "7"})
    page = client.get(url).content.decode()
    assert all(text in page for text in ("Your projects", "for all your projects", "To your projects"))
    look = own(jury[0])
    saved = looks_actions.save_scores(look=look, by=jury[0], at=AT, revision=0, scores=SCORES, comment="")
    looks_actions.finish_look(look=look, by=jury[0], at=AT, revision=saved.revision)
    told = [todo.text for todo in desk.todos_for(chair, edition, desk.overview_of(edition, AT))]
    assert "All projects of “Jury” have been scored. It can be closed." in told


def test_a_ballot_over_projects_says_so() -> None:
    edition, round, chair, jury = make_stage(gate="ballot", ballot="points")
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    client = Client()
    client.force_login(jury[0].user)
    page = client.get(reverse("judging:ballot", args=[edition.slug, "jury"])).content.decode()
    assert "Give each project from 0 to 10 points." in page


def words_of(client: Client, url: str) -> str:
    """What stands in the page's own part, without tags."""
    page = html.unescape(client.get(url).content.decode()).partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", " ", page)


@pytest.mark.parametrize(
    ("enters", "noun", "other"), [("project", "project", "film"), ("film", "film", "project")]
)
def test_the_desks_pages_of_a_round_say_project_where_nothing_else_is_judged(
    enters: str, noun: str, other: str
) -> None:
    edition, round, chair, jury = make_stage()
    edition.tracks.update(enters=enters)
    for entry in edition.entries.all():
        entry.title = "A lamp"
        entry.save()
        if enters == "film":
            make_inspection(entry)
    client = Client()
    client.force_login(chair.user)
    base = f"/{edition.slug}/desk/rounds/{round.slug}/"
    pages = [words_of(client, base)]
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    pages.append(words_of(client, base))
    by = {one.id: one for one in jury}
    for look in Look.objects.filter(round=round).select_related("round__edition", "entry"):
        kept = looks_actions.save_scores(
            look=look,
            by=by[look.judge_id],
            at=AT,
            revision=look.revision,
            scores=SCORES,
            comment="",
            watched=999,
        )
        looks_actions.finish_look(look=look, by=by[look.judge_id], at=AT, revision=kept.revision)
    rounds_actions.close_round(round=round, by=chair, at=AT)
    client.post(f"{base}cut/make/", {"kind": "count", "value": "2"})
    cut = words_of(client, f"{base}cut/")
    assert f"the first 2 {noun}s" in cut and f"Which {noun}s go on." in cut and f"Move a {noun}" in cut
    for page in (*pages, cut):
        assert f"{noun}s" in page.lower()
    assert other not in cut.lower() and other not in pages[0].lower()
    heads = words_of(client, f"/{edition.slug}/desk/rounds/")
    assert ("Entries" in heads, "Films" in heads) == (enters == "project", enters == "film")


def test_a_round_of_teams_with_finished_films_is_none_of_projects() -> None:
    edition, _round, _chair, _jury = make_stage()
    cohort = make_cohort(edition, source="jury")
    planned = make_round(edition, "final", position=1, cohort=cohort)
    assert not is_read(planned)  # nobody has a place: films are to come
    place = make_place(cohort, edition.entries.first())
    again = Round.objects.get(pk=planned.pk)
    assert is_read(again)
    make_inspection(place.entry)
    assert not is_read(Round.objects.get(pk=planned.pk))


def test_entrants_of_projects_read_of_their_project() -> None:
    edition, round, chair, _jury = make_stage(projects=1)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    events = [Event(kind="look_finished", values={"look": 1, "watched": None})]
    rules = read_form({"promises": {"viewings": "share"}})
    assert viewings_text(events, rules, project=True) == "1 member of the jury has read your project."
    assert "watched your film" in viewings_text(events, rules)
    page = words_of(Client(), f"/{edition.slug}/enter/")
    assert "Enter a project" in page and "The film file" not in page
