"""The address that says, before an upload, what the rulebook finds in what a browser read."""

import base64
from typing import Any

import pytest
from django.test import Client

from submissions.models import Entry
from tests import factories

MP4 = base64.b64encode(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2").decode()
FACTS = {
    "size": 3_000_000,
    "head": MP4,
    "promised": 3_000_000,
    "duration": 62.0,
    "video": {"codec": "h264", "width": 640, "height": 360, "frame_rate": 24, "constant": True, "duration": 62.0},
    "sound": "none",
}  # fmt: skip


def ask(entry: Entry, *, client: Client | None = None, language: str = "en", **changes: Any) -> Any:
    client = client or Client()
    client.force_login(entry.entrant)
    client.cookies["django_language"] = language
    body = {"entry": entry.code, **FACTS, **changes}
    return client.post("/uploads/preflight/", body, content_type="application/json")


@pytest.fixture
def awaited(draft: Entry) -> Entry:
    draft.edition.rulebook = (
        '[file]\nmax_bytes = "20 MB"\n[video]\nmin_width = 1280\n[audio]\nrequired = true\n'
    )
    draft.edition.save()
    return draft


def test_findings_in_words_of_the_report(awaited: Entry) -> None:
    answer = ask(awaited)
    assert answer.status_code == 200
    data = answer.json()
    assert (data["clean"], data["grave"], data["taken"]) == (False, True, True)
    assert "MP4 · 3 MB · 1:02 · 640 × 360 · 24 fps · H.264 · no sound" in data["html"]
    assert data["html"].index("audio_required") < data["html"].index("resolution")
    assert "How to mend it:" in data["html"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_in_chinese(awaited: Entry) -> None:
    html = ask(awaited, language="zh-hans").json()["html"]
    assert "上传前检查" in html
    assert "24帧/秒" in html
    assert "修正" in html


def test_a_film_that_fits_gets_its_facts_alone(draft: Entry) -> None:
    data = ask(draft).json()
    assert (data["clean"], data["grave"], data["taken"]) == (True, False, True)
    assert "findings" not in data["html"]


def test_what_the_upload_would_refuse_is_said_to_be_so(awaited: Entry) -> None:
    data = ask(awaited, size=30_000_000, promised=None).json()
    assert (data["taken"], "file_size" in data["html"]) == (False, True)
    empty = ask(awaited, size=0, head="").json()
    assert (empty["taken"], "The file is empty" in empty["html"]) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": "big"},
        {"size": -1},
        {"size": None},
        {"size": True},
        {"head": "?"},
        {"head": ""},
        {"head": None},
    ],
)
def test_nonsense_is_refused_with_a_sentence(draft: Entry, changes: dict[str, Any]) -> None:
    answer = ask(draft, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")


def test_more_than_a_few_facts_are_not_taken(draft: Entry) -> None:
    answer = ask(draft, video={"codec": "x" * 20_000})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_much")


def test_it_is_for_the_entrant_while_a_film_is_awaited(draft: Entry) -> None:
    draft.entrant = factories.make_user()
    assert ask(draft).status_code == 404  # a draft of somebody else does not exist
    draft.save()
    assert ask(draft).status_code == 200
    submitted = factories.make_entry(draft.edition, state="submitted", entrant=draft.entrant)
    assert ask(submitted).status_code == 403


def test_it_asks_the_database_for_the_person_and_the_entry_alone(
    draft: Entry, django_assert_num_queries: Any
) -> None:
    client = Client()
    ask(draft, client=client)
    with django_assert_num_queries(3):  # session, account, entry
        client.post("/uploads/preflight/", {"entry": draft.code, **FACTS}, content_type="application/json")
