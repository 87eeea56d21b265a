"""Until when a film is taken: the rules searched for an exception, in time zones that have one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from festival.edition.blueprint import PhasePlan, phase_times
from festival.kit.clock import after_last_minute, in_zone, last_minute
from festival.kit.moments import MomentField
from festival.kit.words import deadline_text, moment_text
from submissions.limit_forms import LastMinuteField
from submissions.window import LAST_MOMENT, Film, Window, ends_of_draft, on_its_way, why_not_later

ZONES = (
    "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Berlin", "UTC",
    "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Pacific/Chatham", "Africa/Cairo",
)  # fmt: skip
MOMENT, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)
KEPT = timedelta(minutes=15)
START = datetime(2027, 1, 1, tzinfo=UTC)
# Twenty minutes hold it all: deadlines, graces and uploads meet often, and the rules know no scale.
minutes = st.integers(0, 20).map(lambda count: START + count * MINUTE)
moments = st.builds(lambda minute, micro: minute + micro * MOMENT, minutes, st.sampled_from((0, 1, -1)))
graces = st.sampled_from((0, 1, 5, 10)).map(lambda count: count * MINUTE)
years = st.integers(0, 3 * 365 * 1440).map(lambda count: START + count * MINUTE)
zones = st.sampled_from(ZONES)
took = st.builds(lambda count, micro: count * MINUTE + micro * MOMENT, st.integers(0, 12), st.integers(1, 2))
films = st.builds(lambda begun, took: Film(begun, begun + took), moments, took)
often = settings(max_examples=500)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """The window of a draft: with an opening, perhaps with a track's own terms and time of its own."""
    maybe = st.none() | minutes
    ends = ends_of_draft(draw(minutes), track_end=draw(maybe), closed_at=draw(maybe), late_until=draw(maybe))
    return Window(ends, opens=draw(st.none() | minutes), grace=draw(graces))


@often
@given(windows(), st.none() | films, moments, moments)
def test_what_is_taken_now_was_taken_before(
    window: Window, film: Film | None, at: datetime, sooner: datetime
) -> None:
    """Nothing opens again in between: from the opening (and the film's arrival) on it is taken until it is not."""
    since = max(time for time in (window.opens, film and film.arrived, START - DAY) if time)
    if window.takes(at, film) and since <= sooner <= at:
        assert window.takes(sooner, film)


@often
@given(windows(), moments)
def test_begin_and_submit_agree(window: Window, at: datetime) -> None:
    """A draft can be begun exactly when one whose film was there long ago can be submitted."""
    old = Film(START - 2 * DAY, START - DAY)
    assert window.is_open(at) == window.takes(at, old) == window.takes(at, None)


@often
@given(windows(), moments, took)
def test_an_upload_begun_in_time_may_arrive_and_be_submitted_within_the_grace(
    window: Window, begun: datetime, took: timedelta
) -> None:
    film = Film(begun, begun + took)
    until = window.upload_until(begun, KEPT)
    assert until in (begun + KEPT, window.end + window.grace)
    if window.is_open(begun) and film.arrived < until:
        assert window.takes(film.arrived, film)
        if film.arrived >= window.end:
            assert window.takes(window.end + window.grace - MOMENT, film)
            assert not window.takes(window.end + window.grace, film)
    if begun >= window.end:
        assert not window.takes(film.arrived, film)


@often
@given(windows(), films, moments)
def test_a_film_that_was_there_at_the_deadline_has_no_grace(window: Window, film: Film, at: datetime) -> None:
    if film.arrived + LAST_MOMENT <= min(window.ends):
        assert window.takes(at, film) == window.is_open(at)


def assert_nothing_closes(before: Window, after: Window, film: Film) -> None:
    """What could be begun, uploaded or submitted until its last moment still can then; so it can all the time."""
    for one in (film, None):
        last = before.closes(one) - MOMENT
        assert before.takes(last, one) <= after.takes(last, one)
    assert before.end <= after.end
    assert before.upload_until(film.begun, KEPT) <= after.upload_until(film.begun, KEPT)


# About one deadline, START: a film near it, time given to the entry near it, a new deadline soon after it.
def near(first: int, last: int) -> st.SearchStrategy[datetime]:
    return st.integers(first, last).map(lambda count: START + count * MINUTE)


films_near = st.builds(lambda begun, took: Film(begun, begun + took), near(-6, 6), took)


@often
@given(near(0, 16), graces, films_near, near(-9, 9), st.none() | near(-4, 9), st.none() | near(-4, 0))
def test_an_extension_closes_nothing_that_was_open(
    until: datetime,
    grace: timedelta,
    film: Film,
    decided: datetime,
    late: datetime | None,
    closed: datetime | None,
) -> None:
    """A track that is closed was closed at its deadline at the latest (`deadline_actions.close_track`)."""
    if why_not_later(old=START, until=until, at=decided, grace=grace):
        return
    before, after = (
        Window(ends_of_draft(end, late_until=late, closed_at=closed), grace=grace) for end in (START, until)
    )
    assert_nothing_closes(before, after, film)


@often
@given(near(0, 24), near(-9, 9), graces, films_near, near(-9, 9))
def test_time_given_to_one_entry_closes_nothing_either(
    until: datetime, late: datetime, grace: timedelta, film: Film, decided: datetime
) -> None:
    """A late code, or time from the desk, takes the place of such time as was given before."""
    before = Window((START, late), grace=grace)
    if why_not_later(old=before.end, until=until, at=decided, grace=grace):
        return
    after = Window((START, until), grace=grace)
    assert after.end == until
    assert_nothing_closes(before, after, film)


@often
@given(minutes, minutes, graces, moments, st.none() | minutes)
def test_closing_a_track_opens_nothing(
    end: datetime, closed: datetime, grace: timedelta, at: datetime, late: datetime | None
) -> None:
    left, shut = (
        Window(ends_of_draft(end, late_until=late, closed_at=how), grace=grace) for how in (None, closed)
    )
    assert shut.is_open(at) <= left.is_open(at)
    assert shut.is_open(at) == (at < min(end, closed) or (late is not None and at < late))


@often
@given(minutes, minutes, minutes, graces)
def test_a_deadline_is_never_moved_back(
    old: datetime, until: datetime, at: datetime, grace: timedelta
) -> None:
    """Later than now, than the old one, and than the grace that films on their way have at the old one."""
    may = until > at and until > old and until >= old + grace
    assert (why_not_later(old=old, until=until, at=at, grace=grace) == "") == may


@pytest.mark.parametrize(
    ("begun", "arrived", "expected"),
    [
        (-MOMENT, timedelta(0), True),
        (-DAY, -MOMENT, True),
        (-DAY, MOMENT - LAST_MOMENT, True),
        (-DAY, -LAST_MOMENT, False),
        (timedelta(0), MOMENT, False),
    ],
)
def test_the_edges_of_being_on_its_way(begun: timedelta, arrived: timedelta, expected: bool) -> None:
    assert on_its_way(Film(START + begun, START + arrived), START) is expected


# --- What is shown is what is enforced ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@given(end=years, zone=zones, second=st.integers(0, 59))
def test_the_deadline_shown_is_the_last_minute_in_which_a_film_is_taken(
    language: str, end: datetime, zone: str, second: int
) -> None:
    window = Window((end,))
    with translation.override(language):
        shown = deadline_text(window.end, zone)
        within = end - MINUTE + timedelta(seconds=second)
        assert window.is_open(within)
        assert moment_text(within, zone) == shown
        assert not window.is_open(end)
        assert moment_text(end, zone) != shown


@given(
    zones,
    st.dates(datetime(2027, 1, 1).date(), datetime(2029, 12, 31).date()),
    st.integers(0, 60),
    st.sampled_from((-MOMENT, timedelta(0))),
)
def test_a_call_of_the_blueprint_ends_with_the_last_moment_of_its_last_day(
    zone: str, opens: object, days: int, edge: timedelta
) -> None:
    """On days of 23, 23½, 24, 24½ and 25 hours, and where midnight itself is skipped."""
    first, last = phase_times(PhasePlan("call", {}, 0, days), opens, zone)
    window = Window((last,), opens=first)
    closing = opens + timedelta(days=days)
    assert in_zone(last - MOMENT, zone).date() == closing
    assert in_zone(last, zone).date() > closing
    assert in_zone(first, zone).date() == opens
    assert window.is_open(last + edge) == (edge < timedelta(0))
    assert not window.is_open(first - MOMENT)


@given(zone=zones, minute=years)
def test_a_deadline_typed_is_the_deadline_shown(zone: str, minute: datetime) -> None:
    """On every minute of the clock, the doubled hour of autumn included: there the second one is meant."""
    wall = in_zone(minute, zone).replace(tzinfo=None)
    end = LastMinuteField(zone=zone).clean(wall.strftime("%Y-%m-%dT%H:%M"))
    second = wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    assert end == after_last_minute(second)
    assert end >= after_last_minute(minute)
    assert deadline_text(end, zone) == moment_text(minute, zone)
    assert LastMinuteField(zone=zone).prepare_value(end) == wall
    assert last_minute(end) == second


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        ("America/New_York", "2027-03-14T02:30"),
        ("Australia/Lord_Howe", "2027-10-03T02:10"),
        ("Europe/Berlin", "2027-03-28T02:00"),
        ("Africa/Cairo", "2027-04-30T00:15"),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused(zone: str, wall: str) -> None:
    with pytest.raises(forms.ValidationError, match="skip this time"):
        MomentField(zone=zone).clean(wall)


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T06:30"),  # EST, the second 01:30
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T15:15"),  # the half hour that comes twice
        ("Asia/Kathmandu", "2027-03-01T23:59", "2027-03-01T18:14"),
    ],
)
def test_moments_of_odd_clocks(zone: str, wall: str, utc: str) -> None:
    assert MomentField(zone=zone).clean(wall) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("typed", ["soon", "2027-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "1e9"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="Choose a day and a time"):
        MomentField(zone="Asia/Shanghai").clean(typed)
