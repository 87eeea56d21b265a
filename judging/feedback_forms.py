"""The desk's form about what entrants are given once the laureates are announced."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import MOST_BANDS, WIDEST_BAND, FeedbackRules
from festival.kit.incoming import TextField


class RulesForm(forms.Form):
    """Rank bands, comments, technical report; with a reason once judging has begun."""

    bands = forms.CharField(
        label=_("Rank bands (per cent)"),
        required=False,
        max_length=60,
        help_text=_(
            "For example 10, 25, 50: “among the first 25% of 120 films”. Never the rank itself; nothing in rounds of "
            "fewer than 20 films. Empty: nothing is said of ranks."
        ),
    )
    comments = forms.BooleanField(
        label=_("What judges wrote to the entrant"),
        required=False,
        help_text=_("Once the chair has released it, without the judge’s name."),
    )
    report = forms.BooleanField(label=_("The technical report"), required=False)
    reason = TextField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Judging has begun: the reason stays on record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, rules: FeedbackRules, *args: Any, opened: bool, projects: bool = False, **options: Any
    ) -> None:
        options["initial"] = {
            "bands": ", ".join(map(str, rules.bands)),
            "comments": rules.comments,
            "report": rules.report,
        }
        super().__init__(*args, **options)
        if projects:
            self.fields["bands"].help_text = _(
                "For example 10, 25, 50: “among the first 25% of 120 entries”. Never the rank itself; nothing in "
                "rounds of fewer than 20 entries. Empty: nothing is said of ranks."
            )
        if not opened:
            del self.fields["reason"]

    def clean_bands(self) -> tuple[int, ...]:
        typed = [part for part in re.split(r"[\s,，、;；%％]+", self.cleaned_data["bands"]) if part]
        fits = all(re.fullmatch(r"[0-9]{1,2}", part) and 1 <= int(part) <= WIDEST_BAND for part in typed)
        if not fits or len(typed) > MOST_BANDS:
            raise forms.ValidationError(
                _now("At most %(most)d whole numbers from 1 to %(widest)d, with commas between them.")
                % {"most": MOST_BANDS, "widest": WIDEST_BAND}
            )
        return tuple(sorted({int(part) for part in typed}))

    @property
    def rules(self) -> FeedbackRules:
        given = {name: self.cleaned_data[name] for name in ("bands", "comments", "report")}
        return FeedbackRules(**given)
