"""What a draft lacks of files beside its film."""

from collections import Counter
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.form_rules import FileRules
from festival.kit.words import say
from submissions.attachment_kinds import KINDS
from submissions.correction_fields import file_part
from submissions.models import Attachment, Entry, Question
from submissions.question_queries import asked_of

State = Attachment.State


def missing_files(entry: Entry, rules: FileRules, only: Collection[str] | None = None) -> list[str]:
    """One sentence each, on the page of the files. Asks nothing for an entry fetched with its attachments.

    `only`: the names (`correction_fields`) of those that are looked at.
    """
    files = [
        file for file in entry.attachments.all() if file.kind != "rights" and _looked_at(_of(file), only)
    ]
    ready = Counter(file.kind for file in files if file.state == State.READY)
    there = {file.kind for file in files}
    missing = []
    for kind in rules.required:
        if not _looked_at(file_part(kind), only):
            continue
        if kind not in there and (kind != "still" or not rules.stills_least):
            missing.append(_("Add what is asked for: %(kind)s.") % {"kind": KINDS[kind].label})
    stills = _looked_at(file_part("still"), only)
    if (
        stills
        and ready["still"] < rules.stills_least
        and not any(file.kind == "still" and file.state == State.WAITING for file in files)
    ):
        text = ngettext(
            "Add at least %(least)d still; there are %(count)d.",
            "Add at least %(least)d stills; there are %(count)d.",
            rules.stills_least,
        )
        missing.append(text % {"least": rules.stills_least, "count": ready["still"]})
    answered = {file.wording.question_id for file in files if file.wording}
    missing += [
        _("Answer “%(question)s” with a file.") % {"question": say(question.wording.text)}
        for question in asked_of(entry)
        if question.kind == Question.Kind.FILE
        and question.required
        and question.pk not in answered
        and _looked_at(file_part("answer", question.pk), only)
    ]
    return [*missing, *_unread(files)]


def _of(file: Attachment) -> str:
    return file_part(file.kind, file.wording.question_id if file.wording else "")


def _looked_at(part: str, only: Collection[str] | None) -> bool:
    return only is None or part in only


def unread_documents(entry: Entry) -> list[str]:
    """The same about documents that go with declarations."""
    return _unread([file for file in entry.attachments.all() if file.kind == "rights"])


def _unread(files: list[Attachment]) -> list[str]:
    missing = []
    if any(file.state == State.WAITING for file in files):
        missing.append(_("A file is still being read. This takes moments."))
    missing += [
        _("“%(filename)s” cannot be used: remove it, or send another.") % {"filename": file.filename}
        for file in files
        if file.state == State.REFUSED
    ]
    return missing
