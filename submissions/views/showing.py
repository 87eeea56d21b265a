"""The entrant's page about what may be watched on the film's public page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from festival.catalogue.models import Film
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from submissions import permissions, showing_actions
from submissions.door import get_entry
from submissions.models import Attachment, Entry, OnlineShowing, PublishedCopy
from submissions.showing_words import TEXTS, VERSION


class ShowingForm(forms.Form):
    """One of three answers. `seen` says which wording stood on the page."""

    what = forms.ChoiceField(
        label=gettext_lazy("On the public page, everybody may watch"),
        choices=[("", gettext_lazy("Nothing")), *OnlineShowing.What.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].wanted = True  # type: ignore[attr-defined]  # "Nothing" is an answer too


@signed_in
@require_http_methods(["GET", "POST"])
def showing(request: HttpRequest, code: str) -> HttpResponse:
    """Read the two sentences, choose, take it back; and see what the public page shows now."""
    mine = get_entry(request.actor, code, permissions.can_choose_showing)
    if request.method == "GET":
        return _page(request, mine, None)
    form = ShowingForm(request.POST)
    if not form.is_valid():
        return _page(request, mine, form, status=400)
    given = form.cleaned_data
    try:
        showing_actions.choose(
            entry=mine, what=given["what"], seen=given["seen"] or 0, by=request.actor, at=clock.now()
        )
    except Refused as error:
        if error.code != "changed":
            raise
        messages.error(request, str(error.text))
    else:
        messages.success(request, _("Saved."))
    return redirect("submissions:showing", code=code)


def _page(request: HttpRequest, mine: Entry, form: ShowingForm | None, *, status: int = 200) -> HttpResponse:
    row = OnlineShowing.objects.filter(entry=mine, until__isnull=True).first()
    copy = PublishedCopy.objects.filter(entry=mine, purpose=row.what).first() if row else None
    film = Film.objects.filter(
        edition=mine.edition_id, source=mine.code, published_at__isnull=False
    ).first()  # fmt: skip
    trailer = Attachment.objects.filter(entry=mine, kind="trailer", state=Attachment.State.READY)
    context: dict[str, Any] = {
        "entry": mine,
        "edition": mine.edition,
        "form": form or ShowingForm(initial={"what": row.what if row else "", "seen": VERSION}),
        "texts": [(label, say(TEXTS[VERSION][what])) for what, label in OnlineShowing.What.choices],
        "row": row,
        "agreed": say(TEXTS[row.version][row.what]) if row else "",
        "outdated": row is not None and row.version != VERSION,
        "copy": copy,
        "film": film,
        "lacks_trailer": row is not None and row.what == "trailer" and not trailer.exists(),
        "waiting": bool(copy and copy.state == PublishedCopy.State.WAITING),
    }
    return page(request, "entrant/showing.html", context, part="now", status=status)
