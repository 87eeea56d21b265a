"""What it means to move all entries of a track to another one: entries, awards, judges, and what stands against it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from festival.awards.models import AudiencePoll, AwardRule, AwardSlot
from festival.edition.calendar import Calendar
from festival.edition.models import Edition, Track
from festival.kit.words import say
from judging.award_setup_actions import why_fixed
from judging.judge_models import JudgeProfile
from judging.models import Round
from judging.part_queries import asked_tracks
from submissions.cohorts.models import Cohort
from submissions.track_moves import TrackMove, plan_move, why_not


@dataclass(frozen=True, slots=True)
class Merge:
    """`awards`: those for films of the one track, which become awards for films of the other. `judges` who judge in the
    one judge in the other, too. `against`: sentences; none where it can be done.
    """

    source: Track
    target: Track
    move: TrackMove
    awards: list[AwardSlot]
    judges: list[JudgeProfile]
    against: list[str]

    @property
    def digest(self) -> str:
        """By which a form says what its reader had before their eyes."""
        text = ",".join((self.move.digest, *(slot.slug for slot in self.awards)))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_merge(source: Track, target: Track, calendar: Calendar) -> Merge:
    """Both tracks come with their edition. As many queries however many entries there are."""
    edition = source.edition
    slots = AwardSlot.objects.filter(edition=edition)
    awards = [slot for slot in slots.select_related("track") if slot.track_id == source.pk]
    both = JudgeProfile.objects.filter(edition=edition, tracks=target).values("pk")
    judges = JudgeProfile.objects.filter(edition=edition, tracks=source).exclude(pk__in=both)
    move = plan_move(source, target)
    against = [
        *_begun(edition),
        *why_not(source, target, move, calendar),
        *_named(source, awards, list(slots)),
    ]
    return Merge(source, target, move, awards, list(judges), against)


def _begun(edition: Edition) -> Iterator[str]:
    """A film is judged in the track that it was given to the jury in."""
    if Round.objects.filter(edition=edition).exclude(state=Round.State.PLANNED).exists():
        yield _("A round has been opened: films stay in the tracks in which the jury has got them.")
    fixed = why_fixed(edition)
    if fixed:
        yield fixed


def _named(source: Track, awards: list[AwardSlot], slots: list[AwardSlot]) -> Iterator[str]:
    """What asks for films of this track and does not follow by itself."""
    for slot in slots:
        if source.slug in asked_tracks(slot.require):
            text = _("The award “%(name)s” asks for films of “%(track)s”. Change what it asks for first.")
            yield text % {"name": say(slot.name), "track": say(source.name)}
    for rule in AwardRule.objects.filter(edition=source.edition_id):
        if source.slug in asked_tracks(rule.data):
            text = _("The award rule “%(name)s” speaks of films of “%(track)s”. Change or remove it first.")
            yield text % {"name": say(rule.name) or rule.slug, "track": say(source.name)}
    polled = (
        set(AudiencePoll.objects.filter(slot__in=awards).values_list("slot", flat=True)) if awards else set()
    )
    for slot in awards:
        if slot.pk in polled:
            text = _("The audience votes on “%(award)s”, an award for films of this track: its track stays.")
            yield text % {"award": say(slot.name)}
    for cohort in Cohort.objects.filter(track=source):
        text = _("Invited teams of “%(cohort)s” enter in this track: say another one for them first.")
        yield text % {"cohort": say(cohort.name)}
