"""The desk's form for where entrants may live."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import ResidenceRules
from festival.edition.territories import territory_codes
from festival.kit.incoming import TextField
from festival.kit.names import country_codes, country_names
from festival.kit.words import short_language

ANYWHERE, ALLOWED, EXCLUDED = "", "allowed", "excluded"


class PlacesField(TextField):
    """Countries or regions, one a line, by name in either language or by code; gives their codes in order."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        names = country_names(short_language())
        return value if isinstance(value, str) else "\n".join(names.get(code, code) for code in value or ())

    def to_python(self, value: Any) -> tuple[str, ...]:
        codes = country_codes(super().to_python(value))
        known = territory_codes()
        for code in codes:
            if code not in known:
                text = _now(
                    "“%(name)s” is no country or region that we know. Write its name or its code of two letters."
                )
                raise forms.ValidationError(text % {"name": code[:40]})
        return tuple(sorted(codes))

    def validate(self, value: Any) -> None:
        """Whether any are needed depends on the choice above it."""


class ResidenceForm(forms.Form):
    """Anywhere, only in these places, or everywhere but in these."""

    rule = forms.ChoiceField(
        label=_("Entrants may live"),
        required=False,
        choices=[
            (ANYWHERE, _("anywhere")),
            (ALLOWED, _("only in these countries or regions")),
            (EXCLUDED, _("anywhere but in these")),
        ],
        widget=forms.RadioSelect,
    )
    places = PlacesField(
        label=_("Countries or regions"),
        required=False,
        max_length=10_000,
        help_text=_("One a line: China, 法国, or the code JP."),
    )

    def __init__(self, rules: ResidenceRules, *args: Any) -> None:
        rule = ALLOWED if rules.allowed else EXCLUDED if rules.excluded else ANYWHERE
        super().__init__(*args, initial={"rule": rule, "places": rules.allowed or rules.excluded})
        self.fields["rule"].wanted = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule") and "places" in data and not data["places"]:
            self.add_error("places", _now("Name at least one country or region, or choose “anywhere”."))
        return data

    @property
    def rules(self) -> ResidenceRules:
        rule = self.cleaned_data["rule"]
        return ResidenceRules(**{rule: self.cleaned_data["places"]}) if rule else ResidenceRules()
