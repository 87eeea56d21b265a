"""The pages of the audience's vote: who comes by a vote how, and that no number leaks from any of them."""

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.awards import audience_actions as actions
from festival.awards import audience_keys as keys
from festival.awards import audience_queries as queries
from festival.awards.models import AudienceBallot, AudiencePoll, AudienceStep
from festival.people.roles import Role
from tests.awards.audience import confirmed, make_poll, many, vote
from tests.factories import make_entry, make_member

pytestmark = pytest.mark.django_db
PAGE = "/spring/vote/audience/"
DESK = "/spring/desk/audience/audience/"


def running(**rules):
    """A poll that is open now."""
    return make_poll(opens=timezone.now() - timedelta(hours=2), **rules)


def closed(poll) -> None:
    AudiencePoll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(minutes=5))
    poll.refresh_from_db()


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_somebody_with_an_account_votes_and_changes_her_vote() -> None:
    poll, _organiser = running()
    client = login(confirmed())
    assert read(client, PAGE).count('type="radio"') == 3
    answer = client.post(PAGE, {"film": "A02"})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = read(client, PAGE)
    assert "Your vote is counted" in page and re.search('value="A02" checked', page)
    client.post(PAGE, {"film": "A03"})
    assert queries.chosen_by(AudienceBallot.objects.get()) == ["A03"]
    answer = client.post(PAGE, {"film": ["A01", "A02"]})
    assert answer.status_code == 400 and "Choose one film only." in answer.content.decode()
    assert queries.chosen_by(AudienceBallot.objects.get()) == ["A03"]
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]
    closed(poll)
    assert "Voting is over" in read(client, PAGE)
    assert client.post(PAGE, {"film": "A01"}).status_code == 409


def test_a_stranger_reads_the_films_and_is_told_how_to_vote() -> None:
    poll, _organiser = running(by_mail=True, by_printed_code=True)
    page = read(Client(), PAGE)
    assert 'type="radio"' not in page and "Film 1" in page
    assert "/accounts/login/?next=/spring/vote/audience/" in page and f"{PAGE}mail/" in page
    assert Client().post(PAGE, {"film": "A01"}).status_code == 403
    AudiencePoll.objects.filter(pk=poll.pk).update(opens_at=timezone.now() + timedelta(hours=1))
    page = read(Client(), PAGE)
    assert "Voting begins on" in page and "Film 1" not in page  # which films are in it is told when it begins
    assert "Begins on" in read(Client(), "/spring/vote/")


def test_a_code_from_a_link_or_typed_in_votes_once_and_the_device_forgets_it() -> None:
    poll, organiser = running(by_account=False, by_printed_code=True)
    batch = actions.make_codes(poll=poll, label="Hall", count=2, by=organiser, at=timezone.now())
    (_one, first), (_two, second) = actions.codes_of(poll, batch)
    client = Client()
    answer = client.get(f"{PAGE}code/{first}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert AudienceBallot.objects.count() == 0  # a link that a program follows casts nothing
    client.post(PAGE, {"film": "A01"})
    client.post(f"{PAGE}leave/")
    assert "Your vote is counted" not in read(client, PAGE)
    client.post(f"{PAGE}code/", {"code": keys.shown_code(second).lower()})
    client.post(PAGE, {"film": "A02"})
    again = Client()
    again.get(f"{PAGE}code/{first}/")
    again.post(PAGE, {"film": "A03"})
    assert {row.serial: queries.chosen_by(row) for row in AudienceBallot.objects.all()} == {
        1: ["A03"], 2: ["A02"],
    }  # fmt: skip
    answer = Client().post(f"{PAGE}code/", {"code": "WRONGWRONG"})
    assert answer.status_code == 400 and "There is no such code" in answer.content.decode()
    assert "There is no such code" in Client().get(f"{PAGE}code/WRONG/", follow=True).content.decode()


def test_a_letter_is_promised_alike_to_those_who_have_voted(mailoutbox) -> None:
    poll, _organiser = running(by_mail=True)
    vote(poll, "A01", user=confirmed(email="voted@example.org"), at=timezone.now())
    answers = [
        Client().post(f"{PAGE}mail/", {"email": email}, follow=True)
        for email in ("voted@example.org", "fresh@example.org")
    ]
    pages = [re.sub(r'value="[^"]*"|Film \d|A0\d', "", answer.content.decode()) for answer in answers]
    assert "under way" in pages[0] and len(pages[0]) == len(pages[1])
    assert Client().post(f"{PAGE}mail/", {"email": "nonsense"}).status_code == 400


def test_the_desk_prepares_a_vote_prints_codes_and_counts() -> None:
    poll, organiser = running(by_printed_code=True)
    client = login(organiser.user)
    assert "The audience’s vote" in read(client, "/spring/desk/audience/")
    client.post(f"{DESK}codes/", {"label": "Friday, Hall One", "count": 12})
    sheet = read(client, f"{DESK}codes/1/")
    assert sheet.count('shape-rendering="crispEdges"') == 12 and "style=" not in sheet
    answer = client.get(f"{DESK}codes/1.csv")
    table = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(table.splitlines()))
    assert rows[0] == ["number", "code", "address"] and len(rows) == 13
    assert rows[1][1] in sheet and rows[1][2].endswith(f"{PAGE}code/{keys.plain_code(rows[1][1])}/")
    assert AudienceStep.objects.filter(kind="taken").count() == 2
    many(poll, "A01", 30, at=timezone.now())
    many(poll, "A02", 10, at=timezone.now())
    assert client.post(f"{DESK}count/").status_code == 409
    closed(poll)
    assert client.post(f"{DESK}count/").status_code == 302
    page = read(client, DESK)
    assert "Count no. 1" in page and re.search(r"Film 1.*?>30<", page, re.S)
    client.post(f"{DESK}settle/")
    assert "Settled" in read(client, DESK) and client.get(f"{DESK}codes/1/").status_code == 409


def test_marks_are_set_aside_on_the_page_and_it_asks_no_more_for_more() -> None:
    poll, organiser = running(films=4)
    for number in range(30):
        vote(poll, f"A0{1 + number % 3}", at=poll.opens_at + timedelta(minutes=number * 4))
    many(poll, "A04", 30, at=poll.opens_at + timedelta(minutes=50))
    closed(poll)
    client = login(organiser.user)
    (mark,) = [row.mark for row in queries.marked(poll, queries.as_values(poll)) if row.mark.kind == "burst"]
    assert "Many within minutes" in read(client, DESK)
    fields = {"kind": mark.kind, "key": mark.key}
    assert client.post(f"{DESK}aside/", fields).status_code == 400
    counts = []
    for _turn in range(2):
        client.post(f"{DESK}aside/", fields | {"reason": "One hand."})
        with CaptureQueriesContext(connection) as asked:
            assert "One hand." in read(client, DESK)
        counts.append(len(asked))
        client.post(f"{DESK}aside/{poll.asides.last().pk}/lift/")
        many(poll, "A04", 3, at=poll.opens_at + timedelta(minutes=51))
    assert counts[0] == counts[1]
    assert (
        client.post(f"{DESK}aside/", {"kind": "burst", "key": "A01:1-2", "reason": "So."}).status_code == 409
    )


def test_the_form_of_a_vote_makes_one_and_says_what_is_wrong() -> None:
    poll, organiser = running()
    client = login(organiser.user)
    films = [film.code for film in poll.films.all()]
    other = "/spring/desk/audience/other/settings/"
    poll.slot.edition.award_slots.create(slug="other", name={"en": "Other"}, tier="special")
    fields = {
        "films": films, "choices": 1, "by_account": "on", "network_limit": 60,
        "opens_at": "2190-05-01T10:00", "closes_at": "2190-05-02T10:00",
    }  # fmt: skip
    assert client.post(other, fields | {"closes_at": "2190-04-02T10:00"}).status_code == 400
    assert client.post(other, fields | {"films": films[:1]}).status_code == 400
    assert client.post(other, fields).status_code == 302
    made = AudiencePoll.objects.get(slot__slug="other")
    assert (made.films.count(), made.by_mail, made.choices) == (3, False, 1)
    assert client.post("/spring/desk/audience/audience/settings/", fields).status_code == 409


@pytest.mark.parametrize("who", ["stranger", "account", "entrant", "judge", "chair", "voter"])
@pytest.mark.parametrize("over", [False, True])
def test_nobody_but_the_organiser_learns_a_number(who: str, over: bool) -> None:
    poll, organiser = running()
    edition = poll.slot.edition
    many(poll, "A02", 37, at=timezone.now())
    people = {
        "account": confirmed,
        "entrant": lambda: make_entry(edition, entrant=confirmed()).entrant,
        "judge": lambda: make_member(edition, Role.JUDGE).user,
        "chair": lambda: make_member(edition, Role.CHAIR).user,
        "voter": lambda: vote(poll, "A02", at=timezone.now()).user,
    }
    client = login(people[who]()) if who in people else Client()
    if over:
        closed(poll)
        actions.count(poll=poll, by=organiser, at=timezone.now())
    addresses = [
        PAGE, "/spring/vote/", "/spring/", "/", "/spring/laureates/", "/spring/laureates/en.rss", "/spring/notice/",
        "/spring/rules/", "/spring/programme/", *(f"/spring/films/A0{number}/" for number in (1, 2, 3)),
    ]  # fmt: skip
    for address in addresses:
        text = re.sub(
            r'csrf\w*" value="\w+"|<svg.*?</svg>|\d\d:\d\d(:\d\d)?|\.\w{12}\.', "", read(client, address)
        )
        assert not re.search(r"\b3[78]\b", text), address
    for name in ("", "settings/", "codes/1/", "codes/1.csv"):
        assert client.get(f"{DESK}{name}").status_code in (302, 403), name
    for name in ("count/", "aside/", "settle/"):
        assert client.post(f"{DESK}{name}").status_code in (302, 403), name
    pages = [read(client, f"/spring/films/A0{number}/") for number in (1, 2)]
    same = [re.sub(r'Film \d|A0\d|value="\w+"', "", text) for text in pages]
    assert same[0] == same[1]


def test_while_people_vote_the_desk_sees_no_number_by_film_either() -> None:
    poll, organiser = running()
    many(poll, "A02", 37, at=timezone.now())
    page = read(login(organiser.user), DESK)
    assert ">37 <" in page and "Film 2" not in page and "Marks" not in page


def test_a_slot_that_others_decide_says_that_the_audience_advises() -> None:
    poll, organiser = running()
    client = login(organiser.user)
    assert queries.decides(poll.slot) and "The audience decides over this award." in read(client, DESK)
    poll.slot.decided_by = "standing"
    poll.slot.save()
    assert not queries.decides(poll.slot) and "does not decide" in read(client, DESK)
