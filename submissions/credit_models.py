"""Who made a film: credits, invitations to co-authors, what was declared about people. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from festival.people.models import GONE
from submissions.letter_models import SignedLetter


class CreditInvitation(SignedLetter):
    """The question to a co-author whether she agrees to be named, and her answer.

    It belongs to an address of the entry, not to a line of the credits: lines are replaced as a whole, and the one
    with the same address takes up the answer. Never deleted, so that a line written anew cannot ask again and again.
    `user` is the account that answered, whatever its own address. What was agreed to is kept as it was then; when the
    account is deleted the answer stays, without account and address.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        ACCEPTED = "accepted", _("Agreed")
        DECLINED = "declined", _("Declined")
        REVOKED = "revoked", _("Taken back")

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="credit_invitations")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="credit_invitations"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed_name = models.CharField(max_length=200, blank=True)
    agreed_roles = models.JSONField(default=list, blank=True)  # as `Credit.held`

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "email"], name="credit_invite_once_an_address"),
            models.UniqueConstraint(
                fields=["entry", "user"],
                condition=Q(state="accepted"),
                name="credit_invite_one_line_an_account",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "revoked"))
                | Q(state__in=("accepted", "declined"), user__isnull=False, answered_at__isnull=False)
                | Q(state__in=("accepted", "declined"), email__endswith=GONE, answered_at__isnull=False),
                name="credit_invite_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="credit_invite_address_lower_case"
            ),
        ]
        indexes = [
            models.Index(fields=["email", "wanted_at"], name="credit_invite_by_address"),
            models.Index(
                fields=["wanted_at"],
                condition=Q(mailed_at__isnull=True, problem=""),
                name="credit_invite_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"


class Credit(models.Model):
    """A person in the credits, in billing order. Lines are replaced as a whole, with the draft they belong to.

    `name` as it stands in the film, `name_other` in the other script. `roles` are codes of
    festival.edition.form_rules.ROLES; `role_other` says what "other" is. `is_self` is the account's own person.
    In a draft a line may still lack its name or roles.
    """

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="credits")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    name_other = models.CharField(max_length=200, blank=True)
    roles = models.JSONField(default=list)
    role_other = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=254, blank=True)
    country = models.CharField(max_length=60, blank=True)
    is_representative = models.BooleanField(default=False)
    is_self = models.BooleanField(default=False)
    invitation = models.ForeignKey(
        CreditInvitation, models.SET_NULL, null=True, blank=True, related_name="credits"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="credit_position"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(is_representative=True), name="credit_one_representative"
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(is_self=True), name="credit_one_self"),
            models.UniqueConstraint(
                fields=["entry", "email"], condition=~Q(email=""), name="credit_once_an_address"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="credit_address_lower_case"),
            models.CheckConstraint(
                condition=Q(is_self=False) | Q(invitation__isnull=True), name="credit_self_is_not_invited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.position}"

    @property
    def held(self) -> list[str]:
        """The roles with the words for "other": what a co-author agrees to beside the name."""
        return [*self.roles, *([self.role_other] if self.role_other else [])]

    @property
    def asks_consent(self) -> bool:
        """Whether there is somebody to ask: another person than the account's own, with an address."""
        return bool(self.email) and not self.is_self

    @property
    def agreed(self) -> bool:
        """Whether she agreed to be named just so. A changed name or role is asked about again."""
        said = self.invitation
        return (
            said is not None
            and said.state == CreditInvitation.State.ACCEPTED
            and (said.agreed_name, said.agreed_roles) == (self.name, self.held)
        )


class CreditDeclaration(models.Model):
    """What was declared about people: the exact text, its version, by whom and when.

    Without `email` it was declared by the account of the entry for everybody in `values["names"]` (age) or for the
    representative in `values["name"]` (identity); with it by the co-author of that address for herself. A newer one
    stands beside the older; `void_at` is set when another account took the draft over.
    """

    class Kind(models.TextChoices):
        AGE = "age", _("Age")
        IDENTITY = "identity", _("Identity")

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="credit_declarations")
    kind = models.CharField(max_length=8, choices=Kind)
    email = models.CharField(max_length=254, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.CharField(max_length=10)
    text = models.TextField()
    values = models.JSONField(default=dict)
    void_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("age", "identity")), name="credit_declaration_known_kind"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="credit_declaration_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind}"


class RepresentativeIdentity(models.Model):
    """The representative's legal name, and by which kind of document it can be proved. Only organisers read it.

    No number and no picture of the document: whoever pays a prize looks at it then. Deleted by
    `credit_declarations.forget_identities`.
    """

    class Document(models.TextChoices):
        ID_CARD = "id_card", _("Identity card")
        PASSPORT = "passport", _("Passport")
        RESIDENCE = "residence", _("Residence permit")
        REGISTER = "register", _("Entry in a company register")

    entry = models.OneToOneField("submissions.Entry", models.CASCADE, related_name="identity")
    legal_name = models.CharField(max_length=200)
    document = models.CharField(max_length=10, choices=Document)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)  # an organiser has seen the document
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(legal_name=""), name="credit_identity_has_name"),
            models.CheckConstraint(
                condition=Q(document__in=("id_card", "passport", "residence", "register")),
                name="credit_identity_known_document",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)
