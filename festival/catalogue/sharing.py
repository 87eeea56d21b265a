"""What a film's page tells those who link to it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from festival.catalogue.models import Film
from festival.kit.names import language_codes
from festival.kit.sharing import Card, full, linked_data
from festival.kit.words import say

ABOUT_MAX = 200  # characters
ROLES = {  # of schema.org; other roles are contributors
    "director": "director",
    "producer": "producer",
    "writer": "author",
    "composer": "musicBy",
    "actor": "actor",
}


def path_of(film: Film) -> str:
    return reverse("catalogue:film", args=[film.edition.slug, film.code])


def still_of(film: Film) -> str:
    return reverse("catalogue:still", args=[film.edition.slug, film.code]) if film.still else ""


SOURCE = "https://schema.org/{}DigitalSource"  # of schema.org's IPTC digital source types


def digital_source(film: Film) -> str:
    """All by AI, or AI with other work; as its makers say. Empty where they do not speak of AI."""
    if not film.declares_ai:
        return ""
    mixed = any(line.get("no_ai") or line.get("human") for line in film.tools)
    return SOURCE.format("CompositeWithTrainedAlgorithmicMedia" if mixed else "TrainedAlgorithmicMedia")


def duration(seconds: int) -> str:
    """ISO 8601: PT3M12S."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return "PT" + "".join(
        f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number
    )


def film_data(film: Film, awards: Iterable[str]) -> dict[str, Any]:
    """A film as schema.org/Movie: titles, people, length, picture, and its awards as announced."""
    people: dict[str, list[dict[str, str]]] = {}
    for person in film.credits:
        role = ROLES.get(person.get("role", ""), "contributor")
        people.setdefault(role, []).append({"@type": "Person", "name": person["name"]})
    return {
        "@type": "Movie",
        "name": film.heading,
        "alternateName": film.other_title,
        "url": full(path_of(film)),
        "image": full(still_of(film)) if film.still else "",
        "description": say(film.synopsis),
        "duration": duration(film.seconds),
        "datePublished": str(film.year) if film.year else "",
        "award": list(awards),
        "inLanguage": [code for code in language_codes(film.language) if code != "zxx"],
        "digitalSourceType": digital_source(film),
        **people,
    }


def film_card(film: Film, awards: Iterable[str]) -> Card:
    """The film's page as a shared link shows it."""
    awards = list(awards)
    about = Truncator(say(film.synopsis)).chars(ABOUT_MAX)
    return Card(
        title=film.heading,
        path=path_of(film),
        about=" · ".join([*awards, about]) if about else " · ".join(awards),
        image=still_of(film),
        kind="video.movie",
        data=linked_data(film_data(film, awards)),
    )
