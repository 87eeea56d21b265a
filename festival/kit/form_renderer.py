"""Fields written at once: Django asks a template for each option and each input, which makes long forms slow pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets/"
BOXES = (f"{WIDGETS}checkbox_select.html", f"{WIDGETS}radio.html")
BOX_OPTIONS = (f"{WIDGETS}checkbox_option.html", f"{WIDGETS}radio_option.html")
INPUTS = frozenset(
    f"{WIDGETS}{name}.html"
    for name in (
        "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "search", "tel", "checkbox"
    )
)  # fmt: skip
TEXT = f"{WIDGETS}textarea.html"


class FormRenderer(TemplatesSetting):
    """Django's own templates, but for the widgets of choices, lines and texts: the same HTML without a template; a text
    is not cut by the browser.

    A widget or an option with a template of its own goes to that.
    """

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> SafeString:
        widget = context.get("widget", {})
        if template_name == f"{WIDGETS}select.html" and _uses(widget, f"{WIDGETS}select_option.html"):
            return mark_safe("".join(_select(widget)))
        if template_name in BOXES and _uses(widget, *BOX_OPTIONS):
            return mark_safe("".join(_boxes(widget)))
        if template_name in INPUTS:
            return mark_safe(_input(widget))
        if template_name == TEXT:
            name, value = conditional_escape(widget["name"]), conditional_escape(widget["value"] or "")
            # Without "maxlength" the browser takes what is pasted whole: the server says what is too much.
            attrs = {key: one for key, one in widget["attrs"].items() if key != "maxlength"}
            return mark_safe(f'<textarea name="{name}"{_attributes(attrs)}>\n{value}</textarea>')
        return super().render(template_name, context, request)


def _uses(widget: Mapping[str, Any], *templates: str) -> bool:
    return all(
        option["template_name"] in templates
        for _name, options, _index in widget["optgroups"]
        for option in options
    )


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>'
    for name, options, _index in widget["optgroups"]:
        if name:
            yield f'<optgroup label="{conditional_escape(name)}">'
        for option in options:
            attrs = _attributes(option["attrs"]) if option["attrs"] else ""
            value = conditional_escape(str(option["value"]))
            yield f'<option value="{value}"{attrs}>{conditional_escape(option["label"])}</option>'
        if name:
            yield "</optgroup>"
    yield "</select>"


def _boxes(widget: Mapping[str, Any]) -> Iterator[str]:
    whole = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
    yield f"<div{_attributes(whole)}>"
    for name, options, _index in widget["optgroups"]:
        if name:
            yield f"<div><label>{conditional_escape(name)}</label>"
        for option in options:
            yield "<div>"
            if option["wrap_label"]:
                named = option["attrs"].get("id")
                yield f"<label{_attributes({'for': named} if named else {})}>"
            yield _input(option)
            if option["wrap_label"]:
                yield f" {conditional_escape(option['label'])}</label>"
            yield "</div>"
        if name:
            yield "</div>"
    yield "</div>"


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _attributes(attrs: Mapping[str, Any]) -> str:
    """As Django writes them: False is left out, True stands without a value."""
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )
