"""Pages of cohorts, from the letter's link to an accepted delivery: what they say, and whom they refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.edition.actions import add_member
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions.cohorts import place_actions
from submissions.cohorts.links import token_of
from submissions.cohorts.models import CutNote, Delivery, Place, Promise, SupportLine
from submissions.models import Attachment, Upload
from tests.factories import make_attachment, make_edition, make_entry, make_inspection, make_user
from tests.submissions.cohorts.making import make_cohort, make_milestone, make_place

pytestmark = pytest.mark.django_db


def client_of(user=None):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def edition():
    return make_edition(owner=make_user("Olga"))


@pytest.fixture
def organiser(edition):
    user = make_user("Orson")
    add_member(edition=edition, user=user, role=Role.ORGANISER)
    return user


@pytest.fixture
def cohort(edition):
    row = make_cohort(edition, slug="seven", places=2)
    Promise.objects.create(cohort=row, kind="cash", amount=Decimal(20000), unit="CNY")
    return row


@pytest.fixture
def milestone(cohort):
    return make_milestone(
        cohort, ("cut", "film", True), ("words", "text", True), ("paper", "document", False),
        grant=Decimal(5000), grant_unit="CNY",
    )  # fmt: skip


def desk_url(cohort, name="cohort", **parts):
    return reverse(f"cohorts:{name}", kwargs={"edition": cohort.edition.slug, "cohort": cohort.slug} | parts)


def invite(client, cohort, people, **more):
    return client.post(desk_url(cohort), {"people": people, "language": "en", "note": ""} | more)


def test_lines_become_invitations_and_letters(
    cohort, organiser, mailoutbox, django_capture_on_commit_callbacks
):
    desk = client_of(organiser)
    with django_capture_on_commit_callbacks(execute=True):
        answer = invite(
            desk, cohort, "Ann Li <Ann@one.example>\n\nbob@two.example\nCy <cy@x.example>", at_once="1"
        )
    assert answer.status_code == 302
    rows = Place.objects.order_by("rank").values_list("name", "email", "state")
    assert list(rows) == [
        ("Ann Li", "ann@one.example", "offered"),
        ("", "bob@two.example", "offered"),
        ("Cy", "cy@x.example", "waiting"),
    ]
    assert [letter.to for letter in mailoutbox] == [["ann@one.example"], ["bob@two.example"]]
    text = desk.get(desk_url(cohort)).content.decode()
    assert "Cy" in text and "Take the invitation back" in text


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("", "Write whom you invite"),
        ("Ann", "There is no address in this line: Ann"),
        ("a@one.example\nAnn <a@one.example>", "This address stands here twice"),
        ("here@one.example", "This address is on the list already"),
    ],
)
def test_a_list_with_a_fault_invites_nobody(cohort, organiser, people, said):
    desk = client_of(organiser)
    invite(desk, cohort, "here@one.example")
    answer = invite(desk, cohort, f"new@one.example\n{people}" if people else "")
    assert answer.status_code in (400, 409)
    assert said in answer.content.decode()
    assert Place.objects.count() == 1


def offered(cohort, organiser, **fields):
    by = actor_of(organiser)
    place = place_actions.invite(
        cohort=cohort,
        email="ann@one.example",
        name="Ann Li",
        language="en",
        by=by,
        at=timezone.now(),
        **fields,
    )
    return place_actions.offer(place=place, by=by, at=timezone.now())


def link(place, name="place"):
    return reverse(f"cohorts:{name}", kwargs={"token": token_of(place)})


def test_the_link_says_what_is_offered_and_an_account_takes_it(cohort, organiser, milestone):
    place = offered(cohort, organiser)
    text = client_of().get(link(place)).content.decode()
    for said in (
        "Ann Li",
        "Seven directors",
        "20,000",
        "Rough cut",
        "5,000 CNY once it is accepted",
        "Log in",
    ):
        assert said in text, said
    assert client_of().post(link(place, "place_accept"), {"title": "Lamp"}).status_code == 302
    ann = client_of(make_user("Ann"))
    assert ann.post(link(place, "place_accept"), {"title": " "}).status_code == 400
    answer = ann.post(link(place, "place_accept"), {"title": "Lamp"})
    place.refresh_from_db()
    assert answer["Location"] == f"/entries/{place.entry.code}/milestones/"
    assert "Rough cut" in ann.get(answer["Location"]).content.decode()
    assert "This place was taken" in client_of().get(link(place)).content.decode()
    assert ann.post(link(place, "place_accept"), {"title": "Again"}).status_code == 409


def test_the_place_is_taken_with_an_entry_that_is_there(cohort, organiser):
    place, user = offered(cohort, organiser), make_user("Ann")
    mine = make_entry(cohort.edition, entrant=user, state="draft", title="Mine")
    theirs = make_entry(cohort.edition, state="draft")
    ann = client_of(user)
    assert "Mine" in ann.get(link(place)).content.decode()
    assert ann.post(link(place, "place_accept"), {"entry": theirs.code, "title": "X"}).status_code == 400
    ann.post(link(place, "place_accept"), {"entry": mine.code})
    place.refresh_from_db()
    assert place.entry == mine


def test_declining_needs_no_account(cohort, organiser):
    place = offered(cohort, organiser)
    answer = client_of().post(link(place, "place_decline"), {"reason": "No time"}, follow=True)
    assert (answer.status_code, "You have declined this place" in answer.content.decode()) == (200, True)
    place.refresh_from_db()
    assert (place.state, place.reason) == ("declined", "No time")
    assert "No time" in client_of(organiser).get(desk_url(cohort)).content.decode()


def test_links_that_are_over_say_so(cohort, organiser):
    place = offered(cohort, organiser)
    client_of(organiser).post(desk_url(cohort, "end", pk=place.pk), {"reason": "A mistake"})
    answer = client_of().get(link(place))
    assert (answer.status_code, "This offer was taken back" in answer.content.decode()) == (410, True)
    Place.objects.filter(pk=place.pk).update(state="offered", answer_by=timezone.now(), ended_at=None)
    answer = client_of().get(link(place))
    assert (answer.status_code, "The time to answer is over" in answer.content.decode()) == (410, True)
    assert client_of().post(link(place, "place_decline")).status_code == 410
    assert client_of().get(reverse("cohorts:place", kwargs={"token": "x" * 32})).status_code == 404


@pytest.fixture
def place(cohort, milestone):
    return make_place(cohort, make_entry(cohort.edition, title="Lamp"))


def team_url(place, name="milestone", **parts):
    return reverse(f"cohorts:{name}", kwargs={"code": place.entry.code} | parts)


def deliver(place, milestone, do="hand_in", **given):
    """Post the milestone's form as the entrant; `given` by the deliverables' addresses."""
    keys = {f"d{one.pk}": given.get(one.slug, "") for one in milestone.deliverables.all()}
    body = keys | {"message": given.get("message", ""), "do": do}
    return client_of(place.entry.entrant).post(team_url(place, pk=milestone.pk), body)


def test_a_team_keeps_hands_in_and_delivers_again(place, milestone, organiser):
    answer = deliver(place, milestone, words="The sea")
    assert answer.status_code == 400 and "This is missing: cut." in answer.content.decode()
    assert Delivery.objects.get().state == "open"
    version = make_inspection(place.entry).version
    assert deliver(place, milestone, "keep", cut=version.pk, words="", message="Soon").status_code == 302
    kept = Delivery.objects.get()
    assert [part.deliverable.slug for part in kept.parts.all()] == ["cut"]
    page = client_of(place.entry.entrant).get(team_url(place, pk=milestone.pk)).content.decode()
    assert "Soon" in page and "film.mp4" in page
    assert deliver(place, milestone, cut=version.pk, words="The sea", message="Look").status_code == 302
    desk = client_of(organiser)
    review = desk_url(place.cohort, "review", milestone=milestone.pk, pk=place.pk)
    text = desk.get(review).content.decode()
    assert "Look" in text and "The sea" in text and "<video" in text
    decide = desk_url(place.cohort, "decide", milestone=milestone.pk, pk=place.pk)
    assert desk.post(decide, {"number": 1, "answer": "changes", "text": ""}).status_code == 400
    assert desk.post(decide, {"number": 2, "answer": "accept"}).status_code == 409
    desk.post(decide, {"number": 1, "answer": "changes", "text": "Shorter"})
    text = client_of(place.entry.entrant).get(team_url(place, pk=milestone.pk)).content.decode()
    assert "Shorter" in text and "The next delivery" in text
    deliver(place, milestone, cut=version.pk, words="The lake")
    desk.post(decide, {"number": 2, "answer": "accept", "text": ""})
    assert list(Delivery.objects.order_by("number").values_list("state", flat=True)) == [
        "changes",
        "accepted",
    ]
    text = client_of(place.entry.entrant).get(team_url(place, "team")).content.decode()
    assert "5,000 CNY" in text and "Accepted" in text


def test_a_delivery_is_rejected_and_opened_again(place, milestone, organiser):
    version = make_inspection(place.entry, seconds=60).version
    deliver(place, milestone, cut=version.pk, words="The sea")
    desk, team = client_of(organiser), client_of(place.entry.entrant)
    where = {"milestone": milestone.pk, "pk": place.pk}
    decide, reopen = (desk_url(place.cohort, name, **where) for name in ("decide", "reopen"))
    assert desk.post(reopen, {"reason": "Too early"}).status_code == 409
    assert desk.post(decide, {"number": 1, "answer": "reject", "text": ""}).status_code == 400
    assert desk.post(decide, {"number": 1, "answer": "reject", "text": "Not yours"}).status_code == 302
    assert desk.post(decide, {"number": 1, "answer": "accept", "text": ""}).status_code == 409
    text = team.get(team_url(place, pk=milestone.pk)).content.decode()
    assert "Rejected" in text and "Not yours" in text and "The next delivery" not in text
    assert "5,000 CNY withheld" in team.get(team_url(place, "team")).content.decode()
    assert "Tranches that are withheld" in desk.get(desk_url(place.cohort, "support")).content.decode()
    past = {"reason": "It is yours", "again_by": "2020-01-01T23:59"}
    assert desk.post(reopen, past).status_code == 400
    assert desk.post(reopen, {"reason": ""}).status_code == 400
    assert desk.post(reopen, {"reason": "It is yours"}).status_code == 302
    text = team.get(team_url(place, pk=milestone.pk)).content.decode()
    assert "Opened again" in text and "It is yours" in text and "The next delivery" in text


def test_changes_with_a_date_say_it_to_the_team(place, milestone, organiser):
    version = make_inspection(place.entry, seconds=60).version
    deliver(place, milestone, cut=version.pk, words="The sea")
    desk = client_of(organiser)
    decide = desk_url(place.cohort, "decide", milestone=milestone.pk, pk=place.pk)
    day = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT23:59")
    sent = {"number": 1, "answer": "changes", "text": "Shorter", "again_by": day}
    assert desk.post(decide, sent | {"again_by": "2020-01-01T23:59"}).status_code == 400
    assert desk.post(decide, sent).status_code == 302
    text = client_of(place.entry.entrant).get(team_url(place, pk=milestone.pk)).content.decode()
    assert "Changes asked for: next version by" in text


def test_notes_go_to_and_fro(place, milestone, organiser):
    version = make_inspection(place.entry, seconds=60).version
    deliver(place, milestone, cut=version.pk, words="The sea")
    part = Delivery.objects.get().parts.get(version=version)
    desk, team = client_of(organiser), client_of(place.entry.entrant)
    to = desk_url(place.cohort, "desk_note", milestone=milestone.pk, pk=place.pk, part=part.pk)
    for moment in ("1:05", "one", "1:99", "-1"):
        assert desk.post(to, {"moment": moment, "text": "Too long"}).status_code == 400, moment
    assert desk.post(to, {"moment": "0:12.5", "text": "Too long"}).status_code == 302
    desk.post(to, {"moment": "", "text": "Fine on the whole"})
    note = CutNote.objects.get(seconds=Decimal("12.5"))
    text = team.get(team_url(place, pk=milestone.pk)).content.decode()
    assert 'data-at="12.500"' in text and "Too long" in text
    team.post(team_url(place, "note", pk=note.pk), {"do": "done"})
    team.post(team_url(place, "note", pk=note.pk), {"text": "Cut by two seconds"})
    note.refresh_from_db()
    assert note.done_at and note.replies.get().text == "Cut by two seconds"
    text = desk.get(desk_url(place.cohort, "review", milestone=milestone.pk, pk=place.pk)).content.decode()
    assert "dealt with" in text and "Cut by two seconds" in text
    gone = desk_url(place.cohort, "note_remove", milestone=milestone.pk, pk=place.pk, note=note.pk)
    assert desk.post(gone).status_code == 409
    other = client_of(make_user())
    assert other.post(team_url(place, "note", pk=note.pk), {"do": "undo"}).status_code == 404


def test_what_is_too_long_is_given_back(place, milestone, organiser):
    deliver(place, milestone, cut=make_inspection(place.entry).version.pk, words="x")
    part = Delivery.objects.get().parts.first()
    note = CutNote.objects.create(part=part, text="Shorter", by=organiser, at=timezone.now())
    team, long = client_of(place.entry.entrant), "long " * 801
    answer = team.post(
        reverse("cohorts:note", kwargs={"code": place.entry.code, "pk": note.pk}), {"text": long}
    )
    text = answer.content.decode()
    assert answer.status_code == 400 and "at most 4000 are taken" in text and long.strip() in text
    at_desk = desk_url(place.cohort, "desk_note", milestone=milestone.pk, pk=place.pk, part=part.pk)
    answer = client_of(organiser).post(at_desk, {"text": long, "answers": note.pk})
    text = answer.content.decode()
    assert answer.status_code == 400 and "at most 4000 are taken" in text and long.strip() in text
    assert CutNote.objects.count() == 1


def test_more_time_is_given_with_a_reason(place, milestone, organiser):
    desk = client_of(organiser)
    to = desk_url(place.cohort, "extend", milestone=milestone.pk, pk=place.pk)
    later = (timezone.now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    assert desk.post(to, {"until": later, "reason": ""}).status_code == 400
    assert desk.post(to, {"until": "2020-01-01T00:00", "reason": "Ill"}).status_code == 400
    assert desk.post(to, {"until": later, "reason": "The actor was ill"}).status_code == 302
    text = client_of(place.entry.entrant).get(team_url(place, pk=milestone.pk)).content.decode()
    assert "The actor was ill" in text


def test_files_for_a_milestone_are_taken_after_the_call(place, milestone, media):
    team = client_of(place.entry.entrant)
    wanted = milestone.deliverables.get(slug="paper")
    to = team_url(place, "send", pk=milestone.pk, wanted=wanted.pk)
    assert place.entry.state == "eligible"
    answer = team.post(to, {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")})
    assert (answer.status_code, answer["Location"]) == (302, team_url(place, pk=milestone.pk))
    file = Attachment.objects.get()
    assert (file.kind, file.upload.purpose) == ("delivery", f"delivery/{wanted.pk}")
    assert file.upload.expires_at <= place.cohort.ends_at
    assert "plan.pdf" in team.get(team_url(place, pk=milestone.pk)).content.decode()
    assert "plan.pdf" not in team.get(reverse("submissions:entry", args=[place.entry.code])).content.decode()
    film = milestone.deliverables.get(slug="cut")
    team.post(
        team_url(place, "send", pk=milestone.pk, wanted=film.pk),
        {"file": SimpleUploadedFile("cut.mp4", b"xx")},
    )
    assert place.entry.versions.get().filename == "cut.mp4"
    place.entry.refresh_from_db()
    assert place.entry.state == "eligible"


def test_nothing_is_taken_that_no_milestone_waits_for(place, milestone, media):
    team = client_of(place.entry.entrant)
    film = milestone.deliverables.get(slug="cut")
    to = team_url(place, "send", pk=milestone.pk, wanted=film.pk)

    def sends(to=to, by=team):
        return by.post(to, {"file": SimpleUploadedFile("cut.mp4", b"xx")}).status_code

    place.entry.events.create(kind="judging_began", at=timezone.now(), values={"round": "jury", "looks": 1})
    assert sends() == 409  # the jury has the film before it
    place.entry.events.create(kind="judging_ended", at=timezone.now(), values={"round": "jury"})
    words = milestone.deliverables.get(slug="words")
    assert sends(team_url(place, "send", pk=milestone.pk, wanted=words.pk)) == 404
    assert sends(by=client_of(make_user())) == 404
    deliver(place, milestone, cut=make_inspection(place.entry).version.pk, words="x")
    assert sends() == 409  # it is being reviewed
    Delivery.objects.update(state="changes", reviewed_at=timezone.now(), review="Again")
    Place.objects.update(state="left", ended_at=timezone.now())
    assert sends() == 409
    assert Upload.objects.filter(filename="cut.mp4").count() == 0


def test_a_delivered_file_stays(place, milestone, edition):
    paper = milestone.deliverables.get(slug="paper")
    place.entry.state = "draft"
    place.entry.submitted_at = None
    place.entry.save()
    file = make_attachment(place.entry, "delivery", form="pdf")
    Delivery.objects.create(
        place=place, milestone=milestone, number=1, created_at=timezone.now()
    ).parts.create(deliverable=paper, attachment=file)
    now = timezone.now()
    edition.phases.create(kind="call", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1))
    gone = reverse("submissions:file_remove", kwargs={"code": place.entry.code, "pk": file.pk})
    answer = client_of(place.entry.entrant).post(gone)
    assert (answer.status_code, "belongs to a delivery" in answer.content.decode()) == (409, True)
    assert Attachment.objects.filter(pk=file.pk).exists()


def test_the_ledger_is_written_and_read(place, milestone, organiser):
    desk = client_of(organiser)
    version = make_inspection(place.entry).version
    deliver(place, milestone, cut=version.pk, words="x")
    decide = desk_url(place.cohort, "decide", milestone=milestone.pk, pk=place.pk)
    desk.post(decide, {"number": 1, "answer": "accept", "text": ""})
    text = desk.get(desk_url(place.cohort, "support")).content.decode()
    assert "Tranches that are due" in text and "5,000 CNY" in text
    to = desk_url(place.cohort, "team_support", pk=place.pk)
    form = desk.get(f"{to}?milestone={milestone.pk}").content.decode()
    assert 'value="5000' in form
    line = {
        "side": "given",
        "kind": "cash",
        "amount": "5000",
        "unit": "CNY",
        "on": "2027-01-02",
        "milestone": milestone.pk,
    }
    assert desk.post(to, line | {"side": "promised"}).status_code == 400
    assert desk.post(to, line | {"amount": "-9000"}).status_code == 400
    refused = desk.post(to, line | {"unit": "yuan"})
    assert (refused.status_code, "no currency “yuan”" in refused.content.decode()) == (400, True)
    line |= {"amount": "５,000", "unit": "cny"}
    assert desk.post(to, line | {"reference": "=TRANSFER(1)"}).status_code == 302
    assert "Tranches that are due" not in desk.get(desk_url(place.cohort, "support")).content.decode()
    table = b"".join(desk.get(desk_url(place.cohort, "support_csv")).streaming_content).decode()
    assert "'=TRANSFER(1)" in table and len(table.splitlines()) == 3
    assert SupportLine.objects.filter(milestone=milestone).count() == 2
    text = client_of(place.entry.entrant).get(team_url(place, "team")).content.decode()
    assert "=TRANSFER(1)" in text


def test_the_table_of_teams_shows_who_waits_and_who_is_late(place, milestone, organiser, cohort):
    desk = client_of(organiser)
    deliver(place, milestone, cut=make_inspection(place.entry).version.pk, words="x")
    late = make_milestone(
        cohort, ("t", "text", True), due_at=timezone.now() - timedelta(days=1), name={"en": "Idea"}
    )
    text = desk.get(desk_url(cohort, "matrix")).content.decode()
    assert text.index("Waits for a review") < text.index("Teams and milestones")
    assert "Not handed in" in text and "Handed in" in text
    deliver(place, late, t="Late")
    assert 'badge--fix">late' in desk.get(desk_url(cohort, "matrix")).content.decode()
    home = desk.get(reverse("cohorts:desk", kwargs={"edition": cohort.edition.slug})).content.decode()
    assert "Idea" in home and "Seven directors" in home


def test_a_place_from_a_round_is_answered_on_the_entrys_page(edition):
    cohort = make_cohort(edition, source="final", slug="fifteen")
    place = make_place(cohort, state="offered")
    team = client_of(place.entry.entrant)
    page = team.get(reverse("submissions:entry", args=[place.entry.code])).content.decode()
    assert "To the milestones" in page and "Please answer by" in page and "Answer the offer" in page
    assert "Take the place" in team.get(team_url(place, "team")).content.decode()
    team.post(team_url(place, "answer", pk=place.pk), {"answer": "yes"})
    place.refresh_from_db()
    assert place.state == "accepted"
    assert team.post(team_url(place, "leave", pk=place.pk), {"reason": ""}).status_code == 400
    team.post(team_url(place, "leave", pk=place.pk), {"reason": "We moved"})
    place.refresh_from_db()
    assert (place.state, place.reason) == ("left", "We moved")


def test_whose_place_lapsed_reads_what_can_still_be_done(edition):
    place = make_place(make_cohort(edition, source="final"), state="lapsed")
    page = client_of(place.entry.entrant).get(team_url(place, "team")).content.decode()
    assert "Write to the organisers if you still want the place." in page


def test_the_navigation_has_teams_only_where_there_are_cohorts(edition, organiser):
    desk = client_of(organiser)
    front = reverse("judging:desk", args=[edition.slug])
    address = reverse("cohorts:desk", args=[edition.slug])
    assert address not in desk.get(front).content.decode()
    make_cohort(edition)
    assert address in desk.get(front).content.decode()
