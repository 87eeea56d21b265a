"""An edition of a contest: its tracks, its calendar, its rulebook, its team."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from festival.edition.declaration_models import Declaration as Declaration
from festival.edition.declaration_models import DeclarationVersion as DeclarationVersion
from festival.kit.fields import bilingual
from festival.people.roles import Role


def usual_reminders() -> list[int]:
    """A week and a day before the deadline."""
    return [7, 1]


class Edition(models.Model):
    """One run of a contest, for example its third year. Everything else belongs to an edition."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        PUBLIC = "public", _("Public")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(max_length=40, unique=True)
    name = bilingual()
    tagline = bilingual()
    about = bilingual()
    contact = models.EmailField(blank=True)  # where questions to the organisers go
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    time_zone = models.CharField(max_length=40, default="UTC")
    rulebook = models.TextField(help_text="TOML; see docs/rulebook.md")
    form = models.JSONField(
        default=dict, blank=True
    )  # what entries are asked for: festival.edition.form_rules
    blueprint = models.CharField(max_length=60, blank=True)
    fix_days = models.PositiveSmallIntegerField(default=7)  # how long an entrant has to mend a film
    reminder_days = models.JSONField(default=usual_reminders, blank=True)  # before the deadline, most first
    blind = models.BooleanField(default=True)  # judges see neither names nor credits
    four_eyes = models.BooleanField(default=False)  # who proposes the awards does not confirm them
    objections = models.JSONField(default=dict, blank=True)  # festival.edition.objection_rules
    prize_pool = models.JSONField(default=dict, blank=True)  # {"amount": "42000", "currency": "USD"}
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.slug


class Track(models.Model):
    """A section of the contest that entries compete in: fiction, animation, …

    `ends_at` is a deadline of its own, in place of the call's; `closed_at` ends it before that. `enters` says what
    an entry is: a film, or the project of one, which has no film yet.
    """

    class Enters(models.TextChoices):
        FILM = "film", _("Films")
        PROJECT = "project", _("Projects without a film yet")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tracks")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    about = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    enters = models.CharField(max_length=8, choices=Enters, default=Enters.FILM)
    ends_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = bilingual()
    invitation_only = models.BooleanField(default=False)
    most_entries = models.PositiveIntegerField(default=0)  # submitted by all together; 0: no limit

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="edition_track_slug"),
            models.CheckConstraint(condition=Q(enters__in=["film", "project"]), name="track_known_enters"),
        ]

    def __str__(self) -> str:
        return self.slug


class Phase(models.Model):
    """A stretch of the calendar. The call's end is the deadline; the others tell the public what happens when."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call for entries")
        INSPECTION = "inspection", _("Technical inspection")
        JURY = "jury", _("Jury")
        NOTICE = "notice", _("Public notice")
        AWARDS = "awards", _("Awards")
        PREMIERE = "premiere", _("Premiere")
        ONLINE = "online", _("Online showcase")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=12, choices=Kind)
    name = bilingual()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="phase_ends_after_start"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(kind="call"), name="edition_has_one_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d}"


class DeadlineExtension(models.Model):
    """The deadline was moved, of the whole call or of one track; never back. The newest one is announced.

    Both moments are ends: the first that is too late.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="extensions")
    track = models.ForeignKey(Track, models.CASCADE, null=True, blank=True, related_name="extensions")
    before = models.DateTimeField()
    until = models.DateTimeField()
    reason = bilingual()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("before")) & Q(until__gt=F("at")), name="extension_only_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.until:%Y-%m-%d %H:%M}"


class Membership(models.Model):
    """A role that somebody has in an edition."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "user", "role"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class RulebookChange(models.Model):
    """A change of the rulebook: proposed, its consequences counted, then applied with a reason or dropped.

    Applied changes are numbered within their edition and stay; one at most is under way. `worked_at` is when the
    work on it was last heard of, `done` of `total` how many films it has judged.
    """

    class State(models.TextChoices):
        COUNTING = "counting", _("Being counted")
        READY = "ready", _("Ready to be applied")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rulebook_changes")
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.COUNTING)
    before = models.TextField()  # TOML, as is `toml`
    before_digest = models.CharField(max_length=64)
    toml = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    at = models.DateTimeField(null=True, blank=True)  # when it came into force
    worked_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(default=dict, blank=True)  # submissions.rejudging.Outcome

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="rulebook_change_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=~Q(state="applied"), name="rulebook_change_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["counting", "ready"], number__isnull=True, at__isnull=True)
                | (
                    Q(state__in=["applying", "applied"], number__isnull=False, at__isnull=False)
                    & ~Q(reason="")
                ),
                name="rulebook_change_in_force_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.number or self.state}"


class EditionChange(models.Model):
    """Something was changed after the call had opened that entrants could rely on; never changed itself.

    `what` is a key of festival.edition.frozen.FROZEN; `name` what the track, question or round was called then, and
    `tracks` the slugs of those it concerns (none: all). The sentence is made when it is read. The rulebook has
    RulebookChange, the deadline DeadlineExtension.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=40)
    name = bilingual()
    tracks = models.JSONField(default=list, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = bilingual()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["edition", "-at"], name="edition_change_when")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason={}), name="edition_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.what}"
