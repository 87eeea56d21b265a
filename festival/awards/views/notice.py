"""The public notice of the award list, the form of an objection, and its page for whoever made it.

Somebody without an account follows the link in our letter: it puts the hash of its secret into the session and leads
on, so that what is logged, remembered and passed on after that is an address without any secret.
"""

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards import objection_keys as keys
from festival.awards import objection_queries as queries
from festival.awards import objection_receiving as receiving
from festival.awards.evidence import FILE_BYTES, FILES
from festival.awards.models import AwardSlot, Objection, PublicNotice
from festival.awards.objection_forms import AnswerForm, ObjectionForm
from festival.awards.objection_letters import confirm_by
from festival.awards.objection_receiving import Objector
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.arriving import takes_small_files, was_too_large
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import way_back
from festival.people.views import remember_language

KEY, MOST_LINKS = "objections", 20
OF_FILES = ("files", "size", "kind")
FIELDS = ("film", "ground", "text", "name", "email")


@require_GET
def notice(request: HttpRequest, edition: str) -> HttpResponse:
    """The list as it stands on public notice, its dates, what has changed since and what was objected, with reasons."""
    found = get_edition(request.actor, edition)
    notices = queries.notices_of(found)
    posted = notices[0] if notices else None
    order = {tier: n for n, tier in enumerate(AwardSlot.Tier.values)}
    labels = dict(AwardSlot.Tier.choices)
    shown = posted.rows if posted and not posted.taken_down_at else []
    rows = sorted(shown, key=lambda row: order.get(row["tier"], 99))
    links = _links(request)
    context = {
        "edition": found,
        "notice": posted,
        "no_awards": posted is None and not found.award_slots.exists(),
        "former": notices[1:],
        "is_open": posted is not None and _is_open(posted),
        "tiers": [
            (labels.get(tier, tier), list(group))
            for tier, group in groupby(rows, key=lambda row: row["tier"])
        ],
        "mine": queries.mine(found, request.actor, links)
        if posted and (request.actor.known or links)
        else [],
        "summary": queries.summary(found) if posted else None,
        "rules": queries.rules_of(found),
    }
    return page(request, "public/notice.html", context)


def _is_open(posted: PublicNotice) -> bool:
    return not posted.taken_down_at and not posted.closed_at and timezone.now() < posted.ends_at


@takes_small_files(FILES * FILE_BYTES)
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, edition: str) -> HttpResponse:
    """The form. After the last moment the page says that it is over."""
    found = get_edition(request.actor, edition)
    notices = queries.notices_of(found)
    if not notices:
        raise Http404
    posted, rules = notices[0], queries.rules_of(found)
    form = ObjectionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        notice=posted,
        user=request.actor.user,
        rules=rules,
        initial={"film": request.GET.get("film", "")},
    )
    status = 200
    if request.method == "POST":
        status = 400
        if was_too_large(request):
            _say_too_large(form)
            status = 413
        elif form.is_valid():
            try:
                return _taken(request, found, posted, form)
            except Refused as refusal:
                _add(form, refusal)
                status = refusal.status
    context = {"edition": found, "notice": posted, "form": form, "is_open": _is_open(posted), "rules": rules}
    return page(request, "public/object.html", context, status=status)


def _taken(request: HttpRequest, found: Edition, posted: PublicNotice, form: ObjectionForm) -> HttpResponse:
    if form.is_from_a_program:
        return redirect("awards:object_sent", found.slug)
    data = form.cleaned_data
    objection = receiving.object_to(
        notice=posted,
        film=data["film"],
        ground=data["ground"],
        text=data["text"],
        files=data.get("files", ()),
        objector=Objector(
            actor=request.actor,
            name=data["name"],
            contact=data["contact"],
            email=data.get("email", ""),
            language=get_language() or "en",
            network=keys.network_of(get_adapter().get_client_ip(request)),
        ),
        at=timezone.now(),
    )
    if objection is None or not request.actor.known:
        return redirect("awards:object_sent", found.slug)
    messages.success(request, _("Your objection has arrived."))
    return redirect("awards:objection_own", found.slug, objection.code)


@require_GET
def object_sent(request: HttpRequest, edition: str) -> HttpResponse:
    """What to do now: the same page for everybody, whatever was sent."""
    found = get_edition(request.actor, edition)
    return page(request, "public/object_sent.html", {"edition": found})


@never_cache
@require_GET
def link(request: HttpRequest, edition: str, token: str) -> HttpResponse:
    """The link in a letter. It confirms nothing by itself: programs that look through mail follow links too."""
    found = get_edition(request.actor, edition)
    hashed = keys.hash_of(token)
    row = Objection.objects.filter(notice__edition=found, token_hash=hashed).first()
    if row is None:
        raise Refused(
            _(
                "This link leads to no objection. It may be cut short, or nobody confirmed the objection within a "
                "day; it is then deleted, and you can object anew while the notice stands."
            ),
            status=404,
            code="no_objection",
            back=reverse("awards:notice", args=[found.slug]),
        )
    links = [one for one in _links(request) if one != hashed]
    request.session[KEY] = [*links, hashed][-MOST_LINKS:]
    response = redirect("awards:objection_own", found.slug, row.code)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and not request.actor.known:
        remember_language(response, row.language)
    return response


def _links(request: HttpRequest) -> list[str]:
    found = request.session.get(KEY)
    return [str(one) for one in found] if isinstance(found, list) else []


def for_objector(
    view: Callable[[HttpRequest, Edition, Objection], HttpResponseBase],
) -> Callable[[HttpRequest, str, str], HttpResponseBase]:
    """Fetches one's own objection: by account, or by the link that was followed. Strangers are asked to log in."""

    @wraps(view)
    def wrapped(request: HttpRequest, edition: str, code: str) -> HttpResponseBase:
        found = get_edition(request.actor, edition)
        row = queries.objection_of(found, code, request.actor, _links(request))
        if row is not None:
            return view(request, found, row)
        if request.actor.known:
            raise Http404
        return redirect_to_login(way_back(request))

    return wrapped


def _followed_link(request: HttpRequest, edition: str, code: str) -> bool:
    """Whether files are taken from somebody without an account: for an objection that counts and is undecided."""
    found = Edition.objects.filter(slug=edition).first()
    row = queries.objection_of(found, code, request.actor, _links(request)) if found else None
    return row is not None and row.is_open


@never_cache
@require_GET
@for_objector
def own(request: HttpRequest, found: Edition, row: Objection) -> HttpResponse:
    """How far one’s own objection has come."""
    return _own(request, found, row, AnswerForm())


def _own(
    request: HttpRequest, found: Edition, row: Objection, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "edition": found,
        "objection": row,
        "files": row.evidence.all(),
        "words": row.steps.filter(kind__in=("question", "answer")),
        "form": form,
    }
    if row.state == Objection.State.SENT:
        until = confirm_by(row)
        posted = row.notice
        over = timezone.now() >= until or posted.closed_at or posted.taken_down_at
        context |= {"confirm_by": until, "over": over}
    return page(request, "public/objection.html", context, status=status)


@require_POST
@for_objector
def confirm(request: HttpRequest, found: Edition, row: Objection) -> HttpResponse:
    """Whoever has the link says that the objection is hers."""
    receiving.confirm(objection=row, by=request.actor, at=timezone.now())
    messages.success(request, _("Your objection has arrived."))
    return redirect("awards:objection_own", found.slug, row.code)


@takes_small_files(FILES * FILE_BYTES, admits=_followed_link)
@require_POST
@for_objector
def answer(request: HttpRequest, found: Edition, row: Objection) -> HttpResponse:
    """Words and files that are added while it is undecided."""
    form = AnswerForm(request.POST, request.FILES)
    status = 400
    if was_too_large(request):
        _say_too_large(form)
        status = 413
    elif form.is_valid():
        try:
            receiving.answer(objection=row, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "decided":
                raise
            _add(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("The organisers have it."))
            return redirect("awards:objection_own", found.slug, row.code)
    return _own(request, found, row, form, status=status)


def _say_too_large(form: ObjectionForm | AnswerForm) -> None:
    form.add_error("files", _("The files are too large together. Send fewer, or smaller ones."))


def _add(form: ObjectionForm | AnswerForm, refusal: Refused) -> None:
    """The refusal beside the field that it speaks of."""
    name = "files" if refusal.code in OF_FILES else refusal.code if refusal.code in FIELDS else None
    form.add_error(name if name in form.fields else None, refusal.text)
