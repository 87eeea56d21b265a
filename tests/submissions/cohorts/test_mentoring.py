"""Mentors see their teams alone; sessions have two kinds of notes; what is to be done is ticked and reminded of."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions.cohorts import item_reminders, mentor_actions, mentor_queries, permissions, place_queries
from submissions.cohorts.models import ActionItem, CutNote, Mentor, Session
from tests.factories import make_edition, make_entry, make_member, make_user
from tests.submissions.cohorts.making import (
    make_cohort,
    make_delivery,
    make_item,
    make_milestone,
    make_place,
    make_team,
)

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition(call_open=True, time_zone="Asia/Shanghai")


@pytest.fixture
def desk(edition):
    return make_member(edition, Role.ORGANISER)


@pytest.fixture
def team(edition, desk):
    return make_team(make_entry(edition, title="Snow"), mentor=make_user("mia"), by=desk.user)


def confirmed(name):
    user = make_user(name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True)
    return user


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def refusal(action, **arguments):
    with pytest.raises(Refused) as error:
        action(**arguments)
    return error.value.code


def told():
    return sorted(Notice.objects.values_list("kind", "user__name"))


def test_a_mentor_is_named_once_and_both_sides_are_told(team, desk):
    ada = confirmed("ada")
    for _time in range(2):
        mentor_actions.add_mentor(places=[team.place], email=f" {ada.email.upper()} ", by=desk, at=AT)
    assert Mentor.objects.filter(user=ada).count() == 1
    assert sorted(Notice.objects.values_list("kind", "user")) == [
        ("mentor_joins", team.place.entry.entrant_id),
        ("mentor_named", ada.pk),
    ]


def test_who_has_no_account_or_makes_the_film_is_no_mentor(team, desk):
    unconfirmed, maker = make_user("zoe"), team.place.entry.entrant
    EmailAddress.objects.create(user=maker, email=maker.email, verified=True)
    given = {"places": [team.place], "at": AT}
    assert refusal(mentor_actions.add_mentor, email=unconfirmed.email, by=desk, **given) == "no_account"
    assert refusal(mentor_actions.add_mentor, email=maker.email, by=desk, **given) == "own"
    other = actor_of(confirmed("ada"))
    assert refusal(mentor_actions.add_mentor, email=maker.email, by=other, **given) == "not_allowed"
    assert Mentor.objects.count() == 1


def test_a_mentor_sees_her_teams_and_no_others(edition, team):
    mia = actor_of(team.mentor.user)
    others = make_place(make_cohort(edition))
    assert list(place_queries.visible_to(mia)) == [team.place]
    assert (permissions.can_see(mia, team.place), permissions.can_see(mia, others)) == (True, False)
    client = client_of(team.mentor.user)
    assert client.get(reverse("submissions:mentoring_team", args=[team.place.pk])).status_code == 200
    assert client.get(reverse("submissions:mentoring_team", args=[others.pk])).status_code == 404
    assert [place.entry.title for place in mentor_queries.teams_of(mia, AT.date())] == ["Snow"]
    mentor_actions.remove_mentor(mentor=team.mentor, by=make_member(edition, Role.ORGANISER))
    assert client.get(reverse("submissions:mentoring_team", args=[team.place.pk])).status_code == 404


def test_the_team_reads_its_notes_and_never_the_inner_ones(team):
    url = reverse("submissions:mentoring_team", args=[team.place.pk])
    Session.objects.create(place=team.place, held_at=AT, inner="Between us.", at=AT)
    own = client_of(team.place.entry.entrant).get(url).content.decode()
    theirs = client_of(team.mentor.user).get(url).content.decode()
    assert ("Good." in own, "Inner." in own, "Between us." in own) == (True, False, False)
    assert ("Good." in theirs, "Inner." in theirs, "Between us." in theirs) == (True, True, True)


def test_a_maker_who_organises_does_not_read_what_mentors_write_of_her_film(edition, desk):
    team = make_team(make_entry(edition, entrant=desk.user), mentor=make_user("mia"), by=desk.user)
    page = client_of(desk.user).get(reverse("submissions:mentoring_team", args=[team.place.pk]))
    assert (b"Good." in page.content, b"Inner." in page.content) == (True, False)


def test_a_session_is_told_of_once_there_are_notes_for_the_team(team):
    mia = actor_of(team.mentor.user)
    given = {"place": team.place, "held_at": AT, "minutes": None, "by": mia, "at": AT}
    row = mentor_actions.write_session(notes="", inner="First.", **given)
    assert told() == []
    row = mentor_actions.write_session(notes="Shorter.", inner="First.", session=row, **given)
    mentor_actions.write_session(notes="Much shorter.", inner="", session=row, **given)
    assert [kind for kind, _name in told()] == ["session_noted"]
    assert refusal(mentor_actions.write_session, notes=" ", inner="", **given) == "no_text"
    later = given | {"held_at": AT + timedelta(days=1)}
    assert refusal(mentor_actions.write_session, notes="Later.", inner="", **later) == "future"


def test_only_who_wrote_it_and_organisers_change_a_session(team, desk):
    other = make_user("ada")
    Mentor.objects.create(place=team.place, user=other, added_at=AT)
    given = {"place": team.place, "held_at": AT, "minutes": 5, "notes": "X", "inner": "", "at": AT}
    action = mentor_actions.write_session
    assert refusal(action, session=team.session, by=actor_of(other), **given) == "not_allowed"
    assert refusal(action, by=actor_of(team.place.entry.entrant), **given) == "not_allowed"
    assert refusal(mentor_actions.remove_session, session=team.session, by=actor_of(other)) == "not_allowed"
    assert action(session=team.session, by=desk, **given).notes == "X"
    mentor_actions.remove_session(session=team.session, by=desk)
    assert not Session.objects.filter(pk=team.session.pk).exists()


def test_the_team_writes_down_its_own_and_ticks_its_own(team):
    entrant, mia = actor_of(team.place.entry.entrant), actor_of(team.mentor.user)
    given = {"place": team.place, "due_on": None, "at": AT}
    own = mentor_actions.add_item(text=" Find\na voice ", of_team=False, by=entrant, **given)
    assert (own.text, own.of_team) == ("Find a voice", True)
    mentors = mentor_actions.add_item(text="Ask the studio", of_team=False, by=mia, **given)
    assert refusal(mentor_actions.tick_item, item=mentors, done=True, by=entrant, at=AT) == "not_allowed"
    first = mentor_actions.tick_item(item=own, done=True, by=entrant, at=AT)
    again = mentor_actions.tick_item(item=own, done=True, by=mia, at=AT + timedelta(days=1))
    assert (first.done_at, again.done_at) == (AT, AT)
    assert mentor_actions.tick_item(item=own, done=False, by=entrant, at=AT).done_at is None
    assert refusal(mentor_actions.remove_item, item=mentors, by=entrant) == "not_allowed"
    mentor_actions.remove_item(item=own, by=entrant)
    assert not ActionItem.objects.filter(pk=own.pk).exists()


def test_a_team_that_has_left_writes_nothing_more(team, desk):
    team.place.state, team.place.ended_at = "left", AT
    team.place.save()
    given = {"place": team.place, "text": "X", "of_team": True, "due_on": None, "at": AT}
    for actor in (actor_of(team.place.entry.entrant), actor_of(team.mentor.user), desk):
        assert refusal(mentor_actions.add_item, by=actor, **given) == "no_team"


def test_a_reminder_comes_once_on_the_day_before_on_the_clocks_of_the_contest(team):
    """Due on 3 March in Shanghai: its day before begins at 16:00 UTC on 1 March."""
    due = datetime(2027, 3, 3).date()
    ActionItem.objects.filter(pk=team.item.pk).update(due_on=due)
    make_item(team.place, by=team.mentor.user, due_on=due, done_at=AT)
    make_item(team.place, by=team.mentor.user, due_on=due, of_team=False, text="Mine")
    before = datetime(2027, 3, 1, 15, 59, tzinfo=UTC)
    assert item_reminders.remind(at=before) == 0
    assert item_reminders.remind(at=before + timedelta(minutes=1)) == 2
    assert item_reminders.remind(at=before + timedelta(minutes=2)) == 0
    rows = Notice.objects.order_by("pk").values_list("user", "values__task")
    assert sorted(rows) == sorted(
        [(team.place.entry.entrant_id, "Cut the first scene"), (team.mentor.user_id, "Mine")]
    )


def test_the_pages_take_what_is_written(team, desk):
    entrant, mia = client_of(team.place.entry.entrant), client_of(team.mentor.user)
    url = reverse("submissions:mentoring_team", args=[team.place.pk])
    answer = mia.post(f"{url}sessions/add/", {"held_at": "2026-01-05T10:00", "notes": "Begin later."})
    assert (answer.status_code, answer["Location"]) == (302, url)
    row = Session.objects.get(notes="Begin later.")
    assert row.held_at == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert mia.post(f"{url}sessions/add/", {"held_at": "2026-01-05T10:00"}).status_code == 400
    entrant.post(f"{url}to-do/add/", {"text": "Cast a voice", "due_on": "2020-01-01"})
    item = ActionItem.objects.get(text="Cast a voice")
    page = entrant.get(url).content.decode()
    assert "Cast a voice" in page and 'badge--fix">Late' in page
    entrant.post(f"{url}to-do/{item.pk}/tick/", {"done": "on"})
    item.refresh_from_db()
    assert item.done_at is not None
    assert entrant.post(f"{url}sessions/{row.pk}/", {}).status_code == 403


def test_the_desk_names_a_mentor_of_several_teams_at_once(team, edition, desk):
    ada, other = confirmed("ada"), make_place(team.place.cohort)
    client = client_of(desk.user)
    url = reverse("submissions:mentor_add", args=[edition.slug, "camp"])
    body = {"camp-email": ada.email, "camp-teams": [team.place.pk, other.pk]}
    assert client.post(url, body).status_code == 302
    assert Mentor.objects.filter(user=ada).count() == 2
    assert client.post(url, body | {"camp-email": "nobody@example.org"}).status_code == 400
    elsewhere = make_place(make_cohort(edition))
    assert client.post(url, body | {"camp-teams": [elsewhere.pk]}).status_code == 400
    page = client.get(reverse("submissions:desk_mentoring", args=[edition.slug])).content.decode()
    assert page.count(str(ada)) >= 2


def test_who_accompanies_a_team_finds_the_way_from_her_entries(team):
    link = reverse("submissions:mentoring").encode()
    assert link in client_of(team.mentor.user).get("/entries/").content
    assert link not in client_of(make_user()).get("/entries/").content
    entry = client_of(team.place.entry.entrant).get(f"/entries/{team.place.entry.code}/")
    assert reverse("submissions:mentoring_team", args=[team.place.pk]).encode() in entry.content
    assert timezone.now() > team.session.at


def test_a_mentor_reads_the_milestones_of_her_team_and_no_others(team, desk):
    place, mentor = team.place, team.mentor.user
    milestone = make_milestone(place.cohort, ("cut", "film", True))
    part = make_delivery(place, milestone, state="changes")
    CutNote.objects.create(part=part, seconds=1, text="Too long", by=desk.user, at=timezone.now())
    words = make_milestone(place.cohort, ("words", "text", True), name={"en": "Treatment"})
    other = make_milestone(make_cohort(place.cohort.edition), ("words", "text", True))
    team_page = reverse("submissions:mentoring_team", args=[place.pk])
    client = client_of(mentor)
    text = client.get(team_page).content.decode()
    assert "Rough cut" in text and "Changes asked for" in text and "Treatment" in text

    def page(milestone, of=place):
        return reverse("submissions:mentoring_milestone", args=[of.pk, milestone.pk])

    text = client.get(page(milestone)).content.decode()
    assert "Too long" in text and "Again" in text and part.version.filename in text
    assert "<form" not in text.partition("<main")[2].partition("</main")[0]
    assert "Nothing was handed in yet" in client.get(page(words)).content.decode()
    assert client.get(page(other)).status_code == 404
    theirs = make_place(place.cohort)
    assert client.get(page(milestone, theirs)).status_code == 404
    assert client_of(make_user("mo")).get(page(milestone)).status_code == 404
    assert client_of(place.entry.entrant).get(page(milestone)).status_code == 403
    assert page(milestone) not in client_of(place.entry.entrant).get(team_page).content.decode()
    mentor_actions.remove_mentor(mentor=team.mentor, by=desk)
    assert client.get(page(milestone)).status_code == 404


def test_what_is_only_collected_is_not_shown_to_mentors(team):
    milestone = make_milestone(team.place.cohort, ("words", "text", True))
    team.place.deliveries.create(milestone=milestone, number=1, state="open", created_at=timezone.now())
    part = team.place.deliveries.get().parts.create(deliverable=milestone.deliverables.get(), text="Not yet")
    page = reverse("submissions:mentoring_milestone", args=[team.place.pk, milestone.pk])
    assert part.text not in client_of(team.mentor.user).get(page).content.decode()
