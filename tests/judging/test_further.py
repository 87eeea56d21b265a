"""One more look: in an open round, and in a closed one that is reopened for it; nothing is lost or kept silently."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging import (
    adaptive_actions,
    award_actions,
    cut_actions,
    cut_queries,
    further_actions,
    further_queries,
    looks_actions,
    queries,
    round_words,
    rounds_actions,
    setup_actions,
    standing_actions,
)
from judging.hand_out import replay_allocation
from judging.models import Allocation, Conflict, Cut, Look, Round, RoundChange, Score, Standing
from submissions.models import Event
from tests.factories import make_entry, make_member, make_round
from tests.judging.scored import scored_round
from tests.shows import make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(days=1)
WHY = "Two films lie too close."


class Case:
    """A closed round of 24 films and 6 judges with two looks a film, and its cut of the first six."""

    def __init__(self, *, close=True, **fields):
        settings = {"cut_kind": "count", "cut_value": Decimal(6), "films": 24, "judges": 6, "looks": 2}
        self.edition, self.round, self.chair, _contest = scored_round(at=AT, places=0, **(settings | fields))
        # All looks are done before the round is closed; more can be given after.
        if close:
            self.close(AT + timedelta(hours=5))

    def close(self, at):
        rounds_actions.close_round(round=self.round, by=self.chair, at=at)
        self.fresh()

    def fresh(self):
        self.round = Round.objects.get(pk=self.round.pk)
        return self.round

    def films(self, number=3):
        return further_queries.nearest(self.round.standing, cut=6, more=number)

    def reopen(self, **options):
        given = {"reason": WHY, "by": self.chair, "at": LATER} | options
        if "entries" not in given:
            given["entries"] = self.films()
        kept = further_actions.reopen_for_looks(round=self.round, **given)
        self.fresh()
        return kept

    def finish(self, mark="7", at=LATER):
        for look in Look.objects.filter(round=self.round, state="pending"):
            for criterion in self.round.criteria.all():
                Score.objects.create(look=look, criterion=criterion, value=Decimal(mark))
        Look.objects.filter(round=self.round, state="pending").update(state="scored", scored_at=at)


def refused(code, doing):
    with pytest.raises(Refused) as caught:
        doing()
    assert caught.value.code == code
    return caught.value


def test_a_closed_round_is_reopened_for_looks_and_nothing_is_lost():
    case = Case()
    first, cut = case.round.standing, cut_queries.current_cut(case.round)
    films = case.films()
    before = set(Look.objects.filter(entry__in=films).values_list("judge_id", "entry_id"))
    kept = case.reopen()
    assert (case.round.state, case.round.closed_at, case.round.reopened_at) == ("open", None, LATER)
    assert (kept.purpose, kept.looks_made) == ("further", 3)
    assert kept.choice == {"films": sorted(film.code for film in films), "standing": 1}
    assert replay_allocation(kept)
    new = Look.objects.filter(round=case.round, state="pending")
    assert sorted(new.values_list("entry_id", flat=True)) == sorted(film.pk for film in films)
    assert not set(new.values_list("judge_id", "entry_id")) & before
    first.refresh_from_db()
    assert (first.superseded_at, cut_queries.current_cut(case.round)) == (LATER, None)
    change = RoundChange.objects.get()
    assert (change.what, change.reason, change.by_id) == ("reopened", WHY, case.chair.id)
    [said] = round_words.changes_of(case.round)
    assert (said["label"], said["before"], said["after"]) == (
        "Reopened for further looks", "closed, with standing no. 1", "3 further looks",
    )  # fmt: skip
    case.finish()
    case.close(LATER + timedelta(hours=1))
    second = case.round.standing
    assert (second.number, second.superseded_at) == (2, None)
    assert [one.pk for one in further_queries.superseded(case.round)] == [first.pk]
    assert all(standing_actions.replay(one) for one in Standing.objects.all())
    rows = dict(second.rows.values_list("entry__code", "looks"))
    assert {rows[film.code] for film in films} == {3}
    anew = cut_queries.current_cut(case.round)
    assert (anew.kind, anew.value, anew.standing_id) == (cut.kind, cut.value, second.pk)
    kinds = list(
        Event.objects.filter(entry=films[0], kind__startswith="judging").values_list("kind", flat=True)
    )
    assert kinds == ["judging_ended", "judging_began", "judging_ended"]


def test_the_cut_is_made_anew_by_its_own_rule_with_the_earlier_moves_beside_it(client: Client):
    case = Case(cut_kind="", cut_value=None)
    cut = cut_actions.make_cut(round=case.round, by=case.chair, at=LATER, kind="share", value=Decimal(25))
    last = case.round.standing.rows.order_by("-rank").select_related("entry").first().entry
    cut_actions.move_film(cut=cut, entry=last, goes_on=True, why="Bold.", by=case.chair, at=LATER)
    case.reopen()
    case.finish()
    case.close(LATER + timedelta(hours=1))
    anew = cut_queries.current_cut(case.round)
    assert (anew.kind, anew.value) == ("share", Decimal(25))
    assert not anew.rows.filter(entry=last).exists()
    assert [(row.entry_id, row.why) for row in cut_queries.earlier_moves(anew)] == [(last.pk, "Bold.")]
    client.force_login(case.chair.user)
    here = [case.edition.slug, case.round.slug]
    page = client.get(reverse("judging:round_cut", args=here)).content.decode()
    assert "Moved in the cut before" in page and "from standing no. 1, superseded" in page
    client.post(reverse("judging:cut_move", args=here), {"code": last.code, "goes": "on", "why": "Bold."})
    assert anew.rows.get(entry=last).reason == "added_by_chair"
    assert cut_queries.earlier_moves(anew) == []


def test_what_was_counted_stays_as_it_is():
    case = Case()
    old = Look.objects.filter(round=case.round).select_related("round").first()
    judge = make_actor(case, old)
    case.reopen()
    refused("counted", lambda: looks_actions.reopen_look(look=fresh_look(old), by=judge, at=LATER))
    case.finish(at=LATER + timedelta(hours=1))
    new = Look.objects.filter(round=case.round, scored_at__gt=LATER).select_related("round").first()
    looks_actions.reopen_look(look=fresh_look(new), by=make_actor(case, new), at=LATER)
    assert Look.objects.get(pk=new.pk).state == "pending"
    change = {"by": case.chair, "at": LATER, "reason": "No."}
    refused(
        "reopened",
        lambda: setup_actions.change_round(round=case.round, settings={"official_rule": "median"}, **change),
    )
    make_entry(case.edition)
    assert not queries.late_films(case.round).exists()


def fresh_look(look):
    return Look.objects.select_related("round").get(pk=look.pk)


def make_actor(case, look):
    return actor_of(User.objects.get(pk=look.judge_id))


def test_looks_that_were_not_finished_wait_again():
    case = Case(close=False)
    look = Look.objects.filter(round=case.round).first()
    look.scores.all().delete()
    Look.objects.filter(pk=look.pk).update(state="pending", scored_at=None)
    rounds_actions.close_round(round=case.round, by=case.chair, at=AT, confirmed_pending=1)
    case.fresh()
    case.reopen()
    assert Look.objects.filter(round=case.round, state="pending").count() == 4


def test_an_adaptive_round_gives_nothing_by_itself_once_it_is_reopened():
    case = Case(adaptive=True)
    case.reopen()
    case.finish()
    assert adaptive_actions.give_next(round=case.round, by=case.chair, at=LATER) is None


def test_conflicts_are_absolute():
    case = Case()
    film = case.films(1)[0]
    seen = set(Look.objects.filter(entry=film).values_list("judge_id", flat=True))
    jury = sorted(queries.judges_of(case.edition))
    free = [judge for judge in jury if judge not in seen]
    for judge in free[1:]:
        Conflict.objects.create(
            edition=case.edition, judge_id=judge, kind="film", entry=film, source="declared", state="confirmed",
            at=AT,
        )  # fmt: skip
    assert further_queries.free_judges(case.round, [film.pk]) == {film.pk: 1}
    case.reopen(entries=[film])
    assert Look.objects.get(round=case.round, state="pending").judge_id == free[0]


def test_without_anybody_left_nothing_is_changed():
    case = Case(films=6, judges=2, looks=2, cut_value=Decimal(3))
    films = further_queries.nearest(case.round.standing, cut=3, more=2)
    refused("nobody", lambda: case.reopen(entries=films))
    case.fresh()
    assert (case.round.state, case.round.standing.number) == ("closed", 1)
    assert cut_queries.current_cut(case.round) is not None
    assert not RoundChange.objects.exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [({"reason": " "}, "reason"), ({"entries": []}, "no_films")],
    ids=["no reason", "no film"],
)
def test_what_is_missing_is_said(options, code):
    case = Case()
    refused(code, lambda: case.reopen(**options))
    assert case.fresh().state == "closed"


def test_only_the_chair_and_only_films_of_the_round():
    case = Case()
    for who in (make_member(case.edition, Role.ORGANISER), make_member(case.edition, Role.JUDGE)):
        with pytest.raises(Refused) as caught:
            case.reopen(by=who)
        assert caught.value.status == 403
    with pytest.raises(Refused, match="not in the round"):
        case.reopen(entries=[make_entry(case.edition)])
    films = case.films()
    case.reopen(entries=films)
    with pytest.raises(Refused, match="not closed"):
        case.reopen(entries=films)


@pytest.mark.parametrize("takes", ["cut", "first"])
def test_it_stays_closed_once_a_later_round_has_opened_from_it(takes):
    case = Case()
    after = case.round if takes == "cut" else None
    final = make_round(case.edition, "final", position=1, after=after, looks_per_film=1)
    entries = None if after else case.films()
    rounds_actions.open_round(round=final, by=case.chair, at=LATER, entries=entries)
    refused("frozen", case.reopen)


@pytest.mark.parametrize("gate", ["panel", "ballot"])
def test_panels_and_ballots_are_not_reopened(gate):
    case = Case()
    Round.objects.filter(pk=case.round.pk).update(gate=gate)
    refused("gate", lambda: case.reopen(entries=case.films()))


def test_awards_of_a_superseded_standing_are_not_confirmed():
    case = Case()
    make_slot(case.edition, "grand", tier="grand")
    standing = case.round.standing
    listed = award_actions.propose(edition=standing.round.edition, by=case.chair, at=LATER)
    case.reopen()
    refused("superseded", lambda: award_actions.confirm(award_list=listed, by=case.chair, at=LATER))
    case.finish()
    case.close(LATER + timedelta(hours=1))
    listed = award_actions.propose(edition=case.round.standing.round.edition, by=case.chair, at=LATER)
    award_actions.confirm(award_list=listed, by=case.chair, at=LATER)
    refused("confirmed", case.reopen)


def test_the_chair_gives_one_more_look_in_an_open_round(client: Client):
    case = Case(close=False)
    client.force_login(case.chair.user)
    here = [case.edition.slug, case.round.slug]
    url = reverse("judging:round_give", args=here)
    codes = list(case.round.films.order_by("code").values_list("code", flat=True)[:2])
    page = client.post(url, {"codes": f"{codes[0].lower()}, {codes[1]}"}, follow=True).content.decode()
    assert "2 looks were given out." in page
    assert Allocation.objects.get().purpose == "further"
    assert client.post(url, {"codes": "NOBODY"}).status_code == 400
    client.force_login(make_member(case.edition, Role.ORGANISER).user)
    assert client.post(url, {"codes": codes[0]}).status_code == 403


def test_what_is_undecided_gets_a_look_without_being_named():
    case = Case(close=False)
    kept = further_actions.give_undecided(round=case.round, by=case.chair, at=AT)
    assert 0 < kept.looks_made < 24
    waiting = set(Look.objects.filter(state="pending").values_list("entry__code", flat=True))
    assert waiting == set(kept.choice["films"])
    with pytest.raises(Refused) as caught:
        further_actions.give_undecided(round=case.round, by=case.chair, at=AT)
    assert caught.value.code == "no_films"


def test_nothing_is_said_before_there_are_scores():
    case = Case(close=False, cut_kind="", cut_value=None)
    refused("no_scores", lambda: further_actions.give_undecided(round=case.round, by=case.chair, at=AT))


def test_the_way_from_the_line_page_and_back_in_the_browser(client: Client):
    case = Case()
    here = [case.edition.slug, case.round.slug]
    client.force_login(case.chair.user)
    page = client.get(reverse("judging:round_line", args=here) + "?cut=6&more=4").content.decode()
    assert "Give these 4 looks…" in page
    url = reverse("judging:round_further", args=here)
    page = client.get(url + "?cut=6&more=4").content.decode()
    assert "One more look each for 4 films" in page and page.count('<th scope="row">') == 4
    sent = {"cut": "6", "more": "4", "reason": ""}
    answer = client.post(url, sent)
    assert answer.status_code == 400
    assert "Say why the round is reopened" in answer.content.decode()
    page = client.post(url, {**sent, "reason": WHY}, follow=True).content.decode()
    assert "4 looks were given out." in page and "for further looks." in page and WHY in page
    assert client.get(url).status_code == 302
    assert client.post(url, {**sent, "reason": WHY}).status_code == 409
    assert client.get(reverse("judging:round_line", args=here)).status_code == 403
    case.finish()
    case.close(LATER + timedelta(hours=1))
    page = client.get(reverse("judging:round", args=here)).content.decode()
    assert "Standings before" in page and "No. 1, frozen" in page
    old = b"".join(client.get(reverse("judging:round_csv", args=here) + "?standing=1"))
    new = b"".join(client.get(reverse("judging:round_csv", args=here)))
    assert old != new and old.count(b"\n") == new.count(b"\n")
    assert client.get(reverse("judging:round_csv", args=here) + "?standing=9").status_code == 404
    client.post(reverse("judging:round_replay", args=here))
    assert "to the last digit" in client.get(reverse("judging:round", args=here)).content.decode()


def test_the_page_reads_no_more_with_more_films(client: Client):
    case = Case()
    client.force_login(case.chair.user)
    url = reverse("judging:round_further", args=[case.edition.slug, case.round.slug])
    counts = []
    for more in (1, 5):
        with CaptureQueriesContext(connection) as found:
            client.get(f"{url}?cut=6&more={more}")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_one_standing_is_in_force():
    case = Case()
    case.reopen()
    assert not Standing.objects.filter(superseded_at=None).exists()
    with pytest.raises(Standing.DoesNotExist):
        _none = case.round.standing
    assert Cut.objects.filter(set_aside_at=LATER).count() == 1
