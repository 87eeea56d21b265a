"""Files that come with objections: told by their first bytes, kept as they came, never opened."""

import codecs
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from festival.awards.models import Evidence, Objection
from festival.kit.errors import Refused
from festival.kit.incoming import one_line

FILES, FILE_BYTES = 5, 20 << 20  # of an objection
KINDS = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"ftyp", 4, "video/mp4"),
)
Kept = list[tuple[str, UploadedFile, str]]  # key in the storage, file, media type


@contextmanager
def kept(files: Sequence[UploadedFile]) -> Iterator[Kept]:
    """The files in the storage, for `write` inside; all are removed when that fails, and those it did not write."""
    kinds = _checked(files)
    store = storages["default"]
    found: Kept = []
    stored = []
    try:
        for file, kind in zip(files, kinds, strict=True):
            file.seek(0)
            stored.append(store.save(f"objections/{secrets.token_hex(24)}", file))
            found.append((stored[-1], file, kind))
        yield found
    except BaseException:
        for key in stored:
            store.delete(key)
        raise
    for key, _file, _kind in found:
        store.delete(key)


def write(objection: Objection, files: Kept) -> None:
    """The rows of what was kept. Refused when the objection has too many with them."""
    if files and objection.evidence.count() + len(files) > FILES:
        raise _too_many()
    Evidence.objects.bulk_create(
        Evidence(objection=objection, key=key, filename=_name(file), size=file.size or 0, kind=kind)
        for key, file, kind in files
    )
    files.clear()


def _too_many() -> Refused:
    text = _("At most %(count)d files. Put them into one PDF, or send the most important ones.")
    return Refused(text % {"count": FILES}, status=400, code="files")


def _checked(files: Sequence[UploadedFile]) -> list[str]:
    """The kind of each file by its first bytes; they are never opened."""
    if len(files) > FILES:
        raise _too_many()
    found = []
    for file in files:
        if (file.size or 0) > FILE_BYTES:
            raise Refused(
                _("“%(name)s” is larger than %(size)d MB.")
                % {"name": one_line(file.name or ""), "size": FILE_BYTES >> 20},
                status=400,
                code="size",
            )
        kind = kind_of(file)
        if not kind:
            raise Refused(
                _("“%(name)s” is not a PDF, PNG, JPEG, MP4 or plain text.")
                % {"name": one_line(file.name or "")},
                status=400,
                code="kind",
            )
        found.append(kind)
    return found


def kind_of(file: UploadedFile) -> str:
    """The media type told from the first bytes; empty for anything else, and for an empty file."""
    file.seek(0)
    head = file.read(4096)
    for mark, start, kind in KINDS:
        if head[start : start + len(mark)] == mark:
            return kind
    try:
        # The last character may be cut off where the file goes on.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < 4096)
    except UnicodeDecodeError:
        return ""
    return (
        "text/plain" if text and not any(ord(char) < 32 and char not in "\t\n\r\f" for char in text) else ""
    )


def _name(file: UploadedFile) -> str:
    name = one_line(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return (name or "file")[-120:]
