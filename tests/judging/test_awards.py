"""The way of the award list: proposed, changed, confirmed, told, announced; and nothing seen before."""

import io
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from festival.awards.models import Laureate
from festival.catalogue.models import Film
from festival.edition.models import Track
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.post.models import Notice
from judging import award_actions as actions
from judging import award_queries as queries
from judging import award_steps as steps
from judging.models import AwardList
from submissions.catalogue import write_films
from submissions.credit_people import Person
from submissions.models import Event
from tests.factories import (
    make_co_author,
    make_credits,
    make_edition,
    make_entry,
    make_inspection,
    make_invitation,
    make_member,
    make_user,
)
from tests.shows import make_slot, make_standing

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition("spring")


@pytest.fixture
def animation(edition):
    return Track.objects.create(edition=edition, slug="animation", name={"en": "Animation"}, position=1)


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def organiser(edition):
    return make_member(edition, Role.ORGANISER, "Organiser")


@pytest.fixture
def films(edition, animation):
    made = [make_entry(edition, title=f"Title {letter}") for letter in "ABC"]
    made += [make_entry(edition, title="Title D", track=animation)]
    for entry in made:
        make_inspection(entry, seconds=61.6)
    return made


@pytest.fixture
def standing(edition, films, animation):
    make_slot(edition, "grand", tier="grand")
    make_slot(edition, "second", places=2)
    make_slot(edition, "drawn", track=animation, places=2, may_be_vacant=True)
    return make_standing(edition, [(films[0], 1), (films[1], 2), (films[2], 2), (films[3], 4)])


@pytest.fixture
def proposed(standing, chair):
    return actions.propose(edition=standing.round.edition, by=chair, at=AT)


def places(award_list):
    rows = queries.verdicts_of(award_list)
    return [(row.slot.slug, row.place, row.entry.title[-1] if row.entry else "") for row in rows]


def place_of(award_list, slug, number=1):
    return queries.verdicts_of(award_list).get(slot__slug=slug, place=number)


def told(award_list, chair, organiser):
    actions.confirm(award_list=award_list, by=chair, at=AT)
    steps.tell_entrants(award_list=award_list, by=organiser, at=AT)
    award_list.refresh_from_db()
    return award_list


def test_the_list_is_proposed_from_the_standing(proposed):
    assert places(proposed) == [
        ("grand", 1, "A"),
        ("second", 1, "B"),
        ("second", 2, "C"),
        ("drawn", 1, "D"),
        ("drawn", 2, ""),
    ]
    assert [row.why["code"] for row in queries.verdicts_of(proposed)] == ["best"] * 4 + ["vacant"]


def test_a_tie_at_the_border_is_said_in_words(edition, films, chair):
    make_slot(edition, "grand", tier="grand")
    standing = make_standing(edition, [(films[0], 1), (films[1], 1), (films[2], 3)])
    award_list = actions.propose(edition=standing.round.edition, by=chair, at=AT)
    [row] = queries.rows_for_desk(award_list)
    [(_verdict, why)] = row.places
    assert why == (
        "Rank 1, exactly tied with “Title B”, for whom no place was left. The chair decides who gets it."
    )
    actions.confirm(award_list=award_list, by=chair, at=AT)
    award_list.refresh_from_db()
    settled = (
        "Rank 1, exactly tied with “Title B”, for whom no place was left. The chair has decided for this one."
    )
    [row] = queries.rows_for_desk(award_list)
    assert [why for _verdict, why in row.places] == [settled]
    assert [why for _row, why in queries.slot_page(award_list, row.slot).places] == [settled]


def test_withdrawn_films_are_left_out(standing, films, chair):
    films[0].state = "withdrawn"
    films[0].save()
    award_list = actions.propose(edition=standing.round.edition, by=chair, at=AT)
    assert places(award_list)[:2] == [("grand", 1, "B"), ("second", 1, "C")]


def test_proposing_again_starts_over_until_confirmed(proposed, standing, chair, organiser):
    grand = place_of(proposed, "grand")
    actions.set_verdict(verdict=grand, entry=None, reason="Nobody", by=chair, at=AT)
    again = actions.propose(edition=standing.round.edition, by=organiser, at=AT)
    assert AwardList.objects.count() == 1
    assert places(again)[0] == ("grand", 1, "A")
    assert [version.number for version in again.versions.all()] == [1, 2, 3]
    with pytest.raises(Refused, match="it is now version 3"):
        actions.confirm(award_list=proposed, version=2, by=chair, at=AT)
    actions.confirm(award_list=again, version=3, by=chair, at=AT)
    with pytest.raises(Refused, match="confirmed already"):
        actions.propose(edition=standing.round.edition, by=chair, at=AT)


def test_the_chair_swaps_two_films_with_a_reason(proposed, films, chair):
    changed = actions.set_verdict(
        verdict=place_of(proposed, "grand"), entry=films[1], reason="Braver", by=chair, at=AT
    )
    assert changed.why["code"] == "pinned"
    assert changed.why["reason"] == "Braver"
    assert places(proposed)[:3] == [("grand", 1, "B"), ("second", 1, "A"), ("second", 2, "C")]


def test_a_film_that_may_not_have_the_other_place_leaves_it_vacant(proposed, films, chair):
    actions.set_verdict(
        verdict=place_of(proposed, "grand"), entry=films[3], reason="It glows", by=chair, at=AT
    )
    assert places(proposed) == [
        ("grand", 1, "D"),
        ("second", 1, "A"),
        ("second", 2, "B"),
        ("drawn", 1, ""),
        ("drawn", 2, ""),
    ]


@pytest.mark.parametrize(
    ("slug", "film", "reason", "sentence"),
    [
        ("grand", None, "  ", "Say why"),
        ("drawn", 0, "Lovely", "another track"),
        ("grand", "stranger", "Lovely", "not in the standing"),
    ],
)
def test_changes_that_cannot_be(proposed, edition, films, chair, slug, film, reason, sentence):
    entry = make_entry(edition) if film == "stranger" else films[film] if film is not None else None
    before = places(proposed)
    with pytest.raises(Refused, match=sentence):
        actions.set_verdict(verdict=place_of(proposed, slug), entry=entry, reason=reason, by=chair, at=AT)
    assert places(proposed) == before


def test_only_the_chair_changes_and_confirms(proposed, organiser):
    with pytest.raises(Refused) as refusal:
        actions.set_verdict(verdict=place_of(proposed, "grand"), entry=None, reason="No", by=organiser, at=AT)
    assert refusal.value.status == 403
    with pytest.raises(Refused) as refusal:
        actions.confirm(award_list=proposed, by=organiser, at=AT)
    assert refusal.value.status == 403


def test_confirming_decides_over_every_film_and_tells_nobody(proposed, films, edition, chair):
    late = make_entry(edition, title="Not in the round")
    films[3].state = "withdrawn"
    films[3].save()
    with pytest.raises(Refused, match="Title D"):
        actions.confirm(award_list=proposed, by=chair, at=AT)
    actions.set_verdict(verdict=place_of(proposed, "drawn"), entry=None, reason="Withdrawn", by=chair, at=AT)
    actions.set_verdict(verdict=place_of(proposed, "second", 2), entry=None, reason="Vacant", by=chair, at=AT)
    proposed.refresh_from_db()
    actions.confirm(award_list=proposed, by=chair, at=AT)
    for entry in (*films, late):
        entry.refresh_from_db()
    assert [entry.decision for entry in films] == ["laureate", "laureate", "not_selected", ""]
    assert late.decision == ""
    assert [entry.told for entry in films] == [""] * 4
    assert Notice.objects.count() == 0
    assert Event.objects.filter(kind="decided").count() == 3
    with pytest.raises(Refused, match="Somebody was faster"):
        actions.confirm(award_list=proposed, by=chair, at=AT)


def test_the_confirmation_can_be_taken_back_until_somebody_was_told(proposed, films, chair, organiser):
    actions.confirm(award_list=proposed, by=chair, at=AT)
    actions.reopen(award_list=proposed, by=chair, at=AT)
    films[0].refresh_from_db()
    assert films[0].decision == ""
    actions.confirm(award_list=proposed, by=chair, at=AT)
    steps.tell_entrants(award_list=proposed, by=organiser, at=AT)
    with pytest.raises(Refused, match="told already"):
        actions.reopen(award_list=proposed, by=chair, at=AT)


def test_everybody_is_told_once(proposed, films, chair, organiser, django_capture_on_commit_callbacks):
    with pytest.raises(Refused, match="not confirmed"):
        steps.tell_entrants(award_list=proposed, by=organiser, at=AT)
    actions.set_verdict(verdict=place_of(proposed, "second", 2), entry=None, reason="Vacant", by=chair, at=AT)
    actions.confirm(award_list=proposed, by=chair, at=AT)
    co_author = make_user()
    make_co_author(films[0], co_author)
    make_credits(films[2], Person(name="Asked", email="asked@example.org"))
    make_invitation(films[2], "asked@example.org")
    with pytest.raises(Refused) as refusal:
        steps.tell_entrants(award_list=proposed, by=chair, at=AT)
    assert refusal.value.status == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert steps.tell_entrants(award_list=proposed, by=organiser, at=AT) == 4
        assert steps.tell_entrants(award_list=proposed, by=organiser, at=AT) == 0
    assert sorted(Notice.objects.values_list("kind", "user_id")) == sorted(
        [
            ("result_laureate", films[0].entrant_id),
            ("result_laureate", co_author.pk),
            ("result_laureate", films[1].entrant_id),
            ("result_not_selected", films[2].entrant_id),
            ("result_laureate", films[3].entrant_id),
        ]
    )
    assert len(mail.outbox) == 5
    films[2].refresh_from_db()
    assert (films[2].told, films[2].told_at) == ("not_selected", AT)
    assert Event.objects.filter(kind="result_told").count() == 4


def test_announcing_is_refused_until_everybody_was_told(proposed, films, edition, chair, organiser):
    with pytest.raises(Refused, match="Somebody was faster"):
        steps.announce(award_list=proposed, by=organiser, at=AT)
    told(proposed, chair, organiser)
    films[2].told, films[2].told_at = "", None
    films[2].save()
    with pytest.raises(Refused) as refusal:
        steps.announce(award_list=proposed, by=organiser, at=AT)
    assert str(refusal.value.text) == "1 entrant has not been told yet. Tell everybody first, then announce."
    assert Laureate.objects.count() == Film.objects.count() == 0
    proposed.refresh_from_db()
    assert proposed.state == "confirmed"


def test_announcing_copies_the_films_and_makes_the_laureates(
    proposed, films, edition, chair, organiser, settings
):
    picture = io.BytesIO()
    Image.new("RGB", (64, 36), "orange").save(picture, "JPEG")
    store = storages["default"]
    inspection = films[0].versions.get().inspections.get()
    inspection.folder = "inspections/test"
    inspection.report = {
        **inspection.report,
        "stills": [{"file": "poster.jpg", "about": "poster", "time": 1.0}],
    }
    inspection.save()
    key = store.save("inspections/test/poster.jpg", io.BytesIO(picture.getvalue()))
    actions.set_verdict(
        verdict=place_of(proposed, "grand"),
        entry=films[0],
        reason="",
        citation={"en": "For its light."},
        by=chair,
        at=AT,
    )
    told(proposed, chair, organiser)
    steps.announce(award_list=proposed, by=organiser, at=AT)
    store.delete(key)
    grand = Laureate.objects.get(slot__slug="grand")
    assert grand.citation == {"en": "For its light."}
    assert grand.announced_at == AT
    film = grand.film
    assert (film.source, film.title, film.seconds, film.published_at) == (films[0].code, "Title A", 62, AT)
    assert film.credits == [{"role": "director", "name": "Somebody"}]
    assert film.track == edition.tracks.first().name
    assert film.still.startswith(f"catalogue/{edition.pk}/")
    with store.open(film.still) as file:
        assert file.read() == picture.getvalue()
    store.delete(film.still)
    assert sorted(Laureate.objects.values_list("slot__slug", "place")) == [
        ("drawn", 1),
        ("grand", 1),
        ("second", 1),
        ("second", 2),
    ]
    with pytest.raises(Refused, match="announced already"):
        steps.announce(award_list=proposed, by=organiser, at=AT)


def test_a_laureate_that_withdraws_after_being_told_leaves_its_place_vacant(
    proposed, films, chair, organiser
):
    told(proposed, chair, organiser)
    films[0].state = "withdrawn"
    films[0].save()
    steps.announce(award_list=proposed, by=organiser, at=AT)
    assert not Laureate.objects.filter(slot__slug="grand").exists()
    assert not Film.objects.filter(source=films[0].code).exists()
    assert place_of(proposed, "grand").why == {"code": "withdrawn"}


PUBLIC = ("edition:front", "judging:rules", "awards:laureates", "premiere:programme", "premiere:calendar")


def seen_by(client, user, edition):
    """Everything public as `user` reads it, without what is different in every answer."""
    if user:
        client.force_login(user)
    texts = []
    for name in PUBLIC:
        response = client.get(reverse(name, args=[edition.slug]))
        assert response.status_code == 200
        texts.append(response.content.decode())
    return "".join(texts)


@pytest.mark.parametrize("who", ["stranger", "entrant", "judge", "technician"])
def test_nothing_is_seen_before_the_announcement(who, client, proposed, films, edition, chair, organiser):
    users = {
        "stranger": None,
        "entrant": films[2].entrant,
        "judge": make_member(edition, Role.JUDGE).user,
        "technician": make_member(edition, Role.TECHNICIAN).user,
    }
    user = users[who]
    told(proposed, chair, organiser)
    text = seen_by(client, user, edition)
    assert "Title A" not in text
    assert client.get(reverse("judging:awards", args=[edition.slug])).status_code in (302, 403)
    with pytest.raises(Laureate.DoesNotExist):
        Laureate.objects.get()
    steps.announce(award_list=proposed, by=organiser, at=AT)
    assert "Title A" in seen_by(client, user, edition)


def test_a_selected_film_has_no_page_and_no_still_before_it_is_published(client, films, edition):
    film = write_films(entries=films[:1])[films[0].pk]
    for name in ("catalogue:film", "catalogue:still"):
        for user in (None, films[0].entrant, make_member(edition, Role.OWNER).user):
            if user:
                client.force_login(user)
            assert client.get(reverse(name, args=[edition.slug, film.code])).status_code == 404
        client.logout()


def test_the_desk_page_through_all_its_steps(client, standing, edition, films, chair, organiser):
    page = reverse("judging:awards", args=[edition.slug])

    def post(name, actor, *args, **data):
        client.force_login(actor.user)
        return client.post(reverse(name, args=[edition.slug, *args]), data)

    client.force_login(chair.user)
    assert "Propose the awards" in client.get(page).content.decode()
    assert post("judging:awards_propose", organiser).status_code == 302
    refused = post("judging:verdict", chair, "grand", 1, film=films[1].code, reason="")
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    assert post("judging:verdict", organiser, "grand", 1, film="", reason="No").status_code == 403
    assert post("judging:verdict", chair, "grand", 1, film=films[1].code, reason="Braver").status_code == 302
    assert "Decided by the chair: Braver" in client.get(page).content.decode()
    assert post("judging:awards_confirm", organiser).status_code == 403
    assert post("judging:awards_confirm", chair).status_code == 302
    assert post("judging:awards_announce", organiser).status_code == 409
    assert post("judging:awards_tell", organiser).status_code == 302
    assert post("judging:awards_announce", chair).status_code == 403
    assert post("judging:awards_announce", organiser).status_code == 302
    wall = client.get(reverse("awards:laureates", args=[edition.slug])).content.decode()
    assert wall.index("Title B") < wall.index("Title A")


def test_the_desk_page_asks_as_often_for_many_films_as_for_few(
    client,
):
    counts = []
    for films in (1, 3):
        place = make_edition()
        member = make_member(place, Role.CHAIR)
        for number in range(films):
            make_slot(place, f"slot-{number}")
        entries = [make_entry(place) for _number in range(films)]
        standing = make_standing(place, [(entry, n + 1) for n, entry in enumerate(entries)])
        actions.propose(edition=standing.round.edition, by=member, at=AT)
        client.force_login(member.user)
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get(reverse("judging:awards", args=[place.slug])).status_code == 200
        counts.append(len(queries_made))
    assert counts[0] == counts[1]


def test_a_strangers_edition_is_not_found(client, proposed):
    client.force_login(make_user())
    assert client.get(reverse("judging:awards", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("page", ["second/1/", "mention/", "second/1/release/"])
def test_a_page_of_the_proposed_list_says_when_the_list_has_gone_on(client, proposed, chair, page):
    """By the Back button, or when the other chair was faster."""
    where = f"/spring/desk/awards/{page}"
    actions.confirm(award_list=proposed, by=chair, at=AT)
    client.force_login(chair.user)
    answer = client.post(where, {"film": "", "reason": "Late."})
    text = answer.content.decode()
    assert answer.status_code == 409 and "The award list is “Confirmed” now." in text
    assert 'class="button button--primary" href="/spring/desk/awards/"' in text


def test_dates_are_not_set_once_the_laureates_are_announced(client, proposed):
    AwardList.objects.update(state="announced", confirmed_at=AT, announced_at=AT)
    client.force_login(make_member(proposed.edition, Role.ORGANISER).user)
    answer = client.get("/spring/desk/awards/dates/")
    assert answer.status_code == 409 and 'href="/spring/desk/awards/"' in answer.content.decode()
