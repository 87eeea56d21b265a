"""A track with too few entries goes into another: who moves, who stays, what is told, and what stands against it."""

import html
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from festival.awards.models import AudiencePoll, AwardSlot
from festival.edition.calendar import calendar_of
from festival.edition.form_rules import LimitRules, read_form
from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import EditionChange, Track
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.post.models import Notice
from festival.post.words import render
from judging.judge_models import JudgeProfile
from judging.merge_actions import merge_track
from judging.merge_queries import plan_merge
from judging.models import Round
from submissions.cohorts.models import Cohort
from submissions.models import Asset, Consent, Entry, Match
from tests.factories import (
    make_code,
    make_declaration,
    make_draft,
    make_entry,
    make_inspection,
    make_member,
    make_question,
    make_user,
)
from tests.judging.test_parts import Desk, written

pytestmark = pytest.mark.django_db
WHY = {"en": "Too few films came.", "zh": "投稿太少。"}
REASON = {"change_reason_en": WHY["en"], "change_reason_zh": WHY["zh"]}


class Merging(Desk):
    """A contest whose call is open: its track of animation goes into the open one."""

    def __init__(self) -> None:
        super().__init__()
        self.open()
        self.source, self.target = self.track("animation"), self.track("open")

    def page(self) -> str:
        return self.url("tracks/animation/merge/")

    def plan(self) -> Any:
        source, target = (
            Track.objects.select_related("edition").get(pk=one.pk) for one in (self.source, self.target)
        )
        return plan_merge(source, target, calendar_of(self.edition.pk, timezone.now()))

    def go(self, seen: str = "", **deed: Any) -> Any:
        whole = self.deed() | {"reason": WHY} | deed
        return merge_track(source=self.source, target=self.target, seen=seen or self.plan().digest, **whole)

    def against(self) -> str:
        return " ".join(self.plan().against)

    def staying(self) -> dict[str, list[Entry]]:
        return dict(self.plan().move.staying)


def film(entry: Entry, number: int) -> Entry:
    """The entry with a film whose file is that of every other film of this number."""
    asset, _new = Asset.objects.get_or_create(
        sha256=f"{number:064}",
        defaults={"size": 10, "key": f"originals/{number}.mov", "created_at": timezone.now()},
    )
    version = make_inspection(entry).version
    version.asset = asset
    version.save(update_fields=["asset"])
    return entry


def test_entries_and_drafts_move_with_a_letter_each_and_everybody_reads_why(tmp_path: Path) -> None:
    desk = Merging()
    eligible, fixing = (
        make_entry(desk.edition, state=state, track=desk.source) for state in ("eligible", "fixing")
    )
    draft = make_draft(desk.edition, track=desk.source)
    gone = make_entry(desk.edition, state="withdrawn", track=desk.source)
    there = make_entry(desk.edition, track=desk.target)
    judge = make_member(desk.edition, Role.JUDGE, "Judge")
    profile = JudgeProfile.objects.create(edition=desk.edition, user=judge.user, updated_at=timezone.now())
    profile.tracks.set([desk.source])
    read = html.unescape(desk.client.get(desk.page(), {"into": "open"}).content.decode())
    for words in (
        "2 submitted entries move as they are", "1 draft moves", "1 entry that was withdrawn",
        "The award “Best Animation” becomes one for films of “Open form”", "1 judge who judges in “Animation”",
    ):  # fmt: skip
        assert words in read
    given = {"into": "open", "seen": desk.plan().digest}
    asked = desk.client.post(desk.page(), given)
    assert asked.status_code == 400 and "change_reason" in asked.content.decode()
    assert not Entry.objects.filter(track=desk.target).exclude(pk=there.pk).exists()
    assert desk.client.post(desk.page(), given | REASON).status_code == 302

    assert set(Entry.objects.filter(track=desk.target)) == {eligible, fixing, draft, there}
    assert list(Entry.objects.filter(track=desk.source)) == [gone]
    source = desk.track("animation")
    assert source.closed_at is not None and source.closed_reason == WHY
    assert AwardSlot.objects.get(edition=desk.edition, name__en="Best Animation").track == desk.target
    assert set(profile.tracks.all()) == {desk.source, desk.target}
    rows = EditionChange.objects.filter(edition=desk.edition)
    assert sorted(row.what for row in rows) == ["award.track", "track.merged"]
    changes = html.unescape(desk.client.get("/spring/changes/").content.decode())
    assert "Animation: Its entries" in changes and "in “Open form”" in changes and WHY["en"] in changes

    letters = {row.user_id: row for row in Notice.objects.filter(edition=desk.edition)}
    assert {letters[one.entrant_id].kind for one in (eligible, fixing, draft)} == {"track_merged"}
    assert letters[there.entrant_id].kind == "edition_changed" and gone.entrant_id not in letters
    assert len(letters) == Notice.objects.count() == 4
    words = render(letters[eligible.entrant_id])
    assert "is now in the track “Open form”" in words.subject and WHY["en"] in words.body
    with translation.override("zh-hans"):
        assert WHY["zh"] in render(letters[eligible.entrant_id]).body
    log = desk.client.get(f"/spring/desk/entries/{eligible.code}/").content.decode()
    assert "Moved from the track “Animation” to “Open form”" in log and WHY["en"] in log
    plan = Desk.plan(desk)
    assert written(plan, tmp_path) == plan
    assert next(award for award in plan.awards if award.name["en"] == "Best Animation").track == "open"


def test_codes_that_still_open_the_track_and_what_was_asked_only_there_are_named() -> None:
    desk = Merging()
    make_entry(desk.edition, track=desk.source)
    make_question(desk.edition, text="Which software?").tracks.set([desk.source])
    make_question(desk.edition, text="Which moth?").tracks.set([desk.source, desk.target])
    make_declaration(desk.edition, "Brushes", track=desk.source)
    now = timezone.now()
    make_code(desk.edition, track=desk.source)
    make_code(desk.edition, track=desk.source, uses=2, used=2)
    make_code(desk.edition, track=desk.source, revoked_at=now)
    make_code(desk.edition, "late", track=desk.source, until=now - timedelta(hours=1))
    make_code(desk.edition)
    page = html.unescape(desk.client.get(desk.page(), {"into": "open"}).content.decode())
    assert "1 code for “Animation” can still be used" in page
    assert "“Which software?” was asked in “Animation” alone" in page and "“Brushes” was asked" in page
    assert "Which moth?" not in page


def test_an_entrant_reads_it_in_the_log_of_the_entry() -> None:
    desk = Merging()
    entry = make_entry(desk.edition, track=desk.source)
    desk.go()
    desk.client.force_login(entry.entrant)
    page = desk.client.get(f"/entries/{entry.code}/").content.decode()
    assert "We moved the entry from the track “Animation” to “Open form”" in page and WHY["en"] in page


# --- What does not meet the other track's rules


def test_who_was_not_asked_what_the_other_track_asks_stays() -> None:
    desk = Merging()
    entry, draft = make_entry(desk.edition, track=desk.source), make_draft(desk.edition, track=desk.source)
    question = make_question(desk.edition, required=True)
    question.tracks.set([desk.target])
    assert desk.staying() == {"answers": [entry]}
    assert desk.plan().move.drafts == [draft]
    entry.answers.create(question=question, wording=question.wording, value="Because.")
    assert desk.staying() == {}
    question.tracks.set([desk.source, desk.target])  # asked of them already
    entry.answers.all().delete()
    assert desk.staying() == {}
    asked = make_question(desk.edition, kind="file", required=True)
    asked.tracks.set([desk.target])
    assert desk.staying() == {"answers": [entry]}


def test_who_did_not_declare_what_the_other_track_asks_stays() -> None:
    desk = Merging()
    entry = make_entry(desk.edition, track=desk.source)
    declaration = make_declaration(desk.edition, "Drones", track=desk.target)
    assert desk.staying() == {"declarations": [entry]}
    Consent.objects.create(
        entry=entry, declaration=declaration, wording=declaration.versions.get(), number=1, answer="agreed",
        by=entry.entrant, at=timezone.now(),
    )  # fmt: skip
    assert desk.staying() == {}


def test_one_person_has_no_more_there_than_the_contest_takes() -> None:
    desk = Merging()
    form = read_form(desk.edition.form).as_data() | {"limits": {"per_track": 2}}
    type(desk.edition).objects.filter(pk=desk.edition.pk).update(form=form)
    assert read_form(form).limits == LimitRules(per_track=2)
    person, now = make_user(), timezone.now()
    make_entry(desk.edition, track=desk.target, entrant=person)
    first, second = (
        make_entry(desk.edition, track=desk.source, entrant=person, submitted_at=now + timedelta(hours=hour))
        for hour in (0, 1)
    )
    other = make_entry(desk.edition, track=desk.source)
    assert desk.staying() == {"too_many": [second]}
    assert {one.pk for one in desk.plan().move.entries} == {first.pk, other.pk}


def test_the_same_film_is_not_twice_in_a_track() -> None:
    desk = Merging()
    person = make_user()
    film(make_entry(desk.edition, track=desk.target, entrant=person), 1)
    same = film(make_entry(desk.edition, track=desk.source, entrant=person), 1)
    film(make_entry(desk.edition, track=desk.source, entrant=person), 2)
    film(make_entry(desk.edition, track=desk.source), 1)  # of somebody else: for the technicians
    assert desk.staying() == {"same_film": [same]}
    page = html.unescape(desk.client.get(desk.page(), {"into": "open"}).content.decode())
    assert "1 entry stays where it is: the same film of the same person is in that track already." in page
    desk.go()
    assert list(Entry.objects.filter(track=desk.source)) == [same]


@pytest.mark.parametrize(("share", "stays"), [(0.9, True), (0.2, False)])
def test_a_film_that_a_technician_confirmed_as_the_same_stays(share: float, stays: bool) -> None:
    desk = Merging()
    person = make_user()
    there = film(make_entry(desk.edition, track=desk.target, entrant=person), 1)
    mine = film(make_entry(desk.edition, track=desk.source, entrant=person), 2)
    now = timezone.now()
    Match.objects.create(
        first=there.versions.get(), second=mine.versions.get(), kind="picture", share=share, found_at=now,
        state="confirmed", at=now,
    )  # fmt: skip
    assert desk.staying() == ({"same_film": [mine]} if stays else {})


# --- What stands against it


def _empty(desk: Merging) -> None:
    Entry.objects.filter(track=desk.source).delete()


def _projects(desk: Merging) -> None:
    Track.objects.filter(pk=desk.target.pk).update(enters="project")


def _closed(desk: Merging) -> None:
    Track.objects.filter(pk=desk.target.pk).update(closed_at=timezone.now())


def _earlier(desk: Merging) -> None:
    Track.objects.filter(pk=desk.target.pk).update(ends_at=timezone.now() + timedelta(hours=1))


def _full(desk: Merging) -> None:
    make_entry(desk.edition, track=desk.target)
    Track.objects.filter(pk=desk.target.pk).update(most_entries=1)


def _round(desk: Merging) -> None:
    rows = Round.objects.filter(edition=desk.edition)
    rows.filter(pk=rows[0].pk).update(state="open", opened_at=timezone.now())


def _asked(desk: Merging) -> None:
    require = [{"attribute": "track", "is": "animation"}]
    AwardSlot.objects.create(edition=desk.edition, slug="moth", name={"en": "Moth"}, require=require)


def _rule(desk: Merging) -> None:
    data = {"attribute": "track", "value": "animation", "least": 1, "most": None}
    desk.edition.award_rules.create(slug="x", name={"en": "One moth"}, kind="quota", data=data)


def _poll(desk: Merging) -> None:
    now = timezone.now()
    slot = AwardSlot.objects.get(edition=desk.edition, track=desk.source)
    AudiencePoll.objects.create(slot=slot, opens_at=now, closes_at=now + timedelta(days=1))


def _cohort(desk: Merging) -> None:
    at = timezone.now()
    Cohort.objects.create(
        edition=desk.edition, slug="x", name={"en": "Camp"}, places=2, track=desk.source, starts_at=at,
        ends_at=at + timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_empty, "nothing in “Animation” that could be moved"),
        (_projects, "One of the two tracks takes films"),
        (_closed, "“Open form” is closed"),
        (_earlier, "drafts would lose time"),
        (_full, "takes 1 entry, and there would be 2"),
        (_round, "A round has been opened"),
        (_asked, "The award “Moth” asks for films of “Animation”"),
        (_rule, "The award rule “One moth” speaks of films of “Animation”"),
        (_poll, "The audience votes on “Best Animation”"),
        (_cohort, "Invited teams of “Camp” enter in this track"),
    ],
)
def test_what_stands_against_it_is_said_and_nothing_moves(
    make: Callable[[Merging], None], words: str
) -> None:
    desk = Merging()
    entry = make_entry(desk.edition, track=desk.source)
    make(desk)
    assert words in desk.against()
    with pytest.raises(Refused, match=words) as refused:
        desk.go()
    assert refused.value.code == "against"
    page = html.unescape(desk.client.get(desk.page(), {"into": "open"}).content.decode())
    assert words in page and 'name="seen"' not in page
    assert not Entry.objects.filter(pk=entry.pk).exclude(track=desk.source).exists()


def test_a_deadline_that_is_over_stands_against_nothing() -> None:
    desk = Merging()
    make_entry(desk.edition, track=desk.source)
    past = timezone.now() - timedelta(hours=3)
    desk.edition.phases.filter(kind="call").update(ends_at=past)
    Track.objects.filter(pk=desk.target.pk).update(ends_at=past - timedelta(hours=3))
    assert desk.against() == ""
    desk.go()
    assert desk.track("animation").closed_at == past


def test_what_has_changed_since_it_was_looked_at_is_shown_again() -> None:
    desk = Merging()
    make_entry(desk.edition, track=desk.source)
    seen = desk.plan().digest
    late = make_entry(desk.edition, track=desk.source)
    answer = desk.client.post(desk.page(), {"into": "open", "seen": seen} | REASON)
    assert answer.status_code == 409 and "Something has changed since you looked" in answer.content.decode()
    assert Entry.objects.get(pk=late.pk).track == desk.source


def test_who_may_and_with_what() -> None:
    desk = Merging()
    make_entry(desk.edition, track=desk.source)
    with pytest.raises(ReasonMissing):
        desk.go(reason={})
    with pytest.raises(Refused) as refused:
        desk.go(by=make_member(desk.edition, Role.CHAIR, "Chair"))
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        merge_track(source=desk.source, target=desk.source, seen="", **desk.deed())
    assert refused.value.code == "gone"
    assert desk.client.get(desk.url("tracks/none/merge/")).status_code == 404
    assert "Show what it means" in desk.client.get(desk.page()).content.decode()
    assert desk.client.post(desk.page(), {"into": "animation"}).status_code == 200
    assert "/animation/merge/" in desk.read() and "/open/merge/" not in desk.read()


def test_a_draft_that_is_open_elsewhere_is_not_taken_back() -> None:
    desk = Merging()
    draft = make_draft(desk.edition, track=desk.source)
    before = draft.updated_at
    desk.go()
    draft.refresh_from_db()
    assert draft.updated_at > before and draft.track == desk.target


def test_the_page_and_the_deed_ask_no_more_for_more_entries() -> None:
    desk = Merging()
    question = make_question(desk.edition, required=True)
    question.tracks.set([desk.target])
    make_declaration(desk.edition, "Drones", track=desk.target)

    def more(number: int) -> None:
        person = make_user()
        film(make_entry(desk.edition, track=desk.target, entrant=person), number)
        film(make_entry(desk.edition, track=desk.source, entrant=person), number)
        entry = film(make_entry(desk.edition, track=desk.source), number + 100)
        entry.answers.create(question=question, wording=question.wording, value="Because.")
        make_draft(desk.edition, track=desk.source)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.client.get(desk.page(), {"into": "open"}).status_code == 200
        return len(asked)

    more(1)
    few = count()
    for number in range(2, 5):
        more(number)
    assert (count(), few <= 30) == (few, True)
