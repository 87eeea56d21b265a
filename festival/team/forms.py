"""Forms of invitations."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.incoming import TextField, plain_text
from festival.people.models import LANGUAGES
from festival.people.roles import Role
from festival.team.actions import LONGEST_MESSAGE
from festival.team.models import Invitation
from festival.team.people_list import read_people

USUAL_DAYS = 14  # from today to the day of the answer
LONGEST_LIST = 20_000  # characters


def end_of(day: date, zone: str) -> datetime:
    """The first moment after `day` on the clocks of `zone`."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


class InviteForm(forms.Form):
    """Whom to invite, to which role, in which words, and until when they may answer."""

    people = TextField(
        label=_("Whom to invite"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 5, "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_(
            "E-mail addresses, one a line, or a list as you paste it from your mail program: "
            "Name &lt;name@example.org&gt;. Each gets a letter of her own and sees none of the others."
        ),
    )
    role = forms.ChoiceField(label=_("Role"), choices=())
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    message = TextField(
        label=_("A message of your own"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands in the middle of the letter."),
    )
    answer_by = forms.DateField(
        label=_("Answer by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("The last day. The link is good until its end; three days before we remind, once."),
    )

    def __init__(self, *args: Any, edition: Edition, roles: list[Role], at: datetime, **options: Any) -> None:
        today = in_zone(at, edition.time_zone).date()
        usual = {"answer_by": today + timedelta(days=USUAL_DAYS), "role": Role.JUDGE, "language": "en"}
        options["initial"] = usual | options.get("initial", {})
        super().__init__(*args, **options)
        self.edition = edition
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    def clean_people(self) -> Any:
        people, faults = read_people(plain_text(self.cleaned_data["people"]))
        if faults:
            raise forms.ValidationError(faults)
        return people

    def clean_message(self) -> str:
        return plain_text(self.cleaned_data["message"]).replace("\r\n", "\n").strip()

    def clean_answer_by(self) -> datetime:
        day = self.cleaned_data["answer_by"]
        if not 2000 <= day.year <= 2200:
            raise forms.ValidationError(_("Choose a day of the answer within half a year."))
        return end_of(day, self.edition.time_zone)


class DeclineForm(forms.Form):
    """Why somebody says no; she need not say."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=Invitation.Reason.choices, required=False, widget=forms.RadioSelect
    )
    words = TextField(
        label=_("A word to the organisers"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_words(self) -> str:
        return plain_text(self.cleaned_data["words"]).replace("\r\n", "\n").strip()
