"""Decisions over what belongs to an entry: what stands of an entry in public, and what is held of its film."""

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from festival.awards.models import Laureate
from festival.catalogue.models import Film
from personal.holding import DELETE, Fate, Holding, Way, blank, delete, keep
from submissions.models import (
    Asset,
    Attachment,
    Correction,
    Entry,
    FilmPrints,
    FilmVersion,
    FindingRow,
    Inspection,
    Match,
    PublishedCopy,
    SubtitleFile,
    Upload,
    Waiver,
)

DRAFT, CLOSED, SHOWN = Fate.DRAFT, Fate.CLOSED, Fate.SHOWN
LAUREATE = Q(entry__told=Entry.Decision.LAUREATE)
OVER = blank("record", only=Q(state__in=Correction.OPEN), state=Correction.State.OVER, closed_at=Now())

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
