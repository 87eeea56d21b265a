"""Forms of a round's plan. Only what its gate needs is asked."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.models import Track
from festival.kit.fields import BilingualField
from festival.kit.incoming import TextField
from festival.kit.words import say
from judging import gate_results
from judging.desk_words import is_read
from judging.logic.standing import plain
from judging.models import Criterion, Panel, Round
from judging.round_form_words import of_projects
from judging.setup_actions import CriterionGiven, PanelGiven

COHORT = "cohort-"  # begins the choice of a cohort, beside the numbers of rounds

Scale = tuple[Decimal, Decimal, Decimal]  # lowest, highest, step

SCALES = ("1:10:1", "1:10:0.5", "0:100:1", "1:5:1", "1:5:0.5", "0:10:0.5")
ANCHOR = re.compile(r"\s*(\d{1,3}(?:\.\d{1,2})?)\s*(?:[:：=]|分[:：]?)\s*(.+?)\s*")


def scale_label(text: str) -> str:
    low, high, step = text.split(":")
    if step == "1":
        return _("%(low)s to %(high)s, whole marks") % {"low": low, "high": high}
    if step == "0.5":
        return _("%(low)s to %(high)s, half marks") % {"low": low, "high": high}
    return _("%(low)s to %(high)s in steps of %(step)s") % {"low": low, "high": high, "step": step}


class NewRoundForm(forms.Form):
    """A name and a gate; the rest is on the round's own page."""

    name = BilingualField(label=gettext_lazy("What it is called"), max_length=80)
    gate = forms.ChoiceField(
        label=gettext_lazy("Gate"),
        choices=Round.Gate.choices,
        widget=forms.RadioSelect,
        initial=Round.Gate.SCORE,
    )


class RoundForm(forms.Form):
    """The plan of one round. `settings` gives what was chosen, by the names that `change_round` takes."""

    def __init__(self, *args: Any, round: Round, **options: Any) -> None:
        super().__init__(*args, initial=_initial(round), **options)
        self.round = round
        gate, is_open = Round.Gate(round.gate), round.state == Round.State.OPEN
        fields: dict[str, forms.Field] = {"name": BilingualField(label=_("What it is called"), max_length=80)}
        if not is_open:
            fields["after"] = forms.ChoiceField(
                label=_("Films"), choices=_intakes(round), required=False,
                help_text=_("A cut is frozen when the round that takes it opens."),
            )  # fmt: skip
        if gate in (Round.Gate.PASS_FAIL, Round.Gate.SCORE):
            fields["looks_per_film"] = _whole(
                _("Looks per film"), 1, 100, _("How many judges see each film.")
            )
        fields |= {
            Round.Gate.PASS_FAIL: _pass_fields,
            Round.Gate.PANEL: _panel_fields,
            Round.Gate.SCORE: _score_fields,
            Round.Gate.BALLOT: _ballot_fields,
        }[gate](round)
        kinds = [("", _("Not decided yet")), *_labels(gate_results.fitting_cuts(gate))]
        fields["cut_kind"] = forms.ChoiceField(
            label=_("Who goes on"), choices=kinds, required=False,
            help_text=_("The cut is made when the round closes; the chair can move films with a reason."),
        )  # fmt: skip
        fields["cut_value"] = forms.DecimalField(
            label=_("Value of the cut"), required=False, min_value=0, max_digits=8, decimal_places=3,
            help_text=_("How many films or nominations, how many per cent, or from which mark."),
        )  # fmt: skip
        fields |= _films_fields(round)
        fields |= _tie_fields(round)
        if gate != Round.Gate.BALLOT:
            fields["blind"] = forms.ChoiceField(
                label=_("Names, credits and AI statement"), required=False,
                choices=[
                    ("", _("As the edition says")), ("yes", _("Hidden until the judge has scored")),
                    ("no", _("Shown from the beginning")),
                ],
            )  # fmt: skip
            fields["overhead_seconds"] = _whole(
                _("Seconds per film beyond its length"),
                0,
                3600,
                _("For thinking and scoring; the time plan adds it."),
            )
        if round.edition.tracks.filter(enters=Track.Enters.PROJECT).exists():
            fields["reading_minutes"] = _whole(
                _("Minutes to read a project"), 1, 600, _("Looks are shared out and time is planned by it.")
            )
        if is_open:
            fields["reason"] = _reason()
        self.fields.update(fields)
        if is_read(round):
            of_projects(self)

    @property
    def scale(self) -> Scale:
        """The scale as it shall be, by which marks in words are read."""
        if self.is_bound and self.is_valid() and "scale" in self.cleaned_data:
            return self.settings["scale"]
        return self.round.scale_min, self.round.scale_max, self.round.scale_step

    @property
    def settings(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given.pop("reason", None)
        if given.get("most_looks", 0) is None:
            given["most_looks"] = self.round.most_looks
        for name in ("wild_cards", "expects", "expects_judges"):
            if given.get(name, 0) is None:
                del given[name]
        if "after" in given:
            rounds = {str(row.pk): row for row in self.round.edition.rounds.all()}
            cohorts = {f"{COHORT}{row.pk}": row for row in self.round.edition.cohorts.all()}
            given["cohort"] = cohorts.get(given["after"])
            given["after"] = rounds.get(given["after"])
        if "scale" in given:
            low, high, step = (Decimal(part) for part in given["scale"].split(":"))
            given["scale"] = (low, high, step)
        if "blind" in given:
            given["blind"] = {"yes": True, "no": False}.get(given["blind"])
        return given


def _initial(round: Round) -> dict[str, Any]:
    names = (
        "name", "looks_per_film", "official_rule", "decides", "pass_rule", "pass_least", "most_nominations", "ballot",
        "ballot_points", "quorum", "cut_kind", "cut_value", "overhead_seconds", "reading_minutes", "adaptive",
        "most_looks", "looks_budget", "second_look", "tie_criterion", "tie_last", "wild_cards", "expects",
        "expects_judges",
    )  # fmt: skip
    values = {name: getattr(round, name) for name in names}
    if round.cut_value is not None:
        values["cut_value"] = plain(round.cut_value)
    return values | {
        "after": f"{COHORT}{round.cohort_id}" if round.cohort_id else str(round.after_id or ""),
        "scale": scale_key(round),
        "blind": {True: "yes", False: "no", None: ""}[round.blind],
    }


def scale_key(round: Round) -> str:
    return ":".join(plain(number) for number in (round.scale_min, round.scale_max, round.scale_step))


def _intakes(round: Round) -> list[tuple[str, str]]:
    earlier = round.edition.rounds.filter(position__lt=round.position).order_by("position")
    rows = [
        (str(row.pk), _("Those that go on from “%(round)s”") % {"round": say(row.name)}) for row in earlier
    ]
    teams = [
        (f"{COHORT}{row.pk}", _("The teams of “%(cohort)s”") % {"cohort": say(row.name)})
        for row in round.edition.cohorts.exclude(source=round.slug)
    ]
    return [("", _("All films in the competition")), *rows, *teams]


def _labels(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(kind, str(Round.Cut(kind).label)) for kind in kinds]


def _whole(label: str, least: int, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


def _reason() -> forms.CharField:
    field = TextField(
        label=_("Why this is changed"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The round is open: the reason stands on its page, and its judges read it."),
    )  # fmt: skip
    field.wanted = True  # a change needs it; who changes nothing gives none
    return field


def _pass_fields(round: Round) -> dict[str, forms.Field]:
    return {
        "pass_rule": forms.ChoiceField(label=_("A film passes when"), choices=Round.PassRule.choices),
        "pass_least": _whole(
            _("How many must say pass"), 1, 100, _("Only for the rule “At least so many say pass”.")
        ),
    }


def _panel_fields(round: Round) -> dict[str, forms.Field]:
    return {
        "most_nominations": _whole(
            _("Nominations of each judge"), 1, 10_000, _("At most; a panel may have a number of its own.")
        )
    }


def _score_fields(round: Round) -> dict[str, forms.Field]:
    own = scale_key(round)
    scales = SCALES if own in SCALES else (own, *SCALES)
    return {
        "scale": forms.ChoiceField(
            label=_("Scale"), choices=[(key, scale_label(key)) for key in scales],
            help_text=_("Half marks or a scale to 100 leave far fewer ties at the line than whole marks."),
        ),
        "official_rule": forms.ChoiceField(
            label=_("Official rule"), choices=Round.Official.choices,
            help_text=_(
                "How the published result is computed. With few looks the plain mean chooses best. Scores are never "
                "standardised judge by judge (z-scores): where judges see few films that chooses worse than the mean."
            ),
        ),
        "decides": forms.ChoiceField(
            label=_("Which standing decides"), choices=Round.Decides.choices,
            help_text=_("The others are always shown beside it."),
        ),
        "adaptive": forms.BooleanField(
            label=_("Further looks where they decide something"), required=False,
            help_text=_(
                "After the looks that every film has, the next ones go in small batches to the films for which a look "
                "is worth most. The same judge-hours find far more of the best."
            ),
        ),
        "most_looks": forms.IntegerField(
            label=_("Most looks of one film"), required=False, min_value=1, max_value=100,
            help_text=_("Only with further looks. A low number costs precision."),
        ),
        "looks_budget": forms.IntegerField(
            label=_("Looks of the round, all together"), required=False, min_value=1, max_value=10_000_000,
            help_text=_("Only with further looks. Empty: as many as decide something, within the judges’ hours."),
        ),
        "second_look": forms.BooleanField(
            label=_("Second look below the line"), required=False,
            help_text=_(
                "At the end one in twenty of the films below the line, drawn by lot, is seen once more; from that the "
                "site estimates how many were missed."
            ),
        ),
    }  # fmt: skip


def _ballot_fields(round: Round) -> dict[str, forms.Field]:
    return {
        "ballot": forms.ChoiceField(label=_("How the jury votes"), choices=Round.Ballot.choices),
        "ballot_points": _whole(_("Most points for one film"), 1, 1000, _("Only for a ballot by points.")),
        "quorum": _whole(_("Ballots needed"), 1, 1000, _("The round cannot close with fewer.")),
    }


def _films_fields(round: Round) -> dict[str, forms.Field]:
    """How many films come from elsewhere, and are reckoned with; how many judges. Left empty they stay as they are."""
    fields = {
        "wild_cards": _whole(
            _("Wild cards"),
            0,
            1000,
            _("How many films the organiser may let go on past the gate, with a reason."),
        )
    }
    if round.after_id is None:
        fields["expects"] = _whole(
            _("Films expected"), 0, 1_000_000, _("Reckoned with while none are there. 0: not said.")
        )
    if round.state == Round.State.PLANNED:
        fields["expects_judges"] = _whole(
            _("Judges expected"),
            0,
            10_000,
            _(
                "Hours are foreseen with as many until judges are there, and a rehearsal takes as many. 0: not said."
            ),
        )
    for one in fields.values():
        one.required, one.wanted = False, True
    return fields


def _tie_fields(round: Round) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    if round.gate == Round.Gate.SCORE:
        named = [(row.slug, say(row.name)) for row in round.criteria.all()]
        fields["tie_criterion"] = forms.ChoiceField(
            label=_("Criterion that decides ties"), choices=[("", _("None is named")), *named], required=False,
            help_text=_(
                "Between films tied at the line: first the judges who saw both, then the mean on this criterion."
            ),
        )  # fmt: skip
    fields["tie_last"] = forms.ChoiceField(
        label=_("What decides ties last"), choices=Round.TieLast.choices,
        help_text=_("Between films that nothing else tells apart. Anybody can draw the lot again."),
    )  # fmt: skip
    return fields


class CriterionForm(forms.Form):
    """One criterion. An empty one at the end is a new criterion when it has a name."""

    name = BilingualField(label=gettext_lazy("What it is called"), max_length=80, required=False)
    weight = forms.DecimalField(
        label=gettext_lazy("Weight, per cent"), min_value=Decimal("0.01"), max_value=100, max_digits=5,
        decimal_places=2, required=False,
    )  # fmt: skip
    about = BilingualField(label=gettext_lazy("What it means"), max_length=1000, long=True, required=False)
    anchors = BilingualField(
        label=gettext_lazy("Marks in words"), max_length=3000, long=True, required=False,
        help_text=gettext_lazy("One mark in each line, for example “5: a clear idea, carried to the end”."),
    )  # fmt: skip
    remove = forms.BooleanField(label=gettext_lazy("Take this criterion away"), required=False)

    def __init__(self, *args: Any, scale: Scale, criterion: Criterion | None = None, **options: Any) -> None:
        initial = {}
        if criterion:
            initial = {
                "name": criterion.name,
                "weight": plain(criterion.weight),
                "about": criterion.about,
                "anchors": anchors_text(criterion.anchors),
            }
        super().__init__(*args, initial=initial, **options)
        self.scale, self.criterion = scale, criterion
        for name in ("name", "weight") if criterion else ():
            self.fields[name].wanted = True  # not called optional: `clean` asks for them
        if criterion is None:
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        filled = bool(given.get("name")) or self.criterion is not None
        if filled and not given.get("remove"):
            if not given.get("name"):
                self.add_error("name", _("Write this in at least one of the two languages."))
            if given.get("weight") is None and "weight" not in self.errors:
                self.add_error("weight", _("Say how much it weighs, in per cent."))
            try:
                given["anchors"] = read_anchors(given.get("anchors") or {}, self.scale)
            except ValueError as error:
                self.add_error("anchors", str(error))
        return given

    @property
    def given(self) -> CriterionGiven | None:
        """The criterion as it shall be; None for one that is taken away or was left empty."""
        data = self.cleaned_data
        if data.get("remove") or not data.get("name"):
            return None
        slug = self.criterion.slug if self.criterion else ""
        return CriterionGiven(slug, data["name"], data["about"] or {}, data["weight"], data["anchors"])


def anchors_text(anchors: list[dict[str, Any]]) -> dict[str, str]:
    """Anchors as they are typed: a line for each mark, in each language."""
    return {
        language: "\n".join(
            f"{row['value']}: {row['text'][language]}" for row in anchors if row["text"].get(language)
        )
        for language in ("en", "zh")
    }


def read_anchors(texts: dict[str, str], scale: Scale) -> list[dict[str, Any]]:
    """Typed lines as anchors, lowest mark first. Raises ValueError with a sentence for a line that is none."""
    low, high, step = scale
    found: dict[Decimal, dict[str, str]] = {}
    for language, text in texts.items():
        for line in filter(str.strip, text.splitlines()):
            match = ANCHOR.fullmatch(line)
            if match is None:
                raise ValueError(
                    _("“%(line)s” begins with no mark. Write “5: …”.") % {"line": line.strip()[:30]}
                )
            value = Decimal(match[1])
            if not low <= value <= high or (value - low) % step:
                raise ValueError(_("%(mark)s is not on the scale of this round.") % {"mark": plain(value)})
            found.setdefault(value, {})[language] = match[2]
    return [{"value": plain(value), "text": found[value]} for value in sorted(found)]


class RoundJuryForm(forms.Form):
    """Who of the jury judges a round: everybody, or those who are ticked. `named`: who is now. `is_open`: the round is
    under way, and a reason is asked for."""

    who = forms.ChoiceField(
        label=gettext_lazy("This round is judged by"),
        choices=[
            ("all", gettext_lazy("Everybody in the jury")),
            ("some", gettext_lazy("Only those ticked below")),
        ],
        widget=forms.RadioSelect,
    )
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Judges"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Somebody who was named is no longer in the jury. Reload the page."),
        },
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # who was named when the page was read

    def __init__(
        self,
        *args: Any,
        members: Mapping[int, str],
        named: Collection[int],
        is_open: bool = False,
        **options: Any,
    ) -> None:
        initial = {
            "who": "some" if named else "all",
            "members": [str(pk) for pk in named],
            "seen": ",".join(map(str, sorted(named))),
        }
        super().__init__(*args, initial=initial, **options)
        self.fields["members"].choices = [(str(pk), name) for pk, name in members.items()]
        if is_open:
            self.fields["reason"] = _reason()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") == "some" and "members" in data and not data["members"]:
            self.add_error("members", _("Tick at least one judge, or let everybody judge."))
        return data

    @property
    def judges(self) -> set[int]:
        """The accounts that are named; empty where everybody judges."""
        data = self.cleaned_data
        return {int(pk) for pk in data["members"]} if data["who"] == "some" else set()

    @property
    def seen_judges(self) -> set[int]:
        """Who was named when the page was read."""
        return {int(pk) for pk in self.cleaned_data["seen"].split(",") if pk.isascii() and pk.isdigit()}


class PanelForm(forms.Form):
    """One panel; an empty one at the end is a new panel when it has a name."""

    name = BilingualField(label=gettext_lazy("What it is called"), max_length=80, required=False)
    judges = forms.MultipleChoiceField(
        label=gettext_lazy("Judges"), required=False, widget=forms.CheckboxSelectMultiple
    )
    most = forms.IntegerField(
        label=gettext_lazy("Nominations of each judge"), min_value=1, max_value=10_000, required=False,
        help_text=gettext_lazy("Empty: as many as the round says."),
    )  # fmt: skip
    remove = forms.BooleanField(label=gettext_lazy("Take this panel away"), required=False)

    def __init__(
        self,
        *args: Any,
        judges: dict[int, str],
        panel: Panel | None = None,
        is_open: bool = False,
        **options: Any,
    ) -> None:
        initial = {}
        if panel:
            members = [str(user.pk) for user in panel.judges.all()]
            initial = {"name": panel.name, "judges": members, "most": panel.most_nominations}
        super().__init__(*args, initial=initial, **options)
        self.panel = panel
        self.fields["judges"].choices = [(str(pk), name) for pk, name in judges.items()]
        if panel is None or is_open:
            del self.fields["remove"]

    @property
    def given(self) -> PanelGiven | None:
        data = self.cleaned_data
        if data.get("remove") or not (data.get("name") or self.panel):
            return None
        judges = tuple(int(pk) for pk in data["judges"])
        return PanelGiven(self.panel.pk if self.panel else None, data["name"] or {}, judges, data["most"])
