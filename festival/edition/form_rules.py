"""What an edition's entry form asks: which common fields, which people and files, and how many entries it takes.

Data, without Django: read from a blueprint's table `[form]` or from the column `Edition.form`, and checked in one
place. What an organiser asks beyond this are questions of the edition's own. What entrants are promised and given
afterwards stands here too, and what is wished of the programme of their films.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import time
from typing import Any

from festival.edition.territories import territory_codes

# The common fields that an edition may ask for, ask for but not insist on, or leave out. Title, track and the film
# itself are always asked.
FIELDS = (
    "title_en",
    "synopsis",
    "director",
    "country",
    "language",
    "subtitle_languages",
    "year",
    "running_time",
    "genre",
    "premiere",
    "showings",
    "residence",
)
ASKED = ("required", "optional", "hidden")
USUAL = {"synopsis": "required", "director": "required", "residence": "hidden"}  # the others are optional

ROLES = (
    "director",
    "writer",
    "producer",
    "ai_artist",
    "image",
    "animation",
    "edit",
    "sound",
    "music",
    "voice",
    "cast",
    "other",
)
MOST_PEOPLE = 50  # in an entry's credits, whatever the edition allows: a page of more is no form any longer
FILES = ("poster_wide", "poster_tall", "still", "portrait", "trailer", "document")

Tell = Callable[[str, str], None]


class FormRulesError(ValueError):
    """What is wrong with a form's rules: pairs of key ("credits.team_most") and English sentence."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{key}: {sentence}" for key, sentence in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class CreditRules:
    """Who must be named. Numbers of people, years of age; 0: not limited or not asked."""

    roles: tuple[str, ...] = ()  # each must be held by somebody
    team_least: int = 0
    team_most: int = 0
    confirm: bool = False  # every co-author must accept the invitation before the entry can be submitted
    age_least: int = 0  # everybody named declares to be at least so old
    identity: bool = False  # the representative declares the legal name and that it can be proved


@dataclass(frozen=True, slots=True)
class FileRules:
    """Which other files must be there before the entry can be submitted. `stills_least` of at most `stills_most`."""

    required: tuple[str, ...] = ()
    stills_least: int = 0
    stills_most: int = 10


@dataclass(frozen=True, slots=True)
class LimitRules:
    """How many entries are taken, and for how long. 0: no limit."""

    per_person: int = 0
    per_track: int = 0  # of one person
    one_track_per_film: bool = True
    invitation_only: bool = False  # a draft is begun with a code, or not at all
    grace_minutes: int = 60  # for a film whose upload began before the deadline


@dataclass(frozen=True, slots=True)
class ResidenceRules:
    """Where entrants may live: codes of ISO 3166-1. One of the two lists at most is there; none: anywhere."""

    allowed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.allowed or self.excluded)

    def admits(self, code: str) -> bool:
        """Whether somebody who lives there may take part."""
        return code in self.allowed if self.allowed else code not in self.excluded


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """What entrants are promised and told. Hours and days are kept for a promise; 0: nothing is promised.

    `viewings` is what they read of the jury's watching: nothing, by how many, or how much of the film as well.
    """

    inspection_hours: int = 24
    decision_days: int = 3  # a technician's, over what the inspection alone does not decide
    viewings: str = "share"
    correction_days: int = 3  # an organiser's, over a request to correct what was submitted


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """What entrants are given once the laureates are announced.

    `bands`: per cent, narrowest first: among the first 10 %, 25 %, 50 % of a round; none: nothing is said of ranks.
    `comments`: what judges wrote to the entrant, as released by the chair. `report`: the technical report.
    """

    bands: tuple[int, ...] = ()
    comments: bool = True
    report: bool = True


@dataclass(frozen=True, slots=True)
class ProgrammeRules:
    """What is wished of a timetable as long as nobody has wished otherwise: docs/premiere.md, The solver.

    `target`, `least`, `most`: minutes of a premiere with everything around its films. `premiere` is what a first
    showing is called; such a one begins best from `prime_from` to `prime_until`. 0: none, or no limit.
    """

    target: int = 75
    least: int = 45
    most: int = 95
    most_films: int = 0
    same: tuple[str, ...] = ()  # what all films of a programme must share
    repeat: bool = False
    one_after_other: bool = False  # premieres, if it can be: whoever wants to sees them all
    grid: int = 15  # minutes: programmes begin at multiples of it
    premiere: str = "none"
    prime_from: str = "18:00"
    prime_until: str = "22:00"
    intro_minutes: int = 5
    film_intro_seconds: int = 0  # by whoever comes with the film, at its premiere
    label_seconds: int = 5
    qa_minutes: int = 15
    rehearsal_minutes: int = 0
    rehearsal_day_before: bool = False
    late_age: int = 0
    late_from: str = "21:00"


@dataclass(frozen=True, slots=True)
class FormRules:
    """An edition's whole form, but for its questions and declarations, which are rows of their own."""

    fields: Mapping[str, str] = field(default_factory=dict)  # FIELDS → ASKED, where it differs from the usual
    credits: CreditRules = field(default_factory=CreditRules)
    files: FileRules = field(default_factory=FileRules)
    limits: LimitRules = field(default_factory=LimitRules)
    residence: ResidenceRules = field(default_factory=ResidenceRules)
    promises: PromiseRules = field(default_factory=PromiseRules)
    feedback: FeedbackRules = field(default_factory=FeedbackRules)
    programme: ProgrammeRules = field(default_factory=ProgrammeRules)

    def asked(self, name: str) -> str:
        """Whether the common field is "required", "optional" or "hidden". Where one must live is asked of everybody."""
        if name == "residence" and self.residence:
            return "required"
        return self.fields.get(name, USUAL.get(name, "optional"))

    def as_data(self) -> dict[str, Any]:
        """For `Edition.form`; `read_form` gives it back."""
        data = asdict(self)
        data["fields"] = dict(self.fields)
        return data


MOST = {
    "team_least": MOST_PEOPLE,
    "team_most": MOST_PEOPLE,
    "age_least": 99,
    "stills_least": 50,
    "stills_most": 50,
    "per_person": 1000,
    "per_track": 1000,
    "grace_minutes": 1440,
    "inspection_hours": 24 * 60,
    "decision_days": 90,
    "correction_days": 90,
    "target": 600,
    "least": 600,
    "most": 600,
    "most_films": 100,
    "intro_minutes": 60,
    "film_intro_seconds": 600,
    "label_seconds": 60,
    "qa_minutes": 120,
    "rehearsal_minutes": 480,
    "late_age": 21,
}
VIEWINGS = ("none", "count", "share")
ALIKE = ("track", "mood", "language", "age")
PREMIERES = ("none", "world", "national", "city")
GRIDS = (5, 10, 15, 30)  # minutes
CHOICES = {"roles": ROLES, "required": FILES, "same": ALIKE}
ONE_OF: Mapping[str, tuple[Any, ...]] = {"viewings": VIEWINGS, "premiere": PREMIERES, "grid": GRIDS}
TERRITORIES = ("allowed", "excluded")
TIMES = ("prime_from", "prime_until", "late_from")
MOST_BANDS, WIDEST_BAND = 5, 90  # how many bands, and per cent of the widest
_PARTS = {
    "credits": CreditRules,
    "files": FileRules,
    "limits": LimitRules,
    "residence": ResidenceRules,
    "promises": PromiseRules,
    "feedback": FeedbackRules,
    "programme": ProgrammeRules,
}


def read_form(values: Mapping[str, Any]) -> FormRules:
    """The rules from plain data. Raises FormRulesError with everything that is wrong."""
    faults: list[tuple[str, str]] = []

    def tell(key: str, sentence: str) -> None:
        faults.append((key, sentence))

    for key in values:
        if key not in ("fields", *_PARTS):
            tell(key, f"'form' does not know {key!r}; it knows fields, {', '.join(_PARTS)}.")
    read = {name: _part(name, kind, values.get(name, {}), tell) for name, kind in _PARTS.items()}
    rules = FormRules(fields=_fields(values.get("fields", {}), tell), **read)
    if rules.credits.team_most and rules.credits.team_least > rules.credits.team_most:
        tell("credits.team_least", "A team cannot have at least more people than at most.")
    if rules.residence.allowed and rules.residence.excluded:
        tell("residence.excluded", "Name those that are allowed or those that are excluded, not both.")
    if rules.files.stills_least > rules.files.stills_most:
        tell("files.stills_least", "There cannot be at least more stills than at most.")
    if not rules.programme.least <= rules.programme.target <= rules.programme.most:
        tell("programme.target", "The minutes aimed at lie between the least and the most.")
    if rules.programme.prime_until < rules.programme.prime_from:
        tell("programme.prime_until", "'prime_until' is before 'prime_from'.")
    if faults:
        raise FormRulesError(faults)
    return rules


def _fields(given: Any, tell: Tell) -> dict[str, str]:
    if not isinstance(given, Mapping):
        tell("fields", "'fields' must be a table such as { year = \"required\" }.")
        return {}
    for name, asked in given.items():
        if name not in FIELDS:
            tell(f"fields.{name}", f"There is no common field {name!r}; there are {', '.join(FIELDS)}.")
        elif asked not in ASKED:
            tell(f"fields.{name}", f"{name!r} is one of {', '.join(ASKED)}, not {asked!r}.")
    return {name: asked for name, asked in given.items() if name in FIELDS and asked in ASKED}


def _part(name: str, kind: type, given: Any, tell: Tell) -> Any:
    if not isinstance(given, Mapping):
        tell(name, f"{name!r} must be a table.")
        return kind()
    known = {one.name: one.default for one in fields(kind)}
    read: dict[str, Any] = {}
    for key, value in given.items():
        here = f"{name}.{key}"
        if key not in known:
            tell(here, f"{name!r} does not know {key!r}; it knows {', '.join(known)}.")
        elif key in CHOICES:
            chosen = list(value) if isinstance(value, list | tuple) else [value]
            strange = [one for one in chosen if one not in CHOICES[key]]
            if strange:
                tell(here, f"{key!r} is a list out of {', '.join(CHOICES[key])}; not {strange[0]!r}.")
            else:
                read[key] = tuple(dict.fromkeys(chosen))
        elif key in ONE_OF:
            if value in ONE_OF[key]:
                read[key] = value
            else:
                tell(here, f"{key!r} is one of {', '.join(map(str, ONE_OF[key]))}, not {value!r}.")
        elif key in TIMES:
            if _is_time(value):
                read[key] = value
            else:
                tell(here, f'{key!r} is a time such as "19:30", not {value!r}.')
        elif key in TERRITORIES:
            read[key] = _territories(value, here, tell)
        elif key == "bands":
            read[key] = _bands(value, here, tell)
        elif isinstance(known[key], bool):
            if isinstance(value, bool):
                read[key] = value
            else:
                tell(here, f"{key!r} is true or false, not {value!r}.")
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST[key]:
            tell(here, f"{key!r} is a whole number from 0 to {MOST[key]}, not {value!r}.")
        else:
            read[key] = value
    return kind(**read)


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and f"{time.fromisoformat(value):%H:%M}" == value
    except ValueError:
        return False


def _territories(value: Any, here: str, tell: Tell) -> tuple[str, ...]:
    given = list(value) if isinstance(value, list | tuple) else [value]
    for one in given:
        if not isinstance(one, str) or one not in territory_codes():
            tell(here, f"{one!r} is no code of ISO 3166-1, such as CN or FR.")
            return ()
    return tuple(dict.fromkeys(given))


def _bands(value: Any, here: str, tell: Tell) -> tuple[int, ...]:
    given = list(value) if isinstance(value, list | tuple) else [value]
    whole = all(type(one) is int and 1 <= one <= WIDEST_BAND for one in given)
    if not whole or len(given) > MOST_BANDS or sorted(set(given)) != given:
        tell(
            here,
            f"'bands' are at most {MOST_BANDS} whole numbers from 1 to {WIDEST_BAND}, growing, such as [10, 25, 50]; "
            f"not {value!r}.",
        )
        return ()
    return tuple(given)
