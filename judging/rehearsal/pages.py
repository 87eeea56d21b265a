"""How long the chief pages take to answer while a rehearsal goes on, asked as the people who read them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import activate, get_language

from festival.kit import database
from festival.people.actor import Actor, actor_of
from judging.models import Look, Round
from judging.rehearsal.contest import Contest

Row = dict[str, Any]
Page = tuple[Actor, str, str]


@dataclass
class Stopwatch:
    """One request: by the clock, and what it really took, both in milliseconds.

    What it took is CPU of this process, which a busy machine does not make longer, and where the database is a server
    of its own (`served`) the waiting for it beside that. SQLite works in this process: it is in the CPU already.
    """

    served: bool
    ms: float = 0.0
    cpu_ms: float = 0.0
    waited: float = 0.0  # seconds, for the database

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time what is done within."""
        began, worked = perf_counter(), process_time()
        with connection.execute_wrapper(self._query) if self.served else nullcontext():
            yield
        self.ms = 1000 * (perf_counter() - began)
        self.cpu_ms = 1000 * (process_time() - worked + self.waited)

    def _query(self, execute: Callable[..., Any], *args: Any) -> Any:
        began, worked = perf_counter(), process_time()
        try:
            return execute(*args)
        finally:
            self.waited += max(perf_counter() - began - (process_time() - worked), 0.0)


def ask(pages: Iterator[Page], when: str, times: int) -> list[Row]:
    """Milliseconds of each page, by the clock and of work (medians of so many times, after once for nothing), and its
    answer's status.
    """
    database.learn_sizes()  # as the site's clock has it do
    found: list[Row] = []
    language = get_language() or settings.LANGUAGE_CODE
    for reader, name, path in pages:
        if reader.user is None:
            continue
        client = Client(raise_request_exception=False, SERVER_NAME=urlsplit(settings.SITE_URL).hostname or "")
        client.force_login(reader.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        status, took = 0, []
        for number in range(times + 1):
            watch = Stopwatch(served=connection.vendor != "sqlite")
            with watch.running():
                status = client.get(path, secure=True).status_code
            if number:
                took.append(watch)
        client.logout()
        activate(language)  # the reader's own is left over from the request
        ms, cpu_ms = (
            round(median(each), 1) for each in ([one.ms for one in took], [one.cpu_ms for one in took])
        )
        found.append({"page": name, "when": when, "ms": ms, "cpu_ms": cpu_ms, "status": status})
    return found


def of_call(made: Contest) -> Iterator[Page]:
    """What organisers read once the films are there."""
    slug = made.edition.slug
    entries = reverse("submissions:desk_entries", args=[slug])
    yield made.organiser, "overview", reverse("judging:desk", args=[slug])
    yield made.organiser, "entries", entries
    yield made.organiser, "search", f"{entries}?q=Film+1"
    yield made.technician, "inspections", reverse("submissions:desk_inspections", args=[slug])


def of_round(made: Contest, round: Round) -> Iterator[Page]:
    """What judges and the chair read while a round is open."""
    busy = Look.objects.filter(round=round).order_by("judge_id").values_list("judge_id", flat=True).first()
    if busy is not None:
        judge = made.judges[made.jurors[busy]]
        yield judge, "jury", reverse("judging:jury", args=[made.edition.slug])
        yield judge, "queue", reverse("judging:queue", args=[made.edition.slug, round.slug])
    yield made.chair, "round", reverse("judging:round", args=[made.edition.slug, round.slug])


def of_end(made: Contest) -> Iterator[Page]:
    """What the public will read, as the team sees it before; and the desk of the awards and of the premiere."""
    slug = made.edition.slug
    yield made.organiser, "awards", reverse("judging:awards", args=[slug])
    yield made.organiser, "premiere", reverse("premiere:desk", args=[slug])
    yield made.organiser, "front", reverse("edition:front", args=[slug])
    yield made.organiser, "laureates", reverse("awards:laureates", args=[slug])
    yield made.organiser, "programme", reverse("premiere:programme", args=[slug])
    cohort = made.edition.cohorts.order_by("-position").first()
    place = cohort.all_places.filter(state="accepted").first() if cohort else None
    if cohort:
        yield made.organiser, "teams", reverse("cohorts:cohort", args=[slug, cohort.slug])
        yield made.organiser, "milestones", reverse("cohorts:matrix", args=[slug, cohort.slug])
        yield made.organiser, "support", reverse("cohorts:support", args=[slug, cohort.slug])
    if place and place.entry:
        yield actor_of(place.entry.entrant), "team", reverse("cohorts:team", args=[place.entry.code])
