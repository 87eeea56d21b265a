"""Forms of meetings: when, where and with whom; and what is voted on."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.edition.track_words import takes_projects
from festival.kit.fields import BilingualField, reword
from festival.kit.incoming import LineField
from festival.kit.moments import MomentField
from festival.kit.words import say
from judging import queries
from judging.desk_words import is_read
from judging.meeting_said import motion_of_projects, vote_of_projects
from judging.models import Meeting, Round, Vote

SETTINGS = ("name", "starts_at", "until", "place", "names_open", "quorum")


class MeetingForm(forms.Form):
    name = BilingualField(label=_("Name of the meeting"), max_length=120)
    round = forms.ModelChoiceField(
        label=_("Round whose films are talked about"),
        queryset=Round.objects.none(),
        empty_label=None,
        help_text=_("Its scores and notes lie open in the meeting, once the round is closed."),
    )
    place = LineField(
        label=_("Where"),
        required=False,
        max_length=300,
        help_text=_(
            "A room, or the address of a call. Without one the meeting takes place on its page alone."
        ),
    )
    names_open = forms.BooleanField(
        label=_("Show who made the films"),
        required=False,
        help_text=_("Otherwise names stay hidden in the meeting too."),
    )
    quorum = forms.IntegerField(
        label=_("Quorum"),
        min_value=1,
        max_value=1000,
        help_text=_("Ballots without which a vote decides nothing. Each vote can ask for another number."),
    )
    members = forms.MultipleChoiceField(
        label=_("Members"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "They read everything and vote. The chair leads, and votes only as a judge of this jury."
        ),
    )

    def __init__(self, *args: Any, edition: Edition, meeting: Meeting | None = None, **options: Any) -> None:
        jury = queries.judges_of(edition)
        if meeting is None:
            # The jury of the round that is talked about, as it is offered first; another is a choice.
            last = edition.rounds.filter(state=Round.State.CLOSED).order_by("position").last()
            members = list(queries.jury_of(last) if last else jury)
            options.setdefault(
                "initial", {"members": members, "quorum": len(members) // 2 + 1, "names_open": True}
            )
        else:
            options.setdefault(
                "initial",
                {name: getattr(meeting, name) for name in SETTINGS}
                | {"members": list(meeting.members.values_list("user_id", flat=True))},
            )
        super().__init__(*args, **options)
        if takes_projects(edition):
            reword(
                self,
                round=_("Round whose entries are talked about"),
                names_open=_("Show who made the entries"),
            )
        self.fields["starts_at"] = MomentField(label=_("Begins"), zone=edition.time_zone)
        self.fields["until"] = MomentField(
            label=_("Ends"),
            zone=edition.time_zone,
            help_text=_("Who is not there when it begins reads, writes and votes on its page until then."),
        )
        self.fields["members"].choices = list(jury.items())
        if meeting is None:
            self.fields["round"].queryset = edition.rounds.order_by("-position")
            closed = edition.rounds.filter(state=Round.State.CLOSED).order_by("position").last()
            self.fields["round"].initial = closed
            self.fields["round"].label_from_instance = lambda round: say(round.name)
        else:
            del self.fields["round"]
        self.order_fields(["name", "round", "starts_at", "until", "place", "members", "quorum", "names_open"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_at"), data.get("until")
        if start and end and end <= start:
            self.add_error("until", _("The end comes after the beginning."))
        quorum, members = data.get("quorum"), data.get("members")
        if quorum and members and quorum > len(members):
            # No vote could ever decide anything.
            self.add_error("quorum", _("The quorum is at most as many as the meeting has members."))
        return data

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS}

    @property
    def chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["members"]]


class OfChosen(forms.Form):
    """A form of which some fields belong to some answers of one choice; `ASKS` says which.

    Each has its class on the page (`asked_by`), where static/css/meeting.css shows what the chosen answer asks for.
    What was sent for another answer is left out, faults included.
    """

    CHOICE = ""
    ASKS: ClassVar[dict[str, tuple[str, ...]]] = {}

    def mark_asked(self) -> None:
        for name in self.ASKS:
            self.fields[name].asked_by = f"asked-{name}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, answers in self.ASKS.items():
            if data.get(self.CHOICE) and data[self.CHOICE] not in answers:
                self.errors.pop(name, None)
                data[name] = None
        return data


class VoteForm(OfChosen):
    """`films`: pairs of entry id and title; those of `chosen` are ticked."""

    CHOICE = "kind"
    ASKS: ClassVar[dict[str, tuple[str, ...]]] = {
        "counting": (Vote.Kind.RANKED,),
        "points": (Vote.Kind.POINTS,),
        "seats": (Vote.Kind.RANKED, Vote.Kind.APPROVAL, Vote.Kind.POINTS),
    }

    text = LineField(
        label=_("What is voted on"),
        max_length=300,
        help_text=_("For example: Which film gets the main prize?"),
    )
    kind = forms.ChoiceField(
        label=_("How"),
        choices=[choice for choice in Vote.Kind.choices if choice[0] != Vote.Kind.MOTION],
        widget=forms.RadioSelect,
    )
    counting = forms.ChoiceField(
        label=_("How ranked ballots are counted"),
        choices=Vote.Counting,
        widget=forms.RadioSelect,
        required=False,
    )
    slot = forms.ModelChoiceField(
        label=_("Award"),
        queryset=AwardSlot.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("None: the vote is about something else"),
        help_text=_(
            "An award that goes by a ballot of the jury takes its films from the last vote about it."
        ),
    )
    casting = forms.BooleanField(
        label=_("My own ballot decides between films that are tied (casting ballot)"),
        required=False,
        help_text=_("It is then kept apart with the result, and can be read there."),
    )
    points = forms.IntegerField(
        label=_("Most points for one film"), min_value=1, max_value=100, initial=10, required=False
    )
    seats = forms.IntegerField(label=_("How many films are chosen"), min_value=1, max_value=200, initial=1)
    quorum = forms.IntegerField(label=_("Quorum"), min_value=1, max_value=1000)
    films = forms.MultipleChoiceField(label=_("Films"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        meeting: Meeting,
        films: list[tuple[int, str]],
        chosen: list[int],
        seats: int = 1,
        award: AwardSlot | None = None,
        **options: Any,
    ) -> None:
        options.setdefault(
            "initial",
            {
                "slot": award.slug if award else None,
                "kind": Vote.Kind.RANKED,
                "counting": Vote.Counting.SCHULZE,
                "points": 10,
                "seats": seats,
                "quorum": meeting.quorum,
                "films": chosen,
                "closes_at": meeting.until,
            },
        )
        super().__init__(*args, **options)
        self.fields["films"].choices = films
        slots = AwardSlot.objects.filter(edition=meeting.edition)
        self.fields["slot"].queryset = slots
        self.fields["slot"].label_from_instance = lambda slot: say(slot.name)
        self.fields["closes_at"] = MomentField(
            label=_("Closes by itself"),
            zone=meeting.edition.time_zone,
            help_text=_("The chair can close it before."),
        )
        self.order_fields(
            ["text", "slot", "kind", "counting", "points", "seats", "films", "quorum", "casting", "closes_at"]
        )
        self.mark_asked()
        if is_read(meeting.round):
            vote_of_projects(self)

    @property
    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["films"] = [int(pk) for pk in data["films"]]
        data["points"] = data["points"] or 10
        data["seats"] = data["seats"] or 1  # by plain majority one is chosen
        data["counting"] = data["counting"] or Vote.Counting.SCHULZE
        return data


class MotionForm(OfChosen):
    """What is moved: about an award, or about anything. `films`: pairs of entry id and title."""

    CHOICE = "motion"
    ASKS: ClassVar[dict[str, tuple[str, ...]]] = {
        "slot": (Vote.Motion.VACANT, Vote.Motion.SHARE),
        "places": (Vote.Motion.VACANT,),
        "films": (Vote.Motion.SHARE, Vote.Motion.MENTION),
        "name": (Vote.Motion.MENTION,),
    }

    motion = forms.ChoiceField(label=_("What is moved"), choices=Vote.Motion, widget=forms.RadioSelect)
    text = LineField(
        label=_("The motion, in words"),
        max_length=300,
        help_text=_("It stands in the minutes, and as the reason beside the award."),
    )
    slot = forms.ModelChoiceField(
        label=_("Award"),
        queryset=AwardSlot.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("None"),
        help_text=_("Of places that stay vacant, or of the place that is shared."),
    )
    places = forms.IntegerField(
        label=_("How many of its places stay vacant"),
        min_value=1,
        max_value=1000,
        initial=1,
        required=False,
    )
    films = forms.MultipleChoiceField(
        label=_("Films"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Those that share the place, or the one that is mentioned. Otherwise none."),
    )
    name = BilingualField(label=_("Name of the mention"), max_length=120, required=False)
    casting = forms.BooleanField(
        label=_("My own vote decides when yes and no are equal (casting vote)"),
        required=False,
        help_text=_("It is then kept apart with the result, and can be read there."),
    )
    quorum = forms.IntegerField(label=_("Quorum"), min_value=1, max_value=1000)

    def __init__(self, *args: Any, meeting: Meeting, films: list[tuple[int, str]], **options: Any) -> None:
        options.setdefault("initial", {"places": 1, "quorum": meeting.quorum, "closes_at": meeting.until})
        super().__init__(*args, **options)
        self.fields["films"].choices = films
        self.fields["slot"].queryset = AwardSlot.objects.filter(edition=meeting.edition, added=False)
        self.fields["slot"].label_from_instance = lambda slot: say(slot.name)
        self.fields["closes_at"] = MomentField(
            label=_("Closes by itself"),
            zone=meeting.edition.time_zone,
            help_text=_("The chair can close it before."),
        )
        self.order_fields(
            ["motion", "text", "slot", "places", "films", "name", "quorum", "casting", "closes_at"]
        )
        self.mark_asked()
        if is_read(meeting.round):
            motion_of_projects(self)

    @property
    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["films"] = [int(pk) for pk in data["films"] or ()]
        data["places"] = data["places"] or 1
        return data
