"""An edition's own words: checked when saved, numbered, kept; a letter keeps the words it was written with."""

import pytest
from django.test import Client
from django.utils import timezone, translation

from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.post import actions
from festival.post.models import Notice, Template
from festival.post.queries import with_words
from festival.post.template_actions import back_to_default, save_template, set_reminders
from festival.post.words import render
from tests.factories import make_edition, make_member, make_user
from tests.post.making import make_organiser, make_template

pytestmark = pytest.mark.django_db
NOW = timezone.now


def write(edition: object) -> Notice:
    notice = actions.notify(
        user=make_user(), edition=edition, kind="entry_submitted", path="/", at=NOW(), title="Lamp", code="A"
    )
    return with_words(Notice.objects.all()).get(pk=notice.pk)


def test_a_letter_keeps_its_words_when_the_text_changes() -> None:
    edition = make_edition()
    by = make_organiser(edition)
    before = write(edition)
    make_template(by, edition)
    during = write(edition)
    make_template(by, edition, seen=1, subject={"en": "Again {title}", "zh": "又是{title}"})
    after = write(edition)
    back_to_default(edition=edition, kind="entry_submitted", seen=2, by=by, at=NOW())
    at_last = write(edition)
    said = [
        render(with_words(Notice.objects.all()).get(pk=one.pk)).subject
        for one in (before, during, after, at_last)
    ]
    assert said == [
        "“Lamp” has been submitted",
        "We have “Lamp”",
        "Again Lamp",
        "“Lamp” has been submitted",
    ]
    with translation.override("zh-hans"):
        assert render(during).subject == "已收到《Lamp》"
    numbers = list(Template.objects.order_by("number").values_list("number", "own"))
    assert numbers == [(1, True), (2, True), (3, False)]


def test_many_letters_get_the_words_in_one_query(django_assert_num_queries) -> None:
    edition, user = make_edition(), make_user()
    own = make_template(make_organiser(edition), edition)
    rows = [
        Notice(user=user, edition=edition, kind=kind, path="/", created_at=NOW())
        for kind in ("entry_submitted", "entry_admitted") * 10
    ]
    with django_assert_num_queries(4):  # savepoint, texts, insert, release
        actions.notify_many(notices=rows)
    assert Notice.objects.filter(template=own).count() == 10
    assert Notice.objects.filter(template=None, kind="entry_admitted").count() == 10


def test_another_editions_words_stay_with_it() -> None:
    edition = make_edition()
    make_template(make_organiser(edition), edition)
    assert render(write(make_edition())).subject == "“Lamp” has been submitted"


def test_who_is_second_is_told_and_nothing_is_lost() -> None:
    edition = make_edition()
    by = make_organiser(edition)
    make_template(by, edition)
    with pytest.raises(Refused) as refused:
        make_template(by, edition, seen=0)
    assert refused.value.code == "changed"
    assert Template.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "subject", "body"),
    [
        ("entry_submitted", {"en": "A {deadline}", "zh": "甲"}, {"en": "B", "zh": "乙"}),
        ("entry_submitted", {"en": "A", "zh": "甲"}, {"en": "B {", "zh": "乙"}),
        ("entry_submitted", {"en": "A", "zh": ""}, {"en": "B", "zh": "乙"}),
        ("entry_refused", {"en": "A", "zh": "甲"}, {"en": "B {reason}", "zh": "乙"}),
        ("entry_needs_fix", {"en": "A", "zh": "甲"}, {"en": "{reason}", "zh": "{reason}"}),
        ("mailing", {"en": "A", "zh": "甲"}, {"en": "B", "zh": "乙"}),
    ],
)
def test_words_that_would_not_do_are_refused(kind: str, subject: dict, body: dict) -> None:
    edition = make_edition()
    by = make_organiser(edition)
    with pytest.raises((Refused, KeyError)):
        save_template(edition=edition, kind=kind, subject=subject, body=body, seen=0, by=by, at=NOW())
    assert not Template.objects.exists()


def test_a_technician_writes_no_letters() -> None:
    edition = make_edition()
    technician = make_member(edition, Role.TECHNICIAN)
    for attempt in (
        lambda: make_template(technician, edition),
        lambda: back_to_default(edition=edition, kind="entry_submitted", seen=0, by=technician, at=NOW()),
        lambda: set_reminders(edition=edition, days=[3], by=technician),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.status == 403


# --- The page -----------------------------------------------------------------------------------------------


def page_of(kind: str = "entry_refused"):
    edition = make_edition()
    by = make_organiser(edition)
    client = Client()
    client.force_login(by.user)
    return edition, client, f"/{edition.slug}/desk/letters/{kind}/"


GOOD = {
    "subject_en": "Not this time",
    "subject_zh": "未能参评",
    "body_en": "Sorry, {title}: {reason}",
    "body_zh": "抱歉，《{title}》：{reason}",
    "seen": "0",
}


def test_the_page_saves_shows_history_and_goes_back() -> None:
    edition, client, url = page_of()
    assert client.post(url, GOOD).url == url
    assert client.post(url, GOOD | {"seen": "1", "subject_en": "Second"}).status_code == 302
    page = client.get(url).content.decode()
    assert 'value="Second"' in page and "Not this time" in page
    assert 'value="Not this time"' in client.get(url + "?version=1").content.decode()
    assert client.post(url + "default/", {"seen": "2"}).url == url
    assert client.get(f"/{edition.slug}/desk/letters/").content.decode().count("Your own<") == 0


def test_the_preview_shows_both_languages_and_what_is_wrong_and_saves_nothing() -> None:
    _edition, client, url = page_of()
    whole = client.post(url, GOOD | {"preview": "1"})
    assert whole.status_code == 200
    assert "Sorry, Snow on Mars: A stock agency" in whole.content.decode()
    assert "抱歉，《火星上的雪》" in whole.content.decode()
    part = client.post(url, GOOD | {"preview": "1", "body_en": "{oops} <b>"}, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert text.lstrip().startswith("<section") and "{oops} is no placeholder" in text
    assert "&lt;b&gt;" in text and "The letter must say {reason}" in text
    assert not Template.objects.exists()


def test_a_fault_keeps_what_was_typed() -> None:
    _edition, client, url = page_of()
    answer = client.post(url, GOOD | {"body_zh": "没有理由"})
    assert answer.status_code == 400
    assert "没有理由" in answer.content.decode() and not Template.objects.exists()


def test_a_text_changed_meanwhile_can_be_saved_once_more() -> None:
    _edition, client, url = page_of()
    client.post(url, GOOD)
    late = client.post(url, GOOD | {"subject_en": "Late"})
    assert late.status_code == 400 and 'name="seen" value="1"' in late.content.decode()


def test_a_test_letter_comes_in_both_languages(django_capture_on_commit_callbacks, mailoutbox) -> None:
    _edition, client, url = page_of()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, GOOD | {"test": "1"})
    assert [letter.subject for letter in mailoutbox] == ["Test: Not this time", "测试: 未能参评"]
    assert "Nobody else got it" in mailoutbox[0].body and "没有发给其他人" in mailoutbox[1].body
    assert not Template.objects.exists()


def test_an_unknown_kind_is_no_page() -> None:
    _edition, client, _url = page_of()
    edition = _edition
    for kind in ("mailing", "test_letter", "nothing"):
        assert client.get(f"/{edition.slug}/desk/letters/{kind}/").status_code == 404


def test_reminder_days_are_chosen_on_the_page() -> None:
    edition, client, _url = page_of()
    client.post(f"/{edition.slug}/desk/letters/reminders/", {"days": ["3", "14"]})
    edition.refresh_from_db()
    assert edition.reminder_days == [14, 3]
    client.post(f"/{edition.slug}/desk/letters/reminders/", {})
    edition.refresh_from_db()
    assert edition.reminder_days == []
