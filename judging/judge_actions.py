"""Writes of a judge's profile: by herself, or by an organiser for her."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.models import User
from festival.people.roles import Role
from judging import permissions
from judging.models import JudgeDay, JudgeProfile


@dataclass(frozen=True, slots=True)
class ProfileGiven:
    """`days`: minutes on days that are otherwise than usual."""

    languages: str
    tracks: Iterable[int]
    forms: list[str]
    minutes_per_day: int | None
    sitting_minutes: int | None
    days: Mapping[date, int]


@transaction.atomic
def save_profile(
    *, edition: Edition, user: User, given: ProfileGiven, by: Actor, at: datetime
) -> JudgeProfile:
    """Keep what a judge can judge and when. The last who saves is right."""
    itself = by.id == user.pk and edition_permissions.can_judge(by, edition)
    if not itself and not permissions.can_plan(by, edition):
        raise Refused(_("Only the judge, an organiser or the jury chair changes this."), status=403)
    if not edition.memberships.filter(user=user, role=Role.JUDGE).exists():
        raise Refused(_("This person is no judge of this contest."), status=400)
    profile, _made = JudgeProfile.objects.update_or_create(
        edition=edition,
        user=user,
        defaults={
            "languages": given.languages,
            "forms": given.forms,
            "minutes_per_day": given.minutes_per_day,
            "sitting_minutes": given.sitting_minutes,
            "updated_at": at,
            "updated_by": by.user,
        },
    )
    profile.tracks.set(given.tracks)
    profile.days.all().delete()
    JudgeDay.objects.bulk_create(
        JudgeDay(profile=profile, day=day, minutes=minutes) for day, minutes in sorted(given.days.items())
    )
    return profile
