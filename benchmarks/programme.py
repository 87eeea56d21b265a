"""What writing a programme costs: `python -m benchmarks.programme [--films 300] [--halls 8] [--days 7]`.

Every film is shown twice, four to a screening, halls and days in turn, with introductions and Q&As. Each format is
written once in each language, then twice more by turns. Printed is the CPU of the dearer of the first two, which is
what a new process pays (the setter of papers remembers what it has set), the median CPU of all, and the size.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from festival.premiere.programme import codec, frab, ical, jsonld, papers, tables
from festival.premiere.programme.document import (
    Edition,
    Film,
    Hall,
    Item,
    Kind,
    Programme,
    Screening,
    Text,
    Venue,
    days_of,
)

URL = "https://festival.example/bench/programme/"
WORDS = (
    "lamp",
    "river",
    "snow",
    "glass",
    "tide",
    "paper",
    "orchard",
    "signal",
    "harbour",
    "violet",
    "engine",
)
CHARACTERS = "灯河雪玻璃潮纸园信号港紫机镜风山月影声光城路"


def main() -> None:
    """Make the programme, write it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=300)
    parser.add_argument("--halls", type=int, default=8)
    parser.add_argument("--days", type=int, default=7)
    options = parser.parse_args()
    made = large(options.films, options.halls, options.days)
    lines = sum(len(one.items) for one in made.screenings)
    print(f"{len(made.films)} films, {len(made.halls)} halls, {len(made.days)} days, "
          f"{len(made.screenings)} screenings, {lines} lines")  # fmt: skip
    writers: dict[str, Callable[[str], bytes]] = {
        "JSON": lambda language: codec.as_bytes(made),
        "iCalendar": lambda language: ical.calendar(made, language),
        "schedule.xml": lambda language: frab.schedule_xml(made, language, url=URL),
        "schedule.json": lambda language: frab.schedule_json(made, language, url=URL),
        "JSON-LD": lambda language: repr(jsonld.linked_data(made, language)).encode(),
        "CSV of screenings": lambda language: "".join(tables.screenings_csv(made, language)).encode(),
        "CSV of running orders": lambda language: "".join(tables.running_orders_csv(made, language)).encode(),
        "booklet": lambda language: papers.booklet(made, language),
        "day sheets": lambda language: papers.day_sheets(made, language),
    }
    for name, write in writers.items():
        seconds, size = [], 0
        for turn in range(6):
            before = time.process_time()
            size = len(write("zh" if turn % 2 else "en"))
            seconds.append(time.process_time() - before)
        typical = statistics.median(seconds)
        print(f"{name:22} first {max(seconds[:2]):.3f} s  median {typical:.3f} s  {size / 1000:5.0f} kB")


def large(films: int, halls: int, days: int, seed: int = 7) -> Programme:
    """A programme of that size, the same for the same seed."""
    dice = random.Random(seed)
    edition = Edition("bench", Text("First Light 2027", "初光 2027"), URL, "Asia/Shanghai")
    venues = [
        Venue(f"V{n}", Text(f"Cinema {n}", f"影院{n}"), Text(f"{n} Quay Street", f"江岸路{n}号"))
        for n in range(1, 4)
    ]
    rooms = [
        Hall(f"H{n}", f"V{n % 3 + 1}", Text(f"Hall {n}", f"{n}号厅"), 100 + 40 * n)
        for n in range(1, halls + 1)
    ]
    shown = [_film(number, dice) for number in range(films)]
    first, blocks = datetime(2027, 4, 16, 2, tzinfo=UTC), []
    for _time in range(2):
        order = dice.sample(shown, len(shown))
        blocks += [order[at : at + 4] for at in range(0, len(order), 4)]
    screenings = []
    for number, block in enumerate(blocks):
        hall, day, turn = number % halls, number // halls % days, number // (halls * days)
        screenings.append(_screening(number, rooms[hall], first + timedelta(days=day, hours=2 * turn), block))
    return Programme(
        edition=edition,
        version=12,
        released_at=first - timedelta(days=20),
        days=days_of((one.starts_at for one in screenings), edition),
        venues=tuple(venues),
        halls=tuple(rooms),
        screenings=tuple(screenings),
        films=tuple(shown),
    )


def _film(number: int, dice: random.Random) -> Film:
    english = " ".join(dice.choice(WORDS) for _word in range(dice.randint(1, 4))).capitalize()
    chinese = "".join(dice.choice(CHARACTERS) for _character in range(dice.randint(2, 8)))
    return Film(
        code=f"F{number:04}",
        title=Text(english, chinese),
        makers=("方远", "Mira Castellan")[: dice.randint(1, 2)],
        seconds=dice.randint(90, 1500),
        url=f"https://festival.example/bench/films/F{number:04}/",
        countries=("CN",),
        languages=("zh",),
        year=2026,
        synopsis=Text(
            " ".join(dice.choice(WORDS) for _word in range(55)).capitalize() + ".",
            "".join(dice.choice(CHARACTERS) for _character in range(110)) + "。",
        ),
        section=Text("Fiction", "剧情"),
        ai_label=Text("AI-generated", "AI生成"),
    )


def _screening(number: int, hall: Hall, starts_at: datetime, films: list[Film]) -> Screening:
    items = (
        Item(Kind.INTRO, 300),
        *(Item(Kind.FILM, one.seconds, one.code) for one in films),
        Item(Kind.QA, 900),
    )
    return Screening(
        code=f"S{number:04}",
        sequence=number % 5,
        changed_at=datetime(2027, 3, 1, tzinfo=UTC),
        title=Text(f"Shorts {number + 1}", f"短片集 {number + 1}"),
        hall=hall.code,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(seconds=sum(item.seconds for item in items)),
        items=items,
        url=f"{URL}#S{number:04}",
        note=Text("With guests.", "主创到场。"),
        spoken=("zh",),
        subtitles=("en",),
        min_age=12,
    )


if __name__ == "__main__":
    main()
