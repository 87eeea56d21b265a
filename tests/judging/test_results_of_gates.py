"""Rounds of every kind, ties, further looks and films that left: all replayed, said in words, and nobody given away."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from festival.people.roles import Role
from judging import answer_actions, ballot_actions, cut_actions, rounds_actions, setup_actions
from judging.cut_queries import current_cut
from judging.fairness.document import public_of
from judging.fairness.words import Said
from judging.logic.canonical import canonical
from judging.models import Look
from judging.results_export import document, with_report
from judging.results_replay import verify
from submissions.lifecycle import State
from submissions.models import Entry, Event
from tests.factories import make_edition, make_entry, make_member, make_panel, make_round
from tests.judging.test_adaptive_rounds import Jury
from tests.judging.test_further import Case
from tests.judging.test_tie_rule import HEADS, Contest

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def proved(edition) -> tuple[list[str], str]:
    """What was computed again, all of it the same; and the report's words, which everybody's share without a film."""
    data = with_report(document(edition))
    checks = list(verify(data))
    assert [str(check) for check in checks if not check.same] == []
    shown = public_of(data["report"])
    for language in ("zh-hans", "en"):
        with translation.override(language):
            text, public = said(data["report"]), said(shown)
    codes = [code for code in Entry.objects.values_list("code", flat=True) if len(code) > 1]
    assert not [code for code in codes if code in public or code in canonical(shown).decode()]
    return [check.what for check in checks], text


def said(report) -> str:
    blocks = Said(report).blocks()
    return " | ".join(
        " ".join((block.text, *(cell for row in block.rows for cell in row))) for block in blocks
    )


class Small:
    """Four films and three judges, and a round of some kind."""

    def __init__(self, **fields) -> None:
        self.edition = make_edition()
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        self.judges = [make_member(self.edition, Role.JUDGE, f"Judge {letter}") for letter in "ABC"]
        self.films = [make_entry(self.edition, code=f"FILM00{number}") for number in range(4)]
        self.round = make_round(self.edition, **{"looks_per_film": 3, "weights": {}, **fields})

    def open(self) -> None:
        rounds_actions.open_round(round=self.round, by=self.chair, at=AT, seed=3)

    def close(self) -> None:
        rounds_actions.close_round(round=self.round, by=self.chair, at=AT)

    def looks(self):
        return Look.objects.filter(round=self.round).select_related("round__edition", "entry").order_by("pk")

    def judge(self, look):
        return next(judge for judge in self.judges if judge.id == look.judge_id)


def test_a_screening() -> None:
    small = Small(gate="pass_fail", cut_kind="passed")
    small.open()
    for number, look in enumerate(small.looks()):
        answer_actions.give_answer(
            look=look,
            by=small.judge(look),
            at=AT,
            revision=0,
            answer="pass" if number % 3 else "fail",
            comment="So.",
        )
    small.close()
    checks, text = proved(small.edition)
    assert "round jury: standing 1: pass_fail" in checks and "round jury: drawing of looks 1" in checks
    assert "Of 12 pairs of judges who saw the same film, " in text
    assert "Who went on: every film that passes." in text


def test_panels_and_a_panel_that_was_changed() -> None:
    small = Small(gate="panel", most_nominations=2, cut_kind="nominated", cut_value=Decimal(1))
    one, two = (
        make_panel(small.round, "One", small.judges[:1]),
        make_panel(small.round, "Two", small.judges[1:2]),
    )
    small.open()
    for look in small.looks():
        answer_actions.nominate(look=look, by=small.judge(look), at=AT, revision=0, nominated=True)
    given = [
        setup_actions.PanelGiven(one.pk, one.name, (small.judges[0].id, small.judges[2].id), None),
        setup_actions.PanelGiven(two.pk, two.name, (small.judges[1].id,), None),
    ]
    setup_actions.set_panels(
        round=small.round, by=small.chair, at=AT, panels=given, reason="Judge C has time."
    )
    for look in small.looks().filter(state="pending"):
        answer_actions.nominate(look=look, by=small.judge(look), at=AT, revision=0, nominated=False)
    small.close()
    data = document(small.edition)
    assert data["rounds"][0]["changes"][0]["after"]["judges"] == [small.judges[0].id, small.judges[2].id]
    checks, text = proved(small.edition)
    assert "round jury: standing 1: nominations" in checks
    assert "Panel “One” 1 judge 2 judges Judge C has time." in text


def test_a_ballot() -> None:
    small = Small(gate="ballot", ballot="ranked", quorum=2, cut_kind="ballot", cut_value=Decimal(1))
    small.open()
    for judge in small.judges[:2]:
        values = {film.pk: place for place, film in enumerate(small.films, 1)}
        ballot_actions.cast_ballot(round=small.round, by=judge, at=AT, revision=0, values=values)
    small.close()
    checks, text = proved(small.edition)
    assert "round jury: standing 1: ballot" in checks
    assert "2 ballots were counted." in text and "Who went on: the first 1 film. 1 film went on." in text


def test_ties_that_the_rule_settled() -> None:
    contest = Contest(HEADS)
    contest.apply()
    checks, text = proved(contest.edition)
    assert {"round first: cut 1: tied at its line", "round first: cut 1: ties settled"} <= set(checks)
    assert "3 films were tied at the line; places left: 1." in text
    assert "the judges who saw both" in text


def test_a_round_reopened_and_films_that_were_withdrawn() -> None:
    """Of a round closed twice both standings follow; a film that left before a line was drawn takes nobody's place."""
    case = Case()
    case.reopen()
    case.finish()
    case.close(case.round.reopened_at + timedelta(hours=1))
    checks, text = proved(case.edition)
    assert {"round jury: standing 1: weighted_mean", "round jury: standing 2: weighted_mean"} <= set(checks)
    assert "Reopened for further looks" in text
    gone = case.round.standing.rows.order_by("rank").first().entry
    later = case.round.closed_at + timedelta(hours=1)
    Entry.objects.filter(pk=gone.pk).update(state=State.WITHDRAWN)
    Event.objects.create(entry=gone, kind="withdraw", target=State.WITHDRAWN, at=later)
    cut_actions.make_cut(round=case.round, by=case.chair, at=later + timedelta(hours=1))
    assert gone.code not in current_cut(case.round).rows.values_list("entry__code", flat=True)
    proved(case.edition)


def test_adaptive_looks_and_the_second_look_below_the_line() -> None:
    jury = Jury(most_looks=5)
    jury.work()
    while (kept := jury.next()) and kept.purpose == "next":
        jury.work()
    jury.work(at=AT + timedelta(hours=1))
    rounds_actions.close_round(round=jury.round, by=jury.chair, at=AT)
    checks, text = proved(jury.round.edition)
    assert sum(what.startswith("round jury: drawing of looks") for what in checks) > 10
    assert "films below the line were drawn and seen once more" in text
