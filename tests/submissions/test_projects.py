"""Entries that are projects: no film is asked for, none is inspected, and every page says so."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from festival.catalogue.models import Film
from festival.edition.calendar import calendar_of
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from judging.award_attributes import _findings_closed
from submissions import actions, permissions, status
from submissions.catalogue_actions import put_in_catalogue
from submissions.catalogue_run import plan_for
from submissions.completeness import gaps, missing_for_submission
from submissions.desk_queries import Filters
from submissions.door import get_entry
from submissions.export import COLUMNS, rows_of
from submissions.importing.actions import submit_imported
from submissions.lifecycle import State
from submissions.models import Entry, ImportedRow
from submissions.steps import steps_of
from tests.factories import make_draft, make_edition, make_entry, make_inspection, make_member, make_user

pytestmark = pytest.mark.django_db


def project_edition(**fields: Any) -> Edition:
    edition = make_edition(call_open=True, **fields)
    edition.tracks.update(enters="project")
    return edition


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_track_takes_films_or_projects_and_nothing_else() -> None:
    edition = make_edition()
    assert edition.tracks.get().enters == "film"
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.tracks.update(enters="song")


def test_a_project_is_complete_without_a_film_and_a_film_is_not() -> None:
    project, film = make_draft(project_edition()), make_draft(make_edition(call_open=True))
    assert missing_for_submission(project) == []
    assert [gap.step for gap in gaps(film)] == ["film"]
    project.title = " "
    assert missing_for_submission(project) == ["Give the project a title."]


def test_the_form_of_a_project_has_no_page_for_the_film() -> None:
    project, film = make_draft(project_edition()), make_draft(make_edition(call_open=True))
    labels = [[step.label for step in steps_of(entry, gaps(entry))] for entry in (project, film)]
    assert "The film" in labels[1]
    assert labels[0] == ["About the project", *labels[1][1:-1]]
    page = client_of(project.entrant).get(f"/entries/{project.code}/edit/")
    assert page.status_code == 200
    assert (
        "Title of the project" in page.content.decode() and "Title of the film" not in page.content.decode()
    )


def test_a_submitted_project_is_admitted_at_once_and_its_entrant_is_told() -> None:
    entry = make_draft(project_edition())
    sent = actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())
    sent.refresh_from_db()
    assert sent.state == State.ELIGIBLE
    assert list(entry.events.values_list("kind", flat=True)) == ["submit", "admit"]
    assert set(Notice.objects.filter(user=entry.entrant).values_list("kind", flat=True)) == {
        "project_submitted"
    }
    actions.settle(entry=sent, at=timezone.now())
    assert entry.events.count() == 2
    with pytest.raises(Refused) as refused:
        actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())
    assert refused.value.code == "already"


def test_a_film_is_not_admitted_before_it_was_inspected() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry, state="queued")
    assert actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now()).state == State.SUBMITTED


def test_nobody_uploads_a_film_for_a_project() -> None:
    project, film = make_draft(project_edition()), make_draft(make_edition(call_open=True))
    assert permissions.can_upload(actor_of(film.entrant), film)
    assert not permissions.can_upload(actor_of(project.entrant), project)
    with pytest.raises(PermissionDenied):
        get_entry(actor_of(project.entrant), project.code, permissions.can_upload)


def test_a_draft_moved_to_a_track_of_films_needs_its_film() -> None:
    edition = project_edition()
    films = Track.objects.create(edition=edition, slug="films", name={"en": "Films"}, position=1)
    entry = make_draft(edition)
    actions.save_entry(entry=entry, by=actor_of(entry.entrant), at=timezone.now(), track=films)
    assert [gap.step for gap in gaps(Entry.objects.get(pk=entry.pk))] == ["film"]
    with pytest.raises(Refused) as refused:
        actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())
    assert refused.value.code == "incomplete"


def test_the_entrants_pages_of_a_project() -> None:
    user = make_user()
    entry = make_draft(project_edition(), entrant=user)
    client = client_of(user)
    page = client.get(f"/entries/{entry.code}/")
    assert page.status_code == 200
    assert page.context["can_submit"] and not page.context["can_upload"]
    assert client.post(f"/entries/{entry.code}/submit/").status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.ELIGIBLE
    for path in ("/entries/", f"/entries/{entry.code}/"):
        assert "Your project takes part in the competition." in client.get(path).content.decode()
    shown = client.get(f"/entries/{entry.code}/").content.decode()
    assert "No film was uploaded" not in shown and "The film</h2>" not in shown


def test_the_call_says_which_tracks_take_projects() -> None:
    for edition, said in ((project_edition(), True), (make_edition(call_open=True), False)):
        shown = Client().get(f"/{edition.slug}/enter/")
        assert shown.status_code == 200
        assert ("Takes projects: no film is needed yet." in shown.content.decode()) == said


def test_the_words_for_a_project_name_no_film() -> None:
    project, film = make_draft(project_edition()), make_draft(make_edition(call_open=True))
    at = timezone.now()
    said = {}
    for entry in (project, film):
        calendar, lines = calendar_of(entry.edition_id, at), []
        for state in (State.ELIGIBLE, State.REFUSED, State.WITHDRAWN):
            entry.state = state
            for told in ("", "laureate", "not_selected") if state == State.ELIGIBLE else ("",):
                entry.told = told
                standing = status.status_of(entry, None, calendar, missing=False)
                own = status.status_for_co_author(entry, calendar)
                lines += [standing.headline, standing.next, own.headline, own.next]
        said[entry.pk] = " ".join(lines)
    assert "film" not in said[project.pk].casefold()
    assert "film" in said[film.pk]


def test_a_project_at_the_desk() -> None:
    edition = project_edition()
    project = make_entry(edition, title="The Lamp")
    technician, organiser = (make_member(edition, role) for role in (Role.TECHNICIAN, Role.ORGANISER))
    client = client_of(technician.user)
    shown = client.get(f"/{edition.slug}/desk/entries/{project.code}/")
    assert shown.status_code == 200
    assert "A project: there is no film yet" in shown.content.decode()
    assert not shown.context["waives"] and not shown.context["can_reinspect"]
    assert "The Lamp" in client.get(f"/{edition.slug}/desk/entries/").content.decode()
    assert client.get(f"/{edition.slug}/desk/inspections/").status_code == 200
    with pytest.raises(Refused) as refused:
        put_in_catalogue(entry=project, by=organiser, at=timezone.now())
    assert (refused.value.code, Film.objects.count()) == ("no_film", 0)
    assert "“The Lamp” is a project" in str(refused.value.text)
    plan = plan_for(Entry.objects.filter(edition=edition), edition)
    assert plan.refused == {"no_film": [project.pk]} and not plan.works
    lines = list(rows_of(edition, Filters(), COLUMNS))
    assert len(lines) == 1 and "The Lamp" in lines[0]


def test_a_project_whose_film_was_made_comes_into_the_catalogue() -> None:
    edition = project_edition()
    project = make_entry(edition)
    make_inspection(project, seconds=900)
    organiser = make_member(edition, Role.ORGANISER)
    assert put_in_catalogue(entry=project, by=organiser, at=timezone.now()).seconds == 900
    assert plan_for(Entry.objects.filter(edition=edition), edition).there == [project.pk]


def test_an_imported_project_is_submitted_without_a_film() -> None:
    edition = project_edition()
    draft, film = make_draft(edition), make_draft(make_edition(call_open=True))
    rows = [
        ImportedRow.objects.create(edition=one.edition, key="1", digest="", entry=one, at=timezone.now())
        for one in (draft, film)
    ]
    assert [submit_imported(imported=row, submitted_at=None) for row in rows] == [True, False]
    draft.refresh_from_db()
    assert draft.state == State.ELIGIBLE and not Notice.objects.exists()


def test_what_a_project_owes_before_an_award_is_its_statement_alone() -> None:
    edition = project_edition()
    project = make_entry(edition)
    film = make_entry(
        edition, track=Track.objects.create(edition=edition, slug="films", name={"en": "Films"}, position=1)
    )
    closed = _findings_closed(Entry.objects.filter(edition=edition), edition)
    assert closed == {project.pk}
    make_inspection(film)
    assert _findings_closed(Entry.objects.filter(edition=edition), edition) == {project.pk, film.pk}
    make_inspection(project, verdict="block", report={"findings": [{"rule": "black", "severity": "block"}]})
    assert _findings_closed(Entry.objects.filter(edition=edition), edition) == {film.pk}
