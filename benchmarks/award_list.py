"""What the award list costs on the site: `python -m benchmarks.award_list [--entries 10000]`.

55 places in nine tiers, one award a team, a quota of a form, one condition. The list is proposed, a place is changed,
the list confirmed, everybody told, announced; every film gets its letter with feedback, every third with a judge's
words; then an award is withdrawn. Both a tenth of the entries and all of them are measured, side by side; printed are
CPU, seconds by the clock, queries and growth of the peak memory. The database is a SQLite file of its own, removed at
the end; another is taken with `--database URL` (an empty one). Needs requirements-dev.txt.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from decimal import Decimal
from typing import Any

TIERS = (1, 3, 5, 2, 2, 4, 8, 10, 20)
NAMES = ("grand", "first", "second", "third", "excellence", "excellence", "special", "special", "special")


def main() -> None:
    """Each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run(asked.entries)
        return
    for size in (asked.entries // 10, asked.entries):
        print(f"{size} entries", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "DJANGO_SETTINGS_MODULE": "festival.settings",
                "FIRSTLIGHT_VAR": folder,
                "DATABASE_URL": asked.database or f"sqlite:///{folder}/bench.sqlite3",
            }
            line = [sys.executable, "-m", "benchmarks.award_list", "--one", "--entries", str(size)]
            subprocess.run(line, env=environment, check=True)


def run(size: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from benchmarks.letters import counted
    from benchmarks.rejudge import measured
    from judging import award_actions, award_fill, award_queries, award_steps, feedback_actions
    from judging.models import AwardList

    edition, by, films = make_contest(size)
    now = timezone.now()

    def step(name: str, work: Any) -> None:
        counted(name, size, measured, work, unit="film")

    def fetch() -> AwardList:
        return AwardList.objects.get(edition=edition)

    step("propose", lambda: award_actions.propose(edition=edition, by=by, at=now))
    version = award_actions.latest(fetch())
    step("compute again", lambda: award_fill.replays(version))

    def change() -> None:
        row = award_queries.verdicts_of(fetch()).get(slot__slug="s3", place=1, share=0)
        award_actions.set_verdict(verdict=row, entry=films[200], reason="The jury wants it.", by=by, at=now)

    step("give a place to another film", change)
    step("the desk's list", lambda: award_queries.rows_for_desk(fetch()))
    slot = edition.award_slots.get(slug="s8")
    step("a slot's page", lambda: award_queries.slot_page(fetch(), slot))
    step("confirm", lambda: award_actions.confirm(award_list=fetch(), by=by, at=now))
    step("tell everybody", lambda: award_steps.tell_entrants(award_list=fetch(), by=by, at=now))
    step("announce", lambda: award_steps.announce(award_list=fetch(), by=by, at=now))
    write_comments(edition, by, films)
    sending = feedback_actions.send(edition=edition, by=by, at=now)
    step("feedback: a letter for each film", lambda: feedback_actions.write_letters(pk=sending.pk))
    why = {"en": "Somebody else made it.", "zh": "作品系他人创作。"}
    first = fetch().verdicts.exclude(entry=None).first().entry
    step(
        "withdraw an award", lambda: award_steps.withdraw(award_list=fetch(), entry=first, reason=why, by=by, at=now)
    )  # fmt: skip


def make_contest(size: int) -> tuple[Any, Any, list[Any]]:
    """An edition with a frozen standing of so many films, slots and rules."""
    from django.utils import timezone

    from festival.awards.models import AwardRule, AwardSlot
    from festival.edition.actions import add_member
    from festival.edition.models import Edition, Track
    from festival.people.actor import actor_of
    from festival.people.models import User
    from festival.people.roles import Role
    from judging.models import Round, Standing, StandingRow
    from submissions.models import Entry

    now, draw = timezone.now(), random.Random(7)
    edition = Edition.objects.create(slug="many", name={"en": "Many", "zh": "多"}, status="public")
    track = Track.objects.create(edition=edition, slug="open", name={"en": "Open"})
    chair = User.objects.create_user("chair@example.org")
    for role in (Role.ORGANISER, Role.CHAIR):
        add_member(edition=edition, user=chair, role=role)
    User.objects.bulk_create(
        (User(email=f"person{n}@example.org", name=f"Person {n}") for n in range(size * 3 // 4)),
        batch_size=1000,
    )
    people = list(User.objects.exclude(pk=chair.pk).order_by("pk"))
    Entry.objects.bulk_create(
        (
            Entry(
                edition=edition, track=track, entrant=draw.choice(people), code=f"E{n:06}", title=f"Film {n}",
                state="eligible", genre=draw.choice(("fiction", "animation", "documentary")), director="Somebody",
                synopsis={"en": "A film."}, created_at=now, updated_at=now, submitted_at=now,
            )
            for n in range(size)
        ),
        batch_size=1000,
    )  # fmt: skip
    films = list(Entry.objects.order_by("pk"))
    make_inspections(films[:300], now)
    round = Round.objects.create(
        edition=edition, slug="final", name={"en": "Final"}, state="closed", opened_at=now, closed_at=now
    )
    round.films.set(films)
    standing = Standing.objects.create(
        round=round, method="weighted_mean", method_version=1, inputs={}, inputs_digest="", result_digest="",
        made_at=now, made_by=chair,
    )  # fmt: skip
    StandingRow.objects.bulk_create(
        (
            StandingRow(
                standing=standing, entry=film, rank=place, mean=Decimal(10 * (size - place)) / size, looks=3
            )
            for place, film in enumerate(films, 1)
        ),
        batch_size=1000,
    )
    for number, places in enumerate(TIERS):
        AwardSlot.objects.create(
            edition=edition, slug=f"s{number}", name={"en": f"Award {number}", "zh": f"奖项{number}"},
            tier=NAMES[number], places=places, position=number,
        )  # fmt: skip
    for slug, kind, data in (
        ("team", "limit", {"per": "team", "most": 1}),
        ("documentaries", "quota", {"attribute": "form", "value": "documentary", "least": 12, "most": None}),
        ("year", "eligible", {"attribute": "form", "one_of": ["fiction", "animation", "documentary"]}),
    ):
        AwardRule.objects.create(edition=edition, slug=slug, name={"en": slug}, kind=kind, data=data)
    return edition, actor_of(User.objects.get(pk=chair.pk)), films


def write_comments(edition: Any, by: Any, films: list[Any]) -> None:
    """A judge's words to the entrants of every third film, released by the chair."""
    from judging.models import CommentDecision, Look

    round = edition.rounds.get()
    words = {"round": round, "judge": by.user, "state": "scored", "scored_at": round.closed_at}
    looks = [
        Look(entry=film, position=place, feedback="A brave film; its sound carries it.", **words)
        for place, film in enumerate(films[::3])
    ]
    Look.objects.bulk_create(looks, batch_size=1000)
    CommentDecision.objects.bulk_create(
        (
            CommentDecision(
                look=look, choice="released", text=look.feedback, revision=look.revision, by=by.user, at=round.closed_at
            )
            for look in Look.objects.filter(round=round).order_by("pk")
        ),
        batch_size=1000,
    )  # fmt: skip


def make_inspections(films: list[Any], now: Any) -> None:
    """Running times for those that may win: the catalogue asks for them."""
    from tests.factories import make_inspection

    for film in films:
        make_inspection(film, seconds=300)


if __name__ == "__main__":
    main()
