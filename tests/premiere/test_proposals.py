"""The solver at the programmer's side: what it is told, what it makes of it, and what it leaves alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import (
    actions,
    checks,
    clash_words,
    guest_actions,
    proposal_actions,
    proposal_inputs,
    release_actions,
    snapshots,
    wish_inputs,
)
from festival.premiere.models import Proposal, Rehearsal, Screening
from festival.premiere.timetable import document
from festival.premiere.timetable.verify import verify
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 1, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
WISHES: dict[str, Any] = {
    "first_day": "2027-04-16", "days": 2, "repeat": False, "target": 60, "least": 30, "most": 80, "most_films": None,
    "same": [], "intro_minutes": 5, "label_seconds": 5, "qa_minutes": 10, "rehearsal_minutes": 0, "late_age": None,
    "late_from": "21:00", "seconds": 4, "grid": 5, "premiere": "none", "prime_from": "18:00", "prime_until": "22:00",
    "film_intro_seconds": 0, "rehearsal_day_before": False, "one_after_other": False,
}  # fmt: skip


class Room:
    """Two halls that are open from noon to midnight on two days, and eight films."""

    def __init__(self, films: int = 8) -> None:
        self.edition = make_edition("spring", time_zone="Asia/Shanghai")
        self.by = make_member(self.edition, Role.ORGANISER)
        self.halls = [make_hall(self.edition, turnaround=20, name=name) for name in ("Great", "Small")]
        for hall in self.halls:
            for day in range(2):
                start = EVENING + day * DAY - 7 * HOUR
                hall.openings.create(opens_at=start, closes_at=start + 12 * HOUR)
        self.films = [
            make_film(
                self.edition,
                title=f"Film {number}",
                minutes=10 + number,
                tempo=number % 3,
                strength=10 * number,
            )
            for number in range(films)
        ]

    def ask(self, mode="new", **wishes):
        return proposal_actions.ask(
            edition=self.edition, mode=mode, wishes=WISHES | wishes, by=self.by, at=NOW
        )

    def made(self, mode="new", **wishes) -> Proposal:
        proposal = self.ask(mode, **wishes)
        proposal_actions.make(pk=proposal.pk, now=lambda: NOW)
        return Proposal.objects.get(pk=proposal.pk)

    def use(self, proposal: Proposal):
        return release_actions.use_draft(draft=proposal.draft, by=self.by, at=NOW)

    def shown(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in Screening.objects.filter(edition=self.edition, cancelled_at=None):
            for item in row.items.filter(film__isnull=False).select_related("film"):
                found[item.film.title] = found.get(item.film.title, 0) + 1
        return found


def test_every_film_gets_its_place_and_the_checks_find_nothing():
    room = Room()
    proposal = room.made()
    assert proposal.state == "ready" and proposal.draft.origin == "solver"
    assert Screening.objects.count() == 0  # nothing changes before it is put on the table
    assert not room.use(proposal)
    assert room.shown() == {film.title: 1 for film in room.films}
    assert checks.check(room.edition) == []
    problem = document.read_problem(proposal.problem)
    assert verify(problem, document.read_plan({"blocks": proposal.answer["blocks"]}, problem)) == []
    first = Screening.objects.order_by("starts_at").first()
    kinds = list(first.items.values_list("kind", flat=True))
    assert kinds[:3] == ["intro", "label", "film"] and kinds[-1] == "qa"
    whole = sum(first.items.values_list("seconds", flat=True))
    assert first.ends_at - first.starts_at == timedelta(seconds=whole)
    assert 30 * 60 <= whole <= 80 * 60


def test_the_second_showing_is_a_repeat_on_a_later_day_and_rehearsals_are_booked():
    room = Room()
    room.use(room.made(repeat=True, rehearsal_minutes=30))
    repeats = Screening.objects.filter(repeat_of__isnull=False).select_related("repeat_of")
    assert repeats and set(room.shown().values()) == {2}
    for row in repeats:
        assert row.starts_at.date() > row.repeat_of.starts_at.date()
        assert list(row.items.filter(kind="qa")) == []
    firsts = Screening.objects.filter(repeat_of=None)
    assert set(Rehearsal.objects.values_list("rehearses", flat=True)) == set(
        firsts.values_list("pk", flat=True)
    )


def test_what_is_on_the_table_stays_to_the_minute_and_the_rest_finds_places():
    room = Room()
    kept = make_screening(room.halls[0], EVENING + 7 * MINUTE, films=room.films[:2], title="Opening")
    cancelled = make_screening(room.halls[1], EVENING, films=room.films[2:3], title="Off")
    actions.cancel_screening(screening=cancelled, reason={"en": "Rain."}, at=NOW)
    before = snapshots.row_of(Screening.objects.get(pk=kept.pk))
    room.use(room.made("rest"))
    after = snapshots.row_of(Screening.objects.get(code=kept.code))
    assert after == before
    assert room.shown() == {film.title: 1 for film in room.films}
    assert Screening.objects.get(code=cancelled.code).cancelled_at
    assert checks.check(room.edition) == []
    with pytest.raises(Refused, match="Every film has its place"):
        room.ask("rest")


def test_what_the_public_knows_stays_even_when_all_is_made_new():
    room = Room()
    known = make_screening(room.halls[0], EVENING, films=room.films[:3], title="Opening")
    make_release(room.edition)
    loose = make_screening(room.halls[1], EVENING, films=room.films[3:6], title="Loose")
    room.use(room.made("new"))
    row = Screening.objects.get(code=known.code)
    assert (row.hall, row.starts_at, row.cancelled_at) == (room.halls[0], EVENING, None)
    assert not Screening.objects.filter(code=loose.code).exists()
    assert room.shown() == {film.title: 1 for film in room.films}


def test_after_a_lost_evening_as_little_changes_as_can():
    room = Room()
    room.use(room.made())
    rows = {row.code: (row.hall_id, row.starts_at) for row in Screening.objects.all()}
    code, (hall, starts) = min(rows.items(), key=lambda item: item[1][1])
    lost = next(one for one in room.halls if one.pk == hall)
    lost.openings.filter(opens_at__lte=starts, closes_at__gt=starts).delete()
    gone = {one for one, (where, when) in rows.items() if where == hall and when.date() == starts.date()}
    assert [one.kind for one in checks.check(room.edition)] and code in gone
    proposal = room.made("mend")
    assert proposal.answer["repair"]["proved"]
    room.use(proposal)
    assert checks.check(room.edition) == []
    after = {row.code: (row.hall_id, row.starts_at) for row in Screening.objects.all()}
    assert {one for one in rows if after.get(one) != rows[one]} == gone
    assert Screening.objects.get(code=code).title  # it is the same screening, elsewhere


def test_a_guest_who_is_needed_is_there():
    room = Room()
    guest = guest_actions.write_guest(edition=room.edition, name={"en": "Wu"})
    guest_actions.add_film(guest=guest, film=room.films[0], needed=True)
    guest_actions.add_time(guest=guest, starts_at=EVENING + DAY, ends_at=EVENING + DAY + 3 * HOUR)
    room.use(room.made())
    row = Screening.objects.get(items__film=room.films[0])
    assert row.starts_at >= EVENING + DAY and row.ends_at <= EVENING + DAY + 3 * HOUR


def test_why_there_is_none_is_said_in_words_with_what_would_help():
    room = Room()
    for hall in room.halls:
        hall.openings.all().delete()
        hall.openings.create(opens_at=EVENING, closes_at=EVENING + 50 * MINUTE)
    proposal = room.made()
    assert proposal.state == "nothing" and proposal.draft is None
    text, rules = clash_words.why(proposal)
    assert "more film than time" in text
    assert any("Great" in rule and "open" in relax for rule, relax in rules)


def test_it_is_stopped_with_the_best_so_far_and_only_one_runs_at_a_time():
    room = Room()
    proposal = room.ask(seconds=30)
    with pytest.raises(Refused, match="being made already"):
        room.ask()
    ticks = iter(range(10_000))

    def now():  # a second passes with each look; after a few somebody stops it
        tick = next(ticks)
        if tick == 5:
            proposal_actions.stop(proposal=proposal, by=room.by)
        return NOW + timedelta(seconds=tick)

    proposal_actions.make(pk=proposal.pk, now=now)
    done = Proposal.objects.get(pk=proposal.pk)
    assert done.stop and done.state in ("ready", "nothing") and done.seconds < 30
    proposal_actions.make(pk=proposal.pk, now=now)  # a second run finds nothing to do
    assert Proposal.objects.get(pk=proposal.pk).answer == done.answer


def test_a_worker_that_died_blocks_nobody_for_long():
    room = Room()
    room.ask()
    with pytest.raises(Refused):
        room.ask()
    later = proposal_actions.ask(
        edition=room.edition,
        mode="new",
        wishes=WISHES,
        by=room.by,
        at=NOW + proposal_actions.PATIENCE + MINUTE,
    )
    assert later.state == "running"
    assert set(Proposal.objects.values_list("state", flat=True)) == {"running", "failed"}


def test_time_that_is_taken_out_of_time():
    def at(*hours):
        return tuple(NOW + hour * HOUR for hour in hours)

    assert proposal_inputs.without([at(0, 10)], [at(2, 3), at(9, 12)]) == [at(0, 2), at(3, 9)]
    assert proposal_inputs.without([at(0, 1), at(4, 5)], [at(2, 3)]) == [at(0, 1), at(4, 5)]
    assert proposal_inputs.without([at(1, 2)], [at(0, 3)]) == []


def test_what_was_set_by_hand_keeps_its_minute_when_the_rest_is_mended():
    room = Room(films=4)
    make_screening(room.halls[0], EVENING + 10 * MINUTE, films=room.films[:3], title="Opening")
    inputs = proposal_inputs.inputs_of(room.edition, WISHES | {"grid": 15}, "mend")
    assert inputs.problem["grid"] == 5
    document.read_plan(inputs.previous, document.read_problem(inputs.problem))
    fresh = proposal_inputs.inputs_of(room.edition, WISHES | {"grid": 15}, "new")
    assert fresh.problem["grid"] == 15


def test_goals_that_take_long_are_left_to_small_programmes():
    room = Room(films=0)
    Film.objects.bulk_create(
        Film(edition=room.edition, code=f"F{number}", title="F", seconds=60)
        for number in range(wish_inputs.FEW)
    )
    wishes = WISHES | {"one_after_other": True}
    few = proposal_inputs.inputs_of(room.edition, wishes, "new").problem["weights"]
    assert few == {"smaller_hall": 1, "together": wish_inputs.TOGETHER}
    make_film(room.edition)
    assert proposal_inputs.inputs_of(room.edition, wishes, "new").problem["weights"] == {}


def test_a_q_and_a_is_where_a_guest_comes():
    room = Room()
    guest = guest_actions.write_guest(edition=room.edition, name={"en": "Wu"})
    guest_actions.add_film(guest=guest, film=room.films[0], needed=True)
    room.use(room.made(film_intro_seconds=60))
    rows = Screening.objects.filter(edition=room.edition)
    assert rows.count() > 1
    for row in rows:
        kinds = list(row.items.values_list("kind", flat=True))
        comes = row.items.filter(film=room.films[0]).exists()
        assert (kinds.count("qa"), kinds.count("intro")) == ((1, 2) if comes else (0, 1))


def test_what_the_solver_is_told_asks_as_often_for_many_as_for_few():
    asked = []
    for number in (2, 6):
        room = Room.__new__(Room)
        room.edition = make_edition(time_zone="Asia/Shanghai")
        hall = make_hall(room.edition)
        for place in range(number):
            guest = guest_actions.write_guest(edition=room.edition, name={"en": "Wu"})
            film = make_film(room.edition)
            guest_actions.add_film(guest=guest, film=film, needed=True)
            make_screening(hall, EVENING + place * HOUR, films=[film])
            make_film(room.edition)
        with CaptureQueriesContext(connection) as made:
            proposal_inputs.inputs_of(room.edition, WISHES, "rest")
        asked.append(len(made))
    assert asked[0] == asked[1]


def test_the_pages_from_the_wish_to_the_table(client, django_capture_on_commit_callbacks):
    room = Room()
    client.force_login(room.by.user)
    address = reverse("premiere:proposals", args=["spring"])
    assert "8 films of the catalogue have no place yet." in client.get(address).content.decode()
    empty = ("repeat", "most_films", "same", "late_age", "rehearsal_day_before", "one_after_other")
    data = {key: value for key, value in WISHES.items() if key not in empty} | {"mode": "rest"}
    wrong = client.post(address, data | {"target": "90"})
    assert wrong.status_code == 400 and "lie between the least and the most" in wrong.content.decode()
    answer = client.post(address, data)
    proposal = Proposal.objects.get()
    page = reverse("premiere:proposal", args=["spring", proposal.pk])
    assert answer.headers["Location"] == page
    assert "The solver is at work" in client.get(page).content.decode()
    client.post(reverse("premiere:proposal_stop", args=["spring", proposal.pk]))
    assert Proposal.objects.get().stop
    Proposal.objects.update(stop=False)
    proposal_actions.make(pk=proposal.pk, now=lambda: NOW)
    text = client.get(page).content.decode()
    assert "Every rule is kept" in text and "Film 7" in text
    client.post(reverse("premiere:draft_use", args=["spring", Proposal.objects.get().draft_id]))
    assert len(room.shown()) == 8
    assert date(2027, 4, 16).isoformat() in Proposal.objects.get().wishes["first_day"]


def test_a_screening_that_stays_is_the_same_to_the_minute_and_the_solver_works_around_it():
    room = Room()
    pinned = make_screening(room.halls[0], EVENING + 7 * MINUTE, films=room.films[:3], title="Pinned")
    loose = make_screening(room.halls[1], EVENING, films=room.films[3:6], title="Loose")
    before = snapshots.row_of(Screening.objects.get(pk=pinned.pk))
    room.use(room.made("new", stay=[pinned.code]))
    assert snapshots.row_of(Screening.objects.get(code=pinned.code)) == before
    assert not Screening.objects.filter(code=loose.code).exists()
    assert room.shown() == {film.title: 1 for film in room.films}
    everything = list(Screening.objects.values_list("code", flat=True))
    with pytest.raises(Refused, match="nothing is left to solve"):
        room.ask("mend", stay=everything)


def test_a_second_showing_and_its_first_stay_together():
    room = Room()
    first = make_screening(room.halls[0], EVENING, films=room.films[:3], title="Pair")
    again = actions.repeat_screening(screening=first, hall=room.halls[1], starts_at=EVENING + DAY, at=NOW)
    rows = {row.code: (row.hall_id, row.starts_at) for row in Screening.objects.all()}
    for stay in ([first.code], [again.code]):
        inputs = proposal_inputs.inputs_of(room.edition, WISHES | {"repeat": True, "stay": stay}, "new")
        assert inputs.kept == {first.code, again.code}
        assert room.films[0].code not in {film["film"] for film in inputs.problem["films"]}
    room.use(
        room.made("new", repeat=False)
    )  # without second showings there are no words for this one: both stay
    after = {row.code: (row.hall_id, row.starts_at) for row in Screening.objects.filter(code__in=rows)}
    assert after == rows and set(room.shown().values()) == {1, 2}


def wish(film, **said) -> dict[str, str]:
    return (
        dict.fromkeys(("place", "beside", "hall", "day", "time", "starts"), "") | {"film": film.code} | said
    )


def test_a_film_opens_its_programme_where_and_when_it_is_wished():
    room = Room()
    opens, closes, fixed, late = room.films[0], room.films[7], room.films[3], room.films[5]
    small = str(room.halls[1].pk)
    films = [
        wish(opens, place="first", beside=room.films[6].code),
        wish(closes, place="last", hall=small),
        wish(fixed, hall=small, day="2027-04-17", time="15:00", starts="2027-04-17T15:00"),
        wish(late, day="2027-04-17"),
    ]
    room.use(room.made(films=films))
    order = {
        film.title: list(
            Screening.objects.get(items__film=film)
            .items.filter(film__isnull=False)
            .values_list("film__title", flat=True)
        )
        for film in room.films
    }
    assert order["Film 0"][0] == "Film 0" and "Film 6" in order["Film 0"] and order["Film 7"][-1] == "Film 7"
    assert Screening.objects.get(items__film=closes).hall == room.halls[1]
    row = Screening.objects.get(items__film=fixed)
    assert (row.hall, row.starts_at) == (room.halls[1], EVENING + DAY - 4 * HOUR)
    assert Screening.objects.get(items__film=late).starts_at > EVENING + DAY - 8 * HOUR


def test_nothing_is_put_where_a_hall_stays_free():
    room = Room()
    great = str(room.halls[0].pk)
    free = [
        {"hall": great, "starts": "2027-04-16T00:00", "ends": "2027-04-18T00:00"},
        {"hall": "", "starts": "2027-04-16T12:00", "ends": "2027-04-17T14:00"},
    ]
    room.use(room.made(free=free))
    rows = Screening.objects.all()
    assert {row.hall for row in rows} == {room.halls[1]}
    assert all(row.starts_at >= EVENING + DAY - 5 * HOUR for row in rows)
    assert room.shown() == {film.title: 1 for film in room.films}


def test_wishes_that_clash_are_named_with_what_would_help():
    room = Room(3)
    films = [
        wish(room.films[0], place="first", day="2027-04-16"),
        wish(room.films[1], hall=str(room.halls[0].pk)),
    ]
    free = [{"hall": "", "starts": "2027-04-16T00:00", "ends": "2027-04-17T00:00"}]
    proposal = room.made(films=films, free=free, least=20)
    assert proposal.state == "nothing"
    _text, rules = clash_words.why(proposal)
    assert set(rules) == {
        ("“Film 0” opens its programme, has its premiere on 16 April 2027", "wish less for “Film 0”"),
        (
            "every hall stays free from 16 April 2027, 00:00 until 17 April 2027, 00:00",
            "let something run in that time",
        ),
        *(
            (f"House · {name} has these opening hours", f"open House · {name} for longer")
            for name in ("Great", "Small")
        ),
    }


def test_what_stays_is_named_where_it_leaves_no_room():
    room = Room(4)
    for hall in room.halls:
        hall.openings.all().delete()
        hall.openings.create(opens_at=EVENING, closes_at=EVENING + 70 * MINUTE)
    public = make_screening(room.halls[0], EVENING + 30 * MINUTE, films=room.films[:1], title="Known")
    make_release(room.edition)
    pinned = make_screening(room.halls[1], EVENING + 30 * MINUTE, films=room.films[1:2], title="Pinned")
    proposal = room.made("mend", stay=[pinned.code])
    assert proposal.state == "nothing"
    assert {row["code"] for row in proposal.kept["screenings"]} == {public.code, pinned.code}
    rules = dict(clash_words.why(proposal)[1])
    assert rules["“Pinned” stays where it is"] == "let the solver move “Pinned”"
    assert rules["“Known” stays where it is"] == "cancel “Known” or move it yourself: the public knows it"


def test_what_cannot_be_meant_is_refused_with_a_sentence(client):
    room = Room()
    pinned = make_screening(room.halls[0], EVENING, films=room.films[:2], title="Pinned")
    client.force_login(room.by.user)
    address = reverse("premiere:proposals", args=["spring"])
    film, other = room.films[3].code, room.films[0].code

    def post(**rows):
        data = {key: value for key, value in WISHES.items() if key not in EMPTY} | {"mode": "new"} | rows
        for name in ("films", "free"):
            data |= {f"{name}-TOTAL_FORMS": "2", f"{name}-INITIAL_FORMS": "0"}
        answer = client.post(address, data)
        return answer.status_code, answer.content.decode()

    def films(**row):
        return post(**{f"films-0-{name}": value for name, value in row.items()})

    def free(**row):
        return post(**{f"free-1-{name}": value for name, value in row.items()})

    for (status, text), said in (
        (films(place="first"), "Line 1: Choose the film that this is about."),
        (films(film=film), "Say what is wished of this film, or remove the line."),
        (films(film=film, beside=film), "Choose another film."),
        (films(film=film, time="19:00"), "Say on which day, too."),
        (films(film=film, time="19:02", day="2027-04-16"), "begins screenings at full five minutes"),
        (films(film=film, day="2027-05-16"), "none of the days that are asked for"),
        (films(film="²", place="first"), "Select a valid choice"),
        (free(hall=room.halls[0].pk), "Line 2: Say from when it has to stay free"),
        (free(starts="2027-04-16T10:00"), "Say until when it has to stay free."),
        (free(starts="2027-04-16T10:00", ends="2027-04-16T10:00"), "not after the beginning"),
        (post(stay="NOBODY"), "Select a valid choice"),
        (
            post(**{"films-0-film": film, "films-0-beside": other}, stay=pinned.code),
            "whose screening stays as it is",
        ),
    ):
        assert status == 400 and said in text, said
    assert Proposal.objects.count() == 0
    data = {"films-TOTAL_FORMS": "2", "films-INITIAL_FORMS": "0", "free-TOTAL_FORMS": "x", "more": "films"}
    more = client.post(address, data)
    assert more.status_code == 200 and 'name="films-2-film"' in more.content.decode()


EMPTY = ("repeat", "most_films", "same", "late_age")


def test_what_was_wished_last_is_where_the_next_begins_and_screenings_are_ticked_from_elsewhere(client):
    room = Room()
    rows = [
        make_screening(hall, EVENING, films=films, title=title)
        for hall, films, title in zip(
            room.halls, (room.films[:2], room.films[2:4]), ("One", "Two"), strict=True
        )
    ]
    client.force_login(room.by.user)
    address = reverse("premiere:proposals", args=["spring"])
    data = {key: value for key, value in WISHES.items() if key not in EMPTY} | {
        "mode": "new", "stay": rows[0].code,
        "films-TOTAL_FORMS": "3", "films-INITIAL_FORMS": "0", "free-TOTAL_FORMS": "2", "free-INITIAL_FORMS": "0",
        "films-1-film": room.films[5].code, "films-1-place": "last", "films-1-day": "2027-04-17",
        "films-1-time": "01:30",
        "free-0-starts": "2027-04-16T10:00", "free-0-ends": "2027-04-16T12:30",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    wishes = Proposal.objects.get().wishes
    assert wishes["stay"] == [rows[0].code]
    assert wishes["films"] == [
        wish(room.films[5], place="last", day="2027-04-17", time="01:30", starts="2027-04-18T01:30")
    ]
    assert wishes["free"] == [{"hall": "", "starts": "2027-04-16T10:00", "ends": "2027-04-16T12:30"}]
    Proposal.objects.update(state="nothing")

    def ticked(query=""):
        form = client.get(address + query).context["form"]
        return form["mode"].value(), form["stay"].value(), form

    mode, stay, form = ticked()
    assert (mode, stay) == ("new", [rows[0].code])
    assert form.film_rows.forms[0]["day"].value() == "2027-04-17" and len(form.film_rows.forms) == 3
    assert 'value="2027-04-16T12:30"' in client.get(address).content.decode()
    assert ticked(f"?stay={rows[1].code}")[1] == [rows[0].code, rows[1].code]
    assert ticked(f"?shown={rows[0].code}&stay={rows[1].code}")[1] == [rows[1].code]
    Proposal.objects.update(mode="rest")
    assert ticked(f"?stay={rows[1].code}")[0] == "mend"
    page = client.get(reverse("premiere:screening", args=["spring", rows[1].code])).content.decode()
    assert f"{address}?stay={rows[1].code}" in page
