"""Cohorts, and milestones that are due on one day, change places at the desk; the blueprint gives them back so."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import EditionChange
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import cohort_order_actions as order
from judging import cohort_setup_actions as actions
from submissions.cohorts.models import Cohort, Milestone
from tests.factories import make_entry, make_member
from tests.judging.team_desk import WHY, Desk, written
from tests.submissions.cohorts.making import make_place

pytestmark = pytest.mark.django_db


def slugs(desk: Desk) -> list[str]:
    return [cohort.slug for cohort in desk.plan().cohorts]


def stones(desk: Desk, cohort: str) -> list[str]:
    return [one.slug for plan in desk.plan().cohorts if plan.slug == cohort for one in plan.milestones]


def same_day(desk: Desk) -> tuple[Cohort, Milestone, Milestone]:
    """The last milestone of the second cohort, and one more on its day."""
    cohort = list(desk.edition.cohorts.all())[1]
    last = cohort.milestones.last()
    assert last is not None
    given = {"name": {"en": "Papers"}, "deliverables": [
        {"slug": "", "name": {"en": "Paper"}, "kind": "document", "required": False}
    ]}  # fmt: skip
    new = actions.save_milestone(
        cohort=cohort, slug="", given=given, due=desk.day(last.due_at), **desk.deed(WHY)
    )
    return cohort, last, new


def test_cohorts_change_places_and_the_blueprint_gives_them_back(tmp_path: Path) -> None:
    desk = Desk("incubator")
    first, second = slugs(desk)
    assert desk.client.post(desk.url(f"cohort/{second}/move/"), {"to": "up"}).status_code == 302
    assert slugs(desk) == [second, first]
    assert written(desk.plan(), tmp_path) == desk.plan()
    assert desk.client.post(desk.url(f"cohort/{second}/move/"), {"to": "up"}).status_code == 302
    assert slugs(desk) == [second, first]
    desk.client.post(desk.url(f"cohort/{second}/move/"), {"to": "down"})
    assert slugs(desk) == [first, second]
    desk.client.post(desk.url(f"cohort/{second}/move/"), {"to": "away"})
    assert slugs(desk) == [first, second]
    assert not EditionChange.objects.exists()


def test_milestones_of_one_day_change_places_others_follow_their_days(tmp_path: Path) -> None:
    desk = Desk("incubator")
    cohort, last, new = same_day(desk)
    was = stones(desk, cohort.slug)
    assert was[-2:] == [last.slug, new.slug]
    path = f"cohort/{cohort.slug}/milestone/{new.slug}/move/"
    assert path in desk.read()
    assert desk.client.post(desk.url(path), {"to": "up"}).status_code == 302
    assert stones(desk, cohort.slug) == [*was[:-2], new.slug, last.slug]
    assert written(desk.plan(), tmp_path) == desk.plan()
    with pytest.raises(Refused) as refused:
        order.move_milestone(milestone=new, up=True, **desk.deed())
    assert refused.value.code == "days"
    earlier = cohort.milestones.first()
    assert earlier is not None and f"milestone/{earlier.slug}/move/" not in desk.read()


def test_once_the_call_has_opened_a_reason_is_asked_for_and_everybody_reads_it() -> None:
    desk = Desk("incubator", opened=True)
    first, second = slugs(desk)
    asked = desk.client.post(desk.url(f"cohort/{second}/move/"), {"to": "up"})
    assert (asked.status_code, "change_reason" in asked.content.decode(), slugs(desk)) == (
        400,
        True,
        [first, second],
    )
    given = {"to": "up", "change_reason_en": "As they follow each other."}
    assert desk.client.post(desk.url(f"cohort/{second}/move/"), given).status_code == 302
    assert slugs(desk) == [second, first]
    page = desk.client.get("/spring/changes/").content.decode()
    assert "Order of the cohorts" in page and "As they follow each other." in page
    cohort, _last, new = same_day(desk)
    with pytest.raises(ReasonMissing):
        order.move_milestone(milestone=new, up=True, **desk.deed())
    order.move_milestone(milestone=new, up=True, **desk.deed(WHY))
    row = EditionChange.objects.get(what="milestone.order")
    assert (row.name, row.after[-2]) == (cohort.name, {"en": "Papers"})


@pytest.mark.parametrize("known", ["call", "place"])
def test_a_cohort_that_has_begun_keeps_its_place_once_somebody_knows_of_it(known: str) -> None:
    desk = Desk("incubator", opened=known == "call")
    first, second = desk.edition.cohorts.all()
    Cohort.objects.filter(pk=first.pk).update(starts_at=timezone.now() - timedelta(days=1))
    if known == "place":
        assert f"{second.slug}/move/" in desk.read()
        make_place(first, make_entry(desk.edition))
    for cohort, up in ((first, False), (second, True)):
        with pytest.raises(Refused) as refused:
            order.move_cohort(cohort=cohort, up=up, **desk.deed(WHY))
        assert refused.value.code == "begun"
    assert f"{second.slug}/move/" not in desk.read()


def test_milestones_that_were_due_keep_their_order() -> None:
    desk = Desk("incubator")
    cohort, last, new = same_day(desk)
    past = timezone.now() - timedelta(days=1)
    cohort.milestones.filter(pk__in=(last.pk, new.pk)).update(due_at=past)
    desk.edition.phases.filter(kind="call").update(starts_at=past)
    with pytest.raises(Refused) as refused:
        order.move_milestone(milestone=Milestone.objects.get(pk=last.pk), up=False, **desk.deed(WHY))
    assert refused.value.code == "over"


def test_who_may_not_organise_moves_nothing_and_what_is_gone_is_said_to_be() -> None:
    desk = Desk("incubator")
    cohort, _last, new = same_day(desk)
    other = {"by": make_member(desk.edition, Role.CHAIR, "Chair"), "at": timezone.now()}
    for deed in (
        lambda: order.move_cohort(cohort=cohort, up=True, **other),
        lambda: order.move_milestone(milestone=new, up=True, **other),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.status == 403
    Milestone.objects.filter(pk=new.pk).delete()
    with pytest.raises(Refused) as refused:
        order.move_milestone(milestone=new, up=True, **desk.deed())
    assert refused.value.code == "gone"
    stale = Cohort(pk=0, edition=desk.edition)
    with pytest.raises(Refused) as refused:
        order.move_cohort(cohort=stale, up=True, **desk.deed())
    assert refused.value.code == "gone"
