"""What the fields of a submitted entry lack, as they stand after a correction."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from festival.edition.form_rules import read_form
from submissions import queries
from submissions.attachment_gaps import missing_files
from submissions.correction_fields import question_of
from submissions.credit_gaps import incomplete_credits, missing_in_credits
from submissions.fields import BY_NAME
from submissions.models import Entry
from submissions.question_queries import missing_among
from submissions.statement_view import unsaid_in_statement


def lacking(entry_id: int, names: Collection[str]) -> list[str]:
    """What a save may not leave missing in these fields, one sentence each; as the database has them now."""
    entry = queries.with_form(Entry.objects.filter(pk=entry_id)).get()
    return missing_in(entry, names, told=False)


def missing_in(entry: Entry, names: Collection[str], *, told: bool = True) -> list[str]:
    """What these fields lack. `told`: also what keeps nobody from saving, because others must do it or it takes time:
    answers of co-authors, files.

    Asks nothing of the database for an entry that was fetched with all that belongs to its form.
    """
    rules = read_form(entry.edition.form)
    missing = []
    if "title" in names and not entry.title.strip():
        missing.append(_("Give the film a title."))
    for name, common in BY_NAME.items():
        if name in names and rules.asked(name) == "required" and common.is_empty(entry):
            missing.append(str(common.missing))
    asked = {question_of(name) for name in names} - {None}
    missing += missing_among(entry, [row for row in entry.edition.questions.all() if row.pk in asked])
    if {"uses", "ai_statement"} & set(names):
        missing += unsaid_in_statement(entry)
    if "credits" in names:
        missing += (
            missing_in_credits(entry, rules.credits) if told else incomplete_credits(entry, rules.credits)
        )
    if told:
        missing += missing_files(entry, rules.files, names)
    return missing
