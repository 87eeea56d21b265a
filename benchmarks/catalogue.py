"""What putting entries into the catalogue costs: `python -m benchmarks.catalogue [--films 1000]`.

Admitted entries with an inspection report, three people in the credits, two lines of AI statement and a still of 120 kB
are put in by one order: first all new, then again with one in ten changed, then again with nothing changed. The
database is a SQLite file of its own, removed at the end. Needs requirements-dev.txt. Prints CPU of this process,
seconds by the clock, queries and the growth of the peak memory.
"""

import argparse
import os
import tempfile
from typing import Any


def main() -> None:
    """Make the entries, put them in three times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="festival.settings",
            FIRSTLIGHT_VAR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
        )
        run(options.films)


def run(films: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from benchmarks.letters import counted
    from benchmarks.rejudge import measured
    from submissions import catalogue_run
    from submissions.models import CatalogueRun, Entry

    edition, by = make_entries(films)
    entries = Entry.objects.filter(edition=edition)
    counted("the preview", films, measured, lambda: catalogue_run.plan_for(entries, edition), unit="film")
    for name in ("all new", "one in ten changed", "nothing changed"):
        if name == "one in ten changed":
            entries.filter(pk__in=[pk for pk in entries.values_list("pk", flat=True) if pk % 10 == 0]).update(
                title_en="Renamed"
            )
        order = CatalogueRun.objects.create(
            edition=edition,
            entries=list(entries.values_list("pk", flat=True)),
            total=films,
            asked_at=timezone.now(),
            heard_at=timezone.now(),
            by=by,
        )

        def work(pk: int = order.pk) -> None:
            catalogue_run.carry_on(pk=pk)

        counted(name, films, measured, work, unit="film")
        order.refresh_from_db()
        refused = len(order.refused)
        print(f"    {order.new} new, {order.changed} changed, {order.unchanged} unchanged, {refused} refused")


def make_entries(films: int) -> tuple[Any, Any]:
    """An edition with so many admitted entries, all with what the catalogue takes; and its organiser."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages
    from django.utils import timezone

    from festival.edition.actions import add_member
    from festival.edition.models import Edition, Track
    from festival.people.models import User
    from festival.people.roles import Role
    from submissions.models import Credit, Entry, FilmVersion, Inspection, ToolUse, Upload

    now = timezone.now()
    edition = Edition.objects.create(slug="many", name={"en": "Many", "zh": "多"}, status="public")
    track = Track.objects.create(edition=edition, slug="open", name={"en": "Open"})
    organiser = User.objects.create_user("organiser@example.org")
    add_member(edition=edition, user=organiser, role=Role.ORGANISER)
    storages["default"].save("reports/bench/poster.jpg", ContentFile(os.urandom(120_000)))
    curve = [round(place / 7, 3) for place in range(1500)]
    report = {
        "verdict": "pass",
        "findings": [],
        "video": {"duration": 300.04, "codec": "h264", "width": 1920, "height": 1080, "frame_rate": 24.0},
        "audio": {"channels": 2, "curve": curve},
        "stills": [{"about": "poster", "file": "poster.jpg"}],
    }
    for number in range(films):
        entry = Entry.objects.create(
            edition=edition, track=track, entrant=organiser, code=f"E{number:06}", title=f"Film {number}",
            state="eligible", created_at=now, updated_at=now, submitted_at=now, director="Somebody",
            synopsis={"en": "A lamp at sea. " * 20, "zh": "海上的灯。" * 20},
        )  # fmt: skip
        upload = Upload.objects.create(
            entry=entry, user=organiser, filename="film.mp4", size=10, part_size=10, fingerprint="f",
            state="complete", created_at=now, expires_at=now, completed_at=now,
        )  # fmt: skip
        version = FilmVersion.objects.create(
            entry=entry, number=1, upload=upload, filename="film.mp4", size=10, created_at=now
        )
        Inspection.objects.create(
            version=version, state="done", verdict="pass", queued_at=now, finished_at=now, report=report,
            folder="reports/bench/",
        )  # fmt: skip
        roles = enumerate(("director", "writer", "editor"))
        Credit.objects.bulk_create(
            Credit(entry=entry, position=place, roles=[role], name=f"Person {place}") for place, role in roles
        )
        tools = enumerate((("video", "kling"), ("voice", "elevenlabs")))
        ToolUse.objects.bulk_create(
            ToolUse(entry=entry, position=place, stage=stage, tool=tool, share=50)
            for place, (stage, tool) in tools
        )
    return edition, organiser


if __name__ == "__main__":
    main()
