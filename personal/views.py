"""The pages of one's own data."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from personal import erase_actions, export_actions, letters, register
from personal.export_job import last_of
from personal.fates import plan_for
from personal.files import files_of, inside_and_listed
from personal.forms import DeleteForm
from personal.models import DataExport, Erasure
from personal.reasons import HELD, STAYS
from submissions.links import media_url

PER_PAGE = 50


@signed_in
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """What is held, a copy of it, and the files that are too large for one."""
    now = clock.now()
    row = last_of(request.actor.id)
    if row and row.state == DataExport.State.READY and row.expires_at <= now:
        row = None
    _inside, listed = inside_and_listed(files_of(request.actor.id))
    files = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "working": row is not None and row.state in (DataExport.State.WAITING, DataExport.State.RUNNING),
        "fetch": media_url(request.actor, row.key, name="firstlight-data.zip", download=True) if row else "",
        "again_at": row.asked_at + export_actions.EVERY if row else None,
        "may_ask": row is None
        or row.state == DataExport.State.FAILED
        or now >= row.asked_at + export_actions.EVERY,
        "page": files,
        "files": [
            (file, media_url(request.actor, file.key, name=file.name, download=True)) for file in files
        ],
        "lines": register.lines(),
        "stays": STAYS,
        "held": HELD,
    }
    return page(request, "personal/data.html", context, part="copy")


@signed_in
@require_POST
def ask_copy(request: HttpRequest) -> HttpResponse:
    """Have a copy made."""
    export_actions.ask(by=request.actor, at=clock.now())
    messages.success(request, _("The copy is being made. We write to you when it is ready."))
    return redirect("personal:data")


@signed_in
@require_GET
def delete(request: HttpRequest) -> HttpResponse:
    """What deleting the account would do, what stays and why, and what stands in the way. Nothing happens here."""
    user = request.actor.user
    erasure = Erasure.objects.filter(user=user).first()
    plan = plan_for(user)
    context = {
        "erasure": erasure,
        "plan": plan,
        "obstacles": plan.in_the_way(withdraw=plan.can_withdraw),
        "days": erase_actions.GRACE.days,
        "number": user.pk,
    }
    return page(request, "personal/delete.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The last step: after the password, with one's own address typed in."""
    if not _just_proved(request):
        if request.method == "POST":
            messages.warning(request, _("That took a while. For your safety, enter your password once more."))
            return redirect("personal:confirm")
        raise ReauthenticationRequired
    user = request.actor.user
    if Erasure.objects.filter(user=user).exists():
        return redirect("personal:delete")
    plan = plan_for(user)
    if plan.in_the_way(withdraw=plan.can_withdraw):
        return redirect("personal:delete")
    form = DeleteForm(request.POST or None, address=user.email, plan=plan)
    if request.method == "POST" and form.is_valid():
        erase_actions.ask(user=user, withdraw=form.cleaned_data.get("withdraw", False), at=clock.now())
        messages.success(request, _("Your account will be deleted. Until then you can take it back here."))
        return redirect("personal:delete")
    context = {"form": form, "plan": plan, "days": erase_actions.GRACE.days}
    return page(request, "personal/confirm.html", context, status=400 if form.errors else 200)


def _just_proved(request: HttpRequest) -> bool:
    """Whether the password, or the second step, was given within the last minutes."""
    try:
        reauthentication_required(lambda _request: None)(request)
    except ReauthenticationRequired:
        return False
    return True


@signed_in
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Keep the account. Asking twice changes nothing."""
    if erase_actions.take_back(user=request.actor.user):
        messages.success(request, _("Your account stays. Nothing was deleted."))
    return redirect("personal:delete")


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the letter's link: the signed address is what allows it. Looking changes nothing."""
    pk = letters.read_keep_link(token)
    if pk is None:
        raise Http404
    row = Erasure.objects.filter(pk=pk).first()
    if row and row.state != Erasure.State.WAITING:
        raise Refused(
            _("This account is deleted, or is being deleted now: it can no longer be taken back."),
            status=410,
            code="over",
        )
    if request.method == "POST":
        erase_actions.take_back(erasure_id=pk)
        row = None
    return page(request, "personal/keep.html", {"erasure": row})
