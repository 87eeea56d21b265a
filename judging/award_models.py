"""Award lists and their places."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.kit.fields import bilingual
from judging.standing_models import Standing
from submissions.models import Entry


class AwardList(models.Model):
    """Who gets which award, as decided: proposed, confirmed, on public notice, announced.

    `number` is that of the version in force; every change of the list makes a new one. `notice_from`, `notice_until`
    and `announce_at` are set when the list is confirmed, or later; the clock carries them out to the minute.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("award list", "Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        NOTICE = "notice", _("On public notice")
        ANNOUNCED = "announced", _("Announced")

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="award_list")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="award_lists")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    number = models.PositiveSmallIntegerField(default=0)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    notice_from = models.DateTimeField(null=True, blank=True)
    notice_until = models.DateTimeField(null=True, blank=True)
    announce_at = models.DateTimeField(null=True, blank=True)
    held_back = models.JSONField(
        default=dict, blank=True
    )  # why the clock could not take the step at its time
    announced_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="proposed", confirmed_at__isnull=True, announced_at__isnull=True)
                    | Q(
                        state__in=["confirmed", "notice"],
                        confirmed_at__isnull=False,
                        announced_at__isnull=True,
                    )
                    | Q(state="announced", confirmed_at__isnull=False, announced_at__isnull=False)
                ),
                name="award_list_state_has_times",
            ),
            models.CheckConstraint(
                condition=Q(notice_from__isnull=True, notice_until__isnull=True)
                | Q(notice_until__gt=models.F("notice_from")),
                name="award_list_notice_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"awards of {self.edition_id}"


class AwardVersion(models.Model):
    """The list as it was at one moment, with all it follows from. Never changed.

    `problem` is the document that `python -m judging.logic laurels` reads, kept once for each proposal; versions that
    follow it keep `changes` to it alone (places the chair decided, films taken out) and point to it by `base`.
    """

    award_list = models.ForeignKey(AwardList, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    problem = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    problem_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    method_version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["award_list", "number"], name="award_version_number")]

    def __str__(self) -> str:
        return f"{self.award_list_id} v{self.number}"


class AwardStep(models.Model):
    """What was done with the list: who, when, and on which version of it. Never changed."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("award list", "Proposed")
        CHANGED = "changed", _("A place changed by the chair")
        CITATION = "citation", _("A citation written")
        MENTION = "mention", _("A special mention added")
        CONFIRMED = "confirmed", _("Confirmed")
        REOPENED = "reopened", _("Confirmation taken back")
        TOLD = "told", _("Entrants told")
        DATED = "dated", _("Dates set")
        NOTICE = "notice", _("On public notice")
        WITHDRAWN = "withdrawn", _("An award withdrawn")
        NOTICE_CLOSED = "notice_over", _("Public notice ended")
        ANNOUNCED = "announced", _("Announced")
        REPORT = "report", _("Fairness report published")
        REPORT_BACK = "report_back", _("Fairness report taken back")

    award_list = models.ForeignKey(AwardList, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: the clock
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.award_list_id} {self.kind}"


class Withdrawal(models.Model):
    """A film taken out of the awards after the list was confirmed, and why; the reason is published in both languages.

    `objection` is the code of the objection that was upheld, where there was one.
    """

    award_list = models.ForeignKey(AwardList, models.CASCADE, related_name="withdrawals")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="award_withdrawals")
    reason = bilingual()
    objection = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["award_list", "entry"], name="award_withdrawal_once")]

    def __str__(self) -> str:
        return f"{self.award_list_id}:{self.entry_id}"


class Verdict(models.Model):
    """One place of one award slot on the list. No entry means the place stays vacant.

    Films that share a place have its number, and a `share` from 1. `pin`: the chair decided this place herself, and
    the others are filled around it.
    """

    award_list = models.ForeignKey(AwardList, models.CASCADE, related_name="verdicts")
    slot = models.ForeignKey(AwardSlot, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    share = models.PositiveSmallIntegerField(default=0)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="verdicts")
    citation = bilingual()
    why = models.JSONField(default=dict)  # code with values, as the engine gives it, or the chair's reason
    pin = models.JSONField(default=dict, blank=True)  # {"slot", "place", "film", "reason", "by", "at"}
    told_at = models.DateTimeField(null=True, blank=True)  # the film's makers were told of this very award

    class Meta:
        ordering = ["slot__position", "place", "share"]
        constraints = [
            models.UniqueConstraint(
                fields=["award_list", "slot", "place", "share"], name="verdict_place_once"
            ),
            models.UniqueConstraint(
                fields=["award_list", "slot", "entry"],
                condition=Q(entry__isnull=False),
                name="verdict_entry_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.place}"
