"""Decisions over what belongs to an entry: what judging holds of an entry."""

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from judging.models import (
    CalibrationFilm,
    CalibrationScore,
    CommentDecision,
    FeedbackLetter,
    Look,
    LookNote,
    Round,
    Score,
    StandingRow,
)
from personal.holding import DELETE, Fate, Holding, Way, blank, delete, keep
from submissions.models import (
    Correction,
    Entry,
)

DRAFT, CLOSED, SHOWN = Fate.DRAFT, Fate.CLOSED, Fate.SHOWN
LAUREATE = Q(entry__told=Entry.Decision.LAUREATE)
OVER = blank("record", only=Q(state__in=Correction.OPEN), state=Correction.State.OVER, closed_at=Now())

JURY = (
    Holding(
        CommentDecision,
        "released_comments",
        _("What of judges’ words was released to entrants"),
        ways=(
            Way(
                by="look__judge",
                columns=("entry=look__entry__code", "round=look__round__slug", "choice", "text", "reason", "at"),
                ends=(keep("result", scrub=("text", "reason")),),
            ),
        ),
        entry=("look__entry",),
        columns=("entry=look__entry__code", "position", "text"),
        shown=Q(letter__isnull=False),
        ends={CLOSED: (DELETE,), SHOWN: (keep("result", scrub=("text", "reason")),)},
        did=("by",),
        at="at",
        held={"revision": "technical", "letter": "technical"},
    ),
    Holding(
        FeedbackLetter,
        "feedback",
        _("Feedback of the jury, as it was sent"),
        entry=("entry",),
        columns=("entry=entry__code", "round=round__slug", "films", "band", "bands", "report", "sent_at"),
        ends={CLOSED: (DELETE,), SHOWN: (keep("result"),)},
        did=("sent_by",),
        at="sent_at",
    ),
    Holding(
        Score,
        "scores",
        _("Scores of the jury"),
        ways=(
            Way(
                by="look__judge",
                columns=("entry=look__entry__code", "round=look__round__slug", "criterion=criterion__slug", "value"),
                ends=(keep("result"),),
            ),
        ),
        entry=("look__entry",),
        ends={CLOSED: (keep("result"),), SHOWN: (keep("result"),)},
    ),
    Holding(
        Look,
        "looks",
        _("Looks of the jury, with comments"),
        ways=(
            Way(
                by="judge",
                columns=(
                    "edition=round__edition__slug", "round=round__slug", "entry=entry__code", "state", "answer",
                    "nominated", "comment", "feedback", "confidence", "stopped", "stop_words", "reason", "taken",
                    "seconds", "to_read", "played", "watched_seconds", "watched_declared", "opened_at", "played_at",
                    "saved_at", "scored_at",
                ),
                ends=(keep("result", scrub=("comment", "feedback", "stop_words", "reason")),),
            ),
        ),
        entry=("entry",),
        ends={
            CLOSED: (blank("result", scrub=("reason",), comment="", feedback="", stop_words=""),),
            SHOWN: (keep("result", scrub=("comment", "feedback", "stop_words", "reason")),),
        },
        held={"position": "technical", "revision": "technical"},
    ),
    Holding(
        LookNote,
        "look_notes",
        _("Judges’ notes at moments of a film"),
        ways=(
            Way(
                by="look__judge",
                columns=(
                    "entry=look__entry__code", "round=look__round__slug", "seconds", "text", "for_jury", "written_at",
                ),
                ends=(delete(Q(for_jury=False)), keep("result", scrub=("text",))),
            ),
        ),
        entry=("look__entry",),
        ends={CLOSED: (DELETE,), SHOWN: (keep("result", scrub=("text",)),)},
        held={"client_id": "technical", "number": "technical"},
    ),
    Holding(
        CalibrationFilm,
        "calibration_films",
        _("Films on which judges try their scale"),
        entry=("entry",),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        held={"*": "jury"},
    ),
    Holding(
        CalibrationScore,
        "calibration_scores",
        _("What judges gave calibration films"),
        ways=(
            Way(
                by="judge",
                columns=("film=film__entry__code", "round=film__round__slug", "values", "at"),
                ends=(DELETE,),
            ),
        ),
        entry=("film__entry",),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
    ),
    Holding(
        StandingRow,
        "standing_rows",
        _("Places in a round’s standing"),
        entry=("entry",),
        ends={CLOSED: (keep("result"),), SHOWN: (keep("result"),)},
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        Round.films.through,
        "films_of_rounds",
        _("Which films a round of the jury had"),
        entry=("entry",),
        ends={CLOSED: (keep("result"),), SHOWN: (keep("result"),)},
        held={"*": "jury"},
        term="record",
    ),
)  # fmt: skip
