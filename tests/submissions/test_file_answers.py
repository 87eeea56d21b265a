"""Questions that are answered with a file."""

import html
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from festival.edition.models import Track
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, actor_of
from submissions import actions, attachment_job
from submissions.completeness import missing_for_submission
from submissions.consent_actions import agree_to_all
from submissions.models import Attachment, Entry
from submissions.question_actions import Words, change_question, delete_question, retire_question
from submissions.question_desk import QuestionForm
from submissions.question_queries import for_desk
from tests.factories import make_draft, make_edition, make_inspection, make_question
from tests.submissions.test_attachments import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CARD = ("card.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


def answered(entry: Entry, question: int, *files: tuple[str, bytes]) -> Any:
    answer = send(entry, "answer", *(files or (CARD,)), question=str(question))
    for pk in Attachment.objects.filter(state="waiting").values_list("pk", flat=True):
        attachment_job.run(pk)
    return answer


def page(entry: Entry, path: str) -> str:
    client = Client()
    client.force_login(entry.entrant)
    return html.unescape(client.get(f"/entries/{entry.code}/{path}").content.decode())


def test_a_file_answers_a_question_and_keeps_its_words() -> None:
    edition = make_edition(call_open=True)
    question = make_question(edition, "file", "Your student card", required=True)
    entry = make_draft(edition)
    assert missing_for_submission(entry) == ["Answer “Your student card” with a file.", "Upload the film."]
    shown = page(entry, "files/")
    assert f'id="answer-{question.pk}"' in shown and "Your student card" in shown
    answer = answered(entry, question.pk)
    assert answer.headers["Location"].endswith(f"/files/#answer-{question.pk}")
    row = entry.attachments.get()
    assert (row.kind, row.state, row.wording.question_id, row.stage) == ("answer", "ready", question.pk, "")
    fresh = Entry.objects.get()
    assert missing_for_submission(fresh) == ["Upload the film."]
    assert [(one.pk, one.answered) for one in for_desk(edition)] == [(question.pk, 1)]
    agree_to_all(entry=fresh, by=actor_of(fresh.entrant), at=timezone.now())
    make_inspection(fresh, state="queued")
    actions.submit(entry=fresh, by=actor_of(fresh.entrant), at=timezone.now())
    words = Words(text={"en": "Your passport"})
    change_question(question=question, kind="file", words=words, by=SYSTEM, at=timezone.now(), required=True)
    row.refresh_from_db()
    assert (row.wording.text["en"], question.wordings.count()) == ("Your student card", 2)
    assert "Your student card" in page(entry, "")


def test_the_words_are_those_of_the_moment_of_submission() -> None:
    edition = make_edition(call_open=True)
    question = make_question(edition, "file", "A card")
    entry = make_draft(edition)
    answered(entry, question.pk)
    words = Words(text={"en": "A student card"})
    change_question(question=question, kind="file", words=words, by=SYSTEM, at=timezone.now())
    assert entry.attachments.get().wording.text["en"] == "A card"
    make_inspection(entry, state="queued")
    actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())
    assert entry.attachments.get().wording.text["en"] == "A student card"


def test_files_answer_only_what_is_asked_of_this_film() -> None:
    edition = make_edition(call_open=True)
    other = Track.objects.create(edition=edition, slug="other", name={"en": "Other"}, position=1)
    retired = make_question(edition, "file")
    retire_question(question=retired, by=SYSTEM, at=timezone.now(), reason={"en": "Not needed."})
    elsewhere = make_question(make_edition(), "file")
    wrong = [make_question(edition), make_question(edition, "file", tracks=[other]), retired, elsewhere]
    entry = make_draft(edition)
    for pk in [*(question.pk for question in wrong), 10**18]:
        assert answered(entry, pk).status_code == 400
    assert send(entry, "answer", CARD, question="one").status_code == 400
    assert not entry.attachments.exists()


def test_five_files_to_a_question_at_most() -> None:
    edition = make_edition(call_open=True)
    first, second = make_question(edition, "file"), make_question(edition, "file")
    entry = make_draft(edition)
    assert answered(entry, first.pk, *[CARD] * 5).status_code == 302
    assert answered(entry, first.pk).status_code == 409
    assert answered(entry, second.pk).status_code == 302


def test_a_question_with_files_is_retired_and_not_deleted_nor_of_another_kind() -> None:
    edition = make_edition(call_open=True)
    question = make_question(edition, "file")
    answered(make_draft(edition), question.pk)
    with pytest.raises(Refused) as refused:
        delete_question(question=question, by=SYSTEM, at=timezone.now())
    assert refused.value.code == "answered"
    with pytest.raises(Refused) as refused:
        change_question(
            question=question, kind="line", words=Words({"en": "?"}), by=SYSTEM, at=timezone.now()
        )
    assert refused.value.code == "answered"
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.update(wording=None)


def test_files_are_not_asked_for_after_admission() -> None:
    data = {"text_en": "Your card", "kind": "file", "asked": "admitted"}
    form = QuestionForm(make_edition(), data)
    assert not form.is_valid()
    assert form.errors == {"asked": ["Files are asked for in the entry form."]}
