"""Award slots, and the laureates as announced. Who decides, and what, is not here: it is the jury's room."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.awards.audience_models import AudienceAside as AudienceAside
from festival.awards.audience_models import AudienceBallot as AudienceBallot
from festival.awards.audience_models import AudienceBatch as AudienceBatch
from festival.awards.audience_models import AudienceChoice as AudienceChoice
from festival.awards.audience_models import AudienceCode as AudienceCode
from festival.awards.audience_models import AudiencePoll as AudiencePoll
from festival.awards.audience_models import AudienceResult as AudienceResult
from festival.awards.audience_models import AudienceStep as AudienceStep
from festival.awards.audience_models import AudienceTry as AudienceTry
from festival.awards.notice_models import Evidence as Evidence
from festival.awards.notice_models import Objection as Objection
from festival.awards.notice_models import ObjectionLetter as ObjectionLetter
from festival.awards.notice_models import ObjectionStep as ObjectionStep
from festival.awards.notice_models import PublicNotice as PublicNotice
from festival.catalogue.models import Film
from festival.edition.models import Edition, Track
from festival.kit.codes import new_code
from festival.kit.fields import bilingual


def certificate_code() -> str:
    """Twelve characters, 59 bits: nobody finds a certificate by trying."""
    return new_code(12)


class AwardSlot(models.Model):
    """A prize with its number of places: "Second prize, three of them".

    `source` is the address of the round whose standing fills it (empty: the last one). `require` are conditions on the
    film's attributes, `combines` addresses of slots that the same film may hold besides. `added` says that the jury
    made it in its deliberation: the public learns of it with its laureate.
    """

    class Tier(models.TextChoices):
        GRAND = "grand", _("Grand prize")
        FIRST = "first", _("First prize")
        SECOND = "second", _("Second prize")
        THIRD = "third", _("Third prize")
        EXCELLENCE = "excellence", _("Award of excellence")
        BEST = "best", _("Best of its kind")
        SPECIAL = "special", _("Special award")

    class DecidedBy(models.TextChoices):
        STANDING = "standing", _("The standing of a round")
        BALLOT = "ballot", _("A ballot of the jury")
        ORGANISER = "organiser", _("The organiser")
        AUDIENCE = "audience", _("The audience’s vote")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="award_slots")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    tier = models.CharField(max_length=12, choices=Tier)
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="award_slots")
    places = models.PositiveSmallIntegerField(default=1)
    prize = bilingual()
    prizes = models.JSONField(
        default=list, blank=True
    )  # festival.edition.blueprint_awards: money, traffic, …
    sponsor = bilingual()
    decided_by = models.CharField(max_length=10, choices=DecidedBy, default=DecidedBy.STANDING)
    source = models.SlugField(max_length=40, blank=True)
    may_be_vacant = models.BooleanField(default=False)
    ex_aequo = models.BooleanField(default=False)
    combines = models.JSONField(default=list, blank=True)
    least_score = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    last_rank = models.PositiveIntegerField(null=True, blank=True)
    require = models.JSONField(default=list, blank=True)
    added = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)  # order of precedence: the first is filled first

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="award_slot_slug"),
            models.CheckConstraint(condition=Q(places__gt=0), name="award_slot_has_places"),
        ]

    def __str__(self) -> str:
        return self.slug


class AwardRule(models.Model):
    """A rule over the award slots, as the blueprint states it: a limit, a quota, or who may have any award at all."""

    class Kind(models.TextChoices):
        LIMIT = "limit", _("Limit")
        QUOTA = "quota", _("Quota")
        ELIGIBLE = "eligible", _("Condition")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="award_rules")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    kind = models.CharField(max_length=8, choices=Kind)
    data = models.JSONField(default=dict)
    slots = models.JSONField(default=list, blank=True)  # addresses of slots; none: all
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="award_rule_slug")]

    def __str__(self) -> str:
        return self.slug


class Laureate(models.Model):
    """A film that holds an award. A row exists only once it has been announced.

    Films that share a place (ex aequo) have its number and a `share` from 1. One whose award was taken back keeps its
    row: who was told of it, or holds a certificate, finds it here with the reason.
    """

    slot = models.ForeignKey(AwardSlot, models.PROTECT, related_name="laureates")
    film = models.ForeignKey(Film, models.PROTECT, related_name="laurels")
    place = models.PositiveSmallIntegerField()
    share = models.PositiveSmallIntegerField(default=0)
    citation = bilingual()
    code = models.CharField(max_length=16, default=certificate_code, unique=True)  # of its certificate
    announced_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = bilingual()

    class Meta:
        ordering = ["slot__position", "place", "share"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "place", "share"],
                condition=Q(withdrawn_at__isnull=True),
                name="laureate_place_once",
            ),
            models.UniqueConstraint(
                fields=["slot", "film"],
                condition=Q(withdrawn_at__isnull=True),
                name="laureate_film_once_per_slot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.film_id}"


class Papers(models.Model):
    """Who signs the certificates of an edition: [{"name", "role"}], at most three."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="papers")
    signers = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"papers of {self.edition_id}"

    @property
    def lines(self) -> str:
        """As they are typed."""
        return "\n".join(" | ".join(filter(None, (row["name"], row["role"]))) for row in self.signers)
