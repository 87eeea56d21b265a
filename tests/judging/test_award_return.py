"""An objection to the list as a whole is upheld: back to the jury, off the notice, and nothing announced in between."""

import pytest
from django.urls import reverse

from festival.awards import notice_actions, objection_actions, objection_receiving
from festival.awards import objection_queries as objections
from festival.awards.models import Laureate, Objection, PublicNotice
from festival.awards.objection_receiving import Objector
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.post.models import Notice
from judging import award_actions as actions
from judging import award_queries as queries
from judging import award_return
from judging import award_steps as steps
from judging.models import AwardList, AwardStep
from submissions.models import Entry
from tests.factories import make_co_author, make_user
from tests.judging.test_award_steps import AT, DAY, HOUR, WHY, Jury, refused

pytestmark = pytest.mark.django_db


def on_notice(**options):
    """On public notice from AT for five days, announced a day later."""
    jury = Jury(**options)
    jury.dated(announce=AT + 6 * DAY)
    jury.tell()
    steps.take_due_steps(at=AT + HOUR)
    assert jury.state() == "notice"
    return jury


def objected(film="", text="A juror was bribed.", at=AT + DAY):
    return objection_receiving.object_to(
        notice=PublicNotice.objects.latest("pk"), film=film, ground="rules", text=text, at=at,
        objector=Objector(actor_of(make_user()), name="Li Na"),
    )  # fmt: skip


def upheld(jury, objection, at=AT + 2 * DAY, follows="again"):
    return objection_actions.decide(
        objection=objection, upheld=True, decision="You are right.", public=WHY, follows=follows,
        by=jury.organiser, at=at,
    )  # fmt: skip


def test_the_list_goes_back_and_the_notice_is_taken_down_with_the_reason(client):
    jury = on_notice()
    entry = jury.films[0]
    author = make_user()
    make_co_author(entry, author)
    objection = objected()
    with pytest.raises(Refused) as caught:
        upheld(jury, objection, follows="")
    assert caught.value.code == "follows" and jury.state() == "notice"
    upheld(jury, objection)
    award_list = AwardList.objects.get()
    assert (award_list.state, award_list.confirmed_by, award_list.announce_at) == ("proposed", None, None)
    assert award_list.notice_from is None and award_list.notice_until is None
    posted = PublicNotice.objects.get()
    assert posted.taken_down_at == AT + 2 * DAY and posted.taken_down_reason == WHY
    record = AwardStep.objects.latest("pk")
    assert (record.kind, record.by_id) == ("reopened", jury.organiser.id)
    assert record.values == {"objection": objection.code, "reason": WHY}
    # Who was told of an award is told at once; who was told of none has nothing new to learn.
    told = set(Notice.objects.filter(kind="result_reopened").values_list("user_id", flat=True))
    assert told == {*(film.entrant_id for film in jury.films[:3]), author.pk}
    told = Entry.objects.order_by("pk").values_list("told", flat=True)
    assert list(told) == ["", "", "", "not_selected", "not_selected"]
    assert set(Entry.objects.values_list("decision", flat=True)) == {""}
    page = client.get(reverse("awards:notice", args=["spring"])).content.decode()
    assert WHY["en"] in page and "Title A" not in page and "1 objection came in." in page
    form = client.get(reverse("awards:object", args=["spring"])).content.decode()
    assert "not on public notice at present" in form and 'name="ground"' not in form
    client.force_login(jury.organiser.user)
    desk = client.get(reverse("judging:awards", args=["spring"])).content.decode()
    assert "The list came back from public notice" in desk and "Confirmation taken back" in desk
    assert f"Objection {objection.code}" in desk
    client.force_login(entry.entrant)
    assert "has given your film an award" not in client.get(f"/entries/{entry.code}/").content.decode()


def test_a_notice_that_was_taken_down_names_no_film_that_was_objected_to(client):
    jury = on_notice()
    single = objected(film=jury.films[1].code, text="Copied.")
    objection_actions.decide(
        objection=single, upheld=False, decision="No.", public=WHY, by=jury.organiser, at=AT + 2 * DAY
    )
    address = reverse("awards:notice", args=["spring"])
    assert "Title B" in client.get(address).content.decode().partition("Objections</h2>")[2]
    upheld(jury, objected())
    page = client.get(address).content.decode()
    assert "2 objections came in." in page and "A film on the list" in page and "Title B" not in page
    again = AT + 3 * DAY
    actions.confirm(award_list=jury.list, by=jury.chair, at=again)
    jury.tell(again)
    steps.start_notice(award_list=jury.list, by=jury.organiser, at=again, until=again + DAY)
    page = client.get(address).content.decode().partition("Objections</h2>")[2]
    assert "Title B" in page and "A film on the list" not in page


def test_nothing_is_announced_until_a_new_list_has_stood_on_a_new_notice(client):
    jury = on_notice()
    upheld(jury, objected())
    for day in (2, 5, 6, 60):  # the old dates are gone with the old list
        assert steps.take_due_steps(at=AT + day * DAY) == 0
    refused("refused", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=AT + 6 * DAY))
    refused("refused", lambda: steps.end_notice(award_list=jury.list, by=jury.organiser, at=AT + 6 * DAY))
    refused("refused", lambda: steps.start_notice(award_list=jury.list, by=jury.organiser, at=AT + 6 * DAY))
    again = AT + 7 * DAY
    actions.confirm(award_list=jury.list, by=jury.chair, at=again)
    assert steps.needs_notice(AwardList.objects.get())
    refused("notice", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=again))
    refused("notice", lambda: steps.start_notice(award_list=jury.list, by=jury.organiser, at=again))
    end = again + 5 * DAY
    steps.set_dates(
        award_list=jury.list, notice_from=again + HOUR, notice_until=end, announce_at=end + HOUR,
        by=jury.organiser, at=again,
    )  # fmt: skip
    refused("notice", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=again))
    assert steps.take_due_steps(at=again + HOUR) == 0  # the three who were told otherwise are not told yet
    assert AwardList.objects.get().held_back == {"step": "notice", "code": "untold"}
    assert jury.tell(again) == 3
    kinds = Notice.objects.filter(user=jury.films[0].entrant).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["result_laureate", "result_reopened", "result_laureate"]
    assert steps.take_due_steps(at=again + HOUR) == 1
    page = client.get(reverse("awards:notice", args=["spring"])).content.decode()
    assert "Title A" in page and "An earlier list stood here" in page and WHY["en"] in page
    assert not notice_actions.is_closed(jury.edition)
    refused("notice", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=end))
    assert Laureate.objects.count() == 0
    assert steps.take_due_steps(at=end) == 1
    assert steps.take_due_steps(at=end + HOUR) == 1
    assert jury.state() == "announced"
    wall = client.get(reverse("awards:laureates", args=["spring"])).content.decode()
    assert "1 objection came in." in wall and WHY["en"] in wall


def test_who_gets_an_award_by_the_next_list_sees_nothing_of_it_before_she_is_told(client):
    jury = on_notice()
    entry = jury.films[3]
    client.force_login(entry.entrant)
    before = client.get(f"/entries/{entry.code}/").context["status"]
    upheld(jury, objected())
    again = AT + 3 * DAY
    grand = queries.verdicts_of(jury.list).get(slot__slug="grand")
    actions.set_verdict(verdict=grand, entry=entry, reason="Braver", by=jury.chair, at=again)
    actions.confirm(award_list=jury.list, by=jury.chair, at=again)
    entry.refresh_from_db()
    assert (entry.decision, entry.told) == ("laureate", "not_selected")
    assert client.get(f"/entries/{entry.code}/").context["status"] == before
    # Nobody was told of this list yet: the chair may still take it back.
    actions.reopen(award_list=jury.list, by=jury.chair, at=again)
    assert client.get(f"/entries/{entry.code}/").context["status"] == before
    actions.confirm(award_list=jury.list, by=jury.chair, at=again)
    assert jury.tell(again) == 4  # the three who were told otherwise, and she
    with pytest.raises(Refused, match="told already"):
        actions.reopen(award_list=jury.list, by=jury.chair, at=again)
    assert "has given your film an award" in client.get(f"/entries/{entry.code}/").content.decode()


def test_an_edition_without_the_phase_owes_a_notice_once_one_was_taken_down():
    jury = on_notice()
    assert not jury.edition.phases.filter(kind="notice").exists()
    upheld(jury, objected())
    actions.confirm(award_list=jury.list, by=jury.chair, at=AT + 3 * DAY)
    jury.tell(AT + 3 * DAY)
    refused("notice", lambda: steps.announce(award_list=jury.list, by=jury.organiser, at=AT + 3 * DAY))
    assert Laureate.objects.count() == 0


def test_objections_to_the_earlier_list_hold_the_next_notice_until_they_are_decided():
    jury = on_notice()
    first, other = objected(), objected(film=jury.films[1].code, text="I made this one.")
    upheld(jury, first)
    assert Objection.objects.get(pk=other.pk).is_open
    with pytest.raises(Refused) as caught:
        objected(text="Too late for this list.", at=AT + 3 * DAY)
    assert caught.value.code == "over"
    again = AT + 3 * DAY
    actions.confirm(award_list=jury.list, by=jury.chair, at=again)
    jury.tell(again)
    steps.start_notice(award_list=jury.list, by=jury.organiser, at=again, until=again + DAY)
    refused("objections", lambda: steps.end_notice(award_list=jury.list, by=jury.organiser, at=again + DAY))
    upheld(jury, other, at=again + DAY)
    refused("upheld", lambda: steps.end_notice(award_list=jury.list, by=jury.organiser, at=again + DAY))
    jury.withdraw(1, again + DAY, objection=other.code)
    jury.tell(again + DAY)
    steps.end_notice(award_list=jury.list, by=jury.organiser, at=again + DAY)
    steps.announce(award_list=jury.list, by=jury.organiser, at=again + DAY)
    assert jury.wall() == [("grand", 1, "A"), ("second", 1, "C"), ("second", 2, "D")]
    found = objections.summary(jury.edition)
    assert (found.upheld, found.dismissed, found.waiting) == (2, 0, 0)


def test_a_film_that_must_not_hold_an_award_does_not_come_onto_the_next_notice():
    jury = on_notice()
    upheld(jury, objected(film=jury.films[0].code, text="I made it."))
    upheld(jury, objected())
    actions.confirm(award_list=jury.list, by=jury.chair, at=AT + 3 * DAY)
    jury.tell(AT + 3 * DAY)
    begin = lambda: steps.start_notice(  # noqa: E731
        award_list=jury.list, by=jury.organiser, at=AT + 3 * DAY, until=AT + 4 * DAY
    )
    refused("upheld", begin)
    jury.withdraw(0, AT + 3 * DAY)
    jury.tell(AT + 3 * DAY)
    begin()
    assert [row["title"] for row in PublicNotice.objects.latest("pk").rows] == [
        "Title B",
        "Title C",
        "Title D",
    ]


def test_an_upheld_one_may_leave_the_list_standing():
    jury = on_notice()
    objection = objected(text="The maker's name is spelled wrongly.")
    upheld(jury, objection, follows="stands")
    assert jury.state() == "notice" and PublicNotice.objects.get().taken_down_at is None
    assert steps.take_due_steps(at=AT + 5 * DAY) == 1


def test_two_that_are_upheld_take_the_list_back_once_and_one_that_fails_leaves_all_as_it_was():
    jury = on_notice()
    first, second = objected(), objected(text="The quorum was missed.")
    upheld(jury, first)
    upheld(jury, second)
    assert AwardStep.objects.filter(kind="reopened").count() == 1
    assert PublicNotice.objects.count() == 1
    AwardList.objects.update(state="announced", announced_at=AT, confirmed_at=AT, confirmed_by=jury.chair.id)
    third = Objection.objects.create(
        notice=PublicNotice.objects.get(), code="LATE222", ground="rules", text="So.", user=make_user(),
        received_at=AT, due_at=AT, sent_at=AT,
    )  # fmt: skip
    with pytest.raises(Refused, match="the list cannot go back"):
        upheld(jury, third)
    third.refresh_from_db()
    assert third.is_open and third.steps.count() == 0


def test_only_an_organiser_takes_the_list_back():
    jury = on_notice()
    with pytest.raises(Refused) as caught:
        award_return.take_back(edition=jury.edition, objection="X", reason=WHY, by=jury.chair, at=AT + DAY)
    assert caught.value.status == 403 and jury.state() == "notice"


def test_the_next_list_follows_four_eyes_again():
    jury = on_notice()
    jury.edition.four_eyes = True
    jury.edition.save()
    upheld(jury, objected())
    refused("four_eyes", lambda: actions.confirm(award_list=jury.list, by=jury.chair, at=AT + 3 * DAY))


@pytest.mark.parametrize(("who", "led"), [("organiser", True), ("chair", False)])
def test_only_who_may_read_objections_is_led_to_them(client, who, led):
    jury = Jury()
    jury.tell()
    jury.dated()
    steps.take_due_steps(at=AT + HOUR)
    client.force_login(getattr(jury, who).user)
    page = client.get(reverse("judging:awards", args=["spring"])).content.decode()
    assert reverse("awards:notice", args=["spring"]) in page
    assert (f'href="{reverse("awards:objections", args=["spring"])}"' in page) is led


def test_nobody_is_told_how_to_enter_where_the_laureates_are_announced(client):
    jury = Jury()
    front = reverse("edition:front", args=["spring"])
    assert "How to enter" in client.get(front).content.decode()
    jury.tell()
    steps.announce(award_list=jury.list, by=jury.organiser, at=AT)
    assert "How to enter" not in client.get(front).content.decode()
