"""What an edition has its entrants declare about rights. Part of `festival.edition.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.kit.fields import bilingual


class Declaration(models.Model):
    """A declaration as it is asked now. Its wordings so far stand in `versions`; one in use is retired, not deleted."""

    class Document(models.TextChoices):
        NONE = "none", _("No document")
        MAY = "may", _("A document may be added")
        MUST = "must", _("A document must be added")

    edition = models.ForeignKey("edition.Edition", models.CASCADE, related_name="declarations")
    key = models.SlugField(max_length=40)
    track = models.ForeignKey(
        "edition.Track", models.CASCADE, null=True, blank=True, related_name="declarations"
    )  # the only one that it is asked in; none: in all
    title = bilingual()
    text = bilingual()
    version = models.PositiveSmallIntegerField(default=1)  # of the wording
    required = models.BooleanField(default=True)
    if_applicable = models.BooleanField(default=False)  # the entrant first says whether it concerns the film
    document = models.CharField(max_length=4, choices=Document, default=Document.NONE)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="declaration_key"),
            models.CheckConstraint(
                condition=Q(document__in=["none", "may", "must"]), name="declaration_known_document"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="declaration_has_version"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"


class DeclarationVersion(models.Model):
    """A wording of a declaration, in both languages. Never changed, never deleted: people agreed to it."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = bilingual()
    text = bilingual()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "number"], name="declaration_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} v{self.number}"
