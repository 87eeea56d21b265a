"""The tie rule on the site: what the page says is next, the rule applied and named, kept and replayed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import (
    award_actions,
    award_queries,
    cut_actions,
    rounds_actions,
    setup_actions,
    tie_actions,
    tie_queries,
    tie_words,
)
from judging.cut_queries import counts_of, current_cut
from judging.logic.canonical import lot
from judging.models import CutRow, Look, Round, RoundChange, Score, TieBreak
from tests.factories import make_edition, make_entry, make_member, make_round
from tests.shows import make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
WHY = "The jury phase ends tonight."


class Contest:
    """A closed round of films A, B, C … with marks by judge: {"A": {"Ann": ("8", "6")}} (story 60, craft 40)."""

    def __init__(self, marks, *, close=True, **fields):
        self.edition = make_edition()
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        names = sorted({name for given in marks.values() for name in given})
        self.jury = {name: make_member(self.edition, Role.JUDGE, name) for name in names}
        self.films = {
            code: make_entry(self.edition, code=code, title=f"Film {code}", title_en="") for code in marks
        }
        defaults = {"cut_kind": "count", "cut_value": Decimal(2), "looks_per_film": 1}
        self.round = make_round(self.edition, "first", opened_at=AT, seed=7, **(defaults | fields))
        self.round.films.set(self.films.values())
        criteria = {row.slug: row for row in self.round.criteria.all()}
        for code, given in marks.items():
            for number, (name, (story, craft)) in enumerate(given.items(), 1):
                look = Look.objects.create(
                    round=self.round, judge=self.jury[name].user, entry=self.films[code], position=number,
                    state="scored", scored_at=AT, saved_at=AT,
                )  # fmt: skip
                for slug, mark in (("story", story), ("craft", craft)):
                    Score.objects.create(look=look, criterion=criteria[slug], value=Decimal(mark))
        if close:
            self.close()

    def close(self, at=AT):
        rounds_actions.close_round(round=self.round, by=self.chair, at=at)
        self.round = Round.objects.get(pk=self.round.pk)

    @property
    def cut(self):
        return current_cut(self.round)

    def apply(self, **options):
        return tie_actions.apply_tie_rule(
            **{"cut": self.cut, "by": self.chair, "at": AT, "why": WHY} | options
        )

    def outcome(self):
        rows = CutRow.objects.filter(cut=self.cut).select_related("entry").order_by("entry__code")
        return {row.entry.code: str(row.reason) for row in rows}

    def words(self, language="en"):
        rows = tie_queries.settled_rows(self.cut)
        with translation.override(language):
            titles = tie_words.titles_of(self.edition.pk, rows)
            name = tie_words.criterion_name(self.round)
            return [tie_words.between_words(row.between, titles, name) for row in rows]


# B, C and D have the mean 6; Ann and Bea saw B and C both and preferred C; D was seen by Cid alone.
HEADS = {
    "A": {"Ann": ("9", "9")},
    "B": {"Ann": ("5", "5"), "Bea": ("6", "6"), "Cid": ("7", "7")},
    "C": {"Ann": ("6", "6"), "Bea": ("7", "7"), "Dan": ("5", "5")},
    "D": {"Eve": ("6", "6")},
}
# Nobody saw two of them: story tells C apart, B and D are equal in all.
APART = {
    "A": {"Ann": ("9", "9")},
    "B": {"Bea": ("6", "6")},
    "C": {"Cid": ("8", "3")},
    "D": {"Dan": ("6", "6")},
}


def test_judges_who_saw_both_tell_films_apart_and_it_is_named():
    contest = Contest(HEADS)
    assert contest.outcome() == {"A": "by_rule", "B": "tie", "C": "tie", "D": "tie"}
    kept = contest.apply()
    assert contest.outcome() == {"A": "by_rule", "B": "tie_lost", "C": "tie_won", "D": "tie_lost"}
    better = "compared with the other tied films by judges who saw both"
    assert contest.words() == [
        f"before “Film D”: {better}, it did better",
        f"before “Film B”: {better}, it did better",
        f"after “Film D”: {better}, that one did better",
    ]
    assert counts_of(contest.cut).through == 2
    assert (kept.places, kept.method, kept.made_by_id, kept.made_at) == (1, "tie_rule", contest.chair.id, AT)
    assert tie_actions.replay(kept)


def test_the_number_of_judges_is_said():
    contest = Contest({code: HEADS[code] for code in "ABC"})
    contest.apply()
    assert contest.words() == [
        "before “Film B” because the 2 judges who saw both gave it more",
        "after “Film C” because the 2 judges who saw both gave that one more",
    ]
    assert contest.words("zh-hans")[0] != contest.words()[0]


@pytest.mark.parametrize(
    ("last", "through"), [("shared", {"A", "C", "B", "D"}), ("lot", None)], ids=["ex aequo", "a lot"]
)
def test_then_the_named_criterion_and_then_what_the_plan_says(last, through):
    contest = Contest(APART, tie_criterion="story", tie_last=last, cut_value=Decimal(3))
    contest.apply()
    drawn = sorted("BD", key=lambda film: lot(7, "tie", film))
    assert {film for film, reason in contest.outcome().items() if reason != "tie_lost"} == (
        through or {"A", "C", drawn[0]}
    )
    first, second, third = contest.words()
    other = "B" if last == "shared" else drawn[0]
    assert first == f"before “Film {other}” by the mean on “Story”: 8.00 against 6.00"
    if last == "shared":
        assert second == "shares its place with “Film D”: nothing in the rule tells them apart"
        assert third == "shares its place with “Film B”: nothing in the rule tells them apart"
    else:
        assert (second, third) == (
            f"before “Film {drawn[1]}” by the lot",
            f"after “Film {drawn[0]}” by the lot",
        )
    assert tie_actions.replay(TieBreak.objects.get())


def test_an_order_the_jury_has_voted_goes_before_all_others():
    contest = Contest(HEADS)
    kept = contest.apply(ballot=[["D"], ["C", "B"]], why="")
    assert kept.open_step == ""
    assert contest.outcome() == {"A": "by_rule", "B": "tie_lost", "C": "tie_lost", "D": "tie_won"}
    assert contest.words()[0] == "before “Film C” by the jury’s ballot"
    assert contest.words()[1] == "before “Film B” because the 2 judges who saw both gave it more"


def test_what_was_kept_by_hand_is_no_longer_tied():
    contest = Contest(APART, cut_value=Decimal(3), tie_criterion="story")
    move = {"cut": contest.cut, "by": contest.chair, "at": AT, "why": "Bold."}
    cut_actions.move_film(entry=contest.films["D"], goes_on=True, **move)
    cut_actions.move_film(entry=contest.films["A"], goes_on=False, **move)
    contest.apply()
    assert contest.outcome() == {
        "A": "removed_by_chair", "B": "tie_lost", "C": "tie_won", "D": "added_by_chair",
    }  # fmt: skip
    cut_actions.move_film(entry=contest.films["B"], goes_on=True, **move)
    assert contest.outcome()["B"] == "added_by_chair"
    with pytest.raises(Refused, match="below the line already"):
        contest_move = {**move, "entry": make_entry(contest.edition)}
        cut_actions.move_film(goes_on=False, **contest_move)
    assert tie_actions.replay(TieBreak.objects.get())


def test_a_step_that_is_left_out_needs_a_reason_on_record():
    contest = Contest(HEADS)
    tie = tie_queries.tie_of(contest.round, contest.cut)
    assert (tie.step, tie.places, tie.films) == ("look", 1, ["B", "C", "D"])
    with pytest.raises(Refused) as refused:
        contest.apply(why="  ")
    assert (refused.value.status, refused.value.code) == (400, "why")
    kept = contest.apply()
    assert (kept.open_step, kept.why) == ("look", WHY)


def test_a_ballot_that_follows_is_the_next_step_where_no_look_is_left():
    contest = Contest({"A": {"Ann": ("9", "9")}, "B": {"Ann": ("6", "6")}, "C": {"Ann": ("6", "6")}})
    assert tie_queries.tie_of(contest.round, contest.cut).step == ""
    final = make_round(contest.edition, "final", position=1, after=contest.round, gate="ballot")
    tie = tie_queries.tie_of(contest.round, contest.cut)
    assert (tie.step, tie.ballot, tie.open_films) == ("ballot", final, ())


def test_it_is_applied_once_by_the_chair_and_before_the_next_round_opens(client: Client):
    contest = Contest(HEADS)
    with pytest.raises(Refused) as refused:
        contest.apply(by=make_member(contest.edition, Role.ORGANISER))
    assert refused.value.status == 403
    cut = contest.cut
    contest.apply()
    with pytest.raises(Refused) as refused:
        contest.apply()
    assert refused.value.code == "applied"
    anew = cut_actions.make_cut(round=contest.round, by=contest.chair, at=AT)
    with pytest.raises(Refused, match="drawn anew"):
        contest.apply(cut=cut)
    assert contest.apply(cut=anew).cut_id == anew.pk
    final = make_round(contest.edition, "final", position=1, after=contest.round, looks_per_film=1)
    rounds_actions.open_round(round=final, by=contest.chair, at=AT)
    assert set(final.films.values_list("code", flat=True)) == {"A", "C"}
    TieBreak.objects.all().delete()
    with pytest.raises(Refused) as refused:
        contest.apply()
    assert refused.value.code == "frozen"


def test_nothing_tied_is_nothing_to_decide():
    contest = Contest(HEADS, cut_value=Decimal(1))
    with pytest.raises(Refused) as refused:
        contest.apply()
    assert refused.value.code == "no_tie"


@pytest.mark.parametrize("column", ["between", "tie_place", "reason"])
def test_a_changed_row_is_found_when_it_is_settled_again(column):
    contest = Contest(HEADS)
    kept = contest.apply()
    row = CutRow.objects.get(cut=contest.cut, entry__code="C")
    setattr(row, column, {"between": {}, "tie_place": 9, "reason": "tie_lost"}[column])
    row.save()
    assert not tie_actions.replay(kept)


def test_screenings_and_panels_are_told_apart_by_what_was_said():
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    jury = [make_member(edition, Role.JUDGE) for _number in range(3)]
    films = [make_entry(edition, code=f"FILM{number}") for number in range(2)]
    round = make_round(edition, opened_at=AT, gate="pass_fail", cut_kind="count", cut_value=Decimal(1))
    round.films.set(films)
    said = {0: ["pass", "fail", "fail"], 1: ["fail", "fail", "pass"]}
    for film, answers in said.items():
        for judge, answer in zip(jury, answers, strict=True):
            Look.objects.create(
                round=round, judge=judge.user, entry=films[film], position=1, state="scored", scored_at=AT,
                answer=answer,
            )  # fmt: skip
    rounds_actions.close_round(round=round, by=chair, at=AT)
    kept = tie_actions.apply_tie_rule(cut=current_cut(round), by=chair, at=AT)
    assert kept.inputs["totals"]["FILM0"] == {
        str(judge.id): total for judge, total in zip(jury, ("1", "0", "0"), strict=True)
    }
    assert set(CutRow.objects.values_list("reason", flat=True)) == {"tie_won"}


def test_the_page_says_what_is_next_and_then_what_decided(client: Client):
    contest = Contest(HEADS)
    here = [contest.edition.slug, "first"]
    client.force_login(contest.chair.user)
    page = client.get(reverse("judging:round_cut", args=here)).content.decode()
    assert "3 films are exactly equal at the line." in page and "1 place is left for them." in page
    assert "Give one more look each…" in page and "No ballot follows this round." in page
    assert "first the judges who saw both, then the place is shared" in page
    answer = client.post(reverse("judging:tie_apply", args=here), {"why": WHY}, follow=True)
    page = answer.content.decode()
    assert "The tie rule is applied: 1 of the tied films goes on." in page
    assert "How the ties were decided" in page and WHY in page
    assert page.count("before “Film B”: compared with the other tied films") == 1
    lost = client.get(reverse("judging:round_cut", args=here) + "?show=tie_lost").content.decode()
    assert lost.count("after “Film D”: compared with the other tied films") == 1
    assert client.post(reverse("judging:tie_apply", args=here), {"why": WHY}).status_code == 409
    client.post(reverse("judging:round_replay", args=here))
    page = client.get(reverse("judging:round", args=here)).content.decode()
    assert "to the last digit" in page
    client.force_login(make_member(contest.edition, Role.ORGANISER).user)
    assert client.post(reverse("judging:tie_apply", args=here)).status_code == 403


def test_the_page_reads_no_more_with_more_tied_films(client: Client):
    counts = []
    for number in (2, 6):
        marks = {f"A{number}": {"Ann": ("9", "9")}} | {
            f"T{number}{place}": {"Ann": ("5", "5"), "Bea": ("6", "6")} for place in range(number)
        }
        contest = Contest(marks)
        client.force_login(contest.chair.user)
        url = reverse("judging:round_cut", args=[contest.edition.slug, "first"])
        for step in ("tied", "settled"):
            with CaptureQueriesContext(connection) as found:
                assert client.get(url).status_code == 200
            counts.append(len(found))
            if step == "tied":
                contest.apply()
    assert counts[:2] == counts[2:]


def test_the_rule_is_part_of_the_plan(client: Client):
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    round = make_round(edition)
    with pytest.raises(Refused) as refused:
        setup_actions.change_round(round=round, by=chair, at=AT, settings={"tie_criterion": "sound"})
    assert refused.value.code == "tie_criterion"
    setup_actions.change_round(
        round=round, by=chair, at=AT, settings={"tie_criterion": "story", "tie_last": "lot"}
    )
    round.refresh_from_db()
    assert (
        tie_words.rule_words(round) == "first the judges who saw both, then the mean on “Story”, then a lot"
    )
    make_member(edition, Role.JUDGE)
    make_entry(edition)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    change = {"round": round, "by": chair, "at": AT, "settings": {"tie_last": "shared"}}
    with pytest.raises(Refused) as refused:
        setup_actions.change_round(**change)
    assert refused.value.code == "reason"
    setup_actions.change_round(**change, reason="The sponsor pays two prizes.")
    kept = RoundChange.objects.get()
    assert (kept.what, kept.before, kept.after) == ("tie_last", "lot", "shared")


@pytest.mark.parametrize("gate", ["pass_fail", "panel", "ballot"])
def test_rounds_without_criteria_have_a_last_step_all_the_same(gate):
    round = make_round(make_edition(), gate=gate, tie_last="lot")
    words = tie_words.rule_words(round)
    assert words == ("a lot" if gate == "ballot" else "first the judges who saw both, then a lot")


def test_awards_follow_the_tie_rule_and_name_it():
    contest = Contest({code: HEADS[code] for code in "BCD"}, cut_kind="", cut_value=None)
    make_slot(contest.edition, "grand", tier="grand")
    make_slot(contest.edition, "second", places=2)
    listed = award_actions.propose(edition=contest.round.standing.round.edition, by=contest.chair, at=AT)
    rows = [place for row in award_queries.rows_for_desk(listed) for place in row.places]
    assert [(verdict.entry.code, why) for verdict, why in rows] == [
        ("C", "Rank 1, shared with “Film D”, “Film B”; the tie rule of the round put this film first"),
        ("D", "Rank 1 in the standing"),
        ("B", "Rank 1 in the standing"),
    ]


def test_what_the_tie_rule_leaves_equal_is_still_said_to_be_tied():
    contest = Contest({code: APART[code] for code in "BD"}, cut_kind="", cut_value=None)
    make_slot(contest.edition, "grand", tier="grand")
    listed = award_actions.propose(edition=contest.round.standing.round.edition, by=contest.chair, at=AT)
    assert listed.verdicts.get().why == {
        "code": "best",
        "rank": 1,
        "by": "standing",
        "equal": ["D"],
        "tied": True,
    }
