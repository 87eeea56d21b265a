"""Feedback at the same moment: a decision and the letter, two workers at one run."""

import pytest
from django.db import connection

from festival.kit.errors import Refused
from festival.post.models import Notice
from judging import feedback_actions as actions
from judging.models import CommentDecision, FeedbackLetter, FeedbackSending
from tests.judging.test_feedback import AT, Feedback
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
tries = pytest.mark.parametrize("attempt", range(6))


@pytest.fixture
def show() -> Feedback:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    return Feedback()


def begun(show: Feedback) -> FeedbackSending:
    """A run that no worker has taken up."""
    return FeedbackSending.objects.create(
        edition=show.edition, by=show.organiser.user, started_at=AT, pulse_at=AT, films=3
    )


@tries
def test_a_comment_is_held_back_before_its_letter_or_the_chair_is_told(show: Feedback, attempt: int) -> None:
    show.release_all()
    sending = begun(show)
    held, _written = together(
        lambda: show.decide(show.words[0], "held", reason="No"),
        lambda: actions.write_letters(pk=sending.pk),
    )
    decision = CommentDecision.objects.get(look=show.words[0])
    given = was_given(show)
    assert given is isinstance(held, Refused)
    assert (decision.letter_id is not None) is given
    assert FeedbackLetter.objects.count() == 3


def was_given(show: Feedback) -> bool:
    return any("limps" in text for text in show.given(show.films[0]))


@tries
def test_two_workers_write_each_letter_once(show: Feedback, attempt: int) -> None:
    show.release_all()
    sending = begun(show)
    together(*[lambda: actions.write_letters(pk=sending.pk)] * 3)
    assert FeedbackLetter.objects.count() == 3
    assert Notice.objects.filter(kind="feedback").count() == 3
    sending.refresh_from_db()
    assert (sending.written, sending.ended_at is not None) == (3, True)
