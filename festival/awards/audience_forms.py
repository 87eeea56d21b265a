"""Forms of the audience's vote: its settings, a batch of codes, a reason; a code and an address of voters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.awards.audience_actions import MOST_CODES, Rules
from festival.awards.models import AudiencePoll
from festival.catalogue.models import Film
from festival.catalogue.queries import published
from festival.edition.models import Edition
from festival.kit.incoming import LineField
from festival.kit.moments import MomentField


class FilmsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Film) -> str:
        return obj.picker_label


class PollForm(forms.Form):
    """How the audience votes for a slot."""

    films = FilmsField(label=_("Films"), queryset=Film.objects.none(), to_field_name="code")
    choices = forms.IntegerField(
        label=_("How many films one may choose"), min_value=1, max_value=100, initial=1
    )
    by_account = forms.BooleanField(
        label=_("Whoever has an account with a confirmed address votes"), required=False, initial=True
    )
    by_mail = forms.BooleanField(
        label=_("Whoever has a mail address votes, with a code sent to it"), required=False
    )
    by_printed_code = forms.BooleanField(label=_("Whoever is given a printed code votes"), required=False)
    makers_may_vote = forms.BooleanField(
        label=_("Entrants and co-authors may vote for their own films"), required=False
    )
    network_limit = forms.IntegerField(
        label=_("Votes and letters an hour from one network"),
        min_value=1,
        max_value=100_000,
        initial=60,
        help_text=_("Printed codes are not limited: a whole cinema votes from one network."),
    )

    def __init__(self, *args: Any, edition: Edition, poll: AudiencePoll | None, **options: Any) -> None:
        if poll:
            names = ("opens_at", "closes_at", *self.base_fields)
            given = {name: getattr(poll, name) for name in names if name != "films"}
            options.setdefault("initial", given | {"films": list(poll.films.all())})
        super().__init__(*args, **options)
        self.fields["films"].queryset = published(edition).order_by("title", "pk")
        zone = edition.time_zone
        self.fields["opens_at"] = MomentField(zone=zone, label=_("Voting begins"))
        self.fields["closes_at"] = MomentField(zone=zone, label=_("Voting ends"))
        self.order_fields(["films", "opens_at", "closes_at"])

    @property
    def rules(self) -> Rules:
        return Rules(**{name: value for name, value in self.cleaned_data.items() if name != "films"})


class BatchForm(forms.Form):
    """Printed codes."""

    label = LineField(
        label=_("What they are for"),
        max_length=120,
        help_text=_("A screening, or a hall: for the desk alone."),
    )
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_CODES, initial=100)


class AsideForm(forms.Form):
    """Which mark, and why its votes are not counted."""

    kind = forms.CharField(max_length=12, widget=forms.HiddenInput)
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = LineField(label=_("Reason"), max_length=1000)


class CodeForm(forms.Form):
    code = LineField(
        label=_("Your code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class MailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("It is used for this one letter, and then forgotten."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
