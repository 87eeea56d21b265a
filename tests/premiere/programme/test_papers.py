"""Booklet, day sheets and run of show, read back from their PDF by other software than set them."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from festival.premiere.programme.document import Hall, Item, Kind, Text
from festival.premiere.programme.papers import Projection, booklet, day_sheets, run_of_show, unset
from tests.premiere.programme.sample import EVENING, FILMS, SCREENINGS, film, programme, screening, shown

A4, A5 = (595, 842), (420, 595)
LINES = {
    2: Projection("1.85", "5.1", "DCP, 24 fps", "0123456789abcdef" * 4, Text("Lights down", "关场灯")),
    3: Projection("2.39", "Stereo", "ProRes, 25 fps"),
}


def pages(pdf):
    """Size in points and text of each page, without white space."""
    return [
        ((round(page.mediabox.width), round(page.mediabox.height)), re.sub(r"\s+", "", page.extract_text()))
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Friday16April2027", "RiversideCinema·GreatHall", "Openingnight", "UndertheLamp", "aftermidnight"]),
        ("zh", ["2027年4月16日星期五", "江岸影院·大厅", "开幕之夜", "灯下", "次日凌晨"]),
    ],
)  # fmt: skip
def test_a_booklet_by_day_and_hall_and_film(language, words):
    made = pages(booklet(programme(), language))
    assert {size for size, _text in made} == {A5}
    cover, contents, glance, first, _glance, second, films = [text for _size, text in made]
    assert words[0] in glance and "SHRT3" in glance and "19:30" in glance
    assert ("FirstLight2027" if language == "en" else "初光2027") in cover
    for word in words:
        assert word in first
    assert "GONE5" in second and ("Cancelled" in second or "已取消" in second)
    assert ("Alampthatnobodylit" in films) or ("一盏无人点亮的灯，一直亮着。" in films)
    for number, text in enumerate((contents, glance, first), 2):
        assert text.endswith(f"{number}/7") or f"{number}/7" in text
    assert words[0] in contents


def test_a_film_is_found_on_the_page_that_its_screening_names():
    many = tuple(film(f"F{number}", Text(f"Film number {number}"), 8) for number in range(60))
    blocks = [
        screening(f"S{number}", "11", EVENING + timedelta(minutes=90 * number),
                  shown(*(one.code for one in many[number * 6 : number * 6 + 6]), films=many))
        for number in range(3)
    ]  # fmt: skip
    made = [text for _size, text in pages(booklet(programme(films=many, screenings=tuple(blocks)), "en"))]
    found = re.search(r"Filmnumber17方远,MiraCastellan8:00→(\d+)", "".join(made))
    assert "Filmnumber17方远" in made[int(found[1]) - 1]


def test_the_same_programme_gives_the_same_bytes():
    assert booklet(programme(), "zh") == booklet(programme(), "zh")


def test_words_are_never_markup():
    wild = "#panic() $x$ [a] *b* _c_ \\ @d <e> // `f` = g"
    first = replace(SCREENINGS[0], title=Text(wild), note=Text(wild), host=Text(wild))
    made = programme(
        screenings=(first, *SCREENINGS[1:]), films=(replace(FILMS[0], synopsis=Text(wild)), *FILMS[1:])
    )
    bare = wild.replace(" ", "")
    for pdf in (
        booklet(made, "en"),
        day_sheets(made, "en"),
        run_of_show(made, "OPEN2", "en", lines={1: Projection(wild)}),
    ):
        assert bare in "".join(text for _size, text in pages(pdf))


@settings(max_examples=10)
@given(st.text(max_size=60))
def test_any_words_can_be_set(words):
    first = replace(SCREENINGS[0], title=Text(words, words), note=Text(words), ticket_note=Text(words))
    made = programme(
        screenings=(first, *SCREENINGS[1:]),
        films=(replace(FILMS[0], title=Text(words), makers=(words,)), *FILMS[1:]),
    )
    for pdf in (
        booklet(made, "zh"),
        day_sheets(made, "en"),
        run_of_show(made, "OPEN2", "en", lines={1: Projection(cue=Text(words))}),
    ):
        assert len(pages(pdf)) >= 1


def test_a_running_order_longer_than_a_page_loses_no_line():
    many = tuple(film(f"F{number}", Text(f"Film number {number}"), 2) for number in range(90))
    long = screening("LONG7", "11", EVENING, shown(*(one.code for one in many), films=many))
    made = programme(films=many, screenings=(long,))
    for pdf in (booklet(made, "en"), run_of_show(made, "LONG7", "en", lines={})):
        text = "".join(text for _size, text in pages(pdf))
        assert all(f"Filmnumber{number}" in text for number in range(90))


def test_day_sheets_for_days_and_halls_asked_for():
    assert [size for size, _text in pages(day_sheets(programme(), "en"))] == [A4, A4]
    [(_size, text)] = pages(day_sheets(programme(), "zh", days=[date(2027, 4, 17)], hall="21"))
    assert "2027年4月17日星期六" in text and "影厅停电。" in text and "WEB6" not in text
    [(_size, text)] = pages(day_sheets(programme(days=(date(2027, 4, 18),), screenings=()), "en"))
    assert "Noscreeningsonthisday." in text


def test_the_projectionist_has_the_clock_of_every_line():
    [((width, height), text)] = pages(
        run_of_show(
            programme(), "OPEN2", "en", lines=LINES, clear_at=SCREENINGS[0].ends_at + timedelta(minutes=20)
        )
    )
    assert (width, height) == A4[::-1]
    for words in ("19:00:00", "19:10:00", "19:28:00", "19:42:00", "20:02:00", "1.85", "2.39", "5.1", "DCP,24fps",
                  "Lightsdown", "Hallclearby20:22", "Runningtime1:02:00", "Films32:00"):  # fmt: skip
        assert words in text, words
    assert "0123456789abcdef" * 4 in text.replace("\u200b", "")
    with pytest.raises(KeyError):
        run_of_show(programme(), "NONE", "en", lines={})


def test_a_break_without_a_film_is_called_what_it_is():
    one = screening("TALK8", "11", EVENING, (Item(Kind.TALK, 1200), Item(Kind.BREAK, 600)))
    [(_size, text)] = pages(run_of_show(programme(screenings=(one,)), "TALK8", "zh", lines={}))
    assert "评审团对谈" in text and "休息" in text


def test_characters_that_may_come_out_as_a_box_are_told():
    assert unset(programme()) == ""
    assert set(unset(programme(films=(replace(FILMS[0], makers=("𠮷田 ❤ 한",)), *FILMS[1:])))) == {
        "𠮷",
        "❤",
        "한",
    }


def test_nothing_to_show_is_a_booklet_too():
    assert len(pages(booklet(programme(screenings=(), days=(), films=()), "en"))) == 3


def test_a_day_at_a_glance_has_as_many_halls_as_a_page_takes():
    halls = tuple(Hall(f"H{number}", "1", Text(f"Hall {number}"), 50) for number in range(11))
    shows = tuple(
        screening(f"G{number:02}", hall.code, EVENING + timedelta(minutes=20 * number), shown("SNOW3"))
        for number, hall in enumerate(halls)
    )
    made = [text for _size, text in pages(booklet(programme(halls=halls, screenings=shows), "en"))]
    first, second = made[2:4]
    assert [sum(f"ProgrammeG{number:02}" in text for number in range(11)) for text in (first, second)] == [
        6,
        5,
    ]
    assert "Hall5" in first and "Hall6" in second and "22:00" in first
    alone = pages(booklet(programme(screenings=SCREENINGS[:1]), "en"))
    assert "Introduction" in alone[2][1]
