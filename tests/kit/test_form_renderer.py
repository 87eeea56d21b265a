"""Widgets of choices are written as Django writes them."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from festival.kit.form_renderer import FormRenderer
from festival.kit.long_select import LongSelect

FLAT = [("", "–"), (1, "One & <only>"), ('"2"', gettext_lazy("Film"))]
GROUPED = [("Europe", [("FR", "France"), ("DE", "Germany")]), ("x", "Alone")]
WIDGETS = [forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple]


class Striped(forms.Select):
    option_template_name = "django/forms/widgets/input.html"


@pytest.mark.parametrize("choices", [FLAT, GROUPED, []])
@pytest.mark.parametrize("kind", [*WIDGETS, forms.NullBooleanSelect, Striped])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "class": "wide", "required": True, "disabled": False}])
def test_the_same_as_django(kind: type[forms.Widget], choices: list, attrs: dict) -> None:
    widget = kind() if kind is forms.NullBooleanSelect else kind(choices=choices)
    for value in ("", "FR", 1, ["FR", "x"], None):
        if isinstance(value, list) and not getattr(widget, "allow_multiple_selected", False):
            continue
        ours = widget.render("film", value, attrs, renderer=FormRenderer())
        django = widget.render("film", value, attrs, renderer=TemplatesSetting())
        assert parse_html(ours) == parse_html(django)


def test_what_is_chosen_is_marked_and_escaped() -> None:
    field = forms.ChoiceField(choices=FLAT)
    ours = field.widget.render("a<b", 1, {"title": 'x"y'}, renderer=FormRenderer())
    assert ours == (
        '<select name="a&lt;b" title="x&quot;y"><option value="">–</option>'
        '<option value="1" selected>One &amp; &lt;only&gt;</option>'
        '<option value="&quot;2&quot;">Film</option></select>'
    )


@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "required": True, "disabled": False}])
@pytest.mark.parametrize("value", ["", 1, '"2"', "unknown", None])
def test_a_long_select_is_the_same_too(value: object, attrs: dict) -> None:
    ours = LongSelect(choices=FLAT).render("film", value, attrs)
    django = forms.Select(choices=FLAT).render("film", value, attrs, renderer=TemplatesSetting())
    assert parse_html(ours) == parse_html(django)


LINES = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
    forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput, forms.Textarea,
    forms.ClearableFileInput,
]  # fmt: skip


@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "required": True, "disabled": False, "title": 'x"<'}])
def test_lines_and_texts_are_the_same(kind: type[forms.Widget], attrs: dict) -> None:
    for value in ("", 'a "<b>" & c', 12, None, True):
        ours = kind().render("film", value, attrs, renderer=FormRenderer())
        django = kind().render("film", value, attrs, renderer=TemplatesSetting())
        assert ours.strip() == django.strip()
