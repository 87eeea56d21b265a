"""Countries and languages as people write them, kept as codes where they are known.

A text such as "China, 法国" is stored as "CN, FR" (ISO 3166-1) and shown in the reader's language; "普通话 / English"
as "zh, en" (BCP 47). What is not known stays as it was written: a dialect without a code is still the film's language.
Names are those of Unicode CLDR, through Babel.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import gettext as _

from festival.kit.incoming import LineField, one_line
from festival.kit.words import short_language

MOST = 12  # names in one field
LONGEST = 60  # letters of one that has no code
NO_WORDS = "zxx"  # ISO 639-2: no linguistic content
_SEPARATORS = re.compile(r"[,，、;；/|\n]+")
_LOCALES = {"en": "en", "zh": "zh_Hans"}

_COUNTRY_ALIASES: Mapping[str, str] = {
    "china mainland": "CN",
    "mainland china": "CN",
    "pr china": "CN",
    "中国大陆": "CN",
    "内地": "CN",
    "中国内地": "CN",
    "中华人民共和国": "CN",
    "hong kong": "HK",
    "hong kong sar": "HK",
    "香港": "HK",
    "中国香港": "HK",
    "macao": "MO",
    "macau": "MO",
    "澳门": "MO",
    "中国澳门": "MO",
    "中国台湾": "TW",
    "usa": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "korea": "KR",
    "republic of korea": "KR",
    "south korea": "KR",
    "russian federation": "RU",
    "czech republic": "CZ",
    "holland": "NL",
    "the netherlands": "NL",
    "turkey": "TR",
    "uae": "AE",
    "ivory coast": "CI",
    "viet nam": "VN",
}
# CLDR's short forms, which Babel does not carry.
_SHORT_NAMES = {("en", "HK"): "Hong Kong", ("zh", "HK"): "香港", ("en", "MO"): "Macao", ("zh", "MO"): "澳门"}
_NO_TERRITORIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})

_LANGUAGE_ALIASES: Mapping[str, str] = {
    "mandarin": "zh",
    "putonghua": "zh",
    "standard chinese": "zh",
    "普通话": "zh",
    "国语": "zh",
    "华语": "zh",
    "汉语": "zh",
    "中文": "zh",
    "广东话": "yue",
    "白话": "yue",
    "闽南话": "nan",
    "台语": "nan",
    "hokkien": "nan",
    "上海话": "wuu",
    "简体中文": "zh-Hans",
    "中文（简体）": "zh-Hans",
    "简体": "zh-Hans",
    "繁体中文": "zh-Hant",
    "繁體中文": "zh-Hant",
    "中文（繁体）": "zh-Hant",
    "繁体": "zh-Hant",
    "none": NO_WORDS,
    "no dialogue": NO_WORDS,
    "no dialog": NO_WORDS,
    "without words": NO_WORDS,
    "silent": NO_WORDS,
    "无": NO_WORDS,
    "无对白": NO_WORDS,
    "无台词": NO_WORDS,
    "默片": NO_WORDS,
}
_LANGUAGE_NAMES = {("en", NO_WORDS): "No dialogue", ("zh", NO_WORDS): "无对白"}


@lru_cache(maxsize=4)
def country_names(language: str) -> dict[str, str]:
    """Code → name in "en" or "zh", in the order of that language's alphabet."""
    known = Locale.parse(_LOCALES[language]).territories
    names = {code: name for code, name in known.items() if len(code) == 2 and code not in _NO_TERRITORIES}
    names |= {code: name for (own, code), name in _SHORT_NAMES.items() if own == language}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


@lru_cache(maxsize=4)
def language_names(language: str) -> dict[str, str]:
    """BCP 47 tag → name in "en" or "zh"."""
    known = Locale.parse(_LOCALES[language]).languages
    wanted = {tag: name for tag, name in known.items() if "_" not in tag or tag in ("zh_Hans", "zh_Hant")}
    names = {tag.replace("_", "-"): name for tag, name in wanted.items() if tag not in ("mul", "und", "root")}
    names |= {tag: name for (own, tag), name in _LANGUAGE_NAMES.items() if own == language}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in _LOCALES:
        known |= {name.casefold(): code for code, name in country_names(language).items()}
    for language in _LOCALES.values():
        known |= {
            name.casefold(): code
            for code, name in Locale.parse(language).territories.items()
            if code in ("HK", "MO")
        }
    return known | {code.casefold(): code for code in country_names("en")} | dict(_COUNTRY_ALIASES)


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in _LOCALES:
        known |= {name.casefold(): tag for tag, name in language_names(language).items()}
    # 英语 and 英文 are the same to everybody but a dictionary.
    known |= {name[:-1] + "文": tag for name, tag in known.items() if name.endswith("语") and len(name) > 1}
    return known | {tag.casefold(): tag for tag in language_names("en")} | dict(_LANGUAGE_ALIASES)


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (one_line(part) for part in _SEPARATORS.split(text)))))


def country_codes(text: str) -> list[str]:
    """The countries of a text: codes where they are known, else what was written."""
    return list(dict.fromkeys(_countries().get(part.casefold(), part) for part in _split(text)))


def language_codes(text: str) -> list[str]:
    """The languages of a text: tags where they are known, else what was written."""
    return list(dict.fromkeys(_languages().get(part.casefold(), part) for part in _split(text)))


def _joined(names: list[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(names)


def country_text(stored: str, language: str | None = None) -> str:
    """The countries of a stored text in the reader's language."""
    language = language or short_language()
    names = country_names(language)
    return _joined([names.get(code, code) for code in country_codes(stored)], language)


def language_text(stored: str, language: str | None = None) -> str:
    """The languages of a stored text in the reader's language."""
    language = language or short_language()
    names = language_names(language)
    return _joined([names.get(tag, tag) for tag in language_codes(stored)], language)


class SuggestingInput(forms.TextInput):
    """A line with suggestions: `options` gives them when the page is made, in the reader's language."""

    template_name = "kit/suggesting.html"

    def __init__(self, options: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.options = options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-names"
        context["widget"]["suggestions"] = self.options()
        return context


class _NamesField(LineField):
    """Several names in one line; gives the stored text."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 300)
        super().__init__(**options)

    def codes(self, text: str) -> list[str]:
        raise NotImplementedError

    def shown(self, stored: str) -> str:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return self.shown(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        names = self.codes(super().clean(value))
        if len(names) > MOST:
            text = _("Name %(most)d at most.") % {"most": MOST}
            raise forms.ValidationError(text, code="too_many")
        long = next((name for name in names if len(name) > LONGEST), None)
        if long:
            text = _("“%(name)s …” is too long for one name. Separate several with commas.")
            raise forms.ValidationError(text % {"name": long[:20]}, code="too_long")
        return ", ".join(names)


class CountriesField(_NamesField):
    """Countries or regions, as codes where they are known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SuggestingInput(lambda: country_names(short_language()).values()), **options)

    def codes(self, text: str) -> list[str]:
        return country_codes(text)

    def shown(self, stored: str) -> str:
        return country_text(stored)


# Suggested where a language is asked for; any other is taken too.
COMMON = (
    "zh", "yue", "en", "zh-Hans", "zh-Hant", "ar", "bo", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi",
    "hu", "id", "it", "ja", "kk", "ko", "mn", "ms", "nan", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "ug",
    "uk", "ur", "vi", "wuu",
)  # fmt: skip


class LanguagesField(_NamesField):
    """Languages, as tags where they are known. `silent`: a film may have none."""

    def __init__(self, *, silent: bool = False, **options: Any) -> None:
        def suggested() -> list[str]:
            names = language_names(short_language())
            if silent:
                return [names[tag] for tag in (NO_WORDS, *(tag for tag in COMMON if "-" not in tag))]
            return [names[tag] for tag in COMMON if tag != "zh"]

        super().__init__(widget=SuggestingInput(suggested), **options)

    def codes(self, text: str) -> list[str]:
        return language_codes(text)

    def shown(self, stored: str) -> str:
        return language_text(stored)
