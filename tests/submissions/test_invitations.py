"""Co-authors asked by mail: the letter, its link, the answer, and how many letters may be written."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from festival.edition.form_rules import CreditRules, FormRules
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from submissions import invitation_actions, letter_job, permissions, signed_letters
from submissions.credit_people import Person, people_of
from submissions.models import CreditDeclaration, CreditInvitation, Entry
from submissions.signed_letters import harmless, token_of
from tests.factories import (
    make_co_author,
    make_credits,
    make_draft,
    make_edition,
    make_entry,
    make_invitation,
    make_member,
    make_offer,
    make_user,
)

pytestmark = pytest.mark.django_db

ANN = Person(name="Ann Lee", roles=("director",), is_self=True, is_representative=True)
BO = Person(name="Bo Zhang", roles=("music", "other"), role_other="Foley", email="bo@example.org")
LINK = re.compile(r"http://\S+(/entries/invitation/[\w-]{32}/)")


@pytest.fixture
def entry() -> Entry:
    edition = make_edition(call_open=True)
    entry = make_draft(edition, make_user("Ann Lee"), title="Lamp")
    make_credits(entry, ANN, BO)
    return entry


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(response: Any) -> str:
    return html.unescape(response.content.decode())


def invite(entry: Entry, email: str = BO.email, **more: Any) -> CreditInvitation:
    given = {"language": "en", "by": actor_of(entry.entrant), "at": timezone.now()} | more
    return invitation_actions.invite(entry=entry, email=email, **given)


def refused(call: Any) -> tuple[str, int]:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code, refusal.value.status


def post(entry: Entry, path: str, **data: Any) -> Any:
    return client_of(entry.entrant).post(f"/entries/{entry.code}/credits/{path}/", data)


# --- The letter ---------------------------------------------------------------------------------------------


def test_the_letter_names_film_sender_and_role_in_the_language_chosen(
    entry: Entry, django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert post(entry, "invite", email="BO@example.org", language="zh-hans").status_code == 302
    (letter,) = mailoutbox
    assert letter.to == ["bo@example.org"]
    assert letter.subject == "《Lamp》：是否同意署名？"
    assert "Ann Lee以影片《Lamp》报名参加首映" in letter.body
    assert "Bo Zhang：音乐、Foley" in letter.body
    row = CreditInvitation.objects.get()
    assert LINK.search(letter.body).group(1) == f"/entries/invitation/{token_of(row)}/"
    assert row.mailed_at is not None and row.letters == 1
    assert token_of(row) not in str(CreditInvitation.objects.values())
    assert [event.kind for event in entry.events.all()] == ["credit_invited"]


def test_a_letter_goes_out_once_however_often_the_worker_starts(entry: Entry, mailoutbox: list[Any]) -> None:
    row = invite(entry)
    for _run in range(3):
        letter_job.send_invitation(str(row.pk))
    assert len(mailoutbox) == 1
    assert letter_job.remind(at=timezone.now() + timedelta(hours=1)) == 0


def test_a_lost_task_is_found_by_the_reaper(entry: Entry, mailoutbox: list[Any]) -> None:
    invite(entry)
    make_offer(entry, "dee@example.org")
    assert letter_job.remind(at=timezone.now()) == 0
    assert letter_job.remind(at=timezone.now() + timedelta(hours=1)) == 2
    assert letter_job.remind(at=timezone.now() + timedelta(days=31)) == 0


@pytest.mark.parametrize("what", ["taken out", "answered", "taken back", "withdrawn"])
def test_no_letter_to_whom_it_no_longer_concerns(entry: Entry, what: str, mailoutbox: list[Any]) -> None:
    row = invite(entry)
    if what == "taken out":
        make_credits(entry, ANN)
    if what == "answered":
        invitation_actions.accept(invitation=row, by=actor_of(make_user()), at=timezone.now())
    if what == "taken back":
        invitation_actions.revoke(entry=entry, email=BO.email, by=actor_of(entry.entrant), at=timezone.now())
    if what == "withdrawn":
        Entry.objects.filter(pk=entry.pk).update(state="withdrawn")
    letter_job.send_invitation(str(row.pk))
    assert BO.email not in [to for letter in mailoutbox for to in letter.to]


def test_a_mail_server_that_is_away_is_tried_again_and_then_given_up(
    entry: Entry, settings: Any, mailoutbox: list[Any]
) -> None:
    """Nobody listens on this port."""
    row = invite(entry)
    away = {"host": "127.0.0.1", "port": 9, "timeout": 2}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    working, settings.MAILERS = settings.MAILERS, {"default": {"BACKEND": backend, "OPTIONS": away}}
    for _attempt in range(signed_letters.ATTEMPTS):
        row.refresh_from_db()
        assert (row.mailed_at, row.problem) == (None, "")
        letter_job.send_invitation(str(row.pk))
    row.refresh_from_db()
    assert (row.mailed_at, row.problem) == (None, "gave_up")
    settings.MAILERS = working
    assert letter_job.remind(at=timezone.now() + timedelta(hours=1)) == 0
    assert "Not delivered" in said(client_of(entry.entrant).get(f"/entries/{entry.code}/credits/"))
    invite(entry)  # the address may have been mended: it need not wait an hour
    row.refresh_from_db()
    assert (row.problem, row.letters) == ("", 2)


class Refusing:
    """A mail server that knows no such address."""

    def __init__(self, **_options: Any) -> None: ...

    def send_messages(self, messages: list[Any]) -> int:
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})


def test_an_address_that_takes_no_mail_is_told_at_once(entry: Entry, settings: Any) -> None:
    row = invite(entry)
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Refusing"}}
    letter_job.send_invitation(str(row.pk))
    row.refresh_from_db()
    assert (row.mailed_at, row.problem, row.attempts) == (None, "refused", 1)
    page = said(client_of(entry.entrant).get(f"/entries/{entry.code}/credits/"))
    assert "The address does not exist or takes no mail" in page and "Write again" in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann Lee", "Ann Lee"),
        ("J. R. R. Tolkien", "J. R. R. Tolkien"),
        ("win.evil.example", "win\u2024evil\u2024example"),
        ("https://evil.example/x", "https evil\u2024example/x"),
        ("me@evil.example", "me evil\u2024example"),
        ("Lamp\r\nBcc: all@example.org", "Lamp  Bcc: all example\u2024org"),
        ("x" * 300, "x" * 79 + "…"),
    ],
)
def test_a_name_makes_no_link_and_no_line_of_its_own_in_a_letter(name: str, shown: str) -> None:
    assert harmless(name) == shown


def test_the_senders_words_make_no_second_link(entry: Entry, mailoutbox: list[Any]) -> None:
    entry.title = "Win at https://evil.example now %(link)s"
    entry.save()
    User.objects.filter(pk=entry.entrant_id).update(name="<b>www.evil.example</b>")
    row = invite(entry)
    for language in ("en", "zh-hans"):
        CreditInvitation.objects.filter(pk=row.pk).update(language=language, mailed_at=None)
        letter_job.send_invitation(str(row.pk))
        assert re.findall(r"https?://[^/\s]+", mailoutbox[-1].body) == ["http://localhost:8000"]
        assert "evil.example" not in mailoutbox[-1].body + mailoutbox[-1].subject
        assert mailoutbox[-1].content_subtype == "plain"


# --- How many -----------------------------------------------------------------------------------------------


def test_the_same_person_is_not_written_to_again_at_once_nor_for_ever(entry: Entry) -> None:
    now = timezone.now()
    first = invite(entry, at=now)
    assert refused(lambda: invite(entry, at=now + timedelta(minutes=59))) == ("too_soon", 429)
    for hour in range(1, signed_letters.MOST_TO_ONE):
        again = invite(entry, at=now + timedelta(hours=hour))
        assert (again.pk, token_of(again)) == (first.pk, token_of(first))  # the same link
    assert refused(lambda: invite(entry, at=now + timedelta(days=9))) == ("too_many_letters", 429)


def test_taking_a_line_out_and_writing_it_anew_brings_no_more_letters(entry: Entry) -> None:
    now = timezone.now()
    invite(entry, at=now)
    make_credits(entry, ANN)
    make_credits(entry, ANN, BO)
    assert refused(lambda: invite(entry, at=now)) == ("too_soon", 429)


@pytest.mark.parametrize("limit", ["MOST_OF_ENTRY", "MOST_OF_SENDER", "MOST_TO_ADDRESS"])
def test_a_days_letters_are_limited(entry: Entry, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_letters, limit, 2)
    now = timezone.now()
    others = [replace(BO, name=f"P{number}", email=f"p{number}@example.org") for number in range(3)]
    if limit == "MOST_OF_ENTRY":
        make_credits(entry, *others)
        asks = [(entry, person.email) for person in others]
    else:
        owner = entry.entrant if limit == "MOST_OF_SENDER" else None
        films = [make_draft(entry.edition, owner) for _number in range(3)]
        for film, person in zip(films, others, strict=True):
            make_credits(film, person if owner else BO)
        asks = [
            (film, person.email if owner else BO.email) for film, person in zip(films, others, strict=True)
        ]
    for film, email in asks[:2]:
        invite(film, email, at=now)
    film, email = asks[2]
    assert refused(lambda: invite(film, email, at=now)) == ("too_many_letters", 429)
    invite(film, email, at=now + timedelta(days=1, minutes=1))


def test_who_can_be_asked(entry: Entry) -> None:
    assert refused(lambda: invite(entry, "nobody@example.org")) == ("nobody", 404)
    assert refused(lambda: invite(entry, "")) == ("nobody", 404)
    assert refused(lambda: invite(entry, language="tlh")) == ("no_language", 400)
    assert refused(lambda: invite(entry, by=actor_of(make_user()))) == ("not_allowed", 403)
    make_credits(entry, replace(BO, name=""))
    assert refused(lambda: invite(entry)) == ("no_name", 400)
    make_credits(entry, replace(BO, email=entry.entrant.email))
    assert refused(lambda: invite(entry, entry.entrant.email)) == ("own_address", 400)
    make_credits(entry, BO)
    row = make_invitation(entry, BO.email, state="accepted")
    assert refused(lambda: invite(entry)) == ("agreed", 409)
    CreditInvitation.objects.filter(pk=row.pk).update(state="declined")
    assert refused(lambda: invite(entry)) == ("declined", 409)
    Entry.objects.filter(pk=entry.pk).update(state="withdrawn")
    assert refused(lambda: invite(entry)) == ("not_allowed", 403)


# --- The answer ---------------------------------------------------------------------------------------------


def test_the_link_is_read_by_everybody_and_answered_with_any_account(entry: Entry) -> None:
    path = f"/entries/invitation/{token_of(make_invitation(entry, BO.email))}/"
    page = said(Client().get(path))
    for part in (
        "“Lamp”",
        "Ann Lee",
        "Bo Zhang",
        "Music, Foley",
        "bo@example.org",
        f"/accounts/login/?next={path}",
    ):
        assert part in page
    assert Client().post(f"{path}answer/").url.startswith("/accounts/login/")
    bo = make_user("Bo", email="other@example.net")
    client = client_of(bo)
    page = said(client.get(path))
    assert "You answer with the account other@example.net." in page
    shown = html.unescape(re.search(r'name="shown" value="([^"]*)"', page).group(1))
    response = client.post(f"{path}answer/", {"answer": "yes", "name": "Bo Zháng", "shown": shown})
    assert response.url == f"/entries/{entry.code}/"
    assert people_of(entry)[1] == replace(BO, name="Bo Zháng")
    row = CreditInvitation.objects.get()
    assert (row.state, row.user, row.agreed_name) == ("accepted", bo, "Bo Zháng")
    assert row.agreed_roles == ["music", "other", "Foley"]
    assert entry.credits.get(position=1).agreed
    notice = Notice.objects.get(kind="credit_accepted")
    assert (notice.user, notice.values["person"]) == (entry.entrant, "Bo Zháng")


def test_a_co_author_reads_the_entry_and_can_do_nothing_to_it(entry: Entry) -> None:
    bo = make_user("Bo")
    make_co_author(entry, bo)
    client, actor = client_of(bo), actor_of(bo)
    fresh = Entry.objects.get()
    page = said(client.get(f"/entries/{entry.code}/"))
    assert "you read it as a co-author" in page and "This film is not submitted yet." in page
    assert "bo@example.org" not in page and "withdraw" not in page and "/uploads/" not in page
    mine = said(client.get("/entries/"))
    assert "As a co-author" in mine and f"/entries/{entry.code}/" in mine
    for path in ("edit", "credits", "submit", "withdraw", "transfer"):
        assert client.post(f"/entries/{entry.code}/{path}/").status_code == 403
    for may in (
        permissions.can_edit,
        permissions.can_upload,
        permissions.can_submit,
        permissions.can_withdraw,
        permissions.can_invite,
        permissions.can_hand_over,
    ):
        assert not may(actor, fresh)


@pytest.mark.parametrize("state", ["draft", "submitted", "fixing", "eligible", "refused", "withdrawn"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_co_author_reads_where_it_stands(state: str, language: str) -> None:
    entry, bo = make_entry(make_edition(call_open=True), state=state), make_user(language=language)
    make_co_author(entry, bo)
    client = client_of(bo)
    for path in (f"/entries/{entry.code}/", "/entries/"):
        assert client.get(path).status_code == 200


def test_my_entries_cost_a_co_author_the_same_for_one_and_for_many() -> None:
    bo, edition, counts = make_user(), make_edition(call_open=True), []
    for number in (1, 3):
        for _more in range(number):
            make_co_author(make_entry(edition), bo)
            make_co_author(
                make_entry(edition, told="laureate", decision="laureate", told_at=timezone.now()), bo
            )
        with CaptureQueriesContext(connection) as asked:
            assert client_of(bo).get("/entries/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_no_removes_nothing_and_is_told(entry: Entry) -> None:
    path = f"/entries/invitation/{token_of(make_invitation(entry, BO.email))}/answer/"
    bo = make_user()
    for _twice in range(2):
        assert client_of(bo).post(path, {"answer": "no"}).url == "/entries/"
    assert people_of(entry) == (ANN, BO)
    assert CreditInvitation.objects.get().state == "declined"
    assert [(notice.user, notice.kind) for notice in Notice.objects.all()] == [
        (entry.entrant, "credit_declined")
    ]
    assert client_of(bo).get(f"/entries/{entry.code}/").status_code == 404
    shown = "Bo Zhang\nmusic\nother\nFoley"
    assert client_of(bo).post(path, {"answer": "yes", "shown": shown}).status_code == 302  # thought again
    assert CreditInvitation.objects.get().state == "accepted"


def test_a_co_author_takes_it_back_and_agrees_anew_after_a_change(entry: Entry) -> None:
    bo = make_user()
    row = make_invitation(entry, BO.email, state="accepted", user=bo)
    make_credits(entry, ANN, replace(BO, roles=("music",), role_other=""))
    client, path = client_of(bo), f"/entries/{entry.code}/"
    assert "This was changed after you agreed." in said(client.get(path))
    old = {"answer": "yes", "shown": "Bo Zhang\nmusic\nother\nFoley"}
    assert client.post(f"{path}credits/mine/", old).status_code == 409
    assert (
        client.post(f"{path}credits/mine/", {"answer": "yes", "shown": "Bo Zhang\r\nmusic"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.agreed_roles == ["music"]
    assert client.post(f"{path}credits/mine/", {"answer": "no"}).status_code == 302
    assert client.get(path).status_code == 404
    assert client.post(f"{path}credits/mine/", {"answer": "yes"}).status_code == 404


def test_who_cannot_answer(entry: Entry) -> None:
    row, now = make_invitation(entry, BO.email), timezone.now()

    def accept(user: User, **more: Any) -> None:
        invitation_actions.accept(**{"invitation": row, "by": actor_of(user), "at": now} | more)

    assert refused(lambda: accept(entry.entrant)) == ("own_entry", 403)
    cy = make_user("Cy", email="cy@example.org")
    make_co_author(entry, cy)
    assert refused(lambda: accept(cy)) == ("same_account", 409)
    bo = make_user()
    assert refused(lambda: accept(bo, at=now + timedelta(days=31))) == ("over", 410)
    accept(bo)
    accept(bo, at=now + timedelta(days=31))  # who has answered may change the answer
    assert refused(lambda: accept(make_user())) == ("other_account", 403)
    make_credits(entry, ANN)
    assert refused(lambda: accept(bo)) == ("over", 410)
    make_credits(entry, ANN, BO)
    Entry.objects.filter(pk=entry.pk).update(state="withdrawn")
    assert refused(lambda: accept(bo)) == ("over", 410)


def test_a_name_is_corrected_by_the_rules_and_in_a_draft_alone(entry: Entry) -> None:
    row, bo, now = make_invitation(entry, BO.email), actor_of(make_user()), timezone.now()

    def accept(name: str) -> None:
        invitation_actions.accept(invitation=row, by=bo, at=now, name=name)

    for wrong in ("https://evil.example", "x" * 400, "🎬"):
        assert refused(lambda wrong=wrong: accept(wrong)) == ("name", 400)
    accept("  张\u202e博 ")
    assert people_of(Entry.objects.get())[1].name == "张博"
    Entry.objects.filter(pk=entry.pk).update(state="submitted", submitted_at=now)
    accept("Somebody Else")
    assert people_of(Entry.objects.get())[1].name == "张博"


def test_a_director_who_corrects_her_name_corrects_the_line_of_lists(entry: Entry) -> None:
    make_credits(entry, replace(BO, roles=("director",)))
    row = make_invitation(entry, BO.email)
    invitation_actions.accept(invitation=row, by=actor_of(make_user()), at=timezone.now(), name="Bo Zháng")
    assert Entry.objects.get().director == "Bo Zháng"


def test_a_link_taken_back_leads_nowhere_and_a_new_one_is_another(entry: Entry) -> None:
    row = make_invitation(entry, BO.email, wanted_at=timezone.now() - timedelta(hours=2))
    old = f"/entries/invitation/{token_of(row)}/"
    for _twice in range(2):
        assert post(entry, "revoke", email=BO.email).status_code == 302
    assert Client().get(old).status_code == 404
    assert "Not asked" in said(client_of(entry.entrant).get(f"/entries/{entry.code}/credits/"))
    again = invite(entry)
    assert again.pk == row.pk
    assert Client().get(old).status_code == 404
    assert Client().get(f"/entries/invitation/{token_of(again)}/").status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 32, "x" * 3000, "é", "%00"])
def test_a_forged_link_is_not_found(entry: Entry, token: str) -> None:
    for kind in ("invitation", "offer"):
        assert Client().get(f"/entries/{kind}/{token}/").status_code == 404


def test_a_link_that_is_over_says_so(entry: Entry) -> None:
    row = make_invitation(entry, BO.email, expires_at=timezone.now())
    answer = Client().get(f"/entries/invitation/{token_of(row)}/")
    assert answer.status_code == 410
    assert "This link is over." in said(answer)


def test_a_co_author_declares_her_own_age(entry: Entry) -> None:
    rules = FormRules(credits=CreditRules(age_least=16, confirm=True))
    entry.edition.form = rules.as_data()
    entry.edition.save()
    row, bo, now = make_invitation(entry, BO.email), actor_of(make_user()), timezone.now()
    accept = {"invitation": row, "by": bo, "at": now}
    assert refused(lambda: invitation_actions.accept(**accept)) == ("age", 400)
    with translation.override("zh-hans"):
        invitation_actions.accept(**accept, old_enough=True)
    declared = CreditDeclaration.objects.get()
    assert (declared.email, declared.text) == (BO.email, "本人至今日已年满16周岁。")
    page = said(client_of(entry.entrant).get(f"/entries/{entry.code}/credits/"))
    assert "not covered yet: Ann Lee." in page


def test_a_technician_decides_over_no_film_that_names_her(entry: Entry) -> None:
    eligible = make_entry(entry.edition, state="submitted")
    technician = make_member(entry.edition, Role.TECHNICIAN)
    assert permissions.can_decide(technician, eligible)
    make_co_author(eligible, technician.user)
    assert not permissions.can_decide(technician, eligible)
    assert permissions.can_see(technician, eligible)
