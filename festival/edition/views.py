"""The site's front door, an edition's front page, and its team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import actions, permissions, queries
from festival.edition.calendar import calendar_of, calendars_of
from festival.edition.door import get_edition
from festival.edition.forms import MemberForm
from festival.edition.models import Membership
from festival.edition.rulebook import Rulebook, sentences
from festival.edition.track_words import extension_text, track_notes
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import short_language
from festival.people.door import signed_in
from festival.people.models import User
from festival.people.roles import Role

SUMMARY = ("duration_min", "duration_max", "file_size", "container", "resolution", "audio_required")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The editions that the reader may see; where there is only one, its front page."""
    editions = list(queries.visible_to(request.actor).prefetch_related("tracks"))
    if len(editions) == 1:
        return redirect("edition:front", editions[0].slug)
    calendars = calendars_of([edition.pk for edition in editions], timezone.now())
    rows = [(edition, calendars[edition.pk]) for edition in editions]
    return page(request, "public/home.html", {"rows": rows})


@require_GET
def front(request: HttpRequest, edition: str) -> HttpResponse:
    """What it is, what goes on now, when, by what rules, and how to enter."""
    found = get_edition(request.actor, edition)
    said = sentences(Rulebook.from_toml(found.rulebook), short_language())
    calendar = calendar_of(found.pk, timezone.now())
    extensions = queries.extensions_of(found)
    extended = extensions.get(None)
    tracks = list(found.tracks.all())
    # Laureates and screenings stand on this floor: they are reached through the edition.
    context = {
        "edition": found,
        "calendar": calendar,
        "extended": extension_text(extended, found.time_zone)
        if extended and calendar.call_is_open and calendar.at < extended.until
        else "",
        "tracks": [
            (track, track_notes(track, found, calendar, extension=extensions.get(track.pk)))
            for track in tracks
        ],
        "by_invitation": bool(tracks) and all(track.invitation_only for track in tracks),
        "rules": [rule for rule in said if rule.rule in SUMMARY],
        "has_laureates": found.award_slots.filter(
            laureates__withdrawn_at__isnull=True, laureates__isnull=False
        ).exists(),
        "on_notice": found.notices_of_awards.filter(
            closed_at__isnull=True, taken_down_at__isnull=True
        ).exists(),
        "votes": found.award_slots.filter(
            audience_poll__opens_at__lte=calendar.at, audience_poll__closes_at__gt=calendar.at
        ).exists(),
        "has_programme": found.releases.exists(),
        "has_changed": queries.has_changed(found),
    }
    return page(request, "public/front.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, edition: str) -> HttpResponse:
    """Who does what here; somebody new is named by e-mail address."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    roles = [role for role in Role if permissions.can_give(request.actor, found, role)]
    form = MemberForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(email=form.cleaned_data["email"].lower(), is_active=True).first()
        if user is None:
            form.add_error(
                "email",
                _("There is no account with this address. Invite the person by mail instead."),
            )
        else:
            actions.add_member(edition=found, user=user, role=Role(form.cleaned_data["role"]))
            messages.success(request, _("%(name)s has been added.") % {"name": user})
            return redirect("edition:team", edition)
    members = [
        (member, permissions.can_give(request.actor, found, member.role)) for member in queries.team_of(found)
    ]
    context = {"edition": found, "form": form, "members": members}
    return page(request, "desk/team.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def remove_member(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take a role away from somebody."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    try:
        member = Membership.objects.select_related("user").get(edition=found, pk=pk)
    except Membership.DoesNotExist:
        raise Http404 from None
    if not permissions.can_give(request.actor, found, member.role):
        raise PermissionDenied
    try:
        actions.remove_member(membership=member)
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        text = _("%(name)s is no longer: %(role)s.")
        messages.success(request, text % {"name": member.user, "role": member.get_role_display()})
    return redirect("edition:team", edition)
