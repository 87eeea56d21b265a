"""The letters of an entry's life: which move writes which, and what they say."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from festival.post import actions as post
from festival.post.models import Notice
from festival.post.template_actions import both_languages
from submissions.acceptance import grave_rules
from submissions.completeness import gaps
from submissions.finding_words import rule_title
from submissions.models import Entry, Inspection, Waiver
from submissions.subtitle_view import lacks_only_subtitles

# The kinds of letter that a move of the life-cycle table may write (festival.post.kinds.KINDS).
LETTERS: dict[str, tuple[str, ...]] = {
    "submit": ("entry_submitted", "project_submitted"),
    "bring_in": (),  # an import writes no letters: it was submitted elsewhere
    "admit": ("entry_admitted", "entry_admitted_waived"),
    "ask_fix": ("entry_needs_fix", "entry_needs_subtitles"),
    "refuse": ("entry_refused",),
    "withdraw": ("entry_withdrawn",),
}


def tell(entry: Entry, kind: str, at: datetime, **values: Any) -> Notice:
    """Write to the entrant about the entry."""
    return post.notify(
        user=entry.entrant,
        edition=entry.edition,
        kind=kind,
        path=f"/entries/{entry.code}/",
        at=at,
        title=entry.title,
        code=entry.code,
        **values,
    )


def newest_inspection(entry: Entry) -> Inspection | None:
    """Of the entry's newest film version. One query."""
    rows = Inspection.objects.filter(version__entry=entry)
    return rows.order_by("-version__number", "-pk").first()


def tell_admitted(entry: Entry, at: datetime) -> Notice:
    """That it is admitted; with what the team accepts in it, where there is something."""
    inspection = newest_inspection(entry)
    grave = grave_rules(inspection.report) if inspection else set()
    waived = (
        Waiver.objects.filter(version=inspection.version_id, rule__in=grave) if inspection and grave else ()
    )
    rules = [waiver.rule for waiver in waived]
    if not rules:
        return tell(entry, "entry_admitted", at)
    findings = {key: _lines([rule_title(rule, key) for rule in rules]) for key in ("en", "zh")}
    return tell(entry, "entry_admitted_waived", at, findings=findings)


def tell_to_mend(entry: Entry, at: datetime, *, until: datetime, reason: str) -> Notice:
    """What is asked for: a mended film, or only subtitles where nothing else stands against it."""
    only_subtitles = lacks_only_subtitles(newest_inspection(entry), waivers=True)
    kind = "entry_needs_subtitles" if only_subtitles else "entry_needs_fix"
    return tell(entry, kind, at, until=until.isoformat(), reason=reason)


def tell_inspected(entry: Entry, inspection: Inspection, at: datetime) -> Notice:
    """What the inspection of a film found that is not submitted."""
    if inspection.verdict in (Inspection.Verdict.PASS, Inspection.Verdict.NOTE):
        return tell(entry, "film_passed", at)
    only_subtitles = lacks_only_subtitles(inspection)
    return tell(entry, "film_needs_subtitles" if only_subtitles else "film_has_faults", at)


def missing_in_draft(entry: Entry) -> dict[str, str]:
    """What a draft lacks, a line each, in both languages; empty when it could be submitted.

    Asks nothing of the database for one that came through `queries.with_form`.
    """
    said = both_languages(lambda: _lines([gap.sentence for gap in gaps(entry)]))
    return said if said["en"] else {}


def left_to_do(entry: Entry) -> dict[str, str]:
    """For a reminder: what a draft lacks, or that it only has to be submitted; in both languages."""
    return missing_in_draft(entry) or both_languages(
        lambda: _lines([_("Submit the entry: everything else is there.")])
    )


def _lines(sentences: list[str]) -> str:
    return "\n".join(f"– {sentence}" for sentence in sentences)
