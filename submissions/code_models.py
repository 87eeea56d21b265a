"""Codes that organisers hand out, and what was done with them. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition, Track

GROUP = 4


class Code(models.Model):
    """A code that opens what is by invitation, or lets an entry be submitted late.

    It is kept as it is, not as a hash: organisers hand it out again to those who lost it, and whoever reads this
    table reads the films beside it. `used` is only ever counted up by compare-and-set. `until` is the late entry's
    deadline, `expires_at` the end of redeeming; both are first moments that are too late.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        LATE = "late", _("Late entry")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="codes")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(
        max_length=20
    )  # letters and digits of festival.kit.codes.ALPHABET, without hyphens
    label = models.CharField(max_length=120)  # whom or what it is for
    track = models.ForeignKey(Track, models.CASCADE, null=True, blank=True, related_name="codes")
    email = models.EmailField(blank=True)  # only this account may redeem it
    uses = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="code_once"),
            models.CheckConstraint(condition=Q(uses__gte=1, used__lte=F("uses")), name="code_not_overused"),
            models.CheckConstraint(
                condition=Q(kind="invitation", until__isnull=True) | Q(kind="late", until__isnull=False),
                name="code_late_has_end",
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """As it is written for people: ABCD-EFGH-JKMN."""
        return "-".join(self.code[at : at + GROUP] for at in range(0, len(self.code), GROUP))


class Redemption(models.Model):
    """A code was redeemed for an entry: once, however often it is typed."""

    code = models.ForeignKey(Code, models.PROTECT, related_name="redemptions")
    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="redemptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["code", "entry"], name="redemption_once")]

    def __str__(self) -> str:
        return f"{self.code_id} {self.entry_id}"


class CodeMiss(models.Model):
    """An account typed a code that does not exist. Kept for an hour: too many, and no more are tried."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="code_miss_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%H:%M}"
