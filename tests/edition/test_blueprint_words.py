"""Words of a blueprint: prize pool, residence, wild cards, expected films, notice, unlimited support."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from festival.edition.blueprint import FOLDER, BlueprintError, named, parse, read_blueprint
from festival.edition.blueprint_awards import PoolPlan
from festival.premiere.fits import misfits
from judging.blueprint_export import plan_of
from judging.setup import make_edition
from submissions.cohorts.models import Promise
from tests.factories import make_user

BLUEPRINTS = FOLDER / "blueprints"


def source(name: str) -> str:
    return (BLUEPRINTS / f"{name}.toml").read_text(encoding="utf-8")


def faults(name: str, old: str, new: str) -> list[str]:
    text = source(name)
    assert text.count(old) >= 1
    with pytest.raises(BlueprintError) as error:
        parse(text.replace(old, new, 1), key="broken")
    return error.value.errors


def line_of(name: str, text: str) -> int:
    return next(number for number, line in enumerate(source(name).splitlines(), 1) if line.startswith(text))


POOL = 'prize_pool = { amount = 42000, currency = "USD" }'
FAULTS: list[tuple[str, str, str, str, str]] = [
    ("tool-makers", POOL, POOL.replace("42000", "40000"), "prize_pool",
     "The prize pool is USD 40000, but the prizes come to 42000: each prize for every place of its award."),
    ("tool-makers", "places = 6", "places = 7", "prize_pool", "but the prizes come to 44000"),
    ("tool-makers", POOL, POOL.replace("USD", "EUR"), "prizes = [{ kind",
     "The award 'grand' is paid in USD, the prize pool in EUR."),
    ("tool-makers", POOL, POOL.replace("USD", "dollars"), "prize_pool", "A prize pool has a currency like CNY or USD"),
    ("tool-makers", POOL, "prize_pool = 42000", "prize_pool", "'prize_pool' is written { amount"),
    ("tool-makers", POOL, POOL.replace("42000", '"much"'), "prize_pool", "'amount' must be a number from 0"),
    ("tool-makers", 'excluded = ["CU", "IR", "KP", "SY"]', 'excluded = ["Cuba"]', "excluded",
     "'Cuba' is no code of ISO 3166-1, such as CN or FR."),
    ("tool-makers", "wild_cards = 5 ", "wild_cards = -1 ", "wild_cards", "'wild_cards' must be from 0 to 1000"),
    ("tool-makers", 'quorum = 3\ncut = { kind = "ballot", value = 10 }', "quorum = 3\nwild_cards = 1",
     'cut = { kind = "ballot"',
     "has wild cards but no 'cut': there is no line to go past."),
    ("tool-makers", "ends_day = 98", "ends_day = 95", "ends_day = 98",
     "The notice lasts 4 days; objections are decided in 5 working days."),
    ("festival-unit", 'cut = { kind = "count", value = 120 }', 'cut = { kind = "count", value = 121 }',
     'cut = { kind = "count", value = 120 }',
     "The cut of round 'groups' is larger than its intake: 121 films, but 3 panels nominate 120 at most."),
    ("festival-unit", "expects = 900", "expects = 2501", "expects = 900",
     "The round 'groups' expects 2501 films, but 2500 come in at most."),
    ("festival-unit", "expects = 900", "expects = 100", 'cut = { kind = "count", value = 120 }',
     "The cut of round 'groups' is larger than its intake: 120 of 100 films."),
    ("invited-premiere", 'kind = "cash"\namount = 100000', 'kind = "cash"\namount = "unlimited"', "amount = 100000",
     "Cash is promised as a sum; only traffic and credits can be unlimited."),
    ("invited-premiere", 'amount = "unlimited"', 'amount = "endless"', 'amount = "unlimited"',
     "'amount' must be an amount above 0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "at", "sentence"), FAULTS)
def test_a_fault_is_named_with_its_line(name: str, old: str, new: str, at: str, sentence: str) -> None:
    found = faults(name, old, new)
    assert [one for one in found if one.startswith(f"line {line_of(name, at)}: ") and sentence in one], found


def test_a_prize_for_all_places_together_counts_once() -> None:
    text = source("tool-makers").replace(
        'places = 6\ndecided_by = "ballot"\nprizes = [{ kind = "money", amount = 2000, currency = "USD" }]',
        'places = 6\ndecided_by = "ballot"\n'
        'prizes = [{ kind = "money", amount = 12000, currency = "USD", each = false }]',
    )
    assert parse(text, key="pool").prize_pool == PoolPlan(Decimal(42000), "USD")


def test_wild_cards_come_on_top_of_a_cut() -> None:
    text = source("tool-makers").replace("looks = 4", "expects = 205\nlooks = 4")
    assert parse(text, key="wild").rounds[2].expects == 205
    with pytest.raises(BlueprintError, match="expects 206 films, but 205 come in at most"):
        parse(text.replace("expects = 205", "expects = 206"), key="wild")


def test_the_funnel_of_the_festival_unit() -> None:
    rounds = named("festival-unit").rounds
    assert [round.expects for round in rounds] == [2500, 900, 0, 0]
    assert [round.cut.value for round in rounds if round.cut] == [None, 120, 50, 24]
    assert (len(rounds[1].panels), rounds[1].nominations) == (3, 40)


class Film:
    """A film of 16:9 as most are made."""

    file_format, width, height, frame_rate, channels = "dcp", 1920, 1080, Decimal(24), 2


@pytest.mark.parametrize("name", sorted(path.stem for path in BLUEPRINTS.glob("*.toml")))
def test_a_film_of_16_to_9_can_be_shown_in_every_hall_that_is_described(name: str) -> None:
    halls = [hall for venue in named(name).venues for hall in venue.halls]
    assert [hall.name for hall in halls if "aspect" in misfits(Film(), hall)] == []


@pytest.mark.django_db
def test_an_edition_keeps_the_words_and_gives_them_back() -> None:
    plan = named("tool-makers")
    edition = make_edition(plan=plan, slug="next-frame", opens=date(2027, 3, 1), owner=make_user())
    assert edition.prize_pool == {"amount": "42000", "currency": "USD"}
    assert edition.form["residence"]["excluded"] == ("CU", "IR", "KP", "SY")
    assert list(edition.rounds.values_list("wild_cards", "expects")) == [(0, 4600), (5, 0), (0, 0), (0, 0)]
    edition.refresh_from_db()
    assert plan_of(edition) == plan


@pytest.mark.django_db
def test_support_without_a_limit_is_promised_as_such() -> None:
    plan = named("invited-premiere")
    edition = make_edition(plan=plan, slug="seven", opens=date(2027, 3, 1), owner=make_user())
    promise = Promise.objects.get(cohort__edition=edition, kind="credits")
    assert promise.amount is None
    assert plan_of(edition).cohorts == plan.cohorts


def test_a_blueprint_is_read_by_name_or_by_path(tmp_path: Path) -> None:
    assert read_blueprint("tool-makers") == named("tool-makers")
    path = tmp_path / "tool-makers.toml"
    path.write_text(source("tool-makers"), encoding="utf-8")
    assert read_blueprint(str(path)) == named("tool-makers")
    path.write_bytes(b"\xff")
    wrong: list[tuple[str, Callable[[str], bool]]] = [
        ("no-such", lambda said: "There is no blueprint" in said),
        (str(tmp_path / "none.toml"), lambda said: said.startswith("There is no file")),
        (str(path), lambda said: said.endswith("is not UTF-8 text.")),
    ]
    for name, fits in wrong:
        with pytest.raises(BlueprintError) as error:
            read_blueprint(name)
        assert fits(str(error.value))
