"""Invitations by mail to an edition's team. Who accepts gets a Membership; the team itself is festival.edition's."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.edition.models import Edition
from festival.people.models import GONE, LANGUAGES
from festival.people.roles import Role


class Invitation(models.Model):
    """The question to a person at an address whether she takes a role, and her answer.

    The link in the letter is made from the row's number and `number`; of it only the SHA-256 is kept. It is good
    until `answer_by`, and for one answer. `user` is the account that accepted, whatever its own address; declining
    needs none. Answered rows stay, so that a refusal is not asked again by mistake.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
        DECLINED = "declined", pgettext_lazy("invitation", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")

    class Reason(models.TextChoices):
        UNSAID = "", _("I would rather not say")
        TIME = "time", _("No time in these weeks")
        CONFLICT = "conflict", _("A conflict of interest")
        OTHER = "other", _("Another reason")

    class Problem(models.TextChoices):
        NONE = "", _("None")
        REFUSED = "refused", _("The mail server does not take mail for this address.")
        GAVE_UP = "gave_up", _("The mail server could not be reached.")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=Role)
    language = models.CharField(max_length=10, choices=LANGUAGES)
    message = models.TextField(blank=True)
    answer_by = models.DateTimeField()  # the first moment that is too late
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    instead_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replacements"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="team_invitations"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=8, choices=Reason, blank=True, default=Reason.UNSAID)
    words = models.TextField(blank=True)  # of the one who declines, for the organisers
    number = models.PositiveIntegerField(default=1)  # counts links: an older one leads nowhere
    token_hash = models.CharField(max_length=64, unique=True)
    letters = models.PositiveSmallIntegerField(default=0)  # wanted so far, reminders included
    wanted_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=8, choices=Problem, blank=True, default=Problem.NONE)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["email", "wanted_at"], name="team_invite_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "email", "role"], condition=Q(state="open"), name="team_invite_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "accepted", "declined", "withdrawn")),
                name="team_invite_known_state",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values) & ~Q(role="owner"), name="team_invite_known_role"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn"), user__isnull=True, answered_at__isnull=True)
                | Q(state="declined", answered_at__isnull=False)
                | Q(state="accepted", answered_at__isnull=False, user__isnull=False)
                | Q(state="accepted", answered_at__isnull=False, email__endswith=GONE),
                name="team_invite_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") | Q(reason="", words=""), name="team_invite_reason_of_refusal"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="team_invite_lower_case"),
            models.CheckConstraint(condition=Q(answer_by__gt=F("created_at")), name="team_invite_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.role} {self.state}"

    @property
    def who(self) -> str:
        """The name that was typed, or the address; nothing of somebody who is gone."""
        return self.name or ("–" if self.email.endswith(GONE) else self.email)
