"""What was declared about an entry, prepared for reading."""

from dataclasses import dataclass

from festival.kit.words import say
from festival.people.actor import Actor
from submissions.attachment_view import FileView, file_views
from submissions.models import Consent, Entry


@dataclass(frozen=True, slots=True)
class DeclaredView:
    """An answer that counts, in the very words that were agreed to. `newest` is the wording that is asked now."""

    consent: Consent
    title: str
    text: str
    answer: str
    newest: int
    texts: dict[str, str]
    documents: list[FileView]

    @property
    def older(self) -> bool:
        """Whether the wording has changed since."""
        return self.consent.number != self.newest


def declared_views(entry: Entry, actor: Actor) -> list[DeclaredView]:
    """The answers in the order of the declarations; `entry` was fetched whole."""
    declarations = {row.pk: row for row in entry.edition.declarations.all()}
    counting = [row for row in entry.consents.all() if row.until is None]
    counting.sort(key=lambda row: declarations[row.declaration_id].position)
    documents = file_views((file for file in entry.attachments.all() if file.kind == "rights"), actor)
    return [
        DeclaredView(
            consent=row,
            title=say(row.wording.title),
            text=say(row.wording.text),
            answer=str(row.get_answer_display()),
            newest=declarations[row.declaration_id].version,
            texts=row.wording.text,
            documents=[view for view in documents if view.file.declaration_id == row.declaration_id],
        )
        for row in counting
    ]
