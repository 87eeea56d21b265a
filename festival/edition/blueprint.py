"""A blueprint: one TOML file that says what an edition is. Parsed and checked here, without Django.

See docs/blueprint.md for every key. Days count from the opening day of the call (day 0); a phase begins at 00:00 of
its first day and ends with the last second of its last day, in the edition's time zone.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from festival.edition.rulebook import Rulebook, RulebookError

FOLDER = Path(__file__).parent
PHASE_KINDS = ("call", "inspection", "jury", "notice", "awards", "premiere", "online")
TIERS = ("grand", "first", "second", "third", "excellence", "special")
RESERVED_SLUGS = frozenset(
    (
        "account", "accounts", "admin", "api", "desk", "entries", "healthz", "i18n", "jury",
        "links", "looks", "mailbox", "media", "new", "notices", "readyz", "static", "uploads",
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
    slug: str
    name: Text
    about: Text


@dataclass(frozen=True, slots=True)
class PhasePlan:
    kind: str
    name: Text
    starts_day: int
    ends_day: int


@dataclass(frozen=True, slots=True)
class CriterionPlan:
    slug: str
    name: Text
    about: Text
    weight: Decimal


@dataclass(frozen=True, slots=True)
class RoundPlan:
    slug: str
    name: Text
    looks: int
    scale: tuple[Decimal, Decimal, Decimal]  # lowest, highest, step
    criteria: tuple[CriterionPlan, ...]


@dataclass(frozen=True, slots=True)
class AwardPlan:
    slug: str
    name: Text
    tier: str
    places: int
    prize: Text
    track: str


@dataclass(frozen=True, slots=True)
class HallPlan:
    name: Text
    seats: int
    turnaround_minutes: int


@dataclass(frozen=True, slots=True)
class VenuePlan:
    name: Text
    address: Text
    halls: tuple[HallPlan, ...]


@dataclass(frozen=True, slots=True)
class Blueprint:
    key: str
    name: Text
    tagline: Text
    about: Text
    time_zone: str
    blind: bool
    fix_days: int
    rulebook: str  # the rulebook's TOML
    tracks: tuple[TrackPlan, ...]
    phases: tuple[PhasePlan, ...]
    rounds: tuple[RoundPlan, ...]
    awards: tuple[AwardPlan, ...]
    venues: tuple[VenuePlan, ...]


def phase_times(phase: PhasePlan, opens: date, zone: str) -> tuple[datetime, datetime]:
    """First and last moment of a phase, aware. The end is midnight after its last day, not included."""
    first = datetime.combine(opens + timedelta(days=phase.starts_day), time(), ZoneInfo(zone))
    last = datetime.combine(opens + timedelta(days=phase.ends_day + 1), time(), ZoneInfo(zone))
    return first, last


class _Reader:
    """Takes keys out of TOML tables and collects what is wrong with them."""

    def __init__(self, source: str) -> None:
        self.lines = source.splitlines()
        self.errors: list[str] = []

    def line(self, key: str) -> str:
        """Where `key` stands, for the reader of the message."""
        for number, line in enumerate(self.lines, 1):
            if line.split("=")[0].strip().strip('"[]') == key:
                return f"line {number}: "
        return ""

    def bad(self, key: str, sentence: str) -> None:
        self.errors.append(f"{self.line(key)}{sentence}")

    def take(
        self, table: Mapping[str, Any], where: str, known: Mapping[str, tuple[type, Any]]
    ) -> dict[str, Any]:
        """The known keys of `table` with their defaults; `...` as default means required."""
        for key in table:
            if key not in known:
                self.bad(key, f"{where} does not know {key!r}; it knows {', '.join(known)}.")
        values: dict[str, Any] = {}
        for key, (kind, default) in known.items():
            value = table.get(key, default)
            if value is ...:
                self.errors.append(f"{where} needs {key!r}.")
                value = kind()
            elif kind is dict and isinstance(value, str):
                value = {"en": value, "zh": value}
            elif kind is not object and (
                not isinstance(value, kind) or (kind is int and isinstance(value, bool))
            ):
                self.bad(key, f"{where}: {key!r} must be {_KINDS[kind]}, not {value!r}.")
                value = kind()
            if kind is dict and value and not set(value) <= {"en", "zh"}:
                self.bad(key, f"{where}: {key!r} takes the languages en and zh.")
            values[key] = value
        return values


_KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a text in both languages, { en = …, zh = … }",
}


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


def parse(source: str, *, key: str, folder: Path = FOLDER / "blueprints") -> Blueprint:
    """Check a blueprint's text and give it as values; raises BlueprintError with every fault found."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BlueprintError([f"This is not TOML: {error}."]) from None
    read = _Reader(source)
    top = read.take(
        data,
        "The blueprint",
        {
            "name": (dict, ...),
            "tagline": (dict, {}),
            "about": (dict, {}),
            "time_zone": (str, ...),
            "blind": (bool, True),
            "fix_days": (int, 7),
            "rulebook": (str, ...),
            "tracks": (list, ...),
            "phases": (list, ...),
            "rounds": (list, []),
            "awards": (list, []),
            "venues": (list, []),
        },
    )
    try:
        ZoneInfo(top["time_zone"])
    except (KeyError, ValueError, OSError):
        read.bad("time_zone", f"There is no time zone {top['time_zone']!r}; write it like Asia/Shanghai.")
    tracks = tuple(TrackPlan(**read.take(row, "A track", _TRACK)) for row in top["tracks"])
    phases = tuple(PhasePlan(**read.take(row, "A phase", _PHASE)) for row in top["phases"])
    rounds = tuple(_round(read, row) for row in top["rounds"])
    awards = tuple(AwardPlan(**read.take(row, "An award", _AWARD)) for row in top["awards"])
    venues = tuple(_venue(read, row) for row in top["venues"])
    _check(read, tracks, phases, rounds, awards)
    rulebook = _rulebook(read, folder, top["rulebook"])
    if read.errors:
        raise BlueprintError(read.errors)
    plain = {name: top[name] for name in ("name", "tagline", "about", "time_zone", "blind", "fix_days")}
    return Blueprint(
        key=key,
        rulebook=rulebook,
        tracks=tracks,
        phases=phases,
        rounds=rounds,
        awards=awards,
        venues=venues,
        **plain,
    )


_TRACK: dict[str, tuple[type, Any]] = {"slug": (str, ...), "name": (dict, ...), "about": (dict, {})}
_PHASE: dict[str, tuple[type, Any]] = {
    "kind": (str, ...),
    "name": (dict, {}),
    "starts_day": (int, ...),
    "ends_day": (int, ...),
}
_AWARD: dict[str, tuple[type, Any]] = {
    "slug": (str, ...),
    "name": (dict, ...),
    "tier": (str, ...),
    "places": (int, 1),
    "prize": (dict, {}),
    "track": (str, ""),
}
_HALL: dict[str, tuple[type, Any]] = {
    "name": (dict, ...),
    "seats": (int, ...),
    "turnaround_minutes": (int, 20),
}


def _round(read: _Reader, row: Mapping[str, Any]) -> RoundPlan:
    values = read.take(
        row,
        "A round",
        {
            "slug": (str, ...),
            "name": (dict, ...),
            "looks": (int, 2),
            "scale": (list, [1, 10, 0.5]),
            "criteria": (list, ...),
        },
    )
    criteria = []
    for line in values["criteria"]:
        given = read.take(
            line,
            "A criterion",
            {"slug": (str, ...), "name": (dict, ...), "about": (dict, {}), "weight": (object, ...)},
        )
        try:
            given["weight"] = Decimal(str(given["weight"]))
        except ArithmeticError:
            read.bad("weight", f"The weight of {given['slug']!r} must be a number.")
            given["weight"] = Decimal(0)
        criteria.append(CriterionPlan(**given))
    total = sum((criterion.weight for criterion in criteria), Decimal(0))
    if total != 100:
        read.errors.append(f"The weights of round {values['slug']!r} sum to {total}; they must sum to 100.")
    try:
        low, high, step = (Decimal(str(number)) for number in values["scale"])
    except (ArithmeticError, ValueError):
        low, high, step = Decimal(1), Decimal(10), Decimal(0)
    if step <= 0 or high <= low or (high - low) % step:
        read.bad(
            "scale",
            f"The scale of round {values['slug']!r} is [lowest, highest, step], such as [1, 10, 0.5].",
        )
    if values["looks"] < 1:
        read.bad("looks", f"Round {values['slug']!r} needs at least one look per film.")
    return RoundPlan(values["slug"], values["name"], values["looks"], (low, high, step), tuple(criteria))


def _venue(read: _Reader, row: Mapping[str, Any]) -> VenuePlan:
    values = read.take(row, "A venue", {"name": (dict, ...), "address": (dict, {}), "halls": (list, ...)})
    halls = tuple(HallPlan(**read.take(hall, "A hall", _HALL)) for hall in values["halls"])
    return VenuePlan(values["name"], values["address"], halls)


def _check(
    read: _Reader,
    tracks: tuple[TrackPlan, ...],
    phases: tuple[PhasePlan, ...],
    rounds: tuple[RoundPlan, ...],
    awards: tuple[AwardPlan, ...],
) -> None:
    """What no single table can say: names used once, known kinds, dates in order."""
    for what, rows in (("track", tracks), ("round", rounds), ("award", awards)):
        slugs = [row.slug for row in rows]
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            read.errors.append(f"The {what} {slug!r} is there twice.")
    if not tracks:
        read.errors.append("A blueprint needs at least one track.")
    if [phase.kind for phase in phases].count("call") != 1:
        read.errors.append("A blueprint needs exactly one phase of the kind 'call'.")
    for phase in phases:
        if phase.kind not in PHASE_KINDS:
            read.errors.append(f"There is no phase kind {phase.kind!r}; there are {', '.join(PHASE_KINDS)}.")
        if phase.ends_day < phase.starts_day:
            read.errors.append(f"The phase {phase.kind!r} ends on day {phase.ends_day}, before it starts.")
    known = {track.slug for track in tracks}
    for award in awards:
        if award.tier not in TIERS:
            read.errors.append(
                f"The award {award.slug!r} has the tier {award.tier!r}; there are {', '.join(TIERS)}."
            )
        if award.places < 1:
            read.errors.append(f"The award {award.slug!r} needs at least one place.")
        if award.track and award.track not in known:
            read.errors.append(
                f"The award {award.slug!r} names the track {award.track!r}, which does not exist."
            )


def _rulebook(read: _Reader, folder: Path, name: str) -> str:
    for path in (
        folder / name,
        folder.parent / "rulebooks" / f"{name}.toml",
        FOLDER / "rulebooks" / f"{name}.toml",
    ):
        if name and path.is_file():
            text = path.read_text(encoding="utf-8")
            try:
                Rulebook.from_toml(text)
            except RulebookError as error:
                read.errors.extend(f"Rulebook {path.name}: {sentence}" for sentence in error.sentences("en"))
            return text
    read.bad("rulebook", f"There is no rulebook {name!r}.")
    return ""
