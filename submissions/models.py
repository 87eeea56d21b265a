"""Entries, what was uploaded for them, and what the inspection found."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition, Track
from festival.kit.fields import bilingual
from submissions.attachment_models import Attachment as Attachment
from submissions.catalogue_models import CatalogueRun as CatalogueRun
from submissions.code_models import Code as Code
from submissions.code_models import CodeMiss as CodeMiss
from submissions.code_models import Redemption as Redemption
from submissions.consent_models import Consent as Consent
from submissions.correction_models import Correction as Correction
from submissions.correction_models import CorrectionChange as CorrectionChange
from submissions.credit_models import Credit as Credit
from submissions.credit_models import CreditDeclaration as CreditDeclaration
from submissions.credit_models import CreditInvitation as CreditInvitation
from submissions.credit_models import RepresentativeIdentity as RepresentativeIdentity
from submissions.desk_models import BulkStep as BulkStep
from submissions.desk_models import SavedFilter as SavedFilter
from submissions.desk_models import TableColumns as TableColumns
from submissions.import_models import ImportedRow as ImportedRow
from submissions.letter_models import SignedLetter as SignedLetter
from submissions.letter_models import TransferOffer as TransferOffer
from submissions.lifecycle import State
from submissions.published_models import OnlineShowing as OnlineShowing
from submissions.published_models import PublishedCopy as PublishedCopy
from submissions.question_models import Answer as Answer
from submissions.question_models import Question as Question
from submissions.question_models import Wording as Wording
from submissions.statement_models import StatementFinding as StatementFinding
from submissions.statement_models import ToolUse as ToolUse


class Entry(models.Model):
    """A film entered in a track by an account; or the project of a film that is not made yet, as the track says.

    `state` is written only by `actions.move`. `decision` is what the jury decided; `told` is what the entrant has
    been told: the entrant's pages read `told` alone.
    """

    class Decision(models.TextChoices):
        NONE = "", _("Open")
        LAUREATE = "laureate", _("Laureate")
        NOT_SELECTED = "not_selected", _("Not among the laureates")

    class Genre(models.TextChoices):
        FICTION = "fiction", _("Fiction")
        ANIMATION = "animation", _("Animation")
        DOCUMENTARY = "documentary", _("Documentary")
        EXPERIMENTAL = "experimental", _("Experimental film")
        ESSAY = "essay", _("Essay film")
        MUSIC = "music", _("Music video")
        PROMOTION = "promotion", _("Promotional film")
        EPISODE = "episode", _("Episode of a series")
        OTHER = "other", _("Another form")

    class Premiere(models.TextChoices):
        WORLD = "world", _("Not shown anywhere yet")
        INTERNATIONAL = "international", _("Shown in its own country only")
        NATIONAL = "national", _("Shown abroad, not yet in the country of the contest")
        SHOWN = "shown", _("Shown in the country of the contest")
        ONLINE = "online", _("Public on the internet")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="entries")
    track = models.ForeignKey(Track, models.PROTECT, related_name="entries")
    entrant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    synopsis = bilingual()
    director = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=800, blank=True)  # festival.kit.names: "CN, FR"
    language = models.CharField(max_length=800, blank=True)  # spoken: "zh, en", "zxx" without words
    subtitle_languages = models.CharField(max_length=800, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    running_time = models.PositiveIntegerField(null=True, blank=True)  # seconds, as the entrant says
    genre = models.CharField(max_length=16, choices=Genre, blank=True)
    premiere = models.CharField(max_length=16, choices=Premiere, blank=True)
    showings = models.TextField(blank=True)  # where it was shown and awarded before
    residence = models.CharField(max_length=2, blank=True)  # of the entrant: "CN", ISO 3166-1
    ai_statement = models.TextField(blank=True)  # how it was made, in words; the tools stand in `tool_uses`
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    fix_until = models.DateTimeField(null=True, blank=True)
    late_until = models.DateTimeField(
        null=True, blank=True
    )  # this draft may be submitted until then, by itself
    decision = models.CharField(max_length=12, choices=Decision, default=Decision.NONE, blank=True)
    told = models.CharField(max_length=12, choices=Decision, default=Decision.NONE, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["edition", "state", "-submitted_at"], name="entry_desk"),
            models.Index(fields=["entrant", "-created_at"], name="entry_of_entrant"),
            models.Index(fields=["edition", "submitted_at", "id"], name="entry_by_submission"),
            models.Index(fields=["edition", "title", "id"], name="entry_by_title"),
            models.Index(fields=["track", "state"], name="entry_of_track"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="entry_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="entry_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="fixing") | Q(fix_until__isnull=False), name="entry_fixing_has_end"
            ),
            models.CheckConstraint(
                condition=Q(told="") | Q(told_at__isnull=False),
                name="entry_told_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_project(self) -> bool:
        """Whether it is entered without a film. One query where the track was not fetched."""
        return self.track.enters == Track.Enters.PROJECT


class Event(models.Model):
    """The entry's log: one row for everything that happened to it. Never changed, never deleted.

    But for names: they are struck out when the account they belong to is deleted (personal.table).
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["entry", "at"], name="event_of_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind}"


class Upload(models.Model):
    """A resumable upload in progress: parts of `part_size` bytes, the last one shorter.

    `purpose` is empty for the film, and says for any other file what it is (`attachment_kinds.Purpose`).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        COMPLETE = "complete", _("Complete")
        ABORTED = "aborted", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    class Place(models.TextChoices):
        DISK = "disk"
        BUCKET = "bucket"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60, blank=True)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    part_size = models.PositiveBigIntegerField()
    fingerprint = models.CharField(
        max_length=128
    )  # name, size and date as the browser saw them: finds the same file again
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    place = models.CharField(max_length=10, choices=Place, default=Place.DISK)  # where its parts are kept
    multipart = models.CharField(max_length=1024, blank=True)  # the bucket's own name of it
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0, part_size__gt=0), name="upload_has_size"),
            models.UniqueConstraint(
                fields=["entry", "fingerprint"], condition=Q(state="open"), name="upload_once_per_file"
            ),
            models.CheckConstraint(
                condition=Q(place="bucket") | Q(place="disk", multipart=""), name="upload_has_place"
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "expires_at"], condition=Q(state="open"), name="upload_open_of_account"
            ),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="upload_open_late"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def part_count(self) -> int:
        return -(-self.size // self.part_size)


class Asset(models.Model):
    """An uploaded file as it came: immutable, bit-exact, stored once under its SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class FilmVersion(models.Model):
    """A film sent in for an entry. The highest number counts; older ones stay."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="version")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="versions")
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="film_version_number")]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"

    @property
    def is_gone(self) -> bool:
        """Whether the film was removed, because the account that sent it in was deleted."""
        return self.asset_id is None and self.upload.state == Upload.State.ABORTED


def _measured(path: str, kind: "type[models.Field[Any, Any]]") -> models.GeneratedField:
    """A number out of an inspection's report, kept by the database itself; none where the report has none."""
    told = NullIf(KT(f"report__{path}"), Value("null"))  # SQLite has this word where the report says null
    return models.GeneratedField(expression=Cast(told, kind()), output_field=kind(null=True), db_persist=True)


class Inspection(models.Model):
    """One inspection of one film version: store and hash, a first look, inspect and copy.

    The row is the truth, the queue only a hint. A worker holds it by `lease_token` until `lease_until` and renews
    the lease while it works; when it dies the reaper queues the row again, and whatever the dead worker still
    writes is refused, because its token no longer matches.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Stage(models.TextChoices):
        STORE = "store", _("Storing")
        GLANCE = "glance", _("First look")
        INSPECT = "inspect", _("Inspecting")
        COPY = "copy", _("Making the judge copy")

    class Verdict(models.TextChoices):
        PASS = "pass", _("Passed")
        NOTE = "note", _("Passed, with notes")
        FIX = "fix", _("To be mended")
        BLOCK = "block", _("Cannot be accepted as it is")
        UNREADABLE = "unreadable", _("Cannot be read")

    version = models.ForeignKey(FilmVersion, models.PROTECT, related_name="inspections")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.STORE)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent of the stage
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    glance = models.JSONField(default=dict, blank=True)  # the first look: a Report of depth "keyframes"
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    report = models.JSONField(default=dict, blank=True)  # submissions.inspection.report.Report
    # What of a report is listed by the thousand stands beside it: reading reports for it would be slow.
    length = models.GeneratedField(
        expression=Cast(KT("report__video__duration"), models.FloatField()),
        output_field=models.FloatField(null=True),
        db_persist=True,
    )
    width = _measured("video__width", models.IntegerField)
    height = _measured("video__height", models.IntegerField)
    rate = _measured("video__frame_rate", models.FloatField)
    loudness = _measured("audio__integrated_lufs", models.FloatField)
    engine = models.CharField(max_length=20, blank=True)
    rulebook_digest = models.CharField(max_length=64, blank=True)
    folder = models.CharField(max_length=200, blank=True)  # storage prefix of stills and contact sheet
    copy_key = models.CharField(max_length=200, blank=True)  # storage key of the judge copy
    error = models.TextField(blank=True)  # for the technician, when the work itself failed

    class Meta:
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["queued", "running"]),
                name="inspection_unfinished",
            ),
            models.Index(fields=["finished_at"], name="inspection_finished"),
            models.Index(fields=["state", "version", "length"], name="inspection_by_state"),
            models.Index(  # of what is finished alone: who asks for a state without a time takes the one above
                fields=["state", "finished_at"],
                condition=Q(finished_at__isnull=False),
                name="inspection_queue",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=["queued", "running"]),
                name="inspection_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="inspection_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(verdict=""), name="inspection_done_has_verdict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"

    @property
    def glance_folder(self) -> str:
        """The storage prefix of the first look's pictures."""
        return f"inspections/{self.pk}/glance"

    @property
    def seconds(self) -> float | None:
        """The film's running time, once it was measured."""
        if "report" not in self.__dict__:  # fetched without it: `queries.without_reports`
            return self.length
        video = self.report.get("video") or {}
        return video.get("duration")

    @property
    def took(self) -> float | None:
        """Seconds from the first worker's start to the end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class FindingRow(models.Model):
    """Which rules a film broke in an inspection, once each: what the desk filters and counts by.

    Written with the report, whose findings say the rest.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="finding_rows")
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "rule"], name="finding_row_once"),
            models.CheckConstraint(
                condition=Q(severity__in=["note", "fix", "block"]), name="finding_row_known_severity"
            ),
        ]
        indexes = [models.Index(fields=["rule", "inspection"], name="finding_row_by_rule")]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.rule}"


class Waiver(models.Model):
    """A technician accepts what a film version breaks, with a reason; a mended version is judged anew."""

    version = models.ForeignKey(FilmVersion, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=40)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "rule"], name="waiver_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.rule}"


class SubtitleFile(models.Model):
    """Subtitles beside an entry's film: one file a language, as it came; another one takes its place.

    A worker parses it in the limited child, nobody else does. Whether it counts is said by `state`; the facts are
    held without a film, as it may be replaced (submissions.inspection.subtitle_file.SideFile).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        READ = "read", _("Ready")
        REFUSED = "refused", _("Cannot be used")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="subtitle_files")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="subtitle_files")
    language = models.CharField(max_length=12)  # a key of submissions.inspection.subtitle_words.NAMES
    filename = models.CharField(max_length=255)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    problem = models.CharField(max_length=20, blank=True)  # a key of subtitle_words.REFUSALS
    facts = models.JSONField(default=dict, blank=True)
    webvtt_key = models.CharField(max_length=200, blank=True)  # storage key of the WebVTT made of it
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    hinted_at = models.DateTimeField()  # when it was last put on the queue

    class Meta:
        ordering = ["language"]
        indexes = [
            models.Index(fields=["hinted_at"], condition=Q(state="waiting"), name="subtitles_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "language"], name="subtitles_once_a_language"),
            models.CheckConstraint(
                condition=~Q(state="read") | ~Q(webvtt_key=""), name="subtitles_read_has_webvtt"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(problem=""), name="subtitles_refused_has_problem"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.language}"


class FilmPrints(models.Model):
    """The fingerprints of a film version, as the inspector wrote them. Never changed: newer ones are a new row."""

    version = models.OneToOneField(FilmVersion, models.CASCADE, related_name="prints")
    data = models.BinaryField()  # submissions.inspection.fingerprint.Prints
    made_at = models.DateTimeField()
    matched_at = models.DateTimeField(null=True, blank=True)  # when it was held against all others
    hint_at = models.DateTimeField()  # until then it is not put on the queue again

    class Meta:
        indexes = [
            models.Index(fields=["hint_at"], condition=Q(matched_at__isnull=True), name="prints_unmatched")
        ]

    def __str__(self) -> str:
        return f"{self.version_id}"


class Match(models.Model):
    """What two film versions of different entries have in common, for a technician to look at; `first` is older.

    `ranges` are lists of four: from and to in seconds of `first`, then of `second`. An open match about a version
    that was replaced is dropped; one that was judged stays.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("The same file")
        PICTURE = "picture", _("The same pictures")
        SOUND = "sound", _("The same sound")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Of no concern")

    first = models.ForeignKey(FilmVersion, models.CASCADE, related_name="matches_with_newer")
    second = models.ForeignKey(FilmVersion, models.CASCADE, related_name="matches_with_older")
    kind = models.CharField(max_length=8, choices=Kind)
    share = models.FloatField()  # of the shorter film, 0 to 1
    mirrored = models.BooleanField(default=False)
    ranges = models.JSONField(default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-share", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second", "kind"], name="match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="match_older_first"),
            models.CheckConstraint(
                condition=Q(state="open", at__isnull=True) | (~Q(state="open") & Q(at__isnull=False)),
                name="match_judged_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""), name="match_dismissed_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.kind}"
