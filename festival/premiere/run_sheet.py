"""The projectionist's page of a screening: what runs when, and what each file is."""

from django.utils.translation import override

from festival.catalogue.models import Film
from festival.premiere import publishing
from festival.premiere.models import Item, Screening
from festival.premiere.programme import papers
from festival.premiere.programme.papers import Projection

SOUND = {1: "1.0", 2: "2.0", 6: "5.1", 8: "7.1"}  # channels as a cinema calls them


def run_sheet(screening: Screening, language: str) -> bytes:
    """A PDF: as the public knows the screening, or as it lies on the table while nobody does."""
    edition = screening.edition
    programme = publishing.in_force(edition)
    if programme is None or all(one.code != screening.code for one in programme.screenings):
        rows = publishing.screenings_of(edition).filter(pk=screening.pk)
        programme = publishing.programme_of(edition, rows, number=0, at=screening.updated_at, changes={})
    with override("zh-hans" if language == "zh" else "en"):
        films = {film.code: projection_of(film) for film in _films(screening)}
    shown = next(one for one in programme.screenings if one.code == screening.code)
    lines = {
        number: films[item.film] for number, item in enumerate(shown.items, start=1) if item.film in films
    }
    return papers.run_of_show(programme, screening.code, language, lines=lines, clear_at=screening.busy_until)


def _films(screening: Screening) -> list[Film]:
    codes = Item.objects.filter(screening=screening, film__isnull=False).values("film_id")
    return list(Film.objects.filter(pk__in=codes))


def projection_of(film: Film) -> Projection:
    """What is known of the file of a film, in the active language; what is not known stays empty."""
    aspect = f"{film.width / film.height:.2f}" if film.width and film.height else ""
    rate = f"{film.frame_rate.normalize():f} fps" if film.frame_rate else ""
    known = [film.get_file_format_display() if film.file_format else "", rate]
    return Projection(
        aspect=aspect,
        audio=SOUND.get(film.channels, str(film.channels)) if film.channels else "",
        copy=", ".join(part for part in known if part),
    )
