"""A letter to many, from its first word to its last recipient."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from festival.post import delivery, mailing_actions, queries, tasks
from festival.post.models import Mailing, Notice
from festival.post.registry import AUDIENCES
from tests.factories import make_edition, make_entry, make_member, make_user
from tests.post.mailserver import MailServer
from tests.post.making import make_mailing, make_organiser, make_ready, start

pytestmark = pytest.mark.django_db
NOW = timezone.now


def states(mailing: Mailing) -> list[str]:
    mailing.refresh_from_db()
    return [
        mailing.state,
        *Notice.objects.filter(mailing=mailing).order_by("pk").values_list("state", flat=True),
    ]


@pytest.fixture
def by() -> Actor:
    return make_organiser(make_edition())


@pytest.fixture
def edition(by: Actor):
    from festival.edition.models import Edition

    return Edition.objects.get(pk=next(iter(by.roles)))


def test_from_the_first_word_to_the_last_recipient(edition, by, server: MailServer) -> None:
    mailing = make_mailing(edition, by, entries=3)
    assert states(mailing) == ["draft"]
    mailing_actions.make_ready(mailing=mailing, by=by, at=NOW())
    assert states(mailing) == ["gathering"]
    mailing_actions.gather(pk=mailing.pk)
    assert states(mailing) == ["ready", "held", "held", "held"]
    tasks.send_waiting()
    assert server.messages == []
    out = Notice.objects.filter(mailing=mailing).first()
    mailing_actions.strike(letter=queries.with_words(Notice.objects.all()).get(pk=out.pk), out=True, by=by)
    start(mailing, by)
    assert states(mailing)[0] == "sending"
    tasks.send_waiting()
    assert sorted(states(mailing)) == ["done", "sent", "sent", "struck"]
    assert out.user.email not in [to for to, _number in server.got()]
    (first, _second) = server.messages
    assert str(first["Subject"]).startswith("About “Film ")
    assert "because of your entry: the jury’s calendar." in first.get_content()


def test_the_text_is_fixed_once_it_is_ready_and_can_be_taken_back(edition, by) -> None:
    mailing = make_ready(edition, by)
    with pytest.raises(Refused) as refused:
        make_mailing(edition, by, mailing=mailing)
    assert refused.value.code == "changed"
    mailing_actions.back_to_draft(mailing=mailing, by=by)
    assert states(mailing) == ["draft"]
    make_mailing(edition, by, mailing=mailing, subject={"en": "Another", "zh": "另一封"})
    assert mailing.subject["en"] == "Another"


def test_two_who_write_at_once(edition, by) -> None:
    mailing = make_mailing(edition, by)
    seen = mailing.written_at
    make_mailing(edition, by, mailing=mailing, seen=seen)
    with pytest.raises(Refused) as refused:
        make_mailing(edition, by, mailing=mailing, seen=seen)
    assert refused.value.code == "changed"


def test_each_step_is_made_once(edition, by) -> None:
    mailing = make_ready(edition, by)
    start(mailing, by)
    for step in (
        lambda: mailing_actions.start(mailing=mailing, by=by, at=NOW()),
        lambda: mailing_actions.make_ready(mailing=mailing, by=by, at=NOW()),
        lambda: mailing_actions.back_to_draft(mailing=mailing, by=by),
        lambda: mailing_actions.end(mailing=mailing, by=by, at=NOW()),
        lambda: mailing_actions.delete_mailing(mailing=mailing, by=by),
    ):
        with pytest.raises(Refused) as refused:
            step()
        assert refused.value.status == 409


def test_gathering_twice_writes_to_nobody_twice(edition, by) -> None:
    mailing = make_mailing(edition, by, entries=2)
    mailing_actions.make_ready(mailing=mailing, by=by, at=NOW())
    mailing_actions.gather(pk=mailing.pk)
    Mailing.objects.filter(pk=mailing.pk).update(state="gathering")  # as a worker that died before the end
    mailing_actions.gather(pk=mailing.pk)
    assert states(mailing) == ["ready", "held", "held"]
    one = Notice.objects.filter(mailing=mailing).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            mailing=mailing, user=one.user, about=one.about, edition=edition, kind="mailing", path="/",
            created_at=NOW(),
        )  # fmt: skip


def test_gathering_that_nobody_goes_on_with_is_taken_up(
    edition, by, django_capture_on_commit_callbacks
) -> None:
    mailing = make_mailing(edition, by, entries=2)
    mailing_actions.make_ready(mailing=mailing, by=by, at=NOW())
    assert mailing_actions.remind(at=NOW()) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert mailing_actions.remind(at=NOW() + timedelta(minutes=3)) == 1
    assert states(mailing) == ["ready", "held", "held"]


def test_pause_go_on_and_leave_it_at_that(edition, by, server: MailServer) -> None:
    mailing = make_ready(edition, by, entries=3)
    start(mailing, by)
    mailing_actions.pause(mailing=mailing, by=by)
    tasks.send_waiting()
    assert (states(mailing), server.messages) == (["paused", *["waiting"] * 3], [])
    assert not delivery.remind(at=NOW() + timedelta(hours=1))
    start(mailing, by)
    delivery.CHUNK, chunk = 2, delivery.CHUNK
    try:
        delivery.deliver()
    finally:
        delivery.CHUNK = chunk
    mailing_actions.pause(mailing=mailing, by=by)
    mailing_actions.end(mailing=mailing, by=by, at=NOW())
    assert states(mailing) == ["done", "sent", "sent", "struck"]


def test_it_is_not_ended_under_the_hands_of_a_worker(edition, by) -> None:
    mailing = make_ready(edition, by, entries=2)
    start(mailing, by)
    delivery.take(at=NOW())
    mailing_actions.pause(mailing=mailing, by=by)
    with pytest.raises(Refused) as refused:
        mailing_actions.end(mailing=mailing, by=by, at=NOW())
    assert refused.value.code == "under_way"
    assert states(mailing) == ["paused", "sending", "sending"]


def test_letters_of_a_dead_worker_do_not_hold_a_paused_mailing(edition, by, server: MailServer) -> None:
    later = NOW() + timedelta(hours=1)
    mailing = make_ready(edition, by, entries=2)
    start(mailing, by)
    delivery.take(at=NOW())
    mailing_actions.pause(mailing=mailing, by=by)
    assert not delivery.remind(at=later)
    mailing_actions.start(mailing=mailing, by=by, at=later)
    assert states(mailing) == ["sending", "waiting", "waiting"]
    delivery.take(at=NOW())
    mailing_actions.pause(mailing=mailing, by=by)
    mailing_actions.end(mailing=mailing, by=by, at=later)
    assert states(mailing) == ["done", "struck", "struck"]


def test_who_gathers_for_an_earlier_choice_stops(edition, by, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter was taken back, changed and made ready again while its recipients were gathered."""
    mailing = make_mailing(edition, by, entries=3)
    mailing_actions.make_ready(mailing=mailing, by=by, at=NOW())
    monkeypatch.setattr(mailing_actions, "CHUNK", 1)
    whole, letter_to = [], mailing_actions.letter_to

    def meanwhile(*arguments: object) -> Notice:
        if not whole:
            whole.append(True)
            Mailing.objects.filter(pk=mailing.pk).update(written_at=NOW())
        return letter_to(*arguments)

    monkeypatch.setattr(mailing_actions, "letter_to", meanwhile)
    mailing_actions.gather(pk=mailing.pk)
    assert states(mailing) == ["gathering", "held"]


def test_those_that_failed_are_tried_again(edition, by, server: MailServer) -> None:
    mailing = make_ready(edition, by, entries=2)
    gone = Notice.objects.filter(mailing=mailing).order_by("pk").first().user.email
    server.answers = {gone: "550 No such user"}
    start(mailing, by)
    tasks.send_waiting()
    assert states(mailing) == ["done", "failed", "sent"]
    server.answers = {}
    assert mailing_actions.try_failed_again(mailing=mailing, by=by, at=NOW()) == 1
    tasks.send_waiting()
    assert states(mailing) == ["done", "sent", "sent"]
    with pytest.raises(Refused):
        mailing_actions.try_failed_again(mailing=mailing, by=by, at=NOW())
    assert states(mailing)[0] == "done"


def test_letters_to_one_person_go_before_letters_to_many(edition, by, server: MailServer) -> None:
    from tests.post.making import make_notice

    mailing = make_ready(edition, by, entries=3)
    start(mailing, by)
    single = make_notice()
    tasks.send_waiting()
    assert server.got()[0][0] == single.user.email


def test_nobody_left_is_said(edition, by) -> None:
    mailing = make_ready(edition, by, entries=1)
    letter = queries.with_words(Notice.objects.filter(mailing=mailing)).get()
    mailing_actions.strike(letter=letter, out=True, by=by)
    with pytest.raises(Refused) as refused:
        start(mailing, by)
    assert refused.value.code == "nobody"
    assert states(mailing) == ["ready", "struck"]


@pytest.mark.parametrize(
    "fields",
    [
        {"about": {}},
        {"about": {"en": "the calendar"}},
        {"body": {"en": "{deadline}", "zh": "好"}},
        {"subject": {"en": "Only one", "zh": " "}},
        {"audience": "entrants"},  # a letter to a person knows no title
    ],
)
def test_a_letter_with_faults_is_not_kept(edition, by, fields: dict) -> None:
    with pytest.raises(Refused) as refused:
        make_mailing(edition, by, **fields)
    assert refused.value.code == "faults"
    assert not Mailing.objects.exists()


def test_only_organisers_write_and_send(edition, by) -> None:
    technician = make_member(edition, Role.TECHNICIAN)
    mailing = make_ready(edition, by)
    letter = queries.with_words(Notice.objects.filter(mailing=mailing)).first()
    for attempt in (
        lambda: make_mailing(edition, technician),
        lambda: start(mailing, technician),
        lambda: mailing_actions.strike(letter=letter, out=True, by=technician),
        lambda: mailing_actions.delete_mailing(mailing=mailing, by=technician),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.status == 403


def test_gathering_costs_the_same_for_one_and_for_many(edition, by) -> None:
    counts = []
    for number in (1, 10):
        mailing = make_mailing(edition, by, entries=number)
        mailing_actions.make_ready(mailing=mailing, by=by, at=NOW())
        with CaptureQueriesContext(connection) as asked:
            mailing_actions.gather(pk=mailing.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_words_stand_among_the_notices_once_it_went_out(edition, by, server: MailServer) -> None:
    entrant = make_user()
    make_entry(edition, state="eligible", entrant=entrant, title="Lamp")
    mailing = make_ready(edition, by, entries=0)
    client = Client()
    client.force_login(entrant)
    assert "About “Lamp”" not in client.get("/notices/").content.decode()
    start(mailing, by)
    tasks.send_waiting()
    assert "About “Lamp”" in client.get("/notices/").content.decode()


# --- Pages --------------------------------------------------------------------------------------------------


def test_the_pages_from_draft_to_sent(
    edition, by, server: MailServer, django_capture_on_commit_callbacks
) -> None:
    make_entry(edition, state="eligible", title="Lamp", entrant=make_user("Mira"))
    client = Client()
    client.force_login(by.user)
    outbox = f"/{edition.slug}/desk/outbox/"
    form = {
        "audience": "eligible", "track": "", "topic": "entry", "about_en": "the calendar", "about_zh": "日程",
        "subject_en": "On {title}", "subject_zh": "关于{title}", "body_en": "Hello {name}", "body_zh": "{name}您好",
    }  # fmt: skip
    bad = client.post(f"{outbox}new/", form | {"body_en": "{missing}"})
    assert bad.status_code == 400 and "{missing} is no placeholder" in bad.content.decode()
    here = client.post(f"{outbox}new/", form).url
    page = client.get(here).content.decode()
    assert "On Lamp" in page and "Hello Mira" in page and "关于Lamp" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{here}test/").url == here
    assert [str(message["Subject"]) for message in server.messages] == ["Test: On Lamp", "测试: 关于Lamp"]
    assert {to for to, _number in server.got()} == {by.user.email}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{here}ready/")
    assert "Send 1 letter" in client.get(here).content.decode()
    letter = Notice.objects.get(kind="mailing")
    assert "Hello Mira" in client.get(f"{outbox}letters/{letter.pk}/").content.decode()
    client.post(f"{outbox}letters/{letter.pk}/out/")
    assert "Send 1 letter" not in client.get(here).content.decode()
    client.post(f"{outbox}letters/{letter.pk}/in/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{here}send/")
    assert "1 / 1" in client.get(here).content.decode()
    assert "Everything that was to go out" in client.get(here).content.decode()
    assert client.get(f"{here}edit/").url == here
    assert client.post(f"{here}dance/").status_code == 404
    assert "1 / 1" in client.get(outbox).content.decode()


def test_the_desk_does_not_read_drafts_through_letters(edition, by) -> None:
    secret = make_entry(edition, state="draft", title="Secret", code="HIDDEN7")
    mailing = make_ready(edition, by, entries=0, audience="drafts")
    client = Client()
    client.force_login(by.user)
    letter = Notice.objects.get(mailing=mailing)
    for url in (
        f"/{edition.slug}/desk/outbox/{mailing.pk}/",
        f"/{edition.slug}/desk/outbox/letters/{letter.pk}/",
    ):
        page = client.get(url).content.decode()
        assert "Secret" not in page and "HIDDEN7" not in page
    secret.submitted_at, secret.state = NOW(), "submitted"
    secret.save()
    assert "Secret" in client.get(f"/{edition.slug}/desk/outbox/letters/{letter.pk}/").content.decode()


def test_another_editions_letters_are_not_there(edition, by) -> None:
    mailing = make_ready(edition, by)
    letter = Notice.objects.filter(mailing=mailing).first()
    other = make_edition()
    client = Client()
    client.force_login(make_organiser(other).user)
    for path in (f"{mailing.pk}/", f"letters/{letter.pk}/"):
        assert client.get(f"/{other.slug}/desk/outbox/{path}").status_code == 404
        assert client.get(f"/{edition.slug}/desk/outbox/{path}").status_code == 403
    assert client.post(f"/{other.slug}/desk/outbox/letters/{letter.pk}/out/").status_code == 404


def test_the_log_finds_letters_by_kind_state_and_person(edition, by, server: MailServer) -> None:
    from tests.post.making import make_notice

    gone = make_notice(edition=edition, user=make_user("Gone", email="gone@example.org"))
    make_notice(edition=edition, user=make_user("Here"), kind="film_passed")
    server.answers = {gone.user.email: "550 5.1.1 Unknown"}
    tasks.send_waiting()
    client = Client()
    client.force_login(by.user)
    outbox = f"/{edition.slug}/desk/outbox/"
    whole = client.get(outbox).content.decode()
    assert whole.index("550 5.1.1 Unknown") < whole.index("Here")
    for query, there, away in (
        ("kind=film_passed", "Here", "Gone"),
        ("state=failed", "Gone", "Here"),
        ("q=GONE@", "Gone", "Here"),
        ("q=her", "Here", "Gone"),
    ):
        page = client.get(f"{outbox}?{query}").content.decode()
        assert f">{there}</a>" in page and f">{away}</a>" not in page, query


def test_there_is_an_audience_for_every_plain_choice() -> None:
    assert sorted(AUDIENCES) == [
        "drafts",
        "drafts_missing",
        "eligible",
        "entrants",
        "fixing",
        "refused",
        "submitted",
    ]
