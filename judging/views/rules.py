"""The public rules: delivery, judging and awards, made from the same data that checks, scores and fills."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from festival.awards.queries import slots_of
from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.form_rules import read_form
from festival.edition.queries import applied_changes, has_changed
from festival.edition.rulebook import Rulebook, sentences
from festival.kit.pages import page
from festival.kit.words import short_language
from judging import award_rules
from judging.fairness_queries import public_report
from submissions.residence import residence_in_words


@require_GET
def rules(request: HttpRequest, edition: str) -> HttpResponse:
    """What a film must be, how it is judged, what can be won."""
    found = get_edition(request.actor, edition)
    said = sentences(Rulebook.from_toml(found.rulebook), short_language())
    calendar = calendar_of(found.pk, timezone.now())
    context = {
        "edition": found,
        "calendar": calendar,
        "changes": applied_changes(found) if calendar.call_is_open else (),
        "must": [rule for rule in said if rule.severity != "note" and not rule.about_ai],
        "wished": [rule for rule in said if rule.severity == "note" and not rule.about_ai],
        "ai_must": [rule for rule in said if rule.severity != "note" and rule.about_ai],
        "ai_wished": [rule for rule in said if rule.severity == "note" and rule.about_ai],
        "rounds": found.rounds.prefetch_related("criteria"),
        "slots": award_rules.public_slots(found, slots_of(found)),
        "report": public_report(found),
        "residence": residence_in_words(read_form(found.form).residence),
        "prize_pool": award_rules.pool_text(found),
        "has_changed": has_changed(found),
        "award_rules": award_rules.rules_in_words(found),
    }
    return page(request, "public/rules.html", context)
