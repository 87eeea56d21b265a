"""Milestones and deliveries prepared for reading: where a team stands, what was delivered, its films and notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from festival.kit.words import say
from festival.people.actor import Actor
from submissions.attachment_view import FileView, file_views
from submissions.cohorts.delivery_queries import SETTLED, due_by_place
from submissions.cohorts.models import (
    CutNote,
    Delivery,
    DeliveryPart,
    Milestone,
    Place,
)
from submissions.links import media_url
from submissions.models import Inspection
from submissions.player import PlayerTrack, poster_of, tracks_of

State = Delivery.State
TONES = {State.OPEN: "quiet", State.HANDED_IN: "wait", State.CHANGES: "fix", State.ACCEPTED: "pass"} | {
    State.REJECTED: "block"
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one team stands with one milestone. `due` counts extensions: the first moment that is late."""

    milestone: Milestone
    due: datetime
    newest: Delivery | None
    at: datetime
    extended: bool = False

    @property
    def late(self) -> bool:
        """Handed in late; or not handed in, or not again, and the time is over."""
        if self.newest is not None and self.newest.state in SETTLED:
            return self.newest.late
        return self.at >= self.due

    @property
    def waits(self) -> bool:
        """For the team."""
        return self.newest is None or self.newest.state in (State.OPEN, State.CHANGES)

    @property
    def tone(self) -> str:
        if self.newest is None:
            return "block" if self.late else "quiet"
        return TONES[State(self.newest.state)]

    @property
    def label(self) -> str:
        if self.newest is None:
            return _("Not handed in") if self.late else _("To come")
        return self.newest.get_state_display()


def standings_of(place: Place, at: datetime) -> list[Standing]:
    """All milestones of one team, by their dates. Four queries."""
    return standings_by_place([place], at)[place.pk]


def standings_by_place(places: Sequence[Place], at: datetime) -> dict[int, list[Standing]]:
    """Of each place the milestones of its cohort, by their dates. Four queries, however many there are."""
    milestones: dict[int, list[Milestone]] = {}
    for milestone in Milestone.objects.filter(cohort__in={place.cohort_id for place in places}):
        milestones.setdefault(milestone.cohort_id, []).append(milestone)
    newest: dict[tuple[int, int], Delivery] = {}
    for delivery in Delivery.objects.filter(place__in=places).order_by("number"):
        newest[delivery.place_id, delivery.milestone_id] = delivery
    until = due_by_place(places, [one for rows in milestones.values() for one in rows])
    return {
        place.pk: [
            Standing(
                milestone,
                max(milestone.due_at, until.get((place.pk, milestone.pk), milestone.due_at)),
                newest.get((place.pk, milestone.pk)),
                at,
                until.get((place.pk, milestone.pk), milestone.due_at) > milestone.due_at,
            )
            for milestone in milestones.get(place.cohort_id, ())
        ]
        for place in places
    }


@dataclass(frozen=True, slots=True)
class Cut:
    """A delivered version of the film. `copy` is empty while it is inspected, and where no copy could be made."""

    copy: str
    poster: str
    original: str
    tracks: list[PlayerTrack]
    waiting: bool


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note on a delivered part, with its answers. `own`: it may be taken back by the reader."""

    note: CutNote
    replies: list[CutNote]
    own: bool

    @property
    def seconds(self) -> float | None:
        return None if self.note.seconds is None else float(self.note.seconds)


@dataclass(frozen=True, slots=True)
class PartView:
    part: DeliveryPart
    cut: Cut | None = None
    file: FileView | None = None
    notes: list[NoteView] = field(default_factory=list)

    @property
    def name(self) -> str:
        return say(self.part.deliverable.name)

    @property
    def open_notes(self) -> int:
        return sum(view.note.done_at is None for view in self.notes)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    delivery: Delivery
    tone: str
    parts: list[PartView]

    @property
    def open_notes(self) -> int:
        return sum(part.open_notes for part in self.parts)

    @property
    def outcome(self) -> Delivery.State:
        """What the review said: of a delivery that was opened again, that it was rejected."""
        return State.REJECTED if self.delivery.reopened_at else State(self.delivery.state)

    @property
    def answer(self) -> str:
        return str(self.outcome.label)

    @property
    def answer_tone(self) -> str:
        return TONES[self.outcome]


def deliveries_for(place: Place, deliveries: Iterable[Delivery], actor: Actor) -> list[DeliveryView]:
    """Deliveries as `delivery_queries.deliveries_of` fetched them. One query for the films' copies."""
    rows = list(deliveries)
    versions = [part.version_id for row in rows for part in row.parts.all() if part.version_id]
    done = Inspection.objects.filter(version__in=versions).order_by("pk") if versions else []
    newest = {one.version_id: one for one in done}
    copies = {one.version_id: one for one in done if one.copy_key}
    return [
        DeliveryView(
            row,
            TONES[State(row.state)],
            [_part(place, part, actor, newest, copies) for part in row.parts.all()],
        )
        for row in rows
    ]


def _part(
    place: Place,
    part: DeliveryPart,
    actor: Actor,
    newest: dict[int, Inspection],
    copies: dict[int, Inspection],
) -> PartView:
    cut = file = None
    if part.version is not None:
        cut = _cut(place, part, actor, newest.get(part.version.pk), copies.get(part.version.pk))
    if part.attachment is not None:
        file = file_views([part.attachment], actor)[0]
    notes = [
        NoteView(note, replies, note.by_id == actor.id and not replies)
        for note, replies in ((note, list(note.replies.all())) for note in part.notes.all())
    ]
    return PartView(part, cut, file, notes)


def _cut(
    place: Place, part: DeliveryPart, actor: Actor, newest: Inspection | None, made: Inspection | None
) -> Cut:
    version = part.version
    assert version is not None and place.entry is not None
    key = version.asset.key if version.asset else ""
    tracks = []
    if made is not None:
        embedded = made.report.get("subtitles") or []
        tracks = tracks_of(
            actor, folder=made.folder, embedded=embedded, beside=(), spoken=place.entry.language
        )
    return Cut(
        copy=media_url(actor, made.copy_key) if made else "",
        poster=poster_of(actor, made),
        original=media_url(actor, key, name=version.filename, download=True),
        tracks=tracks,
        waiting=newest is None or newest.state in (Inspection.State.QUEUED, Inspection.State.RUNNING),
    )
