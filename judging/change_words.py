"""What was changed since the call opened, in the reader's language: made from stored values, of every floor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from festival.awards.objection_forms import ObjectionRulesForm
from festival.edition.models import DeadlineExtension, Edition, EditionChange, Phase, RulebookChange, Track
from festival.edition.rulebook import Rulebook, sentences
from festival.edition.track_words import extension_text
from festival.kit.clock import last_minute
from festival.kit.names import country_text
from festival.kit.words import day_text, deadline_text, moment_text, say, short_language
from judging import award_change_words, award_rules, cohort_change_words, round_words
from judging.models import Round
from submissions.attachment_view import asked_kinds
from submissions.credit_forms import CreditRulesForm
from submissions.declaration_forms import FileRulesForm
from submissions.fields import BY_NAME
from submissions.limit_forms import LimitsForm, TrackForm
from submissions.promise_desk import PromisesForm
from submissions.question_desk import ASKED

FORMS: Mapping[str, Any] = {
    "limits": LimitsForm,
    "track": TrackForm,
    "credits": CreditRulesForm,
    "files": FileRulesForm,
    "promises": PromisesForm,
    "objections": ObjectionRulesForm,
}
LABELS = {
    "residence.allowed": gettext_lazy("Where entrants may live"),
    "residence.excluded": gettext_lazy("Where those live who cannot take part"),
    "question.required": gettext_lazy("Question"),
    "question.due_at": gettext_lazy("Last day to answer"),
    "declaration.required": gettext_lazy("Declaration"),
    "declaration.text": gettext_lazy("Wording of the declaration"),
    "deadline": gettext_lazy("Deadline"),
    "dates.starts_at": gettext_lazy("Beginning"),
    "dates.ends_at": pgettext_lazy("phase", "End"),
    "dates.notice": pgettext_lazy("phase", "End"),
    "milestone.due_at": pgettext_lazy("milestone", "Due"),
    "cohort.starts_at": gettext_lazy("Beginning"),
    "cohort.ends_at": pgettext_lazy("phase", "End"),
    "track.slot": gettext_lazy("Track"),
    "track.merged": gettext_lazy("Its entries"),
    "track.name": gettext_lazy("What it is called"),
    "track.about": gettext_lazy("What the track is about"),
    "phase.slot": gettext_lazy("Phase"),
    "phase.name": gettext_lazy("What it is called"),
    "edition.fix_days": gettext_lazy("Days to mend a film"),
    "edition.blind": gettext_lazy("Names hidden until scored"),
    "edition.four_eyes": gettext_lazy("Two people decide over the award list"),
    "prize_pool": gettext_lazy("Prize pool"),
    **award_change_words.LABELS,
    **cohort_change_words.LABELS,
    "round.cut": gettext_lazy("Who goes on"),
    "round.slot": gettext_lazy("Round"),
}
UNLIMITED = ("limits.per_person", "limits.per_track", "track.most_entries")  # 0 is no limit


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of several: `mark` is "in", "out" or "same"."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """From what to what; or lines, where it is a list."""

    label: str = ""
    before: str = ""
    after: str = ""
    lines: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that was changed, for templates/_changes.html."""

    label: str
    parts: tuple[Part, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What was changed at one moment for one reason. `text`: a sentence of its own, where there is one."""

    at: datetime
    reason: str
    lines: tuple[ChangeLine, ...] = ()
    text: str = ""


def groups_of(
    edition: Edition,
    changes: Iterable[EditionChange],
    rulebooks: Iterable[RulebookChange],
    extensions: Iterable[DeadlineExtension],
) -> list[ChangeGroup]:
    """Everything since the call opened, newest first. Asks nothing of the database but for tracks that rules name."""
    together: dict[tuple[datetime, str], list[EditionChange]] = {}
    for row in reversed(list(changes)):  # as they were made
        together.setdefault((row.at, say(row.reason)), []).append(row)
    found = [
        ChangeGroup(at, reason, tuple(lines_of(rows, edition))) for (at, reason), rows in together.items()
    ]
    found += [ChangeGroup(row.at, row.reason, (_rulebook(row),)) for row in rulebooks if row.at]
    found += [ChangeGroup(row.at, "", text=_extended(row, edition.time_zone)) for row in extensions]
    return sorted(found, key=lambda group: group.at, reverse=True)


def lines_of(rows: Sequence[EditionChange], edition: Edition) -> list[ChangeLine]:
    """Changes that were made together."""
    return [
        ChangeLine(
            _label(row),
            (Part(before=_said(row, row.before, edition), after=_said(row, row.after, edition)),),
        )
        for row in rows
    ]


def _said(row: EditionChange, value: Any, edition: Edition) -> str:
    """Of a criterion that keeps its name the weight alone: the name stands before it."""
    both = row.before and row.after
    if row.what == "criterion" and both and row.before["name"] == row.after["name"]:
        return f"{value['weight']}%"
    if row.what in award_change_words.LABELS:
        return award_change_words.value_text(row.what, value, edition)
    if row.what in cohort_change_words.LABELS:
        return cohort_change_words.value_text(row.what, value, edition)
    return value_text(row.what, value, edition.time_zone)


def _extended(row: DeadlineExtension, zone: str) -> str:
    said = extension_text(row, zone)
    return _("%(name)s: %(what)s") % {"name": say(row.track.name), "what": said} if row.track else said


def _rulebook(row: RulebookChange) -> ChangeLine:
    """The sentences that went and came."""
    old, new = (
        [rule.text for rule in sentences(Rulebook.from_toml(text), short_language())]
        for text in (row.before, row.toml)
    )
    gone = [Mark("out", text) for text in old if text not in new]
    come = [Mark("in", text) for text in new if text not in old]
    lines = (*gone, *come)
    return ChangeLine(_("Rules for the film"), (Part(lines=lines),) if lines else ())


def _label(row: EditionChange) -> str:
    area, _dot, key = row.what.partition(".")
    if row.what == "field":
        return str(BY_NAME[row.name["field"]].label)
    if area in ("criterion", "panel"):
        what = round_words.change_label(f"{area}:", row.before, row.after)
    elif row.what in LABELS:
        what = str(LABELS[row.what])
    elif area == "round":
        what = str(round_words.LABELS[key])
    else:
        what = str(FORMS[area].base_fields[key].label)
    name = str(Phase.Kind(row.name["kind"]).label) if "kind" in row.name else say(row.name)
    return _("%(name)s: %(what)s") % {"name": name, "what": what} if name else what


def value_text(what: str, value: Any, zone: str) -> str:
    """A stored value of `what` in words; "" for nothing."""
    area, _dot, key = what.partition(".")
    if area == "field":
        return str(dict(ASKED)[value])
    if what in ("question.required", "declaration.required"):
        if value is None:
            return _("not asked")
        return _("must be answered") if value else _("may be left out")
    if what == "question.due_at":
        return deadline_text(parse_datetime(value), zone) if value else _("no last day")
    if what in ("deadline", "milestone.due_at"):
        return deadline_text(parse_datetime(value), zone)
    if area in ("dates", "cohort"):
        moment = parse_datetime(value)
        return moment_text(moment, zone) if key == "starts_at" else deadline_text(moment, zone)
    if what == "track.slot":
        return str(Track.Enters(value["enters"]).label) if value else pgettext("change", "not there")
    if what == "track.merged":
        return _("in “%(track)s”") % {"track": say(value["name"])}
    if what == "phase.slot":
        return _phase(value, zone) if value else pgettext("change", "not there")
    if what == "phase.name" and not value:
        return _("called after its kind")
    if what in ("track.name", "track.about", "phase.name"):
        return cohort_change_words.both(value)
    if what == "round.cut":
        kind, number = value
        return round_words.cut_words(kind, None if number is None else Decimal(number))
    if what == "round.slot":
        return str(Round.Gate(value).label) if value else pgettext("change", "not there")
    if area == "round" and key in round_words.LABELS:
        return round_words.value_words(key, value)
    if area == "criterion":
        return f"{say(value['name'])}, {value['weight']}%" if value else ""
    if area == "panel":
        return _panel(value)
    if what == "prize_pool":
        return award_rules.pool_words(value)
    if area == "residence":
        return country_text(", ".join(value))
    if value == 0 and what in UNLIMITED and value is not False:
        return _("no limit")
    return _plain(area, key, value)


def _phase(value: Mapping[str, str], zone: str) -> str:
    """Its first and last day."""
    first, end = parse_datetime(value["starts_at"]), parse_datetime(value["ends_at"])
    days = {"first": day_text(first, zone), "last": day_text(last_minute(end), zone)}
    return _("%(first)s to %(last)s") % days


def _panel(value: Mapping[str, Any] | None) -> str:
    if value is None:
        return ""
    if value["most"] is None:
        return _("nominations as the round says")
    return _("%(count)s nominations of each judge") % {"count": value["most"]}


def _plain(area: str, key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return say(value)
    labels = _choices(area, key)
    if isinstance(value, list):
        comma = "、" if short_language() == "zh" else ", "
        return comma.join(str(labels.get(one, one)) for one in value)
    return str(labels.get(value, value))


def _choices(area: str, key: str) -> dict[Any, Any]:
    if (area, key) == ("files", "required"):
        return {kind.key: kind.label for kind in asked_kinds()}
    form = FORMS.get(area)
    field = form.base_fields.get(key) if form else None
    return dict(getattr(field, "choices", ()))
