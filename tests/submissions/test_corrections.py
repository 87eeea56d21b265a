"""Corrections of submitted entries: named fields only, until a moment, with old and new on record."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from festival.edition.actions import add_member
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
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
    grant_correction,
    refuse_correction,
    take_back,
)
from submissions.correction_fields import correctable
from submissions.correction_queries import outdated_in_catalogue
from submissions.correction_saves import save_correction, seen_of
from submissions.correction_words import ChangeView, DiffLine, PartView, change_views
from submissions.credit_actions import save_credits
from submissions.credit_people import Person
from submissions.models import Attachment, Correction, CorrectionChange, Entry, Event, Upload
from submissions.question_actions import Words, change_question, save_answers
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

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def entrant_of(entry: Entry) -> Actor:
    return actor_of(entry.entrant)


def an_entry(edition: Edition | None = None, **fields: Any) -> Entry:
    return make_entry(edition or make_edition(), **{"title": "Lamp", "ai_statement": "By hand."} | fields)


def an_organiser(entry: Entry) -> Actor:
    return make_member(entry.edition, Role.ORGANISER)


def ask(entry: Entry, *names: str, message: str = "A slip of the pen.") -> Correction:
    return ask_correction(
        entry=entry, names=list(names or ("title",)), message=message, by=entrant_of(entry), at=timezone.now()
    )


def grant(
    entry: Entry, *names: str, by: Actor | None = None, at: datetime | None = None, **more: Any
) -> Correction:
    at = at or timezone.now()
    more = {"until": at + 3 * DAY} | more
    return grant_correction(
        entry=entry, names=list(names or ("title",)), by=by or an_organiser(entry), at=at, **more
    )


def save(entry: Entry, *, at: datetime | None = None, seen: str | None = None, **values: Any) -> None:
    save_correction(entry=entry, values=values, by=entrant_of(entry), at=at or timezone.now(), seen=seen)


def code_of(doing: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        doing()
    return refused.value.code


def on_record(entry: Entry) -> list[tuple[str, Any, Any]]:
    rows = CorrectionChange.objects.filter(correction__entry=entry)
    return list(rows.order_by("pk").values_list("field", "before", "after"))


def views(entry: Entry, *, addresses: bool = True) -> list[ChangeView]:
    return change_views(
        CorrectionChange.objects.filter(correction__entry=entry), entry.edition, addresses=addresses
    )


def kinds_of(entry: Entry) -> list[str]:
    return list(entry.events.order_by("pk").values_list("kind", flat=True))


def test_what_can_be_corrected_is_what_the_edition_asks() -> None:
    edition = make_edition(
        form={"fields": {"year": "hidden", "genre": "hidden"}, "files": {"stills_most": 0}}
    )
    now, track = timezone.now(), edition.tracks.get()
    other = edition.tracks.create(slug="other", name={"en": "Other"})
    why = make_question(edition, tracks=[track])
    make_question(edition, tracks=[other])
    make_question(edition, "file")
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
        *("file_document", "file_evidence"),
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
    assert render(told.get()).subject == f"{entry.code}: a correction is asked for"
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
        lambda: attachment_actions.assert_awaited(kind="trailer", **usual),
        lambda: attachment_actions.assert_awaited(kind="rights", **usual),
        lambda: subtitle_actions.add_subtitles(language="fr", filename="a.srt", data=b"1", **usual),
        lambda: subtitle_actions.remove_subtitles(pk=subtitles.pk, **usual),
        lambda: attachment_actions.order_attachments(kind=KINDS["document"], order=[], **usual),
    ]
    assert [code_of(doing) for doing in closed] == ["not_granted"] * 7
    attachment_actions.remove_attachment(pk=still.pk, **usual)
    assert [name for name, _before, after in on_record(entry)] == ["file_still"]
    later = usual | {"at": now + 4 * DAY}
    code = code_of(lambda: attachment_actions.assert_awaited(kind="still", **later))
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


COLUMNS = [
    ("title", "Lamp", "灯", "Lamp", "灯"),
    ("title_en", "", "The Lamp", "", "The Lamp"),
    ("director", "Ann", "Bo", "Ann", "Bo"),
    ("country", "CN", "FR, DE", "China", "France, Germany"),
    ("language", "zh", "zxx", "Chinese", "No dialogue"),
    ("subtitle_languages", "en", "", "English", ""),
    ("year", 2024, 2025, "2024", "2025"),
    ("running_time", 90, 95, "1:30", "1:35"),
    ("genre", "fiction", "essay", "Fiction", "Essay film"),
    ("premiere", "", "world", "", "Not shown anywhere yet"),
    ("showings", "Berlin", "", "Berlin", ""),
    ("ai_statement", "By hand.", "By Kling.", "By hand.", "By Kling."),
]


@pytest.mark.parametrize(("name", "before", "after", "old", "new"), COLUMNS)
def test_a_column_on_record_and_in_words(name: str, before: Any, after: Any, old: str, new: str) -> None:
    entry = an_entry(**{name: before})
    grant(entry, name)
    save(entry, **{name: after})
    entry.refresh_from_db()
    assert getattr(entry, name) == after
    assert on_record(entry) == [(name, before, after)]
    assert [view.parts for view in views(entry)] == [(PartView("", old, new),)]


def test_a_long_text_is_shown_line_by_line() -> None:
    entry = an_entry(showings="Berlin 2024\nParis 2024\nRome 2025")
    grant(entry, "showings")
    save(entry, showings="Berlin 2024\nParis 2025\nRome 2025\nOslo 2025")
    assert views(entry)[0].parts[0].lines == (
        DiffLine("same", "Berlin 2024"),
        DiffLine("out", "Paris 2024"),
        DiffLine("in", "Paris 2025"),
        DiffLine("same", "Rome 2025"),
        DiffLine("in", "Oslo 2025"),
    )


def test_a_synopsis_is_shown_by_language() -> None:
    entry = an_entry(synopsis={"en": "A lamp.", "zh": "一盏灯。"})
    grant(entry, "synopsis")
    save(entry, synopsis={"en": "A lamp.", "zh": "一盏旧灯。"})
    assert on_record(entry) == [
        ("synopsis", {"en": "A lamp.", "zh": "一盏灯。"}, {"en": "A lamp.", "zh": "一盏旧灯。"})
    ]
    assert views(entry) == [ChangeView("Synopsis", (PartView("Chinese", "一盏灯。", "一盏旧灯。"),))]
    with translation.override("zh-hans"):
        assert views(entry) == [ChangeView("剧情简介", (PartView("中文", "一盏灯。", "一盏旧灯。"),))]


OPTIONS = ({"key": "o1", "en": "Red", "zh": "红"}, {"key": "o2", "en": "Blue", "zh": "蓝"})


@pytest.mark.parametrize(
    ("kind", "before", "after", "old", "new"),
    [
        ("line", "So.", "Otherwise.", "So.", "Otherwise."),
        ("text", None, "So.", "", "So."),
        ("number", 3, None, "3", ""),
        ("date", "2026-03-31", "2026-04-01", "31 March 2026", "1 April 2026"),
        ("yes_no", True, False, "Yes", "No"),
        ("choice", "o1", "o2", "Red", "Blue"),
        ("choices", ["o1"], ["o1", "o2"], "Red", "Red, Blue"),
        ("url", "https://a.example", "https://b.example", "https://a.example", "https://b.example"),
    ],
)
def test_an_answer_on_record_keeps_the_words_it_was_given_to(
    kind: str, before: Any, after: Any, old: str, new: str
) -> None:
    edition = make_edition()
    question = make_question(edition, kind, "Which?", options=OPTIONS if kind.startswith("choice") else ())
    entry = an_entry(edition)
    save_answers(entry=entry, values={question.pk: before})
    name = f"q{question.pk}"
    grant(entry, name)
    save(entry, **{name: after})
    assert list(entry.answers.values_list("value", flat=True)) == ([] if after is None else [after])
    ((field, was, now),) = on_record(entry)
    assert (field, was and was["value"], now and now["value"]) == (name, before, after)
    # Asked otherwise since, the record still says what was asked and chosen.
    words = Words(text={"en": "What else?"}, options=[{"key": "o9", "en": "Green", "zh": "绿"}])
    change_question(
        question=question, kind=kind, words=words, by=an_organiser(entry), at=timezone.now(), required=False
    )
    assert views(entry) == [ChangeView("Which?", (PartView("", old, new),))]


def test_lines_of_the_statement_on_record_and_judged_anew() -> None:
    rulebook = "[ai]\nmin_tools = 2\n"
    entry = an_entry(make_edition(rulebook=rulebook))
    kling, suno = Use("video", "kling", share=90), Use("music", "suno", human="Chose the takes.")
    make_uses(entry, kling)
    assert entry.statement_findings.count() == 1
    grant(entry, "uses")
    save(entry, uses=[kling, suno])
    assert entry.statement_findings.count() == 0
    assert on_record(entry) == [("uses", [asdict(kling)], [asdict(kling), asdict(suno)])]
    assert views(entry)[0].parts[0].lines == (
        DiffLine("same", "Video: Kling 90%"),
        DiffLine("in", "Music: Suno – Chose the takes."),
    )
    save(entry, uses=[suno])
    assert entry.statement_findings.count() == 1


def test_credits_on_record_with_the_direction_that_follows_them() -> None:
    entry = an_entry(director="Ann")
    ann = Person(name="Ann", roles=("director",), email="ann@example.org", is_representative=True)
    make_credits(entry, ann, Person(name="Bo", roles=("music",)))
    grant(entry, "credits")
    anne = Person(name="Anne", roles=("director",), email="ann@example.org", is_representative=True)
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    save_credits(people=[anne, Person(name="Bo", roles=("music",))], **usual)
    record = on_record(entry)
    assert [name for name, _before, _after in record] == ["credits", "director"]
    assert [person["name"] for person in record[0][2]] == ["Anne", "Bo"]
    assert record[1] == ("director", "Ann", "Anne")
    assert views(entry)[1].parts[0].lines == (
        DiffLine("out", "Ann (Direction) · ann@example.org · represents the team"),
        DiffLine("in", "Anne (Direction) · ann@example.org · represents the team"),
        DiffLine("same", "Bo (Music)"),
    )
    assert views(entry, addresses=False)[1].parts[0].lines[0].text == "Ann (Direction) · represents the team"


def test_an_address_that_a_reader_may_not_see_is_not_in_the_diff() -> None:
    entry = an_entry()
    ann = {"name": "Ann", "roles": ("director",), "is_representative": True}
    make_credits(entry, Person(**ann, email="old@example.org"))
    grant(entry, "credits")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    save_credits(people=[Person(**ann, email="new@example.org")], **usual)
    assert views(entry, addresses=False) == [
        ChangeView("Credits", (), "Only an e-mail address was changed, which the organisers see.")
    ]
    assert views(entry)[0].parts == (
        PartView(
            "",
            "Ann (Direction) · old@example.org · represents the team",
            "Ann (Direction) · new@example.org · represents the team",
        ),
    )


def test_subtitle_files_on_record() -> None:
    entry = an_entry()
    old = make_subtitles(entry, "en", filename="old.srt")
    grant(entry, "subtitles")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    subtitle_actions.add_subtitles(language="en", filename="new.srt", data=b"new", **usual)
    new = entry.subtitle_files.select_related("asset").get()
    assert on_record(entry) == [
        (
            "subtitles",
            [{"language": "en", "filename": "old.srt", "sha256": old.asset.sha256}],
            [{"language": "en", "filename": "new.srt", "sha256": new.asset.sha256}],
        )
    ]
    assert views(entry)[0].parts[0].after == f"English · new.srt · SHA-256 {new.asset.sha256[:12]}"
    subtitle_actions.remove_subtitles(pk=new.pk, **usual)
    assert on_record(entry)[1][2] == []
    assert views(entry)[0].parts == (PartView("", f"English · old.srt · SHA-256 {old.asset.sha256[:12]}"),)


def upload_of(entry: Entry, purpose: str) -> Upload:
    now = timezone.now()
    return Upload.objects.create(
        entry=entry,
        user=entry.entrant,
        purpose=purpose,
        filename="new.jpg",
        size=10,
        part_size=10,
        fingerprint=purpose,
        created_at=now,
        expires_at=now + DAY,
    )


@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_takes_the_place_of_another_on_record(late: bool) -> None:
    """It was sent in time; a worker reads it then, or when the correction is over."""
    entry = an_entry()
    old = make_attachment(entry, "poster_wide", filename="old.jpg")
    row = grant(entry, "file_poster_wide")
    now = timezone.now()
    sent = attachment_actions.take_upload(
        upload=upload_of(entry, "poster_wide"), entry=entry, by=entrant_of(entry), at=now
    )
    if late:
        close_correction(entry=entry, by=an_organiser(entry), at=now)
    claimed = attachment_actions.claim(pk=sent.pk, at=now)
    assert claimed is not None
    attachment_actions.record_original(row=claimed, sha256="f" * 64, size=10, key="originals/f.jpg", at=now)
    attachment_actions.record_ready(row=claimed, facts=old.facts, folder="pictures/f-1", at=now)
    before = {"filename": "old.jpg", "size": 10, "sha256": old.asset.sha256}  # type: ignore[union-attr]
    waits = {"filename": "new.jpg", "size": 10, "sha256": "", "state": "waiting"}
    after = {"filename": "new.jpg", "size": 10, "sha256": "f" * 64}
    assert on_record(entry) == [
        ("file_poster_wide", [before], [before, waits]),
        ("file_poster_wide", [before, waits | {"sha256": "f" * 64}], [after]),
    ]
    assert views(entry)[0].parts == (
        PartView(
            "", f"old.jpg · 10 B · SHA-256 {before['sha256'][:12]}", f"new.jpg · 10 B · SHA-256 {'f' * 12}"
        ),
    )
    events = Event.objects.filter(entry=entry, kind="corrected").order_by("pk")
    assert [event.actor for event in events] == [entry.entrant, None]
    assert list(row.changes.values_list("field", flat=True)) == ["file_poster_wide"] * 2


def test_a_worker_records_nothing_for_a_file_that_was_there_before() -> None:
    entry = an_entry()
    waiting = make_attachment(entry, "still", state="waiting")
    Attachment.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - DAY)
    grant(entry, "file_still")
    attachment_actions.record_refusal(pk=waiting.pk, code="broken", at=timezone.now())
    assert on_record(entry) == []


def test_a_drafts_saves_are_not_recorded() -> None:
    entry = an_entry(make_edition(call_open=True), state="draft")
    usual: dict[str, Any] = {"entry": entry, "by": entrant_of(entry), "at": timezone.now()}
    save_credits(people=[Person(name="Ann", roles=("director",))], **usual)
    attachment_actions.remove_attachment(pk=make_attachment(entry).pk, **usual)
    assert on_record(entry) == []


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
