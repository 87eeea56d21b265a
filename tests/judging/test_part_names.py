"""What names a track keeps it at the desk; other things do not."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from festival.awards.models import AwardSlot
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.post.models import Mailing
from judging import part_actions
from judging.models import JudgeProfile
from judging.part_queries import asked_tracks
from submissions.cohorts.models import Cohort
from tests.factories import make_code, make_declaration, make_draft, make_member, make_question
from tests.judging.test_parts import Desk, on

pytestmark = pytest.mark.django_db


def _award(desk: Desk) -> Any:
    return AwardSlot.objects.create(edition=desk.edition, slug="x", name={"en": "Moth"}, track=desk.track())


def _asked_award(desk: Desk) -> Any:
    require = [{"attribute": "track", "one_of": ["fiction", "late-light"]}]
    return AwardSlot.objects.create(edition=desk.edition, slug="x", name={"en": "Moth"}, require=require)


def _rule(desk: Desk) -> Any:
    data = {"attribute": "track", "value": "late-light", "least": 1, "most": None}
    return desk.edition.award_rules.create(slug="x", name={"en": "One moth"}, kind="quota", data=data)


def _question(desk: Desk) -> Any:
    asked = make_question(desk.edition, text="Which moth?")
    asked.tracks.set([desk.track()])
    return asked


def _declaration(desk: Desk) -> Any:
    return make_declaration(desk.edition, "Moths", track=desk.track())


def _cohort(desk: Desk) -> Any:
    at = timezone.now()
    return Cohort.objects.create(
        edition=desk.edition, slug="x", name={"en": "Camp"}, places=2, track=desk.track(), starts_at=at,
        ends_at=at + timedelta(days=1),
    )  # fmt: skip


def _judge(desk: Desk) -> Any:
    judge = make_member(desk.edition, Role.JUDGE, "Judge")
    row = JudgeProfile.objects.create(edition=desk.edition, user=judge.user, updated_at=timezone.now())
    row.tracks.set(desk.edition.tracks.all())
    return row


def _code(desk: Desk) -> Any:
    return make_code(desk.edition, track=desk.track())


def _letter(desk: Desk) -> Any:
    return Mailing.objects.create(
        edition=desk.edition, audience="submitted", track=desk.track(), topic="news", by=desk.by.user,
        written_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_award, "the award “Moth”"),
        (_asked_award, "the award “Moth”"),
        (_rule, "the award rule “One moth”"),
        (_question, "the question “Which moth?”"),
        (_declaration, "the declaration “Moths”"),
        (_cohort, "the cohort “Camp”"),
        (_judge, "1 judge who judges in it"),
        (_code, "1 code"),
        (_letter, "1 letter to its entrants"),
    ],
)
def test_what_still_names_a_track_is_said_and_keeps_it(make: Any, words: str) -> None:
    desk = Desk()
    desk.add_track()
    row = make(desk)
    with pytest.raises(Refused) as refused:
        part_actions.remove_track(track=desk.track(), **desk.deed())
    assert refused.value.text == f"Still named by: {words}."
    assert refused.value.text in desk.read()
    row.delete()
    part_actions.remove_track(track=desk.track(), **desk.deed())
    assert not desk.edition.tracks.filter(slug="late-light").exists()


def test_what_asks_for_other_tracks_or_besides_it_keeps_nothing() -> None:
    desk = Desk()
    desk.add_track()
    asked = make_question(desk.edition)
    asked.tracks.set(desk.edition.tracks.all())
    make_code(desk.edition, track=desk.track(), revoked_at=timezone.now())
    part_actions.remove_track(track=desk.track(), **desk.deed())
    assert asked.tracks.count() == desk.edition.tracks.count() > 0
    assert asked_tracks([{"attribute": "country", "is": "late-light"}]) == set()
    assert asked_tracks({"require": [{"attribute": "track", "not": "a"}]}) == {"a"}


def test_the_page_asks_no_more_for_more(django_assert_max_num_queries: Any) -> None:
    desk = Desk()

    def asked() -> int:
        with django_assert_max_num_queries(30) as caught:
            assert desk.client.get(desk.url()).status_code == 200
        return len(caught)

    for make in (_award, _question, _declaration, _cohort, _judge, _code, _letter):
        if not desk.edition.tracks.filter(slug="late-light").exists():
            desk.add_track()
        make(desk)
    few = asked()
    for number in range(3):
        desk.add_track(name_en=f"More {number}")
        desk.add_phase("online", on(300 + number), on(310))
        slug = f"more-{number}"
        AwardSlot.objects.create(edition=desk.edition, slug=slug, name={"en": "A"}, track=desk.track(slug))
        make_question(desk.edition).tracks.set([desk.track(slug)])
        make_declaration(desk.edition, slug, track=desk.track(slug))
        make_draft(desk.edition, track=desk.track(slug))
    assert asked() == few
