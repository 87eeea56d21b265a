"""How large a rehearsal is to be, and what things cost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.edition.track_words import takes_projects
from festival.kit.fields import reword

MOST_ENTRIES, MOST_JUDGES, MOST_WORKERS, MOST_SEED = 10_000, 500, 64, 999_999
PRICES = ("worker_hour", "gigabyte_month", "judge_hour")


def _price(label: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=1e6, required=False)


class RehearsalForm(forms.Form):
    """Prices are optional: without one nothing is said of money."""

    entries = forms.IntegerField(label=_("Films that arrive"), min_value=1, max_value=MOST_ENTRIES)
    judges = forms.IntegerField(label=_("Judges"), min_value=1, max_value=MOST_JUDGES)
    workers = forms.IntegerField(
        label=_("Workers"),
        help_text=_("How many films are inspected at once."),
        min_value=1,
        max_value=MOST_WORKERS,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same number gives the same films and judges again."),
        min_value=0,
        max_value=MOST_SEED,
    )
    worker_hour = _price(_("Price of a worker’s hour"))
    gigabyte_month = _price(_("Price of a gigabyte kept for a month"))
    judge_hour = _price(_("Price of a judge’s hour"))
    currency = forms.CharField(label=_("Currency"), max_length=8, required=False)

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        if takes_projects(edition):
            reword(
                self,
                entries=_("Entries that arrive"),
                seed=(_("Seed"), _("The same number gives the same entries and judges again.")),
            )

    def wishes(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("entries", "judges", "workers", "seed")},
            "prices": {name: given[name] for name in PRICES} | {"currency": given["currency"]},
        }
