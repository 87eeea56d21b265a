"""Cohorts and the places in them: the teams that an edition accompanies from an idea to a film.

An invited programme's directors, the thirty teams of a camp, the fifteen whose films are produced: each is a cohort
with a number of places. A place is offered by invitation or to those whom a round of judging lets through; who does
not take it makes room for the next on the waiting list.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.edition.models import Edition, Track
from festival.kit.fields import bilingual
from festival.people.models import LANGUAGES
from submissions.cohorts.interview_models import Interview as Interview
from submissions.cohorts.mentor_models import ActionItem as ActionItem
from submissions.cohorts.mentor_models import Mentor as Mentor
from submissions.cohorts.mentor_models import Session as Session
from submissions.cohorts.milestone_models import CutNote as CutNote
from submissions.cohorts.milestone_models import Deliverable as Deliverable
from submissions.cohorts.milestone_models import Delivery as Delivery
from submissions.cohorts.milestone_models import DeliveryPart as DeliveryPart
from submissions.cohorts.milestone_models import Extension as Extension
from submissions.cohorts.milestone_models import Milestone as Milestone
from submissions.cohorts.milestone_models import Reminder as Reminder
from submissions.cohorts.milestone_models import TimeRequest as TimeRequest
from submissions.cohorts.support_models import SupportLine as SupportLine


class Cohort(models.Model):
    """A number of places for teams. `source` names the round whose cut fills it; "" is filled by invitation.

    `track`: where the entry is made of a team that accepts an invitation. `places` is never exceeded by places that
    are offered or accepted together: the one action that offers holds the cohort's row.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="cohorts")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    about = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    places = models.PositiveSmallIntegerField()
    source = models.SlugField(max_length=40, blank=True)  # address of a round
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="cohorts")
    answer_days = models.PositiveSmallIntegerField(default=7)  # to take an offered place
    offers_next = models.BooleanField(default=False)  # a free place is offered by the clock, else by the desk
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="cohort_slug"),
            models.CheckConstraint(condition=Q(places__gte=1), name="cohort_has_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="cohort_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.slug


class Promise(models.Model):
    """What every team of a cohort is promised when it accepts its place. Without an amount: as much as it needs."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=8, choices=SupportLine.Kind)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(amount__gt=0) | Q(amount__isnull=True, kind__in=("traffic", "credits")))
                & ~Q(unit=""),
                name="promise_is_something",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("cash", "traffic", "credits")), name="promise_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.kind} {self.amount}"


class Place(models.Model):
    """A team's place in a cohort, from the waiting list to the end.

    Invited by address, it has no entry until it is accepted: then the entry is made, or named. From a round's cut it
    has its entry from the start, and the entrant answers on the entry's page. `rank` is the order of the waiting
    list; 1 is the first. The link in the letter is made from the row's number and `number`; of it only the SHA-256
    is kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("On the waiting list")
        OFFERED = "offered", _("Offered, waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("place", "Accepted")
        DECLINED = "declined", pgettext_lazy("place", "Declined")
        LAPSED = "lapsed", pgettext_lazy("place", "Not answered in time")
        LEFT = "left", pgettext_lazy("place", "Has left")

    class Problem(models.TextChoices):
        NONE = "", _("None")
        REFUSED = "refused", _("The mail server does not take mail for this address.")
        GAVE_UP = "gave_up", _("The mail server could not be reached.")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="all_places")
    entry = models.ForeignKey(
        "submissions.Entry", models.PROTECT, null=True, blank=True, related_name="cohort_places"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120, blank=True)  # of the director or the team, as invited
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=10, choices=LANGUAGES, blank=True)
    note = models.TextField(blank=True)  # of the organisers, for themselves
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)  # the first moment that is too late
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was declined, or why the team has left
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cohort_places"
    )  # who answered
    instead_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replacements"
    )
    number = models.PositiveIntegerField(default=1)  # counts links: an older one leads nowhere
    token_hash = models.CharField(max_length=64, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True)  # when the letter was last asked for
    mailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=8, choices=Problem, blank=True, default=Problem.NONE)
    reminded_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "entry"],
                condition=Q(state__in=("waiting", "offered", "accepted")),
                name="place_once_per_entry",
            ),
            models.UniqueConstraint(
                fields=["cohort", "email"],
                condition=Q(state__in=("waiting", "offered", "accepted")) & ~Q(email=""),
                name="place_once_per_address",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="place_link_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", offered_at__isnull=True)
                | Q(state="offered", offered_at__isnull=False, answer_by__isnull=False)
                | Q(state="declined", answered_at__isnull=False)
                | Q(state="lapsed", answer_by__isnull=False)
                | Q(state="accepted", answered_at__isnull=False, entry__isnull=False)
                | Q(state="left", ended_at__isnull=False),
                name="place_state_has_times",
            ),
            models.CheckConstraint(
                # Whose place is over may be forgotten.
                condition=Q(entry__isnull=False) | ~Q(email="") | Q(state__in=("declined", "lapsed", "left")),
                name="place_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.rank} {self.state}"
