"""After the deletion of an account nothing names the person, and everything that must stay is as it was."""

import contextlib
import itertools
import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.db.models import BinaryField, CharField, JSONField, Q, TextField
from django.test import Client
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from judging.models import Score
from judging.standing_actions import replay
from personal import erase_actions
from personal.models import Erasure, Remnant
from submissions import inspect_actions
from submissions.bulk_inspection import plan_for as plan_many
from submissions.credit_people import Person
from submissions.event_log import log_event
from submissions.models import (
    Answer,
    Asset,
    Attachment,
    Code,
    CorrectionChange,
    Credit,
    CreditInvitation,
    Entry,
    Event,
    FilmVersion,
    ImportedRow,
    Inspection,
    Match,
    RepresentativeIdentity,
    TransferOffer,
)
from tests.factories import make_correction, make_credits, make_entry, make_invitation
from tests.personal.lives import ADDRESS, NAME, SECOND, Life, asset_of, fill

# Where the name may still stand: what was published, and the credits of films that others made too.
BILLING = {
    "submissions.Entry.director": {"LAUREA1"},
    "submissions.Entry.synopsis": {"LAUREA1"},
    "submissions.Entry.ai_statement": {"LAUREA1"},
    "submissions.Credit.name": {"LAUREA1", "NAMED11", "ASKED11"},
    "submissions.CreditInvitation.agreed_name": {"NAMED11"},
    "submissions.CreditDeclaration.values": {"LAUREA1"},
    "submissions.ToolUse.human": {"LAUREA1"},
    "submissions.Inspection.report": {"LAUREA1"},
    "catalogue.Film.credits": {"LAUREA1"},
    "catalogue.Film.synopsis": {"LAUREA1"},
    "catalogue.Film.ai_statement": {"LAUREA1"},
    "catalogue.Film.tools": {"LAUREA1"},
}


def erase(life: Life, *, withdraw: bool = False) -> Erasure:
    now = timezone.now()
    row = erase_actions.ask(user=life.user, withdraw=withdraw, at=now, grace=timedelta(0))
    erase_actions.work(row.pk)
    row.refresh_from_db()
    return row


def code_of(row: Any) -> str:
    for path in ("entry", "version.entry", "look.entry"):
        found = row
        for part in path.split("."):
            found = getattr(found, part, None)
        if found is not None:
            return str(found.code)
    return str(getattr(row, "source", "") or getattr(row, "code", ""))


def found_in_database(*texts: str) -> dict[str, set[str]]:
    """Every column, of every row of every table, in which one of the texts stands: with the entry it is about."""
    hits: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        columns = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField | BinaryField)
        ]
        for row in model._default_manager.all():
            for column in columns:
                value = getattr(row, column.attname)
                text = json.dumps(value, ensure_ascii=False) if isinstance(column, JSONField) else str(value)
                if any(wanted.lower() in text.lower() for wanted in texts):
                    hits.setdefault(f"{model._meta.label}.{column.name}", set()).add(code_of(row))
    return hits


def test_the_scan_finds_her_everywhere_before(life: Life) -> None:
    hits = found_in_database(ADDRESS, SECOND, NAME)
    assert len(hits) > 30
    assert {
        "people.User.email",
        "submissions.Event.values",
        "post.Notice.values",
        "judging.Look.comment",
    } <= set(hits)


def test_no_table_holds_her_address_or_her_name_but_where_it_was_published(life: Life) -> None:
    erase(life)
    assert found_in_database(ADDRESS, SECOND) == {}
    assert found_in_database(NAME) == BILLING


def test_results_replay_and_what_is_public_is_as_it_was(life: Life) -> None:
    pages = ("/over/laureates/", "/over/", f"/over/films/{life.film}/")
    before = {page: seen(page) for page in pages}
    scores = list(Score.objects.order_by("pk").values_list("look__judge", "value"))
    verdicts = list(life.awards.verdicts.values_list("slot", "place", "entry", "why"))
    erase(life)
    for standing in life.standings:
        standing.refresh_from_db()
        assert replay(standing)
    assert list(Score.objects.order_by("pk").values_list("look__judge", "value")) == scores
    assert list(life.awards.verdicts.values_list("slot", "place", "entry", "why")) == verdicts
    assert {page: seen(page) for page in pages} == before


def seen(page: str) -> str:
    """What a stranger is given, without the forms' tokens; what she wrote under her stills goes with her account."""
    response = Client().get(page)
    assert response.status_code == 200
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r'(<img [^>]*srcset=[^>]*) alt="[^"]*"', r"\1", page)


def test_her_entries_end_by_their_fate(life: Life) -> None:
    erase(life)
    assert not Entry.objects.filter(code="DRAFT11").exists()
    rows = (
        Entry.objects.filter(entrant=life.user).order_by("code").values_list("code", "state", "title", "told")
    )
    assert list(rows) == [
        ("IMPORT1", "withdrawn", "", ""),
        ("LAUREA1", "eligible", "Film laureate", "laureate"),
        ("LOST111", "eligible", "", "not_selected"),
        ("REFUSE1", "refused", "", ""),
        ("WITHDR1", "withdrawn", "", ""),
    ]
    said = Event.objects.get(entry__code="REFUSE1", kind="refuse").values["reason"]
    assert said == "[…], the film is a copy."
    assert set(Attachment.objects.values_list("entry__code", "kind")) == {("LAUREA1", "still")}
    assert set(RepresentativeIdentity.objects.values_list("entry__code", flat=True)) == {"LAUREA1"}
    assert set(Answer.objects.values_list("entry__code", flat=True)) == set()
    match = Match.objects.get()
    assert match.reason == "[…] says so."


def test_what_is_left_of_the_account_is_a_number(life: Life) -> None:
    erase(life)
    user = User.objects.get(pk=life.user.pk)
    assert (user.email, user.name, user.is_active) == (f"deleted-{user.pk}@deleted.invalid", "", False)
    assert not user.has_usable_password()
    assert str(user) == "Deleted account"
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not Authenticator.objects.filter(user=user).exists()
    assert not user.memberships.exists()
    assert list(user.notices.values_list("kind", "values", "address")) == [("mailing", {}, "")]
    assert life.client.get("/account/").status_code == 302
    again = User.objects.create_user(ADDRESS, "another password")
    assert again.pk != user.pk


def test_a_co_author_stays_named_without_address_and_account(life: Life) -> None:
    erase(life)
    credit = Credit.objects.select_related("invitation").get(entry__code="NAMED11", name=NAME)
    assert (credit.email, credit.country, credit.agreed, credit.asks_consent) == ("", "", True, False)
    assert credit.invitation.user is None
    asked = CreditInvitation.objects.get(entry__code="ASKED11")
    assert asked.state == "revoked"
    assert not TransferOffer.objects.filter(entry__code="ASKED11").exists()
    passed = Event.objects.get(entry__code="PASSED1", kind="transferred").values
    assert (passed["before"], passed["after"]) == ("[…]", "Heir")
    code = Code.objects.exclude(revoked_at=None).get()
    assert (code.email, code.label) == ("", "For […]")


def test_files_go_where_no_other_entry_has_the_same(life: Life) -> None:
    shared = make_entry(life.elsewhere, entrant=life.others["rival"], code="SHARED1")
    fill(shared, film="film of LOST111")
    gone = [
        asset.key
        for asset in kept_by("LOST111", "WITHDR1", "DRAFT11")
        if asset.sha256 != asset_of("film of LOST111").sha256
    ]
    stays_assets = kept_by("SHARED1")
    stays = [asset.key for asset in stays_assets]
    made = Inspection.objects.filter(version__entry__code="LOST111").values_list("pk", flat=True).get()
    erase(life)
    assert [key for key in gone if storages["default"].exists(key)] == []
    assert [key for key in stays if not storages["default"].exists(key)] == []
    assert not storages["default"].exists(f"inspections/{made}/1/still.jpg")
    assert not storages["default"].exists("exports") or storages["default"].listdir("exports")[1] == []
    of_shared = {asset.sha256 for asset in stays_assets} | {asset.sha256 for asset in kept_by("LAUREA1")}
    for folder in ("copies", "subtitles", "pictures"):
        folders, files = storages["default"].listdir(folder)
        assert {name[:64] for name in (*folders, *files)} <= of_shared, folder
    for code in ("LOST111", "LAUREA1"):
        assert not storages["default"].exists(f"published/{code}/handoff.mp4")
    assert storages["default"].exists("published/SHARED1/handoff.mp4")
    film = FilmVersion.objects.get(entry__code="LAUREA1")
    assert storages["default"].exists(film.asset.key)
    assert Remnant.objects.count() == 0
    assert not Asset.objects.filter(key__in=gone).exists()


def kept_by(*codes: str) -> list[Asset]:
    used = Q(versions__entry__code__in=codes) | Q(attachments__entry__code__in=codes)
    return list(Asset.objects.filter(used | Q(subtitle_files__entry__code__in=codes)).distinct())


def test_the_row_that_remains_tells_numbers_and_nobody(life: Life) -> None:
    row = erase(life)
    assert (row.state, row.user, row.way) == ("done", None, "own")
    assert row.counts["deleted"]["entries"] == 1
    assert row.counts["blanked"]["entries"] == 5
    assert row.counts["files"] > 10


def test_the_last_letter_goes_to_an_address_that_nobody_knows_any_more(life: Life, mailoutbox: list) -> None:
    mailoutbox.clear()
    erase(life)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([ADDRESS], "您的账户将被注销"),
        ([ADDRESS], "您的账户已注销"),
    ]


def test_everybody_else_can_go_on_reading(life: Life) -> None:
    """The desk, the jury and the co-authors have pages on which the emptied entries and the account stand."""
    erase(life)
    owner, friend = Client(), Client()
    owner.force_login(life.others["owner"])
    friend.force_login(life.others["friend"])
    pages = [
        "/over/desk/",
        "/over/desk/entries/",
        "/over/desk/inspections/",
        "/over/desk/awards/",
        "/over/desk/rounds/jury/",
        "/over/desk/outbox/",
        "/over/desk/films/",
        "/elsewhere/desk/rounds/jury/",
    ]
    pages += [f"/over/desk/entries/{code}/" for code in ("LAUREA1", "LOST111", "REFUSE1", "WITHDR1")]
    assert {page: owner.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert "Deleted account" in owner.get("/over/desk/entries/REFUSE1/").content.decode()
    assert friend.get("/entries/LAUREA1/").status_code == 200
    assert friend.get("/entries/LOST111/").status_code == 404
    assert friend.get("/entries/").status_code == 200


def test_a_film_that_is_gone_is_not_inspected_again(life: Life) -> None:
    erase(life)
    entry = Entry.objects.get(code="REFUSE1")
    with pytest.raises(Refused) as refused:
        inspect_actions.reinspect(entry=entry, by=actor_of(life.others["owner"]), at=timezone.now())
    assert refused.value.code == "gone"
    plan = plan_many(Entry.objects.filter(edition=life.edition), by=actor_of(life.others["owner"]))
    assert "REFUSE1" not in Entry.objects.filter(pk__in=plan.entries).values_list("code", flat=True)


def test_an_import_does_not_bring_her_back(life: Life) -> None:
    erase(life)
    imported = ImportedRow.objects.get(entry__code="IMPORT1")
    assert (imported.key, imported.film, imported.digest) == ("no-IMPORT1", "", "")
    assert imported.entry.state == "withdrawn"


@pytest.mark.parametrize("stop", range(1, 60, 6))
def test_killed_anywhere_it_is_carried_on_to_the_same_end(
    life: Life, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies between two pieces leaves a lease behind; the next one comes to the same end."""
    beats = itertools.count(1)

    def renew(pk: int, token: uuid.UUID) -> None:
        if next(beats) == stop:
            raise KeyboardInterrupt  # nothing catches it, like the end of a process

    now = timezone.now()
    row = erase_actions.ask(user=life.user, withdraw=False, at=now, grace=timedelta(0))
    erase_actions.begin(pk=row.pk, at=now)
    with monkeypatch.context() as patch:
        patch.setattr(erase_actions, "_renew", renew)
        with contextlib.suppress(KeyboardInterrupt):
            erase_actions.carry_on(pk=row.pk, at=now)
    later = timezone.now() + timedelta(hours=1)
    erase_actions.carry_on(pk=row.pk, at=later)
    row.refresh_from_db()
    assert row.state == "done"
    assert found_in_database(ADDRESS, SECOND) == {}
    assert found_in_database(NAME) == BILLING
    assert Remnant.objects.count() == 0
    assert Event.objects.filter(kind="erased").count() == 5


def test_sessions_of_others_stay(life: Life) -> None:
    other = Client()
    other.force_login(life.others["friend"])
    erase(life)
    assert other.get("/account/").status_code == 200
    assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [
        str(life.others["friend"].pk)
    ]


def test_an_address_that_was_never_confirmed_is_not_hers(life: Life) -> None:
    """Anybody can add anybody's address to an account: nothing of its owner is touched."""
    address = "innocent@elsewhere.example"
    EmailAddress.objects.create(user=life.user, email=address, verified=False)
    theirs = make_entry(life.edition, state="draft", title="Innocent", code="INNOC11")
    make_credits(theirs, Person(name="Innocent", roles=("sound",), email=address, country="FR"))
    make_invitation(theirs, address)
    log_event(entry=theirs, kind="credit_asked", by=life.actor, at=timezone.now(), person=address)
    before = found_in_database(address)
    erase(life)
    assert found_in_database(address) == {
        column: codes for column, codes in before.items() if column != "account.EmailAddress.email"
    }
    credit = Credit.objects.get(entry=theirs)
    assert (credit.email, credit.country, credit.invitation.state) == (address, "FR", "open")


def test_her_address_goes_out_of_credits_that_others_corrected(life: Life) -> None:
    person = {"name": NAME, "email": SECOND, "country": "CN", "roles": ["sound"]}
    other = {"name": "Bo", "email": "bo@elsewhere.example", "country": "FR", "roles": ["music"]}
    correction = make_correction(life.theirs, state="done", names=["credits"])
    event = log_event(
        entry=life.theirs, kind="corrected", by=life.actor, at=timezone.now(), fields=["credits"]
    )
    make_credits(life.theirs, Person(name=NAME, roles=("sound",), email=SECOND))
    make_invitation(life.theirs, SECOND)
    change = CorrectionChange.objects.create(
        correction=correction, event=event, field="credits", before=[other], after=[other, person]
    )
    erase(life)
    change.refresh_from_db()
    assert change.before == [other]
    assert change.after == [other, person | {"email": "", "country": ""}]


def test_a_deletion_that_began_meanwhile_is_not_taken_back(life: Life) -> None:
    row = erase_actions.ask(user=life.user, withdraw=False, at=timezone.now(), grace=timedelta(0))
    Erasure.objects.filter(pk=row.pk).update(state="running", started_at=timezone.now())
    assert not erase_actions.take_back(erasure_id=row.pk)
    assert not erase_actions.take_back(user=life.user)
    assert Erasure.objects.filter(pk=row.pk, state="running").exists()
