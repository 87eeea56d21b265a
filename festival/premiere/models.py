"""Venues, halls, what books them, what runs in them, and the guests who come."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.catalogue.models import FileFormat, Film
from festival.edition.models import Edition
from festival.kit.fields import bilingual
from festival.kit.words import say
from festival.people.models import User


class Venue(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="venues")
    name = bilingual()
    address = bilingual()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)


class Travel(models.Model):
    """Minutes from door to door between two venues, the same both ways; `first` is the one with the smaller id."""

    first = models.ForeignKey(Venue, models.CASCADE, related_name="+")
    second = models.ForeignKey(Venue, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["first_id", "second_id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="travel_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="travel_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.second_id}: {self.minutes} min"


class Hall(models.Model):
    """Where films are shown. An online hall has a capacity in place of seats and no projector.

    The lists of what it can play hold plain texts; an empty list, like no sound given, means: not known, no rule.
    """

    class Sound(models.TextChoices):
        STEREO = "2.0", _("Stereo")
        SURROUND = "5.1", "5.1"
        SURROUND_7 = "7.1", "7.1"

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="halls")
    name = bilingual()
    seats = models.PositiveIntegerField()  # online: how many may watch at once
    turnaround_minutes = models.PositiveSmallIntegerField(default=20)  # between two screenings
    online = models.BooleanField(default=False)
    formats = models.JSONField(default=list, blank=True)  # of FileFormat: ["dcp", "prores"]
    frame_rates = models.JSONField(default=list, blank=True)  # ["23.976", "24", "25"]
    aspects = models.JSONField(
        default=list, blank=True
    )  # width to height of the screen's masks: ["1.85", "2.39"]
    sound = models.CharField(max_length=4, choices=Sound, blank=True)  # the most that it can play
    wheelchair_places = models.PositiveSmallIntegerField(default=0)  # among the seats
    hearing_loop = models.BooleanField(default=False)
    access_note = bilingual()  # "A lift at the side entrance"

    class Meta:
        ordering = ["venue_id", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def format_names(self) -> list[str]:
        """What it plays, as people call it."""
        return [str(FileFormat(one).label) for one in self.formats if one in FileFormat.values]


class Opening(models.Model):
    """The hall is open from `opens_at` to `closes_at`: usually one row per day. No rows: no rule."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="openings")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ["opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "opens_at"], name="opening_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="opening_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.opens_at}–{self.closes_at}"


class _Screenings(models.Manager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(kind=Screening.Kind.SCREENING)


class _Rehearsals(models.Manager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(kind=Screening.Kind.REHEARSAL)


class Screening(models.Model):
    """One programme in one hall at one time.

    `ends_at` is start plus running order, `busy_until` adds the hall's turnaround; both are kept by
    `actions`. The database refuses two bookings of a hall whose [starts_at, busy_until) overlap: an exclusion
    constraint on PostgreSQL, triggers on SQLite (migration 0003). A rehearsal books a hall in this same table, so that
    one rule holds for both: `Screening.objects` gives screenings, `Rehearsal.objects` rehearsals and
    `Screening.bookings` both. A cancelled screening books nothing.
    """

    class Kind(models.TextChoices):
        SCREENING = "screening", _("Screening")
        REHEARSAL = "rehearsal", _("Technical rehearsal")

    class Premiere(models.TextChoices):
        WORLD = "world", _("World premiere")
        NATIONAL = "national", _("National premiere")
        CITY = "city", _("City premiere")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="screenings")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="screenings")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SCREENING)
    rehearses = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    repeat_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="repeats")
    code = models.CharField(max_length=12, unique=True)  # in the calendar's UID: stays when the time changes
    title = bilingual()
    note = bilingual()
    host = bilingual()  # who leads through it, as printed
    ticket_note = bilingual()  # how to get a seat
    spoken = models.CharField(max_length=800, blank=True)  # festival.kit.names; empty: as its films say
    subtitles = models.CharField(max_length=800, blank=True)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)  # years; empty: as its films say
    premiere = models.CharField(max_length=12, choices=Premiere, blank=True)
    # Of an online hall only: where it may be watched (festival.kit.names; empty: everywhere), and who comes in when.
    regions = models.CharField(max_length=800, blank=True)
    doors_minutes = models.PositiveSmallIntegerField(default=30)  # before the start: seats can be taken
    late_minutes = models.PositiveSmallIntegerField(default=15)  # after the start: nobody comes in any more
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_until = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)  # empty: only the team sees it
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = bilingual()
    held = models.BooleanField(default=False)  # not to go out with the next release
    copies_due_at = models.DateTimeField(null=True, blank=True)  # empty: see `copy_choice.due_at`
    revision = models.PositiveIntegerField(
        default=0
    )  # grows with every change; whoever saves says which one she saw
    sequence = models.PositiveIntegerField(default=0)  # iCalendar SEQUENCE: grows with every released change
    updated_at = models.DateTimeField(default=timezone.now)  # iCalendar DTSTAMP: of the last change

    objects: ClassVar = _Screenings()
    bookings: ClassVar = models.Manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ends_at__gte=F("starts_at"), busy_until__gt=F("starts_at"), busy_until__gte=F("ends_at")
                ),
                name="screening_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="screening", rehearses__isnull=True)
                | Q(
                    kind="rehearsal",
                    rehearses__isnull=False,
                    repeat_of__isnull=True,
                    released_at__isnull=True,
                    cancelled_at__isnull=True,
                ),
                name="screening_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True) | ~Q(repeat_of=F("id")), name="screening_repeats_another"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def heading(self) -> str:
        """What a booking of the hall is called in the reader's language."""
        if self.kind == self.Kind.REHEARSAL and self.rehearses is not None:
            return _("Rehearsal: %(title)s") % {"title": say(self.rehearses.title)}
        return say(self.title)


class Rehearsal(Screening):
    """A technical rehearsal of `rehearses` in its hall. Seen by the team only; has no running order of its own."""

    objects: ClassVar = _Rehearsals()

    class Meta:
        proxy = True


class Item(models.Model):
    """A line of the running order: a film, or what stands between films.

    A film's `seconds` are those of the catalogue when it was put in: the length of the inspected film. Without a `copy`
    chosen by hand the best one plays (`copy_choice.copy_for`).
    """

    class Kind(models.TextChoices):
        FILM = "film", _("Film")
        INTRO = "intro", _("Introduction")
        LABEL = "label", _("Label slide")
        TALK = "talk", _("Jury talk")
        QA = "qa", _("Q&A")
        BREAK = "break", _("Break")

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FILM)
    film = models.ForeignKey(Film, models.PROTECT, null=True, blank=True, related_name="showings")
    title = bilingual()
    seconds = models.PositiveIntegerField()
    copy = models.ForeignKey("premiere.Copy", models.SET_NULL, null=True, blank=True, related_name="lines")
    cue = bilingual()  # what the projectionist does: "House lights half, sound 5.5"

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "position"], name="item_position_once"),
            models.CheckConstraint(
                condition=Q(kind="film", film__isnull=False) | (~Q(kind="film") & Q(film__isnull=True)),
                name="item_film_only_when_film",
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="item_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"


class OnlineSeat(models.Model):
    """A seat of an online premiere: the hash of a random number in somebody's browser, of nobody by name."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="seats")
    key_hash = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["screening", "key_hash"], name="online_seat_once")]

    def __str__(self) -> str:
        return f"{self.screening_id} {self.taken_at}"


class Guest(models.Model):
    """Somebody who comes with films. Seen by the team only; nothing but the name is kept of a person."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="guests")
    name = bilingual()
    films = models.ManyToManyField(Film, through="GuestFilm", related_name="guests")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class GuestFilm(models.Model):
    """A guest belongs to a film; `needed`: the film's Q&A cannot be held without them."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="links")
    film = models.ForeignKey(Film, models.CASCADE, related_name="guest_links")
    needed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["guest", "film"], name="guest_film_once")]

    def __str__(self) -> str:
        return f"{self.guest_id} {self.film_id}"


class GuestTime(models.Model):
    """The guest is there from `starts_at` to `ends_at`. A guest without rows is there all the time."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["guest", "starts_at"], name="guest_time_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="guest_time_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at}–{self.ends_at}"


class Checklist(models.Model):
    """How much each thing counts that does not fit in a timetable: levels by kind (`checks`), where set by hand."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="checklist")
    levels = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"checks of {self.edition_id}"


class Release(models.Model):
    """A version of the programme as the public has it. Never changed; the one with the highest number is in force.

    `document` is the timetable it was made of (`snapshots`), `programme` what the world reads (`programme.codec`),
    `changes` what is new in it since the one before (`differences`).
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = bilingual()
    document = models.JSONField()
    programme = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the programme's bytes
    changes = models.JSONField(default=list)
    back_to = models.PositiveIntegerField(null=True, blank=True)  # the number of the one it restores

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} v{self.number}"

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"release-{self.number}"


class Draft(models.Model):
    """A timetable kept beside the one on the table: to compare, and to put on the table."""

    class Origin(models.TextChoices):
        KEPT = "kept", _("Kept by hand")
        BEFORE = "before", _("Kept before a change of the whole")
        SOLVER = "solver", _("Proposed by the solver")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="drafts")
    name = models.CharField(max_length=120)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.KEPT)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    document = models.JSONField()
    told = models.JSONField(default=dict, blank=True)  # what the solver says of it

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"draft-{self.pk}"


from festival.premiere.copy_models import Copy as Copy  # noqa: E402
from festival.premiere.copy_models import CopyCheck as CopyCheck  # noqa: E402
from festival.premiere.journal_models import Change as Change  # noqa: E402
from festival.premiere.proposal_models import Proposal as Proposal  # noqa: E402 (it needs Draft)
