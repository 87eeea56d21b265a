"""The desk's outbox: letters to many, and the log of those that the contest wrote by itself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.incoming import one_line
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.post import actions, mailing_actions, queries
from festival.post.kinds import KINDS
from festival.post.letter import is_news, language_of
from festival.post.models import Mailing, Notice
from festival.post.registry import AUDIENCES, shielded
from festival.post.words import language_words, render, render_shielded

PER_PAGE = 50
FAILED_ON_TOP = 10
BADGES = {
    Notice.State.HELD: "quiet",
    Notice.State.STRUCK: "quiet",
    Notice.State.WAITING: "wait",
    Notice.State.SENDING: "wait",
    Notice.State.SENT: "pass",
    Notice.State.FAILED: "block",
    Notice.State.MUTED: "quiet",
}
MAILING_BADGES = {
    Mailing.State.DRAFT: "quiet",
    Mailing.State.GATHERING: "wait",
    Mailing.State.READY: "fix",
    Mailing.State.SENDING: "now",
    Mailing.State.PAUSED: "fix",
    Mailing.State.DONE: "pass",
}


@signed_in
@require_GET
def outbox(request: HttpRequest, edition: str) -> HttpResponse:
    """Letters to many with their states; below, the automatic ones, newest first, those that failed on top."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    search = one_line(request.GET.get("q", ""))[:200]
    kind = request.GET.get("kind", "")
    state = request.GET.get("state", "")
    kind, state = kind if kind in KINDS else "", state if state in Notice.State.values else ""
    filtered = bool(search or kind or state)
    log = queries.automatic(place, kind=kind, state=state, search=search)
    failed = queries.automatic(place, state=Notice.State.FAILED)
    mailings = Paginator(queries.mailings_of(place), 20).get_page(request.GET.get("mailings"))
    context = {
        "edition": place,
        "mailings": mailings,
        "counts": queries.counts_of(mailings),
        "audiences": {key: audience.label for key, audience in AUDIENCES.items()},
        "failed": [] if filtered else list(failed[: FAILED_ON_TOP + 1]),
        "failed_shown": FAILED_ON_TOP,
        "page": Paginator(log, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [(key, one.label) for key, one in KINDS.items() if key != "mailing"],
        "states": [
            (one.value, one.label) for one in Notice.State if one not in (Notice.State.HELD, Notice.State.STRUCK)
        ],
        "labels": {key: one.label for key, one in KINDS.items()},
        "filters": {"q": search, "kind": kind, "state": state, "any": filtered},
        "badges": BADGES,
        "mailing_badges": MAILING_BADGES,
    }  # fmt: skip
    return page(request, "desk/outbox.html", context)


@signed_in
@require_GET
def letter(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One letter as it is or was mailed, and what became of it."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    found = get_letter(place, pk)
    code = found.about or str(found.values.get("code", ""))
    hidden = code in shielded([code])
    language = found.language or language_of(found)
    with translation.override(language):
        words = render_shielded(found) if hidden else render(found)
    siblings = Notice.objects.filter(mailing=found.mailing) if found.mailing else Notice.objects.none()
    context = {
        "edition": place,
        "letter": found,
        "label": KINDS[found.kind].label if found.kind in KINDS else found.kind,
        "words": words,
        "hidden": hidden,
        "news": is_news(found),
        "language": language_words(language),
        "lang": "zh-Hans" if language.startswith("zh") else "en",
        "badge": BADGES[Notice.State(found.state)],
        "can_strike": found.mailing is not None and found.mailing.state == Mailing.State.READY,
        "can_retry": found.mailing is None and found.state == Notice.State.FAILED,
        "before": siblings.filter(pk__lt=found.pk).order_by("-pk").first(),
        "after": siblings.filter(pk__gt=found.pk).order_by("pk").first(),
    }
    return page(request, "desk/letter.html", context)


def get_letter(place: Edition, pk: int) -> Notice:
    """A letter of the edition, with its words; else 404."""
    try:
        return queries.with_words(Notice.objects.filter(edition=place)).get(pk=pk)
    except Notice.DoesNotExist:
        raise Http404 from None


@signed_in
@require_POST
def again(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Try once more to mail what failed."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    actions.send_again(notice=get_letter(place, pk), by=request.actor, at=clock.now())
    messages.success(request, _("The letter is sent once more."))
    return redirect("post:letter", edition, pk)


@signed_in
@require_POST
def strike(request: HttpRequest, edition: str, pk: int, what: str) -> HttpResponse:
    """Take a recipient out of a letter that is ready (`out`), or back `in`."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    found = get_letter(place, pk)
    if found.mailing is None or what not in ("out", "in"):
        raise Http404
    mailing_actions.strike(letter=found, out=what == "out", by=request.actor)
    if request.POST.get("back") == "letter":
        return redirect("post:letter", edition, pk)
    return redirect("post:mailing", edition, found.mailing_id)
