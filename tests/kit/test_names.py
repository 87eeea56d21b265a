"""Countries and languages as people write them."""

import pytest
from django import forms
from django.utils.translation import override

from festival.kit.names import (
    CountriesField,
    LanguagesField,
    country_codes,
    country_text,
    language_codes,
    language_text,
)


@pytest.mark.parametrize(
    ("written", "codes", "english", "chinese"),
    [
        ("", [], "", ""),
        ("China, 法国/Germany", ["CN", "FR", "DE"], "China, France, Germany", "中国、法国、德国"),
        ("CN", ["CN"], "China", "中国"),
        ("中国大陆；中国香港、澳门", ["CN", "HK", "MO"], "China, Hong Kong, Macao", "中国、香港、澳门"),
        ("usa, USA, United States of America", ["US"], "United States", "美国"),
        ("Atlantis", ["Atlantis"], "Atlantis", "Atlantis"),
    ],
)
def test_countries(written: str, codes: list[str], english: str, chinese: str) -> None:
    assert country_codes(written) == codes
    stored = ", ".join(codes)
    assert (country_text(stored, "en"), country_text(stored, "zh")) == (english, chinese)
    assert country_codes(english) == country_codes(chinese) == codes


@pytest.mark.parametrize(
    ("written", "codes", "english", "chinese"),
    [
        ("普通话 / English", ["zh", "en"], "Chinese, English", "中文、英语"),
        ("英文、英语", ["en"], "English", "英语"),
        ("四川话，粤语", ["四川话", "yue"], "四川话, Cantonese", "四川话、粤语"),
        ("None", ["zxx"], "No dialogue", "无对白"),
        ("默片", ["zxx"], "No dialogue", "无对白"),
        ("简体中文", ["zh-Hans"], "Simplified Chinese", "简体中文"),
    ],
)
def test_languages(written: str, codes: list[str], english: str, chinese: str) -> None:
    assert language_codes(written) == codes
    stored = ", ".join(codes)
    assert (language_text(stored, "en"), language_text(stored, "zh")) == (english, chinese)
    assert language_codes(english) == language_codes(chinese) == codes


def test_a_field_stores_codes_and_shows_names() -> None:
    field = CountriesField(required=False)
    assert (field.clean("France、中国"), field.clean("")) == ("FR, CN", "")
    with override("zh-hans"):
        assert field.prepare_value("FR, CN") == "法国、中国"
    assert field.prepare_value("FR, CN") == "France, China"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (",".join(f"language {number}" for number in range(13)), "Name 12 at most."),
        ("x" * 61, "“xxxxxxxxxxxxxxxxxxxx …” is too long for one name. Separate several with commas."),
    ],
)
def test_what_cannot_be_names_is_refused(written: str, sentence: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        LanguagesField(required=False).clean(written)
    assert refused.value.messages == [sentence]


def test_suggestions_stand_in_the_readers_language() -> None:
    class Form(forms.Form):
        language = LanguagesField(silent=True)

    with override("zh-hans"):
        page = str(Form()["language"])
    assert '<datalist id="id_language-names"><option value="无对白"><option value="中文">' in page
    assert 'list="id_language-names"' in page
