"""Decisions over what belongs to an entry: what people wrote for an entry, and its record."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils.translation import gettext_lazy as _

from personal.holding import DELETE, Fate, Holding, Way, blank, delete, keep
from personal.table_account import NOBODY
from submissions.models import (
    Answer,
    Code,
    Consent,
    Correction,
    CorrectionChange,
    Credit,
    CreditDeclaration,
    CreditInvitation,
    Entry,
    Event,
    ImportedRow,
    OnlineShowing,
    Redemption,
    RepresentativeIdentity,
    StatementFinding,
    ToolUse,
    TransferOffer,
)
from submissions.timeline import SENTENCES

DRAFT, CLOSED, SHOWN = Fate.DRAFT, Fate.CLOSED, Fate.SHOWN
AGREED = Q(state=CreditInvitation.State.ACCEPTED)
AN_AGREED_LINE = Q(invitation__state=CreditInvitation.State.ACCEPTED)
LAUREATE = Q(entry__told=Entry.Decision.LAUREATE)
NAMING = ("name", "before", "after", "filename", "label", "person")  # values of an event that name people
OVER = blank("record", only=Q(state__in=Correction.OPEN), state=Correction.State.OVER, closed_at=Now())
NO_LINK = Concat(Value("gone-"), Cast(F("pk"), CharField()))  # no token has this hash

WRITTEN = (
    Holding(
        Consent,
        "consents",
        _("Declarations about rights"),
        entry=("entry",),
        columns=(
            "entry=entry__code", "declaration=declaration__key", "title=wording__title", "text=wording__text",
            "number", "answer", "at", "until",
        ),
        ends={DRAFT: (DELETE,), CLOSED: (keep("record"),), SHOWN: (keep("rights"),)},
        did=("by",),
        at="at",
    ),
    Holding(
        OnlineShowing,
        "online_showings",
        _("What may be watched on the public page"),
        entry=("entry",),
        columns=("entry=entry__code", "what", "version", "at", "until"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        did=("by",),
        at="at",
    ),
    Holding(
        RepresentativeIdentity,
        "identity",
        _("The representative’s legal name"),
        entry=("entry",),
        columns=("entry=entry__code", "legal_name", "document", "at", "checked_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (delete(~LAUREATE), keep("prize"))},
        did=("by", "checked_by"),
        at="at",
        term="identity",
    ),
    Holding(
        TransferOffer,
        "offers",
        _("Offers to hand an entry over"),
        ways=(
            Way(
                by="user",
                email="email",
                columns=("entry=entry__code", "email", "state", "wanted_at", "answered_at", "expires_at"),
                ends=(DELETE,),
                others=True,
                name="offers_to_me",
            ),
        ),
        entry=("entry",),
        columns=("entry=entry__code", "email", "language", "state", "wanted_at", "answered_at", "expires_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        did=("by",),
        at="wanted_at",
        held={"number": "technical", "letters": "technical", "mailed_at": "technical", "problem": "technical"},
    ),
    Holding(
        Credit,
        "credits",
        _("The credits"),
        ways=(
            Way(
                by="invitation__user",
                email="email",
                columns=("entry=entry__code", "name", "name_other", "roles", "role_other", "email", "country"),
                ends=(blank("billing", email="", country=""),),
                others=True,
                name="credits_in_films_of_others",
            ),
        ),
        entry=("entry",),
        columns=(
            "entry=entry__code", "position", "name", "name_other", "roles", "role_other", "email", "country",
            "is_representative", "is_self",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (DELETE,),
            SHOWN: (
                blank("billing", only=Q(is_self=True), email="", country=""),
                blank("billing", only=Q(invitation__isnull=True) | ~AN_AGREED_LINE, email=""),
                keep("billing"),
            ),
        },
    ),
    Holding(
        CreditInvitation,
        "co_authors",
        _("Questions to co-authors, and their answers"),
        ways=(
            Way(
                by="user",
                columns=(
                    "entry=entry__code", "title=entry__title", "email", "language", "state", "wanted_at",
                    "answered_at", "agreed_name", "agreed_roles",
                ),
                ends=(blank("billing", user=None, email=NOBODY, language="en", token_hash=NO_LINK),),
                others=True,
                name="named_in_films_of_others",
            ),
            Way(
                email="email",
                columns=(
                    "entry=entry__code", "email", "language", "state", "wanted_at", "answered_at", "agreed_name",
                    "agreed_roles", "expires_at",
                ),
                ends=(
                    blank(
                        "record", only=Q(state=CreditInvitation.State.OPEN), state=CreditInvitation.State.REVOKED,
                    ),
                    blank("record", email=NOBODY, token_hash=NO_LINK),
                ),
                others=True,
                name="asked_by_others",
            ),
        ),
        entry=("entry",),
        columns=(
            "entry=entry__code", "email", "language", "state", "wanted_at", "answered_at", "agreed_name",
            "agreed_roles", "expires_at",
        ),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (delete(~AGREED), keep("theirs"))},
        did=("by",),
        at="wanted_at",
        held={"number": "technical", "letters": "technical", "mailed_at": "technical", "problem": "technical"},
    ),
    Holding(
        CreditDeclaration,
        "declarations_about_people",
        _("Declarations about age and identity"),
        ways=(
            Way(
                email="email",
                columns=("entry=entry__code", "kind", "email", "at", "version", "text", "values", "void_at"),
                ends=(blank("record", email=NOBODY),),
                others=True,
                name="declared_in_films_of_others",
            ),
        ),
        entry=("entry",),
        columns=("entry=entry__code", "kind", "email", "at", "version", "text", "values", "void_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (keep("rights"),)},
        did=("by",),
        at="at",
    ),
    Holding(
        ToolUse,
        "tools",
        _("The AI statement, line by line"),
        entry=("entry",),
        columns=(
            "entry=entry__code", "position", "stage", "tool", "other", "version", "share", "human", "no_ai",
        ),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (keep("published"),)},
    ),
    Holding(
        StatementFinding,
        "statement_findings",
        _("Which rules an AI statement breaks"),
        entry=("entry",),
        columns=("entry=entry__code", "rule", "severity"),
        ends={DRAFT: (DELETE,), CLOSED: (keep("record"),), SHOWN: (keep("record"),)},
    ),
    Holding(
        Answer,
        "answers",
        _("Answers to the contest’s own questions"),
        entry=("entry",),
        columns=("entry=entry__code", "question=wording__text", "value"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        held={"question": "technical"},
    ),
    Holding(
        Code,
        "codes",
        _("Codes that organisers hand out"),
        ways=(
            Way(
                email="email",
                columns=(
                    "edition=edition__slug", "track=track__slug", "kind", "code", "email", "until", "expires_at",
                    "revoked_at", "created_at",
                ),
                ends=(
                    blank("record", scrub=("label",), email="", revoked_at=Coalesce(F("revoked_at"), Now())),
                ),
            ),
        ),
        entry=("redemptions__entry",),
        ends={fate: (keep("record", scrub=("label",)),) for fate in (DRAFT, CLOSED, SHOWN)},
        did=("by",),
        at="created_at",
        held={"label": "team", "uses": "technical", "used": "technical"},
    ),
    Holding(
        Redemption,
        "codes_used",
        _("Codes that were used for an entry"),
        entry=("entry",),
        columns=("entry=entry__code", "code=code__code", "at"),
        ends={DRAFT: (DELETE,), CLOSED: (keep("record"),), SHOWN: (keep("record"),)},
        did=("user",),
        at="at",
    ),
    Holding(
        ImportedRow,
        "imports",
        _("What was brought over from another service"),
        entry=("entry",),
        columns=("entry=entry__code", "key", "film", "film_size", "at"),
        ends={
            CLOSED: (blank("record", film="", digest=""),),
            SHOWN: (blank("record", film="", digest=""),),
        },
        held={"digest": "technical", "edition": "technical"},
    ),
    Holding(
        CorrectionChange,
        "corrected_fields",
        _("What was changed by corrections"),
        entry=("correction__entry",),
        columns=("entry=correction__entry__code", "at=event__at", "field", "before", "after"),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (blank("record", before=None, after=None),),
            SHOWN: (blank("record", before=None, after=None),),
        },
        term="record",
    ),
    Holding(
        Correction,
        "corrections",
        _("Requests to correct an entry, and the answers"),
        entry=("entry",),
        columns=(
            "entry=entry__code", "state", "asked", "message", "asked_at", "granted", "until", "decided_at", "reason",
            "closed_at",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (OVER, blank("record", scrub=("reason",), message="")),
            SHOWN: (OVER, keep("record", scrub=("message", "reason"))),
        },
        did=("asked_by", "decided_by", "closed_by"),
        at="asked_at",
    ),
    Holding(
        Event,
        "log",
        _("The log of an entry"),
        entry=("entry",),
        columns=("entry=entry__code", "at", "kind", "source", "target", "values"),
        shown=Q(kind__in=[*SENTENCES, "file_added", "file_kept", "file_removed", "declared", "announced"]),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (keep("record", scrub=("values",), forget=NAMING),),
            SHOWN: (keep("record", scrub=("values",)),),
        },
        did=("actor",),
        at="at",
    ),
    Holding(
        Entry,
        "entries",
        _("Entries"),
        entry=("pk",),
        columns=(
            "edition=edition__slug", "track=track__slug", "code", "state", "title", "title_en", "synopsis",
            "director", "country", "language", "subtitle_languages", "year", "running_time", "genre", "premiere",
            "showings", "residence", "ai_statement", "created_at", "updated_at", "submitted_at", "fix_until",
            "late_until", "told", "told_at",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (
                blank(
                    "record", title="", title_en="", synopsis={}, director="", country="", language="",
                    subtitle_languages="", year=None, running_time=None, genre="", premiere="", showings="",
                    residence="", ai_statement="",
                ),
            ),
            SHOWN: (blank("published", showings="", residence=""),),
        },
        held={"entrant": "technical", "decision": "jury"},
    ),
)  # fmt: skip
