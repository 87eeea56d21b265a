"""Decisions over what names an account only as the one who did something for the team."""

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from festival.edition.models import DeadlineExtension, DeclarationVersion, EditionChange, RulebookChange
from festival.post.models import Mailing, Template
from judging.models import (
    Allocation,
    AwardList,
    Cut,
    FeedbackChange,
    FeedbackSending,
    Meeting,
    RoundChange,
    Standing,
    TieBreak,
    Vote,
)
from personal.holding import Holding
from submissions.models import BulkStep, CatalogueRun, Wording


def _deed(
    model: type[Model], key: str, says: str | Promise, at: str, *by: str, held: str = "wording"
) -> Holding:
    return Holding(model, key, says, did=by, at=at, held={"*": held}, term="record")


TEAM = (
    _deed(DeclarationVersion, "declaration_wordings", _("Wordings of declarations"), "made_at", "made_by"),
    _deed(DeadlineExtension, "extensions", _("Extended deadlines"), "at", "by"),
    _deed(RulebookChange, "rulebook_changes", _("Changes of the rulebook"), "proposed_at", "by"),
    _deed(EditionChange, "edition_changes", _("Changes since a call opened"), "at", "by"),
    _deed(CatalogueRun, "catalogue_runs", _("Films put into the catalogue together"), "asked_at", "by"),
    _deed(BulkStep, "bulk_steps", _("Steps taken with many entries"), "at", "by", "undone_by"),
    _deed(Template, "letter_words", _("Words of letters"), "at", "by"),
    _deed(Mailing, "mailings", _("Letters to many"), "written_at", "by", "started_by"),
    _deed(Wording, "question_wordings", _("Wordings of questions"), "at", "by"),
    _deed(Allocation, "allocations", _("Drawings of looks"), "made_at", "made_by", held="jury"),
    _deed(Standing, "standings", _("Standings of rounds"), "made_at", "made_by", held="jury"),
    _deed(Cut, "cuts", _("Cuts of rounds"), "made_at", "made_by", held="jury"),
    _deed(TieBreak, "tie_breaks", _("Ties decided by the tie rule"), "made_at", "made_by", held="jury"),
    _deed(RoundChange, "round_changes", _("Changes of open rounds"), "at", "by", held="jury"),
    _deed(FeedbackChange, "feedback_changes", _("Changes of what entrants are given"), "at", "by"),
    _deed(FeedbackSending, "feedback_sendings", _("Letters with feedback"), "started_at", "by"),
    _deed(Meeting, "meetings", _("Meetings of the jury"), "closed_at", "closed_by", held="jury"),
    _deed(Vote, "votes", _("Votes in meetings of the jury"), "opened_at", "opened_by", held="jury"),
    _deed(
        AwardList,
        "award_lists",
        _("Award lists"),
        "proposed_at",
        "proposed_by",
        "confirmed_by",
        "announced_by",
        held="jury",
    ),
)
