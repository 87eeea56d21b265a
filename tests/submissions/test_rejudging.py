"""A changed rulebook: tried on stored reports, then put in force, then the entries that follow."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition, RulebookChange
from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM
from festival.people.roles import Role
from festival.post.models import Notice
from submissions import actions, rulebook_actions
from submissions.models import Entry, FindingRow, Inspection
from submissions.rejudging import count_outcome
from tests import factories
from tests.submissions.reports import inspected

pytestmark = pytest.mark.django_db

STRICT = '[black]\nmax_seconds = 2\nseverity = "fix"\n'
LENIENT = '[black]\nmax_seconds = 10\nseverity = "fix"\n'


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition(rulebook=STRICT)


@pytest.fixture
def organiser(edition: Edition) -> Client:
    return client_of(edition, Role.ORGANISER)


def client_of(edition: Edition, role: Role) -> Client:
    client = Client()
    client.force_login(factories.make_member(edition, role).user)
    return client


def asked_by_the_system(edition: Edition, **film: float) -> Entry:
    """An entry whose film was found wanting by the inspection itself."""
    entry = factories.make_entry(edition, state="submitted")
    inspected(entry, **film)
    actions.settle(entry=entry, at=timezone.now())
    entry.refresh_from_db()
    assert entry.state == "fixing"
    return entry


def propose(organiser: Client, edition: Edition, toml: str) -> RulebookChange:
    assert organiser.post(f"/{edition.slug}/desk/rulebook/", {"toml": toml}).status_code == 302
    return RulebookChange.objects.get(edition=edition, number=None)


def put_in_force(organiser: Client, edition: Edition, change: RulebookChange, reason: str = "Why not") -> int:
    data = {"change": change.pk, "reason": reason}
    return organiser.post(f"/{edition.slug}/desk/rulebook/apply/", data).status_code


def test_looking_changes_nothing_and_says_what_would_change(organiser: Client, edition: Edition) -> None:
    short, long = asked_by_the_system(edition, black=6), asked_by_the_system(edition, black=60)
    fine = factories.make_entry(edition, state="eligible")
    inspected(fine)
    draft = factories.make_entry(edition, state="draft", title="A secret draft")
    inspected(draft, black=6)
    elsewhere = factories.make_entry(factories.make_edition(rulebook=STRICT))
    inspected(elsewhere, black=6)

    before = list(Inspection.objects.order_by("pk").values("verdict", "report", "rulebook_digest"))
    change = propose(organiser, edition, LENIENT)
    assert change.state == "ready"
    assert change.outcome == {
        "films": 4,
        "unread": 0,
        "moves": [["pass", "pass", 1], ["fix", "pass", 2], ["fix", "fix", 1]],
        "changed": [[short.code, "fix", "pass"], ["", "fix", "pass"]],
        "admit": 1,
        "ask_fix": 0,
        "statements": [],
    }
    page = organiser.get(f"/{edition.slug}/desk/rulebook/").content.decode()
    assert f"/{edition.slug}/desk/entries/{short.code}/" in page
    assert long.code not in page
    assert "secret" not in page and draft.code not in page
    assert before == list(Inspection.objects.order_by("pk").values("verdict", "report", "rulebook_digest"))
    edition.refresh_from_db()
    assert edition.rulebook == STRICT
    assert organiser.post(f"/{edition.slug}/desk/rulebook/drop/").status_code == 302
    assert not RulebookChange.objects.exists()


def test_in_force_with_a_reason(organiser: Client, edition: Edition) -> None:
    factories.make_call(edition)
    entry = asked_by_the_system(edition, black=6)
    change = propose(organiser, edition, LENIENT)
    assert put_in_force(organiser, edition, change, reason="  ") == 400
    assert put_in_force(organiser, edition, change, "Titles often stand on black.") == 302

    change.refresh_from_db()
    edition.refresh_from_db()
    assert (change.state, change.number, edition.rulebook) == ("applied", 1, LENIENT)
    assert (change.before_digest, change.digest) == (
        Rulebook.from_toml(STRICT).digest,
        Rulebook.from_toml(LENIENT).digest,
    )
    inspection = Inspection.objects.get()
    assert (inspection.verdict, inspection.rulebook_digest) == ("pass", change.digest)
    assert (inspection.report["verdict"], inspection.report["findings"]) == ("pass", [])
    assert not FindingRow.objects.exists()
    entry.refresh_from_db()
    assert entry.state == "eligible"
    assert Notice.objects.filter(kind="entry_admitted", user=entry.entrant).count() == 1
    assert "Titles often stand on black." in Client().get(f"/{edition.slug}/rules/").content.decode()
    # the same again is no change, and what was proposed is gone
    assert organiser.post(f"/{edition.slug}/desk/rulebook/", {"toml": LENIENT}).status_code == 400
    assert put_in_force(organiser, edition, change) == 409


def test_changes_are_not_told_once_the_call_is_over(organiser: Client, edition: Edition) -> None:
    change = propose(organiser, edition, LENIENT)
    assert put_in_force(organiser, edition, change, "Titles often stand on black.") == 302
    assert "Titles" not in Client().get(f"/{edition.slug}/rules/").content.decode()


def test_nobody_is_moved_back(organiser: Client, edition: Edition) -> None:
    """Admitted stays admitted; what a technician asked for, and a newer film, wait for people."""
    admitted = factories.make_entry(edition, state="eligible")
    inspected(admitted, black=1)
    by_hand = factories.make_entry(edition, state="submitted")
    inspected(by_hand, black=6)
    technician = factories.make_member(edition, Role.TECHNICIAN)
    actions.ask_fix(entry=by_hand, by=technician, at=timezone.now(), reason="Subtitles")
    newer = asked_by_the_system(edition, black=6)
    inspected(newer, black=6)  # a second version, not submitted yet
    refused = factories.make_entry(edition, state="refused")
    inspected(refused, black=6)

    change = propose(organiser, edition, LENIENT.replace("10", "0.5"))
    assert change.outcome["moves"] == [["pass", "fix", 1], ["fix", "fix", 3]]
    assert put_in_force(organiser, edition, change) == 302
    change = propose(organiser, edition, LENIENT)
    assert put_in_force(organiser, edition, change) == 302
    states = {}
    for entry in (admitted, by_hand, newer, refused):
        entry.refresh_from_db()
        states[entry.pk] = entry.state
    assert states == {
        admitted.pk: "eligible",
        by_hand.pk: "fixing",
        newer.pk: "fixing",
        refused.pk: "refused",
    }
    assert (
        Inspection.objects.filter(verdict="pass").count() == 4
    )  # of each film the newest; v1 of `newer` stays


def test_faults_are_named_with_their_line_and_nothing_typed_is_lost(
    organiser: Client, edition: Edition
) -> None:
    typed = "[black]\nmax_secnds = 3\n# <b>my note</b>\n[duration]\nmin = 60\nmax = 30\n"
    response = organiser.post(f"/{edition.slug}/desk/rulebook/", {"toml": typed})
    assert response.status_code == 400
    page = response.content.decode()
    assert "Line 2" in page and "# &lt;b&gt;my note&lt;/b&gt;" in page
    assert not RulebookChange.objects.exists()
    organiser.cookies.load({"django_language": "zh-hans"})
    assert "第 2 行" in organiser.post(f"/{edition.slug}/desk/rulebook/", {"toml": typed}).content.decode()


def test_two_people_change_it(organiser: Client, edition: Edition) -> None:
    """The second change is refused: it was counted from a rulebook that is no longer in force."""
    change = propose(organiser, edition, LENIENT)
    Edition.objects.filter(pk=edition.pk).update(rulebook="")
    assert put_in_force(organiser, edition, change) == 409
    change.refresh_from_db()
    assert (change.state, change.number) == ("ready", None)


def test_many_films_go_through_the_queue(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    monkeypatch.setattr(rulebook_actions, "AT_ONCE", 1)
    monkeypatch.setattr("submissions.rejudging.CHUNK", 1)
    for _film in range(3):
        asked_by_the_system(edition, black=6)
    now = timezone.now()
    with django_capture_on_commit_callbacks():  # the message is lost
        change = rulebook_actions.propose(edition=edition, toml=LENIENT, by=SYSTEM, at=now)
    assert (change.state, change.done) == ("counting", 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert rulebook_actions.remind(at=now) == 1
    change.refresh_from_db()
    assert (change.state, change.done, change.total) == ("ready", 3, 3)
    with django_capture_on_commit_callbacks(execute=True):
        change = rulebook_actions.put_in_force(change=change, reason="Why not", by=SYSTEM, at=now)
        assert change.state == "applying"
        page = client_of(edition, Role.OWNER).get(f"/{edition.slug}/desk/rulebook/").content.decode()
        assert 'hx-trigger="every 2s"' in page
        with pytest.raises(Refused):
            rulebook_actions.propose(edition=edition, toml=STRICT, by=SYSTEM, at=now)
    change.refresh_from_db()
    assert change.state == "applied"
    assert set(Inspection.objects.values_list("verdict", flat=True)) == {"pass"}
    rulebook_actions.carry_on(pk=change.pk)  # a message that came twice
    assert rulebook_actions.remind(at=now + timedelta(days=1)) == 0


def test_reports_of_another_engine_stay(organiser: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition)
    factories.make_inspection(entry, report={"verdict": "pass", "video": {"duration": 3}})
    change = propose(organiser, edition, LENIENT)
    assert (change.outcome["films"], change.outcome["unread"]) == (1, 1)
    assert put_in_force(organiser, edition, change) == 302
    assert Inspection.objects.get().report == {"verdict": "pass", "video": {"duration": 3}}


def test_counting_costs_the_same_for_one_and_for_many(edition: Edition) -> None:
    rulebook = Rulebook.from_toml(LENIENT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            count_outcome(edition, rulebook)
        return len(captured)

    asked_by_the_system(edition, black=6)
    few = queries()
    asked_by_the_system(edition, black=6)
    asked_by_the_system(edition, black=6)
    assert queries() == few


def test_who_may(edition: Edition) -> None:
    for role, status in ((Role.TECHNICIAN, 403), (Role.CHAIR, 403), (Role.OWNER, 200)):
        assert client_of(edition, role).get(f"/{edition.slug}/desk/rulebook/").status_code == status


def test_from_the_shell(edition: Edition, tmp_path: Path) -> None:
    entry = asked_by_the_system(edition, black=6)
    file = tmp_path / "new.toml"
    file.write_text(LENIENT)

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("rejudge", edition.slug, *arguments, stdout=out)
        return out.getvalue()

    told = run("--rulebook", str(file))
    assert "fix → pass       1" in told and f"{entry.code}: fix → pass" in told
    assert not RulebookChange.objects.exists()
    with pytest.raises(CommandError, match="--reason"):
        run("--rulebook", str(file), "--apply")
    assert "1 reports" in run("--rulebook", str(file), "--apply", "--reason", "Titles")
    entry.refresh_from_db()
    assert (entry.state, RulebookChange.objects.get().reason) == ("eligible", "Titles")
    # without a rulebook: its own again, as after an update
    Inspection.objects.update(verdict="fix")
    assert "fix → pass" in run("--apply")
    assert Inspection.objects.get().verdict == "pass"
    file.write_text("[black]\nmax = 3\n")
    with pytest.raises(CommandError, match="Line 2"):
        run("--rulebook", str(file))
    with pytest.raises(CommandError, match="no edition"):
        call_command("rejudge", "nowhere")
