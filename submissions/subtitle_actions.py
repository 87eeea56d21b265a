"""Writes of subtitle files beside an entry's film, and what follows for its report and its admission.

A change here and a report that comes in meanwhile both hold the inspection's row while they look at each other, so
that neither misses the other.
"""

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.queue import enqueue
from festival.kit.words import short_language
from festival.people.actor import Actor
from submissions import actions, permissions, storing
from submissions.acceptance import grave_rules
from submissions.correcting import recorded
from submissions.correction_queries import open_of
from submissions.drafts import not_open
from submissions.inspect_actions import write_finding_rows
from submissions.inspection.report import Report, read
from submissions.inspection.side_files import with_side_files
from submissions.inspection.subtitle_file import SideFile
from submissions.inspection.subtitle_words import NAMES, refusal_text
from submissions.inspection.subtitles import MOST_BYTES
from submissions.lifecycle import State
from submissions.models import Asset, Entry, Inspection, SubtitleFile
from submissions.rejudging import Judged, settles
from submissions.subtitle_queries import files_beside

MOST_LANGUAGES = 10
ATTEMPTS = 3
WAIT_REAPS = 4  # a file is put on the queue again when nobody read it within so many rounds of the reaper
REMIND_AT_MOST = 500


def assert_may_change(*, entry: Entry, by: Actor, at: datetime) -> None:
    """Refuses when subtitles can no longer be added or removed, or never could by this account.

    Whom a correction of the subtitles was granted need not care for the deadline.
    """
    if entry.state != State.DRAFT and permissions.can_change(by, entry, "subtitles", at):
        return
    if not permissions.can_upload(by, entry):
        if not permissions.is_entrant(by, entry):
            raise Refused(_("Only the entrant can add subtitles."), status=403, code="not_allowed")
        if entry.submitted_at is not None and open_of(entry) is not None:
            raise not_open(entry, by, at)
        text = _("Subtitles cannot be changed now: the entry is “%(state)s”.")
        raise Refused(text % {"state": entry.get_state_display()}, code="not_awaited")
    actions.assert_in_time(entry, at)


def add_subtitles(
    *, entry: Entry, language: str, filename: str, data: bytes, by: Actor, at: datetime
) -> SubtitleFile:
    """Keep a subtitle file under its SHA-256 and have it read; it takes the place of the one in that language.

    Nothing of it is parsed here. Refused for what no subtitle file can be, and beyond MOST_LANGUAGES.
    """
    assert_may_change(entry=entry, by=by, at=at)
    if language not in NAMES:
        raise Refused(_("Choose the language of the subtitles."), status=400, code="no_language")
    if len(data) > MOST_BYTES:
        raise Refused(refusal_text("too_large", short_language()), status=413, code="too_large")
    if not data:
        raise Refused(refusal_text("empty", short_language()), status=400, code="empty")
    asset = _keep(data, at)
    with transaction.atomic():
        fresh = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=entry.pk)
        assert_may_change(entry=fresh, by=by, at=at)
        others = SubtitleFile.objects.filter(entry=entry).exclude(language=language)
        if others.count() >= MOST_LANGUAGES:
            text = _("There are subtitles in %(count)s languages already. Remove one before you add another.")
            raise Refused(text % {"count": MOST_LANGUAGES}, code="too_many")
        with recorded(entry=fresh, parts=("subtitles",), by=by, at=at):
            SubtitleFile.objects.filter(entry=entry, language=language).delete()
            row = SubtitleFile.objects.create(
                entry=entry,
                asset=asset,
                language=language,
                filename=one_line(filename)[:255],
                created_at=at,
                hinted_at=at,
            )
        actions.log_event(
            entry=entry, kind="subtitles_added", by=by, at=at, language=language, filename=row.filename
        )
        _queue(row.pk)
    return row


def _keep(data: bytes, at: datetime) -> Asset:
    """The bytes as an asset; the same bytes are kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    kept = Asset.objects.filter(sha256=sha256).first()
    if kept:
        return kept
    with storing.work_folder() as folder:
        path = folder / "original"
        path.write_bytes(data)
        key = storing.store_original(path, sha256, "txt", lambda _done: None)
    asset, _made = Asset.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "key": key, "created_at": at}
    )
    storing.assert_kept(asset.key)
    return asset


def _queue(pk: int) -> None:
    from submissions.tasks import read_subtitles

    enqueue(read_subtitles, pk)


@transaction.atomic
def remove_subtitles(*, entry: Entry, pk: int, by: Actor, at: datetime) -> None:
    """Take a subtitle file away; the report is judged without it. Removing it twice is removing it once."""
    assert_may_change(entry=entry, by=by, at=at)
    newest = _lock_newest(entry.pk)
    fresh = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=entry.pk)
    assert_may_change(entry=fresh, by=by, at=at)
    row = SubtitleFile.objects.filter(entry=entry, pk=pk).first()
    if row is None:
        return
    with recorded(entry=fresh, parts=("subtitles",), by=by, at=at):
        row.delete()
    actions.log_event(
        entry=entry, kind="subtitles_removed", by=by, at=at, language=row.language, filename=row.filename
    )
    _judge_again(entry.pk, newest, at)


@transaction.atomic
def record_read(*, row: SubtitleFile, found: SideFile, key: str, at: datetime) -> bool:
    """The file was read: it counts from now on. False when it was replaced, removed or recorded meanwhile."""
    return _record(row, at, state=SubtitleFile.State.READ, facts=asdict(found), webvtt_key=key, problem="")


@transaction.atomic
def record_refusal(*, row: SubtitleFile, code: str, at: datetime) -> bool:
    """The file cannot be used; the report is judged without it."""
    return _record(row, at, state=SubtitleFile.State.REFUSED, problem=code)


def _record(row: SubtitleFile, at: datetime, **values: object) -> bool:
    newest = _lock_newest(row.entry_id)
    waiting = SubtitleFile.objects.filter(pk=row.pk, state=SubtitleFile.State.WAITING)
    if not waiting.update(**values):
        return False
    _judge_again(row.entry_id, newest, at)
    return True


def give_back(*, row: SubtitleFile, at: datetime) -> None:
    """The child came to grief over the file: it is tried again a little later, and refused after three attempts."""
    waiting = SubtitleFile.objects.filter(pk=row.pk, state=SubtitleFile.State.WAITING)
    waiting.update(attempts=F("attempts") + 1)
    if waiting.filter(attempts__gte=ATTEMPTS).exists():
        record_refusal(row=row, code="crashed", at=at)


def remind(*, at: datetime) -> int:
    """Queue files again that nobody read: a task was lost, or its worker."""
    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    waiting = SubtitleFile.objects.filter(state=SubtitleFile.State.WAITING, hinted_at__lt=late)
    ids = list(waiting.order_by("hinted_at").values_list("pk", flat=True)[:REMIND_AT_MOST])
    with transaction.atomic():
        SubtitleFile.objects.filter(pk__in=ids).update(hinted_at=at)
        for pk in ids:
            _queue(pk)
    return len(ids)


def _lock_newest(entry_id: int) -> Inspection | None:
    """The newest inspection of the entry's newest film, held until the transaction ends."""
    rows = Inspection.objects.select_for_update(of=("self",)).filter(version__entry=entry_id)
    return rows.select_related("version").order_by("-version__number", "-pk").first()


def _judge_again(entry_id: int, inspection: Inspection | None, at: datetime) -> None:
    """Judge the stored report with the files beside the film as they are now, then settle the entry.

    A submitted entry follows its verdict. One that waits for a mended film is admitted where the system asked for it,
    because of this very film, and nothing stands against it any longer.
    """
    held = Entry.objects.select_for_update(of=("self",))
    entry = held.select_related("edition").get(pk=entry_id)
    report = _report_of(inspection)
    if inspection is not None and report is not None:
        rulebook = Rulebook.from_toml(entry.edition.rulebook)
        new = with_side_files(report, files_beside(entry_id), rulebook)
        stored = {
            **inspection.report,
            **{name: new.as_dict()[name] for name in ("verdict", "subtitles", "findings")},
        }
        stored["rulebook"] = rulebook.digest
        Inspection.objects.filter(pk=inspection.pk).update(
            report=stored, verdict=new.verdict, rulebook_digest=rulebook.digest
        )
        write_finding_rows({inspection.pk: new.findings})
        judged = Judged(
            inspection_id=inspection.pk,
            entry_id=entry_id,
            version_id=inspection.version_id,
            version_number=inspection.version.number,
            code=entry.code,
            draft=entry.submitted_at is None,
            state=entry.state,
            before=inspection.verdict,
            after=new.verdict,
            was=grave_rules(inspection.report),
            report=stored,
            findings=new.findings,
        )
        waiting = SubtitleFile.objects.filter(entry=entry_id, state=SubtitleFile.State.WAITING)
        if entry.state == State.FIXING and not waiting.exists() and settles([judged]):
            actions.admit_by_itself(entry=entry, at=at)
    actions.settle(entry=entry, at=at)


def _report_of(inspection: Inspection | None) -> Report | None:
    """The stored report; None where there is none yet, none that judges a film, or one of another engine."""
    if inspection is None or not inspection.verdict:
        return None
    try:
        report = read(Report, inspection.report)
    except ValueError:
        return None
    return report if report.measurements else None
