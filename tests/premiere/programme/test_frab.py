"""frab's schedule.xml and schedule.json, held against the schemas that c3voc publishes, and read back.

The schemas (EUPL-1.2) are no part of this repository: FIRSTLIGHT_DATA names the folder that holds
`frab/schedule.xml.xsd` and `frab/schedule.schema.json` (or it stands in ../shared/data beside the repository); without
them the tests that need them are skipped.
"""

import json
import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from festival.premiere.programme import frab
from festival.premiere.programme.document import Text, days_of
from festival.premiere.programme.words import one_line, plain
from tests.premiere.programme.sample import (
    EDITION,
    EVENING,
    FILMS,
    HALLS,
    SCREENINGS,
    programme,
    screening,
    shown,
)

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data"
URL = "https://festival.example/spring-2027/programme/schedule.xml"


def parsed(data):
    return ET.fromstring(data)  # noqa: S314  written here


def schema(name):
    file = Path(os.environ.get("FIRSTLIGHT_DATA", BESIDE)) / "frab" / name
    if not file.exists():
        pytest.skip(f"frab/{name} is not at hand: name its folder in FIRSTLIGHT_DATA")
    return file


@pytest.fixture(scope="module")
def valid_xml():
    made = xmlschema.XMLSchema(str(schema("schedule.xml.xsd")))
    return lambda data: made.validate(parsed(data))


@pytest.fixture(scope="module")
def valid_json():
    made = json.loads(schema("schedule.schema.json").read_text())
    checker = jsonschema.Draft6Validator(made, format_checker=jsonschema.FormatChecker())
    return lambda data: checker.validate(json.loads(data))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_are_valid(valid_xml, valid_json, language):
    valid_xml(frab.schedule_xml(programme(), language, url=URL))
    valid_json(frab.schedule_json(programme(), language, url=URL))


@pytest.mark.parametrize("slug", ["a", "ab-c", "spring-2027", "x" * 60, "-_-"])
def test_any_slug_gives_a_valid_acronym(valid_xml, valid_json, slug):
    made = programme(edition=replace(EDITION, slug=slug))
    valid_xml(frab.schedule_xml(made, "en", url=URL))
    valid_json(frab.schedule_json(made, "en", url=URL))


SPECIAL = st.sampled_from("\r\n\t\x00\x0b\ufffe]]><&\"'=\u202e👩‍🚀")
WORDS = st.text(st.characters(exclude_categories=["Cs"]) | SPECIAL, max_size=40)


@settings(max_examples=40)
@given(title=WORDS, note=WORDS, maker=WORDS)
def test_any_words_are_valid_and_come_back(valid_xml, valid_json, title, note, maker):
    first = replace(SCREENINGS[0], title=Text(title), note=Text(note), host=Text())
    films = (replace(FILMS[0], makers=(maker,), section=Text(title)), *FILMS[1:])
    made = programme(screenings=(first, *SCREENINGS[1:]), films=films)
    data = frab.schedule_xml(made, "en", url=URL)
    valid_xml(data)
    valid_json(frab.schedule_json(made, "en", url=URL))
    event = next(one for one in parsed(data).iter("event") if one.find("slug").text.endswith("open2"))
    assert (event.find("title").text or "") == one_line(title)
    assert (event.find("abstract").text or "") == plain(note)


def test_what_the_xml_says():
    root = parsed(frab.schedule_xml(programme(), "en", url=URL))
    assert root.findtext("version") == "3"
    assert root.findtext("conference/acronym") == "spring_2027"
    days = root.findall("day")
    assert [(day.get("index"), day.get("start"), day.get("end")) for day in days] == [
        ("1", "2027-04-16T04:00:00+08:00", "2027-04-17T04:00:00+08:00"),
        ("2", "2027-04-17T04:00:00+08:00", "2027-04-18T04:00:00+08:00"),
    ]
    assert [(day.get("date"), [room.get("name") for room in day]) for day in days] == [
        (
            "2027-04-16",
            ["Riverside Cinema · Great Hall", "Riverside Cinema · Studio", "Film Archive · Great Hall"],
        ),
        ("2027-04-17", ["Film Archive · Great Hall", "Film Archive · Online"]),
    ]
    late = days[0].find("room[@name='Film Archive · Great Hall']/event")
    assert late.findtext("date") == "2027-04-17T01:30:00+08:00" and late.findtext("start") == "01:30"
    assert late.findtext("duration") == "00:08"  # seven and a half minutes
    opening = days[0].find("room/event")
    assert [one.text for one in opening.iter("person")] == ["Ines Marlow", "方远", "Mira Castellan"]
    assert [one.get("href") for one in opening.iter("link")] == [FILMS[0].url, FILMS[1].url]
    assert opening.findtext("recording/optout") == "true"
    gone = days[1].find("room/event")
    assert gone.findtext("title") == "Cancelled: Programme GONE5"
    assert gone.findtext("subtitle") == "The hall has no power."


def test_json_says_the_same_as_xml():
    root = parsed(frab.schedule_xml(programme(), "zh", url=URL))
    said = json.loads(frab.schedule_json(programme(), "zh", url=URL))["schedule"]
    assert said["version"] == root.findtext("version")
    events = [one for day in said["conference"]["days"] for room in day["rooms"].values() for one in room]
    found = list(root.iter("event"))
    assert len(events) == len(found) == len(SCREENINGS)
    for one, element in zip(events, found, strict=True):
        assert (str(one["id"]), one["guid"]) == (element.get("id"), element.get("guid"))
        for name in (
            "date",
            "start",
            "duration",
            "room",
            "title",
            "subtitle",
            "slug",
            "track",
            "url",
            "description",
        ):
            assert one[name] == (element.findtext(name) or "")
        assert datetime.fromisoformat(one["end"]) > datetime.fromisoformat(one["date"])


def test_numbers_and_names_stay_over_versions():
    def keys(made):
        root = parsed(frab.schedule_xml(made, "en", url=URL))
        return {event.findtext("slug"): (event.get("id"), event.get("guid")) for event in root.iter("event")}

    before = keys(programme())
    new = screening("NEW77", "12", EVENING + timedelta(hours=3), shown("LAMP2"))
    after = keys(programme(version=4, screenings=(new, *reversed(SCREENINGS[1:]))))
    assert len({*before.values(), *after.values()}) == 6
    assert {slug: key for slug, key in after.items() if slug in before} == {
        slug: key for slug, key in before.items() if slug in after
    }


def test_codes_that_meet_in_one_number_get_two(monkeypatch):
    monkeypatch.setattr(frab, "LARGEST_ID", 5)
    assert sorted(frab.event_ids(programme()).values()) == [1, 2, 3, 4, 5]


def test_halls_of_one_name_are_told_apart():
    twins = (*HALLS[:2], replace(HALLS[2], venue="1"), HALLS[3])
    root = parsed(frab.schedule_xml(programme(halls=twins), "en", url=URL))
    names = {room.get("name") for room in root.iter("room") if room.get("name")}
    assert {"Riverside Cinema · Great Hall", "Riverside Cinema · Great Hall (21)"} < names


def test_clocks_that_change_are_in_the_offsets(valid_xml):
    edition = replace(EDITION, zone="Europe/Berlin")
    start = datetime.fromisoformat("2027-03-27T19:00:00+00:00")
    one = screening("DST22", "11", start, shown("LAMP2"))
    made = programme(edition=edition, screenings=(one,), days=days_of([start], edition))
    data = frab.schedule_xml(made, "en", url=URL)
    valid_xml(data)
    assert re.search(rb'start="2027-03-27T04:00:00\+01:00" end="2027-03-28T04:00:00\+02:00"', data)


def test_without_a_day_there_is_no_file():
    empty = programme(screenings=(), days=())
    for write in (frab.schedule_xml, frab.schedule_json):
        with pytest.raises(ValueError, match="at least one day"):
            write(empty, "en", url=URL)
    assert b"<day " in frab.schedule_xml(programme(screenings=(), days=(date(2027, 4, 16),)), "en", url=URL)
