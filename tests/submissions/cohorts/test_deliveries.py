"""Deliveries: collected, handed in whole, reviewed once; a grant's tranche is promised once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import STRANGER, actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions.cohorts import (
    awaiting,
    delivery_actions,
    delivery_queries,
    note_actions,
    support_actions,
    support_queries,
)
from submissions.cohorts.models import Delivery, Mentor, SupportLine
from submissions.models import Asset, Attachment
from tests.factories import (
    make_attachment,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_user,
)
from tests.submissions.cohorts.making import make_cohort, make_milestone, make_place

pytestmark = pytest.mark.django_db
PARTS = (("cut", "film", True), ("open", "text", True), ("page", "link", False))


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def desk(edition):
    return make_member(edition, Role.ORGANISER)


@pytest.fixture
def place(edition):
    return make_place(make_cohort(edition, source="final"))


@pytest.fixture
def team(place):
    return actor_of(place.entry.entrant)


@pytest.fixture
def milestone(place):
    return make_milestone(place.cohort, *PARTS, grant=Decimal(5000), grant_unit="CNY")


def refusal(action, **arguments):
    with pytest.raises(Refused) as error:
        action(**{"at": timezone.now()} | arguments)
    return error.value.code


def collect(place, milestone, slug, by, **given):
    return delivery_actions.collect(
        place=place,
        deliverable=milestone.deliverables.get(slug=slug),
        by=by,
        at=timezone.now(),
        **given,
    )


def handed_in(place, milestone, team, at=None):
    version = make_inspection(place.entry, seconds=60).version
    collect(place, milestone, "cut", team, version=version)
    collect(place, milestone, "open", team, text="The sea")
    return delivery_actions.hand_in(place=place, milestone=milestone, by=team, at=at or timezone.now())


def test_what_is_required_must_be_there(place, milestone, team, desk):
    hand_in = {"place": place, "milestone": milestone, "by": team}
    assert refusal(delivery_actions.hand_in, **hand_in) == "nothing"
    collect(place, milestone, "open", team, text="The sea")
    assert refusal(delivery_actions.hand_in, **hand_in) == "missing"
    version = make_inspection(place.entry).version
    collect(place, milestone, "cut", team, version=version)
    part = collect(place, milestone, "open", team, text="The sea, and the mountains")
    delivery = delivery_actions.hand_in(**hand_in, at=timezone.now(), message="Here")
    assert (delivery.number, delivery.state, delivery.late, delivery.message) == (
        1,
        "handed_in",
        False,
        "Here",
    )
    assert sorted(delivery.parts.values_list("deliverable__slug", "text")) == [
        ("cut", ""),
        ("open", "The sea, and the mountains"),
    ]
    assert Notice.objects.get(user=desk.user).kind == "delivery_handed_in"
    with pytest.raises(Refused):
        delivery_actions.take_out(part=part, by=team)
    with pytest.raises(Refused) as error:
        collect(place, milestone, "open", team, text="More")
    assert error.value.code == "in_review"


@pytest.mark.parametrize(
    ("slug", "text", "code"),
    [
        ("open", "  ", "no_text"),
        ("page", "javascript:alert(1)", "no_link"),
        ("page", "https://a.example/ b", "no_link"),
        ("cut", "a text", "no_film"),
    ],
)
def test_each_part_is_what_is_asked_for(place, milestone, team, slug, text, code):
    with pytest.raises(Refused) as error:
        collect(place, milestone, slug, team, text=text)
    assert error.value.code == code
    assert not Delivery.objects.exists()


def test_a_film_and_a_file_are_the_teams_own(place, team, edition):
    milestone = make_milestone(place.cohort, ("cut", "film", True), ("plan", "document", True))
    other = make_entry(edition)
    with pytest.raises(Refused) as error:
        collect(place, milestone, "cut", team, version=make_inspection(other).version)
    assert error.value.code == "no_film"
    files = [
        Attachment.objects.create(
            entry=entry,
            kind="document",
            asset=Asset.objects.create(sha256=f"{n:064}", size=1, key=f"k{n}", created_at=timezone.now()),
            filename="plan.pdf",
            size=1,
            state=state,
            facts={kind: {}},
            created_at=timezone.now(),
            hinted_at=timezone.now(),
        )
        for n, (entry, state, kind) in enumerate(
            [
                (other, "ready", "document"),
                (place.entry, "waiting", "document"),
                (place.entry, "ready", "picture"),
                (place.entry, "ready", "document"),
            ]
        )
    ]
    for file, code in zip(files, ("no_file", "not_ready", "other_kind"), strict=False):
        with pytest.raises(Refused) as error:
            collect(place, milestone, "plan", team, attachment=file)
        assert error.value.code == code
    assert collect(place, milestone, "plan", team, attachment=files[3]).attachment == files[3]


def test_a_picture_is_taken_where_a_picture_is_asked_for(place, team):
    milestone = make_milestone(place.cohort, ("look", "picture", True))
    picture, pages = make_attachment(place.entry), make_attachment(place.entry, form="pdf")
    with pytest.raises(Refused) as error:
        collect(place, milestone, "look", team, attachment=pages)
    assert error.value.code == "other_kind"
    assert collect(place, milestone, "look", team, attachment=picture).attachment == picture


def test_changes_then_a_second_one_that_is_accepted_and_paid_once(place, milestone, team, desk):
    first = handed_in(place, milestone, team)
    review = {"delivery": first, "outcome": "changes", "by": desk}
    assert refusal(delivery_actions.review, **review, text=" ") == "no_text"
    assert refusal(delivery_actions.review, **review | {"by": team}, text="x") == "not_allowed"
    delivery_actions.review(**review, text="Shorter", at=timezone.now())
    assert not SupportLine.objects.exists()
    second = handed_in(place, milestone, team)
    assert second.number == 2
    accepting = {"delivery": second, "outcome": "accepted", "text": "", "by": desk}
    delivery_actions.review(**accepting, at=timezone.now())
    assert refusal(delivery_actions.review, **accepting) == "changed"
    line = SupportLine.objects.get()
    assert (line.milestone, line.side, line.kind, line.amount, line.unit) == (
        milestone,
        "promised",
        "cash",
        Decimal(5000),
        "CNY",
    )
    kinds = Notice.objects.filter(user=team.user).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["delivery_changes", "delivery_accepted"]
    with pytest.raises(Refused) as error:
        collect(place, milestone, "open", team, text="More")
    assert error.value.code == "accepted"


def test_late_is_after_what_was_due_with_the_time_that_was_given(place, milestone, team, desk):
    until = milestone.due_at + timedelta(days=3)
    extend = {"place": place, "milestone": milestone, "reason": "Ill", "by": desk}
    assert refusal(delivery_actions.extend, **extend, until=milestone.due_at) == "earlier"
    assert refusal(delivery_actions.extend, **extend | {"by": team}, until=until) == "not_allowed"
    delivery_actions.extend(**extend, until=until, at=timezone.now())
    assert delivery_queries.due_by_milestone(place) == {milestone.pk: until}
    other = make_milestone(place.cohort, *PARTS)
    assert not handed_in(place, milestone, team, at=until - timedelta(seconds=1)).late
    assert handed_in(place, other, team, at=other.due_at).late


def test_only_a_team_with_its_place_delivers(place, milestone, team, edition):
    mentor = make_user()
    Mentor.objects.create(place=place, user=mentor, added_at=timezone.now())
    for actor in (actor_of(mentor), make_member(edition, Role.ORGANISER), STRANGER):
        with pytest.raises(Refused) as error:
            collect(place, milestone, "open", actor, text="x")
        assert error.value.code == "not_allowed"
    gone = make_place(place.cohort, state="left")
    with pytest.raises(Refused):
        collect(gone, milestone, "open", actor_of(gone.entry.entrant), text="x")


def test_notes_at_moments_and_what_the_team_has_dealt_with(place, milestone, team, desk):
    mentor = make_user()
    Mentor.objects.create(place=place, user=mentor, added_at=timezone.now())
    part = handed_in(place, milestone, team).parts.get(deliverable__slug="cut")
    note = note_actions.add_note(
        part=part, text="Too long", seconds=Decimal("12.3456"), by=actor_of(mentor), at=timezone.now()
    )
    assert note.seconds == Decimal("12.346")
    write = {"part": part, "text": "x", "by": desk}
    assert refusal(note_actions.add_note, **write, seconds=Decimal(61)) == "moment"
    assert refusal(note_actions.add_note, **write, seconds=Decimal(-1)) == "moment"
    assert refusal(note_actions.add_note, **write | {"by": actor_of(make_user())}) == "not_allowed"
    answer = note_actions.add_note(part=part, text="Why?", answers=note, by=team, at=timezone.now())
    assert refusal(note_actions.add_note, **write, answers=answer) == "answers"
    assert refusal(note_actions.tick, note=note, done=True, by=desk) == "not_allowed"
    at = timezone.now()
    note_actions.tick(note=note, done=True, by=team, at=at)
    assert note_actions.tick(note=note, done=True, by=team, at=at + timedelta(days=1)).done_at == at
    with pytest.raises(Refused):
        note_actions.remove_note(note=note, by=actor_of(mentor))
    note_actions.remove_note(note=answer, by=team)
    note_actions.remove_note(note=note, by=actor_of(mentor))


def test_the_ledger_takes_back_with_a_reason_and_no_more_than_there_is(place, desk, team):
    line = {"place": place, "kind": "cash", "side": "given", "unit": "CNY", "on": timezone.now().date()}
    support_actions.add_line(**line, amount=Decimal(100), by=desk, at=timezone.now())
    assert refusal(support_actions.add_line, **line, amount=Decimal(-50), by=desk) == "no_reason"
    assert refusal(support_actions.add_line, **line, amount=Decimal(-150), note="x", by=desk) == "too_much"
    assert refusal(support_actions.add_line, **line, amount=Decimal(5), by=team) == "not_allowed"
    assert refusal(support_actions.add_line, **line, amount=Decimal("0.001"), by=desk) == "amount"
    support_actions.add_line(**line, amount=Decimal(-100), note="Sent twice", by=desk, at=timezone.now())
    assert SupportLine.objects.count() == 2


def test_a_rejected_delivery_is_the_end_until_an_organiser_opens_it_again(place, milestone, team, desk):
    first = handed_in(place, milestone, team)
    review = {"delivery": first, "outcome": "rejected", "by": desk}
    assert refusal(delivery_actions.review, **review, text=" ") == "no_text"
    assert refusal(delivery_actions.review, **review | {"by": team}, text="x") == "not_allowed"
    assert refusal(delivery_actions.review, **review | {"outcome": "open"}, text="x") == "no_outcome"
    assert refusal(delivery_actions.reopen, delivery=first, reason="x", by=desk) == "changed"
    delivery_actions.review(**review, text="It was made for somebody else", at=timezone.now())
    assert not SupportLine.objects.exists()
    with pytest.raises(Refused) as error:
        collect(place, milestone, "open", team, text="More")
    assert error.value.code == "rejected"
    assert awaiting.cut_until(place.entry, timezone.now()) is None
    [row] = support_queries.withheld(place.cohort)
    assert (row.place, row.amount, row.unit) == (place, milestone.grant, milestone.grant_unit)

    again = {"delivery": first, "by": desk}
    assert refusal(delivery_actions.reopen, **again, reason=" ") == "no_reason"
    assert refusal(delivery_actions.reopen, **again | {"by": team}, reason="x") == "not_allowed"
    delivery_actions.reopen(**again, reason="We had mixed it up", at=timezone.now())
    assert support_queries.withheld(place.cohort) == []
    first.refresh_from_db()
    assert (first.state, first.review, first.reopening) == (
        "changes",
        "It was made for somebody else",
        "We had mixed it up",
    )
    second = handed_in(place, milestone, team)
    delivery_actions.review(delivery=second, outcome="accepted", text="", by=desk, at=timezone.now())
    assert SupportLine.objects.get().amount == milestone.grant
    kinds = Notice.objects.filter(user=team.user).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["delivery_rejected", "delivery_reopened", "delivery_accepted"]
    kinds = (
        place.entry.events.filter(kind__startswith="delivery").order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds) == [
        "delivery_handed_in", "delivery_rejected", "delivery_reopened", "delivery_handed_in",
        "delivery_accepted",
    ]  # fmt: skip


def test_changes_by_a_date_are_due_then_and_what_was_said_last_counts(place, milestone, team, desk):
    now = timezone.now()
    first = handed_in(place, milestone, team, at=milestone.due_at + timedelta(hours=1))
    review = {"delivery": first, "outcome": "changes", "text": "Shorter", "by": desk}
    assert refusal(delivery_actions.review, **review, again_by=now - timedelta(days=1)) == "past"
    assert (
        refusal(delivery_actions.review, **review, again_by=place.cohort.ends_at + timedelta(1))
        == "after_end"
    )
    until = milestone.due_at + timedelta(days=6)
    delivery_actions.review(**review, again_by=until, at=milestone.due_at + timedelta(days=2))
    assert delivery_queries.due_of(place, milestone) == until
    assert delivery_queries.due_by_milestone(place) == {milestone.pk: until}
    [letter] = Notice.objects.filter(user=team.user)
    assert (letter.kind, letter.values["deadline"]) == ("delivery_changes_by", until.isoformat())
    later = until + timedelta(days=3)
    delivery_actions.extend(
        place=place, milestone=milestone, until=later, reason="Ill", by=desk, at=until - timedelta(days=1)
    )
    assert delivery_queries.due_of(place, milestone) == later
    second = handed_in(place, milestone, team, at=later - timedelta(hours=1))
    assert (first.late, second.late) == (True, False)
    delivery_actions.review(
        delivery=second,
        outcome="changes",
        text="Louder",
        by=desk,
        at=later,
        again_by=later + timedelta(days=2),
    )
    third = handed_in(place, milestone, team, at=later + timedelta(days=2))
    assert third.late
