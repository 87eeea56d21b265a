"""What the allocation knows, in words: whether judges compare, who watches how much, what could not be given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.kit.words import short_language
from judging.desk_words import is_read
from judging.logic.allocation import result
from judging.logic.allocation.comparability import ENOUGH_BRIDGES
from judging.models import Allocation, Look, Round
from submissions.lifecycle import State

UNSERVED = {
    result.NO_JUDGES: gettext_lazy("There is nobody on the jury."),
    result.ALL_BARRED: gettext_lazy("Every judge has a conflict with it or has seen it."),
    result.TRACK: gettext_lazy("Nobody who is left judges its track."),
    result.LANGUAGE: gettext_lazy("Nobody who is left understands its language."),
    result.TOO_FEW: gettext_lazy("Fewer judges may see it than looks are missing."),
    result.NO_HOURS: gettext_lazy("Those who may see it have no hours left."),
    result.NO_PANEL: gettext_lazy("On every panel somebody may not see it."),
}
UNEVEN = {
    result.SCARCE: gettext_lazy("Few others may see the films that she may."),
    result.FEW_FILMS: gettext_lazy("There are not enough films that she may see."),
    result.HAD_MORE: gettext_lazy("She had more from before."),
    result.WHOLE_FILMS: gettext_lazy("Films are not divided: one more or less."),
}
UNEVEN_READ = UNEVEN | {
    result.SCARCE: gettext_lazy("Few others may read the projects that she may."),
    result.FEW_FILMS: gettext_lazy("There are not enough projects that she may read."),
    result.WHOLE_FILMS: gettext_lazy("Projects are not divided: one more or less."),
}
SHOWN = 8  # judges named in one sentence
Sentence = tuple[str, str]  # tone (pass, fix; "" for a remark), text


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A judge's minutes in seconds against her share. `off`: per cent; `reason` only where it is uneven."""

    judge: str
    seconds: int | None
    share: int | None
    off: int
    reason: str


@dataclass(frozen=True, slots=True)
class AllocationPage:
    """What the last drawing says of all looks of the round. `uneven` are those of `loads` that need a reason."""

    at: datetime
    sentences: tuple[Sentence, ...]
    loads: tuple[LoadRow, ...]
    uneven: tuple[LoadRow, ...]


def page_of(round: Round, names: Mapping[int, str]) -> AllocationPage | None:
    """The round's last drawing that knows how even it is; None before there is one. `names` of its judges by id."""
    kept = round.allocations.exclude(report={}).only("report", "made_at", "round_id").last()
    if kept is None:
        return None
    report = kept.report
    rows = report.get("loads") or report.get("uneven", ())
    found = (_load(row, names, UNEVEN_READ if is_read(round) else UNEVEN) for row in rows)
    loads = tuple(sorted(found, key=lambda row: row.judge))
    uneven = tuple(row for row in loads if row.reason)
    reads = is_read(round)
    sentences = comparability_words(report["comparability"], names, round.films.count(), reads=reads)
    return AllocationPage(kept.made_at, tuple(sentences), loads, uneven)


def _load(row: Mapping[str, Any], names: Mapping[int, str], reasons: Mapping[str, Any]) -> LoadRow:
    return LoadRow(
        judge=_name(row["judge"], names),
        seconds=row.get("seconds"),
        share=row.get("share"),
        off=round_half(100 * float(row["off"])),
        reason=str(reasons.get(row["reason"], row["reason"])),
    )


def round_half(number: float) -> int:
    return int(number + (0.5 if number >= 0 else -0.5))


def _name(key: str, names: Mapping[int, str]) -> str:
    return names.get(int(key), f"#{key}")


def _listed(texts: list[str]) -> str:
    comma = "、" if short_language() == "zh" else ", "
    more = len(texts) - SHOWN
    tail = [_("and %(count)d more") % {"count": more}] if more > 0 else []
    return comma.join([*texts[:SHOWN], *tail])


def comparability_words(
    gate: Mapping[str, Any], names: Mapping[int, str], films: int, *, reads: bool = False
) -> list[Sentence]:
    """Whether strictness can be told from quality, with what would help where it cannot. `films` of the round: more
    looks than there are films are not advised. `reads`: they are projects.
    """
    said: list[Sentence] = []
    limit = number_format(gate["limit"], 1)
    groups = gate.get("groups") or []
    if groups:
        text = _(
            "The jury falls into %(groups)d groups that have no track in common: films of one cannot be set against "
            "films of another. Some %(link)d films, seen by a judge of each, would join two groups."
        )
        if reads:
            text = _(
                "The jury falls into %(groups)d groups that have no track in common: projects of one cannot be set "
                "against projects of another. Some %(link)d projects, read by a judge of each, would join two groups."
            )
        said.append(("fix", text % {"groups": len(groups), "link": gate.get("link", 0)}))
    if not gate["pairs"]:
        return [*said, *_bridge_words(gate)]
    if not gate["failing"]:
        text = _(
            "How strict judges are can be told apart: the least certain pair is known to within %(worst)s of the usual "
            "spread between two looks at one film (good: up to %(limit)s)."
        )
        if reads:
            text = _(
                "How strict judges are can be told apart: the least certain pair is known to within %(worst)s of the "
                "usual spread between two looks at one project (good: up to %(limit)s)."
            )
        said.append(("pass", text % {"worst": number_format(gate["worst"] or 0, 2), "limit": limit}))
    elif gate["worst"] is not None:
        pair = [_name(key, names) for key in gate["pair"]]
        text = _(
            "Of %(count)d of %(pairs)d pairs of judges it is not certain enough who is stricter; least of %(one)s and "
            "%(other)s: to within %(worst)s of the usual spread between two looks at one film (good: up to %(limit)s)."
        )
        if reads:
            text = _(
                "Of %(count)d of %(pairs)d pairs of judges it is not certain enough who is stricter; least of %(one)s "
                "and %(other)s: to within %(worst)s of the usual spread between two looks at one project (good: up to "
                "%(limit)s)."
            )
        values = {
            "count": gate["failing"], "pairs": gate["pairs"], "one": pair[0], "other": pair[1],
            "worst": number_format(gate["worst"], 2), "limit": limit,
        }  # fmt: skip
        said.append(("fix", text % values))
    if gate["failing"] and gate.get("more_looks"):
        if max(row["looks"] for row in gate["more_looks"]) > films:
            text = _("The round has too few films for that: take differences between judges with care.")
            if reads:
                text = _(
                    "The round has too few projects for that: take differences between judges with care."
                )
            return [*said, ("", text), *_bridge_words(gate)]
        some = [f"{_name(row['judge'], names)} {row['looks']}" for row in gate["more_looks"]]
        text = _("More looks at films that others see too would help: %(judges)s.")
        if reads:
            text = _("More looks at projects that others read too would help: %(judges)s.")
        said.append(("", text % {"judges": _listed(some)}))
    return [*said, *_bridge_words(gate)]


def _bridge_words(gate: Mapping[str, Any]) -> list[Sentence]:
    said: list[Sentence] = []
    if gate.get("bridges") is not None:
        share = round_half(100 * gate["bridges"])
        good = gate["bridges"] >= ENOUGH_BRIDGES
        text = _(
            "%(share)d%% of the looks are by judges who see several tracks; with %(least)d%% or more, tracks can be "
            "set against each other."
        )
        values = {"share": share, "least": round_half(100 * ENOUGH_BRIDGES)}
        said.append(("pass" if good else "fix", text % values))
    return said


@dataclass(frozen=True, slots=True)
class Unserved:
    """A film that still misses looks, and why they could not be given when they were last drawn."""

    looks: int
    why: str


def unserved_of(round: Round) -> dict[str, Unserved]:
    """By code the films that could not be given all their looks. Of further looks the last drawing counts; of the
    looks of the plan whatever is still missing. Two queries.
    """
    found: dict[str, Mapping[str, Any]] = {}
    further: dict[str, Mapping[str, Any]] = {}
    rows = round.allocations.exclude(unserved=[]).values_list("purpose", "unserved", "pk")
    last = round.allocations.order_by("-made_at", "-pk").values_list("pk", flat=True).first()
    for purpose, unserved, pk in rows:
        for row in unserved:
            if purpose == Allocation.Purpose.FIRST:
                found[row["film"]] = row
            elif pk == last:
                further[row["film"]] = row
    short = _short(round) if found else {}
    kept = {film: (short[film], row) for film, row in found.items() if film in short}
    kept |= {film: (row["looks"], row) for film, row in further.items()}
    return {
        film: Unserved(looks, str(UNSERVED.get(row["reason"], row["reason"])))
        for film, (looks, row) in sorted(kept.items())
    }


def _short(round: Round) -> dict[str, int]:
    """By code how many looks of the plan a film misses; on a panel one, when nobody sees it."""
    wanted = 1 if round.gate == Round.Gate.PANEL else round.looks_per_film
    mine = Q(looks__round=round) & ~Q(looks__state=Look.State.RECUSED)
    rows = (
        round.films.filter(state=State.ELIGIBLE)
        .annotate(given=Count("looks", filter=mine))
        .filter(given__lt=wanted)
        .values_list("code", F("given"))
    )
    return {code: wanted - given for code, given in rows}
