"""What an upload token opens, and that it opens nothing else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.people.actor import actor_of
from festival.people.tokens import make_token
from submissions.models import Entry, FilmVersion, Upload
from tests import factories
from tests.permission_decisions import DECISIONS
from tests.submissions.uploading import Uploader
from tests.test_permissions import parts_of

DATA = bytes(range(256)) * 600  # three parts
OPENED = {
    f"submissions:upload_{name}"
    for name in ("awaiting", "create", "sign", "part", "list", "complete", "abort")
}


class Program(Uploader):
    """A client without a session that shows a token, where forms' tokens are asked for."""

    @classmethod
    def holding(cls, entry: Entry, secret: str) -> "Program":
        headers = {"Authorization": f"Bearer {secret}"}
        return cls(Client(enforce_csrf_checks=True, headers=headers), entry, DATA)


@pytest.fixture
def secret(draft: Entry) -> str:
    return make_token(by=actor_of(draft.entrant), name="Laptop", at=timezone.now())[1]


@pytest.fixture
def program(draft: Entry, secret: str) -> Program:
    return Program.holding(draft, secret)


def test_the_whole_way_without_a_session(program: Program) -> None:
    session = program.create().json()
    program.put_all(session)
    assert len(program.client.get(session["list"]).json()["parts"]) == 3
    assert program.complete(session).json()["version"] == 1
    assert FilmVersion.objects.count() == 1
    other = program.create(fingerprint="other").json()
    assert program.post(other["abort"], {}).json() == {"state": "aborted"}


def test_what_awaits_a_film(program: Program, draft: Entry) -> None:
    fixing = factories.make_entry(
        draft.edition, state="fixing", entrant=draft.entrant, fix_until=timezone.now() + timedelta(days=2)
    )
    factories.make_entry(draft.edition, state="submitted", entrant=draft.entrant)
    factories.make_draft(draft.edition)
    closed = factories.make_draft(factories.make_edition(call_open=False), draft.entrant)
    program.create()
    answer = program.client.get("/uploads/awaiting/").json()
    assert answer["account"] == str(draft.entrant)
    rows = {row["entry"]: row for row in answer["entries"]}
    assert set(rows) == {draft.code, fixing.code}
    until = draft.edition.phases.get().ends_at.isoformat()
    assert rows[draft.code] == {
        "entry": draft.code, "title": "Snow on Mars", "edition": draft.edition.name["en"], "until": until,
        "max_bytes": 20_000_000, "films": [], "unfinished": ["film.mp4"], "page": f"/entries/{draft.code}/",
    }  # fmt: skip
    now = timezone.now()
    Upload.objects.create(
        entry=closed, user=draft.entrant, filename="late.mov", size=1, part_size=1, fingerprint="late",
        created_at=now, expires_at=now + timedelta(minutes=30),
    )  # fmt: skip
    later = program.client.get("/uploads/awaiting/").json()["entries"]
    assert {row["entry"] for row in later} == {
        draft.code,
        fixing.code,
        closed.code,
    }  # its time is not over yet


@pytest.mark.parametrize("name", sorted(set(DECISIONS) - OPENED))
def test_everywhere_else_it_means_nothing(program: Program, draft: Entry, name: str) -> None:
    """Every address answers somebody with a token as it answers a stranger."""
    arguments = dict.fromkeys(parts_of(name), "1") | {
        "edition": draft.edition.slug, "slug": draft.edition.slug, "code": draft.code, "pk": 1, "number": 1, "place": 1,
        "upload": "00000000-0000-0000-0000-000000000000",
    }  # fmt: skip
    url = reverse(name, kwargs={part: arguments[part] for part in parts_of(name)})
    for client in (Client(raise_request_exception=False), program.client):
        client.raise_request_exception = False
    stranger = Client(enforce_csrf_checks=True)
    for method in ("get", "post"):
        mine, theirs = (getattr(client, method)(url) for client in (program.client, stranger))
        assert (mine.status_code, mine.headers.get("Location")) == (
            theirs.status_code,
            theirs.headers.get("Location"),
        )


@pytest.mark.parametrize("shown", ["Bearer nonsense", "Bearer ", "Basic Zm9vOmJhcg==", "nonsense"])
def test_a_bad_token_is_worth_less_than_none(draft: Entry, shown: str) -> None:
    """Even beside a good session: what is shown is what counts."""
    client = Client(headers={"Authorization": shown})
    client.force_login(draft.entrant)
    answer = Uploader(client, draft, DATA).create()
    assert (answer.status_code, answer.json()["error"]) == (401, "bad_token")


def test_a_session_still_needs_the_forms_token(draft: Entry) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.entrant)
    uploader = Uploader(client, draft, DATA)
    assert uploader.create().status_code == 403
    said: dict[str, Any] = {"entry": draft.code, "filename": "a", "size": 10, "fingerprint": "a"}
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(
        "/uploads/", json.dumps(said), content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert answer.status_code == 201
    session = answer.json()
    for step in ("sign", "complete", "abort"):
        assert uploader.post(session[step], {}).status_code == 403
    assert Upload.objects.get().state == "open"


def test_anothers_entry_is_not_there(secret: str, draft: Entry) -> None:
    theirs = factories.make_draft(draft.edition)
    assert Program.holding(theirs, secret).create().status_code == 404
