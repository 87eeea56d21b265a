"""Writes of an edition's entry form."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.form_rules import FormRules, read_form
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor


@transaction.atomic
def change_form(*, edition: Edition, by: Actor, **parts: Any) -> FormRules:
    """Put parts of the form ("credits", "fields" …) in place of what stood there; the others stay as they are.

    Entries that were submitted stay so; drafts are held against the new form at once. Raises FormRulesError.
    """
    if not permissions.can_organise(by, edition):
        raise Refused(_("Only the organisers change the entry form."), status=403, code="not_allowed")
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    rules = read_form(replace(read_form(fresh.form), **parts).as_data())
    edition.form = rules.as_data()
    Edition.objects.filter(pk=edition.pk).update(form=edition.form)
    return rules
