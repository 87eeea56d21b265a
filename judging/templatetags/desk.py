"""The desk's side navigation: the places of this person in this edition."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from festival.edition import permissions
from submissions.form_pages import PAGES

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the navigation; `current`: the reader is there."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one heading; "" stands before all others without one."""

    label: str
    places: list[Place]

    @property
    def here(self) -> Place | None:
        return next((place for place in self.places if place.current), None)


@register.simple_tag(takes_context=True)
def desk_places(context: dict[str, Any]) -> list[Group]:
    """The places of this person, by what one does there; groups without a place for her are left out.

    Needs `edition` and `request` in the context; without them it is empty.
    """
    edition, request = context.get("edition"), context.get("request")
    if edition is None or request is None:
        return []
    actor = request.actor
    organises = permissions.can_organise(actor, edition)
    inspects = permissions.can_inspect(actor, edition)
    leads = organises or permissions.can_chair(actor, edition)
    teams = organises and edition.cohorts.exists()
    offered = (
        ("", [(True, _("Overview"), "judging:desk")]),
        (
            pgettext("desk", "Setting up"),
            [
                (leads, pgettext("desk", "Plan"), "judging:edition_plan"),
                (organises, _("Rulebook"), "submissions:rulebook"),
                (organises, _("Entry form"), PAGES[0][0]),
                (organises, _("Contest rehearsal"), "judging:rehearsals"),
            ],
        ),
        (
            pgettext("desk", "Entries and teams") if teams else _("Entries"),
            [
                (inspects, _("Entries"), "submissions:desk_entries"),
                (inspects, _("Inspection"), "submissions:desk_inspections"),
                (inspects, _("Corrections"), "submissions:desk_corrections"),
                (teams, _("Teams"), "cohorts:desk"),
                (teams, _("Mentoring"), "submissions:desk_mentoring"),
            ],
        ),
        (
            _("Judging"),
            [
                (leads, _("Rounds"), "judging:rounds"),
                (leads, _("Judges"), "judging:judges"),
                (leads, _("Conflicts"), "judging:conflicts"),
                (leads, _("Meetings"), "judging:meetings"),
            ],
        ),
        (
            pgettext("desk", "Awards and premiere"),
            [
                (leads, _("Awards"), "judging:awards"),
                (leads, _("Feedback"), "judging:feedback"),
                (organises, _("Catalogue"), "catalogue:desk"),
                (organises, _("Premiere"), "premiere:desk"),
                (inspects and not organises, _("Copies"), "premiere:copies"),
                (inspects and not organises, _("Projection"), "premiere:projections"),
            ],
        ),
        (
            pgettext("desk", "Letters and team"),
            [
                (organises, _("Letters"), "post:letters"),
                (organises, _("Outbox"), "post:outbox"),
                (leads, _("Invitations"), "team:invitations"),
                (organises, _("Team"), "edition:team"),
            ],
        ),
    )
    groups = [
        Group(label, [Place(text, reverse(name, args=[edition.slug])) for may, text, name in rows if may])
        for label, rows in offered
    ]
    here = _here(
        request.path, edition.slug, [place.url for group in groups for place in group.places], organises
    )
    return [
        Group(group.label, [replace(place, current=place.url == here) for place in group.places])
        for group in groups
        if group.places
    ]


def _here(path: str, slug: str, urls: list[str], organises: bool) -> str:
    """The place that a page belongs to: the one whose address it begins with, but for those that stand elsewhere."""
    form = f"/{slug}/desk/form/"  # several pages, one place of the navigation
    inside = [url for url in urls if path.startswith(form if url.startswith(form) else url)]
    here = max(inside, key=len, default="")
    form_pages = [reverse(name, args=[slug]) for name, _label in PAGES]
    of_awards = ("awards:objections", "awards:papers", "awards:audience_desk", "judging:fairness")
    if path.startswith(tuple(reverse(name, args=[slug]) for name in of_awards)):
        here = reverse("judging:awards", args=[slug])
    if path.startswith(reverse("submissions:handoff", args=[slug])):
        here = reverse("catalogue:desk", args=[slug])
    if organises and path.startswith(reverse("judging:edition_setup", args=[slug])):
        here = reverse("judging:edition_plan", args=[slug])
    if not organises and path.endswith("/projection/"):
        here = reverse("premiere:projections", args=[slug])
    return form_pages[0] if path in form_pages else here


@register.filter
def place_here(groups: list[Group]) -> Place | None:
    """Where the reader is."""
    return next((group.here for group in groups if group.here), None)
