"""Writes of what an edition says of itself, and of whether everybody sees it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.deadline_actions import assert_organises
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor

TEXTS = ("name", "tagline", "about")


@transaction.atomic
def save_texts(
    *, edition: Edition, texts: Mapping[str, Mapping[str, str]], contact: str | None = None, by: Actor
) -> None:
    """Write name, tagline and description, and the address for questions where it is given; refused without a name."""
    assert_organises(by, edition)
    if not any(texts["name"].values()):
        raise Refused(_("The contest needs a name."), status=400, code="no_name")
    address = {} if contact is None else {"contact": contact}
    Edition.objects.filter(pk=edition.pk).update(**{key: dict(texts[key]) for key in TEXTS}, **address)


def publish(*, edition: Edition, by: Actor) -> bool:
    """Show a draft to everybody; False when it is shown already."""
    assert_organises(by, edition)
    drafts = Edition.objects.filter(pk=edition.pk, status=Edition.Status.DRAFT)
    return bool(drafts.update(status=Edition.Status.PUBLIC))
