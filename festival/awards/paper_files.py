"""The papers of announced laureates: their values from the catalogue, their files made once and kept."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from festival.awards.models import Laureate, Papers
from festival.awards.papers import engine
from festival.awards.papers.engine import FORMS, Paper, Signer
from festival.kit.errors import Refused
from festival.kit.words import day_text
from festival.kit.zips import Sink


def paper_of(laureate: Laureate, papers: Papers | None) -> Paper:
    """What stands on the laureate's papers. `laureate` with its slot and film, the film with its edition."""
    film, slot = laureate.film, laureate.slot
    edition = film.edition
    address = settings.SITE_URL + reverse("awards:verify", args=[laureate.code])
    with override("en"):
        date = day_text(laureate.announced_at, edition.time_zone)
    return Paper(
        award_en=_in("en", slot.name),
        award_zh=_in("zh", slot.name),
        title=film.title,
        title_en=film.title_en,
        makers="、".join(person["name"] for person in film.credits if person.get("role") == "director"),
        edition_en=_in("en", edition.name),
        edition_zh=_in("zh", edition.name),
        year=str(laureate.announced_at.year),
        date=date,
        address=address,
        citation_en=_in("en", laureate.citation, fall_back=False),
        citation_zh=_in("zh", laureate.citation, fall_back=False),
        signers=tuple(Signer(**row) for row in papers.signers) if papers else (),
    )


def _in(language: str, text: dict[str, str], *, fall_back: bool = True) -> str:
    other = "zh" if language == "en" else "en"
    return text.get(language, "") or (text.get(other, "") if fall_back else "")


def file_of(laureate: Laureate, papers: Papers | None, form: str) -> bytes:
    """The file, made at the first asking and kept under a digest of all that stands on it."""
    paper = paper_of(laureate, papers)
    known = json.dumps([engine.VERSION, form, asdict(paper)], ensure_ascii=False, sort_keys=True)
    key = f"papers/{hashlib.sha256(known.encode()).hexdigest()}.{form[-3:]}"
    store = storages["default"]
    try:
        with store.open(key) as file:
            return bytes(file.read())
    except OSError:
        pass
    try:
        made = engine.make(paper, form)
    except engine.Unset as error:
        raise Refused(
            _(
                "No font here has “%(characters)s”. Write the name or title on the film’s page in other characters."
            )
            % {"characters": error.characters},
            code="unset",
        ) from None
    if not store.exists(key):
        store.save(key, ContentFile(made))
    return made


def name_of(laureate: Laureate, form: str) -> str:
    """The file's name for whoever saves it: award, place, film's code."""
    place = f"-{laureate.place}" if laureate.slot.places > 1 else ""
    return f"{laureate.slot.slug}{place}-{laureate.film.code}-{form}"


def as_zip(laureates: Iterable[Laureate], papers: Papers | None) -> Iterator[bytes]:
    """All papers of all laureates, made one after the other while the zip is sent. What cannot be set is listed."""
    sink, faults = Sink(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for laureate in laureates:
            for form in FORMS:
                name = name_of(laureate, form)
                try:
                    data = file_of(laureate, papers, form)
                except Refused as refusal:
                    faults.append(f"{name}: {refusal.text}")
                    continue
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
                yield sink.taken()
        if faults:
            archive.writestr("NOT-MADE.txt", "\n".join(faults))
    yield sink.taken()
