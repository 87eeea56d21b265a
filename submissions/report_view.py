"""A stored inspection report prepared for reading: sentences in the reader's language, links to its pictures."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.rulebook_words import (
    bytes_text,
    channels_text,
    format_name,
    number_text,
    rate_number,
    size_text,
)
from festival.kit.words import clock_time, short_language
from festival.people.actor import Actor
from submissions.acceptance import GRAVE, grave_rules
from submissions.film_chart import Chart, chart_of
from submissions.film_moments import Copy, Mark, Moment, Piece
from submissions.inspection.cures import cure_command
from submissions.inspection.report import Finding, Report, Sprite, read
from submissions.inspection.words import Words, describe, describe_problem, timecode, times_text
from submissions.links import media_url
from submissions.models import Inspection, Waiver

TONES = {"pass": "pass", "note": "note", "fix": "fix", "block": "block", "unreadable": "block"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A still with its time code, and where it leads in the film."""

    url: str
    caption: str
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class FindingView:
    """One broken rule in words, with how it looks there; `times` where the words do not say it already.

    `detail` is that of the words in pieces, whose times lead into the film. `command` mends it with ffmpeg, where
    ffmpeg can.

    `waived` says that the technicians accept it; who and why stands in `waiver`, at the desk alone.
    """

    rule: str
    tone: str
    label: str
    words: Words
    detail: list[Piece]
    times: list[Piece]
    stills: list[Picture]
    command: str = ""
    waived: bool = False
    waiver: Waiver | None = None
    marks: tuple[Mark, ...] = ()  # where it lies on the film's chart
    more: list[Piece] = field(default_factory=list)  # every stretch, where there are more than the words name
    anchor: str = ""

    @property
    def grave(self) -> bool:
        """Whether it stands against the film, so that it can be waived."""
        return self.tone in GRAVE


@dataclass(frozen=True, slots=True)
class SpriteView:
    """The film in small pictures, for scrubbing along the chart: its sheet's address, and how it is laid out."""

    url: str
    layout: Sprite


@dataclass(frozen=True, slots=True)
class ReportView:
    """For templates/_report.html."""

    inspection: Inspection
    tone: str
    headline: str
    problem: Words | None
    findings: list[FindingView]
    sheet: str
    facts: list[tuple[str, str]]
    chart: Chart | None = None
    barcode: str = ""
    sprite: SpriteView | None = None
    posters: list[Picture] = field(default_factory=list)

    @property
    def draws(self) -> bool:
        """Whether the chart has anything to show but its scale."""
        return self.chart is not None and bool(
            self.barcode
            or self.chart.loudness
            or self.chart.waves
            or self.chart.cuts
            or any(finding.marks for finding in self.findings)
        )


def first_look_of(inspection: Inspection | None, actor: Actor) -> ReportView | None:
    """What the first look found; None without one, and once the report itself is there. No query."""
    if inspection is None or not inspection.glance or inspection.report:
        return None
    return _view(inspection, inspection.glance, inspection.glance_folder, {}, actor)


def view_of(inspection: Inspection | None, actor: Actor, *, desk: bool = False) -> ReportView | None:
    """None while there is no report. One query, for the waivers, where something stands against the film."""
    if inspection is None or not inspection.report:
        return None
    waivers = (
        {
            each.rule: each
            for each in Waiver.objects.filter(version=inspection.version_id).select_related("by")
        }
        if grave_rules(inspection.report)
        else {}
    )
    return _view(inspection, inspection.report, inspection.folder, waivers, actor, desk=desk)


def _view(
    inspection: Inspection,
    stored: dict[str, Any],
    folder: str,
    waivers: dict[str, Waiver],
    actor: Actor,
    *,
    desk: bool = False,
) -> ReportView:
    language = short_language()
    try:
        report = read(Report, stored)
    except ValueError:  # of an engine whose reports this one cannot read
        headline = _(
            "This report was made by another version of the inspector. Inspect the film again to read it."
        )
        return ReportView(inspection, TONES.get(inspection.verdict, "note"), headline, None, [], "", [])
    problem = (
        describe_problem(report.problem.code, report.problem.values, language) if report.problem else None
    )

    def link(name: str) -> str:
        return media_url(actor, f"{folder}/{name}")

    grave = grave_rules(stored)
    film, filename, chart = report.measurements, inspection.version.filename, chart_of(report)
    times = {still.file: still.time for still in report.stills}
    copy = Copy(media_url(actor, inspection.copy_key))
    met = Counter[str]()
    labels = {"block": _("Blocks"), "fix": _("To be mended"), "note": _("Note")}

    def finding_view(finding: Finding) -> FindingView:
        stills = [
            Picture(link(name), timecode(times[name] or 0), copy.before(times[name] or 0))
            for name in finding.stills
            if times.get(name) is not None
        ]
        words, where = describe(finding, language), times_text(finding.times, language)
        met[finding.rule] += 1
        number = met[finding.rule]
        return FindingView(
            rule=finding.rule,
            tone=finding.severity,
            label=labels[finding.severity],
            words=words,
            detail=copy.pieces(words.detail, finding.times),
            times=[] if where in words.detail else copy.pieces(where, finding.times),
            stills=stills,
            command=cure_command(finding, film, filename) if film else "",
            waived=finding.rule in waivers and finding.severity in GRAVE,
            waiver=waivers.get(finding.rule) if desk else None,
            marks=copy.marks(finding.times, chart.seconds) if chart else (),
            more=copy.stretches(finding.times),
            anchor=finding.rule if number == 1 else f"{finding.rule}-{number}",
        )

    names = {still.about: still.file for still in report.stills}
    sheet, barcode = names.get("sheet"), names.get("barcode")
    return ReportView(
        inspection=inspection,
        tone=TONES[report.verdict],
        headline=_("The technicians accept everything that was found.")
        if grave and grave <= waivers.keys()
        else _headline(report),
        problem=problem,
        findings=[finding_view(finding) for finding in report.findings],
        sheet=link(sheet) if sheet else "",
        facts=list(_facts(report, language)),
        chart=chart,
        barcode=link(barcode) if barcode else "",
        posters=[
            Picture(link(still.file), timecode(still.time or 0), copy.before(still.time or 0))
            for still in report.stills
            if still.about == "poster"
        ],
        sprite=SpriteView(link(report.sprite.file), report.sprite) if report.sprite else None,
    )


def _headline(report: Report) -> str:
    if report.depth == "keyframes" and report.problem is None:
        return (
            _("Some things are certain already:")
            if report.findings
            else _("Nothing is wrong so far: file, size, length and pace fit the rules.")
        )
    match report.verdict:
        case "pass":
            return _("The film is technically fine.")
        case "note":
            return _("The film can be shown. Something was noticed that may be intended.")
        case "fix":
            return _("The film should be mended before it is shown.")
        case "block":
            return _("The film cannot be accepted as it is.")
        case _:
            return _("This file cannot be read as a film.")


def _facts(report: Report, language: str) -> Iterator[tuple[str, str]]:
    comma = "，" if language == "zh" else ", "
    if report.file:
        yield _("File"), comma.join([format_name(report.file.container), bytes_text(report.file.bytes)])
    if report.video:
        video = report.video
        yield _("Running time"), clock_time(video.duration)
        rate = rate_number(video.frame_rate)
        shown = (
            _("%(size)s, %(rate)s fps") if video.constant else _("%(size)s, %(rate)s fps on average, varying")
        )
        picture = shown % {"size": size_text(video.width, video.height), "rate": rate}
        yield _("Picture"), comma.join([picture, format_name(video.codec)])
    if report.audio:
        audio = report.audio
        sound = [
            format_name(audio.codec).upper(),
            channels_text(audio.channels, language),
            f"{number_text(audio.sample_rate / 1000, 1)} kHz",
        ]
        yield _("Sound"), comma.join(sound)
        if audio.integrated_lufs is not None:
            loud = f"{number_text(audio.integrated_lufs, 1)} LUFS"
            if audio.true_peak_dbtp is not None:
                loud += comma + _("peak %(level)s dBTP") % {"level": number_text(audio.true_peak_dbtp, 1)}
            yield _("Loudness"), loud
    elif report.video:
        yield _("Sound"), _("none")
