"""The words of the outward formats in both languages, and how dates, lengths and names are written in them."""

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from festival.premiere.programme.document import Film, Item, Kind, Premiere, Screening
from festival.premiere.programme.groupings import Lookup

_LOCALES = {"en": Locale("en"), "zh": Locale("zh", script="Hans")}
_WORDS: dict[str, tuple[str, str]] = {
    "film": ("Film", "影片"),
    "intro": ("Introduction", "开场介绍"),
    "label": ("Label slide", "字幕卡"),
    "talk": ("Jury talk", "评审团对谈"),
    "qa": ("Q&A", "映后交流"),
    "break": ("Break", "休息"),
    "world": ("World premiere", "全球首映"),
    "national": ("National premiere", "全国首映"),
    "city": ("City premiere", "本地首映"),
    "programme": ("Programme", "节目手册"),
    "day sheet": ("Day sheet", "当日排片表"),
    "run of show": ("Run of show", "放映流程表"),
    "cancelled": ("Cancelled", "已取消"),
    "films": ("Films", "影片"),
    "day": ("Day", "日期"),
    "start": ("Start", "开始"),
    "end": ("End", "结束"),
    "length": ("Length", "时长"),
    "hall": ("Hall", "影厅"),
    "venue": ("Venue", "场馆"),
    "address": ("Address", "地址"),
    "title": ("Title", "片名"),
    "screening": ("Screening", "场次"),
    "directors": ("Directed by", "导演"),
    "countries": ("Countries", "国家/地区"),
    "year": ("Year", "年份"),
    "section": ("Section", "单元"),
    "spoken": ("Spoken", "对白语言"),
    "subtitles": ("Subtitles", "字幕"),
    "age": ("Minimum age", "最低年龄"),
    "premiere": ("Premiere", "首映"),
    "host": ("Host", "主持"),
    "tickets": ("Tickets", "票务"),
    "note": ("Note", "说明"),
    "status": ("Status", "状态"),
    "reason": ("Reason", "原因"),
    "scheduled": ("Scheduled", "正常"),
    "address on the web": ("Link", "链接"),
    "code": ("Code", "编号"),
    "position": ("No.", "序号"),
    "kind": ("Kind", "类型"),
    "seats": ("Seats", "座位数"),
    "contents": ("Contents", "目录"),
    "no screenings": ("No screenings on this day.", "当日没有放映。"),
    "online": ("Online", "线上"),
    "wheelchairs": ("Wheelchair places", "轮椅席位"),
    "hearing loop": ("Hearing loop", "助听环路"),
    "clock": ("Clock", "时刻"),
    "what": ("What", "内容"),
    "aspect": ("Aspect", "画幅"),
    "audio": ("Audio", "声音"),
    "copy": ("Copy", "拷贝"),
    "cue": ("Cue", "提示"),
    "checked": ("Done", "完成"),
    "films in all": ("Films", "影片合计"),
    "running time": ("Running time", "总时长"),
    "empty until": ("Hall clear by", "清场时间"),
    "after midnight": ("after midnight", "次日凌晨"),
}


def word(key: str, language: str) -> str:
    """One of the words above."""
    return _WORDS[key][language == "zh"]


def version_words(number: int, released_at: datetime, zone: str, language: str) -> str:
    """Which version this is and of when, on the festival's clock."""
    local = released_at.astimezone(ZoneInfo(zone))
    when = f"{day_words(local.date(), language, weekday=False)} {local:%H:%M}"
    return f"第 {number} 版，{when} 发布" if language == "zh" else f"Version {number}, released {when}"


def day_words(day: date, language: str, *, weekday: bool = True) -> str:
    """ "Friday 16 April 2027"; "2027年4月16日 星期五"."""
    if language == "zh":
        return format_date(day, "y年M月d日 EEEE" if weekday else "y年M月d日", locale=_LOCALES["zh"])
    return format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale=_LOCALES["en"])


def length_words(seconds: int) -> str:
    """A running time: h:mm:ss or m:ss."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def age_words(years: int | None, language: str) -> str:
    """From which age on: 0 is for everybody; nothing where nobody rated it."""
    if years is None:
        return ""
    if years == 0:
        return "适合所有年龄" if language == "zh" else "For everybody"
    return f"{years} 岁以上" if language == "zh" else f"From age {years}"


def premiere_words(premiere: Premiere, language: str) -> str:
    return word(premiere.value, language) if premiere else ""


def joined(names: list[str] | tuple[str, ...], language: str) -> str:
    """A list as the language writes it."""
    return ("、" if language == "zh" else ", ").join(name for name in names if name)


def countries(codes: tuple[str, ...], language: str) -> str:
    known = _LOCALES[language].territories
    return joined([known.get(code, code) for code in codes], language)


def languages(codes: tuple[str, ...], language: str) -> str:
    """Names of languages; a film without words says so ("zxx", ISO 639-2)."""
    known = {**_LOCALES[language].languages, "zxx": "无对白" if language == "zh" else "no dialogue"}
    return joined([known.get(code, code) for code in codes], language)


def item_words(item: Item, look: Lookup, language: str) -> str:
    """What a line of the running order is called: the film's title, its own words, or its kind."""
    if item.kind is Kind.FILM:
        return look.films[item.film].title.said(language)
    return item.title.said(language) or word(item.kind.value, language)


def facts(film: Film, language: str) -> str:
    """Country, year and length in a line."""
    rows = [
        countries(film.countries, language),
        str(film.year) if film.year else "",
        length_words(film.seconds),
    ]
    return (" · ").join(row for row in rows if row)


def section_of(screening: Screening, look: Lookup, language: str) -> str:
    """The section that all its films belong to, if it is one."""
    names = {film.section.said(language) for film in look.films_of(screening)}
    return names.pop() if len(names) == 1 else ""


_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")


def plain(text: str) -> str:
    """Text without what no format can carry: control characters, noncharacters; every line end is a newline.

    The rest stays as it is, marks of direction and joiners of emoji included.
    """
    text = _LINE_ENDS.sub("\n", text)
    if text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or _kept(char))


def _kept(char: str) -> bool:
    return (
        unicodedata.category(char) not in ("Cc", "Cs")
        and ord(char) & 0xFFFE != 0xFFFE
        and not (0xFDD0 <= ord(char) <= 0xFDEF)
    )


def one_line(text: str) -> str:
    """The same on one line, for titles: runs of white space become a space."""
    return " ".join(plain(text).split())
