"""The audience votes: the films, the choice, and how somebody comes by a code. No page here knows a number of votes."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards import audience_keys as keys
from festival.awards import audience_queries as queries
from festival.awards import audience_voting as voting
from festival.awards.audience_forms import CodeForm, MailForm
from festival.awards.audience_voting import Voter
from festival.awards.models import AudienceCode, AudiencePoll
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.addresses import has_confirmed


@require_GET
def polls(request: HttpRequest, edition: str) -> HttpResponse:
    """All votes of the audience in this edition."""
    found = get_edition(request.actor, edition)
    rows = list(queries.polls_of(found))
    context = {"edition": found, "polls": rows, "now": timezone.now()}
    return page(request, "public/votes.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """The films; one's own choice, once it is there; until it closes it can be changed."""
    found, poll = _poll(request, edition, slot)
    voter = _voter(request, poll)
    status, error = 200, ""
    chosen = queries.chosen_by(voting.ballot_of(poll, voter))
    if request.method == "POST":
        wanted = request.POST.getlist("film")[:200]
        try:
            voting.cast(poll=poll, voter=voter, films=wanted, at=timezone.now())
        except Refused as refusal:
            status, error, chosen = refusal.status, refusal.text, wanted
        else:
            return redirect("awards:audience_vote", found.slug, poll.slot.slug)
    return _page(request, found, poll, voter, chosen=chosen, error=error, status=status)


@require_POST
def code(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """A code that somebody types."""
    found, poll = _poll(request, edition, slot)
    form = CodeForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            _take(request, poll, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.text)
            status = refusal.status
        else:
            return redirect("awards:audience_vote", found.slug, poll.slot.slug)
    return _page(request, found, poll, _voter(request, poll), code=form, status=status)


@never_cache
@require_GET
def link(request: HttpRequest, edition: str, slot: str, code: str) -> HttpResponse:
    """The address in a letter, or in a QR code: the code is taken, the vote is not cast by it."""
    found, poll = _poll(request, edition, slot)
    try:
        _take(request, poll, code)
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("awards:audience_vote", found.slug, poll.slot.slug)


@require_POST
def mail(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """A code by letter. The answer is the same whether the address has voted or not."""
    found, poll = _poll(request, edition, slot)
    form = MailForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            voting.ask_for_code(
                poll=poll,
                email=form.cleaned_data["email"],
                language=get_language() or "en",
                network=_network(request, poll),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("email", refusal.text)
            status = refusal.status
        else:
            messages.success(
                request, _("A letter with your code is under way. Type the code here, or follow its link.")
            )
            return redirect("awards:audience_vote", found.slug, poll.slot.slug)
    return _page(request, found, poll, _voter(request, poll), mail=form, status=status)


@require_POST
def leave(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """Forget the code on this device: the next person votes."""
    found, poll = _poll(request, edition, slot)
    request.session.pop(_place(poll), None)
    return redirect("awards:audience_vote", found.slug, poll.slot.slug)


def _poll(request: HttpRequest, edition: str, slot: str) -> tuple[Edition, AudiencePoll]:
    found = get_edition(request.actor, edition)
    poll = queries.polls_of(found).filter(slot__slug=slot).first()
    if poll is None:
        raise Http404
    poll.slot.edition = found
    return found, poll


def _network(request: HttpRequest, poll: AudiencePoll) -> str:
    return keys.network_of(poll, get_adapter().get_client_ip(request))


def _place(poll: AudiencePoll) -> str:
    return f"audience-{poll.pk}"


def _take(request: HttpRequest, poll: AudiencePoll, text: str) -> None:
    found = voting.find_code(poll=poll, text=text, network=_network(request, poll), at=timezone.now())
    request.session[_place(poll)] = found.digest  # a newer letter makes it void here too


def _voter(request: HttpRequest, poll: AudiencePoll) -> Voter:
    digest = request.session.get(_place(poll))
    rows = AudienceCode.objects.filter(poll=poll, digest=digest).select_related("batch")
    return Voter(request.actor, _network(request, poll), rows.first() if digest else None)


def _page(
    request: HttpRequest,
    edition: Edition,
    poll: AudiencePoll,
    voter: Voter,
    *,
    chosen: list[str] | None = None,
    error: str = "",
    code: CodeForm | None = None,
    mail: MailForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    is_open = queries.is_open(poll, now)
    films = queries.offered(poll, voter.lot) if is_open else []
    if chosen is None:
        chosen = queries.chosen_by(voting.ballot_of(poll, voter))
    for film in films:
        film.edition = edition
    signed_in = request.actor.known
    confirmed = bool(request.actor.user and has_confirmed(request.actor.user, request.actor.user.email))
    context: dict[str, Any] = {
        "edition": edition,
        "poll": poll,
        "films": films,
        "own": queries.own_films(poll, request.actor, films),
        "chosen": chosen,
        "mine": [film for film in films if film.code in chosen] if status == 200 else [],
        "error": error,
        "is_open": is_open,
        "is_early": now < poll.opens_at,
        "by_code": voter.code,
        "may_vote": is_open and (voter.code or (poll.by_account and signed_in and confirmed)),
        "unconfirmed": poll.by_account and signed_in and not confirmed,
        "code_form": code or CodeForm(),
        "mail_form": mail or MailForm(),
    }
    response = page(request, "public/vote.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
