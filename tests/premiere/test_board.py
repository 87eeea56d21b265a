"""The table as a board: moving, putting films in, taking back, and what others do at the same time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import (
    actions,
    beside_queries,
    board_queries,
    journal,
    rehearsal_actions,
    release_actions,
    snapshots,
)
from festival.premiere.models import Change, Rehearsal, Screening
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PART = {"HX-Request": "true"}


class Table:
    """Two halls, a screening, a film without a place; an organiser at her browser."""

    def __init__(self, client) -> None:
        self.edition = make_edition("spring", time_zone="Asia/Shanghai")
        self.by = make_member(self.edition, Role.ORGANISER)
        self.other = make_member(self.edition, Role.ORGANISER)
        self.great = make_hall(self.edition, turnaround=20, name="Great")
        self.small = make_hall(self.edition, turnaround=20, name="Small")
        self.lamp = make_film(self.edition, title="Lamp", minutes=40)
        self.loose = make_film(self.edition, title="Loose", minutes=20)
        self.one = make_screening(self.great, EVENING, films=[self.lamp], title="Opening")
        self.client = client
        client.force_login(self.by.user)

    def post(self, name, *args, **data):
        address = reverse(f"premiere:{name}", args=["spring", *args])
        return self.client.post(address, {"day": "2027-04-16"} | data, headers=PART)

    def move(self, hall, minute, seen=None, one=None):
        row = Screening.objects.get(pk=(one or self.one).pk)
        seen = row.revision if seen is None else seen
        return self.post("board_move", row.code, hall=hall.pk, minute=minute, seen=seen)

    def where(self, one=None):
        row = Screening.objects.select_related("hall").get(pk=(one or self.one).pk)
        return row.hall, row.starts_at


def test_a_screening_is_moved_and_the_board_shows_it(client):
    table = Table(client)
    answer = table.move(table.small, 20 * 60 + 35)
    assert answer.status_code == 200
    assert table.where() == (table.small, EVENING + 95 * timedelta(minutes=1))
    text = answer.content.decode()
    assert text.lstrip().startswith("<div") and "20:35–21:15" in text
    night = table.move(table.small, 25 * 60)  # one in the night stands with the evening before
    assert table.where()[1] == EVENING + 6 * HOUR and "01:00–01:40" in night.content.decode()


def test_what_is_refused_is_said_and_changes_nothing(client):
    table = Table(client)
    other = make_screening(table.small, EVENING, films=[table.lamp], title="Taken")
    clash = table.move(table.small, 19 * 60 + 10)
    assert clash.status_code == 409 and "is taken by “Taken”" in clash.content.decode()
    assert table.where() == (table.great, EVENING)
    stale = table.move(table.small, 22 * 60, seen=0)
    assert stale.status_code == 409 and "while you had it open" in stale.content.decode()
    for minute in ("x", "-5", "99999", "²"):
        assert table.post("board_move", table.one.code, hall=table.great.pk, minute=minute).status_code == 400
    assert table.post("board_move", table.one.code, hall="0", minute="600").status_code == 404
    assert Change.objects.count() == 0 and other.code


def test_a_film_goes_into_a_screening_or_makes_a_new_one(client):
    table = Table(client)
    assert [one.title for one in board_queries.shelf(table.edition)] == ["Loose"]
    table.post("board_put", film=table.loose.code, into=table.one.code)
    assert table.one.items.count() == 2 and board_queries.shelf(table.edition) == []
    table.post("board_undo")
    assert table.one.items.count() == 1
    table.post("board_put", film=table.loose.code, hall=table.small.pk, minute=21 * 60)
    made = Screening.objects.exclude(pk=table.one.pk).get()
    assert (made.hall, made.starts_at, made.title["en"]) == (table.small, EVENING + 2 * HOUR, "Loose")
    table.post("board_put", film=table.loose.code, hall=table.small.pk, time="23:30")
    assert Screening.objects.filter(starts_at=EVENING + 4.5 * HOUR).exists()
    gone = table.post("board_put", film="NOFILM", into=table.one.code)
    assert gone.status_code == 409 and "not in the catalogue any more" in gone.content.decode()
    for odd in ("\x00", "x" * 5000, "é"):
        assert table.post("board_put", film=odd, into=table.one.code).status_code == 409
        assert table.post("board_put", film=table.loose.code, into=odd).status_code == 409
    clash = table.post("board_put", film=table.loose.code, hall=table.small.pk, minute=21 * 60 + 5)
    assert clash.status_code == 409 and Screening.objects.count() == 3  # nothing half made


def test_changes_are_taken_back_and_done_again_one_by_one(client):
    table = Table(client)
    table.move(table.small, 20 * 60)
    table.move(table.great, 21 * 60)
    assert table.where() == (table.great, EVENING + 2 * HOUR)
    table.post("board_undo")
    assert table.where() == (table.small, EVENING + HOUR)
    table.post("board_undo")
    assert table.where() == (table.great, EVENING)
    assert "nothing of yours to take back" in table.post("board_undo").content.decode()
    table.post("board_redo")
    table.post("board_redo")
    assert table.where() == (table.great, EVENING + 2 * HOUR)
    assert "nothing of yours to do again" in table.post("board_redo").content.decode()
    table.post("board_undo")
    table.move(table.small, 22 * 60)  # something new: what was taken back is gone
    assert journal.can_redo(table.edition, table.by) is None


def test_nobody_takes_back_what_is_not_hers_or_what_somebody_built_upon(client):
    table = Table(client)
    table.move(table.small, 20 * 60)
    assert journal.can_undo(table.edition, table.other) is None
    with journal.kept(edition=table.edition, kind="moved", by=table.other, at=NOW, code=table.one.code):
        actions.change_screening(screening=table.one, title={"en": "Theirs"}, at=NOW)
    refused = table.post("board_undo")
    assert refused.status_code == 409 and "has been changed since" in refused.content.decode()
    assert Screening.objects.get(pk=table.one.pk).title == {"en": "Theirs"}


def test_a_place_that_was_given_away_since_is_not_taken_back(client):
    table = Table(client)
    table.move(table.small, 20 * 60)
    make_screening(table.great, EVENING, films=[table.loose], title="Quick")
    refused = table.post("board_undo")
    assert refused.status_code == 409 and "given to something else" in refused.content.decode()
    assert table.where()[0] == table.small


def test_a_new_screening_that_is_public_since_is_not_taken_back(client):
    table = Table(client)
    table.post("board_put", film=table.loose.code, hall=table.small.pk, minute=21 * 60)
    make_release(table.edition)
    refused = table.post("board_undo")
    assert "Cancel it instead" in refused.content.decode() and Screening.objects.count() == 2


def test_others_see_that_the_table_is_newer_and_only_then_fetch_it(client, django_assert_max_num_queries):
    table = Table(client)
    board = reverse("premiere:board", args=["spring"])

    def ask(seen):
        return client.get(board, {"seen": seen, "day": "2027-04-16"}, headers=PART)

    seen = journal.newest(table.edition)
    with django_assert_max_num_queries(8):
        assert ask(seen).status_code == 204
    table.move(table.small, 20 * 60)
    fresh = ask(seen)
    assert fresh.status_code == 200 and "20:00–20:40" in fresh.content.decode()
    seen = journal.newest(table.edition)
    assert f'data-newest="{seen}"' in fresh.content.decode() and ask(seen).status_code == 204
    draft = release_actions.keep_draft(edition=table.edition, name="Then", by=table.by, at=NOW)
    release_actions.use_draft(draft=draft, by=table.by, at=NOW)
    assert ask(seen).status_code == 200 and ask("²").status_code == 200


def test_a_cancellation_that_is_taken_back_gives_back_the_rehearsals(client):
    table = Table(client)
    for hours in (3, 2):
        rehearsal_actions.plan_rehearsal(
            screening=table.one, starts_at=EVENING - hours * HOUR, minutes=30, at=NOW
        )
    before = snapshots.take(table.edition)
    page = reverse("premiere:cancel", args=["spring", table.one.code])
    client.post(page, {"reason_en": "Rain.", "reason_zh": "下雨。"})
    assert Rehearsal.objects.count() == 0 and Screening.objects.get().cancelled_at
    table.post("board_undo")
    assert snapshots.take(table.edition) == before
    table.post("board_redo")
    assert Rehearsal.objects.count() == 0 and Screening.objects.get().cancel_reason == {
        "en": "Rain.",
        "zh": "下雨。",
    }
    make_screening(table.great, EVENING - 3 * HOUR, films=[table.loose], title="In between")
    refused = table.post("board_undo")  # the place of a rehearsal was given away
    assert refused.status_code == 409 and Rehearsal.objects.count() == 0


def test_rehearsals_come_back_with_the_hall_and_one_that_was_planned_since_is_left_alone(client):
    table = Table(client)
    rehearsal_actions.plan_rehearsal(screening=table.one, starts_at=EVENING - 3 * HOUR, minutes=30, at=NOW)
    table.move(table.small, 19 * 60)
    assert Rehearsal.objects.get().hall == table.small
    table.post("board_undo")
    assert Rehearsal.objects.get().hall == table.great
    table.move(table.great, 20 * 60)
    rehearsal_actions.plan_rehearsal(screening=table.one, starts_at=EVENING - 2 * HOUR, minutes=30, at=NOW)
    table.post("board_undo")
    assert table.where() == (table.great, EVENING) and Rehearsal.objects.count() == 2


def test_a_draft_is_looked_at_beside_the_table(client):
    table = Table(client)
    make_screening(table.small, EVENING + DAY, films=[table.loose], title="Next day")
    draft = release_actions.keep_draft(edition=table.edition, name="Then", by=table.by, at=NOW)
    table.move(table.small, 21 * 60)
    board = beside_queries.beside(table.edition, draft, None)
    assert board.day == date(2027, 4, 16) and board.problems == 1  # the first day on which something differs
    shown = [
        (
            one.hall,
            one.version,
            [(block.top + board.top_hour * 60, block.changed, block.findings) for block in one.blocks],
        )
        for one in board.columns
    ]
    moved = "moved from 16 April 2027, 21:00 (Shanghai time) to 16 April 2027, 19:00 (Shanghai time); "
    moved += "now in House · Great, not in House · Small"
    assert shown == [
        ("Great", "On the table", []),
        ("Great", "Then", [(19 * 60, True, [moved])]),
        ("Small", "On the table", [(21 * 60, True, [])]),
        ("Small", "Then", []),
    ]
    address = reverse("premiere:board", args=["spring"])
    page = client.get(address, {"draft": draft.pk}).content.decode()
    assert "1 screening of this day differs." in page and "data-move" not in page and "moved from" in page
    same = client.get(address, {"draft": draft.pk, "day": "2027-04-17"}).content.decode()
    assert "On this day the two are the same." in same and same.count("Next day") == 2
    actions.delete_screening(screening=table.one)
    gone = client.get(address, {"draft": draft.pk}).content.decode()
    assert "new in the programme" in gone
    for odd in ("0", "x", "²", "9" * 30):
        assert client.get(address, {"draft": odd}).status_code == 404


def test_the_shelf_can_be_narrowed_to_what_its_films_have(client):
    table = Table(client)
    for number, (track, mood, minutes) in enumerate(
        (("Story", "calm", 4), ("Open", "", 12), ("Story", "calm", 25))
    ):
        make_film(table.edition, title=f"Film {number}", minutes=minutes, track={"en": track}, mood=mood)
    filters = board_queries.filters_of(board_queries.shelf(table.edition))
    assert filters == board_queries.Filters(["Open", "Story"], ["calm"], [5, 10, 15, 20])
    assert board_queries.filters_of([]) == board_queries.Filters([], [], [])
    page = client.get(reverse("premiere:board", args=["spring"])).content.decode()
    assert '<option value="5">up to 5 minutes</option>' in page


def test_what_does_not_fit_is_counted_and_what_stays_is_ticked(client):
    table = Table(client)
    Screening.objects.filter(pk=table.one.pk).update(premiere="world")
    page = client.get(reverse("premiere:board", args=["spring"])).content.decode()
    assert "1 thing does not fit on this day" in page and f'name="stay" value="{table.one.code}">' in page
    table.edition.proposals.create(
        state="nothing", mode="new", wishes={"stay": [table.one.code]}, asked_at=NOW, heard_at=NOW, problem={}
    )
    page = client.get(reverse("premiere:board", args=["spring"])).content.decode()
    assert f'name="stay" value="{table.one.code}" checked>' in page
    make_release(table.edition)
    assert 'name="stay"' not in client.get(reverse("premiere:board", args=["spring"])).content.decode()


def test_days_hours_and_what_does_not_fit_are_on_the_board(client):
    table = Table(client)
    table.great.openings.create(opens_at=EVENING - HOUR, closes_at=EVENING + 7 * HOUR)
    make_screening(table.small, EVENING + DAY, films=[table.loose], title="Next day")
    Screening.objects.filter(pk=table.one.pk).update(premiere="world")
    board = board_queries.board(table.edition, date(2027, 4, 16))
    assert [one.isoformat() for one in board.days] == ["2027-04-16", "2027-04-17"]
    assert (board.top_hour, board.labels[0], board.labels[-1]) == (10, "10:00", "01:00")
    great, small = board.columns
    assert great.open == [(8 * 60, 16 * 60)] and small.blocks == []
    assert small.open == [(0, 16 * 60)]  # without hours of its own it is always open
    [block] = great.blocks
    assert (block.top, block.minutes, block.busy, block.films) == (540, 40, 60, ["Lamp"])
    assert block.findings == ["It is a premiere, and there is no technical rehearsal before it."]
    assert not block.stops and board.problems == 1
    page = client.get(reverse("premiere:board", args=["spring"]), {"day": "2027-04-17"}).content.decode()
    assert "Next day" in page and "Opening" not in page.split("board__body")[1]


def test_the_clock_of_a_day_on_which_clocks_change():
    edition = make_edition("berlin", time_zone="Europe/Berlin")
    hall = make_hall(edition)
    evening = datetime(2027, 3, 28, 18, tzinfo=UTC)  # 20:00, in summer time since the morning
    make_screening(hall, evening, films=[make_film(edition, minutes=60)])
    board = board_queries.board(edition, date(2027, 3, 28))
    [block] = board.columns[0].blocks
    assert block.top == (20 - board.top_hour) * 60
    assert board_queries.moment_on(edition, date(2027, 3, 28), 20 * 60) == evening


def test_the_board_asks_as_often_for_many_as_for_few():
    asked = []
    for number in (1, 4):
        edition = make_edition()
        for place in range(number):
            hall = make_hall(edition)
            hall.openings.create(opens_at=EVENING - HOUR, closes_at=EVENING + 5 * HOUR)
            make_screening(
                hall, EVENING + place * HOUR, films=[make_film(edition) for _film in range(number)]
            )
            make_film(edition)
        with CaptureQueriesContext(connection) as made:
            board_queries.board(edition, date(2027, 4, 16))
            board_queries.shelf(edition)
        draft = edition.drafts.create(name="Then", at=NOW, document=snapshots.take(edition))
        with CaptureQueriesContext(connection) as beside:
            beside_queries.beside(edition, draft, date(2027, 4, 16))
        asked.append((len(made), len(beside)))
    assert asked[0] == asked[1]


def test_what_is_refused_inside_leaves_no_line():
    edition = make_edition("spring")
    by = make_member(edition, Role.ORGANISER)
    one = make_screening(make_hall(edition), EVENING, films=[make_film(edition)])
    with pytest.raises(Refused), journal.kept(edition=edition, kind="changed", by=by, at=NOW, code=one.code):
        actions.change_screening(screening=one, title={"en": "Half"}, at=NOW)
        raise Refused("no")
    assert Change.objects.count() == 0
    assert Screening.objects.get(pk=one.pk).title["en"] == "Shorts"
