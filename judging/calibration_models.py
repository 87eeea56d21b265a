"""Films on which judges try their scale before a round counts."""

from django.conf import settings
from django.db import models

from judging.round_models import Round
from submissions.models import Entry


class CalibrationFilm(models.Model):
    """A film outside the round, with the chair's scores and words, which a judge reads after scoring it alone."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="calibration")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    reference = models.JSONField(default=dict)  # {criterion's slug: value as text}
    words = models.TextField(blank=True)  # of the chair: why these scores

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "entry"], name="calibration_film_once")]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.entry_id}"


class CalibrationScore(models.Model):
    """What a judge gave a calibration film. It is in no standing: nothing that counts reads this table."""

    film = models.ForeignKey(CalibrationFilm, models.CASCADE, related_name="scores")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)  # {criterion's slug: value as text}
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["film", "judge"], name="calibration_score_once")]

    def __str__(self) -> str:
        return f"{self.film_id}:{self.judge_id}"
