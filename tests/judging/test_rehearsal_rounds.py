"""What a rehearsal says of looks that nobody could be given."""

from datetime import UTC, datetime

import pytest

from festival.people.roles import Role
from judging import rounds_actions
from judging.rehearsal import problem_words
from judging.rehearsal.report import _of_round
from judging.rehearsal.rounds import unserved
from tests.factories import make_edition, make_entry, make_member, make_round

AT = datetime(2027, 3, 1, tzinfo=UTC)
ROUND = {
    "slug": "jury", "name": {"en": "Jury"}, "refused": "", "most_hours": 0, "taken": 0, "tied": 0, "through": 1,
    "films": 2, "found": None,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("looks", "missing"), [(1, None), (3, {"looks": 4, "films": 2, "reason": "too_few_judges"})]
)
def test_looks_without_a_judge_are_counted(looks, missing):
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    make_member(edition, Role.JUDGE)
    make_entry(edition), make_entry(edition)
    round = make_round(edition, looks_per_film=looks)
    assert unserved(rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)) == missing


@pytest.mark.parametrize(("reason", "code"), [("no_hours", "no_hours"), ("all_barred", "unserved")])
def test_what_is_missing_is_named(reason, code):
    [row] = _of_round(ROUND | {"unserved": {"looks": 680, "films": 136, "reason": reason}}, 5)
    assert (row["code"], row["count"]) == (code, 680)
    assert "680" in problem_words.sentence(row) and problem_words.proposal(row)


@pytest.mark.parametrize(("gate", "code"), [("score", "too_long"), ("ballot", "too_long_to_vote")])
def test_who_has_too_much_to_watch_is_named_also_where_a_jury_votes(gate, code):
    """Two hours a day: within five days ten hours can be watched, and not eleven."""
    assert _of_round(ROUND | {"gate": gate, "most_hours": 10}, 5) == []
    [row] = _of_round(ROUND | {"gate": gate, "most_hours": 11}, 5)
    assert (row["code"], row["hours"]) == (code, 11)
    assert problem_words.sentence(row) == "Jury: the busiest judge needs 11 hours in 5 days."
    more = "Name more judges" in problem_words.proposal(row)
    assert more == (gate == "score")  # on a ballot everybody has every film, however many there are
