"""Tracks and phases of an edition, each with why it cannot be taken away."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards.models import AwardRule, AwardSlot
from festival.awards.notice_models import PublicNotice
from festival.edition.frozen_actions import is_frozen
from festival.edition.models import DeadlineExtension, Declaration, Edition, Phase, Track
from festival.kit.words import joined, say, short_language
from festival.post.models import Mailing
from festival.premiere.models import Screening
from judging.judge_models import JudgeProfile
from judging.models import AwardList, Round
from submissions.code_models import Code
from submissions.cohorts.models import Cohort
from submissions.models import Entry, Question

SHOWS = (Phase.Kind.PREMIERE, Phase.Kind.ONLINE)


@dataclass(frozen=True, slots=True)
class TrackLine:
    """`stays`: why it cannot be removed, "" where it can."""

    track: Track
    entries: int
    stays: str


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """`stays`: why it cannot be removed, "" where it can."""

    phase: Phase
    stays: str


def track_lines(edition: Edition) -> list[TrackLine]:
    """In their order. As many queries however much there is."""
    tracks = list(Track.objects.filter(edition=edition))
    entries = Counter(
        dict(
            Entry.objects.filter(track__edition=edition)
            .order_by()
            .values_list("track_id")
            .annotate(count=Count("pk"))
        )
    )
    names = _names(edition)
    return [
        TrackLine(
            track,
            entries[track.pk],
            _why_stays(entries[track.pk], names[track.slug], only=len(tracks) == 1),
        )
        for track in tracks
    ]


def _why_stays(entries: int, names: list[str], *, only: bool) -> str:
    said = [_("It is the only track: a contest has one at least.")] if only else []
    if entries:
        text = ngettext("%(count)d entry was begun in it.", "%(count)d entries were begun in it.", entries)
        said.append(text % {"count": entries})
    if names:
        between = "、" if short_language() == "zh" else ", "
        said.append(_("Still named by: %(names)s.") % {"names": between.join(names)})
    return joined(*said)


def _names(edition: Edition) -> dict[str, list[str]]:
    """What names a track, by the track's address, in words."""
    found: dict[str, list[str]] = defaultdict(list)
    for slug, name in _named(edition):
        found[slug].append(name)
    return found


def _named(edition: Edition) -> Iterator[tuple[str, str]]:
    award, rule = _("the award “%(name)s”"), _("the award rule “%(name)s”")
    declaration, question = _("the declaration “%(name)s”"), _("the question “%(name)s”")
    cohort = _("the cohort “%(name)s”")
    for slot in AwardSlot.objects.filter(edition=edition).select_related("track"):
        own = {slot.track.slug} if slot.track else set()
        for slug in sorted(own | asked_tracks(slot.require)):
            yield slug, award % {"name": say(slot.name)}
    for row in AwardRule.objects.filter(edition=edition):
        for slug in sorted(asked_tracks(row.data)):
            yield slug, rule % {"name": say(row.name) or row.slug}
    for asked in Question.objects.filter(edition=edition).prefetch_related("wordings", "tracks"):
        tracks = list(asked.tracks.all())
        if len(tracks) == 1:  # without it the question would be asked everywhere
            yield tracks[0].slug, question % {"name": say(asked.wording.text)}
    for one in Declaration.objects.filter(edition=edition, track__isnull=False).select_related("track"):
        if one.track:
            yield one.track.slug, declaration % {"name": say(one.title)}
    for group in Cohort.objects.filter(edition=edition, track__isnull=False).select_related("track"):
        if group.track:
            yield group.track.slug, cohort % {"name": say(group.name)}
    yield from _counted(edition)


def _counted(edition: Edition) -> Iterator[tuple[str, str]]:
    """What has no name of its own."""
    judges = JudgeProfile.objects.filter(edition=edition, tracks__isnull=False).values_list("tracks__slug")
    live = Q(revoked_at=None) | Q(redemptions__isnull=False)  # the others were never of use to anybody
    codes = Code.objects.filter(live, edition=edition, track__isnull=False).values_list("track__slug")
    moved = DeadlineExtension.objects.filter(edition=edition, track__isnull=False).values_list("track__slug")
    letters = Mailing.objects.filter(edition=edition, track__isnull=False).values_list("track__slug")
    for slug, count in judges.annotate(count=Count("pk")).order_by("tracks__slug"):
        text = ngettext("%(count)d judge who judges in it", "%(count)d judges who judge in it", count)
        yield slug, text % {"count": count}
    for slug, count in codes.annotate(count=Count("pk", distinct=True)).order_by("track__slug"):
        yield slug, ngettext("%(count)d code", "%(count)d codes", count) % {"count": count}
    for (slug,) in moved.order_by("track__slug").distinct():
        yield slug, _("the history of its deadline, which everybody reads")
    for slug, count in letters.annotate(count=Count("pk")).order_by("track__slug"):
        text = ngettext("%(count)d letter to its entrants", "%(count)d letters to its entrants", count)
        yield slug, text % {"count": count}


def asked_tracks(value: Any) -> set[str]:
    """Addresses of the tracks that conditions ask for, however deep they stand."""
    if isinstance(value, list):
        return {slug for one in value for slug in asked_tracks(one)}
    if not isinstance(value, dict):
        return set()
    if value.get("attribute") != "track":
        return {slug for one in value.values() for slug in asked_tracks(one)}
    given = [one for key, one in value.items() if key != "attribute"]
    slugs = [slug for one in given for slug in (one if isinstance(one, list) else [one])]
    return {slug for slug in slugs if isinstance(slug, str)}


def phase_lines(edition: Edition, at: datetime) -> list[PhaseLine]:
    """In the order of their days. As many queries however much there is."""
    phases = list(Phase.objects.filter(edition=edition))
    kinds = why_kinds_stay(edition)
    announced = _announced(edition, phases, at) if is_frozen(edition, at) else {}
    return [PhaseLine(row, kinds.get(row.kind) or announced.get(row.pk, "")) for row in phases]


def why_kinds_stay(edition: Edition) -> dict[str, str]:
    """Kinds of phases of which none comes or goes any more, with the reason. Three queries."""
    found = {Phase.Kind.CALL.value: _("Without its call a contest takes no entries. It has exactly one.")}
    if Round.objects.filter(edition=edition).exclude(state=Round.State.PLANNED).exists():
        found[Phase.Kind.JURY] = _(
            "A round has been opened: its days come from the phases of the jury, so that these stay."
        )
    proposed = AwardList.objects.filter(edition=edition)
    if proposed.exists() or PublicNotice.objects.filter(edition=edition).exists():
        found[Phase.Kind.NOTICE] = _(
            "The award list has been proposed: whether it stands on public notice is fixed."
        )
    return found


def _announced(edition: Edition, phases: Sequence[Phase], at: datetime) -> dict[int, str]:
    """Phases that entrants have planned by since the call opened, by their ids, each with why it stays."""
    kinds = Counter(row.kind for row in phases)
    shows = Screening.objects.filter(edition=edition, cancelled_at=None)
    starts = list(shows.order_by().values_list("starts_at", flat=True))
    found = {}
    for row in phases:
        shown = sum(row.starts_at <= moment < row.ends_at for moment in starts)
        if row.starts_at <= at:
            found[row.pk] = _("It has begun, or is over: it stays.")
        elif row.kind == Phase.Kind.NOTICE:
            found[row.pk] = _("A public notice was announced: it is not taken away. Its days can be changed.")
        elif row.kind in (Phase.Kind.JURY, Phase.Kind.AWARDS) and kinds[row.kind] == 1:
            found[row.pk] = _(
                "Entrants were told when the jury meets and when awards are given: the only phase of its kind stays. "
                "Its days can be changed."
            )
        elif row.kind in SHOWS and shown:
            text = ngettext(
                "%(count)d screening is in its days.", "%(count)d screenings are in its days.", shown
            )
            found[row.pk] = text % {"count": shown}
    return found
