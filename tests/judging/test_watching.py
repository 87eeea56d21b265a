"""What was really watched, held against the clock and the film; the least before a score; stopping with a reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import looks_actions, rounds_actions, watch_actions
from judging.models import Look
from submissions.models import Event
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
FULL = {"story": Decimal(8), "craft": Decimal("6.5")}


def make_look(seconds: float = 100, **settings: Any) -> tuple[Look, Any]:
    """A look at a film whose console was shown at AT, and its judge."""
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    make_inspection(make_entry(edition), seconds=seconds)
    round = make_round(edition, looks_per_film=1, **settings)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    look = Look.objects.select_related("round").get()
    watch_actions.mark_opened(look=look, at=AT)
    return look, judge


def report(look: Look, judge: Any, played: Any, after: float) -> int:
    return watch_actions.record_watching(look=look, by=judge, played=played, at=AT + timedelta(seconds=after))


def save(look: Look, judge: Any, **more: Any) -> looks_actions.Kept:
    now = looks_actions.kept(look.pk)
    options = {"revision": now.revision, "scores": FULL, "comment": "", "at": AT} | more
    return looks_actions.save_scores(look=look, by=judge, **options)


def test_the_first_minute_played_ten_times_is_one_minute() -> None:
    look, judge = make_look()
    for number in range(1, 11):
        assert report(look, judge, [[0, 60]], 60 * number) == 60
    look.refresh_from_db()
    assert (look.played, look.watched_seconds) == ([[0, 60]], 60)


@pytest.mark.parametrize(
    ("settings", "reports", "seconds"),
    [
        ({}, [([[0, 10]], 10), ([[0, 20]], 20)], 20),
        ({}, [([[0, 90]], 10)], 13),  # ten seconds and the tolerance
        ({}, [([[0, 10]], 60), ([[0, 100]], 62)], 15),  # idle time does not count as watched
        ({}, [([[0, 3]], 0)] * 9 + [([[0, 30]], 0)] * 9, 3),  # many reports gain nothing
        ({}, [([[0, 90]], 100)], 90),  # a line that was lost for all of the film
        ({"allow_speed": True}, [([[0, 90]], 45)], 90),
        ({}, [([[0, 90]], 45)], 48),
        ({}, [([[0, 20]], 20), ([], 30), (None, 40)], 20),  # it never shrinks
    ],
)
def test_watching_grows_with_the_clock(settings: Any, reports: Any, seconds: int) -> None:
    look, judge = make_look(**settings)
    for played, after in reports:
        report(look, judge, played, after)
    look.refresh_from_db()
    assert look.watched_seconds == seconds


def test_without_an_opened_console_a_claim_is_worth_the_tolerance() -> None:
    look, judge = make_look()
    Look.objects.update(opened_at=None)
    assert report(look, judge, [[0, 90]], 1000) == 3


def test_the_clock_of_a_console_starts_once() -> None:
    look, _judge = make_look()
    watch_actions.mark_opened(look=look, at=AT + timedelta(hours=1))
    assert Look.objects.get().opened_at == AT


def test_after_closing_nothing_is_added() -> None:
    look, judge = make_look()
    report(look, judge, [[0, 10]], 10)
    chair = make_member(look.round.edition, Role.CHAIR)
    rounds_actions.close_round(round=look.round, by=chair, at=AT, confirmed_pending=1)
    assert report(look, judge, [[0, 50]], 50) == 10


@pytest.mark.parametrize(
    ("film", "settings", "watched", "text"),
    [
        (100, {"min_watch_seconds": 60}, 59, "once 1:00 of it have been played; so far it is 0:59"),
        (100, {"min_watch_seconds": 60}, 60, ""),
        (600, {"min_watch_seconds": 60, "min_watch_share": 30}, 179, "once 3:00"),
        (600, {"min_watch_seconds": 60, "min_watch_share": 30}, 180, ""),
        (30, {"min_watch_seconds": 60}, 28, ""),  # the film is shorter than the least
        (100, {}, 0, "nothing of it has been played"),
        (100, {}, 1, ""),
    ],
)
def test_a_score_below_the_least_is_refused(film: int, settings: Any, watched: int, text: str) -> None:
    look, judge = make_look(film, **settings)
    save(look, judge, scores={}, watched=watched, comment="words are welcome before")
    if text:
        with pytest.raises(Refused, match=text) as refused:
            save(look, judge)
        assert refused.value.code == "not_watched"
        assert looks_actions.kept(look.pk).scores == {}
    else:
        assert save(look, judge).scores == FULL


@pytest.mark.parametrize(
    ("watched", "given", "code"),
    [
        (60, {}, "stop_reason"),
        (60, {"stopped": "unfit"}, ""),
        (60, {"stopped": "other"}, "stop_words"),
        (60, {"stopped": "other", "stop_words": "a fire alarm"}, ""),
        (90, {}, ""),
        (0, {"declared": True}, ""),
    ],
)
def test_who_stops_before_the_end_says_why(watched: int, given: Any, code: str) -> None:
    look, judge = make_look(min_watch_seconds=30)
    now = save(look, judge, watched=watched, **given)
    if code:
        with pytest.raises(Refused) as refused:
            looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)
        assert refused.value.code == code
        assert Look.objects.get().state == "pending"
    else:
        looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)
        assert Look.objects.get().state == "scored"


def test_a_round_without_a_least_asks_for_no_reason() -> None:
    look, judge = make_look()
    now = save(look, judge, watched=5)
    looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)
    assert Event.objects.get(kind="look_finished").values["watched"] == 5


def test_what_is_given_beside_the_scores_is_kept_and_dropped_with_a_recusal() -> None:
    look, judge = make_look()
    words = {
        "feedback": " Lovely sound. ",
        "confidence": "unsure",
        "stopped": "fault",
        "stop_words": "no sound",
    }
    now = save(look, judge, watched=9, comment="a friend's", **words)
    assert now.words == {"comment": "a friend's"} | words | {"feedback": "Lovely sound."}
    again = looks_actions.save_scores(
        look=look, by=judge, at=AT, revision=now.revision - 1, scores=FULL, comment="a friend's", **words
    )
    assert again.revision == now.revision  # a repeated send changes nothing
    with pytest.raises(looks_actions.Stale):
        looks_actions.save_scores(
            look=look, by=judge, at=AT, revision=now.revision - 1, scores=FULL, comment="", confidence="sure"
        )
    looks_actions.recuse(look=look, by=judge, at=AT, reason="a friend")
    assert set(looks_actions.kept(look.pk).words.values()) == {""}


@pytest.mark.parametrize(
    ("name", "value"), [("confidence", "very"), ("stopped", "bored"), ("feedback", "x" * 4001)]
)
def test_no_other_choices_and_no_endless_words(name: str, value: str) -> None:
    look, judge = make_look()
    with pytest.raises(Refused):
        save(look, judge, watched=9, **{name: value})
    assert looks_actions.kept(look.pk).revision == 0
