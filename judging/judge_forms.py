"""Forms of judges: languages and hours, and whom they are too near to."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.models import Edition
from festival.edition.track_words import only_projects
from festival.kit.fields import reword
from festival.kit.incoming import LineField
from festival.kit.names import LanguagesField
from festival.kit.words import say
from judging.judge_actions import ProfileGiven
from judging.models import Conflict, JudgeProfile
from submissions.models import Entry

DAY = "day-"  # the names of the fields of single days begin so


def _hours(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=24, max_digits=4, decimal_places=2, required=False, **options
    )


class ProfileForm(forms.Form):
    """What a judge can judge and when. `given` is what `save_profile` takes."""

    languages = LanguagesField(
        label=gettext_lazy("Languages"), required=False,
        help_text=gettext_lazy("Those you follow a film in without subtitles. Separate several with commas."),
    )  # fmt: skip
    tracks = forms.MultipleChoiceField(
        label=gettext_lazy("Tracks"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those you know. None ticked: all of them."),
    )  # fmt: skip
    genres = forms.MultipleChoiceField(
        label=gettext_lazy("Forms"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=Entry.Genre.choices, help_text=gettext_lazy("Those you know. None ticked: all of them."),
    )  # fmt: skip
    hours_per_day = _hours(
        gettext_lazy("Hours on a day"),
        help_text=gettext_lazy("How long you can watch on a usual day: 2 or 1.5."),
    )
    sitting_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes at a stretch"), min_value=5, max_value=600, required=False,
        help_text=gettext_lazy("After them a break is suggested."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, edition: Edition, days: list[date], profile: JudgeProfile | None, **options: Any
    ) -> None:
        super().__init__(*args, initial=_initial(profile), **options)
        self.days = days
        if only_projects(edition):
            # Films come later: until then she reads, and then subtitles count.
            told = gettext_lazy("Those you read, and follow without subtitles. Separate several with commas.")
            a_day = gettext_lazy("How long you can read and watch on a usual day: 2 or 1.5.")
            reword(
                self,
                languages=(gettext_lazy("Languages"), told),
                hours_per_day=(gettext_lazy("Hours on a day"), a_day),
            )
        self.fields["tracks"].choices = [(str(row.pk), say(row.name)) for row in edition.tracks.all()]
        for day in days:
            self.fields[f"{DAY}{day}"] = _hours(
                f"{date_format(day, 'MONTH_DAY_FORMAT')} {date_format(day, 'D')}"
            )
            self.fields[f"{DAY}{day}"].wanted = True  # the sentence above them says that they may stay empty

    @property
    def day_fields(self) -> list[Any]:
        return [self[f"{DAY}{day}"] for day in self.days]

    @property
    def plain_fields(self) -> list[Any]:
        return [field for field in self if not field.name.startswith(DAY)]

    @property
    def given(self) -> ProfileGiven:
        data = self.cleaned_data
        usual = data["hours_per_day"]
        single = {day: data.get(f"{DAY}{day}") for day in self.days}
        return ProfileGiven(
            languages=data["languages"],
            tracks=[int(pk) for pk in data["tracks"]],
            forms=data["genres"],
            minutes_per_day=None if usual is None else round(usual * 60),
            sitting_minutes=data["sitting_minutes"],
            days={day: round(hours * 60) for day, hours in single.items() if hours is not None},
        )


def _initial(profile: JudgeProfile | None) -> dict[str, Any]:
    if profile is None:
        return {}
    return {
        "languages": profile.languages,
        "tracks": [str(row.pk) for row in profile.tracks.all()],
        "genres": profile.forms,
        "hours_per_day": _as_hours(profile.minutes_per_day),
        "sitting_minutes": profile.sitting_minutes,
        **{f"{DAY}{row.day}": _as_hours(row.minutes) for row in profile.days.all()},
    }


def _as_hours(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


NAMED = [(kind.value, kind.label) for kind in Conflict.NAMED]


class DeclareForm(forms.Form):
    """Somebody a judge is too near to."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=NAMED)
    party = LineField(
        label=gettext_lazy("Name or title"), max_length=200,
        help_text=gettext_lazy("As it may stand in credits. Add it in the other script as a second line of its own."),
    )  # fmt: skip


class DeskDeclareForm(DeclareForm):
    """The same for any judge, from the desk."""

    judge = forms.ChoiceField(label=gettext_lazy("Judge"))
    reason = LineField(label=gettext_lazy("Reason"), max_length=500, required=False)
    field_order = ("judge", "kind", "party", "reason")

    def __init__(self, *args: Any, judges: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["judge"].choices = [
            ("", _("Choose a judge")),
            *((str(pk), name) for pk, name in judges.items()),
        ]
