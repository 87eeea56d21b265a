"""The fairness report: figures that are right, the same on page and paper, nobody named, nothing before its time."""

import gzip
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from festival.kit.errors import Refused
from festival.people.models import User
from festival.people.roles import Role
from judging import award_actions, cut_actions, fairness_actions, rounds_actions, setup_actions
from judging.fairness.document import public_of
from judging.fairness.paper import as_pdf
from judging.fairness.words import Said
from judging.logic.canonical import canonical, digest
from judging.models import AwardList, Cut, FairnessReport, Look, Standing
from judging.results_export import document, with_report
from tests.factories import make_member
from tests.judging.scored import scored_round

pytestmark = pytest.mark.django_db
QUERIES = 23  # whatever the number of films and judges
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def judged(films=12, judges=4):
    edition, round, chair, _contest = scored_round(films=films, judges=judges, looks=3, places=2, at=AT)
    rounds_actions.close_round(round=round, by=chair, at=AT)
    award_actions.propose(edition=edition, by=chair, at=AT)
    return edition, round, chair


def made(edition, by) -> FairnessReport:
    row = fairness_actions.ask(edition=edition, by=by, at=AT)
    fairness_actions.make(pk=row.pk, now=lambda: AT)
    return FairnessReport.objects.get(pk=row.pk)


def tables(blocks):
    return {block.text: block for block in blocks if block.kind == "table"}


def announced(edition) -> None:
    AwardList.objects.filter(edition=edition).update(state="announced", confirmed_at=AT, announced_at=AT)


def test_it_says_loads_coverage_weights_and_digests_and_names_no_judge(client) -> None:
    edition, round, chair = judged()
    Look.objects.filter(round=round).update(watched_seconds=180)
    short = Look.objects.filter(round=round).values_list("pk", flat=True)[:5]
    Look.objects.filter(pk__in=list(short)).update(watched_seconds=10)
    report = made(edition, chair)
    assert report.state == "ready" and report.digest == digest(report.document)
    blocks = Said(report.document).blocks()
    found = tables(blocks)
    assert found["Criteria and weights when the round opened"].rows == (("Story", "60%"), ("Craft", "40%"))
    [judges] = [table for name, table in found.items() if name.startswith("Judges:")]
    assert [row[0] for row in judges.rows] == ["Judge 1", "Judge 2", "Judge 3", "Judge 4"]
    assert sum(int(row[1]) for row in judges.rows) == 36
    assert all(re.fullmatch(r"(?:[+−]\d\.\d\d|0\.00) ± \d\.\d\d", row[5]) for row in judges.rows)
    assert all(span is not None for span in judges.spans)
    assert report.document["rounds"][0]["looks"]["tenths"] == [5, 0, 0, 0, 0, 0, 0, 0, 0, 31]
    text = " ".join(block.text for block in blocks)
    assert "36 looks in all; in 5 of them less than half of the film was played." in text
    assert "Nothing was changed after the round was opened." in text
    digests = found["Method, and digests that anybody can compute again"].rows
    assert Standing.objects.get().result_digest in [row[1] for row in digests]
    client.force_login(chair.user)
    address = reverse("judging:fairness_report", args=[edition.slug, 1])
    page = client.get(address).content.decode()
    assert "Judge 00" not in page and "Judge 1" in page and "Person 1 (Jury chair)" in page
    named = client.get(f"{address}?names=1").content.decode()
    assert "Judge 00" in named and "Chair (Jury chair)" in named


def test_rules_are_those_of_the_opening_and_changes_stand_beside_them() -> None:
    edition, round, chair, _contest = scored_round(films=8, judges=3, looks=2, places=2, at=AT)
    criteria = [
        setup_actions.CriterionGiven(row.slug, row.name, row.about, 50, row.anchors)
        for row in round.criteria.all()
    ]
    setup_actions.change_round(
        round=round,
        by=chair,
        at=AT,
        settings={"tie_last": "lot"},
        criteria=criteria,
        reason="Said at the briefing",
    )
    round.refresh_from_db()
    rounds_actions.close_round(round=round, by=chair, at=AT)
    said = tables(Said(with_report(document(edition))["report"]).blocks())
    assert said["Criteria and weights when the round opened"].rows == (("Story", "60%"), ("Craft", "40%"))
    rules = dict(said["Rules as they were when the round opened"].rows)
    assert rules["What decides ties last"] == "The place is shared: all of them go on"
    changes = said["Changed after the round was opened"].rows
    assert len(changes) == 3
    assert {row[3] for row in changes} == {"Said at the briefing"}
    assert all(row[4].startswith("Person 1 (Jury chair), ") for row in changes)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_paper_and_page_say_the_same_and_paper_is_the_same_each_time(language) -> None:
    edition, _round, chair = judged()
    report = made(edition, chair)
    with translation.override(language):
        blocks = Said(report.document).blocks()
        paper = as_pdf(Said(report.document))
        assert as_pdf(Said(report.document)) == paper
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages))
    for block in blocks:
        for words in (block.text, *block.head, *(cell for row in block.rows for cell in row)):
            assert re.sub(r"\s", "", words) in text, words


@pytest.mark.parametrize(("films", "judges"), [(8, 3), (24, 8)])
def test_more_films_and_judges_ask_no_more_queries(films, judges) -> None:
    edition, _round, _chair = judged(films, judges)
    with CaptureQueriesContext(connection) as asked:
        with_report(document(edition))
    assert len(asked) == QUERIES


def test_what_was_published_stays_as_it_was_made(client) -> None:
    edition, _round, chair = judged()
    organiser = make_member(edition, Role.ORGANISER, "Olga")
    first = made(edition, chair)
    announced(edition)
    second = made(edition, organiser)
    assert (first.number, second.number) == (1, 2)
    assert first.results_digest != second.results_digest  # the list is announced now
    for report in (first, second, second):
        fairness_actions.publish(report=report, by=organiser, at=AT)
    assert [row.number for row in FairnessReport.objects.filter(published_at__isnull=False)] == [2]
    fairness_actions.take_back(report=second, by=organiser, at=AT)
    steps = edition.award_list.steps.filter(kind__startswith="report").order_by("pk")
    assert [(step.kind, step.values, step.by) for step in steps] == [
        ("report", {"report": 1}, organiser.user),
        ("report", {"report": 2}, organiser.user),
        ("report_back", {"report": 2}, organiser.user),
    ]
    assert FairnessReport.objects.get(number=1).document == first.document


def verified(*names: str) -> str:
    """What the command says; raises CommandError where something differs."""
    said = io.StringIO()
    call_command("verify_results", *names, stdout=said)
    return said.getvalue()


def test_every_file_that_is_handed_out_verifies_and_a_changed_one_does_not(client, tmp_path) -> None:
    """Report with results by itself; each PDF and the published figures against it."""
    edition, _round, chair = judged()
    report = made(edition, chair)
    announced(edition)
    fairness_actions.publish(report=report, by=make_member(edition, Role.ORGANISER), at=AT)
    client.force_login(chair.user)

    def kept(name: str, *numbers: int, language: str = "en") -> Path:
        User.objects.filter(pk=chair.id).update(language=language)
        answer = client.get(reverse(f"judging:fairness_{name}", args=[edition.slug, *numbers]))
        assert answer.status_code == 200
        file = tmp_path / f"{name}-{language}"
        file.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        return file

    results = kept("file", 1)
    assert json.loads(gzip.decompress(results.read_bytes()))["report"] == report.document
    said = verified(str(results))
    assert f"SHA-256 of the report  {report.digest}" in said and "Everything came out the same." in said
    assert f"SHA-256 of the results {report.results_digest}" in said
    papers = [kept("pdf", 1), kept("pdf", 1, language="zh-hans")]
    shown = [kept("public_pdf"), kept("public_pdf", language="zh-hans"), kept("public_json")]
    assert len({file.read_bytes() for file in (*papers, *shown)}) == 5
    for file in (*papers, *shown):
        assert "same       the report that was given" in verified(str(file), "--results", str(results))
        with pytest.raises(CommandError, match="without its results"):
            verified(str(file))
    for file, old, new in ((papers[0], b"1", b"2"), (shown[2], b'"looks":', b'"looky":')):
        file.write_bytes(file.read_bytes().replace(old, new, 1))
        with pytest.raises(
            CommandError, match="1 of the results differ; the first: the report that was given"
        ):
            verified(str(file), "--results", str(results))


def test_nobody_outside_reads_it_before_the_announcement(client) -> None:
    edition, _round, chair = judged()
    organiser = make_member(edition, Role.ORGANISER)
    report = made(edition, chair)
    public = [reverse(f"judging:fairness_public{end}", args=[edition.slug]) for end in ("", "_pdf", "_json")]
    with pytest.raises(Refused, match="not announced yet"):
        fairness_actions.publish(report=report, by=organiser, at=AT)
    with pytest.raises(Refused, match="Only an organiser"):
        fairness_actions.publish(report=report, by=chair, at=AT)
    # Even a row that says it is public is not shown before.
    FairnessReport.objects.update(published_at=AT)
    assert [client.get(url).status_code for url in public] == [404] * 3
    FairnessReport.objects.update(published_at=None)
    announced(edition)
    assert [client.get(url).status_code for url in public] == [404] * 3
    fairness_actions.publish(report=report, by=organiser, at=AT)
    page = client.get(public[0]).content.decode()
    assert client.get(public[1]).content.startswith(b"%PDF")
    assert (
        "Judge 1" in page and "Judge 00" not in page and "F-000" not in page and str(chair.user) not in page
    )
    assert public[0] in client.get(reverse("judging:rules", args=[edition.slug])).content.decode()
    fairness_actions.take_back(report=report, by=organiser, at=AT)
    assert [client.get(url).status_code for url in public] == [404] * 3


def test_what_everybody_reads_names_no_film_and_nobody_and_no_reason() -> None:
    """Nothing to leave out on a page: it is not in the document that page, paper and file are made of."""
    edition, round, chair, _contest = scored_round(
        films=12, judges=4, looks=3, places=2, at=AT, cut_kind="count", cut_value=4
    )
    setup_actions.change_round(
        round=round, by=chair, at=AT, settings={"tie_last": "lot"}, reason="Because of Judge 01"
    )
    round.refresh_from_db()
    rounds_actions.close_round(round=round, by=chair, at=AT)
    cut = Cut.objects.get(round=round)
    out = cut.rows.order_by("entry__code").first().entry
    cut_actions.move_film(cut=cut, entry=out, goes_on=False, why="Weaker than F-00003", by=chair, at=AT)
    award_list = award_actions.propose(edition=edition, by=chair, at=AT)
    verdict = award_list.verdicts.select_related("slot").get(place=1)
    last = edition.entries.exclude(verdicts__award_list=award_list).order_by("code").last()
    award_actions.set_verdict(verdict=verdict, entry=last, reason="Braver than the rest", by=chair, at=AT)
    report = made(edition, chair).document
    shown = public_of(report)

    def said(document) -> str:
        blocks = Said(document).blocks()
        return " ".join(
            " ".join((block.text, *(cell for row in block.rows for cell in row))) for block in blocks
        )

    for words in ("Because of Judge 01", "Weaker than F-00003", "Braver than the rest"):
        assert words in said(report)
        assert words not in canonical(shown).decode()
    everything = canonical(shown).decode() + said(shown)
    assert not re.search(r"F-0\d{4}|Judge 0\d|Chair\b", everything)
    digests = set(re.findall(r"[0-9a-f]{64}", everything))
    assert digests == {
        digest(report),
        report["results_digest"],
    }  # none of small inputs, which could be guessed
    assert {row["by"]["number"] for row in shown["rounds"][0]["changes"]} == {1}
    assert shown["rounds"][0]["cuts"][0]["films"]["removed_by_chair"] == 1


def test_one_is_made_at_a_time_and_none_of_an_open_round() -> None:
    edition, round, chair, _contest = scored_round(films=6, judges=3, looks=2, places=2, at=AT)
    with pytest.raises(Refused, match="is open"):
        fairness_actions.ask(edition=edition, by=chair, at=AT)
    rounds_actions.close_round(round=round, by=chair, at=AT)
    row = fairness_actions.ask(edition=edition, by=chair, at=AT)
    with pytest.raises(Refused, match="being made already"):
        fairness_actions.ask(edition=edition, by=chair, at=AT)
    fairness_actions.make(pk=row.pk, now=lambda: AT)
    kept = FairnessReport.objects.get()
    fairness_actions.make(pk=row.pk, now=lambda: AT)  # a task may run twice
    assert FairnessReport.objects.get().key == kept.key
