"""Tables for spreadsheets and linked data, read back."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.premiere.programme.document import Text
from festival.premiere.programme.jsonld import linked_data
from festival.premiere.programme.tables import running_orders_csv, screenings_csv
from festival.premiere.programme.words import plain
from tests.premiere.programme.sample import FILMS, SCREENINGS, programme


def read(lines):
    data = "".join(lines).encode()
    assert data.startswith(b"\xef\xbb\xbf")  # so that Excel takes it for UTF-8
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_line_for_each_screening():
    head, *rows = read(screenings_csv(programme(), "en"))
    assert [row[0] for row in rows] == ["OPEN2", "SHRT3", "LATE4", "GONE5", "WEB6"]
    assert dict(zip(head, rows[0], strict=True)) == {
        "Code": "OPEN2", "Day": "2027-04-16", "Start": "19:00", "End": "20:02", "Length": "1:02:00",
        "Venue": "Riverside Cinema", "Hall": "Great Hall", "Seats": "1000", "Title": "Opening night",
        "Premiere": "World premiere", "Minimum age": "12", "Spoken": "Chinese, English", "Subtitles": "English",
        "Host": "Ines Marlow", "Tickets": "Free, with a seat ticket.", "Note": "Doors open at 18:30.",
        "Status": "Scheduled", "Reason": "", "Link": "https://festival.example/spring-2027/programme/#OPEN2",
    }  # fmt: skip
    gone = dict(zip(head, rows[3], strict=True))
    assert (gone["Status"], gone["Reason"]) == ("Cancelled", "The hall has no power.")


def test_a_line_for_each_line_of_a_running_order():
    head, *rows = read(running_orders_csv(programme(), "zh"))
    assert len(rows) == sum(len(one.items) for one in SCREENINGS)
    assert rows[1] == [
        "OPEN2", "开幕之夜", "2027-04-16", "2", "19:10:00", "0:18:00", "影片", "灯下", "方远、Mira Castellan",
        "中国、法国", "2026", "剧情", "https://festival.example/spring-2027/films/LAMP2/",
    ]  # fmt: skip
    assert len(head) == len(rows[0])


@pytest.mark.parametrize("language", ["en", "zh"])
@given(
    title=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@\t\r\n＝＠\",;'\u202e👩‍🚀"))
)
def test_any_words_come_back_and_none_is_a_formula(language, title):
    first = replace(SCREENINGS[0], title=Text(title, title))
    films = (replace(FILMS[0], title=Text(title, title)), *FILMS[1:])
    made = programme(screenings=(first, *SCREENINGS[1:]), films=films)
    rows, lines = read(screenings_csv(made, language)), read(running_orders_csv(made, language))
    assert len({len(row) for row in rows}) == len({len(row) for row in lines}) == 1
    assert len(rows) == 6 and len(lines) == 11
    for cell in (rows[1][8], lines[1][1]):
        assert cell in (plain(title), f"'{plain(title)}")
    for row in rows + lines:
        assert not any(
            cell.startswith(("=", "+", "-", "@", "\t", "\n", "\r", "＝", "＋", "－", "＠")) for cell in row
        )


def graph(language="en", **fields):
    made = linked_data(programme(**fields), language)
    assert made["@context"] == "https://schema.org"
    festival, *events = json.loads(json.dumps(made))["@graph"]
    return festival, {event["url"].partition("#")[2]: event for event in events}


def test_linked_data_has_what_search_engines_ask_for():
    festival, events = graph()
    assert festival["@type"] == "Festival" and festival["startDate"] == "2027-04-16"
    assert set(events) == {one.code for one in SCREENINGS}
    for event in events.values():
        assert event["@type"] == "ScreeningEvent"
        assert event["superEvent"]["@id"] == festival["@id"]
        assert datetime.fromisoformat(event["startDate"]).utcoffset().total_seconds() == 8 * 3600
        assert event["name"] and event["location"]["@type"] in ("MovieTheater", "VirtualLocation")
        assert all(movie["@type"] == "Movie" and movie["name"] for movie in event["workPresented"])
    opening = events["OPEN2"]
    assert opening["startDate"] == "2027-04-16T19:00:00+08:00"
    assert opening["location"] == {
        "@type": "MovieTheater",
        "name": "Riverside Cinema · Great Hall",
        "address": "12 Quay Street, Shanghai",
        "maximumAttendeeCapacity": 1000,
    }
    assert opening["workPresented"][1] == {
        "@type": "Movie", "@id": FILMS[1].url, "name": "Snow on Mars", "alternateName": "火星上的雪",
        "url": FILMS[1].url, "duration": "PT14M0S", "copyrightYear": 2026, "image": "https://festival.example/snow.jpg",
        "director": [{"@type": "Person", "name": "方远"}, {"@type": "Person", "name": "Mira Castellan"}],
        "countryOfOrigin": [{"@type": "Country", "name": "CN"}, {"@type": "Country", "name": "FR"}],
    }  # fmt: skip
    assert opening["eventStatus"] == "https://schema.org/EventScheduled"
    assert events["GONE5"]["eventStatus"] == "https://schema.org/EventCancelled"
    assert events["GONE5"]["description"] == "The hall has no power."
    assert events["WEB6"]["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert events["WEB6"]["location"] == {"@type": "VirtualLocation", "url": SCREENINGS[4].url}


def test_linked_data_leaves_out_what_is_not_known():
    def empties(value):
        if isinstance(value, dict):
            return any(empties(one) for one in value.values())
        if isinstance(value, list):
            return not value or any(empties(one) for one in value)
        return value in ("", None)

    assert not empties(linked_data(programme(), "zh"))
    assert graph("zh")[1]["SHRT3"]["workPresented"][0]["name"] == "Gezeiten"
