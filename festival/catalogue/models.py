"""What the festival shows of a film. Public pages, awards and premieres read only this."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.edition.role_words import role_name
from festival.kit.ai_label import SHORT
from festival.kit.fields import bilingual
from festival.kit.words import clock_time, say, short_language


class FileFormat(models.TextChoices):
    """What a projector or player is asked to play."""

    DCP = "dcp", "DCP"
    PRORES = "prores", "ProRes"
    H264 = "h264", "H.264"
    OTHER = "other", _("Another format")


class Film(models.Model):
    """A film as the programme prints it: copied here when it is selected, or written by hand for a guest film.

    `source` is the entry's code, kept as text: this floor knows no entries. `published_at` empty means that
    only the team sees it.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="films")
    code = models.CharField(max_length=12, unique=True)
    source = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    synopsis = bilingual()
    track = bilingual()  # the track's name, as it was when the film was selected
    credits = models.JSONField(default=list)  # [{"role": "director", "name": "…", "other_name"?, "work"?}]
    ai_statement = models.TextField(blank=True)
    tools = models.JSONField(
        default=list
    )  # [{"stage", "tool": {"en", "zh"}, "version", "share", "human", "no_ai"}]
    country = models.CharField(max_length=800, blank=True)  # festival.kit.names: "CN, FR"
    language = models.CharField(max_length=800, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField()
    min_age = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # years; 0: for everybody; empty: not rated
    # What a programmer says of it, for composing: a word of her own; 0 slow to 10 fast; 0 to 100, how well it opens or
    # closes an evening.
    mood = models.CharField(max_length=60, blank=True)
    tempo = models.PositiveSmallIntegerField(null=True, blank=True)
    strength = models.PositiveSmallIntegerField(null=True, blank=True)
    # The file as it would be played: what a hall must be able to do. Empty: not known.
    file_format = models.CharField(max_length=8, choices=FileFormat, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels, as shown
    height = models.PositiveIntegerField(null=True, blank=True)
    frame_rate = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)  # a second
    channels = models.PositiveSmallIntegerField(null=True, blank=True)  # of sound: 6 is 5.1; 0: silent
    still = models.CharField(max_length=200, blank=True)  # storage key of the picture shown with it
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "source"], condition=~Q(source=""), name="film_once_per_entry"
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="film_has_length"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def heading(self) -> str:
        """The title for the reader's language: Chinese readers get the original, others the English one if any."""
        return say({"zh": self.title, "en": self.title_en or self.title})

    @property
    def other_title(self) -> str:
        """The title in the other language, or nothing where there is only one."""
        other = self.title if self.heading == self.title_en else self.title_en
        return other if other != self.heading else ""

    @property
    def picker_label(self) -> str:
        """How a list of films to choose from names it."""
        label = f"{self.heading} · {clock_time(self.seconds)}"
        return f"{self.directors}: {label}" if self.directors else label

    @property
    def declares_ai(self) -> bool:
        """Whether its makers say that AI took part: by a line of the statement; without lines, in words."""
        if self.tools:
            return any(not line.get("no_ai") for line in self.tools)
        return bool(self.ai_statement.strip())

    @property
    def ai_mark(self) -> str:
        """The short label that goes with its pictures, in the reader's language; empty where nothing says AI."""
        return say(SHORT) if self.declares_ai else ""

    @property
    def credit_groups(self) -> list[tuple[str, list[dict[str, str]]]]:
        """Roles in the reader's language, in the order in which they first come, each with its people in order."""
        groups: dict[str, list[dict[str, str]]] = {}
        for person in self.credits:
            label = role_name(person.get("role", ""), person.get("work", ""))
            groups.setdefault(label, []).append(person)
        return list(groups.items())

    @property
    def directors(self) -> str:
        """Names of those who directed it, joined as the reader's language does."""
        between = "、" if short_language() == "zh" else ", "
        return between.join(person["name"] for person in self.credits if person.get("role") == "director")


class Embedding(models.Model):
    """On which other sites the edition's programme may stand in a frame: on any, on those named, or on none.

    `sites` are origins, as festival.kit.embedding.origin_of gives them. Without a row it is none.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="embedding")
    anywhere = models.BooleanField(default=False)
    sites = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return f"embedding of {self.edition_id}"
