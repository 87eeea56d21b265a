"""Reads of questions and answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.words import say
from submissions.lifecycle import State
from submissions.models import Answer, Entry, Question, Wording
from submissions.question_forms import answer_text, fits

Kind = Question.Kind


def with_words(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Questions with their wordings and tracks."""
    return questions.prefetch_related("wordings", "tracks")


def prefetches() -> tuple[Prefetch, ...]:
    """For entries: the questions of their editions and what they answered, so that nothing is asked row by row."""
    answers = Answer.objects.select_related("question", "wording")
    questions = Question.objects.prefetch_related("wordings", "tracks")
    return Prefetch("answers", answers), Prefetch("edition__questions", questions)


def asked_of(entry: Entry, asked: Question.Asked = Question.Asked.ENTRY) -> list[Question]:
    """The questions that this entry is asked at a time, in order. No query where `prefetches` were fetched."""
    return [
        question
        for question in entry.edition.questions.all()
        if question.asked == asked and question.retired_at is None and question.is_for(entry.track_id)
    ]


def questions_open(entry: Entry, at: datetime) -> list[Question]:
    """What is asked of a film in the competition and can still be answered."""
    if entry.state != State.ELIGIBLE:
        return []
    asked = asked_of(entry, Question.Asked.ADMITTED)
    return [row for row in asked if row.kind != Kind.FILE and (row.due_at is None or at < row.due_at)]


def answers_of(entry: Entry) -> dict[int, Answer]:
    """The entry's answers by question. No query where `prefetches` were fetched."""
    return {answer.question_id: answer for answer in entry.answers.all()}


def missing_answers(entry: Entry, asked: Question.Asked = Question.Asked.ENTRY) -> list[str]:
    """A sentence for each question that still needs an answer, or another one."""
    return missing_among(entry, asked_of(entry, asked))


def missing_among(entry: Entry, asked: list[Question]) -> list[str]:
    """The same for these questions, apart from those answered with files, which have a page of their own."""
    questions = [row for row in asked if row.kind != Kind.FILE]
    given = answers_of(entry) if questions else {}
    sentences = []
    for question in questions:
        answer = given.get(question.pk)
        sentences += _lacking(question, question.wording, None if answer is None else answer.value)
    return sentences


def _lacking(question: Question, wording: Wording, stored: object) -> list[str]:
    name = {"question": say(wording.text)}
    if stored is None:
        return [_("Answer “%(question)s”.") % name] if question.required else []
    if not fits(question, wording, stored):
        return [_("Answer “%(question)s” again: what you chose is no longer among the choices.") % name]
    least = wording.limits.get("least")
    if least and question.kind in (Kind.LINE, Kind.TEXT) and len(str(stored)) < least:
        text = ngettext(
            "“%(question)s”: write at least %(count)d character.",
            "“%(question)s”: write at least %(count)d characters.",
            least,
        )
        return [text % {**name, "count": least}]
    if least and question.kind == Kind.CHOICES and isinstance(stored, list) and len(stored) < least:
        text = _("“%(question)s”: choose at least %(count)d.")
        return [text % {**name, "count": least}]
    return []


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer for reading; `url` where it is an address."""

    question: str
    text: str
    url: str = ""


def answer_views(entry: Entry) -> list[AnswerView]:
    """What the entry answered, in the words that it was asked in; drafts in the words of now."""
    return views_of(entry.answers.all())


def views_of(answers: Iterable[Answer]) -> list[AnswerView]:
    """Answers for reading, in the order of the questions. Asks nothing where questions and wordings came along."""
    views = []
    for answer in sorted(answers, key=lambda one: (one.question.position, one.question_id)):
        question = answer.question
        views.append(
            AnswerView(
                question=say(answer.wording.text),
                text=answer_text(question, answer.wording, answer.value),
                url=str(answer.value) if question.kind == Kind.URL else "",
            )
        )
    return views


def for_desk(edition: Edition) -> list[Question]:
    """All questions of an edition with how many entries answered them, those in use first. Three queries."""
    questions = with_words(
        edition.questions.annotate(
            answered=Count("answers", distinct=True) + Count("wordings__files__entry", distinct=True)
        )
    )
    return sorted(questions, key=lambda one: (one.retired_at is not None, one.position, one.pk))
