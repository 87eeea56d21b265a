"""Forms of mentoring: mentors, sessions, what is to be done; times for interviews."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.incoming import LineField, TextField
from festival.kit.moments import MomentField
from submissions.cohorts.interview_queries import interviewers_for
from submissions.cohorts.models import Interview, Place, Session


class MentorForm(forms.Form):
    """Who accompanies which teams."""

    email = forms.EmailField(
        label=_("E-mail address of the mentor"), max_length=254,
        help_text=_("Of an account on this site. She sees the teams you choose, and no others."),
    )  # fmt: skip
    teams = forms.TypedMultipleChoiceField(label=_("Teams"), widget=forms.CheckboxSelectMultiple, coerce=int)

    def __init__(self, *args: Any, teams: Sequence[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {team.pk: team for team in teams}
        self.fields["teams"].choices = [(team.pk, team.entry.title if team.entry else "") for team in teams]

    @property
    def chosen(self) -> list[Place]:
        return [self.teams[pk] for pk in self.cleaned_data["teams"]]


class SessionForm(forms.Form):
    """A session as it was."""

    minutes = forms.IntegerField(
        label=_("How many minutes it took"), required=False, min_value=1, max_value=24 * 60
    )
    notes = TextField(
        label=_("Notes for the team"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    inner = TextField(
        label=_("Notes among mentors and organisers"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The team does not read them."),
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, session: Session | None = None, **options: Any) -> None:
        if session is not None:
            names = ("held_at", "minutes", "notes", "inner")
            options.setdefault("initial", {name: getattr(session, name) for name in names})
        super().__init__(*args, **options)
        self.fields["held_at"] = MomentField(label=_("When it was held"), zone=edition.time_zone)
        self.order_fields(["held_at", "minutes", "notes", "inner"])


class ItemForm(forms.Form):
    """Something to be done. Who writes for the team alone is not asked whose it is."""

    text = LineField(label=_("What is to be done"), max_length=400)
    whose = forms.ChoiceField(
        label=_("By whom"), choices=[("team", _("The team")), ("mentor", _("The mentors"))],
        widget=forms.RadioSelect, initial="team",
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, mentors: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not mentors:
            del self.fields["whose"]


class SlotForm(forms.Form):
    """One time for an interview, as it shall be."""

    minutes = forms.IntegerField(label=_("Minutes of an interview"), min_value=1, max_value=480, initial=30)
    room = LineField(label=_("Where"), max_length=200, help_text=_("A room of the camp, or “online”."))
    link = forms.URLField(
        label=_("Address of the call"), required=False, max_length=400, assume_scheme="https"
    )
    interviewers = forms.ModelMultipleChoiceField(
        label=_("Who leads the interviews"), queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, edition: Edition, slot: Interview | None = None, **options: Any) -> None:
        if slot is not None:
            options.setdefault(
                "initial",
                {
                    "starts_at": slot.starts_at,
                    "minutes": round((slot.ends_at - slot.starts_at).total_seconds() / 60),
                    "room": slot.room,
                    "link": slot.link,
                    "interviewers": list(slot.interviewers.all()),
                },
            )
        super().__init__(*args, **options)
        self.fields["starts_at"] = MomentField(label=_("Begins"), zone=edition.time_zone)
        self.fields["interviewers"].queryset = interviewers_for(edition)
        self.order_fields(["starts_at", "minutes", "room", "link", "interviewers"])


class SpanForm(SlotForm):
    """Times one after the other in a span."""

    gap = forms.IntegerField(
        label=_("Minutes between two interviews"), min_value=0, max_value=480, initial=10
    )

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, edition=edition, **options)
        self.fields["starts_at"].label = _("The first begins")
        self.fields["ends_at"] = MomentField(label=_("The last has ended by"), zone=edition.time_zone)
        self.order_fields(["starts_at", "ends_at", "minutes", "gap", "room", "link", "interviewers"])
