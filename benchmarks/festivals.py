"""Festivals made for the benchmark and the tests of the timetable: as documents, so that the reader is used too."""

import random
from datetime import date, timedelta
from typing import Any

TRACKS = ("story", "open form", "documentary", "animation")
MOODS = ("tender", "dark", "comic", "wild")
LANGUAGES = ("en", "zh", "fr", "es")
FIRST = date(2027, 4, 15)


def festival(
    films: int, venues: int, halls: int, days: int, *, seed: int, repeat: bool = True
) -> dict[str, Any]:
    """A short-film festival: `halls` in each venue, open 13:00 to 24:00, films of three to eighteen minutes."""
    draw = random.Random(seed)
    dates = [(FIRST + timedelta(days=day)).isoformat() for day in range(days)]
    nights = [(FIRST + timedelta(days=day + 1)).isoformat() for day in range(days)]
    open_hours = [{"from": f"{day}T13:00", "until": f"{night}T00:00"} for day, night in zip(dates, nights)]
    names = [f"venue {number + 1}" for number in range(venues)]
    guests = [f"guest {number + 1}" for number in range(films // 6)]
    return {
        "first_day": dates[0],
        "days": days,
        "zone": "Europe/Berlin",
        "venues": [
            {
                "venue": name,
                "halls": [
                    {
                        "hall": f"{name} hall {number + 1}",
                        "seats": draw.choice((120, 240, 400)),
                        "turnaround": 20,
                        "formats": ["DCP", "ProRes", "H.264"] if (place + number) % 3 else ["DCP", "H.264"],
                        "surround": (place + number) % 3 < 2,
                        "open": open_hours,
                    }
                    for number in range(halls)
                ],
            }
            for place, name in enumerate(names)
        ],
        "travel": [
            {"from": one, "to": other, "minutes": 30}
            for at, one in enumerate(names)
            for other in names[at + 1 :]
        ],
        "guests": [
            {
                "guest": name,
                "available": [
                    {"from": f"{dates[first]}T09:00", "until": f"{nights[last]}T02:00"}
                    for first in [draw.randrange(days - 1)]
                    for last in [min(days - 1, first + 1 + draw.randrange(2))]
                ],
            }
            for name in guests
        ],
        "films": [
            {
                "film": f"film {number + 1}",
                "seconds": draw.randint(180, 1080),
                "track": draw.choice(TRACKS),
                "mood": draw.choice(MOODS),
                "languages": draw.choice(([], ["en"], ["en"], ["zh"], ["fr", "en"], ["es"])),
                "age": draw.choice((0, 0, 0, 6, 12, 12, 16, 18 if draw.random() < 0.5 else 0)),
                "tempo": draw.randint(1, 3),
                "strength": draw.randint(1, 9),
                "formats": draw.choice(
                    (["DCP"], ["ProRes", "H.264"], ["H.264"], ["ProRes"] if draw.random() < 0.2 else [])
                ),
                "surround": draw.random() < 0.05,
                **draw.choice(({}, {}, {}, {"status": "city"}, {"status": "national"}, {"status": "world"})),
                "guests": [draw.choice(guests)] if number % 5 == 0 else [],
            }
            for number in range(films)
        ],
        "blocks": {
            "target": 90,
            "least": 80,
            "most": 100,
            "intro_seconds": 300,
            "qa_seconds": 900,
            "repeat_qa_seconds": 0,
        },
        "repeat": repeat,
        "rehearsal": {"minutes": 30, "within_hours": 24},
        "age_slots": [{"slot": "late", "age_from": 18, "from": "21:00"}],
    }
