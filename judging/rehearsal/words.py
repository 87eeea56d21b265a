"""The report of a rehearsal in words, as plain lines and as Markdown, in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.words import say
from judging.plan_words import hours
from judging.rehearsal import team_words
from judging.rehearsal.problem_words import left_out, page_name, per_cent, proposal, sentence, why
from judging.rehearsal.report import honest_ms
from judging.time_plan import HOUR

Row = Mapping[str, Any]
Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]
"""A heading, the names of the columns, and rows."""


def summary(report: Row) -> str:
    """What was rehearsed, for readers who do not come from its edition."""
    return f"{report['blueprint']}. {figures(report)}"


def figures(report: Row) -> str:
    """How large it was. Figures behind their names: no plural depends on them."""
    text = _("Entries: %(entries)s, admitted: %(admitted)s. Judges: %(judges)s. Seed: %(seed)d.")
    return text % {**report, **{name: f"{report[name]:,}" for name in ("entries", "admitted", "judges")}}


def lines_of(report: Row) -> Iterator[str]:
    """The report as plain lines, for the shell."""
    yield summary(report)
    yield queue_line(report["queue"])
    for row in report["rounds"]:
        yield round_line(row)
    if report["awards"]:
        yield awards_line(report["awards"])
    if report["premiere"]:
        yield premiere_line(report["premiere"])
    if report.get("teams"):
        yield from team_words.plain_lines(report["teams"])
    yield judges_line(report)
    yield pages_line(report["pages"])
    if report["filmed"]:
        yield filmed_line(report["filmed"])
    yield from cost_lines(report["cost"])
    for row in report["not_rehearsed"]:
        yield _("Not rehearsed: %(part)s.") % {"part": left_out(row)}
    yield _("What would have gone wrong:") if report["warnings"] else _("Nothing would have gone wrong.")
    for warning in report["warnings"]:
        yield f"- {sentence(warning)} {proposal(warning)}"


def markdown(report: Row) -> str:
    """The report as Markdown."""
    parts = [f"# {_('Contest rehearsal')}", summary(report), f"## {_('What would have gone wrong')}"]
    parts.append(
        "\n".join(f"- {sentence(one)} {proposal(one)}" for one in report["warnings"])
        or _("Nothing would have gone wrong.")
    )
    for heading, columns, rows in tables(report):
        line = "|" + "---|" * len(columns)
        body = [_row(columns), line, *map(_row, rows)]
        parts += [f"## {heading}", "\n".join(body)]
    for cohort in (report.get("teams") or {}).get("cohorts", ()):
        names = team_words.columns()
        rows = [_row(names), "|" + "---|" * len(names), *map(_row, team_words.milestone_rows(cohort))]
        parts += [
            f"## {team_words.heading(cohort)}",
            "\n".join(f"- {line}" for line in team_words.lines_of_teams(cohort)),
            "\n".join(rows),
        ]
    parts += [f"## {_('Machines and cost')}", "\n".join(f"- {line}" for line in machine_lines(report))]
    if report["not_rehearsed"]:
        parts += [
            f"## {_('Not rehearsed')}",
            "\n".join(f"- {left_out(row)}" for row in report["not_rehearsed"]),
        ]
    return "\n\n".join(parts) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def tables(report: Row) -> Iterator[Table]:
    """Gates, and pages."""
    rows = []
    for row in report["rounds"]:
        name = say(row["name"])
        if row["refused"]:
            rows.append((name, "–", "–", "–", why(row["why"])))
            continue
        rows.append(
            (
                name,
                str(row["films"]),
                f"{row['judge_hours']:.1f}",
                "–" if row["through"] is None else str(row["through"]),
                found_text(row["found"]) if row["found"] else "–",
            )
        )
    if report["awards"]:
        found = report["awards"]["found"]
        rows.append(
            (
                _("Awards"), "–", "–", str(report["awards"]["laureates"]), found_text(found) if found else "–",
            )
        )  # fmt: skip
    if rows:
        reads = any(not row["refused"] and _is_read(row) for row in report["rounds"])
        judged = _("Entries") if reads else _("Films")
        columns = (_("Round or awards"), judged, _("Judge-hours"), _("Go on"), _("Of the true best"))
        yield _("Gates"), columns, rows
    if report["pages"]:
        yield (
            _("Response times"),
            (_("Page"), _("Milliseconds"), _("By the clock")),
            [
                (page_name(row["page"]), f"{honest_ms(row):.0f}", f"{row['ms']:.0f}")
                for row in report["pages"]
            ],
        )


def machine_lines(report: Row) -> Iterator[str]:
    """What it asks of machines and judges, and what that costs."""
    yield queue_line(report["queue"])
    yield judges_line(report)
    if (report["awards"] or {}).get("meeting"):
        yield meeting_line(report["awards"]["meeting"])
    if report["premiere"]:
        yield premiere_line(report["premiere"])
    if report["filmed"]:
        yield filmed_line(report["filmed"])
    yield from cost_lines(report["cost"])


def round_line(row: Row) -> str:
    """A round in one line."""
    name = say(row["name"])
    if row["refused"]:
        return _("%(name)s: ended with “%(why)s”") % {"name": name, "why": why(row["why"])}
    parts = [
        _films(row["films"], reads=_is_read(row)),
        _("%(hours).1f judge-hours") % {"hours": row["judge_hours"]},
    ]
    if row["through"] is not None:
        parts.append(_("%(count)d go on") % {"count": row["through"]})
    if row["found"]:
        parts.append(found_text(row["found"]))
    return f"{name}: {', '.join(parts)}"


def _is_read(row: Row) -> bool:
    """Whether nothing but projects was judged in this round."""
    return 0 < row["films"] <= row.get("reads", 0)


def _films(count: int, *, reads: bool) -> str:
    text = (
        ngettext("%(count)d project", "%(count)d projects", count)
        if reads
        else ngettext("%(count)d film", "%(count)d films", count)
    )
    return text % {"count": count}


def awards_line(row: Row) -> str:
    """The awards in one line."""
    text = _("Awards: laureates %(laureates)d, vacant places %(vacant)d") % row
    text = f"{text}, {found_text(row['found'])}" if row["found"] else text
    return f"{text}; {meeting_text(row['meeting'])}" if row.get("meeting") else text


def meeting_line(row: Row) -> str:
    """The same as a sentence of its own."""
    return _("Awards: %(how)s.") % {"how": meeting_text(row)}


def meeting_text(row: Row) -> str:
    """How the jury met on the awards."""
    votes = ngettext("%(count)d vote", "%(count)d votes", row["votes"]) % {"count": row["votes"]}
    return _("the jury met on %(films)d films: %(present)d of %(members)d were there, %(votes)s") % {
        **row,
        "votes": votes,
    }


def premiere_line(row: Row) -> str:
    """The premiere in one line."""
    text = ngettext(
        "Premiere: %(placed)d of %(films)d films in %(screenings)d screening.",
        "Premiere: %(placed)d of %(films)d films in %(screenings)d screenings.",
        row["screenings"],
    )
    return text % row


def found_text(row: Row) -> str:
    """The share of the true best that was found, with its interval."""
    return _("%(share)s of the true best %(best)d found (%(low)s to %(high)s; by chance %(by_chance)s)") % {
        "best": row["best"],
        **{name: per_cent(row[name]) for name in ("share", "low", "high", "by_chance")},
    }


def judges_line(report: Row) -> str:
    """Hours of the judges, each and in all."""
    each = report["judges_hours"]
    if each is None:
        return _("Nobody judged.")
    return _(
        "Judges: %(all).0f hours in all; each %(mean).1f (%(low).1f to %(high).1f), the busiest %(most).1f."
    ) % {**each, "all": report["judge_hours"]}


def queue_line(row: Row) -> str:
    """How long films wait for their inspection."""
    text = ngettext(
        "Inspection with %(workers)d worker: half of the films have their report within %(median)s, nineteen of "
        "twenty within %(nearly_all)s, the last after %(longest)s.",
        "Inspection with %(workers)d workers: half of the films have their report within %(median)s, nineteen of "
        "twenty within %(nearly_all)s, the last after %(longest)s.",
        row["workers"],
    )
    spoken = {name: hours(row[name] * HOUR) for name in ("median", "nearly_all", "longest")}
    return text % {"workers": row["workers"], **spoken}


def pages_line(rows: Sequence[Row]) -> str:
    """The slowest of the pages that were asked."""
    if not rows:
        return _("No page was asked.")
    worst = max(rows, key=honest_ms)
    text = ngettext(
        "%(count)d page asked; it took %(ms).0f ms (“%(page)s”).",
        "%(count)d pages asked; the slowest took %(ms).0f ms (“%(page)s”).",
        len(rows),
    )
    return text % {"count": len(rows), "ms": honest_ms(worst), "page": page_name(worst["page"])}


def filmed_line(row: Row) -> str:
    """Real films that were inspected."""
    text = _("Real films inspected: %(films)d.") % row
    if row["planted"]:
        text += (
            " "
            + _("Of %(planted)d planted faults %(found)d were found; %(false)d findings were false.") % row
        )
    return text


def cost_lines(row: Row) -> Iterator[str]:
    """Worker hours, storage and money, for all entries and for 1,000."""
    names = ("worker_hours", "worker_hours_per_thousand", "gigabytes", "gigabytes_per_thousand")
    text = _(
        "Worker hours: %(worker_hours)s (for 1,000 entries %(worker_hours_per_thousand)s); storage: "
        "%(gigabytes)s GB (for 1,000 entries %(gigabytes_per_thousand)s)."
    )
    yield text % {name: f"{row[name]:,.1f}" for name in names}
    yield weight_line(row["weight"])
    if row["whole"] is None:
        yield _("No prices were given, so nothing is said of money.")
    else:
        yield _("Cost: %(whole)s %(currency)s, for 1,000 entries %(per_thousand)s.") % {
            "whole": f"{row['whole']:,.2f}",
            "per_thousand": f"{row['per_thousand']:,.2f}",
            "currency": row["prices"]["currency"],
        }


def weight_line(row: Row) -> str:
    """Where hours and bytes are from."""
    if row["source"] == "benchmarks":
        return _(
            "Hours and bytes are those of a mix of films as festivals get them, which were made and inspected "
            "beforehand; bytes are those of the films and of the copies that judges watch."
        )
    text = {
        "site": ngettext(
            "Measured on %(films)d film that was inspected on this site.",
            "Measured on %(films)d films that were inspected on this site.",
            row["films"],
        ),
        "films": ngettext(
            "Measured on %(films)d film that was given.",
            "Measured on %(films)d films that were given.",
            row["films"],
        ),
    }
    return text[row["source"]] % row
