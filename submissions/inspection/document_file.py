"""One document beside a film: what it is, told by its content. Nothing of it is shown or published."""

import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

from submissions.inspection.attached_error import AttachedError

MOST_INSIDE = 5_000  # files in an archive
READ_TEXT = 1 << 20  # bytes of a text that are looked at
ENCODINGS = ("utf-8-sig", "gb18030", "big5")
FORMS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf", "zip", "text")
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """`form` is one of FORMS; `files` how many an archive holds."""

    form: str
    files: int = 0


def document(path: Path, sign: str) -> DocumentFacts:
    """What a document is; raises AttachedError when it is none of FORMS."""
    if sign in ("pdf", "rtf"):
        return DocumentFacts(sign)
    if sign == "zip":
        return _archive(path)
    if sign == "unknown" and _is_text(path):
        return DocumentFacts("text")
    raise AttachedError("not_a_document", found=sign)


def _archive(path: Path) -> DocumentFacts:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if not names:
                raise AttachedError("empty")
            if len(names) > MOST_INSIDE:
                raise AttachedError("too_many_files", count=len(names))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise AttachedError("macros")
            if names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 200:
                form = _OPEN.get(archive.read("mimetype").strip())
                if form:
                    return DocumentFacts(form)
            for name, form in _OFFICE.items():
                if name in names and "[Content_Types].xml" in names:
                    return DocumentFacts(form)
            return DocumentFacts("zip", sum(not name.endswith("/") for name in names))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError):
        raise AttachedError("broken_archive") from None


def _is_text(path: Path) -> bool:
    with open(path, "rb") as file:
        data = file.read(READ_TEXT)
        whole = not file.read(1)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _reads(data if len(data) % 2 == 0 else data[:-1], "utf-16", whole)
    return b"\0" not in data and any(_reads(data, encoding, whole) for encoding in ENCODINGS)


def _reads(data: bytes, encoding: str, whole: bool) -> bool:
    """Whether the bytes are text in this encoding; where the file goes on, a character may be cut in two."""
    for cut in range(1 if whole else 4):
        try:
            text = data[: len(data) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(
            unicodedata.category(char) in ("Cc", "Co", "Cn") and char not in "\t\n\r\f\x1a" for char in text
        )
    return False
