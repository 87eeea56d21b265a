"""Rehearsals: each blueprint from call to premiere at small size, and what the report says about it."""

import json
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils.translation import override

from festival.edition.blueprint import FOLDER, named
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.post.models import Notice
from judging.models import BallotLine, Verdict
from judging.rehearsal.contest import Size
from judging.rehearsal.run import Wishes, rehearse, remove
from judging.rehearsal.words import lines_of, markdown
from submissions.attachment_view import file_views
from submissions.cohorts.models import Delivery, Extension, Place, Reminder, SupportLine
from submissions.cohorts.reminders import DAY, WEEK
from submissions.models import Asset, Attachment, Entry
from tests.factories import make_edition

BLUEPRINTS = sorted(path.stem for path in (FOLDER / "blueprints").glob("*.toml"))
OPENS = date(2028, 3, 6)
SMALL = Size(20, 8)
SIZES = {
    "invited-premiere": Size(24, 12, mended=1, seconds=(900, 1500)),  # seven films fill an evening
    # Lots are drawn over the numbers of accounts, so which films come through is chance: enough of them that, whichever
    # they are, programmes of the length that the blueprint asks for can be made.
    "festival-unit": Size(40, 12),
}


def run(key, **wishes):
    return rehearse(named(key), Wishes(**{"size": SMALL, "seed": 7, "opens": OPENS, "asks": 1} | wishes))


def hold_meeting(edition, row):
    """Those who were there voted in the meeting's own actions, and its minutes are fixed."""
    meeting = edition.meetings.order_by("-pk").first()
    assert (meeting.state, meeting.members.count(), meeting.films.count()) == (
        "closed",
        row["members"],
        row["films"],
    )
    votes = meeting.votes.all()
    assert row["votes"] == len(votes) > 0
    assert row["no_quorum"] == sum(not vote.result["valid"] for vote in votes)
    assert {vote.ballots.count() <= row["present"] for vote in votes} == {True}
    assert all(vote.quorum == row["quorum"] for vote in votes)


def hold_ballots(edition, row):
    """Everybody who voted has watched each film on her ballot, with what the round allows around it."""
    round = edition.rounds.get(slug=row["slug"])
    lines = BallotLine.objects.filter(ballot__round=round).select_related("ballot", "entry")
    seconds = Counter()
    for line in lines:
        reads = 60 * round.reading_minutes if row["reads"] else 0
        seconds[line.ballot.juror_id] += (reads or line.entry.running_time) + round.overhead_seconds
    assert row["ballots"] == row["judges"] == len(seconds) > 0
    assert row["reads"] in (0, row["films"])
    assert row["judge_hours"] == pytest.approx(seconds.total() / 3600)
    assert row["most_hours"] == pytest.approx(max(seconds.values()) / 3600) and row["most_hours"] > 0


def hold_reminders(edition, rows):
    """What is counted is what the site's clock has written, and it wrote to whoever had not delivered, at its time."""
    sent = Counter(Notice.objects.filter(edition=edition).values_list("kind", flat=True))
    sums = {name: sum(row[name] for row in rows) for name in ("week", "day", "late", "tasks")}
    assert sums["week"] + sums["day"] == sent["milestone_due"] > 0
    assert (sums["late"], sums["tasks"]) == (sent["milestone_late"], sent["action_item_due"])
    places = Place.objects.filter(cohort__edition=edition, answered_at__isnull=False, entry__isnull=False)
    pairs = [(place, one) for place in places for one in place.cohort.milestones.all()]
    for place, milestone in pairs:
        mine = {"place": place, "milestone": milestone}
        back = Delivery.objects.filter(**mine, state="changes").exists()
        if back or Extension.objects.filter(**mine).exists():
            continue  # the team had a date of its own
        due, first = milestone.due_at, Delivery.objects.filter(**mine, number=1).first()
        written = dict(Reminder.objects.filter(**mine).values_list("kind", "at"))
        for kind, begins, ends in (
            ("week", due - WEEK, due - DAY), ("day", due - DAY, due), ("late", due, due + WEEK),
        ):  # fmt: skip
            moment = max(begins, place.answered_at)
            moment += timedelta(seconds=-moment.timestamp() % 300)
            left = place.state != "accepted" and (place.ended_at is None or place.ended_at <= moment)
            there = first and first.handed_in_at and first.handed_in_at <= moment
            expected = None if left or there or moment >= ends else moment
            assert written.get(kind) == expected, (place, milestone, kind)


def hold_teams(edition, row):
    """Every cohort went to its end by the actions of the site, and the figures are those of its rows."""
    assert row["refused"] == {}
    assert [one["slug"] for one in row["cohorts"]] == list(edition.cohorts.values_list("slug", flat=True))
    for one in row["cohorts"]:
        cohort = edition.cohorts.get(slug=one["slug"])
        assert 0 < one["teams"] <= one["places"]
        assert not cohort.all_places.filter(state="offered").exists()
        for milestone in one["milestones"]:
            assert milestone["teams"] == milestone["on_time"] + milestone["late"] + milestone["never"]
            said = (
                milestone["accepted"],
                milestone["changes"],
                milestone["rejected"],
                milestone["reopened"],
                milestone["unreviewed"],
            )
            assert milestone["versions"] == sum(said) >= milestone["on_time"] + milestone["late"]
        assert sum(milestone["accepted"] for milestone in one["milestones"]) > 0
        assert {line["unit"]: line["given"] for line in one["support"] if line["given"]} == {
            unit: float(amount)
            for unit, amount in SupportLine.objects.filter(place__cohort=cohort, side="given")
            .values_list("unit")
            .annotate(sum=Sum("amount"))
            .order_by()
        }


def hold_juries(edition, members):
    """As many judge a round as its plan says; each round names those who come next in the jury."""
    juries = []
    for round in edition.rounds.filter(gate__in=("score", "pass_fail"), expects_judges__lt=members):
        named = set(round.jury.values_list("pk", flat=True))
        assert len(named) == round.expects_judges
        assert set(round.looks.values_list("judge_id", flat=True)) <= named
        juries.append(named)
    assert all(one != other for one, other in pairwise(juries))


@pytest.mark.django_db
@pytest.mark.parametrize("key", BLUEPRINTS)
def test_every_blueprint_goes_from_call_to_its_end(key):
    found = run(key, size=SIZES.get(key, SMALL))
    edition = Edition.objects.get(slug=found["edition"])
    assert {row["slug"]: row["refused"] for row in found["rounds"]} == dict.fromkeys(
        edition.rounds.values_list("slug", flat=True), ""
    )
    if found["awards"]:
        assert (found["awards"]["reached"], found["awards"]["why"]) == ("announced", "")
    if found["premiere"]:
        assert (found["premiere"]["released"], found["premiere"]["why"]) == (True, ""), found["premiere"]
        missing = [row["count"] for row in found["warnings"] if row["code"] == "not_placed"]
        assert missing == [found["premiere"]["films"] - found["premiere"]["placed"]] * len(missing)
        assert found["premiere"]["placed"] > 0
    assert found["admitted"] > 0
    hold_juries(edition, SIZES.get(key, SMALL).judges)
    for row in found["rounds"]:
        if row["gate"] == "ballot":
            hold_ballots(edition, row)
    assert found["judge_hours"] == pytest.approx(sum(row["judge_hours"] for row in found["rounds"]), abs=0.01)
    by_ballot = edition.award_slots.filter(decided_by="ballot", added=False).exists()
    assert bool((found["awards"] or {}).get("meeting")) == by_ballot
    if by_ballot:
        hold_meeting(edition, found["awards"]["meeting"])
    if found["teams"]:
        hold_teams(edition, found["teams"])
        hold_reminders(edition, [one["reminded"] for one in found["teams"]["cohorts"]])
    assert {row["page"]: row["status"] for row in found["pages"]} == dict.fromkeys(
        {row["page"] for row in found["pages"]}, 200
    )
    assert sum(found["arrivals"]) >= found["admitted"]
    assert found["entries"] == edition.entries.count()
    lost = ("not_taken", "left_draft", "left_fixing", "doubles")  # each of the others is named once
    named = sum(row["count"] for row in found["warnings"] if row["code"] in lost)
    assert found["entries"] == found["admitted"] + named
    if found["awards"]:
        whys = Verdict.objects.filter(award_list__edition=edition).values_list("why", flat=True)
        assert not [why for why in whys if why.get("breaks")]
    for attachment in Attachment.objects.filter(entry__edition=edition).select_related("asset", "wording"):
        assert file_views([attachment], actor_of(edition.memberships.first().user))
    for language in ("en", "zh-hans"):
        with override(language):
            assert len(list(lines_of(found))) >= 7 + len(found["warnings"])
            assert markdown(found).count("\n|") >= len(found["pages"])


@pytest.mark.django_db
def test_a_seed_gives_the_same_contest_again_and_removing_leaves_nothing_but_accounts():
    def timeless(found):
        return {
            **found,
            "stages": [],
            "pages": [],
            "warnings": [row for row in found["warnings"] if row["code"] != "page_slow"],
            "rounds": [{k: v for k, v in row.items() if k != "seconds"} for row in found["rounds"]],
        }

    first = run("tool-makers")
    with pytest.raises(Refused):
        remove("rehearsal-none")
    assert remove(first["edition"]) > 0
    assert (Entry.objects.count(), Asset.objects.count(), Edition.objects.count()) == (0, 0, 0)
    assert timeless(run("tool-makers")) == timeless(first)


@pytest.mark.django_db
def test_an_edition_that_is_no_rehearsal_is_not_removed():
    edition = make_edition()
    with pytest.raises(Refused):
        remove(edition.slug)
    assert Edition.objects.filter(pk=edition.pk).exists()


@pytest.mark.django_db
def test_the_command_prints_the_report_and_writes_it(tmp_path):
    out, path = StringIO(), tmp_path / "report.json"
    call_command(
        "rehearse", "tool-makers", "--entries", "12", "--judges", "6", "--judge-hour", "20", "--report", str(path),
        stdout=out,
    )  # fmt: skip
    report = json.loads(path.read_text())
    assert (report["entries"], report["judges"], report["cost"]["prices"]["judge_hour"]) == (12, 6, 20)
    assert out.getvalue().splitlines()[0].startswith("tool-makers. Entries: 12, admitted: ")
