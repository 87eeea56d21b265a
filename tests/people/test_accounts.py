"""Accounts as people meet them: allauth's pages with our words, real letters, real second factors."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from festival.people.actor import STRANGER, Actor, actor_of
from festival.people.backends import AccountBackend
from festival.people.models import User
from festival.people.roles import ALSO, Role
from tests.factories import PASSWORD, make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://\S+")


def path_in(text: str) -> str:
    """The path of the one link in a letter."""
    (link,) = LINK.findall(text)
    return "/" + link.split("/", 3)[3]


def confirmed(language: str = "en", **fields: object) -> User:
    user = make_user(language=language, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def log_in(client: Client, user: User, password: str = PASSWORD, **more: str):
    return client.post("/accounts/login/", {"login": user.email, "password": password, **more})


# --- Signing up and logging in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("en", "Please confirm your e-mail address", "Hello Wei Lan,"),
        ("zh-hans", "请确认您的邮箱", "Wei Lan，您好："),
    ],
)
def test_signing_up_confirming_and_being_in(mailoutbox, language: str, subject: str, greeting: str) -> None:
    client = Client(headers={"Accept-Language": language})
    form = {"name": "Wei Lan", "email": "Wei@Example.org", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post("/accounts/signup/?next=/entries/", form | {"next": "/entries/"})
    assert response.status_code == 302
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("wei@example.org", "Wei Lan", language)

    assert log_in(Client(), user).url == "/accounts/confirm-email/"  # not before the address is confirmed
    letter = mailoutbox[0]
    assert (letter.to, letter.subject) == (["wei@example.org"], subject)
    assert letter.body.startswith(greeting)

    confirm = path_in(letter.body)
    assert client.get(confirm).status_code == 200
    assert not EmailAddress.objects.get().verified  # looking is not confirming: mail scanners look too
    assert client.post(confirm).url == "/entries/"
    assert EmailAddress.objects.get().verified
    assert client.get("/entries/").status_code == 200
    assert log_in(Client(), user, next="/entries/").url == "/entries/"


def test_an_address_signs_up_once_and_a_second_try_is_told_by_mail_alone(mailoutbox) -> None:
    user = confirmed()
    form = {
        "name": "Other",
        "email": user.email.upper(),
        "password1": "another password",
        "password2": "another password",
    }
    response = Client().post("/accounts/signup/", form)
    assert response.url == "/accounts/confirm-email/"  # the page does not say that the address is known
    assert User.objects.count() == 1
    assert [letter.subject for letter in mailoutbox] == ["You already have an account"]
    assert path_in(mailoutbox[0].body) == "/accounts/password/reset/"


def test_a_name_is_asked_for() -> None:
    form = {"name": "", "email": "a@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert Client().post("/accounts/signup/", form).status_code == 200
    assert not User.objects.exists()


def test_a_wrong_password_and_a_closed_account_stay_out() -> None:
    user = confirmed()
    assert log_in(Client(), user, "not the password").status_code == 200
    User.objects.update(is_active=False)
    client = Client()
    assert log_in(client, user).url == "/accounts/inactive/"
    assert client.get("/entries/").url.startswith("/accounts/login/")


def test_a_closed_account_is_out_at_once() -> None:
    user, client = confirmed(), Client()
    log_in(client, user)
    assert client.get("/entries/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/entries/").url.startswith("/accounts/login/")


# --- A lost password ----------------------------------------------------------------------------------------


def test_a_lost_password_is_replaced_by_letter(mailoutbox) -> None:
    user, client = confirmed(), Client()
    assert client.post("/accounts/password/reset/", {"email": user.email}).status_code == 302
    (letter,) = mailoutbox
    assert letter.subject == "A new password for your account"
    page = client.get(path_in(letter.body), follow=True)
    new = {"password1": "a new long password", "password2": "a new long password"}
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    assert log_in(Client(), user).status_code == 200
    assert log_in(Client(), user, "a new long password").status_code == 302
    used = Client().get(path_in(letter.body), follow=True).content.decode()
    assert 'name="password1"' not in used  # the link works once


def test_a_lost_password_of_nobody_is_answered_by_letter(mailoutbox) -> None:
    Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == (["nobody@example.org"], "There is no account with this address")
    assert path_in(letter.body) == "/accounts/signup/"


# --- The second step ----------------------------------------------------------------------------------------


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.mark.django_db(transaction=True)
def test_two_step_log_in_with_app_and_recovery_code(mailoutbox) -> None:
    user, client = confirmed(), Client()
    log_in(client, user)
    activate = "/accounts/2fa/totp/activate/"
    ask_again = client.get(activate).url  # whoever finds an open browser cannot lock its owner out
    assert ask_again.startswith("/accounts/reauthenticate/")
    assert client.post(ask_again, {"password": PASSWORD}).url == activate
    page = client.get(activate)
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    assert client.post(activate, {"code": code_for(secret)}).status_code == 302
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert 'badge--pass">On' in client.get("/account/").content.decode()

    for answer in ("000000", codes[0]):
        fresh = Client()
        assert log_in(fresh, user).url == "/accounts/2fa/authenticate/"
        assert fresh.get("/entries/").status_code == 302  # the password alone opens nothing
        passed = fresh.post("/accounts/2fa/authenticate/", {"code": answer}).status_code == 302
        assert passed == (answer == codes[0])
        assert (fresh.get("/entries/").status_code == 200) == passed
    assert [letter.subject for letter in mailoutbox] == ["Two-step log-in switched on"]
    assert "If this was not you" in mailoutbox[0].body


# --- The account page and the language ----------------------------------------------------------------------


def test_name_and_language_are_saved() -> None:
    user, client = confirmed(name="Before"), Client()
    client.force_login(user)
    assert client.post("/account/", {"name": "", "language": "zh-hans"}).status_code == 400
    assert client.post("/account/", {"name": "After", "language": "xx"}).status_code == 400
    assert client.post("/account/", {"name": "After", "language": "zh-hans"}).url == "/account/"
    user.refresh_from_db()
    assert (user.name, user.language) == ("After", "zh-hans")
    page = client.get("/account/").content.decode()
    assert '<html lang="zh-hans">' in page and "已保存。" in page


def language_of(client: Client, path: str = "/accounts/login/") -> str:
    return re.search(r'<html lang="([\w-]+)"', client.get(path).content.decode())[1]


def test_a_stranger_switches_by_cookie() -> None:
    client = Client()
    assert language_of(client) == "en"
    response = client.post("/account/language/", {"language": "zh-hans", "next": "/accounts/login/"})
    assert response.url == "/accounts/login/"
    assert language_of(client) == "zh-hans"
    client.post("/account/language/", {"language": "klingon", "next": "/accounts/login/"})
    assert language_of(client) == "zh-hans"


def test_the_switch_leads_nowhere_else() -> None:
    response = Client().post("/account/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response.url == "/"


def test_a_switch_of_somebody_signed_in_is_kept_on_the_account() -> None:
    user, client = confirmed(), Client()
    client.force_login(user)
    client.post("/account/language/", {"language": "zh-hans", "next": "/entries/"})
    user.refresh_from_db()
    assert user.language == "zh-hans"
    other_browser = Client()
    other_browser.force_login(user)
    assert language_of(other_browser, "/entries/") == "zh-hans"


def test_the_accounts_language_holds_until_another_is_chosen() -> None:
    user = confirmed(language="zh-hans")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    assert language_of(client, "/entries/") == "zh-hans"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert language_of(client, "/entries/") == "en"


# --- Who is asking ------------------------------------------------------------------------------------------


def test_the_actor_with_all_roles_is_one_query(rf: RequestFactory) -> None:
    user = make_user()
    for _number in range(3):
        edition = make_edition()
        for role in (Role.TECHNICIAN, Role.JUDGE):
            edition.memberships.create(user=user, role=role)
    with CaptureQueriesContext(connection) as asked:
        actor = actor_of(AccountBackend().get_user(user.pk))
        assert {len(names) for names in actor.roles.values()} == {2} and len(actor.roles) == 3
        assert actor.has(edition, Role.TECHNICIAN) and not actor.has(edition, Role.ORGANISER)
    assert len(asked) == 1


def test_a_stranger_costs_no_query() -> None:
    client = Client()
    client.get("/accounts/login/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/accounts/login/").status_code == 200
    assert len(asked) == 0


def test_roles_include_what_the_table_says_and_only_there() -> None:
    edition, other = make_edition(), make_edition()
    for held in Role:
        actor = make_member(edition, held)
        may = {role for role in Role if actor.has(edition, role)}
        assert may == {held} | {role for role in Role if held in ALSO[role]}
        assert not any(actor.has(other, role) for role in Role)
    assert Actor() == STRANGER and not STRANGER.known
