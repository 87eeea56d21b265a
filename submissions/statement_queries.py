"""What the desk counts by track and by AI tool: verdicts and the findings met most. Sets, never row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from festival.edition.models import Edition
from festival.kit import remembered
from festival.kit.words import say, short_language
from submissions import queries
from submissions.finding_words import rule_title
from submissions.models import FindingRow, Inspection, ToolUse
from submissions.statement_view import rulebook_of

MOST_FINDINGS = 3
MOST_TOOLS = 40
OTHER = "other"  # in the address: tools that the catalogue lacks


@dataclass(frozen=True, slots=True)
class Group:
    """The submitted films of a track, or with a tool: how many have which verdict ("" for none yet), and all.

    `findings` are those met most: rule, its name in the reader's language, how many films.
    """

    key: str
    name: str
    verdicts: Mapping[str, int]
    findings: list[tuple[str, str, int]]

    @property
    def films(self) -> int:
        return sum(self.verdicts.values())


def entries_naming(tools: Iterable[str]) -> QuerySet[ToolUse]:
    """Ids of the entries, of any edition, whose statement names one of the tools, for narrowing a query of entries."""
    rows = ToolUse.objects.filter(_names_a_tool()).order_by()
    return rows.filter(tool__in=["" if tool == OTHER else tool for tool in tools]).values("entry_id")


def tool_counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Tool, its name, and how many submitted entries name it, most first; of many as they were at most a minute ago.
    One query.
    """
    named = _named(edition).order_by().values_list("tool").annotate(count=Count("entry_id", distinct=True))
    rows = remembered.figures(
        f"tools-{edition.pk}", lambda: list(named), lambda found: sum(count for _tool, count in found)
    )
    known, language = rulebook_of(edition).tools, short_language()
    counts = [
        (tool or OTHER, known.said(tool, language) if tool else "", count) for tool, count in rows if count
    ]
    return sorted(counts, key=lambda row: (-row[2], row[0]))


def _names_a_tool(path: str = "") -> Q:
    """A complete line with a tool, seen from `path`. Without a negation, so that across a relation it stays a join."""
    asked = {f"{path}no_ai": False, f"{path}stage__gt": ""}
    return Q(**asked) & (Q(**{f"{path}tool__gt": ""}) | Q(**{f"{path}other__gt": ""}))


def _named(edition: Edition) -> QuerySet[ToolUse]:
    return ToolUse.objects.filter(_names_a_tool(), entry__edition=edition, entry__submitted_at__isnull=False)


def groups_by_track(edition: Edition) -> list[Group]:
    """Every track in its order. Three queries."""
    verdicts, findings = _counted(edition, "version__entry__track_id")
    return [
        Group(track.slug, say(track.name), verdicts.get(track.pk, {}), _most(findings.get(track.pk, {})))
        for track in edition.tracks.all()
    ]


def groups_by_tool(edition: Edition) -> list[Group]:
    """The tools that submitted statements name, most films first; a film counts for each of its tools. Two queries."""
    verdicts, findings = _counted(edition, "version__entry__tool_uses__tool")
    known, language = rulebook_of(edition).tools, short_language()
    groups = [
        Group(
            str(tool) or OTHER,
            known.said(str(tool), language) if tool else "",
            counts,
            _most(findings.get(tool, {})),
        )
        for tool, counts in verdicts.items()
    ]
    return sorted(groups, key=lambda group: (-group.films, group.key))[:MOST_TOOLS]


Counts = dict[object, dict[str, int]]


def _counted(edition: Edition, key: str) -> tuple[Counts, Counts]:
    """Films by `key` (a column seen from the inspection) and verdict, and by key and broken rule; of many films as they
    were at most a minute ago. Two queries.
    """
    return remembered.figures(
        f"counted-{edition.pk}-{key}",
        lambda: _count(edition, key),
        lambda found: sum(sum(counts.values()) for counts in found[0].values()),
    )


def _count(edition: Edition, key: str) -> tuple[Counts, Counts]:
    newest = queries.newest_inspections(edition, submitted=True).values("pk")
    films = Inspection.objects.filter(pk__in=newest).order_by()
    rules = FindingRow.objects.filter(inspection__in=newest).order_by()
    if "tool_uses" in key:  # in one filter, so that conditions and column speak of the same line
        films = films.filter(_names_a_tool("version__entry__tool_uses__"))
        rules = rules.filter(_names_a_tool("inspection__version__entry__tool_uses__"))
    by_verdict = films.values_list(key, "verdict").annotate(count=Count("pk", distinct=True))
    by_rule = rules.values_list(f"inspection__{key}", "rule").annotate(
        count=Count("inspection", distinct=True)
    )
    return _nested(by_verdict), _nested(by_rule)


def _nested(rows: Iterable[tuple[object, str, int]]) -> Counts:
    counts: Counts = {}
    for key, name, count in rows:
        counts.setdefault(key, {})[name] = count
    return counts


def _most(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    language = short_language()
    first = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:MOST_FINDINGS]
    return [(rule, rule_title(rule, language), count) for rule, count in first]
