"""Certificates and laurels: read back by other software, refused where a name would lose a character, none before."""

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import numpy
import pytest
import zxingcpp
from django.urls import reverse
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from festival.awards.models import Laureate, Papers
from festival.awards.papers import engine, glyphs
from festival.awards.papers.engine import FORMS, Paper, Signer
from festival.people.roles import Role
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_slot

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
FONT = engine.FOLDER / "fonts/NotoSerifSC-Medium.ttf"
PAPER = Paper(
    "Grand Prize", "年度大奖", "火星上的雪", "Snow on Mars", "方远、Mira Castellan", "First Light", "初光", "2027",
    "1 March 2027", "https://contest.example/verify/K7M2X9QABCDE/", "For its light.", "献给光。",
    (Signer("周怀安", "Chair of the jury"),),
)  # fmt: skip


def text_of(pdf):
    [page] = PdfReader(io.BytesIO(pdf)).pages
    assert float(page.mediabox.width) > float(page.mediabox.height)
    return re.sub(r"\s+", "", page.extract_text())


def test_a_certificate_says_everything_in_both_scripts_on_one_page():
    text = text_of(engine.make(PAPER, "certificate.pdf"))
    for words in (
        "GrandPrize",
        "年度大奖",
        "火星上的雪",
        "SnowonMars",
        "方远",
        "MiraCastellan",
        "周怀安",
        "献给光。",
    ):
        assert words in text


def test_the_same_words_give_the_same_bytes():
    for form in FORMS:
        assert engine.make(PAPER, form) == engine.make(PAPER, form)


def test_the_code_on_it_leads_to_its_proof():
    rows = re.search(r'viewBox="0 0 (\d+)', engine.qr(PAPER.address))
    size = int(rows[1])
    picture = numpy.full((size, size), 255, dtype=numpy.uint8)
    for x, y in re.findall(r"M(\d+) (\d+)h1", engine.qr(PAPER.address)):
        picture[int(y), int(x)] = 0
    [found] = zxingcpp.read_barcodes(picture.repeat(8, axis=0).repeat(8, axis=1))
    assert found.text == PAPER.address


@pytest.mark.parametrize("form", ["laurel-dark.png", "laurel-light.png"])
def test_laurels_stand_on_nothing(form):
    picture = Image.open(io.BytesIO(engine.make(PAPER, form)))
    assert picture.mode == "RGBA" and picture.getpixel((2, 2))[3] == 0
    shade = {"laurel-dark.png": 17, "laurel-light.png": 255}[form]
    pixels = numpy.asarray(picture).reshape(-1, 4)
    solid = pixels[pixels[:, 3] == 255][:, :3].astype(int)
    assert len(solid) > 10_000 and abs(solid - shade).max() < 3


def test_long_names_are_set_smaller_and_stay_on_the_page():
    long = replace(PAPER, title="很长的片名" * 12, makers="、".join(["Konstantinos Papadopoulos"] * 40))
    text = text_of(engine.make(long, "certificate.pdf"))
    assert text.count("KonstantinosPapadopoulos") == 40


def test_words_are_never_markup():
    wild = replace(PAPER, title="#panic() $x$ [a] *b* _c_ \\ @d <e>")
    assert "#panic()$x$[a]*b*_c_\\@d<e>" in text_of(engine.make(wild, "certificate.pdf"))


def test_a_character_without_a_picture_is_told():
    with pytest.raises(engine.Unset) as caught:
        engine.make(replace(PAPER, makers="𠮷田 ❤ 한"), "certificate.pdf")
    assert set(caught.value.characters) == {"𠮷", "❤", "한"}
    assert engine.without_glyph(replace(PAPER, makers="李喆、王淼、陈祎 Łódź Ångström Пётр")) == ""


def test_the_list_of_characters_is_that_of_the_font_and_the_font_is_the_one_we_name():
    known = set(TTFont(FONT).getBestCmap())
    assert known == {code for low, high in glyphs.coverage() for code in range(low, high + 1)}
    notice = (engine.FOLDER.parents[2] / "NOTICE").read_text()
    assert hashlib.sha256(FONT.read_bytes()).hexdigest() in notice


@pytest.fixture
def laureate(db):
    edition = make_edition("spring")
    film = make_film(
        edition, title="火星上的雪", published_at=AT, credits=[{"role": "director", "name": "方远"}]
    )
    return Laureate.objects.create(slot=make_slot(edition, "grand"), film=film, place=1, announced_at=AT)


def test_anybody_can_look_a_certificate_up_and_a_withdrawn_one_says_so(client, laureate):
    page = reverse("awards:verify", args=[laureate.code])
    text = client.get(page).content.decode()
    assert "火星上的雪" in text and "Valid" in text
    answer = client.get(reverse("awards:paper", args=[laureate.code, "certificate.pdf"]))
    assert "年度大奖" not in text_of(answer.content) and "方远" in text_of(answer.content)
    assert client.get(reverse("awards:paper", args=[laureate.code, "certificate.exe"])).status_code == 404
    assert client.get(reverse("awards:verify", args=["NOTTHISONE22"])).status_code == 404
    laureate.withdrawn_at, laureate.withdrawn_reason = AT, {"en": "It was somebody else’s."}
    laureate.save()
    text = client.get(page).content.decode()
    assert "no longer valid" in text and "It was somebody else’s." in text
    assert client.get(reverse("awards:paper", args=[laureate.code, "certificate.pdf"])).status_code == 404


def test_the_desk_takes_all_of_them_and_says_who_signs(client, laureate):
    organiser = make_member(laureate.film.edition, Role.ORGANISER).user
    client.force_login(organiser)
    page = reverse("awards:papers", args=["spring"])
    assert client.post(page, {"signers": "A\nB\nC\nD"}).status_code == 400
    client.post(page, {"signers": "周怀安 | 评审团主席\nInes Marlow"})
    assert Papers.objects.get().signers == [
        {"name": "周怀安", "role": "评审团主席"},
        {"name": "Ines Marlow", "role": ""},
    ]
    sent = b"".join(client.get(reverse("awards:papers_zip", args=["spring"])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(f"grand-{laureate.film.code}-{form}" for form in FORMS)
        pdf = archive.read(f"grand-{laureate.film.code}-certificate.pdf")
    assert "周怀安" in text_of(pdf) and "InesMarlow" in text_of(pdf)


def test_a_name_that_cannot_be_set_is_told_and_listed_in_the_zip(client, laureate):
    laureate.film.title = "𠮷"
    laureate.film.save()
    answer = client.get(reverse("awards:paper", args=[laureate.code, "certificate.pdf"]))
    assert answer.status_code == 409 and "𠮷" in answer.content.decode()
    client.force_login(make_member(laureate.film.edition, Role.ORGANISER).user)
    sent = b"".join(client.get(reverse("awards:papers_zip", args=["spring"])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.namelist() == ["NOT-MADE.txt"]
        assert archive.read("NOT-MADE.txt").decode().count("𠮷") == len(FORMS)
