"""The ledger's sums: also of what was promised without a limit."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from festival.kit.errors import Refused
from festival.kit.words import amount_text
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions.cohorts import place_actions, support_actions, support_queries
from submissions.cohorts.models import Place
from tests.factories import make_edition, make_member
from tests.submissions.cohorts.making import make_cohort, make_milestone, make_place

pytestmark = pytest.mark.django_db


def write(place: Place, side: str, amount: str | None, kind: str = "credits", unit: str = "credits") -> None:
    now = timezone.now()
    place.support.create(
        kind=kind, side=side, amount=amount and Decimal(amount), unit=unit, on=now.date(), at=now
    )


def test_what_has_no_limit_stays_open_however_much_was_given() -> None:
    cohort = make_cohort(make_edition())
    first, second = make_place(cohort), make_place(cohort)
    write(first, "promised", None)
    write(first, "given", "40")
    write(second, "promised", "100")
    write(second, "given", "30.50")
    write(second, "promised", "9", "cash", "CNY")
    unlimited = ("credits", None, Decimal(40), None)
    for balances in (
        support_queries.balances(support_queries.lines_of(first)),
        support_queries.balances_of(first),
        support_queries.balances_by_place(cohort)[first.pk],
    ):
        assert [(one.unit, one.promised, one.given, one.open) for one in balances] == [unlimited]
    together = support_queries.totals(support_queries.balances_by_place(cohort))
    assert [(one.unit, one.promised, one.given, one.open) for one in together] == [
        ("CNY", Decimal(9), Decimal(0), Decimal(9)),
        ("credits", None, Decimal("70.50"), None),
    ]
    rows = list(support_queries.sheet(cohort))
    assert [row[5] for row in rows] == ["unlimited", 40.0, 100.0, 30.5, 9.0]


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (None, "unlimited", "不限量"),
        (Decimal("12000.00"), "12,000", "12,000"),
        (Decimal("0.5"), "0.50", "0.50"),
    ],
)
def test_amounts_in_words(amount: Decimal | None, english: str, chinese: str) -> None:
    for language, text in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert amount_text(amount) == text


def left_team(desk) -> Place:
    """A team that left: money and credits promised, some of it given, a tranche due, traffic without a limit."""
    cohort = make_cohort(desk.edition, slug="seven")
    place = make_place(cohort)
    write(place, "promised", "20000", "cash", "CNY")
    write(place, "given", "8000", "cash", "CNY")
    write(place, "promised", "300")
    write(place, "given", "300")
    write(place, "promised", None, "traffic", "views")
    milestone = make_milestone(cohort, ("words", "text", True), grant=5000, grant_unit="CNY")
    now = timezone.now()
    place.support.create(
        kind="cash", side="promised", amount=5000, unit="CNY", milestone=milestone, on=now.date(), at=now
    )
    place_actions.leave(place=place, by=desk.actor, at=now, reason="No time.")
    place.refresh_from_db()
    return place


class Desk:
    def __init__(self) -> None:
        self.edition = make_edition()
        self.actor = make_member(self.edition, Role.ORGANISER)
        self.client = Client()
        self.client.force_login(self.actor.user)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def opened(place: Place) -> list[tuple[str, Decimal]]:
    found = support_queries.left_open(Place.objects.filter(pk=place.pk))
    return [(one.unit, one.open) for row in found for one in row.balances]


def test_what_is_open_of_a_team_that_left_is_taken_back_but_for_what_it_earned(desk: Desk) -> None:
    place = left_team(desk)
    before = list(place.support.values_list("pk", "amount"))
    assert opened(place) == [("CNY", Decimal(17000))]
    back = support_actions.take_back_open(place=place, note="It left.", by=desk.actor, at=timezone.now())
    assert [(one.amount, one.milestone_id) for one in back] == [(Decimal(-12000), None)]
    assert opened(place) == [("CNY", Decimal(5000))]
    assert [one.amount for one in support_queries.tranches_due(place.cohort)] == [Decimal(5000)]
    support_actions.take_back_open(
        place=place, note="The film is gone.", by=desk.actor, at=timezone.now(), earned=True
    )
    assert opened(place) == [] and support_queries.tranches_due(place.cohort) == []
    assert list(place.support.values_list("pk", "amount"))[: len(before)] == before
    assert list(place.support.filter(amount__lt=0).values_list("note", flat=True)) == [
        "It left.",
        "The film is gone.",
    ]
    with pytest.raises(Refused) as error:
        support_actions.take_back_open(
            place=place, note="Again.", by=desk.actor, at=timezone.now(), earned=True
        )
    assert error.value.code == "nothing"


def test_a_tranche_is_taken_back_no_further_than_something_is_open(desk: Desk) -> None:
    place = left_team(desk)
    write(place, "given", "14000", "cash", "CNY")
    back = support_actions.take_back_open(
        place=place, note="It left.", by=desk.actor, at=timezone.now(), earned=True
    )
    assert [one.amount for one in back] == [Decimal(-3000)]
    assert opened(place) == []


def test_only_of_teams_that_left_with_a_reason_and_by_organisers(desk: Desk) -> None:
    place = left_team(desk)
    there = make_place(place.cohort)
    for row, by, note, code in (
        (there, desk.actor, "So.", "no_end"),
        (place, desk.actor, " ", "no_reason"),
        (place, actor_of(place.entry.entrant), "So.", "not_allowed"),
    ):
        with pytest.raises(Refused) as error:
            support_actions.take_back_open(place=row, note=note, by=by, at=timezone.now())
        assert error.value.code == code


def test_the_desk_sees_what_is_open_and_takes_it_back(desk: Desk) -> None:
    place = left_team(desk)
    of = {"edition": desk.edition.slug}
    for name, more in (("desk", {}), ("cohort", {"cohort": "seven"}), ("support", {"cohort": "seven"})):
        text = desk.client.get(reverse(f"cohorts:{name}", kwargs=of | more)).content.decode()
        assert "Still open of teams that have left" in text and "17,000 CNY" in text
    of |= {"cohort": "seven", "pk": place.pk}
    ledger, back = reverse("cohorts:team_support", kwargs=of), reverse("cohorts:take_back", kwargs=of)
    text = desk.client.get(ledger).content.decode()
    assert "This team has left, and sums are still open" in text and "Rough cut 5,000 CNY" in text
    assert desk.client.post(back, {"note": ""}).status_code == 400
    assert desk.client.post(back, {"note": "It left.", "earned": "on"}).status_code == 302
    assert "sums are still open" not in desk.client.get(ledger).content.decode()
    assert desk.client.post(back, {"note": "It left."}).status_code == 409
    assert len(place.support.filter(amount__lt=0)) == 2
