"""Files beside a film prepared for reading: thumbnails, facts in a line, problems and notes in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from festival.edition.form_rules import FileRules
from festival.edition.rulebook_words import format_name, size_text
from festival.edition.tools import stage_title
from festival.kit.words import clock_time, file_size, say, short_language
from festival.people.actor import Actor
from submissions.attachment_kinds import BESIDE_FORM, KINDS, Kind
from submissions.correction_fields import file_part
from submissions.inspection.attached_words import attached_refusal
from submissions.inspection.picture_file import variant_files
from submissions.inspection.words import describe_problem
from submissions.links import media_url
from submissions.models import Attachment, Entry, Question
from submissions.question_queries import asked_of

TONES = {
    Attachment.State.WAITING: "wait",
    Attachment.State.READY: "pass",
    Attachment.State.REFUSED: "block",
}
SHAPE_TOLERANCE = 0.03
ENDINGS = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "png": ("png",),
    "webp": ("webp",),
    "text": ("txt", "md", "csv", "json", "srt", "vtt", "tex", "log", "xml", "fcpxml", "edl"),
    **{form: (form,) for form in ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf", "zip")},
}
FILMS = ("mp4", "mov", "m4v", "mkv", "webm", "avi", "mxf", "ts", "mts", "m2ts")


@dataclass(frozen=True, slots=True)
class Thumb:
    """A picture's address at a middling width, with all its widths for `srcset`."""

    url: str
    srcset: str
    width: int
    height: int
    largest: str


@dataclass(frozen=True, slots=True)
class FileView:
    """One file in the reader's words. `original` is a link that downloads it; `facts` is one line."""

    file: Attachment
    tone: str
    facts: str
    original: str
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    thumb: Thumb | None = None
    alt: str = ""
    stage: str = ""

    @property
    def kind(self) -> Kind:
        return KINDS[self.file.kind]

    @property
    def mark(self) -> str:
        """What stands where a picture's thumbnail would: "PDF", a trailer's length."""
        facts = self.file.facts
        if film := facts.get("film"):
            return clock_time(film["seconds"])
        document = facts.get("document")
        return "" if not document else "TXT" if document["form"] == "text" else document["form"].upper()

    @property
    def waiting(self) -> bool:
        return self.file.state == Attachment.State.WAITING


# What is said of a kind otherwise where there is no film yet.
PROJECT_HELP = {
    "still": gettext_lazy("Pictures that show how it shall look, JPEG, PNG or WebP."),
    "portrait": gettext_lazy("Of whoever directs, JPEG, PNG or WebP."),
}


@dataclass(frozen=True, slots=True)
class KindView:
    """The files of a kind, and what the edition asks of it."""

    kind: Kind
    files: list[FileView]
    required: bool
    asked: str = ""
    full: bool = False  # no further one is taken
    question: Question | None = None  # where the files answer one
    project: bool = False  # of an entry without a film

    @property
    def part(self) -> str:
        """What a correction calls them."""
        return file_part(self.kind.key, self.question.pk if self.question else "")

    @property
    def anchor(self) -> str:
        """Its place on the page, and the name under which it is asked for while a file is read."""
        return f"answer-{self.question.pk}" if self.question else self.kind.key

    @property
    def moves(self) -> int:
        """Among how many files one can be moved; the order of answers says nothing."""
        return 0 if self.question else len(self.files)

    @property
    def label(self) -> str:
        return say(self.question.wording.text) if self.question else str(self.kind.label)

    @property
    def help(self) -> str:
        own = say(self.question.wording.help) if self.question else ""
        of_kind = PROJECT_HELP.get(self.kind.key) if self.project else None
        return " ".join(filter(None, (own, str(of_kind or self.kind.help))))

    @property
    def waiting(self) -> bool:
        return any(file.waiting for file in self.files)


def kind_views(entry: Entry, rules: FileRules, actor: Actor) -> list[KindView]:
    """Every kind that an edition's form may ask for, and evidence; `entry` was fetched with its attachments."""
    views = file_views(
        (file for file in entry.attachments.all() if file.kind not in ("rights", "delivery")), actor
    )
    return [
        KindView(
            kind=kind,
            files=[view for view in views if view.file.kind == key],
            required=key in rules.required or (key == "still" and rules.stills_least > 0),
            asked=_stills_asked(rules) if key == "still" else "",
            project=entry.is_project,
            full=not kind.single and sum(view.file.kind == key for view in views) >= most_of(kind, rules),
        )
        for key, kind in KINDS.items()
        if key not in ("rights", "answer", "delivery") and most_of(kind, rules)
    ] + _answers(entry, views)


def _answers(entry: Entry, views: list[FileView]) -> list[KindView]:
    """A group for each question that is answered with files."""
    kind = KINDS["answer"]
    groups = []
    for question in asked_of(entry):
        if question.kind == Question.Kind.FILE:
            mine = [
                view for view in views if view.file.wording and view.file.wording.question_id == question.pk
            ]
            groups.append(
                KindView(kind, mine, question.required, full=len(mine) >= kind.most, question=question)
            )
    return groups


def most_of(kind: Kind, rules: FileRules) -> int:
    """How many files of a kind an edition takes."""
    return rules.stills_most if kind.key == "still" else kind.most


def _stills_asked(rules: FileRules) -> str:
    if rules.stills_least:
        text = _("At least %(least)d, at most %(most)d.")
    else:
        text = _("At most %(most)d.")
    return text % {"least": rules.stills_least, "most": rules.stills_most}


def in_order(files: Iterable[Attachment]) -> list[Attachment]:
    """Files by their kinds, in the order of the form, those of a kind as the entrant put them."""
    kinds = list(KINDS)
    return sorted(files, key=lambda file: (kinds.index(file.kind), file.position, file.pk))


def file_views(files: Iterable[Attachment], actor: Actor) -> list[FileView]:
    """Files with links for `actor`; they come with their assets."""
    language = short_language()
    return [_view(file, actor, language) for file in files]


def _view(file: Attachment, actor: Actor, language: str) -> FileView:
    ready = file.state == Attachment.State.READY
    picture = file.facts.get("picture") if ready else None
    key = file.asset.key if file.asset else ""
    return FileView(
        file=file,
        tone=TONES[Attachment.State(file.state)],
        facts=_facts(file, language),
        original=media_url(actor, key, name=download_name(file), download=True),
        problem=problem_of(file, language),
        notes=_notes(KINDS[file.kind], picture) if picture else [],
        thumb=thumb_of(file, picture, actor) if picture else None,
        alt=say(file.caption),
        stage=stage_title(file.stage, language)
        if file.stage
        else say(file.wording.text)
        if file.wording
        else "",
    )


def problem_of(file: Attachment, language: str) -> str:
    """Why a file cannot be used and what to do; empty for one that can."""
    if not file.problem:
        return ""
    if file.problem == "film":
        problem: dict[str, Any] = file.facts.get("problem") or {}
        words = describe_problem(str(problem.get("code", "")), problem.get("values") or {}, language)
        return " ".join(part for part in (words.title, words.detail, words.cure) if part)
    return attached_refusal(file.problem, file.facts.get("values") or {}, language)


def download_name(file: Attachment) -> str:
    """The file's name, with an ending that fits what it is: nobody starts a program by opening somebody's prompts."""
    form = _form(file)
    endings = FILMS if form == "film" else ENDINGS.get(form, ())
    _stem, dot, ending = file.filename.rpartition(".")
    if dot and ending.lower() in endings:
        return file.filename
    return f"{file.filename}.{endings[0] if endings else 'bin'}"


def _form(file: Attachment) -> str:
    facts = file.facts
    if "film" in facts:
        return "film"
    return str((facts.get("picture") or facts.get("document") or {}).get("form", ""))


def _facts(file: Attachment, language: str) -> str:
    parts = []
    facts = file.facts
    if picture := facts.get("picture"):
        parts = [size_text(picture["width"], picture["height"]), FORM_NAMES[picture["form"]]]
    elif film := facts.get("film"):
        parts = [clock_time(film["seconds"]), size_text(film["width"], film["height"])]
        parts.append(format_name(film["codec"]))
    elif document := facts.get("document"):
        parts = [str(_("Text")) if document["form"] == "text" else document["form"].upper()]
        if document.get("files"):
            text = ngettext("%(count)d file inside", "%(count)d files inside", document["files"])
            parts.append(text % {"count": document["files"]})
    return " · ".join([*parts, file_size(file.size)])


FORM_NAMES = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP"}


def _notes(kind: Kind, picture: dict[str, Any]) -> list[str]:
    width, height = picture["width"], picture["height"]
    notes = []
    if kind.shape and (width > height) != (kind.shape > 1):
        if kind.shape > 1:
            notes.append(_("This picture is taller than wide. The wide poster lies, 16:9."))
        else:
            notes.append(_("This picture is wider than tall. The tall poster stands, 2:3."))
    elif kind.shape and abs(width / height / kind.shape - 1) > SHAPE_TOLERANCE:
        asked = "16:9" if kind.shape > 1 else "2:3"
        text = _("Its sides are not %(asked)s: it will be shown with margins, or cut.")
        notes.append(text % {"asked": asked})
    if kind.print_side and max(width, height) < kind.print_side:
        text = _("Good for the screen, small for print: %(side)s pixels on the longer side print well.")
        notes.append(text % {"side": f"{kind.print_side:,}"})
    if picture["colours"] == "cmyk":
        notes.append(
            _("It was made for printing (CMYK). On screens its colours may look a little different.")
        )
    if "gps" in picture["removed"]:
        notes.append(_("The file says where it was taken. What we publish does not."))
    return notes


def thumb_of(file: Attachment, picture: dict[str, Any], actor: Actor) -> Thumb:
    """The clean variants of a picture, with links for `actor`."""
    variants = picture["variants"]
    urls = [media_url(actor, f"{file.folder}/{variant_files(width)[0]}") for width, _height in variants]
    place = min(1, len(variants) - 1)
    return Thumb(
        url=urls[place],
        srcset=", ".join(f"{url} {width}w" for url, (width, _height) in zip(urls, variants)),
        width=variants[place][0],
        height=variants[place][1],
        largest=urls[-1],
    )


def asked_kinds() -> list[Kind]:
    """The kinds that an edition can require."""
    return [kind for key, kind in KINDS.items() if key not in BESIDE_FORM]
