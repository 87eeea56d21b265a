"""Writes of editions."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.blueprint import (
    RESERVED_SLUGS,
    Blueprint,
    BlueprintError,
    end_of_day,
    phase_times,
)
from festival.edition.declaration_actions import create_declarations
from festival.edition.models import Edition, Membership, Phase, Track
from festival.kit.errors import Refused
from festival.people.models import User
from festival.people.roles import Role


@transaction.atomic
def create_edition(*, plan: Blueprint, slug: str, opens: date, owner: User, public: bool = False) -> Edition:
    """An edition with its tracks, declarations and calendar. `opens` is day 0 of the blueprint's calendar.

    Raises BlueprintError when the address is taken or reserved.
    """
    if slug in RESERVED_SLUGS:
        raise BlueprintError([f"{slug!r} is an address of the site itself; choose another."])
    if Edition.objects.filter(slug=slug).exists():
        raise BlueprintError([f"There is already an edition {slug!r}."])
    edition = Edition.objects.create(
        slug=slug,
        name=plan.name,
        tagline=plan.tagline,
        about=plan.about,
        contact=plan.contact,
        time_zone=plan.time_zone,
        blind=plan.blind,
        fix_days=plan.fix_days,
        four_eyes=plan.four_eyes,
        rulebook=plan.rulebook,
        form=plan.form.as_data(),
        objections=plan.objections.as_data(),
        prize_pool=plan.prize_pool.as_data() if plan.prize_pool else {},
        blueprint=plan.key,
        status=Edition.Status.PUBLIC if public else Edition.Status.DRAFT,
    )
    Track.objects.bulk_create(
        Track(
            edition=edition,
            slug=track.slug,
            name=track.name,
            about=track.about,
            position=position,
            enters=track.enters,
            invitation_only=track.invitation_only,
            most_entries=track.most_entries,
            ends_at=None if track.ends_day is None else end_of_day(track.ends_day, opens, plan.time_zone),
        )
        for position, track in enumerate(plan.tracks)
    )
    create_declarations(edition=edition, plans=plan.declarations)
    phases = []
    for phase in plan.phases:
        starts_at, ends_at = phase_times(phase, opens, plan.time_zone)
        phases.append(
            Phase(edition=edition, kind=phase.kind, name=phase.name, starts_at=starts_at, ends_at=ends_at)
        )
    Phase.objects.bulk_create(phases)
    add_member(edition=edition, user=owner, role=Role.OWNER)
    return edition


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Take a role away. The last owner stays: an edition without one could not be mended by anybody."""
    Edition.objects.select_for_update().get(pk=membership.edition_id)
    owners = Membership.objects.filter(edition_id=membership.edition_id, role=Role.OWNER)
    if membership.role == Role.OWNER and owners.exclude(pk=membership.pk).count() == 0:
        raise Refused(_("This is the last owner. Name another owner first, then take this role away."))
    Membership.objects.filter(pk=membership.pk).delete()


def add_member(*, edition: Edition, user: User, role: Role) -> Membership:
    """Give somebody a role; doing it twice is doing it once."""
    return Membership.objects.get_or_create(edition=edition, user=user, role=role)[0]
