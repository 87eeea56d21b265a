"""What is frozen when the call opens: every door that changes it, what is refused, and that the book says the same."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from festival.awards import objection_actions, prize_actions
from festival.awards.models import AwardSlot
from festival.edition import date_actions, deadline_actions, declaration_actions
from festival.edition.form_actions import change_form
from festival.edition.form_rules import (
    CreditRules,
    FileRules,
    LimitRules,
    PromiseRules,
    ResidenceRules,
    read_form,
)
from festival.edition.frozen import FROZEN
from festival.edition.frozen_actions import Change, ReasonMissing, record_changes
from festival.edition.models import Edition, EditionChange, Phase
from festival.edition.objection_rules import ObjectionRules
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import cohort_setup_actions, part_actions, setup_actions, term_actions
from judging.models import Round
from judging.setup_actions import CriterionGiven, PanelGiven
from submissions import question_actions, track_actions
from submissions.question_actions import Words
from tests.factories import (
    make_declaration,
    make_edition,
    make_member,
    make_question,
    make_round,
)

pytestmark = pytest.mark.django_db
WHY = {"en": "The sponsor has left.", "zh": "赞助方退出。"}
BOOK = Path(__file__).parents[2] / "docs" / "blueprint.md"


class Contest:
    """An edition whose call is open, or opens in two days, and what belongs to it."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.now = timezone.now()
        self.edition = make_edition()
        opens = self.now + timedelta(days=-1 if is_open else 2)
        for kind, first, last in (("call", 0, 30), ("jury", 30, 50), ("notice", 50, 60)):
            Phase.objects.create(
                edition=self.edition,
                kind=kind,
                starts_at=opens + timedelta(days=first),
                ends_at=opens + timedelta(days=last),
            )
        self.by: Actor = make_member(self.edition, Role.OWNER)
        self.track = self.edition.tracks.get()
        self.question = make_question(self.edition, required=True)
        self.unused = make_question(self.edition, required=True)
        self.gone = make_question(self.edition, required=True, retired_at=self.now)
        self.declaration = make_declaration(self.edition)
        self.retired = make_declaration(self.edition, "Voices", retired_at=self.now)
        self.round = make_round(self.edition)
        self.spare = make_round(self.edition, "spare", weights={})
        AwardSlot.objects.create(edition=self.edition, slug="best", name=texts("Best"), tier="best", places=3)
        self.groups = make_round(self.edition, "groups", gate="panel", weights={})

    def deed(self, reason: dict[str, str], name: str = "reason") -> dict[str, object]:
        return {"by": self.by, "at": self.now, name: reason}


def texts(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


def form(part: str, rules: object):
    return lambda c, why: change_form(edition=c.edition, **{part: rules}, **c.deed(why))


def criteria(c: Contest, weights: tuple[int, int]) -> list[CriterionGiven]:
    rows = list(c.round.criteria.all())
    return [
        CriterionGiven(row.slug, row.name, row.about, weight, row.anchors)
        for row, weight in zip(rows, weights, strict=True)
    ]


def change_round(c: Contest, why: dict[str, str], **settings: object) -> object:
    return setup_actions.change_round(round=c.round, settings=settings, **c.deed(why, "public"))


def move_jury(c: Contest, why: dict[str, str]) -> object:
    jury = c.edition.phases.get(kind="jury")
    first, last = date_actions.days_of(jury, c.edition.time_zone)
    sooner = (first, last - timedelta(days=2))
    return date_actions.change_dates(edition=c.edition, days={jury.pk: sooner}, **c.deed(why))


def days_after(c: Contest, first: int, last: int) -> tuple[date, date]:
    return tuple((c.now + timedelta(days=day)).date() for day in (first, last))  # type: ignore[return-value]


def add_cohort(c: Contest, why: dict[str, str]) -> object:
    first = c.now.date() + timedelta(days=3)
    given = {"name": texts("Seven"), "places": 7, "track": c.track.slug}
    days = (first, first + timedelta(days=30))
    return cohort_setup_actions.save_cohort(edition=c.edition, slug="", given=given, days=days, **c.deed(why))


# Every door that changes what is frozen: how it is gone through, and which keys of FROZEN it records.
DOORS = {
    "limits": (
        lambda c, why: deadline_actions.save_limits(
            edition=c.edition, limits=LimitRules(per_person=2, grace_minutes=90), **c.deed(why)
        ),
        ["limits.grace_minutes", "limits.per_person"],
    ),
    "track": (
        lambda c, why: deadline_actions.save_track_terms(
            track=c.track, invitation_only=True, most_entries=100, ends_at=None, **c.deed(why)
        ),
        ["track.invitation_only", "track.most_entries"],
    ),
    "track takes": (
        lambda c, why: track_actions.save_terms(
            track=c.track, enters="project", invitation_only=False, most_entries=0, ends_at=None, **c.deed(why)
        ),
        ["track.enters"],
    ),
    "terms": (
        lambda c, why: term_actions.save_terms(
            edition=c.edition, blind=False, fix_days=30, four_eyes=True, **c.deed(why)
        ),
        ["edition.blind", "edition.fix_days", "edition.four_eyes"],
    ),
    "prizes": (
        lambda c, why: prize_actions.save_prizes(
            edition=c.edition, pool=Decimal(300), currency="CNY",
            prizes={"best": prize_actions.Prize({}, Decimal(100))}, **c.deed(why),
        ),
        ["award.prizes", "prize_pool"],
    ),
    "track closed": (
        lambda c, why: deadline_actions.close_track(track=c.track, **c.deed(why)),
        ["track.closed"],
    ),
    "track named": (
        lambda c, why: part_actions.rename_track(
            track=c.track, name=texts("Lamps"), about=texts("Light."), **c.deed(why)
        ),
        ["track.about", "track.name"],
    ),
    "track added": (
        lambda c, why: part_actions.add_track(
            edition=c.edition, name=texts("Moths"), about={}, enters="film", **c.deed(why)
        ),
        ["track.slot"],
    ),
    "phase added": (
        lambda c, why: part_actions.add_phase(
            edition=c.edition, kind="online", name={}, days=days_after(c, 70, 80), **c.deed(why)
        ),
        ["phase.slot"],
    ),
    "phase named": (
        lambda c, why: part_actions.rename_phase(
            phase=c.edition.phases.get(kind="jury"), name=texts("The jury meets"), **c.deed(why)
        ),
        ["phase.name"],
    ),
    "cohort added": (add_cohort, ["cohort.slot"]),
    "fields": (form("fields", {"year": "required"}), ["field"]),
    "credits": (form("credits", CreditRules(roles=("director",), team_most=4)), ["credits.roles", "credits.team_most"]),
    "files": (form("files", FileRules(required=("poster_tall",))), ["files.required"]),
    "residence": (form("residence", ResidenceRules(allowed=("CN", "FR"))), ["field", "residence.allowed"]),
    "promises": (form("promises", PromiseRules(decision_days=9)), ["promises.decision_days"]),
    "question added": (
        lambda c, why: question_actions.add_question(
            edition=c.edition, kind="line", words=Words(texts("Why?")), required=True, **c.deed(why)
        ),
        ["question.required"],
    ),
    "question changed": (
        lambda c, why: question_actions.change_question(
            question=c.question, kind="line", words=Words(texts("Why?")), required=False, **c.deed(why)
        ),
        ["question.required"],
    ),
    "question retired": (
        lambda c, why: question_actions.retire_question(question=c.question, **c.deed(why)),
        ["question.required"],
    ),
    "question restored": (
        lambda c, why: question_actions.restore_question(question=c.gone, **c.deed(why)),
        ["question.required"],
    ),
    "question deleted": (
        lambda c, why: question_actions.delete_question(question=c.unused, **c.deed(why)),
        ["question.required"],
    ),
    "declaration added": (
        lambda c, why: declaration_actions.add_declaration(
            edition=c.edition, title=texts("Drones"), text=texts("I had leave."), **c.deed(why)
        ),
        ["declaration.required"],
    ),
    "declaration reworded": (
        lambda c, why: declaration_actions.change_declaration(
            row=c.declaration, title=c.declaration.title, text=texts("All of it."), **c.deed(why)
        ),
        ["declaration.text"],
    ),
    "declaration retired": (
        lambda c, why: declaration_actions.retire_declaration(row=c.declaration, **c.deed(why)),
        ["declaration.required"],
    ),
    "declaration restored": (
        lambda c, why: declaration_actions.restore_declaration(row=c.retired, **c.deed(why)),
        ["declaration.required"],
    ),
    "objections": (
        lambda c, why: objection_actions.set_rules(
            edition=c.edition, rules=ObjectionRules(days=9, anonymous=True), **c.deed(why)
        ),
        ["objections.anonymous", "objections.days"],
    ),
    "dates": (move_jury, ["dates.ends_at"]),
    "round": (
        lambda c, why: change_round(c, why, looks_per_film=5, official_rule="median", overhead_seconds=9),
        ["round.looks_per_film", "round.official_rule"],
    ),
    "cut": (lambda c, why: change_round(c, why, cut_kind="count", cut_value=30), ["round.cut"]),
    "wild cards": (lambda c, why: change_round(c, why, wild_cards=3), ["round.wild_cards"]),
    "weights": (
        lambda c, why: setup_actions.change_round(
            round=c.round, settings={}, criteria=criteria(c, (50, 50)), **c.deed(why, "public")
        ),
        ["criterion", "criterion"],
    ),
    "round added": (
        lambda c, why: setup_actions.add_round(
            edition=c.edition, name=texts("Final"), gate="ballot", **c.deed(why, "public")
        ),
        ["round.slot"],
    ),
    "round removed": (
        lambda c, why: setup_actions.remove_round(round=c.spare, **c.deed(why, "public")),
        ["round.slot"],
    ),
    "panels": (
        lambda c, why: setup_actions.set_panels(
            round=c.groups, panels=[PanelGiven(None, texts("One"), (), 9)], **c.deed(why, "public")
        ),
        ["panel"],
    ),
}  # fmt: skip


def state_of(edition: Edition) -> list[object]:
    """Everything that a door could change, as plain values."""
    return [
        list(model.values())
        for model in (
            Edition.objects.filter(pk=edition.pk),
            edition.tracks.all(),
            edition.phases.all(),
            edition.questions.all(),
            edition.declarations.all(),
            edition.rounds.all(),
            edition.award_slots.all(),
            edition.cohorts.all(),
            Round.objects.get(edition=edition, slug="jury").criteria.all(),
            Round.objects.get(edition=edition, slug="groups").panels.all(),
        )
    ]


@pytest.mark.parametrize("door", DOORS)
def test_after_the_opening_a_change_needs_a_reason_and_is_on_record(door: str) -> None:
    contest = Contest()
    go, keys = DOORS[door]
    before = state_of(contest.edition)
    with pytest.raises(ReasonMissing) as missing:
        go(contest, {})
    assert sorted(row.what for row in missing.value.changes) == keys
    assert (state_of(contest.edition), EditionChange.objects.count()) == (before, 0)
    go(contest, WHY)
    assert state_of(contest.edition) != before
    rows = EditionChange.objects.filter(edition=contest.edition)
    assert sorted(row.what for row in rows) == keys
    assert {(row.by_id, row.at, row.reason["en"]) for row in rows} == {
        (contest.by.id, contest.now, "The sponsor has left.")
    }


@pytest.mark.parametrize("door", DOORS)
def test_before_the_opening_nothing_is_asked_and_nothing_recorded(door: str) -> None:
    contest = Contest(is_open=False)
    before = state_of(contest.edition)
    DOORS[door][0](contest, {})
    assert state_of(contest.edition) != before
    assert not EditionChange.objects.exists()


def test_nobody_relied_on_what_only_the_team_saw() -> None:
    contest = Contest()
    Edition.objects.filter(pk=contest.edition.pk).update(status="draft")
    contest.edition.refresh_from_db()
    DOORS["weights"][0](contest, {})
    assert not EditionChange.objects.exists()


def test_what_is_the_houses_own_business_needs_no_reason() -> None:
    contest = Contest()
    rules = read_form(contest.edition.form)
    programme = replace(rules.programme, target=90)
    change_form(edition=contest.edition, by=contest.by, at=contest.now, programme=programme)
    setup_actions.change_round(
        round=contest.round, by=contest.by, at=contest.now, settings={"overhead_seconds": 60, "expects": 40}
    )
    question_actions.add_question(
        edition=contest.edition, kind="line", words=Words(texts("Hm?")), by=contest.by, at=contest.now
    )
    assert not EditionChange.objects.exists()


MONEY = {"kind": "money", "amount": "100", "currency": "CNY", "each": True, "places": 1}
POOL = {"amount": "42000", "currency": "USD"}
PROMISED = {"kind": "traffic", "amount": "100", "unit": "impressions"}
REFUSED = [
    ("deadline", "2027-05-02T00:00:00+00:00", "2027-05-01T00:00:00+00:00"),
    ("objections.days", 5, 4),
    ("award.places", 3, 2),
    ("award.prizes", [{"kind": "words", "text": {"en": "A camera"}}], None),
    ("award.prizes", [MONEY], [MONEY | {"amount": "99.50"}]),
    ("award.prizes", [MONEY | {"places": 3}], [MONEY]),
    ("award.prizes", [MONEY], [MONEY | {"currency": "USD"}]),
    ("award.slot", "best", None),
    ("prize_pool", POOL, POOL | {"amount": "41999.50"}),
    ("prize_pool", POOL, None),
    ("edition.fix_days", 5, 4),
    ("dates.notice", "2027-05-02T00:00:00+00:00", "2027-05-01T00:00:00+00:00"),
    ("phase.slot", {"kind": "notice"}, None),
    ("cohort.slot", {"places": 7}, None),
    ("cohort.places", 7, 6),
    ("cohort.promises", [PROMISED], []),
    ("cohort.promises", [PROMISED], [PROMISED | {"amount": "99.50"}]),
    ("cohort.promises", [PROMISED | {"amount": None}], [PROMISED]),
    ("cohort.promises", [PROMISED, PROMISED], [PROMISED | {"amount": "199"}]),
    ("milestone.grant", POOL, None),
    ("milestone.grant", POOL, POOL | {"amount": "1"}),
    ("milestone.slot", {"due_at": "2027-05-02T00:00:00+00:00", "grant": POOL}, None),
    ("question.due_at", "2027-05-02T00:00:00+00:00", "2027-05-01T00:00:00+00:00"),
]


@pytest.mark.parametrize(("what", "before", "after"), REFUSED)
def test_what_was_promised_is_not_made_less_even_with_a_reason(
    what: str, before: object, after: object
) -> None:
    contest = Contest()

    def change(old: object, new: object) -> None:
        record_changes(
            edition=contest.edition,
            changes=[Change(what, old, new)],
            reason=WHY,
            by=contest.by,
            at=contest.now,
        )

    with pytest.raises(Refused) as refused:
        change(before, after)
    assert refused.value.code == "frozen"
    if after != [MONEY | {"currency": "USD"}]:
        change(after, before)
        assert EditionChange.objects.get().what == what


def test_the_calls_own_dates_and_what_is_over_are_not_moved() -> None:
    contest = Contest()
    call, jury = (contest.edition.phases.get(kind=kind) for kind in ("call", "jury"))
    day = timedelta(days=1)
    opens, closes = date_actions.days_of(call, contest.edition.time_zone)
    first, last = date_actions.days_of(jury, contest.edition.time_zone)
    for phase, days, at, code in (
        (call, (opens, closes - day), contest.now, "call_opened"),
        (jury, (first + day, last), jury.starts_at, "over"),
        (jury, (first, last - day), jury.ends_at, "over"),
        (jury, (last, first), contest.now, "order"),
    ):
        with pytest.raises(Refused) as refused:
            date_actions.change_dates(
                edition=contest.edition, days={phase.pk: days}, by=contest.by, at=at, reason=WHY
            )
        assert refused.value.code == code


def test_only_organisers_move_dates() -> None:
    contest = Contest()
    with pytest.raises(Refused) as refused:
        date_actions.change_dates(
            edition=contest.edition, days={}, by=make_member(contest.edition, Role.CHAIR), at=contest.now
        )
    assert refused.value.status == 403


def test_the_book_has_a_line_for_everything_that_is_frozen() -> None:
    """Whole tables of the form stand in one line: `limits`."""
    table = BOOK.read_text(encoding="utf-8").partition("## What is frozen")[2]
    said = set(re.findall(r"`([a-z_.]+)`", table))
    parts = {"limits", "credits", "files", "residence", "promises"}
    assert {key.partition(".")[0] if key.partition(".")[0] in parts else key for key in FROZEN} <= said
