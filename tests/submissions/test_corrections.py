"""Corrections of submitted entries: named fields only, until a moment, with old and new on record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from festival.edition.actions import add_member
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from festival.post.words import render
from submissions import actions, attachment_actions, correction_actions, subtitle_actions
from submissions.attachment_kinds import KINDS
from submissions.catalogue_actions import put_in_catalogue
from submissions.correction_actions import (
    ask_correction,
    close_correction,
    end_all,
    finish_correction,
    refuse_correction,
    take_back,
)
from submissions.correction_fields import correctable
from submissions.correction_queries import outdated_in_catalogue
from submissions.correction_saves import save_correction, seen_of
from submissions.correction_words import ChangeView, PartView
from submissions.credit_actions import save_credits
from submissions.credit_people import Person
from submissions.models import Correction, Entry
from submissions.question_actions import save_answers
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_co_author,
    make_correction,
    make_credits,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_question,
    make_subtitles,
    make_user,
    make_uses,
)
from tests.submissions.correcting import (
    DAY,
    an_entry,
    an_organiser,
    ask,
    code_of,
    entrant_of,
    grant,
    kinds_of,
    on_record,
    save,
    views,
)

pytestmark = pytest.mark.django_db


def test_what_can_be_corrected_is_what_the_edition_asks() -> None:
    edition = make_edition(
        form={"fields": {"year": "hidden", "genre": "hidden"}, "files": {"stills_most": 0}}
    )
    now, track = timezone.now(), edition.tracks.get()
    other = edition.tracks.create(slug="other", name={"en": "Other"})
    why = make_question(edition, tracks=[track])
    make_question(edition, tracks=[other])
    paper = make_question(edition, "file")
    make_question(edition, asked="admitted", due_at=now + DAY)
    past = make_question(edition, asked="admitted", due_at=now - DAY)
    make_question(edition, asked="admitted")
    entry = make_entry(edition, track=track)
    names = [field.name for field in correctable(entry, now)]
    assert names == [
        *("title", "title_en", "synopsis"),
        *("director", "country", "language", "subtitle_languages", "running_time"),
        *("premiere", "showings"),
        *(f"q{why.pk}", f"q{past.pk}"),
        *("uses", "ai_statement"),
        "credits",
        *("subtitles", "file_poster_wide", "file_poster_tall", "file_portrait", "file_trailer"),
        *("file_document", "file_evidence", f"file_q{paper.pk}"),
    ]
    submitted = make_entry(edition, track=track, state="submitted")
    assert f"q{past.pk}" not in [field.name for field in correctable(submitted, now)]


def test_asked_granted_corrected_done() -> None:
    entry = an_entry()
    organiser, judging = an_organiser(entry), make_member(entry.edition, Role.ORGANISER)
    add_member(edition=entry.edition, user=judging.user, role=Role.JUDGE)
    own = make_member(entry.edition, Role.ORGANISER)
    make_co_author(entry, own.user)
    technician = make_member(entry.edition, Role.TECHNICIAN)
    row = ask(entry, "synopsis", "title")
    assert (row.state, row.asked, row.asked_by_id) == ("asked", ["title", "synopsis"], entry.entrant_id)
    # Told: who may decide; nobody who judges here, nobody of the film's own, no technician.
    told = Notice.objects.filter(kind="correction_asked")
    assert [notice.user for notice in told] == [organiser.user]
    assert render(told.get()).subject == "“Lamp”: a correction is asked for"
    assert "– Title of the film\n– Synopsis" in render(told.get()).body
    assert technician.user.notices.count() == 0
    at = timezone.now()
    until = datetime.fromisoformat("2031-03-02T00:00:00+00:00")
    with pytest.raises(Refused, match="60 days at most"):
        grant(entry, by=organiser, until=until, request=row.pk)
    grant(entry, "title", by=organiser, at=at, until=at + DAY, request=row.pk, reason="Only the title.")
    row.refresh_from_db()
    assert (row.state, row.granted, row.until, row.decided_by) == (
        "granted",
        ["title"],
        at + DAY,
        organiser.user,
    )
    letter = render(entry.entrant.notices.get(kind="correction_granted"))
    assert "– Title of the film" in letter.body
    assert "Synopsis" not in letter.body
    assert letter.body.endswith("Only the title.")
    save(entry, title="The lamp")
    save(entry, title="The lamp")  # nothing new, nothing on record
    save(entry, title="The Lamp")
    entry.refresh_from_db()
    assert entry.title == "The Lamp"
    assert on_record(entry) == [("title", "Lamp", "The lamp"), ("title", "The lamp", "The Lamp")]
    assert views(entry) == [ChangeView("Title of the film", (PartView("", "Lamp", "The Lamp"),))]
    finish_correction(entry=entry, by=entrant_of(entry), at=timezone.now())
    finish_correction(entry=entry, by=entrant_of(entry), at=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("done", entry.entrant)
    assert code_of(lambda: save(entry, title="Lamps")) == "not_a_draft"
    assert kinds_of(entry) == [
        "correction_asked",
        "correction_granted",
        "corrected",
        "corrected",
        "correction_done",
    ]


def test_asking_is_refused() -> None:
    draft, gone = an_entry(state="draft"), an_entry(state="withdrawn", submitted_at=timezone.now())
    assert [code_of(lambda one=one: ask(one)) for one in (draft, gone)] == ["not_allowed"] * 2
    entry = an_entry()
    with pytest.raises(Refused) as refused:
        ask_correction(
            entry=entry, names=["title"], message="Me.", by=actor_of(make_user()), at=timezone.now()
        )
    assert refused.value.status == 403
    assert code_of(lambda: ask(entry, message="  ")) == "no_message"
    for name in ("track", "state", "file_rights", "q1", "rights", "decision"):
        assert code_of(lambda name=name: ask(entry, "title", name)) == "bad_fields"
    for _time in range(correction_actions.MOST_A_DAY):
        ask(entry)
        assert code_of(lambda: ask(entry)) == "open"
        take_back(entry=entry, by=entrant_of(entry), at=timezone.now())
    assert code_of(lambda: ask(entry)) == "too_many"
    Correction.objects.update(asked_at=timezone.now() - 2 * DAY)
    assert ask(entry).state == "asked"


def test_deciding_is_refused() -> None:
    entry = an_entry()
    row = ask(entry)
    technician = make_member(entry.edition, Role.TECHNICIAN)
    own = make_member(entry.edition, Role.ORGANISER)
    make_co_author(entry, own.user)
    judge = make_member(entry.edition, Role.JUDGE)
    for by in (technician, own, judge, entrant_of(entry)):
        assert code_of(lambda by=by: grant(entry, by=by, request=row.pk)) == "not_allowed"
        refuse = {"entry": entry, "request": row.pk, "reason": "No.", "by": by, "at": timezone.now()}
        assert code_of(lambda refuse=refuse: refuse_correction(**refuse)) == "not_allowed"
    organiser = an_organiser(entry)
    refuse = {"entry": entry, "request": row.pk, "by": organiser, "at": timezone.now()}
    assert code_of(lambda: refuse_correction(**refuse, reason=" ")) == "reason_missing"
    for until in (timezone.now() - DAY, timezone.now() + 90 * DAY):
        assert code_of(lambda until=until: grant(entry, request=row.pk, until=until)) == "bad_until"
    # Only what was before the organiser's eyes is decided.
    for request in (None, row.pk + 1):
        assert code_of(lambda request=request: grant(entry, request=request)) == "refused"
    refuse_correction(**refuse, reason="The jury has seen it.")
    assert code_of(lambda: grant(entry, request=row.pk)) == "refused"
    assert "The jury has seen it." in render(entry.entrant.notices.get()).body
    row.refresh_from_db()
    assert (row.state, row.reason, row.until) == ("refused", "The jury has seen it.", None)
    assert code_of(lambda: save(entry, title="Lamps")) == "not_a_draft"


def test_an_organiser_opens_fields_without_being_asked_and_closes_them_early() -> None:
    entry = an_entry()
    organiser = an_organiser(entry)
    row = grant(entry, "country", by=organiser)
    assert (row.state, row.asked, row.message) == ("granted", [], "")
    assert code_of(lambda: grant(entry, by=organiser)) == "refused"
    assert code_of(lambda: ask(entry)) == "open"
    save(entry, country="CN, FR")
    close_correction(entry=entry, by=organiser, at=timezone.now(), reason="The programme is being printed.")
    again = {"entry": entry, "by": organiser, "at": timezone.now()}
    assert code_of(lambda: close_correction(**again)) == "refused"
    entry.refresh_from_db()
    assert entry.country == "CN, FR"
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("over", organiser.user)
    body = render(entry.entrant.notices.get(kind="correction_closed")).body
    assert "– Country or region\n\nThe programme is being printed." in body
    assert code_of(lambda: save(entry, country="FR")) == "not_a_draft"
    ask(entry)  # and anew


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_end_is_the_first_moment_that_is_too_late(seconds: int) -> None:
    entry = an_entry()
    row = grant(entry)
    assert row.until is not None
    at = row.until + timedelta(seconds=seconds)
    if seconds < 0:
        save(entry, at=at, title="The lamp")
        assert on_record(entry) == [("title", "Lamp", "The lamp")]
    else:
        assert code_of(lambda: save(entry, at=at, title="The lamp")) == "correction_over"
        assert on_record(entry) == []
    # What the row says follows later; then a new request can be made, and the entrant has been told.
    assert end_all(at=at) == (seconds >= 0)
    assert end_all(at=at) == 0
    row.refresh_from_db()
    assert row.state == ("over" if seconds >= 0 else "granted")
    assert entry.entrant.notices.filter(kind="correction_closed").count() == (seconds >= 0)
    if seconds >= 0:
        assert (row.closed_at, row.closed_by) == (row.until, None)
        assert "Nothing was changed." in render(entry.entrant.notices.get(kind="correction_closed")).body


def test_asking_again_does_not_wait_for_the_reaper() -> None:
    entry = an_entry()
    grant(entry, at=timezone.now() - 5 * DAY)
    assert ask(entry).state == "asked"
    assert sorted(entry.corrections.values_list("state", flat=True)) == ["asked", "over"]


@pytest.mark.parametrize("move", ["withdraw", "refuse"])
def test_an_entry_that_leaves_takes_its_correction_along(move: str) -> None:
    entry = an_entry(state="submitted")
    row, organiser = grant(entry), an_organiser(entry)
    now = timezone.now()
    if move == "withdraw":
        actions.withdraw(entry=entry, by=entrant_of(entry), at=now)
    else:
        actions.refuse(entry=entry, by=organiser, at=now, reason="Not yours.")
    row.refresh_from_db()
    assert (row.state, row.closed_at) == ("over", now)
    assert code_of(lambda: save(entry, title="Lamps")) == "not_a_draft"
    assert code_of(lambda: grant(entry)) == "not_running"


def test_nothing_but_what_was_granted_can_be_saved() -> None:
    entry = an_entry(country="CN")
    grant(entry, "title", "credits")
    for values in (
        {"country": "FR"},
        {"title": "Lamps", "country": "FR"},
        {"credits": []},
        {},
        {"state": "draft"},
    ):
        assert code_of(lambda values=values: save(entry, **values)) == "not_granted"
    assert code_of(lambda: save_correction(
        entry=entry, values={"title": "Mine"}, by=actor_of(make_user()), at=timezone.now()
    )) == "not_a_draft"  # fmt: skip
    entry.refresh_from_db()
    assert (entry.title, entry.country, on_record(entry)) == ("Lamp", "CN", [])


def test_parts_on_their_own_pages_open_by_name() -> None:
    entry = an_entry()
    make_credits(entry, Person(name="Ann", roles=("director",), is_representative=True))
    still, poster = make_attachment(entry), make_attachment(entry, "poster_wide")
    subtitles = make_subtitles(entry)
    grant(entry, "file_still")
    by, now = entrant_of(entry), timezone.now()
    usual: dict[str, Any] = {"entry": entry, "by": by, "at": now}
    closed: list[Callable[[], Any]] = [
        lambda: save_credits(people=[Person(name="Bo", roles=("director",))], **usual),
        lambda: attachment_actions.remove_attachment(pk=poster.pk, **usual),
        lambda: attachment_actions.assert_awaited(purpose="trailer", **usual),
        lambda: attachment_actions.assert_awaited(purpose="rights", **usual),
        lambda: subtitle_actions.add_subtitles(language="fr", filename="a.srt", data=b"1", **usual),
        lambda: subtitle_actions.remove_subtitles(pk=subtitles.pk, **usual),
        lambda: attachment_actions.order_attachments(kind=KINDS["document"], order=[], **usual),
    ]
    assert [code_of(doing) for doing in closed] == ["not_granted"] * 7
    attachment_actions.remove_attachment(pk=still.pk, **usual)
    assert [name for name, _before, after in on_record(entry)] == ["file_still"]
    later = usual | {"at": now + 4 * DAY}
    code = code_of(lambda: attachment_actions.assert_awaited(purpose="still", **later))
    assert code == "correction_over"


def test_what_the_edition_asks_for_cannot_be_emptied() -> None:
    edition = make_edition(form={"fields": {"year": "required"}, "credits": {"roles": ["director"]}})
    why = make_question(edition, required=True)
    entry = an_entry(edition, year=2025, synopsis={"en": "A lamp."})
    save_answers(entry=entry, values={why.pk: "So."})
    make_credits(entry, Person(name="Ann", roles=("director",), is_representative=True))
    make_uses(entry, Use("video", "kling"))
    grant(entry, "title", "year", "synopsis", f"q{why.pk}", "uses", "ai_statement", "credits")
    for values in (
        {"title": ""},
        {"year": None},
        {"synopsis": {}},
        {f"q{why.pk}": None},
        {"uses": [Use("video")]},
        {"uses": [], "ai_statement": ""},
    ):
        assert code_of(lambda values=values: save(entry, **values)) == "incomplete"
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    for people in (
        [],
        [Person(name="Ann", roles=("music",), is_representative=True)],
        [Person(roles=("director",))],
    ):
        assert code_of(lambda people=people: save_credits(people=people, **usual)) == "incomplete"
    assert on_record(entry) == []
    assert [person.name for person in entry.credits.all()] == ["Ann"]
    assert entry.answers.get().value == "So."


def test_what_was_missing_before_stands_in_nobodys_way() -> None:
    edition = make_edition()
    entry = an_entry(edition, year=None)
    edition.form = {"fields": {"year": "required"}}
    edition.save()
    grant(entry, "title", "year")
    save(entry, title="The lamp", year=None)
    assert on_record(entry) == [("title", "Lamp", "The lamp")]


def test_two_pages_do_not_overwrite_each_other_unseen() -> None:
    entry = an_entry(country="CN")
    row = grant(entry, "title", "country")
    seen = seen_of(entry, row)
    save(entry, seen=seen, title="The lamp", country="CN")
    assert code_of(lambda: save(entry, seen=seen, title="Lamp", country="FR")) == "changed"
    save(entry, seen=seen_of(entry, row), title="Lamp", country="FR")
    Entry.objects.filter(pk=entry.pk).update(updated_at=timezone.now())  # a move elsewhere is no conflict
    save(entry, seen=seen_of(entry, row), title="Lamp", country="DE")
    assert on_record(entry) == [
        ("title", "Lamp", "The lamp"),
        ("title", "The lamp", "Lamp"),
        ("country", "CN", "FR"),
        ("country", "FR", "DE"),
    ]
    assert [(view.label, view.parts[0].after) for view in views(entry)] == [("Country or region", "Germany")]


def test_the_programme_holds_the_old_text_until_it_is_put_in_again() -> None:
    entry = an_entry()
    make_inspection(entry)
    organiser, now = an_organiser(entry), timezone.now()

    def outdated() -> list[str]:
        return list(outdated_in_catalogue(entry.edition).values_list("code", flat=True))

    grant(entry, "title", "showings", by=organiser)
    save(entry, title="The lamp")
    assert outdated() == []  # not in the catalogue at all
    film = put_in_catalogue(entry=entry, by=organiser, at=now)
    save(entry, showings="Berlin")
    assert (film.title, outdated()) == ("The lamp", [])  # nothing that the catalogue holds
    save(entry, title="The Lamp")
    film.refresh_from_db()
    assert (film.title, outdated()) == ("The lamp", [entry.code])
    put_in_catalogue(entry=entry, by=organiser, at=now)
    film.refresh_from_db()
    assert (film.title, outdated()) == ("The Lamp", [])


@pytest.mark.parametrize(
    ("state", "broken"),
    [
        ("asked", {"message": ""}),
        ("asked", {"until": timezone.now()}),
        ("asked", {"decided_at": timezone.now()}),
        ("asked", {"closed_at": timezone.now()}),
        ("granted", {"until": None}),
        ("granted", {"decided_by": None}),
        ("granted", {"closed_at": timezone.now()}),
        ("refused", {"reason": ""}),
        ("refused", {"until": timezone.now()}),
        ("done", {"closed_at": None}),
        ("over", {"closed_at": None}),
        ("over", {"until": timezone.now()}),
        ("lost", {}),
    ],
)
def test_the_database_refuses_what_cannot_be(state: str, broken: dict[str, Any]) -> None:
    entry = an_entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_correction(entry, state=state, **broken)


def test_the_database_keeps_one_open_correction() -> None:
    entry = an_entry()
    for state in ("refused", "done", "over"):
        make_correction(entry, state=state)
    make_correction(entry, state="asked")
    for state in ("asked", "granted"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_correction(entry, state=state)
