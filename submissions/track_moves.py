"""All entries of a track go to another one whose rules they meet: what would move, what would not, and the deed."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from festival.edition.calendar import Calendar
from festival.edition.models import Declaration, Track
from festival.kit.among import Among
from festival.kit.words import say
from festival.people.actor import Actor
from festival.post import actions as post
from festival.post.models import Notice
from submissions.deadline import window_of_track
from submissions.lifecycle import State
from submissions.limits import COUNTING, SAME_FILM_SHARE, limits_of
from submissions.models import Attachment, Consent, Entry, Event, FilmVersion, Match, Question
from submissions.question_queries import missing_among, prefetches

KIND = "track_merged"  # of the letter
WHY = {
    "same_film": gettext_lazy("the same film of the same person is in that track already"),
    "too_many": gettext_lazy("that track takes no more from one person"),
    "answers": gettext_lazy("a question that must be answered there was not asked of them"),
    "declarations": gettext_lazy("a declaration that must be answered there was not asked of them"),
}


@dataclass(frozen=True, slots=True)
class TrackMove:
    """`drafts` and `entries` go; `staying`: entries that do not meet the other track's rules, by a key of WHY, each
    under the first that holds. `aside`: withdrawn and refused ones, which stay where they were entered.
    """

    drafts: list[Entry]
    entries: list[Entry]
    staying: Mapping[str, list[Entry]]
    aside: int

    @property
    def moved(self) -> list[Entry]:
        return [*self.drafts, *self.entries]

    @property
    def digest(self) -> str:
        """By which a form says what its reader had before their eyes."""
        text = ",".join(str(entry.pk) for entry in self.moved)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def hold_entries(track: Track) -> None:
    """The track's entries until the transaction ends: whoever submits one waits, or is seen."""
    rows = Entry.objects.select_for_update(of=("self",)).filter(track=track).order_by("pk")
    list(rows.values_list("pk", flat=True))


def plan_move(source: Track, target: Track) -> TrackMove:
    """At most thirteen queries, however many entries there are. A draft is asked for what it lacks when it is
    submitted; the others have been, by the rules of the track that they were in.
    """
    rows = list(
        Entry.objects.filter(track=source, state__in=(State.DRAFT, *COUNTING))
        .order_by("submitted_at", "pk")
        .select_related("edition")
        .prefetch_related(*prefetches())
    )
    drafts = [entry for entry in rows if entry.state == State.DRAFT]
    sent = [entry for entry in rows if entry.state != State.DRAFT]
    staying: dict[str, list[Entry]] = defaultdict(list)
    for why, found in (
        ("same_film", _same_film(sent, target)),
        ("answers", _unanswered(sent, source, target)),
        ("declarations", _undeclared(sent, target)),
    ):
        staying[why] = [entry for entry in sent if entry.pk in found]
        sent = [entry for entry in sent if entry.pk not in found]
    beyond = _beyond(sent, target)
    staying["too_many"] = [entry for entry in sent if entry.pk in beyond]
    sent = [entry for entry in sent if entry.pk not in beyond]
    aside = Entry.objects.filter(track=source, state__in=(State.WITHDRAWN, State.REFUSED)).count()
    return TrackMove(drafts, sent, {why: found for why, found in staying.items() if found}, aside)


def why_not(source: Track, target: Track, move: TrackMove, calendar: Calendar) -> list[str]:
    """What stands against moving them at all, a sentence each. One query."""
    said = []
    names = {"track": say(source.name), "other": say(target.name)}
    if not move.moved:
        said.append(_("There is nothing in “%(track)s” that could be moved to “%(other)s”.") % names)
    if source.enters != target.enters:
        said.append(_("One of the two tracks takes films, the other projects without one.") % names)
    if target.closed_at is not None:
        said.append(_("“%(other)s” is closed. Open it again first.") % names)
    if _closes_earlier(source, target, calendar):
        said.append(
            _(
                "“%(other)s” closes earlier than “%(track)s”: drafts would lose time. Move its deadline later first."
            )
            % names
        )
    if target.most_entries:
        there = Entry.objects.filter(track=target, state__in=COUNTING).count()
        if there + len(move.entries) > target.most_entries:
            text = ngettext(
                "“%(other)s” takes %(count)d entry, and there would be %(there)d. Change its terms first.",
                "“%(other)s” takes %(count)d entries, and there would be %(there)d. Change its terms first.",
                target.most_entries,
            )
            said.append(text % {**names, "count": target.most_entries, "there": there + len(move.entries)})
    return said


def move_entries(
    *, move: TrackMove, source: Track, target: Track, reason: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """Into the other track, each with a line in its log and a letter. Four queries; part of the caller's transaction,
    which holds the entries (`hold_entries`) and has asked `why_not`. Whoever has a draft open is told that it has
    changed.
    """
    moved = Entry.objects.filter(Among("pk", [entry.pk for entry in move.moved]))
    moved.update(track=target, updated_at=at)
    values = {"track_before": dict(source.name), "track": dict(target.name), "reason": dict(reason)}
    Event.objects.bulk_create(
        Event(entry=entry, kind="track_changed", actor=by.user, at=at, values=values) for entry in move.moved
    )
    post.notify_many(
        notices=[
            Notice(
                user_id=entry.entrant_id,
                edition=source.edition,
                kind=KIND,
                path=f"/entries/{entry.code}/",
                created_at=at,
                values={**values, "title": entry.title, "code": entry.code},
            )
            for entry in move.moved
        ]
    )


def asked_only_here(track: Track) -> list[str]:
    """Questions and declarations of this track alone: they are not asked of what leaves it; what was answered stays.

    Three queries.
    """
    questions = Question.objects.filter(edition=track.edition_id, retired_at=None, tracks=track)
    rows = questions.prefetch_related("wordings", "tracks")
    found = [say(row.wording.text) for row in rows if len(row.tracks.all()) == 1]
    declared = Declaration.objects.filter(edition=track.edition_id, retired_at=None, track=track)
    return [*found, *(say(row.title) for row in declared)]


def _closes_earlier(source: Track, target: Track, calendar: Calendar) -> bool:
    """Whether drafts of the one could be submitted longer than those of the other, from now on: in its grace, too."""
    old, new = (window_of_track(one, one.edition, calendar) for one in (source, target))
    return old is not None and new is not None and new.end < old.end and calendar.at < old.end + old.grace


def _unanswered(entries: Iterable[Entry], source: Track, target: Track) -> set[int]:
    """Entries without an answer to a question that the other track asks and theirs did not. One query."""
    rows = list(entries)
    if not rows:
        return set()
    asked = [
        question
        for question in rows[0].edition.questions.all()
        if question.asked == Question.Asked.ENTRY
        and question.required
        and question.retired_at is None
        and question.is_for(target.pk)
        and not question.is_for(source.pk)
    ]
    if not asked:
        return set()
    files = {question.pk for question in asked if question.kind == Question.Kind.FILE}
    sent = Attachment.objects.filter(entry__track=source, wording__question__in=files)
    given = set(sent.values_list("entry", "wording__question")) if files else set()
    return {
        entry.pk
        for entry in rows
        if missing_among(entry, asked) or any((entry.pk, question) not in given for question in files)
    }


def _undeclared(entries: Collection[Entry], target: Track) -> set[int]:
    """Entries without an answer to a declaration that only the other track asks. Two queries."""
    asked = Declaration.objects.filter(track=target, retired_at=None, required=True)
    versions = {row.pk: row.version for row in asked}
    if not versions or not entries:
        return set()
    given = Consent.objects.filter(declaration__in=versions, until=None, entry__edition=target.edition_id)
    rows = given.values_list("entry", "declaration", "number")
    counting = {(entry, of) for entry, of, number in rows if number == versions[of]}
    return {entry.pk for entry in entries if any((entry.pk, of) not in counting for of in versions)}


def _beyond(entries: Iterable[Entry], target: Track) -> set[int]:
    """Entries beyond what the other track takes from one person; who submitted first goes first. One query."""
    most = limits_of(target.edition).per_track
    if not most:
        return set()
    there = Entry.objects.filter(track=target, state__in=COUNTING).values_list("entrant", flat=True)
    counts = Counter(there.order_by())
    found = set()
    for entry in entries:
        if counts[entry.entrant_id] >= most:
            found.add(entry.pk)
        counts[entry.entrant_id] += 1
    return found


def _same_film(entries: Collection[Entry], target: Track) -> set[int]:
    """Entries whose film their entrant has in the other track already: the same file, or one that a technician has
    confirmed (as `limits.same_film_of_entrant`). Three queries.
    """
    mine = {entry.pk: entry.entrant_id for entry in entries}
    other = Entry.objects.filter(track=target, state__in=COUNTING)
    theirs = dict(other.order_by().values_list("pk", "entrant")) if mine else {}
    if not theirs:
        return set()
    source = next(iter(entries)).track_id
    rows = FilmVersion.objects.filter(entry__track__in=(source, target.pk)).order_by("entry_id", "number")
    newest = {of: (pk, asset) for of, pk, asset in rows.values_list("entry_id", "pk", "asset_id")}
    there = {(who, newest[of][1]) for of, who in theirs.items() if of in newest} - {
        (who, None) for who in theirs.values()
    }
    found = {of for of, who in mine.items() if of in newest and (who, newest[of][1]) in there}
    by_version = {pk: of for of, (pk, _asset) in newest.items() if of in mine or of in theirs}
    pairs = Match.objects.filter(
        Q(first__entry__track=source, second__entry__track=target)
        | Q(first__entry__track=target, second__entry__track=source),
        state=Match.State.CONFIRMED,
        kind__in=(Match.Kind.FILE, Match.Kind.PICTURE),
        share__gte=SAME_FILM_SHARE,
    )
    for pair in pairs.values_list("first", "second"):
        one, two = (by_version.get(version, 0) for version in pair)
        of, beside = (one, two) if one in mine else (two, one)
        if of in mine and beside in theirs and mine[of] == theirs[beside]:
            found.add(of)
    return found
