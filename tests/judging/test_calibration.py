"""Calibration films: chosen from outside the competition, scored alone first, counted nowhere."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from festival.edition.actions import add_member
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.roles import Role
from judging import calibration_actions, calibration_queries, rounds_actions, standing_inputs
from judging.models import CalibrationFilm, CalibrationScore, Round, Score
from submissions.models import Entry
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
CHAIRS = {"story": Decimal(6), "craft": Decimal("7.5")}


class Stage:
    """An open round of one film, and a film of the chair's own that does not compete."""

    def __init__(self) -> None:
        self.edition: Edition = make_edition()
        self.chair: Actor = make_member(self.edition, Role.CHAIR, "Chair")
        self.judge: Actor = make_member(self.edition, Role.JUDGE, "Judge")
        self.competing: Entry = make_entry(self.edition)
        make_inspection(self.competing)
        self.own: Entry = make_entry(self.edition, state="draft", entrant=self.chair.user, title="Sample")
        make_inspection(self.own, seconds=42)
        self.round: Round = make_round(self.edition, looks_per_film=1)
        rounds_actions.open_round(round=self.round, by=self.chair, at=AT, seed=1)

    def add(self, entry: Entry, by: Actor | None = None, **more: Any) -> CalibrationFilm:
        options = {"reference": CHAIRS, "words": "Sound carries it."} | more
        return calibration_actions.add_film(round=self.round, by=by or self.chair, code=entry.code, **options)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_only_films_outside_the_competition_can_serve(stage: Stage) -> None:
    elsewhere = make_edition()
    earlier = make_entry(elsewhere)
    make_inspection(earlier)
    strange = make_entry(stage.edition, state="draft")  # of an entrant who never gave it for this
    make_inspection(strange)
    without = make_entry(stage.edition, state="draft", entrant=stage.chair.user)
    withdrawn = make_entry(stage.edition, state="withdrawn", entrant=stage.chair.user)
    make_inspection(withdrawn)
    for entry in (stage.competing, strange, earlier, without, withdrawn):
        with pytest.raises(Refused, match="No film with this code"):
            stage.add(entry)
    add_member(edition=elsewhere, user=stage.chair.user, role=Role.ORGANISER)
    chair = actor_of(stage.chair.user)
    assert [stage.add(entry, chair).position for entry in (earlier, stage.own)] == [0, 1]


def test_what_the_chair_may_not_add(stage: Stage) -> None:
    with pytest.raises(Refused, match="every criterion"):
        stage.add(stage.own, reference={"story": Decimal(6)})
    with pytest.raises(Refused, match="not on the scale"):
        stage.add(stage.own, reference=CHAIRS | {"craft": Decimal(11)})
    with pytest.raises(Refused) as refused:
        stage.add(stage.own, by=stage.judge)
    assert refused.value.status == 403
    stage.add(stage.own)
    with pytest.raises(Refused, match="among them already"):
        stage.add(stage.own)
    for _number in range(2):
        more = make_entry(stage.edition, state="draft", entrant=stage.chair.user)
        make_inspection(more)
        stage.add(more)
    more = make_entry(stage.edition, state="draft", entrant=stage.chair.user)
    make_inspection(more)
    with pytest.raises(Refused, match="3 films are enough"):
        stage.add(more)
    rounds_actions.close_round(round=stage.round, by=stage.chair, at=AT, confirmed_pending=1)
    with pytest.raises(Refused) as refused:
        stage.add(more)
    assert refused.value.code == "closed"


def test_the_chair_s_scores_are_shown_after_one_s_own_and_the_first_stand(stage: Stage) -> None:
    film = stage.add(stage.own)
    (before,) = calibration_queries.trials_of(stage.judge.id, stage.round)
    assert (before.own, before.reference, before.words, before.seconds) == ({}, {}, "", 42)
    with pytest.raises(Refused) as refused:
        calibration_actions.try_scale(film=film, by=stage.judge, at=AT, values={"story": Decimal(9)})
    assert refused.value.code == "incomplete"
    mine = {"story": Decimal(9), "craft": Decimal(7)}
    for values in (mine, CHAIRS):  # who has seen the chair's scores cannot give them as her own
        calibration_actions.try_scale(film=film, by=stage.judge, at=AT, values=values)
    (after,) = calibration_queries.trials_of(stage.judge.id, stage.round)
    assert (after.own, after.words) == ({"story": "9", "craft": "7"}, "Sound carries it.")
    rows = calibration_queries.compared(after, list(stage.round.criteria.all()))
    assert [(row.criterion.slug, row.apart) for row in rows] == [("story", 3), ("craft", Decimal("-0.5"))]


def test_calibration_counts_nowhere(stage: Stage) -> None:
    film = stage.add(stage.own)
    calibration_actions.try_scale(film=film, by=stage.judge, at=AT, values=CHAIRS)
    assert Score.objects.count() == 0
    inputs = standing_inputs.of_round(stage.round)
    assert (inputs["films"], inputs["looks"]) == ([stage.competing.code], [])
    assert not stage.round.films.filter(pk=stage.own.pk).exists()


def test_watch_rules_are_frozen_when_the_round_opens(stage: Stage) -> None:
    planned = make_round(stage.edition, "final", position=1)
    rules = {"allow_speed": True, "seconds": 60, "per_cent": 30}
    calibration_actions.set_watch_rules(round=planned, by=stage.chair, **rules)
    planned.refresh_from_db()
    assert (planned.allow_speed, planned.min_watch_seconds, planned.min_watch_share) == (True, 60, 30)
    with pytest.raises(Refused, match="has opened"):
        calibration_actions.set_watch_rules(round=stage.round, by=stage.chair, **rules)


def test_the_pages_of_chair_and_judge(client: Any, stage: Stage) -> None:
    places = [stage.edition.slug, stage.round.slug]
    client.force_login(stage.chair.user)
    url = reverse("judging:round_console", args=places)
    form = {
        "form": "film",
        "code": stage.own.code.lower(),
        "score-story": "6",
        "score-craft": "7.5",
        "words": "So.",
    }
    assert client.post(url, form | {"score-story": ""}).status_code == 400
    assert client.post(url, form | {"code": stage.competing.code}).status_code == 400
    assert client.post(url, form).headers["Location"] == url
    film = CalibrationFilm.objects.get()
    assert film.reference == {"story": "6", "craft": "7.5"}
    client.force_login(stage.judge.user)
    assert "Sample" in client.get(reverse("judging:welcome", args=places)).content.decode()
    url = reverse("judging:trial", args=[*places, film.pk])
    assert "So." not in client.get(url).content.decode()
    assert client.post(url, {"score-story": "9"}).status_code == 400
    assert client.post(url, {"score-story": "9", "score-craft": "7"}).headers["Location"] == url
    page = client.get(url).content.decode()
    assert "So." in page and "you are milder" in page
    assert client.get(reverse("judging:trial", args=[*places, film.pk + 1])).status_code == 404
    other = make_round(stage.edition, "other", position=2, opened_at=AT)
    assert client.get(reverse("judging:trial", args=[places[0], other.slug, film.pk])).status_code == 404
    client.force_login(stage.chair.user)
    client.post(reverse("judging:calibration_drop", args=[*places, film.pk]))
    assert CalibrationFilm.objects.count() + CalibrationScore.objects.count() == 0
