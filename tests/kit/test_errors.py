"""Refusals as pages, and the way back after logging in."""

import pytest
from django.urls import reverse

from festival.people.roles import Role
from tests.factories import make_edition, make_entry, make_member, make_round, make_user

pytestmark = pytest.mark.django_db


def test_an_address_for_forms_says_so_when_it_is_opened(client):
    entry = make_entry(make_edition(), state="draft")
    client.force_login(entry.entrant)
    answer = client.get(reverse("submissions:submit", args=[entry.code]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "it takes what a form sends" in answer.content.decode()
    answer = client.get("/uploads/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (405, "method")


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/entries/ABC/?x=1", "/entries/ABC/%3Fx%3D1"),
        ("https://evil.example/entries/ABC/", "/"),
        ("http://testserver//evil.example/", "/evil.example/"),
        ("", "/"),
    ],
)
def test_who_was_logged_out_comes_back_to_the_page_of_the_form(client, referer, back):
    url = reverse("submissions:submit", args=["ABC"])
    answer = client.post(url, headers={"Referer": referer} if referer else {})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next={back}"


def test_a_part_that_refreshes_itself_loads_the_whole_page(client):
    answer = client.get(reverse("submissions:entry", args=["ABC"]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (200, "true", b"")


CLOSE = "/spring/desk/rounds/jury/close/"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/spring/desk/rounds/jury/", "/spring/desk/rounds/jury/"),
        (f"http://testserver{CLOSE}", CLOSE),  # the form's own page says now that the round is not open
        ("https://evil.example/spring/", "/"),
        ("", "/"),
    ],
)
def test_who_was_refused_comes_back_to_the_page_of_the_form(client, referer, back):
    edition = make_edition("spring")
    make_round(edition)
    client.force_login(make_member(edition, Role.CHAIR).user)
    answer = client.post(CLOSE, headers={"Referer": referer} if referer else {})
    assert answer.status_code == 409
    assert f'class="button button--primary" href="{back}"' in answer.content.decode()


def test_an_address_that_was_refused_does_not_lead_to_itself(client):
    url = reverse("submissions:submit", args=["ABC"])
    client.force_login(make_user())
    answer = client.get(url, headers={"Referer": f"http://testserver{url}"})
    assert (answer.status_code, f'href="{url}"' in answer.content.decode()) == (405, False)
