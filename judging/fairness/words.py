"""The fairness report in words and tables, in the reader's language; page and paper share them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from festival.kit.words import joined, moment_text, per_cent, say, short_language, signed, spoken_time
from festival.people.roles import Role
from judging import plots, round_words
from judging.fairness.blocks import Block
from judging.fairness.proof_words import proof
from judging.logic import ties
from judging.models import Allocation, AwardStep, Round

NINE_IN_TEN = Decimal(str(plots.NINE_IN_TEN))
COMMON = ("looks_per_film", "blind", "tie_last")
ADAPTIVE = ("adaptive", "most_looks", "looks_budget", "second_look")
RULES = {  # settings that count in a gate
    "score": ("scale", "official_rule", "decides", *ADAPTIVE, *COMMON, "tie_criterion"),
    "pass_fail": ("pass_rule", "pass_least", *COMMON),
    "panel": ("most_nominations", *COMMON),
    "ballot": ("ballot", "ballot_points", "quorum", "tie_last"),
}
MOVES = {  # over the line of a cut, by hand
    "added_by_chair": gettext_lazy("added"),
    "removed_by_chair": gettext_lazy("taken out"),
    "wild_card": gettext_lazy("by a wild card"),
}
Names = Mapping[str, Mapping[str, str]]  # {"judges": {number: name}, "team": {number: name}}
Document = Mapping[str, Any]


class Said:
    """Puts one report into words: the whole one, or what everybody may read of it."""

    def __init__(self, document: Document, *, names: Names | None = None) -> None:
        self.document, self.public, self.names = document, document["public"], names or {}
        self.zone = document["edition"]["time_zone"]

    def made(self) -> str:
        """Its number and when it was made; nothing of an export that was made for itself."""
        made = self.document["made"]
        if made is None:
            return ""
        return _("No. %(number)d, made %(when)s") % {
            "number": made["number"],
            "when": self.moment(made["at"]),
        }

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        return [
            *(block for round in self.document["rounds"] for block in self.round(round)),
            *self.awards(),
            *proof(self.document),
        ]

    def moment(self, text: str | None) -> str:
        """A moment of the document, in the edition's zone."""
        return moment_text(datetime.fromisoformat(text), self.zone) if text else "–"

    def who(self, by: Mapping[str, Any] | None) -> str:
        """Who did something: a number and roles, or the name where names are shown."""
        if by is None:
            return _("the clock")
        number = by["number"]
        name = self.names.get("team", {}).get(str(number)) or _("Person %(number)d") % {"number": number}
        comma = "、" if short_language() == "zh" else ", "
        roles = comma.join(str(Role(role).label) for role in by["roles"])
        return _("%(name)s (%(roles)s)") % {"name": name, "roles": roles} if roles else name

    def by(self, row: Mapping[str, Any]) -> str:
        """Who did something, and when."""
        return _("%(name)s, %(when)s") % {"name": self.who(row["by"]), "when": self.moment(row["at"])}

    def judge(self, number: int) -> str:
        """A judge's number, and her name where names are shown."""
        said = _("Judge %(number)d") % {"number": number}
        name = self.names.get("judges", {}).get(str(number))
        return f"{said}: {name}" if name else said

    def round(self, round: Mapping[str, Any]) -> Iterable[Block]:
        """One round."""
        yield Block("heading", say(round["plan"]["name"]))
        yield Block(
            "text",
            joined(
                _("Opened %(opened)s: from then on the rules were frozen. Closed %(closed)s.")
                % {"opened": self.moment(round["opened_at"]), "closed": self.moment(round["closed_at"])},
                ngettext("%(count)d film was judged.", "%(count)d films were judged.", round["films"])
                % {"count": round["films"]},
            ),
        )
        yield Block(
            "table",
            _("Rules as they were when the round opened"),
            (_("What"), _("Rule")),
            tuple(self.rules(round["gate"], round["plan"])),
        )
        if round["gate"] == Round.Gate.SCORE and round["criteria"]:
            yield Block(
                "table",
                _("Criteria and weights when the round opened"),
                (_("Criterion"), _("Weight")),
                tuple((say(row["name"]), f"{row['weight']}%") for row in round["criteria"]),
                1,
            )
        yield self.changes(round)
        yield from self.judges(round)
        yield from self.watched(round["looks"])
        yield self.recusals(round["recusals"])
        yield from self.further(round["drawings"])
        yield from self.agreement(round)
        yield from self.missed(round["missed"])
        yield from self.cuts(round["cuts"])

    def rules(self, gate: str, plan: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """The settings that count in this gate."""
        yield _("Gate"), str(Round.Gate(gate).label)
        for name in RULES[gate]:
            if name in ("most_looks", "looks_budget", "second_look") and not plan["adaptive"]:
                continue
            if plan[name] not in (None, ""):
                yield str(round_words.LABELS[name]), round_words.value_words(name, plan[name])
        value = None if plan["cut_value"] is None else Decimal(plan["cut_value"])
        yield str(round_words.LABELS["cut_kind"]), round_words.cut_words(plan["cut_kind"], value)

    def changes(self, round: Mapping[str, Any]) -> Block:
        """What was changed after the freeze."""
        if not round["changes"]:
            return Block("text", _("Nothing was changed after the round was opened."))
        rows = []
        for row in round["changes"]:
            words = round_words.change_words(row["what"], row["before"], row["after"])
            why = () if self.public else (row["reason"],)
            rows.append((*words, *why, self.by(row)))
        why = () if self.public else (_("Reason"),)
        return Block(
            "table",
            _("Changed after the round was opened"),
            (_("What"), _("What it was"), _("What it became"), *why, _("By, and when")),
            tuple(rows),
        )

    def judges(self, round: Mapping[str, Any]) -> Iterable[Block]:
        """Loads, what was played, severity."""
        rows = round["judges"]
        if not rows:
            return
        whole = sum(row["looks"] for row in rows)
        known = [row for row in rows if row["severity"] is not None]
        drawn = plots.spans(
            [float(row["severity"]) for row in known], [float(row["se"]) for row in known], 0.0
        )
        spans = dict(zip((row["judge"] for row in known), drawn, strict=True))
        head = (_("Judge"), _("Looks"), _("Share"), _("Length of the films"), _("Played"))
        yield Block(
            "table",
            _("Judges: what each has seen, how much of it was really played, and how strict each was")
            if known
            else _("Judges: what each has seen, and how much of it was really played"),
            (*head, *((_("Severity"), _("Agrees with the others")) if known else ())),
            tuple(
                (
                    self.judge(row["judge"]),
                    str(row["looks"]),
                    per_cent(row["looks"] / whole) if whole else "–",
                    spoken_time(row["seconds"]),
                    per_cent(row["played"] / row["seconds"]) if row["seconds"] else "–",
                    *((_severity(row), _decimals(row["agreement"])) if known else ()),
                )
                for row in rows
            ),
            1,
            _("Interval") if known else "",
            tuple(spans.get(row["judge"]) for row in rows) if known else (),
        )
        if not known:
            return
        yield Block(
            "text",
            joined(
                _(
                    "Severity: points of the scale that a judge gives more (+) or less (−) than the others to the "
                    "same films, with the interval that holds it with nine chances in ten."
                ),
                _("It decided nothing: the published rule counts every mark as it was given.")
                if round["standings"][-1]["decides"] == Round.Decides.OFFICIAL
                else _("The standing that decided takes it into account."),
            ),
        )

    def watched(self, looks: Mapping[str, Any]) -> Iterable[Block]:
        """How much of the films was really played."""
        total = looks["finished"]
        if not total:
            return
        low = ngettext(
            "%(total)d look in all; in %(low)d of them less than half of the film was played.",
            "%(total)d looks in all; in %(low)d of them less than half of the film was played.",
            total,
        ) % {"total": total, "low": looks["low"]}
        films = ngettext(
            "%(count)d film was judged though nobody had played half of it.",
            "%(count)d films were judged though nobody had played half of them.",
            looks["films_low"],
        ) % {"count": looks["films_low"]}
        said = ngettext(
            "In %(count)d look the judge said herself what she had seen, without a player that counts.",
            "In %(count)d looks the judge said herself what she had seen, without a player that counts.",
            looks["declared"],
        ) % {"count": looks["declared"]}
        yield Block(
            "text", joined(low, films if looks["films_low"] else "", said if looks["declared"] else "")
        )
        step = 100 // len(looks["tenths"])
        most = max(looks["tenths"])
        yield Block(
            "bars",
            _("Looks by the share of the film that was played: how many, and from which per cent on"),
            bars=tuple(
                (str(number * step), str(count), count / most) for number, count in enumerate(looks["tenths"])
            ),
        )
        yield Block(
            "table",
            _("Films by how many looks they had"),
            (_("Looks"), _("Films")),
            tuple((str(number), str(films)) for number, films in looks["films_by_looks"]),
            1,
        )

    def recusals(self, counts: Mapping[str, int]) -> Block:
        """Who stood aside, and what was taken from judges."""
        own, taken = counts.get("own", 0), sum(n for key, n in counts.items() if key != "own")
        if not own and not taken:
            return Block("text", _("No judge stood aside from a film, and no film was taken from a judge."))
        text = ngettext(
            "Judges stood aside from %(own)d look by themselves.",
            "Judges stood aside from %(own)d looks by themselves.",
            own,
        ) % {"own": own}
        if not taken:
            return Block("text", text)
        more = ngettext(
            "%(taken)d was taken from them: a judge too near to the film, or no longer on the jury.",
            "%(taken)d were taken from them: a judge too near to the film, or no longer on the jury.",
            taken,
        ) % {"taken": taken}
        return Block("text", joined(text, more))

    def further(self, drawings: Sequence[Mapping[str, Any]]) -> Iterable[Block]:
        """Drawings of looks after the first one, by purpose."""
        rows = []
        for purpose in Allocation.Purpose:
            mine = [row for row in drawings if row["purpose"] == purpose]
            if mine:
                looks = sum(row["looks"] for row in mine)
                rows.append((str(purpose.label), str(len(mine)), str(looks)))
        if rows:
            yield Block(
                "table",
                _("Looks that were handed out"),
                (_("For what"), _("Drawings"), _("Looks")),
                tuple(rows),
                1,
            )

    def agreement(self, round: Mapping[str, Any]) -> Iterable[Block]:
        """How far the judges agree."""
        found = round["agreement"] or {}
        if "ballots" in found:
            text = ngettext(
                "%(count)d ballot was counted.", "%(count)d ballots were counted.", found["ballots"]
            )
            yield Block("text", text % {"count": found["ballots"]})
        if found.get("pairs"):
            text = ngettext(
                "Of %(pairs)d pair of judges who saw the same film, %(share)s said the same of it.",
                "Of %(pairs)d pairs of judges who saw the same film, %(share)s said the same of it.",
                found["pairs"],
            )
            yield Block(
                "text", text % {"pairs": found["pairs"], "share": per_cent(found["same"] / found["pairs"])}
            )
        if "panel" not in found:
            return
        panel = found["panel"]
        alpha, error = panel["alpha"], found["alpha_error"]
        said = _("How dependable the order is, from 0 to 1: %(relative)s.") % {
            "relative": _decimals(panel["relative"])
        }
        if alpha is not None:
            said = joined(
                said, _("Agreement (Krippendorff’s alpha): %(alpha)s.") % {"alpha": _around(alpha, error)}
            )
        _film, judge, _noise = found["variances"]
        said = joined(
            said,
            _("The judges’ severities differ by %(spread)s points (standard deviation).")
            % {"spread": f"{Decimal(judge).sqrt():.2f}"},
            ""
            if found["settled"]
            else _(
                "There are too few scores to tell films, judges and chance apart; usual proportions were taken."
            ),
        )
        yield Block("text", said)

    def missed(self, missed: Mapping[str, Any] | None) -> Iterable[Block]:
        """What the second look below the line says of the films that were let go."""
        if missed:
            yield Block(
                "text",
                _(
                    "%(sample)d of the %(below)d films below the line were drawn and seen once more. By them "
                    "%(estimate)s films below it are expected to belong above, between %(low)s and %(high)s."
                )
                % {
                    **{name: missed[name] for name in ("sample", "below")},
                    **{name: f"{Decimal(missed[name]):.1f}" for name in ("estimate", "low", "high")},
                },
            )

    def cuts(self, cuts: Sequence[Mapping[str, Any]]) -> Iterable[Block]:
        """Who went on by which rule, how ties were settled, and what was moved by hand."""
        for cut in cuts:
            if not cut["in_force"]:
                continue
            value = None if cut["value"] is None else Decimal(cut["value"])
            counts = cut["films"]
            through = sum(n for reason, n in counts.items() if reason not in ("removed_by_chair", "tie_lost"))
            text = ngettext("%(count)d film went on.", "%(count)d films went on.", through) % {
                "count": through
            }
            tied = counts.get("tie", 0)
            together = ngettext(
                "%(count)d of them is tied at the line, which nobody has settled.",
                "%(count)d of them are tied at the line, which nobody has settled.",
                tied,
            ) % {"count": tied}
            yield Block(
                "text",
                joined(
                    _("Who went on: %(rule)s.") % {"rule": round_words.cut_words(cut["kind"], value)},
                    text,
                    together if tied else "",
                    self.moved(counts),
                ),
            )
            if cut["tie"]:
                yield Block("text", self.tie(cut["tie"]))
            if cut.get("moved"):
                yield Block(
                    "table",
                    _("Moved over the line by hand"),
                    (_("Film"), _("What"), _("Reason"), _("By, and when")),
                    tuple(
                        (
                            row["film"],
                            str(MOVES[row["reason"]]),
                            row["why"],
                            self.by(row),
                        )
                        for row in cut["moved"]
                    ),
                )

    def moved(self, counts: Mapping[str, int]) -> str:
        """How many films the chair moved, and how many came by a wild card."""
        wild = counts.get("wild_card", 0)
        text = ngettext(
            "The organiser let %(count)d film go on by a wild card, with a reason.",
            "The organiser let %(count)d films go on by wild cards, each with a reason.",
            wild,
        )
        return joined(self.moved_by_chair(counts), text % {"count": wild} if wild else "")

    def moved_by_chair(self, counts: Mapping[str, int]) -> str:
        """How many films the chair moved."""
        added, out = counts.get("added_by_chair", 0), counts.get("removed_by_chair", 0)
        if not added and not out:
            return _("The chair moved none over the line.")
        return _("The chair added %(added)d and took out %(out)d, each with a reason.") % {
            "added": added,
            "out": out,
        }

    def tie(self, tie: Mapping[str, Any]) -> str:
        """What told tied films apart."""
        labels = {
            ties.BALLOT: _("a ballot of the jury"),
            ties.HEAD_TO_HEAD: _("the judges who saw both"),
            ties.CRITERION: _("the named criterion"),
            ties.SHARED: _("nothing: they share the place"),
            ties.LOT: _("a lot"),
        }
        text = ngettext(
            "%(films)d film was tied at the line; places left: %(places)d.",
            "%(films)d films were tied at the line; places left: %(places)d.",
            tie["films"],
        ) % {"films": tie["films"], "places": tie["places"]}
        counts = tie["by_what"]
        by = "; ".join(f"{label} ({counts[key]})" for key, label in labels.items() if key in counts)
        why = tie.get("why")
        return joined(
            text,
            _("What told each from the next: %(by)s.") % {"by": by} if by else "",
            _("A step before was left out: %(why)s") % {"why": why} if why else "",
        )

    def awards(self) -> Iterable[Block]:
        """The rules and the steps of the award list."""
        awards = self.document["awards"]
        if awards is None:
            return
        yield Block("heading", _("Awards"))
        for sentence in awards["rules"][short_language()]:
            yield Block("text", sentence)
        head = (_("Step"), _("Version"), _("By"), _("When"), *(() if self.public else (_("Reason"),)))
        yield Block(
            "table",
            _("Steps of the award list"),
            head,
            tuple(
                (
                    str(AwardStep.Kind(step["kind"]).label),
                    str(step["version"]),
                    self.who(step["by"]),
                    self.moment(step["at"]),
                    *(() if self.public else (say(step["reason"]),)),
                )
                for step in awards["steps"]
            ),
        )


def _decimals(text: str | None) -> str:
    return "–" if text is None else f"{Decimal(text):.2f}"


def _around(middle: str, error: str | None) -> str:
    """A figure with the interval of nine chances in ten."""
    return _decimals(middle) + (f" ± {Decimal(error) * NINE_IN_TEN:.2f}" if error is not None else "")


def _severity(row: Mapping[str, Any]) -> str:
    if row["severity"] is None:
        return "–"
    return f"{signed(Decimal(row['severity']))} ± {Decimal(row['se']) * NINE_IN_TEN:.2f}"
