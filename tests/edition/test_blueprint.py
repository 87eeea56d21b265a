"""Blueprints: the ones that come along are right, and every fault is named with its line."""

import re
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from festival.awards.models import AwardSlot
from festival.edition.blueprint import FOLDER, BlueprintError, named, parse, phase_times
from festival.edition.blueprint_venues import CHECKS
from festival.edition.form_rules import ProgrammeRules
from festival.edition.models import Edition
from festival.premiere.models import Hall
from judging.models import Criterion
from tests.factories import make_user

TABLES = {"prizes", "data", "require"}  # tables of plain values with texts among them
SHORT_FILM = (FOLDER / "blueprints" / "short-film.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((FOLDER / "blueprints").glob("*.toml")), ids=lambda path: path.stem)
def test_the_blueprints_that_come_along_are_right_and_in_both_languages(path):
    plan = named(path.stem)

    def texts(value):
        if isinstance(value, dict):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                yield from texts(item)
        elif hasattr(value, "__slots__"):
            for name in set(value.__slots__) - {"form", "limits", "checks", *TABLES}:
                yield from texts(getattr(value, name))
            for name in TABLES & set(value.__slots__):
                tables = getattr(value, name)
                for table in tables if isinstance(tables, tuple) else (tables,):
                    yield from (text for text in table.values() if isinstance(text, dict))

    written = [text for text in texts(plan) if text]
    assert written
    assert all(set(text) == {"en", "zh"} and all(text.values()) for text in written)


def faults(change, by=""):
    """The sentences about the short-film blueprint after replacing `change` (a pattern) once."""
    source, count = re.subn(change, lambda found: by, SHORT_FILM, count=1, flags=re.MULTILINE)
    assert count == 1
    with pytest.raises(BlueprintError) as error:
        parse(source, key="broken")
    return error.value.errors


def line_of(text):
    return SHORT_FILM.splitlines().index(text) + 1


def test_declarations_are_the_usual_ones_unless_the_blueprint_has_its_own():
    usual = parse(SHORT_FILM, key="usual")
    assert [plan.key for plan in usual.declarations] == [
        "rights", "music", "voices", "likeness", "source", "screening",
    ]  # fmt: skip
    own = """
[[declarations]]
slug = "oath"
title = { en = "Oath", zh = "保证" }
text = "I made it."
if_applicable = true
document = "must"
track = "animation"
"""
    [plan] = parse(SHORT_FILM + own, key="own").declarations
    assert (plan.key, plan.text, plan.required) == ("oath", {"en": "I made it.", "zh": "I made it."}, True)
    assert (plan.if_applicable, plan.document, plan.track) == (True, "must", "animation")
    assert parse("declarations = []\n" + SHORT_FILM, key="none").declarations == ()


def test_what_is_wrong_with_declarations():
    wrong = """
[[declarations]]
slug = "oath"
title = "Oath"
text = "I made it."
document = "perhaps"
[[declarations]]
slug = "oath"
title = "Oath"
text = "I made it."
track = "nowhere"
"""
    with pytest.raises(BlueprintError) as error:
        parse(SHORT_FILM + wrong, key="wrong")
    first = len((SHORT_FILM + wrong).splitlines()) - len(wrong.splitlines()) + 1
    assert error.value.errors == [
        f"line {first + 5}: 'document' is one of none, may, must, not 'perhaps'.",
        f"line {first + 7}: The declaration 'oath' is there twice.",
        f"line {first + 10}: The declaration 'oath' names the track 'nowhere', which does not exist.",
    ]


def nth_line_of(text, number):
    """The line of the `number`th (from 1) line that reads `text`."""
    return [n for n, line in enumerate(SHORT_FILM.splitlines(), 1) if line == text][number - 1]


@pytest.mark.parametrize(
    ("change", "by", "sentences"),
    [
        (
            "^blind = true",
            'blind = "yes"',
            [f"line {line_of('blind = true')}: The blueprint: 'blind' must be true or false, not 'yes'."],
        ),
        (
            "^time_zone = .*",
            'time_zone = "Mars/Olympus"',
            [
                (
                    f"line {line_of('time_zone = "Asia/Shanghai"')}: There is no time zone 'Mars/Olympus'; "
                    "write it like Asia/Shanghai."
                )
            ],
        ),
        (
            "^fix_days = 5",
            "fixdays = 5",
            [
                (
                    f"line {line_of('fix_days = 5')}: The blueprint does not know 'fixdays'; it knows name, tagline, "
                    "about, contact, time_zone, blind, fix_days, four_eyes, prize_pool, rulebook, form, objections, "
                    "declarations, questions, tracks, phases, rounds, awards, award_rules, cohorts, venues, travel, "
                    "checks."
                )
            ],
        ),
        (
            "^weight = 25",
            "weight = 26",
            [f"line {line_of('[[rounds]]')}: The weights of round 'jury' sum to 101; they must sum to 100."],
        ),
        (
            '^slug = "animation"\ntier',
            'slug = "animation"\nplaces = 0\ntier',
            [f"line {line_of('tier = "special"')}: An award: 'places' must be from 1 to 1000, not 0."],
        ),
        (
            '^track = "animation"',
            'track = "drawn"',
            [
                (
                    f"line {line_of('track = "animation"')}: The award 'animation' names the track 'drawn', "
                    "which does not exist."
                )
            ],
        ),
        (
            '^track = "animation"',
            'track = "animation"\nrequire = [{ attribute = "tools.kling", at_least = 70 }]',
            [
                (
                    f"line {line_of('track = "animation"') + 1}: There is no attribute 'tools.kling'; there are track, "
                    "form, premiere, country, language, year, minutes, findings_closed, rights_complete, "
                    "identity_checked, tool_share.SLUG, maker_share.NAME."
                )
            ],
        ),
        (
            '^track = "animation"',
            'track = "animation"\nrequire = [{ attribute = "tool_share.klnig", at_least = 70 }]',
            [f"line {line_of('track = "animation"') + 1}: The rulebook knows no tool 'klnig'."],
        ),
        (
            '^rulebook = "short-film"',
            'rulebook = "nowhere"',
            [f"line {line_of('rulebook = "short-film"')}: There is no rulebook 'nowhere'."],
        ),
        (
            '^kind = "call"\nstarts_day = 0\nends_day = 34',
            'kind = "call"\nstarts_day = 3\nends_day = 1',
            [f"line {line_of('ends_day = 34')}: The phase 'call' ends on day 1, before it starts."],
        ),
        (
            '^slug = "animation"',
            'slug = "animation"\nenters = "song"',
            [
                f"line {line_of('slug = "animation"') + 1}: A track cannot take 'song'; it takes one of film, project."
            ],
        ),
        (
            '^kind = "inspection"',
            'kind = "inspecting"',
            [
                (
                    f"line {line_of('kind = "inspection"')}: There is no phase kind 'inspecting'; there are call, "
                    "inspection, jury, notice, awards, premiere, online."
                )
            ],
        ),
        (
            "^seats = 84\n",
            "",
            [f"line {nth_line_of('[[venues.halls]]', 2)}: A hall needs 'seats'."],
        ),
        (
            '^slug = "open"',
            'slug = "open form"',
            [
                (
                    f"line {line_of('slug = "open"')}: 'open form' cannot be an address: "
                    "use letters, digits and hyphens, at most 40 in all."
                )
            ],
        ),
    ],
)
def test_a_fault_is_named_with_its_line(change, by, sentences):
    assert faults(change, by) == sentences


def test_every_fault_is_named_at_once():
    source = SHORT_FILM.replace("blind = true", "blind = 1").replace("looks = 2", "looks = 0")
    with pytest.raises(BlueprintError) as error:
        parse(source, key="broken")
    assert len(error.value.errors) == 2


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("name = [\n1 2]", r"This is not TOML: .*line 2"),
        ('[[tracks]]\nslug = "a"\n[[tracks]]\nslug = "a"', r"line 4: The track 'a' is there twice"),
        ('tracks = ["story"]', r"'tracks' must be a list of tables"),
        ("phases = 3", r"'phases' must be a list"),
        ("[[rounds]]\nslug = 'jury'\ncriteria = [3]", r"'criteria' must be a list of tables"),
    ],
)
def test_a_text_that_is_no_blueprint_is_told_in_sentences(source, sentence):
    with pytest.raises(BlueprintError, match=sentence):
        parse(source, key="broken")


def test_a_broken_rulebook_is_named_with_its_own_lines(tmp_path: Path):
    (tmp_path / "odd.toml").write_text('[duration]\nmax = "long"\n')
    source = SHORT_FILM.replace('rulebook = "short-film"', 'rulebook = "odd.toml"')
    with pytest.raises(BlueprintError, match=r"Rulebook odd\.toml: .*2"):
        parse(source, key="broken", folder=tmp_path)


def test_days_begin_and_end_at_midnight_of_the_editions_zone():
    plan = named("short-film")
    [call] = [phase for phase in plan.phases if phase.kind == "call"]
    starts_at, ends_at = phase_times(call, date(2027, 3, 1), "Asia/Shanghai")
    assert starts_at == datetime(2027, 2, 28, 16, tzinfo=UTC)
    assert ends_at == datetime(2027, 4, 4, 16, tzinfo=UTC)
    # Over a change of clocks a day has 23 hours, and midnight stays midnight.
    _starts_at, ends_at = phase_times(call, date(2027, 3, 1), "Europe/Berlin")
    assert ends_at == datetime(2027, 4, 4, 22, tzinfo=UTC)


@pytest.mark.django_db
def test_the_command_makes_a_whole_edition():
    owner = make_user()
    out = StringIO()
    call_command(
        "make_edition", "short-film", "spring", owner=owner.email.upper(), opens="2027-03-01", stdout=out
    )
    edition = Edition.objects.get()
    assert (edition.slug, edition.status, edition.blueprint) == ("spring", "draft", "short-film")
    assert "/spring/" in out.getvalue()
    plan = named("short-film")
    assert edition.tracks.count() == len(plan.tracks)
    assert edition.phases.get(kind="call").starts_at == datetime(2027, 2, 28, 16, tzinfo=UTC)
    assert AwardSlot.objects.filter(edition=edition).count() == len(plan.awards)
    assert Hall.objects.filter(venue__edition=edition).count() == 2
    assert Criterion.objects.filter(round__edition=edition).count() == 4
    assert [(member.user, member.role) for member in edition.memberships.all()] == [(owner, "owner")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"blueprint": "opera"}, r"There is no blueprint 'opera'\. There are: .*short-film"),
        ({"blueprint": "missing.toml"}, "There is no file missing.toml"),
        ({"slug": "two words"}, "'two words' cannot be an address"),
        ({"slug": "x" * 41}, "at most 40 characters"),
        ({"slug": "admin"}, "'admin' is an address of the site itself"),
        ({"owner": "nobody@example.org"}, "There is no account 'nobody@example.org'"),
        ({"opens": "1 March"}, "--opens must be a day like 2027-03-01"),
    ],
)
def test_the_command_refuses_with_a_sentence(arguments, sentence):
    make_user(email="owner@example.org")
    given = {
        "blueprint": "short-film",
        "slug": "spring",
        "owner": "owner@example.org",
        "opens": None,
    } | arguments
    with pytest.raises(CommandError, match=sentence):
        call_command("make_edition", given.pop("blueprint"), given.pop("slug"), **given)
    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_an_address_is_taken_once():
    owner = make_user()
    call_command("make_edition", "short-film", "spring", owner=owner.email, stdout=StringIO())
    with pytest.raises(CommandError, match="already an edition 'spring'"):
        call_command("make_edition", "short-film", "spring", owner=owner.email)


FORM = """
[form.fields]
country = "required"
[form.limits]
per_person = 3
[form.programme]
target = 90
most = 105
grid = 30
late_from = "22:00"
[checks]
sound = "release"
[[questions]]
text = { en = "Which school?", zh = "所在院校？" }
most = 80
tracks = ["story"]
[[questions]]
text = "Born on"
kind = "date"
most = 2008-01-01
asked = "admitted"
required = true
[[questions]]
text = "Colour"
kind = "choice"
options = ["Red", { en = "Blue", zh = "蓝" }]
"""


HEAD = SHORT_FILM.split("[[questions]]")[0]
TAIL = "[[phases]]" + SHORT_FILM.split("[[phases]]", 1)[1]


def test_the_form_and_its_questions():
    plan = parse(HEAD + FORM + TAIL, key="x")
    limits, programme = plan.form.limits, plan.form.programme
    assert (programme.target, programme.grid, programme.late_from, programme.least) == (90, 30, "22:00", 45)
    assert plan.checks == {"sound": "release"}
    assert (plan.form.asked("country"), plan.form.asked("year"), limits.per_person) == (
        "required",
        "optional",
        3,
    )
    school, born, colour = plan.questions
    assert (school.kind, school.tracks, school.limits) == ("line", ("story",), {"most": 80})
    assert (born.kind, born.asked, born.required, born.limits) == (
        "date",
        "admitted",
        True,
        {"most": "2008-01-01"},
    )
    assert colour.options == ({"en": "Red", "zh": "Red"}, {"en": "Blue", "zh": "蓝"})


LIMITS = "per_person, per_track, one_track_per_film, invitation_only, grace_minutes"
WISHES = ", ".join(ProgrammeRules.__dataclass_fields__)
KINDS = "line, text, number, date, yes_no, choice, choices, url, file"


@pytest.mark.parametrize(
    ("change", "by", "sentence"),
    [
        ('country = "required"', 'country = "maybe"', "'country' is one of required, optional, hidden, not 'maybe'."),
        ("per_person = 3", "per_person = -1", "'per_person' is a whole number from 0 to 1000, not -1."),
        ("per_person = 3", "per_people = 3", f"'limits' does not know 'per_people'; it knows {LIMITS}."),
        ("target = 90", "target = 200", "The minutes aimed at lie between the least and the most."),
        ("target = 90", "aim = 90", f"'programme' does not know 'aim'; it knows {WISHES}."),
        ("grid = 30", "grid = 7", "'grid' is one of 5, 10, 15, 30, not 7."),
        ('late_from = "22:00"', 'late_from = "9 pm"', "'late_from' is a time such as \"19:30\", not '9 pm'."),
        ('sound = "release"', 'sound = "stop"', "'sound' is one of block, release, warn, ignore, not 'stop'."),
        ('sound = "release"', 'smell = "warn"', f"'checks' does not know 'smell'; there are {', '.join(CHECKS)}."),
        ('tracks = ["story"]', 'tracks = ["nowhere"]', "A question names the track 'nowhere', which does not exist."),
        ('kind = "date"', 'kind = "day"', f"There is no kind of question 'day'; there are {KINDS}."),
        ('"Red", ', "", "A question with choices needs at least two options."),
        ("most = 80", "most = 0", "0 cannot limit a question of the kind 'line'."),
    ],
)  # fmt: skip
def test_a_fault_of_the_form_is_named_with_its_line(change, by, sentence):
    source = HEAD + FORM.replace(change, by) + TAIL
    with pytest.raises(BlueprintError) as error:
        parse(source, key="broken")
    wanted = by or 'options = [{ en = "Blue"'
    line = next(place for place, text in enumerate(source.splitlines(), 1) if wanted in text)
    assert error.value.errors[0] == f"line {line}: {sentence}"
