"""What a film says of its origin, word for word: the operation "origin" of the limited child.

The report keeps a grade; who publishes a copy needs the label's very text.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av

from submissions.inspection.aigc import KEY, best
from submissions.inspection.container import look_inside
from submissions.inspection.header import Header
from submissions.inspection.measure import open_film
from submissions.inspection.provenance import labels_of, read_provenance, read_xmp

LONGEST = 16 << 10
"""Characters of a label that is carried on; the standard's seven fields take a few hundred."""


@dataclass(frozen=True, slots=True)
class Origin:
    """`label` as it stands in the file, with its grade and place; `seen`: the same as FFmpeg's demuxer reads it.

    `says_ai`: whether credentials, XMP or a label say that AI took part. `c2pa` is the state of the content
    credentials, as in the report.
    """

    label: str = ""
    grade: str = "absent"
    place: str = ""
    kind: str = ""
    seen: str = ""
    c2pa: str = "absent"
    says_ai: bool = False
    packets: int = 0
    seconds: float = 0.0


def read_origin(path: Path, container: str) -> Origin:
    """Read a film's label and credentials. Raises NotAFilmError."""
    inside = look_inside(path, container)
    said, label = best(labels_of(inside, read_xmp(inside.xmp)))
    whole = read_provenance(path, container, inside)
    with open_film(path) as film:
        seen = next((value for key, value in film.metadata.items() if key.upper() == KEY), "")
        seconds = round((film.duration or 0) / av.time_base, 3)
        packets = sum(1 for packet in film.demux(*film.streams.video[:1]) if packet.size)
    return Origin(
        label=label.value if label and len(label.value) <= LONGEST else "",
        grade=said.grade,
        place=said.place,
        kind=said.label[:8],
        seen=seen[:LONGEST],
        c2pa=whole.c2pa.state,
        says_ai=whole.says_ai,
        packets=packets,
        seconds=seconds,
    )


def run(request: dict[str, Any], _folder: Path, _tell: object, header: Header) -> dict[str, Any]:
    """{"path"} → {"origin": Origin}."""
    return {"origin": asdict(read_origin(Path(request["path"]), header.container))}
