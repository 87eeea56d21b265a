"""The files of an account: which there are, which go into the archive, which are listed with a link."""

from collections.abc import Iterator
from dataclasses import dataclass

from submissions.models import Attachment, FilmVersion, SubtitleFile

MB = 1_000_000
MOST_BYTES = 25 * MB  # of a file in the archive
MOST_ALL = 500 * MB  # of all files in the archive
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Owned:
    """A file that was sent in and is kept: `kind` is film, subtitles, or a kind of attachment."""

    entry: str
    kind: str
    name: str
    size: int
    sha256: str
    key: str
    pk: int

    @property
    def may_be_inside(self) -> bool:
        """Whether it may go into the archive. Films never do: the whole archive must stay easy to fetch."""
        return self.kind not in ("film", "trailer") and self.size <= MOST_BYTES

    @property
    def path(self) -> str:
        """Where it stands in the archive: nothing that came from outside leads out of its folder."""
        clean = "".join(
            char if char.isprintable() and char not in '/\\:*?"<>|' else "_" for char in self.name
        )
        return f"files/{self.entry}/{self.kind}-{self.pk}-{clean.strip('. ')[-120:] or 'file'}"


def files_of(user_id: int) -> Iterator[Owned]:
    """Every kept file of the account's own entries; three queries, read in chunks."""
    rows = FilmVersion.objects.filter(entry__entrant=user_id, asset__isnull=False).order_by(
        "entry__code", "number"
    )
    columns = ("entry__code", "filename", "asset__size", "asset__sha256", "asset__key", "pk")
    for code, name, size, sha256, key, pk in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        yield Owned(code, "film", name, size, sha256, key, pk)
    attached = Attachment.objects.filter(entry__entrant=user_id, asset__isnull=False).order_by(
        "entry__code", "pk"
    )
    for kind, *rest in attached.values_list("kind", *columns).iterator(chunk_size=CHUNK):
        code, name, size, sha256, key, pk = rest
        yield Owned(code, kind, name, size, sha256, key, pk)
    subtitles = SubtitleFile.objects.filter(entry__entrant=user_id).order_by("entry__code", "pk")
    for code, name, size, sha256, key, pk in subtitles.values_list(*columns).iterator(chunk_size=CHUNK):
        yield Owned(code, "subtitles", name, size, sha256, key, pk)


def inside_and_listed(files: Iterator[Owned]) -> tuple[list[Owned], list[Owned]]:
    """Which go into the archive, within MOST_ALL; and which are listed only."""
    inside: list[Owned] = []
    listed: list[Owned] = []
    room = MOST_ALL
    for file in files:
        if file.may_be_inside and file.size <= room:
            room -= file.size
            inside.append(file)
        else:
            listed.append(file)
    return inside, listed
