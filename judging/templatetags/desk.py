"""The desk's side navigation: the places of this person in this edition."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from festival.edition import permissions
from submissions.form_pages import PAGES

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_places(context: dict[str, Any]) -> list[dict[str, object]]:
    """What `_area_nav.html` lists. Needs `edition` and `request` in the context; without them it is empty."""
    edition, request = context.get("edition"), context.get("request")
    if edition is None or request is None:
        return []
    actor = request.actor
    organises = permissions.can_organise(actor, edition)
    inspects = permissions.can_inspect(actor, edition)
    chairs = permissions.can_chair(actor, edition)
    places = [
        (True, _("Overview"), "judging:desk"),
        (inspects, _("Entries"), "submissions:desk_entries"),
        (inspects, _("Inspection"), "submissions:desk_inspections"),
        (inspects, _("Corrections"), "submissions:desk_corrections"),
        (organises, _("Rulebook"), "submissions:rulebook"),
        (organises, _("Entry form"), PAGES[0][0]),
        (organises or chairs, _("Judging"), "judging:rounds"),
        (organises or chairs, _("Judges"), "judging:judges"),
        (organises or chairs, _("Conflicts"), "judging:conflicts"),
        (organises or chairs, _("Meetings"), "judging:meetings"),
        (organises or chairs, _("Awards"), "judging:awards"),
        (organises or chairs, _("Feedback"), "judging:feedback"),
        (organises, _("Catalogue"), "catalogue:desk"),
        (organises, _("Premiere"), "premiere:desk"),
        (inspects and not organises, _("Copies"), "premiere:copies"),
        (inspects and not organises, _("Projection"), "premiere:projections"),
        (organises, _("Letters"), "post:letters"),
        (organises, _("Outbox"), "post:outbox"),
        (organises or chairs, _("Invitations"), "team:invitations"),
        (organises, _("Team"), "edition:team"),
    ]
    rows = [(label, reverse(name, args=[edition.slug])) for may, label, name in places if may]
    form = f"/{edition.slug}/desk/form/"  # several pages, one place of the navigation
    inside = [url for _label, url in rows if request.path.startswith(form if url.startswith(form) else url)]
    here = max(inside, key=len, default="")
    form_pages = [reverse(name, args=[edition.slug]) for name, _label in PAGES]
    of_awards = (
        reverse(name, args=[edition.slug])
        for name in ("awards:objections", "awards:papers", "awards:audience_desk", "judging:fairness")
    )
    if request.path.startswith(tuple(of_awards)):
        here = reverse("judging:awards", args=[edition.slug])
    if request.path.startswith(reverse("submissions:handoff", args=[edition.slug])):
        here = reverse("catalogue:desk", args=[edition.slug])
    if not organises and request.path.endswith("/projection/"):
        here = reverse("premiere:projections", args=[edition.slug])
    if request.path in form_pages:
        here = form_pages[0]
    return [{"label": label, "url": url, "current": url == here} for label, url in rows]
