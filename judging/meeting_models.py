"""Deliberation: a meeting of the jury over a shortlist, what is said there, and what is voted on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.kit.fields import bilingual
from judging.round_models import Round
from submissions.models import Entry


class Meeting(models.Model):
    """Judges deliberate on films of a closed round, whose scores and notes lie open to them at last.

    Who is there when it is live comes to its page; who is not reads, writes and votes there until `until`. `revision`
    grows with everything that happens: pages ask whether it has. `order_number` grows with every move of a film, so
    that two who move at once cannot overwrite each other. `minutes_digest` is of the minutes as they were at closing.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="meetings")
    round = models.ForeignKey(Round, models.PROTECT, related_name="meetings")
    name = bilingual()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)  # a room, or the address of a call
    names_open = models.BooleanField(default=True)  # who made the films is shown
    quorum = models.PositiveSmallIntegerField(default=1)  # ballots without which a vote decides nothing
    revision = models.PositiveIntegerField(default=0)
    order_number = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)  # its members, of date and place, for the last time
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="planned", opened_at__isnull=True, closed_at__isnull=True)
                    | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                    | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False)
                ),
                name="meeting_state_has_times",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("starts_at")), name="meeting_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="meeting_quorum_of_one"),
        ]

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    @cached_property
    def member_ids(self) -> frozenset[int]:
        """The accounts of its members, as they were when this was first asked for."""
        return frozenset(self.members.values_list("user_id", flat=True))


class MeetingMember(models.Model):
    """A judge of the meeting, and when she had its page open."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="meetings")
    first_seen_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user__name", "user_id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="meeting_member_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.user_id}"


class MeetingFilm(models.Model):
    """A film of the shortlist and its place in the order that the meeting has come to. One at most is on the table."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="films")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="meeting_films")
    position = models.PositiveSmallIntegerField()
    began = models.PositiveSmallIntegerField()  # its place when the meeting opened
    on_table = models.BooleanField(default=False)  # it is talked about now

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "entry"], name="meeting_film_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(on_table=True), name="meeting_one_film_on_table"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.entry_id}"


class AgendaItem(models.Model):
    """A point of the agenda: one of the usual ones by its code, or a title of its own."""

    class Usual(models.TextChoices):
        OPENING = "opening", _("Opening: how the jury decides, and who leaves the room for which film")
        FILMS = "films", _("The films, one by one")
        VOTES = "votes", _("Votes")
        CLOSING = "closing", _("What was decided, and the minutes")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    usual = models.CharField(max_length=8, choices=Usual, blank=True)
    title = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(usual="") & ~Q(title="")) | (~Q(usual="") & Q(title="")),
                name="agenda_item_has_title",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.usual

    @property
    def words(self) -> str:
        return self.title or str(self.get_usual_display())


class MeetingNote(models.Model):
    """What somebody said in writing, about a film or about the whole. What is taken back leaves an empty place.

    `client_id` is given by the page: the same words sent twice are kept once. A `decision` is the chair's: what the
    jury has resolved, as it stands in the minutes.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="meeting_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="meeting_notes")
    client_id = models.UUIDField(unique=True)
    text = models.TextField(blank=True)
    decision = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(taken_back_at__isnull=True) & ~Q(text=""))
                | Q(taken_back_at__isnull=False, text=""),
                name="meeting_note_has_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.pk}"


class MeetingStep(models.Model):
    """Something that happened in a meeting: codes and values, words are made when it is read.

    Kinds: opened, table (a film was put on the table), moved (`from` and `to`), ordered (more than one moved), aside
    (a member left the room for a film), vote_opened, vote_closed, agenda_done, closed.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="meeting_steps")
    values = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind}"


class Vote(models.Model):
    """What a meeting votes on: which of some films, and how many of them; or a motion, carried or lost.

    A motion has `motion` (what it asks for) and is answered with yes, no or an abstention; `seats` is then how many
    places stay vacant, `films` those that share a place, or the one that `name`, a special mention, is for.
    `slot`: the award it is about, whose places then go by it. Its ballots are secret until it is closed; `casting`: the
    ballot of whoever opened it decides between films that are tied. Closed without a quorum it decides nothing.
    `result` is what `judging.logic.votes` makes of `inputs`; both stay as they were at closing.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Kind(models.TextChoices):
        RANKED = "ranked", _("Ranked: first, second, third …")
        APPROVAL = "approval", _("Approval: every film one would give it to")
        POINTS = "points", _("Points for each film")
        MAJORITY = "majority", _("Plain majority: one film each; chosen is who has more than half")
        MOTION = "motion", _("Motion: yes or no")

    class Motion(models.TextChoices):
        VACANT = "vacant", _("Leave places of an award vacant")
        SHARE = "share", _("Films share a place of an award")
        MENTION = "mention", _("Give a special mention")
        OTHER = "other", _("Something else")

    class Counting(models.TextChoices):
        SCHULZE = "schulze", _("Schulze: who is beaten by nobody, film against film")
        RUNOFF = "runoff", _("Instant run-off: the film with the fewest first places goes, round by round")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="votes")
    slot = models.ForeignKey(AwardSlot, models.PROTECT, null=True, blank=True, related_name="votes")
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind)
    motion = models.CharField(max_length=8, choices=Motion, blank=True)
    name = bilingual()  # of the special mention
    counting = models.CharField(max_length=8, choices=Counting, default=Counting.SCHULZE)  # of ranked ballots
    casting = models.BooleanField(default=False)
    points = models.PositiveSmallIntegerField(default=10)  # the most a member gives one film
    seats = models.PositiveSmallIntegerField(default=1)  # how many films are chosen
    quorum = models.PositiveSmallIntegerField(default=1)
    films = models.ManyToManyField(Entry, related_name="votes")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    inputs = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    result_digest = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)  # into the round's cut

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="vote_state_has_time",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, quorum__gte=1, points__gte=1), name="vote_least_one"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("ranked", "approval", "points", "majority"), motion="")
                | Q(kind="motion", motion__in=("vacant", "share", "mention", "other")),
                name="vote_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.text
