"""A whole edition out of a blueprint: the one place that knows every floor's share of it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from festival.awards.actions import create_slots
from festival.edition.actions import create_edition
from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition
from festival.people.models import User
from festival.premiere.hall_actions import create_venues
from judging.rounds_actions import create_rounds
from submissions.question_actions import create_questions


@transaction.atomic
def make_edition(*, plan: Blueprint, slug: str, opens: date, owner: User, public: bool = False) -> Edition:
    """Edition with everything of its blueprint. Raises BlueprintError for an address that is taken."""
    edition = create_edition(plan=plan, slug=slug, opens=opens, owner=owner, public=public)
    create_questions(edition=edition, plan=plan, at=timezone.now())
    create_slots(edition=edition, plan=plan)
    create_venues(edition=edition, plan=plan, opens=opens)
    create_rounds(edition=edition, plan=plan)
    return edition
