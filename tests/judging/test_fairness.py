"""The fairness report: the same words on the page and on paper, figures that are right, nobody named."""

import io
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from judging import award_actions, fairness, rounds_actions
from judging.models import Look, Standing
from tests.judging.scored import scored_round

pytestmark = pytest.mark.django_db
QUERIES = 18  # whatever the number of films and judges
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def judged(films=12, judges=4):
    edition, round, chair, _contest = scored_round(films=films, judges=judges, looks=3, places=2, at=AT)
    rounds_actions.close_round(round=round, by=chair, at=AT)
    award_actions.propose(edition=edition, by=chair, at=AT)
    return edition, round, chair


def tables(blocks):
    return {block.text: block for block in blocks if block.kind == "table"}


def test_it_says_loads_coverage_weights_and_digests_and_names_no_judge(client) -> None:
    edition, round, chair = judged()
    Look.objects.filter(round=round).update(watched_seconds=180)
    short = Look.objects.filter(round=round).values_list("pk", flat=True)[:5]
    Look.objects.filter(pk__in=list(short)).update(watched_seconds=10)
    blocks = fairness.report(edition)
    found = tables(blocks)
    assert found["Criteria and weights"].rows == (("Story", "60 %"), ("Craft", "40 %"))
    [judges] = [table for name, table in found.items() if name.startswith("Judges:")]
    assert len(judges.rows) == 4
    assert sum(int(row[1]) for row in judges.rows) == 36
    assert all(re.fullmatch(r"[+-]\d\.\d\d ± \d\.\d\d", row[4]) for row in judges.rows)
    text = " ".join(block.text for block in blocks)
    assert "36 looks in all; in 5 of them less than half of the film was played." in text
    assert "Nothing was changed after the round was opened." in text
    digests = found["Method, and digests that anybody can compute again"].rows
    assert Standing.objects.get().result_digest in [row[1] for row in digests]
    client.force_login(chair.user)
    page = client.get(reverse("judging:fairness", args=[edition.slug])).content.decode()
    assert "Judge 00" not in page and "Judge 1" in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_paper_and_page_say_the_same_and_paper_is_the_same_each_time(language) -> None:
    edition, _round, _chair = judged()
    with translation.override(language):
        blocks = fairness.report(edition)
        made = fairness.as_pdf(edition, blocks)
        assert fairness.as_pdf(edition, blocks) == made
    paper = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))
    for block in blocks:
        for words in (block.text, *block.head, *(cell for row in block.rows for cell in row)):
            assert re.sub(r"\s", "", words) in paper, words


@pytest.mark.parametrize(("films", "judges"), [(8, 3), (24, 8)])
def test_more_films_and_judges_ask_no_more_queries(films, judges) -> None:
    edition, _round, _chair = judged(films, judges)
    with CaptureQueriesContext(connection) as made:
        fairness.report(edition)
    assert len(made) == QUERIES
