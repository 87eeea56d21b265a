"""What a correction changes is on record, exactly, for every kind of field, and read in the reader's language."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone, translation

from submissions import attachment_actions, subtitle_actions
from submissions.correction_actions import (
    close_correction,
)
from submissions.correction_words import ChangeView, DiffLine, PartView
from submissions.credit_actions import save_credits
from submissions.credit_people import Person
from submissions.models import Attachment, Entry, Event, Upload
from submissions.question_actions import Words, change_question, save_answers
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_credits,
    make_edition,
    make_question,
    make_subtitles,
    make_uses,
)
from tests.submissions.correcting import (
    DAY,
    an_entry,
    an_organiser,
    code_of,
    entrant_of,
    grant,
    on_record,
    save,
    views,
)

pytestmark = pytest.mark.django_db

COLUMNS = [
    ("title", "Lamp", "灯", "Lamp", "灯"),
    ("title_en", "", "The Lamp", "", "The Lamp"),
    ("director", "Ann", "Bo", "Ann", "Bo"),
    ("country", "CN", "FR, DE", "China", "France, Germany"),
    ("language", "zh", "zxx", "Chinese", "No dialogue"),
    ("subtitle_languages", "en", "", "English", ""),
    ("year", 2024, 2025, "2024", "2025"),
    ("running_time", 90, 95, "1:30", "1:35"),
    ("genre", "fiction", "essay", "Fiction", "Essay film"),
    ("premiere", "", "world", "", "Not shown anywhere yet"),
    ("showings", "Berlin", "", "Berlin", ""),
    ("ai_statement", "By hand.", "By Kling.", "By hand.", "By Kling."),
]


@pytest.mark.parametrize(("name", "before", "after", "old", "new"), COLUMNS)
def test_a_column_on_record_and_in_words(name: str, before: Any, after: Any, old: str, new: str) -> None:
    entry = an_entry(**{name: before})
    grant(entry, name)
    save(entry, **{name: after})
    entry.refresh_from_db()
    assert getattr(entry, name) == after
    assert on_record(entry) == [(name, before, after)]
    assert [view.parts for view in views(entry)] == [(PartView("", old, new),)]


def test_a_long_text_is_shown_line_by_line() -> None:
    entry = an_entry(showings="Berlin 2024\nParis 2024\nRome 2025")
    grant(entry, "showings")
    save(entry, showings="Berlin 2024\nParis 2025\nRome 2025\nOslo 2025")
    assert views(entry)[0].parts[0].lines == (
        DiffLine("same", "Berlin 2024"),
        DiffLine("out", "Paris 2024"),
        DiffLine("in", "Paris 2025"),
        DiffLine("same", "Rome 2025"),
        DiffLine("in", "Oslo 2025"),
    )


def test_a_synopsis_is_shown_by_language() -> None:
    entry = an_entry(synopsis={"en": "A lamp.", "zh": "一盏灯。"})
    grant(entry, "synopsis")
    save(entry, synopsis={"en": "A lamp.", "zh": "一盏旧灯。"})
    assert on_record(entry) == [
        ("synopsis", {"en": "A lamp.", "zh": "一盏灯。"}, {"en": "A lamp.", "zh": "一盏旧灯。"})
    ]
    assert views(entry) == [ChangeView("Synopsis", (PartView("Chinese", "一盏灯。", "一盏旧灯。"),))]
    with translation.override("zh-hans"):
        assert views(entry) == [ChangeView("剧情简介", (PartView("中文", "一盏灯。", "一盏旧灯。"),))]


OPTIONS = ({"key": "o1", "en": "Red", "zh": "红"}, {"key": "o2", "en": "Blue", "zh": "蓝"})


@pytest.mark.parametrize(
    ("kind", "before", "after", "old", "new"),
    [
        ("line", "So.", "Otherwise.", "So.", "Otherwise."),
        ("text", None, "So.", "", "So."),
        ("number", 3, None, "3", ""),
        ("date", "2026-03-31", "2026-04-01", "31 March 2026", "1 April 2026"),
        ("yes_no", True, False, "Yes", "No"),
        ("choice", "o1", "o2", "Red", "Blue"),
        ("choices", ["o1"], ["o1", "o2"], "Red", "Red, Blue"),
        ("url", "https://a.example", "https://b.example", "https://a.example", "https://b.example"),
    ],
)
def test_an_answer_on_record_keeps_the_words_it_was_given_to(
    kind: str, before: Any, after: Any, old: str, new: str
) -> None:
    edition = make_edition()
    question = make_question(edition, kind, "Which?", options=OPTIONS if kind.startswith("choice") else ())
    entry = an_entry(edition)
    save_answers(entry=entry, values={question.pk: before})
    name = f"q{question.pk}"
    grant(entry, name)
    save(entry, **{name: after})
    assert list(entry.answers.values_list("value", flat=True)) == ([] if after is None else [after])
    ((field, was, now),) = on_record(entry)
    assert (field, was and was["value"], now and now["value"]) == (name, before, after)
    # Asked otherwise since, the record still says what was asked and chosen.
    words = Words(text={"en": "What else?"}, options=[{"key": "o9", "en": "Green", "zh": "绿"}])
    change_question(
        question=question, kind=kind, words=words, by=an_organiser(entry), at=timezone.now(), required=False
    )
    assert views(entry) == [ChangeView("Which?", (PartView("", old, new),))]


def test_lines_of_the_statement_on_record_and_judged_anew() -> None:
    rulebook = "[ai]\nmin_tools = 2\n"
    entry = an_entry(make_edition(rulebook=rulebook))
    kling, suno = Use("video", "kling", share=90), Use("music", "suno", human="Chose the takes.")
    make_uses(entry, kling)
    assert entry.statement_findings.count() == 1
    grant(entry, "uses")
    save(entry, uses=[kling, suno])
    assert entry.statement_findings.count() == 0
    assert on_record(entry) == [("uses", [asdict(kling)], [asdict(kling), asdict(suno)])]
    assert views(entry)[0].parts[0].lines == (
        DiffLine("same", "Video: Kling 90%"),
        DiffLine("in", "Music: Suno – Chose the takes."),
    )
    save(entry, uses=[suno])
    assert entry.statement_findings.count() == 1


def test_credits_on_record_with_the_direction_that_follows_them() -> None:
    entry = an_entry(director="Ann")
    ann = Person(name="Ann", roles=("director",), email="ann@example.org", is_representative=True)
    make_credits(entry, ann, Person(name="Bo", roles=("music",)))
    grant(entry, "credits")
    anne = Person(name="Anne", roles=("director",), email="ann@example.org", is_representative=True)
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    save_credits(people=[anne, Person(name="Bo", roles=("music",))], **usual)
    record = on_record(entry)
    assert [name for name, _before, _after in record] == ["credits", "director"]
    assert [person["name"] for person in record[0][2]] == ["Anne", "Bo"]
    assert record[1] == ("director", "Ann", "Anne")
    assert views(entry)[1].parts[0].lines == (
        DiffLine("out", "Ann (Direction) · ann@example.org · represents the team"),
        DiffLine("in", "Anne (Direction) · ann@example.org · represents the team"),
        DiffLine("same", "Bo (Music)"),
    )
    assert views(entry, addresses=False)[1].parts[0].lines[0].text == "Ann (Direction) · represents the team"


def test_an_address_that_a_reader_may_not_see_is_not_in_the_diff() -> None:
    entry = an_entry()
    ann = {"name": "Ann", "roles": ("director",), "is_representative": True}
    make_credits(entry, Person(**ann, email="old@example.org"))
    grant(entry, "credits")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    save_credits(people=[Person(**ann, email="new@example.org")], **usual)
    assert views(entry, addresses=False) == [
        ChangeView("Credits", (), "Only an e-mail address was changed, which the organisers see.")
    ]
    assert views(entry)[0].parts == (
        PartView(
            "",
            "Ann (Direction) · old@example.org · represents the team",
            "Ann (Direction) · new@example.org · represents the team",
        ),
    )


def test_subtitle_files_on_record() -> None:
    entry = an_entry()
    old = make_subtitles(entry, "en", filename="old.srt")
    grant(entry, "subtitles")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    subtitle_actions.add_subtitles(language="en", filename="new.srt", data=b"new", **usual)
    new = entry.subtitle_files.select_related("asset").get()
    assert on_record(entry) == [
        (
            "subtitles",
            [{"language": "en", "filename": "old.srt", "sha256": old.asset.sha256}],
            [{"language": "en", "filename": "new.srt", "sha256": new.asset.sha256}],
        )
    ]
    assert views(entry)[0].parts[0].after == f"English · new.srt · SHA-256 {new.asset.sha256[:12]}"
    subtitle_actions.remove_subtitles(pk=new.pk, **usual)
    assert on_record(entry)[1][2] == []
    assert views(entry)[0].parts == (PartView("", f"English · old.srt · SHA-256 {old.asset.sha256[:12]}"),)


def upload_of(entry: Entry, purpose: str) -> Upload:
    now = timezone.now()
    return Upload.objects.create(
        entry=entry,
        user=entry.entrant,
        purpose=purpose,
        filename="new.jpg",
        size=10,
        part_size=10,
        fingerprint=purpose,
        created_at=now,
        expires_at=now + DAY,
    )


@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_takes_the_place_of_another_on_record(late: bool, media: Path) -> None:
    """It was sent in time; a worker reads it then, or when the correction is over."""
    entry = an_entry()
    old = make_attachment(entry, "poster_wide", filename="old.jpg")
    row = grant(entry, "file_poster_wide")
    now = timezone.now()
    sent = attachment_actions.take_upload(
        upload=upload_of(entry, "poster_wide"), entry=entry, by=entrant_of(entry), at=now
    )
    if late:
        close_correction(entry=entry, by=an_organiser(entry), at=now)
    claimed = attachment_actions.claim(pk=sent.pk, at=now)
    assert claimed is not None
    key = storages["default"].save("originals/f.jpg", ContentFile(b"0123456789"))
    attachment_actions.record_original(row=claimed, sha256="f" * 64, size=10, key=key, at=now)
    attachment_actions.record_ready(row=claimed, facts=old.facts, folder="pictures/f-1", at=now)
    before = {"filename": "old.jpg", "size": 10, "sha256": old.asset.sha256}  # type: ignore[union-attr]
    waits = {"filename": "new.jpg", "size": 10, "sha256": "", "state": "waiting"}
    after = {"filename": "new.jpg", "size": 10, "sha256": "f" * 64}
    assert on_record(entry) == [
        ("file_poster_wide", [before], [before, waits]),
        ("file_poster_wide", [before, waits | {"sha256": "f" * 64}], [after]),
    ]
    assert views(entry)[0].parts == (
        PartView(
            "", f"old.jpg · 10 B · SHA-256 {before['sha256'][:12]}", f"new.jpg · 10 B · SHA-256 {'f' * 12}"
        ),
    )
    events = Event.objects.filter(entry=entry, kind="corrected").order_by("pk")
    assert [event.actor for event in events] == [entry.entrant, None]
    assert list(row.changes.values_list("field", flat=True)) == ["file_poster_wide"] * 2


def test_files_that_answer_a_question_are_a_field_of_their_own() -> None:
    edition = make_edition()
    paper, other = (make_question(edition, "file", text) for text in ("The contract?", "The plan?"))
    entry = an_entry(edition)
    ours, theirs = (
        make_attachment(entry, "answer", form="pdf", filename="a.pdf", wording=question.wording)
        for question in (paper, other)
    )
    grant(entry, f"file_q{paper.pk}")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    for doing in (
        lambda: attachment_actions.remove_attachment(pk=theirs.pk, **usual),
        lambda: attachment_actions.assert_awaited(purpose=f"answer/{other.pk}", **usual),
        lambda: attachment_actions.assert_awaited(purpose="document", **usual),
    ):
        assert code_of(doing) == "not_granted"
    attachment_actions.assert_awaited(purpose=f"answer/{paper.pk}", **usual)
    page = Client()
    page.force_login(entry.entrant)
    shown = page.get(f"/entries/{entry.code}/files/").content.decode()
    assert (f'id="answer-{paper.pk}"' in shown, f'id="answer-{other.pk}"' in shown) == (True, False)
    attachment_actions.remove_attachment(pk=ours.pk, **usual)
    assert ours.asset is not None
    was = {"filename": "a.pdf", "size": 10, "sha256": ours.asset.sha256, "text": paper.wording.text}
    assert on_record(entry) == [(f"file_q{paper.pk}", [was], [])]
    part = PartView("", f"a.pdf · 10 B · SHA-256 {ours.asset.sha256[:12]}")
    assert views(entry) == [ChangeView("The contract?", (part,))]


def test_a_worker_records_nothing_for_a_file_that_was_there_before() -> None:
    entry = an_entry()
    waiting = make_attachment(entry, "still", state="waiting")
    Attachment.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - DAY)
    grant(entry, "file_still")
    attachment_actions.record_refusal(pk=waiting.pk, code="broken", at=timezone.now())
    assert on_record(entry) == []


def test_a_drafts_saves_are_not_recorded() -> None:
    entry = an_entry(make_edition(call_open=True), state="draft")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    save_credits(people=[Person(name="Ann", roles=("director",))], **usual)
    attachment_actions.remove_attachment(pk=make_attachment(entry).pk, **usual)
    assert on_record(entry) == []


def test_what_reads_the_same_is_no_correction() -> None:
    """A browser ends lines in its own way; and a question that was put anew does not make an answer another one."""
    entry = an_entry(synopsis={"en": "One\nTwo"}, showings="Berlin\nTokyo")
    question = make_question(entry.edition, kind="text")
    save_answers(entry=entry, values={question.pk: "Yes."})
    answer = entry.answers.get()
    change_question(
        question=question,
        kind="text",
        words=Words(text={"en": "Put anew?"}),
        by=an_organiser(entry),
        at=timezone.now(),
    )
    grant(entry, "showings", f"q{question.pk}", "title")
    save(entry, showings="Berlin\r\nTokyo", title="Another")
    save_answers(entry=entry, values={question.pk: "Yes."})
    answer.refresh_from_db()
    assert (answer.value, answer.wording.number) == ("Yes.", 1)
    assert [name for name, _before, _after in on_record(entry)] == ["title"]
