"""The calendar, read by two other parsers than the one that wrote it, and held against RFC 5545 line by line."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from festival.premiere.programme.document import Text, days_of
from festival.premiere.programme.ical import calendar
from festival.premiere.programme.words import one_line, plain
from tests.premiere.programme.sample import EDITION, SCREENINGS, programme

PROPERTY = re.compile(
    r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):(.*)', re.DOTALL
)
# What stands in an event exactly once or at most once (RFC 5545, 3.6.1).
ONCE, AT_MOST = (
    ("UID", "DTSTAMP", "DTSTART"),
    ("DTEND", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "URL"),
)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from('\n=,;\\:"\u202e\u200f👩‍🚀@')
)


def lines_of(data):
    """The content lines, unfolded. Fails where a line is too long, ends wrongly or has a control character (3.1)."""
    assert data.endswith(b"\r\n")
    raw = data[:-2].split(b"\r\n")
    for line in raw:
        assert 0 < len(line) <= 75, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode()  # no character is cut in two
    return data.replace(b"\r\n ", b"").decode()[:-2].split("\r\n")


def read(data):
    """(name, parameters, value) of every line, after the rules of RFC 5545 that need no parser."""
    rows = []
    for line in lines_of(data):
        match = PROPERTY.fullmatch(line)
        assert match, line
        rows.append(match.groups())
    assert rows[0] == ("BEGIN", "", "VCALENDAR") and rows[-1] == ("END", "", "VCALENDAR")
    names = [name for name, _parameters, _value in rows]
    assert names.count("VERSION") == names.count("PRODID") == 1
    assert ("VERSION", "", "2.0") in rows
    open_parts = []
    for name, _parameters, value in rows:
        if name == "BEGIN":
            open_parts.append(value)
        elif name == "END":
            assert open_parts.pop() == value
    assert open_parts == []
    return rows


def events_of(data):
    found, now = [], None
    for name, parameters, value in read(data):
        if (name, value) == ("BEGIN", "VEVENT"):
            now = []
        elif (name, value) == ("END", "VEVENT"):
            names = [one for one, _parameters, _value in now]
            assert all(names.count(one) == 1 for one in ONCE)
            assert all(names.count(one) <= 1 for one in AT_MOST)
            found.append({one: (its, text) for one, its, text in now})
            now = None
        elif now is not None:
            now.append((name, parameters, value))
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rules_of_the_standard(language):
    data = calendar(programme(), language)
    rows, events = read(data), events_of(data)
    assert len(events) == 5
    assert len({event["UID"][1] for event in events}) == 5
    zones = {value for name, _parameters, value in rows if name == "TZID"}
    assert zones == {"Asia/Shanghai"}
    for event in events:
        assert event["DTSTART"][0] == ";TZID=Asia/Shanghai"
        assert re.fullmatch(r"\d{8}T\d{6}", event["DTSTART"][1])
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"][1])
    assert ("REFRESH-INTERVAL", ";VALUE=DURATION", "PT1H") in rows


def test_two_parsers_read_what_is_meant():
    data = calendar(programme(), "en")
    one = {str(event["UID"]): event for event in Calendar.from_ical(data).events}
    two = {event.uid.value: event for event in vobject.readOne(data.decode()).vevent_list}
    assert set(one) == set(two) == {f"{screening.code}@festival.example" for screening in SCREENINGS}
    for screening in SCREENINGS:
        uid = f"{screening.code}@festival.example"
        assert not one[uid].errors
        assert one[uid].start == two[uid].dtstart.value == screening.starts_at
        assert one[uid].end == two[uid].dtend.value == screening.ends_at
        assert one[uid].sequence == int(two[uid].sequence.value) == screening.sequence
        assert str(one[uid]["SUMMARY"]) == two[uid].summary.value
        assert str(one[uid]["DESCRIPTION"]) == two[uid].description.value
    opening = two["OPEN2@festival.example"]
    assert opening.summary.value == "Opening night · First Light 2027"
    assert opening.location.value == "Riverside Cinema, Great Hall, 12 Quay Street, Shanghai"
    assert opening.description.value.split("\n") == [
        "Doors open at 18:30.", "Introduction (10:00)", "Under the Lamp (18:00)", "Snow on Mars (14:00)",
        "With the makers (20:00)", "World premiere", "From age 12", "Spoken: Chinese, English", "Subtitles: English",
        "Host: Ines Marlow", "Free, with a seat ticket.",
    ]  # fmt: skip


def test_what_was_cancelled_stays_and_says_so():
    [gone] = [
        event for event in events_of(calendar(programme(), "zh")) if event["UID"][1].startswith("GONE5")
    ]
    assert gone["STATUS"][1] == "CANCELLED"
    assert gone["SUMMARY"][1] == "已取消：场次 GONE5 · 初光 2027"
    assert gone["DESCRIPTION"][1].startswith("影厅停电。")
    others = [event["STATUS"][1] for event in events_of(calendar(programme(), "zh")) if event is not gone]
    assert others.count("CONFIRMED") == 4


def test_uid_and_sequence_over_versions():
    moved = replace(
        SCREENINGS[0], sequence=5, starts_at=SCREENINGS[0].starts_at + timedelta(hours=1),
        ends_at=SCREENINGS[0].ends_at + timedelta(hours=1),
    )  # fmt: skip
    later = programme(version=4, screenings=(moved, *SCREENINGS[1:]))
    before, after = events_of(calendar(programme(), "en")), events_of(calendar(later, "zh"))
    assert {event["UID"] for event in before} == {event["UID"] for event in after}
    numbers = [{event["UID"][1]: int(event["SEQUENCE"][1]) for event in events} for events in (before, after)]
    assert {uid for uid in numbers[0] if numbers[0][uid] != numbers[1][uid]} == {"OPEN2@festival.example"}
    assert numbers[1]["OPEN2@festival.example"] == 5


def test_one_hall_or_chosen_screenings_alone():
    def codes(**choice):
        return [
            event["UID"][1].partition("@")[0] for event in events_of(calendar(programme(), "en", **choice))
        ]

    assert codes(hall="21") == ["LATE4", "GONE5"]
    assert codes(codes={"WEB6", "OPEN2", "NOTHERE"}) == ["OPEN2", "WEB6"]
    assert codes(codes=set()) == []
    assert codes(hall="99") == []


def test_the_same_programme_gives_the_same_bytes():
    assert calendar(programme(), "en") == calendar(programme(), "en")


@given(WORDS, WORDS)
def test_any_words_arrive(title, note):
    first = replace(SCREENINGS[0], title=Text(title, title), note=Text(note, note))
    data = calendar(programme(screenings=(first, *SCREENINGS[1:])), "en")
    assert len(events_of(data)) == 5
    event = next(one for one in Calendar.from_ical(data).events if str(one["UID"]).startswith("OPEN2"))
    assert str(event["SUMMARY"]) == f"{one_line(title)} · First Light 2027"
    said = plain(note)
    assert str(event["DESCRIPTION"]).startswith(f"{said}\nIntroduction" if said else "Introduction")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_any_time_in_any_zone_is_the_same_moment_for_who_knows_no_zones(start, zone):
    edition = replace(EDITION, zone=zone)
    start = start.replace(tzinfo=UTC, microsecond=0)
    one = replace(SCREENINGS[0], starts_at=start, ends_at=start + timedelta(minutes=62))
    made = programme(edition=edition, screenings=(one,), days=days_of([start], edition))
    read_again = Calendar.from_ical(calendar(made, "en"))
    [event] = read_again.events
    assert event.start == start
    if "TZID" not in event["DTSTART"].params or zone == "UTC":
        return
    own = read_again.timezones[0].to_tz(lookup_tzid=False)
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert local.replace(tzinfo=own).utcoffset() == start.astimezone(ZoneInfo(zone)).utcoffset()
