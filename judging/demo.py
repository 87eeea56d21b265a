"""The demonstration: a small edition, a few people, and a dozen films that go in the way every film does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from festival.edition.actions import add_member
from festival.edition.blueprint import named
from festival.edition.models import Edition, Phase
from festival.kit.clock import in_zone, last_minute
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.team.actions import decline, invite
from festival.team.forms import end_of
from festival.team.people_list import Person
from judging.demo_credits import crew_of_demo
from judging.demo_statements import WORDS, uses_of_demo
from judging.meeting_plan_actions import plan_meeting
from judging.setup import make_edition
from submissions import actions
from submissions.consent_actions import agree_to_all
from submissions.credit_actions import write_credits
from submissions.inspection.synthetic import DEMO_FILMS, DemoFilm, write_demo_film
from submissions.intake.actions import receive_form_file
from submissions.models import Entry
from submissions.statement_actions import write_uses
from submissions.subtitle_actions import add_subtitles

PASSWORD = "first-light-demo"  # noqa: S105  (public on purpose: printed at every start, demo only)
SLUG = "first-light-2026"
MEETING_AT = time(14)  # on the edition's clocks
DAYS_OPEN = 20  # the call has been open for so long when the demo begins
TRACKS = {"mountains": "story", "rain": "story", "ocean": "animation", "terraces": "animation"}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the demo. `role` is printed with the log-in; entrants have none in the edition."""

    email: str
    name: str
    language: str
    role: str
    roles: tuple[Role, ...] = ()


ACCOUNTS = (
    Account("organiser@demo.example", "Ines Okafor", "en", "organiser", (Role.OWNER, Role.ORGANISER)),
    Account("technician@demo.example", "Tom Reyes", "en", "technician", (Role.TECHNICIAN,)),
    Account("chair@demo.example", "顾明远", "zh-hans", "jury chair", (Role.CHAIR,)),
    Account("judge1@demo.example", "Amara Lindqvist", "en", "judge", (Role.JUDGE,)),
    Account("judge2@demo.example", "陈见山", "zh-hans", "judge", (Role.JUDGE,)),
    Account("entrant@demo.example", "Mira Castellan", "en", "entrant"),
    Account("studio@demo.example", "纸船动画工作室", "zh-hans", "entrant (has most of the films)"),
)


def make_people() -> dict[str, User]:
    """The demo's accounts by address, with confirmed addresses; those that are there already stay as they are."""
    people = {}
    for account in ACCOUNTS:
        user = User.objects.filter(email=account.email).first()
        if user is None:
            user = User.objects.create_user(
                account.email, PASSWORD, name=account.name, language=account.language
            )
        EmailAddress.objects.get_or_create(
            user=user, email=account.email, defaults={"verified": True, "primary": True}
        )
        people[account.email] = user
    return people


@transaction.atomic
def make_demo_edition(people: dict[str, User]) -> Edition:
    """The edition with its team; once made it stays."""
    edition = Edition.objects.filter(slug=SLUG).first()
    if edition is None:
        plan = named("short-film")
        opens = in_zone(timezone.now(), plan.time_zone).date() - timedelta(days=DAYS_OPEN)
        edition = make_edition(
            plan=plan, slug=SLUG, opens=opens, owner=people["organiser@demo.example"], public=True
        )
    for account in ACCOUNTS:
        for role in account.roles:
            add_member(edition=edition, user=people[account.email], role=role)
    if not edition.invitations.exists():
        _invite(edition, people["organiser@demo.example"])
    if not edition.meetings.exists():
        _plan_meeting(edition, people)
    return edition


def _plan_meeting(edition: Edition, people: dict[str, User]) -> None:
    """The jury's last meeting, over the round that the demo's judges score."""
    round = edition.rounds.order_by("-position").first()
    phase = edition.phases.filter(kind=Phase.Kind.JURY).first()
    if round is None or phase is None:
        return
    last = in_zone(last_minute(phase.ends_at), edition.time_zone).date()
    plan_meeting(
        edition=edition,
        round=round,
        by=actor_of(people["organiser@demo.example"]),
        members=edition.memberships.filter(role=Role.JUDGE).values_list("user_id", flat=True),
        settings={
            "name": {"en": "Final meeting", "zh": "终评会"},
            "starts_at": datetime.combine(last - timedelta(days=1), MEETING_AT, ZoneInfo(edition.time_zone)),
            "until": phase.ends_at,
            "place": "",
            "names_open": True,
            "quorum": 2,
        },
    )


def _invite(edition: Edition, organiser: User) -> None:
    """One judge who has not answered yet, and one who has declined."""
    at = timezone.now()
    asked = (
        (Person("ravel@demo.example", "Noor Ravel"), "en", "Your work on animation is why we ask you."),
        (Person("song@demo.example", "宋予安"), "zh-hans", "盼望您再次加入评审团。"),
    )
    for person, language, message in asked:
        (row,) = invite(
            edition=edition,
            people=[person],
            role=Role.JUDGE,
            language=language,
            message=message,
            answer_by=end_of((at + timedelta(days=14)).date(), edition.time_zone),
            by=actor_of(organiser),
            at=at,
        )
    decline(invitation=row, at=at, reason="time", words="六月在外地拍摄，明年再聚。")


def enter_films(edition: Edition, people: dict[str, User], folder: Path) -> Iterator[tuple[DemoFilm, Entry]]:
    """Make, enter, upload and submit each film; yields as it goes. What is in already is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    tracks = {track.slug: track for track in edition.tracks.all()}
    for number, film in enumerate(DEMO_FILMS):
        # The first film belongs to the entrant whose log-in is printed; the last stays a draft to play with.
        entrant = people["entrant@demo.example" if number in (0, 6, 7) else "studio@demo.example"]
        entry = Entry.objects.filter(edition=edition, title=film.title_zh).first()
        if entry is None:
            entry = actions.create_entry(
                edition=edition,
                track=tracks.get(TRACKS.get(film.look, "open"), tracks["open"]),
                title=film.title_zh,
                by=actor_of(entrant),
                at=timezone.now(),
                title_en=film.title_en,
                synopsis={"en": film.synopsis_en, "zh": film.synopsis_zh},
                director=film.director_zh if entrant.language == "zh-hans" else film.director_en,
                country=film.country,
                language=NO_WORDS[entrant.language] if film.slug in SUBTITLES else "",
                year=timezone.now().year,
                ai_statement=WORDS[entrant.language],
            )
            write_uses(entry=entry, uses=uses_of_demo(film.slug, entrant.language))
            crew = crew_of_demo(film, entrant.name, entrant.language)
            write_credits(entry=entry, people=crew, at=timezone.now())
        if not entry.versions.exists():
            path = write_demo_film(film, folder).path
            with path.open("rb") as file:
                receive_form_file(
                    entry=entry,
                    filename=path.name,
                    size=path.stat().st_size,
                    source=file,
                    by=actor_of(entrant),
                    at=timezone.now(),
                )
            path.unlink()
            for language, text in SUBTITLES.get(film.slug, {}).items():
                add_subtitles(
                    entry=entry,
                    language=language,
                    filename=f"{film.slug}.{language}.srt",
                    data=text.encode(),
                    by=actor_of(entrant),
                    at=timezone.now(),
                )
        if entry.state == "draft":
            agree_to_all(entry=entry, by=actor_of(entrant), at=timezone.now())
            entry = actions.submit(entry=entry, by=actor_of(entrant), at=timezone.now())
        yield film, entry


NO_WORDS = {"en": "None", "zh-hans": "无"}
# What the films' titles in between would say, in files beside them.
SUBTITLES = {
    "the-mountain-postman": {
        "zh-Hans": "1\n00:00:01,000 --> 00:00:04,500\n每年立春\n他背着一封没有地址的信\n\n"
        "2\n00:00:05,000 --> 00:00:09,000\n今年，群山自己走来了\n",
        "en": "1\n00:00:01,000 --> 00:00:04,500\nEvery spring he carries a letter\nwithout an address.\n\n"
        "2\n00:00:05,000 --> 00:00:09,000\nThis year the mountains come to him.\n",
    }
}


def log_ins() -> list[dict[str, str]]:
    """What the demo prints: role, address, password."""
    return [{"role": account.role, "email": account.email, "password": PASSWORD} for account in ACCOUNTS]


def fill(folder: Path, say: Callable[[str], None], *, films: bool = True) -> Edition:
    """People, edition and films; may be run again after an interruption."""
    people = make_people()
    edition = make_demo_edition(people)
    if films:
        for film, entry in enter_films(edition, people, folder):
            say(f"{entry.code}  {film.title_zh} · {film.title_en}")
    return edition
