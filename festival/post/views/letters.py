"""The desk's letters: every kind, its words, and when it is sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.post import actions, queries, template_actions
from festival.post.forms import RemindersForm, TemplateForm
from festival.post.kinds import EDITABLE, KINDS, Kind
from festival.post.models import Template
from festival.post.placeholders import PLACEHOLDERS
from festival.post.template_actions import LANGUAGES, both_languages
from festival.post.words import Text, default_text, language_words, news_foot, sample, with_foot


@signed_in
@require_GET
def letters(request: HttpRequest, edition: str) -> HttpResponse:
    """Every kind of letter: when it is sent, and in whose words."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    own = queries.templates_of(place)
    context = {
        "edition": place,
        "rows": [(key, kind, own.get(key)) for key, kind in EDITABLE.items()],
        "form": RemindersForm(initial={"days": place.reminder_days}),
    }
    return page(request, "desk/letters.html", context)


@signed_in
@require_POST
def reminders(request: HttpRequest, edition: str) -> HttpResponse:
    """When drafts are reminded."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = RemindersForm(request.POST)
    if form.is_valid():
        template_actions.set_reminders(edition=place, days=form.cleaned_data["days"], by=request.actor)
        messages.success(request, _("Saved."))
    return redirect("post:letters", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, edition: str, kind: str) -> HttpResponse:
    """The words of one kind: what may stand in them, how they read, who changed them when.

    Posting saves them, shows how they read (`preview`), or sends them to oneself (`test`).
    """
    place = get_edition(request.actor, edition, permissions.can_organise)
    if kind not in EDITABLE:
        raise Http404
    history = list(Template.objects.filter(edition=place, kind=kind).select_related("by"))
    form = TemplateForm(request.POST or None, kind=kind, initial=_initial(kind, history, request))
    shown = _typed(request) if request.method == "POST" else form.initial
    status = 200
    if request.method == "POST" and "preview" not in request.POST:
        if form.is_valid() and "test" in request.POST:
            _send_test(request, place, kind, shown)
            messages.success(request, _("The letter is on its way to you, in both languages."))
        elif form.is_valid():
            try:
                template_actions.save_template(
                    edition=place, kind=kind, by=request.actor, at=clock.now(), **form.cleaned_data
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                form.data = form.data.copy()  # saved once more, it is a text after the other one
                form.data["seen"] = history[0].number if history else 0
            else:
                messages.success(request, _("Saved. Letters from now on have these words."))
                return redirect("post:letter_words", edition, kind)
        status = 400 if form.errors else 200
    elif request.method == "POST":
        form.is_valid()
    context = {
        "edition": place,
        "kind": EDITABLE[kind],
        "key": kind,
        "form": form,
        "placeholders": [
            (f"{{{name}}}", PLACEHOLDERS[name].says, name in EDITABLE[kind].needed)
            for name in EDITABLE[kind].allowed
        ],
        "previews": previews(place, EDITABLE[kind], shown),
        "faults": [text for name in ("subject", "body") for text in form.errors.get(name, ())]
        if request.method == "POST"
        else [],
        "history": history,
        "own": bool(history) and history[0].own,
        "number": history[0].number if history else 0,
    }
    return page(request, "desk/letter_words.html", context, part="preview", status=status)


def _initial(kind: str, history: list[Template], request: HttpRequest) -> dict[str, Any]:
    """The text in force; or an older one of the history, to be saved anew."""
    asked = whole_number(request.GET.get("version"))
    seen = history[0].number if history else 0
    chosen = next((row for row in history if row.number == asked), history[0] if history else None)
    if chosen and chosen.own:
        return {"subject": chosen.subject, "body": chosen.body, "seen": seen}
    words = both_default(KINDS[kind])
    return {**words, "seen": seen}


def both_default(kind: Kind) -> dict[str, dict[str, str]]:
    """The site's own words in both languages."""
    return {
        "subject": both_languages(lambda: default_text(kind).subject),
        "body": both_languages(lambda: default_text(kind).body),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What stands in the form, however wrong."""
    return {
        field: {key: plain_text(request.POST.get(f"{field}_{key}"))[:10_000] for key in ("en", "zh")}
        for field in ("subject", "body")
    }


def previews(place: Edition, kind: Kind, shown: dict[str, Any]) -> list[dict[str, Any]]:
    """How the words arrive in each language, with sample values."""
    found = []
    for key, language in LANGUAGES:
        named = language_words(key)
        with translation.override(language):
            words = sample(Text(shown["subject"].get(key, ""), shown["body"].get(key, "")), place)
            foot = news_foot("https://…") if kind.news else ""
            words = with_foot(words, link=PLACEHOLDERS["link"].sample[key], edition=place, foot=foot)
        found.append({"label": named, "lang": "zh-Hans" if key == "zh" else "en", "words": words})
    return found


def _send_test(request: HttpRequest, place: Edition, kind: str, shown: dict[str, Any]) -> None:
    for key, language in LANGUAGES:
        with translation.override(language):
            words = sample(Text(shown["subject"][key], shown["body"][key]), place)
            actions.send_test(
                edition=place,
                subject=words.subject,
                body=words.body,
                language=language,
                path=f"/{place.slug}/desk/letters/{kind}/",
                by=request.actor,
                at=clock.now(),
            )


@signed_in
@require_POST
def default(request: HttpRequest, edition: str, kind: str) -> HttpResponse:
    """Back to the site's own words."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    template_actions.back_to_default(
        edition=place,
        kind=kind,
        seen=whole_number(request.POST.get("seen")),
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("The letter has the site’s own words again; yours stay in the history."))
    return redirect("post:letter_words", edition, kind)
