"""Meetings of the jury: what is open to whom, the order, what is said, leaving the room, votes, minutes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from festival.post.words import render
from judging import (
    cut_actions,
    cut_queries,
    further_actions,
    meeting_actions,
    meeting_plan_actions,
    meeting_queries,
    vote_actions,
)
from judging.meeting_minutes import digest_of
from judging.models import (
    Ballot,
    BallotLine,
    Conflict,
    Meeting,
    MeetingNote,
    MeetingStep,
    Round,
    Vote,
)
from submissions.models import Entry
from tests.factories import make_member, make_round
from tests.meetings import NOW, Jury

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def jury() -> Jury:
    return Jury()


def refused(call: object, **given: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call(**given)
    return caught.value


def kinds(meeting: Meeting) -> list[str]:
    return list(MeetingStep.objects.filter(meeting=meeting).values_list("kind", flat=True))


# --- planning and opening


def test_a_meeting_takes_the_films_of_the_cut_in_the_order_of_the_standing() -> None:
    jury = Jury(opened=False)
    given = {"meeting": jury.meeting, "by": jury.chair}
    assert refused(meeting_plan_actions.take_films, **given).status == 400  # no cut yet
    cut_actions.make_cut(round=jury.round, by=jury.chair, at=NOW, kind="nominated", value=8)
    assert meeting_plan_actions.take_films(**given) == 3
    assert jury.order() == ["FILM001", "FILM002", "FILM003"]
    assert meeting_plan_actions.take_films(first=2, **given) == 2
    meeting_plan_actions.call_in(code=" film005 ", at=NOW, **given)
    assert jury.order() == ["FILM001", "FILM002", "FILM005"]
    meeting_plan_actions.drop_film(entry_id=jury.films[1].pk, **given)
    meeting_plan_actions.open_meeting(at=NOW, **given)
    assert [(row.position, row.began) for row in jury.meeting.films.all()] == [(1, 1), (2, 2)]
    letters = Notice.objects.filter(kind="meeting_called").values_list("user__name", flat=True)
    assert sorted(letters) == ["Judge A", "Judge B", "Judge C"]


def test_a_meeting_does_not_open_over_an_open_round_without_films_or_after_its_end() -> None:
    jury = Jury(opened=False)
    given = {"meeting": jury.meeting, "by": jury.chair, "at": NOW}
    assert refused(meeting_plan_actions.open_meeting, **given).status == 400
    meeting_plan_actions.take_films(meeting=jury.meeting, by=jury.chair, first=5)
    Round.objects.filter(pk=jury.round.pk).update(state="open", closed_at=None)
    assert refused(meeting_plan_actions.open_meeting, **given).status == 409
    Round.objects.filter(pk=jury.round.pk).update(state="closed", closed_at=NOW)
    assert refused(meeting_plan_actions.open_meeting, **given | {"at": NOW + 3 * 24 * HOUR}).status == 400
    meeting_plan_actions.open_meeting(**given)
    assert refused(meeting_plan_actions.open_meeting, **given).code == "open"


def test_an_open_meeting_takes_in_members_and_loses_none(jury: Jury) -> None:
    late = make_member(jury.edition, Role.JUDGE, "Late")
    settings = {"name": {"en": "Longer"}, "until": NOW + 72 * HOUR, "starts_at": NOW, "quorum": 3}
    meeting_plan_actions.change_meeting(
        meeting=jury.meeting, by=jury.chair, members=[late.id], settings=settings
    )
    assert jury.meeting.members.count() == 4
    assert Notice.objects.get(kind="meeting_called").user_id == late.id


def test_only_the_chair_leads(jury: Jury) -> None:
    given = {"meeting": jury.meeting, "by": jury.judges[0], "at": NOW}
    for call, more in (
        (meeting_actions.put_on_table, {"entry_id": None}),
        (meeting_actions.move_film, {"entry_id": jury.films[0].pk, "to": 2}),
        (meeting_actions.close_meeting, {}),
        (meeting_actions.tick, {"item_id": jury.meeting.agenda.get().pk}),
    ):
        assert refused(call, **given, **more).status == 403
    assert refused(jury.say, by=jury.judges[0], decision=True).status == 403


# --- the order


def test_a_film_is_moved_and_the_minutes_say_from_where(jury: Jury) -> None:
    meeting_actions.move_film(meeting=jury.meeting, entry_id=jury.films[3].pk, to=1, by=jury.chair, at=NOW)
    assert jury.order() == ["FILM004", "FILM001", "FILM002", "FILM003", "FILM005"]
    step = MeetingStep.objects.get(meeting=jury.meeting)
    assert (step.kind, step.entry.code, step.values) == ("moved", "FILM004", {"from": 4, "to": 1})


def test_two_who_drag_at_once_do_not_overwrite_each_other(jury: Jury) -> None:
    ids = [film.pk for film in jury.films]
    given = {"meeting": jury.meeting, "by": jury.chair, "at": NOW}
    number = meeting_actions.set_order(order=[ids[1], ids[0], *ids[2:]], number=0, **given)
    assert number == 1
    assert refused(meeting_actions.set_order, order=ids[::-1], number=0, **given).code == "stale"
    assert refused(meeting_actions.set_order, order=ids[:4], number=1, **given).code == "stale"
    assert meeting_actions.set_order(order=ids[::-1], number=1, **given) == 2
    assert jury.order() == ["FILM005", "FILM004", "FILM003", "FILM002", "FILM001"]
    assert kinds(jury.meeting) == ["moved", "ordered"]


def test_the_same_order_is_no_move(jury: Jury) -> None:
    ids = [film.pk for film in jury.films]
    assert meeting_actions.set_order(meeting=jury.meeting, by=jury.chair, at=NOW, order=ids, number=0) == 0
    assert kinds(jury.meeting) == []


def test_one_film_at_most_is_on_the_table(jury: Jury) -> None:
    given = {"meeting": jury.meeting, "by": jury.chair, "at": NOW}
    for film in (jury.films[0], jury.films[1], jury.films[1]):
        meeting_actions.put_on_table(entry_id=film.pk, **given)
    assert [row.entry.code for row in jury.meeting.films.filter(on_table=True)] == ["FILM002"]
    assert kinds(jury.meeting) == ["table", "table"]
    meeting_actions.put_on_table(entry_id=None, **given)
    assert not jury.meeting.films.filter(on_table=True).exists()


# --- what is said


def test_words_sent_twice_are_kept_once(jury: Jury) -> None:
    one = uuid4()
    first = jury.say(jury.judges[0], film=jury.films[0], client_id=one)
    assert jury.say(jury.judges[0], film=jury.films[0], client_id=one) == first
    assert refused(jury.say, by=jury.judges[1], film=jury.films[0], client_id=one).status == 400
    assert MeetingNote.objects.count() == 1


def test_words_are_taken_back_by_their_author_alone(jury: Jury) -> None:
    note = jury.say(jury.judges[0])
    assert refused(meeting_actions.take_back, note=note, by=jury.chair, at=NOW).status == 403
    meeting_actions.take_back(note=note, by=jury.judges[0], at=NOW)
    note.refresh_from_db()
    assert (note.text, note.taken_back_at) == ("", NOW)
    assert list(meeting_queries.notes_of(jury.meeting, None)) == []


def test_a_judge_who_is_no_member_and_one_off_the_jury_do_not_speak(jury: Jury) -> None:
    stranger = make_member(jury.edition, Role.JUDGE, "Stranger")
    assert refused(jury.say, by=stranger).status == 403
    jury.edition.memberships.filter(user=jury.judges[0].user).delete()
    gone = actor_of(User.objects.get(pk=jury.judges[0].id))
    assert refused(jury.say, by=gone).status == 403
    vote = jury.ask()
    assert refused(jury.cast, vote=vote, by=gone, order=jury.films).status == 403


# --- leaving the room


def test_who_leaves_the_room_reads_says_and_votes_nothing_of_the_film(jury: Jury) -> None:
    judge, film = jury.judges[0], jury.films[0]
    jury.say(jury.judges[1], film=film)
    vote = jury.ask()
    jury.cast(vote, judge, jury.films)
    jury.aside(judge, film)
    out = meeting_queries.outside_of(jury.meeting, judge.id)
    assert out == {film.pk}
    row = meeting_queries.films_of(jury.meeting, out=out)[0]
    assert (row.outside, row.row, row.notes) == (True, None, 0)
    assert refused(jury.say, by=judge, film=film).code == "outside"
    assert not BallotLine.objects.filter(ballot__juror=judge.user, entry=film).exists()
    assert refused(jury.cast, vote=vote, by=judge, order=jury.films, revision=1).status == 409
    jury.cast(vote, judge, jury.films[1:], revision=1)
    conflict = Conflict.objects.get(judge=judge.user)
    assert (conflict.source, conflict.state, conflict.entry) == ("recused", "confirmed", film)


def test_a_dismissed_conflict_holds_again_once_the_judge_leaves_the_room(jury: Jury) -> None:
    judge, film = jury.judges[0], jury.films[0]
    jury.aside(judge, film)
    Conflict.objects.update(state="dismissed", decided_at=NOW, decided_by=jury.chair.user)
    assert meeting_queries.outside_of(jury.meeting, judge.id) == set()
    jury.aside(judge, film)
    assert meeting_queries.outside_of(jury.meeting, judge.id) == {film.pk}


def test_a_film_of_ones_own_is_never_talked_about_in_ones_presence() -> None:
    jury = Jury()
    Entry.objects.filter(pk=jury.films[2].pk).update(entrant=jury.judges[1].user)
    assert meeting_queries.outside_of(jury.meeting, jury.judges[1].id) == {jury.films[2].pk}


# --- votes


def test_a_vote_is_cast_changed_counted_and_replayed(jury: Jury) -> None:
    vote = jury.ask(seats=2)
    one, two, three, *_rest = jury.films
    jury.cast(vote, jury.judges[0], [two, one, three])
    jury.cast(vote, jury.judges[0], [one, two, three], revision=1)
    jury.cast(vote, jury.judges[1], [two, one])
    jury.cast(vote, jury.judges[2], [one, two])
    closed = vote_actions.close_vote(vote=vote, by=jury.chair, at=NOW)
    assert (closed.state, closed.result["cast"], closed.result["chosen"]) == (
        "closed", 3, ["FILM001", "FILM002"],
    )  # fmt: skip
    assert vote_actions.replay(closed)
    assert "juror" not in str(closed.inputs) and str(jury.judges[0].id) not in closed.inputs
    letters = Notice.objects.filter(kind="meeting_vote")
    assert sorted(letters.values_list("user__name", flat=True)) == ["Judge A", "Judge B", "Judge C"]


def test_two_tabs_cannot_overwrite_each_other(jury: Jury) -> None:
    vote = jury.ask()
    jury.cast(vote, jury.judges[0], jury.films)
    assert refused(jury.cast, vote=vote, by=jury.judges[0], order=jury.films[::-1]).status == 409
    jury.cast(vote, jury.judges[0], jury.films[::-1], revision=1)
    assert refused(jury.cast, vote=vote, by=jury.judges[0], order=jury.films, revision=1).status == 409


def test_a_ballot_that_comes_late_is_refused_and_the_member_told(jury: Jury) -> None:
    vote = jury.ask()
    late = refused(jury.cast, vote=vote, by=jury.judges[0], order=jury.films, at=NOW + HOUR)
    assert late.code == "closed"
    vote_actions.close_vote(vote=vote, by=jury.chair, at=NOW)
    assert refused(jury.cast, vote=vote, by=jury.judges[0], order=jury.films).code == "closed"
    assert Ballot.objects.count() == 0


def test_a_vote_closes_by_itself_once(jury: Jury) -> None:
    vote = jury.ask()
    jury.cast(vote, jury.judges[0], jury.films)
    assert vote_actions.close_due(at=NOW) == 0
    assert vote_actions.close_due(at=NOW + HOUR) == 1
    assert vote_actions.close_due(at=NOW + HOUR) == 0
    vote.refresh_from_db()
    assert vote.result == {"cast": 1, "valid": False, "rows": [], "chosen": [], "tied": []}
    assert MeetingStep.objects.get(kind="vote_closed").by is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": "  "}, "text"),
        ({"films": []}, "films"),
        ({"films": [999_999]}, "films"),
        ({"kind": "loudest"}, "kind"),
        ({"seats": 6}, "seats"),
        ({"seats": 0}, "seats"),
        ({"quorum": 4}, "quorum"),
        ({"closes_at": NOW}, "closes"),
    ],
)
def test_a_vote_that_makes_no_sense_is_not_opened(jury: Jury, given: dict, code: str) -> None:
    assert refused(jury.ask, **given).code == code
    assert Vote.objects.count() == 0


def test_a_withdrawn_film_takes_no_seat(jury: Jury) -> None:
    vote = jury.ask()
    for judge in jury.judges:
        jury.cast(vote, judge, jury.films)
    Entry.objects.filter(pk=jury.films[0].pk).update(state="withdrawn")
    closed = vote_actions.close_vote(vote=vote, by=jury.chair, at=NOW)
    assert closed.result["chosen"] == ["FILM002"]


def test_the_result_goes_into_the_cut_with_the_vote_as_reason(jury: Jury) -> None:
    vote = jury.ask(films=[film.pk for film in jury.films[2:5]], seats=1)
    for judge in jury.judges:
        jury.cast(vote, judge, [jury.films[4], jury.films[2]])
    given = {"vote": vote, "by": jury.chair, "at": NOW}
    assert refused(vote_actions.take_into_cut, **given).status == 409  # open still
    vote_actions.close_vote(**given)
    assert refused(vote_actions.take_into_cut, **given).status == 409  # no cut
    cut = cut_actions.make_cut(round=jury.round, by=jury.chair, at=NOW, kind="nominated", value=8)
    assert vote_actions.take_into_cut(**given) == 2
    assert vote_actions.take_into_cut(**given) == 0
    rows = {row.entry.code: (row.reason, row.why) for row in cut_queries.rows_of(cut)}
    why = "Vote of the jury: Which film gets the main prize?"
    assert rows == {
        "FILM001": ("by_rule", ""),
        "FILM002": ("by_rule", ""),
        "FILM003": ("removed_by_chair", why),
        "FILM005": ("added_by_chair", why),
    }


def test_a_tie_is_not_taken_into_the_cut(jury: Jury) -> None:
    vote = jury.ask(films=[film.pk for film in jury.films[:2]])
    jury.cast(vote, jury.judges[0], jury.films[:2])
    jury.cast(vote, jury.judges[1], jury.films[1::-1])
    closed = vote_actions.close_vote(vote=vote, by=jury.chair, at=NOW)
    assert (closed.result["chosen"], closed.result["tied"]) == ([], ["FILM001", "FILM002"])
    cut_actions.make_cut(round=jury.round, by=jury.chair, at=NOW, kind="nominated", value=8)
    assert refused(vote_actions.take_into_cut, vote=closed, by=jury.chair, at=NOW).status == 409


# --- the end


def test_closing_fixes_the_minutes(jury: Jury) -> None:
    vote = jury.ask()
    jury.say(jury.judges[0], film=jury.films[0])
    jury.say(jury.chair, "Film 1 gets it.", decision=True)
    meeting_actions.mark_present(meeting=jury.meeting, by=jury.judges[0], at=NOW)
    assert (
        refused(meeting_actions.close_meeting, meeting=jury.meeting, by=jury.chair, at=NOW).code
        == "vote_open"
    )
    vote_actions.close_vote(vote=vote, by=SYSTEM, at=NOW)
    closed = meeting_actions.close_meeting(meeting=jury.meeting, by=jury.chair, at=NOW)
    assert digest_of(Meeting.objects.get(pk=closed.pk)) == closed.minutes_digest
    for call in (
        lambda: jury.say(jury.judges[0]),
        lambda: jury.ask(),
        lambda: jury.aside(jury.judges[0], jury.films[0]),
        lambda: meeting_actions.move_film(
            meeting=jury.meeting, entry_id=jury.films[0].pk, to=3, by=jury.chair, at=NOW
        ),
    ):
        assert refused(call).code == "closed"
    MeetingNote.objects.filter(decision=True).update(text="Film 2 gets it.")
    assert digest_of(Meeting.objects.get(pk=closed.pk)) != closed.minutes_digest


def test_who_was_there_is_known_from_pages_that_were_open(jury: Jury) -> None:
    judge = jury.judges[0]
    for seconds in (0, 5, 20, 40):
        meeting_actions.mark_present(meeting=jury.meeting, by=judge, at=NOW + timedelta(seconds=seconds))
    row = jury.meeting.members.get(user=judge.user)
    assert (row.first_seen_at, row.last_seen_at) == (NOW, NOW + timedelta(seconds=40))
    here = {str(row.user): is_here for row, is_here in meeting_queries.present(jury.meeting, NOW + HOUR)}
    assert here == {"Judge A": False, "Judge B": False, "Judge C": False}


def test_a_vote_on_the_films_tied_at_the_line_is_the_ballot_of_the_tie_rule() -> None:
    jury = Jury(tied=3)  # the second, third and fourth share a place
    cut = cut_actions.make_cut(round=jury.round, by=jury.chair, at=NOW, kind="count", value=2)
    tied = jury.films[1:4]
    vote = jury.ask(films=[film.pk for film in tied], seats=1)
    for judge in jury.judges:
        jury.cast(vote, judge, [tied[2], tied[0]])
    vote_actions.close_vote(vote=vote, by=jury.chair, at=NOW)
    assert vote_actions.take_into_cut(vote=vote, by=jury.chair, at=NOW) == 3
    assert {row.entry.code: row.reason for row in cut_queries.rows_of(cut)} == {
        "FILM001": "by_rule",
        "FILM004": "tie_won",
        "FILM002": "tie_lost",
        "FILM003": "tie_lost",
    }


def test_a_round_whose_scores_a_meeting_has_read_is_not_reopened(jury: Jury) -> None:
    Round.objects.filter(pk=jury.round.pk).update(gate="score")
    jury.round.refresh_from_db()
    given = {
        "round": jury.round,
        "entries": jury.films[:1],
        "reason": "Too close.",
        "by": jury.chair,
        "at": NOW,
    }
    assert refused(further_actions.reopen_for_looks, **given).code == "meeting"


def test_members_are_told_when_and_where_in_their_language() -> None:
    jury = Jury(opened=False)
    User.objects.filter(pk=jury.judges[0].id).update(language="zh-hans")
    start = datetime(2027, 3, 1, 12, tzinfo=UTC)
    Meeting.objects.update(starts_at=start, until=start + 48 * HOUR, place="https://meet.example/jury")
    jury.meeting.refresh_from_db()
    given = {"meeting": jury.meeting, "by": jury.chair}
    assert meeting_plan_actions.tell_members(at=NOW, **given) == 3
    assert refused(meeting_plan_actions.tell_members, at=start, **given).status == 400
    notice = Notice.objects.get(kind="meeting_planned", user=jury.judges[1].user)
    with translation.override("en"):
        words = render(notice)
    assert "1 March 2027, 12:00" in words.subject
    assert "https://meet.example/jury" in words.body
    assert "3 March 2027, 12:00" in words.body
    with translation.override("zh-hans"):
        assert "终评会" in render(notice).subject


@pytest.mark.parametrize("where", ["round", "meeting"])
def test_a_page_made_before_the_last_vote_shows_that_vote_and_overwrites_nothing(
    where: str, client: Client
) -> None:
    jury = Jury()
    judge, (one, two, *_rest) = jury.judges[0], jury.films
    client.force_login(judge.user)
    if where == "meeting":
        vote = jury.ask(kind="points")
        path = f"/{jury.edition.slug}/meeting/{jury.meeting.pk}/vote/{vote.pk}/"
    else:
        round = make_round(jury.edition, "ballot", gate="ballot", ballot="points", opened_at=NOW, position=5)
        round.films.set(jury.films)
        path = f"/{jury.edition.slug}/jury/ballot/ballot/"
    assert client.post(path, {"revision": 0, f"film-{one.pk}": "9"}).status_code == 302
    old = client.post(path, {"revision": 0, f"film-{two.pk}": "7"})
    assert old.status_code == 409
    page = old.content.decode()
    assert f'name="film-{one.pk}" min="0" max="10" step="1" value="9"' in page
    assert f'name="film-{two.pk}" min="0" max="10" step="1" value="0"' in page
    assert 'name="revision" value="1"' in page
    assert dict(BallotLine.objects.values_list("entry_id", "value"))[one.pk] == 9


# --- pages that do not apply: looked at too early, too late, or twice


def _at(jury: Jury, *parts: str) -> str:
    return f"/{jury.edition.slug}/meeting/{jury.meeting.pk}/" + "".join(f"{part}/" for part in parts)


@pytest.mark.parametrize("state", ["planned", "closed"])
@pytest.mark.parametrize("parts", [("ask",), ("motion",), ("close",), ("film", "FILM002", "aside")])
def test_a_form_for_an_open_meeting_leads_to_the_meeting_when_it_is_not(
    jury: Jury, client: Client, state: str, parts: tuple[str, ...]
) -> None:
    client.force_login((jury.judges[0] if parts[0] == "film" else jury.chair).user)
    assert client.get(_at(jury, *parts)).status_code == 200
    times = {"opened_at": None} if state == "planned" else {"closed_at": NOW, "closed_by": jury.chair.user}
    Meeting.objects.update(state=state, **times)
    answer = client.get(_at(jury, *parts))
    assert (answer.status_code, answer.headers.get("Location")) == (302, _at(jury))


def test_who_has_left_the_room_is_not_asked_to_leave_it_again(jury: Jury, client: Client) -> None:
    judge = jury.judges[0]
    jury.aside(judge, jury.films[1])
    client.force_login(judge.user)
    answer = client.get(_at(jury, "film", "FILM002", "aside"))
    assert answer.headers["Location"] == _at(jury, "film", "FILM002")


def test_who_cannot_close_the_meeting_is_led_to_the_vote_that_is_open(jury: Jury, client: Client) -> None:
    vote = jury.ask()
    client.force_login(jury.chair.user)
    assert _at(jury, "vote", str(vote.pk)) in client.get(_at(jury, "close")).content.decode()


def test_after_a_vote_without_a_quorum_the_same_films_are_voted_on_again(jury: Jury, client: Client) -> None:
    vote = jury.ask(films=[film.pk for film in jury.films[:2]])
    client.force_login(jury.chair.user)
    page = client.post(_at(jury, "vote", str(vote.pk), "close"), follow=True).content.decode()
    again = f"{_at(jury, 'ask')}?again={vote.pk}"
    assert again in page and "1 film is chosen" not in page
    chosen = client.get(again).context["form"].initial["films"]
    assert set(chosen) == {film.pk for film in jury.films[:2]}


def test_a_meeting_is_not_planned_with_a_quorum_it_can_never_have(jury: Jury, client: Client) -> None:
    client.force_login(make_member(jury.edition, Role.ORGANISER).user)
    given = {
        "name_en": "Second", "round": jury.round.pk, "starts_at": "2027-03-01T10:00", "until": "2027-03-02T10:00",
        "members": [judge.id for judge in jury.judges], "quorum": 4,
    }  # fmt: skip
    where = f"/{jury.edition.slug}/desk/meetings/new/"
    answer = client.post(where, given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["quorum"])
    assert client.post(where, given | {"quorum": 3}).status_code == 302
