"""Whose turn it is and until when, what is late, and what the entrant reads of the jury's watching."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from festival.edition.calendar import Calendar, calendar_of
from festival.edition.form_rules import FormRules, FormRulesError, PromiseRules, read_form
from festival.edition.models import Edition, Phase
from festival.people.roles import Role
from submissions.desk_filters import late
from submissions.models import Entry, Event
from submissions.service import Turn, turn_of, viewings_text
from submissions.status import status_of
from tests.factories import make_draft, make_edition, make_entry, make_inspection, make_member

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = FormRules(promises=PromiseRules(inspection_hours=24, decision_days=3))


def turn(entry: Entry, **more: Any) -> Turn | None:
    now = timezone.now()
    calendar = more.pop("calendar", None) or calendar_of(entry.edition_id, now)
    version = entry.versions.order_by("-number").first()
    inspection = version.inspections.order_by("-pk").first() if version else None
    return turn_of(entry, inspection, calendar, more.pop("rules", RULES))


def submitted(edition: Edition, *, ago: timedelta, **inspection: Any) -> Entry:
    """An entry that was submitted, and its inspection queued and finished, so long ago."""
    moment = timezone.now() - ago
    entry = make_entry(edition, state="submitted", submitted_at=moment)
    finished = {"finished_at": moment} if inspection.get("verdict") else {}
    made = make_inspection(entry, **({"state": "queued", "verdict": ""} | finished | inspection))
    type(made).objects.filter(pk=made.pk).update(queued_at=moment)
    return entry


def test_a_draft_is_its_entrants_until_the_deadline() -> None:
    entry = make_draft(make_edition(call_open=True))
    call = Phase.objects.get()
    assert turn(entry) == Turn("You", call.ends_at, mine=True)
    assert turn(entry, calendar=Calendar((call,), call.ends_at)) is None


def test_an_inspection_and_a_decision_have_their_time() -> None:
    edition = make_edition()
    waiting = submitted(edition, ago=HOUR)
    decided = submitted(edition, ago=HOUR, verdict="fix", state="done")
    assert turn(waiting) == Turn("The technical inspection", waiting.submitted_at + DAY)
    assert turn(decided) == Turn("The technicians", decided.submitted_at + 3 * DAY)
    assert turn(waiting, rules=FormRules(promises=PromiseRules(0, 0))) == Turn("The technical inspection")


def test_what_is_late_says_so_and_stands_in_the_desks_list() -> None:
    edition = make_edition()
    entries = {
        "waiting": submitted(edition, ago=HOUR),
        "late inspection": submitted(edition, ago=25 * HOUR),
        "deciding": submitted(edition, ago=2 * DAY, verdict="fix", state="done"),
        "late decision": submitted(edition, ago=4 * DAY, verdict="fix", state="done"),
        "admitted": make_entry(edition, submitted_at=timezone.now() - 9 * DAY),
    }
    make_entry(make_edition(), state="submitted", submitted_at=timezone.now() - 9 * DAY)
    told = {name for name, entry in entries.items() if (now := turn(entry)) and now.late}
    assert told == {"late inspection", "late decision"}
    assert set(late(edition, timezone.now())) == {entries[name] for name in told}
    client = Client()
    client.force_login(make_member(edition, Role.TECHNICIAN).user)
    page = html.unescape(client.get(f"/{edition.slug}/desk/entries/").content.decode())
    assert "2 entries are late" in page
    only = html.unescape(client.get(f"/{edition.slug}/desk/entries/?late=yes").content.decode())
    assert entries["late decision"].code in only and entries["waiting"].code not in only


def test_nothing_is_late_where_nothing_is_promised() -> None:
    edition = make_edition(form={"promises": {"inspection_hours": 0, "decision_days": 0}})
    submitted(edition, ago=90 * DAY)
    assert list(late(edition, timezone.now())) == []


def test_an_admitted_film_is_with_the_jury_until_its_end_and_then_with_the_organisers() -> None:
    entry = make_entry(make_edition())
    now = timezone.now()
    jury = Phase(kind="jury", starts_at=now - DAY, ends_at=now + DAY)
    assert turn(entry, calendar=Calendar((jury,), now)) == Turn("The jury", jury.ends_at)
    assert turn(entry, calendar=Calendar((jury,), now + DAY)) == Turn("The organisers")


def test_where_nothing_is_judged_nobody_waits_for_a_jury() -> None:
    entry = make_entry(make_edition())
    now = timezone.now()
    premiere = Phase(kind="premiere", starts_at=now + DAY, ends_at=now + 2 * DAY)
    jury = Phase(kind="jury", starts_at=now + DAY, ends_at=now + 2 * DAY)
    shown = status_of(entry, None, Calendar((premiere,), now), missing=False)
    assert shown.headline == "Your film is admitted and will be shown."
    assert shown.next.startswith("Next: the premiere on ")
    later = status_of(entry, None, Calendar((premiere,), now + DAY), missing=False)
    assert later.next == "Its screenings stand in the programme."
    judged = status_of(entry, None, Calendar((jury, premiere), now), missing=False)
    assert judged.next.startswith("Next: the jury.")


@pytest.mark.parametrize(
    ("viewings", "watched", "text"),
    [
        ("share", [], ""),
        ("none", [100], ""),
        ("count", [100, 10], "2 members of the jury have watched your film."),
        ("share", [100], "1 member of the jury has watched your film to the end."),
        ("share", [95, 90], "2 members of the jury have watched your film to the end."),
        (
            "share",
            [100, 50],
            "2 members of the jury have watched your film; on average 75% of it was played.",
        ),
        ("share", [None], "1 member of the jury has watched your film."),
    ],
)
def test_what_the_entrant_reads_of_the_watching(viewings: str, watched: list[Any], text: str) -> None:
    rules = FormRules(promises=PromiseRules(viewings=viewings))
    events = [
        Event(kind="look_finished", values={"round": "jury", "look": number, "watched": share})
        for number, share in enumerate(watched)
    ]
    assert viewings_text([*events, Event(kind="admit")], rules) == text


def test_a_judge_who_watched_again_counts_once() -> None:
    events = [Event(kind="look_finished", values={"look": 1, "watched": share}) for share in (40, 100)]
    assert viewings_text(events, RULES) == "1 member of the jury has watched your film to the end."
    with translation.override("zh-hans"):
        assert viewings_text(events, RULES) == "已有1位评委完整观看了这部影片。"


def test_a_judge_of_two_rounds_is_one_member_of_the_jury() -> None:
    events = [
        Event(kind="look_finished", actor_id=judge, values={"look": look, "watched": 100})
        for look, judge in enumerate((5, 6, 5))
    ]
    assert viewings_text(events, RULES) == "2 members of the jury have watched your film to the end."


def test_an_organiser_sets_the_promises() -> None:
    edition = make_edition()
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    data = {"inspection_hours": "48", "decision_days": "0", "correction_days": "5", "viewings": "count"}
    assert client.post(f"/{edition.slug}/desk/form/promises/", data).status_code == 302
    edition.refresh_from_db()
    assert read_form(edition.form).promises == PromiseRules(48, 0, "count", 5)
    assert (
        client.post(f"/{edition.slug}/desk/form/promises/", data | {"viewings": "names"}).status_code == 400
    )
    with pytest.raises(FormRulesError, match="'viewings' is one of none, count, share, not 'names'"):
        read_form({"promises": {"viewings": "names"}})


def test_the_entrys_page_says_who_has_it() -> None:
    entry = submitted(make_edition(), ago=25 * HOUR)
    client = Client()
    client.force_login(entry.entrant)
    page = html.unescape(client.get(f"/entries/{entry.code}/").content.decode())
    assert "Now with: The technical inspection. It was to be done by" in page
