"""The audience's vote for an award slot. Part of `festival.awards.models`.

Who voted is kept while the poll needs it, to hold everybody to one vote, and taken away when the poll is settled.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from festival.catalogue.models import Film


def new_salt() -> str:
    return secrets.token_hex(16)


class AudiencePoll(models.Model):
    """A vote of the audience for one award slot. `opens_at` is its first moment, `closes_at` the first too late.

    It decides only where the slot says so (`AwardSlot.decided_by`). `salt` keys the hashes of this poll and the codes
    made for it; it is emptied when the poll is settled, and with it goes what could be found out from them.
    `network_limit`: votes and letters an hour from one network that need no printed code.
    """

    slot = models.OneToOneField("awards.AwardSlot", models.PROTECT, related_name="audience_poll")
    films = models.ManyToManyField(Film, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    choices = models.PositiveSmallIntegerField(default=1)
    by_account = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    by_printed_code = models.BooleanField(default=False)
    makers_may_vote = models.BooleanField(default=False)
    network_limit = models.PositiveIntegerField(default=60)
    salt = models.CharField(max_length=32, default=new_salt, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["closes_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="audience_poll_has_time"),
            models.CheckConstraint(condition=Q(choices__gt=0), name="audience_poll_has_choice"),
            models.CheckConstraint(
                condition=Q(by_account=True) | Q(by_mail=True) | Q(by_printed_code=True),
                name="audience_poll_has_voters",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(salt=""), name="audience_poll_settled_has_no_salt"
            ),
        ]

    def __str__(self) -> str:
        return f"audience of {self.slot_id}"


class AudienceBatch(models.Model):
    """Printed codes made at once, for one screening or one hall: their numbers run from 1 to `count`."""

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="audience_batch_number"),
            models.CheckConstraint(condition=Q(count__gt=0), name="audience_batch_has_codes"),
        ]

    def __str__(self) -> str:
        return self.label


class AudienceCode(models.Model):
    """A code that lets one person vote once. Only its hash is kept; all are deleted when the poll is settled.

    One of a batch has a `serial`. One by mail has the keyed hash of its address as `holder`, and of the address's
    domain as `domain`; `email` is there from the request until the letter is out. `number` counts its letters: each
    has a new code, and the one before is no longer good.
    """

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="codes")
    batch = models.ForeignKey(AudienceBatch, models.CASCADE, null=True, blank=True, related_name="codes")
    serial = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    holder = models.CharField(max_length=64, blank=True)
    domain = models.CharField(max_length=64, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "digest"], name="audience_code_once"),
            models.UniqueConstraint(
                fields=["batch", "serial"], condition=Q(batch__isnull=False), name="audience_code_serial"
            ),
            models.UniqueConstraint(
                fields=["poll", "holder"], condition=~Q(holder=""), name="audience_code_of_address"
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=False, serial__isnull=False, holder="", email="")
                | (Q(batch__isnull=True, serial__isnull=True) & ~Q(holder="")),
                name="audience_code_printed_or_mailed",
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class AudienceAside(models.Model):
    """Marked votes that the organiser does not count, and why. `kind` and `key` name the mark."""

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="asides")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    reason = models.CharField(max_length=1000)
    ballots = models.ManyToManyField("awards.AudienceBallot", related_name="asides")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "kind", "key"],
                condition=Q(lifted_at__isnull=True),
                name="audience_aside_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="audience_aside_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class AudienceBallot(models.Model):
    """One person's vote. Account, code and address are each good for one, whichever way somebody comes.

    `holder` is the keyed hash of the person's mail address, `domain` that of its domain, `network` that of the network
    she voted from; `account_age` (seconds), `batch` and `serial` are what the marks look at. When the poll is settled,
    account, code and `holder` are emptied, and network and domain become mere numbers.
    """

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="ballots")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="audience_ballots"
    )
    code = models.OneToOneField(AudienceCode, models.SET_NULL, null=True, blank=True, related_name="ballot")
    holder = models.CharField(max_length=64, blank=True)
    domain = models.CharField(max_length=64, blank=True)
    network = models.CharField(max_length=64, blank=True)
    account_age = models.PositiveIntegerField(null=True, blank=True)
    batch = models.PositiveSmallIntegerField(null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    cast_at = models.DateTimeField()
    voted_at = models.DateTimeField()  # the present choice
    changes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "user"], condition=Q(user__isnull=False), name="audience_ballot_of_account"
            ),
            models.UniqueConstraint(
                fields=["poll", "holder"], condition=~Q(holder=""), name="audience_ballot_of_address"
            ),
            models.UniqueConstraint(
                fields=["poll", "batch", "serial"],
                condition=Q(serial__isnull=False),
                name="audience_ballot_of_printed_code",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True, serial__isnull=True)
                | Q(batch__isnull=False, serial__isnull=False),
                name="audience_ballot_whole_number",
            ),
        ]

    def __str__(self) -> str:
        return f"ballot {self.pk}"


class AudienceChoice(models.Model):
    """A film that somebody chose."""

    ballot = models.ForeignKey(AudienceBallot, models.CASCADE, related_name="chosen")
    film = models.ForeignKey(Film, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "film"], name="audience_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}:{self.film_id}"


class AudienceTry(models.Model):
    """Somebody did what is limited by the hour. `who` is a keyed hash; gone after the hour, and when it is settled."""

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="tries")
    kind = models.CharField(max_length=8)
    who = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["poll", "kind", "who", "at"], name="audience_try_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M}"


class AudienceResult(models.Model):
    """A count of a closed poll: which films, with and without the votes that were set aside. The last one holds.

    `rows`: [{"film", "entry", "rank", "votes", "rank_all", "votes_all"}]. `aside` are the votes set aside, by their
    number in the document of inputs, whose SHA-256 is `inputs_digest`: with both the count can be made again.
    """

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="results")
    number = models.PositiveIntegerField()
    method_version = models.PositiveSmallIntegerField()
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    aside = models.JSONField(default=list)
    ballots = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="audience_result_number")]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.number}"


class AudienceStep(models.Model):
    """Who did what with a poll, and when: made, changed, codes made or taken, set aside, counted, settled."""

    poll = models.ForeignKey(AudiencePoll, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %H:%M}"
