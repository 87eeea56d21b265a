"""The chair's form for one place of the award list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.fields import BilingualField
from festival.kit.words import say
from judging import award_queries as queries
from judging.models import AwardList, StandingRow, Verdict


class VerdictForm(forms.Form):
    """Which film has the place, why, and how the jury praises it."""

    film = forms.ChoiceField(label=_("Film"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        help_text=_(
            "Needed when the place goes to another film, or is left vacant. The public does not see it."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    citation = BilingualField(
        label=_("Citation"),
        required=False,
        long=True,
        max_length=600,
        help_text=_("The jury’s words for this film, read out and shown when the laureates are announced."),
    )

    def __init__(self, *args: Any, award_list: AwardList, verdict: Verdict, **options: Any) -> None:
        rows = [
            row
            for row in queries.standing_rows(award_list.standing)
            if verdict.slot.track_id in (None, row.entry.track_id)
        ]
        held = {
            other.entry_id: other.slot for other in queries.verdicts_of(award_list) if other.pk != verdict.pk
        }
        self.entries = {row.entry.code: row.entry for row in rows}
        options.setdefault(
            "initial",
            {"film": verdict.entry.code if verdict.entry else "", "citation": verdict.citation},
        )
        super().__init__(*args, **options)
        self.fields["film"].choices = [
            ("", _("Nobody: leave this place vacant")),
            *((row.entry.code, _label(row, held)) for row in rows),
        ]

    @property
    def entry(self) -> Any:
        """The film chosen, or None for a vacant place."""
        return self.entries.get(self.cleaned_data["film"])


def _label(row: StandingRow, held: dict[int | None, Any]) -> str:
    rank = "–" if row.place is None else str(row.place)
    label = f"{rank} · {row.entry.title}"
    return f"{label} ({say(held[row.entry_id].name)})" if row.entry_id in held else label
