"""Programmes for tests: a small one with everything in it, and any size of a large one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from festival.premiere.programme.document import (
    Edition,
    Film,
    Hall,
    Item,
    Kind,
    Premiere,
    Programme,
    Screening,
    Status,
    Text,
    Venue,
    days_of,
)

URL = "https://festival.example/spring-2027/programme/"
EDITION = Edition("spring-2027", Text("First Light 2027", "初光 2027"), URL, "Asia/Shanghai")
CHANGED = datetime(2027, 4, 1, 9, 30, tzinfo=UTC)
RELEASED = datetime(2027, 4, 2, 10, tzinfo=UTC)
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
VENUES = (
    Venue("1", Text("Riverside Cinema", "江岸影院"), Text("12 Quay Street, Shanghai", "上海市江岸路12号")),
    Venue("2", Text("Film Archive", "电影资料馆"), Text("3 Garden Lane", "花园弄3号")),
)
HALLS = (
    Hall("11", "1", Text("Great Hall", "大厅"), 1000, wheelchair_places=12, hearing_loop=True),
    Hall("12", "1", Text("Studio", "小厅"), 90),
    Hall("21", "2", Text("Great Hall", "大厅"), 240),
    Hall("31", "2", Text("Online", "线上厅"), 5000, online=True),
)


def film(code: str, title: Text, minutes: float, **fields: object) -> Film:
    values = {
        "makers": ("方远", "Mira Castellan"),
        "countries": ("CN", "FR"),
        "languages": ("zh",),
        "year": 2026,
        "synopsis": Text("A lamp that nobody lit keeps burning.", "一盏无人点亮的灯，一直亮着。"),
        "section": Text("Fiction", "剧情"),
        "ai_label": Text("AI-generated", "AI生成"),
    } | fields
    return Film(
        code=code,
        title=title,
        seconds=int(minutes * 60),
        url=f"https://festival.example/spring-2027/films/{code}/",
        **values,  # type: ignore[arg-type]
    )


FILMS = (
    film("LAMP2", Text("Under the Lamp", "灯下"), 18),
    film("SNOW3", Text("Snow on Mars", "火星上的雪"), 14, picture="https://festival.example/snow.jpg"),
    film("TIDE4", Text("", "Gezeiten"), 7.5, countries=("DE",), synopsis=Text(), ai_label=Text()),
)


def screening(
    code: str, hall: str, starts_at: datetime, items: tuple[Item, ...], **fields: object
) -> Screening:
    length = timedelta(seconds=sum(item.seconds for item in items))
    values = {
        "sequence": 1,
        "changed_at": CHANGED,
        "title": Text(f"Programme {code}", f"场次 {code}"),
    } | fields
    return Screening(
        code=code, hall=hall, starts_at=starts_at, ends_at=starts_at + length, items=items,
        url=f"{URL}#{code}", **values,  # type: ignore[arg-type]
    )  # fmt: skip


def shown(*codes: str, films: tuple[Film, ...] = FILMS) -> tuple[Item, ...]:
    known = {one.code: one for one in films}
    return tuple(Item(Kind.FILM, known[code].seconds, code) for code in codes)


SCREENINGS = (
    screening(
        "OPEN2", "11", EVENING,
        (
            Item(Kind.INTRO, 600), *shown("LAMP2", "SNOW3"),
            Item(Kind.QA, 1200, title=Text("With the makers", "与主创对谈")),
        ),
        title=Text("Opening night", "开幕之夜"), note=Text("Doors open at 18:30.", "18:30 开放入场。"), sequence=4,
        spoken=("zh", "en"), subtitles=("en",), min_age=12, premiere=Premiere.WORLD,
        host=Text("Ines Marlow", "周怀安"), ticket_note=Text("Free, with a seat ticket.", "凭票免费入场。"),
    ),
    screening("SHRT3", "12", EVENING + timedelta(minutes=30), shown("TIDE4", "SNOW3")),
    screening(
        "LATE4", "21", EVENING + timedelta(hours=6, minutes=30), shown("TIDE4"), title=Text("Night owls", "夜场")
    ),
    screening(
        "GONE5", "21", EVENING + timedelta(days=1), shown("LAMP2"), sequence=2, status=Status.CANCELLED,
        reason=Text("The hall has no power.", "影厅停电。"),
    ),
    screening("WEB6", "31", EVENING + timedelta(days=1, hours=2), shown("SNOW3", "LAMP2")),
)  # fmt: skip


def programme(**fields: object) -> Programme:
    """Two days, four halls, five screenings: one begins after midnight, one is cancelled, one is online."""
    made = Programme(
        edition=EDITION,
        version=3,
        released_at=RELEASED,
        days=days_of((one.starts_at for one in SCREENINGS), EDITION),
        venues=VENUES,
        halls=HALLS,
        screenings=SCREENINGS,
        films=FILMS,
        changes=Text("The hall of Sunday’s repeat is new.", "周日重映更换影厅。"),
    )
    return replace(made, **fields)  # type: ignore[arg-type]
