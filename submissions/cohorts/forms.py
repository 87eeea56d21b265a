"""Forms of cohorts: invitations, what a team delivers, the review, the ledger."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.edition.money_forms import AmountField
from festival.kit.clock import last_minute
from festival.kit.incoming import LineField, TextField, one_line, plain_text
from festival.kit.words import day_text, joined, say, zone_city
from festival.people.models import LANGUAGES
from submissions.cohorts import delivery_actions, note_actions
from submissions.cohorts.models import Deliverable, Delivery, Milestone, Place, SupportLine, TimeRequest
from submissions.correction_forms import Reason
from submissions.limit_forms import LAST_MINUTE, LastMinuteField
from submissions.models import Attachment, Entry, FilmVersion

MOST_LINES = 100
AGAIN_DAYS = 7  # that a team is given for the next version, unless another day is chosen
EXAMPLE = "Mira Castellan <mira@example.org>"
Kind = Deliverable.Kind


class Words(TextField):
    """A longer text, with its lines."""

    def __init__(self, *, rows: int = 5, most: int = delivery_actions.LONGEST, **options: Any) -> None:
        super().__init__(max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_text(value).replace("\r\n", "\n") if isinstance(value, str) else value)


class Invited(TextField):
    """Lines "Name <address>", or an address alone; gives pairs of name and address in their order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "placeholder": EXAMPLE}), **options
        )

    def clean(self, value: Any) -> list[tuple[str, str]]:  # type: ignore[override]
        text = super().clean(plain_text(value))
        lines = [one_line(line) for line in text.splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most %(most)s lines at once."), params={"most": MOST_LINES})
        people: dict[str, str] = {}
        faults = []
        for line in lines:
            name, email = parseaddr(line)
            email = email.lower()
            try:
                validate_email(email)
            except ValidationError:
                text = _("There is no address in this line: %(line)s")
                faults.append(ValidationError(text, params={"line": line[:80]}))
                continue
            if email in people:
                faults.append(
                    ValidationError(_("This address stands here twice: %(email)s"), params={"email": email})
                )
            people[email] = name
        if faults:
            raise ValidationError(faults)
        return [(name, email) for email, name in people.items()]


class InviteForm(forms.Form):
    """Directors and teams to be put on a cohort's list."""

    people = Invited(
        label=_("Whom"),
        help_text=_(
            "One in each line: the name, and the address in pointed brackets; or the address alone. The order is "
            "that of the waiting list."
        ),
        error_messages={"required": _("Write whom you invite, one in each line.")},
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES)
    note = Reason(label=_("A note for yourselves"), required=False, help_text=_("Only organisers read it."))
    at_once = forms.BooleanField(
        label=_("Offer the free places at once, in this order"), required=False, initial=True
    )


class EndForm(forms.Form):
    """Why a place or an offer ends."""

    reason = Reason(
        label=_("Reason"),
        help_text=_("It is kept with the place."),
        error_messages={"required": _("Say why.")},
    )


class TakeForm(forms.Form):
    """How somebody invited takes the place: with a film begun anew, or one that is entered in the track."""

    def __init__(self, mine: list[Entry], *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="take-%s", **options)
        if mine:
            self.fields["entry"] = forms.ChoiceField(
                label=_("With which film"),
                choices=[
                    ("", pgettext_lazy("entry", "A new one")),
                    *((one.code, one.title or one.code) for one in mine),
                ],
                required=False,
            )
        self.fields["title"] = LineField(
            label=_("Working title of the film"),
            max_length=200,
            required=not mine,
            help_text=_("It can be changed later."),
            error_messages={"required": _("Give the film a title; it can be changed later.")},
        )


class DeclineForm(forms.Form):
    reason = Words(
        label=_("A word to the organisers"), rows=3, most=2000, required=False, help_text=_("They read it.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="decline-%s", **options)


class DeliverForm(forms.Form):
    """What a team puts together for a milestone: a field for each thing that is asked, and a message."""

    def __init__(
        self,
        milestone: Milestone,
        wanted: list[Deliverable],
        choices: Mapping[int, list[FilmVersion] | list[Attachment]],
        begun: Delivery | None,
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.wanted, self.things = wanted, choices
        there = {part.deliverable_id: part for part in begun.parts.all()} if begun else {}
        for one in wanted:
            self.fields[f"d{one.pk}"] = self._field(one, choices.get(one.pk, []))
            part = there.get(one.pk)
            newest = choices[one.pk][0].pk if choices.get(one.pk) else ""
            if one.kind in (Kind.TEXT, Kind.LINK):
                self.initial[f"d{one.pk}"] = part.text if part else ""
            elif part is not None:
                self.initial[f"d{one.pk}"] = part.version_id or part.attachment_id
            else:
                self.initial[f"d{one.pk}"] = newest
        self.fields["message"] = Words(
            label=_("Message to the reviewers"), rows=3, required=False,
            help_text=_("What they should know, and what you would like to hear."),
        )  # fmt: skip
        self.initial["message"] = begun.message if begun else ""

    def _field(self, one: Deliverable, things: list[Any]) -> forms.Field:
        usual: dict[str, Any] = {"label": say(one.name), "required": False, "help_text": say(one.about)}
        if one.kind == Kind.TEXT:
            made: forms.Field = Words(**usual)
        elif one.kind == Kind.LINK:
            made = LineField(max_length=2000, widget=forms.URLInput(), **usual)
        else:
            made = forms.ChoiceField(
                choices=[
                    ("", pgettext_lazy("delivery", "Nothing yet")),
                    *((thing.pk, _name_of(thing)) for thing in things),
                ],
                **usual,
            )
        made.wanted = one.required  # type: ignore[attr-defined]
        return made

    @property
    def fields_by_wanted(self) -> list[tuple[Deliverable, forms.BoundField]]:
        return [(one, self[f"d{one.pk}"]) for one in self.wanted]

    @property
    def given(self) -> dict[Deliverable, delivery_actions.Given]:
        """What was chosen or written for each thing that is asked."""
        found: dict[Deliverable, delivery_actions.Given] = {}
        for one in self.wanted:
            value = self.cleaned_data[f"d{one.pk}"]
            if one.kind in (Kind.TEXT, Kind.LINK):
                found[one] = value.strip()
            else:
                things = self.things.get(one.pk, [])
                found[one] = next((thing for thing in things if str(thing.pk) == value), None)
        return found


def _name_of(thing: FilmVersion | Attachment) -> str:
    if isinstance(thing, FilmVersion):
        return str(_("Version %(number)s: %(name)s") % {"number": thing.number, "name": thing.filename})
    return thing.filename


class ReviewForm(forms.Form):
    """The answer to what was handed in; a date belongs to changes."""

    text = Words(label=_("Your answer"), required=False, help_text=_("The team reads it."))
    again_by = LastMinuteField(zone="UTC", required=False)

    def __init__(self, place: Place, at: datetime, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"again_by": _in_days(place, at)})
        super().__init__(*args, **options)
        self.fields["again_by"] = _again_by(place, _("Only for changes. Empty: whenever it is ready."))


class RejectForm(forms.Form):
    text = Words(
        label=_("Reason"), rows=3, help_text=_("The team reads it."),
        error_messages={"required": _("Say why it is rejected; the team reads it.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="reject-%s", **options)


class ReopenForm(forms.Form):
    """Another version after all."""

    reason = Reason(
        label=_("Reason"),
        help_text=_("The team reads it."),
        error_messages={"required": _("Say why; the team reads it.")},
    )
    again_by = LastMinuteField(zone="UTC", required=False)

    def __init__(self, place: Place, at: datetime, *args: Any, **options: Any) -> None:
        options["initial"] = {"again_by": _in_days(place, at)}
        super().__init__(*args, auto_id="reopen-%s", **options)
        self.fields["again_by"] = _again_by(place, _("Empty: whenever it is ready."))


def _in_days(place: Place, at: datetime) -> datetime:
    """A week from now at the end of the day, on the edition's clocks; or when the cohort ends, where that is sooner."""
    zone = ZoneInfo(place.cohort.edition.time_zone)
    day = at.astimezone(zone).date() + timedelta(days=AGAIN_DAYS + 1)
    return min(datetime.combine(day, time(), zone), place.cohort.ends_at)


def _again_by(place: Place, help_text: Any) -> LastMinuteField:
    zone = place.cohort.edition.time_zone
    return LastMinuteField(
        label=_("Next version by"),
        zone=zone,
        required=False,
        help_text=joined(str(help_text), str(LAST_MINUTE)),
    )


class ExtendForm(forms.Form):
    """More time for one team; where it has asked for it, the day and the reason that it gave stand there already."""

    until = LastMinuteField(zone="UTC")
    reason = Reason(
        label=_("Reason"),
        help_text=_("The team reads it."),
        error_messages={"required": _("Say why; the team reads it.")},
    )

    def __init__(
        self, place: Place, due: datetime, asked: TimeRequest | None, *args: Any, **options: Any
    ) -> None:
        options["initial"] = {"until": due + timedelta(days=7)}
        if asked is not None:
            options["initial"] = {"until": asked.until, "reason": asked.message}
        super().__init__(*args, auto_id="extend-%s", **options)
        zone = place.cohort.edition.time_zone
        self.fields["until"] = LastMinuteField(label=_("New date"), zone=zone, help_text=LAST_MINUTE)


class AskTimeForm(forms.Form):
    """A team asks for more time: the last day, on the edition's calendar, and why. Gives `until`, the day's end."""

    day = forms.DateField(
        label=_("New day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day.")},
    )
    message = Reason(
        label=_("Why"),
        help_text=_("The organisers decide by it."),
        error_messages={"required": _("Say why: the organisers decide by it.")},
    )

    def __init__(self, place: Place, due: datetime, at: datetime, *args: Any, **options: Any) -> None:
        self.zone = ZoneInfo(place.cohort.edition.time_zone)
        latest = last_minute(place.cohort.ends_at).astimezone(self.zone).date()
        first = max(last_minute(due), at).astimezone(self.zone).date()
        options["initial"] = {"day": min(first + timedelta(days=AGAIN_DAYS), latest)}
        super().__init__(*args, auto_id="ask-%s", **options)
        self.ends_at = place.cohort.ends_at
        field = self.fields["day"]
        field.widget.attrs |= {"min": first.isoformat(), "max": latest.isoformat()}
        text = _("Until the end of this day on the clocks of %(city)s; at the latest %(day)s.")
        field.help_text = text % {
            "city": zone_city(place.cohort.edition.time_zone),
            "day": day_text(last_minute(place.cohort.ends_at), place.cohort.edition.time_zone),
        }

    def clean(self) -> dict[str, Any]:
        """`until` is the end of the day; on the cohort's last day the cohort's end, where that comes before."""
        given = super().clean() or {}
        day = given.get("day")
        if day is not None:
            end = datetime.combine(day + timedelta(days=1), time(), self.zone)
            last = last_minute(self.ends_at).astimezone(self.zone).date()
            given["until"] = self.ends_at if day == last else end
        return given


class DeclineTimeForm(forms.Form):
    """Why a team is not given more time."""

    reason = Reason(
        label=_("Why the day stays"),
        help_text=_("The team reads it."),
        error_messages={"required": _("Say why; the team reads it.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="decline-%s", **options)


class NoteForm(forms.Form):
    """A note, at a moment of the film where it has one: "1:05", "65" or "0:01:05.5"."""

    moment = LineField(label=_("At"), max_length=12, required=False)
    text = Words(
        label=pgettext_lazy("cut", "Note"), rows=2, most=note_actions.LONGEST,
        error_messages={"required": _("Write what you see or hear.")},
    )  # fmt: skip

    def clean_moment(self) -> Decimal | None:
        text = self.cleaned_data["moment"].replace("：", ":")
        if not text:
            return None
        parts = text.split(":")
        try:
            if len(parts) > 3 or not all(part.isdigit() for part in parts[:-1]):
                raise ValueError(text)
            seconds = Decimal(parts[-1])
            if not seconds.is_finite() or seconds < 0 or (len(parts) > 1 and seconds >= 60):
                raise ValueError(text)
        except (ArithmeticError, ValueError):
            raise ValidationError(_("Write the moment as minutes and seconds: 1:05.")) from None
        for place, part in enumerate(reversed(parts[:-1]), start=1):
            seconds += int(part) * 60**place
        return seconds


class TakeBackForm(forms.Form):
    """Why what is open of a team that has left is taken back; with tranches that are due only where that is ticked."""

    note = Reason(
        label=_("Reason"),
        help_text=_("It stands beside each line; the team reads it."),
        error_messages={"required": _("Say why it is taken back.")},
    )
    earned = forms.BooleanField(label=_("Take back the tranches that are due, too"), required=False)

    def __init__(self, due: str, *args: Any, **options: Any) -> None:
        """`due`: the sums of tranches that are due, in words; "" for none."""
        super().__init__(*args, auto_id="back-%s", **options)
        if due:
            text = _(
                "%(sums)s for milestones that were accepted before the team left. Unless ticked they stay due."
            )
            self.fields["earned"].help_text = text % {"sums": due}
        else:
            del self.fields["earned"]


class LineForm(forms.Form):
    """A line of a team's ledger."""

    side = forms.ChoiceField(label=_("Promised or given"), choices=SupportLine.Side)
    kind = forms.ChoiceField(label=_("What"), choices=SupportLine.Kind)
    amount = AmountField(
        label=_("Amount"), max_digits=14, decimal_places=2,
        help_text=_("A negative amount takes back; say why in the note."),
    )  # fmt: skip
    unit = LineField(label=_("Unit"), max_length=20, help_text=_("CNY, impressions, credits …"))
    milestone = forms.ChoiceField(
        label=_("Tranche of a milestone"), required=False, help_text=_("Only for what is given.")
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    reference = LineField(
        label=_("Reference"),
        max_length=120,
        required=False,
        help_text=_("The transfer’s number, a contract."),
    )
    note = Reason(label=pgettext_lazy("support", "Note"), required=False, help_text=_("The team reads it."))

    def __init__(self, milestones: list[Milestone], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.milestones = {str(one.pk): one for one in milestones}
        field = self.fields["milestone"]
        field.choices = [("", "–"), *((key, say(one.name)) for key, one in self.milestones.items())]  # type: ignore[attr-defined]

    def clean_milestone(self) -> Milestone | None:
        return self.milestones.get(self.cleaned_data["milestone"])
