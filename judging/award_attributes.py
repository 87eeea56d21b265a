"""What award rules may ask of a film, read in sets: its track, country, form, share of a tool, what is in order.

docs/awards.md lists the names. Only what some rule asks for is read.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, QuerySet

from festival.edition.blueprint_awards import MAKER, TOOL
from festival.edition.models import Declaration, Edition, Track
from judging.queries import running_times
from submissions.acceptance import accepts
from submissions.models import (
    Attachment,
    Consent,
    Entry,
    Inspection,
    RepresentativeIdentity,
    StatementFinding,
    ToolUse,
    Waiver,
)
from submissions.queries import co_authors_of, latest_inspection
from submissions.statement.facts import Use, share_of
from submissions.statement_view import rulebook_of

Attributes = dict[int, dict[str, Any]]


def attributes_of(films: QuerySet[Entry], edition: Edition, names: Collection[str]) -> Attributes:
    """The named attributes and the track, by entry id. A film without a value lacks the attribute.

    country, language: the first that the entry names; minutes: as measured; tool_share.SLUG and maker_share.NAME: per
    cent of the film's pictures made with that tool, or any tool of that maker, by its AI statement. As many queries
    whatever the number of films (running times: one for each thousand).
    """
    found: Attributes = {}
    rows = films.values_list("pk", "track__slug", "country", "language", "genre", "premiere", "year")
    for pk, track, country, language, genre, premiere, year in rows:
        values = {
            "track": track,
            "country": _first(country),
            "language": _first(language),
            "form": genre,
            "premiere": premiere,
            "year": year,
        }
        kept = {name: value for name, value in values.items() if value and (name == "track" or name in names)}
        found[pk] = kept
    if "minutes" in names:
        for pk, seconds in running_times(list(found)).items():
            if seconds:
                found[pk]["minutes"] = round(seconds / 60, 3)
    _shares(found, films, edition, names)
    for name, read in (
        ("findings_closed", _findings_closed),
        ("rights_complete", _rights_complete),
        ("identity_checked", _identity_checked),
    ):
        if name in names:
            good = read(films, edition)
            for pk, values in found.items():
                values[name] = pk in good
    return found


def _first(codes: str) -> str:
    return codes.split(",")[0].strip()


def _shares(found: Attributes, films: QuerySet[Entry], edition: Edition, names: Collection[str]) -> None:
    asked = {name for name in names if name.startswith((TOOL, MAKER))}
    if not asked:
        return
    makers: dict[str, set[str]] = defaultdict(set)
    for tool in rulebook_of(edition).tools.tools:
        makers[tool.maker].add(tool.slug)
    slugs = {
        name: {name.removeprefix(TOOL)} if name.startswith(TOOL) else makers[name.removeprefix(MAKER)]
        for name in asked
    }
    uses: dict[int, list[Use]] = defaultdict(list)
    wanted = set().union(*slugs.values())
    for row in ToolUse.objects.filter(entry__in=films.values("pk"), tool__in=wanted).order_by("position"):
        uses[row.entry_id].append(row.as_use)
    for pk, values in found.items():
        for name, tools in slugs.items():
            values[name] = share_of([use for use in uses.get(pk, ()) if use.tool in tools])[0]


def _findings_closed(films: QuerySet[Entry], edition: Edition) -> set[int]:
    """Films whose newest version is technically accepted and whose statement breaks nothing that must be mended; of
    projects without a film the statement alone is asked.
    """
    newest = films.annotate(newest=latest_inspection()).values_list("pk", "newest")
    by_inspection = {inspection: pk for pk, inspection in newest if inspection}
    waived: dict[int, set[str]] = defaultdict(set)
    for version, rule in Waiver.objects.filter(version__entry__in=films.values("pk")).values_list(
        "version_id", "rule"
    ):
        waived[version].add(rule)
    without = {pk for pk, inspection in newest if not inspection}
    projects = films.filter(pk__in=without, track__enters=Track.Enters.PROJECT) if without else films.none()
    good = set(projects.values_list("pk", flat=True))
    inspections = Inspection.objects.filter(
        version__entry__in=films.values("pk"), state=Inspection.State.DONE
    ).annotate(found=F("report__findings"))
    for pk, version, verdict, findings in inspections.values_list("pk", "version_id", "verdict", "found"):
        if pk not in by_inspection:
            continue
        grave = {each["rule"] for each in findings or () if each["severity"] in ("fix", "block")}
        if accepts(verdict, grave, waived.get(version, ())):
            good.add(by_inspection[pk])
    broken = StatementFinding.objects.filter(entry__in=films.values("pk"), severity__in=("fix", "block"))
    return good - set(broken.values_list("entry_id", flat=True))


def _rights_complete(films: QuerySet[Entry], edition: Edition) -> set[int]:
    """Films for which every declaration that must be answered is, in its present wording, with its document."""
    asked = list(Declaration.objects.filter(edition=edition, retired_at__isnull=True))
    answers: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Consent.objects.filter(
        entry__in=films.values("pk"), until__isnull=True, number=F("declaration__version")
    )
    for entry, declaration, answer in rows.values_list("entry_id", "declaration_id", "answer"):
        answers[entry][declaration] = answer
    files = Attachment.objects.filter(
        entry__in=films.values("pk"), declaration__isnull=False, state=Attachment.State.READY
    )
    documents = set(files.values_list("entry_id", "declaration_id"))
    good = set()
    for pk, track in films.values_list("pk", "track_id"):
        mine = [row for row in asked if row.track_id in (None, track)]
        if all(_answered(row, answers[pk].get(row.pk, ""), (pk, row.pk) in documents) for row in mine):
            good.add(pk)
    return good


def _answered(row: Declaration, answer: str, has_document: bool) -> bool:
    if answer == Consent.Answer.NOT_APPLICABLE and not row.if_applicable:
        answer = ""
    if row.document == Declaration.Document.MUST and answer == Consent.Answer.AGREED and not has_document:
        return False
    return bool(answer) or not row.required


def _identity_checked(films: QuerySet[Entry], edition: Edition) -> set[int]:
    rows = RepresentativeIdentity.objects.filter(entry__in=films.values("pk"), checked_at__isnull=False)
    return set(rows.values_list("entry_id", flat=True))


def groups_of(films: QuerySet[Entry], groupings: Collection[str]) -> Mapping[int, dict[str, list[str]]]:
    """By entry id what limits count by: `entrant` is the account, `team` the accounts of all who agreed to be named.

    Accounts are named by number: the document holds no names.
    """
    rows = dict(films.values_list("pk", "entrant_id"))
    makers = co_authors_of(films.values("pk")) if "team" in groupings else {}
    found: dict[int, dict[str, list[str]]] = {}
    for pk, entrant in rows.items():
        groups = {}
        if "entrant" in groupings:
            groups["entrant"] = [f"u{entrant}"]
        if "team" in groupings:
            groups["team"] = sorted(f"u{user}" for user in {entrant, *makers.get(pk, ())})
        if groups:
            found[pk] = groups
    return found


def named_in(conditions: Collection[Mapping[str, Any]]) -> set[str]:
    """The attributes that conditions and quotas ask for."""
    return {str(one["attribute"]) for one in conditions if one.get("attribute")}
