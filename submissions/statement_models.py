"""The AI statement of an entry, and which rules it breaks. Part of `submissions.models`."""

from django.db import models
from django.db.models import Q

from festival.edition.tools import STAGES
from submissions.statement.facts import Use


class ToolUse(models.Model):
    """One line of an entry's AI statement: a tool that made something at a stage, or that no AI was used there.

    `tool` is a slug of the edition's catalogue of tools, `other` the name of one that it lacks. `share` is per cent
    of the film, `human` what a person did. Lines are replaced as a whole, with the draft they belong to; in a draft
    a line may still lack its stage or its tool.
    """

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="tool_uses")
    position = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=8, blank=True)  # one of festival.edition.tools.STAGES
    tool = models.CharField(max_length=40, blank=True)
    other = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=40, blank=True)
    share = models.PositiveSmallIntegerField(null=True, blank=True)
    human = models.TextField(blank=True)
    no_ai = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="tool_use_position"),
            models.CheckConstraint(
                condition=Q(stage__in=("", *STAGES)),
                name="tool_use_known_stage",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=1, share__lte=100),
                name="tool_use_share_per_cent",
            ),
            models.CheckConstraint(
                condition=Q(no_ai=True, tool="", other="", version="", share__isnull=True)
                | Q(no_ai=False, other="")
                | Q(no_ai=False, tool=""),
                name="tool_use_one_tool_or_none",
            ),
        ]
        indexes = [models.Index(fields=["tool", "entry"], name="tool_use_by_tool")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.stage} {self.tool or self.other or 'no AI'}"

    @property
    def as_use(self) -> Use:
        """The line as the engine reads it."""
        return Use(self.stage, self.tool, self.other, self.version, self.share, self.human, self.no_ai)


class StatementFinding(models.Model):
    """Which rules an entry's AI statement breaks, once each: what the desk filters and counts by.

    Written whenever the statement or the rulebook changes; no inspection is needed for it.
    """

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="statement_findings")
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "rule"], name="statement_finding_once"),
            models.CheckConstraint(
                condition=Q(severity__in=["note", "fix", "block"]), name="statement_finding_known_severity"
            ),
        ]
        indexes = [models.Index(fields=["rule", "entry"], name="statement_finding_by_rule")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.rule}"
