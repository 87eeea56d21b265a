"""Ballots: one of each juror in a round that votes, or in a vote of a meeting."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from judging.meeting_models import Vote
from judging.round_models import Round
from submissions.models import Entry


class Ballot(models.Model):
    """What a juror votes, in a round or in a vote of a meeting. Until that is closed it can be changed, and nobody else
    reads it.
    """

    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="ballots")
    vote = models.ForeignKey(Vote, models.PROTECT, null=True, blank=True, related_name="ballots")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ballots")
    revision = models.PositiveIntegerField(
        default=0
    )  # grows with every vote: two tabs cannot overwrite each other
    answer = models.CharField(max_length=7, blank=True)  # to a motion: yes, no or abstain; it has no lines
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=("", "yes", "no", "abstain")), name="ballot_known_answer"
            ),
            models.UniqueConstraint(fields=["round", "juror"], name="ballot_once"),
            models.UniqueConstraint(fields=["vote", "juror"], name="ballot_on_vote_once"),
            models.CheckConstraint(
                condition=Q(round__isnull=False, vote__isnull=True)
                | Q(round__isnull=True, vote__isnull=False),
                name="ballot_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id or self.vote_id}:{self.juror_id}"


class BallotLine(models.Model):
    """A film on a ballot. Every film that was offered has a line; one she may not vote on has none.

    `value`: the place in a ranked ballot (1 the best; None: behind all that are ranked), 1 or 0 in an approval
    ballot, the points in a ballot by points.
    """

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="lines")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="ballot_lines")
    value = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "entry"], name="ballot_line_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="ballot_line_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}:{self.entry_id}"
