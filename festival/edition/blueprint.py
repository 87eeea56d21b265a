"""A blueprint: one TOML file that says what an edition is. Parsed and checked here, without Django.

See docs/blueprint.md for every key. Days count from the opening day of the call (day 0); a phase begins at 00:00 of
its first day and ends with the last second of its last day, in the edition's time zone.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from festival.edition.blueprint_award_checks import (
    check_awards,
    check_once,
    check_places,
    check_pool,
    check_tools,
)
from festival.edition.blueprint_awards import (
    AwardPlan,
    AwardRulePlan,
    PoolPlan,
    read_award,
    read_pool,
    read_rule,
)
from festival.edition.blueprint_cohorts import CohortPlan, check_cohorts, read_cohort
from festival.edition.blueprint_dates import check_notice, check_order
from festival.edition.blueprint_form import (
    QuestionPlan,
    read_declarations,
    read_objection_rules,
    read_question,
    read_rules,
)
from festival.edition.blueprint_reader import SLUG, Known, Reader
from festival.edition.blueprint_reader import Path as Place
from festival.edition.blueprint_rounds import CriterionPlan as CriterionPlan
from festival.edition.blueprint_rounds import RoundPlan, check_chain, read_round
from festival.edition.blueprint_venues import (
    TravelPlan,
    VenuePlan,
    check_venues,
    read_checks,
    read_travel,
    read_venue,
)
from festival.edition.declarations import DeclarationPlan, usual_declarations
from festival.edition.form_rules import FormRules
from festival.edition.objection_rules import ObjectionRules
from festival.edition.rulebook import Rulebook, RulebookError

FOLDER = Path(__file__).parent
ENTERS = ("film", "project")
PHASE_KINDS = ("call", "inspection", "jury", "notice", "awards", "premiere", "online")
RESERVED_SLUGS = frozenset(
    (
        "account",
        "accounts",
        "admin",
        "api",
        "desk",
        "entries",
        "healthz",
        "i18n",
        "join",
        "laureates",
        "jury",
        "links",
        "looks",
        "mailbox",
        "media",
        "new",
        "notices",
        "readyz",
        "static",
        "uploads",
        "verify",
    )
)

Text = dict[str, str]


class BlueprintError(ValueError):
    """Everything that is wrong with a blueprint, one sentence each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """`enters`: what an entry is, one of ENTERS. `most_entries` 0: no limit. `ends_day`: a deadline of its own, after
    this day; None: the call's.
    """

    slug: str
    name: Text
    about: Text
    enters: str
    invitation_only: bool
    most_entries: int
    ends_day: int | None


@dataclass(frozen=True, slots=True)
class PhasePlan:
    kind: str
    name: Text
    starts_day: int
    ends_day: int


@dataclass(frozen=True, slots=True)
class Blueprint:
    key: str
    name: Text
    tagline: Text
    about: Text
    time_zone: str
    blind: bool
    fix_days: int
    four_eyes: bool  # who proposes the awards does not confirm them
    prize_pool: PoolPlan | None
    rulebook: str  # the rulebook's TOML
    form: FormRules
    objections: ObjectionRules
    declarations: tuple[DeclarationPlan, ...]
    questions: tuple[QuestionPlan, ...]
    tracks: tuple[TrackPlan, ...]
    phases: tuple[PhasePlan, ...]
    rounds: tuple[RoundPlan, ...]
    awards: tuple[AwardPlan, ...]
    award_rules: tuple[AwardRulePlan, ...]
    cohorts: tuple[CohortPlan, ...]
    venues: tuple[VenuePlan, ...]
    travel: tuple[TravelPlan, ...]
    checks: Mapping[
        str, str
    ]  # what does not fit in a timetable → how much it counts, where it is not the usual
    contact: str = ""  # e-mail address for questions


def phase_times(phase: PhasePlan, opens: date, zone: str) -> tuple[datetime, datetime]:
    """First and last moment of a phase, aware. The end is midnight after its last day, not included."""
    first = datetime.combine(opens + timedelta(days=phase.starts_day), time(), ZoneInfo(zone))
    return first, end_of_day(phase.ends_day, opens, zone)


def end_of_day(day: int, opens: date, zone: str) -> datetime:
    """The midnight after a day of the blueprint's calendar, aware."""
    return datetime.combine(opens + timedelta(days=day + 1), time(), ZoneInfo(zone))


def load(path: Path) -> Blueprint:
    """Read a blueprint file. Its rulebook is named by file name beside it in ../rulebooks, or by a path."""
    return parse(path.read_text(encoding="utf-8"), key=path.stem, folder=path.parent)


def named(key: str) -> Blueprint:
    """One of the blueprints that come with the software."""
    path = FOLDER / "blueprints" / f"{key}.toml"
    if not path.exists():
        have = ", ".join(sorted(file.stem for file in (FOLDER / "blueprints").glob("*.toml")))
        raise BlueprintError([f"There is no blueprint {key!r}. There are: {have}."])
    return load(path)


def read_blueprint(name: str) -> Blueprint:
    """A blueprint by the name of one that comes along, or by the path of its file (it ends in .toml)."""
    if not name.endswith(".toml"):
        return named(name)
    path = Path(name)
    if not path.is_file():
        raise BlueprintError([f"There is no file {name}."])
    try:
        return load(path)
    except UnicodeDecodeError:
        raise BlueprintError([f"{name} is not UTF-8 text."]) from None


def is_address(text: str) -> bool:
    """Whether letters can name it as where answers go: plain ASCII that every mail server takes (RFC 5321's dot-string,
    and its limit of 254 characters).
    """
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and ".." not in text


def parse(
    source: str, *, key: str, folder: Path | None = FOLDER / "blueprints", rulebook: str = ""
) -> Blueprint:
    """Check a blueprint's text and give it as values; raises BlueprintError with every fault found.

    Its rulebook is looked for beside it in `folder`. Of a text that came over the network `folder` is None: then no
    file is opened but a rulebook that comes along. `rulebook`: the text itself, whatever the name.
    """
    try:
        data = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        raise BlueprintError([f"This is not TOML: {error}."]) from None
    read = Reader(source)
    for path in _with_nul(data):
        read.bad(path, "A text holds the character NUL, which nothing can keep.")
    if read.errors:
        raise BlueprintError(read.errors)
    top = read.take(data, (), "The blueprint", _BLUEPRINT)
    try:
        ZoneInfo(top["time_zone"])
    except (KeyError, ValueError, OSError):
        read.bad(("time_zone",), f"There is no time zone {top['time_zone']!r}; write it like Asia/Shanghai.")
    if top["contact"] and not is_address(top["contact"]):
        read.bad(("contact",), f"{top['contact']!r} is no e-mail address.")
    tracks = tuple(_track(read, path, row) for path, row in read.rows(top, (), "tracks"))
    phases = tuple(PhasePlan(**row) for row in _rows(read, top, "phases", "A phase", _PHASE))
    rounds = tuple(read_round(read, path, row) for path, row in read.rows(top, (), "rounds"))
    awards = tuple(read_award(read, path, row) for path, row in read.rows(top, (), "awards"))
    award_rules = tuple(read_rule(read, path, row) for path, row in read.rows(top, (), "award_rules"))
    prize_pool = read_pool(read, top["prize_pool"])
    check_pool(read, prize_pool, awards)
    cohorts = tuple(read_cohort(read, path, row) for path, row in read.rows(top, (), "cohorts"))
    venues = tuple(read_venue(read, path, row) for path, row in read.rows(top, (), "venues"))
    travel = tuple(read_travel(read, path, row) for path, row in read.rows(top, (), "travel"))
    check_venues(read, venues, travel)
    checks = read_checks(read, top["checks"])
    _check(read, tracks, phases, rounds, awards, award_rules, cohorts)
    rules = _rulebook(read, folder, top["rulebook"], rulebook)
    if not read.errors:
        check_tools(read, awards, award_rules, Rulebook.from_toml(rules).tools.tools)
    form = read_rules(read, top["form"])
    objections = read_objection_rules(read, top["objections"])
    check_notice(read, phases, objections.days)
    slugs = {track.slug for track in tracks}
    declarations = read_declarations(read, top, slugs) if "declarations" in data else usual_declarations()
    questions = tuple(read_question(read, path, row, slugs) for path, row in read.rows(top, (), "questions"))
    if read.errors:
        raise BlueprintError(read.errors)
    plain = {name: top[name] for name in _PLAIN}
    return Blueprint(
        key=key,
        prize_pool=prize_pool,
        rulebook=rules,
        form=form,
        objections=objections,
        declarations=declarations,
        questions=questions,
        tracks=tracks,
        phases=phases,
        rounds=rounds,
        awards=awards,
        award_rules=award_rules,
        cohorts=cohorts,
        venues=venues,
        travel=travel,
        checks=checks,
        **plain,
    )


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_PLAIN = ("name", "tagline", "about", "contact", "time_zone", "blind", "fix_days", "four_eyes")
_BLUEPRINT: Known = {
    "name": (dict, ...),
    "tagline": (dict, {}),
    "about": (dict, {}),
    "contact": (str, ""),
    "time_zone": (str, ...),
    "blind": (bool, True),
    "fix_days": (int, 7),
    "four_eyes": (bool, False),
    "prize_pool": (object, None),
    "rulebook": (str, ...),
    "form": (object, {}),
    "objections": (object, {}),
    "declarations": (list, []),
    "questions": (list, []),
    "tracks": (list, ...),
    "phases": (list, ...),
    "rounds": (list, []),
    "awards": (list, []),
    "award_rules": (list, []),
    "cohorts": (list, []),
    "venues": (list, []),
    "travel": (list, []),
    "checks": (object, {}),
}
_TRACK: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "about": (dict, {}),
    "enters": (str, "film"),
    "invitation_only": (bool, False),
    "most_entries": (int, 0),
    "ends_day": (int, 0),
}
_PHASE: Known = {
    "kind": (str, ...),
    "name": (dict, {}),
    "starts_day": (int, ...),
    "ends_day": (int, ...),
}


def _rows(
    read: Reader, top: Mapping[str, Any], key: str, where: str, known: Known
) -> Iterator[dict[str, Any]]:
    for path, row in read.rows(top, (), key):
        yield read.take(row, path, where, known)


def _track(read: Reader, path: Place, row: Mapping[str, Any]) -> TrackPlan:
    values = read.take(row, path, "A track", _TRACK)
    if values["enters"] not in ENTERS:
        given, kinds = values["enters"], ", ".join(ENTERS)
        read.bad((*path, "enters"), f"A track cannot take {given!r}; it takes one of {kinds}.")
    return TrackPlan(**{**values, "ends_day": values["ends_day"] if "ends_day" in row else None})


def _check(
    read: Reader,
    tracks: tuple[TrackPlan, ...],
    phases: tuple[PhasePlan, ...],
    rounds: tuple[RoundPlan, ...],
    awards: tuple[AwardPlan, ...],
    award_rules: tuple[AwardRulePlan, ...],
    cohorts: tuple[CohortPlan, ...],
) -> None:
    """What no single table can say: names used once, known kinds, dates in order."""
    for key, what, rows in (
        ("tracks", "track", tracks),
        ("rounds", "round", rounds),
        ("awards", "award", awards),
        ("award_rules", "award rule", award_rules),
    ):
        check_once(read, key, what, [row.slug for row in rows])
    if not tracks:
        read.bad(("tracks",), "A blueprint needs at least one track.")
    if [phase.kind for phase in phases].count("call") != 1:
        read.bad(("phases",), "A blueprint needs exactly one phase of the kind 'call'.")
    for place, phase in enumerate(phases):
        if phase.kind not in PHASE_KINDS:
            kinds = ", ".join(PHASE_KINDS)
            read.bad(("phases", place, "kind"), f"There is no phase kind {phase.kind!r}; there are {kinds}.")
    check_order(read, phases)
    intakes = check_chain(read, rounds, {cohort.slug: cohort.places for cohort in cohorts})
    opening = next((phase.starts_day for phase in phases if phase.kind == "call"), None)
    for place, track in enumerate(tracks):
        if track.ends_day is not None and opening is not None and track.ends_day < opening:
            read.bad(
                ("tracks", place, "ends_day"),
                f"The track {track.slug!r} ends on day {track.ends_day}, before the call opens.",
            )
    check_awards(
        read, awards, award_rules, {track.slug for track in tracks}, {round.slug for round in rounds}
    )
    check_places(read, awards, intakes)
    check_cohorts(read, cohorts, {track.slug for track in tracks}, rounds, intakes)


def _rulebook(read: Reader, folder: Path | None, name: str, given: str) -> str:
    source = given or _rulebook_file(folder, name)
    if not source:
        read.bad(("rulebook",), f"There is no rulebook {name!r}.")
        return ""
    try:
        Rulebook.from_toml(source)
    except RulebookError as error:
        read.errors.extend(f"Rulebook {name}: {sentence}" for sentence in error.sentences("en"))
    return source


def _rulebook_file(folder: Path | None, name: str) -> str:
    """The text of the first file that `name` means; "" when there is none."""
    paths = [FOLDER / "rulebooks" / f"{name}.toml"] if SLUG.fullmatch(name) else []
    if folder is not None and name:
        paths = [folder / name, folder.parent / "rulebooks" / f"{name}.toml", *paths]
    found = next((path for path in paths if path.is_file()), None)
    return found.read_text(encoding="utf-8") if found else ""


def _with_nul(value: Any, path: Place = ()) -> Iterator[Place]:
    """Where texts hold a NUL: databases refuse it."""
    if isinstance(value, str) and "\0" in value:
        yield path
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _with_nul(one, (*path, key))
            yield from _with_nul(key, path)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _with_nul(one, (*path, number))
