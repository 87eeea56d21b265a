"""The entrant's pages: who sees what, what they say, and what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from festival.edition.blueprint import FOLDER
from festival.people.actor import STRANGER, SYSTEM, actor_of
from festival.people.roles import Role
from submissions import permissions, queries
from submissions.credit_people import Person, people_of
from submissions.lifecycle import State
from submissions.models import Entry, Event
from tests.factories import (
    make_co_author,
    make_credits,
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_invitation,
    make_member,
    make_user,
)

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(entry: Entry) -> str:
    response = client_of(entry.entrant).get(f"/entries/{entry.code}/")
    assert response.status_code == 200
    return response.content.decode()


# --- Who sees what ------------------------------------------------------------------------------------------


def test_the_predicate_and_the_set_agree_over_all_roles_and_states() -> None:
    edition, other = make_edition(), make_edition()
    entries = [make_entry(edition, state=state) for state in State]
    withdrawn_draft = make_entry(edition, state="withdrawn", submitted_at=None)
    entries += [withdrawn_draft, make_entry(other, state="eligible")]
    co_author, removed, declined = (make_user() for _number in range(3))
    for entry in entries:
        make_co_author(entry, removed)
        make_credits(entry)
        make_co_author(entry, co_author)
        make_credits(entry, *people_of(entry), Person(name="No", email="no@example.org"))
        make_invitation(entry, "no@example.org", state="declined", user=declined)
    actors = [STRANGER, SYSTEM, *map(actor_of, (make_user(), co_author, removed, declined))]
    actors += [actor_of(entry.entrant) for entry in entries]
    actors += [make_member(place, role) for place in (edition, other) for role in Role]
    for actor in actors:
        seen = set(queries.visible_to(actor).values_list("pk", flat=True))
        for entry in entries:
            assert permissions.can_see(actor, entry) == (entry.pk in seen), (str(actor), entry.state)
        fetched = queries.for_page(Entry.objects.filter(pk__in=[entry.pk for entry in entries]))
        assert {one.pk for one in fetched if permissions.can_see(actor, one)} == seen
    assert set(queries.of_co_author(actor_of(co_author))) == set(entries)
    assert not queries.of_co_author(actor_of(removed)) and not queries.of_co_author(actor_of(declined))


def test_a_draft_is_nobodys_business() -> None:
    edition = make_edition(call_open=True)
    draft = make_draft(edition)
    for role in Role:
        actor = make_member(edition, role)
        assert not permissions.can_see(actor, draft)
        for path in ("", "edit/", "withdraw/"):
            assert client_of(actor.user).get(f"/entries/{draft.code}/{path}").status_code == 404


def test_the_team_sees_the_entry_but_not_the_entrants_page() -> None:
    edition = make_edition()
    entry = make_entry(edition)
    technician, judge = make_member(edition, Role.TECHNICIAN), make_member(edition, Role.JUDGE)
    assert client_of(technician.user).get(f"/entries/{entry.code}/").status_code == 403
    assert client_of(judge.user).get(f"/entries/{entry.code}/").status_code == 404
    assert client_of(make_user()).post(f"/entries/{entry.code}/withdraw/").status_code == 404


def test_strangers_are_sent_to_the_log_in_and_back() -> None:
    entry = make_entry(make_edition())
    for path in ("/entries/", f"/entries/{entry.code}/", f"/entries/{entry.code}/edit/"):
        response = Client().get(path)
        assert (response.status_code, response.url) == (302, f"/accounts/login/?next={path}")


# --- What they cost -----------------------------------------------------------------------------------------


def queries_for(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def fill(edition: Any, user: Any, number: int) -> None:
    for state in list(State)[:number]:
        entry = make_entry(edition, entrant=user, state=state)
        make_inspection(entry)
        Event.objects.create(entry=entry, kind="submit", at=timezone.now())


def test_my_entries_cost_the_same_for_one_and_for_many() -> None:
    user = make_user()
    edition = make_edition(call_open=True)
    fill(edition, user, 1)
    one = queries_for(client_of(user), "/entries/")
    fill(edition, user, 3)
    fill(make_edition(call_open=True), user, 6)
    assert queries_for(client_of(user), "/entries/") == one
    assert one <= 21


def test_an_entrys_page_costs_the_same_for_one_and_for_three_versions() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry)
    path, client = f"/entries/{entry.code}/", client_of(entry.entrant)
    one = queries_for(client, path)
    for _number in range(2):
        make_inspection(entry)
        Event.objects.create(
            entry=entry, kind="film_arrived", at=timezone.now(), values={"filename": "film.mp4"}
        )
    assert queries_for(client, path) == one
    assert one <= 25


# --- Entering -----------------------------------------------------------------------------------------------


def test_entering_makes_a_draft_and_leads_to_its_form() -> None:
    edition = make_edition(call_open=True)
    user = make_user()
    answer = {"title": "Lamp", "track": edition.tracks.get().pk}
    response = client_of(user).post(f"/{edition.slug}/enter/", answer)
    entry = Entry.objects.get()
    assert (entry.title, entry.entrant, entry.state) == ("Lamp", user, "draft")
    assert response.url == f"/entries/{entry.code}/edit/"


def test_entering_without_an_account_leads_through_the_log_in() -> None:
    edition = make_edition(call_open=True)
    path = f"/{edition.slug}/enter/"
    page = Client().get(path).content.decode()
    assert f"/accounts/signup/?next={path}" in page and f"/accounts/login/?next={path}" in page
    response = Client().post(path, {"title": "Lamp", "track": edition.tracks.get().pk})
    assert response.url == f"/accounts/login/?next={path}"
    assert not Entry.objects.exists()


def test_what_keeps_a_film_out_stands_apart_from_what_is_only_told() -> None:
    edition = make_edition(call_open=True, rulebook=(FOLDER / "rulebooks/festival-unit.toml").read_text())
    page = Client().get(f"/{edition.slug}/enter/").content.decode()
    must, _said, rest = page.partition("These are told to you, but keep no film out:")
    assert "The file is no larger than 10 GB" in must
    assert "The true peak stays at or below 0 dBTP" not in must
    assert "The true peak stays at or below 0 dBTP" in rest


def test_entering_into_another_editions_track_is_no_choice() -> None:
    edition, other = make_edition(call_open=True), make_edition(call_open=True)
    user = client_of(make_user())
    response = user.post(f"/{edition.slug}/enter/", {"title": "Lamp", "track": other.tracks.get().pk})
    assert response.status_code == 400
    assert not Entry.objects.exists()


def test_a_closed_call_says_so_and_takes_nothing() -> None:
    edition = make_edition(call_open=False)
    path, client = f"/{edition.slug}/enter/", client_of(make_user())
    page = client.get(path).content.decode()
    assert "The call for entries is closed" in page
    assert 'name="title"' not in page
    response = client.post(path, {"title": "Late", "track": edition.tracks.get().pk})
    assert response.status_code == 410
    assert "no longer taken" in response.content.decode()
    assert not Entry.objects.exists()


# --- Writing ------------------------------------------------------------------------------------------------


def written(entry: Entry, **changes: object) -> dict[str, object]:
    form = {
        "track": entry.track_id,
        "title": "Lamp",
        "synopsis_en": "A lamp.",
        "synopsis_zh": "一盏灯。",
        "director": "Wei Lan",
        "year": "2026",
        "ai_statement": "None.",
        "seen": entry.updated_at.isoformat(),
    }
    return form | changes


JSON = {"Accept": "application/json"}


def test_the_form_saves_everything() -> None:
    entry = make_draft(make_edition(call_open=True), synopsis={})
    response = client_of(entry.entrant).post(f"/entries/{entry.code}/edit/", written(entry))
    assert response.url == f"/entries/{entry.code}/"
    entry.refresh_from_db()
    assert (entry.title, entry.director, entry.year) == ("Lamp", "Wei Lan", 2026)
    assert entry.synopsis == {"en": "A lamp.", "zh": "一盏灯。"}


def test_what_cannot_be_right_is_refused_and_kept_in_the_form() -> None:
    entry = make_draft(make_edition(call_open=True), title="Before")
    response = client_of(entry.entrant).post(f"/entries/{entry.code}/edit/", written(entry, year="20026"))
    page = response.content.decode()
    assert response.status_code == 400
    assert "The year lies too far ahead." in page and 'value="Lamp"' in page
    assert Entry.objects.get().title == "Before"


def test_typing_is_saved_and_gives_the_new_time_stamp() -> None:
    entry = make_draft(make_edition(call_open=True))
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/edit/"
    first = client.post(path, written(entry, title="L"), headers=JSON).json()
    entry.refresh_from_db()
    assert first == {"seen": entry.updated_at.isoformat(), "missing": []}
    second = client.post(path, written(entry, title="La", seen=first["seen"]), headers=JSON)
    assert second.status_code == 200
    assert Entry.objects.get().title == "La"


def test_typing_in_two_tabs_stops_in_the_second() -> None:
    entry = make_draft(make_edition(call_open=True))
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/edit/"
    client.post(path, written(entry, title="First tab"), headers=JSON)
    response = client.post(path, written(entry, title="Second tab"), headers=JSON)
    assert (response.status_code, response.json()["error"]) == (409, "changed")
    assert Entry.objects.get().title == "First tab"


def test_saving_in_the_second_tab_shows_the_text_again_and_the_next_save_keeps_it() -> None:
    entry = make_draft(make_edition(call_open=True))
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/edit/"
    client.post(path, written(entry, title="First tab"))
    response = client.post(path, written(entry, title="Second tab"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "saved in another tab" in page and 'value="Second tab"' in page
    fresh = Entry.objects.get()
    assert f'value="{fresh.updated_at.isoformat()}"' in page
    assert client.post(path, written(fresh, title="Second tab")).status_code == 302
    assert Entry.objects.get().title == "Second tab"


def test_after_submission_the_form_leads_back_and_typing_is_refused() -> None:
    entry = make_entry(make_edition(call_open=True), state="submitted", title="Kept")
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/edit/"
    assert client.get(path).url == f"/entries/{entry.code}/"
    assert client.post(path, written(entry), headers=JSON).json()["error"] == "not_a_draft"
    assert client.post(path, written(entry)).status_code == 409
    assert Entry.objects.get().title == "Kept"


# --- What the page says -------------------------------------------------------------------------------------


def test_a_draft_lists_what_is_missing_and_offers_no_submission() -> None:
    page = page_of(make_draft(make_edition(call_open=True), director=""))
    assert "Say who directed the film." in page and "Upload the film." in page
    assert "/submit/" not in page


def test_a_complete_draft_offers_the_submission_and_gives_the_deadline_with_its_place() -> None:
    entry = make_draft(make_edition(call_open=True, time_zone="Asia/Shanghai"))
    make_inspection(entry)
    page = page_of(entry)
    assert "Everything is here, but the entry is not submitted yet." in page
    assert f"/entries/{entry.code}/submit/" in page and "(Shanghai time)" in page


def test_a_film_with_faults_is_said_before_it_is_submitted() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry, verdict="block")
    page = page_of(entry)
    assert "The inspection found faults that must be mended." in page
    assert f"/entries/{entry.code}/submit/" in page


def test_submitting_by_button_and_the_second_time_a_sentence() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry, state="queued")
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/submit/"
    assert client.post(path).url == f"/entries/{entry.code}/"
    second = client.post(path)
    assert second.status_code == 409
    assert "already been submitted" in second.content.decode()
    assert Event.objects.filter(kind="submit").count() == 1


def test_a_draft_after_the_deadline_says_that_it_is_too_late() -> None:
    entry = make_draft(make_edition(call_open=False))
    make_inspection(entry)
    page = page_of(entry)
    assert "closed before this draft was submitted" in page
    assert "/submit/" not in page and "data-upload" not in page
    response = client_of(entry.entrant).post(f"/entries/{entry.code}/submit/")
    assert response.status_code == 410


@pytest.mark.parametrize(
    ("inspection", "sentence"),
    [
        ({"state": "queued"}, "Next: the technical inspection of your film."),
        (
            {"state": "running", "lease_token": "0" * 32, "lease_until": timezone.now(), "stage": "inspect"},
            "Your film is being inspected right now.",
        ),
        ({"state": "failed"}, "That is for us to mend, not for you"),
    ],
)
def test_a_submitted_entry_says_how_far_the_inspection_is(inspection: dict, sentence: str) -> None:
    entry = make_entry(make_edition(call_open=True), state="submitted")
    make_inspection(entry, **inspection, report={})
    page = page_of(entry)
    assert sentence in page
    assert ('hx-trigger="every 2s"' in page) == (inspection["state"] != "failed")


def test_the_poll_gets_the_moving_parts_alone() -> None:
    entry = make_entry(make_edition(call_open=True), state="submitted")
    make_inspection(entry, state="queued", report={})
    response = client_of(entry.entrant).get(f"/entries/{entry.code}/", headers={"HX-Request": "true"})
    part = response.content.decode()
    assert "<html" not in part and "data-upload" not in part
    assert 'id="entry-film"' in part and part.count("hx-swap-oob") == 2


def test_the_fix_window_gives_its_end_and_the_reason() -> None:
    edition = make_edition(call_open=False)
    entry = make_entry(edition, state="fixing", fix_until=timezone.now() + timedelta(days=2, hours=1))
    values = {"version": 1, "reason": "The last reel is missing."}
    Event.objects.create(entry=entry, kind="ask_fix", at=timezone.now(), values=values)
    make_inspection(entry, verdict="block")
    page = page_of(entry)
    assert "Please send a mended film by" in page and "The last reel is missing." in page
    assert "data-upload" in page and "2 days" in page
    Entry.objects.update(fix_until=timezone.now() - timedelta(seconds=1))
    page = page_of(entry)
    assert "The time for sending a mended film ended" in page and "data-upload" not in page


def test_what_the_jury_decided_shows_only_when_told() -> None:
    entry = make_entry(make_edition(), decision="laureate")
    assert "award" not in page_of(entry)
    Entry.objects.update(told="laureate", told_at=timezone.now())
    assert "Congratulations" in page_of(entry)
    Entry.objects.update(decision="not_selected", told="not_selected")
    assert "not among the laureates" in page_of(entry)


def test_the_desks_own_notes_do_not_show() -> None:
    entry = make_entry(make_edition())
    at = timezone.now()
    Event.objects.create(entry=entry, kind="admit", at=at, values={"reason": "Waived: the sponsor insists."})
    Event.objects.create(entry=entry, kind="look_recused", at=at, values={"round": "jury"})
    Event.objects.create(entry=entry, kind="look_finished", at=at, values={"round": "jury"})
    page = page_of(entry)
    assert "sponsor" not in page and "recused" not in page
    assert page.count("1 member of the jury has watched your film.") == 1


@pytest.mark.parametrize("state", State)
def test_every_state_speaks_chinese(state: str) -> None:
    user = make_user(language="zh-hans")
    entry = make_entry(make_edition(call_open=True), state=state, entrant=user)
    with translation.override("zh-hans"):
        name = entry.get_state_display()
    page = page_of(entry)
    assert 'lang="zh-hans"' in page and name in page


# --- Withdrawing --------------------------------------------------------------------------------------------


def test_withdrawing_asks_once_more() -> None:
    entry = make_entry(make_edition())
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/withdraw/"
    assert "cannot be undone" in client.get(path).content.decode()
    assert Entry.objects.get().state == State.ELIGIBLE
    assert client.post(path).url == f"/entries/{entry.code}/"
    assert Entry.objects.get().state == State.WITHDRAWN
    assert client.get(path).url == f"/entries/{entry.code}/"
    assert client.post(path).status_code == 409
