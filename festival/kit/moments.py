"""A moment typed into a form, on the wall clock of a zone that is said beside it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.clock import SkippedTime, in_zone, moment_of
from festival.kit.words import joined, zone_city

YEARS = (1900, 2200)
FORM = "%Y-%m-%dT%H:%M"


class MomentField(forms.Field):
    """Day and time to the minute; gives an aware moment in UTC. `zone` is an IANA name.

    A time that the clocks skip is refused. Of one that comes twice the second is meant: for a deadline, the kinder one.
    """

    default_error_messages = {
        "invalid": _("Choose a day and a time."),
        "skipped": _("On this day the clocks are put forward and skip this time. Choose another."),
    }

    def __init__(self, *, zone: str, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORM)
        super().__init__(widget=widget, **options)
        self.zone = zone
        clock = _("On the clocks of %(zone)s.") % {"zone": zone_city(zone)}
        self.help_text = joined(str(self.help_text), str(clock))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo:
            return in_zone(value, self.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            wall = datetime.strptime(str(value)[:16].replace(" ", "T"), FORM)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not YEARS[0] <= wall.year <= YEARS[1]:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return moment_of(wall, self.zone, second=True)
        except SkippedTime:
            raise forms.ValidationError(self.error_messages["skipped"], code="skipped") from None
