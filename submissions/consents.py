"""What an entry's entrant is asked to declare, and what still counts of the answers. Pure reads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from festival.edition.models import Declaration
from festival.kit.words import say
from submissions.models import Attachment, Consent, Entry


@dataclass(frozen=True, slots=True)
class Asked:
    """A declaration with the entrant's answer, if there is one, and the documents that go with it."""

    declaration: Declaration
    consent: Consent | None
    documents: list[Attachment]

    @property
    def outdated(self) -> bool:
        """Whether the wording has changed since it was answered."""
        return self.consent is not None and self.consent.number != self.declaration.version

    @property
    def answer(self) -> str:
        """The answer that counts now; empty where one is awaited."""
        if self.consent is None or self.outdated:
            return ""
        if self.consent.answer == Consent.Answer.NOT_APPLICABLE and not self.declaration.if_applicable:
            return ""
        return self.consent.answer

    @property
    def takes_document(self) -> bool:
        """Whether a document may be added: only what was said to concern the film needs one."""
        if self.declaration.document == Declaration.Document.NONE:
            return False
        return self.answer == Consent.Answer.AGREED or not self.declaration.if_applicable

    @property
    def reading(self) -> bool:
        """Whether one of its documents is still being read."""
        return any(file.state == Attachment.State.WAITING for file in self.documents)

    @property
    def lacks_document(self) -> bool:
        wanted = (
            self.declaration.document == Declaration.Document.MUST and self.answer == Consent.Answer.AGREED
        )
        return wanted and not any(file.state == Attachment.State.READY for file in self.documents)


def asked_of(entry: Entry) -> list[Asked]:
    """The declarations that an entry is asked for now, in order.

    Asks nothing of the database for an entry that was fetched with its consents, its attachments, and its edition's
    declarations.
    """
    counting = {row.declaration_id: row for row in entry.consents.all() if row.until is None}
    documents: dict[int, list[Attachment]] = {}
    for file in entry.attachments.all():
        if file.declaration_id is not None:
            documents.setdefault(file.declaration_id, []).append(file)
    return [
        Asked(row, counting.get(row.pk), documents.get(row.pk, []))
        for row in entry.edition.declarations.all()
        if row.retired_at is None and row.track_id in (None, entry.track_id)
    ]


def missing_in_rights(entry: Entry) -> list[str]:
    """What a draft lacks on its page about rights, one sentence each."""
    missing = []
    for asked in asked_of(entry):
        title = {"title": say(asked.declaration.title)}
        if asked.outdated:
            missing.append(_("The text of “%(title)s” has changed: read it and answer again.") % title)
        elif asked.declaration.required and not asked.answer:
            if asked.declaration.if_applicable:
                missing.append(_("Say whether “%(title)s” applies, and agree to it if so.") % title)
            else:
                missing.append(_("Agree to “%(title)s”.") % title)
        if asked.lacks_document:
            missing.append(_("Add the document for “%(title)s”.") % title)
    return missing
