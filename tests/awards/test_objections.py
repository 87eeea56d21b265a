"""Objections: late ones, many, files of the wrong kind; nothing half-written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from festival.awards import notice_actions
from festival.awards import objection_actions as actions
from festival.awards.models import Evidence, Objection
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, actor_of
from festival.people.roles import Role
from tests.factories import make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
ROW = {
    "slot": "grand", "award": {"en": "Grand"}, "tier": "grand", "place": 1, "share": 0, "film": "FILM222",
    "title": "Snow", "title_en": "", "makers": "Mira",
}  # fmt: skip
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def notice():
    edition = make_edition("spring")
    return notice_actions.post_notice(
        edition=edition, version=1, rows=[ROW], ends_at=AT + timedelta(days=5), by=SYSTEM, at=AT
    )


def send(notice, *, by=None, at=AT, film="FILM222", ground="rules", text="Too long.", files=(), network=""):
    return actions.object_to(
        notice=notice, film=film, ground=ground, text=text, contact="", files=list(files), network=network,
        by=by or actor_of(make_user()), at=at,
    )  # fmt: skip


def file(data, name="proof.pdf"):
    return SimpleUploadedFile(name, data)


def kept():
    store = storages["default"]
    return store.listdir("objections")[1] if store.exists("objections") else []


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("over", {"at": AT + timedelta(days=5)}),
        ("text", {"text": " \x00 "}),
        ("ground", {"ground": "spite"}),
        ("film", {"film": "OTHER22"}),
        ("kind", {"files": [file(b"MZ\x90\x00", "proof.pdf")]}),
        ("kind", {"files": [file(b"", "empty.txt")]}),
        ("kind", {"files": [file(b"<svg \x01", "a.svg")]}),
        ("kind", {"files": [file(b"\xff\xfe" * 2000 + b"A" * 200, "long.txt")]}),
        ("files", {"files": [file(PDF)] * 6}),
    ],
)
def test_what_is_refused_leaves_nothing_behind(notice, code, more):
    before = kept()
    with pytest.raises(Refused) as caught:
        send(notice, **more)
    assert caught.value.code == code
    assert Objection.objects.count() == Evidence.objects.count() == 0
    assert kept() == before


def test_a_large_file_is_refused(notice, monkeypatch):
    monkeypatch.setattr(actions, "FILE_BYTES", 10)
    with pytest.raises(Refused, match="larger"):
        send(notice, files=[file(PDF)])


def test_files_are_kept_as_they_came_under_keys_that_say_nothing(notice):
    sent = [file(PDF, "../../etc/proof\u202efdp.pdf"), file("看这里".encode(), "证据.txt")]
    objection = send(notice, files=sent)
    assert actions.kind_of(file(("字" * 3000).encode(), "long.txt")) == "text/plain"
    first, second = objection.evidence.all()
    assert (first.filename, first.kind, first.size) == ("prooffdp.pdf", "application/pdf", len(PDF))
    assert (second.filename, second.kind) == ("证据.txt", "text/plain")
    assert first.key.startswith("objections/") and "proof" not in first.key
    with storages["default"].open(first.key) as stored:
        assert stored.read() == PDF


def test_evidence_is_a_download_for_organisers_alone(notice, client):
    objection = send(notice, files=[file(PDF, "证据.pdf")])
    address = reverse("awards:evidence", args=["spring", objection.code, objection.evidence.get().pk])
    client.force_login(objection.user)
    assert client.get(address).status_code == 403
    client.force_login(make_member(notice.edition, Role.ORGANISER).user)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_many_from_one_account_or_one_network_are_too_many(notice):
    one = actor_of(make_user())
    for _number in range(actions.PER_ACCOUNT):
        send(notice, by=one)
    with pytest.raises(Refused) as caught:
        send(notice, by=one)
    assert (caught.value.code, caught.value.status) == ("rate", 429)
    send(notice, by=one, at=AT + timedelta(days=1, seconds=1))
    home = actions.network_of("203.0.113.7")
    assert home == actions.network_of("203.0.113.250") != actions.network_of("203.0.114.7")
    assert actions.network_of("2001:db8::1") == actions.network_of("2001:db8::ffff")
    assert actions.network_of("nonsense") == ""
    for _number in range(actions.PER_NETWORK):
        send(notice, network=home)
    with pytest.raises(Refused):
        send(notice, network=home)


def test_only_organisers_decide_with_reasons_and_nobody_over_her_own(notice):
    organiser = make_member(notice.edition, Role.ORGANISER)
    mine = send(notice, by=organiser)
    with pytest.raises(Refused) as caught:
        actions.decide(objection=mine, upheld=False, decision="No.", by=organiser, at=AT)
    assert caught.value.status == 403
    objection = send(notice)
    chair = make_member(notice.edition, Role.CHAIR)
    with pytest.raises(Refused) as caught:
        actions.decide(objection=objection, upheld=False, decision="No.", by=chair, at=AT)
    assert caught.value.status == 403
    with pytest.raises(Refused, match="reasons"):
        actions.decide(objection=objection, upheld=True, decision="  ", by=organiser, at=AT)
    actions.add_note(objection=objection, text="Look at the file.", by=organiser, at=AT)
    objection.refresh_from_db()
    assert objection.state == "review"
    with pytest.raises(Refused, match="2 objections are not decided"):
        notice_actions.close_notice(edition=notice.edition, by=organiser, at=AT)
    actions.decide(objection=objection, upheld=True, decision="It is so.", by=organiser, at=AT)
    with pytest.raises(Refused, match="Somebody was faster"):
        actions.decide(objection=objection, upheld=False, decision="It is not.", by=organiser, at=AT)
    other = make_member(notice.edition, Role.ORGANISER)
    actions.decide(objection=mine, upheld=False, decision="No.", by=other, at=AT)
    notice_actions.close_notice(edition=notice.edition, by=organiser, at=AT)
    assert notice_actions.is_closed(notice.edition)
