"""Letters to many at the desk: written with a real recipient before one's eyes, read one by one, sent."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.pages import page
from festival.kit.words import short_language
from festival.people.actor import Actor
from festival.people.door import signed_in
from festival.post import actions, mailing_actions, news, queries
from festival.post.forms import MailingForm
from festival.post.kinds import ALWAYS
from festival.post.letter import words_by_mail
from festival.post.models import Mailing, Notice
from festival.post.placeholders import PLACEHOLDERS
from festival.post.registry import AUDIENCES, shielded
from festival.post.template_actions import LANGUAGES
from festival.post.views.outbox import BADGES, MAILING_BADGES, PER_PAGE
from festival.post.words import language_words, render, render_shielded, with_foot

State = Mailing.State


def get_mailing(actor: Actor, edition: str, pk: int) -> Mailing:
    """Object and check together: organisers alone."""
    place = get_edition(actor, edition, permissions.can_organise)
    try:
        return Mailing.objects.select_related("edition", "track", "by", "started_by").get(
            edition=place, pk=pk
        )
    except Mailing.DoesNotExist:
        raise Http404 from None


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """Begin a letter to many."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    return _write(request, place, None)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Write at a letter that is not ready yet."""
    found = get_mailing(request.actor, edition, pk)
    if found.state != State.DRAFT:
        return redirect("post:mailing", edition, pk)
    return _write(request, found.edition, found)


def _write(request: HttpRequest, place: Edition, found: Mailing | None) -> HttpResponse:
    names = ("audience", "track", "topic", "about", "subject", "body")
    initial = {name: getattr(found, name) for name in names} if found else {"topic": Mailing.Topic.NEWS}
    form = MailingForm(request.POST or None, edition=place, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = _moment(request.POST.get("seen", "")) if found else None
        try:
            saved = mailing_actions.write_mailing(
                edition=place, mailing=found, seen=seen, by=request.actor, at=clock.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            return redirect("post:mailing", place.slug, saved.pk)
    context = {
        "edition": place,
        "mailing": found,
        "form": form,
        "seen": request.POST.get("seen") or (found.written_at.isoformat() if found else ""),
        "placeholders": placeholder_rows(),
    }
    return page(request, "desk/mailing_edit.html", context, status=400 if form.errors else 200)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:  # in the form of a moment, and none
        return None


def placeholder_rows() -> list[tuple[str, Any, str]]:
    """Every placeholder that some letter to many may use: how it is written, what it stands for, for whom alone."""
    rows: list[tuple[str, Any, str]] = [(f"{{{name}}}", PLACEHOLDERS[name].says, "") for name in ALWAYS]
    for name in dict.fromkeys(name for audience in AUDIENCES.values() for name in audience.given):
        labels = [str(one.label) for one in AUDIENCES.values() if name in one.given]
        rows.append(
            (
                f"{{{name}}}",
                PLACEHOLDERS[name].says,
                ("、" if short_language() == "zh" else ", ").join(labels),
            )
        )
    return rows


@signed_in
@require_GET
def mailing(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One letter to many: as a draft with its first recipient, then with all of them and what became of each."""
    found = get_mailing(request.actor, edition, pk)
    state = request.GET.get("state", "")
    state = state if state in Notice.State.values else ""
    search = one_line(request.GET.get("q", ""))[:200]
    counts = queries.counts_of([found])[found.pk]
    letters = queries.letters_of(found, state=state, search=search)
    sheet = Paginator(letters, PER_PAGE).get_page(request.GET.get("page"))
    secret = shielded([one.about for one in sheet])
    context = {
        "edition": found.edition,
        "mailing": found,
        "audience": AUDIENCES.get(found.audience),
        "counts": counts,
        "previews": sample_previews(found) if found.state == State.DRAFT else [],
        "muted": _muted(found) if found.state == State.READY else 0,
        "page": sheet,
        "shielded": {one.pk for one in sheet if one.about in secret},
        "states": Notice.State.choices,
        "filters": {"state": state, "q": search, "any": bool(state or search)},
        "badges": BADGES,
        "badge": MAILING_BADGES[State(found.state)],
        "working": found.state in (State.GATHERING, State.SENDING),
    }
    response = page(request, "desk/mailing.html", context, part="live")
    if request.htmx and not context["working"]:  # its buttons are others now
        response.headers["HX-Refresh"] = "true"
    return response


def _muted(found: Mailing) -> int:
    if found.topic != Mailing.Topic.NEWS:
        return 0
    refusing = news.refusals(found.edition_id).values("user_id")
    return Notice.objects.filter(mailing=found, state=Notice.State.HELD, user_id__in=refusing).count()


def sample_previews(found: Mailing) -> list[dict[str, Any]]:
    """The letter to the first of its audience, in both languages; empty when there is nobody."""
    letter = mailing_actions.sample_letter(found, clock.now())
    if letter is None:
        return []
    hidden = bool(shielded([letter.about]))
    made = []
    for key, language in LANGUAGES:
        named = language_words(key)
        with translation.override(language):
            if hidden:
                words = with_foot(render_shielded(letter), link="", edition=found.edition)
            else:
                words = words_by_mail(letter)
        made.append(
            {"label": named, "lang": "zh-Hans" if key == "zh" else "en", "words": words, "to": letter.user,
             "hidden": hidden}
        )  # fmt: skip
    return made


@signed_in
@require_POST
def test(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Send the letter to oneself, as it would reach its first recipient, in both languages."""
    found = get_mailing(request.actor, edition, pk)
    letter = mailing_actions.sample_letter(found, clock.now())
    if letter is None:
        raise Refused(_("There is nobody left to send this to."), code="nobody")
    hidden = bool(shielded([letter.about]))
    for _key, language in LANGUAGES:
        with translation.override(language):
            words = render_shielded(letter) if hidden else render(letter)
            actions.send_test(
                edition=found.edition,
                subject=words.subject,
                body=words.body,
                language=language,
                path=f"/{found.edition.slug}/desk/outbox/{found.pk}/",
                by=request.actor,
                at=clock.now(),
            )
    messages.success(request, _("The letter is on its way to you, in both languages."))
    return redirect("post:mailing", edition, pk)


@signed_in
@require_POST
def step(request: HttpRequest, edition: str, pk: int, step: str) -> HttpResponse:
    """Make it ready, take it back, send it, pause, end, try what failed again, throw it away."""
    found = get_mailing(request.actor, edition, pk)
    by, at = request.actor, clock.now()
    match step:
        case "ready":
            mailing_actions.make_ready(mailing=found, by=by, at=at)
        case "back":
            mailing_actions.back_to_draft(mailing=found, by=by)
        case "send":
            mailing_actions.start(mailing=found, by=by, at=at)
        case "pause":
            mailing_actions.pause(mailing=found, by=by)
        case "end":
            mailing_actions.end(mailing=found, by=by, at=at)
        case "again":
            count = mailing_actions.try_failed_again(mailing=found, by=by, at=at)
            text = ngettext(
                "%(count)d letter is sent once more.", "%(count)d letters are sent once more.", count
            )
            messages.success(request, text % {"count": count})
        case "delete":
            mailing_actions.delete_mailing(mailing=found, by=by)
            messages.success(request, _("The draft of the letter is gone."))
            return redirect("post:outbox", edition)
        case _:
            raise Http404
    return redirect("post:mailing", edition, pk)
