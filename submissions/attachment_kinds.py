"""The kinds of files beside a film: what each holds, how large and how many."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from festival.edition.tools import STAGES

MB, GB = 1_000_000, 1_000_000_000
FORM_BYTES = 50 * MB
"""The most that a plain form takes of anything but a film."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`holds` are kinds of files as `inspection.attached_file` tells them apart; `most` files, each of `most_bytes`.

    `shape` is the picture's width over its height that is asked for, 0 for any; `print_side` the longer side in
    pixels that is large enough for print. What misses these is noted, not refused.
    """

    key: str
    label: str | Promise
    help: str | Promise
    holds: tuple[str, ...]
    most: int
    most_bytes: int = FORM_BYTES
    shape: float = 0.0
    print_side: int = 0

    @property
    def single(self) -> bool:
        return self.most == 1

    @property
    def pictures(self) -> bool:
        """Whether it holds nothing but pictures."""
        return self.holds == ("picture",)

    @property
    def resumable(self) -> bool:
        """Whether its files may be too large for one go."""
        return self.most_bytes > FORM_BYTES

    @property
    def words_id(self) -> str:
        """Where its page keeps the sentences of the upload's script."""
        return f"words-{self.key}"

    @property
    def accept(self) -> str:
        """For the file chooser, which is only a help: what a file is, its content tells."""
        names = {
            "picture": ".jpg,.jpeg,.png,.webp",
            "film": "video/*,.mkv,.mxf,.mov,.mp4,.webm",
            "document": ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.rtf,.txt,.md,.csv,.json,.zip",
        }
        return ",".join(names[kind] for kind in self.holds)


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "poster_wide",
            _("Poster, wide"),
            _("JPEG, PNG or WebP, 16:9, best 3840 × 2160 pixels or more."),
            ("picture",),
            1,
            shape=16 / 9,
            print_side=1920,
        ),
        Kind(
            "poster_tall",
            _("Poster, tall"),
            _("JPEG, PNG or WebP, 2:3, best 2000 × 3000 pixels or more: it is printed."),
            ("picture",),
            1,
            shape=2 / 3,
            print_side=2400,
        ),
        Kind(
            "still",
            _("Stills"),
            _("Frames of the film without subtitles or marks, JPEG, PNG or WebP, in the film’s full size."),
            ("picture",),
            50,
            print_side=1920,
        ),
        Kind(
            "portrait",
            _("Portrait"),
            _("Of whoever directed the film, JPEG, PNG or WebP."),
            ("picture",),
            1,
            print_side=1200,
        ),
        Kind("trailer", _("Trailer"), _("MP4 or MOV, up to 2 GB."), ("film",), 1, 2 * GB),
        Kind(
            "document",
            _("Documents"),
            _("PDF, text, office document or ZIP, up to 50 MB each."),
            ("document",),
            10,
        ),
        Kind(
            "evidence",
            _("Evidence of how it was made"),
            _(
                "Prompts, project files, screen recordings: whatever shows it. PDF, text, ZIP, pictures or a film."
            ),
            ("picture", "document", "film"),
            30,
            4 * GB,
        ),
        Kind(
            "rights",
            _("Document about rights"),
            _("A licence or a consent, as PDF or as a picture of the paper."),
            ("document", "picture"),
            10,
        ),
        Kind(
            "answer",
            _("Answer to a question"),
            _("PDF, text, office document, ZIP, picture or a short film, up to 50 MB each."),
            ("document", "picture", "film"),
            5,
        ),
        Kind(
            "delivery",
            _("Delivered for a milestone"),
            _("PDF, text, office document, ZIP or picture, up to 500 MB."),
            ("document", "picture"),
            500,
            500 * MB,
        ),
    )
}
SINGLE = [key for key, kind in KINDS.items() if kind.single]
BESIDE_FORM = ("evidence", "rights", "answer", "delivery")  # kinds that no edition asks for in its form


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an upload is for, as it stands in `Upload.purpose`: "still"; "evidence/video"; "rights/music"; "answer/12";
    "delivery/7".

    `of` is the stage of the AI statement that evidence is about (or nothing), the key of a declaration, or the number
    of a question or of what a milestone asks for.
    """

    kind: Kind
    of: str = ""

    def __str__(self) -> str:
        return f"{self.kind.key}/{self.of}" if self.of else self.kind.key


def read_purpose(text: str) -> Purpose | None:
    """None for what is no purpose."""
    key, _slash, of = text.partition("/")
    kind = KINDS.get(key)
    if kind is None or len(of) > 40:
        return None
    if key == "evidence":
        return Purpose(kind, of) if of in ("", *STAGES) else None
    if key in ("answer", "delivery"):
        return Purpose(kind, of) if of.isascii() and of.isdigit() and len(of) < 19 else None
    return Purpose(kind, of) if (key == "rights") == bool(of) else None
