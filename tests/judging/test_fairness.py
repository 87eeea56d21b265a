"""The fairness report: figures that are right, the same on page and paper, nobody named, nothing before its time."""

import gzip
import io
import json
import re
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import award_actions, fairness_actions, rounds_actions, setup_actions
from judging.fairness.paper import as_pdf
from judging.fairness.words import Said
from judging.logic.canonical import digest
from judging.models import AwardList, FairnessReport, Look, Standing
from judging.results_export import document, with_report
from tests.factories import make_member
from tests.judging.scored import scored_round

pytestmark = pytest.mark.django_db
QUERIES = 22  # whatever the number of films and judges
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
    assert found["Criteria and weights when the round opened"].rows == (("Story", "60 %"), ("Craft", "40 %"))
    [judges] = [table for name, table in found.items() if name.startswith("Judges:")]
    assert [row[0] for row in judges.rows] == ["Judge 1", "Judge 2", "Judge 3", "Judge 4"]
    assert sum(int(row[1]) for row in judges.rows) == 36
    assert all(re.fullmatch(r"[+−]\d\.\d\d ± \d\.\d\d", row[5]) for row in judges.rows)
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
    assert said["Criteria and weights when the round opened"].rows == (("Story", "60 %"), ("Craft", "40 %"))
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
        paper = as_pdf(report, blocks, "No. 1")
        assert as_pdf(report, blocks, "No. 1") == paper
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


def test_what_was_published_stays_as_it_was_made_and_its_file_verifies(client, tmp_path, capsys) -> None:
    edition, _round, chair = judged()
    organiser = make_member(edition, Role.ORGANISER, "Olga")
    first = made(edition, chair)
    announced(edition)
    second = made(edition, organiser)
    assert (first.number, second.number) == (1, 2)
    assert first.digest != second.digest  # the list is announced now
    fairness_actions.publish(report=first, by=organiser, at=AT)
    fairness_actions.publish(report=second, by=organiser, at=AT)
    assert [row.number for row in FairnessReport.objects.filter(published_at__isnull=False)] == [2]
    client.force_login(chair.user)
    answer = client.get(reverse("judging:fairness_file", args=[edition.slug, 1]))
    kept = tmp_path / "results.json.gz"
    kept.write_bytes(b"".join(answer.streaming_content))
    assert json.loads(gzip.decompress(kept.read_bytes()))["report"] == first.document
    call_command("verify_results", str(kept))
    said = capsys.readouterr().out
    assert f"SHA-256 of the report    {first.digest}" in said and "Everything came out the same." in said


def test_nobody_outside_reads_it_before_the_announcement(client) -> None:
    edition, _round, chair = judged()
    organiser = make_member(edition, Role.ORGANISER)
    report = made(edition, chair)
    public = [reverse(f"judging:fairness_public{end}", args=[edition.slug]) for end in ("", "_pdf")]
    with pytest.raises(Refused, match="not announced yet"):
        fairness_actions.publish(report=report, by=organiser, at=AT)
    with pytest.raises(Refused, match="Only an organiser"):
        fairness_actions.publish(report=report, by=chair, at=AT)
    # Even a row that says it is public is not shown before.
    FairnessReport.objects.update(published_at=AT)
    assert [client.get(url).status_code for url in public] == [404, 404]
    FairnessReport.objects.update(published_at=None)
    announced(edition)
    assert [client.get(url).status_code for url in public] == [404, 404]
    fairness_actions.publish(report=report, by=organiser, at=AT)
    page = client.get(public[0]).content.decode()
    assert client.get(public[1]).content.startswith(b"%PDF")
    assert (
        "Judge 1" in page and "Judge 00" not in page and "F-000" not in page and str(chair.user) not in page
    )
    assert public[0] in client.get(reverse("judging:rules", args=[edition.slug])).content.decode()
    fairness_actions.take_back(report=report, by=organiser, at=AT)
    assert client.get(public[0]).status_code == 404


def test_what_the_public_does_not_read() -> None:
    """Reasons of single films and places are the jury's own."""
    edition, round, chair = judged()
    award_list = AwardList.objects.get(edition=edition)
    verdict = award_list.verdicts.select_related("slot").get(place=1)
    last = edition.entries.exclude(verdicts__award_list=award_list).order_by("code").last()
    award_actions.set_verdict(verdict=verdict, entry=last, reason="Braver than the rest", by=chair, at=AT)
    report = made(edition, chair)

    def text(**how):
        blocks = Said(report.document, **how).blocks()
        return " ".join(
            " ".join((block.text, *(cell for row in block.rows for cell in row))) for block in blocks
        )

    assert "Braver than the rest" in text()
    assert "Braver than the rest" not in text(public=True)


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
