"""The desk's form about what entrants are promised and told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import MOST, FormRules
from festival.kit.fields import reword


class PromisesForm(forms.Form):
    """How long inspection and technicians take at most, and what entrants read of the jury's watching."""

    inspection_hours = forms.IntegerField(
        label=_("Inspection within (hours)"),
        min_value=0,
        max_value=MOST["inspection_hours"],
        help_text=_("From when a film was submitted. 0: nothing is promised."),
    )
    decision_days = forms.IntegerField(
        label=_("A technician’s decision within (days)"),
        min_value=0,
        max_value=MOST["decision_days"],
        help_text=_("Where the inspection alone does not decide. 0: nothing is promised."),
    )
    correction_days = forms.IntegerField(
        label=_("An answer to a request for a correction within (days)"),
        min_value=0,
        max_value=MOST["correction_days"],
        help_text=_("From when the entrant asked. 0: nothing is promised."),
    )
    viewings = forms.ChoiceField(
        label=_("What entrants read of the jury’s watching"),
        choices=(
            ("share", _("How many have watched the film, and how much of it")),
            ("count", _("How many have watched the film")),
            ("none", _("Nothing")),
        ),
        widget=forms.RadioSelect,
        help_text=_("Never names, scores or times."),
    )

    def __init__(self, rules: FormRules, *args: Any, projects: bool = False, **options: Any) -> None:
        names = ("inspection_hours", "decision_days", "correction_days", "viewings")
        options["initial"] = {name: getattr(rules.promises, name) for name in names}
        super().__init__(*args, **options)
        if projects:
            reword(
                self,
                inspection_hours=(
                    _("Inspection within (hours)"),
                    _(
                        "From when an entry was submitted; projects without a film are not inspected. 0: nothing is "
                        "promised."
                    ),
                ),
                viewings=_("What entrants read of the jury’s watching and reading"),
            )
            self.fields["viewings"].choices = (  # type: ignore[attr-defined]
                ("share", _("How many have seen the entry and, of a film, how much of it")),
                ("count", _("How many have seen the entry")),
                ("none", _("Nothing")),
            )
