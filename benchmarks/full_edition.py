"""An edition at full size, from a seed: the small world of the tests, with so many admitted entries beside it.

For every four admitted entries there is one that is not (waiting, to be mended, refused, withdrawn, draft), each with
film, report, credits, AI statement, consents and log. Every admitted film has five looks with two scores in the
closed round (100,000 scores at 10,000 entries), whose standing is frozen by the real action; a fifth of the films are
in an open round, half seen. Catalogue, screenings, letters, votes, conflicts and codes grow with them.
"""

import random
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from festival.catalogue.models import Film
from festival.edition.models import DeclarationVersion, Membership
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from festival.premiere.models import Hall, Item, Screening, Venue
from judging import standing_actions
from judging.models import Conflict, Criterion, Cut, CutRow, Look, Round, Score
from submissions.models import (
    Asset,
    Code,
    Consent,
    Credit,
    Entry,
    Event,
    FilmVersion,
    FindingRow,
    Inspection,
    Match,
    StatementFinding,
    ToolUse,
    Upload,
)
from tests.one_more import one_more
from tests.world import World, make_world

BATCH = 2000
LOOKS = 5
JUDGES = 120
OTHER_STATES = ("submitted", "fixing", "refused", "withdrawn", "draft")
WORDS = ("Lamp", "River", "Night", "Paper", "Snow", "Engine", "Garden", "Mirror", "Harbour", "Dust")
ZH = ("灯", "河", "夜", "纸", "雪", "机器", "花园", "镜子", "港口", "尘")
COUNTRIES = ("CN", "US", "FR", "JP", "BR", "IN", "NG", "DE", "KR", "MX")
LANGUAGES = ("zh", "en", "fr", "ja", "pt", "zxx")
RULES = ("black", "loudness", "keyframes", "freeze", "true_peak", "upscaled")
TOOLS = ("kling", "jimeng", "runway", "suno", "elevenlabs")


def build(size: int, seed: int = 7) -> World:
    """The edition with `size` admitted entries; everything through bulk inserts but for the standing."""
    world = make_world()
    one_more(world)
    draw = random.Random(seed)
    judges = make_judges(world)
    entries = make_entries(world, size, draw)
    admitted = [entry for entry in entries if entry.state == "eligible"]
    make_films(world, entries, draw)
    make_statements(world, entries, draw)
    make_closed_round(world, admitted, judges, draw)
    make_open_round(world, admitted[: size // 5], judges, draw)
    make_show(world, admitted[: max(size * 3 // 100, 10)])
    make_letters(world, admitted)
    make_rest(world, admitted, judges, draw)
    return world


def bulk[M: Model](model: type[M], rows: Any) -> list[M]:
    return model._default_manager.bulk_create(rows, batch_size=BATCH)


def make_judges(world: World) -> list[User]:
    rows = [User(email=f"judge{n}@example.org", name=f"Judge {n}") for n in range(JUDGES)]
    bulk(User, rows)
    judges = list(User.objects.filter(email__in=[row.email for row in rows]).order_by("pk"))
    now = timezone.now()
    bulk(Membership, [Membership(edition=world.edition, user=one, role=Role.JUDGE) for one in judges])
    bulk(Conflict, (
        Conflict(
            edition=world.edition, judge=judge, source="declared", kind="person", party=f"Person {number}",
            party_key=f"person {number}", state="confirmed" if number % 2 else "open", at=now,
        )
        for judge in judges for number in range(3)
    ))  # fmt: skip
    return [world.people["judge"], *judges]


def make_entries(world: World, size: int, draw: random.Random) -> list[Entry]:
    count = size * 5 // 4
    bulk(
        User,
        (User(email=f"maker{n}@example.org", name=f"Maker {n}", language=("en", "zh-hans")[n % 2])
         for n in range(count * 3 // 4)),
    )  # fmt: skip
    makers = list(User.objects.filter(email__startswith="maker").order_by("pk"))
    tracks, now = list(world.edition.tracks.all()), timezone.now()

    def row(number: int) -> Entry:
        state = "eligible" if number % 5 else OTHER_STATES[number // 5 % 5]
        begun = now - timedelta(minutes=draw.randrange(10, 43_000))
        word, zh = draw.choice(WORDS), draw.choice(ZH)
        return Entry(
            edition=world.edition, track=draw.choice(tracks), entrant=draw.choice(makers), code=f"N{number:06}",
            state=state, title=f"{zh}之{number}" if number % 2 else f"{word} {number}", title_en=f"{word} {number}",
            synopsis={"en": f"A {word.lower()} remembers.", "zh": f"{zh}的记忆。"}, director=f"Maker {number % 900}",
            country=draw.choice(COUNTRIES), language=draw.choice(LANGUAGES), year=2026, running_time=180,
            genre=draw.choice(Entry.Genre.values), premiere="world", ai_statement="Picture by machine, cut by hand.",
            created_at=begun, updated_at=begun, submitted_at=None if state == "draft" else begun,
            fix_until=now + timedelta(days=5) if state == "fixing" else None,
        )  # fmt: skip

    bulk(Entry, (row(number) for number in range(count)))
    return list(Entry.objects.filter(edition=world.edition, code__startswith="N").order_by("pk"))


def report(draw: random.Random, rules: list[str]) -> dict[str, Any]:
    """Some twelve kilobytes, as those of real films: facts, findings, curves."""
    return {
        "verdict": "fix" if rules else "pass",
        "video": {"duration": 60.0 + draw.randrange(240), "width": 1920, "height": 1080, "frame_rate": 24.0},
        "audio": {"integrated_lufs": -23.0 + draw.random()},
        "findings": [{"rule": rule, "severity": "fix", "values": {}} for rule in rules],
        "events": [],
        "curves": {"loudness": [round(draw.uniform(-60, 0), 1)] * 1000, "luma": [draw.randrange(255)] * 1000},
    }


def sha(number: int) -> str:
    return f"{number:08x}".ljust(64, "f")


def make_films(world: World, entries: list[Entry], draw: random.Random) -> None:
    now = timezone.now()
    uploads = bulk(Upload, [
        Upload(
            entry=one, user_id=one.entrant_id, filename="film.mp4", size=90_000_000, part_size=8_000_000,
            fingerprint="film", state="complete", created_at=one.created_at, expires_at=now, completed_at=now,
        )
        for one in entries
    ])  # fmt: skip
    bulk(Asset, (
        Asset(sha256=sha(one.pk), size=90_000_000, key=f"originals/{one.pk}", created_at=now)
        for one in entries
    ))  # fmt: skip
    assets = dict(Asset.objects.values_list("sha256", "pk"))
    bulk(FilmVersion, (
        FilmVersion(
            entry=one, number=1, upload=upload, asset_id=assets[sha(one.pk)],
            filename="film.mp4", size=90_000_000, created_at=one.created_at,
        )
        for one, upload in zip(entries, uploads, strict=True)
    ))  # fmt: skip
    versions = list(
        FilmVersion.objects.filter(entry__code__startswith="N").select_related("entry").order_by("entry_id")
    )
    broken: dict[int, list[str]] = {
        one.pk: draw.sample(RULES, draw.randrange(1, 4)) if draw.random() < 0.6 else [] for one in versions
    }

    def row(one: FilmVersion) -> Inspection:
        at = one.created_at
        usual: dict[str, Any] = {"version": one, "queued_at": at}
        if one.entry.state in ("submitted", "draft"):
            if one.pk % 8 == 0:
                return Inspection(
                    state="running", lease_token=uuid.uuid4(), lease_until=now + timedelta(hours=9), started_at=at,
                    **usual,
                )  # fmt: skip
            state = "failed" if one.pk % 8 == 1 else "queued"
            return Inspection(state=state, finished_at=at if state == "failed" else None, **usual)
        rules = broken[one.pk]
        return Inspection(
            state="done", verdict="fix" if rules else "pass", started_at=at, finished_at=at + timedelta(seconds=90),
            report=report(draw, rules), copy_key="copies/none.mp4", **usual,
        )  # fmt: skip

    bulk(Inspection, (row(one) for one in versions))
    done = Inspection.objects.filter(version__in=FilmVersion.objects.filter(entry__code__startswith="N"))
    bulk(FindingRow, (
        FindingRow(inspection_id=pk, rule=rule, severity="fix")
        for pk, version in done.filter(state="done").values_list("pk", "version_id")
        for rule in broken[version]
    ))  # fmt: skip
    bulk(Match, (
        Match(first=first, second=second, kind="picture", share=0.5, ranges=[[1, 3, 2, 4]], found_at=now)
        for first, second in zip(versions[::100], versions[1::100], strict=False)
    ))  # fmt: skip


def make_statements(world: World, entries: list[Entry], draw: random.Random) -> None:
    """Credits, AI statements, consents and the log."""
    now = timezone.now()
    bulk(ToolUse, (
        ToolUse(entry=one, position=place, stage=stage, tool=draw.choice(TOOLS), share=50)
        for one in entries for place, stage in enumerate(("video", "music"))
    ))  # fmt: skip
    bulk(StatementFinding, (
        StatementFinding(entry=one, rule="ai_human", severity="note") for one in entries if draw.random() < 0.2
    ))  # fmt: skip
    bulk(Credit, (
        Credit(entry=one, position=place, name=f"Maker {one.pk % 900}", roles=[role], is_representative=place == 0)
        for one in entries for place, role in enumerate(("director", "editor", "music"))
    ))  # fmt: skip
    words = list(DeclarationVersion.objects.filter(declaration__edition=world.edition, number=1)[:3])
    bulk(Consent, (
        Consent(
            entry=one, declaration_id=word.declaration_id, wording=word, number=1, answer="agreed",
            by_id=one.entrant_id, at=now,
        )
        for one in entries for word in words
    ))  # fmt: skip
    bulk(Event, (
        Event(entry=one, at=one.created_at, kind=kind, source=source, target=target)
        for one in entries if one.state != "draft"
        for kind, source, target in (("submit", "draft", "submitted"), ("admit", "submitted", "eligible"))
    ))  # fmt: skip


def give_looks(round: Round, films: list[Entry], judges: list[User], draw: random.Random, done: int) -> None:
    """Five looks a film, evenly over the judges; the first `done` of each film with two scores."""
    now, rows = timezone.now(), []
    severity = [draw.gauss(0, 0.7) for _ in judges]
    for number, film in enumerate(films):
        first = draw.randrange(len(judges))
        for look in range(LOOKS):
            judge = judges[(first + look * 7) % len(judges)]
            at = now - timedelta(minutes=draw.randrange(1, 9000))
            usual: dict[str, Any] = {
                "round": round,
                "judge": judge,
                "entry": film,
                "position": number,
                "seconds": 180,
            }
            if look < done:
                feedback = "A brave film; its sound carries it." if draw.random() < 0.1 else ""
                usual |= {
                    "state": "scored",
                    "scored_at": at,
                    "saved_at": at,
                    "opened_at": at,
                    "feedback": feedback,
                }
            rows.append(Look(**usual))
    bulk(Look, rows)
    criteria = list(round.criteria.all())
    places = {judge.pk: place for place, judge in enumerate(judges)}
    truth = {film.pk: draw.gauss(5.5, 1.5) for film in films}

    def value(judge: int, film: int) -> Decimal:
        given = truth[film] + severity[places[judge]] + draw.gauss(0, 1)
        return Decimal(min(max(round_half(given), 1), 10))

    looks = Look.objects.filter(round=round, state="scored", entry__code__startswith="N")
    bulk(Score, (
        Score(look_id=pk, criterion=criterion, value=value(judge, film))
        for pk, judge, film in looks.values_list("pk", "judge_id", "entry_id") for criterion in criteria
    ))  # fmt: skip


def round_half(number: float) -> float:
    return round(number * 2) / 2


def make_closed_round(world: World, films: list[Entry], judges: list[User], draw: random.Random) -> None:
    """The closed round with all admitted films; its standing is frozen anew and the old one superseded."""
    now = timezone.now()
    closed = world.edition.rounds.get(slug="closed")
    for place, (slug, weight) in enumerate((("story", 60), ("craft", 40))):
        Criterion.objects.create(
            round=closed, slug=slug, name={"en": slug.title()}, weight=weight, position=place
        )
    Round.films.through.objects.bulk_create(
        (Round.films.through(round_id=closed.pk, entry_id=film.pk) for film in films), batch_size=BATCH
    )
    Round.objects.filter(pk=closed.pk).update(cut_kind="count", cut_value=max(len(films) // 10, 1))
    closed.refresh_from_db()
    give_looks(closed, films, judges, draw, done=LOOKS)
    closed.standings.update(superseded_at=now)
    frozen = standing_actions.freeze(round=closed, by=actor_of(world.people["chair"]), at=now)
    world.edition.award_list.standing = frozen
    world.edition.award_list.save()
    cut = Cut.objects.get(round=closed)
    cut.standing = frozen
    cut.save()
    best = frozen.rows.filter(entry__in=films).order_by("rank")[: max(len(films) // 10, 1)]
    known = set(cut.rows.values_list("entry_id", flat=True))
    bulk(CutRow, [
        CutRow(cut=cut, entry_id=row.entry_id, reason="by_rule", rank=row.rank)
        for row in best if row.entry_id not in known
    ])  # fmt: skip


def make_open_round(world: World, films: list[Entry], judges: list[User], draw: random.Random) -> None:
    round = world.round
    if not round.criteria.exists():
        for place, slug in enumerate(("story", "craft")):
            Criterion.objects.create(round=round, slug=slug, name={"en": slug}, weight=50, position=place)
    Round.films.through.objects.bulk_create(
        (Round.films.through(round_id=round.pk, entry_id=film.pk) for film in films), batch_size=BATCH
    )
    give_looks(round, films, judges, draw, done=LOOKS // 2)


def make_show(world: World, entries: list[Entry]) -> None:
    """Films of the catalogue, six to a screening."""
    now, edition = timezone.now(), world.edition
    films = bulk(Film, [
        Film(
            edition=edition, code=f"C{one.pk:06}", source=one.code, title=one.title, title_en=one.title_en, seconds=180,
            synopsis=one.synopsis, country=one.country, language=one.language, year=2026, published_at=now,
            credits=[{"role": "director", "name": one.director}],
        )
        for one in entries
    ])  # fmt: skip
    venue = Venue.objects.create(edition=edition, name={"en": "Palace", "zh": "影都"})
    halls = [Hall.objects.create(venue=venue, name={"en": f"Hall {n}"}, seats=300) for n in range(4)]
    for number in range(0, len(films), 6):
        start = now + timedelta(days=1, hours=3 * (number // 24))
        screening = Screening.objects.create(
            edition=edition, hall=halls[number // 6 % 4], code=f"P{number:06}", title={"en": f"Shorts {number}"},
            starts_at=start, ends_at=start + timedelta(minutes=20), busy_until=start + timedelta(minutes=40),
            released_at=now,
        )  # fmt: skip
        bulk(Item, [
            Item(screening=screening, position=place, kind="film", film=film, seconds=180)
            for place, film in enumerate(films[number : number + 6], 1)
        ])  # fmt: skip


def make_letters(world: World, entries: list[Entry]) -> None:
    now, edition = timezone.now(), world.edition

    def rows() -> Any:
        for one in entries:
            usual: dict[str, Any] = {
                "user_id": one.entrant_id, "edition": edition, "path": f"/entries/{one.code}/",
                "values": {"title": one.title, "code": one.code}, "created_at": one.created_at,
            }  # fmt: skip
            for kind in ("entry_received", "film_passed"):
                bad = one.pk % 50 == 0
                yield Notice(
                    kind=kind, state="failed" if bad else "sent", error="550" if bad else "",
                    mailed_at=None if bad else now, address="maker@example.org", **usual,
                )  # fmt: skip
            yield Notice(kind="mailing", mailing=world.mailing, about=one.code, state="held", **usual)

    bulk(Notice, rows())


def make_rest(world: World, entries: list[Entry], judges: list[User], draw: random.Random) -> None:
    """Codes and the audience's votes."""
    now = timezone.now()
    bulk(Code, (
        Code(
            edition=world.edition, kind="invitation", code=f"CODE{number:08}", label=f"School {number}", created_at=now
        )
        for number in range(len(entries) // 20)
    ))  # fmt: skip
    people = User.objects.filter(email__startswith="maker").order_by("pk")[: len(entries) // 2]
    ballots = bulk(world.poll.ballots.model, [
        world.poll.ballots.model(poll=world.poll, user=user, cast_at=now, voted_at=now) for user in people
    ])  # fmt: skip
    films = list(world.poll.films.all())
    chosen = world.poll.ballots.model._meta.get_field("chosen").related_model
    bulk(chosen, (chosen(ballot=ballot, film=draw.choice(films)) for ballot in ballots))
