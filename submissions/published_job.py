"""The job of the worker: make one copy to be published, from the original and never from another label's copy.

For a public page the film is the judges' copy, and a trailer is encoded like one, so that every browser plays it; for
the hand-off pack it is the original's own packets. The label is always that of the original. Safe to run twice.
"""

import hashlib
import logging
import time
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from submissions import published_actions, storing
from submissions.inspection import runner
from submissions.inspection.confined import ChildError
from submissions.inspection.publishing import PublishError, label_for, origin_of, publish_film
from submissions.models import Inspection, PublishedCopy, ToolUse

log = logging.getLogger(__name__)
Purpose = PublishedCopy.Purpose
BLOCK = 1 << 20
OURS = ("crashed", "killed", "stalled", "disk", "missing")
"""Problems of the machine, not of the file: worth another attempt."""


def run(pk: int) -> None:
    """Make a copy that waits, if nobody else does."""
    row = published_actions.claim(pk=pk, at=timezone.now())
    if row is None:
        return
    try:
        with storing.work_folder() as folder:
            _make(row, folder, _Heart(pk))
    except PublishError as error:
        published_actions.record_refusal(pk=pk, code=error.code)
    except ChildError as error:
        log.warning("copy %s to be published ended with %s: %s", pk, error.problem.code, error.detail)
        if error.problem.code in OURS:
            published_actions.give_back(pk=pk, at=timezone.now())
        else:
            published_actions.record_refusal(pk=pk, code=error.problem.code)
    except Exception:  # whatever happened, the row must not stay ours
        log.exception("copy %s to be published could not be made", pk)
        published_actions.give_back(pk=pk, at=timezone.now())


class _Heart:
    """Renews the lease while the work goes on, and tells how far it is."""

    def __init__(self, pk: int) -> None:
        self.pk, self.beat = pk, 0.0

    def __call__(self, _stage: object = "", share: float | None = None) -> None:
        if time.monotonic() - self.beat > min(2.0, settings.LEASE_SECONDS / 6):
            self.beat = time.monotonic()
            done = share if isinstance(share, float) else 0.0
            published_actions.renew(pk=self.pk, progress=int(done * 100), at=timezone.now())


def _make(row: PublishedCopy, folder: Path, step: _Heart) -> None:
    out = folder / "out"
    with ExitStack() as files:
        original = files.enter_context(storing.as_local_file(row.asset.key, folder, step))
        origin = origin_of(original, out, on_progress=step)
        text = label_for(origin, propagator=row.propagator, number=row.entry.code, declared=_declares_ai(row))
        source = original
        if row.purpose == Purpose.FILM:
            source = files.enter_context(storing.as_local_file(_judges_copy(row), folder, step))
        elif row.purpose == Purpose.TRAILER:
            source = folder / "trailer.mp4"
            runner.copy_film(original, source, on_progress=step)
        published = publish_film(source, out, text, on_progress=step)
    if row.purpose != Purpose.HANDOFF and published.made.container != "mp4":
        raise PublishError("cannot_be_repacked")  # browsers would not play it
    made = out / published.made.file
    sha256 = _sha256(made, step)
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]
    name = f"{row.purpose}-{row.asset.sha256[:16]}-{mark}.{published.made.container}"
    key = storing.replace_made(made, f"published/{row.entry.code}/{name}")
    facts = {
        "label": {
            "found": origin.label,
            "grade": origin.grade,
            "place": origin.place,
            "written": published.origin.label,
        },
        "c2pa": {"original": origin.c2pa, "copy": published.origin.c2pa},
        "container": published.made.container,
        "left_out": list(published.made.left_out),
        "packets": published.made.packets,
    }
    kept = published_actions.record_ready(
        row=row, key=key, sha256=sha256, size=published.made.bytes, facts=facts
    )
    if not kept and not PublishedCopy.objects.filter(key=key).exists():
        storing.remove(key)


def _declares_ai(row: PublishedCopy) -> bool:
    """Whether the film's makers say that AI took part: by a line of the statement; without lines, in words."""
    lines = list(ToolUse.objects.filter(entry=row.entry_id).values_list("no_ai", flat=True))
    return not all(lines) if lines else bool(row.entry.ai_statement.strip())


def _judges_copy(row: PublishedCopy) -> str:
    done = Inspection.objects.filter(
        version__entry=row.entry_id, version__asset=row.asset_id, state=Inspection.State.DONE
    )
    key = done.exclude(copy_key="").order_by("-pk").values_list("copy_key", flat=True).first()
    if not key:
        raise PublishError("no_copy")
    return str(key)


def _sha256(path: Path, step: _Heart) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            step("hash", 1.0)
    return digest.hexdigest()
