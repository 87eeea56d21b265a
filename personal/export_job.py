"""The job of the worker: write what the site holds about an account into one archive, and put it into the storage.

Rows and files are streamed; no table and no file is ever in memory as a whole. Safe to run twice.
"""

import json
import logging
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone, translation

from festival.people.models import User
from festival.post.models import Notice
from festival.post.queries import with_words
from festival.post.words import render
from personal import export_actions
from personal.export_readme import readme
from personal.fates import addresses_of
from personal.files import Owned, files_of, inside_and_listed
from personal.holding import named
from personal.letters import language_of
from personal.models import DataExport
from personal.table import HOLDINGS
from submissions import storing
from submissions.models import Entry, Event
from submissions.timeline import WITH_REASON

log = logging.getLogger(__name__)
CHUNK = 500
Step = Callable[[int], None]  # hears per cent


def run(pk: int) -> None:
    """Make a waiting copy, if nobody else does; and tell its owner."""
    lease = export_actions.claim(pk=pk, at=timezone.now())
    if lease is not None:
        user = User.objects.get(data_exports=pk)

        def step(percent: int) -> None:
            export_actions.renew(lease=lease, at=timezone.now(), progress=percent)

        try:
            with storing.work_folder() as folder:
                path = folder / "copy.zip"
                write_archive(user, path, step)
                size = path.stat().st_size
                with _kept_alive(lease):
                    key = storing.store_made(path, f"exports/{uuid.uuid4().hex}.zip")
            if not export_actions.record_ready(lease=lease, key=key, size=size, at=timezone.now()):
                storing.remove(key)
        except export_actions.LeaseLost:
            log.warning("data export %s is another worker's now", pk)
        except Exception:
            log.exception("data export %s failed", pk)
            export_actions.give_back(lease=lease, at=timezone.now())
    export_actions.tell_ready(pk=pk, at=timezone.now())


@contextmanager
def _kept_alive(lease: export_actions.Lease) -> Iterator[None]:
    """Renew the lease while a large archive is on its way into a bucket, which says nothing meanwhile."""
    over = threading.Event()

    def renew() -> None:
        with closing(connection):  # of this thread
            while not over.wait(settings.LEASE_SECONDS / 6):
                try:
                    export_actions.renew(lease=lease, at=timezone.now(), progress=99)
                except export_actions.LeaseLost:
                    return  # `record_ready` will say so
                except DatabaseError as error:  # one beat is missed; the lease bears five more
                    log.warning("lease of data export %s not renewed: %s", lease.pk, error)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def write_archive(user: User, path: Path, step: Step) -> None:
    """The whole archive; `step` hears how far it is, between rows and between blocks of files."""
    tables = list(tables_of(user, addresses_of(user)))
    inside, listed = inside_and_listed(files_of(user.pk))
    steps = _Steps(step, len(tables) + len(inside) + 2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme(user))
        steps.next()
        for name, rows in tables:
            _write_rows(archive, f"data/{name}.json", rows, steps.still)
            steps.next()
        _write_rows(archive, "files.json", _listing(inside, listed), steps.still)
        steps.next()
        for file in inside:
            _write_file(archive, file, steps.still)
            steps.next()


class _Steps:
    """Counts pieces of work, and says so at every hundredth row or block in between: the lease must be kept."""

    def __init__(self, step: Step, of: int) -> None:
        self.step, self.of, self.done, self.beats = step, of, 0, 0

    def next(self) -> None:
        self.done += 1
        self.step(100 * self.done // self.of)

    def still(self) -> None:
        self.beats += 1
        if self.beats % 100 == 0:
            self.step(100 * self.done // self.of)


def tables_of(user: User, addresses: tuple[str, ...]) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    """Every table of the copy by name, with its rows. An empty one says that there is nothing."""
    own = Entry.objects.filter(entrant=user)
    for holding in HOLDINGS:
        if holding.columns:
            rows = holding.of_entries(own).filter(holding.shown)
            records = _records(rows, holding.columns)
            yield holding.key, _told(records) if holding.model is Event else records
        for way in holding.ways:
            if way.columns:
                found = holding.of_account(way, user.pk, addresses).filter(way.shown)
                name = way.name or (f"{holding.key}_given" if holding.columns else holding.key)
                yield (
                    name,
                    _notices(found, user, way.columns)
                    if holding.model is Notice
                    else _records(found, way.columns),
                )
    yield "deeds", _deeds(user)


def _records(rows: QuerySet[Any], columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    pairs = [named(column) for column in columns]
    lookups = [lookup for _name, lookup in pairs]
    for values in rows.values_list(*lookups).iterator(chunk_size=CHUNK):
        yield {name: value for (name, _lookup), value in zip(pairs, values)}


def _told(events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Without what stays at the desk: reasons that the entrant is not given, and the team's names of codes."""
    for event in events:
        hidden = {"label"} if event["kind"] in WITH_REASON else {"label", "reason"}
        yield event | {"values": {key: said for key, said in event["values"].items() if key not in hidden}}


def _notices(rows: QuerySet[Any], user: User, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """With the words as they were mailed, in the account's language."""
    pairs = [named(column) for column in columns]
    with translation.override(language_of(user.language)):
        for notice in with_words(rows).iterator(chunk_size=CHUNK):
            record = {name: _follow(notice, lookup) for name, lookup in pairs}
            words = render(notice)
            yield record | {"subject": words.subject, "body": words.body}


def _follow(row: Any, lookup: str) -> Any:
    for part in lookup.split("__"):
        row = getattr(row, part)
    return row


def _deeds(user: User) -> Iterator[dict[str, Any]]:
    """What the account did that is kept under its name: where, which row, when."""
    for holding in HOLDINGS:
        if holding.did:
            rows = holding.done_by(user.pk).values_list("pk", holding.at)
            for pk, at in rows.iterator(chunk_size=CHUNK):
                yield {"table": holding.key, "number": str(pk), "at": at}


def _listing(inside: list[Owned], listed: list[Owned]) -> Iterator[dict[str, Any]]:
    for file, path in [(file, file.path) for file in inside] + [(file, None) for file in listed]:
        yield {
            "entry": file.entry,
            "kind": file.kind,
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "in_this_archive": path,
        }


def _write_rows(
    archive: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]], still: Callable[[], None]
) -> None:
    """A JSON array, a line a row."""
    with archive.open(name, "w", force_zip64=True) as target:
        target.write(b"[")
        for number, row in enumerate(rows):
            text = json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder)
            target.write((",\n" if number else "\n").encode() + text.encode())
            still()
        target.write(b"\n]\n")


def _write_file(archive: zipfile.ZipFile, file: Owned, still: Callable[[], None]) -> None:
    """A file block by block, as it was sent in. One that is missing in the storage is passed over: it is listed."""
    try:
        with archive.open(zipfile.ZipInfo(file.path), "w", force_zip64=True) as target:
            for block in storing.blocks_of(file.key):
                target.write(block)
                still()
    except FileNotFoundError:
        log.warning("%s is not in the storage", file.key)


def last_of(user_id: int) -> DataExport | None:
    """The newest copy that was asked for."""
    return DataExport.objects.filter(user=user_id).first()
