"""What a pack says of the copy that may be published, and of its label."""

import json
from typing import Any

from festival.kit.ai_label import WORDS
from submissions.inspection import label
from submissions.models import Entry, FilmVersion, PublishedCopy
from submissions.published_actions import propagator_of


def copy_of(row: PublishedCopy | None, film: FilmVersion, entry: Entry) -> PublishedCopy | None:
    """The copy where it is of this version and this propagator; an outdated one is none."""
    if row is None or (row.asset_id, row.propagator) != (film.asset_id, propagator_of(entry.edition)):
        return None
    return row


def about_copy(row: PublishedCopy | None, original: str) -> dict[str, Any]:
    """For `metadata.json`: the copy with its label as it was read back, or why there is none."""
    if row is None:
        return {"state": "not made"}
    if row.state != PublishedCopy.State.READY:
        return {"state": row.state} | ({"problem": row.problem} if row.problem else {})
    found, written = row.facts["label"]["found"], row.facts["label"]["written"]
    carried = bool(found and row.facts["label"]["grade"] in ("conformant", "readable"))
    credentials = row.facts["c2pa"]
    return {
        "state": "ready",
        "file": f"published.{row.facts['container']}",
        "sha256": row.sha256,
        "bytes": row.size,
        "pictures_and_sound": "packets of the original, not encoded anew",
        "left_out": row.facts["left_out"],
        "aigc_label": written,
        "aigc_label_of_original": found,
        "producer_part": _producer_part(found if carried else "", written),
        "label_to_show": WORDS.get(kind_of(written), {}),
        "content_credentials": {
            "original": credentials["original"],
            "published": credentials["copy"],
            "carrier": original if credentials["original"] != "absent" else "",
        },
    }


def _producer_part(found: str, written: str) -> str:
    """Compared anew from the two texts, not taken from what the writer meant to do."""
    if not written:
        return "no label"
    if not found:
        return "none in the original"
    return (
        "identical" if label.producer_part(found) == label.producer_part(written) else "changed"
    )  # fmt: skip


def kind_of(text: str) -> str:
    """The value of `Label`: 1, 2 or 3; what AI services write in its place ("AIGC") means 1. Empty without a label."""
    if not text:
        return ""
    values = {str(name).lower(): value for name, value in json.loads(text).items()}
    said = str(values.get("label", ""))
    return said if said in WORDS else "1"


def label_words(about: dict[str, Any]) -> str:
    """For a spreadsheet: both languages in one cell."""
    words = about.get("label_to_show") or {}
    return " / ".join(words[language] for language in ("zh", "en") if language in words)
