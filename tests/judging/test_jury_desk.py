"""Nudges, reminders, replacement, what was watched, and the judge's own sittings and scale."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.post.models import Notice
from judging import console_queries, jury_actions, looks_actions, queries, rounds_actions
from judging.models import JudgeProfile, Look, Round
from judging.queries import QueueRow
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FULL = {"story": Decimal(8), "craft": Decimal(6)}


def make_stage(films: int = 4, judges: int = 3, looks: int = 1, **settings: Any) -> dict[str, Any]:
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR, "Chair")
    jury = [make_member(edition, Role.JUDGE, f"Judge {number}") for number in range(judges)]
    for number in range(films):
        make_inspection(make_entry(edition), seconds=60 + number)
    round = make_round(edition, looks_per_film=looks, **settings)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=3)
    return {"edition": edition, "chair": chair, "jury": jury, "round": round}


def finish(look: Look, judge: Any, at: datetime = AT, scores: Any = None, watched: int = 9) -> None:
    now = looks_actions.save_scores(
        look=look, by=judge, at=at, revision=look.revision, scores=scores or FULL, comment="", watched=watched
    )
    looks_actions.finish_look(look=look, by=judge, at=at, revision=now.revision)


def looks_of(judge: Any) -> list[Look]:
    return list(Look.objects.filter(judge=judge.user).select_related("round").order_by("position"))


def test_a_nudge_goes_to_those_behind_and_once() -> None:
    stage = make_stage()
    done, idle, busy = stage["jury"]
    for look in looks_of(done):
        finish(look, done)
    left = Look.objects.filter(judge=idle.user, state="pending")
    films, seconds = left.count(), sum(left.values_list("seconds", flat=True))
    looks_actions.save_scores(
        look=looks_of(busy)[0], by=busy, at=AT + 2 * DAY, revision=0, scores={}, comment="at work"
    )
    later = AT + 2 * DAY + timedelta(hours=1)
    counts = [jury_actions.nudge(round=stage["round"], by=stage["chair"], at=later) for _time in range(2)]
    assert counts == [1, 0]
    letter = Notice.objects.get(kind="judge_nudge")
    assert (letter.user, letter.values) == (idle.user, {"films": films, "seconds": seconds})
    assert jury_actions.nudge(round=stage["round"], by=stage["chair"], at=later + DAY) == 2
    with pytest.raises(Refused):
        jury_actions.nudge(round=stage["round"], by=idle, at=later)


@pytest.mark.parametrize(
    ("before", "letters"), [(timedelta(days=4), 0), (timedelta(days=2, hours=12), 2), (DAY, 0)]
)
def test_the_clock_reminds_three_days_before_the_end_once(before: timedelta, letters: int) -> None:
    stage = make_stage(judges=3)
    end = AT + timedelta(days=20)
    Phase.objects.create(
        edition=stage["edition"], kind=Phase.Kind.JURY, name={"en": "Jury"}, starts_at=AT, ends_at=end
    )
    done = stage["jury"][0]
    for look in looks_of(done):
        finish(look, done)
    assert [jury_actions.remind_judges(at=end - before) for _time in range(2)] == [letters, 0]
    rows = Notice.objects.filter(kind="judge_reminder")
    assert {row.user_id for row in rows} == {judge.id for judge in stage["jury"][1:]} if letters else not rows
    assert all(row.values["deadline"] == end.isoformat() for row in rows)


def test_a_judge_is_replaced_in_one_action() -> None:
    stage = make_stage(films=6, judges=3)
    leaving = stage["jury"][0]
    first, *rest = looks_of(leaving)
    finish(first, leaving)
    kept = jury_actions.replace_judge(
        round=stage["round"], judge=leaving.user, by=stage["chair"], at=AT + DAY
    )
    assert (kept.looks_made, kept.unserved) == (len(rest), [])
    states = Look.objects.filter(judge=leaving.user).order_by("position").values_list("state", "taken")
    assert list(states) == [("scored", ""), *[("recused", "replaced")] * len(rest)]
    live = Look.objects.exclude(state="recused")
    assert sorted(live.values_list("entry_id", flat=True)) == sorted(
        stage["round"].films.values_list("pk", flat=True)
    )
    assert queries.judges_of(stage["edition"]).keys() - queries.judges_of_round(stage["round"]).keys() == {
        leaving.id
    }
    make_inspection(make_entry(stage["edition"]))
    rounds_actions.add_late_films(round=stage["round"], by=stage["chair"], at=AT + DAY)
    assert not Look.objects.filter(judge=leaving.user, state="pending").exists()
    with pytest.raises(Refused, match="nothing left"):
        jury_actions.replace_judge(round=stage["round"], judge=leaving.user, by=stage["chair"], at=AT)
    with pytest.raises(Refused):
        jury_actions.replace_judge(
            round=stage["round"], judge=stage["jury"][1].user, by=stage["jury"][2], at=AT
        )


def test_the_desk_s_buttons(client: Any) -> None:
    stage = make_stage()
    places = [stage["edition"].slug, stage["round"].slug]
    client.force_login(stage["chair"].user)
    page = reverse("judging:round", args=places)
    rounds = Round.objects.filter(pk=stage["round"].pk)
    rounds.update(opened_at=timezone.now())
    assert "are behind" not in client.get(page).content.decode()  # it is only just open
    rounds.update(opened_at=timezone.now() - 2 * DAY)
    assert "Write to 3 judges who are behind" in client.get(page).content.decode()
    assert client.post(reverse("judging:round_nudge", args=places)).headers["Location"] == page
    assert "are behind" not in client.get(page).content.decode()
    judge = stage["jury"][0]
    url = reverse("judging:round_replace", args=[*places, judge.id])
    assert f'href="{url}"' in client.get(page).content.decode()
    waiting = judge.user.looks.filter(round=stage["round"], state="pending").count()
    asked = client.get(url).content.decode()
    goes = "look that is not finished goes" if waiting == 1 else "looks that are not finished go"
    assert waiting and f"{waiting} {goes} to" in asked
    assert judge.user.looks.filter(round=stage["round"], state="pending").count() == waiting
    assert client.post(url).headers["Location"] == page
    assert client.post(reverse("judging:round_replace", args=[*places, stage["chair"].id])).status_code == 404
    assert "nothing left to give to others" in client.get(url).content.decode()
    look = looks_of(judge)[0]
    client.force_login(judge.user)
    console = client.get(reverse("judging:console", args=[look.pk])).content.decode()
    assert "gone to another judge" in console


def test_the_chair_sees_what_was_watched_and_no_scores(client: Any) -> None:
    stage = make_stage(films=2, judges=1)
    judge = stage["jury"][0]
    first, _second = looks_of(judge)
    Look.objects.filter(pk=first.pk).update(
        played=[[0, 15], [30, 45]], watched_seconds=30, seconds=60, stopped="other", stop_words="a fire alarm"
    )
    url = reverse("judging:round_watching", args=[stage["edition"].slug, "jury"])
    client.force_login(stage["chair"].user)
    text = client.get(url).content.decode()
    assert '<rect x="0.0" width="250.0"' in text and '<rect x="500.0" width="250.0"' in text
    assert "0:30 / 1:00 · 50%" in text and "Another reason: a fire alarm" in text
    only = client.get(url, {"show": "stopped"}).content.decode()
    assert only.count('<th scope="row">') == 1
    finish(Look.objects.select_related("round").get(pk=first.pk), judge)
    assert ">8<" not in client.get(url).content.decode()


def test_what_was_watched_takes_the_same_queries_at_any_length(client: Any) -> None:
    counts = []
    for number in (1, 3):
        stage = make_stage(films=number, judges=number)
        client.force_login(stage["chair"].user)
        url = reverse("judging:round_watching", args=[stage["edition"].slug, "jury"])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def row(number: int, seconds: int, state: str = "pending") -> QueueRow:
    return QueueRow(number, "", "", "", {}, state, number, seconds, 0, 0)


@pytest.mark.parametrize(
    ("lengths", "sittings"),
    [
        ([], []),
        ([60] * 15 + [60], [15, 1]),
        ([1200, 1200, 1200], [2, 1]),
        ([9000, 60], [1, 1]),
        ([2700, 1], [1, 1]),
    ],
)
def test_a_queue_is_cut_into_sittings(lengths: list[int], sittings: list[int]) -> None:
    rows = [row(number, seconds) for number, seconds in enumerate(lengths)]
    batches = console_queries.batches_of([row(99, 5, "scored"), *rows])
    assert [batch.films for batch in batches] == sittings
    assert [one.id for batch in batches for one in batch.rows] == list(range(len(lengths)))


def test_a_judge_s_own_time_at_a_stretch_cuts_her_sittings(client: Any) -> None:
    stage = make_stage(films=4, judges=1)
    judge = stage["jury"][0]
    Look.objects.update(seconds=400)
    JudgeProfile.objects.create(edition=stage["edition"], user=judge.user, sitting_minutes=15, updated_at=AT)
    client.force_login(judge.user)
    for name in ("", "jury/"):
        page = client.get(f"/{stage['edition'].slug}/jury/{name}")
        batches = page.context.get("batches") or [row[3] for row in page.context["rows"]]
        assert {batch.films for batch in batches} == {2}
    console = client.get(f"/looks/{looks_of(judge)[0].pk}/")
    assert console.context["break_seconds"] == 900


def test_the_own_scale_holds_one_s_own_finished_sheets_and_nothing_else() -> None:
    stage = make_stage(films=4, judges=2, looks=2)
    mine, other = stage["jury"]
    values = [{"story": Decimal(9), "craft": Decimal("8.5")}, {"story": Decimal(3), "craft": Decimal(2)}]
    for look, scores in zip(looks_of(mine), values, strict=False):
        finish(look, mine, scores=scores)
    third = looks_of(mine)[2]
    looks_actions.save_scores(
        look=third, by=mine, at=AT, revision=0, scores={"story": Decimal(5)}, comment="", watched=9
    )
    finish(looks_of(other)[0], other)
    rows = console_queries.own_scores(mine.id, stage["round"])
    assert [found.total for found in rows] == [Decimal("2.6"), Decimal("8.8")]
    columns = {column.low: len(column.rows) for column in console_queries.columns_of(rows, stage["round"])}
    assert columns == {low: int(low in (2, 8)) for low in range(1, 11)}


def test_a_long_scale_is_cut_into_few_columns() -> None:
    stage = make_stage(scale_min=0, scale_max=100, scale_step=1)
    mine = stage["jury"][0]
    finish(looks_of(mine)[0], mine, scores={"story": Decimal(100), "craft": Decimal(100)})
    rows = console_queries.own_scores(mine.id, stage["round"])
    columns = console_queries.columns_of(rows, stage["round"])
    assert len(columns) == 10
    assert [column.low for column in columns if column.rows] == [columns[-1].low]


def test_what_a_judge_writes_who_stands_aside_is_never_taken_for_a_code() -> None:
    stage = make_stage(films=6, judges=3)
    judge = stage["jury"][0]
    look = looks_of(judge)[0]
    looks_actions.recuse(look=look, by=judge, at=AT, reason="replaced")
    assert judge.id in queries.judges_of_round(stage["round"])
    assert [(row.judge, row.reason) for row in queries.recusals_of(stage["round"])] == [
        (str(judge), "replaced")
    ]
