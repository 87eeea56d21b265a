"""Forms of the award list: a place, a special mention, dates, a withdrawal."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from festival.awards import notice_actions
from festival.awards.models import Objection
from festival.edition.models import Edition
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField, TextField
from festival.kit.moments import MomentField
from festival.kit.words import say
from judging import award_queries as queries
from judging.models import AwardList, Verdict
from submissions.models import Entry

NEAR = 60  # films offered by name; any other is written as its code


class FilmField(LineField):
    """The code of a film that competes for these awards; gives the entry, or None. The best of the standing are
    offered by name.
    """

    def __init__(self, *, award_list: AwardList, offered: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(max_length=12, strip=True, **options)
        self.award_list, self.offered = award_list, offered
        self.widget.attrs |= {"list": "films", "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Entry | None:
        code = super().clean(value).upper()
        if not code:
            return None
        entry = queries.competing(self.award_list).filter(code=code).first()
        if entry is None:
            raise forms.ValidationError(
                _now("There is no film with the code %(code)s in this competition.") % {"code": code}
            )
        return entry


def offered_for(award_list: AwardList, verdict: Verdict | None = None) -> list[tuple[str, str]]:
    """The best of the standing that may have the slot, by code, with rank, title and what they hold. Two queries."""
    rows = queries.standing_rows(award_list.standing)
    if verdict and verdict.slot.track_id:
        rows = rows.filter(entry__track=verdict.slot.track_id)
    held = {row.entry_id: row.slot for row in queries.verdicts_of(award_list) if row.entry_id}
    found = []
    for row in rows[:NEAR]:
        rank = "–" if row.place is None else str(row.place)
        label = f"{rank} · {row.entry.title}"
        if row.entry_id in held:
            label = f"{label} ({say(held[row.entry_id].name)})"
        found.append((row.entry.code, label))
    return found


class VerdictForm(forms.Form):
    """Which film has the place, why, and how the jury praises it."""

    reason = TextField(
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
    field_order = ("film", "reason", "citation")

    def __init__(self, *args: Any, award_list: AwardList, verdict: Verdict, **options: Any) -> None:
        options.setdefault(
            "initial",
            {"film": verdict.entry.code if verdict.entry else "", "citation": verdict.citation},
        )
        super().__init__(*args, **options)
        self.fields["film"] = FilmField(
            award_list=award_list,
            offered=offered_for(award_list, verdict),
            label=_("Code of the film"),
            required=False,
            help_text=_("Empty: nobody, the place stays vacant."),
        )
        self.order_fields(self.field_order)

    @property
    def entry(self) -> Entry | None:
        """The film chosen, or None for a vacant place."""
        return self.cleaned_data["film"]


class MentionForm(forms.Form):
    """A special mention: its name, the film, why."""

    name = BilingualField(label=_("Name of the mention"), max_length=120)
    reason = TextField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("Who asked for it, and when. The public does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("name", "film", "reason")

    def __init__(self, *args: Any, award_list: AwardList, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["film"] = FilmField(
            award_list=award_list, offered=offered_for(award_list), label=_("Code of the film")
        )
        self.order_fields(self.field_order)

    @property
    def entry(self) -> Entry:
        """The film."""
        return self.cleaned_data["film"]


class DatesForm(forms.Form):
    """The public notice, and the minute of the announcement."""

    def __init__(self, *args: Any, award_list: AwardList, **options: Any) -> None:
        names = ("notice_from", "notice_until", "announce_at")
        options.setdefault("initial", {name: getattr(award_list, name) for name in names})
        super().__init__(*args, **options)
        zone = award_list.edition.time_zone
        labels = (
            (
                _("The public notice begins"),
                _("Empty: without a public notice, unless the calendar has one."),
            ),
            (_("The public notice ends"), _("Until then everybody may object.")),
            (
                _("Announcement"),
                _("Films and laureates become public at this minute. Empty: an organiser announces by hand."),
            ),
        )
        for name, (label, help_text) in zip(names, labels, strict=True):
            self.fields[name] = MomentField(zone=zone, label=label, required=False, help_text=help_text)
        if award_list.state == AwardList.State.NOTICE:
            self.fields["notice_from"].disabled = True
            self.fields["notice_until"].disabled = notice_actions.is_closed(award_list.edition)


class WithdrawForm(forms.Form):
    """Why a film loses its awards: published, in both languages."""

    reason = BilingualField(
        label=_("Reason, as it is published"),
        long=True,
        max_length=1000,
        help_text=_("In both languages. Say what was found, without naming who objected."),
    )

    def __init__(self, *args: Any, edition: Edition, film: str, **options: Any) -> None:
        super().__init__(*args, **options)
        upheld = Objection.objects.filter(
            notice__edition=edition, state=Objection.State.UPHELD, film__in=("", film)
        )
        self.fields["objection"] = forms.ChoiceField(
            label=_("Objection that was upheld"),
            required=False,
            choices=[
                ("", _("None")),
                *((row.code, f"{row.code} · {row.get_ground_display()}") for row in upheld),
            ],
        )
