"""What contests (docs/examples/rulebooks) ask beside the film: an entry that may be submitted, others that may not."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from festival.edition.actions import create_edition
from festival.edition.blueprint import Blueprint, parse
from festival.edition.models import Edition
from festival.people.actor import actor_of
from submissions.completeness import form_of, gaps
from submissions.consent_actions import agree_to_all
from submissions.credit_declarations import declare_age, declare_identity
from submissions.credit_people import Person
from submissions.limits import hindrances
from submissions.models import Entry
from submissions.question_actions import create_questions, save_answers
from tests.examples.cases import CASES, FOLDER
from tests.factories import (
    make_attachment,
    make_credits,
    make_draft,
    make_entry,
    make_user,
    make_uses,
)

FORMS = sorted(path.name.removesuffix(".form.toml") for path in FOLDER.glob("*.form.toml"))
REST = """
name = {{ en = "A contest", zh = "征集" }}
time_zone = "Asia/Shanghai"
rulebook = "{name}.toml"
tracks = [{{ slug = "films", name = {{ en = "Films", zh = "影片" }} }}]
phases = [{{ kind = "call", starts_day = 0, ends_day = 30 }}]
"""


def plan_of(name: str) -> Blueprint:
    """A blueprint that has this form, with the least that a blueprint needs beside it."""
    form = (FOLDER / f"{name}.form.toml").read_text(encoding="utf-8")
    return parse(REST.format(name=name) + form, key="example", folder=FOLDER)


@dataclass(frozen=True)
class Given:
    """What an entrant gives; `answers` by the question's place, the others get what they ask for."""

    people: int = 1
    grown: bool = True
    identified: bool = True
    agreed: bool = True
    stills: int = 3
    poster: bool = True
    answers: dict[int, str | None] = field(default_factory=dict)


def entry_of(edition: Edition, given: Given) -> Entry:
    now, entrant = timezone.now(), make_user()
    actor, form = actor_of(entrant), form_of(edition)
    entry = make_draft(edition, entrant)
    people = [
        Person(name=f"Person {n}", roles=("director",), is_representative=n == 1, is_self=n == 1)
        for n in range(1, given.people + 1)
    ]
    make_credits(entry, *people)
    if form.credits.age_least and given.grown:
        declare_age(entry=entry, by=actor, at=now)
    if form.credits.identity and given.identified:
        declare_identity(entry=entry, legal_name="Person One", document="passport", by=actor, at=now)
    if given.agreed:
        agree_to_all(entry=entry, by=actor, at=now)
    answers: dict[int, Any] = {}
    for place, question in enumerate(edition.questions.order_by("position", "pk")):
        answers[question.pk] = given.answers.get(place, "灯" * question.wording.limits.get("least", 20))
    save_answers(entry=entry, values=answers)
    if given.poster:
        make_attachment(entry, "poster_wide")
    for _ in range(given.stills):
        make_attachment(entry, "still")
    make_uses(entry, *CASES[edition.slug].stated)
    return Entry.objects.get(pk=entry.pk)


def edition_of(name: str) -> Edition:
    plan, owner = plan_of(name), make_user()
    edition = create_edition(plan=plan, slug=name, opens=date.today(), owner=owner)
    create_questions(edition=edition, plan=plan, at=timezone.now())
    return edition


def lacking(entry: Entry) -> list[str]:
    """What is missing beside the film."""
    return [gap.sentence for gap in gaps(entry) if gap.step != "film"]


BROKEN = [
    (
        "waiff-kyoto-2026",
        Given(identified=False),
        ["Give the legal name of the representative, Person 1."],
    ),
    ("reply-aiff-2024", Given(people=9), ["Name at most 8 people in the credits; there are 9."]),
    (
        "reply-aiff-2024",
        Given(people=0, grown=False),
        ["Name at least 1 person in the credits; there are 0."],
    ),
    (
        "reply-aiff-2024",
        Given(people=2, grown=False),
        ["Declare that everybody named is at least 16 years old; not covered yet: Person 1, Person 2."],
    ),
    ("artefact-mk2", Given(answers={0: None}), ["Answer “Which prompts made the film? Give some of them.”."]),
    (
        "marsai-2026",
        Given(grown=False),
        ["Declare that everybody named is at least 18 years old; not covered yet: Person 1."],
    ),
    ("marsai-2026", Given(stills=2), ["Add at least 3 stills; there are 2."]),
    ("marsai-2026", Given(poster=False), ["Add what is asked for: Poster, wide."]),
    ("marsai-2026", Given(answers={0: None}), ["Answer “Synopsis in French”."]),
    ("disrupt-2025-short", Given(answers={0: None}), ["Answer “Your key prompts”."]),
    ("disrupt-2025-long", Given(agreed=False), ["Agree to “Living in Australia”."]),
    ("university-heritage-2025", Given(agreed=False), ["Agree to “No borrowed clips”."]),
    ("suzhou-canfangpu", Given(people=4), ["Name at most 3 people in the credits; there are 4."]),
    (
        "cross-strait-2026",
        Given(answers={0: "灯" * 399}),
        ["“A text to go with the film”: write at least 400 characters."],
    ),
    ("electric-film-festival", Given(answers={0: None}), ["Answer “Director’s statement”."]),
    ("electric-film-festival", Given(agreed=False), ["Agree to “A copy for the cinema”."]),
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_an_entry_lacks_nothing_but_its_film(name):
    entry = entry_of(edition_of(name), Given())
    assert lacking(entry) == []
    assert hindrances(entry) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "given", "expected"), BROKEN)
def test_what_an_entry_lacks(name, given, expected):
    assert lacking(entry_of(edition_of(name), given)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["runway-aiff-2024", "suzhou-canfangpu", "disrupt-2025-short"])
def test_a_second_film_of_one_person_is_not_taken(name):
    entry = entry_of(edition_of(name), Given())
    make_entry(entry.edition, state="submitted", entrant=entry.entrant)
    assert len(hindrances(entry)) == 1


def test_longest_answers():
    lengths = [question.limits.get("most") for question in plan_of("marsai-2026").questions]
    assert lengths == [300, 300, 500, 500]


@pytest.mark.parametrize("name", FORMS)
def test_every_text_is_there_in_both_languages(name):
    plan = plan_of(name)
    texts = [question.text for question in plan.questions]
    texts += [text for declared in plan.declarations for text in (declared.title, declared.text)]
    assert all(set(text) == {"en", "zh"} and all(text.values()) for text in texts)


def test_each_form_belongs_to_a_rulebook():
    assert set(FORMS) <= set(CASES)
