"""The fairness report as figures: what follows from an export of results, and from nothing else.

Judges and members of the team are numbered, in an order drawn by lot from a seed that the report does not give. The
words around the figures are made when somebody reads it (judging.fairness.words).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from judging.logic import adjusted, agreement, gates, standing, ties
from judging.logic.canonical import digest, lot

FORMAT, VERSION = "firstlight-fairness", 1
SECRET = frozenset(  # what everybody's report has no words for: they name films, may name people, or can be guessed
    (
        "reason",
        "why",
        "moved",
        "inputs_digest",
        "result_digest",
        "problem_digest",
        "standing_digest",
        "digest",
    )
)
BINS = 10  # of the share of a film that was played
LOW = 50  # per cent: less of the film was played
SCORED, RECUSED = "scored", "recused"

Results = Mapping[str, Any]


def report_of(results: Results) -> dict[str, Any]:
    """The whole report. `results`: an export without its report."""
    rounds = results["rounds"]
    judges, team = _numbers(results)
    who = Who(team, results["team"])
    return {
        "format": FORMAT,
        "version": VERSION,
        "public": False,
        "edition": results["edition"],
        "made": results["made"],
        "results_digest": digest(results),
        "rounds": [_round(round, judges, who) for round in rounds],
        "votes": [
            {
                "slot": vote["slot"],
                "kind": vote["inputs"]["kind"],
                "inputs_digest": digest(vote["inputs"]),
                "result_digest": vote["result_digest"],
            }
            for vote in results["votes"]
        ],
        "awards": _awards(results["awards"], who),
    }


def people_of(results: Results) -> dict[str, dict[str, int]]:
    """Which account stands behind which number: {"judges": {number: account}, "team": …}. Not part of the report."""
    judges, team = _numbers(results)
    return {
        name: {str(number): int(account) for account, number in found.items()}
        for name, found in (("judges", judges), ("team", team))
    }


def public_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may read of a report: figures, rules and dates, without reasons in free words, codes of films, and
    digests of small inputs, from which a ballot could be guessed. The digest of the results stands for all of these.
    """
    return {**_without(report, SECRET), "public": True, "report_digest": digest(report)}


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _without(one, names) for name, one in value.items() if name not in names}
    return [_without(one, names) for one in value] if isinstance(value, list | tuple) else value


class Who:
    """Who did something: a number, and the roles of the account; None is the clock."""

    def __init__(self, numbers: Mapping[str, int], roles: Mapping[str, list[str]]) -> None:
        self.numbers, self.roles = numbers, roles

    def __call__(self, account: int | None) -> dict[str, Any] | None:
        """As the report shows it."""
        if account is None:
            return None
        return {"number": self.numbers[str(account)], "roles": list(self.roles.get(str(account), ()))}


def _numbers(results: Results) -> tuple[dict[str, int], dict[str, int]]:
    """By account the numbers of judges, and of whoever acted for the team."""
    rounds = results["rounds"]
    seed = rounds[0]["seed"] if rounds else 0
    judged = (str(look[1]) for round in rounds for look in round["looks"])
    return _numbered(seed, "judge", judged), _numbered(seed, "team", _who_acted(results))


def _numbered(seed: int, kind: str, accounts: Iterable[str]) -> dict[str, int]:
    drawn = sorted(set(accounts), key=lambda account: (lot(seed, "report", kind, account), account))
    return {account: number for number, account in enumerate(drawn, 1)}


def _who_acted(results: Results) -> Iterable[str]:
    for round in results["rounds"]:
        for row in (*round["changes"], *round["cuts"]):
            yield str(row["by"])
        for cut in round["cuts"]:
            yield from (str(row["by"]) for row in cut["rows"] if row["by"] is not None)
            if cut["tie"]:
                yield str(cut["tie"]["by"])
    if results["awards"]:
        yield from (str(step["by"]) for step in results["awards"]["steps"] if step["by"] is not None)


def frozen_plan(round: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]], bool]:
    """Settings and criteria as they were when the round opened: its changes taken back, the last one first.

    The third is whether each change fits what came after it: what it left is what was there then.
    """
    settings = dict(round["settings"])
    criteria = {
        row["criterion"]: {k: v for k, v in row.items() if k != "criterion"} for row in round["criteria"]
    }
    panels = dict(round["panels"])
    fits = True
    for change in reversed(round["changes"]):
        kind, _colon, key = change["what"].partition(":")
        if kind == "reopened":
            continue
        there = {"criterion": criteria, "panel": panels}.get(kind, settings)
        key = key or kind
        fits = fits and there.get(key) == change["after"]
        if change["before"] is None and kind in ("criterion", "panel"):
            there.pop(key, None)
        else:
            there[key] = change["before"]
    return settings, [{"criterion": key, **row} for key, row in criteria.items()], fits


def _round(round: Mapping[str, Any], judges: Mapping[str, int], who: Who) -> dict[str, Any]:
    settings, criteria, _fits = frozen_plan(round)
    kept = next((row for row in round["standings"] if row["in_force"]), None)
    return {
        **{name: round[name] for name in ("round", "state", "gate", "opened_at", "closed_at", "films")},
        "plan": settings,
        "criteria": [{name: row[name] for name in ("criterion", "name", "weight")} for row in criteria],
        "changes": [_change(change, who) for change in round["changes"]],
        "judges": _judges(round, kept, judges),
        "looks": _looks(round),
        "recusals": dict(
            sorted(Counter(row[3] or "own" for row in round["looks"] if row[2] == RECUSED).items())
        ),
        "drawings": [
            {
                "purpose": row["purpose"],
                "films": len(row["choice"].get("films", ())),
                "looks": row["looks_made"],
                **_digests(row),
            }
            for row in round["allocations"]
        ],
        "standings": [
            {
                "number": row["number"],
                "in_force": row["in_force"],
                "decides": row["decides"],
                **_digests(row),
                "adjusted": row["adjusted"]
                and {name: row["adjusted"][name] for name in ("method", "method_version", "digest")},
            }
            for row in round["standings"]
        ],
        "agreement": _agreement(kept) if kept else None,
        "missed": kept["figures"].get("missed") if kept else None,
        "cuts": [_cut(cut, who) for cut in round["cuts"]],
    }


def _change(change: Mapping[str, Any], who: Who) -> dict[str, Any]:
    """A change of the plan; of a panel's judges their number alone."""
    sides = {
        side: {**kept, "judges": len(kept["judges"])}
        if change["what"].startswith("panel:") and kept
        else kept
        for side, kept in ((side, change[side]) for side in ("before", "after"))
    }
    return {**change, **sides, "by": who(change["by"])}


def _digests(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("method", "method_version", "inputs_digest", "result_digest")}


def _judges(
    round: Mapping[str, Any], kept: Mapping[str, Any] | None, judges: Mapping[str, int]
) -> list[dict[str, Any]]:
    """By number: finished looks, running time of these films, what was played of it, and how strict she was."""
    figures = {row["judge"]: row for row in kept["figures"].get("judges", ())} if kept else {}
    found: dict[str, dict[str, Any]] = {}
    for _film, judge, state, taken, seconds, watched, _said, _at in round["looks"]:
        row = found.setdefault(
            str(judge), {"looks": 0, "seconds": 0, "played": 0, "waiting": 0, "recused": 0, "taken": 0}
        )
        if state == SCORED:
            row["looks"] += 1
            row["seconds"] += seconds
            row["played"] += min(watched, seconds)
        elif state == RECUSED:
            row["taken" if taken else "recused"] += 1
        else:
            row["waiting"] += 1
    for judge, row in found.items():
        model = figures.get(judge, {})
        row |= {"judge": judges[judge], **{key: model.get(key) for key in ("severity", "se", "agreement")}}
    return sorted(found.values(), key=lambda row: row["judge"])


def _looks(round: Mapping[str, Any]) -> dict[str, Any]:
    """How much of the films was played: finished looks by tenths, and films of which nobody played half."""
    bins = [0] * BINS
    low = said = 0
    most: dict[str, int] = {}
    looks: Counter[str] = Counter()
    for film, _judge, state, _taken, seconds, watched, declared, _at in round["looks"]:
        if state != SCORED:
            continue
        looks[film] += 1
        share = min(100, 100 * watched // seconds) if seconds else 100
        bins[min(share * BINS // 100, BINS - 1)] += 1
        low += share < LOW
        said += declared
        most[film] = max(most.get(film, 0), share)
    each = Counter(looks.values())
    return {
        "finished": sum(bins),
        "tenths": bins,
        "low": low,
        "declared": said,
        "films_low": sum(share < LOW for share in most.values()),
        "films_by_looks": [[number, each[number]] for number in sorted(each)],
    }


def _agreement(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of scores: what the models say of the jury, and alpha with its standard error. Of answers: how often two judges
    of a film said the same.
    """
    inputs = kept["inputs"]
    if inputs["method"] in standing.METHODS:
        if not kept["figures"]:
            return {}
        scores = adjusted.scores_of(inputs)
        error = agreement.alpha_error(scores)
        return {
            "panel": kept["figures"]["panel"],
            "alpha_error": None if error is None else str(adjusted.rounded(error)),
            "variances": kept["figures"]["variances"],
            "settled": kept["figures"]["settled"],
        }
    if inputs["method"] == gates.BALLOT:
        return {"ballots": len(inputs["ballots"])}
    said: dict[str, Counter[str]] = {}
    for film, _judge, answer in inputs["answers"]:
        said.setdefault(film, Counter())[answer] += 1
    pairs = sum(n * (n - 1) // 2 for n in (sum(row.values()) for row in said.values()))
    same = sum(n * (n - 1) // 2 for row in said.values() for n in row.values())
    return {"pairs": pairs, "same": same}


def _cut(cut: Mapping[str, Any], who: Who) -> dict[str, Any]:
    tie = cut["tie"]
    reasons = Counter(row["reason"] for row in cut["rows"])
    return {
        **{
            name: cut[name]
            for name in ("standing", "standing_digest", "kind", "value", "decided_by", "made_at")
        },
        "in_force": cut["set_aside_at"] is None,
        "by": who(cut["by"]),
        "films": dict(sorted(reasons.items())),
        "moved": [
            {
                "film": row["film"],
                "reason": row["reason"],
                "why": row["why"],
                "by": who(row["by"]),
                "at": row["at"],
            }
            for row in cut["rows"]
            if row["by"] is not None
        ],
        "tie": tie
        and {
            "films": len(tie["inputs"]["films"]),
            "places": tie["places"],
            "by_what": dict(sorted(Counter(ties.compute(tie["inputs"]).by).items())),
            "open_step": tie["open_step"],
            "why": tie["why"],
            "by": who(tie["by"]),
            **_digests(tie),
        },
    }


def _awards(awards: Mapping[str, Any] | None, who: Who) -> dict[str, Any] | None:
    if awards is None:
        return None
    names = ("number", "method", "method_version", "problem_digest", "result_digest")
    return {
        "rules": awards["rules"],
        "versions": [{name: row[name] for name in names} for row in awards["versions"]],
        "steps": [{**step, "by": who(step["by"])} for step in awards["steps"]],
    }
