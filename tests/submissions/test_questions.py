"""An edition's own questions: asked in a form, kept in the words they were answered in, retired rather than lost."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from festival.edition.models import Track
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, actor_of
from festival.people.roles import Role
from submissions import actions
from submissions.completeness import missing_for_submission
from submissions.desk_filters import Filters
from submissions.export import columns_for, rows_of
from submissions.models import Answer, Entry, Question, Wording
from submissions.question_actions import (
    Words,
    change_question,
    delete_question,
    move_question,
    order_questions,
    retire_question,
    save_answers,
)
from submissions.question_desk import QuestionForm
from submissions.question_forms import answer_text, as_given, as_stored, field_of
from submissions.question_queries import answer_views
from tests.factories import (
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_question,
)

pytestmark = pytest.mark.django_db
OPTIONS = ({"key": "o1", "en": "Red", "zh": "红"}, {"key": "o2", "en": "Blue", "zh": "蓝"})
JSON = {"Accept": "application/json"}


def client_of(entry: Entry) -> Client:
    client = Client()
    client.force_login(entry.entrant)
    return client


def save(entry: Entry, *, typed: bool = False, **answers: Any) -> Any:
    """Send the entry's form with these answers."""
    data = {"title": entry.title, "director": "Wei Lan", "track": entry.track_id, "synopsis_en": "A lamp."}
    headers = JSON if typed else None
    return client_of(entry).post(f"/entries/{entry.code}/edit/", data | answers, headers=headers)


def reword(question: Question, text: str, **words: Any) -> Question:
    return change_question(
        question=question,
        kind=question.kind,
        words=Words(text={"en": text}, **words),
        by=SYSTEM,
        at=timezone.now(),
        required=question.required,
    )


@pytest.mark.parametrize(
    ("kind", "limits", "typed", "stored", "said"),
    [
        ("line", {}, " One\nline ", "One line", "One line"),
        ("text", {}, "Two\nlines", "Two\nlines", "Two\nlines"),
        ("number", {}, "3", 3, "3"),
        ("number", {"least": 0.5, "most": 2}, "1.5", 1.5, "1.5"),
        ("date", {"least": "2026-01-01"}, "2026-03-31", "2026-03-31", "31 March 2026"),
        ("yes_no", {}, "yes", True, "Yes"),
        ("yes_no", {}, "no", False, "No"),
        ("choice", {}, "o2", "o2", "Blue"),
        ("choices", {"most": 2}, ["o2", "o1"], ["o2", "o1"], "Blue, Red"),
        ("url", {}, "example.org/film", "https://example.org/film", "https://example.org/film"),
        ("line", {}, "", None, None),
        ("choices", {}, [], None, None),
        ("yes_no", {}, "", None, None),
    ],
)
def test_an_answer_is_stored_given_back_and_read(
    kind: str, limits: dict, typed: Any, stored: Any, said: str | None
) -> None:
    options = OPTIONS if kind.startswith("choice") else ()
    question = make_question(make_edition(), kind, limits=limits, options=options)
    field = field_of(question, question.wording)
    assert as_stored(question, field.clean(typed)) == stored
    if stored is not None:
        again = as_given(question, stored)
        assert as_stored(question, field.clean(again)) == stored
        assert answer_text(question, question.wording, stored) == said


@pytest.mark.parametrize(
    ("kind", "limits", "typed", "sentence"),
    [
        ("line", {"most": 3}, "four", "Ensure this value has at most 3 characters (it has 4)."),
        ("number", {}, "many", "Write a number, in figures."),
        ("number", {"least": 2}, "1", "Not less than 2."),
        ("number", {"most": 2}, "3", "Not more than 2."),
        ("date", {}, "31.3.2026", "Write a date as year, month and day, such as 2026-03-31."),
        ("date", {"most": "2026-01-01"}, "2026-01-02", "Not after 1 January 2026."),
        ("choices", {"most": 1}, ["o1", "o2"], "Choose one at most."),
        ("url", {}, "javascript:alert(1)", "Write the whole web address, such as https://example.org/film."),
        ("url", {}, "ftp://example.org/", "Write the whole web address, such as https://example.org/film."),
    ],
)
def test_what_cannot_be_right_is_refused(kind: str, limits: dict, typed: Any, sentence: str) -> None:
    options = OPTIONS if kind.startswith("choice") else ()
    question = make_question(make_edition(), kind, limits=limits, options=options)
    with pytest.raises(forms.ValidationError) as refused:
        field_of(question, question.wording).clean(typed)
    assert refused.value.messages == [sentence]


def test_a_draft_answers_in_the_form_and_takes_an_answer_back() -> None:
    edition = make_edition(call_open=True)
    why, often = make_question(edition), make_question(edition, "number", "How often?")
    entry = make_draft(edition)
    assert save(entry, **{f"q{why.pk}": "Because.", f"q{often.pk}": "2"}).status_code == 302
    assert dict(entry.answers.values_list("question", "value")) == {why.pk: "Because.", often.pk: 2}
    page = html.unescape(client_of(entry).get(f"/entries/{entry.code}/edit/").content.decode())
    assert "More about this film" in page and 'value="Because."' in page
    assert save(entry, **{f"q{why.pk}": "", f"q{often.pk}": "3"}).status_code == 302
    assert dict(entry.answers.values_list("question", "value")) == {often.pk: 3}
    refused = save(entry, typed=True, **{f"q{often.pk}": "many"})
    assert (refused.status_code, refused.json()["text"]) == (400, "Write a number, in figures.")
    assert entry.answers.get().value == 3


def test_what_is_typed_is_saved_and_told_what_is_missing() -> None:
    edition = make_edition(call_open=True)
    why = make_question(edition, required=True)
    entry = make_draft(edition)
    assert "Answer “Why?”." in save(entry, typed=True).json()["missing"]
    assert "Answer “Why?”." not in save(entry, typed=True, **{f"q{why.pk}": "So."}).json()["missing"]


@pytest.mark.parametrize(
    ("kind", "limits", "value", "missing"),
    [
        ("line", {}, None, ["Answer “Why?”."]),
        ("text", {"least": 5}, "four", ["“Why?”: write at least 5 characters."]),
        ("choices", {"least": 2}, ["o1"], ["“Why?”: choose at least 2."]),
        (
            "choice",
            {},
            "o9",
            ["Answer “Why?” again: what you chose is no longer among the choices."],
        ),
        ("yes_no", {}, False, []),
        ("number", {}, 0, []),
    ],
)
def test_a_required_question_is_missing_until_it_is_answered(
    kind: str, limits: dict, value: Any, missing: list[str]
) -> None:
    edition = make_edition(call_open=True)
    options = OPTIONS if kind.startswith("choice") else ()
    question = make_question(edition, kind, required=True, limits=limits, options=options)
    entry = make_draft(edition)
    save_answers(entry=entry, values={question.pk: value})
    assert missing_for_submission(entry) == [*missing, "Upload the film."]


def test_a_question_of_another_track_a_retired_one_and_a_later_one_are_not_missing() -> None:
    edition = make_edition(call_open=True)
    other = Track.objects.create(edition=edition, slug="other", name={"en": "Other"}, position=1)
    make_question(edition, required=True, tracks=[other])
    make_question(edition, required=True, asked="admitted")
    retire_question(
        question=make_question(edition, required=True),
        by=SYSTEM,
        at=timezone.now(),
        reason={"en": "Not needed."},
    )
    entry = make_draft(edition)
    assert missing_for_submission(entry) == ["Upload the film."]
    Entry.objects.update(track=other)
    assert missing_for_submission(Entry.objects.get()) == ["Answer “Why?”.", "Upload the film."]
    page = client_of(entry).get(f"/entries/{entry.code}/edit/").content.decode()
    assert f'data-for-tracks="{other.pk}"' in page and "Asked in: Other." in page


def test_a_submitted_answer_keeps_the_words_it_was_asked_in() -> None:
    edition = make_edition(call_open=True)
    question = make_question(edition, "choice", "Which colour?", options=OPTIONS)
    one, two = make_draft(edition), make_draft(edition)
    for entry in (one, two):
        save_answers(entry=entry, values={question.pk: "o1"})
    make_inspection(one, state="queued")
    actions.submit(entry=one, by=actor_of(one.entrant), at=timezone.now())
    scarlet = {"key": "o1", "en": "Scarlet", "zh": "猩红"}
    question = reword(question, "Which paint?", options=(scarlet, OPTIONS[1]))
    assert question.wording.number == 2
    make_inspection(two, state="queued")
    actions.submit(entry=two, by=actor_of(two.entrant), at=timezone.now())
    said = [(view.question, view.text) for entry in (one, two) for view in answer_views(entry)]
    assert said == [("Which colour?", "Red"), ("Which paint?", "Scarlet")]
    with translation.override("zh-hans"):
        assert [view.text for view in answer_views(one)] == ["红"]
    page = html.unescape(client_of(one).get(f"/entries/{one.code}/").content.decode())
    assert "Which colour?" in page and "Which paint?" not in page


def test_words_that_nobody_has_answered_are_changed_in_place() -> None:
    question = make_question(make_edition())
    assert reword(question, "Why not?").wording.number == 1
    assert Wording.objects.count() == 1


def test_an_answered_question_keeps_its_kind_and_cannot_be_deleted() -> None:
    edition = make_edition(call_open=True)
    question = make_question(edition)
    save_answers(entry=make_draft(edition), values={question.pk: "So."})
    with pytest.raises(Refused) as refused:
        change_question(
            question=question, kind="date", words=Words(text={"en": "When?"}), by=SYSTEM, at=timezone.now()
        )
    assert refused.value.code == "answered"
    with pytest.raises(Refused) as refused:
        delete_question(question=question, by=SYSTEM, at=timezone.now())
    assert refused.value.code == "answered"
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(kind="colour")
    unused = make_question(edition)
    delete_question(question=unused, by=SYSTEM, at=timezone.now())
    assert list(edition.questions.all()) == [question]


def test_order() -> None:
    edition = make_edition()
    first, second, third = (make_question(edition, text=text) for text in "ABC")
    stranger = make_question(make_edition())
    order_questions(edition=edition, ids=[third.pk, stranger.pk, first.pk, third.pk])
    assert list(edition.questions.all()) == [third, first, second]
    move_question(question=second, by_places=-1)
    assert list(edition.questions.all()) == [third, second, first]
    move_question(question=third, by_places=-1)
    assert list(edition.questions.all()) == [third, second, first]


def test_a_choice_whose_spelling_is_mended_keeps_what_was_chosen() -> None:
    edition = make_edition()
    question = make_question(edition, "choice", options=OPTIONS)

    def keys(lines: str) -> list[tuple[str, str, str]]:
        data = {"text_en": "Why?", "kind": "choice", "asked": "entry", "options": lines}
        form = QuestionForm(edition, data, question=question)
        assert form.is_valid(), form.errors
        return [(one["key"], one["en"], one["zh"]) for one in form.words.options]

    assert keys("Blue | 蓝\nCrimson | 红") == [("o2", "Blue", "蓝"), ("o1", "Crimson", "红")]
    assert keys("Red|红\nBlue|蓝\nGreen\nGreen") == [
        ("o1", "Red", "红"),
        ("o2", "Blue", "蓝"),
        ("o3", "Green", "Green"),
    ]
    assert keys("Green | 绿\n| 黄") == [("o1", "Green", "绿"), ("o2", "黄", "黄")]


# --- The desk -----------------------------------------------------------------------------------------------


def test_an_organiser_makes_changes_moves_and_retires_a_question() -> None:
    edition = make_edition(call_open=True)
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    base = f"/{edition.slug}/desk/form/"
    data = {
        "text_en": "Which school?",
        "text_zh": "哪所学校？",
        "kind": "line",
        "asked": "entry",
        "most": "80",
    }
    assert client.post(f"{base}questions/new/", data).status_code == 302
    question = edition.questions.get()
    assert (question.wording.text, question.wording.limits) == (
        {"en": "Which school?", "zh": "哪所学校？"},
        {"most": 80},
    )
    preview = client.post(f"{base}questions/new/", data | {"preview": "1", "required": "on"})
    assert preview.status_code == 200 and 'maxlength="80"' in preview.content.decode()
    assert edition.questions.count() == 1
    page = html.unescape(client.get(base).content.decode())
    assert "Which school?" in page and "A line of text" in page
    later = data | {"asked": "admitted", "due": "2030-01-31", "required": "on"}
    assert client.post(f"{base}questions/{question.pk}/", later).status_code == 400
    later |= {"change_reason_en": "The law asks for it."}
    assert client.post(f"{base}questions/{question.pk}/", later).status_code == 302
    question.refresh_from_db()
    assert (question.asked, question.required, question.due_at.isoformat()) == (
        "admitted",
        True,
        "2030-02-01T00:00:00+00:00",
    )
    other = make_question(edition)
    order = client.post(
        f"{base}questions/order/", {"ids": [other.pk, question.pk]}, content_type="application/json"
    )
    assert order.status_code == 200
    assert list(edition.questions.all()) == [other, question]
    why = {"change_reason_zh": "不再需要。"}
    client.post(f"{base}questions/{question.pk}/retire/", why)
    assert "1 retired question" in html.unescape(client.get(base).content.decode())
    client.post(f"{base}questions/{question.pk}/restore/", why)
    client.post(f"{base}questions/{other.pk}/delete/")
    assert list(edition.questions.values_list("pk", "retired_at")) == [(question.pk, None)]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"text_en": ""}, "text", "Write the question in at least one language."),
        ({"kind": "choice", "options": "Only one"}, "options", "Write at least two choices, one a line."),
        ({"kind": "number", "most": "many"}, "most", "Write a number, in figures."),
        ({"kind": "number", "least": "3", "most": "2"}, "most", "This is less than “at least”."),
        ({"kind": "number", "most": "NaN"}, "most", "Write a number, in figures."),
        ({"kind": "text", "most": "0"}, "most", "Write a whole number from 1 to 5000."),
        (
            {"kind": "date", "least": "2026-02-31"},
            "least",
            "Write a date as year, month and day, such as 2026-03-31.",
        ),
        (
            {"due": "2030-01-31"},
            "due",
            "In the entry form the deadline of the call holds. Leave this empty, or ask later.",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(change: dict, field: str, sentence: str) -> None:
    data = {"text_en": "Why?", "kind": "line", "asked": "entry"}
    form = QuestionForm(make_edition(), data | change)
    assert not form.is_valid()
    assert form.errors == {field: [sentence]}


def test_an_organiser_chooses_the_common_fields() -> None:
    edition = make_edition(call_open=True)
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    from submissions.fields import COMMON

    data = {common.name: "optional" for common in COMMON} | {"country": "required", "showings": "hidden"}
    data |= {"change_reason_en": "The catalogue names it."}
    assert client.post(f"/{edition.slug}/desk/form/", data).status_code == 302
    edition.refresh_from_db()
    entry = make_draft(edition, synopsis={}, director="")
    assert missing_for_submission(entry) == [
        "Say which country or region the film comes from.",
        "Upload the film.",
    ]
    page = html.unescape(client_of(entry).get(f"/entries/{entry.code}/edit/").content.decode())
    assert 'name="country"' in page and 'name="showings"' not in page
    assert client.post(f"/{edition.slug}/desk/form/", data | {"country": "maybe"}).status_code == 400


def test_a_hidden_field_keeps_what_was_written() -> None:
    edition = make_edition(call_open=True, form={"fields": {"showings": "hidden"}})
    entry = make_draft(edition, showings="Somewhere, 2025")
    assert save(entry).status_code == 302
    entry.refresh_from_db()
    assert entry.showings == "Somewhere, 2025"
    assert "Somewhere, 2025" in client_of(entry).get(f"/entries/{entry.code}/").content.decode()


# --- After admission ----------------------------------------------------------------------------------------


def test_films_in_the_competition_are_asked_more_until_the_last_day() -> None:
    edition = make_edition()
    due = timezone.now() + timedelta(days=3)
    hotel = make_question(edition, "number", "How many beds?", asked="admitted", due_at=due)
    entry = make_entry(edition, state="eligible")
    client = client_of(entry)
    assert "How many beds?" in client.get(f"/entries/{entry.code}/").content.decode()
    assert client.post(f"/entries/{entry.code}/questions/", {f"q{hotel.pk}": "2"}).status_code == 302
    assert Answer.objects.get().value == 2
    Question.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(f"/entries/{entry.code}/questions/", {f"q{hotel.pk}": "3"})
    assert (answer.status_code, Answer.objects.get().value) == (302, 2)
    assert "The contest has questions" not in client.get(f"/entries/{entry.code}/").content.decode()


# --- Taken away as a table ----------------------------------------------------------------------------------


def test_answers_are_columns_of_the_table() -> None:
    edition = make_edition()
    why, often = make_question(edition), make_question(edition, "number", "How often?")
    entry = make_entry(edition, country="CN, FR", genre="fiction", running_time=95)
    silent = make_entry(edition)
    save_answers(entry=entry, values={why.pk: "=1+1", often.pk: 3})
    actor = make_member(edition, Role.TECHNICIAN)
    wanted = ("code", "country", "genre", "running_time", f"q{why.pk}", f"q{often.pk}")
    columns = [column for column in columns_for(actor, edition) if column.name in wanted]
    assert [str(column.title) for column in columns][-2:] == ["Why?", "How often?"]
    assert list(rows_of(edition, Filters(), columns)) == [
        [entry.code, "China, France", "Fiction", 95, "=1+1", 3],
        [silent.code, "", "", None, "", ""],
    ]
