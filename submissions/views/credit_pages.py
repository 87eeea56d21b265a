"""The entrant's page of credits, what is declared there, and whom we write to."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition.calendar import calendar_of
from festival.edition.form_rules import CreditRules
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text
from festival.kit.pages import page
from festival.kit.words import deadline_text, time_left
from festival.people.door import signed_in
from festival.people.models import LANGUAGES
from submissions import credit_actions, credit_declarations, invitation_actions, permissions
from submissions.completeness import form_of, gaps
from submissions.correction_queries import open_until
from submissions.credit_forms import CreditFormSet, IdentityForm, InviteForm, credit_lines
from submissions.credit_gaps import has_identity, missing_in_credits, without_age
from submissions.credit_people import Person, digest_of, most_people, people_of, representative_of
from submissions.credit_view import asked_of_credits, grouped, person_rows
from submissions.deadline import closes_at
from submissions.door import get_entry
from submissions.models import Entry
from submissions.steps import steps_of

NEAR = timedelta(days=3)
MOVES = {"up": -1, "down": 1}


@signed_in
@require_http_methods(["GET", "POST"])
def credits(request: HttpRequest, code: str) -> HttpResponse:
    """The lines of a draft or a correction, as a form; else as a list. Also takes them as they are typed (JSON)."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    if request.method == "GET":
        return _page(request, mine)
    at = clock.now()
    typed = "application/json" in request.headers.get("Accept", "")
    rules = form_of(mine.edition).credits
    lines = credit_lines(request.POST, (), mine, most_people(rules))
    if not lines.is_valid():
        sentences = list(lines.sentences())
        if typed:
            return JsonResponse({"error": "invalid", "text": " ".join(sentences)}, status=400)
        return _page(request, mine, lines=lines, errors=sentences, status=400)
    people = _moved(lines, request.POST.get("move", ""))
    try:
        seen = request.POST.get("seen") or None
        credit_actions.save_credits(entry=mine, people=people, by=request.actor, at=at, seen=seen)
    except Refused as error:
        if typed or error.code not in ("changed", "too_many", "incomplete"):
            raise
        return _page(request, mine, lines=lines, errors=[error.text], status=error.status)
    if typed:
        fresh = get_entry(request.actor, code, permissions.is_entrant, whole=True)
        missing = missing_in_credits(fresh, rules)
        return JsonResponse({"seen": digest_of(people_of(fresh)), "missing": missing})
    if not request.POST.get("move"):
        messages.success(request, _("Saved."))
    return redirect("submissions:credits", code=code)


def _moved(lines: CreditFormSet, move: str) -> list[Person]:
    """The people, after the button without JavaScript that was pressed ("3-up", "2-down", "1-out")."""
    people = [form.person for form in lines.forms]
    number, _hyphen, where = move.partition("-")
    place = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if 0 <= place < len(people):
        if where == "out":
            people[place] = None
        elif 0 <= (other := place + MOVES.get(where, 0)) < len(people):
            people[place], people[other] = people[other], people[place]
    return [person for person in people if person]


def _page(
    request: HttpRequest,
    mine: Entry,
    *,
    lines: CreditFormSet | None = None,
    errors: list[str] | None = None,
    identity_form: IdentityForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    rules = form_of(mine.edition).credits
    people = people_of(mine)
    rows = person_rows(mine.credits.all(), at, mine.edition.time_zone)
    draft = permissions.can_edit(request.actor, mine)
    editable = permissions.can_change(request.actor, mine, "credits", at)
    if editable and lines is None:
        lines = credit_lines(None, people, mine, most_people(rules))
    representative = representative_of(mine)
    context = {
        "entry": mine,
        "edition": mine.edition,
        "steps": steps_of(mine, gaps(mine), "credits") if draft else [],
        "editable": editable,
        "draft": draft,
        "until": open_until(mine) if editable and not draft else None,
        "asked": asked_of_credits(rules),
        "lines": lines if editable else None,
        "errors": errors or [],
        "seen": digest_of(people),
        "missing": missing_in_credits(mine, rules) if editable else [],
        "credits": grouped(mine.credits.all()),
        "rows": rows,
        "asks": [row for row in rows if row.credit.asks_consent],
        "languages": LANGUAGES,
        "language": get_language(),
        "can_invite": permissions.can_invite(request.actor, mine),
        "can_hand_over": permissions.can_hand_over(request.actor, mine),
        "waiting": _waiting(mine, rules, at) if draft else "",
        "representative": representative,
        **(_declarations(request, mine, rules, identity_form) if draft else {}),
    }
    return page(request, "entrant/credits.html", context, status=status)


def _waiting(entry: Entry, rules: CreditRules, at: datetime) -> str:
    """What outstanding answers mean, when the deadline is near or has come; else empty."""
    if not rules.confirm or all(credit.agreed for credit in entry.credits.all() if credit.asks_consent):
        return ""
    closes = closes_at(entry, calendar_of(entry.edition_id, at))
    if closes is None or at >= closes or closes - at > NEAR:
        return ""
    text = _(
        "The call ends on %(deadline)s, in %(left)s, and not everybody has answered. Call those who are missing. "
        "Whoever cannot be reached must be taken out of the credits, or the entry cannot be submitted."
    )
    return text % {
        "deadline": deadline_text(closes, entry.edition.time_zone),
        "left": time_left(closes, at),
    }


def _declarations(
    request: HttpRequest, entry: Entry, rules: CreditRules, identity_form: IdentityForm | None
) -> dict[str, Any]:
    """What is to be declared, and whether it was."""
    representative = representative_of(entry)
    given: dict[str, Any] = {"age": rules.age_least, "identity": rules.identity}
    if rules.age_least:
        given["age_text"] = credit_declarations.age_of_everybody(rules.age_least)
        given["age_open"] = without_age(entry, entry.credits.all(), rules.age_least)
    if rules.identity:
        given["identity_text"] = credit_declarations.identity_text()
        given["identity_given"] = representative is not None and has_identity(entry, representative)
        given["identity_form"] = identity_form or IdentityForm()
    return given


@signed_in
@require_POST
def declare_age(request: HttpRequest, code: str) -> HttpResponse:
    """The account declares everybody's age."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    if not request.POST.get("yes"):
        raise Refused(_("Tick the sentence to declare it."), status=400, code="not_ticked")
    credit_declarations.declare_age(entry=mine, by=request.actor, at=clock.now())
    messages.success(request, _("Declared and kept, with these words and the time."))
    return redirect("submissions:credits", code=code)


@signed_in
@require_POST
def declare_identity(request: HttpRequest, code: str) -> HttpResponse:
    """The representative's legal name."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _page(request, mine, identity_form=form, status=400)
    credit_declarations.declare_identity(entry=mine, by=request.actor, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("The legal name is kept. Only the organisers see it."))
    return redirect("submissions:credits", code=code)


@signed_in
@require_POST
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Write to a co-author, or write again."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    form = InviteForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose the language of the letter."), status=400, code="no_language")
    invitation_actions.invite(entry=mine, by=request.actor, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("The letter to %(email)s is on its way.") % form.cleaned_data)
    return redirect("submissions:credits", code=code)


@signed_in
@require_POST
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Take a question back."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    email = plain_text(request.POST.get("email")).strip().lower()
    invitation_actions.revoke(entry=mine, email=email, by=request.actor, at=clock.now())
    messages.success(request, _("Taken back: the link in the letter leads nowhere now."))
    return redirect("submissions:credits", code=code)
