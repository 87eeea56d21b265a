"""Subtitle files beside a film: sent in a form, read in the real child, judged with the film, and what follows."""

import hashlib
import html
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions import actions, inspect_job, subtitle_actions, subtitle_job, tasks
from submissions.completeness import missing_for_submission
from submissions.inspection.subtitle_file import side_file
from submissions.inspection.subtitle_words import NAMES, refusal_text
from submissions.models import Asset, Entry, Event, FindingRow, Inspection, SubtitleFile
from tests import factories
from tests.submissions.reports import inspected
from tests.submissions.uploading import Uploader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

CHINESE = "1\n00:00:01,000 --> 00:00:03,000\n我们从这里开始\n"
RULES = '[subtitles]\nrequired = true\nlanguages = ["zh"]\ncheck = true\n[black]\nmax_seconds = 2\nseverity = "fix"\n'
Capture = Callable[..., object]


def edition_that_asks():
    return factories.make_edition(rulebook=RULES, call_open=True)


def client_of(entry: Entry, language: str = "en") -> Client:
    entry.entrant.language = language
    entry.entrant.save()
    client = Client()
    client.force_login(entry.entrant)
    return client


def send(
    entry: Entry, data: bytes | str = CHINESE, language: str = "zh-Hans", *, name: str = "film.srt"
) -> HttpResponse:
    """What the entrant's form sends; nobody has read it yet."""
    body = data.encode() if isinstance(data, str) else data
    fields = {"language": language, "file": SimpleUploadedFile(name, body)}
    return client_of(entry).post(f"/entries/{entry.code}/subtitles/", fields)


def read_all() -> None:
    for pk in SubtitleFile.objects.filter(state="waiting").values_list("pk", flat=True):
        subtitle_job.run(pk)


def page(entry: Entry, language: str = "en") -> str:
    return html.unescape(client_of(entry, language).get(f"/entries/{entry.code}/").content.decode())


def rules_of(inspection: Inspection) -> list[str]:
    inspection.refresh_from_db()
    return [finding["rule"] for finding in inspection.report["findings"]]


def waits_for_mending(*, black: float = 0.0) -> tuple[Entry, Inspection]:
    """An entry that the inspection itself sent back, for its subtitles (and for black, when there is any)."""
    entry = factories.make_entry(edition_that_asks(), state="submitted")
    inspection = inspected(entry, black=black)
    actions.settle(entry=entry, at=timezone.now())
    entry.refresh_from_db()
    assert entry.state == "fixing"
    return entry, inspection


def test_a_file_is_kept_as_it_came_and_read_by_the_child(django_capture_on_commit_callbacks: Capture) -> None:
    draft = factories.make_draft(edition_that_asks())
    data = CHINESE.encode("gb18030")
    with django_capture_on_commit_callbacks() as waiting:  # type: ignore[attr-defined]
        answer = send(draft, data, name="雪\u202e.srt")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/entries/{draft.code}/#subtitles")
    sha256 = hashlib.sha256(data).hexdigest()
    asset = Asset.objects.get()
    assert (asset.sha256, asset.size) == (sha256, len(data))
    assert asset.key == f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}.txt"
    assert Path(storages["default"].path(asset.key)).read_bytes() == data
    row = draft.subtitle_files.get()
    assert (row.state, row.language, row.filename, row.facts) == ("waiting", "zh-Hans", "雪.srt", {})
    assert "Being read" in page(draft) and "every 2s" in page(draft)
    for send_task in waiting:
        send_task()
    row.refresh_from_db()
    assert (row.state, row.webvtt_key) == ("read", f"subtitles/{sha256}-1.vtt")
    assert (row.facts["facts"]["encoding"], row.facts["facts"]["cues"]) == ("gb18030", 1)
    webvtt = Path(storages["default"].path(row.webvtt_key)).read_text(encoding="utf-8")
    assert webvtt == "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n我们从这里开始\n"
    assert Event.objects.get(kind="subtitles_added").values == {"language": "zh-Hans", "filename": "雪.srt"}
    assert "1 subtitles, GB 18030" in page(draft) and "every 2s" not in page(draft)
    assert "已添加字幕：中文（简体）" in page(draft, "zh-hans")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "not_text"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"Dear festival,\n\nno times here\n", "not_subtitles"),
        (b"00:01 --> 00:02\nx\n\n" * 50_000, "too_many"),
    ],
)
def test_what_cannot_be_used_says_why_and_counts_for_nothing(data: bytes, code: str) -> None:
    draft = factories.make_draft(edition_that_asks())
    inspection = inspected(draft)
    assert send(draft, data).status_code == 302
    read_all()
    row = draft.subtitle_files.get()
    assert (row.state, row.problem, row.webvtt_key) == ("refused", code, "")
    assert refusal_text(code, "en") in page(draft)
    assert refusal_text(code, "zh") in page(draft, "zh-hans")
    assert rules_of(inspection) == ["subtitles_required"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_the_form_itself_refuses(language: str) -> None:
    draft = factories.make_draft(edition_that_asks())
    short = language[:2]
    cases = [
        (b"x" * ((1 << 20) + 1), 413, refusal_text("too_large", short)),
        (b"x" * 3_000_000, 413, refusal_text("too_large", short)),
        (b"", 400, refusal_text("empty", short)),
    ]
    for data, status, sentence in cases:
        answer = client_of(draft, language).post(
            f"/entries/{draft.code}/subtitles/", {"language": "fr", "file": SimpleUploadedFile("a.srt", data)}
        )
        assert (answer.status_code, sentence in html.unescape(answer.content.decode())) == (status, True)
    nothing = client_of(draft, language).post(f"/entries/{draft.code}/subtitles/", {"language": "klingon"})
    assert nothing.status_code == 400
    assert not SubtitleFile.objects.exists() and not Asset.objects.exists()


def test_one_file_a_language_and_ten_languages() -> None:
    draft = factories.make_draft(edition_that_asks())
    for language in list(NAMES)[:10]:
        assert send(draft, language=language).status_code == 302
    eleventh = send(draft, language=list(NAMES)[10])
    assert eleventh.status_code == 409
    assert "10 languages already" in html.unescape(eleventh.content.decode())
    before = draft.subtitle_files.get(language="en").pk
    assert send(draft, CHINESE + "\n", language="en").status_code == 302
    assert draft.subtitle_files.count() == 10
    assert draft.subtitle_files.get(language="en").pk != before
    assert Asset.objects.count() == 2  # the same bytes are one


def test_only_its_entrant_and_only_while_a_film_is_awaited() -> None:
    draft = factories.make_draft(edition_that_asks())
    row = factories.make_subtitles(draft)
    admitted = factories.make_entry(draft.edition, state="eligible", entrant=draft.entrant)
    theirs = factories.make_subtitles(admitted, "en")
    technician = factories.make_member(draft.edition, Role.TECHNICIAN)
    assert send(admitted).status_code == 409
    remove = f"/entries/{admitted.code}/subtitles/{theirs.pk}/remove/"
    assert client_of(admitted).post(remove).status_code == 409
    desk = Client()
    desk.force_login(technician.user)
    assert desk.post(f"/entries/{admitted.code}/subtitles/{theirs.pk}/remove/").status_code == 403
    assert desk.post(f"/entries/{draft.code}/subtitles/").status_code == 404
    # Another entry's file is out of reach from one's own page.
    assert client_of(draft).post(f"/entries/{draft.code}/subtitles/{theirs.pk}/remove/").status_code == 302
    Phase.objects.filter(edition=draft.edition).update(ends_at=timezone.now() - timedelta(hours=2))
    assert send(draft).status_code == 410
    assert client_of(draft).post(f"/entries/{draft.code}/subtitles/{row.pk}/remove/").status_code == 410
    assert SubtitleFile.objects.count() == 2
    assert 'enctype="multipart/form-data" action="/entries/' not in page(draft)


def test_nothing_is_removed_once_the_entry_was_admitted_in_another_tab() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspected(draft)
    send(draft)
    read_all()
    seen = Entry.objects.select_related("edition").get(pk=draft.pk)  # as the other tab read it
    Entry.objects.update(state="eligible", submitted_at=timezone.now())
    row = draft.subtitle_files.get()
    with pytest.raises(Refused):
        subtitle_actions.remove_subtitles(
            entry=seen, pk=row.pk, by=actor_of(draft.entrant), at=timezone.now()
        )
    assert SubtitleFile.objects.filter(pk=row.pk).exists()


def test_the_finding_goes_when_the_file_is_there_and_comes_back_when_it_is_removed() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspection = inspected(draft)
    assert (inspection.verdict, rules_of(inspection)) == ("fix", ["subtitles_required"])
    assert "Best add them before you submit" in page(draft)
    send(draft)
    read_all()
    assert (rules_of(inspection), inspection.verdict) == ([], "pass")
    assert not FindingRow.objects.exists()
    row = draft.subtitle_files.get()
    assert client_of(draft).post(f"/entries/{draft.code}/subtitles/{row.pk}/remove/").status_code == 302
    assert (rules_of(inspection), inspection.verdict) == (["subtitles_required"], "fix")
    assert FindingRow.objects.values_list("rule", "severity").get() == ("subtitles_required", "fix")
    assert list(Event.objects.filter(kind__startswith="subtitles").values_list("kind", flat=True)) == [
        "subtitles_added",
        "subtitles_removed",
    ]


def test_faults_of_a_file_stand_in_the_report_in_both_languages() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspected(draft, seconds=2)
    send(draft, CHINESE.encode("gb18030"))
    read_all()
    assert "in the subtitle file (Chinese, simplified): not in UTF-8; 1 after the film's end." in page(draft)
    assert "字幕文件，中文（简体）：编码不是 UTF-8；1 条超出片尾。" in page(draft, "zh-hans")


def test_the_wrong_language_is_told() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspection = inspected(draft)
    send(draft, "1\n00:00:01,000 --> 00:00:03,000\nHello there\n", language="en")
    read_all()
    assert rules_of(inspection) == ["subtitles_language"]


def test_an_entry_sent_back_for_its_subtitles_is_admitted_by_them() -> None:
    entry, inspection = waits_for_mending()
    assert "Please add the subtitles that are missing" in page(entry)
    assert "Upload the mended film" not in page(entry)
    send(entry)
    read_all()
    entry.refresh_from_db()
    assert (entry.state, rules_of(inspection)) == ("eligible", [])
    assert Notice.objects.filter(user=entry.entrant, kind="entry_admitted").count() == 1
    partial = client_of(entry).get(f"/entries/{entry.code}/", headers={"HX-Request": "true"})
    assert partial.headers["HX-Refresh"] == "true"


def test_what_else_stands_against_it_still_stands() -> None:
    entry, inspection = waits_for_mending(black=9)
    assert "Please send a mended film" in page(entry)
    send(entry)
    read_all()
    entry.refresh_from_db()
    assert (entry.state, rules_of(inspection)) == ("fixing", ["black"])
    with pytest.raises(Refused) as refused:
        actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())
    assert refused.value.code == "incomplete"


def test_a_technician_who_asked_is_answered_by_submitting() -> None:
    edition = edition_that_asks()
    entry = factories.make_draft(edition)
    Entry.objects.filter(pk=entry.pk).update(state="submitted", submitted_at=timezone.now())
    entry.refresh_from_db()
    inspected(entry)
    technician = factories.make_member(edition, Role.TECHNICIAN)
    actions.ask_fix(entry=entry, by=technician, at=timezone.now(), reason="Subtitles, please.")
    assert len(missing_for_submission(entry)) == 1
    send(entry)
    read_all()
    entry.refresh_from_db()
    assert (entry.state, missing_for_submission(entry)) == ("fixing", [])
    actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())
    entry.refresh_from_db()
    assert entry.state == "eligible"


def test_an_entry_submitted_at_once_is_settled_when_its_subtitles_are_read() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspected(draft)
    send(draft)
    actions.submit(entry=draft, by=actor_of(draft.entrant), at=timezone.now())
    draft.refresh_from_db()
    assert draft.state == "submitted"
    read_all()
    draft.refresh_from_db()
    assert draft.state == "eligible"


def test_a_submitted_entry_whose_file_is_useless_is_sent_back() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspected(draft)
    send(draft, b"\0\0\0")
    actions.submit(entry=draft, by=actor_of(draft.entrant), at=timezone.now())
    read_all()
    draft.refresh_from_db()
    assert draft.state == "fixing"


def test_a_film_that_comes_after_its_subtitles_is_judged_with_them(draft: Entry, film: Path) -> None:
    draft.edition.rulebook = RULES
    draft.edition.save()
    send(draft, CHINESE.replace("03,000", "09,000"))
    read_all()
    assert Uploader.of(draft, film).send().status_code == 200
    inspection = Inspection.objects.get()
    inspect_job.run(inspection.pk)
    assert (rules_of(inspection), inspection.verdict) == (["subtitles_form"], "note")
    (facts,) = inspection.report["subtitles"]
    assert (facts["place"], [issue["code"] for issue in facts["issues"]]) == ("beside", ["long", "beyond"])


def test_reading_twice_is_reading_once_and_a_replaced_file_is_not_recorded() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspection = inspected(draft)
    send(draft)
    old = draft.subtitle_files.get()
    found, _webvtt = side_file(b"1\n00:00:01,000 --> 00:00:03,000\nold\n", "zh-Hans")
    send(draft, CHINESE + "\n")
    assert not subtitle_actions.record_read(row=old, found=found, key="subtitles/old.vtt", at=timezone.now())
    read_all()
    row = draft.subtitle_files.get()
    subtitle_job.run(row.pk)
    subtitle_job.run(old.pk)
    again = draft.subtitle_files.get()
    assert (again.facts, again.webvtt_key) == (row.facts, row.webvtt_key)
    assert rules_of(inspection) == []
    assert len(list(Path(storages["default"].path("subtitles")).iterdir())) == 1


def test_a_child_that_comes_to_grief_three_times_gives_a_sentence() -> None:
    draft = factories.make_draft(edition_that_asks())
    inspected(draft)
    row = factories.make_subtitles(draft, state="waiting")
    for _attempt in range(2):
        subtitle_actions.give_back(row=row, at=timezone.now())
        row.refresh_from_db()
        assert row.state == "waiting"
    subtitle_actions.give_back(row=row, at=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.problem) == ("refused", "crashed")


def test_a_lost_task_is_found_by_the_reaper(django_capture_on_commit_callbacks: Capture) -> None:
    draft = factories.make_draft(edition_that_asks())
    send(draft)
    with django_capture_on_commit_callbacks(execute=True) as soon:  # type: ignore[attr-defined]
        tasks.reap()
    assert soon == []
    SubtitleFile.objects.update(hinted_at=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        tasks.reap()
    assert draft.subtitle_files.get().state == "read"
