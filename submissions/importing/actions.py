"""Writes of an import. Each row by itself, safe to run again: what is there already is left alone."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.codes import new_code
from festival.people.actor import SYSTEM
from festival.people.models import User
from submissions import storing
from submissions.actions import log_event, move, settle
from submissions.importing.films import FilmFile, Films
from submissions.importing.rows import Row
from submissions.inspect_actions import queue_inspection
from submissions.intake.actions import clean_name
from submissions.lifecycle import State
from submissions.models import Asset, Entry, FilmVersion, ImportedRow, Upload
from submissions.question_actions import freeze_answers, save_answers
from submissions.statement_actions import write_statement_findings
from submissions.statement_view import rulebook_of, uses_of


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a row: created, updated, unchanged, or kept (it was submitted, so it is no longer changed)."""

    result: str
    imported: ImportedRow


@transaction.atomic
def write_row(*, edition: Edition, row: Row, at: datetime) -> Written:
    """Make the row's entry, or bring its draft up to date. The account is made where there is none.

    The call for entries is not asked: an organiser imports what was entered elsewhere in time.
    """
    Edition.objects.select_for_update().get(pk=edition.pk)  # two imports at once would make a row twice
    imported = ImportedRow.objects.filter(edition=edition, key=row.key).select_related("entry").first()
    if imported is None:
        entry = _create(edition, row, at)
        log_event(entry=entry, kind="imported", by=SYSTEM, at=at, key=row.key)
        fresh = ImportedRow.objects.create(
            edition=edition, key=row.key, entry=entry, digest=row.digest, at=at
        )
        return Written("created", fresh)
    if imported.digest == row.digest:
        return Written("unchanged", imported)
    changed = Entry.objects.filter(pk=imported.entry_id, state=State.DRAFT).update(
        track=row.track, updated_at=at, **row.values
    )
    if not changed:
        return Written("kept", imported)
    save_answers(entry=imported.entry, values=row.answers)
    imported.digest, imported.at = row.digest, at
    imported.save(update_fields=["digest", "at"])
    return Written("updated", imported)


def _create(edition: Edition, row: Row, at: datetime) -> Entry:
    user, _made = User.objects.get_or_create(
        email=row.email,
        defaults={"name": row.name, "language": "zh-hans" if edition.time_zone == "Asia/Shanghai" else "en"},
    )
    if _made:
        user.set_unusable_password()  # they choose one with “Forgotten your password?”
        user.save(update_fields=["password"])
    for _attempt in range(5):
        try:
            with transaction.atomic():
                entry = Entry.objects.create(
                    edition=edition,
                    track=row.track,
                    entrant=user,
                    code=new_code(),
                    created_at=at,
                    updated_at=at,
                    **row.values,
                )
        except IntegrityError:  # a code drawn twice
            continue
        save_answers(entry=entry, values=row.answers)
        return entry
    raise RuntimeError("no free entry code after five draws")


def bring_film(*, imported: ImportedRow, film: FilmFile, films: Films, at: datetime) -> bool:
    """Store the film, make it the entry's newest version and queue its inspection; False when that was done before.

    Nothing is written to the database before the whole film is stored under its SHA-256.
    """
    if (imported.film, imported.film_size) == (film.name[:500], film.size):
        return False
    if not film.size:
        raise OSError("the file is empty")
    with storing.work_folder() as folder:
        path = folder / "film"
        sha256, head = storing.join(films.blocks(film), path, lambda done: None)
        size = path.stat().st_size
        key = storing.store_original(path, sha256, storing.sniff_extension(head), lambda done: None)
    with transaction.atomic():
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=imported.entry_id)
        asset, _made = Asset.objects.get_or_create(
            sha256=sha256, defaults={"size": size, "key": key, "created_at": at}
        )
        storing.assert_kept(asset.key)
        newest = entry.versions.order_by("-number").values_list("number", flat=True).first() or 0
        upload = Upload.objects.create(
            id=uuid.uuid4(),
            entry=entry,
            user_id=entry.entrant_id,
            filename=clean_name(film.name),
            size=size,
            part_size=size,
            fingerprint=f"import {sha256}",
            state=Upload.State.COMPLETE,
            created_at=at,
            expires_at=at,
            completed_at=at,
        )
        version = FilmVersion.objects.create(
            entry=entry,
            number=newest + 1,
            upload=upload,
            asset=asset,
            filename=upload.filename,
            size=size,
            created_at=at,
        )
        ImportedRow.objects.filter(pk=imported.pk).update(film=film.name[:500], film_size=film.size)
        queue_inspection(version=version, at=at)
        log_event(
            entry=entry,
            kind="film_arrived",
            by=SYSTEM,
            at=at,
            version=version.number,
            filename=version.filename,
        )
    return True


@transaction.atomic
def submit_imported(*, imported: ImportedRow, submitted_at: datetime | None) -> bool:
    """Submit an imported draft that has its film, or needs none, with the time at which it was submitted there.

    What the form would ask beyond that was asked there, or not at all: it is not asked again. No letter says so; what
    the inspection finds is told as always. False when it is no draft, or has no film.
    """
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    entry = rows.get(pk=imported.entry_id)
    if entry.state != State.DRAFT or not (entry.is_project or entry.versions.exists()):
        return False
    at = timezone.now()
    freeze_answers(entry=entry)
    move(
        entry=entry,
        name="bring_in",
        by=SYSTEM,
        at=at,
        set_fields={"submitted_at": submitted_at or at},
    )
    write_statement_findings(entries={entry.pk: uses_of(entry)}, rulebook=rulebook_of(entry.edition))
    settle(entry=entry, at=at)
    return True
