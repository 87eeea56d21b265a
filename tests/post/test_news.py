"""Who wants no news gets none, by one click; letters about an entry always come."""

import pytest
from django.test import Client
from django.utils import timezone

from festival.people.actor import actor_of
from festival.post import news, tasks
from festival.post.models import NewsRefusal, Notice
from tests.factories import make_edition, make_entry, make_user
from tests.post.mailserver import MailServer
from tests.post.making import CALL, make_notice, make_organiser, make_ready, start

pytestmark = pytest.mark.django_db
NOW = timezone.now


def make_reminder(**fields: object) -> Notice:
    return make_notice(kind="draft_reminder", values={"title": "Lamp", "code": "A", **CALL}, **fields)


def test_news_can_be_switched_off_by_the_mail_program(server: MailServer, settings) -> None:
    """RFC 8058: a signed https address in List-Unsubscribe, POSTed with nothing but that, answered without redirect."""
    settings.SITE_URL = "https://contest.example"
    notice = make_reminder()
    tasks.send_notice(notice.pk)
    (message,) = server.messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(message["List-Unsubscribe"]).strip("<>")
    assert address.startswith("https://contest.example/notices/off/") and address in message.get_content()
    client = Client(enforce_csrf_checks=True)
    path = address.removeprefix("https://contest.example")
    assert client.get(path).status_code == 200 and not NewsRefusal.objects.exists()
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert NewsRefusal.objects.get().edition == notice.edition
    client.post(path, {"List-Unsubscribe": "One-Click"})
    assert NewsRefusal.objects.count() == 1


def test_the_one_click_header_is_for_https_alone(server: MailServer, settings) -> None:
    settings.SITE_URL = "http://contest.example"
    tasks.send_notice(make_reminder().pk)
    (message,) = server.messages
    assert message["List-Unsubscribe"] and message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("token", ["x", "WzEsMV0:forged", "WzEsMV0", ":::", "ä"])
def test_a_forged_link_is_no_page(token: str) -> None:
    assert Client().get(f"/notices/off/{token}/").status_code == 404
    assert Client().post(f"/notices/off/{token}/").status_code == 404
    assert not NewsRefusal.objects.exists()


def test_the_page_switches_off_an_edition_or_all_and_on_again() -> None:
    user, edition = make_user(email="mira.castellan@example.org"), make_edition()
    path = news.off_address(user.pk, edition.pk).partition("/notices")[2]
    url, client = f"/notices{path}", Client()
    page = client.get(url).content.decode()
    assert "m…n@example.org" in page and "mira" not in page
    client.post(url, {"what": "edition"})
    assert news.refused_by(user) == {edition.pk}
    client.post(url, {"what": "all"})
    assert news.refused_by(user) == {edition.pk, None}
    client.post(url, {"what": "again"})
    assert news.refused_by(user) == set()


def test_who_wants_no_news_finds_it_on_the_site_alone(server: MailServer) -> None:
    edition = make_edition()
    off, all_off, fine = (make_user() for _number in range(3))
    news.refuse_news(user=off, edition=edition, at=NOW())
    news.refuse_news(user=all_off, edition=None, at=NOW())
    for user in (off, all_off, fine):
        make_reminder(user=user, edition=edition)
        make_notice(user=user, edition=edition)
    tasks.send_waiting()
    got = sorted(to for to, _number in server.got())
    assert got == sorted([off.email, all_off.email, fine.email, fine.email])
    muted = Notice.objects.filter(state="muted")
    assert set(muted.values_list("kind", "user")) == {
        ("draft_reminder", off.pk),
        ("draft_reminder", all_off.pk),
    }
    client = Client()
    client.force_login(off)
    assert "is not submitted yet" in client.get("/notices/").content.decode()


@pytest.mark.parametrize(("topic", "sent"), [("news", 1), ("entry", 2)])
def test_letters_to_many_ask_who_wants_news_when_they_are_sent(
    server: MailServer, topic: str, sent: int
) -> None:
    edition = make_edition()
    by = make_organiser(edition)
    off = make_user()
    make_entry(edition, entrant=off)
    mailing = make_ready(edition, by, entries=1, topic=topic)
    news.refuse_news(user=off, edition=edition, at=NOW())  # after they were gathered
    client = Client()
    client.force_login(by.user)
    page = client.get(f"/{edition.slug}/desk/outbox/{mailing.pk}/").content.decode()
    assert ("1 recipient wants no news" in page) == (topic == "news")
    start(mailing, by)
    tasks.send_waiting()
    mailing.refresh_from_db()
    assert (mailing.state, len(server.messages)) == ("done", sent)
    assert all((message["List-Unsubscribe"] is not None) == (topic == "news") for message in server.messages)


def test_the_choices_of_an_account() -> None:
    user, client = make_user(), Client()
    first, second = make_notice(user=user).edition, make_notice(user=user).edition
    stranger = make_edition()
    client.force_login(user)
    page = client.get("/account/letters/").content.decode()
    assert page.count("checked") == 2 and "always come" in page
    client.post("/account/letters/", {"wanted": [first.pk]})
    assert news.refused_by(user) == {second.pk}
    client.post("/account/letters/", {"wanted": [first.pk, second.pk], "none_at_all": "on"})
    assert news.refused_by(user) == {None}
    client.post("/account/letters/", {"wanted": [second.pk]})
    assert news.refused_by(user) == {first.pk}
    assert client.post("/account/letters/", {"wanted": [stranger.pk]}).status_code == 400
    assert news.refused_by(user) == {first.pk}


def test_an_account_that_heard_nothing_yet_may_still_switch_all_off() -> None:
    user, client = make_user(), Client()
    client.force_login(user)
    client.post("/account/letters/", {"none_at_all": "on"})
    assert news.refused_by(user) == {None}
    assert not news.wants_news(user, make_edition())
    assert actor_of(user).known


def test_asking_for_many_is_one_query(django_assert_num_queries) -> None:
    edition, users = make_edition(), [make_user() for _number in range(5)]
    news.refuse_news(user=users[0], edition=edition, at=NOW())
    news.refuse_news(user=users[1], edition=None, at=NOW())
    news.refuse_news(user=users[2], edition=make_edition(), at=NOW())
    with django_assert_num_queries(1):
        found = news.refusing((user.pk, edition.pk) for user in users)
    assert found == {(users[0].pk, edition.pk), (users[1].pk, edition.pk)}
    with django_assert_num_queries(0):
        assert news.refusing(()) == set()
