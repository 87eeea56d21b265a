"""What entrants declare about rights: word for word, with time and wording; asked again when a text changes."""

import html
import importlib
import io
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from festival.edition import declaration_actions
from festival.edition.actions import create_edition
from festival.edition.blueprint import named
from festival.edition.declarations import usual_declarations
from festival.edition.models import Declaration, DeclarationVersion
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from submissions import attachment_job, consent_actions
from submissions.completeness import gaps, missing_for_submission
from submissions.consents import asked_of
from submissions.intake.actions import receive_form_file
from submissions.models import Attachment, Consent, Entry
from tests.factories import (
    make_attachment,
    make_declaration,
    make_draft,
    make_edition,
    make_member,
    make_user,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
WHY = {"en": "The law asks for it."}


def client_of(user: User, language: str = "en") -> Client:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def answer(entry: Entry, *, version: int | None = None, **answers: str) -> None:
    """Answers by key of the declaration, as from a page that showed this wording (the present one)."""
    rows = {row.key: row for row in entry.edition.declarations.all()}
    consent_actions.declare(
        entry=entry,
        answers={rows[key].pk: value for key, value in answers.items()},
        seen={rows[key].pk: version or rows[key].version for key in answers},
        by=actor_of(entry.entrant),
        at=timezone.now(),
    )


def fresh(entry: Entry) -> Entry:
    return Entry.objects.get(pk=entry.pk)


def lacks(entry: Entry) -> list[str]:
    return [gap.sentence for gap in gaps(fresh(entry)) if gap.step == "rights"]


def test_a_new_edition_asks_the_usual_declarations_in_both_languages() -> None:
    edition = create_edition(
        plan=named("short-film"), slug="spring", opens=timezone.now().date(), owner=make_user()
    )
    rows = list(edition.declarations.all())
    assert [row.key for row in rows] == [plan.key for plan in usual_declarations()]
    for row in rows:
        assert set(row.title) == set(row.text) == {"en", "zh"}
        wording = row.versions.get()
        assert (wording.number, wording.title, wording.text) == (1, row.title, row.text)


def test_an_answer_keeps_wording_time_and_who_and_stays_when_given_again() -> None:
    edition = make_edition(call_open=True)
    make_declaration(edition, "Rights")
    draft = make_draft(edition)
    assert lacks(draft) == ["Agree to “Rights”."]
    answer(draft, rights="agreed")
    first = Consent.objects.get()
    assert (first.wording.text["en"], first.number, first.by) == ("Rights is mine.", 1, draft.entrant)
    answer(draft, rights="agreed")
    assert Consent.objects.get().at == first.at and lacks(draft) == []
    answer(draft, rights="")
    first.refresh_from_db()
    assert first.until is not None and lacks(draft) == ["Agree to “Rights”."]
    answer(draft, rights="agreed")
    assert Consent.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            entry=draft, declaration=first.declaration, wording=first.wording, number=1, answer="agreed",
            by=draft.entrant, at=timezone.now(),
        )  # fmt: skip


def test_what_may_not_concern_the_film_is_asked_first() -> None:
    edition = make_edition(call_open=True)
    make_declaration(edition, "Voices", if_applicable=True)
    make_declaration(edition, "Thanks", required=False)
    draft = make_draft(edition)
    assert lacks(draft) == ["Say whether “Voices” applies, and agree to it if so."]
    answer(draft, voices="none")
    assert lacks(draft) == []
    with pytest.raises(Refused) as refused:
        answer(draft, thanks="none")
    assert refused.value.code == "bad_answer"
    Declaration.objects.filter(key="voices").update(if_applicable=False)
    assert lacks(draft) == ["Agree to “Voices”."]


def test_a_track_of_its_own_and_retired_ones_are_left_out() -> None:
    edition = make_edition(call_open=True)
    other = edition.tracks.create(slug="other", name={"en": "Other"})
    make_declaration(edition, "Here", track=edition.tracks.first())
    make_declaration(edition, "There", track=other)
    make_declaration(edition, "Once", retired_at=timezone.now())
    draft = make_draft(edition)
    assert [one.declaration.key for one in asked_of(draft)] == ["here"]
    answer(draft, there="agreed", once="agreed")
    assert not Consent.objects.exists()


def test_another_wording_asks_drafts_again_and_leaves_submitted_entries_alone() -> None:
    edition = make_edition(call_open=True)
    row = make_declaration(edition, "Rights")
    organiser = make_member(edition, Role.ORGANISER)
    draft, sent = make_draft(edition), make_draft(edition)
    for entry in (draft, sent):
        answer(entry, rights="agreed")
    Entry.objects.filter(pk=sent.pk).update(state="eligible", submitted_at=timezone.now())
    changed(row, organiser, text={"en": "All of it is mine.", "zh": "全部属于本人。"})
    assert lacks(draft) == ["The text of “Rights” has changed: read it and answer again."]
    with pytest.raises(Refused) as refused:
        answer(draft, version=1, rights="agreed")  # a page that was open too long
    assert refused.value.code == "changed"
    answer(draft, rights="agreed")
    assert lacks(draft) == []
    assert list(draft.consents.values_list("number", flat=True)) == [1, 2]
    assert missing_for_submission(fresh(sent)) == ["Upload the film."]
    technician = make_member(edition, Role.TECHNICIAN)
    page = client_of(technician.user).get(f"/{edition.slug}/desk/entries/{sent.code}/").content.decode()
    assert "Rights is mine." in page and "now 2" in page and "All of it is mine." not in page
    with pytest.raises(Refused) as refused:
        answer(fresh(sent), rights="agreed")
    assert refused.value.code == "not_a_draft"


def changed(row: Declaration, by: Actor, **values: object) -> Declaration:
    words = {"title": row.title, "text": row.text} | values
    return declaration_actions.change_declaration(row=row, by=by, at=timezone.now(), reason=WHY, **words)


def test_only_another_wording_is_another_version() -> None:
    edition = make_edition()
    row, organiser = make_declaration(edition), make_member(edition, Role.ORGANISER)
    assert changed(row, organiser, required=False, document="must").version == 1
    assert changed(row, organiser, title={"en": "Score", "zh": "配乐"}).version == 2
    assert [version.title["en"] for version in row.versions.all()] == ["Score", "Music"]
    with pytest.raises(TypeError):
        changed(row, organiser, key="other")


def test_a_document_that_must_be_there(media: object) -> None:
    edition = make_edition(call_open=True)
    make_declaration(edition, "Music", if_applicable=True, document="must")
    draft = make_draft(edition)
    client = client_of(draft.entrant)
    page = client.get(f"/entries/{draft.code}/rights/").content.decode()
    assert 'name="declaration"' not in page
    answer(draft, music="agreed")
    assert lacks(draft) == ["Add the document for “Music”."]
    assert 'value="music"' in client.get(f"/entries/{draft.code}/rights/").content.decode()
    file = io.BytesIO(b"%PDF-1.7 a licence")
    file.name = "licence.pdf"
    sent = client.post(f"/entries/{draft.code}/files/rights/add/", {"file": file, "declaration": "music"})
    assert sent.headers["Location"] == f"/entries/{draft.code}/rights/#documents-music"
    assert lacks(draft)[-1] == "A file is still being read. This takes moments."
    attachment_job.run(Attachment.objects.get().pk)
    assert lacks(draft) == []
    assert "licence.pdf" in client.get(f"/entries/{draft.code}/rights/").content.decode()
    answer(draft, music="none")
    assert lacks(draft) == []
    with pytest.raises(Refused):  # of a declaration that takes none
        make_declaration(edition, "Rights")
        receive_form_file(
            entry=draft, filename="a.pdf", size=1, source=io.BytesIO(b"x"), by=actor_of(draft.entrant),
            at=timezone.now(), purpose="rights/rights",
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        make_attachment(draft, "rights", form="pdf")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_takes_all_answers_at_once(language: str) -> None:
    edition = make_edition(call_open=True)
    rights = make_declaration(edition, "Rights")
    voices = make_declaration(edition, "Voices", if_applicable=True)
    draft = make_draft(edition)
    client = client_of(draft.entrant, language)
    page = html.unescape(client.get(f"/entries/{draft.code}/rights/").content.decode())
    assert ("Rights is mine." in page) and ("均属本人。" in page)  # the other language can be opened
    body = {
        f"answer-{rights.pk}": "on", f"seen-{rights.pk}": "1",
        f"answer-{voices.pk}": "none", f"seen-{voices.pk}": "1",
    }  # fmt: skip
    assert client.post(f"/entries/{draft.code}/rights/", body).status_code == 302
    assert dict(draft.consents.values_list("declaration__key", "answer")) == {
        "rights": "agreed",
        "voices": "none",
    }
    late = body | {f"seen-{rights.pk}": "0", f"seen-{voices.pk}": "0", f"answer-{voices.pk}": "agreed"}
    again = client.post(f"/entries/{draft.code}/rights/", late, follow=True)
    assert ("A text has changed" in again.content.decode()) == (language == "en")
    assert draft.consents.filter(until__isnull=True).count() == 2
    assert client.post(f"/entries/{draft.code}/rights/", {f"answer-{voices.pk}": "x"}).status_code == 400
    Entry.objects.update(state="eligible", submitted_at=timezone.now())
    assert (
        client.get(f"/entries/{draft.code}/rights/").headers["Location"] == f"/entries/{draft.code}/#rights"
    )
    assert rights.text["en"] in html.unescape(
        client_of(draft.entrant).get(f"/entries/{draft.code}/").content.decode()
    )


def test_the_desk_adds_rewords_retires_and_orders() -> None:
    edition = make_edition(call_open=True)
    first = make_declaration(edition, "Rights", position=0)
    draft = make_draft(edition)
    answer(draft, rights="agreed")
    client = client_of(make_member(edition, Role.ORGANISER).user)
    base = f"/{edition.slug}/desk/form/declarations/"
    form = {
        "title_en": "Drones", "title_zh": "无人机", "text_en": "I had leave to fly.", "text_zh": "飞行已获许可。",
        "required": "on", "document": "may", "track": "",
    }  # fmt: skip
    half = client.post(f"{base}new/", form | {"text_zh": ""})
    assert half.status_code == 400 and "in both languages" in half.content.decode()
    looked = client.post(f"{base}new/", form | {"preview": "1"})
    assert looked.status_code == 200 and "As entrants will read it" in looked.content.decode()
    assert edition.declarations.count() == 1
    client.post(f"{base}new/", form | {"change_reason_en": "The law asks for it."})
    second = edition.declarations.get(key="drones")
    assert (second.version, second.versions.get().made_by.name, second.position) == (
        1,
        second.versions.get().made_by.name,
        1,
    )
    reworded = client.post(
        f"{base}{first.pk}/",
        {**form, "title_en": "Rights", "title_zh": "权利", "preview": "1"},
    ).content.decode()
    assert "Drafts that have answered and are asked again: 1. Submitted entries, which keep" in reworded

    def order() -> list[str]:
        return list(edition.declarations.filter(retired_at=None).values_list("key", flat=True))

    client.post(f"{base}{second.pk}/up/")
    assert order() == ["drones", "rights"]
    client.post(f"{base}order/", {"ids": [first.pk, second.pk]}, content_type="application/json")
    assert order() == ["rights", "drones"]
    client.post(f"{base}{first.pk}/retire/", {"change_reason_en": "Not needed."})
    assert order() == ["drones"] and lacks(draft) == ["Agree to “Drones”."]
    assert draft.consents.get().answer == "agreed"  # nothing is lost
    client.post(f"{base}{first.pk}/restore/", {"change_reason_en": "Needed."})
    assert lacks(draft) == ["Agree to “Drones”."]
    assert client.post(f"{base}{first.pk}/burn/").status_code == 404
    page = client.get(base).content.decode()
    assert "answered in drafts: 1, in submitted entries: 0" in page


def test_the_desk_says_which_files_must_be_there() -> None:
    edition = make_edition(call_open=True, form={"credits": {"team_most": 4}})
    client = client_of(make_member(edition, Role.ORGANISER).user)
    url = f"/{edition.slug}/desk/form/files/"
    wrong = client.post(url, {"required": ["poster_tall"], "stills_least": "5", "stills_most": "3"})
    assert wrong.status_code == 400 and "at least more stills than at most" in wrong.content.decode()
    right = {"required": ["poster_tall"], "stills_least": "2", "stills_most": "3"}
    client.post(url, right | {"change_reason_en": "The programme book needs them."})
    edition.refresh_from_db()
    assert edition.form["files"] == {"required": ["poster_tall"], "stills_least": 2, "stills_most": 3}
    assert edition.form["credits"]["team_most"] == 4
    assert [gap.sentence for gap in gaps(make_draft(edition)) if gap.step == "files"] == [
        "Add what is asked for: Poster, tall.",
        "Add at least 2 stills; there are 0.",
    ]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.CHAIR, Role.JUDGE])
def test_others_of_the_team_change_nothing(role: Role) -> None:
    edition = make_edition()
    row, other = make_declaration(edition), make_member(edition, role)
    for act in (
        lambda: changed(row, other, title={"en": "X", "zh": "X"}),
        lambda: declaration_actions.add_declaration(
            edition=edition, title={"en": "X"}, text={"en": "X"}, by=other, at=timezone.now()
        ),
        lambda: declaration_actions.retire_declaration(row=row, by=other, at=timezone.now()),
        lambda: declaration_actions.restore_declaration(row=row, by=other, at=timezone.now()),
        lambda: declaration_actions.move_declaration(row=row, up=True, by=other),
        lambda: declaration_actions.order_declarations(edition=edition, order=[], by=other),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403


def test_two_of_the_same_name_have_different_keys() -> None:
    edition = make_edition()
    organiser = make_member(edition, Role.ORGANISER)
    words = {"title": {"en": "Drones!", "zh": "无人机"}, "text": {"en": "x", "zh": "x"}}
    keys = [
        declaration_actions.add_declaration(edition=edition, by=organiser, at=timezone.now(), **words).key
        for _number in range(3)
    ]
    assert keys == ["drones", "drones-2", "drones-3"]


def test_editions_from_before_ask_what_was_ticked_then_word_for_word() -> None:
    edition = make_edition()
    migration = importlib.import_module("festival.edition.migrations.0006_usual_declarations")
    migration.declare(apps, None)
    rows = {row.key: row for row in edition.declarations.all()}
    assert list(rows) == [plan.key for plan in usual_declarations()]
    assert rows["rights"].text == migration.TICKED
    assert DeclarationVersion.objects.get(declaration=rows["rights"]).text == migration.TICKED
    assert rows["music"].text == usual_declarations()[1].text
