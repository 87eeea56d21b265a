"""Writes of an edition's entry form."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from festival.edition.form_rules import FormRules, read_form
from festival.edition.models import Edition


@transaction.atomic
def save_form_part(*, edition: Edition, part: str, values: Mapping[str, Any]) -> FormRules:
    """Put `values` in place of one part of the form: fields, credits, files or limits. Raises FormRulesError."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    rules = read_form({**held.form, part: dict(values)})
    held.form = rules.as_data()
    held.save(update_fields=["form"])
    edition.form = held.form
    return rules
