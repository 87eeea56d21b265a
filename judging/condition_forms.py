"""What an award or a rule asks of a film, in three fields: an attribute, its test, values as people say them."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from festival.edition.blueprint_awards import ATTRIBUTES, MAKER, TOOL
from festival.edition.models import Edition, Track
from festival.kit.incoming import LineField
from festival.kit.names import SuggestingInput, country_codes, country_names, language_codes, language_names
from festival.kit.words import say, short_language
from judging import award_words
from submissions.models import Entry
from submissions.statement_view import rulebook_of

YES_NO = ("findings_closed", "rights_complete", "identity_checked")
LABELS = {
    "track": gettext_lazy("Track"),
    "form": gettext_lazy("Form"),
    "premiere": gettext_lazy("Premiere status"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "year": gettext_lazy("Year"),
    "minutes": gettext_lazy("Length in minutes"),
    "findings_closed": gettext_lazy("Every technical finding closed"),
    "rights_complete": gettext_lazy("Rights complete"),
    "identity_checked": gettext_lazy("Identity checked"),
}
TESTS = [
    ("is", gettext_lazy("is")),
    ("one_of", gettext_lazy("is one of")),
    ("at_least", gettext_lazy("is at least")),
    ("at_most", gettext_lazy("is at most")),
]
_YES = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
_SEVERAL = re.compile(r"[,，、;；\n]+")
_LONG = re.compile(r"[;；\n]+")  # the words for a premiere have commas in them
_COMMA = re.compile(r"(\d+),(\d{1,2}\s*%?)")  # "7,5": a decimal to many

Choices = list[tuple[str, Any]]


def attribute_choices(edition: Edition, used: Mapping[str, Any] | None = None) -> Choices:
    """All that can be asked of a film, tools and makers as the rulebook knows them; and what is asked already."""
    tools, language = rulebook_of(edition).tools, short_language()
    by_tool = [
        (f"{TOOL}{tool.slug}", tools.said(tool.slug, language)) for tool in tools.tools if tool.generates
    ]
    makers = sorted({tool.maker for tool in tools.tools if tool.maker and tool.generates})
    found: Choices = [("", "–"), (_("Of the film"), [(name, LABELS[name]) for name in ATTRIBUTES])]
    if by_tool:
        found.append((_("Share made with a tool, in per cent"), by_tool))
    if makers:
        by_maker = [(f"{MAKER}{maker}", maker) for maker in makers]
        found.append((_("Share made with all tools of a maker, in per cent"), by_maker))
    known = {*ATTRIBUTES, *(key for key, _label in by_tool), *(f"{MAKER}{maker}" for maker in makers)}
    more = [(name, name) for name in used or () if name not in known]
    return found + more


def read_values(attribute: str, text: str, edition: Edition, *, one: bool = False) -> list[Any]:
    """Values as a blueprint has them, out of a text; raises ValueError with the sentence that says what is wrong.

    `one`: a single number is asked for, so that the comma in "7,5" is its decimal point.
    """
    if one and (decimal := _COMMA.fullmatch(text.strip())):
        text = ".".join(decimal.groups())
    splits = _LONG if attribute == "premiere" else _SEVERAL
    parts = [part.strip() for part in splits.split(text) if part.strip()]
    if attribute in YES_NO:
        parts = parts or ["yes"]
    if not parts:
        raise ValueError(_("Say which value."))
    return [_value(attribute, part, edition) for part in parts]


def _value(attribute: str, part: str, edition: Edition) -> Any:
    wanted = part.casefold()
    if attribute in YES_NO:
        if wanted not in _YES:
            raise ValueError(_("This is answered with yes or no."))
        return _YES[wanted]
    if attribute in ("country", "language"):
        codes = country_codes if attribute == "country" else language_codes
        names = country_names("en") if attribute == "country" else language_names("en")
        [code] = codes(part)[:1] or [part]
        if code not in names:
            raise ValueError(_unknown(attribute) % {"name": part})
        return code
    if attribute in ("track", "form", "premiere"):
        known = {name.casefold(): code for code, names in _known(attribute, edition) for name in names}
        if wanted not in known:
            raise ValueError(_unknown(attribute) % {"name": part})
        return known[wanted]
    try:
        number = Decimal(part.rstrip("%").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise ValueError(_("“%(name)s” is no number.") % {"name": part})
    return int(number) if number == number.to_integral_value() else float(number)


def _unknown(attribute: str) -> str:
    return {
        "track": _("“%(name)s” is no track of this contest."),
        "form": _("“%(name)s” is no form of film that entrants are offered."),
        "premiere": _("“%(name)s” is no premiere status that entrants are offered."),
        "country": _(
            "“%(name)s” is no country or region that we know. Write its name or its code of two letters."
        ),
        "language": _("“%(name)s” is no language that we know. Write its name or its code."),
    }[attribute]


def _known(attribute: str, edition: Edition) -> Iterator[tuple[str, list[str]]]:
    """Codes with their names in the reader's language, and of tracks in both."""
    if attribute == "track":
        for track in edition.tracks.all():
            yield track.slug, [track.slug, *track.name.values()]
        return
    for code, label in (Entry.Genre if attribute == "form" else Entry.Premiere).choices:
        yield code, [code, str(label)]


def shown(attribute: str, values: list[Any], edition: Edition) -> str:
    """Values as `read_values` takes them, in the reader's language."""
    if attribute in YES_NO:
        texts = [_("yes") if value else _("no") for value in values]
    else:
        texts = [award_words.value_text(attribute, value, edition) for value in values]
    if attribute == "premiere":
        return "; ".join(texts)
    texts = [_whole(text, str(value)) for text, value in zip(texts, values, strict=True)]
    return ("、" if short_language() == "zh" else ", ").join(texts)


def _whole(name: str, code: str) -> str:
    """A name, or its code where the name would be read as several."""
    return code if _SEVERAL.search(name) else name


def suggestions(edition: Edition) -> list[str]:
    """What can be typed where an attribute has few values."""
    tracks: list[Track] = list(edition.tracks.all())
    offered = [*Entry.Genre.labels, *Entry.Premiere.labels]
    return [*(_whole(say(track.name), track.slug) for track in tracks), *map(str, offered), _("yes"), _("no")]


def value_field(edition: Edition, help_text: str = "") -> forms.Field:
    """The line in which values are typed."""
    return LineField(
        label=_("Value"), max_length=300, required=False, help_text=help_text,
        widget=SuggestingInput(lambda: suggestions(edition)),
    )  # fmt: skip


class ConditionFields:
    """The fields of one condition in a form, named with a number; put in by the form that has them."""

    def __init__(self, form: forms.Form, prefix: str, edition: Edition, condition: Mapping[str, Any]) -> None:
        self.form, self.edition, self.was = form, edition, bool(condition)
        self.names = [f"{prefix}_{part}" for part in ("attribute", "test", "value")]
        attribute = condition.get("attribute", "")
        test = next((key for key, _label in TESTS if key in condition), "is")
        value = condition.get(test, "")
        values = value if isinstance(value, list) else [value]
        form.fields[self.names[0]] = forms.ChoiceField(
            label=_("Asks of"), choices=attribute_choices(edition, {attribute: 1} if attribute else None),
            required=False, initial=attribute,
        )  # fmt: skip
        form.fields[self.names[1]] = forms.ChoiceField(
            label=pgettext("condition", "How"), choices=TESTS, required=False, initial=test
        )
        form.fields[self.names[2]] = value_field(edition)
        form.fields[self.names[2]].initial = shown(attribute, values, edition) if attribute else ""
        for name in self.names:
            form.fields[
                name
            ].wanted = True  # not called optional beside each: a condition is left out as a whole

    def clean(self) -> dict[str, Any] | None:
        """The condition as a blueprint has it; None where none is asked, or something is wrong with it."""
        attribute, test, text = (self.form.cleaned_data.get(name) or "" for name in self.names)
        if not attribute:
            if text and not self.was:
                self.form.add_error(self.names[0], _("Choose what this value is of."))
            return None
        test = test or "is"
        bound = test in ("at_least", "at_most")
        try:
            values = read_values(attribute, text, self.edition, one=bound)
        except ValueError as error:
            self.form.add_error(self.names[2], str(error))
            return None
        if bound and any(isinstance(one, bool) or not isinstance(one, int | float) for one in values):
            self.form.add_error(self.names[1], _("Only numbers can be more or less."))
            return None
        if bound and len(values) != 1:
            self.form.add_error(self.names[2], _("Write one number, with a point: 7.5"))
            return None
        if test == "is" and len(values) > 1:
            test = "one_of"
        return {"attribute": attribute, test: values if test == "one_of" else values[0]}

    @property
    def fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.names]
