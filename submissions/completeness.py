"""What an entry still lacks before it can be submitted, and on which of its pages that is mended."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.form_rules import FormRules, read_form
from festival.edition.models import Edition
from submissions.attachment_gaps import missing_files, unread_documents
from submissions.consents import missing_in_rights
from submissions.credit_gaps import missing_in_credits
from submissions.fields import COMMON
from submissions.lifecycle import State
from submissions.models import Entry, FilmVersion
from submissions.question_queries import missing_answers
from submissions.residence import residence_refused
from submissions.statement_view import missing_in_statement


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: `step` is the key of the page (`steps.STEPS`) where it can be added."""

    step: str
    sentence: str


def form_of(edition: Edition) -> FormRules:
    """The edition's form as data."""
    return read_form(edition.form)


def missing_for_submission(entry: Entry) -> list[str]:
    """What an entry still lacks, one sentence each; empty means it can be submitted."""
    return [gap.sentence for gap in gaps(entry)]


def gaps(entry: Entry) -> list[Gap]:
    """What an entry still lacks, in the order of its pages.

    Asks nothing of the database for an entry that was fetched with what belongs to it (`queries.with_all_answers`).
    """
    return [*_about(entry), *_credits(entry), *_rights(entry), *_files(entry), *_film(entry)]


def _title_is_missing(entry: Entry) -> str:
    return _("Give the project a title.") if entry.is_project else _("Give the film a title.")


def _about(entry: Entry) -> list[Gap]:
    missing = [] if entry.title.strip() else [_title_is_missing(entry)]
    rules = form_of(entry.edition)
    missing += [
        str(common.missing)
        for common in COMMON
        if rules.asked(common.name) == "required" and common.is_empty(entry)
    ]
    if entry.state == State.DRAFT:  # afterwards it cannot be changed: a changed rule is for the desk to weigh
        missing += residence_refused(entry.residence, rules.residence)
        missing += missing_in_statement(entry)
    if entry.state == State.DRAFT:
        missing += missing_answers(entry)
    return [Gap("about", sentence) for sentence in missing]


def _credits(entry: Entry) -> list[Gap]:
    if entry.state != State.DRAFT:  # afterwards they cannot be changed
        return []
    return [
        Gap("credits", sentence) for sentence in missing_in_credits(entry, form_of(entry.edition).credits)
    ]


def _rights(entry: Entry) -> list[Gap]:
    if entry.state != State.DRAFT:  # afterwards what was agreed to stays
        return []
    return [Gap("rights", sentence) for sentence in (*missing_in_rights(entry), *unread_documents(entry))]


def _files(entry: Entry) -> list[Gap]:
    if entry.state != State.DRAFT:
        return []
    return [Gap("files", sentence) for sentence in missing_files(entry, form_of(entry.edition).files)]


def _film(entry: Entry) -> list[Gap]:
    if entry.is_project:
        return []
    version = max(entry.versions.all(), key=lambda one: one.number, default=None)
    if version is None:
        return [Gap("film", _("Upload the film."))]
    if entry.state == State.FIXING and not _is_newer_than_finding(entry, version):
        text = _("Upload the mended film: the version sent so far is the one that was not accepted.")
        return [Gap("film", text)]
    return []


def _is_newer_than_finding(entry: Entry, version: FilmVersion) -> bool:
    """Whether something was done about what was asked for: another film, or, for a technician, other subtitles.

    (Where the system asked, the entry follows its subtitles by itself.)
    """
    events = sorted(entry.events.all(), key=lambda event: (event.at, event.pk))
    asked: list[Any] = [event for event in events if event.kind == "ask_fix"]
    if version.number > max((event.values.get("version", 0) for event in asked), default=0):
        return True
    after = events[events.index(asked[-1]) :] if asked and asked[-1].actor_id else []
    return any(event.kind == "subtitles_added" for event in after)
