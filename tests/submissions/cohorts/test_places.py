"""Places: never more than there are, answered once, and free again when somebody does not take one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import STRANGER, actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions.cohorts import letters, permissions, place_actions, place_queries
from submissions.cohorts.links import hash_of, token_of
from submissions.cohorts.models import Mentor, Place, Promise, SupportLine
from tests.factories import make_co_author, make_edition, make_entry, make_member, make_user
from tests.submissions.cohorts.making import make_cohort, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_edition(call_open=True, time_zone="Asia/Shanghai")


@pytest.fixture
def desk(edition):
    return make_member(edition, Role.ORGANISER)


def invited(cohort, desk, *names, **more):
    return [
        place_actions.invite(
            cohort=cohort,
            email=f"{name}@example.org",
            name=name,
            language="en",
            by=desk,
            at=timezone.now(),
            **more,
        )
        for name in names
    ]


def refusal(action, **arguments):
    with pytest.raises(Refused) as error:
        action(at=arguments.pop("at", timezone.now()), **arguments)
    return error.value.code


def states(cohort):
    return [place.state for place in cohort.all_places.order_by("rank", "pk")]


def test_the_list_is_in_order_and_somebody_can_be_put_in_between(edition, desk):
    cohort = make_cohort(edition)
    invited(cohort, desk, "ann", "bo")
    invited(cohort, desk, "cy", rank=2)
    rows = cohort.all_places.order_by("rank").values_list("name", "rank")
    assert list(rows) == [("ann", 1), ("cy", 2), ("bo", 3)]
    assert mail.outbox == []


def test_no_more_places_are_offered_than_there_are(edition, desk):
    cohort = make_cohort(edition, places=2)
    one, two, three = invited(cohort, desk, "ann", "bo", "cy")
    for place in (one, two):
        place_actions.offer(place=place, by=desk, at=timezone.now())
    assert refusal(place_actions.offer, place=three, by=desk) == "full"
    assert refusal(place_actions.offer, place=one, by=desk) == "changed"
    place_actions.decline(place=one, by=STRANGER, at=timezone.now(), reason="No time")
    place_actions.offer_next(cohort=cohort, by=desk, at=timezone.now())
    assert states(cohort) == ["declined", "offered", "offered"]
    assert place_queries.figures_of(edition)[cohort.pk] == place_queries.Figures(2, 2, 0, 0)
    assert place_actions.offer_next(cohort=cohort, by=desk, at=timezone.now()) is None


def test_the_invited_get_a_letter_with_a_link_and_until_when(edition, desk):
    cohort = make_cohort(edition, answer_days=7)
    [place] = invited(cohort, desk, "ann")
    at = timezone.now()
    place = place_actions.offer(place=place, by=desk, at=at)
    letters.send(place.pk, at=at)
    letters.send(place.pk, at=at)
    [letter] = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert token_of(place) in letter.body and "Seven directors" in letter.subject
    assert place_queries.place_of_link(token_of(place)) == place
    assert timedelta(days=7) < place.answer_by - at <= timedelta(days=8)


def test_who_accepts_has_an_entry_and_what_was_promised(edition, desk):
    cohort = make_cohort(edition)
    Promise.objects.create(cohort=cohort, kind="cash", amount=Decimal(1000), unit="CNY")
    edition.tracks.update(invitation_only=True)
    [place] = invited(cohort, desk, "ann")
    place = place_actions.offer(place=place, by=desk, at=timezone.now())
    token, ann = token_of(place), actor_of(make_user("Ann"))
    assert refusal(place_actions.accept, place=place, by=STRANGER, title="Lamp") == "login"
    assert refusal(place_actions.accept, place=place, by=ann) == "no_title"
    place = place_actions.accept(place=place, by=ann, at=timezone.now(), title="Lamp")
    assert (place.entry.title, place.entry.entrant, place.entry.track) == ("Lamp", ann.user, cohort.track)
    line = SupportLine.objects.get(place=place)
    assert (line.side, line.amount, line.unit) == ("promised", Decimal(1000), "CNY")
    assert place_queries.place_of_link(token) == place  # it says that the place was taken
    assert Notice.objects.get(user=desk.user).kind == "place_accepted"
    assert refusal(place_actions.accept, place=place, by=ann, title="Lamp") == "already"
    assert refusal(place_actions.decline, place=place, by=ann) == "already"


def test_an_entry_that_is_named_is_ones_own_and_in_the_track(edition, desk):
    cohort = make_cohort(edition)
    [place] = invited(cohort, desk, "ann")
    place_actions.offer(place=place, by=desk, at=timezone.now())
    ann = make_user("Ann")
    other, mine = make_entry(edition), make_entry(edition, entrant=ann, state="draft")
    assert refusal(place_actions.accept, place=place, by=actor_of(ann), entry=other) == "entry"
    place = place_actions.accept(place=place, by=actor_of(ann), at=timezone.now(), entry=mine)
    assert place.entry == mine


def test_offers_lapse_and_the_next_is_asked_where_it_goes_by_itself(edition, desk):
    by_itself = make_cohort(edition, places=1, source="final", offers_next=True)
    by_hand = make_cohort(edition, places=1, source="final")
    entries = [make_entry(edition) for _one in range(3)]
    for cohort in (by_itself, by_hand):
        place_actions.enlist(cohort=cohort, entries=entries, by=desk, at=timezone.now())
        place_actions.offer_next(cohort=cohort, by=desk, at=timezone.now())
    later = timezone.now() + timedelta(days=9)
    assert place_actions.lapse(at=timezone.now()) == 0
    assert place_actions.lapse(at=later) == 2
    assert place_actions.lapse(at=later) == 0
    assert states(by_itself) == ["lapsed", "offered", "waiting"]
    assert states(by_hand) == ["lapsed", "waiting", "waiting"]
    assert by_itself.all_places.get(state="offered").instead_of.entry == entries[0]
    kinds = Notice.objects.filter(user=entries[0].entrant).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place_offered"] * 2 + ["place_lapsed"] * 2
    late = by_itself.all_places.get(state="lapsed")
    assert refusal(place_actions.accept, place=late, by=actor_of(entries[0].entrant), at=later) == "over"


def test_who_offered_a_place_is_told_how_it_ended(edition, desk, client):
    cohort = make_cohort(edition, places=3, source="final")
    entries = [make_entry(edition) for _one in range(3)]
    place_actions.enlist(cohort=cohort, entries=entries, by=desk, at=timezone.now())
    declined, left, late = place_actions.offer_free(cohort=cohort, by=desk, at=timezone.now())
    team = actor_of(entries[1].entrant)
    place_actions.decline(place=declined, by=actor_of(entries[0].entrant), at=timezone.now())
    place_actions.accept(place=left, by=team, at=timezone.now())
    place_actions.leave(place=left, by=team, at=timezone.now(), reason="Other work.")
    place_actions.lapse(at=late.answer_by)
    kinds = Notice.objects.filter(user=desk.user).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place_declined", "place_accepted", "place_ended", "place_unanswered"]


def test_the_letters_link_of_a_place_that_was_given_up_does_not_say_that_the_offer_was_taken_back(
    edition, desk, client
):
    cohort = make_cohort(edition)
    place = make_place(cohort, state="left", email="di@example.org", answered_at=timezone.now())
    Place.objects.filter(pk=place.pk).update(token_hash=hash_of(token_of(place)))
    page = client.get(f"/entries/place/{token_of(place)}/").content.decode()
    assert "This place has ended" in page and "taken back" not in page


def test_an_answer_after_the_day_is_too_late_before_the_clock_has_come_by(edition, desk):
    place = make_place(make_cohort(edition, source="final"), state="offered")
    owner = actor_of(place.entry.entrant)
    assert refusal(place_actions.accept, place=place, by=owner, at=place.answer_by) == "over"


def test_enlisting_twice_is_once(edition, desk):
    cohort = make_cohort(edition, source="final")
    entries = [make_entry(edition) for _one in range(2)]
    assert len(place_actions.enlist(cohort=cohort, entries=entries, by=desk, at=timezone.now())) == 2
    more = [*entries, make_entry(edition)]
    [new] = place_actions.enlist(cohort=cohort, entries=more, by=desk, at=timezone.now())
    assert (new.entry, new.rank) == (more[2], 3)


def test_a_team_leaves_with_a_reason_and_its_place_is_free(edition, desk):
    cohort = make_cohort(edition, places=1, source="final")
    place = make_place(cohort)
    owner = actor_of(place.entry.entrant)
    assert refusal(place_actions.leave, place=place, by=owner, reason=" ") == "no_reason"
    assert refusal(place_actions.leave, place=place, by=actor_of(make_user()), reason="x") == "not_allowed"
    place_actions.leave(place=place, by=owner, at=timezone.now(), reason="Ill")
    assert place_queries.free_places(cohort) == 1


def test_only_organisers_invite_and_offer(edition, desk):
    cohort = make_cohort(edition)
    [place] = invited(cohort, desk, "ann")
    for actor in (actor_of(make_user()), make_member(edition, Role.TECHNICIAN), STRANGER):
        assert refusal(place_actions.offer, place=place, by=actor) == "not_allowed"
        assert refusal(place_actions.offer_next, cohort=cohort, by=actor) == "not_allowed"
    with pytest.raises(Refused) as error:
        invited(cohort, desk, "ann")
    assert error.value.code == "twice"


def test_who_may_see_a_place_finds_it_in_the_list(edition, desk):
    place = make_place(make_cohort(edition, source="final"))
    make_place(make_cohort(make_edition()))
    mentor, author = make_user(), make_user()
    Mentor.objects.create(place=place, user=mentor, added_at=timezone.now())
    make_co_author(place.entry, author)
    stranger, technician = actor_of(make_user()), make_member(edition, Role.TECHNICIAN)
    team = [actor_of(user) for user in (place.entry.entrant, mentor, author)]
    for actor in (desk, *team, stranger, technician, STRANGER):
        seen = place_queries.visible_to(actor)
        assert list(seen.values_list("pk", flat=True)) == [
            one.pk for one in Place.objects.all() if permissions.can_see(actor, one)
        ]
    assert permissions.can_see(desk, place) and not permissions.can_see(stranger, place)
