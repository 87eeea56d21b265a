"""One file beside a film, in the limited child: the operation "attached". What it is decides what is done with it.

A picture is looked at and made anew in a few widths, a document only recognised. A film is left to the first look
(`glance`), which is another operation with other limits.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from submissions.inspection.attached_error import AttachedError
from submissions.inspection.document_file import DocumentFacts, document
from submissions.inspection.file_signs import FILM, HEAD, OTHER_PICTURES, PICTURES, sign_of
from submissions.inspection.picture_file import PictureFacts, picture

KINDS = ("picture", "document", "film")


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """What a file is: exactly one of the three."""

    picture: PictureFacts | None = None
    document: DocumentFacts | None = None
    film: bool = False


def attached(path: Path, folder: Path, holds: list[str]) -> AttachedFile:
    """What the file is, one of `holds` (KINDS), with a picture's variants in `folder`; raises AttachedError."""
    with open(path, "rb") as file:
        head = file.read(HEAD)
    if not head:
        raise AttachedError("empty")
    sign = sign_of(head)
    if sign in PICTURES and "picture" in holds:
        return AttachedFile(picture=picture(path, folder))
    if sign == FILM and "film" in holds:
        return AttachedFile(film=True)
    if "document" in holds and sign not in (*PICTURES, FILM, "svg", "html", *OTHER_PICTURES):
        return AttachedFile(document=document(path, sign))
    raise _refusal(sign, holds)


def _refusal(sign: str, holds: list[str]) -> AttachedError:
    if sign in ("svg", "html"):
        return AttachedError(sign)
    if "picture" in holds and sign in OTHER_PICTURES:
        return AttachedError("other_picture", found=sign)
    wanted = "document" if "document" in holds else holds[0]
    return AttachedError(f"not_a_{wanted}", found=sign)


def run(request: dict[str, Any], folder: Path, _tell: object, _header: object) -> dict[str, Any]:
    """{"path", "holds"} → {"file": AttachedFile} or {"refused": code, "values": {…}}."""
    try:
        found = attached(Path(request["path"]), folder, [str(one) for one in request["holds"]])
    except AttachedError as error:
        return {"refused": error.code, "values": error.values}
    return {"file": asdict(found)}
