"""Rounds and looks in the database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from festival.edition.blueprint import named
from festival.edition.models import Membership
from festival.kit import remembered
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import looks_actions, progress_queries, queries, rounds_actions, standing_actions, watch_actions
from judging.hand_out import replay_allocation
from judging.models import Look, Round, Score, StandingRow
from submissions import actions as submissions_actions
from submissions.models import Entry, Event
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
FULL = {"story": Decimal(8), "craft": Decimal("6.5")}


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def judges(edition):
    return [make_member(edition, Role.JUDGE, f"Judge {letter}") for letter in "ABC"]


@pytest.fixture
def films(edition):
    entries = [make_entry(edition) for _number in range(4)]
    for number, entry in enumerate(entries):
        make_inspection(entry, seconds=60 + number)
    return entries


@pytest.fixture
def opened(edition, chair, judges, films):
    round = make_round(edition, looks_per_film=2)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=7)
    return round


def look_of(judge, round):
    return Look.objects.filter(judge=judge.user, round=round, state="pending").first()


def save(look, judge, **more):
    options = {"revision": look.revision, "scores": FULL, "comment": "", "watched": 5, "at": AT} | more
    return looks_actions.save_scores(look=look, by=judge, **options)


def finish(look, judge):
    fresh = save(look, judge)
    return looks_actions.finish_look(look=look, by=judge, at=AT, revision=fresh.revision)


def finish_all(round, judges, scores=FULL):
    for judge in judges:
        for look in Look.objects.filter(judge=judge.user, round=round, state="pending"):
            fresh = save(look, judge, scores=scores)
            looks_actions.finish_look(look=look, by=judge, at=AT, revision=fresh.revision)


def test_rounds_come_from_the_blueprint(edition):
    plan = named("short-film")
    (round,) = rounds_actions.create_rounds(edition=edition, plan=plan)
    assert (round.state, round.looks_per_film, round.scale_step) == ("planned", 2, Decimal("0.5"))
    weights = list(round.criteria.values_list("slug", "weight"))
    assert weights == [(row.slug, row.weight) for row in plan.rounds[0].criteria]


def test_opening_gives_every_film_its_looks(opened, films, judges):
    assert opened.state == "open"
    looks = list(Look.objects.filter(round=opened))
    assert sorted(look.entry_id for look in looks) == sorted(2 * [film.pk for film in films])
    assert {look.seconds for look in looks} == {60, 61, 62, 63}
    for judge in judges:
        positions = sorted(look.position for look in looks if look.judge_id == judge.id)
        assert positions == list(range(1, len(positions) + 1))
    kept = opened.allocations.get()
    assert (kept.looks_made, kept.unserved) == (8, [])
    assert replay_allocation(kept)
    assert Event.objects.filter(kind="judging_began").count() == 4


def test_a_judge_never_gets_a_film_of_their_own(edition, chair, judges):
    own = [make_entry(edition, entrant=judge.user) for judge in judges]
    round = make_round(edition, looks_per_film=3)
    kept = rounds_actions.open_round(round=round, by=chair, at=AT)
    assert not Look.objects.filter(entry__entrant_id__in=[judge.id for judge in judges]).filter(
        judge_id=queries.F("entry__entrant_id")
    )
    assert Look.objects.filter(round=round).count() == 6
    assert kept.unserved == [
        {"film": entry.code, "looks": 1, "free": 2, "reason": "too_few_judges"} for entry in own
    ]


@pytest.mark.parametrize(
    ("weights", "with_judge", "with_film", "sentence"),
    [
        ({"story": "60", "craft": "39"}, True, True, "sum to 99"),
        (None, False, True, "no judges"),
        (None, True, False, "no films"),
    ],
)
def test_a_round_that_cannot_work_does_not_open(edition, chair, weights, with_judge, with_film, sentence):
    if with_judge:
        make_member(edition, Role.JUDGE)
    make_entry(edition, state="eligible" if with_film else "submitted")
    round = make_round(edition, weights=weights)
    with pytest.raises(Refused, match=sentence):
        rounds_actions.open_round(round=round, by=chair, at=AT)
    assert Round.objects.get(pk=round.pk).state == "planned"
    assert not Event.objects.filter(kind="judging_began")


def test_only_the_chair_opens_and_only_once(edition, chair, judges, films):
    round = make_round(edition)
    for stranger in (judges[0], make_member(edition, Role.ORGANISER)):
        with pytest.raises(Refused) as refused:
            rounds_actions.open_round(round=round, by=stranger, at=AT)
        assert refused.value.status == 403
    stale = Round.objects.get(pk=round.pk)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    with pytest.raises(Refused, match="opened already"):
        rounds_actions.open_round(round=stale, by=chair, at=AT)
    assert Look.objects.filter(round=round).count() == 8


def test_late_films_get_looks_and_nothing_else_moves(opened, edition, chair):
    before = set(Look.objects.values_list("judge_id", "entry_id", "position"))
    late = make_entry(edition)
    rounds_actions.add_late_films(round=opened, by=chair, at=AT)
    after = set(Look.objects.values_list("judge_id", "entry_id", "position"))
    assert before < after
    assert {entry for _judge, entry, _position in after - before} == {late.pk}
    assert len(after - before) == 2
    again = rounds_actions.add_late_films(round=opened, by=chair, at=AT)
    assert again.looks_made == 0


def test_films_that_miss_looks_are_counted_as_they_are_listed(opened, edition, films):
    looks = list(Look.objects.filter(round=opened).order_by("pk"))
    wanted = opened.looks_per_film

    def missing():
        listed = [row["code"] for row in progress_queries.short_of_looks(opened, wanted)]
        assert progress_queries.short_count(opened, wanted, 3) == len(listed)
        return set(listed)

    assert missing() == set()
    looks[0].delete()
    Look.objects.filter(pk=looks[-1].pk).update(state="recused", reason="Friends.")
    short = {looks[0].entry.code, looks[-1].entry.code}
    assert missing() == short
    shown = progress_queries.film_rows(opened, list(progress_queries.films_progress(opened)))
    recused = {row.code: row.recused for row in shown if row.recused}
    assert recused == {looks[-1].entry.code: 1}
    assert all(row.pending == wanted for row in shown if row.code not in short)
    Entry.objects.filter(pk=looks[-1].entry_id).update(state="withdrawn")
    assert missing() == short - {looks[-1].entry.code}
    assert progress_queries.short_count(opened, 0, 3) == 0


def test_figures_of_a_large_open_round_are_counted_anew_when_looks_are_handed_out(
    opened, edition, chair, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(remembered, "MANY", 1)
    films, wanted = opened.films.count(), opened.looks_per_film
    given = sum(line.films for line in progress_queries.judges_progress(opened, films))
    make_entry(edition)
    Look.objects.filter(round=opened).first().delete()
    assert (
        sum(line.films for line in progress_queries.judges_progress(opened, films)) == given
    )  # some seconds old
    assert (
        sum(line.films for line in progress_queries.judges_progress(opened)) == given - 1
    )  # what acts on it
    assert progress_queries.short_count(opened, wanted, films) == 1
    with django_capture_on_commit_callbacks(execute=True):
        rounds_actions.add_late_films(round=opened, by=chair, at=AT)
    assert sum(line.films for line in progress_queries.judges_progress(opened, films)) == given + wanted
    assert progress_queries.short_count(opened, wanted, films) == 0


def test_looks_of_the_overview_are_counted_anew_when_they_are_handed_out(
    opened, edition, chair, monkeypatch, django_capture_on_commit_callbacks
):
    def pending():
        return sum(round.looks_pending for round in queries.rounds_for_desk(edition, criteria=False))

    given = pending()
    first = Look.objects.filter(round=opened).first()
    Look.objects.filter(pk=first.pk).delete()
    assert pending() == given - 1  # few are always counted
    monkeypatch.setattr(remembered, "MANY", 1)
    monkeypatch.setattr(queries, "LOOKS_A_FILM", 1)
    make_entry(edition)
    assert pending() == given - 1
    first.save(force_insert=True)
    assert pending() == given - 1  # some seconds old
    with django_capture_on_commit_callbacks(execute=True):
        rounds_actions.add_late_films(round=opened, by=chair, at=AT)
    assert pending() == given + opened.looks_per_film


def test_the_looks_of_a_judge_who_left_go_to_others(opened, edition, chair, judges):
    leaver = judges[0]
    done = look_of(leaver, opened)
    finish(done, leaver)
    left = set(Look.objects.filter(judge=leaver.user, state="pending").values_list("entry_id", flat=True))
    Membership.objects.filter(user=leaver.user, edition=edition).delete()
    kept = rounds_actions.add_late_films(round=opened, by=chair, at=AT)
    assert kept.looks_made == len(left)
    assert set(Look.objects.filter(judge=leaver.user).values_list("state", "taken")) == {
        ("scored", ""),
        ("recused", "left_jury"),
    }
    for film in left:
        assert Look.objects.filter(entry_id=film, state="pending").exclude(judge=leaver.user).count() == 2


def test_saving_keeps_scores_and_counts_revisions(opened, judges):
    look = look_of(judges[0], opened)
    first = save(look, judges[0], scores={"story": Decimal("7.5"), "craft": None}, comment=" fine ")
    assert (first.revision, first.scores, first.missing) == (1, {"story": Decimal("7.5")}, ("craft",))
    second = save(look, judges[0], revision=1, scores={"craft": Decimal(3)}, comment="fine")
    assert (second.revision, second.scores, second.comment) == (2, {"craft": Decimal(3)}, "fine")
    assert Score.objects.count() == 1


def test_two_tabs_do_not_overwrite_each_other(opened, judges):
    look = look_of(judges[0], opened)
    save(look, judges[0], comment="first tab")
    with pytest.raises(looks_actions.Stale) as stale:
        save(look, judges[0], scores={"story": Decimal(1)}, comment="second tab")
    assert (stale.value.status, stale.value.fresh.comment) == (409, "first tab")
    assert looks_actions.kept(look.pk).scores == FULL
    chosen = save(look, judges[0], revision=stale.value.fresh.revision, comment="second tab")
    assert chosen.comment == "second tab"


def test_the_same_save_sent_twice_is_one_save(opened, judges):
    look = look_of(judges[0], opened)
    first = save(look, judges[0], comment="sent again when the connection came back")
    again = save(look, judges[0], comment="sent again when the connection came back")
    assert again == first
    done = looks_actions.finish_look(look=look, by=judges[0], at=AT, revision=first.revision)
    assert looks_actions.finish_look(look=look, by=judges[0], at=AT, revision=first.revision) == done
    assert save(look, judges[0], comment="sent again when the connection came back").state == "scored"
    assert Event.objects.filter(kind="look_finished").count() == 1


@pytest.mark.parametrize("value", ["0.5", "10.5", "7.25"])
def test_a_value_off_the_scale_is_refused(opened, judges, value):
    look = look_of(judges[0], opened)
    with pytest.raises(Refused, match="not on the scale"):
        save(look, judges[0], scores={"story": Decimal(value)})
    assert looks_actions.kept(look.pk).revision == 0


def test_a_film_that_was_not_played_cannot_be_scored(opened, judges):
    look = look_of(judges[0], opened)
    with pytest.raises(Refused, match="Watch the film"):
        save(look, judges[0], watched=0)
    save(look, judges[0], watched=0, scores={}, comment="a note is welcome before")
    watch_actions.record_watching(look=look, by=judges[0], played=[[0, 1]], at=AT)
    assert save(look, judges[0], revision=1, watched=0).scores == FULL


def test_without_a_judge_copy_or_without_script_the_judge_is_believed(edition, chair, judges):
    make_entry(edition)
    make_inspection(make_entry(edition))
    round = make_round(edition, looks_per_film=3)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    for look in Look.objects.filter(judge=judges[0].user):
        assert save(look, judges[0], watched=0, declared=look.seconds > 0).scores == FULL
    declared = Look.objects.filter(judge=judges[0].user).values_list("seconds", "watched_declared")
    assert set(declared) == {(0, False), (60, True)}


def test_finishing_needs_every_score_and_can_be_undone_while_open(opened, judges):
    look = look_of(judges[0], opened)
    fresh = save(look, judges[0], scores={"story": Decimal(8)})
    with pytest.raises(Refused, match="every criterion"):
        looks_actions.finish_look(look=look, by=judges[0], at=AT, revision=fresh.revision)
    assert Look.objects.get(pk=look.pk).state == "pending"
    fresh = save(look, judges[0], revision=1)
    assert looks_actions.finish_look(look=look, by=judges[0], at=AT, revision=2).state == "scored"
    back = looks_actions.reopen_look(look=look, by=judges[0], at=AT)
    assert (back.state, back.scores, back.revision) == ("pending", FULL, 4)
    kinds = list(Event.objects.filter(entry=look.entry_id).values_list("kind", flat=True))
    assert kinds == ["judging_began", "look_finished", "look_reopened"]


def test_nobody_scores_for_another(opened, judges):
    look = look_of(judges[0], opened)
    for attempt in (
        lambda: save(look, judges[1]),
        lambda: looks_actions.finish_look(look=look, by=judges[1], at=AT, revision=0),
        lambda: looks_actions.reopen_look(look=look, by=judges[1], at=AT),
        lambda: looks_actions.recuse(look=look, by=judges[1], at=AT, reason="me"),
        lambda: watch_actions.record_watching(look=look, by=judges[1], played=[[0, 9]], at=AT),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.status == 403


def test_a_recusal_hands_the_film_to_the_judge_who_has_not_seen_it(opened, judges):
    look = look_of(judges[0], opened)
    save(look, judges[0])
    others = set(Look.objects.filter(entry=look.entry_id).values_list("judge_id", flat=True))
    with pytest.raises(Refused, match="why you stand aside"):
        looks_actions.recuse(look=look, by=judges[0], at=AT, reason="  ")
    kept = looks_actions.recuse(look=look, by=judges[0], at=AT, reason="My student made it.")
    substitute = Look.objects.get(entry=look.entry_id, judge_id__in={j.id for j in judges} - others)
    assert (substitute.state, kept.looks_made) == ("pending", 1)
    look.refresh_from_db()
    assert (look.state, look.reason, look.scores.count()) == ("recused", "My student made it.", 0)
    assert replay_allocation(kept)
    assert looks_actions.recuse(look=look, by=judges[0], at=AT, reason="again") is None
    with pytest.raises(looks_actions.Stale, match="stood aside"):
        save(look, judges[0])
    last = looks_actions.recuse(look=substitute, by=judge_of(substitute, judges), at=AT, reason="Mine too.")
    assert [row["reason"] for row in last.unserved] == ["all_barred"] or last.unserved[0]["free"] == 0
    event = Event.objects.filter(entry=look.entry_id, kind="look_recused").first()
    assert event.values == {"round": "jury", "look": look.pk}


def judge_of(look, judges):
    return next(judge for judge in judges if judge.id == look.judge_id)


def test_closing_warns_of_unfinished_looks_and_freezes(opened, chair, judges):
    finish(look_of(judges[0], opened), judges[0])
    for confirmed in (0, 6):
        with pytest.raises(Refused, match="7 looks are not finished"):
            rounds_actions.close_round(round=opened, by=chair, at=AT, confirmed_pending=confirmed)
        assert Round.objects.get(pk=opened.pk).state == "open"
    frozen = rounds_actions.close_round(round=opened, by=chair, at=AT, confirmed_pending=7)
    rows = list(frozen.rows.values_list("rank", "mean", "looks", "spread"))
    assert rows == [(1, Decimal("7.4"), 1, None)] + 3 * [(None, None, 0, None)]
    assert standing_actions.replay(frozen)
    with pytest.raises(Refused, match="cannot be closed"):
        rounds_actions.close_round(round=opened, by=chair, at=AT)


def test_a_judge_who_types_while_the_round_closes_is_told(opened, chair, judges):
    typing = look_of(judges[0], opened)
    partly = save(typing, judges[0])
    pending = queries.pending_looks(opened)
    rounds_actions.close_round(round=opened, by=chair, at=AT, confirmed_pending=pending)
    for attempt in (
        lambda: save(typing, judges[0], revision=partly.revision, comment="later"),
        lambda: looks_actions.finish_look(look=typing, by=judges[0], at=AT, revision=partly.revision),
        lambda: looks_actions.reopen_look(look=typing, by=judges[0], at=AT),
        lambda: looks_actions.recuse(look=typing, by=judges[0], at=AT, reason="late"),
    ):
        with pytest.raises(Refused, match="round has been closed"):
            attempt()
    typing.refresh_from_db()
    assert (typing.state, typing.revision, typing.comment) == ("pending", 1, "")


def test_a_changed_result_does_not_replay(opened, chair, judges):
    finish_all(opened, judges)
    frozen = rounds_actions.close_round(round=opened, by=chair, at=AT)
    assert standing_actions.replay(frozen)
    row = frozen.rows.first()
    StandingRow.objects.filter(pk=row.pk).update(mean=Decimal("9.9"))
    assert not standing_actions.replay(frozen)
    StandingRow.objects.filter(pk=row.pk).update(mean=row.mean)
    frozen.inputs["looks"][0][2]["story"] = "10"
    assert not standing_actions.replay(frozen)


def test_a_withdrawn_film_is_neither_pending_nor_ranked(opened, chair, judges, films):
    finish_all(opened, judges[:2])
    pending = queries.pending_looks(opened)
    gone = next(film for film in films if film.looks.filter(state="pending").exists())
    of_gone = gone.looks.filter(state="pending").count()
    from festival.people.actor import actor_of

    submissions_actions.withdraw(entry=gone, by=actor_of(gone.entrant), at=AT)
    assert queries.pending_looks(opened) == pending - of_gone
    frozen = rounds_actions.close_round(round=opened, by=chair, at=AT, confirmed_pending=pending)
    assert set(frozen.rows.values_list("entry_id", flat=True)) == {film.pk for film in films} - {gone.pk}


def test_a_round_of_chosen_films_takes_no_others(edition, chair, judges, films):
    round = make_round(edition, "final", looks_per_film=3)
    rounds_actions.open_round(round=round, by=chair, at=AT, entries=films[:2])
    make_entry(edition)
    rounds_actions.add_late_films(round=round, by=chair, at=AT + timedelta(days=1))
    assert set(round.films.values_list("pk", flat=True)) == {films[0].pk, films[1].pk}


def test_the_owner_may_chair_and_a_chair_is_no_judge(edition, films):
    owner = make_member(edition, Role.OWNER)
    make_member(edition, Role.CHAIR)
    round = make_round(edition)
    with pytest.raises(Refused, match="no judges"):
        rounds_actions.open_round(round=round, by=owner, at=AT)
    judge = make_user("Only judge")
    Membership.objects.create(edition=edition, user=judge, role=Role.JUDGE)
    kept = rounds_actions.open_round(round=round, by=owner, at=AT)
    assert (kept.looks_made, len(kept.unserved)) == (4, 4)
