"""The table of entries: filters that combine, what is saved, the columns of each person, pages."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions import desk_queries, table_actions
from submissions.credit_people import Person
from submissions.desk_filters import filtered, read_filters
from submissions.models import Entry, FindingRow, Match, SavedFilter, TableColumns
from submissions.statement.facts import Use
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition()


@pytest.fixture
def technician(edition: Edition) -> Actor:
    return factories.make_member(edition, Role.TECHNICIAN, "Tech")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def found(edition: Edition, query: str) -> list[str]:
    filters = read_filters(QueryDict(query), edition, [])
    assert read_filters(QueryDict(filters.query[1:]), edition, []) == filters  # there and back
    return sorted(filtered(edition, filters).values_list("title", flat=True))


def make_table(edition: Edition) -> None:
    """Four films: A to D."""
    Track.objects.create(edition=edition, slug="animation", name={"en": "Animation"})
    inspected = {"A": ("pass", ()), "B": ("fix", ("black",)), "C": ("fix", ("loudness", "black"))}
    for title, state, track, country, language in (
        ("A", "eligible", "open", "CN, FR", "zh, en"),
        ("B", "fixing", "open", "FR", "zh-Hant"),
        ("C", "submitted", "animation", "US", "yue"),
        ("D", "submitted", "animation", "", ""),
    ):
        entry = factories.make_entry(
            edition, title=title, state=state, track=edition.tracks.get(slug=track), country=country,
            language=language, director=f"{title} {title}son", fix_until=timezone.now(),
        )  # fmt: skip
        if title in inspected:
            verdict, rules = inspected[title]
            inspection = factories.make_inspection(entry, verdict=verdict)
            for rule in rules:
                FindingRow.objects.create(inspection=inspection, rule=rule, severity="fix")
    factories.make_uses(Entry.objects.get(title="A"), Use("video", "kling"))
    factories.make_uses(Entry.objects.get(title="B"), Use("video", "kling"), Use("music", other="A harp"))
    factories.make_credits(Entry.objects.get(title="D"), Person(name="赵六", roles=("editor",)))


def test_values_of_a_field_by_or_fields_by_and(edition: Edition) -> None:
    make_table(edition)
    for query, titles in {
        "": "ABCD",
        "state=eligible&state=fixing": "AB",
        "state=submitted&track=animation": "CD",
        "state=submitted&verdict=fix": "C",
        "verdict=pass&verdict=none": "AD",
        "verdict=none": "D",
        "finding=black": "BC",
        "finding=black&finding=loudness&track=open": "B",
        "tool=kling&tool=other": "AB",
        "tool=other": "B",
        "country=FR": "AB",
        "country=FR&country=US&state=submitted": "C",
        "language=zh": "A",  # not zh-Hant
        "language=en&language=yue": "AC",
        "q=赵六": "D",
        "q=bson b": "B",
        "q=a ason zzz": "",
        "state=nonsense&verdict=x&country=fr'": "ABCD",
        "late=1": "ABCD",
    }.items():
        assert found(edition, query) == list(titles), query
    code = Entry.objects.get(title="C").code
    assert found(edition, f"code={code}") == ["C"]
    assert found(edition, f"q={code.lower()}") == ["C"]


def test_only_the_newest_inspection_counts(edition: Edition) -> None:
    entry = factories.make_entry(edition, title="A", state="submitted")
    old = factories.make_inspection(entry, verdict="fix")
    FindingRow.objects.create(inspection=old, rule="black", severity="fix")
    factories.make_inspection(entry, verdict="pass")
    assert (found(edition, "verdict=fix"), found(edition, "finding=black")) == ([], [])
    assert found(edition, "verdict=pass") == ["A"]
    factories.make_inspection(entry, state="queued", report={})
    assert found(edition, "verdict=none") == ["A"]


def test_films_that_are_like_others(edition: Edition, technician: Actor) -> None:
    a, b, c, d = (factories.make_entry(edition, title=title, state="submitted") for title in "ABCD")
    elsewhere = factories.make_entry(factories.make_edition(), title="E", state="submitted")
    films = [factories.make_inspection(one).version for one in (a, b, c, d, elsewhere)]
    for first, second, kind, state in (
        (0, 1, "file", "open"), (2, 4, "picture", "open"), (0, 3, "picture", "dismissed")
    ):  # fmt: skip
        Match.objects.create(
            first=films[first], second=films[second], kind=kind, share=1, ranges=[], state=state,
            found_at=timezone.now(), at=None if state == "open" else timezone.now(),
            reason="" if state == "open" else "Another cut.",
        )  # fmt: skip
    assert found(edition, "match=open") == ["A", "B", "C"]
    assert found(edition, "match=account") == ["A", "B"]
    page = client_of(technician).get(f"/{edition.slug}/desk/entries/").context["page"]
    assert {row.entry.title: (row.has_match, row.has_double) for row in page} == {
        "A": (True, True), "B": (True, True), "C": (True, False), "D": (False, False)
    }  # fmt: skip


def test_pages_go_both_ways_and_keep_the_filters(edition: Edition, technician: Actor) -> None:
    now = timezone.now()
    for number in range(desk_queries.PAGE + 5):
        factories.make_entry(
            edition, title=f"{number:03}", state="submitted", submitted_at=now - timedelta(minutes=number)
        )
    client, url = client_of(technician), f"/{edition.slug}/desk/entries/"
    first = client.get(url, {"state": "submitted"})
    assert [row.entry.title for row in first.context["page"]] == [f"{n:03}" for n in range(50)]
    assert "1–50" in first.content.decode()
    second = client.get(url, {"state": "submitted", "after": first.context["page"].after})
    assert [row.entry.title for row in second.context["page"]] == [f"{n:03}" for n in range(50, 55)]
    assert "51–55" in second.content.decode() and "state=submitted&amp;before=" in second.content.decode()
    falling = client.get(url, {"sort": "-title"})
    assert falling.context["page"].rows[0].entry.title == "054"
    assert client.get(url, {"after": "x", "before": "1.\x00", "sort": "nothing"}).status_code == 200


def test_a_filter_is_saved_shared_renamed_deleted(edition: Edition, technician: Actor) -> None:
    factories.make_entry(edition, state="submitted")
    mine, other = client_of(technician), client_of(factories.make_member(edition, Role.TECHNICIAN))
    organiser = client_of(factories.make_member(edition, Role.ORGANISER))
    url = f"/{edition.slug}/desk/entries/filters/"
    query = "state=fixing&state=submitted&q=%E7%81%AF&sort=title&column=country&column=nonsense&code=ABC"
    answer = mine.post(url, {"name": " Lamps ", "query": query})
    kept = "q=%E7%81%AF&state=fixing&state=submitted&sort=title&column=country"
    assert answer["Location"] == f"/{edition.slug}/desk/entries/?{kept}"
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.shared) == ("Lamps", kept, False)
    assert mine.post(url, {"name": "Lamps", "query": "state=fixing"}).status_code == 409
    assert mine.post(url, {"name": "Nothing", "query": "sort=title"}).status_code == 400
    assert mine.post(url, {"name": " ", "query": "state=fixing"}).status_code == 400
    assert "Lamps" in mine.get(url).content.decode()
    assert "Lamps" not in other.get(url).content.decode()
    one = f"{url}{saved.pk}/"
    assert other.post(f"{one}delete/").status_code == 404
    assert mine.post(f"{one}change/", {"name": "灯", "shared": "yes"}).status_code == 302
    assert "灯" in other.get(f"/{edition.slug}/desk/entries/").content.decode()
    assert other.post(f"{one}delete/").status_code == 403
    assert other.post(f"{one}nothing/").status_code == 404
    assert organiser.post(f"{one}change/", {"name": "Lamps", "shared": "yes"}).status_code == 302
    assert mine.post(f"{one}delete/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_filter_by_a_list_of_the_jury_is_for_organisers(edition: Edition, technician: Actor) -> None:
    organiser = factories.make_member(edition, Role.ORGANISER)
    edition.saved_filters.create(
        owner=organiser.user, name="The long list", query="list=after-1", shared=True, made_at=timezone.now()
    )
    url = f"/{edition.slug}/desk/entries/filters/"
    assert "The long list" in client_of(organiser).get(url).content.decode()
    assert "The long list" not in client_of(technician).get(url).content.decode()


def test_saving_has_an_end(edition: Edition, technician: Actor) -> None:
    for number in range(table_actions.MOST):
        edition.saved_filters.create(
            owner=technician.user, name=str(number), query="late=yes", made_at=timezone.now()
        )
    with pytest.raises(Refused):
        table_actions.save_filter(
            edition=edition, name="x", query="late=yes", shared=False, by=technician, at=timezone.now()
        )


def test_columns_are_kept_for_a_person_and_shared_by_address(edition: Edition, technician: Actor) -> None:
    factories.make_entry(edition, state="submitted", country="CN", year=2026)
    client, url = client_of(technician), f"/{edition.slug}/desk/entries/"

    def names(query: str = "") -> list[str]:
        return [column.name for column in client.get(f"{url}{query}").context["columns"]]

    usual = ["director", "track", "state", "submitted", "seconds", "verdict"]
    assert names() == usual
    answer = client.post(f"{url}columns/?state=submitted&after=1.x", {"column": ["year", "country", "email"]})
    assert answer["Location"] == f"{url}?state=submitted"
    assert names() == ["country", "year"]  # the address of an entrant is for organisers
    assert names("?column=year&column=email") == ["year"]
    assert names("?column=email") == ["country", "year"]
    assert "China" in client.get(url).content.decode()
    assert client.post(f"{url}columns/", {"what": "usual", "column": ["year"]}).status_code == 302
    assert names() == usual and not TableColumns.objects.exists()
    csv = client.get(url).context["csv"]
    lines = b"".join(client.get(f"{url}download/?{csv}").streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffCode,Title of the film,English title,Direction,Track,State")
    assert len(lines) == 2
