"""A text in both languages: one JSON column, two inputs."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from festival.kit.incoming import LineField, TextField


def bilingual(**options: Any) -> models.JSONField:
    """A model field holding {"en": …, "zh": …}; read it with `say`."""
    return models.JSONField(default=dict, blank=True, **options)


class BilingualWidget(forms.MultiWidget):
    template_name = "kit/bilingual.html"

    def __init__(self, *, long: bool = False) -> None:
        kind = forms.Textarea if long else forms.TextInput
        attrs = {"rows": 4} if long else {}
        super().__init__({"en": kind({**attrs, "lang": "en"}), "zh": kind({**attrs, "lang": "zh-Hans"})})

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        value = value or {}
        return [value.get("en", ""), value.get("zh", "")]


def reword(form: forms.BaseForm, **words: Any) -> None:
    """Other words for fields of a form, by their names: a label, or a label with its help. Fields it lacks stay out."""
    for name, said in words.items():
        if field := form.fields.get(name):
            label, *rest = said if isinstance(said, tuple) else (said,)
            field.label = label
            if rest:
                field.help_text = rest[0]


class BilingualField(forms.MultiValueField):
    """Form field for `bilingual()`. Required means: at least one of the two languages."""

    def __init__(self, *, long: bool = False, max_length: int = 2000, **options: Any) -> None:
        kind = TextField if long else LineField
        self.most_letters = max_length if long else None
        fields = [kind(required=False, max_length=max_length) for _language in ("en", "zh")]
        options.setdefault("widget", BilingualWidget(long=long))
        options.setdefault(
            "error_messages", {"required": _("Write this in at least one of the two languages.")}
        )
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, values: list[str]) -> dict[str, str]:
        return {key: value for key, value in zip(("en", "zh"), values, strict=False) if value}
