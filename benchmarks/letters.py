"""What a letter to many costs: `python -m benchmarks.letters [--letters 10000]`.

Recipients are gathered and every letter goes through SMTP to a server of its own process that throws it away. The
database is a SQLite file of its own, removed at the end. Needs requirements-dev.txt. Prints CPU of this process,
seconds by the clock, queries and the growth of the peak memory.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def main() -> None:
    """Make the entries, gather, send."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    options = parser.parse_args()
    port = free_port()
    sink = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(sink) as server:
        try:
            os.environ.update(
                DJANGO_SETTINGS_MODULE="festival.settings",
                FIRSTLIGHT_VAR=folder,
                DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
                EMAIL_URL=f"smtp://127.0.0.1:{port}",
            )
            wait_for(port)
            run(options.letters)
        finally:
            server.terminate()


def run(letters: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from benchmarks.rejudge import measured
    from festival.post import delivery, mailing_actions
    from festival.post.models import Mailing, Notice

    mailing, by = make_mailing(letters)
    Mailing.objects.filter(pk=mailing.pk).update(state="gathering", gathered_at=timezone.now())
    counted("gathering", letters, measured, lambda: mailing_actions.gather(pk=mailing.pk))
    mailing.refresh_from_db()
    Mailing.objects.filter(pk=mailing.pk).update(
        state="sending", started_at=timezone.now(), started_by=by.user
    )
    Notice.objects.filter(mailing=mailing).update(state="waiting")

    def send() -> None:
        while delivery.deliver():
            pass

    counted("sending", letters, measured, send)
    sent = Notice.objects.filter(state="sent").count()
    print(f"    {sent} of {letters} sent")


def counted(
    name: str, number: int, measured: Callable[..., Any], work: Callable[[], Any], unit: str = "letter"
) -> None:
    """As `measured`, with the number of queries."""
    from django.db import connection

    asked = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        measured(name, number, work, unit=unit)
    print(f"    {asked} queries, {asked / number:.2f} for a {unit}")


def make_mailing(letters: int) -> tuple[Any, Any]:
    """An edition with so many admitted entries, each of somebody else, and a letter to them."""
    from django.utils import timezone

    from festival.edition.actions import add_member
    from festival.edition.models import Edition, Track
    from festival.people.actor import actor_of
    from festival.people.models import User
    from festival.people.roles import Role
    from festival.post import mailing_actions
    from submissions.models import Entry

    now = timezone.now()
    edition = Edition.objects.create(slug="many", name={"en": "Many", "zh": "多"}, status="public")
    track = Track.objects.create(edition=edition, slug="open", name={"en": "Open"})
    organiser = User.objects.create_user("organiser@example.org")
    add_member(edition=edition, user=organiser, role=Role.ORGANISER)
    User.objects.bulk_create(
        (
            User(
                email=f"person{number}@example.org",
                name=f"Person {number}",
                language=("en", "zh-hans")[number % 2],
            )
            for number in range(letters)
        ),
        batch_size=1000,
    )
    people = User.objects.exclude(pk=organiser.pk).order_by("pk")
    Entry.objects.bulk_create(
        (
            Entry(
                edition=edition, track=track, entrant=user, code=f"E{number:06}", title=f"Film {number}",
                state="eligible", created_at=now, updated_at=now, submitted_at=now,
            )
            for number, user in enumerate(people)
        ),
        batch_size=1000,
    )  # fmt: skip
    by = actor_of(User.objects.get(pk=organiser.pk))
    text = "Dear {name},\n\nyour film “{title}” ({code}) is admitted to {edition}. We look forward to the premiere."
    mailing = mailing_actions.write_mailing(
        edition=edition, by=by, at=now, audience="eligible", track=None, topic="news", about={},
        subject={"en": "About “{title}”", "zh": "关于《{title}》"}, body={"en": text, "zh": "{name}《{title}》{code}"},
    )  # fmt: skip
    return mailing, by


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the mail server did not start")


if __name__ == "__main__":
    main()
