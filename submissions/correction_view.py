"""Corrections prepared for reading."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from festival.edition.form_rules import read_form
from festival.edition.models import Edition
from festival.kit.words import time_left
from submissions.correction_fields import files_of, is_elsewhere, labels_of, listed
from submissions.correction_queries import is_running
from submissions.correction_words import ChangeView, change_views
from submissions.models import Correction, Entry

State = Correction.State
TONES = {
    State.ASKED: "wait",
    State.GRANTED: "fix",
    State.REFUSED: "block",
    State.DONE: "pass",
    State.OVER: "quiet",
}


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction at a moment. `running`: the entrant can write; `waiting`: nobody has decided.

    `answer_by` is what was promised, while it waits; `age` for how long it has waited. `fields` is what was asked for,
    or granted once that is decided.
    """

    row: Correction
    state: str
    tone: str
    waiting: bool
    running: bool
    asked: list[str]
    granted: list[str]
    answer_by: datetime | None = None
    late: bool = False
    age: str = ""
    changes: list[ChangeView] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        return self.granted or self.asked

    @property
    def fields_listed(self) -> str:
        return listed(self.fields)


def view_of(
    row: Correction, edition: Edition, at: datetime, *, addresses: bool = False, changes: bool = False
) -> CorrectionView:
    """`changes`: with what was changed; the row came with it. The edition came with its questions."""
    running, waiting = is_running(row, at), row.state == State.ASKED
    over = row.state == State.GRANTED and not running
    state = State.OVER if over else State(row.state)
    taken_back = state == State.OVER and row.decided_at is None and row.closed_by_id is not None
    by = answer_by(row, edition)
    return CorrectionView(
        row=row,
        state=_("Taken back") if taken_back else str(state.label),
        tone=TONES[state],
        waiting=waiting,
        running=running,
        asked=labels_of(edition, row.asked),
        granted=labels_of(edition, row.granted),
        answer_by=by if waiting else None,
        late=waiting and by is not None and at >= by,
        age=time_left(at, row.asked_at) if waiting else "",
        changes=change_views(row.changes.all(), edition, addresses=addresses) if changes else [],
    )


def answer_by(row: Correction, edition: Edition) -> datetime | None:
    """Until when the entrant was promised an answer; None where nothing is promised."""
    days = read_form(edition.form).promises.correction_days
    return row.asked_at + timedelta(days=days) if days else None


def views_of(
    rows: Iterable[Correction], edition: Edition, at: datetime, *, addresses: bool
) -> list[CorrectionView]:
    """All of an entry, with what was changed."""
    return [view_of(row, edition, at, addresses=addresses, changes=True) for row in rows]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A granted part that is changed on a page of its own."""

    label: str
    url: str


def elsewhere_of(entry: Entry, correction: Correction) -> list[Elsewhere]:
    """Where the parts are changed that the form of the correction does not hold."""
    names = [name for name in correction.granted if is_elsewhere(name)]
    return [Elsewhere(labels_of(entry.edition, [name])[0], _address(entry, name)) for name in names]


def _address(entry: Entry, name: str) -> str:
    if name == "credits":
        return reverse("submissions:credits", args=[entry.code])
    if name == "subtitles":
        return reverse("submissions:entry", args=[entry.code]) + "#subtitles"
    kind, question = files_of(name)
    return reverse("submissions:files", args=[entry.code]) + (
        f"#answer-{question}" if question else f"#{kind}"
    )
