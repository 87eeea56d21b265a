"""Names as they are compared for conflicts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.logic.names import PUBLIC_MAIL, Index, domain, house_key, key, names_in, surname


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｗａｎｇ　Ｗｅｉ", "wang wei"),
        ("Zhang Wei", "WEI, Zhang"),
        ("José da Silva", "Jose Da Silva"),
        ("欧阳·娜娜", "欧阳娜娜"),
        ("王 小明", "王小明"),
        ("ＡＩ電影社", "ai電影社"),
        ("O’Brien", "O'Brien"),
    ],
)
def test_the_same_name_written_otherwise(one, other):
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("王伟", "王炜"), ("Anna Li", "Anna Lin"), ("がく", "かく"), ("ガ", "カ")]
)
def test_other_names_stay_other(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("王小明", "王"),
        ("欧阳娜娜", "欧阳"),
        ("歐陽修", "歐陽"),
        ("欧阳", "欧"),  # two characters: surname and given name
        ("司马光", "司马"),
        ("山田 太郎", "山田"),
        ("김민수", "김"),
        ("Anna van der Berg", "berg"),
        ("ZHANG Wei", "zhang"),
        ("J. Smith Jr.", "smith"),
        ("Amélie Poulain", "poulain"),
        ("Somebody", ""),
        ("Person 12", ""),
        ("", ""),
    ],
)
def test_surnames(name, last):
    assert surname(name) == last


@pytest.mark.parametrize(
    ("email", "found"),
    [
        ("a@Studio.CN", "studio.cn"),
        ("a@qq.com", ""),
        ("a@gmail.com", ""),
        ("a@example.org", ""),
        ("a@demo.example", ""),
        ("nothing", "nothing"),
    ],
)
def test_domains_without_public_mail(email, found):
    assert domain(email) == found


def test_public_mail_is_written_as_it_is_compared():
    assert {one for one in PUBLIC_MAIL if one != one.casefold() or "." not in one} == set()


def test_a_house_is_found_inside_longer_names():
    index = Index()
    index.add_name(1, "北京纸船动画工作室", person=False)
    index.add_name(2, "Tsinghua University, School of Art", person=False)
    index.add_name(3, "Paper Boat Films Co., Ltd.", person=False)
    index.add_name(4, "University of Arts", person=False)
    index.add_name(5, "光影有限公司", person=False)
    assert index.films_of("纸船动画有限公司", house=True) == {1}
    assert index.films_of("tsinghua university", house=True) == {2}
    assert index.films_of("Paper Boat", house=True) == {3}
    assert index.films_of("University", house=True) == set()  # too little to go by
    assert index.films_of("光影", house=True) == {5}
    assert index.surnames.get("北", set()) == set()


def test_a_person_is_not_found_inside_another_name():
    index = Index()
    index.add_name(1, "李娜娜")
    index.add_name(2, "李娜、王伟")
    assert index.films_of("李娜") == {2}
    assert index.films_of("王伟") == {2}
    assert index.surnames == {"李": {1, 2}, "王": {2}}


def test_a_line_of_several_names():
    assert names_in("Ada Lum and Bo Yu / 王伟") == ["Ada Lum and Bo Yu / 王伟", "Ada Lum", "Bo Yu", "王伟"]


def test_what_kind_of_house_it_is_says_nothing():
    assert house_key("纸船动画股份有限公司") == house_key("纸船动画公司") == "纸船动画"
    assert house_key("The Boat Company Ltd.") == house_key("Boat Inc") == "boat"
    assert house_key("Company") == "company"


@given(st.text(max_size=30))
def test_keys_do_not_depend_on_case_width_or_spaces_around(text):
    found = key(text)
    assert key(f"  {text} ") == found
    assert key(found) == found
    assert key(unicodedata.normalize("NFC", text)) == found


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=8), min_size=1, max_size=4))
def test_a_name_is_found_as_it_was_written(words):
    index = Index()
    name = " ".join(words)
    index.add_name(7, name)
    if key(name):
        assert index.films_of(name) == {7}
        assert index.films_of(name, house=True) == {7}
