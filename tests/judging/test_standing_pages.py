"""The frozen standings and the chair's pages about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.kit import remembered
from festival.people.roles import Role
from judging import (
    award_actions,
    cut_page,
    panel_figures,
    plots,
    queries,
    rounds_actions,
    standing_actions,
    standing_inputs,
)
from judging.logic import additive
from judging.models import Look, Round, Score, Standing, StandingRow
from tests.factories import make_member, make_round
from tests.judging.scored import scored_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def closed(**options: object):
    edition, round, chair, contest = scored_round(at=AT, **options)
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    round.refresh_from_db()
    return edition, round, chair, contest, standing


def test_both_standings_are_frozen_side_by_side_and_can_be_replayed() -> None:
    _edition, _round, _chair, contest, standing = closed()
    assert (standing.method, standing.decides, standing.cut) == ("weighted_mean", "official", 6)
    rows = {row.entry.code: row for row in standing.rows.select_related("entry")}
    fit = additive.fit(contest.scores())
    for film in range(40):
        row = rows[f"F-{film:05}"]
        assert float(row.mean) == pytest.approx(np.mean(contest.score[contest.entry == film]), abs=1e-6)
        assert float(row.value) == pytest.approx(fit.value[film], abs=2e-6)
        assert row.rank_low <= row.adjusted_rank <= row.rank_high
    assert sum(row.p_cut for row in rows.values()) == pytest.approx(6, abs=1e-4)
    assert sorted(row.adjusted_rank for row in rows.values())[0] == 1
    assert standing_actions.replay(standing)
    StandingRow.objects.filter(pk=rows["F-00003"].pk).update(value=Decimal("9.9"))
    standing.refresh_from_db()
    assert not standing_actions.replay(standing)


@pytest.mark.parametrize(
    ("decides", "column"), [("official", "rank"), ("adjusted", "adjusted_rank"), ("own", "own_rank")]
)
def test_what_decides_orders_the_rows_and_fills_the_awards(decides: str, column: str) -> None:
    _edition, round, chair, _contest, standing = closed(decides=decides)
    rows = list(queries.standing_rows(round))
    assert [row.place for row in rows] == sorted(getattr(row, column) for row in rows)
    award_list = award_actions.propose(edition=standing.round.edition, by=chair, at=AT)
    chosen = [verdict.entry_id for verdict in award_list.verdicts.order_by("place")]
    assert set(chosen) <= {row.entry_id for row in rows if row.place <= rows[5].place}


def test_a_round_takes_the_first_by_what_decides_in_the_earlier_one(client: Client) -> None:
    edition, round, chair, _contest, _standing = closed(decides="own")
    make_member(edition, Role.JUDGE)
    final = make_round(edition, "final", position=1)
    client.force_login(chair.user)
    client.post(f"/{edition.slug}/desk/rounds/final/open/", {"films": "first", "first": "5"})
    first = {row.entry_id for row in queries.standing_rows(round) if row.place <= 5}
    assert set(final.films.values_list("pk", flat=True)) == first
    assert first != set(round.standing.rows.filter(rank__lte=5).values_list("entry_id", flat=True))


@pytest.mark.parametrize("rule", ["trimmed_mean", "median", "weighted_sum", "points"])
def test_the_published_rule_is_the_rounds_own(rule: str) -> None:
    _edition, _round, _chair, _contest, standing = closed(official_rule=rule)
    assert standing.method == rule
    assert standing_actions.replay(standing)


def test_tracks_are_told_apart_where_there_are_several() -> None:
    edition, round, chair, _contest = scored_round(at=AT)
    other = edition.tracks.create(slug="other", name={"en": "Other"}, position=9)
    half = list(round.films.order_by("code")[:20])
    for entry in half:
        entry.track = other
        entry.save(update_fields=["track"])
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert set(standing.inputs["tracks"].values()) == {
        "other",
        half[0].edition.tracks.exclude(pk=other.pk).get().slug,
    }
    assert standing_actions.replay(standing)


def test_a_round_without_a_score_has_only_the_published_standing() -> None:
    _edition, round, chair, _contest = scored_round(at=AT, films=5, judges=3, looks=2)
    Score.objects.all().delete()
    Look.objects.update(state="pending", scored_at=None)
    standing = rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=10)
    assert (standing.adjusted_method, standing.cut, standing.figures) == ("", None, {})
    assert standing_actions.replay(standing)
    assert cut_page.cut_page(standing, cut=2) is None


def test_the_cut_page_shows_the_films_around_the_line_and_what_more_looks_would_do() -> None:
    _edition, _round, _chair, _contest, standing = closed(films=120, looks=3, places=10)
    found = cut_page.cut_page(standing, cut=10, more=20)
    assert found is not None and found.more is not None
    assert sum(line.above for line in found.lines) == 10
    assert [line.official_rank for line in found.lines][:10] == sorted(
        line.official_rank for line in found.lines
    )[:10]
    assert 3 < found.hits < 10
    assert found.undecided == sum(line.row.undecided for line in found.lines)
    assert (found.more.films, found.more.hits_then > found.more.hits) == (20, True)
    means = {line.official for line in found.lines if line.above} & {
        line.official for line in found.lines if not line.above
    }
    assert {line.official for line in found.lines if line.tied} == means
    assert cut_page.cut_page(standing, cut=120).cut == 120


def test_at_the_planned_line_the_kept_rows_say_what_the_models_said() -> None:
    _edition, _round, _chair, _contest, standing = closed(films=60, looks=3)
    assert standing.cut == 6
    standing = Standing.objects.defer("inputs").get(pk=standing.pk)
    with CaptureQueriesContext(connection) as asked:
        kept = cut_page.cut_page(standing, cut=6)
    assert len(asked) == 1 and '"inputs"' not in asked[0]["sql"]
    imagined = cut_page.cut_page(standing, cut=6, more=5)  # computes the models again
    assert kept is not None and imagined is not None
    assert kept == replace(imagined, more=None)
    assert cut_page.titles(kept)[kept.lines[0].entry_id].startswith("Film ")


def test_an_imagined_line_is_computed_once_where_there_are_many_films(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _edition, _round, _chair, _contest, standing = closed(films=60, looks=3)
    monkeypatch.setattr(remembered, "MANY", 60)
    first = cut_page.cut_page(standing, cut=9)
    StandingRow.objects.all().delete()
    assert cut_page.cut_page(standing, cut=9) == first
    assert first is not None and first.cut == 9
    with pytest.raises(IndexError):
        cut_page.cut_page(standing, cut=10)


def test_the_pages_for_chair_and_organiser(client: Client) -> None:
    edition, round, chair, _contest, _standing = closed(films=60, looks=3)
    client.force_login(chair.user)
    here = [edition.slug, round.slug]
    page = client.get(reverse("judging:round_line", args=here)).content.decode()
    assert "of 6" in page and "Chance" in page
    page = client.get(reverse("judging:round_line", args=here) + "?cut=9&more=15").content.decode()
    assert "One more look at each of the 15 films nearest the line" in page
    answer = client.get(reverse("judging:round_line", args=here) + "?cut=60")
    assert answer.status_code == 400
    assert "Write how many films pass: a number from 1 to 59." in answer.content.decode()
    page = client.get(reverse("judging:round_panel", args=here)).content.decode()
    assert "Judge 03" in page and "With two more looks per film it would be" in page
    client.force_login(make_member(edition, Role.ORGANISER, "Organiser").user)
    assert client.get(reverse("judging:round_panel", args=here)).status_code == 200


def test_the_panel_of_an_open_round_is_the_chairs_alone(client: Client) -> None:
    edition, round, chair, _contest = scored_round(at=AT)
    here = [edition.slug, round.slug]
    client.force_login(make_member(edition, Role.ORGANISER, "Organiser").user)
    assert client.get(reverse("judging:round_panel", args=here)).status_code == 403
    assert client.get(reverse("judging:round_line", args=here)).status_code == 403
    client.force_login(chair.user)
    page = client.get(reverse("judging:round_panel", args=here)).content.decode()
    assert "Judge 05" in page and "Film 3" not in page
    assert client.get(reverse("judging:round_line", args=here)).status_code == 403


def test_what_is_worth_a_look_is_said_in_words() -> None:
    _edition, round, chair, _contest = scored_round(at=AT, films=90, judges=6, looks=2)
    looks = Look.objects.filter(round=round)
    same = looks.filter(judge__name="Judge 01")
    Score.objects.filter(look__in=same).update(value=7)
    looks.filter(judge__name="Judge 02").update(watched_seconds=20)
    wild = np.random.default_rng(1)
    for look in looks.filter(judge__name="Judge 04"):
        Score.objects.filter(look=look).update(value=Decimal(str(round_half(wild.uniform(1, 10)))))
    for place, look in enumerate(looks.filter(judge__name="Judge 05").order_by("position")):
        shift = Decimal(str(round_half(5.0 * place / 30)))
        for score in look.scores.all():
            score.value = min(score.value / 2 + shift, Decimal(10))
            score.save()
    rounds_actions.close_round(round=round, by=chair, at=AT)
    panel = panel_figures.panel_of(Round.objects.get(pk=round.pk))
    assert panel is not None
    said = " ".join(panel.warnings)
    assert "Judge 01 gave the same score to 100% of the films." in said
    assert "Judge 02 watched only 11% of the films’ length." in said
    assert "Judge 05 became milder as the films went by" in said
    assert "Judge 00" not in said and "Judge 03" not in said
    assert [line.severity for line in panel.judges] == sorted(line.severity for line in panel.judges)


@pytest.mark.parametrize("films", [1, 2, 3, 12])
def test_a_single_look_at_an_hour_of_its_own_says_nothing_and_breaks_nothing(
    client: Client, films: int
) -> None:
    edition, round, chair, _contest = scored_round(
        at=AT, films=films, judges=3, looks=min(films, 2), places=0
    )
    alone = Look.objects.filter(round=round).order_by("pk")[0]
    alone.scored_at = AT - timedelta(hours=9)
    alone.save()
    rounds_actions.close_round(round=round, by=chair, at=AT)
    client.force_login(chair.user)
    assert client.get(reverse("judging:round_panel", args=[edition.slug, round.slug])).status_code == 200
    panel = panel_figures.panel_of(Round.objects.get(pk=round.pk))
    if panel is not None:
        assert [part.unusual for part in panel.hours if part.looks == 1] == [False]


def round_half(number: float) -> float:
    return round(number * 2) / 2


def test_an_empty_panel_is_none() -> None:
    _edition, round, _chair, _contest = scored_round(at=AT, films=4, judges=2, looks=1)
    Look.objects.all().update(state="pending", scored_at=None)
    assert panel_figures.panel_of(round) is None


def test_spans_share_an_axis_and_histograms_hold_every_film() -> None:
    first, second = plots.spans([0.0, 1.0], [0.1, 0.2], 0.5)
    assert first.mark == second.mark
    assert (
        first.start < first.middle < first.mark < second.middle < second.start + second.width <= plots.WIDTH
    )
    drawn = plots.histogram([1.2, 1.2, 3.4, 9.9], 5.0)
    assert drawn is not None
    assert (drawn.low, drawn.high, drawn.mark) == (1.0, 10.0, round(4 / 9 * plots.WIDTH, 1))
    assert drawn.path.count("M") == 3
    assert plots.histogram([], 1.0) is None
    assert plots.histogram([2.0, 2.0], None).mark is None


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns", "Europe/Berlin", "UTC"]
)
def test_the_hour_of_a_look_is_that_of_the_clocks_there(zone: str) -> None:
    moments = [datetime(2027, 3, 28, 0, 7, tzinfo=UTC) + timedelta(minutes=53 * step) for step in range(40)]
    found = standing_inputs.in_order(((1, str(at), str(at)) for at in moments), zone)
    assert [hour for _place, hour in found.values()] == [at.astimezone(ZoneInfo(zone)).hour for at in moments]
    assert [place for place, _hour in found.values()] == list(range(1, 41))


def test_the_hours_are_read_alike_from_the_database() -> None:
    _edition, round, _chair, _contest = scored_round(at=AT, films=6, judges=3, looks=2)
    zone = ZoneInfo(round.edition.time_zone)
    looks = Look.objects.filter(round=round).select_related("entry")
    kept = {
        (str(look.judge_id), look.entry.code): look.scored_at.astimezone(zone).hour
        for look in looks
        if look.scored_at
    }
    assert {key: hour for key, (_place, hour) in standing_inputs.finished(round).items()} == kept
