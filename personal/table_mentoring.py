"""Decisions over mentoring: who accompanies which team, what was talked about, what is to be done, interviews."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from personal.holding import DELETE, Fate, Holding, Way, blank, keep
from submissions.cohorts.models import ActionItem, Interview, Mentor, Session

DRAFT, CLOSED, SHOWN = Fate.DRAFT, Fate.CLOSED, Fate.SHOWN
FREED = blank("record", place=None, booked_at=None)

MENTORING = (
    Holding(
        Mentor,
        "mentors",
        _("Who accompanies which team"),
        ways=(
            Way(
                by="user",
                columns=(
                    "edition=place__cohort__edition__slug", "cohort=place__cohort__slug", "entry=place__entry__code",
                    "added_at",
                ),
                ends=(DELETE,),
                name="mentored_teams",
            ),
        ),
        entry=("place__entry",),
        columns=("entry=place__entry__code", "added_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (keep("record"),)},
    ),
    Holding(
        Session,
        "mentor_sessions",
        _("Sessions of mentors with a team, and their notes"),
        entry=("place__entry",),
        columns=("entry=place__entry__code", "held_at", "minutes", "notes"),
        shown=~Q(notes=""),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        did=("by",),
        at="at",
        held={"inner": "team"},
    ),
    Holding(
        ActionItem,
        "action_items",
        _("What a team and its mentors agreed to do"),
        entry=("place__entry",),
        columns=("entry=place__entry__code", "session=session__held_at", "text", "of_team", "due_on", "done_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        did=("by",),
        at="at",
        held={"reminded_at": "technical"},
    ),
    Holding(
        Interview,
        "interviews",
        _("Interviews with teams"),
        entry=("place__entry",),
        columns=(
            "entry=place__entry__code", "cohort=cohort__slug", "starts_at", "ends_at", "room", "link", "booked_at",
        ),
        ends={DRAFT: (FREED,), CLOSED: (FREED,), SHOWN: (keep("record"),)},
        held={"changes": "technical"},
    ),
    Holding(
        Interview.interviewers.through,
        "interviewers",
        _("Who leads an interview"),
        ways=(
            Way(
                by="user",
                columns=(
                    "edition=interview__cohort__edition__slug", "starts_at=interview__starts_at",
                    "room=interview__room",
                ),
                ends=(DELETE,),
            ),
        ),
    ),
)  # fmt: skip
