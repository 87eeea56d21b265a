"""What can be said of a film before it is uploaded, prepared for templates/entrant/_preflight.html."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from festival.edition.rulebook import Rulebook
from festival.edition.rulebook_words import (
    bytes_text,
    channels_text,
    format_name,
    number_text,
    rate_number,
    size_text,
)
from festival.kit.words import clock_time, short_language
from submissions.inspection.preflight import Preview, Seen, judge_seen
from submissions.inspection.words import Words, describe, describe_problem
from submissions.report_view import FindingView


@dataclass(frozen=True, slots=True)
class PreflightView:
    """`clean`: there is nothing to say but the facts. `taken`: the upload would not refuse the file at once."""

    facts: str
    problem: Words | None
    findings: list[FindingView]
    taken: bool

    @property
    def clean(self) -> bool:
        return self.problem is None and not self.findings

    @property
    def grave(self) -> bool:
        """Whether something stands against the film; notes do not."""
        return self.problem is not None or any(finding.grave for finding in self.findings)


def preflight_of(seen: Seen, rulebook: Rulebook) -> PreflightView:
    """The judgement over what a browser saw, in the reader's language."""
    language, preview = short_language(), judge_seen(seen, rulebook)
    labels = {"block": _("Blocks"), "fix": _("To be mended"), "note": _("Note")}
    problem = preview.problem
    return PreflightView(
        facts=_facts(seen, preview, language),
        problem=describe_problem(problem.code, problem.values, language) if problem else None,
        findings=[
            FindingView(
                rule=finding.rule,
                tone=finding.severity,
                label=labels[finding.severity],
                words=describe(finding, language),
                detail=[],
                times=[],
                stills=[],
            )
            for finding in preview.findings
        ],
        taken=0 < seen.size <= (rulebook.max_bytes or seen.size),
    )


def _facts(seen: Seen, preview: Preview, language: str) -> str:
    """File, running time, picture and sound in one line, as far as they are known."""
    said = [format_name(preview.container)] if preview.container else []
    said.append(bytes_text(seen.size))
    if seen.seconds:
        said.append(clock_time(seen.seconds))
    if seen.width and seen.height:
        said.append(size_text(seen.width, seen.height))
    if seen.frame_rate:
        said.append(_("%(rate)s fps") % {"rate": rate_number(seen.frame_rate)})
    if seen.video_codec:
        said.append(format_name(seen.video_codec))
    if seen.sound is False:
        said.append(_("no sound"))
    if seen.sound_codec:
        said.append(format_name(seen.sound_codec).upper())
    if seen.channels:
        said.append(channels_text(seen.channels, language))
    if seen.sample_rate:
        said.append(f"{number_text(seen.sample_rate / 1000, 1)} kHz")
    return " · ".join(said)
