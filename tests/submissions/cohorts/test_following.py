"""What follows a phase that is moved: what is ticked, by as many days, never earlier than what was promised."""

import html
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from festival.edition.date_actions import days_of
from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import Edition, EditionChange, Phase
from festival.kit import clock
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions.cohorts.delivery_queries import due_by_milestone, due_of
from submissions.cohorts.follow_actions import Follower, followers, move_phases
from submissions.cohorts.following import Stretch, days_along
from submissions.cohorts.milestone_view import standings_of
from submissions.cohorts.models import Cohort, Extension, Milestone, Reminder
from tests.factories import make_edition, make_member
from tests.submissions.cohorts.making import make_cohort, make_place

ZONE = "Europe/Paris"  # its clocks go forward on 28 March 2027
BEFORE, DURING = datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC)
WHY = {"en": "The hall burnt down."}


def on(month: int, day: int) -> date:
    return date(2027, month, day)


def night(day: date) -> datetime:
    """The end of a day in Paris."""
    return clock.moment_of(datetime.combine(day + timedelta(days=1), datetime.min.time()), ZONE)


CALL = Stretch(on(3, 1), on(3, 20), 1, 2, is_call=True)
CAMP = Stretch(on(4, 1), on(4, 10), 3, 4)
TALKS = Stretch(on(4, 8), on(4, 12), 5, 6)
PHASES = [CALL, CAMP, TALKS]


@pytest.mark.parametrize(
    ("kind", "day", "along"),
    [
        ("track", on(3, 9), 2),
        ("track", on(6, 1), 2),  # of the call, wherever it falls
        ("milestone", on(3, 20), 2),
        ("milestone", on(3, 25), 3),  # leads up to the camp
        ("milestone", on(4, 9), 6),  # in two: the talks begin last
        ("milestone", on(5, 1), 0),
        ("begins", on(3, 21), 2),  # after the call
        ("begins", on(4, 1), 3),
        ("begins", on(2, 1), 0),
        ("ends", on(4, 12), 6),
    ],
)
def test_what_belongs_to_which_phase(kind: str, day: date, along: int) -> None:
    assert days_along(kind, day, PHASES) == along


class Contest:
    """A call with a track's own end in it; then a camp of one team, with two milestones, and talks."""

    def __init__(self) -> None:
        self.edition: Edition = make_edition(time_zone=ZONE)
        for kind, first, last in (
            ("call", on(3, 1), on(3, 20)),
            ("jury", on(3, 24), on(4, 10)),
            ("premiere", on(5, 1), on(5, 2)),
        ):
            Phase.objects.create(
                edition=self.edition,
                kind=kind,
                starts_at=night(first - timedelta(days=1)),
                ends_at=night(last),
            )
        self.track = self.edition.tracks.get()
        self.edition.tracks.update(ends_at=night(on(3, 10)))
        self.cohort: Cohort = make_cohort(
            self.edition, starts_at=night(on(3, 20)), ends_at=night(on(5, 2)), name={"en": "Camp"}
        )
        self.rough, self.lock = (
            Milestone.objects.create(cohort=self.cohort, slug=slug, name={"en": slug}, due_at=night(day))
            for slug, day in (("rough", on(3, 26)), ("lock", on(4, 28)))
        )
        self.by: Actor = make_member(self.edition, Role.ORGANISER)

    def days(self, kind: str, first_by: int, last_by: int) -> dict[int, tuple[date, date]]:
        phase = self.edition.phases.get(kind=kind)
        first, last = days_of(phase, ZONE)
        return {phase.pk: (first + timedelta(days=first_by), last + timedelta(days=last_by))}

    def found(self, kind: str, first_by: int, last_by: int, at: datetime = BEFORE) -> list[Follower]:
        return followers(edition=self.edition, days=self.days(kind, first_by, last_by), at=at)

    def move(
        self, kind: str, by_days: int, follow: Collection[str], at: datetime = BEFORE, why: object = None
    ):
        return move_phases(
            edition=self.edition, days=self.days(kind, by_days, by_days), by=self.by, at=at, follow=follow,
            reason=why,
        )  # fmt: skip

    def now(self) -> dict[str, date]:
        self.cohort.refresh_from_db()
        ends = {row.slug: row.due_at for row in self.cohort.milestones.all()}
        ends |= {"track": self.edition.tracks.get().ends_at, "team": self.cohort.ends_at}
        days = {name: clock.in_zone(clock.last_minute(end), ZONE).date() for name, end in ends.items()}
        return days | {"begins": clock.in_zone(self.cohort.starts_at, ZONE).date()}


THERE = {
    "track": on(3, 10),
    "begins": on(3, 21),
    "rough": on(3, 26),
    "lock": on(4, 28),
    "team": on(5, 2),
}


@pytest.mark.django_db
def test_nothing_follows_that_is_not_ticked_and_what_is_goes_by_wall_clock() -> None:
    contest = Contest()
    [rough] = contest.found("jury", 5, 5)
    assert (rough.kind, rough.row, rough.stays) == ("milestone", contest.rough, "")
    contest.move("jury", 5, [])
    assert contest.now() == THERE
    [rough] = contest.found("jury", -5, -5)
    moved, going = contest.move("jury", -5, [rough.key])
    assert ([phase.kind for phase in moved], len(going)) == (["jury"], 1)
    assert contest.now() == {**THERE, "rough": on(3, 21)}
    # Over the night in which the clocks go forward: the end of a day stays the end of a day.
    [rough] = contest.found("jury", 9, 9)
    contest.move("jury", 9, [rough.key])
    contest.rough.refresh_from_db()
    assert contest.rough.due_at == night(on(3, 30))


@pytest.mark.django_db
def test_the_call_takes_its_tracks_along_where_they_would_close_before_it_opens() -> None:
    contest = Contest()
    days = contest.days("call", 12, 3) | contest.days("jury", 7, 7)
    with pytest.raises(Refused) as refused:
        move_phases(edition=contest.edition, days=days, by=contest.by, at=BEFORE)
    assert refused.value.code == "track_too_early"
    found = {one.kind: one for one in followers(edition=contest.edition, days=days, at=BEFORE)}
    assert set(found) == {"track", "begins", "milestone"}
    later = contest.days("call", 5, 7) | contest.days("jury", 7, 7)
    track = next(
        one for one in followers(edition=contest.edition, days=later, at=BEFORE) if one.kind == "track"
    )
    move_phases(edition=contest.edition, days=later, by=contest.by, at=BEFORE, follow=[track.key])
    assert contest.now() == {**THERE, "track": on(3, 17)}


@pytest.mark.django_db
def test_a_milestone_does_not_leave_its_teams_time() -> None:
    contest = Contest()
    lock, end = contest.found("premiere", 9, 9)
    assert [one.kind for one in (lock, end)] == ["milestone", "ends"]
    with pytest.raises(Refused) as refused:
        contest.move("premiere", 9, [lock.key])
    assert refused.value.code == "outside" and "7 May 2027" in refused.value.text
    assert contest.now() == THERE
    contest.move("premiere", 9, [lock.key, end.key])
    assert contest.now() == {**THERE, "lock": on(5, 7), "team": on(5, 11)}


@pytest.mark.django_db
def test_what_was_ticked_must_be_what_would_happen() -> None:
    contest = Contest()
    [rough] = contest.found("jury", 5, 5)
    Milestone.objects.update(due_at=night(on(3, 27)))
    with pytest.raises(Refused) as refused:
        contest.move("jury", 5, [rough.key])
    assert refused.value.code == "changed"
    with pytest.raises(Refused) as refused:
        move_phases(edition=contest.edition, days={}, by=make_member(contest.edition, Role.CHAIR), at=BEFORE)
    assert refused.value.status == 403


@pytest.mark.django_db
def test_once_the_call_is_open_it_stands_on_the_same_record_and_nothing_comes_earlier() -> None:
    contest = Contest()
    assert {one.kind: one.stays for one in contest.found("premiere", -3, -3, DURING)} == {
        "milestone": "promised",
        "ends": "promised",
    }
    assert [one.stays for one in contest.found("jury", 0, 5, night(on(3, 26)))] == ["over"]
    lock, end = contest.found("premiere", 9, 9, DURING)
    with pytest.raises(ReasonMissing) as missing:
        contest.move("premiere", 9, [lock.key, end.key], DURING)
    whole = ["cohort.ends_at", "dates.ends_at", "dates.starts_at", "milestone.due_at"]
    assert sorted(row.what for row in missing.value.changes) == whole
    assert contest.now() == THERE
    contest.move("premiere", 9, [lock.key, end.key], DURING, WHY)
    assert sorted(EditionChange.objects.values_list("what", flat=True)) == whole
    assert contest.now() == {**THERE, "lock": on(5, 7), "team": on(5, 11)}


@pytest.mark.django_db
def test_who_had_more_time_has_no_less_than_the_others_and_is_reminded_anew() -> None:
    contest = Contest()
    place = make_place(contest.cohort)
    Extension.objects.create(
        place=place, milestone=contest.rough, until=night(on(3, 28)), reason="Ill.", at=BEFORE
    )
    Reminder.objects.create(place=place, milestone=contest.rough, kind="day", at=BEFORE)
    Reminder.objects.create(place=place, milestone=contest.lock, kind="day", at=BEFORE)
    assert due_of(place, contest.rough) == night(on(3, 28))
    [rough] = contest.found("jury", 5, 5)
    contest.move("jury", 5, [rough.key])
    contest.rough.refresh_from_db()
    due = night(on(3, 31))
    assert (due_of(place, contest.rough), due_by_milestone(place)[contest.rough.pk]) == (due, due)
    assert standings_of(place, BEFORE)[0].due == due
    assert [row.milestone for row in Reminder.objects.all()] == [contest.lock]


@pytest.mark.django_db
def test_the_page_lists_what_belongs_before_anything_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = Contest()
    monkeypatch.setattr(clock, "now", lambda: DURING)
    client = Client()
    client.force_login(contest.by.user)
    url = reverse("judging:edition_dates", args=[contest.edition.slug])
    given = {}
    for phase in contest.edition.phases.exclude(kind="call"):
        by = timedelta(days=9 if phase.kind == "premiere" else 0)
        first, last = days_of(phase, ZONE)
        given |= {f"first_{phase.pk}": str(first + by), f"last_{phase.pk}": str(last + by)}
    page = html.unescape(client.post(url, given).content.decode())
    assert page.count('type="checkbox" name="follow"') == 2 and "checked" not in page
    assert "Camp: milestone “lock”" in page and "End of “Camp”" in page and "7 May 2027" in page
    assert contest.edition.phases.get(kind="premiere").ends_at == night(on(5, 2))
    keys = [one.key for one in contest.found("premiere", 9, 9, DURING)]
    asked = client.post(url, given | {"asked": "1", "follow": keys})
    said = html.unescape(asked.content.decode())
    assert asked.status_code == 400 and said.count('type="hidden" name="follow"') == 2
    assert "lock: Due" in said and "Camp: End" in said
    done = given | {"asked": "1", "follow": keys, "change_reason_en": "Fire."}
    assert client.post(url, done).status_code == 302
    assert contest.now() == {**THERE, "lock": on(5, 7), "team": on(5, 11)}
    assert "lock: Due" in html.unescape(Client().get(f"/{contest.edition.slug}/changes/").content.decode())
