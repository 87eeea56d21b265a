"""Versions: what the public reads, what is new in words, drafts beside the table, and the way back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.roles import Role
from festival.post.models import Notice
from festival.premiere import actions, publishing, release_actions, snapshots, version_queries
from festival.premiere.change_words import words_for
from festival.premiere.models import Draft, Item, Release, Screening
from tests.factories import make_co_author, make_edition, make_entry, make_member, make_user
from tests.shows import make_film, make_hall, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WHY = {"en": "The projector is broken.", "zh": "放映机故障。"}


class Desk:
    """Two halls, two films of entrants, a screening of each at the same hour."""

    def __init__(self) -> None:
        self.edition = make_edition("spring", time_zone="Asia/Shanghai")
        self.by = make_member(self.edition, Role.ORGANISER, "Organiser")
        self.great = make_hall(self.edition, turnaround=20, name="Great Hall")
        self.small = make_hall(self.edition, turnaround=20, name="Small Hall")
        self.entries = [make_entry(self.edition, title=f"Title {letter}") for letter in "AB"]
        self.films = [
            make_film(self.edition, title=entry.title, source=entry.code, minutes=20)
            for entry in self.entries
        ]
        self.one = make_screening(self.great, EVENING, films=[self.films[0]], title="First")
        self.two = make_screening(self.small, EVENING, films=[self.films[1]], title="Second")

    def release(self, at=NOW, **more):
        return release_actions.make_release(
            edition=self.edition, note=more.pop("note", {}), by=self.by, at=at, **more
        )

    def change(self, screening, at=NOW, **fields):
        return actions.change_screening(screening=screening, at=at, **fields)

    def table(self):
        rows = Screening.objects.filter(edition=self.edition).select_related("hall")
        return {say(row.title): (say(row.hall.name), row.starts_at, bool(row.cancelled_at)) for row in rows}

    def public(self):
        found = publishing.in_force(self.edition)
        names = {hall.code: hall.name.said("en") for hall in found.halls}
        return {
            one.title.said("en"): (names[one.hall], one.starts_at, one.cancelled) for one in found.screenings
        }

    def lines(self, release):
        return version_queries.lines_of(release, words_for(self.edition))


def refused(doing, code):
    with pytest.raises(Refused) as caught:
        doing()
    assert caught.value.code == code, caught.value


def test_the_public_has_what_was_released_and_nothing_of_the_work_since():
    desk = Desk()
    assert publishing.in_force(desk.edition) is None
    first = desk.release()
    assert (first.number, desk.public()["First"]) == (1, ("Great Hall", EVENING, False))
    desk.change(desk.one, starts_at=EVENING + 2 * HOUR)
    assert desk.public()["First"] == ("Great Hall", EVENING, False)
    desk.release(NOW + HOUR)
    assert desk.public()["First"] == ("Great Hall", EVENING + 2 * HOUR, False)
    assert publishing.in_force(desk.edition).version == 2


def test_sequences_grow_for_what_changed_alone_and_codes_stay():
    desk = Desk()
    before = {one.code: one.sequence for one in _programme(desk.release()).screenings}
    desk.change(desk.one, starts_at=EVENING + 2 * HOUR)
    desk.change(desk.one, starts_at=EVENING + 3 * HOUR)  # twice in one release is one change
    after = {one.code: one for one in _programme(desk.release(NOW + HOUR)).screenings}
    assert before == {desk.one.code: 0, desk.two.code: 0}
    assert {code: one.sequence for code, one in after.items()} == {desk.one.code: 1, desk.two.code: 0}
    assert after[desk.one.code].changed_at == NOW + HOUR and after[desk.two.code].changed_at == NOW


def _programme(release):
    return publishing.from_json(release.programme)


def test_the_change_log_says_it_in_words():
    desk = Desk()
    desk.release()
    desk.change(desk.one, starts_at=EVENING + HOUR, hall=desk.small)
    other = make_film(desk.edition, title="Title C", minutes=5)
    with pytest.raises(Refused):
        desk.change(desk.two, starts_at=EVENING + HOUR)
    desk.change(desk.two, hall=desk.great)
    actions.add_film(screening=desk.two, film=other, at=NOW)
    new = make_screening(desk.great, EVENING + 5 * HOUR, films=[other], title="Third")
    assert desk.lines(desk.release(NOW + HOUR)) == [
        "“Second”: now in House · Great Hall, not in House · Small Hall; with “Title C”; ends at 19:25 now",
        (
            "“First”: moved from 16 April 2027, 19:00 (Shanghai time) to 16 April 2027, 20:00 (Shanghai time); "
            "now in House · Small Hall, not in House · Great Hall"
        ),
        "“Third”: new in the programme",
    ]
    assert new.code in {one["code"] for one in Release.objects.first().changes}


def test_nothing_new_and_nothing_to_show_are_refused():
    desk = Desk()
    desk.release()
    refused(lambda: desk.release(NOW + HOUR), "same")
    empty = make_screening(desk.great, EVENING + 5 * HOUR, films=[], title="Empty")
    refused(lambda: desk.release(NOW + HOUR), "check_empty")
    release_actions.hold_back(screening=empty, held=True, by=desk.by, at=NOW)
    refused(lambda: desk.release(NOW + HOUR), "same")
    assert Release.objects.count() == 1
    with pytest.raises(Refused) as caught:
        release_actions.make_release(
            edition=desk.edition, note={}, by=make_member(desk.edition, Role.JUDGE), at=NOW
        )
    assert caught.value.status == 403


def test_what_is_held_back_is_nowhere_and_what_was_public_cannot_be():
    desk = Desk()
    release_actions.hold_back(screening=desk.two, held=True, by=desk.by, at=NOW)
    release = desk.release()
    assert set(desk.public()) == {"First"} and "Second" not in str(release.changes)
    assert "Title B" not in str(release.programme)
    refused(lambda: release_actions.hold_back(screening=desk.one, held=True, by=desk.by, at=NOW), "public")
    release_actions.hold_back(screening=desk.two, held=False, by=desk.by, at=NOW)
    assert desk.lines(desk.release(NOW + HOUR)) == ["“Second”: new in the programme"]


def test_a_cancelled_screening_stays_in_the_programme_as_such():
    desk = Desk()
    desk.release()
    actions.cancel_screening(screening=desk.one, reason=WHY, at=NOW)
    release = desk.release(NOW + HOUR)
    assert desk.public()["First"] == ("Great Hall", EVENING, True)
    assert desk.lines(release) == ["“First”: cancelled: The projector is broken."]
    never = make_screening(desk.great, EVENING + 9 * HOUR, films=[desk.films[0]], title="Never")
    actions.cancel_screening(screening=never, reason=WHY, at=NOW)
    refused(lambda: desk.release(NOW + 2 * HOUR), "same")


def test_makers_are_told_of_their_own_film_and_no_other():
    desk = Desk()
    author = make_user()
    make_co_author(desk.entries[0], author)
    desk.release()
    first = Notice.objects.filter(kind="screening_news")
    assert set(first.values_list("user_id", "values__code")) == {
        (desk.entries[0].entrant_id, desk.entries[0].code),
        (author.pk, desk.entries[0].code),
        (desk.entries[1].entrant_id, desk.entries[1].code),
    }
    said = first.get(user=author).values["showings"]
    assert said["en"] == (
        "16 April 2027, 19:00 (Shanghai time), House · Great Hall · “First”: new in the programme"
    )
    assert "Great Hall" in said["zh"]
    Notice.objects.all().delete()
    actions.remove_item(item=desk.two.items.get(), at=NOW)
    actions.add_film(screening=desk.two, film=desk.films[0], at=NOW)
    desk.change(desk.two, starts_at=EVENING + 2 * HOUR)
    desk.change(desk.one, title={"en": "Premiere"})
    desk.release(NOW + HOUR)
    texts = dict(
        Notice.objects.filter(kind="screening_news").values_list("values__code", "values__showings__en")
    )
    assert set(texts) == {entry.code for entry in desk.entries}
    assert "with “Title A”" in texts[desk.entries[0].code] and "Title B" not in texts[desk.entries[0].code]
    assert "without “Title B”" in texts[desk.entries[1].code] and "Title A" not in texts[desk.entries[1].code]


def test_a_draft_is_kept_compared_and_put_on_the_table_without_the_public_seeing_it():
    desk = Desk()
    desk.release()
    draft = release_actions.keep_draft(edition=desk.edition, name="  Plan   A ", by=desk.by, at=NOW)
    # The two exchange halls: no moment at which both are in one may refuse the way back.
    desk.change(desk.one, starts_at=EVENING + 3 * HOUR)
    desk.change(desk.two, hall=desk.great)
    desk.change(desk.one, starts_at=EVENING, hall=desk.small)
    table = version_queries.version_of(desk.edition, "table")
    kept = version_queries.version_of(desk.edition, f"draft-{draft.pk}")
    pairs = version_queries.pairs(desk.edition, table, kept, only_changed=True)
    assert {say(pair.after.title): pair.what for pair in pairs} == {
        "First": "now in House · Great Hall, not in House · Small Hall",
        "Second": "now in House · Small Hall, not in House · Great Hall",
    }
    assert not release_actions.use_draft(draft=draft, by=desk.by, at=NOW)
    assert desk.table() == {
        "First": ("Great Hall", EVENING, False),
        "Second": ("Small Hall", EVENING, False),
    }
    assert list(Draft.objects.values_list("name", "origin")) == [
        ("Before “Plan A”", "before"),
        ("Plan A", "kept"),
    ]
    release_actions.use_draft(draft=Draft.objects.first(), by=desk.by, at=NOW)
    assert desk.table()["First"] == ("Small Hall", EVENING, False)
    refused(lambda: release_actions.keep_draft(edition=desk.edition, name=" ", by=desk.by, at=NOW), "name")


def test_everything_of_a_timetable_comes_back_from_a_draft():
    desk = Desk()
    actions.add_other(screening=desk.one, kind="qa", seconds=600, title={"en": "Questions"}, at=NOW)
    Screening.objects.filter(pk=desk.two.pk).update(
        repeat_of=desk.one, host={"en": "Li"}, ticket_note={"en": "Free"}, spoken="zh", subtitles="en",
        min_age=12, premiere="world", note={"zh": "注"}, held=True,
    )  # fmt: skip
    document = snapshots.take(desk.edition)
    draft = release_actions.keep_draft(edition=desk.edition, name="All", by=desk.by, at=NOW)
    Screening.objects.filter(edition=desk.edition).delete()
    release_actions.use_draft(draft=draft, by=desk.by, at=NOW)
    assert snapshots.take(desk.edition) == document
    assert Screening.objects.get(code=desk.two.code).repeat_of == Screening.objects.get(code=desk.one.code)
    assert list(Item.objects.filter(screening__code=desk.one.code).values_list("position", "kind")) == [
        (1, "film"), (2, "qa"),
    ]  # fmt: skip


def test_what_is_no_longer_there_is_said():
    desk = Desk()
    draft = release_actions.keep_draft(edition=desk.edition, name="Then", by=desk.by, at=NOW)
    Screening.objects.filter(edition=desk.edition).delete()
    desk.films[0].delete()
    desk.small.delete()
    lost = release_actions.use_draft(draft=draft, by=desk.by, at=NOW)
    assert (lost.screenings, lost.films) == (["Second"], ["Title A"])
    assert desk.table() == {"First": ("Great Hall", EVENING, False)}


def test_the_way_back_is_a_new_version_and_loses_nothing():
    desk = Desk()
    first = desk.release()
    desk.change(desk.one, starts_at=EVENING + 2 * HOUR)
    later = make_screening(desk.great, EVENING + 6 * HOUR, films=[desk.films[0]], title="Late")
    desk.release(NOW + HOUR)
    refused(
        lambda: release_actions.go_back(release=Release.objects.first(), note={}, by=desk.by, at=NOW), "same"
    )
    Notice.objects.all().delete()
    third = release_actions.go_back(release=first, note={"en": "As it was."}, by=desk.by, at=NOW + 2 * HOUR)
    assert (third.number, third.back_to) == (3, 1)
    assert desk.public() == {
        "First": ("Great Hall", EVENING, False),
        "Second": ("Small Hall", EVENING, False),
        "Late": ("Great Hall", EVENING + 6 * HOUR, True),
    }
    sequences = {one.title.said("en"): one.sequence for one in _programme(third).screenings}
    assert sequences == {"First": 2, "Second": 0, "Late": 1}
    assert Draft.objects.get().origin == "before"
    assert later.code in str(Draft.objects.get().document)
    assert Notice.objects.filter(kind="screening_news").count() == 1  # only the first film's times changed


def test_the_pages_from_the_first_release_to_the_way_back(client):
    desk = Desk()
    client.force_login(desk.by.user)
    versions = reverse("premiere:versions", args=["spring"])
    page = client.get(versions).content.decode()
    assert "The first release" in page and "“First”: new in the programme" in page
    client.post(reverse("premiere:publish", args=["spring"]), {"note_en": "Here it is.", "note_zh": ""})
    release = Release.objects.get()
    assert release.note == {"en": "Here it is."}
    assert "Nothing has changed since the last release." in client.get(versions).content.decode()
    again = client.post(reverse("premiere:publish", args=["spring"]), {"note_en": "", "note_zh": ""})
    assert again.status_code == 409 and "Nothing has changed" in again.content.decode()
    desk.change(desk.one, starts_at=EVENING + 2 * HOUR)
    client.post(reverse("premiere:draft_keep", args=["spring"]), {"name": "Later"})
    draft = Draft.objects.get()
    compare = client.get(
        reverse("premiere:compare", args=["spring"]), {"a": "release-1", "b": f"draft-{draft.pk}"}
    ).content.decode()
    assert "moved from" in compare and "Put “Later” on the table" in compare
    for wrong in ("release-9", "draft-0", "x", "release-²", "draft-99999999999999999999"):
        assert client.get(reverse("premiere:compare", args=["spring"]), {"a": wrong}).status_code == 404
    client.post(reverse("premiere:publish", args=["spring"]), {"note_en": "", "note_zh": ""})
    back = reverse("premiere:go_back", args=["spring", 1])
    assert "moved from" in client.get(back).content.decode()
    client.post(back, {"note_en": "", "note_zh": ""})
    assert Release.objects.first().back_to == 1
    client.post(reverse("premiere:draft_use", args=["spring", draft.pk]))
    client.post(reverse("premiere:draft_delete", args=["spring", draft.pk]))
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_queries_of_a_release_and_of_a_way_back_do_not_grow():
    def cost(number):
        edition = make_edition(f"e{number}", time_zone="Asia/Shanghai")
        by = make_member(edition, Role.ORGANISER)
        hall = make_hall(edition)
        for one in range(number):
            entry = make_entry(edition)
            film = make_film(edition, source=entry.code)
            make_screening(hall, EVENING + one * 3 * HOUR, films=[film])
        with CaptureQueriesContext(connection) as asked:
            release = release_actions.make_release(edition=edition, note={}, by=by, at=NOW)
            Screening.objects.filter(edition=edition).update(title={"en": "Other"})
            release_actions.make_release(edition=edition, note={}, by=by, at=NOW)
            release_actions.go_back(release=release, note={}, by=by, at=NOW)
        return len(asked)

    assert cost(12) == cost(3)
