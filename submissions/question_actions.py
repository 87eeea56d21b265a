"""Writes of questions and answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.blueprint import Blueprint
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from submissions import permissions
from submissions.lifecycle import State
from submissions.models import Answer, Attachment, Entry, Question, Wording
from submissions.question_queries import asked_of

MOST_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class Words:
    """What a question says: see `Wording`."""

    text: Mapping[str, str]
    help: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Mapping[str, str]] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)

    def as_columns(self) -> dict[str, Any]:
        return {
            "text": dict(self.text),
            "help": dict(self.help),
            "options": [dict(option) for option in self.options],
            "limits": {key: value for key, value in self.limits.items() if value not in (None, "", [])},
        }


@transaction.atomic
def add_question(
    *,
    edition: Edition,
    words: Words,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
    **settings: Any,
) -> Question:
    """A new question at the end. `settings`: kind, tracks, asked, required, for_judges, due_at. One that must be
    answered needs a reason once the call has opened.
    """
    question = make_question(edition=edition, words=words, by=by, at=at, **settings)
    _record(question, words.text, {"question.required": (None, question.required or None)}, reason, by, at)
    return question


@transaction.atomic
def make_question(
    *,
    edition: Edition,
    kind: str,
    words: Words,
    by: Actor,
    at: datetime,
    tracks: Iterable[Track] = (),
    **settings: Any,
) -> Question:
    """The row of a question with its first wording; no change of the terms, which `add_question` makes of it."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    places = list(held.questions.values_list("position", flat=True))
    if len(places) >= MOST_QUESTIONS:
        raise Refused(
            _("An entry form has %(most)d questions at most. Delete one that nobody has answered.")
            % {"most": MOST_QUESTIONS}
        )
    question = Question.objects.create(
        edition=held, kind=kind, position=max(places, default=-1) + 1, **settings
    )
    question.tracks.set(tracks)
    Wording.objects.create(question=question, number=1, by=by.user, at=at, **words.as_columns())
    return question


def _record(
    question: Question,
    text: Mapping[str, str],
    values: Mapping[str, tuple[Any, Any]],
    reason: Mapping[str, str] | None,
    by: Actor,
    at: datetime,
) -> None:
    tracks = [track.slug for track in question.tracks.all()]
    changes = [Change(what, old, new, name=text, tracks=tracks) for what, (old, new) in values.items()]
    record_changes(edition=question.edition, changes=changes, reason=reason or {}, by=by, at=at)


@transaction.atomic
def create_questions(*, edition: Edition, plan: Blueprint, at: datetime) -> None:
    """The questions of a blueprint, in its order."""
    tracks = {track.slug: track for track in edition.tracks.all()}
    for question in plan.questions:
        options = [{"key": f"o{place}", **label} for place, label in enumerate(question.options, 1)]
        make_question(
            edition=edition,
            kind=question.kind,
            words=Words(question.text, question.help, options, question.limits),
            by=SYSTEM,
            at=at,
            tracks=[tracks[slug] for slug in question.tracks],
            asked=question.asked,
            required=question.required,
            for_judges=question.for_judges,
        )


@transaction.atomic
def change_question(
    *,
    question: Question,
    kind: str,
    words: Words,
    by: Actor,
    at: datetime,
    tracks: Iterable[Track] = (),
    reason: Mapping[str, str] | None = None,
    **settings: Any,
) -> Question:
    """Change a question. Words that somebody has answered stay as they were: the new ones are a wording of their own.

    Refused when its kind is changed after somebody answered: a date cannot be read as a choice; and when judges shall
    read what was answered without knowing that.
    """
    fresh = Question.objects.select_for_update().get(pk=question.pk)
    answered = is_answered(fresh)
    if kind != fresh.kind and answered:
        raise Refused(
            _(
                "This question has been answered, so its kind can no longer be changed. Retire it and ask a new one."
            ),
            code="answered",
        )
    if settings.get("for_judges") and not fresh.for_judges and answered:
        raise Refused(
            _(
                "This was answered by people who were not told that judges read it. Ask a new question for that."
            ),
            code="answered",
        )
    Question.objects.filter(pk=fresh.pk).update(kind=kind, **settings)
    fresh.tracks.set(tracks)
    columns, newest = words.as_columns(), fresh.wording
    if any(getattr(newest, name) != value for name, value in columns.items()):
        if newest.answers.exists() or newest.files.exists():
            Wording.objects.create(question=fresh, number=newest.number + 1, by=by.user, at=at, **columns)
        else:
            Wording.objects.filter(pk=newest.pk).update(by=by.user, at=at, **columns)
    changed = Question.objects.get(pk=fresh.pk)
    if changed.retired_at is None:
        due = [one.due_at.isoformat() if one.due_at else None for one in (fresh, changed)]
        values = {
            "question.required": (fresh.required, changed.required),
            "question.due_at": (due[0], due[1]),
        }
        _record(changed, words.text, values, reason, by, at)
    return changed


@transaction.atomic
def order_questions(*, edition: Edition, ids: Sequence[int]) -> None:
    """Put the edition's questions into this order; those not named keep their order behind them."""
    Edition.objects.select_for_update().get(pk=edition.pk)
    rows = {row.pk: row for row in edition.questions.all()}
    named = [rows.pop(pk) for pk in dict.fromkeys(ids) if pk in rows]
    for place, row in enumerate([*named, *rows.values()]):
        row.position = place
    Question.objects.bulk_update([*named, *rows.values()], ["position"])


def is_answered(question: Question) -> bool:
    """Whether any entry has answered it, in words or with a file."""
    return question.answers.exists() or Attachment.objects.filter(wording__question=question).exists()


def move_question(*, question: Question, by_places: int) -> None:
    """Move a question up (negative) or down among those in use."""
    ids = list(
        question.edition.questions.filter(retired_at__isnull=True)
        .order_by("position", "pk")
        .values_list("pk", flat=True)
    )
    if question.pk not in ids:
        return
    place = ids.index(question.pk)
    ids.insert(min(max(place + by_places, 0), len(ids) - 1), ids.pop(place))
    order_questions(edition=question.edition, ids=ids)


@transaction.atomic
def retire_question(
    *, question: Question, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Ask it no more. What was answered stays with the entries."""
    if Question.objects.filter(pk=question.pk, retired_at__isnull=True).update(retired_at=at):
        values = {"question.required": (question.required or None, None)}
        _record(question, question.wording.text, values, reason, by, at)


@transaction.atomic
def restore_question(
    *, question: Question, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Ask it again."""
    if Question.objects.filter(pk=question.pk, retired_at__isnull=False).update(retired_at=None):
        values = {"question.required": (None, question.required or None)}
        _record(question, question.wording.text, values, reason, by, at)


@transaction.atomic
def delete_question(
    *, question: Question, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Remove a question that nobody has answered."""
    fresh = Question.objects.select_for_update().get(pk=question.pk)
    if is_answered(fresh):
        raise Refused(
            _("This question has been answered, so it cannot be deleted. Retire it instead."), code="answered"
        )
    if fresh.retired_at is None:
        values = {"question.required": (fresh.required or None, None)}
        _record(fresh, fresh.wording.text, values, reason, by, at)
    fresh.delete()


@transaction.atomic
def save_answers(*, entry: Entry, values: Mapping[int, Any]) -> None:
    """Keep answers by question id; None takes one back. An answer that is the same keeps the words it was given to.

    The caller has made sure that nobody else writes the entry.
    """
    questions = {row.pk: row for row in entry.edition.questions.filter(pk__in=list(values))}
    words = _newest_wordings(questions)
    kept = dict(entry.answers.order_by().values_list("question", "value")) if questions else {}
    rows = [
        Answer(entry=entry, question_id=pk, wording=words[pk], value=value)
        for pk, value in values.items()
        if value is not None and pk in questions and (pk not in kept or kept[pk] != value)
    ]
    empty = [pk for pk, value in values.items() if value is None]
    if empty:
        Answer.objects.filter(entry=entry, question__in=empty).delete()
    if rows:
        Answer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["entry", "question"],
            update_fields=["wording", "value"],
        )
    getattr(entry, "_prefetched_objects_cache", {}).pop("answers", None)


def _newest_wordings(questions: Iterable[int]) -> dict[int, Wording]:
    rows = Wording.objects.filter(question__in=list(questions)).order_by("number")
    return {row.question_id: row for row in rows}


@transaction.atomic
def freeze_answers(*, entry: Entry) -> None:
    """At submission: what was answered is answered in today's words, and keeps them."""
    answers = list(entry.answers.select_related("question").filter(question__retired_at__isnull=True))
    words = _newest_wordings([answer.question_id for answer in answers])
    stale = [answer for answer in answers if answer.wording_id != words[answer.question_id].pk]
    for answer in stale:
        answer.wording = words[answer.question_id]
    Answer.objects.bulk_update(stale, ["wording"])
    files = list(entry.attachments.filter(kind="answer").select_related("wording"))
    newest = _newest_wordings([file.wording.question_id for file in files])
    for file in files:
        file.wording = newest[file.wording.question_id]
    Attachment.objects.bulk_update(files, ["wording"])


@transaction.atomic
def answer_admitted(*, entry: Entry, values: Mapping[int, Any], by: Actor, at: datetime) -> None:
    """Answer what is asked of films in the competition. Refused after the question's date."""
    fresh = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=entry.pk)
    if not permissions.is_entrant(by, fresh) or fresh.state != State.ELIGIBLE:
        raise Refused(_("These questions are asked of films in the competition only."), code="not_asked")
    open_ones = {
        question.pk
        for question in asked_of(fresh, Question.Asked.ADMITTED)
        if question.due_at is None or at < question.due_at
    }
    late = [pk for pk in values if pk not in open_ones]
    if late:
        raise Refused(
            _("The time for answering is over. Write to the organiser if something has changed."),
            status=410,
            code="too_late",
        )
    save_answers(entry=fresh, values=values)
