"""The pages of a correction: what the entrant and the desk see and can do, and that nothing else opens."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging.desk import overview_of, todos_for
from submissions.correction_actions import close_correction, grant_correction
from submissions.correction_saves import save_correction
from submissions.credit_people import Person
from submissions.desk_filters import Filters
from submissions.export import columns_for, rows_of
from submissions.models import Correction, CorrectionChange, Entry, Event, Upload
from submissions.service import rounds_under_way
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_co_author,
    make_correction,
    make_credits,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_question,
    make_subtitles,
    make_user,
    make_uses,
)
from tests.world import make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def page_of(user: User, path: str) -> str:
    return read(client_of(user).get(path))


def an_entry(edition: Edition | None = None, **fields: Any) -> Entry:
    return make_entry(edition or make_edition(), **{"title": "Lamp", "ai_statement": "By hand."} | fields)


def desk_of(entry: Entry) -> str:
    return f"/{entry.edition.slug}/desk/entries/{entry.code}/"


def granting(entry: Entry, *names: str, **more: Any) -> dict[str, Any]:
    zone_end = timezone.now() + 3 * DAY
    return {"names": list(names), "until": zone_end.strftime("%Y-%m-%dT%H:%M"), **more}


def test_the_entrant_asks_and_takes_it_back() -> None:
    entry = an_entry(make_edition(form={"promises": {"correction_days": 2}}))
    client = client_of(entry.entrant)
    assert "Ask for a correction" in read(client.get(f"/entries/{entry.code}/"))
    asking = read(client.get(f"/entries/{entry.code}/correction/"))
    assert "you have an answer by" in asking
    assert 'value="track"' not in asking
    assert 'value="file_rights"' not in asking
    wrong = client.post(f"/entries/{entry.code}/correction/", {"message": "Why.", "names": ["track"]})
    assert wrong.status_code == 400
    assert "cannot be corrected this way" in html.unescape(wrong.content.decode())
    none = client.post(f"/entries/{entry.code}/correction/", {"message": "Why."})
    assert "Choose at least one field." in html.unescape(none.content.decode())
    data = {"names": ["title", "credits"], "message": "A slip.\x00"}
    assert client.post(f"/entries/{entry.code}/correction/", data).status_code == 302
    row = Correction.objects.get()
    assert (row.asked, row.message) == (["title", "credits"], "A slip.")
    mine = read(client.get(f"/entries/{entry.code}/"))
    assert "You asked for a correction: Title of the film, Credits" in mine
    assert "at the latest. We write to you." in mine
    Correction.objects.update(asked_at=timezone.now() - 3 * DAY)
    assert "it takes longer" in read(client.get(f"/entries/{entry.code}/"))
    assert client.post(f"/entries/{entry.code}/correction/back/").status_code == 302
    assert "Taken back" in read(client.get(f"/entries/{entry.code}/correction/"))


def test_an_organiser_decides_at_the_desk() -> None:
    entry = an_entry()
    organiser = make_member(entry.edition, Role.ORGANISER).user
    row = make_correction(entry, state="asked", names=["title", "year"], message="The year is wrong.")
    listed = page_of(organiser, f"/{entry.edition.slug}/desk/corrections/")
    assert "Year of completion" in listed
    assert "promised by" in listed
    assert "The year is wrong." in page_of(organiser, desk_of(entry))
    client = client_of(organiser)
    deciding = read(client.get(desk_of(entry) + "correction/"))
    for name in ("title", "year"):
        assert f'name="names" value="{name}" checked>' in deciding
    assert 'name="names" value="genre">' in deciding
    past = granting(entry, "year", request=row.pk, until="2020-01-01T12:00")
    assert client.post(desk_of(entry) + "correction/", past).status_code == 400
    late = granting(entry, "year", request=row.pk + 1)
    assert client.post(desk_of(entry) + "correction/", late).status_code == 409
    data = granting(entry, "year", "genre", request=row.pk, reason="Gladly.")
    assert client.post(desk_of(entry) + "correction/", data).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.granted, row.reason) == ("granted", ["year", "genre"], "Gladly.")
    assert "open until" in page_of(organiser, f"/{entry.edition.slug}/desk/corrections/")
    assert client.post(desk_of(entry) + "correction/close/", {"reason": "Printed."}).status_code == 302
    row.refresh_from_db()
    assert row.state == "over"
    log = page_of(organiser, desk_of(entry))
    assert "Correction granted until" in log
    assert ": Year of completion, Form" in log
    assert "Correction closed early" in log


def test_a_request_is_refused_with_a_reason() -> None:
    entry = an_entry()
    organiser = make_member(entry.edition, Role.ORGANISER).user
    row = make_correction(entry, state="asked")
    client = client_of(organiser)
    assert client.post(desk_of(entry) + "correction/refuse/", {"request": row.pk}).status_code == 400
    data = {"request": row.pk, "reason": "The programme is printed."}
    assert client.post(desk_of(entry) + "correction/refuse/", data).status_code == 302
    mine = page_of(entry.entrant, f"/entries/{entry.code}/")
    assert "The correction was not granted" in mine
    assert "The programme is printed." in mine


def test_who_sees_and_who_decides() -> None:
    entry = an_entry()
    row = make_correction(entry, state="asked", message="A secret slip.")
    technician = make_member(entry.edition, Role.TECHNICIAN).user
    own = make_member(entry.edition, Role.ORGANISER).user
    make_co_author(entry, own)
    judge, chair = (make_member(entry.edition, role).user for role in (Role.JUDGE, Role.CHAIR))
    co_author = make_user()
    make_co_author(entry, co_author)
    for user in (technician, own):
        seen = page_of(user, desk_of(entry) + "correction/")
        assert "A secret slip." in seen
        assert "Grant these fields" not in seen
    for user in (technician, own, judge, chair, co_author, entry.entrant):
        client = client_of(user)
        answers = [
            client.post(desk_of(entry) + "correction/", granting(entry, "title", request=row.pk)),
            client.post(desk_of(entry) + "correction/refuse/", {"request": row.pk, "reason": "No."}),
            client.post(desk_of(entry) + "correction/close/"),
        ]
        assert {answer.status_code for answer in answers} <= {403, 404}
    for user in (judge, chair, co_author):
        client = client_of(user)
        for path in (desk_of(entry) + "correction/", f"/{entry.edition.slug}/desk/corrections/"):
            assert client.get(path).status_code in (403, 404)
        assert client.get(f"/entries/{entry.code}/correction/").status_code in (403, 404)
    row.refresh_from_db()
    assert row.state == "asked"


def everything(entry: Entry) -> dict[str, Any]:
    """All that an entry's pages read, as it stands."""
    columns = Entry.objects.filter(pk=entry.pk).values().get()
    columns.pop("updated_at")
    return columns | {
        "uses": [row.as_use for row in entry.tool_uses.all()],
        "credits": list(entry.credits.values_list("name", flat=True)),
        "answers": list(entry.answers.values_list("question", "value")),
        "files": list(entry.attachments.values_list("kind", "filename")),
        "subtitles": list(entry.subtitle_files.values_list("language", flat=True)),
    }


def test_a_form_changes_what_was_granted_and_nothing_else() -> None:
    edition = make_edition()
    why, often = make_question(edition), make_question(edition, "number", "How often?")
    entry = an_entry(edition, country="CN", synopsis={"en": "A lamp."})
    make_uses(entry, Use("video", "kling"))
    make_credits(entry, make_person("Ann"))
    make_attachment(entry)
    make_correction(entry, names=["title", f"q{why.pk}"])
    client, address = client_of(entry.entrant), f"/entries/{entry.code}/correct/"
    shown = read(client.get(address))
    assert 'name="title"' in shown
    assert 'name="country"' not in shown
    before = everything(entry)
    sent = {
        "title": "The lamp",
        f"q{why.pk}": "So.",
        f"q{often.pk}": "3",
        "country": "FR",
        "track": "99",
        "synopsis_en": "Another.",
        "synopsis_0": "Another.",
        "ai_statement": "None.",
        "state": "draft",
        "uses-TOTAL_FORMS": "1",
        "uses-INITIAL_FORMS": "0",
        "uses-0-stage": "music",
        "uses-0-tool": "suno",
        "credits-TOTAL_FORMS": "1",
        "credits-INITIAL_FORMS": "0",
        "credits-0-name": "Bo",
        "decision": "laureate",
        "director": "Bo",
        "year": "1999",
        "names": "country",
        "granted": "country",
    }
    assert client.post(address, sent).status_code == 302
    assert everything(entry) == before | {"title": "The lamp", "answers": [(why.pk, "So.")]}
    record = CorrectionChange.objects.order_by("pk").values_list("field", flat=True)
    assert sorted(record) == sorted(["title", f"q{why.pk}"])
    # A form that sends only some of its fields leaves the others as they are.
    assert client.post(address, {"title": "The Lamp"}).status_code == 302
    assert everything(entry)["answers"] == [(why.pk, "So.")]
    after = read(client.get(address))
    assert "before: </span>Lamp</del>" in after
    assert "now: </span>The Lamp</ins>" in after
    assert client.post(f"/entries/{entry.code}/correction/done/").status_code == 302
    assert client.post(address, sent).status_code == 409
    assert everything(entry)["title"] == "The Lamp"


def make_person(name: str) -> Person:
    return Person(name=name, roles=("director",), is_representative=True)


def test_pages_that_are_not_granted_stay_closed() -> None:
    entry = an_entry()
    make_credits(entry, make_person("Ann"))
    still, subtitles = make_attachment(entry), make_subtitles(entry)
    make_correction(entry, names=["title"])
    client, mine = client_of(entry.entrant), f"/entries/{entry.code}/"
    before = everything(entry)
    lines = {"credits-TOTAL_FORMS": "1", "credits-INITIAL_FORMS": "0", "credits-0-name": "Bo"}
    picture = SimpleUploadedFile("a.jpg", b"x")
    answers = [
        client.post(f"{mine}edit/", {"title": "Lamps", "track": entry.track_id}),
        client.post(f"{mine}credits/", lines | {"credits-0-roles": ["director"]}),
        client.post(f"{mine}files/still/add/", {"file": picture}),
        client.post(f"{mine}files/{still.pk}/remove/"),
        client.post(f"{mine}files/{still.pk}/move/up/"),
        client.post(f"{mine}files/{still.pk}/", {"caption_en": "A lamp"}),
        client.post(f"{mine}files/still/order/", {"ids": []}, content_type="application/json"),
        client.post(f"{mine}subtitles/", {"language": "en", "file": SimpleUploadedFile("a.srt", b"1")}),
        client.post(f"{mine}subtitles/{subtitles.pk}/remove/"),
        client.post(f"{mine}rights/", {"music": "agreed"}),
        client.post(f"{mine}credits/age/", {"yes": "1"}),
        client.post(f"{mine}submit/"),
        client.post(
            "/uploads/",
            {"entry": entry.code, "filename": "a.mov", "size": 9, "fingerprint": "a", "purpose": "trailer"},
            content_type="application/json",
        ),
        client.post(
            "/uploads/",
            {"entry": entry.code, "filename": "a.mov", "size": 9, "fingerprint": "a"},
            content_type="application/json",
        ),
    ]
    assert [answer.status_code for answer in answers if answer.status_code < 400] == []
    assert everything(entry) == before
    assert Upload.objects.count() == 0
    assert client.get(f"{mine}files/").status_code == 302
    assert 'name="credits-TOTAL_FORMS"' not in read(client.get(f"{mine}credits/"))


def test_the_pages_of_granted_parts_open_for_these_alone() -> None:
    entry = an_entry()
    make_credits(entry, make_person("Ann"))
    make_attachment(entry)
    make_attachment(entry, "portrait")
    make_subtitles(entry, "en")
    row = make_correction(entry, names=["credits", "subtitles", "file_still", "file_trailer"])
    client, mine = client_of(entry.entrant), f"/entries/{entry.code}/"
    correct = read(client.get(f"{mine}correct/"))
    for part in ("credits/", "#subtitles", "files/#still", "files/#trailer"):
        assert f'href="{mine}{part}"' in correct
    assert "Save the correction" not in correct  # nothing of the form is open
    files = read(client.get(f"{mine}files/"))
    assert 'id="still"' in files
    assert 'id="trailer"' in files
    assert 'id="portrait"' not in files
    assert "open for correction until" in files
    assert f'action="{mine}subtitles/"' in read(client.get(mine))
    credits = read(client.get(f"{mine}credits/"))
    assert "data-draft" not in credits  # each save is on record: nothing is saved while one types
    fields = {"name": "Anne", "roles": ["director"], "is_representative": "on"}
    lines = {f"credits-0-{name}": value for name, value in fields.items()}
    management = {"credits-TOTAL_FORMS": "1", "credits-INITIAL_FORMS": "0"}
    assert client.post(f"{mine}credits/", lines | management).status_code == 302
    empty = client.post(f"{mine}credits/", lines | management | {"credits-0-name": ""})
    assert empty.status_code == 400
    assert [credit.name for credit in entry.credits.all()] == ["Anne"]
    sent = client.post(f"{mine}files/still/add/", {"file": SimpleUploadedFile("b.jpg", b"x")})
    assert sent.status_code == 302
    upload = {"entry": entry.code, "filename": "a.mov", "size": 9, "fingerprint": "a", "purpose": "trailer"}
    begun = client.post("/uploads/", upload, content_type="application/json")
    assert begun.status_code == 201
    trailer = Upload.objects.get(purpose="trailer")
    assert trailer.expires_at == row.until  # no grace: the end is the end
    record = CorrectionChange.objects.order_by("pk").values_list("field", flat=True)
    assert list(record) == ["credits", "director", "file_still"]
    # Closed before the trailer was all there: it is not taken.
    close_correction(entry=entry, by=make_member(entry.edition, Role.ORGANISER), at=timezone.now())
    completed = client.post(f"/uploads/{trailer.pk}/complete/", {}, content_type="application/json")
    assert completed.status_code == 409
    assert entry.attachments.filter(kind="trailer").count() == 0


def test_what_is_corrected_is_what_others_read() -> None:
    edition = make_edition()
    entry = an_entry(edition, director="Ann")
    make_inspection(entry)
    make_uses(entry, Use("video", "kling"))
    organiser = make_member(edition, Role.ORGANISER)
    now = timezone.now()
    grant_correction(entry=entry, names=["title", "uses"], until=now + DAY, by=organiser, at=now)
    client = client_of(entry.entrant)
    data = {
        "title": "The lamp",
        "uses-TOTAL_FORMS": "1",
        "uses-INITIAL_FORMS": "0",
        "uses-0-stage": "music",
        "uses-0-tool": "suno",
    }
    assert client.post(f"/entries/{entry.code}/correct/", data).status_code == 302
    desk = page_of(organiser.user, desk_of(entry))
    assert "The lamp" in desk
    assert "Suno" in desk
    assert "Corrected: Title of the film, Tools of the AI statement" in desk
    assert "now: </span>The lamp</ins>" in desk  # in the log, with who and when
    columns = [column for column in columns_for(organiser, edition) if column.name in ("title", "tools")]
    rows = [list(row) for row in rows_of(edition, Filters(), columns)]
    assert rows[-1] == ["The lamp", "Music: Suno"]


@pytest.mark.parametrize("blind", [True, False])
def test_a_judge_reads_what_is_corrected_and_nothing_of_the_correction(blind: bool) -> None:
    world = make_world()
    Edition.objects.update(blind=blind)
    entry, now = world.entry, timezone.now()
    organiser = actor_of(world.people["organiser"])
    grant_correction(
        entry=entry, names=["title", "uses"], until=now + DAY, by=organiser, at=now, reason="Psst."
    )
    values = {"title": "The lamp", "uses": [Use("voice", "elevenlabs")]}
    save_correction(entry=entry, values=values, by=actor_of(entry.entrant), at=now)
    seen = page_of(world.people["judge"], f"/looks/{world.look.pk}/")
    assert "The lamp" in seen
    assert ("ElevenLabs" in seen) == (not blind)
    for secret in ("Kling", "Film ENTRY22", "Psst.", "orrection"):
        assert secret not in seen


def test_the_desk_is_told_that_the_programme_holds_the_old_text() -> None:
    entry = an_entry()
    make_inspection(entry)
    organiser = make_member(entry.edition, Role.ORGANISER)
    client = client_of(organiser.user)
    assert client.post(desk_of(entry) + "catalogue/").status_code == 302
    now = timezone.now()
    grant_correction(entry=entry, names=["title"], until=now + DAY, by=organiser, at=now)
    save_correction(entry=entry, values={"title": "The lamp"}, by=actor_of(entry.entrant), at=now)
    told = "The programme holds the text from before the correction"
    for path in (desk_of(entry), desk_of(entry) + "correction/"):
        assert told in read(client.get(path))
    assert "as they were before a correction" in read(client.get(f"/{entry.edition.slug}/desk/corrections/"))
    overview = overview_of(entry.edition, now)
    assert (overview.corrections, overview.outdated) == (0, 1)
    assert "as it was before a correction" in " ".join(
        todo.text for todo in todos_for(organiser, entry.edition, overview)
    )
    assert client.post(desk_of(entry) + "catalogue/").status_code == 302
    assert told not in read(client.get(desk_of(entry)))


def test_the_jury_that_watches_already_is_named_before_granting() -> None:
    entry = an_entry()
    organiser, judges = make_member(entry.edition, Role.ORGANISER), [make_user() for _judge in range(3)]
    now = timezone.now()

    def log(kind: str, round: str, who: User, **values: Any) -> None:
        Event.objects.create(entry=entry, kind=kind, actor=who, at=now, values={"round": round} | values)

    log("judging_began", "first", organiser.user, name={"en": "First round", "zh": "初评"}, looks=2)
    log("look_finished", "first", judges[0], look=1)
    log("judging_ended", "first", organiser.user)
    log("judging_began", "final", organiser.user, name={"en": "Final", "zh": "终评"}, looks=5)
    for judge in judges:
        log("look_finished", "final", judge, look=judge.pk)
    log("look_reopened", "final", judges[0], look=judges[0].pk)
    log("look_recused", "final", organiser.user, look=judges[1].pk)  # a conflict that the desk found
    log("look_finished", "final", judges[0], look=judges[0].pk)
    said = "“Final” is open: 2 of 5 looks are done."
    assert rounds_under_way(list(entry.events.all())) == [said]
    page = page_of(organiser.user, desk_of(entry) + "correction/")
    assert said in page
    assert "First round" not in page
    old = [Event(kind="judging_began", values={"round": "jury"})]
    assert rounds_under_way(old) == ["“jury” is open; looks done: 0."]


@pytest.mark.parametrize("path", ["/entries/{code}/correction/", "/{slug}/desk/corrections/"])
def test_lists_do_not_ask_more_for_more(path: str) -> None:
    edition = make_edition()
    entry = an_entry(edition)
    organiser = make_member(edition, Role.ORGANISER)
    user = entry.entrant if "entries" in path else organiser.user
    url = path.format(code=entry.code, slug=edition.slug)

    def one_more() -> None:
        question = make_question(edition)
        row = make_correction(entry, state="done", names=["title", f"q{question.pk}"])
        event = Event.objects.create(entry=entry, kind="corrected", at=timezone.now())
        row.changes.create(event=event, field="title", before="A", after="B")
        row.changes.create(
            event=event, field=f"q{question.pk}", before=None,
            after={"kind": "line", "text": {"en": "Why?"}, "value": "So."},
        )  # fmt: skip
        make_correction(an_entry(edition), state="asked", names=[f"q{question.pk}"])

    def count() -> int:
        client = client_of(user)
        with CaptureQueriesContext(connection) as asked:
            read(client.get(url))
        return len(asked)

    one_more()
    few = count()
    one_more()
    one_more()
    assert count() == few


def test_those_that_wait_stand_first_oldest_first() -> None:
    edition, now = make_edition(), timezone.now()
    organiser = make_member(edition, Role.ORGANISER).user
    for title, state, ago in (
        ("Done", "done", 9),
        ("Young", "asked", 1),
        ("Old", "asked", 5),
        ("Open", "granted", 7),
        ("Refused", "refused", 2),
    ):
        make_correction(an_entry(edition, title=title), state=state, asked_at=now - ago * DAY)
    page = page_of(organiser, f"/{edition.slug}/desk/corrections/")
    places = [page.index(f">{title}</bdi>") for title in ("Old", "Young", "Open", "Refused", "Done")]
    assert places == sorted(places)
    assert page.count(">late</span>") == 1  # promised within three days
