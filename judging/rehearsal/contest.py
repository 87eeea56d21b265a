"""A synthetic contest in the database: an edition of a blueprint, its people, and the films that arrive.

Films have no files: each has rows, and a report as the inspector would have written it. All people have addresses
under `.invalid`, where no mail ever goes. An edition of a rehearsal is a draft: only its own team sees it.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from festival.edition.actions import add_member
from festival.edition.blueprint import Blueprint
from festival.edition.form_rules import read_form
from festival.edition.models import Edition, Phase, Track
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging import conflict_actions
from judging.models import Conflict, JudgeProfile
from judging.rehearsal.film_rows import BATCH, report_of, write_reports, write_versions
from judging.rehearsal.report import HOURS_A_DAY
from judging.rehearsal.team_truth import HABITS, TeamHabits
from judging.rehearsal.truth import Habits, Jury
from judging.setup import make_edition
from submissions.models import Entry
from submissions.statement_view import rulebook_of

PREFIX = "rehearsal-"
HOST = "rehearsal.invalid"
PER_MAKER = 0.8  # accounts for each film: some people enter two
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
COUNTRIES = ("CN", "US", "FR", "JP", "BR", "IN", "NG", "DE", "KR", "MX")
LANGUAGES = ("zh", "en", "fr", "ja", "pt", "zxx")
ONE_BY_ONE = 200
LIST = 3  # names on the list for each place that is filled by invitation
SHORT, LONG = 60.0, 300.0  # seconds, where the rulebook has no limit


@dataclass(frozen=True, slots=True)
class Size:
    """How much of what; shares from 0 to 1, of all films."""

    entries: int
    judges: int
    # Films, and looks of each round, that go through the actions singly; the rest are written in bulk.
    one_by_one: int = ONE_BY_ONE
    late: float = 0.02  # come after the deadline
    double: float = 0.01  # the same file as another one, by somebody else
    faulty: float = 0.15  # the inspection finds something to be mended
    mended: float = 0.7  # of the faulty: sent again in time
    unfinished: float = 0.08  # drafts that are never submitted
    seconds: tuple[int, int] | None = None  # shortest and longest film; None: as the rulebook allows


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a film is sent in, when its report is there, and what its makers do then."""

    entry: int
    at: datetime
    inspected_at: datetime
    faulty: bool
    mended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What is drawn of an entry: when it is sent in, and how it is then."""

    at: datetime
    faulty: bool
    mended_at: datetime | None
    seconds: int
    unfinished: bool
    is_project: bool


@dataclass
class Contest:
    """The edition that is rehearsed, with what is true of it. `films` and `jurors`: numbers in `jury`, by row's id."""

    edition: Edition
    seed: int
    size: Size
    jury: Jury
    organiser: Actor
    chair: Actor
    technician: Actor
    judges: list[Actor]
    films: dict[int, int] = field(default_factory=dict)
    jurors: dict[int, int] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    cuts: list[tuple[datetime, float]] = field(default_factory=list)  # films of teams: when sent, seconds
    rounds_at: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  # when each round is open
    seated: int = 0  # how many were named for rounds so far: the next round takes the next of the jury
    asks: int = 5  # times that each page is asked
    team_habits: TeamHabits = HABITS
    pages: list[dict[str, Any]] = field(default_factory=list)  # how long they took, as `pages.ask` gives it


def slug_of(plan: Blueprint, seed: int) -> str:
    """The address of a rehearsal: one for each blueprint and seed."""
    return f"{PREFIX}{plan.key[:20]}-{seed}"[:40]


def make(
    plan: Blueprint,
    *,
    slug: str,
    size: Size,
    seed: int,
    opens: date,
    reports: Sequence[Mapping[str, Any]] = (),
    habits: Habits | None = None,
) -> Contest:
    """The edition with team, jury and drafts. `reports`: of inspected films, which the synthetic ones are given.

    Raises BlueprintError when this rehearsal is there already.
    """
    invited = sum(cohort.places for cohort in plan.cohorts if not cohort.source)
    size = replace(size, entries=max(size.entries, LIST * invited))  # a draft for everybody on the list
    staff = people("organiser", 2) + people("chair", 1) + people("technician", 1)
    owner, second, chair, technician = staff
    edition = make_edition(plan=plan, slug=slug, opens=opens, owner=owner)
    for user, role in (
        (owner, Role.ORGANISER),
        (second, Role.ORGANISER),
        (chair, Role.CHAIR),
        (technician, Role.TECHNICIAN),
    ):
        add_member(edition=edition, user=user, role=role)
    judges = people("judge", size.judges)
    for judge in judges:
        add_member(edition=edition, user=judge, role=Role.JUDGE)
    start = edition.phases.order_by("starts_at")[0].starts_at
    JudgeProfile.objects.bulk_create(
        JudgeProfile(edition=edition, user=judge, minutes_per_day=round(60 * HOURS_A_DAY), updated_at=start)
        for judge in judges
    )
    made = Contest(
        edition=edition,
        seed=seed,
        size=size,
        jury=Jury(size.entries, size.judges, seed=seed, habits=habits),
        organiser=actor_of(owner),
        chair=actor_of(chair),
        technician=actor_of(technician),
        judges=[actor_of(judge) for judge in judges],
        jurors={judge.pk: number for number, judge in enumerate(judges)},
    )
    _make_films(made, random.Random(f"{slug} films"), reports)
    _declare(made, random.Random(f"{slug} conflicts"), start)
    return made


def whose(slug: str) -> str:
    """The host of the addresses of those who enter films in a rehearsal; they leave with it."""
    return f"{slug}.maker.{HOST}"


def people(kind: str, count: int, host: str = "") -> list[User]:
    """So many accounts of a kind, those of earlier rehearsals again; nobody can log in with them."""
    host = host or f"{kind}.{HOST}"
    # Names and hosts differ by kind: a judge who shares either with an entrant would be held to be near to the film.
    emails = [f"{kind}-{number:05}@{host}" for number in range(1, count + 1)]
    known = User.objects.filter(email__endswith=f"@{host}")
    have = set(known.values_list("email", flat=True))
    User.objects.bulk_create(
        (
            User(
                email=email,
                name=f"{kind.title()} {kind[0].upper()}{number}",
                language=("en", "zh-hans")[number % 2],
            )
            for number, email in enumerate(emails, 1)
            if email not in have
        ),
        batch_size=BATCH,
    )
    rows = {user.email: user for user in known.all()}
    return [rows[email] for email in emails]


def calls(edition: Edition) -> tuple[datetime, datetime]:
    """When the call opens and when it ends; of an edition without a call, its whole calendar."""
    call = edition.phases.filter(kind=Phase.Kind.CALL).order_by("starts_at").first()
    if call:
        return call.starts_at, call.ends_at
    phases = list(edition.phases.order_by("starts_at"))
    return phases[0].starts_at, max(phase.ends_at for phase in phases)


def _make_films(made: Contest, draw: random.Random, reports: Sequence[Mapping[str, Any]]) -> None:
    edition, size = made.edition, made.size
    opens, ends = calls(edition)
    makers = people("maker", max(1, round(size.entries * PER_MAKER)), whose(edition.slug))
    limit = read_form(edition.form).limits.per_person or size.entries
    tracks = list(edition.tracks.order_by("position", "pk"))
    codes = _codes(edition.slug, size.entries)
    lengths = lengths_of(made)
    free = [maker for maker in makers for _time in range(min(limit, 2))]
    draw.shuffle(free)
    rows, facts = [], []
    for number, code in enumerate(codes):
        sent = opens + (ends - opens) * (1 - draw.random() ** 2.5)
        if draw.random() < size.late:
            sent = ends + timedelta(minutes=draw.randrange(1, 3000))
        maker = free[number % len(free)]
        seconds = round(draw.triangular(*lengths))
        track = draw.choice(tracks)
        is_project = track.enters == Track.Enters.PROJECT
        rows.append(
            Entry(
                edition=edition,
                track=track,
                entrant=maker,
                code=code,
                title=f"影片{number}" if number % 2 else f"Film {number}",
                title_en=f"Film {number}",
                synopsis={"en": "A rehearsal.", "zh": "一次排演。"},
                director=maker.name,
                country=draw.choice(COUNTRIES),
                language=draw.choice(LANGUAGES),
                year=opens.year,
                running_time=None if is_project else seconds,
                genre=draw.choice(Entry.Genre.values),
                premiere=Entry.Premiere.WORLD,
                ai_statement="Made for a rehearsal.",
                created_at=min(sent - timedelta(hours=draw.randrange(1, 100)), ends - timedelta(hours=1)),
                updated_at=sent,
            )
        )
        faulty = draw.random() < size.faulty and not is_project
        mended = sent + timedelta(days=1, hours=draw.randrange(48)) if draw.random() < size.mended else None
        unfinished = draw.random() < size.unfinished
        facts.append(Sent(sent, faulty, mended if faulty else None, seconds, unfinished, is_project))
    Entry.objects.bulk_create(rows, batch_size=BATCH)
    kept = dict(Entry.objects.filter(edition=edition).values_list("code", "pk"))
    made.films = {kept[code]: number for number, code in enumerate(codes)}
    entries = Entry.objects.in_bulk(made.films)
    shas: list[str] = []
    for code in codes:
        twin = shas and draw.random() < size.double
        shas.append(
            draw.choice(shas) if twin else hashlib.sha256(f"{edition.slug} {code}".encode()).hexdigest()
        )
    films = [(code, sha, sent) for code, sha, sent in zip(codes, shas, facts, strict=True)]
    versions = write_versions(edition.slug, [
        (entries[kept[code]], 1, sha, sent.at, sent.seconds)
        for code, sha, sent in films if not sent.is_project
    ])  # fmt: skip
    written = {version.entry_id: version for version in versions}
    told = []
    for code, _sha, sent in films:
        pk, done = kept[code], sent.at + timedelta(minutes=draw.randrange(2, 90))
        if sent.is_project:
            done = sent.at  # nothing is inspected
        else:
            report = report_of(draw, reports, seconds=sent.seconds, faulty=sent.faulty)
            told.append((written[pk], report, sent.at, done))
        if not sent.unfinished:
            made.arrivals.append(Arrival(pk, sent.at, done, sent.faulty, sent.mended_at))
    write_reports(told)
    made.arrivals.sort(key=lambda one: (one.at, made.films[one.entry]))


def lengths_of(made: Contest) -> tuple[float, float]:
    """The shortest and the longest film, in seconds: as wished, else as the rulebook takes them."""
    if made.size.seconds:
        return made.size.seconds
    limits = rulebook_of(made.edition).duration
    low = limits.min or SHORT
    return low, limits.max or max(2 * low, LONG)


def _codes(slug: str, count: int) -> list[str]:
    """Codes that the slug alone decides: allocation and ties sort by them, so the same seed gives the same contest."""
    draw = random.Random(f"{slug} codes")
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(draw.choices(CODE_LETTERS, k=10))] = None
    return list(found)


def _declare(made: Contest, draw: random.Random, at: datetime) -> None:
    """The judges who know somebody say so before anything is judged."""
    names = sorted(set(Entry.objects.filter(pk__in=made.films).values_list("director", flat=True)))
    for number, judge in enumerate(made.judges):
        if made.jury.conflicted[number] and judge.user and names:
            conflict_actions.declare(
                edition=made.edition,
                judge=judge.user,
                kind=Conflict.Kind.PERSON,
                party=draw.choice(names),
                by=judge,
                at=at,
            )
