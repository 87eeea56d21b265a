"""Phases are moved by their days: never into an order that cannot be, never the call once it has opened."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from festival.edition.date_actions import change_dates, days_of
from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.actor import STRANGER, SYSTEM
from festival.people.roles import Role
from tests.factories import make_edition, make_member

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"
BEFORE = datetime(2027, 2, 1, tzinfo=UTC)
DURING = datetime(2027, 3, 10, tzinfo=UTC)
PLAN = (
    ("call", date(2027, 3, 1), date(2027, 3, 31)),
    ("inspection", date(2027, 3, 1), date(2027, 4, 5)),
    ("jury", date(2027, 4, 6), date(2027, 4, 20)),
    ("awards", date(2027, 4, 25), date(2027, 4, 25)),
)


def midnight(day):
    """The beginning of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def edition():
    edition = make_edition(time_zone=ZONE)
    for kind, first, last in PLAN:
        ends = midnight(last + timedelta(days=1))
        Phase.objects.create(edition=edition, kind=kind, starts_at=midnight(first), ends_at=ends)
    return edition


@pytest.fixture
def organiser(edition):
    return make_member(edition, Role.ORGANISER)


def move(edition, by, at=BEFORE, reason="", **days):
    wanted = {phase.pk: days[phase.kind] for phase in edition.phases.all() if phase.kind in days}
    with translation.override("en"):
        return change_dates(edition=edition, days=wanted, by=by, at=at, reason={"en": reason})


def now(edition):
    return {phase.kind: days_of(phase, ZONE) for phase in edition.phases.all()}


def test_a_phase_moves_to_whole_days_and_the_others_stay(edition, organiser):
    before = now(edition)
    [moved] = move(edition, organiser, jury=(date(2027, 4, 7), date(2027, 4, 22)))
    assert (moved.starts_at, moved.ends_at) == (midnight(date(2027, 4, 7)), midnight(date(2027, 4, 23)))
    assert now(edition) == {**before, "jury": (date(2027, 4, 7), date(2027, 4, 22))}


def test_a_phase_whose_days_stay_keeps_its_hours(edition, organiser):
    ends = midnight(date(2027, 4, 5)) + timedelta(hours=18)
    edition.phases.filter(kind="inspection").update(ends_at=ends)
    assert move(edition, organiser, inspection=(date(2027, 3, 1), date(2027, 4, 5))) == []
    assert edition.phases.get(kind="inspection").ends_at == ends


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"jury": (date(2027, 4, 9), date(2027, 4, 8))}, "“Jury” ends on 8 April 2027, before it begins."),
        ({"inspection": (date(2027, 3, 1), date(2027, 3, 30))},
         "“Technical inspection” ends on 30 March 2027, while films arrive until 31 March 2027."),
        ({"jury": (date(2027, 3, 2), date(2027, 3, 30))},
         "“Jury” ends on 30 March 2027, before the call does on 31 March 2027."),
        ({"awards": (date(2027, 4, 19), date(2027, 4, 25))},
         "“Awards” begins on 19 April 2027; the jury ends on 20 April 2027."),
        ({"call": (date(2027, 1, 31), date(2027, 3, 31))},
         "The call cannot open on a day that is over. Choose today or a later day."),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused_with_its_days(edition, organiser, days, said):
    before = now(edition)
    with pytest.raises(Refused) as refusal:
        move(edition, organiser, **days)
    assert (refusal.value.text, refusal.value.status) == (said, 400)
    assert now(edition) == before


@pytest.mark.parametrize("at", [BEFORE, DURING])
@pytest.mark.parametrize(
    ("days", "code", "said"),
    [
        ((date(2027, 4, 27), date(2027, 4, 30)), "short",
         "The public notice would last 4 days; objections are decided in 5 working days."),
        ((date(2027, 4, 30), date(2027, 4, 30)), "short",
         "The public notice would last 1 day; objections are decided in 5 working days."),
        ((date(2037, 4, 26), date(2037, 4, 30)), "far",
         "“Public notice” lies more than ten years from the call. Choose other days."),
    ],
)  # fmt: skip
def test_what_a_blueprint_may_not_say_of_a_phase_is_refused(edition, organiser, at, days, code, said):
    first, last = date(2027, 4, 26), date(2027, 4, 30)
    ends = midnight(last + timedelta(days=1))
    Phase.objects.create(edition=edition, kind="notice", starts_at=midnight(first), ends_at=ends)
    with pytest.raises(Refused) as refusal:
        move(edition, organiser, at=at, reason="So.", notice=days)
    assert (refusal.value.code, refusal.value.text, refusal.value.status) == (code, said, 400)
    assert now(edition)["notice"] == (first, last)
    longer = (date(2027, 4, 27), date(2027, 5, 3))
    assert move(edition, organiser, at=at, reason="So.", notice=longer)
    with translation.override("zh-hans"), pytest.raises(Refused) as refusal:
        change_dates(
            edition=edition, days={edition.phases.get(kind="notice").pk: days}, by=organiser, at=at,
            reason={"zh": "如此。"},
        )  # fmt: skip
    assert refusal.value.text != said and "公示" in refusal.value.text


def test_a_notice_that_was_short_before_keeps_nothing_else_from_moving(edition, organiser):
    first = date(2027, 4, 26)
    Phase.objects.create(
        edition=edition, kind="notice", starts_at=midnight(first), ends_at=midnight(first + timedelta(days=1))
    )
    assert move(edition, organiser, jury=(date(2027, 4, 7), date(2027, 4, 22)))


def test_a_call_moves_until_it_opens(edition, organiser):
    later = (date(2027, 3, 3), date(2027, 3, 31))
    assert [phase.kind for phase in move(edition, organiser, call=later)] == ["call"]
    with pytest.raises(Refused) as refusal:
        move(edition, organiser, at=DURING, reason="So.", call=(date(2027, 3, 4), date(2027, 3, 31)))
    assert refusal.value.code == "call_opened"
    assert now(edition)["call"] == later


def test_a_track_does_not_close_before_the_call_opens(edition, organiser):
    edition.tracks.update(ends_at=midnight(date(2027, 3, 5)))
    with pytest.raises(Refused) as refusal:
        move(edition, organiser, call=(date(2027, 3, 5), date(2027, 3, 31)))
    assert refusal.value.code == "track_too_early"
    assert move(edition, organiser, call=(date(2027, 3, 4), date(2027, 3, 31)))


def test_once_the_call_has_opened_a_change_needs_a_reason(edition, organiser):
    days = (date(2027, 4, 8), date(2027, 4, 22))
    with pytest.raises(ReasonMissing):
        move(edition, organiser, at=DURING, jury=days)
    assert move(edition, organiser, at=DURING, reason="More films than we thought.", jury=days)
    assert move(edition, organiser, at=DURING) == []


def test_only_organisers_move_phases(edition):
    days = {"jury": (date(2027, 4, 7), date(2027, 4, 22))}
    for by in (
        STRANGER,
        SYSTEM,
        *(make_member(edition, role) for role in (Role.CHAIR, Role.TECHNICIAN, Role.JUDGE)),
    ):
        with pytest.raises(Refused) as refusal:
            move(edition, by, **days)
        assert refusal.value.status == 403
    with pytest.raises(Refused):
        move(edition, make_member(make_edition(), Role.OWNER), **days)


def test_the_page_asks_for_the_call_only_before_it_opens_and_says_what_is_wrong(edition, organiser, client):
    client.force_login(organiser.user)
    url = reverse("judging:edition_dates", args=[edition.slug])
    call, jury = (edition.phases.get(kind=kind) for kind in ("call", "jury"))
    shift = timezone.now() + timedelta(days=40) - call.starts_at
    for phase in edition.phases.all():
        Phase.objects.filter(pk=phase.pk).update(
            starts_at=midnight(days_of(phase, ZONE)[0] + timedelta(days=shift.days)),
            ends_at=midnight(days_of(phase, ZONE)[1] + timedelta(days=shift.days + 1)),
        )
    page = client.get(url).content.decode()
    assert f'name="first_{call.pk}"' in page
    given = {}
    for phase in edition.phases.all():
        first, last = days_of(phase, ZONE)
        given |= {f"first_{phase.pk}": first.isoformat(), f"last_{phase.pk}": last.isoformat()}
    assert client.post(url, {**given, f"last_{jury.pk}": "9999-12-31"}).status_code == 400
    refused = client.post(url, {**given, f"last_{jury.pk}": given[f"first_{call.pk}"]})
    assert refused.status_code == 400
    assert "before it begins" in refused.content.decode()
    later = date.fromisoformat(given[f"first_{jury.pk}"]) + timedelta(days=1)
    assert client.post(url, {**given, f"first_{jury.pk}": later.isoformat()}).status_code == 302
    jury.refresh_from_db()
    assert days_of(jury, ZONE)[0] == later
    edition.phases.filter(kind="call").update(starts_at=timezone.now() - timedelta(days=1))
    page = client.get(url).content.decode()
    assert f'name="first_{call.pk}"' not in page
    again = later + timedelta(days=1)
    days = {key: value for key, value in given.items() if not key.endswith(f"_{call.pk}")}
    asked = client.post(url, {**days, f"first_{jury.pk}": again.isoformat()})
    assert asked.status_code == 400
    assert "Why is this changed?" in asked.content.decode()
