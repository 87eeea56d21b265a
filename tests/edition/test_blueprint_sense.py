"""Blueprints: dates in an order that makes sense, places for the films there are, and a sixth without code."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from festival.edition.blueprint import FOLDER, BlueprintError, load, named, parse
from judging.round_words import warnings
from judging.setup import make_edition
from tests.factories import make_user

OPEN_CALL = (FOLDER / "blueprints" / "open-call.toml").read_text(encoding="utf-8")


def faults(old, new):
    assert OPEN_CALL.count(old) == 1
    with pytest.raises(BlueprintError) as error:
        parse(OPEN_CALL.replace(old, new), key="broken")
    return error.value.errors


def line_of(text, number=1):
    return [n for n, line in enumerate(OPEN_CALL.splitlines(), 1) if line == text][number - 1]


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("ends_day = 66", "ends_day = 50", "ends_day = 66",
         "The inspection ends on day 50, while films arrive until day 61."),
        ("starts_day = 105", "starts_day = 99", "starts_day = 105",
         "The phase 'notice' starts on day 99; the jury ends on 103."),
        (
            "starts_day = 63\nends_day = 103",
            "starts_day = 30\nends_day = 40",
            "ends_day = 103",
            "The jury ends on day 40, before the call does on day 61.",
        ),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_are_named_with_their_line(old, new, line, sentence):
    assert faults(old, new) == [f"line {line_of(line)}: {sentence}"]


def test_more_places_than_films_are_named():
    [fault] = faults("places = 5", "places = 60")
    assert fault == (
        f"line {line_of('places = 5')}: Up to the award 'third' there are 64 places, but only 54 films come into "
        "the round 'final'."
    )


def test_a_share_of_a_known_number_is_known():
    """5 % of 142 are 8 films: the next round cannot keep 54 of them."""
    source = OPEN_CALL.replace(
        'after = "longlist"\nnominations = 18\ncut = { kind = "count", value = 54 }',
        'after = "longlist"\nnominations = 18\ncut = { kind = "share", value = 5 }',
    ).replace('after = "nominees"\n', 'after = "nominees"\ncut = { kind = "count", value = 9 }\n')
    with pytest.raises(BlueprintError) as error:
        parse(source, key="broken")
    assert "The cut of round 'final' is larger than its intake: 9 of 8 films." in str(error.value)


@pytest.mark.django_db
def test_a_sixth_blueprint_needs_no_code(tmp_path):
    path = tmp_path / "sixth.toml"
    path.write_text(OPEN_CALL.replace("Open Call 2027", "Sixth"), encoding="utf-8")
    edition = make_edition(plan=load(path), slug="sixth", opens=date(2027, 3, 1), owner=make_user("owner"))
    assert (edition.name["en"], edition.blueprint) == ("Sixth", "sixth")
    assert list(edition.rounds.values_list("slug", "cut_value")) == [
        ("screening", None), ("longlist", 142), ("nominees", 54), ("final", None)
    ]  # fmt: skip
    assert list(edition.award_slots.values_list("tier", "places")) == [
        ("first", 1), ("second", 3), ("third", 5), ("special", 1), ("special", 1)
    ]  # fmt: skip


def test_the_prize_pool_of_the_worldwide_contest():
    awards = named("tool-makers").awards
    assert sum(award.places for award in awards) == 10
    assert sum(award.places * int(prize["amount"]) for award in awards for prize in award.prizes) == 42_000


def test_the_command_tells_all_faults_and_makes_nothing(tmp_path):
    out = StringIO()
    call_command("check_blueprint", "open-call", stdout=out)
    assert out.getvalue() == "Nothing is wrong with 'open-call': 3 tracks, 6 phases, 4 rounds, 5 awards.\n"
    path = tmp_path / "odd.toml"
    path.write_text(OPEN_CALL.replace("blind = true", "blind = 1").replace("overhead = 20", "overhead = -1"))
    with pytest.raises(CommandError) as error:
        call_command("check_blueprint", str(path))
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == [
        f"line {line_of('blind = true')}", f"line {line_of('overhead = 20')}"
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(path.stem for path in (FOLDER / "blueprints").glob("*.toml")))
def test_the_site_does_not_warn_of_scales_that_come_with_it(key):
    edition = make_edition(plan=named(key), slug="own", opens=date(2027, 1, 4), owner=make_user())
    said = [sentence for round in edition.rounds.all() for sentence in warnings(round)]
    assert not any("whole marks" in sentence for sentence in said)
