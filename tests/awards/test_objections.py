"""Objections from accounts: late ones, many, files of the wrong kind; nothing half-written; the decision."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from festival.awards import evidence as proof
from festival.awards import notice_actions
from festival.awards import objection_actions as actions
from festival.awards import objection_keys as keys
from festival.awards import objection_queries as queries
from festival.awards import objection_receiving as receiving
from festival.awards.models import Evidence, Objection
from festival.awards.objection_receiving import Objector
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from festival.post.words import render
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


def send(
    notice,
    *,
    by=None,
    at=AT,
    film="FILM222",
    ground="rules",
    text="Too long.",
    files=(),
    network="",
    name="Li Na",
):
    objector = Objector(actor=by or actor_of(make_user()), name=name, network=network)
    return receiving.object_to(
        notice=notice, film=film, ground=ground, text=text, files=list(files), objector=objector, at=at
    )


FOUND = {"en": "The running time was measured again: it keeps the rule.", "zh": "经重新测量，片长符合规定。"}


def decide(objection, by, *, upheld=False, decision="No.", public=FOUND, at=AT, **more):
    return actions.decide(
        objection=objection, upheld=upheld, decision=decision, public=public, by=by, at=at, **more
    )


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
        ("name", {"name": " \u202e\n"}),
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
    monkeypatch.setattr(proof, "FILE_BYTES", 10)
    with pytest.raises(Refused, match="larger"):
        send(notice, files=[file(PDF)])


def test_files_are_kept_as_they_came_under_keys_that_say_nothing(notice):
    sent = [file(PDF, "../../etc/proof\u202efdp.pdf"), file("看这里".encode(), "证据.txt")]
    objection = send(notice, files=sent)
    assert proof.kind_of(file(("字" * 3000).encode(), "long.txt")) == "text/plain"
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
    for number in range(receiving.PER_OBJECTOR):
        send(notice, by=one, text=f"Reason {number}.")
    with pytest.raises(Refused) as caught:
        send(notice, by=one)
    assert (caught.value.code, caught.value.status) == ("rate", 429)
    send(notice, by=one, at=AT + timedelta(days=1, seconds=1))
    home = keys.network_of("203.0.113.7")
    assert home == keys.network_of("203.0.113.250") != keys.network_of("203.0.114.7")
    assert home == keys.network_of("::ffff:203.0.113.9")
    assert keys.network_of("2001:db8::1") == keys.network_of("2001:db8::ffff")
    assert keys.network_of("nonsense") == ""
    for _number in range(receiving.PER_NETWORK):
        send(notice, network=home)
    with pytest.raises(Refused):
        send(notice, network=home)


def test_the_same_words_sent_twice_are_one_objection(notice):
    one, before = actor_of(make_user()), kept()
    first = send(notice, by=one, files=[file(PDF)])
    assert send(notice, by=one, files=[file(PDF)]) == first
    assert Objection.objects.count() == Evidence.objects.count() == 1
    assert len(kept()) == len(before) + 1
    send(notice, by=one, text="And too loud.")
    send(notice, text="Too long.")
    assert Objection.objects.count() == 3


def test_it_is_to_be_decided_within_the_working_days_of_the_edition(notice):
    """Monday 1 March 2027, Shanghai: Tuesday is free, Sunday is worked on."""
    edition = notice.edition
    edition.time_zone = "Asia/Shanghai"
    edition.objections = {"days": 5, "holidays": ["2027-03-02"], "workdays": ["2027-03-07"]}
    edition.save()
    objection = send(notice)
    assert objection.due_at.isoformat() == "2027-03-09T00:00:00+08:00"
    objection.refresh_from_db()
    assert objection.due_at == datetime(2027, 3, 8, 16, tzinfo=UTC)


def test_a_name_is_asked_for_unless_the_edition_takes_up_objections_without_one(notice):
    edition = notice.edition
    edition.objections = {"anonymous": True}
    edition.save()
    assert send(notice, name="").name == ""


def test_only_organisers_decide_with_reasons_and_nobody_over_her_own(notice):
    organiser = make_member(notice.edition, Role.ORGANISER)
    mine = send(notice, by=organiser)
    with pytest.raises(Refused) as caught:
        decide(mine, organiser)
    assert caught.value.status == 403
    objection = send(notice)
    with pytest.raises(Refused) as caught:
        decide(objection, make_member(notice.edition, Role.CHAIR))
    assert caught.value.status == 403
    with pytest.raises(Refused, match="reasons"):
        decide(objection, organiser, upheld=True, decision="  ")
    actions.add_note(objection=objection, text="Look at the file.", by=organiser, at=AT)
    objection.refresh_from_db()
    assert objection.state == "review"
    with pytest.raises(Refused, match="2 objections are not decided"):
        notice_actions.close_notice(edition=notice.edition, by=organiser, at=AT)
    decide(objection, organiser, upheld=True, decision="It is so.")
    with pytest.raises(Refused, match="Somebody was faster"):
        decide(objection, organiser)
    with pytest.raises(Refused, match="Somebody was faster"):
        actions.ask(objection=objection, text="Why?", by=organiser, at=AT)
    decide(mine, make_member(notice.edition, Role.ORGANISER))
    notice_actions.close_notice(edition=notice.edition, by=organiser, at=AT)
    assert notice_actions.is_closed(notice.edition)


def test_what_the_public_reads_is_the_organisers_own(notice):
    """In both languages, without the objector's name or a long piece of her words; the film's title may stand in it."""
    organiser = make_member(notice.edition, Role.ORGANISER)
    words = "I have seen this very film at a festival in Lyon two years ago. 我两年前在里昂的电影节上看过这部影片。"
    objection = send(
        notice, text=words, name="Li Na", by=actor_of(make_user("Anna Berg", email="ab@example.org"))
    )
    zh = FOUND["zh"]
    for public in (
        {"en": "Only English."},
        {"en": " ", "zh": zh},
        {"en": "Li Na wrote that it is too long.", "zh": zh},
        {"en": "ANNA BERG wrote that it is too long.", "zh": zh},
        {"en": "Somebody (ab@example.org) wrote.", "zh": zh},
        {"en": "Said: I have seen this very  film at a festival in Lyon two years ago.", "zh": zh},
        {"en": FOUND["en"], "zh": "有人说：我两年前在里昂的电影节上看过这部影片。"},
    ):
        with pytest.raises(Refused) as caught:
            decide(objection, organiser, public=public)
        assert caught.value.code == "public"
    objection.refresh_from_db()
    assert objection.is_open and objection.public == {}
    decide(objection, organiser, public={"en": "“Snow” by Lina was shown there.", "zh": zh})


def test_everybody_reads_how_many_came_and_what_was_found(notice, client):
    organiser = make_member(notice.edition, Role.ORGANISER)
    page = reverse("awards:notice", args=["spring"])
    assert "Objections</h2>" not in client.get(page).content.decode()
    first, second, third = (send(notice, text=f"Secret reason {n}.", name=f"Objector {n}") for n in range(3))
    decide(
        first, organiser, upheld=True, decision="Private: yes.", public={"en": "A part was copied.", "zh": zh}
    )
    decide(second, organiser, decision="Private: no.")
    found = queries.summary(notice.edition)
    assert (found.total, found.upheld, found.dismissed, found.waiting) == (3, 1, 1, 1)
    text = client.get(page).content.decode()
    assert "3 objections came in." in text and "A part was copied." in text and FOUND["en"] in text
    for secret in ("Secret reason", "Objector", "Private", first.code, third.code, first.user.email):
        assert secret not in text
    client.cookies["django_language"] = "zh-hans"
    assert FOUND["zh"] in client.get(page).content.decode()


zh = "其中一段系复制。"


def test_the_letter_says_the_decision_in_the_language_of_its_reader(notice):
    organiser = make_member(notice.edition, Role.ORGANISER)
    objection = send(notice, by=actor_of(make_user(language="zh-hans")))
    decide(objection, organiser, decision="First line.\nSecond line.")
    letter = Notice.objects.select_related("user", "edition", "template", "mailing").get(
        kind="objection_decided"
    )
    with translation.override("zh-hans"):
        body = render(letter).body
    assert "不成立" in body and "First line.\nSecond line." in body


def test_the_desk_sends_bad_input_back_with_a_sentence(notice, client):
    """Nothing is decided by half, and what was typed stays in the form."""
    objection = send(notice, film="")
    client.force_login(make_member(notice.edition, Role.ORGANISER).user)
    address = reverse("awards:objection_decide", args=["spring", objection.code])
    good = {
        "upheld": "yes", "follows": "stands", "decision": "So it is.", "public_en": "It was so.", "public_zh": "属实。",
    }  # fmt: skip
    for name, value, sentence in (
        ("upheld", "perhaps", "Select a valid choice"),
        ("upheld", "", "Choose whether the objection is upheld."),
        ("follows", "", "Say what follows for the list."),
        ("follows", "\x00", "Select a valid choice"),
        ("decision", " ", "Give the reasons"),
        ("decision", "x\x00", "Null characters are not allowed."),
        ("decision", "x" * 5001, "at most 5000 are taken"),
        ("public_zh", "", "Write in both languages"),
        ("public_en", "Li Na wrote it.", "must not say who objected"),
    ):
        answer = client.post(address, good | {name: value})
        assert answer.status_code == 400 and sentence in answer.content.decode(), (name, value)
    for name in ("objection_note", "objection_ask"):
        answer = client.post(reverse(f"awards:{name}", args=["spring", objection.code]), {"text": " "})
        assert answer.status_code == 400 and "Write the" in answer.content.decode()
    objection.refresh_from_db()
    assert objection.state == "received" and objection.steps.count() == 1
    assert client.get("/spring/desk/objections/%00/").status_code == 404
    assert client.get("/spring/notice/%00/").status_code == 404
    assert client.post(address, good).status_code == 302
    objection.refresh_from_db()
    assert (objection.state, objection.follows) == ("upheld", "stands")


def test_the_rules_are_changed_on_the_desk(notice, client):
    client.force_login(make_member(notice.edition, Role.ORGANISER).user)
    address = reverse("awards:objection_rules", args=["spring"])
    good = {"days": "3", "holidays": "2027-10-01\n2027-10-04", "workdays": "2027-10-09", "anonymous": "on"}
    for name, value, sentence in (
        ("days", "0", "greater than or equal to 1"),
        ("days", "soon", "Enter a whole number."),
        ("holidays", "1 October", "“1” is no day."),
        ("holidays", "2027-02-30", "is no day"),
        ("workdays", "2027-10-01", "a holiday and a working day at once"),
    ):
        answer = client.post(address, good | {name: value})
        assert answer.status_code == 400 and sentence in answer.content.decode(), (name, value)
    notice.edition.refresh_from_db()
    assert notice.edition.objections == {}
    assert client.post(address, good).status_code == 302
    notice.edition.refresh_from_db()
    assert queries.rules_of(notice.edition).days == 3
    assert "2027-10-01\n2027-10-04" in client.get(address).content.decode()
