"""Where credits are read: the desk, its downloads, the catalogue and the film's page; never by a judge."""

import csv
import html
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from festival.catalogue.models import Film
from festival.edition.actions import add_member
from festival.edition.form_actions import change_form
from festival.edition.form_rules import CreditRules, FormRules, FormRulesError, LimitRules, read_form
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging.models import Look
from submissions.catalogue import write_films
from submissions.credit_people import Person
from submissions.models import Entry, RepresentativeIdentity
from tests.factories import (
    make_credits,
    make_edition,
    make_entry,
    make_inspection,
    make_invitation,
    make_member,
    make_round,
)

pytestmark = pytest.mark.django_db

ANN = Person(
    name="Ann Lee", name_other="李安", roles=("director", "cast"), is_self=True, is_representative=True
)
BO = Person(name="张博", roles=("music", "other"), role_other="Foley", email="bo@example.org")
CY = Person(name="Cy =1+1", roles=("cast",))


@pytest.fixture
def edition() -> Edition:
    return make_edition(blind=False)


@pytest.fixture
def entry(edition: Edition) -> Entry:
    entry = make_entry(edition, title="Lamp")
    make_inspection(entry)
    make_credits(entry, ANN, BO, CY)
    make_invitation(entry, BO.email)
    now = timezone.now()
    RepresentativeIdentity.objects.create(
        entry=entry, legal_name="Lee Ann Marie", document="passport", by=entry.entrant, at=now
    )
    return entry


def as_member(edition: Edition, *roles: Role) -> Client:
    member = make_member(edition, roles[0])
    for role in roles[1:]:
        add_member(edition=edition, user=member.user, role=role)
    client = Client()
    client.force_login(member.user)
    return client


def said(response: Any) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


# --- The desk -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "address", "legal"),
    [
        ((Role.ORGANISER,), True, True),
        ((Role.OWNER,), True, True),
        ((Role.TECHNICIAN,), False, False),
        ((Role.ORGANISER, Role.JUDGE), True, False),
    ],
)
def test_the_desk_reads_credits_and_organisers_alone_addresses_and_legal_names(
    edition: Edition, entry: Entry, roles: tuple[Role, ...], address: bool, legal: bool
) -> None:
    page = said(as_member(edition, *roles).get(f"/{edition.slug}/desk/entries/{entry.code}/"))
    assert "张博" in page and "Music, Foley" in page and "Asked" in page
    assert ("bo@example.org" in page, "Lee Ann Marie" in page) == (address, legal)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.TECHNICIAN])
def test_a_download_holds_the_credits_and_for_organisers_the_address(
    edition: Edition, entry: Entry, role: Role
) -> None:
    entry.entrant.email = "ann@example.org"
    entry.entrant.save()
    query = "format=csv&column=credits&column=representative&column=representative_email"
    answer = as_member(edition, role).get(f"/{edition.slug}/desk/entries/download/?{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    _head, row = csv.reader(io.StringIO(text, newline=""))
    assert row == [
        "Ann Lee (Direction, Cast); 张博 (Music, Foley); Cy =1+1 (Cast)",
        "Ann Lee",
        *(["ann@example.org"] if role == Role.ORGANISER else []),
    ]
    assert "Marie" not in text


def test_a_download_asks_no_more_for_more_people(edition: Edition, entry: Entry) -> None:
    client, counts = as_member(edition, Role.ORGANISER), []
    for number in (0, 5):
        for more in range(number):
            film = make_entry(edition)
            make_credits(film, *[Person(name=f"P{more}-{one}", roles=("cast",)) for one in range(4)])
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/{edition.slug}/desk/entries/download/?format=csv&column=credits")
            assert b"".join(answer.streaming_content)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_organiser_says_what_the_credits_must_hold(edition: Edition) -> None:
    limits = LimitRules(per_person=3)
    Edition.objects.filter(pk=edition.pk).update(form=FormRules(limits=limits).as_data())
    client, path = as_member(edition, Role.ORGANISER), f"/{edition.slug}/desk/form/credits/"
    assert "Nobody has to be named beyond the direction." in said(client.get(path))
    given = {
        "roles": ["music", "director"],
        "team_least": 2,
        "team_most": 8,
        "age_least": 18,
        "confirm": "on",
    }
    assert client.post(path, given).url == path
    edition.refresh_from_db()
    rules = CreditRules(roles=("director", "music"), team_least=2, team_most=8, confirm=True, age_least=18)
    assert read_form(edition.form) == FormRules(credits=rules, limits=limits)
    page = said(client.get(path))
    assert "Somebody is named for: Direction, Music." in page and "The team has 2 to 8 people." in page
    for wrong in (
        {"team_least": 9},
        {"team_most": 51},
        {"age_least": -1},
        {"roles": ["king"]},
        {"team_least": ""},
    ):
        assert client.post(path, given | wrong).status_code == 400
    edition.refresh_from_db()
    assert read_form(edition.form).credits == rules


def test_the_form_is_changed_by_organisers_and_stays_one_that_can_be_read(edition: Edition) -> None:
    with pytest.raises(Refused):
        change_form(
            edition=edition,
            by=make_member(edition, Role.TECHNICIAN),
            at=timezone.now(),
            credits=CreditRules(),
        )
    with pytest.raises(FormRulesError):
        change_form(
            edition=edition,
            by=make_member(edition, Role.OWNER),
            at=timezone.now(),
            credits=CreditRules(team_most=51),
        )


# --- The catalogue ------------------------------------------------------------------------------------------


def test_a_selected_film_takes_its_credits_along_and_nothing_else(entry: Entry, client: Client) -> None:
    film = write_films(entries=[entry])[entry.pk]
    assert film.credits == [
        {"role": "director", "name": "Ann Lee", "other_name": "李安"},
        {"role": "cast", "name": "Ann Lee", "other_name": "李安"},
        {"role": "music", "name": "张博"},
        {"role": "other", "name": "张博", "work": "Foley"},
        {"role": "cast", "name": "Cy =1+1"},
    ]
    assert film.directors == "Ann Lee"
    make_credits(entry)  # what was printed stays
    Film.objects.update(published_at=timezone.now())
    page = said(client.get(f"/{entry.edition.slug}/films/{film.code}/"))
    assert "bo@example.org" not in page
    places = [
        page.index(f"<dt>{label}</dt>") for label in ("Direction", "Cast", "Music", "Foley", "Running time")
    ]
    assert places == sorted(places)
    with translation.override("zh-hans"):
        assert [role for role, _people in film.credit_groups] == ["导演", "演员", "音乐", "Foley"]
    assert [[person["name"] for person in people] for _role, people in film.credit_groups] == [
        ["Ann Lee"],
        ["Ann Lee", "Cy =1+1"],
        ["张博"],
        ["张博"],
    ]


def test_a_film_without_credits_keeps_the_director_it_names(edition: Edition) -> None:
    entry = make_entry(edition, director="Wei Lan")
    make_inspection(entry)
    make_credits(entry, CY, Person(roles=("voice",)))
    film = write_films(entries=[entry])[entry.pk]
    assert film.credits == [{"role": "director", "name": "Wei Lan"}, {"role": "cast", "name": "Cy =1+1"}]


def test_films_are_written_with_one_query_for_all_credits(edition: Edition) -> None:
    entries = [make_entry(edition) for _number in range(4)]
    for entry in entries:
        make_inspection(entry)
        make_credits(entry, ANN)
    with CaptureQueriesContext(connection) as asked:
        write_films(entries=entries)
    assert len([one for one in asked if "submissions_credit" in one["sql"]]) == 1


# --- The jury -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blind", [True, False])
def test_no_page_of_a_judge_asks_for_credits(edition: Edition, entry: Entry, blind: bool) -> None:
    Edition.objects.filter(pk=edition.pk).update(blind=blind)
    judge = make_member(edition, Role.JUDGE)
    round_ = make_round(edition, opened_at=timezone.now())
    round_.films.add(entry)
    look = Look.objects.create(round=round_, judge=judge.user, entry=entry, position=1)
    client = Client()
    client.force_login(judge.user)
    for path in (
        f"/{edition.slug}/jury/",
        f"/{edition.slug}/jury/{round_.slug}/",
        f"/looks/{look.pk}/",
    ):
        with CaptureQueriesContext(connection) as asked:
            page = said(client.get(path))
        assert [one["sql"] for one in asked if "credit" in one["sql"] or "identity" in one["sql"]] == []
        assert "张博" not in page and "Marie" not in page
    assert client.get(f"/entries/{entry.code}/").status_code == 404
