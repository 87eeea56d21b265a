"""The front door, an edition's front page and rules, and its team."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from festival.edition.blueprint import FOLDER, named
from festival.edition.calendar import calendar_of, calendars_of
from festival.edition.models import Edition, Membership
from festival.people.roles import Role
from judging.setup import make_edition as make_whole_edition
from tests.factories import make_edition, make_member, make_user

pytestmark = pytest.mark.django_db


def whole(slug="spring", *, opens_in=-3, **options):
    """An edition of the short-film blueprint whose call opens in so many days."""
    opens = (timezone.now() + timedelta(days=opens_in)).date()
    options.setdefault("public", True)
    return make_whole_edition(plan=named("short-film"), slug=slug, opens=opens, owner=make_user(), **options)


def text_of(client, name, *args, language="en"):
    client.cookies["django_language"] = language
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_door_leads_to_the_only_edition(client):
    whole("spring")
    whole("draft", public=False)
    response = client.get(reverse("home"))
    assert (response.status_code, response.headers["Location"]) == (302, "/spring/")


def test_the_door_lists_several_editions_and_drafts_to_their_team_alone(client):
    assert "No festival is open" in text_of(client, "home")
    whole("spring")
    whole("autumn")
    draft = make_edition("hidden", status=Edition.Status.DRAFT)
    page = text_of(client, "home")
    assert "/spring/" in page and "/autumn/" in page and "/hidden/" not in page
    assert client.get(reverse("edition:front", args=["hidden"])).status_code == 404
    client.force_login(make_member(draft, Role.JUDGE).user)
    assert "/hidden/" in text_of(client, "home")
    assert client.get(reverse("edition:front", args=["hidden"])).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Call for entries", "First Light", "Enter a film", "Shanghai time", "UTC")),
        ("zh-hans", ("初光", "UTC", "叙事")),
    ],
)
def test_the_front_page_says_what_when_and_how(client, language, words):
    whole()
    page = text_of(client, "edition:front", "spring", language=language)
    for word in words:
        assert word in page
    assert reverse("submissions:enter", args=["spring"]) in page


def test_outside_the_call_nobody_is_asked_to_enter(client):
    whole("later", opens_in=5)
    whole("over", opens_in=-60)
    for slug in ("later", "over"):
        page = text_of(client, "edition:front", slug)
        assert reverse("submissions:enter", args=[slug]) not in page
    assert "Next: Call for entries" in text_of(client, "edition:front", "later")


def test_a_call_of_another_name_is_called_so_everywhere(client):
    edition = whole("later", opens_in=5)
    whole("over", opens_in=-60)  # of a single edition the site's front page is its own
    edition.tracks.update(enters="project")
    edition.phases.filter(kind="call").update(name={"en": "Call for projects", "zh": "项目征集"})
    assert "Next: Call for projects" in text_of(client, "edition:front", "later")
    assert "Next: Call for projects" in client.get(reverse("home")).content.decode()
    edition.phases.filter(kind="call").update(starts_at=timezone.now())
    assert "Call for projects is open" in text_of(client, "edition:front", "later")


def test_the_rules_are_those_that_the_checks_use(client):
    edition = whole()
    page = text_of(client, "judging:rules", "spring")
    assert "10 minutes" in page
    assert "Story and idea" in page and "35%" in page
    assert "Grand Prize" in page and "CNY 100,000" in page
    Edition.objects.filter(pk=edition.pk).update(rulebook="[duration]\nmax = 240\n")
    page = text_of(client, "judging:rules", "spring")
    assert "10 minutes" not in page and "4 minutes" in page
    chinese = text_of(client, "judging:rules", "spring", language="zh-hans")
    assert "故事与立意" in chinese and "4 分钟" in chinese


def test_the_team_page_adds_and_removes(client):
    edition = make_edition("spring")
    owner = make_member(edition, Role.OWNER, "Olga")
    judge = make_user("June", email="june@example.org")
    client.force_login(owner.user)
    team = reverse("edition:team", args=["spring"])
    unknown = client.post(team, {"email": "nobody@example.org", "role": "judge"})
    assert unknown.status_code == 400
    assert "There is no account with this address" in unknown.content.decode()
    for _twice in range(2):
        assert client.post(team, {"email": "June@Example.org", "role": "judge"}).status_code == 302
    member = Membership.objects.get(user=judge)
    assert member.role == "judge"
    remove = reverse("edition:remove_member", args=["spring", member.pk])
    assert client.post(remove).status_code == 302
    assert not Membership.objects.filter(user=judge).exists()


def test_the_last_owner_stays(client):
    edition = make_edition("spring")
    owner = make_member(edition, Role.OWNER)
    client.force_login(owner.user)
    mine = Membership.objects.get(user=owner.user)
    answer = client.post(reverse("edition:remove_member", args=["spring", mine.pk]), follow=True)
    assert "This is the last owner" in answer.content.decode()
    make_member(edition, Role.OWNER)
    client.post(reverse("edition:remove_member", args=["spring", mine.pk]))
    assert Membership.objects.filter(edition=edition, role="owner").count() == 1


def test_organisers_do_not_hand_out_ownership(client):
    edition = make_edition("spring")
    make_member(edition, Role.OWNER)
    organiser = make_member(edition, Role.ORGANISER)
    client.force_login(organiser.user)
    team = reverse("edition:team", args=["spring"])
    assert 'value="owner"' not in client.get(team).content.decode()
    assert client.post(team, {"email": organiser.user.email, "role": "owner"}).status_code == 400
    owner = Membership.objects.get(edition=edition, role="owner")
    assert client.post(reverse("edition:remove_member", args=["spring", owner.pk])).status_code == 403
    stranger = make_edition("other")
    elsewhere = Membership.objects.get(user=make_member(stranger, Role.JUDGE).user)
    assert client.post(reverse("edition:remove_member", args=["spring", elsewhere.pk])).status_code == 404


def test_lists_ask_as_often_for_many_as_for_few(client):
    counts = []
    for number in (2, 4):
        Edition.objects.all().delete()
        for n in range(number):
            make_edition(f"edition-{n}")
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("home"))
        counts.append(len(made))
    assert counts[0] == counts[1]
    counts = []
    for number in (1, 3):
        edition = make_edition(f"team-{number}")
        owner = make_member(edition, Role.OWNER)
        for _member in range(number):
            make_member(edition, Role.JUDGE)
        client.force_login(owner.user)
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("edition:team", args=[edition.slug]))
        counts.append(len(made))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("key", sorted(path.stem for path in (FOLDER / "blueprints").glob("*.toml")))
def test_every_blueprint_makes_an_edition_whose_pages_stand(client, key):
    """With rounds and awards or without: what the public and the desk find in the menus is there, in both languages."""
    owner = make_user()
    opens = (timezone.now() - timedelta(days=3)).date()
    edition = make_whole_edition(plan=named(key), slug="spring", opens=opens, owner=owner, public=True)
    for language in ("en", "zh-hans"):
        client.logout()
        assert edition.name["zh" if language == "zh-hans" else "en"] in text_of(
            client, "edition:front", "spring", language=language
        )
        client.force_login(owner)
        desk = text_of(client, "judging:desk", "spring", language=language)
        for address in sorted(set(re.findall(r'href="(/spring/[^"?#]*)"', desk))):
            assert client.get(address).status_code == 200, address


def test_phases_stand_in_the_order_of_their_days_whenever_they_were_made():
    edition = make_edition("early")
    edition.phases.all().delete()
    now = timezone.now()
    made = [
        edition.phases.create(
            kind="jury", name={}, starts_at=now + timedelta(days=days), ends_at=now + timedelta(days=9)
        )
        for days in (5, 1, 3)
    ]
    for calendar in (calendar_of(edition.pk, now), calendars_of([edition.pk], now)[edition.pk]):
        assert [phase.pk for phase in calendar.phases] == [made[1].pk, made[2].pk, made[0].pk]
