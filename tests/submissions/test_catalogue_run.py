"""Many entries put into the catalogue together: preview, order, the worker's way through it, what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from festival.catalogue.actions import publish
from festival.catalogue.models import Film
from festival.edition.models import Edition, Membership
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from festival.premiere.models import Copy
from judging.models import Cut, CutRow
from submissions import catalogue_actions, catalogue_run
from submissions.catalogue_undo import take_out, untouched
from submissions.models import CatalogueRun, Entry, Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition("spring")


@pytest.fixture
def organiser(edition: Edition) -> Actor:
    return factories.make_member(edition, Role.ORGANISER, "Olga Organiser")


@pytest.fixture
def client(organiser: Actor) -> Client:
    client = Client()
    client.force_login(organiser.user)
    return client


def film(edition: Edition, **fields: Any) -> Entry:
    entry = factories.make_entry(edition, **fields)
    factories.make_inspection(entry)
    return entry


def order(edition: Edition, by: Actor, *, renew: bool = True) -> CatalogueRun:
    """An order for all entries, not begun: the queue's message waits for a commit that no test makes."""
    rows = Entry.objects.filter(edition=edition, submitted_at__isnull=False)
    return catalogue_run.begin(edition=edition, entries=rows, query="", renew=renew, by=by, at=timezone.now())


def carried_out(run: CatalogueRun) -> CatalogueRun:
    catalogue_run.carry_on(pk=run.pk)
    run.refresh_from_db()
    return run


def figures(run: CatalogueRun) -> tuple[int, int, int, list[list[str]]]:
    return run.new, run.changed, run.unchanged, run.refused


def test_new_changed_unchanged_and_refused_are_told_apart(edition: Edition, organiser: Actor) -> None:
    old, same, fresh = (film(edition) for _count in range(3))
    for entry in (old, same):
        catalogue_actions.put_in_catalogue(entry=entry, by=organiser, at=timezone.now())
    waiting = film(edition, state="submitted")
    without = factories.make_entry(edition)
    Entry.objects.filter(pk=old.pk).update(title="Another name")
    run = carried_out(order(edition, organiser))
    assert (run.state, run.done, run.total) == ("done", 5, 5)
    assert figures(run) == (1, 1, 1, [[waiting.code, "not_admitted"], [without.code, "no_length"]])
    titles = dict(Film.objects.filter(edition=edition).values_list("source", "title"))
    assert titles == {old.code: "Another name", same.code: same.title, fresh.code: fresh.title}
    assert not Film.objects.filter(published_at__isnull=False).exists()
    logged = Event.objects.filter(kind="catalogued", actor=organiser.user).values_list(
        "entry__code", flat=True
    )
    assert sorted(logged) == sorted([old.code, old.code, same.code, fresh.code])  # nothing for what stayed


def test_doing_it_again_changes_nothing(edition: Edition, organiser: Actor) -> None:
    for _count in range(3):
        film(edition)
    carried_out(order(edition, organiser))
    before = list(Film.objects.order_by("pk").values())
    assert figures(carried_out(order(edition, organiser))) == (0, 0, 3, [])
    assert list(Film.objects.order_by("pk").values()) == before


def test_what_is_there_stays_as_it_is_unless_asked_for(edition: Edition, organiser: Actor) -> None:
    entry = film(edition)
    catalogue_actions.put_in_catalogue(entry=entry, by=organiser, at=timezone.now())
    Entry.objects.filter(pk=entry.pk).update(title="Another name")
    with pytest.raises(Refused) as refused:
        order(edition, organiser, renew=False)
    assert refused.value.code == "nothing"
    late = film(edition)
    run = order(edition, organiser, renew=False)
    catalogue_actions.put_in_catalogue(
        entry=late, by=organiser, at=timezone.now()
    )  # meanwhile, from its page
    assert figures(carried_out(run)) == (0, 0, 1, [])
    assert Film.objects.get(source=entry.code).title == entry.title


def test_a_picture_is_copied_again_only_when_it_is_another(
    edition: Edition, organiser: Actor, media: object
) -> None:
    entry = film(edition)
    inspection = entry.versions.get().inspections.get()
    store = storages["default"]
    key = store.save("reports/one/poster.jpg", ContentFile(b"one"))
    inspection.folder = "reports/one/"
    inspection.report["stills"] = [{"about": "poster", "file": key.rsplit("/", 1)[1]}]
    inspection.save()
    assert figures(carried_out(order(edition, organiser))) == (1, 0, 0, [])
    still = Film.objects.get().still
    assert figures(carried_out(order(edition, organiser))) == (0, 0, 1, [])
    assert Film.objects.get().still == still
    store.delete(key)
    store.save(key, ContentFile(b"two"))
    assert figures(carried_out(order(edition, organiser))) == (0, 1, 0, [])
    with store.open(Film.objects.get().still) as file:
        assert file.read() == b"two"


def test_a_worker_that_dies_leaves_whole_films_and_the_next_goes_on(
    edition: Edition, organiser: Actor, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    entries = [film(edition) for _count in range(4)]
    run = order(edition, organiser)
    put, through = catalogue_actions.put, []

    class Killed(BaseException):
        pass

    def dies(**given: Any) -> object:
        written = put(**given)
        through.append(given["entry"].pk)
        if len(through) == 3:
            raise Killed  # the third is written, and neither counted nor committed
        return written

    monkeypatch.setattr(catalogue_actions, "put", dies)
    with pytest.raises(Killed):
        catalogue_run.carry_on(pk=run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.new) == ("running", 2, 2)
    assert Film.objects.count() == 2
    assert catalogue_run.remind(at=timezone.now()) == 0  # it was heard of a moment ago
    assert catalogue_run.remind(at=timezone.now() + timedelta(seconds=settings.LEASE_SECONDS + 1)) == 1
    monkeypatch.setattr(catalogue_actions, "put", put)
    assert figures(carried_out(run)) == (4, 0, 0, [])
    assert [row.source for row in Film.objects.order_by("pk")] == [entry.code for entry in entries]
    assert Event.objects.filter(kind="catalogued").count() == 4
    assert carried_out(run).done == 4  # a message that comes twice


def test_one_film_that_fails_does_not_keep_the_others_out(
    edition: Edition, organiser: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = film(edition), film(edition)
    put = catalogue_actions.put

    def fails(**given: Any) -> object:
        written = put(**given)
        if given["entry"].pk == bad.pk:
            raise OSError("disk full")
        return written

    monkeypatch.setattr(catalogue_actions, "put", fails)
    assert figures(carried_out(order(edition, organiser))) == (1, 0, 0, [[bad.code, "fault"]])
    assert [row.source for row in Film.objects.all()] == [good.code]
    assert not Event.objects.filter(entry=bad).exists()


def test_who_is_no_longer_an_organiser_and_what_was_withdrawn_meanwhile_is_refused(
    edition: Edition, organiser: Actor
) -> None:
    gone, other = film(edition), film(edition)
    run = order(edition, organiser)
    Entry.objects.filter(pk=gone.pk).update(state="withdrawn")
    Membership.objects.filter(user=organiser.user).delete()
    assert figures(carried_out(run))[3] == [[gone.code, "not_admitted"], [other.code, "not_allowed"]]
    assert not Film.objects.exists()


def test_one_order_at_a_time(edition: Edition, organiser: Actor) -> None:
    film(edition)
    run = order(edition, organiser)
    with pytest.raises(Refused) as refused:
        order(edition, organiser)
    assert refused.value.code == "running"
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueRun.objects.filter(pk=run.pk).update(state="done", ended_at=timezone.now())  # not through


def test_queries_for_a_film_do_not_grow_with_the_order(edition: Edition, organiser: Actor) -> None:
    asked = []
    for number in (1, 3):
        for _count in range(number):
            film(edition)
        run = order(edition, organiser, renew=False)
        with CaptureQueriesContext(connection) as queries:
            catalogue_run.carry_on(pk=run.pk)
        asked.append(len(queries))
    each = (asked[1] - asked[0]) / 2
    assert each <= 25


def test_preview_order_and_result_on_the_pages(
    client: Client, edition: Edition, django_capture_on_commit_callbacks: Any
) -> None:
    old, _fresh = film(edition, title="Old lamp"), film(edition, title="Lamp")
    film(edition, title="River")
    waiting = film(edition, state="submitted", title="Late lamp")
    client.post(f"/spring/desk/entries/{old.code}/catalogue/")
    publish(films=Film.objects.all(), at=timezone.now())
    url = "/spring/desk/entries/catalogue/?q=lamp"
    text = client.get(url).content.decode()
    for said in (
        "1 film is new in the catalogue.",
        "1 film is there already.",
        "1 has a public page",
        "1 entry is left out: not admitted to the competition, or withdrawn",
        waiting.code,
    ):
        assert said in text
    assert Film.objects.count() == 1
    answer = client.post(url, {"renew": "yes"})
    run = CatalogueRun.objects.get()
    there = f"/spring/desk/entries/catalogue/{run.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, there)
    assert "0 / 3" in client.get(there).content.decode()
    assert client.post(url, {"renew": "yes"}).status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        catalogue_run.remind(
            at=timezone.now() + timedelta(hours=1)
        )  # through the queue, as the worker has it
    part = client.get(there, headers={"HX-Request": "true"}).content.decode()
    assert "What came of it" in part
    assert "hx-trigger" not in part
    assert f'/spring/desk/entries/{waiting.code}/"' in part
    run.refresh_from_db()
    assert figures(run) == (1, 0, 1, [[waiting.code, "not_admitted"]])


@pytest.mark.parametrize("query", ["?state=refused", "?list=in-nowhere&state=refused", "?q=%00&track=x"])
def test_nothing_to_do_is_said_and_not_begun(client: Client, edition: Edition, query: str) -> None:
    url = f"/spring/desk/entries/catalogue/{query}"
    assert client.get(url).status_code == 200
    assert client.post(url, {"renew": "\x00"}).status_code == 409
    assert not CatalogueRun.objects.exists()


def test_an_order_of_another_edition_is_not_found(client: Client, edition: Edition, organiser: Actor) -> None:
    film(edition)
    run = order(edition, organiser)
    autumn = factories.make_edition("autumn", owner=organiser.user)
    assert client.get(f"/{autumn.slug}/desk/entries/catalogue/{run.pk}/").status_code == 404


def test_the_lists_of_the_jury_are_for_organisers(client: Client, edition: Edition) -> None:
    taken, judged, other = (film(edition) for _count in range(3))
    round = factories.make_round(edition, "first")
    round.films.set([taken, judged])
    chair = factories.make_user()
    standing = round.standings.create(
        method="m", method_version=1, inputs={}, inputs_digest="0", result_digest="0",
        made_at=timezone.now(), made_by=chair,
    )  # fmt: skip
    cut = Cut.objects.create(
        round=round, standing=standing, kind="count", value=1, decided_by="official", method="m",
        method_version=1, standing_digest="0", made_at=timezone.now(), made_by=chair,
    )  # fmt: skip
    CutRow.objects.create(cut=cut, entry=taken, reason="by_rule", rank=1)
    CutRow.objects.create(cut=cut, entry=judged, reason="tie_lost", rank=1)

    def shown(who: Client, chosen: str) -> set[str]:
        page = who.get(f"/spring/desk/entries/?list={chosen}").context["page"]
        return {row.entry.code for row in page}

    assert shown(client, "in-first") == {taken.code, judged.code}
    assert shown(client, "after-first") == {taken.code}
    assert shown(client, "nonsense") == {taken.code, judged.code, other.code}
    technician = Client()
    technician.force_login(factories.make_member(edition, Role.TECHNICIAN).user)
    assert shown(technician, "after-first") == {taken.code, judged.code, other.code}
    assert "List of the jury" not in technician.get("/spring/desk/entries/").content.decode()
    plan = client.get("/spring/desk/entries/catalogue/?list=after-first").context["plan"]
    assert plan.fresh == [taken.pk]


def test_an_order_is_taken_back_as_far_as_nobody_has_touched_its_films(
    client: Client, edition: Edition, organiser: Actor
) -> None:
    there = film(edition)
    catalogue_actions.put(entry=there, by=organiser, at=timezone.now())
    free, changed, public, shown = (film(edition) for _number in range(4))
    run = carried_out(order(edition, organiser))
    assert run.new == 4
    Film.objects.filter(source=changed.code).update(mood="Quiet")
    publish(films=Film.objects.filter(source=public.code), at=timezone.now())
    Copy.objects.create(film=Film.objects.get(source=shown.code), name="LAMP_SHR", file_format="dcp")
    url = f"/{edition.slug}/desk/entries/catalogue/{run.pk}/"
    assert "1 new film can be taken out again" in client.get(url).content.decode()
    assert client.post(f"{url}undo/").status_code == 302
    left = set(Film.objects.values_list("source", flat=True))
    assert left == {there.code, changed.code, public.code, shown.code}
    assert free.events.filter(kind="catalogue_taken_back").count() == 1
    page = client.get(url).content.decode()
    assert "1 new film was taken out again" in page and "The others stayed" in page and "undo/" not in page
    assert client.post(f"{url}undo/").status_code == 409
    again = carried_out(order(edition, organiser))
    assert (again.new, set(Film.objects.values_list("source", flat=True))) == (1, left | {free.code})


def test_what_can_be_taken_back_asks_the_same_for_one_film_and_for_many(
    edition: Edition, organiser: Actor
) -> None:
    counts = []
    for number in (1, 3):
        for _film in range(number):
            film(edition)
        run = carried_out(order(edition, organiser))
        with CaptureQueriesContext(connection) as asked:
            assert len(untouched(run)) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with pytest.raises(Refused):
        take_out(run=run, by=factories.make_member(edition, Role.TECHNICIAN), at=timezone.now())
