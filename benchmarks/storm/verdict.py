"""Inside the site, when the storm has settled: is everything there that was acknowledged, once, and nothing else?

    python -m benchmarks.storm.verdict FOLDER

Reads plan.json, accounts.json and ledger.jsonl; writes verdict.json: what broke, and what happened when.
"""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.storm import ledger
from benchmarks.storm.ledger import Line
from benchmarks.storm.plan import Plan

DEAD_WORKER = "The worker died, or lost the database, and its lease ran out."
BLOCK = 1 << 20


class Verdict:
    """Every check is a method that gives sentences about what broke."""

    def __init__(self, folder: Path) -> None:
        from submissions.models import Entry

        self.plan = Plan.read(folder / "plan.json")
        self.lines = list(ledger.read(folder / "ledger.jsonl"))
        accounts = json.loads((folder / "accounts.json").read_text())
        entries = {entry.code: entry for entry in Entry.objects.select_related("edition")}
        self.entries = {
            person.number: entries[account["entry"]]
            for person, account in zip(self.plan.people, accounts, strict=True)
        }
        self.people = {entry.pk: self.plan.people[number] for number, entry in self.entries.items()}
        self.figures: dict[str, Any] = {}

    def good(self, what: str) -> list[Line]:
        return [line for line in self.lines if line.what == what and line.good]

    def all(self) -> Iterator[str]:
        for check in (
            self.the_crowd, self.uploads, self.completed, self.versions, self.parts, self.submitted, self.late,
            self.letters, self.inspections, self.originals, self.swept,
        ):  # fmt: skip
            for sentence in check():
                yield f"{check.__name__}: {sentence}"

    def the_crowd(self) -> Iterator[str]:
        """What the entrants themselves saw that must not be, and whoever did not get through."""
        for line in self.lines:
            if line.what == "broken":
                yield f"{self.who(line.who)}: {line.said} (upload {line.upload})"
            if line.what == "gave_up":
                yield f"{self.who(line.who)}: never got through"

    def who(self, number: int) -> str:
        return f"person {number} ({self.plan.people[number].way})"

    def uploads(self) -> Iterator[str]:
        """What was begun stands there; nothing was begun after the deadline."""
        from submissions.models import Upload

        self.rows = {str(row.pk): row for row in Upload.objects.all()}
        due = datetime.fromtimestamp(self.plan.due, UTC)
        for line in self.good("create"):
            if line.upload not in self.rows:
                yield f"{self.who(line.who)}: upload {line.upload} was begun and is not known"
        for row in self.rows.values():
            if row.created_at >= due:
                yield f"upload {row.pk} was begun {row.created_at - due} after the deadline"
            film = self.plan.film(self.people[row.entry_id])
            if row.size != film.size:
                yield f"upload {row.pk} has {row.size} bytes, not {film.size}"
        states = Counter(row.state for row in self.rows.values())
        self.figures["uploads"] = dict(states)
        for line in self.good("abort"):
            if self.rows[line.upload].state != "aborted":
                yield f"{self.who(line.who)}: upload {line.upload} was discarded and is {self.rows[line.upload].state}"

    def completed(self) -> Iterator[str]:
        """Each acknowledged completion is one film version, and the same one however often it was told."""
        from submissions.models import FilmVersion

        versions = {str(version.upload_id): version for version in FilmVersion.objects.all()}
        told: dict[str, set[int]] = defaultdict(set)
        for line in self.good("complete"):
            told[line.upload].add(line.number)
        for upload, numbers in told.items():
            version = versions.get(upload)
            if version is None:
                yield f"upload {upload} was acknowledged as complete and has no film version"
            elif numbers != {version.number}:
                yield f"upload {upload} was told as versions {sorted(numbers)} and is {version.number}"
        asked = {line.upload for line in self.lines if line.what == "complete"}
        for upload, version in versions.items():
            row = self.rows[upload]
            if upload not in asked:
                yield f"upload {upload} became a film without being completed"
            if row.state != "complete" or row.completed_at is None:
                yield f"upload {upload} has a film version and is {row.state}"
            if version.size != row.size or version.entry_id != row.entry_id:
                yield f"the version of upload {upload} does not fit it"
        for upload, row in self.rows.items():
            if row.state == "complete" and upload not in versions:
                yield f"upload {upload} is complete and has no film version"
        self.figures["acknowledged"] = len(told)
        self.figures["versions"] = len(versions)

    def versions(self) -> Iterator[str]:
        """Whoever came through has exactly one film; nobody has two, or one that they did not send."""
        begun: dict[int, set[str]] = defaultdict(set)
        for line in self.good("create"):
            begun[line.who].add(line.upload)
        for number, entry in self.entries.items():
            person, count = self.plan.people[number], entry.versions.count()
            enough = len(begun[number]) >= (2 if person.way == "anew" else 1)  # else the deadline was faster
            wanted = 1 if person.comes_through and enough else 0
            if count != wanted:
                yield f"{self.who(number)}: {count} films, not {wanted}"
            if entry.track.entries.filter(entrant=entry.entrant).count() != 1:
                yield f"{self.who(number)}: not one entry"

    def parts(self) -> Iterator[str]:
        """Of uploads that are not complete every acknowledged part is listed and holds the right bytes."""
        from submissions.intake.drivers import driver_of
        from submissions.intake.local_parts import LocalParts

        sent: dict[str, set[int]] = defaultdict(set)
        for line in self.good("part"):
            sent[line.upload].add(line.number)
        count = 0
        for upload, row in self.rows.items():
            if row.state != "open":
                continue
            driver, film = driver_of(row), self.plan.film(self.people[row.entry_id])
            listed = {part.number: part for part in driver.list(row)}
            for number in sent[upload]:
                start = (number - 1) * row.part_size
                length = min(row.part_size, row.size - start)
                part = listed.get(number)
                if part is None or part.size != length:
                    yield f"part {number} of upload {upload} was acknowledged and is not there"
                    continue
                count += 1
                kept = part.etag
                if isinstance(driver, LocalParts):
                    path = driver.folder(row.pk) / f"{number:05}.{part.etag}"
                    kept = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
                if kept != film.md5(start, length):
                    yield f"part {number} of upload {upload} holds other bytes than were sent"
        self.figures["kept_parts"] = count

    def submitted(self) -> Iterator[str]:
        """Submitted is who was told so (or was not told anything), exactly once."""
        from submissions.models import Event

        told = {line.who for line in self.good("submit")}
        asked = {line.who for line in self.lines if line.what == "submit"}
        events = Counter(Event.objects.filter(kind="submit").values_list("entry_id", flat=True))
        for number, entry in self.entries.items():
            times = events[entry.pk]
            if times > 1 or (entry.submitted_at is not None) != bool(times):
                yield f"{self.who(number)}: submitted {times} times"
            if number in told and not times:
                yield f"{self.who(number)}: was told that the entry is submitted, and it is not"
            if times and number not in asked:
                yield f"{self.who(number)}: submitted without being asked"
        self.figures["submitted"] = sum(events.values())
        heard = {line.who: line.heard for line in reversed(self.good("complete"))}  # of the first
        for line in self.lines:
            if line.what == "submit" and line.status == 410 and heard.get(line.who, 0) >= self.plan.due:
                yield f"{self.who(line.who)}: heard after the deadline that the film is there, and may not submit"

    def late(self) -> Iterator[str]:
        """After the deadline nobody begins, and before it nobody is told that it is over."""
        refused = 0
        for line in self.lines:
            if line.what != "create":
                continue
            closed = line.status == 410 and line.code == "call_closed"
            if closed and line.heard < self.plan.due:
                yield f"{self.who(line.who)}: refused before the deadline"
            if self.plan.people[line.who].way == "late":
                refused += closed
                if not closed and line.status and line.status < 500:
                    yield f"{self.who(line.who)}: began after the deadline and was told {line.status} {line.code}"
        self.figures["late"] = refused

    def letters(self) -> Iterator[str]:
        """One notice for every film that arrived and every entry that was submitted; none waits for ever."""
        from festival.post.models import Notice

        for kind, wanted in (
            ("film_arrived", self.figures["versions"]),
            ("entry_submitted", self.figures["submitted"]),
        ):
            count = Notice.objects.filter(kind=kind).count()
            if count != wanted:
                yield f"{count} notices {kind}, not {wanted}"
        left = Counter(Notice.objects.exclude(state="sent").values_list("state", flat=True))
        if left:
            yield f"letters not sent: {dict(left)}"
        self.figures["letters"] = Notice.objects.count()

    def inspections(self) -> Iterator[str]:
        """Each film is inspected once, and the verdict is right: what can be played passes, the rest is unreadable."""
        from submissions.models import Inspection

        found: Counter[str] = Counter()
        rows = Inspection.objects.select_related("version__entry", "version__asset")
        seen: Counter[int] = Counter()
        finished = []
        for row in rows.defer("report", "glance"):
            person = self.people[row.version.entry_id]
            seen[row.version_id] += 1
            name = "real" if person.film is not None else "noise"
            if row.state == "failed" and row.error == DEAD_WORKER:  # killed three times over the same film
                found[f"{name} given up"] += 1
                continue
            if row.state != "done":
                yield f"the inspection of {self.who(person.number)} is {row.state} at {row.stage}: {row.error}"
                continue
            found[f"{name} {row.verdict}"] += 1
            finished.append(row.finished_at.timestamp())
            if row.verdict != ("pass" if name == "real" else "unreadable"):
                yield f"the film of {self.who(person.number)} is {name} and was found {row.verdict}"
        for version, count in seen.items():
            if count != 1:
                yield f"version {version} was inspected {count} times"
        if len(seen) != self.figures["versions"]:
            yield f"{len(seen)} of {self.figures['versions']} films were inspected"
        self.figures["inspections"] = dict(found)
        self.figures["finished"] = sorted(finished)

    def originals(self) -> Iterator[str]:
        """Every film lies in the storage under its hash, bit for bit as it was sent, and nothing lies beside them."""
        from submissions import storing
        from submissions.models import Asset, FilmVersion

        hashes = {asset.pk: hashed(asset.key) for asset in Asset.objects.all()}
        for version in FilmVersion.objects.select_related("asset"):
            person = self.people[version.entry_id]
            film = self.plan.film(person)
            if version.asset is None:
                yield f"the film of {self.who(person.number)} is not stored"
            elif version.asset.sha256 != film.sha256 or version.asset.size != film.size:
                yield f"the film of {self.who(person.number)} is stored as another"
            elif hashes[version.asset.pk] != film.sha256:
                yield f"the stored bytes of {self.who(person.number)} are not those that were sent"
        known = set(Asset.objects.values_list("key", flat=True))
        for key in set(stored("originals/")) - known:
            yield f"{key} lies in the storage and belongs to nobody"
        assets = Asset.objects.order_by("created_at").values_list("created_at", flat=True)
        self.figures["stored"] = [at.timestamp() for at in assets]
        self.figures["bytes"] = sum(Asset.objects.values_list("size", flat=True))
        self.figures["storage"] = "folder" if storing.is_local() else "bucket"

    def swept(self) -> Iterator[str]:
        """After the sweep only the unfinished uploads are left; after their time nothing is."""
        from django.conf import settings
        from django.utils import timezone

        from submissions import storing
        from submissions.intake import actions
        from submissions.intake.drivers import drivers_here
        from submissions.models import Upload

        def left() -> set[str]:
            return {str(kept.upload_id) for driver in drivers_here().values() for kept in driver.kept()}

        soon = timezone.now() + timedelta(minutes=15)
        unfinished = set(map(str, Upload.objects.filter(state="open").values_list("pk", flat=True)))
        self.figures["left_before_sweep"] = len(left() - unfinished)
        actions.sweep_parts(at=soon)
        if left() != unfinished:
            yield f"after the sweep {len(left() - unfinished)} are left that nobody needs"
            yield f"after the sweep {len(unfinished - left())} are gone that somebody needs"
        later = timezone.now() + timedelta(days=10)
        actions.expire_uploads(at=later)
        actions.sweep_parts(at=later)
        if left():
            yield f"after the time of all uploads {len(left())} are left"
        storing.sweep_work(older_than=soon.timestamp())
        for path in Path(
            settings.SPOOL
        ).iterdir():  # prints-… is the memory of films that matching goes through
            if path.name != "form" and not path.name.startswith("prints-"):
                yield f"{path.name} is left in the spool"
        if any(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()):
            yield "files of forms are left in the spool"


def hashed(key: str) -> str:
    from submissions import storing

    digest = hashlib.sha256()
    try:
        for block in storing._blocks_of(key):
            digest.update(block)
    except FileNotFoundError:
        return "gone"
    return digest.hexdigest()


def stored(prefix: str) -> Iterator[str]:
    """The keys of everything below `prefix`."""
    from submissions import bucket, storing

    if storing.is_local():
        root = Path(storing.media().location)
        yield from (str(path.relative_to(root)) for path in (root / prefix).rglob("*") if path.is_file())
        return
    pages = bucket.client().get_paginator("list_objects_v2").paginate(Bucket=bucket.name(), Prefix=prefix)
    for page in pages:
        yield from (row["Key"] for row in page.get("Contents", []))


def main(folder: Path) -> None:
    import django

    django.setup()
    verdict = Verdict(folder)
    broken = list(verdict.all())
    (folder / "verdict.json").write_text(json.dumps({"broken": broken, "figures": verdict.figures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
