"""The programme document: what it holds together, what it refuses, and that JSON loses nothing."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.premiere.programme import codec
from festival.premiere.programme.document import Edition, Faulty, Text, day_of, days_of
from festival.premiere.programme.groupings import by_day, by_film, by_hall, day_bounds, now_next, timed
from tests.premiere.programme.sample import EDITION, EVENING, FILMS, SCREENINGS, programme

HOUR = timedelta(hours=1)
BERLIN = replace(EDITION, zone="Europe/Berlin")


def test_json_gives_the_same_programme_back():
    made = programme()
    document = json.loads(codec.as_bytes(made))
    assert document == codec.to_json(made)
    assert codec.from_json(document) == made
    assert document["screenings"][0]["starts_at"] == "2027-04-16T11:00:00Z"
    assert document["days"] == ["2027-04-16", "2027-04-17"]
    assert document["films"][0]["title"] == {"en": "Under the Lamp", "zh": "灯下"}


@given(st.text(), st.text())
def test_any_words_come_back_from_json(en, zh):
    said = programme(films=(replace(FILMS[0], title=Text(en, zh)), *FILMS[1:]))
    assert codec.from_json(json.loads(codec.as_bytes(said))) == said


def changed(path, value):
    """The sample's document with one value replaced, or with one taken out (`...`)."""
    document = codec.to_json(programme())
    *steps, last = path
    place = document
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["format"], 2, "format"),
        (["format"], True, "format"),
        (["surprise"], 1, "surprise"),
        (["screenings", 1, "surprise"], 1, "screenings[1].surprise"),
        (["films", 0, "year"], ..., "films[0].year"),
        (["films", 0, "year"], "2026", "films[0].year"),
        (["films", 0, "year"], True, "films[0].year"),
        (["films", 0, "seconds"], 0, "films[0].seconds"),
        (["films", 0, "title"], "Lamp", "films[0].title"),
        (["films", 0, "title", "zh"], None, "films[0].title.zh"),
        (["films", 0, "title", "zh"], "\ud83d", "films[0].title.zh"),
        (["films", 0, "url"], "javascript:alert(1)", "films[0].url"),
        (["films", 1, "picture"], "/snow.jpg", "films[1].picture"),
        (["films", 1, "code"], "LAMP2", "films[1].code"),
        (["films", 1, "code"], "lamp", "films[1].code"),
        (["films", 0, "makers", 1], 3, "films[0].makers[1]"),
        (["films", 0, "makers"], "方远", "films[0].makers"),
        (["halls", 0, "venue"], "9", "halls[0].venue"),
        (["halls", 0, "seats"], -1, "halls[0].seats"),
        (["halls", 0, "online"], 1, "halls[0].online"),
        (["screenings", 0, "hall"], "99", "screenings[0].hall"),
        (["screenings", 0, "status"], "moved", "screenings[0].status"),
        (["screenings", 0, "reason", "en"], "Ill", "screenings[0].reason"),
        (["screenings", 0, "starts_at"], "2027-04-16T11:00:00", "screenings[0].starts_at"),
        (["screenings", 0, "starts_at"], "2027-04-16T11:00:00+00:00", "screenings[0].starts_at"),
        (["screenings", 0, "starts_at"], "2027-4-16T11:00:00Z", "screenings[0].starts_at"),
        (["screenings", 0, "starts_at"], "2027-02-30T11:00:00Z", "screenings[0].starts_at"),
        (["screenings", 0, "starts_at"], "0001-01-01T00:00:00Z", "screenings[0].starts_at"),
        (["screenings", 0, "ends_at"], "2027-04-16T10:59:59Z", "screenings[0].ends_at"),
        (["screenings", 0, "items", 0, "film"], "LAMP2", "screenings[0].items[0].film"),
        (["screenings", 0, "items", 1, "film"], "", "screenings[0].items[1].film"),
        (["screenings", 0, "items", 1, "film"], "NONE", "screenings[0].items[1].film"),
        (["screenings", 0, "items", 1, "kind"], "advert", "screenings[0].items[1].kind"),
        (["screenings", 0, "min_age"], -1, "screenings[0].min_age"),
        (["screenings", 0], [], "screenings[0]"),
        (["days"], ["2027-04-17"], "screenings[0].starts_at"),
        (["days"], ["2027-04-17", "2027-04-16"], "days"),
        (["days", 0], "16.4.2027", "days[0]"),
        (["edition", "zone"], "Mars/Olympus", "edition.zone"),
        (["edition", "zone"], "../etc/passwd", "edition.zone"),
        (["edition", "day_starts"], 24, "edition.day_starts"),
        (["edition", "slug"], "a b", "edition.slug"),
        (["version"], 1.5, "version"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(path, value, where):
    document = changed(path, value)
    kept = copy.deepcopy(document)
    with pytest.raises(Faulty) as caught:
        codec.from_json(document)
    assert caught.value.where == where
    assert document == kept


@pytest.mark.parametrize("document", [None, [], "programme", {}])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(Faulty):
        codec.from_json(document)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_whatever_stands_in_its_place_is_refused_or_written_again_as_it_was(data):
    document = codec.to_json(programme())
    place, key = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(ANYTHING)
    try:
        read = codec.from_json(document)
    except Faulty:
        return
    assert codec.to_json(read) == document


def test_after_midnight_belongs_to_the_evening_before():
    assert day_of(EVENING + 8.9 * HOUR, EDITION) == date(2027, 4, 16)  # 3:54 in the night
    assert day_of(EVENING + 9 * HOUR, EDITION) == date(2027, 4, 17)
    first, second = by_day(programme())
    assert [one.code for one in first.screenings] == ["OPEN2", "SHRT3", "LATE4"]
    assert [one.code for one in second.screenings] == ["GONE5", "WEB6"]
    assert [row.hall.code for row in first.halls] == ["11", "12", "21"]
    assert (first.index, second.index) == (1, 2)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2027, 3, 27), 23), (date(2027, 3, 28), 24), (date(2027, 10, 30), 25), (date(2027, 6, 1), 24)],
)
def test_days_on_which_clocks_change_are_shorter_and_longer(day, hours):
    starts, ends = day_bounds(day, BERLIN)
    assert ends - starts == hours * HOUR
    assert day_of(starts, BERLIN) == day_of(ends - timedelta(seconds=1), BERLIN) == day
    assert day_of(ends, BERLIN) == day + timedelta(days=1)


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"]


@given(st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)), st.integers(0, 12), st.sampled_from(ZONES))
def test_every_moment_lies_within_its_day(moment, hour, zone):
    edition = Edition("any", Text("Any"), EDITION.url, zone, hour)
    moment = moment.replace(tzinfo=UTC)
    starts, ends = day_bounds(day_of(moment, edition), edition)
    assert (
        starts - HOUR <= moment < ends + HOUR
    )  # an hour, where the clocks change at the festival's hour itself


def test_days_run_without_a_gap():
    assert days_of([EVENING + timedelta(days=3), EVENING], EDITION) == tuple(
        date(2027, 4, day) for day in (16, 17, 18, 19)
    )
    assert days_of([], EDITION) == ()


def test_a_day_without_a_screening_stays_a_day():
    made = programme(days=(*programme().days, date(2027, 4, 18)))
    assert [len(day.screenings) for day in by_day(made)] == [3, 2, 0]


def test_by_hall_and_by_film():
    halls = {row.hall.code: row.days for row in by_hall(programme())}
    assert [(day.day, [one.code for one in rows]) for day, rows in halls["21"]] == [
        (16, ["LATE4"]),
        (17, ["GONE5"]),
    ]
    films = {row.film.code: row.showings for row in by_film(programme())}
    assert [(one.screening.code, one.starts_at - EVENING) for one in films["SNOW3"]] == [
        ("OPEN2", timedelta(minutes=28)),
        ("SHRT3", timedelta(minutes=37.5)),
        ("WEB6", 26 * HOUR),
    ]


def test_a_running_order_ends_where_the_screening_does():
    for screening in SCREENINGS:
        item, starts_at = timed(screening)[-1]
        assert starts_at + timedelta(seconds=item.seconds) == screening.ends_at


def codes_at(at):
    return {
        row.hall.code: (row.now and row.now.code, row.next and row.next.code)
        for row in now_next(programme(), at)
    }


def test_now_and_next():
    assert codes_at(EVENING - timedelta(seconds=1)) == {
        "11": (None, "OPEN2"),
        "12": (None, "SHRT3"),
        "21": (None, "LATE4"),
    }
    assert codes_at(EVENING) == {"11": ("OPEN2", None), "12": (None, "SHRT3"), "21": (None, "LATE4")}
    assert codes_at(EVENING + timedelta(minutes=62)) == {"21": (None, "LATE4")}
    # The next morning: what was cancelled does not come.
    assert codes_at(EVENING + 20 * HOUR) == {"31": (None, "WEB6")}
    assert codes_at(EVENING + timedelta(days=9)) == {}
