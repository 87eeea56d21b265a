"""The job of the worker: read one subtitle file in the limited child. Safe to run twice, and beside itself."""

import logging

from django.utils import timezone

from submissions import storing, subtitle_actions
from submissions.inspection.confined import ChildError
from submissions.inspection.side_files import read_side_file
from submissions.inspection.subtitle_file import FILE, VERSION
from submissions.inspection.subtitles import SubtitleError
from submissions.models import SubtitleFile

log = logging.getLogger(__name__)


def run(pk: int) -> None:
    """Read a waiting file and keep the WebVTT made of it; of two workers the first one's result stands."""
    waiting = SubtitleFile.objects.filter(pk=pk, state=SubtitleFile.State.WAITING)
    row = waiting.select_related("asset").first()
    if row is None:
        return
    key = f"subtitles/{row.asset.sha256}-{VERSION}.vtt"
    try:
        with (
            storing.work_folder() as folder,
            storing.as_local_file(row.asset.key, folder, lambda _done: None) as path,
        ):
            out = folder / "out"
            found = read_side_file(path, row.language, out)
            if not storing.media().exists(key):
                key = storing.store_made(out / FILE, key)
    except SubtitleError as error:
        subtitle_actions.record_refusal(row=row, code=error.code, at=timezone.now())
    except ChildError as error:
        log.warning("subtitle file %s ended with %s: %s", pk, error.problem.code, error.detail)
        subtitle_actions.give_back(row=row, at=timezone.now())
    else:
        subtitle_actions.record_read(row=row, found=found, key=key, at=timezone.now())
