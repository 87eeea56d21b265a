"""Objecting without an account: confirmed by letter before it counts, followed and answered under a secret link."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.awards import notice_actions, objection_letters
from festival.awards import objection_actions as actions
from festival.awards import objection_queries as queries
from festival.awards import objection_receiving as receiving
from festival.awards.models import Evidence, Objection, ObjectionLetter
from festival.awards.objection_receiving import Objector
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from tests.factories import make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ROW = {
    "slot": "grand", "award": {"en": "Grand"}, "tier": "grand", "place": 1, "share": 0, "film": "FILM222",
    "title": "Snow", "title_en": "", "makers": "Mira",
}  # fmt: skip
FORM = {
    "film": "FILM222", "ground": "authorship", "text": "It is mine.", "name": "Li Na", "email": "Li@Example.org",
    "contact": "", "topic": "",
}  # fmt: skip
PUBLIC = {"en": "Authorship was proved.", "zh": "著作权归属已查明。"}
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def notice():
    now = timezone.now()
    return notice_actions.post_notice(
        edition=make_edition("spring"), version=1, rows=[ROW], ends_at=now + 5 * DAY, by=SYSTEM, at=now
    )


@pytest.fixture
def organiser(notice):
    return make_member(notice.edition, Role.ORGANISER)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """What the worker does once the request has been written."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def object_(client, **more):
    return client.post(reverse("awards:object", args=["spring"]), FORM | more)


def link_in(letter):
    return re.search(r"http://[^/]+(/spring/notice/link/\S+)", letter.body)[1]


def hers():
    """The letters to the objector's address."""
    return [one for one in mail.outbox if one.to == ["li@example.org"]]


def own(objection, name="objection_own"):
    return reverse(f"awards:{name}", args=["spring", objection.code])


def received(client, run, **more):
    """Sent, and confirmed by the letter's link."""
    with run():
        object_(client, **more)
    client.get(link_in([one for one in mail.outbox if "/notice/link/" in one.body][-1]))
    with run():
        client.post(own(Objection.objects.latest("pk"), "objection_confirm"))
    return Objection.objects.latest("pk")


def test_it_counts_once_the_address_is_confirmed_by_the_letters_link(notice, organiser, client, run):
    with run():
        answer = object_(client)
    assert answer.url == reverse("awards:object_sent", args=["spring"])
    assert "Look into your mail" in client.get(answer.url).content.decode()
    objection = Objection.objects.get()
    assert (objection.state, objection.email, objection.user) == ("sent", "li@example.org", None)
    assert [one.to for one in mail.outbox] == [["li@example.org"]]
    link = link_in(mail.outbox[0])
    assert objection.token_hash not in link and objection.text not in mail.outbox[0].body
    stranger = Client()
    assert "/accounts/login" in stranger.get(own(objection)).url
    assert client.get(link).url == own(objection)
    page = client.get(own(objection)).content.decode()
    assert "Confirm the objection" in page and "It is mine." in page
    objection.refresh_from_db()
    assert objection.state == "sent"  # a link that is merely opened confirms nothing
    with run():
        assert client.post(own(objection, "objection_confirm")).url == own(objection)
    objection.refresh_from_db()
    assert objection.state == "received" and objection.received_at and objection.due_at
    assert "has arrived" in mail.outbox[1].subject and link_in(mail.outbox[1]) == link
    assert list(Notice.objects.values_list("kind", "user_id")) == [("objection_arrived", organiser.id)]
    client.post(own(objection, "objection_confirm"))
    assert objection.steps.count() == 1


def test_before_that_it_holds_nothing_and_nobody_learns_of_it(notice, organiser, client, run):
    with run():
        object_(client)
    objection = Objection.objects.get()
    assert queries.summary(notice.edition).total == 0
    assert Notice.objects.count() == 0
    desk = Client()
    desk.force_login(organiser.user)
    assert objection.code not in desk.get(reverse("awards:objections", args=["spring"])).content.decode()
    assert desk.get(reverse("awards:objection", args=["spring", objection.code])).status_code == 404
    with pytest.raises(Objection.DoesNotExist):
        actions.decide(
            objection=objection, upheld=True, decision="So.", public=PUBLIC, by=organiser, at=timezone.now()
        )
    notice_actions.close_notice(edition=notice.edition, by=organiser, at=timezone.now())
    assert notice_actions.is_closed(notice.edition)
    with pytest.raises(Refused) as caught:
        receiving.confirm(objection=objection, by=actor_of(None), at=timezone.now())
    assert caught.value.code == "over"


def test_what_nobody_confirms_is_gone_after_a_day(notice, client, run):
    with run():
        object_(client)
    objection = Objection.objects.get()
    link = link_in(mail.outbox[0])
    late = objection.sent_at + DAY
    with pytest.raises(Refused) as caught:
        receiving.confirm(objection=objection, by=actor_of(None), at=late)
    assert (caught.value.code, caught.value.status) == ("late", 410)
    assert receiving.sweep(at=late - timedelta(seconds=1)) == 0
    assert receiving.sweep(at=late) == 1
    assert Objection.objects.count() == ObjectionLetter.objects.count() == 0
    answer = client.get(link)
    page = answer.content.decode()
    assert answer.status_code == 404 and "leads to no objection" in page
    assert 'class="button button--primary" href="/spring/notice/"' in page
    kept = received(client, run)
    assert receiving.sweep(at=kept.sent_at + 9 * DAY) == 0


def test_the_link_is_good_no_longer_than_the_notice(notice, client, run):
    now = timezone.now()
    notice.ends_at = now + timedelta(minutes=30)
    notice.save()
    with run():
        object_(client)
    objection = Objection.objects.get()
    assert objection_letters.confirm_by(objection) == notice.ends_at
    with pytest.raises(Refused, match="The time for objections is over"):
        receiving.confirm(objection=objection, by=actor_of(None), at=notice.ends_at)


def test_no_file_is_taken_before_the_address_is_confirmed(notice, client, run):
    """Of a stranger's form the words are taken, and nothing of a file is read; the objector's own page takes it."""
    proof = lambda: SimpleUploadedFile("proof.pdf", PDF)  # noqa: E731
    with run():
        object_(client, files=proof())
    objection = Objection.objects.get()
    assert objection.evidence.count() == 0
    with pytest.raises(Refused):
        receiving.object_to(
            notice=notice, film="", ground="other", text="So.", files=[proof()], at=timezone.now(),
            objector=Objector(actor_of(None), name="Li Na", email="li@example.org"),
        )  # fmt: skip
    assert Objection.objects.count() == 1
    client.get(link_in(mail.outbox[0]))
    client.post(own(objection, "objection_answer"), {"text": "Here.", "files": proof()})
    assert Evidence.objects.count() == objection.steps.count() == 0
    client.post(own(objection, "objection_confirm"))
    assert (
        client.post(own(objection, "objection_answer"), {"text": "Here.", "files": proof()}).status_code
        == 302
    )
    assert objection.evidence.get().size == len(PDF)
    stranger = Client()
    stranger.post(own(objection, "objection_answer"), {"text": "Here.", "files": proof()})
    assert objection.evidence.count() == 1
    for number in range(4):
        receiving.answer(objection=objection, text=f"{number}", files=[proof()], at=timezone.now())
    answer = client.post(own(objection, "objection_answer"), {"text": "One more.", "files": proof()})
    assert answer.status_code == 400 and "At most 5 files" in answer.content.decode()
    assert objection.evidence.count() == objection.steps.filter(kind="answer").count() == 5


def test_she_follows_it_in_her_language_answers_and_reads_the_decision(notice, organiser, client, run):
    client.cookies["django_language"] = "zh-hans"
    objection = received(client, run)
    assert objection.language == "zh-hans"
    assert "异议" in hers()[0].subject and "异议" in hers()[1].subject
    with run():
        actions.ask(objection=objection, text="哪一年完成？", by=organiser, at=timezone.now())
    fresh = Client()
    answer = fresh.get(link_in(hers()[2]))
    assert fresh.cookies["django_language"].value == "zh-hans"
    page = fresh.get(answer.url).content.decode()
    assert "哪一年完成？" in page and 'lang="zh-Hans"' in page
    assert fresh.post(own(objection, "objection_answer"), {"text": ""}).status_code == 400
    with run():
        fresh.post(own(objection, "objection_answer"), {"text": "二〇二五年。"})
    assert Notice.objects.filter(kind="objection_answered", user_id=organiser.id).count() == 1
    desk = Client()
    desk.force_login(organiser.user)
    page = desk.get(reverse("awards:objection", args=["spring", objection.code])).content.decode()
    assert (
        "二〇二五年。" in page
        and "Li Na" in page
        and "li@example.org" in page
        and "She reads: Chinese" in page
    )
    with run():
        actions.decide(
            objection=objection,
            upheld=True,
            decision="您的证据成立。",
            public=PUBLIC,
            by=organiser,
            at=timezone.now(),
        )
    assert "您的证据成立。" in hers()[3].body and "成立" in hers()[3].body
    page = fresh.get(own(objection)).content.decode()
    assert "您的证据成立。" in page and PUBLIC["zh"] in page
    gone = fresh.post(own(objection, "objection_answer"), {"text": "More."})
    assert gone.status_code == 409 and "不能再" in gone.content.decode()
    assert "Li Na" not in Client().get(reverse("awards:notice", args=["spring"])).content.decode()
    assert len(hers()) == 4


def test_programs_and_many_letters_are_held_off(notice, client, run):
    with run():
        assert object_(client, topic="https://spam.example").status_code == 302
    assert Objection.objects.count() == len(mail.outbox) == 0
    for _number in range(5):
        with run():
            object_(client)
    assert Objection.objects.count() == 1 and len(mail.outbox) == receiving.SAME_AGAIN
    for number in range(receiving.PER_OBJECTOR - 1):
        assert object_(client, text=f"Reason {number}.").status_code == 302
    letters = len(mail.outbox)
    with run():
        answer = object_(client, text="Another reason.")
    assert answer.url == reverse("awards:object_sent", args=["spring"])
    assert Objection.objects.count() == receiving.PER_OBJECTOR and len(mail.outbox) == letters
    # Other addresses from the same network: until that has had its share.
    for number in range(receiving.PER_NETWORK - receiving.PER_OBJECTOR):
        assert object_(client, email=f"other{number}@example.org").status_code == 302
    answer = object_(client, email="another@example.org")
    assert answer.status_code == 429 and "come back tomorrow" in answer.content.decode()
    far = Client(REMOTE_ADDR="203.0.113.9")
    assert object_(far, email="another@example.org").status_code == 302


def test_nobody_shuts_another_out_by_her_address(notice, client):
    """What anybody sends under an account's address, unconfirmed, does not count against the account."""
    person = make_user()
    for number in range(receiving.PER_OBJECTOR + 1):
        object_(client, email=person.email, text=f"Nonsense {number}.")
    assert Objection.objects.filter(state="sent").count() == receiving.PER_OBJECTOR
    own_browser = Client()
    own_browser.force_login(person)
    for number in range(receiving.PER_OBJECTOR):
        object_(own_browser, text=f"Reason {number}.")
    assert Objection.objects.filter(user=person, state="received").count() == receiving.PER_OBJECTOR
    assert object_(own_browser, text="One more.").status_code == 429


def test_what_she_confirmed_by_letter_counts_with_her_account(notice, client, run):
    person = make_user()
    for number in range(receiving.PER_OBJECTOR):
        received(client, run, email=person.email, text=f"Reason {number}.")
    client.force_login(person)
    assert object_(client, text="One more.").status_code == 429


def test_nobody_finds_out_whether_an_address_has_objected(notice, run):
    """The answers to a stranger are the same, however many objections stand under the address already."""
    silent, person = make_user(), make_user()
    own_browser = Client()
    own_browser.force_login(person)
    for number in range(receiving.PER_OBJECTOR):
        assert object_(own_browser, text=f"Reason {number}.").status_code == 302
    answers = []
    for place, email in enumerate((silent.email, person.email)):
        stranger = Client(REMOTE_ADDR=f"203.0.{place}.9")
        posts = [
            object_(stranger, email=email, text=f"Probe {number}.")
            for number in range(receiving.PER_OBJECTOR + 1)
        ]
        answers.append([(one.status_code, one.url) for one in posts])
    assert answers[0] == answers[1]


def test_the_letter_to_confirm_carries_no_words_of_a_stranger(notice, client, run):
    bait = "you won 500 EUR, collect at https://evil.example/x - Festival team"
    with run():
        object_(client, name=bait)
    [letter] = hers()
    assert "evil.example" not in letter.subject + letter.body and "500 EUR" not in letter.body
    assert letter.body.startswith("Hello li@example.org,")
    assert Objection.objects.get().name == bait  # for the organisers, once it is confirmed


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("film", "OTHER22", "This film is not on the list."),
        ("film", "\0", "This film is not on the list."),
        ("ground", "", "Choose what the objection is about."),
        ("ground", "spite", "Choose what the objection is about."),
        ("text", "  ", "Say what you object to"),
        ("text", "x" * 5001, "at most 5000 are taken"),
        ("text", "a\0b", "Null characters are not allowed."),
        ("name", "", "objections without one are not taken up"),
        ("name", "x" * 121, "at most 120 characters"),
        ("email", "", "Give a mail address"),
        ("email", "li at example", "This is no mail address."),
        ("email", "li@example.org\nBcc: all@example.org", "This is no mail address."),
        ("contact", "1" * 201, "at most 200 characters"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_and_leaves_nothing(notice, client, name, value, sentence):
    answer = object_(client, **{name: value})
    assert answer.status_code == 400 and sentence in answer.content.decode()
    assert Objection.objects.count() == ObjectionLetter.objects.count() == len(mail.outbox) == 0
    if name != "text":
        assert "It is mine." in answer.content.decode()


def test_letters_that_cannot_be_sent_are_tried_again_and_told_to_the_desk(
    notice, organiser, client, run, settings
):
    objection = received(client, run)
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    at = timezone.now()
    actions.ask(objection=objection, text="Which?", by=organiser, at=at)
    letter = objection.letters.get(kind="objection_question")
    for _number in range(objection_letters.ATTEMPTS):
        letter.refresh_from_db()
        objection_letters.send(letter.pk, at=letter.due_at)
        objection_letters.send(letter.pk, at=letter.due_at)  # another worker, at the same time
    letter.refresh_from_db()
    assert (letter.attempts, letter.problem, letter.mailed_at) == (
        objection_letters.ATTEMPTS,
        "gave_up",
        None,
    )
    client.force_login(organiser.user)
    page = client.get(reverse("awards:objection", args=["spring", objection.code])).content.decode()
    assert "could not be delivered" in page


def test_one_that_was_lost_is_sent_by_the_clock(notice, client, run):
    object_(client)
    assert mail.outbox == []
    at = timezone.now()
    assert objection_letters.send_lost(at=at) == 0
    with run():
        assert objection_letters.send_lost(at=at + timedelta(minutes=10)) == 1
    assert len(mail.outbox) == 1
    assert objection_letters.send_lost(at=at + timedelta(days=1)) == 0


def test_a_year_after_the_decision_nobody_knows_who_objected(notice, organiser, client, run):
    objection, other = received(client, run), received(client, run, text="And this.")
    at = timezone.now()
    actions.decide(objection=objection, upheld=True, decision="So.", public=PUBLIC, by=organiser, at=at)
    assert receiving.forget_people(at=at + 365 * DAY - timedelta(seconds=1)) == 0
    assert receiving.forget_people(at=at + 365 * DAY) == 1
    assert receiving.forget_people(at=at + 366 * DAY) == 0
    objection.refresh_from_db()
    assert (objection.name, objection.holder, objection.network, objection.token_hash) == ("", "", "", "")
    assert "li@example.org" not in objection.email
    assert (objection.state, objection.decision, objection.public) == ("upheld", "So.", PUBLIC)
    assert Objection.objects.get(pk=other.pk).name == "Li Na"


def test_nobody_decides_over_her_own_from_whichever_door_it_came(notice, organiser, client, run):
    objection = received(client, run, email=organiser.user.email.upper())
    with pytest.raises(Refused, match="your own objection"):
        actions.decide(
            objection=objection, upheld=True, decision="So.", public=PUBLIC, by=organiser, at=timezone.now()
        )


def test_the_link_of_one_leads_to_no_other(notice, client, run):
    mine = received(client, run)
    other = Client()
    theirs = received(other, run, email="bo@example.org")
    for address in (own(theirs), own(theirs, "objection_answer")):
        assert "/accounts/login" in client.get(own(theirs)).url, address
    assert client.get(own(mine)).status_code == 200
    client.force_login(make_user())
    assert client.get(own(theirs)).status_code == 404
    assert client.get(own(mine)).status_code == 404 or mine.code in client.get(own(mine)).content.decode()
