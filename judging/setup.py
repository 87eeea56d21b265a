"""A whole edition out of a blueprint: the one place that knows every floor's share of it."""

from dataclasses import replace
from datetime import date

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from festival.awards.actions import create_slots
from festival.edition.actions import create_edition
from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition
from festival.edition.permissions import can_make_editions
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.models import User
from festival.premiere.hall_actions import create_venues
from judging.rounds_actions import create_rounds
from submissions.cohorts.setup import create_cohorts
from submissions.question_actions import create_questions


@transaction.atomic
def make_edition(*, plan: Blueprint, slug: str, opens: date, owner: User, public: bool = False) -> Edition:
    """Edition with everything of its blueprint. Raises BlueprintError for an address that is taken."""
    edition = create_edition(plan=plan, slug=slug, opens=opens, owner=owner, public=public)
    create_questions(edition=edition, plan=plan, at=timezone.now())
    create_slots(edition=edition, plan=plan)
    create_venues(edition=edition, plan=plan, opens=opens)
    create_cohorts(edition=edition, plan=plan, opens=opens)
    create_rounds(edition=edition, plan=plan)
    return edition


def set_up(
    *, plan: Blueprint, name: dict[str, str], slug: str, opens: date, time_zone: str, by: Actor
) -> Edition:
    """A draft edition that belongs to whoever sets it up, under a name, an address and on clocks of its own.

    Refused to all who may not make editions, and for what the database does not take; raises BlueprintError for an
    address that is taken.
    """
    if not can_make_editions(by) or by.user is None:
        text = _("Editions are made by the site’s operators and by those who organise one here already.")
        raise Refused(text, status=403, code="not_allowed")
    plan = replace(plan, name=name, time_zone=time_zone)
    try:
        return make_edition(plan=plan, slug=slug, opens=opens, owner=by.user)
    except (DataError, IntegrityError, OverflowError) as error:
        text = _(
            "The database does not take this plan; nothing was made. Either somebody has just taken the address, or a "
            "text in the blueprint is too long. It says: %(said)s"
        )
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Refused(text % {"said": said}, code="database") from error
