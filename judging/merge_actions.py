"""Writes that put a track with too few entries together with another one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.models import AwardSlot
from festival.edition.calendar import Calendar, calendar_of
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.words import joined
from festival.people.actor import Actor
from judging.judge_models import JudgeProfile
from judging.merge_queries import Merge, plan_merge
from submissions.track_moves import hold_entries, move_entries


@transaction.atomic
def merge_track(
    *,
    source: Track,
    target: Track,
    seen: str,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
) -> Merge:
    """Move every entry of `source` that meets the rules of `target`, and close `source`, which stays with the others.

    Its awards become awards of the other track, its judges judge there too; every entrant whose entry moves gets a
    letter. `seen` is the digest of the plan that was looked at: refused (code "changed") where it would be another one
    now, and for everything that stands against it. Once the call has opened, with a reason.
    """
    assert_organises(by, source.edition)
    # Who submits holds an entry, waits for its track, and writes a letter of the edition: the same way round.
    edition = Edition.objects.select_for_update(no_key=True).get(pk=source.edition_id)
    hold_entries(source)
    held = {
        row.pk: row
        for row in Track.objects.select_for_update(no_key=True).filter(edition=edition).order_by("pk")
    }
    if source.pk not in held or target.pk not in held or source.pk == target.pk:
        raise Refused(_("This track is not there any more. Reload the page."), code="gone")
    old, new = held[source.pk], held[target.pk]
    old.edition = new.edition = edition
    calendar = calendar_of(edition.pk, at)
    plan = plan_merge(old, new, calendar)
    if plan.against:
        raise Refused(joined(*plan.against), code="against")
    if plan.digest != seen:
        text = _("Something has changed since you looked at it. This is what would happen now.")
        raise Refused(text, code="changed")
    # Those who are in the other track already are told by the record; those who come, by their own letters.
    record_changes(edition=edition, changes=_changes(plan), reason=reason or {}, by=by, at=at)
    move_entries(move=plan.move, source=old, target=new, reason=reason or {}, by=by, at=at)
    AwardSlot.objects.filter(pk__in=[slot.pk for slot in plan.awards]).update(track=new)
    JudgeProfile.tracks.through.objects.bulk_create(
        JudgeProfile.tracks.through(judgeprofile=row, track=new) for row in plan.judges
    )
    _close(old, calendar, dict(reason or {}))
    return plan


def _close(track: Track, calendar: Calendar, reason: dict[str, str]) -> None:
    """As `deadline_actions.close_track` does; the record of the merge says it. Where the deadline is over already it
    counts as closed since then.
    """
    if track.closed_at is None:
        end = track.ends_at or calendar.deadline or calendar.at
        closed_at = min(calendar.at, end)
        Track.objects.filter(pk=track.pk).update(closed_at=closed_at, closed_reason=reason)


def _changes(plan: Merge) -> list[Change]:
    old, new = plan.source, plan.target
    before, after = ({"slug": one.slug, "name": dict(one.name)} for one in (old, new))
    return [
        Change("track.merged", before, after, name=dict(old.name), tracks=[new.slug]),
        *(
            Change("award.track", dict(old.name), dict(new.name), name=dict(slot.name), tracks=[new.slug])
            for slot in plan.awards
        ),
    ]
