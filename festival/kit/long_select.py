"""A select of hundreds of choices that stands several times on a page: its options are written once."""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """One choice out of many, without groups: the HTML of Django's widget, which makes an object of each option."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = _options(tuple((str(key), str(label)) for key, label in self.choices))
        for chosen in self.format_value(value):
            plain = f'<option value="{escape(chosen)}"'
            options = options.replace(f"{plain}>", f"{plain} selected>", 1)
        whole = self.build_attrs({"name": name, **self.attrs}, attrs)
        return mark_safe(f"<select{flatatt(whole)}>{options}</select>")


@lru_cache(maxsize=32)  # by what stands in it, so that it is never out of date and never somebody else's
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(key)}">{escape(label)}</option>' for key, label in choices)
