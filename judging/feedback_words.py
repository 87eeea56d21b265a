"""What an edition gives entrants, and what a film's letter says, in words."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.form_rules import FeedbackRules
from festival.edition.models import Edition
from festival.kit.words import say
from judging.logic.bands import OUTSIDE
from judging.logic.struck import pieces
from judging.models import CommentDecision, FeedbackChange, FeedbackLetter, Look
from judging.reading import to_read

Choice = CommentDecision.Choice
BADGES = {"": "wait", Choice.RELEASED: "pass", Choice.EDITED: "note", Choice.HELD: "quiet"}


def rules_in_words(rules: FeedbackRules) -> list[str]:
    """A sentence for each thing that is given."""
    said = []
    if rules.bands:
        said.append(_("Rank bands: the first %(bands)s.") % {"bands": bands_text(rules.bands)})
    if rules.comments:
        said.append(_("What judges wrote to the entrant, once the chair has released it."))
    if rules.report:
        said.append(_("The technical report."))
    return said or [_("Neither ranks, comments nor the technical report.")]


def bands_text(bands: Collection[int]) -> str:
    return " / ".join(f"{band}%" for band in bands)


def changes_of(edition: Edition) -> list[dict[str, Any]]:
    """What was changed after judging had begun, newest first. One query."""
    rows = FeedbackChange.objects.filter(edition=edition).select_related("by")
    return [
        {
            "before": rules_in_words(_read(row.before)),
            "after": rules_in_words(_read(row.after)),
            "reason": row.reason,
            "by": row.by,
            "at": row.at,
        }
        for row in rows
    ]


def _read(data: dict[str, Any]) -> FeedbackRules:
    return FeedbackRules(tuple(data["bands"]), data["comments"], data["report"])


def band_text(letter: FeedbackLetter) -> str:
    """Where the film stood, without its rank; "" where nothing is said."""
    if letter.band is None or letter.round is None:
        return ""
    values = {"round": say(letter.round.name), "films": letter.films, "band": letter.band}
    project = bool(to_read(letter.round.edition_id, [letter.entry_id]))
    if letter.band == OUTSIDE:
        values["band"] = max(letter.bands)
        return (
            _("In “%(round)s” your project was not among the first %(band)d%% of %(films)d projects.")
            if project
            else _("In “%(round)s” your film was not among the first %(band)d%% of %(films)d films.")
        ) % values
    return (
        _("In “%(round)s” your project was among the first %(band)d%% of %(films)d projects.")
        if project
        else _("In “%(round)s” your film was among the first %(band)d%% of %(films)d films.")
    ) % values


def comment_of(look: Look, names: Collection[str]) -> dict[str, Any]:
    """A comment as the chair reads it. `names`: of the jury, which must not stand in it."""
    row = getattr(look, "feedback_decision", None)
    stands = row is not None and row.revision == look.revision
    choice = row.choice if stands else ""
    text = row.text if stands and row.text else look.feedback
    return {
        "look": look,
        "decision": row if stands else None,
        "choice": choice,
        "badge": BADGES[choice],
        "label": row.get_choice_display() if stands else _("To be decided"),
        "text": text,
        "pieces": list(pieces(look.feedback, text)) if choice == Choice.EDITED else [],
        "names": [name for name in names if name in look.feedback],
        "sent": stands and row.letter_id is not None,
    }


def own_comment(row: dict[str, Any]) -> dict[str, Any]:
    """A judge's own comment and what became of it, from `feedback_queries.own_comments`."""
    choice = row["choice"] if row["decided"] == row["revision"] else ""
    edited = choice == Choice.EDITED
    return {
        **row,
        "choice": choice,
        "badge": BADGES[choice],
        "label": Choice(choice).label if choice else _("Not decided yet"),
        "pieces": list(pieces(row["feedback"], row["text"])) if edited else [],
    }
