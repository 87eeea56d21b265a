"""Milestones, what teams deliver for them, and what is said about it. Part of `submissions.cohorts.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.kit.fields import bilingual


class Milestone(models.Model):
    """A day by which every team of a cohort delivers something: treatment, animatic, rough cut, picture lock …

    `grant`: money that is due once a delivery is accepted, in `grant_unit` ("CNY").
    """

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="milestones")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    about = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # the first moment that is late
    grant = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    grant_unit = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["due_at", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "slug"], name="milestone_slug")]

    def __str__(self) -> str:
        return self.slug


class Reminder(models.Model):
    """A team was reminded of a milestone: a week before, a day before, or when it was late. Each once."""

    class Kind(models.TextChoices):
        WEEK = "week", _("A week before")
        DAY = "day", _("A day before")
        LATE = "late", _("Late")

    place = models.ForeignKey("cohorts.Place", models.CASCADE, related_name="reminders")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=4, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "milestone", "kind"], name="milestone_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.milestone_id} {self.kind}"


class Deliverable(models.Model):
    """One thing that a milestone asks for. A film is inspected and can be watched with notes at its moments."""

    class Kind(models.TextChoices):
        FILM = "film", _("A film or a cut of it")
        DOCUMENT = "document", _("A document")
        PICTURE = "picture", _("A picture")
        TEXT = "text", _("A text")
        LINK = "link", _("A web address")

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="deliverables")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    about = bilingual()
    kind = models.CharField(max_length=8, choices=Kind)
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "slug"], name="deliverable_slug"),
            models.CheckConstraint(
                condition=Q(kind__in=("film", "document", "picture", "text", "link")),
                name="deliverable_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Extension(models.Model):
    """A team was given more time for a milestone. The newest counts."""

    place = models.ForeignKey("cohorts.Place", models.CASCADE, related_name="extensions")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="extensions")
    until = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="milestone_time_has_reason")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.milestone_id} {self.until:%Y-%m-%d}"


class TimeRequest(models.Model):
    """A team asks for more time for a milestone, until `until`, and says why; one at a time for each milestone.

    Granted, it is an `Extension` of its own, perhaps until another day. `over`: the team took it back, handed in, or
    left before anybody had decided.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for an answer")
        GRANTED = "granted", pgettext_lazy("more time", "Granted")
        DECLINED = "declined", pgettext_lazy("more time", "Declined")
        OVER = "over", pgettext_lazy("more time", "No longer asked for")

    place = models.ForeignKey("cohorts.Place", models.CASCADE, related_name="time_requests")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="time_requests")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    until = models.DateTimeField()  # the first moment that would be late
    message = models.TextField()  # why, for the organisers
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)  # why it is declined, for the team

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "milestone"], condition=Q(state="asked"), name="time_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | Q(state__in=("granted", "declined", "over"), decided_at__isnull=False),
                name="time_request_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(message="") & (~Q(state="declined") | ~Q(answer="")),
                name="time_request_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.milestone_id} {self.state}"


class Delivery(models.Model):
    """What a team sent for a milestone, numbered from 1. It is collected (open), handed in, and then reviewed.

    One at a time is under way; what was handed in is never changed. After `changes` the team makes the next one, by
    `again_by` where a date was said. `rejected` is the end: the milestone is not met, and nothing more is taken, unless
    an organiser opens it again; then it is `changes`, and says so in `reopened_at` and `reopening`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being collected")
        HANDED_IN = "handed_in", _("Handed in")
        CHANGES = "changes", _("Changes asked for")
        ACCEPTED = "accepted", pgettext_lazy("delivery", "Accepted")
        REJECTED = "rejected", pgettext_lazy("delivery", "Rejected")

    place = models.ForeignKey("cohorts.Place", models.PROTECT, related_name="deliveries")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="deliveries")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    message = models.TextField(blank=True)  # of the team, beside it
    created_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)  # after what was due, extensions counted
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    review = models.TextField(blank=True)  # of the reviewer, for the team
    again_by = models.DateTimeField(
        null=True, blank=True
    )  # the first moment that is late for the next version
    reopened_at = models.DateTimeField(null=True, blank=True)  # it had been rejected
    reopener = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopening = models.TextField(blank=True)  # why, for the team

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "milestone", "number"], name="delivery_number"),
            models.UniqueConstraint(
                fields=["place", "milestone"],
                condition=Q(state__in=("open", "handed_in")),
                name="delivery_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state="open", handed_in_at__isnull=True)
                | Q(state="handed_in", handed_in_at__isnull=False, reviewed_at__isnull=True)
                | Q(
                    state__in=("changes", "accepted", "rejected"),
                    handed_in_at__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="delivery_state_has_times",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("changes", "rejected")) | ~Q(review=""),
                name="delivery_changes_are_said",
            ),
            models.CheckConstraint(
                condition=Q(again_by__isnull=True) | Q(state="changes"), name="delivery_again_after_changes"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopening="")
                | (Q(reopened_at__isnull=False, state="changes") & ~Q(reopening="")),
                name="delivery_reopened_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.milestone_id} v{self.number}"


class DeliveryPart(models.Model):
    """One thing of a delivery: a version of the entry's film, a file, a text, or a web address."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="parts")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="parts")
    version = models.ForeignKey(
        "submissions.FilmVersion", models.PROTECT, null=True, blank=True, related_name="delivery_parts"
    )
    attachment = models.OneToOneField(
        "submissions.Attachment", models.PROTECT, null=True, blank=True, related_name="delivery_part"
    )
    text = models.TextField(blank=True)  # a text, or a web address

    class Meta:
        ordering = ["deliverable__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "deliverable"], name="delivery_part_once"),
            models.CheckConstraint(
                condition=Q(version__isnull=False, attachment__isnull=True, text="")
                | Q(version__isnull=True, attachment__isnull=False, text="")
                | (Q(version__isnull=True, attachment__isnull=True) & ~Q(text="")),
                name="delivery_part_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.deliverable_id}"


class CutNote(models.Model):
    """A note at a moment of a delivered cut, in seconds; without a moment it is about the whole.

    The team ticks what it has dealt with; an answer to a note names it in `answers`.
    """

    part = models.ForeignKey(DeliveryPart, models.PROTECT, related_name="notes")
    seconds = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    text = models.TextField()
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["seconds", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="cut_note_has_text"),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(seconds__gte=0), name="cut_note_in_film"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.seconds}"
