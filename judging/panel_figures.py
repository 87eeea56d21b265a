"""What the chair reads of the panel, in words: from a frozen standing's figures, or from what is in so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from festival.kit.words import per_cent
from judging import plots, progress_queries, standing_actions, standing_inputs
from judging.models import Round

SAME = Decimal("0.8")  # a judge who gives so large a share of her films the same score
APART = 3  # standard deviations from what is usual
LEAST_WATCHED = 0.5  # of the films' length
FEW = 20  # looks, below which a pattern is none yet
GAP = 0.2  # of the noise's standard deviation: severities known worse than this are not comparable


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """A judge's line. `severity` in points of the scale, above 0 milder; `span` draws it. Shares are 0 to 1."""

    name: str
    looks: int
    severity: Decimal
    span: plots.Span
    agreement: Decimal | None
    scale: Decimal | None
    noise: Decimal | None
    drift: Decimal | None
    drifts: bool
    same: Decimal | None
    watched: float | None
    seconds_each: float | None


@dataclass(frozen=True, slots=True)
class Hours:
    """Looks finished in hours of the day from `start` to `end`: how far they lie from what the model expects."""

    start: int
    end: int
    looks: int
    mean: Decimal
    unusual: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Shares and coefficients of the whole panel; `warnings` are sentences, most telling first."""

    single: Decimal
    alpha: Decimal | None
    looks: Decimal
    relative: Decimal
    relative_two_more: Decimal
    settled: bool
    judges: tuple[JudgeLine, ...]
    hours: tuple[Hours, ...]
    warnings: tuple[str, ...]


def panel_of(round: Round) -> Panel | None:
    """The panel of a round; None where there is too little to say anything."""
    figures = _figures(round)
    if not figures:
        return None
    names = {progress.judge_id: progress for progress in progress_queries.judges_progress(round)}
    rows = [(row, names[int(row["judge"])]) for row in figures["judges"] if int(row["judge"]) in names]
    if not rows:
        return None
    severities = [float(row["severity"]) for row, _progress in rows]
    spans = plots.spans(severities, [float(row["se"]) for row, _progress in rows], 0.0)
    lines = [_line(row, progress, span) for (row, progress), span in zip(rows, spans, strict=True)]
    lines.sort(key=lambda line: (line.severity, line.name))
    whole = figures["panel"]
    hours = tuple(
        Hours(start, start + 3, looks, Decimal(mean), _apart(Decimal(mean), _decimal(error)))
        for start, looks, mean, error in figures.get("hours", ())
    )
    return Panel(
        single=Decimal(whole["single"]),
        alpha=_decimal(whole["alpha"]),
        looks=Decimal(whole["looks"]),
        relative=Decimal(whole["relative"]),
        relative_two_more=Decimal(whole["relative_two_more"]),
        settled=figures["settled"],
        judges=tuple(lines),
        hours=hours,
        warnings=tuple(_warnings(figures, lines, hours)),
    )


def _figures(round: Round) -> Mapping[str, Any]:
    if round.state == Round.State.CLOSED:
        figures: Mapping[str, Any] = round.standing.figures
        return figures
    models = standing_actions.modelled(standing_inputs.of_round(round), cut=None, seed=round.seed)
    if models is None:
        return {}
    return standing_actions.figures_of(models, looks=standing_inputs.finished(round))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _apart(mean: Decimal, error: Decimal | None) -> bool:
    """Whether a mean is unusually far from 0; of a single look no error is known, and nothing follows from it."""
    return error is not None and abs(mean) > APART * error > 0


def _line(row: Mapping[str, Any], progress: progress_queries.JudgeProgress, span: plots.Span) -> JudgeLine:
    drift, error = _decimal(row["drift"]), _decimal(row["drift_se"])
    return JudgeLine(
        name=progress.name,
        looks=row["looks"],
        severity=Decimal(row["severity"]),
        span=span,
        agreement=_decimal(row["agreement"]),
        scale=_decimal(row["scale"]),
        noise=_decimal(row["noise"]),
        drift=drift,
        drifts=bool(drift and error and row["looks"] >= FEW and abs(drift) > APART * error),
        same=_decimal(row["same"]),
        watched=min(1.0, progress.seconds_watched / progress.seconds_done) if progress.seconds_done else None,
        seconds_each=progress.seconds_watched / progress.done if progress.done else None,
    )


def _warnings(figures: Mapping[str, Any], lines: list[JudgeLine], hours: tuple[Hours, ...]) -> list[str]:
    said = []
    if not figures["settled"]:
        said.append(
            _(
                "There are too few scores to tell films, judges and chance apart; usual proportions were taken."
            )
        )
    noise = Decimal(figures["variances"][2]).sqrt()
    gap = _decimal(figures["widest_gap"])
    if gap is not None and noise and gap > Decimal(str(GAP)) * noise:
        said.append(
            _(
                "Some judges share too few films, even through others, for their severities to be compared well."
            )
        )
    for line in lines:
        if line.looks < FEW:
            continue
        name = {"judge": line.name}
        if line.same is not None and line.same >= SAME:
            share = {"share": per_cent(line.same)}
            said.append(_("%(judge)s gave the same score to %(share)s of the films.") % (name | share))
        if line.watched is not None and line.watched < LEAST_WATCHED:
            share = {"share": per_cent(line.watched)}
            said.append(_("%(judge)s watched only %(share)s of the films’ length.") % (name | share))
        if line.drifts and line.drift is not None:
            text = (
                gettext_lazy("%(judge)s became milder as the films went by, equal films being equal.")
                if line.drift > 0
                else gettext_lazy("%(judge)s became stricter as the films went by, equal films being equal.")
            )
            said.append(str(text) % name)
    for line in _strangers(lines):
        said.append(
            _("%(judge)s agrees with the others far less than they do among themselves.")
            % {"judge": line.name}
        )
    late = [part for part in hours if part.unusual]
    if late:
        said.append(
            ngettext(
                "Scores given at one time of the day lie apart from the others.",
                "Scores given at some times of the day lie apart from the others.",
                len(late),
            )
        )
    return said


def _strangers(lines: list[JudgeLine]) -> list[JudgeLine]:
    """Judges whose agreement lies three robust standard deviations and a third below the middle of the panel."""
    known = sorted(line.agreement for line in lines if line.agreement is not None and line.looks >= FEW)
    if len(known) < 4:
        return []
    middle = known[len(known) // 2]
    apart = sorted(abs(value - middle) for value in known)[len(known) // 2] * Decimal("1.4826")
    border = min(middle - APART * apart, middle * Decimal("0.67"))
    return [
        line for line in lines if line.agreement is not None and line.looks >= FEW and line.agreement < border
    ]
