"""Decisions over teams: their places, what they deliver, what is said about it, and what they are given.

Children stand before what they hang on: the order in which deletion goes. A draft goes as a whole, and its place is
emptied; what a team was promised and given stays with the place.
"""

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from personal.holding import DELETE, Fate, Holding, Way, blank, keep
from submissions.cohorts.models import (
    CutNote,
    Delivery,
    DeliveryPart,
    Extension,
    Place,
    Reminder,
    SupportLine,
    TimeRequest,
)

DRAFT, CLOSED, SHOWN = Fate.DRAFT, Fate.CLOSED, Fate.SHOWN
ALL = (DRAFT, CLOSED, SHOWN)
LIVE = Q(state__in=(Place.State.WAITING, Place.State.OFFERED, Place.State.ACCEPTED))
OVER = blank("record", only=LIVE, state=Place.State.LEFT, ended_at=Now())
FREE = blank("record", only=Q(booked_at__isnull=False), place=None, booked_at=None)
OF_PLACE = "entry=place__entry__code"

COHORTS = (
    Holding(
        CutNote,
        "cut_notes",
        _("Notes on delivered cuts, and answers to them"),
        ways=(
            Way(
                by="by",
                columns=("entry=part__delivery__place__entry__code", "seconds", "text", "at"),
                ends=(keep("record", scrub=("text",)),),
                name="cut_notes_written",
            ),
        ),
        entry=("part__delivery__place__entry",),
        columns=("entry=part__delivery__place__entry__code", "seconds", "text", "at", "done_at"),
        ends=dict.fromkeys(ALL, (DELETE,)),
        held={"answers": "technical"},
    ),
    Holding(
        DeliveryPart,
        "delivered_parts",
        _("What a team delivered for a milestone"),
        entry=("delivery__place__entry",),
        columns=(
            "entry=delivery__place__entry__code", "milestone=delivery__milestone__slug",
            "number=delivery__number", "deliverable=deliverable__slug", "text",
            "version=version__number", "attachment=attachment__filename",
        ),
        ends=dict.fromkeys(ALL, (DELETE,)),
    ),
    Holding(
        Delivery,
        "deliveries",
        _("Deliveries for milestones, and what reviewers answered"),
        entry=("place__entry",),
        columns=(
            OF_PLACE, "milestone=milestone__slug", "number", "state", "message", "created_at", "handed_in_at",
            "late", "reviewed_at", "review", "again_by", "reopened_at", "reopening",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (blank("record", scrub=("review", "reopening"), message=""),),
            SHOWN: (blank("record", scrub=("review", "reopening"), message=""),),
        },
        did=("by", "reviewer", "reopener"),
        at="created_at",
    ),
    Holding(
        Extension,
        "milestone_extensions",
        _("More time for milestones"),
        entry=("place__entry",),
        columns=(OF_PLACE, "milestone=milestone__slug", "until", "reason", "at"),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (keep("record", scrub=("reason",)),),
            SHOWN: (keep("record", scrub=("reason",)),),
        },
        did=("by",),
        at="at",
    ),
    Holding(
        TimeRequest,
        "milestone_time_requests",
        _("Requests for more time for a milestone, and the answers"),
        entry=("place__entry",),
        columns=(OF_PLACE, "milestone=milestone__slug", "state", "until", "message", "at", "decided_at", "answer"),
        ends=dict.fromkeys(ALL, (DELETE,)),
        did=("by", "decided_by"),
        at="at",
    ),
    Holding(
        Reminder,
        "milestone_reminders",
        _("When a team was reminded of a milestone"),
        entry=("place__entry",),
        columns=(OF_PLACE, "milestone=milestone__slug", "kind", "at"),
        ends=dict.fromkeys(ALL, (DELETE,)),
    ),
    Holding(
        SupportLine,
        "support",
        _("What a team was promised and given: money, traffic, credits"),
        entry=("place__entry",),
        columns=(
            OF_PLACE, "kind", "side", "amount", "unit", "milestone=milestone__slug", "reference", "note", "on", "at",
        ),
        ends={fate: (keep("prize", scrub=("reference", "note")),) for fate in ALL},
        did=("by",),
        at="at",
    ),
    Holding(
        Place,
        "cohort_places",
        _("Places of teams: who was invited, and the answers"),
        ways=(
            Way(
                email="email",
                columns=(
                    "cohort=cohort__slug", "edition=cohort__edition__slug", "name", "email", "language", "state",
                    "offered_at", "answer_by", "answered_at", "ended_at", "reason",
                ),
                ends=(
                    blank("record", only=LIVE & Q(entry=None), state=Place.State.LEFT, ended_at=Now()),
                    blank("record", name="", email="", note="", reason="", token_hash=""),
                ),
                name="invitations_to_cohorts",
            ),
        ),
        entry=("entry",),
        columns=(
            "entry=entry__code", "cohort=cohort__slug", "name", "email", "language", "state", "created_at",
            "offered_at", "answer_by", "answered_at", "ended_at", "reason",
        ),
        ends={
            DRAFT: (OVER, blank("record", entry=None, name="", email="", note="", reason="", token_hash="")),
            CLOSED: (OVER, blank("record", name="", email="", note="", reason="", token_hash="")),
            SHOWN: (keep("published", scrub=("name", "note", "reason")),),
        },
        did=("user", "by"),
        at="created_at",
        held={
            "note": "team", "rank": "team", "instead_of": "others", "number": "technical",
            "wanted_at": "technical", "mailed_at": "technical", "problem": "technical", "reminded_at": "technical",
        },
    ),
)  # fmt: skip
