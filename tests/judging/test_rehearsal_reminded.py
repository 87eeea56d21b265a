"""Teams of a rehearsal are reminded by the site's clock, and some that were rejected go on; of other teams nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.utils.translation import override

from festival.edition.blueprint import named
from festival.edition.models import Edition
from festival.people.models import User
from festival.post.models import Notice
from judging.rehearsal import team_words
from judging.rehearsal.agenda import Agenda
from judging.rehearsal.contest import Size
from judging.rehearsal.reminding import Clock
from judging.rehearsal.run import Wishes, rehearse, remove
from judging.rehearsal.team_truth import REOPENED_DAYS, TeamHabits, Teams
from judging.rehearsal.words import lines_of, markdown
from submissions.cohorts.models import Delivery, Place
from submissions.models import Event
from tests.factories import make_edition, make_user
from tests.submissions.cohorts.making import make_cohort, make_item, make_milestone, make_place

OPENS = date(2028, 3, 6)
STRICT = TeamHabits(rejected=0.4, reopened=0.7)
AT = datetime(2028, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def run():
    size = Size(24, 12, mended=1, seconds=(900, 1500))
    return rehearse(named("invited-premiere"), Wishes(size, 7, OPENS, asks=1, team_habits=STRICT))


def rows_of_all():
    return {
        model: model._base_manager.count() for model in apps.get_models() if model not in (User, EmailAddress)
    }


@pytest.mark.django_db
def test_teams_of_a_rehearsal_are_reminded_and_opened_again_and_no_others():
    other = make_edition()
    team = make_place(make_cohort(other, source="final"), offered_at=None)
    make_milestone(team.cohort, due_at=datetime(2028, 4, 5, 12, tzinfo=UTC))
    make_item(team, by=make_user(), due_on=date(2028, 4, 5))
    before = rows_of_all()
    found = run()
    assert not Notice.objects.filter(edition=other).exists()
    edition = Edition.objects.get(slug=found["edition"])
    [cohort] = found["teams"]["cohorts"]
    assert found["teams"]["refused"] == {}

    rejected = Delivery.objects.filter(place__cohort__edition=edition, state="rejected")
    opened = Delivery.objects.filter(place__cohort__edition=edition, reopened_at__isnull=False)
    sums = {
        name: sum(row[name] for row in cohort["milestones"]) for name in ("rejected", "reopened", "again")
    }
    later = [
        one for one in opened
        if Delivery.objects.filter(place=one.place, milestone=one.milestone, number__gt=one.number).exists()
    ]  # fmt: skip
    assert sums["rejected"] == rejected.count() > 0
    assert sums["reopened"] == opened.count() > 0
    assert sums["again"] == len(later) > 0
    assert Event.objects.filter(entry__edition=edition, kind="delivery_reopened").count() == opened.count()
    for one in opened:
        assert REOPENED_DAYS[0] <= (one.reopened_at - one.reviewed_at) / DAY <= REOPENED_DAYS[1]
    reminded = cohort["reminded"]
    assert min(reminded[kind] for kind in ("week", "day", "late")) > 0
    week, day, late = (reminded[kind] for kind in ("week", "day", "late"))
    english = f"{week} a week before a milestone, {day} a day before, {late} when it was late; 0 of tasks."
    said = {
        "en": [f"opened again: {sums['reopened']}; delivered again: {sums['again']}.", english],
        "zh-hans": [
            f"重新开放{sums['reopened']}份，其中{sums['again']}份已再次交稿。",
            f"到期前一周{week}封，前一天{day}封，逾期{late}封；待办0封。",
        ],
    }
    for language, lines in said.items():
        with override(language):
            texts = "\n".join(lines_of(found)), markdown(found), "\n".join(team_words.lines_of_teams(cohort))
        assert [line in text for line in lines for text in texts] == [True] * 6
    # Removed, it leaves nothing but accounts; and the same seed gives it again.
    remove(found["edition"])
    assert rows_of_all() == before
    assert run()["teams"] == found["teams"]


def test_so_many_of_the_rejected_are_opened_again_as_is_declared():
    truth, many = Teams(3, "camp"), 4000
    days = [truth.reopened("cut", team, 1) for team in range(many)]
    again = [one for one in days if one is not None]
    assert len(again) / many == pytest.approx(TeamHabits().reopened, abs=0.02)
    assert REOPENED_DAYS[0] <= min(again) < max(again) <= REOPENED_DAYS[1]
    assert days == [Teams(3, "camp").reopened("cut", team, 1) for team in range(many)]


@pytest.mark.django_db
def test_the_clock_goes_round_where_a_reminder_may_be_due_and_as_the_sites_own_does():
    """Every five minutes: a date that is told at seven past is looked at at ten past."""
    edition = make_edition()
    agenda = Agenda()
    clock = Clock(edition, agenda)
    told = AT + timedelta(minutes=7)
    clock.watch(AT + 3 * DAY, told)
    clock.watch(AT + 3 * DAY, told)  # of another team
    rounds = sorted(moment for moment, _number, _do in agenda.plan)
    assert rounds == [AT + timedelta(minutes=10), AT + 2 * DAY, AT + 3 * DAY]  # the week before is over


@pytest.mark.django_db
def test_a_task_is_reminded_of_from_the_day_before_on_by_the_clock_of_the_contest():
    edition = make_edition(time_zone="Asia/Shanghai")
    cohort = make_cohort(edition, source="final")
    place = make_place(cohort)
    item = make_item(place, by=make_user(), due_on=date(2028, 6, 8))
    agenda = Agenda()
    Clock(edition, agenda).watch_task(item.due_on, AT)
    agenda.go_on(AT + 30 * DAY)
    item.refresh_from_db()
    assert item.reminded_at == datetime(2028, 6, 6, 16, tzinfo=UTC)
    assert Place.objects.get(pk=place.pk).state == "accepted"
