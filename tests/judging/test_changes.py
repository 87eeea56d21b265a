"""The page of changes, the page that asks for the reason, and who is told."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from festival.edition.frozen import FROZEN
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import DeadlineExtension, Edition, EditionChange, RulebookChange
from festival.people.roles import Role
from festival.post.models import Notice
from judging.change_words import lines_of
from tests.factories import make_draft, make_edition, make_entry, make_member, make_round

pytestmark = pytest.mark.django_db
WHY = {"en": "The sponsor has left.", "zh": "赞助方退出。"}


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    if user:
        client.force_login(user)
    return client


def read(client: Client, url: str) -> str:
    return html.unescape(client.get(url).content.decode())


def test_the_reason_is_asked_for_and_what_was_typed_is_sent_again() -> None:
    edition = make_edition(call_open=True)
    client = client_of(make_member(edition, Role.ORGANISER).user)
    url = f"/{edition.slug}/desk/form/credits/"
    typed = {"roles": ["director", "music"], "team_least": "0", "team_most": "4", "age_least": "0"}
    asked = client.post(url, typed)
    page = html.unescape(asked.content.decode())
    assert asked.status_code == 400
    assert page.count('type="hidden" name="roles"') == 2 and 'name="team_most" value="4"' in page
    assert "Somebody must be named for" in page and "Direction, Music" in page
    assert Edition.objects.get(pk=edition.pk).form == {}
    empty = client.post(url, typed | {"change_reason_en": " ", "change_reason_zh": ""})
    assert empty.status_code == 400 and "Write this in at least one" in html.unescape(empty.content.decode())
    assert client.post(url, typed | {"change_reason_en": "Teams are small."}).status_code == 302
    assert Edition.objects.get(pk=edition.pk).form["credits"]["team_most"] == 4
    assert {row.what: row.reason for row in EditionChange.objects.all()} == {
        "credits.roles": {"en": "Teams are small."},
        "credits.team_most": {"en": "Teams are small."},
    }


def test_programs_are_told_in_their_own_way() -> None:
    edition = make_edition(call_open=True)
    client = client_of(make_member(edition, Role.ORGANISER).user)
    typed = {"per_person": "2", "per_track": "0", "grace_minutes": "60", "one_track_per_film": "on"}
    answer = client.post(f"/{edition.slug}/desk/form/limits/", typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "reason_missing")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Changes since the call opened", "The sponsor has left.", "the first 30 films", "A storm.")),
        ("zh-hans", ("赞助方退出。",)),
    ],
)
def test_everybody_reads_what_was_changed_with_rulebook_and_deadline(
    language: str, said: tuple[str, ...]
) -> None:
    edition = make_edition(call_open=True, rulebook="")
    visitor, now = client_of(None, language), timezone.now()
    assert "/changes/" not in read(visitor, f"/{edition.slug}/")
    record_changes(
        edition=edition,
        changes=[Change("round.cut", ["", None], ["count", "30"], name={"en": "Jury", "zh": "评审"})],
        reason=WHY,
        by=make_member(edition, Role.OWNER, "Nobody's Name"),
        at=now,
    )
    until = now + timedelta(days=20)
    DeadlineExtension.objects.create(
        edition=edition, before=now + timedelta(days=10), until=until, reason={"en": "A storm."}, at=now
    )
    long_before = edition.phases.get().starts_at - timedelta(days=3)
    for number, at in ((1, long_before), (2, now)):
        RulebookChange.objects.create(
            edition=edition, number=number, state="applied", before="", before_digest="", toml="", digest="",
            reason=f"Reason {number}.", proposed_at=at, at=at,
        )  # fmt: skip
    page = read(visitor, f"/{edition.slug}/changes/")
    for text in said:
        assert text in page
    assert "Reason 2." in page and "Reason 1." not in page and "Nobody's Name" not in page
    assert f"/{edition.slug}/changes/" in read(visitor, f"/{edition.slug}/")
    assert f"/{edition.slug}/changes/" in read(visitor, f"/{edition.slug}/rules/")


SAMPLES: dict[str, tuple[Any, Any]] = {
    "field": ("optional", "required"),
    "question.required": (None, True),
    "declaration.required": (True, False),
    "question.due_at": (None, "2027-05-02T00:00:00+00:00"),
    "prize_pool": ({"amount": "42000", "currency": "USD"}, {"amount": "50000", "currency": "USD"}),
    "award.prizes": (
        [{"kind": "money", "amount": "100", "currency": "CNY", "each": True, "places": 3}],
        [{"kind": "words", "text": {"en": "B", "zh": "B"}}, {"kind": "credits", "amount": "9", "places": 1}],
    ),
    "award.slot": (None, {"tier": "best", "places": 2}),
    "award.name": ({"en": "A", "zh": "A"}, {"en": "B", "zh": "B"}),
    "award.tier": ("grand", "best"),
    "award.track": (None, {"en": "A", "zh": "A"}),
    "award.decided_by": ({"by": "standing", "round": {"en": "A"}}, {"by": "ballot", "round": None}),
    "award.may_be_vacant": (True, False),
    "award.ex_aequo": (True, False),
    "award.combines": ([], [{"en": "A", "zh": "A"}, {"en": "B", "zh": "B"}]),
    "award.least_score": (None, "3"),
    "award.require": (
        [],
        [{"attribute": "form", "is": "documentary"}, {"attribute": "year", "at_least": 2026}],
    ),
    "award.order": ([{"en": "A"}, {"en": "B"}], [{"en": "B"}, {"en": "A"}]),
    "award.rules": (
        None,
        {"kind": "limit", "data": {"per": "team", "most": 1}, "slots": {"grand": {"en": "A"}}},
    ),
    **dict.fromkeys(
        ("cohort.order", "milestone.order"), ([{"en": "A"}, {"en": "B"}], [{"en": "B"}, {"en": "A"}])
    ),
    "track.enters": ("film", "project"),
    "track.slot": (None, {"enters": "film"}),
    "track.merged": ({"slug": "a", "name": {"en": "A"}}, {"slug": "b", "name": {"en": "B"}}),
    "phase.slot": (
        None,
        {"kind": "jury", "starts_at": "2027-05-01T00:00:00+00:00", "ends_at": "2027-05-09T00:00:00+00:00"},
    ),
    "deadline": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    "milestone.due_at": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    **dict.fromkeys(
        (
            "track.name",
            "track.about",
            "phase.name",
            "cohort.name",
            "cohort.about",
            "milestone.name",
            "milestone.about",
        ),
        ({}, {"en": "A", "zh": "B"}),
    ),
    "milestone.slot": (
        None,
        {"due_at": "2027-05-01T00:00:00+00:00", "grant": {"amount": "5000", "currency": "CNY"}},
    ),
    "milestone.grant": (None, {"amount": "5000", "currency": "CNY"}),
    "milestone.asks": (
        [],
        [{"slug": "cut", "name": {"en": "A"}, "about": {}, "kind": "film", "required": True}],
    ),
    "cohort.slot": (None, {"places": 7}),
    "cohort.filled": ({"round": {"en": "A"}}, {"track": {"en": "B"}}),
    "cohort.offers_next": (True, False),
    "cohort.promises": ([], [{"kind": "credits", "amount": None, "unit": "credits"}]),
    "cohort.starts_at": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    "cohort.ends_at": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    "dates.starts_at": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    "dates.ends_at": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    "dates.notice": ("2027-05-01T00:00:00+00:00", "2027-05-02T00:00:00+00:00"),
    "declaration.text": ({"en": "A", "zh": "A"}, {"en": "B", "zh": "B"}),
    "criterion": ({"name": {"en": "Story"}, "weight": "60"}, {"name": {"en": "Story"}, "weight": "50"}),
    "panel": ({"name": {"en": "One"}, "most": None}, {"name": {"en": "One"}, "most": 9}),
    "round.cut": (["passed", None], ["count", "30"]),
    "round.slot": (None, "score"),
    "round.gate": ("pass_fail", "score"),
    "round.scale": (["1", "10", "1"], ["0", "100", "1"]),
    "round.official_rule": ("weighted_mean", "median"),
    "round.decides": ("official", "adjusted"),
    "round.pass_rule": ("all", "majority"),
    "round.ballot": ("ranked", "points"),
    "round.tie_last": ("shared", "lot"),
    "round.blind": (None, True),
    "limits.one_track_per_film": (True, False),
    "files.required": ([], ["still"]),
    "credits.roles": (["director"], ["music"]),
    "residence.allowed": (["CN"], ["CN", "FR"]),
    "residence.excluded": ([], ["KP"]),
    "promises.viewings": ("share", "none"),
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("what", FROZEN)
def test_everything_that_is_frozen_has_words(what: str, language: str) -> None:
    before, after = SAMPLES.get(what, (3, 4))
    name = {"field": "year"} if what == "field" else {"en": "Name", "zh": "Name"}
    row = EditionChange(what=what, before=before, after=after, name=name)
    with translation.override(language):
        [line] = lines_of([row], Edition(time_zone="Asia/Shanghai"))
    assert line.label and line.parts[0].before != line.parts[0].after
    assert not {"None", what, str(before), str(after)} & {line.label, line.parts[0].before, line.parts[0].after} - {
        "3", "4", "A", "B",
    }  # fmt: skip


def told(edition: Edition) -> list[int]:
    return sorted(
        Notice.objects.filter(edition=edition, kind="edition_changed").values_list("user", flat=True)
    )


def change(edition: Edition, *changes: Change) -> None:
    record_changes(
        edition=edition, changes=changes, reason=WHY, by=make_member(edition, Role.OWNER), at=timezone.now()
    )


def test_drafts_or_everybody_is_told_once_until_it_is_read() -> None:
    edition = make_edition(call_open=True)
    draft = make_draft(edition)
    make_draft(edition, entrant=draft.entrant)
    sent, gone = make_entry(edition), make_entry(edition, state="withdrawn")
    make_draft(make_edition(call_open=True))
    change(edition, Change("limits.per_person", 0, 2))
    assert told(edition) == [draft.entrant_id]
    change(edition, Change("round.looks_per_film", 2, 3), Change("limits.per_track", 0, 2))
    assert told(edition) == sorted([draft.entrant_id, sent.entrant_id])
    assert gone.entrant_id not in told(edition)
    Notice.objects.filter(user=draft.entrant).update(read_at=timezone.now())
    change(edition, Change("round.looks_per_film", 3, 4))
    assert told(edition).count(draft.entrant_id) == 2 and told(edition).count(sent.entrant_id) == 1
    assert Notice.objects.filter(path=f"/{edition.slug}/changes/").count() == 3


def test_a_change_of_one_track_is_told_to_its_drafts_alone() -> None:
    edition = make_edition(call_open=True)
    here = edition.tracks.get()
    there = edition.tracks.create(slug="there", name={"en": "There"})
    make_draft(edition, track=here)
    concerned = make_draft(edition, track=there)
    change(edition, Change("track.most_entries", 0, 5, name=there.name, tracks=[there.slug]))
    assert told(edition) == [concerned.entrant_id]


@pytest.mark.parametrize("count", [1, 4])
def test_telling_asks_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    edition = make_edition(call_open=True)
    owner = make_member(edition, Role.OWNER)
    for _number in range(count):
        make_draft(edition)
    with django_assert_num_queries(7):
        record_changes(
            edition=edition,
            changes=[Change("limits.per_person", 0, count)],
            reason=WHY,
            by=owner,
            at=timezone.now(),
        )


def test_a_round_that_is_planned_is_changed_with_a_public_reason() -> None:
    edition = make_edition(call_open=True)
    round = make_round(edition, "jury")
    client = client_of(make_member(edition, Role.OWNER).user)
    asked = client.post(f"/{edition.slug}/desk/rounds/{round.slug}/gate/", {"gate": "ballot"})
    assert asked.status_code == 400 and "Why is this changed?" in asked.content.decode()
    sent = client.post(
        f"/{edition.slug}/desk/rounds/{round.slug}/gate/",
        {"gate": "ballot", "change_reason_en": "Few films."},
    )
    assert sent.status_code == 302
    assert EditionChange.objects.get().what == "round.gate"
