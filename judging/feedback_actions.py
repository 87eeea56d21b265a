"""Writes of feedback: what is given, the chair's word on comments, and the letters.

A decision and a letter of the same film hold its entry, so that one comes after the other: what was decided before
the letter is in it, and what would be decided after it is refused.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from festival.edition.form_actions import change_form
from festival.edition.form_rules import FeedbackRules, read_form
from festival.edition.models import Edition
from festival.kit import remembered
from festival.kit.errors import Refused
from festival.kit.incoming import at_most
from festival.kit.queue import enqueue
from festival.people.actor import Actor, actor_of
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import feedback_permissions as permissions
from judging import feedback_queries as queries
from judging.award_state import log_entries
from judging.logic.canonical import lot
from judging.logic.struck import added_word, words_of
from judging.looks_actions import COMMENT_MAX
from judging.models import (
    CommentDecision,
    FeedbackChange,
    FeedbackLetter,
    FeedbackSending,
)
from submissions.models import Entry
from submissions.queries import co_authors_of

Choice = CommentDecision.Choice
REASON_MAX = 500
CHUNK = 200  # films in a transaction
SILENT = timedelta(minutes=2)  # who writes letters and gives no sign for so long is taken for dead


@transaction.atomic
def change_rules(*, edition: Edition, rules: FeedbackRules, reason: str, by: Actor, at: datetime) -> None:
    """Say what entrants are given. With a reason on record once a round has opened; not after the first letter."""
    if not permissions.can_send(by, edition):
        raise Refused(_("Only the organisers say what entrants are given."), status=403)
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = queries.rules_of(edition)
    if rules == before:
        return
    gone = FeedbackLetter.objects.filter(entry__edition=edition).exists()
    if gone or FeedbackSending.objects.filter(edition=edition, ended_at__isnull=True).exists():
        raise Refused(
            _("Letters have gone out by the rules as they are. They stay the same for everybody."),
            code="sent",
        )
    opened = edition.rounds.filter(opened_at__isnull=False).exists()
    reason = reason.strip()[:REASON_MAX]
    if opened and not reason:
        raise Refused(_("Judging has begun: give a reason for the change."), status=400, code="reason")
    change_form(edition=edition, by=by, at=at, feedback=rules)
    if opened:
        FeedbackChange.objects.create(
            edition=edition, before=asdict(before), after=asdict(rules), reason=reason, by=by.user, at=at
        )


@transaction.atomic
def decide(
    *,
    edition: Edition,
    look: int,
    revision: int,
    choice: str,
    by: Actor,
    at: datetime,
    text: str = "",
    reason: str = "",
) -> None:
    """Release a comment, release it with words struck out, or hold it back with a reason; until its letter is written.

    Refused (code "changed") when the comment is no longer as the page had it.
    """
    _assert_chair(by, edition)
    rows = queries.readable(by, edition).filter(pk=look)
    hold_films(rows.values_list("entry_id", flat=True))
    row = rows.first()
    if row is None or row.revision != revision:
        raise Refused(
            _("This comment has changed, or is no longer there. Reload the page and read it again."),
            code="changed",
        )
    text, reason = at_most(text.strip(), COMMENT_MAX), at_most(reason.strip(), REASON_MAX)
    if choice not in Choice:
        raise Refused(_("Release the comment, or hold it back."), status=400)
    if choice == Choice.HELD and not reason:
        raise Refused(_("Say why it is held back: the judge reads it."), status=400, code="reason")
    if choice == Choice.EDITED:
        _assert_struck(row.feedback, text)
        if text == row.feedback:
            choice = Choice.RELEASED
    if FeedbackLetter.objects.filter(entry_id=row.entry_id).exists():
        raise Refused(_("The letter to the makers of this film is written. Nothing changes it."), code="sent")
    CommentDecision.objects.update_or_create(
        look_id=row.pk,
        defaults={
            "choice": choice,
            "text": {Choice.EDITED: text, Choice.RELEASED: row.feedback}.get(Choice(choice), ""),
            "reason": reason if choice == Choice.HELD else "",
            "revision": row.revision,
            "by": by.user,
            "at": at,
        },
    )
    remembered.forget(queries.counts_name(edition.pk))


def _assert_struck(original: str, text: str) -> None:
    if not words_of(text):
        raise Refused(_("Nothing is left of it. Hold it back instead."), status=400, code="empty")
    word = added_word(original, text)
    if word:
        raise Refused(
            _("“%(word)s” does not stand there in what the judge wrote. Words can be struck out, not added.")
            % {"word": word},
            status=400,
            code="added",
        )


@dataclass(frozen=True, slots=True)
class Released:
    """How many comments were released together, and how many name somebody of the jury and wait to be read."""

    count: int
    naming: int


@transaction.atomic
def release_many(
    *, edition: Edition, filters: queries.Filters, seen: int, by: Actor, at: datetime, film: str = ""
) -> Released:
    """Release all comments that the filters show and that nobody decided about; `film`: of this film (code) alone.

    Those that name somebody of the jury are left to be read. `seen` is how many the page said. Refused (code
    "changed") when there are more by now.
    """
    _assert_chair(by, edition)
    rows = queries.filtered(queries.readable(by, edition), filters).filter(queries.STATES["open"])
    if film:
        rows = rows.filter(entry__code=film)
    hold_films(rows.order_by().values_list("entry_id", flat=True))
    found = list(
        rows.filter(entry__feedback_letter__isnull=True)
        .order_by("pk")
        .values_list("pk", "revision", "feedback")
    )
    if len(found) > seen:
        raise Refused(
            _("There are more comments now than the page showed. Look at it again, then release them."),
            code="changed",
        )
    names = queries.jury_names(edition)
    free = [row for row in found if not any(name in row[2] for name in names)]
    CommentDecision.objects.bulk_create(
        (
            CommentDecision(
                look_id=pk, choice=Choice.RELEASED, revision=revision, text=text, by=by.user, at=at
            )
            for pk, revision, text in free
        ),
        update_conflicts=True,
        unique_fields=["look"],
        update_fields=["choice", "text", "reason", "revision", "by", "at"],
        batch_size=500,
    )
    remembered.forget(queries.counts_name(edition.pk))
    return Released(len(free), len(found) - len(free))


def hold_films(entry_ids: Iterable[int]) -> list[int]:
    """These entries, held until the transaction ends, in one order: nobody waits for somebody who waits for them."""
    rows = Entry.objects.filter(pk__in=set(entry_ids)).order_by("pk").select_for_update(of=("self",))
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def send(*, edition: Edition, by: Actor, at: datetime) -> FeedbackSending:
    """Have letters written to the makers of every film that is due and waits for nothing. Again: to those left.

    Refused before the laureates are announced.
    """
    from judging.tasks import write_feedback

    if not permissions.can_send(by, edition):
        raise Refused(_("Only an organiser writes to the entrants."), status=403)
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not queries.is_time(edition):
        raise Refused(
            _("Feedback goes out once the laureates are announced. Before it, it could say who they are."),
            code="early",
        )
    rules = read_form(edition.form)
    if rules.feedback == FeedbackRules((), False, False) and rules.promises.viewings == "none":
        raise Refused(
            _("This edition gives entrants nothing. Say first what they are given."), code="nothing"
        )
    running = FeedbackSending.objects.filter(edition=edition, ended_at__isnull=True).first()
    if running is not None:
        return running
    films = queries.post_of(edition).ready
    if not films:
        raise Refused(_("There is nobody left to send this to."), code="nobody")
    sending = FeedbackSending.objects.create(
        edition=edition, by=by.user, started_at=at, pulse_at=at, films=films
    )
    enqueue(write_feedback, sending.pk)
    return sending


def write_letters(*, pk: int) -> None:
    """Write the letters of a run, chunk by chunk. Safe to run twice, also at once: each film has one letter."""
    sending = (
        FeedbackSending.objects.select_related("edition", "by").filter(pk=pk, ended_at__isnull=True).first()
    )
    if sending is None:
        return
    edition = sending.edition
    rules = queries.rules_of(edition)
    places = queries.places_of(edition, rules.bands)
    ids = list(queries.due(edition).order_by("pk").values_list("pk", flat=True))
    for chunk in batched(ids, CHUNK):
        with transaction.atomic():
            written = _write_chunk(sending, rules, places, chunk, timezone.now())
            alive = FeedbackSending.objects.filter(pk=pk, ended_at__isnull=True)
            alive.update(pulse_at=timezone.now(), written=F("written") + written)
    FeedbackSending.objects.filter(pk=pk, ended_at__isnull=True).update(ended_at=timezone.now())


def _write_chunk(
    sending: FeedbackSending,
    rules: FeedbackRules,
    places: dict[int, queries.Place],
    chunk: Collection[int],
    at: datetime,
) -> int:
    """Asked anew once the films are held: another worker may have written to them, or the chair decided, meanwhile."""
    edition = sending.edition
    held = hold_films(chunk)
    rows = queries.due(edition).filter(pk__in=held)
    if rules.comments:
        rows = rows.exclude(pk__in=queries.undecided(edition).filter(entry_id__in=held).values("entry_id"))
    entries = list(rows.only("pk", "code", "title", "entrant_id").order_by("pk"))
    letters = FeedbackLetter.objects.bulk_create(
        FeedbackLetter(
            entry=entry,
            report=rules.report,
            bands=list(rules.bands),
            sent_at=at,
            sent_by=sending.by,
            **_placed(places.get(entry.pk)),
        )
        for entry in entries
    )
    if rules.comments:
        _give_comments(edition, {letter.entry_id: letter for letter in letters})
    makers = co_authors_of(entry.pk for entry in entries)
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=edition,
                kind=queries.KIND,
                path=f"/entries/{entry.code}/feedback/",
                created_at=at,
                values={"title": entry.title, "code": entry.code},
            )
            for entry in entries
            for user in (entry.entrant_id, *makers.get(entry.pk, ()))
        ]
    )
    log_entries({entry.pk for entry in entries}, "feedback_sent", actor_of(sending.by), at, {})
    return len(entries)


def _placed(place: queries.Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    return {"round_id": place.round_id, "films": place.films, "band": place.band}


def _give_comments(edition: Edition, letters: dict[int, FeedbackLetter]) -> None:
    """Tie released comments to their letters, in an order drawn from the round's seed: it tells no judge."""
    looks = queries.comments_of(edition).filter(queries.DECIDED, entry_id__in=letters)
    released = looks.exclude(feedback_decision__choice=Choice.HELD)
    drawn: dict[int, list[tuple[int, int]]] = defaultdict(list)
    columns = ("pk", "entry_id", "entry__code", "round__seed", "feedback_decision__pk")
    for look, entry, code, seed, decision in released.values_list(*columns):
        drawn[entry].append((lot(seed, "feedback", code, str(look)), decision))
    CommentDecision.objects.bulk_update(
        (
            CommentDecision(pk=decision, letter=letters[entry], position=number)
            for entry, decisions in drawn.items()
            for number, (_lot, decision) in enumerate(sorted(decisions), start=1)
        ),
        ["letter", "position"],
        batch_size=200,
    )


def resume(*, at: datetime) -> int:
    """Have runs gone on with whose task was lost or whose worker died. Run by the clock."""
    from judging.tasks import write_feedback

    silent = FeedbackSending.objects.filter(ended_at__isnull=True, pulse_at__lt=at - SILENT)
    ids = list(silent.values_list("pk", flat=True))
    for pk in ids:
        if silent.filter(pk=pk).update(pulse_at=at):
            enqueue(write_feedback, pk)
    return len(ids)


def _assert_chair(by: Actor, edition: Edition) -> None:
    if not permissions.can_decide(by, edition):
        raise Refused(_("Only the jury chair decides what is released."), status=403)
