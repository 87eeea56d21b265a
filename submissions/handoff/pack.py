"""The hand-off pack: what a platform's content system needs of the chosen films, as a zip made while it is sent.

Each film has a folder: the original as it came, the copy to be published, posters, subtitles, `metadata.json`. Beside
them stand `films.csv`,
`README.txt` and `SHA256SUMS`, which `sha256sum -c` checks. Nothing is held in memory beyond a piece of a file. A source
that breaks, or an original that is not what its digest says, breaks the zip off: it is never silently short.
"""

import csv
import hashlib
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from festival.kit.zips import Sink
from submissions import storing
from submissions.handoff.published import about_copy, copy_of, label_words
from submissions.inspection.picture_file import variant_files
from submissions.models import Attachment, Entry, FilmVersion, Inspection, PublishedCopy, SubtitleFile

PIECE = 1 << 20
FORMAT, VERSION = "firstlight-handoff", 2
POSTERS = {"poster_wide": "poster-landscape", "poster_tall": "poster-portrait"}
COLUMNS = (
    "folder", "code", "title", "title_en", "directors", "country", "language", "year", "seconds", "awards",
    "original", "original_sha256", "original_bytes", "poster_landscape", "poster_portrait", "subtitles", "aigc_label",
    "published", "published_sha256", "published_label", "label_to_show",
)  # fmt: skip
README = """Hand-off pack / 交付包

films.csv        one line a film / 每部影片一行
SHA256SUMS       check with: sha256sum -c SHA256SUMS / 用该命令校验
FOLDER/original.*    the film as it was sent in, bit for bit / 参赛原片，逐位一致
FOLDER/published.*   the same picture and sound, the AI label completed / 可发布副本：画面与声音不变，标识已补全
FOLDER/poster-*      posters as they were sent in / 参赛者提交的海报
FOLDER/subtitles-*   subtitles as they were sent in, and as WebVTT / 原字幕及WebVTT
FOLDER/metadata.json all that is known of the film / 影片的全部元数据

The label that Chinese law asks for in a file of AI-made content (GB 45438-2025) is in the original as its maker wrote
it, and "aigc_label" in metadata.json says what was found. In the published copy the propagator's part is filled in and
the producer's part is the same text; "published" in metadata.json says how it was read back. Content credentials (C2PA)
bind every byte of a file: they hold in the original alone. The label for the audience is not in the picture: whoever
shows the film shows "label_to_show" with it, and for two seconds or more at its start.
原片中的AIGC隐式标识保持制作方写入的原样，metadata.json的"aigc_label"为检测结果。可发布副本中已填入传播要素，生成要素原文不变，
"published"说明读回的结果。内容凭证（C2PA）与文件的每个字节绑定，仅对原片有效。画面中没有加入显式标识：播放方须在影片周边及
起始画面（不少于2秒）展示"label_to_show"。
"""


class Broken(RuntimeError):
    """A file of the store is not what it was: the pack must not look whole."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a film's folder: its name there, its key in the store, and the digest it must have, where known."""

    name: str
    key: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A film of the pack. `awards`: names in both languages."""

    entry: Entry
    folder: str
    parts: tuple[Part, ...]
    metadata: dict[str, Any]
    row: dict[str, Any] = field(default_factory=dict)
    copy: PublishedCopy | None = None


def items(
    entries: Iterable[Entry], awards: dict[str, list[dict[str, str]]], *, reports: bool = True
) -> list[Item]:
    """The films with all that is handed over. `entries` with their tracks; `awards` by entry code. Without `reports`,
    as for a list of them, they lack what the inspections found: most of the reading. At most five queries.
    """
    entries = list(entries)
    ids = [entry.pk for entry in entries]
    films: dict[int, FilmVersion] = {}
    for version in (
        FilmVersion.objects.filter(entry__in=ids, asset__isnull=False)
        .select_related("asset")
        .order_by("number")
    ):
        films[version.entry_id] = version
    inspections: dict[int, Inspection] = {}
    done = Inspection.objects.filter(
        version__in=[film.pk for film in films.values()] if reports else [], state=Inspection.State.DONE
    )
    for inspection in done.order_by("pk"):
        inspections[inspection.version_id] = inspection
    pictures: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(
        entry__in=ids, kind__in=POSTERS, state=Attachment.State.READY
    ).select_related("asset"):
        pictures.setdefault(row.entry_id, []).append(row)
    subtitles: dict[int, list[SubtitleFile]] = {}
    for file in SubtitleFile.objects.filter(entry__in=ids, state=SubtitleFile.State.READ).select_related(
        "asset"
    ):
        subtitles.setdefault(file.entry_id, []).append(file)
    copies = {
        row.entry_id: row
        for row in PublishedCopy.objects.filter(entry__in=ids, purpose=PublishedCopy.Purpose.HANDOFF)
    }
    found = []
    for entry in entries:
        film = films.get(entry.pk)
        if film is None or film.asset is None:
            continue
        inspection = inspections.get(film.pk)
        found.append(
            _item(
                entry,
                film,
                inspection,
                pictures.get(entry.pk, []),
                subtitles.get(entry.pk, []),
                awards.get(entry.code, []),
                copy_of(copies.get(entry.pk), film, entry),
            )
        )
    return found


def _item(
    entry: Entry,
    film: FilmVersion,
    inspection: Inspection | None,
    pictures: list[Attachment],
    subtitles: list[SubtitleFile],
    awards: list[dict[str, str]],
    copy: PublishedCopy | None,
) -> Item:
    asset = film.asset
    assert asset is not None
    parts = [Part(f"original.{asset.key.rsplit('.', 1)[-1]}", asset.key, asset.sha256)]
    posters: dict[str, str] = {}
    for picture in pictures:
        name = POSTERS[picture.kind]
        widths = [width for width, _height in (picture.facts.get("picture") or {}).get("variants", [])]
        if widths and picture.folder:
            # The clean copy: pixels and nothing else, in the largest size there is.
            file = f"{name}.jpg"
            parts.append(Part(file, f"{picture.folder}/{variant_files(max(widths))[1]}"))
            posters[name] = file
    names = []
    for subtitle in subtitles:
        ending = subtitle.filename.rsplit(".", 1)[-1].lower() if "." in subtitle.filename else "srt"
        ending = ending if ending.isalnum() and len(ending) <= 4 else "srt"
        original = f"subtitles-{subtitle.language}.{ending}"
        webvtt = f"subtitles-{subtitle.language}.web.vtt"
        parts += [
            Part(original, subtitle.asset.key, subtitle.asset.sha256),
            Part(webvtt, subtitle.webvtt_key),
        ]
        names.append(original)
    if copy and copy.state == PublishedCopy.State.READY:
        parts.append(Part(f"published.{copy.facts['container']}", copy.key, copy.sha256))
    folder = f"{entry.code}-{_plain(entry.title_en or entry.title)}"
    report = inspection.report if inspection else {}
    label = report.get("provenance") or {}
    metadata = {
        "format": FORMAT,
        "version": VERSION,
        "code": entry.code,
        "title": entry.title,
        "title_en": entry.title_en,
        "synopsis": entry.synopsis,
        "track": entry.track.name,
        "director": entry.director,
        "country": entry.country,
        "language": entry.language,
        "year": entry.year,
        "genre": entry.genre,
        "premiere": entry.premiere,
        "awards": awards,
        "ai_statement": entry.ai_statement,
        "original": {
            "file": parts[0].name,
            "sha256": asset.sha256,
            "bytes": asset.size,
            "sent_as": film.filename,
        },
        "technical": {name: report.get(name) for name in ("file", "video", "audio")},
        "posters": {"landscape": posters.get("poster-landscape"), "portrait": posters.get("poster-portrait")},
        "subtitles": [{"language": one.language, "sent_as": one.filename} for one in subtitles],
        "aigc_label": label,
        "published": about_copy(copy, parts[0].name),
    }
    said = label_words(metadata["published"])
    row = {
        "folder": folder, "code": entry.code, "title": entry.title, "title_en": entry.title_en,
        "directors": entry.director, "country": entry.country, "language": entry.language, "year": entry.year or "",
        "seconds": round(float((report.get("video") or {}).get("duration") or 0), 3),
        "awards": "; ".join(award.get("en") or award.get("zh", "") for award in awards),
        "original": parts[0].name, "original_sha256": asset.sha256, "original_bytes": asset.size,
        "poster_landscape": posters.get("poster-landscape", ""), "poster_portrait": posters.get("poster-portrait", ""),
        "subtitles": " ".join(names), "aigc_label": (label.get("aigc") or {}).get("grade", ""),
        "published": metadata["published"].get("file", ""),
        "published_sha256": metadata["published"].get("sha256", ""),
        "published_label": metadata["published"].get("aigc_label", ""),
        "label_to_show": said,
    }  # fmt: skip
    return Item(entry, folder, tuple(parts), metadata, row, copy)


def _plain(text: str) -> str:
    """A folder's name out of a title: letters, digits and hyphens of any script, 40 at most."""
    kept = "".join(char if char.isalnum() else "-" for char in unicodedata.normalize("NFC", text))
    return "-".join(filter(None, kept.split("-")))[:40].strip("-") or "film"


def stream(films: Iterable[Item]) -> Iterator[bytes]:
    """The zip. Films are stored as they are: they do not get smaller. Raises Broken where a file has changed."""
    sink, sums = Sink(), []
    rows = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:

        def text(name: str, words: str) -> None:
            data = words.encode()
            archive.writestr(_info(name), data)
            sums.append((hashlib.sha256(data).hexdigest(), name))

        text("README.txt", README)
        for item in films:
            for part in item.parts:
                name = f"{item.folder}/{part.name}"
                digest = hashlib.sha256()
                with (
                    storing.media().open(part.key) as source,
                    archive.open(_info(name), "w", force_zip64=True) as target,
                ):
                    while piece := source.read(PIECE):
                        digest.update(piece)
                        target.write(piece)
                        yield sink.taken()
                if part.sha256 and digest.hexdigest() != part.sha256:
                    raise Broken(f"{name} is not what it was when it came in.")
                sums.append((digest.hexdigest(), name))
            text(
                f"{item.folder}/metadata.json",
                json.dumps(item.metadata, ensure_ascii=False, indent=1, sort_keys=True),
            )
            rows.append(item.row)
            yield sink.taken()
        table = io.StringIO()
        writer = csv.DictWriter(table, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _tame(value) for name, value in row.items()} for row in rows)
        text("films.csv", "\ufeff" + table.getvalue())
        archive.writestr(
            _info("SHA256SUMS"), "".join(f"{digest}  {name}\n" for digest, name in sums).encode()
        )
    yield sink.taken()


def _tame(value: Any) -> Any:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o644 << 16
    return info
