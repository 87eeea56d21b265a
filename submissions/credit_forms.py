"""Forms of the credits: lines that keep what is unfinished and refuse nonsense, declarations, invitations."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.form_rules import MOST_PEOPLE, ROLES, CreditRules
from festival.edition.role_words import ROLE_NAMES
from festival.kit.incoming import LineField
from festival.people.models import LANGUAGES
from submissions.credit_names import NameField
from submissions.credit_people import Person
from submissions.models import Entry, RepresentativeIdentity

PREFIX = "credits"
EMPTY_LINES = 2  # shown in a form without any

_UNREADABLE = gettext_lazy("The lines of the credits could not be read. Reload the page and try again.")


class CreditForm(forms.Form):
    """One person: names, roles, address, and whether it is the account's own or the team's representative."""

    name = NameField(
        label=gettext_lazy("Name"), required=False, help_text=gettext_lazy("As it stands in the film.")
    )
    name_other = NameField(
        label=gettext_lazy("Name in the other script"),
        required=False,
        help_text=gettext_lazy("In Latin letters, or in Chinese, for the programme in the other language."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What the person did"),
        choices=[(role, ROLE_NAMES[role]) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose roles from the list.")},
    )
    role_other = LineField(label=gettext_lazy("Which other work"), max_length=80, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("To invite the person. Nobody but you and the organisers sees it."),
    )
    country = LineField(label=gettext_lazy("Country or region"), max_length=60, required=False)
    is_self = forms.BooleanField(label=gettext_lazy("This is me"), required=False)
    is_representative = forms.BooleanField(label=gettext_lazy("Represents the team"), required=False)

    def __init__(self, *args: Any, project: bool = False, **options: Any) -> None:
        # An empty line is read like any other: only so is it told from one that was emptied.
        super().__init__(*args, **options | {"empty_permitted": False})
        if project:
            self.fields["name"].help_text = gettext_lazy("As the festival shall write it.")
        for name in ("name", "roles", "role_other"):  # may be empty in a draft, but are not called optional
            self.fields[name].wanted = True

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    @property
    def person(self) -> Person | None:
        """The line as data; None for an empty one."""
        given = self.cleaned_data
        chosen = set(given["roles"]) | ({"other"} if given["role_other"] and not given["roles"] else set())
        person = Person(
            name=given["name"],
            name_other=given["name_other"],
            roles=tuple(role for role in ROLES if role in chosen),
            role_other=given["role_other"] if "other" in chosen else "",
            email=given["email"],
            country=given["country"],
            is_representative=given["is_representative"],
            is_self=given["is_self"],
        )
        return None if person == Person() else person


class CreditFormSet(forms.BaseFormSet):
    """The lines together: what only one of them can be is said on the later one."""

    own_address = ""

    def clean(self) -> None:
        if self.total_form_count() < 0:
            raise forms.ValidationError(_UNREADABLE)
        first: dict[tuple[str, object], int] = {}
        twice = {
            "email": _("Line %(number)s has the same address. Every person has one of their own."),
            "is_self": _("You stand in line %(number)s already."),
            "is_representative": _("One person represents the team, and line %(number)s does already."),
        }
        for number, form in enumerate(self.forms, 1):
            given = getattr(form, "cleaned_data", {})
            for name, text in twice.items():
                if not given.get(name):
                    continue
                before = first.setdefault((name, given[name]), number)
                if before != number:
                    form.add_error(name, text % {"number": before})
            if given.get("email") and given["email"] == self.own_address and not given.get("is_self"):
                text = _("This is the address of your own account: tick “This is me”, or write another.")
                form.add_error("email", text)

    def is_valid(self) -> bool:
        valid = super().is_valid()  # runs `clean`, which may put an error on a line that was fine by itself
        return valid and not any(form.errors for form in self.forms)

    @property
    def people(self) -> list[Person]:
        """The lines that say something, in their order."""
        return [person for form in self.forms if (person := form.person)]

    def sentences(self) -> Iterator[str]:
        """Every fault with the number of its line."""
        yield from (str(error) for error in self.non_form_errors())
        for number, form in enumerate(self.forms, 1):
            for name, errors in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                for error in errors:
                    values = {"number": number, "field": label, "error": error}
                    yield _("Line %(number)s of the credits, %(field)s: %(error)s") % values


_LINES = forms.formset_factory(
    CreditForm,
    formset=CreditFormSet,
    extra=0,
    max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE + 1,
    validate_max=True,
)


def credit_lines(
    data: Mapping[str, Any] | None, people: Sequence[Person], entry: Entry, most: int
) -> CreditFormSet:
    """The formset, bound to `data` where there is any. It shows empty lines to write into, up to `most` in all."""
    form_kwargs = {"project": entry.is_project}
    if data is not None:
        messages = {
            "missing_management_form": _UNREADABLE,
            "too_many_forms": _("At most %(most)s people can be named.") % {"most": MOST_PEOPLE},
        }
        lines = _LINES(data, error_messages=messages, prefix=PREFIX, form_kwargs=form_kwargs)
    else:
        lines = _LINES(
            initial=[_initial(person) for person in people], prefix=PREFIX, form_kwargs=form_kwargs
        )
        lines.extra = min(max(EMPTY_LINES - len(people), 1), max(most - len(people), 0))
        lines.max_num = most  # for the button that adds a line; the action counts those that say something
    lines.own_address = entry.entrant.email
    return lines


def _initial(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in CreditForm.base_fields}


class InviteForm(forms.Form):
    """Whom to write to, and in which language."""

    email = forms.CharField(widget=forms.HiddenInput)
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=LANGUAGES)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class IdentityForm(forms.Form):
    """The representative's legal name, and what proves it."""

    legal_name = NameField(
        label=gettext_lazy("Legal name"),
        help_text=gettext_lazy("As it stands in the document."),
        error_messages={"required": gettext_lazy("Write the name as it stands in the document.")},
    )
    document = forms.ChoiceField(
        label=gettext_lazy("Document that proves it"),
        choices=[("", gettext_lazy("Choose")), *RepresentativeIdentity.Document.choices],
        help_text=gettext_lazy("Only its kind. We ask for no number and no picture of it."),
        error_messages={"required": gettext_lazy("Choose the kind of document.")},
    )


class CreditRulesForm(forms.Form):
    """What an edition asks of the credits; gives `CreditRules`."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Somebody must be named for"),
        choices=[(role, ROLE_NAMES[role]) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    team_least = forms.IntegerField(
        label=gettext_lazy("People at least"),
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=gettext_lazy("0: no limit."),
    )
    team_most = forms.IntegerField(
        label=gettext_lazy("People at most"),
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=gettext_lazy("0: no limit of your own; the form takes 50."),
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("An entry can be submitted only when every co-author with an address has agreed"),
        required=False,
    )
    age_least = forms.IntegerField(
        label=gettext_lazy("Age at least, in years"),
        min_value=0,
        max_value=99,
        help_text=gettext_lazy("0: not asked. Nobody gives a date of birth: it is declared, in words."),
    )
    identity = forms.BooleanField(
        label=gettext_lazy("The representative gives a legal name and the kind of document that proves it"),
        required=False,
    )

    def __init__(self, *args: Any, rules: CreditRules, **options: Any) -> None:
        initial = {name: getattr(rules, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **options)
        for name in ("roles", "confirm", "identity"):
            self.fields[name].wanted = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        least, most = given.get("team_least"), given.get("team_most")
        if least and most and least > most:
            self.add_error("team_least", _("A team cannot have at least more people than at most."))
        return given

    @property
    def rules(self) -> CreditRules:
        given = self.cleaned_data
        return CreditRules(**given | {"roles": tuple(role for role in ROLES if role in given["roles"])})
