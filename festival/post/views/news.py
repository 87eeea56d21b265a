"""Which letters somebody wants: on the account's page, and by the link in a letter, without logging in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.post import news
from festival.post.forms import NewsForm


@csrf_exempt
@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a letter's link; the signed address is what allows it, so neither log-in nor cookie is asked.

    Looking changes nothing: mail programs fetch links. A POST by a mail program (RFC 8058) switches the edition's
    news off and is answered without a redirect.
    """
    found = news.read_token(token)
    if found is None:
        raise Http404
    user, edition = found
    if request.method == "POST":
        match request.POST.get("what", ""):
            case "all":
                news.refuse_news(user=user, edition=None, at=clock.now())
            case "again":
                news.accept_news(user=user, edition=edition)
            case _:
                news.refuse_news(user=user, edition=edition, at=clock.now())
    context = {
        "edition": edition,
        "address": masked(user.email),
        "wanted": news.wants_news(user, edition),
        "all_off": news.refuses_all(user),
        "done": request.method == "POST",
    }
    return page(request, "post/news_off.html", context)


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else learns: "m…a@example.org"."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…{name[-1:]}@{host}"


@signed_in
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """One's own choice, for each edition one has heard of and for all."""
    user = request.actor.user
    form = NewsForm(request.POST or None, actor=request.actor, submitted=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        news.choose(
            user=user,
            none_at_all=form.cleaned_data["none_at_all"],
            wanted=form.cleaned_data["wanted"],
            among=form.editions,
            at=clock.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("post:choices")
    return page(request, "post/choices.html", {"form": form}, status=400 if form.errors else 200)
