"""Who made the demo's films: made-up people."""

from submissions.credit_people import Person
from submissions.inspection.scenery.demo import DemoFilm

MUSIC = {"en": ("Noor Haddad", "诺尔·哈达德"), "zh-hans": ("沈知夏", "Shen Zhixia")}
VOICE = {"en": ("Tomás Iriarte", ""), "zh-hans": ("罗一舟", "Luo Yizhou")}


def crew_of_demo(film: DemoFilm, entrant: str, language: str) -> list[Person]:
    """The credits of a demo film, as its entrant wrote them in `language`: the entrant is the producer."""
    names = [film.director_en, film.director_zh]
    if language == "zh-hans":
        names.reverse()
    name, other = names
    return [
        Person(
            name=name,
            name_other=other if other != name else "",
            roles=("director", "writer", "ai_artist"),
        ),
        Person(name=entrant, roles=("producer",), is_representative=True, is_self=True),
        Person(*MUSIC[language], roles=("sound", "music"), email="music@demo.example"),
        Person(*VOICE[language], roles=("voice", "other"), role_other="Titles"),
    ]
