"""The audience's vote: one for each person, changed until it closes, limited by the hour, counted and replayed."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from festival.awards import audience_actions as actions
from festival.awards import audience_keys as keys
from festival.awards import audience_letters, audience_limits
from festival.awards import audience_queries as queries
from festival.awards import audience_voting as voting
from festival.awards.models import (
    AudienceBallot,
    AudienceChoice,
    AudienceCode,
    AudiencePoll,
    AudienceTry,
)
from festival.kit.errors import Refused
from festival.people.actor import STRANGER, actor_of
from tests.awards.audience import AFTER, CLOSES, DURING, OPENS, confirmed, make_poll, vote
from tests.factories import make_co_author, make_entry, make_user
from tests.racing import together
from tests.shows import make_film, make_slot

pytestmark = pytest.mark.django_db


def refused(doing, *args, **options) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        doing(*args, **options)
    return caught.value.status, caught.value.code


def printed(poll, organiser, count=3, at=OPENS):
    batch = actions.make_codes(poll=poll, label="Hall One", count=count, by=organiser, at=at)
    texts = [code for _serial, code in actions.codes_of(poll, batch)]
    return [voting.find_code(poll=poll, text=text, network="", at=DURING) for text in texts]


def mailed(poll, email, at=DURING):
    voting.ask_for_code(poll=poll, email=email, language="en", network="", at=at)
    return AudienceCode.objects.get(poll=poll, holder=keys.holder_of(poll, email))


# --- Who votes, and how often ---------------------------------------------------------------------------------


def test_a_vote_can_be_changed_until_the_poll_closes_and_is_one() -> None:
    poll, _organiser = make_poll()
    user = confirmed()
    assert refused(vote, poll, "A01", user=user, at=OPENS - timedelta(seconds=1)) == (409, "early")
    vote(poll, "A01", user=user, at=OPENS)
    ballot = vote(poll, "A02", user=user)
    assert queries.chosen_by(ballot) == ["A02"]
    assert (AudienceBallot.objects.count(), AudienceChoice.objects.count(), ballot.changes) == (1, 1, 1)
    assert (ballot.cast_at, ballot.voted_at) == (OPENS, DURING)
    assert refused(vote, poll, "A03", user=user, at=CLOSES) == (409, "over")
    assert queries.chosen_by(ballot) == ["A02"]


def test_choices_are_those_of_the_poll() -> None:
    poll, _organiser = make_poll(films=4, choices=2)
    other = make_film(poll.slot.edition, code="OTHER", published_at=OPENS)
    assert refused(vote, poll) == (400, "none")
    assert refused(vote, poll, "A01", "A02", "A03") == (400, "many")
    assert refused(vote, poll, "A01", other.code) == (400, "film")
    assert sorted(queries.chosen_by(vote(poll, "A02", "A01", "A02"))) == ["A01", "A02"]


def test_only_confirmed_accounts_and_codes_vote() -> None:
    poll, _organiser = make_poll()
    assert refused(vote, poll, "A01", user=make_user()) == (403, "address")
    stranger = voting.Voter(STRANGER, "")
    assert refused(voting.cast, poll=poll, voter=stranger, films=["A01"], at=DURING) == (403, "log_in")
    assert AudienceBallot.objects.count() == 0
    AudiencePoll.objects.filter(pk=poll.pk).update(by_account=False, by_printed_code=True)
    poll.refresh_from_db()
    assert refused(vote, poll, "A01") == (403, "code")


def test_the_same_mailbox_under_many_names_has_one_vote() -> None:
    poll, _organiser = make_poll(by_mail=True)
    vote(poll, "A01", user=confirmed(email="mira.castellan@gmail.com"))
    for email in ("miracastellan+two@gmail.com", "Mira.Castellan@googlemail.com"):
        assert refused(vote, poll, "A02", user=confirmed(email=email)) == (409, "voted")
    assert refused(vote, poll, "A02", code=mailed(poll, "m.i.r.a.castellan@gmail.com")) == (409, "voted")
    vote(poll, "A02", user=confirmed(email="mira.castellan@example.org"))
    vote(
        poll, "A02", user=confirmed(email="miracastellan@example.org")
    )  # dots differ where they do elsewhere
    assert AudienceBallot.objects.count() == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a.b@gmail.com", "AB+x@GoogleMail.com", True),
        ("a_b@proton.me", "ab@pm.me", True),
        ("lin@me.com", "lin+x@icloud.com", True),
        ("a.b@qq.com", "ab@qq.com", False),
        ("+tag@example.org", "+other@example.org", False),
        ("林@例子.公司", "林+x@xn--fsqu00a.xn--55qx5d", True),
        ("a@example.org", "a@example.com", False),
    ],
)
def test_mailboxes(one: str, other: str, same: bool) -> None:
    assert (keys.mailbox(one) == keys.mailbox(other)) == same


def test_a_printed_code_is_good_for_one_vote_in_its_own_poll() -> None:
    poll, organiser = make_poll(by_printed_code=True)
    first, second, _third = printed(poll, organiser)
    vote(poll, "A01", code=first)
    ballot = vote(poll, "A02", code=first)
    assert AudienceBallot.objects.count() == 1
    assert (ballot.batch, ballot.serial, queries.chosen_by(ballot)) == (1, 1, ["A02"])
    text = keys.code_of(poll, "1:2")
    assert (
        voting.find_code(poll=poll, text=f" {keys.shown_code(text).lower()} ", network="", at=DURING)
        == second
    )
    assert keys.shown_code(text) == f"{text[:5]}-{text[5:]}"
    stored = set(AudienceCode.objects.values_list("digest", flat=True))
    assert text not in stored and keys.digest_of(poll, text) in stored


def test_who_has_voted_with_the_account_does_not_vote_with_a_code_as_well() -> None:
    poll, organiser = make_poll(by_printed_code=True)
    user = confirmed()
    vote(poll, "A01", user=user)
    first, second, _third = printed(poll, organiser)
    assert refused(vote, poll, "A02", user=user, code=first) == (409, "voted")
    other = confirmed()
    vote(poll, "A02", user=other, code=second)
    vote(poll, "A03", user=other)  # the same ballot: it is hers
    assert AudienceBallot.objects.filter(user=other).count() == 1
    assert AudienceBallot.objects.count() == 2


def test_makers_do_not_vote_for_their_own_films_unless_the_poll_lets_them() -> None:
    poll, _organiser = make_poll()
    entry = make_entry(poll.slot.edition, code="ENTRY22", entrant=confirmed())
    make_co_author(entry, helper := confirmed())
    poll.films.filter(code="A01").update(source="ENTRY22")
    for user in (entry.entrant, helper):
        assert refused(vote, poll, "A01", user=user) == (403, "own_film")
        vote(poll, "A02", user=user)
    AudiencePoll.objects.filter(pk=poll.pk).update(makers_may_vote=True)
    poll.refresh_from_db()
    assert queries.chosen_by(vote(poll, "A01", user=helper)) == ["A01"]


# --- Races and what the database refuses -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_votes_at_the_same_moment_are_one() -> None:
    poll, organiser = make_poll(by_printed_code=True)
    user = confirmed(email="racer@gmail.com")
    first, *_more = printed(poll, organiser)
    twin = confirmed(email="r.acer+2@gmail.com")
    answers = together(
        *(lambda film=film: vote(poll, film, user=user) for film in ("A01", "A02", "A03")),
        *(lambda film=film: vote(poll, film, code=first) for film in ("A01", "A02", "A03")),
    )
    assert [type(answer) for answer in answers] == [AudienceBallot] * 6
    assert AudienceBallot.objects.count() == AudienceChoice.objects.count() == 2
    AudienceBallot.objects.all().delete()
    answers = together(*(lambda one=one: vote(poll, "A01", user=one) for one in (user, twin)))
    assert sorted(type(answer).__name__ for answer in answers) == ["AudienceBallot", "Refused"]
    assert AudienceBallot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_letters_asked_for_at_the_same_moment_have_one_code() -> None:
    poll, _organiser = make_poll(by_mail=True)
    together(*(lambda: mailed(poll, "one@example.org") for _turn in range(3)))
    assert AudienceCode.objects.count() == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"user": True},
        {"holder": "h"},
        {"batch": 1, "serial": 1},
        {"code": True},
    ],
)
def test_the_database_takes_no_second_vote(columns) -> None:
    poll, organiser = make_poll(by_printed_code=True)
    values = dict(columns)
    if "user" in values:
        values["user"] = make_user()
    if "code" in values:
        values["code"] = printed(poll, organiser)[0]
    AudienceBallot.objects.create(poll=poll, cast_at=DURING, voted_at=DURING, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        AudienceBallot.objects.create(poll=poll, cast_at=DURING, voted_at=DURING, **values)
    # Settled ballots have none of these: many of them stand beside each other.
    for _turn in range(2):
        AudienceBallot.objects.create(poll=poll, cast_at=DURING, voted_at=DURING)


def test_the_database_refuses_polls_that_cannot_be() -> None:
    poll, _organiser = make_poll()
    for values in (
        {"closes_at": OPENS}, {"choices": 0}, {"by_account": False}, {"settled_at": AFTER},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            AudiencePoll.objects.filter(pk=poll.pk).update(**values)


# --- Limits ----------------------------------------------------------------------------------------------------


def test_changing_a_vote_all_the_time_is_refused_for_an_hour() -> None:
    poll, _organiser = make_poll()
    user = confirmed()
    for _turn in range(audience_limits.VOTES):
        vote(poll, "A01", user=user)
    assert refused(vote, poll, "A02", user=user) == (429, "rate")
    assert queries.chosen_by(AudienceBallot.objects.get()) == ["A01"]
    vote(poll, "A01")  # others are not concerned
    vote(poll, "A02", user=user, at=DURING + timedelta(hours=1))
    assert AudienceTry.objects.filter(kind="voter", at=DURING).count() == 1  # of the others; hers are gone


def test_a_network_has_so_many_new_votes_an_hour_but_printed_codes_are_free() -> None:
    poll, organiser = make_poll(network_limit=2, by_printed_code=True)
    home = keys.network_of(poll, "203.0.113.7")
    user = confirmed()
    vote(poll, "A01", user=user, network=home)
    vote(poll, "A01", network=home)
    assert refused(vote, poll, "A01", network=home) == (429, "rate")
    vote(poll, "A02", user=user, network=home)  # a change is not a new vote
    vote(poll, "A01", network=keys.network_of(poll, "203.0.114.7"))
    for code in printed(poll, organiser, 3):
        vote(poll, "A03", code=code, network=home)
    assert AudienceBallot.objects.count() == 6


def test_wrong_codes_and_letters_are_limited() -> None:
    poll, organiser = make_poll(by_mail=True, by_printed_code=True)
    printed(poll, organiser)
    for turn in range(audience_limits.MISSES):
        found = refused(voting.find_code, poll=poll, text=f"WRONG{turn}", network="n", at=DURING)
        assert found == (400, "no_such_code")
    right = keys.code_of(poll, "1:1")
    assert refused(voting.find_code, poll=poll, text=right, network="n", at=DURING) == (429, "rate")
    assert voting.find_code(poll=poll, text=right, network="other", at=DURING)
    for _turn in range(audience_limits.LETTERS):
        mailed(poll, "one@gmail.com")
    assert refused(mailed, poll, "o.n.e+more@gmail.com") == (429, "rate")
    mailed(poll, "two@gmail.com")


def test_networks_are_keyed_by_poll_and_never_kept_as_addresses() -> None:
    poll, _organiser = make_poll()
    home = keys.network_of(poll, "203.0.113.7")
    assert home == keys.network_of(poll, "203.0.113.250") != keys.network_of(poll, "203.0.114.7")
    assert home == keys.network_of(poll, "::ffff:203.0.113.9")
    assert keys.network_of(poll, "2001:db8::1") == keys.network_of(poll, "2001:db8::ffff:1")
    assert keys.network_of(poll, "nonsense") == ""
    other = AudiencePoll(pk=poll.pk, salt="another")
    assert keys.network_of(other, "203.0.113.7") != home
    assert re.fullmatch("[0-9a-f]{64}", home)


# --- Codes by mail ---------------------------------------------------------------------------------------------


def test_a_code_comes_by_mail_once_and_the_address_is_forgotten(
    mailoutbox, django_capture_on_commit_callbacks
) -> None:
    poll, _organiser = make_poll(by_mail=True)
    with django_capture_on_commit_callbacks(execute=True):
        code = mailed(poll, "mira@example.org")
        assert code.email == "mira@example.org"
    code.refresh_from_db()
    assert code.email == "" and code.holder == keys.holder_of(poll, "mira@example.org")
    (letter,) = mailoutbox
    assert letter.to == ["mira@example.org"]
    text = re.search(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$", letter.body, re.M)[0]
    assert f"/spring/vote/audience/code/{keys.plain_code(text)}/" in letter.body
    audience_letters.send(code.pk, code.number)
    assert len(mailoutbox) == 1
    found = voting.find_code(poll=poll, text=text, network="", at=DURING)
    assert found == code
    vote(poll, "A01", code=found)
    # A second letter has a new code; the first is void; both are the same ballot.
    with django_capture_on_commit_callbacks(execute=True):
        mailed(poll, "mira+again@example.org")
    assert refused(voting.find_code, poll=poll, text=text, network="", at=DURING) == (400, "no_such_code")
    newer = re.search(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$", mailoutbox[1].body, re.M)[0]
    vote(poll, "A02", code=voting.find_code(poll=poll, text=newer, network="", at=DURING))
    assert AudienceBallot.objects.count() == 1


def test_no_letters_where_the_poll_has_none() -> None:
    poll, _organiser = make_poll()
    with pytest.raises(Refused, match="no codes are sent"):
        mailed(poll, "mira@example.org")


# --- The poll --------------------------------------------------------------------------------------------------


def rules_of(poll, **changed):
    names = actions.Rules.__dataclass_fields__
    return actions.Rules(**{name: getattr(poll, name) for name in names} | changed)


def test_once_it_is_open_only_the_end_moves_and_never_back_from_over() -> None:
    poll, organiser = make_poll()
    films = list(poll.films.all())

    def change(at=DURING, films=films, **changed):
        return actions.set_poll(
            slot=poll.slot, rules=rules_of(poll, **changed), films=films, by=organiser, at=at
        )

    assert refused(change, choices=2) == (409, "open")
    assert refused(change, films=films[:2]) == (409, "open")
    assert refused(change, closes_at=DURING) == (400, "closes_at")
    later = CLOSES + timedelta(days=1)
    assert change(closes_at=later, network_limit=5).closes_at == later
    assert refused(change, at=later, closes_at=later + timedelta(days=1)) == (409, "over")
    assert [step.kind for step in poll.steps.all()] == ["made", "changed"]


def test_only_published_films_of_the_edition_and_only_organisers() -> None:
    poll, organiser = make_poll()
    edition = poll.slot.edition
    other = make_slot(edition, "other")
    hidden = make_film(edition)
    films = list(poll.films.all())
    at = OPENS - timedelta(days=1)
    given = {"slot": other, "rules": rules_of(poll), "at": at}
    assert refused(actions.set_poll, films=[*films, hidden], by=organiser, **given) == (400, "films")
    assert refused(actions.set_poll, films=films[:1], by=organiser, **given) == (400, "films")
    assert refused(actions.set_poll, films=films, by=actor_of(make_user()), **given)[0] == 403
    given["rules"] = rules_of(poll, by_account=False)
    assert refused(actions.set_poll, films=films, by=organiser, **given) == (400, "by_account")


def test_the_order_of_the_films_is_each_voters_own_and_stays() -> None:
    poll, _organiser = make_poll(films=8)
    orders = {voter: [film.code for film in queries.offered(poll, voter)] for voter in map(str, range(40))}
    assert orders["7"] == [film.code for film in queries.offered(poll, "7")]
    assert all(sorted(order) == sorted(orders["0"]) for order in orders.values())
    # Of 40,320 orders two of forty voters have the same now and then.
    assert len({tuple(order) for order in orders.values()}) > 35
    firsts = [order[0] for order in orders.values()]
    assert max(firsts.count(code) for code in firsts) < 16


# --- Count, marks, end -----------------------------------------------------------------------------------------


def filled():
    """Thirty votes of all kinds and 20 of one network for A04."""
    poll, organiser = make_poll(films=4, by_printed_code=True, network_limit=1000)
    for number in range(36):
        at = OPENS + timedelta(hours=number)
        vote(poll, f"A0{1 + number % 3}", network=keys.network_of(poll, f"10.{number}.0.1"), at=at)
    home = keys.network_of(poll, "203.0.113.7")
    for number in range(20):
        vote(poll, "A04", network=home, at=OPENS + timedelta(hours=number * 5))
    for code in printed(poll, organiser, 4):
        vote(poll, "A01", code=code)
    return poll, organiser


def test_marked_votes_are_set_aside_with_a_reason_and_counted_again() -> None:
    poll, organiser = filled()
    assert refused(actions.count, poll=poll, by=organiser, at=CLOSES) == (409, "open")
    assert queries.standing(poll.slot) == []
    actions.count(poll=poll, by=organiser, at=AFTER)
    assert [(row.film, row.rank, row.votes) for row in queries.standing(poll.slot)] == [
        ("A04", 1, 20), ("A01", 2, 16), ("A02", 3, 12), ("A03", 3, 12),
    ]  # fmt: skip
    found = queries.marked(poll, queries.as_values(poll))
    (mark,) = [one.mark for one in found if one.mark.kind == "network"]
    assert (mark.film, len(mark.votes), mark.size) == ("A04", 20, 20)
    given = {"poll": poll, "kind": "network", "key": mark.key, "by": organiser, "at": AFTER}
    assert refused(actions.set_aside, reason=" ", **given) == (400, "reason")
    result = actions.set_aside(reason="One household.", **given)
    assert refused(actions.set_aside, reason="Again.", **given) == (409, "already")
    assert [(row.film, row.rank) for row in queries.standing(poll.slot)] == [
        ("A01", 1),
        ("A02", 2),
        ("A03", 2),
    ]
    assert [row for row in result.rows if row["film"] == "A04"] == [
        {"film": "A04", "entry": "", "rank": 4, "votes": 0, "rank_all": 1, "votes_all": 20}
    ]
    again = actions.lift(aside=poll.asides.get(), by=organiser, at=AFTER)
    assert queries.standing(poll.slot)[0].film == "A04"
    assert (result.inputs_digest, again.number) == (again.inputs_digest, 3)
    kinds = [step.kind for step in poll.steps.all()]
    assert kinds == ["made", "codes", "counted", "aside", "counted", "lifted", "counted"]


def test_settled_votes_tell_nobody_and_count_to_the_same() -> None:
    poll, organiser = filled()
    assert refused(actions.settle, poll=poll, by=organiser, at=AFTER) == (409, "count")
    actions.count(poll=poll, by=organiser, at=AFTER)
    mark = next(
        one.mark for one in queries.marked(poll, queries.as_values(poll)) if one.mark.kind == "network"
    )
    actions.set_aside(poll=poll, kind="network", key=mark.key, reason="One.", by=organiser, at=AFTER)
    before = queries.marked(poll, queries.as_values(poll))
    results = list(poll.results.all())
    actions.settle(poll=poll, by=organiser, at=AFTER)
    poll.refresh_from_db()
    rows = AudienceBallot.objects.filter(poll=poll)
    assert not rows.exclude(user=None, code=None, holder="").exists()
    assert max(len(row.network) for row in rows) <= 2 and not AudienceTry.objects.exists()
    assert (poll.salt, AudienceCode.objects.count()) == ("", 0)
    assert [queries.replays(row) for row in results] == [True, True]
    assert queries.marked(poll, queries.as_values(poll)) == before
    for doing in (actions.count, actions.settle):
        assert refused(doing, poll=poll, by=organiser, at=AFTER) == (409, "settled")
    AudienceChoice.objects.filter(film__code="A02").first().delete()
    assert [queries.replays(row) for row in results] == [False, False]


def test_only_organisers_count_and_set_aside() -> None:
    poll, _organiser = make_poll()
    somebody = actor_of(make_user())
    for doing in (actions.count, actions.settle):
        assert refused(doing, poll=poll, by=somebody, at=AFTER)[0] == 403


def test_counting_asks_the_same_number_of_questions_however_many_voted(django_assert_num_queries) -> None:
    poll, _organiser = make_poll()
    for size in (1, 5):
        for _turn in range(size):
            vote(poll, "A01")
        with django_assert_num_queries(3):
            queries.as_values(poll)
