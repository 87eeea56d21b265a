"""The table of decisions: every model that holds anything about a person, and what is done with it.

A copy of one's own data and the deletion of an account are carried out from this table; docs/privacy.md prints it.
A test fails for a model with a relation to an account or an entry that stands neither here nor in NOTHING, and for a
column that no decision names.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from festival.awards.models import (
    AudienceAside,
    AudienceBatch,
    AudiencePoll,
    AudienceStep,
    AwardRule,
    AwardSlot,
    Objection,
    ObjectionStep,
    Papers,
    PublicNotice,
)
from festival.catalogue.models import Embedding
from festival.edition.models import Declaration, Edition, Phase, Track
from festival.post.models import Notice, Reminder
from festival.premiere.models import (
    Checklist,
    Hall,
    OnlineSeat,
    Opening,
    Rehearsal,
    Screening,
    Travel,
    Venue,
)
from judging.models import (
    AwardStep,
    AwardVersion,
    CalibrationFilm,
    CommentDecision,
    Conflict,
    Criterion,
    CutRow,
    FeedbackChange,
    Look,
    LookNote,
    MeetingNote,
    Panel,
    Round,
    RoundChange,
    TieBreak,
    Verdict,
    Vote,
    Withdrawal,
)
from personal.table_account import ACCOUNT
from personal.table_awards import AWARDS
from personal.table_cohorts import COHORTS
from personal.table_entry import ENTRY
from personal.table_guests import GUESTS
from personal.table_jury import JUDGES
from personal.table_mentoring import MENTORING
from personal.table_team import TEAM
from submissions.cohorts.models import (
    ActionItem,
    Cohort,
    CutNote,
    Deliverable,
    Delivery,
    DeliveryPart,
    Extension,
    Milestone,
    Place,
    Promise,
    Session,
    SupportLine,
    TimeRequest,
)
from submissions.models import Code, Correction, CorrectionChange, Event, Match, Question, Waiver

HOLDINGS = (*ACCOUNT, *JUDGES, *MENTORING, *COHORTS, *ENTRY, *AWARDS, *GUESTS, *TEAM)

# Nothing in them is about a person: the contest's own settings, words and places.
NOTHING: tuple[type[Model], ...] = (
    Permission,
    Group.permissions.through,
    Group,
    ContentType,
    Edition,
    Track,
    Phase,
    Declaration,
    Reminder,
    AwardSlot,
    AwardRule,
    PublicNotice,  # as it was published
    Papers,
    AudiencePoll,
    AudiencePoll.films.through,
    AudienceBatch,
    Embedding,  # addresses of an organiser's sites
    Venue,
    Hall,
    Opening,
    Travel,
    Screening,  # its host as the programme prints it
    Rehearsal,
    Checklist,
    OnlineSeat,  # a random number's hash, of no account
    Question,
    Question.tracks.through,
    Round,
    Criterion,
    Panel,
    Cohort,
    Milestone,
    Deliverable,
    Promise,
)

# Inner columns that say nothing about a person, in whatever model they stand.
TECHNICAL = frozenset(
    {
        "id", "lease_token", "lease_until", "hinted_at", "attempts", "token_hash", "folder", "webvtt_key",
        "fingerprint",
    }
)  # fmt: skip

# Columns in which a team or the site itself may have written a person's address: it is struck out of all of them.
# Names are not searched for everywhere: other people have the same.
SWEPT: tuple[tuple[type[Model], str], ...] = (
    (Event, "values"),
    (Notice, "values"),
    (Waiver, "reason"),
    (CorrectionChange, "before"),
    (CorrectionChange, "after"),
    (Correction, "message"),
    (Correction, "reason"),
    (Match, "reason"),
    (Look, "comment"),
    (Look, "feedback"),
    (Look, "stop_words"),
    (CommentDecision, "text"),
    (CommentDecision, "reason"),
    (FeedbackChange, "reason"),
    (LookNote, "text"),
    (CalibrationFilm, "words"),
    (Look, "reason"),
    (CutRow, "why"),
    (RoundChange, "reason"),
    (TieBreak, "why"),
    (Conflict, "reason"),
    (MeetingNote, "text"),
    (Vote, "text"),
    (Verdict, "why"),
    (Verdict, "pin"),
    (AwardVersion, "changes"),
    (AwardStep, "values"),
    (Withdrawal, "reason"),
    (Objection, "text"),
    (Objection, "decision"),
    (Objection, "public"),
    (ObjectionStep, "text"),
    (PublicNotice, "changes"),
    (Papers, "signers"),
    (AudienceAside, "reason"),
    (AudienceStep, "values"),
    (Code, "label"),
    (CutNote, "text"),
    (Delivery, "message"),
    (Delivery, "review"),
    (Delivery, "reopening"),
    (DeliveryPart, "text"),
    (Extension, "reason"),
    (TimeRequest, "message"),
    (TimeRequest, "answer"),
    (SupportLine, "reference"),
    (SupportLine, "note"),
    (Session, "notes"),
    (Session, "inner"),
    (ActionItem, "text"),
    (Place, "note"),
    (Place, "reason"),
)
