"""What teams were promised is not taken from them at the desk, whether the call is open or not."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from festival.kit.errors import Refused
from judging import cohort_setup_actions as actions
from submissions.cohorts import place_actions
from submissions.cohorts.models import Cohort, Milestone, Reminder, SupportLine
from tests.factories import make_entry
from tests.judging.team_desk import OPENS, WHY, Desk
from tests.submissions.cohorts.making import make_delivery, make_place

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONEY = {"kind": "cash", "amount": Decimal(1000), "unit": "CNY"}
CLICKS = {"kind": "traffic", "amount": "unlimited", "unit": "impressions"}


class Teams(Desk):
    """A cohort of seven with one milestone, that promises money; its call opens in some years."""

    def __init__(self, *, opened: bool = False) -> None:
        super().__init__("invited-premiere", opened=opened)
        self.edition.cohorts.all().delete()
        self.first, self.last, self.due = OPENS, OPENS + 100 * DAY, OPENS + 50 * DAY
        self.edition.refresh_from_db()
        track = self.edition.tracks.first().slug
        start: dict[str, Any] = {
            "name": {"en": "Seven"}, "about": {}, "places": 7, "track": track, "source": "", "answer_days": 7,
            "offers_next": False, "support": [MONEY],
        }  # fmt: skip
        self.cohort = actions.save_cohort(
            edition=self.edition, slug="", given=start, days=(self.first, self.last), **self.deed(WHY)
        )
        self.stone = actions.save_milestone(
            cohort=self.cohort, slug="", given=self.given(), due=self.due, **self.deed(WHY)
        )

    def given(self, **changed: Any) -> dict[str, Any]:
        deliverables = [asked("cut", "film"), asked("notes", "text", required=False)]
        whole = {"name": {"en": "Rough cut"}, "about": {}, "grant": Decimal(500), "grant_unit": "CNY"}
        return whole | {"deliverables": deliverables} | changed

    def change(self, *, first: Any = None, last: Any = None, **given: Any) -> Cohort:
        days = (first or self.first, last or self.last)
        return actions.save_cohort(
            edition=self.edition, slug=self.cohort.slug, given=given, days=days, **self.deed(WHY)
        )

    def set(self, *, due: Any = None, **changed: Any) -> Milestone:
        return actions.save_milestone(
            cohort=self.cohort, slug=self.stone.slug, given=self.given(**changed), due=due or self.due,
            **self.deed(WHY),
        )  # fmt: skip

    def taken(self, state: str = "accepted") -> Any:
        return make_place(self.cohort, make_entry(self.edition), state=state)


def asked(slug: str, kind: str, *, required: bool = True) -> dict[str, Any]:
    name = {"en": slug.title() or kind.title()}
    return {"slug": slug, "kind": kind, "name": name, "about": {}, "required": required}


CUT, NOTES = asked("cut", "film"), asked("notes", "text", required=False)
LESS: dict[str, tuple[Callable[[Teams], Any], str]] = {
    "fewer places than are taken": (lambda t: t.change(places=1), "2 places are offered or taken"),
    "less money": (lambda t: t.change(support=[MONEY | {"amount": Decimal(999)}]), "not made less"),
    "no money": (lambda t: t.change(support=[]), "not made less"),
    "another unit": (lambda t: t.change(support=[MONEY | {"unit": "JPY"}]), "not made less"),
    "a shorter time": (lambda t: t.change(last=t.last - DAY), "does not end earlier"),
    "another way in": (lambda t: t.change(track="", source="none"), ""),
    "due earlier": (lambda t: t.set(due=t.due - DAY), "is not due earlier"),
    "a smaller grant": (lambda t: t.set(grant=Decimal("499.99")), "is not made less"),
    "a grant in another unit": (lambda t: t.set(grant_unit="JPY"), "is not made less"),
    "one thing more": (lambda t: t.set(deliverables=[CUT, NOTES, asked("", "link")]), "does not ask for more"),
    "no longer optional": (
        lambda t: t.set(deliverables=[CUT, NOTES | {"required": True}]), "does not ask for more",
    ),
    "of another kind": (lambda t: t.set(deliverables=[CUT | {"kind": "document"}, NOTES]), "does not ask for more"),
    "one milestone more": (
        lambda t: actions.save_milestone(cohort=t.cohort, slug="", given=t.given(), due=t.due, **t.deed(WHY)),
        "No milestone is added",
    ),
    "no milestone": (
        lambda t: actions.remove_milestone(milestone=t.stone, **t.deed(WHY)), "has a grant, which is not taken away",
    ),
    "no cohort": (lambda t: actions.remove_cohort(cohort=t.cohort, by=t.by, at=timezone.now()), "2 names on its list"),
}  # fmt: skip


@pytest.mark.parametrize("less", LESS)
def test_what_a_team_was_promised_is_not_taken_away(less: str) -> None:
    teams = Teams()
    teams.taken("offered")
    teams.taken()
    before = teams.plan()
    change, said = LESS[less]
    with pytest.raises(Refused) as refused:
        change(teams)
    assert said in refused.value.text
    assert teams.plan() == before


@pytest.mark.parametrize("less", [name for name in LESS if name not in ("no cohort", "another way in")])
def test_until_a_place_is_offered_and_the_call_opens_everything_is_free(less: str) -> None:
    teams = Teams()
    teams.taken("waiting")
    teams.taken("declined")
    before = teams.plan()
    LESS[less][0](teams)
    assert teams.plan() != before


def test_how_places_are_filled_stays_once_there_is_a_name_on_the_list() -> None:
    teams = Teams()
    other = teams.edition.tracks.create(slug="other", name={"en": "Other"}, position=9)
    teams.change(track="other")
    teams.taken("waiting")
    with pytest.raises(Refused) as refused:
        teams.change(track=teams.edition.tracks.exclude(pk=other.pk).first().slug)
    assert "names on the list" in refused.value.text


def test_teams_that_are_in_get_what_is_promised_beyond_before() -> None:
    teams = Teams()
    asked_place, team = teams.taken("offered"), teams.taken()
    place_actions.support_actions.promise_all(place=team, by=teams.by, at=timezone.now())
    teams.change(support=[MONEY | {"amount": Decimal(1500)}, CLICKS])
    lines = SupportLine.objects.filter(place=team).order_by("pk")
    assert [(one.kind, one.side, one.amount, one.unit) for one in lines] == [
        ("cash", "promised", 1000, "CNY"), ("cash", "promised", 500, "CNY"),
        ("traffic", "promised", None, "impressions"),
    ]  # fmt: skip
    assert not SupportLine.objects.filter(place=asked_place).exists()
    teams.change(places=9)
    assert lines.all().count() == 3


def test_more_time_less_to_deliver_and_a_larger_grant_are_possible() -> None:
    teams = Teams()
    team = teams.taken()
    Reminder.objects.create(place=team, milestone=teams.stone, kind="week", at=timezone.now())
    teams.set(grant=Decimal(600), deliverables=[CUT | {"required": False}, asked("", "link", required=False)])
    assert Reminder.objects.exists()
    stone = teams.set(due=teams.due + DAY, grant=Decimal(600), deliverables=[CUT | {"required": False}])
    assert [one.slug for one in stone.deliverables.all()] == ["cut"]
    assert teams.day(stone.due_at) == teams.due + DAY
    assert not Reminder.objects.exists()  # reminded anew


def test_what_was_delivered_for_stays() -> None:
    teams = Teams()
    team = teams.taken("accepted")
    make_delivery(team, teams.stone, state="accepted", version=team.entry.versions.first())
    team.state = "left"
    team.ended_at = timezone.now()
    team.save()  # nobody has a place any more
    for change, said in (
        (lambda: teams.set(deliverables=[NOTES]), "“Cut” already"),
        (lambda: teams.set(deliverables=[CUT | {"kind": "document"}, NOTES]), "“Cut” already"),
        (lambda: actions.remove_milestone(milestone=teams.stone, **teams.deed(WHY)), "it stays"),
        (lambda: teams.set(grant=Decimal(900)), "the same for every team"),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert said in refused.value.text
    assert teams.set(deliverables=[CUT]).deliverables.count() == 1


def test_what_is_over_or_has_begun_keeps_its_day() -> None:
    teams = Teams(opened=True)
    soon = timezone.now() + DAY
    Cohort.objects.update(starts_at=soon - 30 * DAY)
    Milestone.objects.update(due_at=soon - 10 * DAY)
    teams.first = teams.day(soon - 30 * DAY + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        teams.set(due=teams.due)
    assert "was due already" in refused.value.text
    with pytest.raises(Refused) as refused:
        teams.change(first=teams.first - DAY)
    assert "has begun" in refused.value.text


def test_a_cohort_that_is_gone_is_said_to_be() -> None:
    teams = Teams()
    Cohort.objects.all().delete()
    for change in (teams.change, teams.set):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "gone"
