"""Letters with a link of their own to somebody who may have no account. Part of `submissions.models`."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from festival.people.models import LANGUAGES


class SignedLetter(models.Model):
    """A letter to an address, and the link in it.

    The link's token is made from `id` and `number` with the site's key whenever the letter is written; only its
    hash is kept. The same letter sent again has the same link; another `number` makes the earlier link void.
    `mailed_at` is set by compare-and-set before sending, so that a letter goes out once at most.
    """

    class Problem(models.TextChoices):
        REFUSED = "refused", _("The address does not exist or takes no mail")
        GAVE_UP = "gave_up", _("The letter could not be delivered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.CharField(max_length=254)
    language = models.CharField(max_length=10, choices=LANGUAGES)
    number = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    letters = models.PositiveSmallIntegerField(default=0)  # how often it was asked to be sent
    wanted_at = models.DateTimeField()  # the last time
    mailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=8, choices=Problem, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True


class TransferOffer(SignedLetter):
    """An entry offered to another account by e-mail address; one open offer an entry at most."""

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="transfer_offers")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-wanted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="open"), name="transfer_offer_one_open"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="transfer_offer_address_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn"))
                | Q(state__in=("accepted", "declined"), user__isnull=False, answered_at__isnull=False),
                name="transfer_offer_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "wanted_at"], name="transfer_offer_by_address"),
            models.Index(
                fields=["wanted_at"],
                condition=Q(mailed_at__isnull=True, problem=""),
                name="transfer_offer_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"
