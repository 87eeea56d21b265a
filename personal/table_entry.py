"""Decisions over what belongs to an entry, children before what they hang on: the order in which deletion goes."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils.translation import gettext_lazy as _

from festival.awards.models import Laureate
from festival.catalogue.models import Film
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
from personal.table_account import NOBODY
from submissions.models import (
    Answer,
    Asset,
    Attachment,
    Code,
    Consent,
    Correction,
    CorrectionChange,
    Credit,
    CreditDeclaration,
    CreditInvitation,
    Entry,
    Event,
    FilmPrints,
    FilmVersion,
    FindingRow,
    ImportedRow,
    Inspection,
    Match,
    OnlineShowing,
    PublishedCopy,
    Redemption,
    RepresentativeIdentity,
    StatementFinding,
    SubtitleFile,
    ToolUse,
    TransferOffer,
    Upload,
    Waiver,
)
from submissions.timeline import SENTENCES

DRAFT, CLOSED, SHOWN = Fate.DRAFT, Fate.CLOSED, Fate.SHOWN
AGREED = Q(state=CreditInvitation.State.ACCEPTED)
AN_AGREED_LINE = Q(invitation__state=CreditInvitation.State.ACCEPTED)
LAUREATE = Q(entry__told=Entry.Decision.LAUREATE)
NAMING = ("name", "before", "after", "filename", "label", "person")  # values of an event that name people
OVER = blank("record", only=Q(state__in=Correction.OPEN), state=Correction.State.OVER, closed_at=Now())
NO_LINK = Concat(Value("gone-"), Cast(F("pk"), CharField()))  # no token has this hash

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

PUBLISHED = (
    Holding(
        Laureate,
        "laurels",
        _("Awards as announced"),
        code="film__source",
        columns=(
            "entry=film__source", "slot=slot__slug", "place", "share", "code", "citation", "announced_at",
            "withdrawn_at", "withdrawn_reason",
        ),
        ends={CLOSED: (keep("published"),), SHOWN: (keep("published"),)},
        term="record",
    ),
    Holding(
        Film,
        "catalogue",
        _("The film in the catalogue: programme, awards, public pages"),
        code="source",
        columns=(
            "edition=edition__slug", "code", "entry=source", "title", "title_en", "synopsis", "track", "credits",
            "ai_statement", "tools", "country", "language", "year", "seconds", "min_age", "mood", "tempo", "strength",
            "file_format", "width", "height", "frame_rate", "channels", "published_at",
        ),
        shown=Q(published_at__isnull=False),
        ends={
            CLOSED: (
                delete(Q(published_at__isnull=True, laurels__isnull=True, showings__isnull=True)),
                keep("published"),
            ),
            SHOWN: (keep("published"),),
        },
        held={"still": "technical"},
        term="record",
    ),
)  # fmt: skip

FILM = (
    Holding(
        Match,
        "matches",
        _("What a film has in common with another"),
        entry=("first__entry", "second__entry"),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (delete(Q(state=Match.State.OPEN)), keep("record", scrub=("reason",))),
            SHOWN: (keep("record", scrub=("reason",)),),
        },
        did=("by",),
        at="at",
        held={"*": "others"},
    ),
    Holding(
        FilmPrints,
        "fingerprints",
        _("Fingerprints of a film’s picture and sound, for finding the same film again"),
        entry=("version__entry",),
        columns=("entry=version__entry__code", "version=version__number", "made_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (keep("record"),)},
        held={"data": "technical", "matched_at": "technical", "hint_at": "technical"},
    ),
    Holding(
        FindingRow,
        "findings",
        _("Which rules a film breaks"),
        entry=("inspection__version__entry",),
        columns=(
            "entry=inspection__version__entry__code", "version=inspection__version__number", "rule", "severity",
        ),
        ends={DRAFT: (DELETE,), CLOSED: (keep("record"),), SHOWN: (keep("record"),)},
    ),
    Holding(
        Waiver,
        "waivers",
        _("Findings that the team accepts"),
        entry=("version__entry",),
        columns=("entry=version__entry__code", "version=version__number", "rule", "at"),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (keep("record", scrub=("reason",)),),
            SHOWN: (keep("record", scrub=("reason",)),),
        },
        did=("by",),
        at="at",
        held={"reason": "team"},
    ),
    Holding(
        Inspection,
        "inspections",
        _("Technical inspections with their reports"),
        entry=("version__entry",),
        columns=(
            "entry=version__entry__code", "version=version__number", "state", "verdict", "queued_at", "started_at",
            "finished_at", "engine", "rulebook_digest", "glance", "report", "length", "width",
            "height", "rate", "loudness",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (blank("record", report={}, glance={}, error="", folder="", copy_key=""),),
            SHOWN: (keep("published", scrub=("error",)),),
        },
        held={"error": "technical", "stage": "technical", "progress": "technical", "copy_key": "technical"},
    ),
    Holding(
        FilmVersion,
        "films",
        _("The films that were sent in"),
        entry=("entry",),
        columns=("entry=entry__code", "number", "filename", "size", "sha256=asset__sha256", "created_at"),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (blank("record", filename="", asset=None),),
            SHOWN: (keep("published", scrub=("filename",)),),
        },
        held={"upload": "technical"},
    ),
    Holding(
        Attachment,
        "files",
        _("Posters, stills, trailers, documents and evidence"),
        entry=("entry",),
        columns=(
            "entry=entry__code", "kind", "filename", "size", "sha256=asset__sha256", "caption", "stage",
            "declaration=declaration__key", "question=wording__text", "state", "problem", "facts", "created_at",
            "position",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (DELETE,),
            SHOWN: (
                delete(Q(kind__in=("portrait", "document", "delivery")) | ~Q(state=Attachment.State.READY)),
                keep("rights", scrub=("filename", "caption")),
            ),
        },
        held={"upload": "technical"},
    ),
    Holding(
        PublishedCopy,
        "published_copies",
        _("Copies made to be published"),
        entry=("entry",),
        columns=("entry=entry__code", "purpose", "propagator", "state", "size", "sha256", "facts", "created_at"),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (DELETE,)},
        held={"key": "technical", "progress": "technical", "problem": "technical", "asset": "technical"},
    ),
    Holding(
        SubtitleFile,
        "subtitles",
        _("Subtitle files"),
        entry=("entry",),
        columns=(
            "entry=entry__code", "language", "filename", "sha256=asset__sha256", "state", "problem", "facts",
            "created_at",
        ),
        ends={DRAFT: (DELETE,), CLOSED: (DELETE,), SHOWN: (keep("published", scrub=("filename",)),)},
    ),
    Holding(
        Upload,
        "uploads",
        _("Uploads, finished and not"),
        entry=("entry",),
        columns=(
            "entry=entry__code", "purpose", "filename", "size", "state", "created_at", "expires_at", "completed_at",
        ),
        ends={
            DRAFT: (DELETE,),
            CLOSED: (delete(Q(version__isnull=True)), blank("record", filename="", fingerprint="", state="aborted")),
            SHOWN: (
                delete(Q(version__isnull=True, attachment__isnull=True)),
                keep("published", scrub=("filename",)),
            ),
        },
        did=("user",),
        at="created_at",
        held={"part_size": "technical", "place": "technical", "multipart": "technical"},
    ),
    Holding(
        Asset,
        "originals",
        _("Uploaded files as they came, each stored once"),
        ways=(Way(ends=(DELETE,)),),  # where no other entry has the same bytes: personal.remnants
        held={"*": "listed"},
    ),
)  # fmt: skip

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

ENTRY = (*JURY, *PUBLISHED, *FILM, *WRITTEN)
