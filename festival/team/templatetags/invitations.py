"""The list of invitations on pages of rooms below: the team's."""

from typing import Any

from django import template

from festival.kit import clock
from festival.team import queries
from festival.team.models import Invitation

register = template.Library()


@register.simple_tag(takes_context=True)
def invitations_here(context: dict[str, Any]) -> list[Invitation]:
    """Those of the page's edition that the reader may see."""
    return queries.invitations_for(context["request"].actor, context["edition"])


@register.filter
def is_over(row: Invitation) -> bool:
    """Whether nobody answered in time."""
    return row.state == Invitation.State.OPEN and row.answer_by <= clock.now()
