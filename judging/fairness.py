"""The fairness report of an edition: how its films were judged, in words and tables that page and paper share.

Judges are numbered, in an order drawn from the round's seed: the report says how even the jury was, and names nobody.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards.papers.engine import FOLDER as PAPERS
from festival.edition.models import Edition
from festival.kit.words import moment_text, per_cent, say, short_language, spoken_time
from judging import award_queries, award_rules, queries, round_words
from judging.logic.canonical import lot
from judging.models import Look, Round, Standing, TieBreak

TEMPLATE = Path(__file__).parent / "fairness.typ"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 2 or 3), a paragraph, or a table whose columns from `numbers` on are figures."""

    kind: str  # heading, part, text, table
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: int = 99

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """The rows with the name of its column beside each cell."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


def report(edition: Edition) -> list[Block]:
    """Everything, in the reader's language. The queries grow with rounds and not with films or looks."""
    rounds = edition.rounds.prefetch_related("criteria").exclude(state=Round.State.PLANNED)
    blocks: list[Block] = []
    for round in rounds.order_by("position", "pk"):
        blocks += _round(round)
    return [*blocks, *_awards(edition)]


def _round(round: Round) -> Iterable[Block]:
    yield Block("heading", say(round.name))
    state = round.get_state_display()
    opened = moment_text(round.opened_at, round.edition.time_zone) if round.opened_at else "–"
    yield Block(
        "text",
        _("%(gate)s. Opened %(opened)s; from then on the rules were frozen. Now: %(state)s.")
        % {"gate": round.get_gate_display(), "opened": opened, "state": state},
    )
    criteria = list(round.criteria.all())
    if round.gate == Round.Gate.SCORE and criteria:
        yield Block(
            "table",
            _("Criteria and weights"),
            (_("Criterion"), _("Weight")),
            tuple((say(row.name), f"{row.weight.normalize():f} %") for row in criteria),
            1,
        )
    yield from _loads(round)
    yield from _recusals(round)
    yield from _changes(round)
    standing = Standing.objects.filter(round=round, superseded_at__isnull=True).first()
    if standing:
        yield from _standing(standing, round)


def _loads(round: Round) -> Iterable[Block]:
    rows = queries.judges_progress(round)
    if not rows:
        return
    rows.sort(key=lambda row: lot(round.seed, "report", str(row.judge_id)))
    figures = (round_figures(round) or {}).get("judges", [])
    known = {int(row["judge"]): row for row in figures}

    def severity(judge: int) -> str:
        row = known.get(judge)
        if row is None:
            return "–"
        return f"{Decimal(str(row['severity'])):+.2f} ± {Decimal(str(row['se'])) * Decimal('1.645'):.2f}"

    yield Block(
        "table",
        _("Judges: what each has seen, how much of it was really played, and how strict each was"),
        (_("Judge"), _("Films"), _("Length of the films"), _("Played"), _("Severity")),
        tuple(
            (
                _("Judge %(number)d") % {"number": number},
                str(row.done),
                spoken_time(row.seconds_done),
                per_cent(min(1, row.seconds_watched / row.seconds_done)) if row.seconds_done else "–",
                severity(row.judge_id),
            )
            for number, row in enumerate(rows, 1)
        ),
        1,
    )
    if known:
        yield Block(
            "text",
            _(
                "Severity: points of the scale that a judge gives more (+) or less (−) than the others to the same "
                "films, with the interval that holds it with nine chances in ten."
            ),
        )
    done = Look.objects.filter(round=round, state=Look.State.SCORED)
    total = done.count()
    low = sum(
        1
        for watched, length in done.values_list("watched_seconds", "seconds")
        if length and watched < length / 2
    )
    if total:
        yield Block(
            "text",
            ngettext(
                "%(total)d look in all; in %(low)d of them less than half of the film was played.",
                "%(total)d looks in all; in %(low)d of them less than half of the film was played.",
                total,
            )
            % {"total": total, "low": low},
        )


def round_figures(round: Round) -> dict[str, Any]:
    """The figures kept with the standing in force; empty without one."""
    standing = Standing.objects.filter(round=round, superseded_at__isnull=True).only("figures").first()
    return dict(standing.figures) if standing else {}


def _recusals(round: Round) -> Iterable[Block]:
    rows = Look.objects.filter(round=round, state=Look.State.RECUSED)
    own, taken = rows.filter(Q(taken="")).count(), rows.exclude(taken="").count()
    text = ngettext(
        "Judges stood aside from %(own)d look by themselves.",
        "Judges stood aside from %(own)d looks by themselves.",
        own,
    ) % {"own": own}
    more = ngettext(
        "%(taken)d was taken from them: a judge too near to the film, or no longer on the jury.",
        "%(taken)d were taken from them: a judge too near to the film, or no longer on the jury.",
        taken,
    ) % {"taken": taken}
    yield Block("text", f"{text}{'' if short_language() == 'zh' else ' '}{more}")


def _changes(round: Round) -> Iterable[Block]:
    rows = round_words.changes_of(round)
    if not rows:
        yield Block("text", _("Nothing was changed after the round was opened."))
        return
    yield Block(
        "table",
        _("Changed after the round was opened"),
        (_("What"), _("Before"), _("After"), _("Reason"), _("By, and when")),
        tuple(
            (
                row["label"],
                row["before"],
                row["after"],
                row["reason"],
                f"{row['by']}, {moment_text(row['at'], round.edition.time_zone)}",
            )
            for row in rows
        ),
    )


def _standing(standing: Standing, round: Round) -> Iterable[Block]:
    whole = standing.figures.get("panel") or {}
    if whole.get("relative") is not None:
        yield Block(
            "text",
            _(
                "How dependable the order is, from 0 to 1: %(relative)s. Agreement (Krippendorff’s alpha): %(alpha)s."
            )
            % {
                "relative": f"{Decimal(str(whole['relative'])):.2f}",
                "alpha": "–" if whole.get("alpha") is None else f"{Decimal(str(whole['alpha'])):.2f}",
            },
        )
    missed = standing.figures.get("missed")
    if missed:
        yield Block(
            "text",
            _(
                "%(sample)d of the %(below)d films below the line were drawn and seen once more. By them "
                "%(estimate)s films below it are expected to belong above, between %(low)s and %(high)s."
            )
            % {name: missed[name] for name in ("sample", "below", "estimate", "low", "high")},
        )
    ties = TieBreak.objects.filter(cut__round=round).count()
    if ties:
        yield Block(
            "text",
            ngettext(
                "Films tied at the line were told apart %(count)d time by the tie rule.",
                "Films tied at the line were told apart %(count)d times by the tie rule.",
                ties,
            )
            % {"count": ties},
        )
    yield Block(
        "table",
        _("Method, and digests that anybody can compute again"),
        (_("What"), "SHA-256"),
        (
            (
                _("Inputs of the standing, %(method)s, version %(version)d")
                % {"method": standing.method, "version": standing.method_version},
                standing.inputs_digest,
            ),
            (_("Its result"), standing.result_digest),
            *(
                ((f"{standing.adjusted_method} {standing.adjusted_version}", standing.adjusted_digest),)
                if standing.adjusted_digest
                else ()
            ),
            *(
                (
                    _("Drawing of looks, %(method)s, version %(version)d")
                    % {"method": row.method, "version": row.method_version},
                    row.result_digest,
                )
                for row in round.allocations.order_by("pk")
            ),
        ),
    )


def _awards(edition: Edition) -> Iterable[Block]:
    award_list = award_queries.list_of(edition)
    if award_list is None:
        return
    yield Block("heading", _("Awards"))
    for sentence in award_rules.rules_in_words(edition):
        yield Block("text", sentence)
    zone = edition.time_zone
    yield Block(
        "table",
        _("Steps of the award list"),
        (_("Step"), _("Version"), _("By"), _("When"), _("Reason")),
        tuple(
            (
                step.get_kind_display(),
                str(step.version),
                str(step.by) if step.by else _("the clock"),
                moment_text(step.at, zone),
                say(step.values.get("reason")) if step.values.get("reason") else "",
            )
            for step in award_list.steps.select_related("by")
        ),
    )
    yield Block(
        "table",
        _("Versions of the award list"),
        (_("Version"), _("Inputs"), _("Result")),
        tuple(
            (str(number), problem, result)
            for number, problem, result in award_list.versions.values_list(
                "number", "problem_digest", "result_digest"
            )
        ),
    )


def as_pdf(edition: Edition, blocks: list[Block]) -> bytes:
    """The report on paper: A4, both scripts, the same bytes for the same words."""
    data = {
        "title": _("Fairness report"),
        "edition": say(edition.name),
        "lang": short_language(),
        "blocks": [
            {
                "kind": block.kind,
                "text": block.text,
                "head": block.head,
                "rows": block.rows,
                "numbers": block.numbers,
            }
            for block in blocks
        ],
    }
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[PAPERS / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return bytes(made)
