"""What a changed rulebook costs over stored reports: `python -m benchmarks.rejudge [--films 10000] [--apply]`.

A real film is inspected once; every stored report is that one with other loudness, length and black. The database is
a SQLite file of its own, removed at the end. Prints CPU seconds and the growth of the peak memory.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> None:
    """Make the reports, count what a stricter rulebook would change, and write it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30, help="length of the film that is inspected once")
    parser.add_argument("--apply", action="store_true", help="write the new verdicts too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="festival.settings",
            FIRSTLIGHT_VAR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
            TASKS_EAGER="1",
        )
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        edition, size = make_films(options.films, Path(folder), options.seconds)
        print(f"{options.films} stored reports of {size / 1000:.1f} kB each")

        from festival.edition.rulebook import Rulebook
        from submissions.rejudging import count_outcome
        from submissions.rulebook_actions import rewrite

        stricter = Rulebook.from_toml(edition.rulebook + STRICTER)
        outcome = measured("counting", options.films, lambda: count_outcome(edition, stricter))
        print("   ", ", ".join(f"{before} → {after}: {count}" for before, after, count in outcome.moves))
        if options.apply:
            measured("writing", options.films, lambda: rewrite(edition=edition, rulebook=stricter))


STRICTER = '[black]\nmax_seconds = 3\nseverity = "fix"\n'


def measured[T](name: str, films: int, work: Callable[[], T], *, unit: str = "film") -> T:
    """Run `work` and print what it cost."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here (Linux)
    before = memory("VmRSS")
    cpu, wall = time.process_time(), time.monotonic()
    result = work()
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    peak = memory("VmHWM")
    print(
        f"{name}: {cpu:.1f} s of CPU ({1000 * cpu / films:.2f} ms a {unit}), {wall:.1f} s on the clock, "
        f"peak memory {peak / 1024:.0f} MB, {(peak - before) / 1024:.0f} MB more than before"
    )
    return result


def memory(which: str) -> int:
    """Resident memory now (VmRSS) or its peak (VmHWM), kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which))


def make_films(count: int, folder: Path, seconds: int) -> tuple[Any, int]:
    """An edition with so many inspected entries; gives it, and the size of one report as JSON."""
    import json
    from dataclasses import replace

    from django.utils import timezone

    from festival.edition.models import Edition, Track
    from festival.edition.rulebook import Rulebook
    from festival.people.models import User
    from submissions.inspection.report import Event
    from submissions.inspection.runner import inspect_film, rejudge
    from submissions.inspection.synthetic import make_film
    from submissions.models import Entry, FilmVersion, Inspection, Upload

    toml = "[duration]\nmin = 10\n[audio]\nrequired = true\nloudness_min = -30\nloudness_max = -9\n"
    rulebook = Rulebook.from_toml(toml)
    film = folder / "film.mp4"
    make_film(film, seconds=seconds, width=640, height=360, seed=7)
    report = inspect_film(film, rulebook, folder / "report")
    now, chance = timezone.now(), random.Random(7)
    edition = Edition.objects.create(slug="bench", name={"en": "Bench"}, rulebook=toml)
    track = Track.objects.create(edition=edition, slug="open", name={"en": "Open"})
    user = User.objects.create_user("bench@example.org", name="Bench")
    size = len(json.dumps(report.as_dict()))
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        entries = Entry.objects.bulk_create(
            Entry(
                edition=edition, track=track, entrant=user, code=f"B{number:06}", state="eligible",
                title=f"Film {number}", created_at=now, updated_at=now, submitted_at=now,
            )
            for number in numbers
        )  # fmt: skip
        uploads = Upload.objects.bulk_create(
            Upload(
                entry=entry, user=user, filename="film.mp4", size=10, part_size=10, fingerprint="film",
                state="complete", created_at=now, expires_at=now,
            )
            for entry in entries
        )  # fmt: skip
        versions = FilmVersion.objects.bulk_create(
            FilmVersion(
                entry=upload.entry, number=1, upload=upload, filename="film.mp4", size=10, created_at=now
            )
            for upload in uploads
        )
        inspections = []
        for version in versions:
            length = chance.uniform(0, 8)
            other = replace(
                report,
                audio=replace(report.audio, integrated_lufs=chance.uniform(-40, -5))
                if report.audio
                else None,
                events=(*report.events, Event("black", 1.0, 1.0 + length)),
            )
            other = rejudge(other, rulebook)
            inspections.append(
                Inspection(
                    version=version, state="done", verdict=other.verdict, queued_at=now, report=other.as_dict(),
                    rulebook_digest=rulebook.digest,
                )
            )  # fmt: skip
        Inspection.objects.bulk_create(inspections)
    return edition, size


if __name__ == "__main__":
    main()
