"""Notices: mailed once by however many workers, and read on the site."""

import threading
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.people.actor import STRANGER, actor_of
from festival.post import actions, mailbox, queries, tasks
from festival.post.models import Notice
from tests.factories import make_edition, make_user
from tests.post.making import make_notice

# --- Once ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_letter_goes_out_once_in_the_readers_language(mailoutbox) -> None:
    notice = make_notice(user=make_user(language="zh-hans"))
    for _run in range(3):
        tasks.send_notice(notice.pk)
    tasks.send_waiting()
    (letter,) = mailoutbox
    assert letter.subject == "《Lamp》已提交"
    assert letter.to == [notice.user.email]
    assert "/entries/ABC2345/" in letter.body


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter() -> None:
    notices = [make_notice() for _number in range(5)]
    mail.outbox = []
    start = threading.Barrier(2)

    def worker() -> None:
        try:
            for notice in notices:
                start.wait(timeout=10)
                tasks.send_notice(notice.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _number in range(2)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(timeout=30)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(notice.user.email for notice in notices)


@pytest.mark.django_db
def test_a_mail_server_that_is_away_loses_nothing(settings, tmp_path: Path, mailoutbox) -> None:
    """Nobody listens on this port: the notice is given back and goes out later."""
    notice = make_notice()
    working = settings.MAILERS
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2},
        }
    }
    tasks.send_notice(notice.pk)
    assert Notice.objects.get().mailed_at is None
    settings.MAILERS = working
    tasks.send_waiting()
    assert len(mailoutbox) == 0  # it waits a minute, so that nobody knocks at a closed door all the time
    Notice.objects.update(due_at=timezone.now())
    tasks.send_waiting()
    assert len(mailoutbox) == 1
    assert Notice.objects.get().mailed_at is not None


@pytest.mark.django_db
def test_many_letters_are_written_in_a_handful_of_queries(
    django_capture_on_commit_callbacks, mailoutbox
) -> None:
    edition, users = make_edition(), [make_user() for _number in range(20)]
    letters = [
        Notice(user=user, edition=edition, kind="result_not_selected", path="/", created_at=timezone.now())
        for user in users
    ]
    with django_capture_on_commit_callbacks(execute=True), CaptureQueriesContext(connection) as asked:
        assert actions.notify_many(notices=letters) == 20
    assert len([one for one in asked.captured_queries if "INSERT" in one["sql"]]) == 1
    assert {letter.to[0] for letter in mailoutbox} == {user.email for user in users}


# --- Pages --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_list_shows_ones_own_and_marks_them_as_read() -> None:
    user, client = make_user(), Client()
    make_notice(user=user)
    others = make_notice(values={"title": "Not yours", "code": "X"})
    client.force_login(user)
    page = client.get("/notices/").content.decode()
    assert "“Lamp” has been submitted" in page and "Not yours" not in page
    assert '<span class="count">1' in page
    assert client.post("/notices/").url == "/notices/"
    assert '<span class="count">' not in client.get("/notices/").content.decode()
    others.refresh_from_db()
    assert others.read_at is None


@pytest.mark.django_db
def test_one_is_marked_as_read_and_the_list_is_narrowed_to_an_edition() -> None:
    user, client = make_user(), Client()
    first, second = make_notice(user=user), make_notice(user=user, values={"title": "Other", "code": "B"})
    others = make_notice()
    client.force_login(user)
    page = client.get(f"/notices/?edition={first.edition.slug}").content.decode()
    assert "“Lamp”" in page and "“Other”" not in page
    back = f"?edition={first.edition.slug}"
    assert client.post(f"/notices/{first.pk}/read/", {"back": back}).url == f"/notices/{back}"
    assert client.post(f"/notices/{first.pk}/read/", {"back": "https://evil.example/"}).url == "/notices/"
    assert client.post(f"/notices/{others.pk}/read/").status_code == 404
    unread = Notice.objects.filter(read_at=None)
    assert set(unread) == {second, others}


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_and_for_many() -> None:
    user, client = make_user(), Client()
    client.force_login(user)
    counts = []
    for number in (1, 3):
        for _more in range(number):
            make_notice(user=user)
        with CaptureQueriesContext(connection) as asked:
            client.get("/notices/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


@pytest.mark.django_db
def test_the_bell_asks_nothing_for_strangers_and_once_for_others() -> None:
    notice = make_notice()
    with CaptureQueriesContext(connection) as asked:
        assert queries.count_unread(STRANGER) == 0
    assert len(asked) == 0
    with CaptureQueriesContext(connection) as asked:
        assert queries.count_unread(actor_of(notice.user)) == 1
    assert len([one for one in asked.captured_queries if "post_notice" in one["sql"]]) == 1


# --- The demo's mailbox -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_mailbox_is_the_demos_alone(settings, tmp_path: Path) -> None:
    settings.MAIL_FOLDER = tmp_path / "mail"
    message = EmailMessage(
        "请确认您的邮箱", "Open http://localhost:8000/accounts/x/ please.\n<b>bold</b>", to=["a@example.org"]
    )
    message.from_email = "contest@example.org"
    assert mailbox.FolderBackend().send_messages([message]) == 1
    assert Client().get("/mailbox/").status_code == 404
    settings.DEMO = True
    page = Client().get("/mailbox/").content.decode()
    assert "请确认您的邮箱" in page and 'href="http://localhost:8000/accounts/x/"' in page
    assert "<b>bold</b>" not in page
    message.to = ["b@example.org"]
    mailbox.FolderBackend().send_messages([message])
    assert Client().get("/mailbox/").content.decode().count('class="card"') == 2
    page = Client().get("/mailbox/?to=b@example.org").content.decode()
    assert page.count('class="card"') == 1 and "To b@example.org" in page
