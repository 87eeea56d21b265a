"""The credits of a draft: written in lines, kept as typed, held against what the edition asks."""

import html
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from festival.edition.form_rules import CreditRules, FormRules
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from submissions import actions, credit_declarations
from submissions.completeness import gaps
from submissions.credit_actions import save_credits
from submissions.credit_gaps import missing_in_credits
from submissions.credit_names import name_fault
from submissions.credit_people import Person, digest_of, director_line, people_of
from submissions.models import Credit, CreditDeclaration, Entry, RepresentativeIdentity
from tests.factories import (
    make_credits,
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_invitation,
    make_user,
)

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
ANN = Person(
    name="Ann Lee", name_other="李安", roles=("director", "edit"), is_self=True, is_representative=True
)
BO = Person(name="张博", roles=("music",), email="bo@example.org", country="China")
CY = Person(name="Cy", roles=("other",), role_other="Catering")


def edition_with(**rules: Any) -> Edition:
    return make_edition(call_open=True, form=FormRules(credits=CreditRules(**rules)).as_data())


def client_of(entry: Entry) -> Client:
    client = Client()
    client.force_login(entry.entrant)
    return client


def sent(*people: Person, **more: Any) -> dict[str, Any]:
    """What the form sends, with these lines."""
    data: dict[str, Any] = {"credits-TOTAL_FORMS": len(people), "credits-INITIAL_FORMS": 0}
    for number, person in enumerate(people):
        for name in ("name", "name_other", "role_other", "email", "country"):
            data[f"credits-{number}-{name}"] = getattr(person, name)
        data[f"credits-{number}-roles"] = list(person.roles)
        for name in ("is_self", "is_representative"):
            if getattr(person, name):
                data[f"credits-{number}-{name}"] = "on"
    return data | more


def post(entry: Entry, data: dict[str, Any], **headers: Any) -> Any:
    return client_of(entry).post(f"/entries/{entry.code}/credits/", data, **headers)


def said(response: Any) -> str:
    return html.unescape(response.content.decode())


def missing(entry: Entry) -> list[str]:
    fresh = Entry.objects.select_related("edition").get(pk=entry.pk)
    return [gap.sentence for gap in gaps(fresh) if gap.step == "credits"]


# --- Lines --------------------------------------------------------------------------------------------------


def test_the_lines_are_kept_in_their_order_and_name_the_direction() -> None:
    entry = make_draft(make_edition(call_open=True))
    response = post(entry, sent(ANN, Person(), BO, CY))
    assert (response.status_code, response.url) == (302, f"/entries/{entry.code}/credits/")
    entry.refresh_from_db()
    assert people_of(entry) == (ANN, BO, CY)
    assert entry.director == "Ann Lee"
    page = said(client_of(entry).get(f"/entries/{entry.code}/credits/"))
    assert 'value="张博"' in page and 'value="Catering"' in page


def test_credits_without_a_director_leave_the_line_of_lists_as_it_is() -> None:
    entry = make_draft(make_edition(call_open=True), director="Wei Lan")
    before = entry.updated_at
    post(entry, sent(BO))
    entry.refresh_from_db()
    assert (entry.director, entry.updated_at) == ("Wei Lan", before)


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["Ann Lee", "李雷"], "Ann Lee, 李雷"),
        (["韩梅", "李雷"], "韩梅、李雷"),
        ([], ""),
        (["", "Ann"], "Ann"),
    ],
)
def test_directors_are_joined_as_their_names_are_written(names: list[str], line: str) -> None:
    assert director_line([Person(name=name, roles=("director",)) for name in names]) == line


def test_what_is_typed_is_kept_and_the_answer_says_what_is_missing() -> None:
    entry = make_draft(edition_with(roles=("director",), team_least=2))
    first = post(entry, sent(BO), headers=JSON)
    assert first.json() == {
        "seen": digest_of([BO]),
        "missing": [
            "Name somebody in the credits for: Direction.",
            "Name at least 2 people in the credits; there are 1.",
            "Say in the credits who represents the team.",
        ],
    }
    second = post(entry, sent(ANN, BO, seen=first.json()["seen"]), headers=JSON)
    assert second.json() == {"seen": digest_of([ANN, BO]), "missing": []}


def test_two_tabs_do_not_overwrite_each_other() -> None:
    entry = make_draft(make_edition(call_open=True))
    old = digest_of([])
    post(entry, sent(ANN, seen=old))
    response = post(entry, sent(BO, seen=old))
    assert response.status_code == 409
    assert "changed in another tab" in said(response) and 'value="张博"' in said(response)
    assert people_of(entry) == (ANN,)
    assert post(entry, sent(BO, seen=old), headers=JSON).json()["error"] == "changed"
    assert post(entry, sent(ANN, seen=old), headers=JSON).status_code == 200  # says what is there already


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("2-up", ("张博", "Ann Lee", "Cy")),
        ("2-down", ("Ann Lee", "Cy", "张博")),
        ("1-out", ("张博", "Cy")),
        ("1-up", ("Ann Lee", "张博", "Cy")),
        ("3-down", ("Ann Lee", "张博", "Cy")),
        ("²-up", ("Ann Lee", "张博", "Cy")),
        ("9-out", ("Ann Lee", "张博", "Cy")),
        ("1-sideways", ("Ann Lee", "张博", "Cy")),
    ],
)
def test_buttons_move_a_line_without_script(move: str, order: tuple[str, ...]) -> None:
    entry = make_draft(make_edition(call_open=True))
    assert post(entry, sent(ANN, BO, CY, move=move)).status_code == 302
    assert tuple(person.name for person in people_of(entry)) == order


WRONG = [
    (sent(ANN, replace(BO, is_representative=True)), "Line 2 of the credits, Represents the team: One person"),
    (sent(ANN, replace(BO, email="", is_self=True)), "Line 2 of the credits, This is me: You stand in line 1"),
    (sent(BO, replace(CY, email="BO@example.org")), "Line 2 of the credits, E-mail address: Line 1 has the same"),
    (sent(replace(BO, email="bo@")), "Line 1 of the credits, E-mail address:"),
    (sent(replace(BO, name="x" * 400)), "A name has at most 200 characters; this one has 400."),
    (sent(replace(BO, name="Win at https://evil.example")), "Write a name here"),
    (sent(replace(BO, name="🎬🔥")), "A name needs letters"),
    (sent(replace(BO, name="Z" + "\u0301" * 9)), "more marks on one letter"),
    (sent(replace(BO, roles=("king",))), "Choose roles from the list."),
    ({"credits-TOTAL_FORMS": "-1", "credits-INITIAL_FORMS": 0}, "could not be read"),
    ({}, "could not be read"),
    (sent(*[CY] * 51), "At most 50 people can be named."),
]  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), WRONG)
def test_what_cannot_be_right_is_said_with_its_line(data: dict[str, Any], sentence: str) -> None:
    entry = make_draft(make_edition(call_open=True))
    response = post(entry, data)
    assert response.status_code == 400
    assert sentence in said(response)
    assert sentence in post(entry, data, headers=JSON).json()["text"]
    assert people_of(entry) == ()


def test_the_accounts_own_address_is_only_its_own_persons() -> None:
    entry = make_draft(make_edition(call_open=True))
    own = entry.entrant.email
    assert "tick “This is me”" in said(post(entry, sent(replace(BO, email=own))))
    assert post(entry, sent(replace(ANN, email=own))).status_code == 302


def test_no_more_people_than_the_edition_takes() -> None:
    entry = make_draft(edition_with(team_most=1))
    response = post(entry, sent(ANN, BO))
    assert response.status_code == 400
    assert "takes 1 person in the credits at most; there are 2." in said(response)
    assert "takes 1 person" in post(entry, sent(ANN, BO), headers=JSON).json()["text"]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Minh Khai",
        "Nguyễn",
        "محمد بن سلمان",
        "می‌خواهم",
        "นพรัตน์",
        "𠮷野家",
        "Björk 🎬",
        "J.R.R. Tolkien",
        "x" * 200,
    ],
)
def test_names_of_every_script_are_kept(name: str) -> None:
    assert name_fault(name) == ""
    entry = make_draft(make_edition(call_open=True))
    assert post(entry, sent(replace(BO, name=name))).status_code == 302
    assert len(people_of(entry)) == 1


def test_marks_that_turn_the_page_are_taken_out_and_names_composed() -> None:
    entry = make_draft(make_edition(call_open=True))
    post(entry, sent(replace(BO, name="\u202eAnne\u0301\nLee\0 ")))
    assert people_of(entry)[0].name == "Anné Lee"


def test_a_submitted_entrys_credits_stay_and_are_read() -> None:
    entry = make_entry(make_edition(call_open=True), state="submitted")
    make_credits(entry, ANN, BO)
    page = client_of(entry).get(f"/entries/{entry.code}/credits/")
    assert page.status_code == 200
    assert "can no longer be changed here" in said(page) and "data-lines" not in said(page)
    assert post(entry, sent(CY)).status_code == 409
    assert people_of(entry) == (ANN, BO)


def test_the_database_refuses_what_cannot_be() -> None:
    entry = make_draft(make_edition())
    make_credits(entry, ANN, BO)
    ask = make_invitation(entry, BO.email)
    bad = [
        {"position": 1},
        {"position": 2, "is_self": True},
        {"position": 2, "is_representative": True},
        {"position": 2, "email": "bo@example.org"},
        {"position": 2, "email": "Cy@example.org"},
    ]
    for fields in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            Credit.objects.create(entry=entry, name="X", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credit.objects.filter(entry=entry, is_self=True).update(invitation=ask)
    for wrong in ({"state": "accepted"}, {"state": "strange"}, {"email": "B@example.org"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(ask).objects.filter(pk=ask.pk).update(**wrong)


# --- What is missing ----------------------------------------------------------------------------------------


def test_nothing_is_asked_where_the_edition_asks_nothing() -> None:
    entry = make_draft(make_edition(call_open=True))
    assert missing(entry) == []
    make_credits(entry, Person(email="x@example.org"), Person(name="Di"), Person(name="El", roles=("other",)))
    assert missing(entry) == [
        "Line 1 of the credits lacks a name.",
        "Say in the credits what Di did.",
        "Say in the credits what El did.",
        "Say in the credits who represents the team.",
    ]


def test_a_changed_rule_is_told_not_enforced_backwards() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_credits(entry, ANN, BO)
    rules = CreditRules(roles=("director", "voice"), team_most=1)
    assert missing_in_credits(entry, rules) == [
        "Name somebody in the credits for: Voice.",
        "Name at most 1 person in the credits; there are 2.",
    ]
    with translation.override("zh-hans"):
        assert missing_in_credits(entry, rules)[0] == "演职员表中请列出：配音。"


def test_an_entry_waits_for_everybody_with_an_address() -> None:
    entry = make_draft(edition_with(confirm=True))
    make_inspection(entry)
    dee = Person(name="Dee", roles=("cast",), email="dee@example.org")
    make_credits(entry, ANN, BO, CY, dee)
    row = make_invitation(entry, BO.email)
    refused = make_invitation(entry, dee.email, state="declined")
    assert missing(entry) == [
        "These co-authors must agree to be named, by the link that we send them: 张博.",
        "These people do not want to be named; talk to them, or take them out of the credits: Dee.",
    ]
    by, now = actor_of(entry.entrant), timezone.now()
    with pytest.raises(Refused) as refusal:
        actions.submit(entry=entry, by=by, at=now)
    assert refusal.value.code == "incomplete"
    said_yes = {"state": "accepted", "user": make_user(), "answered_at": now}
    type(row).objects.filter(pk=row.pk).update(**said_yes, agreed_name=BO.name, agreed_roles=["music"])
    save_credits(entry=entry, people=[ANN, BO, CY], by=by, at=now)
    assert missing(entry) == []
    actions.submit(entry=entry, by=by, at=now)
    assert refused.entry.credits.count() == 3


def test_an_answer_stays_with_the_address_and_holds_for_what_was_asked() -> None:
    entry = make_draft(edition_with(confirm=True))
    make_credits(entry, ANN, BO)
    make_invitation(entry, BO.email, state="accepted")
    by, now = actor_of(entry.entrant), timezone.now()

    def save(*people: Person) -> list[str]:
        save_credits(entry=entry, people=people, by=by, at=now)
        return missing(entry)

    assert save(BO, ANN) == []  # the order is no matter
    asks = ["These co-authors must agree to be named, by the link that we send them: 张博."]
    assert save(ANN, replace(BO, roles=("music", "sound"))) == asks
    assert save(ANN) == []
    assert save(ANN, BO) == []  # a slip of the hand loses no answer
    assert save(ANN, replace(BO, email="bob@example.org")) == asks


def test_a_near_deadline_is_said_in_words() -> None:
    entry = make_draft(edition_with(confirm=True))
    make_credits(entry, ANN, BO)
    phase = entry.edition.phases.get()
    address = f"/entries/{entry.code}/credits/"
    assert "Answers are missing" not in said(client_of(entry).get(address))
    type(phase).objects.filter(pk=phase.pk).update(ends_at=timezone.now() + timedelta(hours=30))
    page = said(client_of(entry).get(address))
    assert "Answers are missing" in page and "in 1 day, 5 hours, and not everybody has answered" in page
    make_invitation(entry, BO.email, state="accepted")
    assert "Answers are missing" not in said(client_of(entry).get(address))


# --- Declarations -------------------------------------------------------------------------------------------


def test_the_age_of_everybody_is_declared_with_its_words() -> None:
    entry = make_draft(edition_with(age_least=18))
    address = f"/entries/{entry.code}/credits/age/"
    client = client_of(entry)
    assert client.post(address, {"yes": "1"}).status_code == 400  # nobody is named
    make_credits(entry, ANN, BO)
    uncovered = "Declare that everybody named is at least 18 years old; not covered yet: Ann Lee, 张博."
    assert missing(entry) == [uncovered]
    assert client.post(address).status_code == 400
    for _twice in range(2):
        assert client.post(address, {"yes": "1"}).status_code == 302
    (row,) = CreditDeclaration.objects.all()
    text = "Everybody named in the credits of this film is at least 18 years old today."
    assert (row.text, row.version, row.by) == (text, "1", entry.entrant)
    assert row.values == {"age": 18, "names": ["Ann Lee", "张博"]}
    assert missing(entry) == []
    make_credits(entry, ANN, BO, CY)
    assert missing(entry) == ["Declare that everybody named is at least 18 years old; not covered yet: Cy."]
    assert missing_in_credits(entry, CreditRules(age_least=21)) != []


def test_the_legal_name_is_kept_apart_and_for_one_representative() -> None:
    entry = make_draft(edition_with(identity=True))
    address = f"/entries/{entry.code}/credits/identity/"
    client, given = client_of(entry), {"legal_name": "Lee Ann Marie", "document": "passport"}
    assert missing(entry) == ["Say in the credits who represents the team."]
    assert client.post(address, given).status_code == 400
    make_credits(entry, ANN, BO)
    assert missing(entry) == ["Give the legal name of the representative, Ann Lee."]
    for wrong in (
        {},
        {"legal_name": "x", "document": "library card"},
        {"legal_name": " ", "document": "passport"},
    ):
        assert client.post(address, wrong).status_code == 400
    assert client.post(address, given).status_code == 302
    kept = RepresentativeIdentity.objects.get()
    assert (kept.legal_name, kept.document, kept.by) == ("Lee Ann Marie", "passport", entry.entrant)
    (declared,) = CreditDeclaration.objects.all()
    assert declared.values == {"name": "Ann Lee"}
    assert "Marie" not in declared.text
    assert missing(entry) == []
    assert "Marie" not in said(client.get(f"/entries/{entry.code}/credits/"))
    make_credits(entry, replace(ANN, is_representative=False), replace(BO, is_representative=True))
    assert missing(entry) == ["Give the legal name of the representative, 张博."]


@pytest.mark.parametrize("what", ["age", "identity"])
def test_what_is_not_asked_is_not_taken(what: str) -> None:
    entry = make_draft(make_edition(call_open=True))
    make_credits(entry, ANN)
    given = {"yes": "1", "legal_name": "Lee", "document": "passport"}
    assert client_of(entry).post(f"/entries/{entry.code}/credits/{what}/", given).status_code == 409
    assert not CreditDeclaration.objects.exists() and not RepresentativeIdentity.objects.exists()


@pytest.mark.parametrize(
    ("fields", "days", "left"),
    [
        ({"state": "withdrawn"}, 29, 1),
        ({"state": "withdrawn"}, 31, 0),
        ({"state": "refused"}, 31, 0),
        ({"state": "eligible"}, 300, 1),
        ({"state": "eligible", "decision": "not_selected", "told": "not_selected"}, 31, 0),
        ({"state": "eligible", "decision": "laureate", "told": "laureate"}, 364, 1),
        ({"state": "eligible", "decision": "laureate", "told": "laureate"}, 366, 0),
        ({"state": "draft"}, 30, 1),
        ({"state": "draft"}, 42, 0),
    ],
)
def test_legal_names_are_forgotten_when_they_are_no_longer_needed(
    fields: dict[str, Any], days: int, left: int
) -> None:
    now = timezone.now()
    if fields.get("told"):
        fields = fields | {"told_at": now}
    entry = make_entry(make_edition(call_open=True), **fields)  # the call is open for ten days more
    RepresentativeIdentity.objects.create(
        entry=entry, legal_name="Lee", document="passport", by=entry.entrant, at=now
    )
    credit_declarations.forget_identities(at=now + timedelta(days=days))
    assert RepresentativeIdentity.objects.count() == left
