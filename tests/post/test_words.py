"""The words of letters: complete in both languages, placeholders checked, nothing in them ever run."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from festival.post.kinds import EDITABLE, KINDS
from festival.post.placeholders import PLACEHOLDERS, faults, fill, lacking, names_in
from festival.post.template_actions import faults_of
from festival.post.words import Text, default_text, render, sample
from tests.factories import make_edition, make_user
from tests.post.making import CALL, SAMPLE, make_notice

LANGUAGES = {"en": "en", "zh": "zh-hans"}


@pytest.mark.parametrize("kind", EDITABLE)
def test_every_kind_comes_with_words_that_an_edition_could_save(kind: str) -> None:
    """Both languages, Chinese in Chinese, the same placeholders, and those that must be there."""
    texts = {}
    for key, language in LANGUAGES.items():
        with translation.override(language):
            texts[key] = default_text(KINDS[kind])
    subject = {key: text.subject for key, text in texts.items()}
    body = {key: text.body for key, text in texts.items()}
    assert re.search("[\u4e00-\u9fff]", subject["zh"]) and re.search("[\u4e00-\u9fff]", body["zh"])
    assert names_in(subject["zh"], body["zh"]) == names_in(subject["en"], body["en"])
    assert faults_of(kind, subject, body) == {}


@pytest.mark.parametrize("kind", EDITABLE)
def test_every_placeholder_of_a_kind_is_explained_with_a_sample_in_both_languages(kind: str) -> None:
    for name in EDITABLE[kind].allowed:
        assert sorted(PLACEHOLDERS[name].sample) == ["en", "zh"] and str(PLACEHOLDERS[name].says)
    assert set(EDITABLE[kind].needed) <= set(EDITABLE[kind].allowed)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("kind", EDITABLE)
def test_every_kind_is_rendered_without_a_gap(kind: str, language: str) -> None:
    notice = make_notice(
        kind=kind,
        values=CALL if "missing" in KINDS[kind].given else SAMPLE,
        edition=make_edition(time_zone="Asia/Shanghai"),
    )
    with translation.override(language):
        words = render(notice)
    assert not re.search(r"[{}]|%\(|None", words.subject + words.body)
    assert (
        "Lamp" in words.subject
        or kind in ("deadline_extended", "edition_changed")
        or {"films", "role", "meeting"} & set(KINDS[kind].given)
        or kind.startswith("objection_")
        or {"person", "cohort"} <= set(KINDS[kind].given)
        or kind == "place_invitation"
    )
    if "films" in KINDS[kind].given:
        assert "12" in words.body and "41" in words.body
    if "meeting" in KINDS[kind].given:
        assert "Last meeting" in words.subject + words.body
    if "when" in KINDS[kind].given:
        assert "20:00" in words.subject and ("Room 7" in words.body) == ("place" in KINDS[kind].given)
    if "deadline" in KINDS[kind].needed:
        assert "23:59" in words.subject + words.body  # on the edition's clock


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{title} and {code}", 0),
        ("{titel}", 1),
        ("{reason}", 1),
        ("{title", 1),
        ("title}", 1),
        ("{}", 1),
        ("{{title}}", 1),
        ("{title.__class__}", 1),
        ("{0}", 1),
        ("｛title｝", 1),
        ("{oh} {dear} {oh}", 2),
        ("100 % of %(title)s", 0),
    ],
)
def test_faults_in_placeholders(text: str, count: int) -> None:
    assert len(faults(text, ("title", "code"))) == count


def test_what_must_be_there_may_stand_in_subject_or_text() -> None:
    assert lacking(("deadline", "reason"), "by {deadline}", "because {reason}") == []
    (missing,) = lacking(("deadline", "reason"), "by {deadline}", "because")
    assert "{reason}" in missing


def test_a_value_is_not_looked_into() -> None:
    assert fill("{title} {code}", {"title": "{code} {title.x}", "code": "7"}) == "{code} {title.x} 7"


@given(some.text(), some.text())
def test_no_text_breaks_the_filling(text: str, value: str) -> None:
    words = Text(text, text).filled(dict.fromkeys(PLACEHOLDERS, value))
    assert "\n" not in words.subject and "\r" not in words.subject
    for name in PLACEHOLDERS:
        assert f"{{{name}}}" not in fill(text, dict.fromkeys(PLACEHOLDERS, ""))


@pytest.mark.django_db
def test_names_and_titles_cannot_turn_the_line_or_begin_another() -> None:
    user = make_user("Ann\r\nBcc: all@example.org")
    title = "Film\u202egnp.exe\nBcc: all@example.org 🎬"
    words = render(make_notice(user=user, values={"title": title, "code": "A"}))
    assert words.subject == "“Filmgnp.exe Bcc: all@example.org 🎬” has been submitted"
    own = Text("{name}", "{name} {title}").filled({"name": "x", "title": "a\u2066b\x00\x07c\nd"})
    assert own.body == "x abc\nd"


@pytest.mark.django_db
def test_a_sample_has_a_value_for_everything() -> None:
    text = Text("{title}", " ".join(f"{{{name}}}" for name in PLACEHOLDERS))
    for language in LANGUAGES.values():
        with translation.override(language):
            assert not re.search("[{}]", sample(text, make_edition()).body)
