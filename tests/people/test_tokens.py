"""Upload tokens: shown once, kept as a digest, and ended in every way that they must be."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.token_models import UploadToken
from festival.people.tokens import MOST, actor_with, make_token, revoke_token, tokens_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.make_user("Mira")


def test_made_on_the_page_and_shown_once(user: User) -> None:
    client = Client()
    client.force_login(user)
    page = client.post("/account/tokens/", {"token-name": "Laptop"})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    secret = re.search(r"<code>(firstlight-upload-[\w-]+)</code>", page.content.decode())[1]
    assert actor_with(secret, timezone.now()).user == user
    again = client.get("/account/").content.decode()
    assert "Laptop" in again
    assert secret not in again
    token = UploadToken.objects.get()
    assert secret not in [str(value) for value in vars(token).values()]
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert actor_with(secret, timezone.now()) is None
    assert "Laptop" not in client.get("/account/").content.decode()


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_token_needs_a_name(user: User, name: str) -> None:
    client = Client()
    client.force_login(user)
    assert client.post("/account/tokens/", {"token-name": name}).status_code == 400
    assert UploadToken.objects.count() == 0


def test_nobody_revokes_anothers(user: User) -> None:
    token, secret = make_token(by=actor_of(user), name="Laptop", at=timezone.now())
    rival = Client()
    rival.force_login(factories.make_user())
    assert rival.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert actor_with(secret, timezone.now()).user == user


def test_only_a_few_at_once(user: User) -> None:
    now = timezone.now()
    made = [make_token(by=actor_of(user), name=str(number), at=now)[0] for number in range(MOST)]
    with pytest.raises(Refused) as refused:
        make_token(by=actor_of(user), name="more", at=now)
    assert refused.value.code == "too_many_tokens"
    for _twice in range(2):
        revoke_token(token=made[0], at=now)
    assert make_token(by=actor_of(user), name="more", at=now)[0].name == "more"
    assert tokens_of(user, now).count() == MOST


def test_what_ends_it(user: User) -> None:
    now = timezone.now()
    _token, secret = make_token(by=actor_of(user), name="Laptop", at=now)
    assert actor_with(secret, now + timedelta(days=30, seconds=-1)).user == user
    assert actor_with(secret, now + timedelta(days=30)) is None
    assert actor_with(secret + "x", now) is None
    assert actor_with("", now) is None
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert actor_with(secret, now) is None
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert actor_with(secret, now).user == user
    user.set_password("another long password")
    user.save()
    assert actor_with(secret, now) is None
    assert list(tokens_of(user, now)) == []


def test_it_has_no_role_and_its_use_is_noted_hourly(user: User) -> None:
    edition = factories.make_edition(owner=user)
    now = timezone.now()
    _token, secret = make_token(by=actor_of(user), name="Laptop", at=now)
    assert actor_of(user).has_any(edition)
    assert not actor_with(secret, now).has_any(edition)
    for later, noted in ((0, 0), (30, 0), (60, 60)):
        actor_with(secret, now + timedelta(minutes=later))
        assert UploadToken.objects.get().used_at == now + timedelta(minutes=noted)
