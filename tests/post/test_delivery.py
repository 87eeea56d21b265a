"""Delivery through a real mail server: refusals, delays, a server that goes away; one connection for many letters."""

from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.post import actions, delivery, tasks
from festival.post.models import Notice
from tests.factories import make_edition, make_member, make_user
from tests.post.mailserver import MailServer
from tests.post.making import make_notice, make_organiser

pytestmark = pytest.mark.django_db
State = Notice.State


def states() -> dict[str, str]:
    return dict(Notice.objects.values_list("user__email", "state"))


def make_many(count: int, edition: Edition | None = None) -> list[Notice]:
    place = edition or make_edition()
    return [make_notice(edition=place) for _number in range(count)]


def test_headers_and_language(server: MailServer, settings) -> None:
    notice = make_notice(user=make_user(language="zh-hans"), values={"title": "灯 🎬", "code": "A"})
    tasks.send_notice(notice.pk)
    (message,) = server.messages
    assert str(message["Subject"]) == "《灯 🎬》已提交"
    assert message["Message-ID"] == f"<{notice.uid.hex}@{urlsplit(settings.SITE_URL).hostname}>"
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "zh-Hans")
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "text/plain"
    assert f"{settings.SITE_URL}{notice.path}" in message.get_content()
    notice.refresh_from_db()
    assert (notice.state, notice.address, notice.language) == ("sent", notice.user.email, "zh-hans")


def test_a_hundred_letters_share_two_connections(server: MailServer) -> None:
    make_many(100)
    tasks.send_waiting()
    assert server.connections == 2
    assert sorted(server.got()) == sorted({(to, number) for to, number in server.got()})
    assert set(states().values()) == {"sent"} and len(server.messages) == 100


def test_a_letter_costs_one_write_and_the_rest_is_by_chunk(server: MailServer) -> None:
    counts = []
    for number in (5, 45):
        make_many(number)
        with CaptureQueriesContext(connection) as asked:
            assert delivery.deliver() == number
        counts.append(len(asked))
    assert counts[1] - counts[0] == 40
    assert counts[0] <= 5 + 6


def test_an_address_that_is_refused_keeps_nobody_else_back(server: MailServer) -> None:
    gone, full, fine = make_many(3)
    server.answers = {
        gone.user.email: "550 5.1.1 No such user",
        full.user.email: "452 4.2.2 Mailbox full",
    }
    tasks.send_waiting()
    assert states() == {gone.user.email: "failed", full.user.email: "waiting", fine.user.email: "sent"}
    gone.refresh_from_db()
    full.refresh_from_db()
    assert gone.error == "550 5.1.1 No such user" and full.error == "452 4.2.2 Mailbox full"
    assert (full.attempts, full.due_at > timezone.now()) == (1, True)
    assert server.connections == 1


@pytest.mark.parametrize(("answer", "state"), [("554 5.7.1 Spam", "failed"), ("451 Later", "waiting")])
def test_a_message_that_is_refused(server: MailServer, answer: str, state: str) -> None:
    bad, fine = make_many(2)
    server.says = lambda message: answer if message["To"] == bad.user.email else "250 OK"
    tasks.send_waiting()
    assert states() == {bad.user.email: state, fine.user.email: "sent"}


def test_a_letter_that_is_put_off_again_and_again_is_given_up(server: MailServer) -> None:
    (notice,) = make_many(1)
    server.answers = {notice.user.email: "450 Later"}
    waits = []
    for _attempt in range(delivery.ATTEMPTS):
        assert states() == {notice.user.email: "waiting"}
        Notice.objects.update(due_at=timezone.now())
        before = timezone.now()
        tasks.send_waiting()
        notice.refresh_from_db()
        waits.append(round((notice.due_at - before) / timedelta(minutes=1)))
    assert states() == {notice.user.email: "failed"}
    assert waits[:-1] == [1, 4, 16, 64, 256, 720, 720]
    assert (notice.attempts, notice.error) == (8, "450 Later")


def test_a_server_that_hangs_up_counts_against_one_letter_at_most(server: MailServer) -> None:
    letters = make_many(3)
    second = letters[1].user.email
    server.says = lambda message: "421 Closing" if message["To"] == second else "250 OK"
    tasks.send_waiting()
    rows = list(Notice.objects.order_by("pk").values_list("state", "attempts"))
    assert rows == [("sent", 1), ("waiting", 1), ("waiting", 0)]
    server.says = lambda _message: "250 OK"
    Notice.objects.update(due_at=timezone.now())
    tasks.send_waiting()
    assert sorted(to for to, _number in server.got()) == sorted(one.user.email for one in letters)


def test_a_sender_that_is_not_wanted_is_no_letters_fault(server: MailServer, settings) -> None:
    (notice,) = make_many(1)
    settings.DEFAULT_FROM_EMAIL = "not an address <@@>"
    tasks.send_waiting()
    notice.refresh_from_db()
    assert notice.state in ("waiting", "failed") and notice.error
    assert server.messages == []


def test_a_letter_that_cannot_be_written_keeps_nobody_else_back(server: MailServer) -> None:
    bad, fine = make_many(2)
    Notice.objects.filter(pk=bad.pk).update(kind="of another time")
    tasks.send_waiting()
    assert states() == {bad.user.email: "failed", fine.user.email: "sent"}


def test_a_closed_account_is_not_written_to(server: MailServer) -> None:
    (notice,) = make_many(1)
    notice.user.is_active = False
    notice.user.save()
    tasks.send_waiting()
    assert (states(), server.messages) == ({notice.user.email: "failed"}, [])


# --- Workers that die ---------------------------------------------------------------------------------------


def test_what_a_dead_worker_held_is_sent_by_another(server: MailServer) -> None:
    make_many(3)
    claim = delivery.take(at=timezone.now())
    assert len(claim.letters) == 3 and set(states().values()) == {"sending"}
    tasks.send_waiting()
    assert server.messages == []  # its lease still runs
    assert not delivery.remind(at=timezone.now())
    Notice.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert delivery.remind(at=timezone.now())
    tasks.send_waiting()
    assert len(server.messages) == 3
    assert set(Notice.objects.values_list("attempts", flat=True)) == {2}


def test_one_who_dies_after_handing_over_sends_it_again_under_the_same_message_id(server: MailServer) -> None:
    (notice,) = make_many(1)
    claim = delivery.take(at=timezone.now())
    with delivery.connected() as line:
        delivery.send(line, claim.letters[0])  # and dies before it is written down
    Notice.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.send_waiting()
    assert len(server.got()) == 2 and len(set(server.got())) == 1
    assert states() == {notice.user.email: "sent"}


def test_a_worker_taken_for_dead_writes_nothing(server: MailServer) -> None:
    (notice,) = make_many(1)
    slow = delivery.take(at=timezone.now() - timedelta(hours=1))
    tasks.send_waiting()
    delivery.write(slow, notice, state=State.FAILED, error="late")
    delivery.give_back(slow, [notice.pk], at=timezone.now())
    assert states() == {notice.user.email: "sent"}


def test_a_lease_that_is_nearly_over_gives_the_rest_back(server: MailServer, settings) -> None:
    settings.LEASE_SECONDS = 0
    make_many(2)
    delivery.deliver()
    assert list(Notice.objects.values_list("state", "attempts")) == [("waiting", 0)] * 2
    assert server.messages == []


def test_the_reaper_takes_up_what_no_task_came_for(server: MailServer) -> None:
    (notice,) = make_many(1)
    assert not delivery.remind(at=timezone.now())  # its own task is on its way
    assert delivery.remind(at=timezone.now() + timedelta(hours=1))
    later = Notice.objects.filter(pk=notice.pk)
    later.update(due_at=timezone.now() + timedelta(hours=2))
    assert not delivery.remind(at=timezone.now() + timedelta(hours=1))


def test_the_rate_of_the_site_is_kept(server: MailServer, settings) -> None:
    settings.MAIL_PER_MINUTE = 7
    make_many(20)
    tasks.send_waiting()
    assert len(server.messages) == 7
    Notice.objects.filter(state="sent").update(mailed_at=timezone.now() - timedelta(seconds=61))
    tasks.send_waiting()
    assert len(server.messages) == 14


# --- Once more ----------------------------------------------------------------------------------------------


def test_a_failed_letter_can_be_tried_once_more(
    server: MailServer, django_capture_on_commit_callbacks
) -> None:
    (notice,) = make_many(1)
    server.answers = {notice.user.email: "550 No"}
    tasks.send_waiting()
    notice.refresh_from_db()
    by = make_organiser(notice.edition)
    server.answers = {}
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_again(notice=notice, by=by, at=timezone.now())
    assert states() == {notice.user.email: "sent"}
    with pytest.raises(Refused):
        actions.send_again(notice=notice, by=by, at=timezone.now())
    with pytest.raises(Refused) as refused:
        technician = make_member(notice.edition, Role.TECHNICIAN)
        actions.send_again(notice=notice, by=technician, at=timezone.now())
    assert refused.value.status == 403


def test_no_header_can_be_added_through_a_name_or_a_title(server: MailServer) -> None:
    user = make_user("Eve\r\nBcc: victim@example.org")
    notice = make_notice(
        user=user, values={"title": "x\r\nBcc: victim@example.org\r\n\r\nhello", "code": "A"}
    )
    tasks.send_notice(notice.pk)
    (message,) = server.messages
    names = {name.lower() for name in message.keys()}  # noqa: SIM118  a header may be there twice
    assert "bcc" not in names and isinstance(message, EmailMessage)
    assert str(message["Subject"]) == "“x Bcc: victim@example.org hello” has been submitted"


def test_an_address_that_nobody_has_is_never_handed_to_the_mail_server(server: MailServer) -> None:
    rehearsed = make_notice(user=make_user(email="maker-00001@maker.rehearsal.invalid"))
    real = make_notice(user=make_user(email="director@example.org"))
    tasks.send_waiting()
    assert states() == {rehearsed.user.email: "muted", real.user.email: "sent"}
    assert [message["To"] for message in server.messages] == [real.user.email]
