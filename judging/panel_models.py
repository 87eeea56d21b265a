"""Panels: parts of the jury that nominate, each from films of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from festival.kit.fields import bilingual
from judging.round_models import Round
from submissions.models import Entry


class Panel(models.Model):
    """Some judges who see the same films of a round and nominate from them.

    `most_nominations` of each judge; without one, the round's.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="panels")
    name = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    judges = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="panels", blank=True)
    most_nominations = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most_nominations__isnull=True) | Q(most_nominations__gte=1),
                name="panel_nominates_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.position}"

    @property
    def most(self) -> int:
        """How many films each of its judges may nominate."""
        return self.most_nominations or self.round.most_nominations


class PanelFilm(models.Model):
    """Which panel sees a film of the round: one."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="films")
    round = models.ForeignKey(Round, models.PROTECT, related_name="panel_films")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="panel_films")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "entry"], name="panel_film_once")]

    def __str__(self) -> str:
        return f"{self.panel_id}:{self.entry_id}"
