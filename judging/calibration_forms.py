"""The chair's forms before a round: how films are watched, and the films on which judges try their scale."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.incoming import TextField
from festival.kit.words import say
from judging.models import Round
from judging.scale import scale_of


class WatchRulesForm(forms.Form):
    seconds = forms.IntegerField(
        label=_("Seconds to be seen before a score"),
        min_value=0,
        max_value=7200,
        help_text=_("0: a film can be scored as soon as it plays."),
    )
    per_cent = forms.IntegerField(
        label=_("Per cent of the film to be seen before a score"),
        min_value=0,
        max_value=100,
        help_text=_(
            "The greater of both holds, but never more than the film has. Who then stops before the end says why."
        ),
    )
    allow_speed = forms.BooleanField(
        label=_("Judges may play films faster, up to twice the speed"),
        required=False,
        help_text=_("Rhythm and sound cannot be judged faster than the film runs."),
    )


class CalibrationForm(forms.Form):
    """A film by its code, the chair's score for each criterion, and why."""

    code = forms.CharField(label=_("Code of the film"), max_length=20)

    def __init__(self, *args: Any, round: Round, **options: Any) -> None:
        super().__init__(*args, **options)
        scale = scale_of(round)
        self.slugs = []
        for criterion in round.criteria.all():
            self.slugs.append(criterion.slug)
            self.fields[f"score-{criterion.slug}"] = forms.DecimalField(
                label=say(criterion.name),
                min_value=Decimal(scale.low),
                max_value=Decimal(scale.high),
                max_digits=5,
                decimal_places=2,
            )
        self.fields["words"] = TextField(
            label=_("Why these scores"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("A judge reads scores and words after scoring the film alone."),
        )

    @property
    def reference(self) -> dict[str, Decimal]:
        return {slug: self.cleaned_data[f"score-{slug}"] for slug in self.slugs}
