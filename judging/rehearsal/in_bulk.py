"""The rows that actions of the site write one by one, written many at once: a rehearsal of 10,000 films takes minutes.

Only for what no rule can refuse. tests/judging/test_rehearsal_bulk.py holds that both ways leave the same rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from festival.edition.models import Edition
from festival.people.actor import SYSTEM, Actor
from festival.post import actions as post
from festival.post.models import Notice
from judging import looks_actions, rounds_actions
from judging.looks_actions import give_up
from judging.models import Conflict, Look, Round, Score
from submissions.lifecycle import MOVES, State
from submissions.models import Entry, Event

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """A look that its judge is done with: what she gave, and when. `saves`: how often the console saved."""

    look: Look
    at: datetime
    answer: str = ""
    nominated: bool = False
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    saves: int = 1


@transaction.atomic
def finish_looks(*, round: Round, by: Actor, seen: Sequence[Seen]) -> None:
    """As `give_answer`, `nominate`, or `save_scores` and `finish_look` leave them, the whole film watched."""
    criteria = looks_actions.criteria_of(round)
    rows, events, scores = [], [], []
    for one in seen:
        look = one.look
        look.state, look.answer, look.nominated = Look.State.SCORED, one.answer, one.nominated
        look.saved_at = look.scored_at = one.at
        look.revision += one.saves
        if look.seconds:
            look.played, look.played_at = [[0.0, float(look.seconds)]], one.at
            look.watched_seconds = look.seconds
        rows.append(look)
        values = {"round": round.slug, "look": look.pk, "watched": 100 if look.seconds else None}
        events.append(
            Event(entry_id=look.entry_id, kind="look_finished", actor=by.user, at=one.at, values=values)
        )
        scores += [
            Score(look=look, criterion=criteria[slug], value=value) for slug, value in one.scores.items()
        ]
    Look.objects.bulk_update(
        rows,
        (
            "state", "answer", "nominated", "saved_at", "scored_at", "revision", "played", "played_at",
            "watched_seconds",
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Score.objects.bulk_create(scores, batch_size=BATCH)
    Event.objects.bulk_create(events, batch_size=BATCH)


@transaction.atomic
def stand_aside(*, round: Round, by: Actor, looks: Collection[Look], at: datetime, reason: str) -> None:
    """As `recuse` does with one; the substitutes of all are drawn together."""
    if not looks:
        return
    give_up([look.pk for look in looks], reason=reason, at=at)
    Event.objects.bulk_create(
        Event(
            entry_id=look.entry_id,
            kind="look_recused",
            actor=by.user,
            at=at,
            values={"round": round.slug, "look": look.pk},
        )
        for look in looks
    )
    Conflict.objects.bulk_create(
        [
            Conflict(
                edition_id=round.edition_id,
                judge_id=look.judge_id,
                kind=Conflict.Kind.FILM,
                entry_id=look.entry_id,
                source=Conflict.Source.RECUSED,
                state=Conflict.State.CONFIRMED,
                reason=reason,
                by=by.user,
                at=at,
            )
            for look in looks
        ],
        ignore_conflicts=True,
    )
    rounds_actions.replace_looks(round=round, entry_ids=[look.entry_id for look in looks], by=by, at=at)


@transaction.atomic
def admit(*, edition: Edition, films: Sequence[tuple[Entry, datetime, datetime]]) -> None:
    """Drafts with a clean report are submitted and admitted: entry, when it is sent in, when its report is there.

    A project is told of once, when it is submitted; this is the letter of a film.
    """
    submit, settle = MOVES["submit"], MOVES["admit"]
    rows, events = [], []
    for entry, at, done in films:
        entry.state, entry.submitted_at, entry.updated_at = State.ELIGIBLE, at, done
        rows.append(entry)
        events += [
            Event(
                entry=entry,
                kind=submit.name,
                actor=entry.entrant,
                at=at,
                source=State.DRAFT,
                target=submit.target,
                values={},
            ),
            Event(
                entry=entry,
                kind=settle.name,
                actor=SYSTEM.user,
                at=done,
                source=submit.target,
                target=settle.target,
                values={},
            ),
        ]
    Entry.objects.bulk_update(rows, ("state", "submitted_at", "updated_at"), batch_size=BATCH)
    Event.objects.bulk_create(events, batch_size=BATCH)
    post.notify_many(
        notices=[
            Notice(
                user=entry.entrant,
                edition=edition,
                kind="entry_admitted",
                path=f"/entries/{entry.code}/",
                created_at=done,
                values={"title": entry.title, "code": entry.code},
            )
            for entry, _at, done in films
            if not entry.is_project
        ]
    )
