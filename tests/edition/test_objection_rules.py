"""The rules of objections: from a blueprint, with a sentence for each fault, and back from the edition."""

from datetime import date

import pytest

from festival.edition.blueprint import FOLDER, BlueprintError, named, parse
from festival.edition.objection_rules import ObjectionRules, ObjectionRulesError, read_objections

TOML = (FOLDER / "blueprints" / "short-film.toml").read_text()


def test_left_out_they_are_as_usual():
    assert named("short-film").objections == ObjectionRules()
    assert read_objections({}) == ObjectionRules(days=5, anonymous=False)


def test_a_blueprint_says_days_and_calendar():
    table = "\n[objections]\ndays = 3\nholidays = [2027-10-01, '2027-10-04']\nworkdays = [2027-10-09]\n"
    rules = parse(TOML + table + "anonymous = true\n", key="own").objections
    assert rules == ObjectionRules(
        3, (date(2027, 10, 1), date(2027, 10, 4)), (date(2027, 10, 9),), anonymous=True
    )
    assert read_objections(rules.as_data()) == rules


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"days": 0}, "days"),
        ({"days": True}, "days"),
        ({"days": "5"}, "days"),
        ({"holidays": "2027-10-01"}, "holidays"),
        ({"holidays": ["1 October"]}, "holidays"),
        ({"holidays": [20271001]}, "holidays"),
        ({"workdays": ["2027-02-30"]}, "workdays"),
        ({"holidays": ["2027-10-01"], "workdays": ["2027-10-01"]}, "workdays"),
        ({"anonymous": "yes"}, "anonymous"),
        ({"day": 5}, "day"),
    ],
)
def test_each_fault_is_named(values, key):
    with pytest.raises(ObjectionRulesError) as caught:
        read_objections(values)
    assert [found for found, _sentence in caught.value.faults] == [key]


def test_faults_in_a_blueprint_have_their_line():
    with pytest.raises(BlueprintError) as caught:
        parse(f"{TOML}\n[objections]\ndays = 99\n", key="own")
    assert len(caught.value.errors) == 1 and caught.value.errors[0].startswith("line ")
    assert "from 1 to 60, not 99" in caught.value.errors[0]
    with pytest.raises(BlueprintError, match="must be a table"):
        parse(f"objections = 5\n{TOML}", key="own")
