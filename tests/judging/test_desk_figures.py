"""The overview's figures: the funnel counts what went on, the pace what was done, the judges what is left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition
from festival.people.roles import Role
from judging import desk_figures, queries
from judging.models import Cut, CutRow, Look, Standing
from submissions.arrivals import arrivals_of
from submissions.models import Entry
from submissions.statement.facts import Use
from tests import factories

pytestmark = pytest.mark.django_db
OPENS = datetime(2026, 11, 1, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition(time_zone="Asia/Shanghai")


def test_the_funnel_from_begun_to_what_goes_on(edition: Edition) -> None:
    films = [factories.make_entry(edition, state="eligible") for _number in range(4)]
    factories.make_entry(edition, state="draft")
    factories.make_entry(edition, state="refused")
    round = factories.make_round(edition, slug="first")
    round.films.set(films[:3])
    chair, at = factories.make_member(edition, Role.CHAIR).user, timezone.now()
    standing = Standing.objects.create(
        round=round, method="mean", method_version=1, inputs={}, inputs_digest="", result_digest="",
        made_at=at, made_by=chair,
    )  # fmt: skip
    cut = Cut.objects.create(
        round=round, standing=standing, kind="count", value=2, decided_by="official", method="mean",
        method_version=1, standing_digest="", made_at=at, made_by=chair,
    )  # fmt: skip
    for rank, reason in enumerate(("by_rule", "by_rule", "tie_lost")):
        CutRow.objects.create(cut=cut, entry=films[rank], reason=reason, rank=rank + 1)
    counts = {"eligible": 4, "draft": 1, "refused": 1}
    rows = desk_figures.funnel_of(edition, counts, queries.rounds_for_desk(edition), links=True)
    assert [(row.label, row.count) for row in rows] == [
        ("Begun", 6), ("Submitted", 5), ("Admitted", 4), ("Jury", 3), ("Going on after “Jury”", 2)
    ]  # fmt: skip
    assert rows[-1].url.endswith("?list=after-first") and rows[0].url == ""
    assert not any(row.url for row in desk_figures.funnel_of(edition, counts, [], links=False))


def test_the_pace_is_that_of_the_last_hour(edition: Edition) -> None:
    at = timezone.now()
    for minutes in (10, 50, 70):
        factories.make_inspection(factories.make_entry(edition), finished_at=at - timedelta(minutes=minutes))
    assert desk_figures.pace_of(edition, 0, at) == desk_figures.Pace(0, None)
    assert desk_figures.pace_of(edition, 5, at) == desk_figures.Pace(2, at + timedelta(hours=2.5))
    elsewhere = factories.make_edition()
    assert desk_figures.pace_of(elsewhere, 5, at) == desk_figures.Pace(0, None)


def test_judges_who_have_begun_and_finished(edition: Edition) -> None:
    films = [factories.make_entry(edition, state="eligible") for _number in range(2)]
    round = factories.make_round(edition, slug="first", opened_at=timezone.now())
    round.films.set(films)
    for states in (
        ("scored", "scored"),
        ("pending", "pending"),
        ("scored", "pending"),
        ("recused", "recused"),
    ):
        judge = factories.make_member(edition, Role.JUDGE)
        for place, (film, state) in enumerate(zip(films, states, strict=True)):
            scored = {"scored_at": timezone.now()} if state == "scored" else {}
            if state == "recused":
                scored = {"reason": "A friend."}
            Look.objects.create(
                round=round, judge=judge.user, entry=film, state=state, position=place, seconds=60, **scored
            )
    (line,) = desk_figures.judges_of_open(edition, queries.rounds_for_desk(edition))
    assert (line.judges, line.idle, line.finished, line.done, line.looks, line.share) == (3, 1, 1, 3, 6, 0.5)


def test_arrivals_by_day_in_the_editions_place(edition: Edition) -> None:
    call = factories.make_call(edition, opens=OPENS, ends=OPENS + timedelta(days=9, hours=12))
    assert arrivals_of(edition, call, OPENS) is None
    for hours in (0, 11, 12.5, 24 * 8):  # 12:00 and 23:00 of the first day, 0:30 of the second, the ninth
        factories.make_entry(edition, state="submitted", submitted_at=OPENS + timedelta(hours=hours))
    factories.make_entry(edition, state="draft")
    found = arrivals_of(edition, call, OPENS + timedelta(days=20))
    assert found is not None
    assert [count for _day, count in found.days] == [2, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    assert (found.total, found.late, found.expected, found.estimate, found.most[1]) == (4, 1, [], None, 2)
    alone = arrivals_of(edition, None, OPENS + timedelta(days=1))
    assert alone is not None and alone.late == 0


def test_an_earlier_edition_lets_expect(edition: Edition) -> None:
    earlier = factories.make_edition("before")
    begun = OPENS - timedelta(days=100)
    factories.make_call(earlier, opens=begun, ends=begun + timedelta(days=20))
    for number in range(40):  # a quarter in the first half, the rest in the last day
        days = number if number < 10 else 19.5
        factories.make_entry(earlier, state="submitted", submitted_at=begun + timedelta(days=days))
    call = factories.make_call(edition, opens=OPENS, ends=OPENS + timedelta(days=10))
    for _number in range(5):
        factories.make_entry(edition, state="submitted", submitted_at=OPENS)
    found = arrivals_of(edition, call, OPENS + timedelta(days=5))
    assert found is not None and found.like == earlier.name
    assert found.estimate == 20  # a quarter of them is here
    assert sum(found.expected) == pytest.approx(20)
    assert max(found.expected) == pytest.approx(15)
    early = arrivals_of(edition, call, OPENS - timedelta(days=1))
    assert early is not None and early.expected == []
    over = arrivals_of(edition, call, OPENS + timedelta(days=11))
    assert over is not None and over.estimate is None and sum(over.expected) == pytest.approx(5)


def test_the_page_draws_and_costs_the_same_for_many(edition: Edition) -> None:
    factories.make_call(edition, opens=timezone.now() - timedelta(days=3))
    client = Client()
    client.force_login(factories.make_member(edition, Role.ORGANISER).user)
    url = f"/{edition.slug}/desk/"

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    empty = client.get(url).content.decode()
    assert "<svg" not in empty.split("<main", 1)[1]
    entry = factories.make_entry(edition, state="submitted", country="CN", language="zh")
    factories.make_uses(entry, Use("video", "kling"))
    client.get(url)
    few = cost()
    for _number in range(4):
        factories.make_entry(edition, state="submitted", country="FR, CN", language="fr")
    assert cost() == few
    text = client.get(url).content.decode()
    assert '<title id="arrivals-t">Submitted entries by day</title>' in text
    for link in ("country=CN", "language=fr", "tool=kling", "state=eligible"):
        assert f"/{edition.slug}/desk/entries/?{link}" in text, link
    chair = Client()
    chair.force_login(factories.make_member(edition, Role.CHAIR).user)
    assert "/desk/entries/" not in chair.get(url).content.decode().split("<main", 1)[1]
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "arrivals" not in part
    assert Entry.objects.count() == 5
