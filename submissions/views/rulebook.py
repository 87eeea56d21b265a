"""The rulebook at the desk: read as sentences, edited as text, its consequences looked at before it is in force."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition import change_actions, permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition, RulebookChange
from festival.edition.queries import applied_changes, change_under_way
from festival.edition.rulebook import Rulebook, RulebookError, sentences
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import at_most, plain_text
from festival.kit.pages import page
from festival.kit.words import short_language
from festival.people.door import signed_in
from submissions import rulebook_actions
from submissions.finding_words import rule_title
from submissions.models import Entry, Inspection
from submissions.report_view import TONES

State = RulebookChange.State


@signed_in
@require_http_methods(["GET", "POST"])
def rulebook(request: HttpRequest, edition: str) -> HttpResponse:
    """The rules, their text to be edited, and what a proposed change would do. Posting the text counts that."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    typed, errors = None, []
    if request.method == "POST":
        typed = plain_text(request.POST.get("toml")).replace("\r\n", "\n")
        try:
            rulebook_actions.propose(edition=place, toml=typed, by=request.actor, at=clock.now())
            return redirect("submissions:rulebook", edition)
        except RulebookError as error:
            errors = error.sentences(short_language())
        except Refused as refusal:
            errors = [refusal.text]
    context = _context(place, typed, errors)
    response = page(request, "desk/rulebook.html", context, part="change", status=400 if errors else 200)
    if request.htmx and not context["working"]:  # counted or applied: the whole page is another now
        response.headers["HX-Refresh"] = "true"
    return response


def _context(place: Edition, typed: str | None, errors: list[str]) -> dict[str, Any]:
    change = change_under_way(place)
    present = Rulebook.from_toml(place.rulebook)
    said = sentences(present, short_language())
    text = typed if typed is not None else change.toml if change else place.rulebook
    return {
        "edition": place,
        "must": [rule for rule in said if rule.severity != "note"],
        "wished": [rule for rule in said if rule.severity == "note"],
        "toml": text,
        "rows": min(max(text.count("\n") + 2, 12), 40),
        "errors": errors,
        "change": change,
        "working": change is not None and change.state in (State.COUNTING, State.APPLYING),
        "preview": _preview(place, change) if change and change.state == State.READY else None,
        "history": applied_changes(place),
    }


def _preview(place: Edition, change: RulebookChange) -> dict[str, Any]:
    """The counted consequences in words, and the rules that come and go. One query, for the titles."""
    outcome = change.outcome
    codes = [code for code, _before, _after in outcome["changed"] if code]
    titles = dict(Entry.objects.filter(edition=place, code__in=codes).values_list("code", "title"))
    label = {value: (words, TONES[value]) for value, words in Inspection.Verdict.choices}
    old, new = (
        [(rule.severity, rule.text) for rule in sentences(Rulebook.from_toml(text), short_language())]
        for text in (change.before, change.toml)
    )
    moves = [(label[before], label[after], count) for before, after, count in outcome["moves"]]
    return {
        "films": outcome["films"],
        "unread": outcome["unread"],
        "admit": outcome["admit"],
        "ask_fix": outcome["ask_fix"],
        "statements": [
            (rule_title(rule, short_language()), now, then)
            for rule, now, then in outcome.get("statements", ())  # counted before there were any: none
        ],
        "moves": [move for move in moves if move[0] != move[1]],
        "changing": sum(count for before, after, count in outcome["moves"] if before != after),
        "changed": [
            (code, titles.get(code, ""), label[before], label[after])
            for code, before, after in outcome["changed"]
        ],
        "gone": [text for severity, text in old if (severity, text) not in new],
        "come": [text for severity, text in new if (severity, text) not in old],
    }


@signed_in
@require_POST
def apply_rulebook(request: HttpRequest, edition: str) -> HttpResponse:
    """Put the proposed rulebook in force, with a reason that everybody reads."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    change = change_under_way(place)
    if change is None or str(change.pk) != request.POST.get("change"):
        raise Refused(
            _("What was proposed is no longer there, or is another. Look at the page again."), code="changed"
        )
    reason = at_most(plain_text(request.POST.get("reason")).strip(), 2000)
    change = rulebook_actions.put_in_force(change=change, reason=reason, by=request.actor, at=clock.now())
    messages.success(request, _("The new rulebook is in force."))
    return redirect("submissions:rulebook", edition)


@signed_in
@require_POST
def drop_rulebook(request: HttpRequest, edition: str) -> HttpResponse:
    """Forget the proposed rulebook."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    if change_actions.drop_change(edition=place, by=request.actor):
        messages.success(request, _("The proposed change is gone; the rulebook stays as it is."))
    return redirect("submissions:rulebook", edition)
