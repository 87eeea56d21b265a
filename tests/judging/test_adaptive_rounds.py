"""Rounds that give further looks where they decide something: batch by batch, then a second look below the line."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.awards.models import AwardSlot
from festival.kit import remembered
from festival.people.roles import Role
from judging import adaptive_actions, rounds_actions, standing_actions, standing_inputs, tasks
from judging.hand_out import replay_allocation
from judging.logic import adaptive
from judging.models import Allocation, Look, Round, Score
from judging.rehearsal.truth import FILM, Contest
from submissions.lifecycle import State
from submissions.models import Entry
from tests.factories import make_edition, make_entry, make_member, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
FILMS, JUDGES = 60, 12


class Jury:
    """A round whose judges see what they are given and score it as a synthetic contest says."""

    def __init__(self, **fields: object) -> None:
        self.edition = make_edition()
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        self.judges = [
            make_member(self.edition, Role.JUDGE, f"Judge {number:02}") for number in range(JUDGES)
        ]
        first = make_entry(self.edition, code="F-00000", state=State.ELIGIBLE)
        Entry.objects.bulk_create(
            Entry(
                edition=self.edition, track=first.track, entrant=first.entrant, code=f"F-{number:05}", title="Film",
                state=State.ELIGIBLE, created_at=AT, updated_at=AT, submitted_at=AT,
            )
            for number in range(1, FILMS)
        )  # fmt: skip
        AwardSlot.objects.create(
            edition=self.edition, slug="prize", name={"en": "Prize"}, tier="first", places=6
        )
        self.contest = Contest(FILM, films=FILMS, judges=JUDGES, seed=3)
        self.round = make_round(self.edition, adaptive=True, looks_per_film=2, decides="own", **fields)
        rounds_actions.open_round(round=self.round, by=self.chair, at=AT, seed=11)
        self.number = {judge.id: at for at, judge in enumerate(self.judges)}

    def work(self, share: float = 1.0, at: datetime = AT) -> int:
        """Judges do their pending looks, or the first part of them; gives how many."""
        pending = list(
            Look.objects.filter(round=self.round, state="pending").select_related("entry").order_by("pk")
        )
        pending = pending[: round(len(pending) * share)]
        if not pending:
            return 0
        films = np.array([int(look.entry.code[2:]) for look in pending])
        judges = np.array([self.number[look.judge_id] for look in pending])
        before = len(self.contest.score)
        self.contest.look(films, judges)
        criteria = list(self.round.criteria.all())
        for look, score in zip(pending, self.contest.score[before:], strict=True):
            for criterion in criteria:
                Score.objects.create(look=look, criterion=criterion, value=Decimal(str(score)))
        Look.objects.filter(pk__in=[look.pk for look in pending]).update(
            state="scored", scored_at=at, saved_at=at
        )
        return len(pending)

    def next(self) -> Allocation | None:
        return adaptive_actions.give_next(round=self.round, by=self.chair, at=AT)


def test_batches_go_to_the_line_until_nothing_is_left_and_the_rest_is_sampled() -> None:
    jury = Jury(most_looks=5)
    assert jury.next() is None  # the first looks are not done
    assert jury.work() == 2 * FILMS
    batches = 0
    while (kept := jury.next()) and kept.purpose == "next":
        batches += 1
        assert 0 < kept.looks_made <= 2  # 2.5 % of 60 films
        assert replay_allocation(kept)
        jury.work()
        assert batches < 300
    assert batches > 10
    looks = np.bincount(jury.contest.entry, minlength=FILMS)
    assert looks.min() == 2 and looks.max() <= 5
    best = set(np.argsort(-jury.contest.truth)[:12])
    assert looks[list(best)].mean() > np.delete(looks, list(best)).mean() + 0.3
    assert kept is not None and kept.purpose == "second"
    assert len(kept.choice["films"]) == max(1, round(kept.choice["below"] * 0.05))
    # Films drawn may have had more looks than the first ones: these are not the second look.
    models = standing_actions.modelled(standing_inputs.of_round(jury.round), cut=12, seed=1)
    assert models and standing_actions.missed_of(jury.round, models) is None
    jury.work(at=AT + timedelta(hours=1))
    assert jury.next() is None
    standing = rounds_actions.close_round(round=jury.round, by=jury.chair, at=AT)
    missed = standing.figures["missed"]
    assert (missed["sample"], missed["below"]) == (len(kept.choice["films"]), kept.choice["below"])
    assert 0 <= float(missed["low"]) <= float(missed["estimate"]) <= float(missed["high"])
    assert standing_actions.replay(standing)


def test_no_judge_sees_a_film_twice_and_a_budget_is_kept() -> None:
    jury = Jury(looks_budget=2 * FILMS + 10, second_look=False)
    jury.work()
    while jury.next():
        jury.work()
    assert Look.objects.count() == 2 * FILMS + 10
    pairs = list(Look.objects.values_list("judge_id", "entry_id"))
    assert len(pairs) == len(set(pairs))


def test_run_twice_it_gives_one_batch_and_waits_until_most_is_done() -> None:
    jury = Jury(most_looks=10)
    Round.objects.update(opened_at=timezone.now())  # the beat leaves alone what opens only later
    jury.work()
    tasks.give_next_looks()
    assert Allocation.objects.filter(purpose="next").count() == 1
    assert Look.objects.filter(state="pending").count() == 2
    tasks.give_next_looks()
    assert Allocation.objects.filter(purpose="next").count() == 1
    jury.work(0.5)
    tasks.give_next_looks()
    assert Allocation.objects.filter(purpose="next").count() == 2


def test_a_round_that_is_not_adaptive_or_not_open_is_left_alone() -> None:
    jury = Jury()
    jury.work()
    Round.objects.update(adaptive=False)
    assert jury.next() is None
    Round.objects.update(adaptive=True)
    rounds_actions.close_round(round=jury.round, by=jury.chair, at=AT)
    tasks.give_next_looks()
    assert Look.objects.count() == 2 * FILMS


def test_the_chair_sees_how_far_it_is_and_gives_a_batch(client: Client) -> None:
    jury = Jury()
    here = reverse("judging:round", args=[jury.edition.slug, jury.round.slug])
    client.force_login(jury.chair.user)
    assert "120 looks are still to be done" in client.get(here).content.decode()
    jury.work()
    page = client.get(here).content.decode()
    assert "The next batch is 2 films" in page and "Films still open" in page
    answer = client.post(
        reverse("judging:round_next", args=[jury.edition.slug, jury.round.slug]), follow=True
    )
    assert "2 looks were given out." in answer.content.decode()
    again = client.post(reverse("judging:round_next", args=[jury.edition.slug, jury.round.slug]), follow=True)
    assert "No batch is due now." in again.content.decode()


def test_the_page_remembers_what_comes_next_until_looks_are_given(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(remembered, "MANY", 1)
    jury = Jury(most_looks=10)
    waiting = jury.round.looks.count()
    assert adaptive_actions.plan_shown(jury.round, FILMS, waiting) == adaptive_actions.Plan(
        "", {}, {}, waiting
    )
    jury.work()
    shown = adaptive_actions.plan_shown(jury.round, FILMS, 0)
    assert shown == adaptive_actions.plan(jury.round) and shown.purpose == "next"
    Look.objects.filter(round=jury.round).first().delete()  # type: ignore[union-attr]
    assert adaptive_actions.plan_shown(jury.round, FILMS, 0) == shown
    with django_capture_on_commit_callbacks(execute=True):
        jury.next()
    after = adaptive_actions.plan_shown(jury.round, FILMS, 0)
    assert after == adaptive_actions.plan(jury.round) != shown


def test_a_film_that_was_withdrawn_takes_no_more_looks() -> None:
    jury = Jury(most_looks=10)
    jury.work()
    found = adaptive_actions.plan(jury.round)
    Entry.objects.filter(code__in=found.more).update(
        state=State.WITHDRAWN, updated_at=AT + timedelta(hours=1)
    )
    then = adaptive_actions.plan(jury.round)
    assert set(then.more) and not set(then.more) & set(found.more)


def test_who_joins_the_jury_can_see_what_nobody_was_left_for() -> None:
    """And looks that wait for somebody who has left it hold up no batch."""
    jury = Jury(most_looks=5)
    jury.work()
    last = jury.round.allocations.last()
    film = jury.round.films.order_by("code").first()
    assert last and film
    kept = Allocation.objects.create(
        round=jury.round, purpose="next", method=last.method, method_version=last.method_version, inputs={},
        inputs_digest="", result_digest="", looks_made=0, made_at=AT,
        unserved=[{"film": film.code, "looks": 1, "reason": "barred"}],
    )  # fmt: skip
    members = jury.round.edition.memberships.filter(role=Role.JUDGE)

    def barred(joined: datetime) -> bool:
        members.update(added_at=joined)
        inputs = standing_inputs.of_round(jury.round)
        given = dict.fromkeys(inputs["films"], 2)
        choice = adaptive_actions._choose(jury.round, inputs, given, {}, [kept], FILMS)
        return choice.stops[inputs["films"].index(film.code)] == adaptive.Stop.SERVED

    assert barred(AT - timedelta(hours=1))
    assert not barred(AT + timedelta(hours=1))
    looks = Look.objects.filter(round=jury.round, state="scored")
    leaver = looks.values_list("judge_id", flat=True).first()
    looks.filter(judge_id=leaver).update(state="pending", scored_at=None)
    assert adaptive_actions.plan(jury.round).waits > 0
    members.filter(user_id=leaver).delete()
    assert adaptive_actions.plan(jury.round).waits == 0
