"""Invitations to the team: sent, answered once, withdrawn, reminded of; and what their links give away."""

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.edition.models import Edition, Membership
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.roles import Role
from festival.post.models import Notice, Template
from festival.post.words import render
from festival.team import actions, letters
from festival.team.links import token_of
from festival.team.models import Invitation
from festival.team.people_list import Person
from tests.factories import make_edition, make_member, make_team_invitation, make_user

pytestmark = pytest.mark.django_db
MARA = "mara@example.org"
PASSWORDS = {"password1": "a long password 7", "password2": "a long password 7"}


@pytest.fixture
def edition() -> Edition:
    return make_edition("spring")


@pytest.fixture
def organiser(edition: Edition) -> Actor:
    return make_member(edition, Role.ORGANISER, "Olga")


def invite(edition: Edition, by: Actor, *emails: str, **more: Any) -> list[Invitation]:
    at = more.pop("at", timezone.now())
    usual = {"role": "judge", "language": "en", "message": "", "answer_by": at + timedelta(days=10)}
    people = [Person(email, email.split("@")[0].title()) for email in emails or (MARA,)]
    return actions.invite(edition=edition, people=people, by=by, at=at, **usual | more)


def opened(row: Invitation, client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.get(reverse("team:link", args=[token_of(row)]))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/join/")
    return client


def refusal_of(doing: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        doing()
    return refused.value.status, refused.value.code


def told(user: Any) -> list[tuple[str, str]]:
    return [(row.kind, render(row).body) for row in Notice.objects.filter(user=user)]


def test_everybody_gets_a_letter_of_her_own_in_her_language(
    edition: Edition, organiser: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        rows = invite(edition, organiser, MARA, "li@example.org", language="zh-hans", message="盼复。")
    assert [one.to for one in mail.outbox] == [[MARA], ["li@example.org"]]
    assert "盼复。" in mail.outbox[0].body and "诚邀您参与" in mail.outbox[0].body
    for row, one in zip(rows, mail.outbox, strict=True):
        assert re.findall(r"/join/([^/]+)/", one.body) == [token_of(row)]
    row = Invitation.objects.get(email=MARA)
    assert row.mailed_at is not None
    letters.send(row.pk, at=timezone.now())
    assert len(mail.outbox) == 2


def test_the_edition_has_words_of_its_own(edition: Edition, organiser: Actor) -> None:
    (row,) = invite(edition, organiser)
    Template.objects.create(
        edition=edition, kind="team_invitation", number=1, by=organiser.user, at=timezone.now(),
        subject={"en": "Come, {name}", "zh": "来"}, body={"en": "{role}: {link} {deadline}", "zh": "{link}"},
    )  # fmt: skip
    letters.send(row.pk, at=timezone.now())
    assert mail.outbox[0].subject == "Come, Mara"
    first = mail.outbox[0].body.splitlines()[0]
    assert first.startswith(f"Judge: {settings.SITE_URL}/join/{token_of(row)}/ ")


def test_nothing_is_half_written(edition: Edition, organiser: Actor) -> None:
    member = make_member(edition, Role.JUDGE)
    status = refusal_of(lambda: invite(edition, organiser, MARA, member.user.email))
    assert (status, Invitation.objects.count()) == ((400, "faults"), 0)
    invite(edition, organiser)
    assert refusal_of(lambda: invite(edition, organiser)) == (400, "faults")
    assert refusal_of(lambda: invite(edition, organiser, "x@example.org", answer_by=timezone.now())) == (
        400,
        "faults",
    )


def test_who_may_invite_whom(edition: Edition, organiser: Actor) -> None:
    chair = make_member(edition, Role.CHAIR)
    invite(edition, chair, "one@example.org")
    for by, role in (
        (chair, "organiser"),
        (organiser, "owner"),
        (make_member(edition, Role.JUDGE), "judge"),
        (make_member(make_edition(), Role.OWNER), "judge"),
    ):
        assert refusal_of(lambda by=by, role=role: invite(edition, by, role=role)) == (403, "not_allowed")  # type: ignore[misc]
    invite(edition, organiser, role="technician")
    technician = Invitation.objects.get(role="technician")
    client = Client()
    client.force_login(chair.user)
    page = client.get(reverse("team:invitations", args=["spring"])).content.decode()
    assert "one@example.org" in page and MARA not in page
    for name in ("again", "withdraw"):
        assert client.post(reverse(f"team:{name}", args=["spring", technician.pk])).status_code == 404


def test_the_token_is_neither_kept_nor_logged(
    edition: Edition, organiser: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    (row,) = invite(edition, organiser)
    token = token_of(row)
    kept = json.dumps([model_to_dict(Invitation.objects.get()), list(Notice.objects.values())], default=str)
    assert token not in kept
    with caplog.at_level(logging.DEBUG):
        letters.send(row.pk, at=timezone.now())
        client = opened(row, Client(enforce_csrf_checks=True))
        assert (
            client.post(reverse("team:decline")).status_code == 403
        )  # no CSRF token: Django logs the address
        assert client.get(reverse("team:invitation")).status_code == 200
    assert "/join/decline/" in caplog.text
    assert token not in caplog.text
    assert token not in json.dumps(dict(client.session.items()))
    assert token in mail.outbox[0].body


def test_a_wrong_an_old_and_a_withdrawn_link_read_the_same(edition: Edition, organiser: Actor) -> None:
    (row,) = invite(edition, organiser)
    wrong = Client().get(reverse("team:link", args=["x" * 32]))
    old = token_of(row)
    actions.send_again(
        invitation=row,
        answer_by=row.answer_by,
        by=organiser,
        at=timezone.now() + timedelta(hours=2),
    )
    replaced = Client().get(reverse("team:link", args=[old]))
    fresh = Invitation.objects.get()
    client = opened(fresh)
    actions.withdraw(invitation=fresh, by=organiser)
    withdrawn = client.get(reverse("team:link", args=[token_of(fresh)]))
    pages = [wrong, replaced, withdrawn, client.get("/join/"), Client().get("/join/")]
    assert [page.status_code for page in pages] == [404] * 5
    for page in pages:
        text = page.content.decode()
        assert "This link leads to no open invitation." in text
        assert MARA not in text and "spring" not in text
    assert client.post(reverse("team:decline")).status_code == 404
    assert Invitation.objects.get().state == "withdrawn"


def test_a_stranger_declines_without_an_account(edition: Edition, organiser: Actor) -> None:
    (row,) = invite(edition, organiser)
    client = opened(row)
    page = client.post(reverse("team:decline"), {"reason": "time", "words": "In June I shoot."})
    assert (page.status_code, "You have declined" in page.content.decode()) == (200, True)
    fresh = Invitation.objects.get()
    assert (fresh.state, fresh.reason, fresh.words, fresh.user) == (
        "declined",
        "time",
        "In June I shoot.",
        None,
    )
    ((kind, body),) = told(organiser.user)
    assert kind == "team_declined"
    assert "Mara has declined" in body
    assert "The reason: no time in these weeks. In June I shoot." in body
    over = opened(row).get("/join/")
    assert (over.status_code, MARA in over.content.decode()) == (410, False)
    assert not Membership.objects.filter(role="judge").exists()


def test_she_makes_an_account_and_her_address_counts_as_confirmed(edition: Edition, organiser: Actor) -> None:
    (row,) = invite(edition, organiser)
    client = opened(row)
    given = {
        "name": "Mara",
        "email": MARA,
        "password1": "a long password 7",
        "password2": "a long password 7",
    }
    answer = client.post(f"{reverse('account_signup')}?next=/join/", {**given, "next": "/join/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/join/")
    assert EmailAddress.objects.get(email=MARA).verified
    answer = client.post(reverse("team:accept"))
    assert answer.headers["Location"] == reverse("judging:availability", args=["spring"])
    assert client.get(answer.headers["Location"]).status_code == 200
    assert Membership.objects.get(role="judge").user.email == MARA
    assert told(organiser.user)[0][0] == "team_accepted"
    assert client.get("/join/").status_code == 404


def test_another_address_is_not_confirmed_by_the_link(edition: Edition, organiser: Actor) -> None:
    client = opened(invite(edition, organiser)[0])
    given = {"name": "M", "email": "else@example.org", **PASSWORDS}  # fmt: skip
    client.post(reverse("account_signup"), given)
    assert not EmailAddress.objects.get(email="else@example.org").verified


def test_another_account_accepts_only_when_it_says_so(edition: Edition, organiser: Actor) -> None:
    (row,) = invite(edition, organiser)
    other = make_user("Other", email="other@example.org")
    client = Client()
    client.force_login(other)
    opened(row, client)
    page = client.get("/join/").content.decode()
    assert MARA in page and "you are logged in as other@example.org" in page
    for body in ({}, {"account": other.email}, {"other": "1"}, {"other": "1", "account": MARA}):
        assert client.post(reverse("team:accept"), body).status_code == 409
    assert not Membership.objects.filter(user=other).exists()
    answer = client.post(reverse("team:accept"), {"other": "1", "account": other.email})
    assert answer.status_code == 302
    assert Membership.objects.get(user=other).role == "judge"
    client.force_login(organiser.user)
    page = client.get(reverse("edition:team", args=["spring"])).content.decode()
    assert "with the account other@example.org" in page


def test_a_confirmed_second_address_fits(edition: Edition, organiser: Actor) -> None:
    user = make_user("Mara", email="first@example.org")
    EmailAddress.objects.create(user=user, email=MARA, verified=False)
    (row,) = invite(edition, organiser)
    accept = lambda: actions.accept(invitation=row, by=actor_of(user), at=timezone.now())  # noqa: E731
    assert refusal_of(accept) == (409, "other_account")
    EmailAddress.objects.update(verified=True)
    assert accept().state == "accepted"


def test_one_answer_and_none_too_late(edition: Edition, organiser: Actor) -> None:
    at, mara = timezone.now(), actor_of(make_user(email=MARA))
    (row,) = invite(edition, organiser)
    late = row.answer_by
    assert refusal_of(lambda: actions.accept(invitation=row, by=mara, at=late)) == (410, "over")
    assert refusal_of(lambda: actions.decline(invitation=row, at=late)) == (410, "over")
    actions.accept(invitation=row, by=mara, at=at)
    assert refusal_of(lambda: actions.accept(invitation=row, by=mara, at=at)) == (410, "over")
    assert refusal_of(lambda: actions.decline(invitation=row, at=at)) == (410, "over")
    assert refusal_of(lambda: actions.withdraw(invitation=row, by=organiser)) == (409, "answered")
    assert refusal_of(lambda: invite(edition, organiser)) == (400, "faults")


def test_sending_again_is_limited_and_gives_more_time(edition: Edition, organiser: Actor) -> None:
    at = timezone.now()
    (row,) = invite(edition, organiser, at=at)

    def again(hours: int) -> Invitation:
        when = at + timedelta(hours=hours)
        return actions.send_again(invitation=row, answer_by=when + timedelta(days=30), by=organiser, at=when)

    assert refusal_of(lambda: again(0)) == (429, "too_soon")
    assert again(2).answer_by == at + timedelta(days=30, hours=2)
    for hours in (4, 6, 8, 10):
        again(hours)
    assert refusal_of(lambda: again(12)) == (429, "too_many_letters")


def test_an_address_is_not_flooded(edition: Edition, organiser: Actor) -> None:
    for _number in range(actions.MOST_TO_ADDRESS):
        place = make_edition()
        invite(place, make_member(place, Role.ORGANISER))
    assert refusal_of(lambda: invite(edition, organiser)) == (400, "faults")


def test_somebody_else_in_her_place(edition: Edition, organiser: Actor) -> None:
    (row,) = invite(edition, organiser, message="Please.")
    client = Client()
    client.force_login(organiser.user)
    url = reverse("team:invite", args=["spring"])
    assert "Please." in client.get(f"{url}?instead={row.pk}").content.decode()
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    body = {
        "people": "Nia <nia@example.org>",
        "role": "judge",
        "language": "en",
        "answer_by": day,
        "instead": row.pk,
    }
    shown = client.post(url, {**body, "preview": "1"})
    assert (shown.status_code, "Hello Nia" in shown.content.decode()) == (200, True)
    assert token_of(row) not in shown.content.decode()
    assert client.post(url, {**body, "people": "a@x.org\nb@x.org"}).status_code == 400
    assert Invitation.objects.count() == 1
    assert client.post(url, body).status_code == 302
    nia = Invitation.objects.get(email="nia@example.org")
    assert (nia.instead_of, nia.name, Invitation.objects.get(pk=row.pk).state) == (row, "Nia", "withdrawn")
    assert "in place of Mara" in client.get(reverse("team:invitations", args=["spring"])).content.decode()


def test_faults_stand_on_the_page_and_nothing_is_sent(edition: Edition, organiser: Actor) -> None:
    client = Client()
    client.force_login(organiser.user)
    body = {
        "people": "ok@example.org\nno address",
        "role": "judge",
        "language": "en",
        "answer_by": "2020-01-01",
    }
    page = client.post(reverse("team:invite", args=["spring"]), body)
    assert page.status_code == 400
    assert "Line 2: “no address” is no e-mail address." in page.content.decode()
    page = client.post(reverse("team:invite", args=["spring"]), {**body, "people": "ok@example.org"})
    assert "Choose a day of the answer that has not passed." in page.content.decode()
    assert Invitation.objects.count() == 0


def test_one_reminder_before_the_day(edition: Edition, organiser: Actor) -> None:
    at = timezone.now()
    (row,) = invite(edition, organiser, at=at, answer_by=at + timedelta(days=10))
    letters.send(row.pk, at=at)
    token = token_of(row)
    assert letters.remind_invited(at=at + timedelta(days=6)) == 0
    when = at + timedelta(days=7, hours=1)
    assert letters.remind_invited(at=when) == 1
    assert letters.remind_invited(at=when) == 0
    letters.send(row.pk, at=when)
    assert "please answer by" in mail.outbox[1].subject
    assert f"/join/{token}/" in mail.outbox[1].body
    actions.decline(invitation=Invitation.objects.get(), at=when)
    letters.send(row.pk, at=when)
    assert letters.send_lost(at=when + timedelta(days=1)) == 0
    assert len(mail.outbox) == 2


def test_a_lost_letter_is_sent_again(edition: Edition, organiser: Actor) -> None:
    at = timezone.now()
    invite(edition, organiser, at=at)
    assert letters.send_lost(at=at) == 0
    assert letters.send_lost(at=at + timedelta(hours=1)) == 1


def test_who_left_the_team_is_not_told(edition: Edition, organiser: Actor) -> None:
    owner = make_member(edition, Role.OWNER)
    (row,) = invite(edition, organiser)
    Membership.objects.filter(user=organiser.user).delete()
    actions.decline(invitation=row, at=timezone.now())
    assert (told(organiser.user), len(told(owner.user))) == ([], 1)


def test_the_overview_names_what_nobody_answered(edition: Edition) -> None:
    owner = make_member(edition, Role.OWNER)
    past = timezone.now() - timedelta(days=1)
    made = {"created_at": past - timedelta(days=9), "answer_by": past}
    for _number in range(2):
        make_team_invitation(edition, by=owner.user, **made)
    client = Client()
    client.force_login(owner.user)
    page = client.get(reverse("judging:desk", args=["spring"])).content.decode()
    assert "2 invitations were not answered in time." in page
    assert "No answer" in client.get(reverse("edition:team", args=["spring"])).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "accepted"},
        {"state": "declined"},
        {"state": "lost"},
        {"role": "owner"},
        {"email": "Big@example.org"},
        {"words": "but open"},
        {"state": "open", "answered_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_cannot_be(
    edition: Edition, organiser: Actor, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_team_invitation(edition, by=organiser.user, **wrong)


def test_one_open_question_to_an_address(edition: Edition, organiser: Actor) -> None:
    make_team_invitation(edition, by=organiser.user, email=MARA)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_team_invitation(edition, by=organiser.user, email=MARA)
