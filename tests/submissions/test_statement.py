"""The AI statement on the site: written in lines, judged without an inspection, shown beside the film's own word."""

import html
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from festival.edition.models import Edition, Track
from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions import actions, rulebook_actions, statement_queries
from submissions.catalogue import write_films
from submissions.models import Entry, StatementFinding, ToolUse
from submissions.statement.facts import Use
from submissions.statement_actions import judge_statements_anew
from submissions.statement_view import missing_in_statement, origin_of, uses_of
from tests.factories import (
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_user,
    make_uses,
)
from tests.submissions.reports import inspected

pytestmark = pytest.mark.django_db

RULES = '[ai]\nrequired = true\nmin_tools = 2\nseverity = { ai_min_tools = "note" }\n'
JSON = {"Accept": "application/json"}
KLING = Use("video", "kling", version="2.1", share=70, human="Cut by hand.")
HARP = Use("music", other="Harp 2")


@pytest.fixture
def edition() -> Edition:
    return make_edition(call_open=True, rulebook=RULES)


@pytest.fixture
def technician(edition: Edition) -> Client:
    client = Client()
    client.force_login(make_member(edition, Role.TECHNICIAN).user)
    return client


def form_of(entry: Entry, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the form sends, with these lines."""
    sent = {
        f"uses-{number}-{name}": value for number, line in enumerate(lines) for name, value in line.items()
    }
    sent |= {"uses-TOTAL_FORMS": len(lines), "uses-INITIAL_FORMS": 0}
    plain = {"title": entry.title, "director": "Wei Lan", "synopsis_en": "A lamp."}
    return plain | {"track": entry.track_id, "seen": entry.updated_at.isoformat()} | sent | more


def send(entry: Entry, *lines: dict[str, Any], typed: bool = False, **more: Any) -> Any:
    client = Client()
    client.force_login(entry.entrant)
    headers = JSON if typed else None
    return client.post(f"/entries/{entry.code}/edit/", form_of(entry, *lines, **more), headers=headers)


def page(entry: Entry, path: str = "") -> str:
    client = Client()
    client.force_login(entry.entrant)
    response = client.get(f"/entries/{entry.code}/{path}")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


# --- Writing ------------------------------------------------------------------------------------------------


def test_the_lines_are_kept_with_the_draft(edition: Edition) -> None:
    entry = make_draft(edition)
    response = send(
        entry,
        {"stage": "video", "tool": "kling", "version": "2.1", "share": "70", "human": " Cut by hand. "},
        {},
        {"stage": "music", "tool": "-other", "other": "Harp 2"},
        {"stage": "edit", "tool": "-none", "human": "By the director."},
    )
    assert response.url == f"/entries/{entry.code}/"
    assert uses_of(Entry.objects.get()) == (
        KLING,
        HARP,
        Use("edit", no_ai=True, human="By the director."),
    )
    shown = page(entry)
    assert "Kling 2.1" in shown and "70% of the film" in shown and "Harp 2" in shown and "No AI" in shown
    form = page(entry, "edit/")
    assert 'name="uses-TOTAL_FORMS" value="4"' in form  # three, and an empty one to write into
    assert '<option value="kling" selected>' in form and 'value="Harp 2"' in form


def test_a_tool_written_out_becomes_the_one_of_the_catalogue(edition: Edition) -> None:
    entry = make_draft(edition)
    send(
        entry, {"stage": "video", "tool": "-other", "other": "可灵AI"}, {"stage": "image", "other": "FLUX.1"}
    )
    assert [(use.tool, use.other) for use in uses_of(Entry.objects.get())] == [("kling", ""), ("flux", "")]


def test_half_a_line_is_kept_and_said_to_be_missing(edition: Edition) -> None:
    entry = make_draft(edition)
    answer = send(entry, {"stage": "video"}, {"tool": "suno"}, typed=True).json()
    assert uses_of(Entry.objects.get()) == (Use("video"), Use("", "suno"))
    assert answer["missing"] == [
        "Line 1 of the AI statement lacks its stage or its tool.",
        "Line 2 of the AI statement lacks its stage or its tool.",
        "The AI statement is empty. The rules ask which AI tools were used at which stage.",
    ]
    entry.refresh_from_db()
    answer = send(entry, {"stage": "video", "tool": "kling"}, typed=True).json()
    assert answer["missing"] == []


def test_an_emptied_form_empties_the_statement_and_one_without_lines_leaves_it(edition: Edition) -> None:
    entry = make_draft(edition)
    make_uses(entry, KLING)
    plain = form_of(entry)
    del plain["uses-TOTAL_FORMS"], plain["uses-INITIAL_FORMS"]
    client = Client()
    client.force_login(entry.entrant)
    assert client.post(f"/entries/{entry.code}/edit/", plain).status_code == 302
    entry.refresh_from_db()
    assert uses_of(entry) == (KLING,)
    assert send(entry, {}, {}).status_code == 302
    assert uses_of(Entry.objects.get()) == ()


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            [{"stage": "video", "tool": "kling", "share": "170"}],
            "Line 1 of the tools: Write the share as a whole number from 1 to 100.",
        ),
        (
            [{}, {"stage": "video", "tool": "kling", "share": "much"}],
            "Line 2 of the tools: Write the share as a whole number from 1 to 100.",
        ),
        (
            [{"stage": "video", "tool": "kling", "other": "Harp"}],
            "Line 1 of the tools: Choose the tool from the list or write its name, not both.",
        ),
        (
            [{"stage": "video", "tool": "-none", "share": "5"}],
            "Line 1 of the tools: Without AI there is no version and no share: empty them.",
        ),
        (
            [{"stage": "video", "tool": "-none"}, {}, {"stage": "video", "tool": "kling"}],
            "Line 3 of the tools: Line 1 says the opposite about the same stage. Keep one of the two.",
        ),
        (
            [{"stage": "smell", "tool": "kling"}],
            "Line 1 of the tools: Select a valid choice. smell is not one of the available choices.",
        ),
        (
            [{"stage": "video", "tool": "kling"}] * 41,
            "At most 40 lines can be kept; put some together.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(
    edition: Edition, lines: list[dict[str, str]], sentence: str
) -> None:
    entry = make_draft(edition)
    make_uses(entry, HARP)
    response = send(entry, *lines, title="Unsaved")
    assert response.status_code == 400
    assert sentence in html.unescape(response.content.decode())
    assert send(entry, *lines, typed=True).json()["text"].startswith(sentence)
    assert (Entry.objects.get().title, uses_of(entry)) == (entry.title, (HARP,))


@pytest.mark.parametrize("total", ["", "x", "-1", "9" * 5000, "1000000"])
def test_a_broken_count_of_lines_is_answered(edition: Edition, total: str) -> None:
    entry = make_draft(edition)
    make_uses(entry, HARP)
    response = send(entry, **{"uses-TOTAL_FORMS": total})
    assert response.status_code == 400
    assert uses_of(Entry.objects.get()) == (HARP,)


def test_two_tabs_do_not_overwrite_each_others_lines(edition: Edition) -> None:
    entry = make_draft(edition)
    assert send(entry, {"stage": "video", "tool": "kling"}, typed=True).status_code == 200
    second = send(entry, {"stage": "video", "tool": "vidu"}, typed=True)
    assert (second.status_code, second.json()["error"]) == (409, "changed")
    assert [use.tool for use in uses_of(Entry.objects.get())] == ["kling"]
    shown = send(entry, {"stage": "video", "tool": "vidu"})
    assert shown.status_code == 409
    assert '<option value="vidu" selected>' in shown.content.decode()


def test_a_submitted_statement_stays(edition: Edition) -> None:
    entry = make_entry(edition, state="submitted")
    make_uses(entry, KLING)
    assert send(entry, {"stage": "video", "tool": "vidu"}).status_code == 409
    assert uses_of(Entry.objects.get()) == (KLING,)


def test_a_tool_that_left_the_catalogue_stays_a_choice() -> None:
    own = '[ai.tools.lantern]\nname = "Lantern"\nmakes = ["video"]\n'
    edition = make_edition(call_open=True, rulebook=own)
    entry = make_draft(edition)
    make_uses(entry, Use("video", "lantern"))
    assert "Lantern" in page(entry)
    Edition.objects.update(rulebook="")
    assert '<option value="lantern" selected>' in page(entry, "edit/")
    fresh = Entry.objects.get()
    assert send(fresh, {"stage": "video", "tool": "lantern"}).status_code == 302


def test_the_database_refuses_what_cannot_be(edition: Edition) -> None:
    entry = make_draft(edition)
    for wrong in (
        {"stage": "smell"},
        {"share": 0},
        {"share": 101},
        {"tool": "kling", "other": "Harp"},
        {"no_ai": True, "tool": "kling"},
        {"no_ai": True, "share": 5},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ToolUse.objects.create(entry=entry, position=0, **{"stage": "video", **wrong})
    ToolUse.objects.create(entry=entry, position=0, stage="video")
    with pytest.raises(IntegrityError), transaction.atomic():
        ToolUse.objects.create(entry=entry, position=0, stage="image")


# --- Judging ------------------------------------------------------------------------------------------------


def rules_broken(entry: Entry) -> list[tuple[str, str]]:
    return list(StatementFinding.objects.filter(entry=entry).order_by("rule").values_list("rule", "severity"))


def test_a_draft_that_breaks_a_grave_rule_cannot_be_submitted(edition: Edition) -> None:
    entry = make_draft(edition)
    make_inspection(entry)
    by = actor_of(entry.entrant)
    with pytest.raises(Refused, match="The AI statement is empty"):
        actions.submit(entry=entry, by=by, at=timezone.now())
    assert "The AI statement is empty." in page(entry)
    make_uses(entry, KLING)
    assert rules_broken(entry) == [("ai_min_tools", "note")]
    shown = page(entry)
    assert "Too few AI tools are named" in shown and f"/entries/{entry.code}/submit/" in shown
    actions.submit(entry=entry, by=by, at=timezone.now())
    assert rules_broken(entry) == [("ai_min_tools", "note")]
    assert "The statement names 1; the rules ask for at least 2 different ones." in page(entry)


def test_without_rules_words_or_lines_are_enough() -> None:
    edition = make_edition(call_open=True)
    words, lines, neither = (
        make_draft(edition),
        make_draft(edition, ai_statement=""),
        make_draft(edition, ai_statement=" "),
    )
    make_uses(lines, KLING)
    asked = ["Say which AI tools you used, and what a person did."]
    assert [missing_in_statement(entry) for entry in (words, lines, neither)] == [[], [], asked]


def test_a_changed_rulebook_judges_statements_anew_without_an_inspection(
    edition: Edition, technician: Client
) -> None:
    first, second, empty = (make_entry(edition, state="submitted") for _number in range(3))
    make_uses(first, KLING, HARP)
    make_uses(second, KLING)
    actor = make_member(edition, Role.ORGANISER)
    change = rulebook_actions.propose(
        edition=edition, toml='[ai]\nrequired_stages = ["music"]\n', by=actor, at=timezone.now()
    )
    assert rules_broken(second) == [("ai_min_tools", "note")]
    assert change.outcome["statements"] == [["ai_min_tools", 1, 0], ["ai_stages", 0, 2]]
    shown = Client()
    shown.force_login(actor.user)
    preview = html.unescape(shown.get(f"/{edition.slug}/desk/rulebook/").content.decode())
    assert "A stage lacks its AI tool" in preview and "Nobody is moved by it." in preview
    rulebook_actions.put_in_force(change=change, reason="Music counts.", by=actor, at=timezone.now())
    assert [rules_broken(entry) for entry in (first, second, empty)] == [
        [],
        [("ai_stages", "block")],
        [("ai_stages", "block")],
    ]
    listed = technician.get(f"/{edition.slug}/desk/entries/?finding=ai_stages")
    assert {row.entry.code for row in listed.context["page"]} == {second.code, empty.code}
    field = next(field for field in listed.context["fields"] if field.name == "finding")
    assert [(one.value, one.count) for one in field.options] == [("ai_stages", 2)]
    assert 'A stage lacks its AI tool <span class="quiet num">2</span>' in listed.content.decode()
    first.refresh_from_db()
    assert {entry.state for entry in Entry.objects.all()} == {"submitted"}


# --- Beside the film ----------------------------------------------------------------------------------------


def labelled(entry: Entry, producer: str = "可灵AI") -> Any:
    """A film whose label names its maker, inspected."""
    inspection = inspected(entry)
    inspection.report["provenance"] = {
        "aigc": {"grade": "readable", "label": "1", "producer": producer, "place": "mdta"}
    }
    inspection.report["file"]["tags"] = {"encoder": "CapCut 5.9"}
    inspection.save()
    return inspection


def test_the_report_shows_what_the_file_says_beside_the_statement(
    edition: Edition, technician: Client
) -> None:
    entry = make_entry(edition, state="submitted")
    make_uses(entry, Use("video", no_ai=True))
    labelled(entry)
    at_the_desk = html.unescape(
        technician.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()
    )
    for shown in (page(entry), at_the_desk):
        assert "What the file itself says" in shown
        assert "The file says AI, the statement says none" in shown
        assert "The file names Kling, the statement does not" in shown
        assert "There and readable, though not as the standard says · 可灵AI" in shown
    make_uses(entry, KLING)
    shown = page(entry)
    assert "Both name Kling" in shown and "the statement says none" not in shown
    with translation.override("zh-hans"):
        origin = origin_of(labelled(entry), entry)
    assert origin is not None
    assert [(remark.label, remark.title) for remark in origin.remarks] == [
        ("一致", "文件与说明均写明可灵"),
        ("一致", "文件与说明均表明使用了 AI"),
        ("供参考", "文件中出现剪映"),
    ]


def test_the_desk_finds_entries_whose_film_says_otherwise(edition: Edition, technician: Client) -> None:
    entries = [make_entry(edition, state="submitted") for _number in range(3)]
    for entry, label in zip(entries, ("可灵AI", "可灵AI", "")):
        labelled(entry, label)
        make_uses(entry, HARP, Use("video", "kling" if entry == entries[0] else "vidu"))
    assert [rules_broken(entry) for entry in entries] == [[], [("statement_differs", "note")], []]
    listed = technician.get(f"/{edition.slug}/desk/entries/?finding=statement_differs")
    assert [row.entry.code for row in listed.context["page"]] == [entries[1].code]
    told = "The film’s own word and the AI statement differ"
    assert f'{told} <span class="quiet num">1</span>' in listed.content.decode()
    own = RULES + '[ai.tools.vidu]\nname = "Vidu"\nmakes = ["video"]\naliases = ["可灵AI"]\n'
    judge_statements_anew(edition=edition, rulebook=Rulebook.from_toml(own))
    assert [rules_broken(entry) for entry in entries] == [[("statement_differs", "note")], [], []]


def test_a_report_without_such_facts_shows_no_comparison(edition: Edition) -> None:
    entry = make_entry(edition, state="submitted")
    inspection = make_inspection(entry)
    assert origin_of(inspection, entry) is None
    assert origin_of(None, entry) is None
    inspection.report = {"provenance": {"aigc": {"grade": 7}}, "video": {"duration": 1}}  # another engine's
    assert origin_of(inspection, entry) is None


def test_a_selected_film_takes_its_lines_along(edition: Edition) -> None:
    entry = make_entry(edition)
    make_uses(entry, HARP, KLING, Use("image"))
    make_inspection(entry)
    film = write_films(entries=[entry])[entry.pk]
    assert film.tools == [
        {
            "stage": "video",
            "tool": {"en": "Kling", "zh": "可灵"},
            "version": "2.1",
            "share": 70,
            "human": "Cut by hand.",
            "no_ai": False,
        },
        {
            "stage": "music",
            "tool": {"en": "Harp 2", "zh": "Harp 2"},
            "version": "",
            "share": None,
            "human": "",
            "no_ai": False,
        },
    ]


# --- Statistics ---------------------------------------------------------------------------------------------


def test_statistics_by_tool_and_by_track() -> None:
    edition = make_edition(rulebook='[black]\nmax_seconds = 2\nseverity = "fix"\n')
    other = Track.objects.create(edition=edition, slug="late", name={"en": "Late"}, position=1)
    kling, both, harp, silent, draft = (
        make_entry(edition, state="submitted"),
        make_entry(edition, state="submitted", track=other),
        make_entry(edition, state="submitted"),
        make_entry(edition, state="submitted"),
        make_draft(edition),
    )
    make_uses(kling, KLING, Use("image", "kling"), Use("music", no_ai=True))
    make_uses(both, KLING, HARP)
    make_uses(harp, HARP)
    make_uses(silent, Use("video", no_ai=True), Use("image"), Use("", "suno"))
    make_uses(draft, KLING)
    for entry, black in ((kling, 6), (both, 6), (harp, 0), (silent, 0), (draft, 6)):
        inspected(entry, black=0)  # an older one, which counts no longer
        inspected(entry, black=black)
    by_tool = statement_queries.groups_by_tool(edition)
    assert [(group.key, group.name, group.verdicts, group.films) for group in by_tool] == [
        ("kling", "Kling", {"fix": 2}, 2),
        ("other", "", {"fix": 1, "pass": 1}, 2),
    ]
    assert [[(rule, count) for rule, _name, count in group.findings] for group in by_tool] == [
        [("black", 2)],
        [("black", 1)],
    ]
    by_track = statement_queries.groups_by_track(edition)
    assert [(group.key, group.verdicts, group.films) for group in by_track] == [
        ("open", {"fix": 1, "pass": 2}, 3),
        ("late", {"fix": 1}, 1),
    ]
    assert [(tool, count) for tool, _name, count in statement_queries.tool_counts(edition)] == [
        ("kling", 2),
        ("other", 2),
    ]


@pytest.mark.parametrize(("tool", "found"), [("kling", 1), ("other", 1), ("suno", 0), ("%27", 3)])
def test_entries_by_tool(edition: Edition, technician: Client, tool: str, found: int) -> None:
    for uses in ((KLING,), (HARP,), ()):
        make_uses(make_entry(edition, state="submitted"), *uses)
    listed = technician.get(f"/{edition.slug}/desk/entries/?tool={tool}")
    assert len(listed.context["page"]) == found


def test_the_desk_asks_no_more_for_more_tools(edition: Edition, technician: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert technician.get(f"/{edition.slug}/desk/{path}").status_code == 200
        return len(asked)

    def fill(number: int) -> None:
        for place in range(number):
            entry = make_entry(edition, state="submitted", entrant=make_user())
            make_uses(entry, KLING, HARP, Use("voice", f"tool-{place}"), Use("image", "flux"))
            inspected(entry)

    paths = ("inspections/", "entries/", "entries/?tool=kling&finding=ai_min_tools")
    fill(1)
    few = [queries(path) for path in paths]
    fill(6)
    assert [queries(path) for path in paths] == few
