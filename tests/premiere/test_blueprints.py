"""A premiere and a festival unit, from the blueprint to the public programme, as a programmer would look at them."""

import io
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from festival.catalogue.models import Film
from festival.edition.blueprint_venues import CHECKS, LEVELS
from festival.edition.form_rules import ALIKE, PREMIERES
from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.premiere import checks, rehearsal_actions, release_actions
from festival.premiere.models import Hall, Rehearsal, Screening
from festival.premiere.proposal_forms import SAME, ProposalForm
from tests.premiere.programmes import NOW, ZONE, make, propose, put_and_release

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class Shown:
    """A screening as it is read: local clock times, films in their order."""

    def __init__(self, row: Screening) -> None:
        self.row = row
        self.start, self.end = in_zone(row.starts_at, ZONE), in_zone(row.ends_at, ZONE)
        self.day = f"{self.start:%a}"
        self.items = list(row.items.select_related("film").order_by("position"))
        self.kinds = [item.kind for item in self.items]
        self.films: list[Film] = [item.film for item in self.items if item.film]
        self.guests = {guest for film in self.films for guest in film.guests.all()}

    def meets(self, other: "Shown") -> bool:
        return self.row.starts_at < other.row.ends_at and other.row.starts_at < self.row.ends_at


def shown(edition: Edition) -> list[Shown]:
    return [Shown(row) for row in Screening.objects.filter(edition=edition).order_by("starts_at")]


def public(client: Any, edition: Edition) -> tuple[str, list[Any]]:
    """What a stranger sees: the text of the programme, and the events of its calendar."""
    client.logout()
    text = client.get(reverse("premiere:programme", args=[edition.slug])).content.decode()
    answer = client.get(reverse("premiere:calendar", args=[edition.slug]))
    return text, list(Calendar.from_ical(answer.content).events)


def run_of_show(client: Any, by: Actor, row: Screening) -> str:
    client.force_login(by.user)
    address = reverse("premiere:run_of_show", args=[row.edition.slug, row.code])
    pages = PdfReader(io.BytesIO(client.get(address, {"lang": "en"}).content)).pages
    return " ".join(page.extract_text() for page in pages)


def strong_at_both_ends(one: Shown) -> bool:
    strengths = [film.strength or 0 for film in one.films]
    first, second = sorted(strengths, reverse=True)[:2]
    return strengths[0] == first and strengths[-1] == second


def test_an_invited_premiere_of_seven_films_in_one_evening(client):
    edition, by = make("invited-premiere", "directors")
    proposal = propose(edition, by)
    assert not Screening.objects.exists()
    put_and_release(edition, proposal, by)
    assert checks.check(edition) == []

    [evening] = shown(edition)
    assert (evening.row.hall.seats, evening.row.premiere, evening.row.title) == (1000, "world", edition.name)
    assert (evening.start.month, evening.start.day) == (4, 17)
    assert f"{evening.start:%H:%M}" in ("19:00", "19:30")
    # The welcome; before each film its director; then all of them on the stage, while they are all still there.
    assert evening.kinds == ["intro", *["intro", "label", "film"] * 7, "qa"]
    assert len({film.title for film in evening.films}) == 7
    assert {film.seconds for film in evening.films} >= {18 * 60, 14 * 60, 450}
    assert [item.seconds for item in evening.items if item.film] == [film.seconds for film in evening.films]
    assert len(evening.guests) == 7
    assert evening.end - evening.start == timedelta(seconds=600 + 7 * (90 + 5) + 4700 + 1500)
    assert evening.end.hour < 22  # one director leaves then
    # Strong films open and close it, and no two of one tempo follow each other.
    assert strong_at_both_ends(evening)
    assert all(one.tempo != other.tempo for one, other in pairwise(evening.films))
    # The day before, in the same hall, long enough to see all films from beginning to end.
    rehearsal = Rehearsal.objects.get()
    assert (rehearsal.hall, rehearsal.ends_at - rehearsal.starts_at) == (evening.row.hall, 150 * MINUTE)
    assert in_zone(rehearsal.starts_at, ZONE).date() == evening.start.date() - timedelta(days=1)

    text, events = public(client, edition)
    assert all(film.title in text.replace("&#x27;", "'").replace("’", "'") for film in evening.films)
    assert all(said in text for said in ("World premiere", f"{evening.start:%H:%M}", "Great Hall"))
    [event] = events
    assert (event.start, event.end) == (evening.row.starts_at, evening.row.ends_at)
    assert "Label slide" not in text
    paper = run_of_show(client, by, evening.row)
    assert paper.count("Introduction to the film") == 7
    first = evening.start + timedelta(seconds=600 + 90 + 5)
    assert f"{first:%H:%M:%S}" in paper and "Lamplighter" in paper and "DCP, 24 fps" in paper


def test_the_premiere_goes_not_out_without_its_rehearsal(client):
    edition, by = make("invited-premiere", "directors")
    proposal = propose(edition, by)
    release_actions.use_draft(draft=proposal.draft, by=by, at=NOW)
    rehearsal_actions.drop_rehearsal(rehearsal=Rehearsal.objects.get())
    with pytest.raises(Refused):
        release_actions.make_release(edition=edition, note={}, by=by, at=NOW)
    # The usual word on it is a warning: the blueprint has made it more.
    assert checks.LEVELS["no_rehearsal"] == "warn"
    propose_again = propose(edition, by, mode="mend")
    put_and_release(edition, propose_again, by)
    assert Rehearsal.objects.count() == 1


def test_a_festival_unit_of_two_days(client):
    edition, by = make("festival-unit", "unit")
    proposal = propose(edition, by)
    put_and_release(edition, proposal, by)
    assert checks.check(edition) == []

    every = shown(edition)
    premieres = [one for one in every if one.row.repeat_of_id is None]
    repeats = {one.row.repeat_of_id: one for one in every if one.row.repeat_of_id}
    assert len(premieres) == 4
    assert [one.row.title["en"] for one in premieres] == [f"Programme {number}" for number in (1, 2, 3, 4)]
    # Each film once with its makers and once more, on the other day.
    assert {one.day for one in premieres} == {"Sat"} and {one.day for one in repeats.values()} == {"Sun"}
    assert sorted(film.title for one in premieres for film in one.films) == sorted(
        Film.objects.filter(edition=edition).values_list("title", flat=True)
    )
    for one in premieres:
        assert repeats[one.row.pk].films == one.films
        assert repeats[one.row.pk].row.hall != one.row.hall
    elsewhere = [one.row.hall.venue_id != repeats[one.row.pk].row.hall.venue_id for one in premieres]
    assert sum(elsewhere) >= 3  # what needs 5.1 cannot go to the other house

    # Whoever has a day sees all premieres: one after the other, none at an odd minute, too early, or too late.
    assert not any(one.meets(other) for one, other in combinations(premieres, 2))
    assert all(one.start.minute % 15 == 0 and 10 <= one.start.hour <= 21 for one in every)
    assert all(one.end.hour < 23 for one in every)
    largest = max(Hall.objects.filter(venue__edition=edition).values_list("seats", flat=True))
    assert all(one.row.hall.seats == largest for one in premieres)
    rehearsals = {row.rehearses_id: row for row in Rehearsal.objects.all()}
    for one in premieres:
        row = rehearsals[one.row.pk]
        assert row.hall == one.row.hall
        assert f"{in_zone(row.starts_at, ZONE):%a %H}" < "Fri 12"

    # No short evening and no endless one, none of one film; films of much the same weight in each.
    film_minutes = [sum(film.seconds for film in one.films) / 60 for one in premieres]
    assert all(60 <= minutes <= 80 for minutes in film_minutes)
    assert all(4 <= len(one.films) <= 9 for one in premieres)
    for one in premieres:
        assert strong_at_both_ends(one)
        assert len({film.track["en"] for film in one.films}) <= 2
        spoken = [set(film.language.split(", ")) for film in one.films if film.language]
        assert set.intersection(*spoken)
    mixed = sum(len({film.track["en"] for film in one.films}) - 1 for one in premieres)
    assert mixed <= 2
    assert sum(one.tempo == other.tempo for show in premieres for one, other in pairwise(show.films)) <= 2

    # What is for grown-ups is together, late on both days; nobody else has to wait for nine o'clock.
    late = [one for one in every if any(film.min_age == 18 for film in one.films)]
    assert len(late) == 2 and all(one.start.hour >= 21 for one in late)

    # There is a Q&A where makers come, for as long as they are there, and nowhere else.
    for one in every:
        talks = "qa" in one.kinds
        assert talks == (one.row.repeat_of_id is None and bool(one.guests))
        assert one.kinds[0] == "intro" and (one.kinds[-1] == "qa" if talks else one.kinds[-1] == "film")
    assert sum("qa" in one.kinds for one in premieres) >= 3

    text, events = public(client, edition)
    assert sorted(event.start for event in events) == sorted(one.row.starts_at for one in every)
    assert all(said in text for said in ("Programme 4", "Lux Art Cinema", "Small Gods"))
    assert "Night Bloom" in run_of_show(client, by, late[0].row)


def test_the_form_first_shows_what_the_blueprint_wishes():
    edition, _by = make("festival-unit", "unit")
    form = ProposalForm(edition=edition)
    first = form.get_initial_for_field(form.fields["first_day"], "first_day")
    assert (first, form.initial["days"], form.initial["repeat"]) == (datetime(2027, 4, 17).date(), 2, True)
    assert (form.initial["late_age"], form.initial["most_films"]) == (18, None)
    wrong = ProposalForm({"prime_from": "20:00", "prime_until": "19:00"}, edition=edition)
    assert not wrong.is_valid() and "prime_until" in wrong.errors


def test_what_stands_in_a_blueprint_is_what_the_site_knows():
    assert set(CHECKS) == set(checks.Kind.values)
    assert set(LEVELS) == set(checks.Level.values)
    assert set(PREMIERES) == {"none", *Screening.Premiere.values}
    assert list(ALIKE) == [name for name, _label in SAME]
