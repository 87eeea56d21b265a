"""Forms of the desk's pages about limits, codes and the deadline.

A deadline is typed as it is read: as its last minute. `clean` makes the end of it, the first moment too late.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.edition.form_rules import MOST, LimitRules
from festival.edition.models import Edition, Track
from festival.edition.track_words import only_projects, takes_projects
from festival.kit.clock import after_last_minute, last_minute
from festival.kit.fields import BilingualField, reword
from festival.kit.incoming import LineField, TextField, one_line
from festival.kit.moments import MomentField
from festival.kit.words import say
from submissions.code_actions import MOST_CODES, MOST_USES
from submissions.models import Code

LAST_MINUTE = _("The last minute that still counts.")


class LastMinuteField(MomentField):
    """A deadline: shows and takes its last minute, gives its end."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(
            last_minute(value) if isinstance(value, datetime) and value.tzinfo else value
        )

    def clean(self, value: Any) -> datetime | None:
        minute = super().clean(value)
        return after_last_minute(minute) if minute else None


def _count(label: Any, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, **options)


class LimitsForm(forms.Form):
    """How many entries are taken, and for how long after the deadline a film may still arrive."""

    per_person = _count(_("Films of one person"), MOST["per_person"], help_text=_("0: no limit."))
    per_track = _count(_("Films of one person in each track"), MOST["per_track"], help_text=_("0: no limit."))
    one_track_per_film = forms.BooleanField(
        label=_("A film takes part in one track only"), required=False,
        help_text=_("The same film in a second track is refused. In the same track it always is."),
    )  # fmt: skip
    invitation_only = forms.BooleanField(
        label=_("Entering is by invitation"), required=False,
        help_text=_("A draft is begun with a code. Drafts that are there already stay."),
    )  # fmt: skip
    grace_minutes = _count(
        _("Grace, minutes"),
        MOST["grace_minutes"],
        help_text=_(
            "For a film whose upload began before the deadline: so long it may still arrive and be submitted."
        ),
    )

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        if takes_projects(edition):
            same = _("The same entry in a second track is refused. In the same track it always is.")
            reword(
                self,
                per_person=_("Entries of one person"),
                per_track=_("Entries of one person in each track"),
                one_track_per_film=(_("An entry takes part in one track only"), same),
            )
        if only_projects(edition):
            late = _("For files whose upload began before the deadline: so long they may still arrive.")
            reword(self, grace_minutes=(_("Grace, minutes"), late))

    @property
    def limits(self) -> LimitRules:
        return LimitRules(**self.cleaned_data)


class TrackForm(forms.Form):
    """A track's terms. Its own deadline is asked only before the call opens, and what it takes while nobody has begun
    an entry in it.
    """

    enters = forms.ChoiceField(
        label=_("This track takes"), choices=Track.Enters.choices, widget=forms.RadioSelect,
        help_text=_("A project is entered without a film and admitted without an inspection; judges read it."),
    )  # fmt: skip
    invitation_only = forms.BooleanField(
        label=_("This track is by invitation"), required=False,
        help_text=_("A draft is begun here with a code. Drafts that are there already stay."),
    )  # fmt: skip
    most_entries = _count(
        _("Films in this track, of all together"),
        100_000,
        help_text=_("0: no limit. Submitted films count; a withdrawn one makes room."),
    )
    closed = forms.BooleanField(
        label=pgettext_lazy("track", "Closed"), required=False,
        help_text=_("No more films from now on; films on their way keep the grace. What was submitted stays."),
    )  # fmt: skip
    closed_reason = BilingualField(
        label=_("Why it is closed"), required=False, max_length=300, help_text=_("Everybody reads it.")
    )

    def __init__(
        self, *args: Any, track: Track, zone: str, opened: bool, entered: bool = True, **options: Any
    ) -> None:
        options.setdefault(
            "initial",
            {
                "enters": track.enters,
                "invitation_only": track.invitation_only,
                "most_entries": track.most_entries,
                "closed": track.closed_at is not None,
                "closed_reason": track.closed_reason,
                "ends_at": track.ends_at,
            },
        )
        super().__init__(*args, **options)
        self.track = track
        if track.enters == Track.Enters.PROJECT:
            room = _("0: no limit. Submitted projects count; a withdrawn one makes room.")
            no_more = _("No more projects from now on. What was submitted stays.")
            reword(
                self,
                most_entries=(_("Projects in this track, of all together"), room),
                closed=(pgettext_lazy("track", "Closed"), no_more),
            )
        if entered:
            del self.fields["enters"]
        if not opened:
            self.fields["ends_at"] = LastMinuteField(
                label=_("A deadline of its own"), zone=zone, required=False, help_text=LAST_MINUTE
            )

    @property
    def ends_at(self) -> datetime | None:
        """As typed, or as it was where it is not asked."""
        return self.cleaned_data["ends_at"] if "ends_at" in self.fields else self.track.ends_at


class ExtendForm(forms.Form):
    """A later deadline for the whole call, or for one track."""

    track = forms.ModelChoiceField(Track.objects.none(), label=_("For"), required=False)
    until = LastMinuteField(zone="UTC")
    reason = BilingualField(
        label=_("Reason"), required=False, long=True, max_length=500,
        help_text=_(
            "Stands beside the new deadline on the public pages and in the message to the entrants. Once the call has "
            "opened one is needed."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        track = self.fields["track"]
        track.queryset, track.empty_label = edition.tracks.all(), _("The whole call")
        track.wanted = True
        track.label_from_instance = lambda row: say(row.name)
        self.fields["until"] = LastMinuteField(
            label=_("New deadline"), zone=edition.time_zone, help_text=LAST_MINUTE
        )


class MoreTimeForm(forms.Form):
    """More time for one draft, which the organiser knows by its code alone."""

    code = LineField(
        label=_("Code of the entry"),
        max_length=12,
        help_text=_("Seven letters and digits: the entrant names it."),
    )
    until = LastMinuteField(zone="UTC")
    reason = TextField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The entrant reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, auto_id="more-%s", **options)
        self.fields["until"] = LastMinuteField(
            label=_("May be submitted until"), zone=edition.time_zone, help_text=LAST_MINUTE
        )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class FixTimeForm(forms.Form):
    """More time for sending a mended film."""

    until = MomentField(zone="UTC")
    reason = TextField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The entrant reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, auto_id="time-%s", **options)
        self.fields["until"] = MomentField(label=_("May be mended until"), zone=edition.time_zone)


class CodesForm(forms.Form):
    """New codes. Addresses, one a line, make one code each; otherwise the number counts."""

    kind = forms.ChoiceField(
        label=_("What they are for"),
        choices=[
            (Code.Kind.INVITATION, _("Invitation: opens what is by invitation")),
            (Code.Kind.LATE, _("Late entry: a film may be submitted after the deadline")),
        ],
    )
    label = LineField(
        label=_("Whom they are for"),
        max_length=120,
        help_text=_("For your own lists; entrants do not read it."),
    )
    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=MOST_CODES, initial=1)
    emails = TextField(
        label=_("Or one for each of these e-mail addresses"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. Such a code can only be used by the account with this address."),
    )
    uses = forms.IntegerField(
        label=_("Uses of each"), min_value=1, max_value=MOST_USES, initial=1,
        help_text=_("One use is one entry."),
    )  # fmt: skip
    track = forms.ModelChoiceField(Track.objects.none(), label=_("Track"), required=False)
    until = LastMinuteField(zone="UTC")
    expires_at = LastMinuteField(zone="UTC")

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        if takes_projects(edition):
            self.fields["kind"].choices = [
                (Code.Kind.INVITATION, _("Invitation: opens what is by invitation")),
                (Code.Kind.LATE, _("Late entry: it may be submitted after the deadline")),
            ]
        track, zone = self.fields["track"], edition.time_zone
        track.queryset, track.empty_label = edition.tracks.all(), _("All tracks")
        track.wanted = True
        track.label_from_instance = lambda row: say(row.name)
        self.fields["until"] = LastMinuteField(
            label=_("Late entries may be submitted until"), zone=zone, required=False,
            help_text=_("For late entries only. The last minute that still counts."),
        )  # fmt: skip
        self.fields["expires_at"] = LastMinuteField(
            label=_("The code can be used until"), zone=zone, required=False
        )

    def clean_emails(self) -> list[str]:
        lines = [one_line(line) for line in self.cleaned_data["emails"].splitlines()]
        addresses = [line for line in lines if line]
        for address in addresses:
            try:
                validate_email(address)
            except forms.ValidationError:
                text = _("“%(address)s” is not an e-mail address.")
                raise forms.ValidationError(text % {"address": address[:100]}) from None
        return addresses

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Code.Kind.LATE and not data.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say until when a late entry may be submitted."))
        if data.get("kind") == Code.Kind.INVITATION:
            data["until"] = None
        return data
