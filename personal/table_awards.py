"""Decisions over the award list, its public notice, and objections to it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.awards.models import (
    AudienceAside,
    AudienceBallot,
    AudienceChoice,
    AudienceCode,
    AudienceResult,
    AudienceStep,
    AudienceTry,
    Evidence,
    Objection,
    ObjectionLetter,
    ObjectionStep,
)
from judging.models import AwardStep, AwardVersion, FairnessReport, Rehearsal, Verdict, Withdrawal
from personal.holding import DELETE, Fate, Holding, Way, blank, delete, keep
from personal.table_account import NOBODY

CLOSED, SHOWN = Fate.CLOSED, Fate.SHOWN

AWARDS = (
    Holding(
        Verdict,
        "verdicts",
        _("Places on the award list"),
        entry=("entry",),
        ends={CLOSED: (keep("result"),), SHOWN: (keep("result"),)},
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        Withdrawal,
        "withdrawals",
        _("Films taken out of the awards, and why"),
        entry=("entry",),
        columns=("edition=award_list__edition__slug", "entry=entry__code", "reason", "at"),
        ends={
            CLOSED: (keep("published", scrub=("reason",)),),
            SHOWN: (keep("published", scrub=("reason",)),),
        },
        did=("by",),
        at="at",
        held={"objection": "others"},
        term="record",
    ),
    Holding(
        AwardVersion,
        "award_versions",
        _("Versions of the award list"),
        did=("made_by",),
        at="made_at",
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        AwardStep,
        "award_steps",
        _("Steps of the award list"),
        did=("by",),
        at="at",
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        FairnessReport,
        "fairness_reports",
        _("Fairness reports"),
        did=("made_by", "published_by"),
        at="asked_at",
        held={"*": "jury"},
        term="record",
    ),
    Holding(
        Rehearsal,
        "contest_rehearsals",
        _("Rehearsals of contests"),
        did=("by",),
        at="asked_at",
        held={"*": "technical"},
        term="record",
    ),
    Holding(
        Evidence,
        "evidence",
        _("Files that came with objections"),
        ways=(
            Way(
                by="objection__user",
                email="objection__email",
                columns=("objection=objection__code", "filename", "size", "kind"),
                ends=(keep("record", scrub=("filename",)),),
            ),
        ),
        held={"key": "technical"},
        term="record",
    ),
    Holding(
        ObjectionStep,
        "objection_steps",
        _("What was done with objections"),
        ways=(
            Way(
                by="objection__user",
                email="objection__email",
                columns=("objection=objection__code", "kind", "at", "text"),
                shown=~Q(kind="note"),
                ends=(keep("record", scrub=("text",)),),
            ),
        ),
        did=("by",),
        at="at",
        term="record",
    ),
    Holding(
        ObjectionLetter,
        "objection_letters",
        _("Letters to people who objected without an account"),
        ways=(
            Way(
                email="objection__email",
                columns=("objection=objection__code", "kind", "mailed_at"),
                ends=(DELETE,),
            ),
        ),
        held={"uid": "technical", "due_at": "technical", "problem": "technical"},
        term="objection",
    ),
    Holding(
        Objection,
        "objections",
        _("Objections to an award list"),
        ways=(
            Way(
                by="user",
                email="email",
                columns=(
                    "edition=notice__edition__slug", "code", "film", "title", "ground", "text", "name", "email",
                    "contact", "language", "sent_at", "received_at", "due_at", "state", "decided_at", "decision",
                    "public", "follows",
                ),
                ends=(
                    delete(Q(state=Objection.State.SENT)),
                    blank(
                        "record", scrub=("text", "decision", "public"), email=NOBODY, name="", contact="",
                        token_hash="", holder="", network="",
                    ),
                ),
            ),
        ),
        did=("decided_by",),
        at="decided_at",
        held={"network": "technical", "holder": "technical"},
        term="objection",
    ),
    Holding(
        AudienceBallot,
        "audience_votes",
        _("Votes for audience awards"),
        ways=(
            Way(
                by="user",
                columns=(
                    "edition=poll__slot__edition__slug", "award=poll__slot__slug", "cast_at", "voted_at", "changes",
                ),
                ends=(blank("result", user=None, code=None, holder="", domain="", network="", account_age=None),),
            ),
        ),
        held={
            "code": "technical", "holder": "technical", "domain": "technical",
            "network": "technical", "account_age": "technical", "batch": "technical", "serial": "technical",
        },
        term="poll",
    ),
    Holding(
        AudienceChoice,
        "audience_choices",
        _("Films voted for"),
        ways=(
            Way(
                by="ballot__user",
                columns=("award=ballot__poll__slot__slug", "film=film__code"),
                ends=(keep("result"),),
            ),
        ),
        term="poll",
    ),
    Holding(
        AudienceCode,
        "audience_codes",
        _("Codes for audience awards; an address until its letter is out"),
        ways=(Way(email="email", columns=("award=poll__slot__slug", "email", "wanted_at"), ends=(DELETE,)),),
        held={
            "batch": "technical", "serial": "technical", "digest": "secret", "holder": "technical",
            "domain": "technical", "number": "technical", "language": "technical",
        },
        term="poll",
    ),
    Holding(
        AudienceTry,
        "audience_tries",
        _("How often somebody voted or asked for a code, under a keyed hash"),
        held={"*": "technical"},
        term="hour",
    ),
    Holding(
        AudienceAside,
        "audience_asides",
        _("Votes of the audience set aside"),
        did=("by",),
        at="at",
        held={"*": "others"},
        term="record",
    ),
    Holding(
        AudienceAside.ballots.through,
        "audience_aside_votes",
        _("Which votes were set aside"),
        held={"*": "others"},
        term="record",
    ),
    Holding(
        AudienceResult,
        "audience_results",
        _("Counts of the audience’s votes"),
        did=("made_by",),
        at="made_at",
        held={"*": "others"},
        term="record",
    ),
    Holding(
        AudienceStep,
        "audience_steps",
        _("What organisers did with the audience’s votes"),
        did=("by",),
        at="at",
        held={"*": "others"},
        term="record",
    ),
)  # fmt: skip
